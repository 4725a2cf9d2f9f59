// One peer's bare token pass over a file of EDIFACT: segments, elements and components are found and counted, nothing is kept.
// Prints megabytes a second of processor time, the best of three rounds, and what was found.
//
//   node edifact.mjs edifact|ts-edifact FILE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [peer, file] = process.argv.slice(2);
const CHUNK = 1 << 16;

function edifact(found) {
	const Parser = require("edifact/parser.js");
	const parser = new Parser();

	parser.encoding("UNOC");
	parser.onopensegment = () => found.segments++;
	parser.onelement = () => found.elements++;
	parser.oncomponent = () => found.components++;
	parser.onclosesegment = () => {};
	return parser;
}

function tsEdifact(found) {
	const { Parser } = require("ts-edifact/lib/parser.js");
	const { Configuration } = require("ts-edifact/lib/configuration.js");
	const { NullValidator } = require("ts-edifact/lib/validator.js");
	const parser = new Parser(new Configuration({ charset: "UNOC", validator: new NullValidator() }));

	parser.onOpenSegment = () => found.segments++;
	parser.onElement = () => found.elements++;
	parser.onComponent = () => found.components++;
	parser.onCloseSegment = () => {};
	return parser;
}

const text = readFileSync(file, "latin1");
const make = { edifact, "ts-edifact": tsEdifact }[peer];
let best = 0;
let found;

for (let round = 0; round < 3; round++) {
	found = { segments: 0, elements: 0, components: 0 };
	const before = process.cpuUsage();
	const parser = make(found);

	// Whole lines: one of the two stumbles over a release sign at the end of a piece.
	for (let at = 0, to; at < text.length; at = to) {
		to = text.length - at > CHUNK ? text.lastIndexOf("\n", at + CHUNK) + 1 : text.length;
		parser.write(text.slice(at, to));
	}
	parser.end();
	const used = process.cpuUsage(before);
	best = Math.max(best, text.length / (used.user + used.system));
}
console.log(JSON.stringify({ peer, rate: best, ...found }));
