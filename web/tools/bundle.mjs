// Puts what Vite made into one C source: a table of files by name, each as it is, gzipped and in Brotli.
//
//   node bundle.mjs DIST TO    reads DIST/*, writes TO/web_files.c and TO/web_files.bin
//
// The bytes lie in web_files.bin, which the assembler takes in; build.sh writes where.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, to] = process.argv.slice(2);
const types = { json: 'application/json', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };
const parts = [];
let at = 0;

function put(bytes) {
	const place = `{${at}, ${bytes.length}}`;
	parts.push(bytes);
	at += bytes.length;
	return place;
}

function brotli(bytes) {
	return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}

const names = readdirSync(dist).sort();
const rows = names.map((name) => {
	const bytes = readFileSync(join(dist, name));
	const type = types[name.split('.').pop()];
	if (!type)
		throw new Error(`${name}: of no type that the server knows`);
	return `\t{"${name}", "${type}",\n\t {${put(bytes)}, ${put(gzipSync(bytes, { level: 9 }))}, ${put(brotli(bytes))}}},\n`;
});
// "service-upLoZLxX.css" is what pages ask for as service.css.
const plain = names.map((name) => [name.replace(/-[^-.]{8}(?=\.)/, ''), name]);
const blob = Buffer.concat(parts);

writeFileSync(join(to, 'web_files.bin'), blob);
writeFileSync(join(to, 'web_files.c'), `/* Made by web/tools/bundle.mjs. ${createHash('sha256').update(blob).digest('hex')} */
#include "http/web.h"

__asm__(".section .rodata\\n\\t.global web_bytes\\nweb_bytes:\\n\\t.incbin \\"web_files.bin\\"\\n\\t.previous\\n");

/* Sorted by name. */
const struct web_file web_files[] = {
${rows.join('')}};
const uint32_t web_file_count = ${rows.length};

const struct web_name web_names[] = {
${plain.map(([p, name]) => `\t{"${p}", "/web/${name}"},\n`).join('')}};
const uint32_t web_name_count = ${plain.length};
`);
