/* Declarations in the making. The API keeps what was handed in, and nothing before: an unfinished declaration is the trader's own business, and
 * customs has no part in it. So drafts lie in this browser, by login, saved at each change; another person on the same machine has others. A draft
 * holds the declaration as canonical JSON, and the Idempotency-Key under which it will be handed in, however often that is tried. */
import { computed, effect, signal } from '@preact/signals';
import { call, newKey, Problem } from '../app/api';
import { user } from '../app/session';
import { party } from './cases';
import { amendmentOf, get, list, put, text, type Json } from '../app/amend';

export type { Json };
export interface Finding {
	rule: string;
	severity: 'error' | 'warning' | 'info';
	pointer?: string;
	text: string;
}
export interface Tax {
	item: number;
	type: string;
	state: string;
	base: string;
	rate: string;
	amount: string;
	currency: string;
	source?: string;
}
export interface Total {
	amount: string;
	currency: string;
	customs_value?: string;
}
export interface Trial {
	format: string;
	sound: boolean;
	findings: Finding[];
	taxes: Tax[];
	total: Total;
	declaration: Json;
}
export interface Draft {
	id: string;
	key: string;
	saved: string; /* moment */
	from?: string; /* name of a file, or the reference that it is a copy of */
	amends?: { reference: string; version: number; before: Json; reason: string };
	told?: boolean; /* faults are shown: somebody wanted to go on, or it came from a file */
	declaration: Json;
}

export { get, list, put, text };

/* Decimal texts added exactly; what is no number counts for nothing. */
export function sum(values: string[]): string {
	const numbers = values.filter((v) => /^\d+(\.\d+)?$/.test(v));
	const digits = Math.max(0, ...numbers.map((v) => (v.split('.')[1] ?? '').length));
	const total = numbers.reduce((n, v) => {
		const [whole, part = ''] = v.split('.');
		return n + BigInt((whole ?? '') + part.padEnd(digits, '0'));
	}, 0n);
	const all = total.toString().padStart(digits + 1, '0');
	return digits ? `${all.slice(0, -digits)}.${all.slice(-digits)}` : all;
}

/* ---- keeping ---- */

const prefix = () => `customhouse-draft/${user.value}/`;
export const draft = signal<Draft | null>(null);
export const keeps = signal(true); /* false: the browser has no room, or does not let us */

/* Counts what is kept and discarded, for those who show a list. */
const changes = signal(0);

export function listDrafts(): Draft[] {
	void changes.value;
	const found: Draft[] = [];
	for (let i = 0; i < localStorage.length; i++) {
		const name = localStorage.key(i) ?? '';
		if (!name.startsWith(prefix()))
			continue;
		try {
			found.push(JSON.parse(localStorage.getItem(name) ?? '') as Draft);
		} catch {
			localStorage.removeItem(name);
		}
	}
	return found.sort((a, b) => (a.saved < b.saved ? 1 : -1));
}
function keep(d: Draft): void {
	changes.value++;
	try {
		localStorage.setItem(prefix() + d.id, JSON.stringify(d));
		keeps.value = true;
	} catch {
		keeps.value = false;
	}
}
export function open(id: string): boolean {
	if (draft.peek()?.id === id)
		return true;
	const found = listDrafts().find((d) => d.id === id) ?? null;
	draft.value = found;
	trial.value = null;
	return !!found;
}
export function begin(declaration: Json, more: Partial<Draft> = {}): Draft {
	const d: Draft = { id: newKey().slice(0, 12), key: newKey(), saved: new Date().toISOString(), declaration, ...more };
	draft.value = d;
	trial.value = null;
	keep(d);
	return d;
}
export function change(with_: Partial<Draft>): void {
	const d = draft.peek();
	if (!d)
		return;
	// Other bytes under a key that was used are a conflict: whatever changes, changes the key.
	draft.value = { ...d, key: with_.declaration ? newKey() : d.key, ...with_, saved: new Date().toISOString() };
	keep(draft.value);
}
export function set(pointer: string, value: unknown): void {
	const d = draft.peek();
	if (d)
		change({ declaration: totals(put(d.declaration, pointer, value) as Json) });
}
export function discard(id: string): Draft | undefined {
	const found = listDrafts().find((d) => d.id === id);
	localStorage.removeItem(prefix() + id);
	changes.value++;
	if (draft.peek()?.id === id)
		draft.value = null;
	return found;
}
export function restore(d: Draft): void {
	keep(d);
}

/* Kinds of a means of transport's identity, by the mode at the border (UN/CEFACT 8179 and 1131 as the WCO Data Model uses them): a ship's IMO
 * number or its name, a wagon, a vehicle's registration, a flight. */
function identityKind(mode: string, id: string): string {
	return mode === '1' ? (/^\d{7}$/.test(id) ? '10' : '11') : ({ '2': '20', '3': '30', '4': '40' }[mode] ?? '');
}

/* What is known need not be said again: how many the items are, what they weigh, cost and how many packages they have. */
function totals(d: Json): Json {
	const items = list(d, '/shipment/items');
	const currencies = new Set(items.map((i) => text(i, '/commodity/price/currency')).filter(Boolean));
	let next = put(d, '/item_count', items.length ? String(items.length) : '');
	next = put(next, '/gross_mass', { value: sum(items.map((i) => text(i, '/commodity/gross_mass/value'))), unit: 'KGM' });
	next = put(next, '/package_count', sum(items.flatMap((i) => list(i, '/packages').map((p) => text(p, '/count')))));
	const means = text(d, '/shipment/consignment/arrival/id');
	if (means)
		next = put(next, '/shipment/consignment/arrival/id_type', text(d, '/shipment/consignment/arrival/id_type') || identityKind(text(d, '/border_transport/mode'), means));
	if (currencies.size === 1)
		next = put(next, '/invoice_total', { value: sum(items.map((i) => text(i, '/commodity/price/value'))), currency: [...currencies][0] });
	return put(next, '/shipment/items', items.map((i, n) => ({ ...i, sequence: String(n + 1) }))) as Json;
}

/* ---- beginnings ---- */

export function blankItem(sequence: number): Json {
	return {
		sequence: String(sequence),
		commodity: { classifications: [{ type: 'TSP' }], gross_mass: { unit: 'KGM' }, net_mass: { unit: 'KGM' } },
		procedures: [{ requested: '40', previous: '00' }],
		origins: [{ type: '1' }],
		valuation_method: '1',
		packages: [{ sequence: '1' }],
	};
}
export function blank(broker: boolean): Json {
	const who = { id: party() };
	return {
		function: '9',
		type: 'IMA',
		declarant: who,
		...(broker ? { agent: { ...who, status: '2' } } : {}),
		shipment: { items: [blankItem(1)], ...(broker ? {} : { importer: who }) },
	};
}
/* What another declaration says, for a new one. */
export function copyOf(d: Json, again: boolean): Json {
	const { movement_reference: _m, accepted_time: _a, issue_time: _i, amendments: _c, authentication: _s, ...rest } = d;
	if (!again)
		delete rest.trader_reference;
	return { ...rest, function: '9' };
}

export function amendment(d: Draft): Json {
	const a = d.amends!;
	return amendmentOf(a.before, d.declaration, { key: `A${d.key.slice(0, 20)}`, reference: a.reference, reason: a.reason });
}
export function amendedParts(d: Draft): number {
	return (amendment(d).amendments as unknown[]).length;
}

/* ---- what would come of it ---- */

export const trial = signal<Trial | null>(null);
export const trying = signal(false);
export const trialProblem = signal<Problem | null>(null);
let asked: AbortController | undefined;
let timer = 0;
const WAIT_MS = 600;

async function tryIt(declaration: Json): Promise<void> {
	asked?.abort();
	asked = new AbortController();
	trying.value = true;
	try {
		trial.value = await call<Trial>('/api/v1/declarations/check', { json: declaration, signal: asked.signal });
		trialProblem.value = null;
	} catch (e) {
		if (!(e instanceof Problem))
			return;
		trialProblem.value = e;
	}
	trying.value = false;
}
const declared = computed(() => draft.value?.declaration);
effect(() => {
	const d = declared.value;
	clearTimeout(timer);
	if (d)
		timer = setTimeout(() => void tryIt(d), trial.peek() ? WAIT_MS : 0);
});

/* Any format that the hub knows, recognised by what it holds. */
export async function readFile(file: File): Promise<Trial> {
	return call<Trial>('/api/v1/declarations/check', { body: file, type: 'application/octet-stream' });
}
