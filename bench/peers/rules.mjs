// The rules of bench/rules.sh in an npm engine: rules.mjs zen|json-rules FOLDER COUNT. Reads rules.json and records.csv, writes
// ENGINE.hits, prints declarations a second of processor time.
import fs from 'node:fs';

const [engine, folder, count] = process.argv.slice(2);
const rules = JSON.parse(fs.readFileSync(`${folder}/rules.json`, 'utf8'));
const records = fs.readFileSync(`${folder}/records.csv`, 'utf8').trim().split('\n').slice(0, Number(count)).map((line) => {
	const [code, origin, from, office, importer, mass, value] = line.split(',');
	return { code, origin, from, office, importer, mass: Number(mass), value: Number(value) };
});

async function zen() {
	const { ZenEngine } = await import('@gorules/zen-engine');
	const fields = ['code', 'origin', 'from', 'office', 'importer', 'mass', 'value'];
	const cells = (r) => ({
		code: r.prefix ? `startsWith($, "${r.prefix}")` : '',
		origin: r.not_origin ? `$ != "${r.not_origin}"` : r.origins ? `$ in ["${r.origins.join('", "')}"]` : '',
		from: r.from ? `"${r.from}"` : '',
		office: r.office ? `"${r.office}"` : '',
		importer: r.importer ? `"${r.importer}"` : '',
		mass: r.mass_above ? `> ${r.mass_above}` : '',
		value: r.value_below ? `< ${r.value_below}` : r.value_from ? `>= ${r.value_from}` : '',
		id: String(r.id),
		_id: `r${r.id}`,
	});
	const content = {
		nodes: [
			{ id: 'in', type: 'inputNode', name: 'in' },
			{
				id: 'table', type: 'decisionTableNode', name: 'table',
				content: {
					hitPolicy: 'collect',
					inputs: fields.map((f) => ({ id: f, name: f, field: f })),
					outputs: [{ id: 'id', name: 'id', field: 'id' }],
					rules: rules.map(cells),
				},
			},
			{ id: 'out', type: 'outputNode', name: 'out' },
		],
		edges: [
			{ id: 'a', sourceId: 'in', targetId: 'table', type: 'edge' },
			{ id: 'b', sourceId: 'table', targetId: 'out', type: 'edge' },
		],
	};
	const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify(content)));
	return async (r) => {
		const { result } = await decision.evaluate(r);
		return (Array.isArray(result) ? result : []).map((x) => x.id);
	};
}

async function jsonRules() {
	const { Engine } = await import('json-rules-engine');
	const e = new Engine();
	e.addOperator('startsWith', (fact, value) => fact.startsWith(value));
	for (const r of rules) {
		const all = [];
		const ask = (fact, operator, value) => value !== undefined && all.push({ fact, operator, value });
		ask('code', 'startsWith', r.prefix);
		ask('from', 'equal', r.from);
		ask('office', 'equal', r.office);
		ask('importer', 'equal', r.importer);
		ask('origin', 'notEqual', r.not_origin);
		ask('origin', 'in', r.origins);
		ask('mass', 'greaterThan', r.mass_above);
		ask('value', 'lessThan', r.value_below);
		ask('value', 'greaterThanInclusive', r.value_from);
		e.addRule({ conditions: { all }, event: { type: String(r.id) } });
	}
	return async (r) => (await e.run(r)).events.map((x) => Number(x.type)).sort((a, b) => a - b);
}

const run = engine === 'zen' ? await zen() : await jsonRules();
for (const r of records.slice(0, 100)) await run(r); // warm
const hits = [];
const before = process.cpuUsage();
for (const r of records) hits.push(await run(r));
const used = process.cpuUsage(before);
fs.writeFileSync(`${folder}/${engine}.hits`, hits.map((h, i) => [i, ...h].join(' ')).join('\n') + '\n');
console.log(Math.round(records.length / ((used.user + used.system) / 1e6)));
