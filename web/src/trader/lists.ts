/* Code lists and names that the country pack has, asked for once. */
import { signal, type Signal } from '@preact/signals';
import { call } from '../app/api';

export interface Code {
	code: string;
	name: string;
}
export interface Procedure extends Code {
	previous: string;
	direction: 'import' | 'export';
	documents: string;
}
export interface Choice {
	value: string;
	name: string;
}

const lists = new Map<string, Signal<Code[]>>();

function ask<T>(name: string, path: string, member: string): Signal<T[]> {
	let found = lists.get(name) as Signal<T[]> | undefined;
	if (!found) {
		const made = signal<T[]>([]);
		found = made;
		lists.set(name, made as unknown as Signal<Code[]>);
		call<Record<string, T[]>>(path).then((a) => (made.value = a[member] ?? []), () => lists.delete(name));
	}
	return found;
}
export function codes(name: string): Code[] {
	return name === 'country' ? ask<Code>(name, '/api/v1/tariff/countries', 'countries').value : ask<Code>(name, `/api/v1/tariff/codes/${name}`, 'codes').value;
}
export function procedures(direction: string): Procedure[] {
	return ask<Procedure>('*procedures', '/api/v1/tariff/procedures', 'procedures').value
		.filter((p) => p.direction === direction && p.previous !== '*')
		.sort((a, b) => (a.code + a.previous < b.code + b.previous ? -1 : 1));
}
export function nameOf(name: string, code: string): string {
	return codes(name).find((c) => c.code === code)?.name ?? code;
}
/* For a <select>: none first; a value that the list has not stays choosable, so that nothing is lost by looking. */
export function choices(name: string, value: string, none: string, only?: (c: Code) => boolean): Choice[] {
	const all = codes(name).filter((c) => !only || only(c));
	return [
		{ value: '', name: none },
		...(value && !all.some((c) => c.code === value) ? [{ value, name: value }] : []),
		...all.map((c) => ({ value: c.code, name: `${c.name} (${c.code})` })),
	];
}
