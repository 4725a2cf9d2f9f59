/* What a party or an office is told, as it happens: server-sent events that go on behind the last one received, also after the hub or the
 * network was away. Between tries it waits longer each time, and not while the page lies in the background. */
import { signal } from '@preact/signals';

export interface Notification {
	id: number;
	kind: string;
	office: string;
	reference: string;
	version: number;
	at: string;
	data: Record<string, unknown>;
}
export type LiveState = 'off' | 'connecting' | 'live' | 'waiting';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

export interface Live {
	close(): void;
}

export const liveState = signal<LiveState>('off');

/* whose: "party=XL1" or "office=XLHAR001". Kinds are many and grow: the hub names each event after its kind, which a listener would have
 * to know; so the stream is read here line by line. */
export function listen(whose: Record<string, string>, heard: (n: Notification) => void): Live {
	let stop = new AbortController();
	let wait = FIRST_WAIT_MS;
	let timer = 0;
	let last: number | undefined;
	let closed = false;

	function event(text: string): void {
		const data = text.split('\n').filter((l) => l.startsWith('data:')).map((l) => l.slice(5).trimStart()).join('\n');
		if (!data)
			return;
		const n = JSON.parse(data) as Notification;
		last = n.id;
		heard(n);
	}
	async function read(): Promise<void> {
		liveState.value = 'connecting';
		const headers: Record<string, string> = { Accept: 'text/event-stream' };
		if (last !== undefined)
			headers['Last-Event-ID'] = String(last);
		const answer = await fetch(`/api/v1/notifications/stream?${new URLSearchParams(whose)}`, { headers, signal: stop.signal, cache: 'no-store' });
		if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
			close();
			return;
		}
		if (!answer.ok || !answer.body)
			throw new Error(String(answer.status));
		liveState.value = 'live';
		wait = FIRST_WAIT_MS;
		const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
		let rest = '';
		for (;;) {
			const { value, done } = await reader.read();
			if (done)
				return;
			rest += value.replaceAll('\r\n', '\n');
			for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
				event(rest.slice(0, end));
				rest = rest.slice(end + 2);
			}
		}
	}
	async function run(): Promise<void> {
		try {
			await read();
		} catch {
			if (closed)
				return;
		}
		if (closed)
			return;
		liveState.value = 'waiting';
		timer = setTimeout(again, wait * (0.75 + Math.random() / 2));
		wait = Math.min(wait * 2, LONGEST_WAIT_MS);
	}
	function again(): void {
		clearTimeout(timer);
		if (document.hidden)
			return; // until somebody looks
		stop = new AbortController();
		void run();
	}
	function nudge(): void {
		if (!closed && liveState.value === 'waiting') {
			wait = FIRST_WAIT_MS;
			again();
		}
	}
	function close(): void {
		closed = true;
		clearTimeout(timer);
		stop.abort();
		document.removeEventListener('visibilitychange', nudge);
		removeEventListener('online', nudge);
		liveState.value = 'off';
	}
	document.addEventListener('visibilitychange', nudge);
	addEventListener('online', nudge);
	void run();
	return { close };
}
