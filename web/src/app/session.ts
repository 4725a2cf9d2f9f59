/* Who is signed in. The session itself is a cookie that no script reads; what is known of it comes from /api/v1/me. Signing in happens
 * where somebody is: no address is handed around to return to, so none can lead elsewhere. */
import { computed, effect, signal } from '@preact/signals';
import { call, csrf, Problem, strangers } from './api';

export interface Me {
	user: string;
	roles: string[];
	scopes: string[];
	offices: string[];
	parties: string[];
	agency?: string;
	csrf_token?: string;
	expires_at?: string;
	must_change_password?: boolean;
}

/* undefined: not asked yet; null: nobody */
export const me = signal<Me | null | undefined>(undefined);
/* Somebody was signed in, and is no more: what stands on the screen stays, under the sign-in form. */
export const ended = signal(false);
/* A minute or so before the end of the session: when it ends. */
export const endsAt = signal<Date | null>(null);
export const unreachable = signal<Problem | null>(null);
/* Of whom drafts and settings on this browser are: they are kept by login. */
export const user = computed(() => me.value?.user ?? '');

const NOTICE_MS = 2 * 60_000;
const RETURN = 'customhouse-return';
let noticeTimer = 0;

function take(who: Me): void {
	csrf.value = who.csrf_token ?? '';
	ended.value = false;
	endsAt.value = null;
	unreachable.value = null;
	me.value = who;
	clearTimeout(noticeTimer);
	if (who.expires_at) {
		const until = new Date(who.expires_at);
		// A timer holds 24 days.
		const wait = Math.min(until.getTime() - NOTICE_MS - Date.now(), 2 ** 31 - 1);
		noticeTimer = setTimeout(() => void refresh(), Math.max(wait, 0));
		if (until.getTime() - Date.now() <= NOTICE_MS)
			endsAt.value = until;
	}
}

/* Whatever is asked prolongs a session, up to its longest: asking again says when it really ends. */
let last = 0;
async function refresh(): Promise<void> {
	if (Date.now() - last < 10_000)
		return;
	last = Date.now();
	await start();
}

export async function start(): Promise<void> {
	try {
		take(await call<Me>('/api/v1/me'));
	} catch (e) {
		if (!(e instanceof Problem))
			throw e;
		if (e.status === 401)
			me.value ??= null;
		else
			unreachable.value = e;
	}
}

effect(() => {
	if (strangers.value && me.peek()) {
		csrf.value = '';
		ended.value = true;
		endsAt.value = null;
	}
});

/* Another person than before: nothing of the one before may stay on the screen. */
export async function signIn(login: string, password: string): Promise<void> {
	const before = me.peek()?.user;
	csrf.value = '';
	const who = await call<Me>('/api/v1/sign-in', { json: { login, password } });
	if (before && before !== who.user) {
		location.reload();
		return;
	}
	take(who);
}

export async function changePassword(old: string, chosen: string): Promise<void> {
	await call('/api/v1/me/password', { method: 'PUT', json: { old, new: chosen } });
	await start();
}

export async function signOut(everywhere = false): Promise<void> {
	await call(`/api/v1/sign-out${everywhere ? '?everywhere=yes' : ''}`, { method: 'POST' });
	const app = document.getElementById('app');
	location.assign(app?.dataset.provider === 'yes' ? '/api/v1/sign-out/oidc' : location.pathname.split('/').slice(0, 2).join('/'));
}

/* Out to the identity provider. The way back ends at the app's first page, which goes on to where somebody was. */
export function leaveForProvider(): void {
	sessionStorage.setItem(RETURN, location.pathname + location.search);
	location.assign('/api/v1/sign-in/oidc');
}

/* Where somebody was before; a path of this app, whatever lies in the storage. */
export function returnPath(base: string): string | null {
	const path = sessionStorage.getItem(RETURN);
	sessionStorage.removeItem(RETURN);
	if (!path)
		return null;
	const to = new URL(path, location.origin);
	return to.origin === location.origin && (to.pathname === base || to.pathname.startsWith(`${base}/`)) ? to.pathname + to.search : null;
}

export function may(...roles: string[]): boolean {
	return !!me.value?.roles.some((r) => roles.includes(r));
}
