/* The fields of a declaration, as it was declared, each with what proves it and what was found at it. */
import type { ComponentChildren } from 'preact';
import { Code } from '../app/parts';
import { amount, bytes, country, known, t, word } from '../app/phrases';
import type { Finding } from './cases';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Group = { [name: string]: Json };

export interface Paper {
	number: number;
	version: number;
	name: string;
	type: string;
	bytes: number;
	sha256: string;
	pointer: string;
	state: string;
	by: string;
	at: string;
}

interface Row {
	pointer: string;
	names: string[]; /* of the members on the way, the innermost last */
	value: string;
	code: boolean;
}

const isGroup = (v: Json): v is Group => typeof v === 'object' && v !== null && !Array.isArray(v);

/* Amounts, quantities and moments are one value to who reads them. */
function single(v: Json): string | null {
	if (typeof v === 'string' || typeof v === 'number')
		return String(v);
	if (!isGroup(v) || Object.values(v).some((x) => typeof x !== 'string'))
		return null;
	const names = Object.keys(v).sort().join();
	if (names === 'currency,value' || names === 'unit,value' || names === 'value')
		return [amount(v.value as string), v.currency ?? v.unit ?? ''].filter(Boolean).join('\u00a0');
	return names === 'text' || names === 'format,text' ? (v.text as string) : null;
}

const COUNTRY = /^(country|nationality|export_country|destination|routing)$/;

function rowsOf(v: Json, pointer: string, names: string[], to: Row[], skip: readonly string[] = []): void {
	const one = single(v);
	if (one !== null) {
		const last = names[names.length - 1] ?? '';
		to.push({ pointer, names, value: COUNTRY.test(last) && /^[A-Z]{2}$/.test(one) ? `${one} · ${country(one)}` : one, code: /(^|_)(id|type|code|seal)$/.test(last) });
	} else if (Array.isArray(v)) {
		v.forEach((x, i) => rowsOf(x, `${pointer}/${i}`, v.length > 1 ? [...names, String(i + 1)] : names, to));
	} else if (isGroup(v)) {
		for (const [name, x] of Object.entries(v))
			if (!skip.includes(name))
				rowsOf(x, `${pointer}/${name}`, [...names, name], to);
	}
}

/* A field's name in words: ours, or the model's own with blanks for underscores. */
export function fieldName(name: string): string {
	return known('field', name) ? word('field', name) : name.replaceAll('_', ' ');
}
export function pointerName(pointer: string): string {
	return pointer.split('/').filter(Boolean).map((p) => (/^\d+$/.test(p) ? String(Number(p) + 1) : fieldName(p))).join(' › ');
}
export const idOfPointer = (pointer: string) => `at${pointer.replaceAll('/', '-')}`;

export interface Marks {
	papers: Paper[];
	findings: Finding[];
	reference: string;
	lit: string; /* the pointer of the document that somebody looks at */
}

function paperPath(reference: string, p: Paper): string {
	return `/api/v1/declarations/${encodeURIComponent(reference)}/documents/${p.number}`;
}
export function PaperLink({ reference, p }: { reference: string; p: Paper }) {
	const open = p.state === 'clean' || p.state === 'unscanned';
	return (
		<span class={`paper paper--${p.state}`}>
			{open ? <a href={paperPath(reference, p)} download={p.name}><bdi>{p.name}</bdi></a> : <bdi>{p.name}</bdi>}
			<span class="muted"> {bytes(p.bytes)} · {word('document', p.state)}</span>
		</span>
	);
}

/* What is proved or found at a row: what points to it, or to a group that begins with it. */
function at<T extends { pointer?: string }>(list: T[], rows: Row[], i: number): T[] {
	const here = rows[i]!;
	return list.filter((x) => {
		if (!x.pointer)
			return false;
		return x.pointer === here.pointer || (here.pointer.startsWith(`${x.pointer}/`) && rows.findIndex((r) => r.pointer.startsWith(`${x.pointer}/`)) === i && !rows.some((r) => r.pointer === x.pointer));
	});
}

function Rows({ rows, marks }: { rows: Row[]; marks: Marks }) {
	return (
		<dl class="fields">
			{rows.map((r, i) => {
				const papers = at(marks.papers, rows, i);
				const findings = at(marks.findings, rows, i);
				const lit = marks.lit && (r.pointer === marks.lit || r.pointer.startsWith(`${marks.lit}/`));
				return (
					<div key={r.pointer} id={idOfPointer(r.pointer)} tabIndex={-1} class={`field${lit ? ' field--lit' : ''}${findings.length ? ` field--${findings[0]!.severity}` : ''}`}>
						<dt>{r.names.map(fieldName).join(' › ')}</dt>
						<dd>
							{r.code ? <Code>{r.value}</Code> : <span dir="auto">{r.value}</span>}
							{findings.map((f) => <span key={f.rule + f.text} class={`found found--${f.severity}`}><b>{word('severity', f.severity)}</b> <span dir="auto">{f.text}</span> <Code>{f.rule}</Code></span>)}
							{papers.map((p) => <PaperLink key={p.number} reference={marks.reference} p={p} />)}
						</dd>
					</div>
				);
			})}
		</dl>
	);
}

function section(key: string, title: ComponentChildren, rows: Row[], marks: Marks, open = true) {
	return rows.length ? <details key={key} class="section" open={open}><summary>{title}</summary><Rows rows={rows} marks={marks} /></details> : null;
}

function text(v: Json | undefined, ...way: string[]): string {
	let x: Json | undefined = v;
	for (const name of way)
		x = Array.isArray(x) ? x[Number(name)] : x !== undefined && isGroup(x) ? x[name] : undefined;
	return typeof x === 'string' ? x : '';
}

const OPEN_ITEMS = 3;

/* Items first: they are what is declared; who and how behind them. */
export function Fields({ declared, marks }: { declared: Group; marks: Marks }) {
	const shipment = declared.shipment !== undefined && isGroup(declared.shipment) ? declared.shipment : {};
	const items = Array.isArray(shipment.items) ? shipment.items : [];
	const head: Row[] = [];
	const groups: [string, Row[]][] = [];
	for (const [name, v] of Object.entries(declared)) {
		if (name === 'shipment' || name === 'envelope')
			continue;
		if (single(v) !== null)
			rowsOf(v, `/${name}`, [name], head);
		else {
			const rows: Row[] = [];
			rowsOf(v, `/${name}`, [], rows);
			groups.push([name, rows]);
		}
	}
	for (const [name, v] of Object.entries(shipment)) {
		if (name === 'items')
			continue;
		const rows: Row[] = [];
		rowsOf(v, `/shipment/${name}`, single(v) !== null ? [name] : [], rows);
		if (single(v) !== null)
			head.push(...rows);
		else
			groups.push([name, rows]);
	}
	return (
		<div class="declared">
			{section('head', t('desk.fields.head'), head, marks)}
			{items.map((item, i) => {
				const rows: Row[] = [];
				// What the goods are comes first; the number of the item is in the title.
				if (isGroup(item) && item.commodity !== undefined)
					rowsOf(item.commodity, `/shipment/items/${i}/commodity`, [], rows);
				rowsOf(item, `/shipment/items/${i}`, [], rows, ['commodity', 'sequence']);
				const code = text(item, 'commodity', 'classifications', '0', 'id');
				return section(`item-${i}`, <>{t('desk.item', i + 1)} {code && <Code>{code}</Code>} <span class="muted" dir="auto">{text(item, 'commodity', 'description')}</span></>, rows, marks, i < OPEN_ITEMS);
			})}
			{groups.map(([name, rows]) => section(name, fieldName(name), rows, marks))}
		</div>
	);
}
