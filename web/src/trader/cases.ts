/* Declarations of one's companies, as the API lists them. */
import { signal } from '@preact/signals';
import { call, query } from '../app/api';
import { me } from '../app/session';

export interface Case {
	reference: string;
	trader_reference?: string;
	type?: string;
	version: number;
	state: string;
	next?: string[];
	due?: string;
	paid?: string;
	currency?: string;
	reply_by?: string;
	decided_at?: string;
}

/* The company that one works for now: the first unless chosen. A person of all parties ("*") names one. */
export const chosenParty = signal('');
export function party(): string {
	return chosenParty.value || me.value?.parties.find((p) => p !== '*') || '';
}

/* What the trader itself has to do; the rest waits for others. */
const waitsForOthers = new Set(['await-agency', 'await-customs', 'await-decision', 'appeal', 'take-goods']);
export function needs(c: Case): string[] {
	return (c.next ?? []).filter((n) => !waitsForOthers.has(n));
}

export async function listCases(after = '', limit = 50): Promise<{ cases: Case[]; after?: string }> {
	return call(`/api/v1/cases${query({ party: party(), after, limit })}`);
}
