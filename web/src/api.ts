/* Draws /api/v1/openapi.json. Everything that comes from the document is set as text, never as markup. */

interface Schema { $ref?: string; type?: string; items?: Schema; allOf?: Schema[]; enum?: string[]; description?: string; pattern?: string; maxLength?: number; properties?: Record<string, Schema> }
type Content = Record<string, { schema?: Schema }>;
interface Parameter { $ref?: string; name: string; in: string; required?: boolean; description?: string; schema?: Schema }
interface Response { $ref?: string; description?: string; content?: Content }
interface Operation { operationId: string; summary: string; description?: string; tags: string[]; parameters?: Parameter[]; requestBody?: { description?: string; content?: Content }; responses: Record<string, Response> }
interface Problem { id: string; status: number; title: string; help: string }
interface Document {
	info: { description: string };
	tags: { name: string; description: string }[];
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Schema> };
	'x-problems': Problem[];
}

type Child = Node | string;

function element<K extends keyof HTMLElementTagNameMap>(name: K, text = '', ...children: Child[]): HTMLElementTagNameMap[K] {
	const e = document.createElement(name);
	if (text)
		e.textContent = text;
	e.append(...children);
	return e;
}

// "#/components/schemas/Answer" in the document.
function resolve<T extends { $ref?: string }>(doc: Document, value: T): T {
	if (!value.$ref)
		return value;
	let at: unknown = doc;
	for (const key of value.$ref.slice(2).split('/'))
		at = (at as Record<string, unknown> | undefined)?.[key];
	return (at ?? {}) as T;
}

function schemaName(schema?: Schema): string {
	if (!schema)
		return '';
	if (schema.$ref)
		return schema.$ref.split('/').pop() ?? '';
	if (schema.type === 'array')
		return 'list of ' + schemaName(schema.items);
	if (schema.allOf)
		return schema.allOf.map(schemaName).filter(Boolean).join(' and ');
	return schema.enum ? schema.enum.join(' | ') : schema.type ?? '';
}

function schemaLink(schema?: Schema): HTMLElement {
	const inner = schema?.type === 'array' ? schema.items : schema;
	if (!inner?.$ref)
		return element('span', schemaName(schema));
	const a = element('a', schemaName(schema));
	a.className = 'govuk-link';
	a.href = '#schema-' + schemaName(inner);
	return a;
}

function cell(kind: 'th' | 'td', scope: string, content: Child): HTMLElement {
	const e = element(kind, '', content);
	e.className = kind === 'th' ? 'govuk-table__header' : 'govuk-table__cell';
	if (scope)
		e.setAttribute('scope', scope);
	return e;
}

function row(...cells: HTMLElement[]): HTMLElement {
	const e = element('tr', '', ...cells);
	e.className = 'govuk-table__row';
	return e;
}

// Wide tables scroll inside a region that the keyboard reaches.
function table(caption: string, head: string[], rows: Child[][]): HTMLElement {
	const title = element('caption', caption);
	title.className = 'govuk-table__caption govuk-table__caption--s';
	const whole = element('table', '', title, element('thead', '', row(...head.map((text) => cell('th', 'col', text)))),
		element('tbody', '', ...rows.map((r) => row(...r.map((c, i) => cell(i ? 'td' : 'th', i ? '' : 'row', c))))));
	whole.className = 'govuk-table';
	const region = element('div', '', whole);
	region.className = 'scroll';
	region.tabIndex = 0;
	region.setAttribute('role', 'region');
	region.setAttribute('aria-label', caption);
	return region;
}

function paragraph(text: string): HTMLElement {
	const e = element('p', text);
	e.className = 'govuk-body';
	return e;
}

function contents(content?: Content): HTMLElement {
	const e = element('span');
	for (const [type, media] of Object.entries(content ?? {}))
		e.append(element('code', type), ' ', schemaLink(media.schema), ' ');
	return e;
}

function folded(id: string, summary: HTMLElement): HTMLDetailsElement {
	const e = element('details', '', summary);
	e.className = 'route';
	e.id = id;
	return e;
}

function operation(doc: Document, path: string, method: string, op: Operation): HTMLElement {
	const box = folded('operation-' + op.operationId,
		element('summary', '', element('b', method.toUpperCase()), ' ', element('code', path), ' ', element('span', op.summary)));
	if (op.description)
		box.append(paragraph(op.description));
	const parameters = (op.parameters ?? []).map((p) => resolve(doc, p));
	if (parameters.length)
		box.append(table('Parameters', ['Name', 'Where', 'What'], parameters.map((p) =>
			[element('code', p.name), p.in + (p.required ? ', required' : ''), p.description ?? schemaName(p.schema)])));
	if (op.requestBody)
		box.append(table('Body', ['What', 'Content'], [[op.requestBody.description ?? '', contents(op.requestBody.content)]]));
	box.append(table('Answers', ['Status', 'What', 'Content'], Object.entries(op.responses).map(([status, response]) => {
		const r = resolve(doc, response);
		return [status, r.description ?? '', contents(r.content)];
	})));
	return box;
}

function drawOperations(doc: Document, to: HTMLElement): void {
	for (const tag of doc.tags) {
		const title = element('h3', tag.name);
		title.className = 'govuk-heading-s';
		to.append(title, paragraph(tag.description));
		for (const [path, methods] of Object.entries(doc.paths))
			for (const [method, op] of Object.entries(methods))
				if (op.tags?.includes(tag.name))
					to.append(operation(doc, path, method, op));
	}
}

function drawProblems(doc: Document, to: HTMLElement): void {
	for (const problem of doc['x-problems']) {
		const name = element('dt', '', element('code', problem.id), ' ', String(problem.status), ' ', problem.title);
		name.id = 'problem-' + problem.id;
		to.append(name, element('dd', problem.help));
	}
}

function drawSchemas(doc: Document, to: HTMLElement): void {
	for (const [name, schema] of Object.entries(doc.components.schemas)) {
		const box = folded('schema-' + name, element('summary', '', element('code', name), ' ', schema.description ?? ''));
		const members = Object.entries(schema.properties ?? {});
		if (members.length)
			box.append(table(name, ['Member', 'Type', 'What'], members.map(([member, s]) =>
				[element('code', member), schemaLink(s), s.description ?? (s.maxLength ? `at most ${s.maxLength} characters` : '')])));
		else
			box.append(element('p', '', element('code', schema.pattern ?? schema.type ?? '')));
		to.append(box);
	}
}

// A link to something folded opens it.
function openTarget(): void {
	const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (target instanceof HTMLDetailsElement)
		target.open = true;
	target?.scrollIntoView();
}

function place(id: string): HTMLElement {
	const e = document.getElementById(id);
	if (!e)
		throw new Error('the page has no place ' + id);
	return e;
}

async function draw(): Promise<void> {
	const state = place('state');
	try {
		const doc = (await (await fetch('/api/v1/openapi.json')).json()) as Document;
		drawOperations(doc, place('operations'));
		drawProblems(doc, place('problem-list'));
		drawSchemas(doc, place('schema-list'));
		state.hidden = true;
		openTarget();
	} catch (error) {
		state.textContent = 'The document could not be read: ' + (error instanceof Error ? error.message : String(error));
	}
}

addEventListener('hashchange', openTarget);
void draw();

export {};
