/* What the company keeps at the hub for its own use: the goods that it trades, and templates. Read once, and again after a change. */
import { signal } from '@preact/signals';
import { call, query } from '../app/api';
import { party } from './cases';
import { copyOf, get, list, put, text, type Json } from './draft';

export interface Goods {
	article: string;
	description?: string;
	code?: string;
	origin?: string;
	unit?: string;
	preference?: string;
	package?: string;
	documents?: string[];
	changed_by?: string;
	changed_at?: string;
}
export interface Template {
	name: string;
	declaration: Json;
	changed_at: string;
}

const AT_ONCE = 500;
/* null: not read yet. Of the company that one works for. */
export const goods = signal<Goods[] | null>(null);
let whose = '';

export async function loadGoods(again = false): Promise<void> {
	if (!party() || (!again && whose === party() && goods.peek()))
		return;
	whose = party();
	const all: Goods[] = [];
	for (let after = ''; ; ) {
		const page = await call<{ goods: Goods[]; after?: string }>(`/api/v1/goods${query({ party: whose, after, limit: AT_ONCE })}`);
		all.push(...page.goods);
		if (!page.after)
			break;
		after = page.after;
	}
	goods.value = all;
}
export async function putGoods(some: Goods[]): Promise<void> {
	for (let i = 0; i < some.length; i += AT_ONCE)
		await call(`/api/v1/goods${query({ party: party() })}`, { method: 'PUT', json: { goods: some.slice(i, i + AT_ONCE).map(({ changed_by: _b, changed_at: _a, ...g }) => g) } });
	await loadGoods(true);
}
export async function removeGoods(article: string): Promise<void> {
	await call(`/api/v1/goods${query({ party: party(), article })}`, { method: 'DELETE' });
	await loadGoods(true);
}

/* What an item says of goods, and goods of an item. What the catalogue does not say stays. */
export function goodsOf(article: string, item: Json): Goods {
	const papers = list(item, '/documents').map((d) => text(d, '/category') + text(d, '/type')).filter(Boolean);
	const said: Record<string, string> = {
		description: text(item, '/commodity/description'),
		code: text(item, '/commodity/classifications/0/id'),
		origin: text(item, '/origins/0/country'),
		unit: text(item, '/commodity/tariff_quantity/unit'),
		preference: text(item, '/commodity/duties/0/preference'),
		package: text(item, '/packages/0/type'),
	};
	return { article, ...Object.fromEntries(Object.entries(said).filter(([, v]) => v)), ...(papers.length ? { documents: [...new Set(papers)].slice(0, 20) } : {}) };
}
export function itemWith(item: Json, g: Goods): Json {
	let next: unknown = item;
	const say = (at: string, value: string | undefined) => {
		if (value)
			next = put(next, at, value);
	};
	say('/commodity/classifications/0/id', g.code);
	say('/commodity/classifications/0/type', g.code && 'TSP');
	say('/commodity/description', g.description);
	say('/origins/0/country', g.origin);
	say('/packages/0/type', g.package);
	if (g.preference)
		next = put(next, '/commodity/duties/0', { ...(get(next, '/commodity/duties/0') as Json), type: 'CUD', preference: g.preference });
	const there = list(next, '/documents');
	const missing = (g.documents ?? []).filter((p) => !there.some((d) => text(d, '/category') + text(d, '/type') === p));
	if (missing.length)
		next = put(next, '/documents', [...there, ...missing.map((p) => ({ category: p[0]!, type: p.slice(1), status: 'AC' }))]);
	return next as Json;
}

/* A table of a spreadsheet: a first row of names, then a row for each of the goods. Commas, semicolons or tabs; quotes as RFC 4180 has them. */
export function readTable(source: string): { goods: Goods[]; refused: number } {
	const separator = (source.split('\n', 1)[0]!.match(/[\t;,]/) ?? [','])[0]!;
	const rows: string[][] = [[]];
	let cell = '';
	let quoted = false;
	const endCell = () => { rows.at(-1)!.push(cell.trim()); cell = ''; };
	for (let i = 0; i < source.length; i++) {
		const c = source[i]!;
		if (quoted && c === '"' && source[i + 1] === '"')
			cell += source[++i]!;
		else if (c === '"')
			quoted = !quoted;
		else if (!quoted && c === separator)
			endCell();
		else if (!quoted && c === '\n') {
			endCell();
			rows.push([]);
		} else if (c !== '\r' && c !== '\ufeff')
			cell += c;
	}
	endCell();
	const names = rows[0]!.map((n) => n.toLowerCase());
	const body = rows.slice(1).filter((r) => r.some(Boolean));
	const made = body.map((r) => {
		const of = (name: string) => r[names.indexOf(name)] ?? '';
		const papers = of('documents').split(/[ |,]+/).filter(Boolean);
		const rest: [string, string][] = [['description', of('description')], ['code', of('code').replace(/[ .]/g, '')], ['origin', of('origin').toUpperCase()], ['unit', of('unit').toUpperCase()], ['preference', of('preference')], ['package', of('package').toUpperCase()]];
		return { article: of('article'), ...Object.fromEntries(rest.filter(([, v]) => v)), ...(papers.length ? { documents: papers } : {}) } as Goods;
	});
	const sound = made.filter((g) => g.article);
	return { goods: sound, refused: body.length - sound.length };
}

/* ---- templates ---- */

export async function listTemplates(): Promise<Template[]> {
	const all: Template[] = [];
	for (let after = ''; ; ) {
		const page = await call<{ templates: Template[]; after?: string }>(`/api/v1/templates${query({ party: party(), after, limit: 10 })}`);
		all.push(...page.templates);
		if (!page.after)
			return all;
		after = page.after;
	}
}
export const putTemplate = (name: string, declaration: Json) => call(`/api/v1/templates${query({ party: party() })}`, { method: 'PUT', json: { templates: [{ name, declaration: copyOf(declaration, false) }] } });
export const removeTemplate = (name: string) => call(`/api/v1/templates${query({ party: party(), name })}`, { method: 'DELETE' });
