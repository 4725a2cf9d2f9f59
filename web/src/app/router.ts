/* Screens by address. Links are plain <a>: this takes over those that lead to a path of the app, and the browser keeps the others. A screen
 * is a module of its own, loaded when it is first gone to. */
import { computed, signal } from '@preact/signals';
import type { ComponentType } from 'preact';

export interface Place {
	path: string;
	query: URLSearchParams;
}
export interface ScreenProps {
	params: Record<string, string>; /* of ":ref" in the route's path */
	query: URLSearchParams;
}
export type Screen = ComponentType<ScreenProps>;
export interface Route {
	path: string; /* "/trader/declarations/:ref" */
	load: () => Promise<{ default: Screen }>;
}

let base = '';
/* Asked before leaving a place: false keeps it. */
let guard: (() => boolean) | null = null;

function here(): Place {
	const query = new URLSearchParams(location.search);
	query.delete('lang');
	return { path: location.pathname.replace(/\/+$/, '') || '/', query };
}
export const place = signal<Place>(here());
/* Counts goings: the focus follows, but not when only the query changed. */
export const arrivals = signal(0);
export const path = computed(() => place.value.path);

export function guardLeaving(may: (() => boolean) | null): void {
	guard = may;
}

function arrive(sameScreen: boolean): void {
	place.value = here();
	if (!sameScreen) {
		arrivals.value++;
		scrollTo(0, 0);
	}
}

export function go(to: string, { replace = false } = {}): void {
	const url = new URL(to, location.href);
	if (url.origin !== location.origin)
		throw new Error(`${to} leads elsewhere`);
	const same = url.pathname === location.pathname;
	if (!same && guard && !guard())
		return;
	if (!same)
		guard = null;
	history[replace ? 'replaceState' : 'pushState'](null, '', url);
	arrive(same);
}

/* Another query for this screen: filters. */
export function setQuery(members: Record<string, string>, { replace = false } = {}): void {
	const q = new URLSearchParams(place.peek().query);
	for (const [name, value] of Object.entries(members))
		if (value)
			q.set(name, value);
		else
			q.delete(name);
	const text = q.toString();
	go(location.pathname + (text ? `?${text}` : ''), { replace });
}

export function match(pattern: string, at: string): Record<string, string> | null {
	const want = pattern.split('/');
	const have = at.split('/');
	const params: Record<string, string> = {};
	if (want.length !== have.length)
		return null;
	for (const [i, w] of want.entries()) {
		const h = have[i] ?? '';
		if (w.startsWith(':')) {
			try {
				params[w.slice(1)] = decodeURIComponent(h);
			} catch {
				return null;
			}
		} else if (w !== h) {
			return null;
		}
	}
	return params;
}

export function startRouter(at: string): void {
	base = at;
	// A chosen language is in a cookie by now; the address need not say it.
	const url = new URL(location.href);
	if (url.searchParams.has('lang')) {
		url.searchParams.delete('lang');
		history.replaceState(null, '', url);
	}
	addEventListener('popstate', () => arrive(false));
	document.addEventListener('click', (e) => {
		const a = (e.target as Element | null)?.closest?.('a');
		if (!a || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || a.target || a.hasAttribute('download'))
			return;
		const url = new URL(a.href, location.href);
		const ours = url.origin === location.origin && (url.pathname === base || url.pathname.startsWith(`${base}/`));
		if (!ours || url.searchParams.has('lang') || (url.hash && url.pathname === location.pathname))
			return;
		e.preventDefault();
		go(url.pathname + url.search);
	});
}
