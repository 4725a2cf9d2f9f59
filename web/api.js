// Draws /api/v1/openapi.json. Everything that comes from the document is set as text, never as markup.
"use strict";

function element(name, text, ...children) {
	const e = document.createElement(name);
	if (text)
		e.textContent = text;
	e.append(...children);
	return e;
}

// "#/components/schemas/Answer" in the document.
function resolve(doc, value) {
	let at = value;
	while (at && at.$ref)
		at = at.$ref.slice(2).split("/").reduce((o, key) => o && o[key], doc);
	return at || {};
}

function schemaName(schema) {
	if (!schema)
		return "";
	if (schema.$ref)
		return schema.$ref.split("/").pop();
	if (schema.type === "array")
		return "list of " + schemaName(schema.items);
	if (schema.allOf)
		return schema.allOf.map(schemaName).filter(Boolean).join(" and ");
	return schema.enum ? schema.enum.join(" | ") : schema.type || "";
}

function schemaLink(schema) {
	const name = schemaName(schema);
	const inner = schema && schema.type === "array" ? schema.items : schema;
	if (!inner || !inner.$ref)
		return element("span", name);
	const a = element("a", name);
	a.href = "#schema-" + inner.$ref.split("/").pop();
	return a;
}

// Wide tables scroll inside a region that the keyboard reaches.
function table(caption, head, rows) {
	const body = element("tbody");
	for (const row of rows)
		body.append(element("tr", "", ...row.map((cell, i) => {
			const e = element(i ? "td" : "th", "", cell);
			if (!i)
				e.scope = "row";
			return e;
		})));
	const titles = head.map(text => {
		const e = element("th", text);
		e.scope = "col";
		return e;
	});
	const region = element("div", "", element("table", "", element("caption", caption),
		element("thead", "", element("tr", "", ...titles)), body));
	region.className = "scroll";
	region.tabIndex = 0;
	region.setAttribute("role", "region");
	region.setAttribute("aria-label", caption);
	return region;
}

function contents(content) {
	const cell = element("span");
	for (const [type, media] of Object.entries(content || {}))
		cell.append(element("code", type), " ", schemaLink(media.schema), " ");
	return cell;
}

function operation(doc, path, method, op) {
	const box = element("details");
	const title = element("summary", "", element("b", method.toUpperCase()), " ", element("code", path), " ", element("span", op.summary));
	box.id = "operation-" + op.operationId;
	box.append(title);
	if (op.description)
		box.append(element("p", op.description));
	const parameters = (op.parameters || []).map(p => resolve(doc, p));
	if (parameters.length)
		box.append(table("Parameters", ["Name", "Where", "What"], parameters.map(p =>
			[element("code", p.name), p.in + (p.required ? ", required" : ""), p.description || schemaName(p.schema)])));
	if (op.requestBody)
		box.append(table("Body", ["What", "Content"], [[op.requestBody.description || "", contents(op.requestBody.content)]]));
	box.append(table("Answers", ["Status", "What", "Content"], Object.entries(op.responses).map(([status, response]) => {
		const r = resolve(doc, response);
		return [status, r.description || "", contents(r.content)];
	})));
	return box;
}

function drawOperations(doc) {
	const to = document.getElementById("operations");
	for (const tag of doc.tags) {
		to.append(element("h3", tag.name), element("p", tag.description));
		for (const [path, methods] of Object.entries(doc.paths))
			for (const [method, op] of Object.entries(methods))
				if (op.tags.includes(tag.name))
					to.append(operation(doc, path, method, op));
	}
}

function drawProblems(doc) {
	const to = document.getElementById("problem-list");
	for (const problem of doc["x-problems"]) {
		const name = element("dt", "", element("code", problem.id), " ", String(problem.status), " ", problem.title);
		name.id = "problem-" + problem.id;
		to.append(name, element("dd", problem.help));
	}
}

function drawSchemas(doc) {
	const to = document.getElementById("schema-list");
	for (const [name, schema] of Object.entries(doc.components.schemas)) {
		const box = element("details", "", element("summary", "", element("code", name), " ", schema.description || ""));
		box.id = "schema-" + name;
		const members = Object.entries(schema.properties || {});
		if (members.length)
			box.append(table(name, ["Member", "Type", "What"], members.map(([member, s]) =>
				[element("code", member), schemaLink(s), s.description || (s.maxLength ? "at most " + s.maxLength + " characters" : "")])));
		else
			box.append(element("p", "", element("code", schema.pattern || schema.type || "")));
		to.append(box);
	}
}

// A link to something folded opens it.
function openTarget() {
	const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (!target)
		return;
	if (target.tagName === "DETAILS")
		target.open = true;
	target.scrollIntoView();
}

async function draw() {
	const state = document.getElementById("state");
	state.textContent = "Loading …";
	try {
		const doc = await (await fetch("/api/v1/openapi.json")).json();
		document.getElementById("description").prepend(doc.info.description + " ");
		drawOperations(doc);
		drawProblems(doc);
		drawSchemas(doc);
		state.textContent = "";
		openTarget();
	} catch (error) {
		state.textContent = "The document could not be read: " + error.message;
	}
}

window.addEventListener("hashchange", openTarget);
draw();
