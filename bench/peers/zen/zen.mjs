// The calculations of bench/calculations.c in a decision table of zen-engine, one after the other: node zen.mjs DIR
// Ends with 1 when an answer is not ours; prints {"seconds": ..., "processor": ...}.
import { readFileSync } from "node:fs";
import { ZenEngine } from "@gorules/zen-engine";

const folder = process.argv[2];
const lines = (name) => readFileSync(`${folder}/${name}`, "utf8").trim().split("\n");
const rows = lines("rows.jsonl").map((line) => JSON.parse(line));
const questions = lines("questions.jsonl").map((line) => JSON.parse(line));
const answers = lines("answers").map(Number);

const table = {
	hitPolicy: "first",
	inputs: [
		{ id: "code", name: "code", field: "code" },
		{ id: "day", name: "day", field: "day" },
	],
	outputs: [{ id: "duty", name: "duty", field: "duty" }],
	rules: rows.map((row, i) => ({
		_id: String(i),
		code: JSON.stringify(row.code),
		day: `[${row.from}..${row.to}]`,
		duty: `floor((value * ${row.rate} + 500) / 1000)`,
	})),
};
const content = {
	nodes: [
		{ id: "in", name: "in", type: "inputNode", position: { x: 0, y: 0 } },
		{ id: "table", name: "table", type: "decisionTableNode", position: { x: 1, y: 0 }, content: table },
		{ id: "out", name: "out", type: "outputNode", position: { x: 2, y: 0 } },
	],
	edges: [
		{ id: "a", sourceId: "in", targetId: "table", type: "edge" },
		{ id: "b", sourceId: "table", targetId: "out", type: "edge" },
	],
};

const engine = new ZenEngine();
const decision = engine.createDecision(Buffer.from(JSON.stringify(content)));
const used = process.cpuUsage();
const began = process.hrtime.bigint();
const results = [];
for (const question of questions) results.push((await decision.evaluate(question)).result.duty);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { user, system } = process.cpuUsage(used);
results.forEach((duty, i) => {
	if (Number(duty) !== answers[i]) {
		console.error(`${JSON.stringify(questions[i])}: ${duty}, not ${answers[i]}`);
		process.exit(1);
	}
});
console.log(JSON.stringify({ seconds, processor: (user + system) / 1e6 }));
