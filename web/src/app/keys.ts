/* Keys for those who like them: one key, or two one after the other ("g d"). None while somebody types, none with Ctrl, Alt or the like,
 * and a switch turns them off (WCAG 2.1.4). */
import { signal } from '@preact/signals';
import type { Key } from './phrases';

export interface Shortcut {
	keys: string; /* "?", "j", "g d", "Enter" */
	says: Key;
	run: () => void;
}

const OFF = 'customhouse-keys-off';
const SECOND_MS = 1200;

export const keysOn = signal(localStorage.getItem(OFF) === null);
export const shortcuts = signal<Shortcut[]>([]);
export const helpOpen = signal(false);

export function setKeys(on: boolean): void {
	keysOn.value = on;
	if (on)
		localStorage.removeItem(OFF);
	else
		localStorage.setItem(OFF, '1');
}

/* Until the function that comes back is called; for useEffect(). */
export function bind(...added: Shortcut[]): () => void {
	shortcuts.value = [...shortcuts.value, ...added];
	return () => (shortcuts.value = shortcuts.value.filter((s) => !added.includes(s)));
}

function typing(e: KeyboardEvent): boolean {
	const at = e.target as HTMLElement | null;
	return !!at?.closest('input, textarea, select, [contenteditable], [role="combobox"]');
}

let first = '';
let firstAt = 0;

export function startKeys(): void {
	document.addEventListener('keydown', (e) => {
		if (!keysOn.value || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e) || document.querySelector('dialog[open]'))
			return;
		// A button or a link takes its own Enter.
		if (e.key === 'Enter' && (e.target as Element | null)?.closest('a, button, summary'))
			return;
		const both = first && e.timeStamp - firstAt < SECOND_MS ? `${first} ${e.key}` : e.key;
		// What was bound last goes first: the screen's before the app's.
		const found = shortcuts.value.findLast((s) => s.keys === both) ?? shortcuts.value.findLast((s) => s.keys === e.key);
		first = '';
		if (found) {
			e.preventDefault();
			found.run();
		} else if (shortcuts.value.some((s) => s.keys.startsWith(`${e.key} `))) {
			first = e.key;
			firstAt = e.timeStamp;
		}
	});
}
