/* What the desk asks of the API about cases, and what it does to them. */
import { signal } from '@preact/signals';
import { call, newKey, query } from '../app/api';
import { me } from '../app/session';

export interface Case {
	reference: string;
	trader_reference: string;
	type: string;
	version: number;
	state: string;
	due: string;
	paid: string;
	currency: string;
	office?: string;
	party?: string;
	items?: number;
	decided_at?: string;
	lane?: string;
	holds?: string[];
	examiner?: string;
	irregular?: boolean;
	proposed?: string;
	proposer?: string;
	request?: string;
	appeal?: string;
	acts?: string[];
	secured?: string;
	refund?: string;
	reply_by?: string;
	secured_until?: string;
}

export interface Reason {
	kind: string;
	id: string;
	lane: string;
	weight: number;
	item?: number;
	drawn: boolean;
	text: string;
}
export interface Finding {
	rule: string;
	severity: string;
	pointer?: string;
	line?: number;
	text: string;
}
export interface Tax {
	item: number;
	type: string;
	state?: string;
	base: string;
	rate: string;
	amount: string;
	currency: string;
	measure: string;
	source?: string;
	proof?: string[];
}
/* A decision as officers read it. */
export interface Decision {
	lane: string;
	score?: number;
	reasons?: Reason[];
	findings?: Finding[];
	taxes?: Tax[];
	total?: { amount: string; currency: string };
	facts?: { importer?: { declared: number; selected: number; irregular: number } };
}
/* What is known of the past, in counts of cases. */
export interface Known {
	declared: number;
	controlled: number;
	irregular: number;
}
export interface Past {
	trader?: Known & { id: string };
	goods: (Known & { commodity: string; by_trader?: Known })[];
	more?: boolean;
}
export interface Count {
	state: string;
	lane: string;
	cases: number;
	mine: number;
}
export interface CasePage {
	cases: Case[];
	after?: string;
}

export const PAGE = 200;

function of(reference: string): string {
	return `/api/v1/declarations/${encodeURIComponent(reference)}`;
}
export const listCases = (members: Record<string, string | number | undefined>, signal?: AbortSignal): Promise<CasePage> => call(`/api/v1/cases${query(members)}`, { signal });
export const countCases = async (office: string): Promise<Count[]> => (await call<{ counts: Count[] }>(`/api/v1/cases/counts${query({ office })}`)).counts;
export const readCase = (reference: string): Promise<Case> => call(`${of(reference)}/status`);
export const readDecision = (reference: string, signal?: AbortSignal): Promise<Decision> => call(of(reference), { signal });

export const readPast = (reference: string): Promise<Past> => call(`${of(reference)}/past`);

/* Sent again under the same key, it is done once. */
export function act(reference: string, name: string, given: Record<string, unknown> = {}, key = newKey()): Promise<unknown> {
	return call(`${of(reference)}/acts`, { json: { act: name, ...given }, key });
}

/* Officers work at their offices; an auditor names one. */
export function officeOf(asked: string | null): string {
	return asked ?? me.value?.offices[0] ?? '';
}

/* The time, for all countdowns at once. */
export const now = signal(Date.now());
setInterval(() => {
	if (!document.hidden)
		now.value = Date.now();
}, 20_000);

/* The next thing that has to happen by a moment; undefined: nothing has. */
export function deadlineOf(c: Case): string | undefined {
	return [c.reply_by, c.secured_until].filter((x): x is string => !!x).sort()[0];
}
/* Who has to do something for the case to go on. */
export function waitsFor(c: Case): 'examiner' | 'lot' | 'trader' | 'payment' | 'agency' | 'goods' | 'officer' | 'nobody' {
	switch (c.state) {
	case 'selected':
		return 'lot';
	case 'documents':
	case 'inspection':
		return 'examiner';
	case 'queried':
		return 'trader';
	case 'lodged':
		return 'goods';
	case 'assessed':
		return 'payment';
	case 'accepted':
		return 'agency';
	case 'detained':
	case 'seized':
	case 'abandoned':
		return 'officer';
	default:
		return 'nobody';
	}
}
