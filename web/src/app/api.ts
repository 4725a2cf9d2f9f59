/* The hub's API, asked with the session's cookie. What changes something carries the session's CSRF token; what must be done once carries
 * an Idempotency-Key, and is sent again under the same key when the answer was lost. */
import { signal } from '@preact/signals';

/* What went wrong, in the API's words (RFC 9457). status 0: the hub was not reached. */
export class Problem extends Error {
	readonly id: string; /* "csrf", "conflict", "unreachable" */
	constructor(
		readonly status: number,
		type: string,
		readonly title: string,
		readonly detail: string,
		readonly body: Record<string, unknown> = {},
		readonly retryAfter = 0,
	) {
		super(detail || title);
		this.id = type.replace(/^.*#problem-/, '');
	}
	/* The request's id, which the operator finds in the log. */
	get instance(): string {
		return typeof this.body.instance === 'string' ? this.body.instance : '';
	}
}

/* Of the session; session.ts sets it. */
export const csrf = signal('');
/* Counts answers that said that nobody is signed in. */
export const strangers = signal(0);

export interface Sending {
	method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	json?: unknown;
	body?: BodyInit;
	type?: string; /* of body */
	key?: string; /* Idempotency-Key */
	language?: string; /* of texts in the answer; the page's unless given */
	signal?: AbortSignal;
}

async function problemOf(answer: Response): Promise<Problem> {
	let body: Record<string, unknown> = {};
	try {
		body = (await answer.json()) as Record<string, unknown>;
	} catch {
		/* a proxy's page, say: the status has to do */
	}
	const text = (name: string): string => (typeof body[name] === 'string' ? (body[name] as string) : '');
	return new Problem(answer.status, text('type'), text('title') || answer.statusText, text('detail'), body, Number(answer.headers.get('Retry-After') ?? 0));
}

/* The whole answer. Throws a Problem, or an AbortError. path is one of ours: "/api/v1/me". */
export async function ask(path: string, s: Sending = {}): Promise<Response> {
	const method = s.method ?? (s.json !== undefined || s.body !== undefined ? 'POST' : 'GET');
	const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': s.language ?? document.documentElement.lang };
	if (method !== 'GET' && csrf.value)
		headers['X-CSRF-Token'] = csrf.value;
	if (s.key)
		headers['Idempotency-Key'] = s.key;
	if (s.json !== undefined)
		headers['Content-Type'] = 'application/json';
	else if (s.type)
		headers['Content-Type'] = s.type;
	let answer: Response;
	try {
		answer = await fetch(path, {
			method,
			headers,
			body: s.json !== undefined ? JSON.stringify(s.json) : s.body,
			signal: s.signal,
			credentials: 'same-origin',
			cache: 'no-store',
			redirect: 'error',
		});
	} catch (e) {
		if (e instanceof DOMException && e.name === 'AbortError')
			throw e;
		throw new Problem(0, '#problem-unreachable', '', '');
	}
	if (answer.ok)
		return answer;
	const problem = await problemOf(answer);
	if (problem.status === 401)
		strangers.value++;
	throw problem;
}

/* Its JSON; undefined where there is none (204). */
export async function call<T>(path: string, s: Sending = {}): Promise<T> {
	const answer = await ask(path, s);
	return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/* A new Idempotency-Key: made when somebody begins to do something, and kept until it is known to be done. randomUUID() is for secure
 * contexts only, and a hub may be tried over plain HTTP in its own network. */
export function newKey(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export function query(members: Record<string, string | number | undefined>): string {
	const q = new URLSearchParams();
	for (const [name, value] of Object.entries(members))
		if (value !== undefined && value !== '')
			q.set(name, String(value));
	const text = q.toString();
	return text ? `?${text}` : '';
}
