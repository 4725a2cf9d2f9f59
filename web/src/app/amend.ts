/* A declaration as JSON: its places by JSON pointer, and what to change in one that was lodged so that it becomes another. */

export type Json = { [name: string]: unknown };

export function get(from: unknown, pointer: string): unknown {
	let at = from;
	for (const step of pointer.split('/').slice(1)) {
		if (typeof at !== 'object' || at === null)
			return undefined;
		at = (at as Json)[step];
	}
	return at;
}
export function text(from: unknown, pointer: string): string {
	const value = get(from, pointer);
	return typeof value === 'string' ? value : '';
}
function isEmpty(value: unknown): boolean {
	return value === undefined || value === '' || (typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value).length);
}
/* A copy with another value there. What is empty is not said at all; a list keeps its members' places. */
export function put(into: unknown, pointer: string, value: unknown): unknown {
	const [, step, ...rest] = pointer.split('/');
	if (step === undefined)
		return value;
	const inner = rest.length ? `/${rest.join('/')}` : '';
	if (/^\d+$/.test(step)) {
		const list = Array.isArray(into) ? [...(into as unknown[])] : [];
		while (list.length < Number(step))
			list.push({});
		list[Number(step)] = put(list[Number(step)], inner, value) ?? {};
		return list;
	}
	const object: Json = { ...(into as Json) };
	const next = put(object[step], inner, value);
	if (isEmpty(next))
		delete object[step];
	else
		object[step] = next;
	return object;
}
export function list(from: unknown, pointer: string): Json[] {
	const value = get(from, pointer);
	return Array.isArray(value) ? (value as Json[]) : [];
}

/* Places that an amendment names, by the class numbers of the WCO Data Model, as the hub reads them
 * (docs/declaration.md), each with all of its new value. */
const places: { name: string; path: Json[] }[] = [
	{ name: 'item_count', path: [{ section: '42A', tag: '228' }] },
	{ name: 'invoice_total', path: [{ section: '42A', tag: '109' }] },
	{ name: 'gross_mass', path: [{ section: '42A', tag: '131' }] },
	{ name: 'package_count', path: [{ section: '42A', tag: '146' }] },
	{ name: 'agent', path: [{ section: '42A' }, { section: '05A' }] },
	{ name: 'border_transport', path: [{ section: '42A' }, { section: '15A' }] },
	{ name: 'exporter', path: [{ section: '42A' }, { section: '57A' }] },
	{ name: 'shipment', path: [{ section: '42A' }, { section: '67A' }] },
];
/* The names of the places that an amendment can change. */
export const amendable: readonly string[] = places.map((p) => p.name);

export function amendmentOf(before: Json, after: Json, { key, reference, reason }: { key: string; reference: string; reason: string }): Json {
	const changed = places.filter((p) => JSON.stringify(before[p.name]) !== JSON.stringify(after[p.name]));
	return {
		function: '13',
		type: 'COR',
		trader_reference: key,
		movement_reference: reference,
		declarant: before.declarant,
		amendments: changed.map((p) => ({ reason, pointers: p.path })),
		...Object.fromEntries(changed.map((p) => [p.name, after[p.name]]).filter(([, value]) => value !== undefined)),
	};
}

/* One decimal text less another, exactly; a sign in front where it is above zero, too. */
export function difference(a: string, b: string): string {
	const digits = Math.max(...[a, b].map((v) => (v.split('.')[1] ?? '').length));
	const units = (v: string) => {
		const [whole = '0', part = ''] = v.split('.');
		return BigInt(whole + part.padEnd(digits, '0'));
	};
	const n = units(a) - units(b);
	const all = (n < 0n ? -n : n).toString().padStart(digits + 1, '0');
	const shown = digits ? `${all.slice(0, -digits)}.${all.slice(-digits)}` : all;
	return n > 0n ? `+${shown}` : n < 0n ? `-${shown}` : shown;
}
