/* Texts, numbers and moments in the page's language. The catalogs are web/phrases/app and web/phrases/APP; the shell says which file
 * holds them (tools/phrases.ts). A text that the language lacks is in English, and counted. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

export type AppKey = keyof typeof import('../../phrases/app/en.json');
export type Key = AppKey | keyof typeof import('../../phrases/trader/en.json') | keyof typeof import('../../phrases/desk/en.json');
export type Text = string | number;

export const language = document.documentElement.lang || 'en';
/* Digits are 0 to 9 in every language: a code or an amount reads the same on every screen, paper and stamp. */
const locale = `${language}-u-nu-latn`;
const plurals = new Intl.PluralRules(language);
let texts: Record<string, string> = {};
let missing = new Set<string>();
const shown = new Set<string>();

/* How many texts that were shown are not in this language. */
export const gaps = signal(0);
/* Of every language: how many texts the app has, and how many of them it lacks. */
export const translated = signal<{ language: string; texts: number; missing: number }[]>([]);

export async function loadPhrases(path: string): Promise<void> {
	const answer = await fetch(path, { credentials: 'same-origin' });
	const file = (await answer.json()) as { texts: Record<string, string>; missing: string[]; languages: { language: string; texts: number; missing: number }[] };
	texts = file.texts;
	missing = new Set(file.missing);
	translated.value = file.languages;
}

function find(key: string): string {
	if (missing.has(key) && !shown.has(key)) {
		shown.add(key);
		queueMicrotask(() => (gaps.value = shown.size));
	}
	return texts[key] ?? key;
}

/* "{0|one: {0} item|other: {0} items}": the form for the number. */
function inflect(text: string, given: readonly Text[]): string {
	return text.replace(/\{(\d)\|((?:[^{}]|\{\d\})*)\}/g, (_all, at: string, body: string) => {
		const forms = new Map(body.split('|').map((form) => [form.slice(0, form.indexOf(':')), form.slice(form.indexOf(':') + 1).trim()]));
		return forms.get(plurals.select(Number(given[Number(at)]))) ?? forms.get('other') ?? '';
	});
}

export function t(key: Key, ...given: Text[]): string {
	return inflect(find(key), given).replace(/\{(\d)\}/g, (_all, at: string) => {
		const value = given[Number(at)];
		return value === undefined ? '' : typeof value === 'number' ? number(value) : value;
	});
}

/* The same with elements for {0}, such as a code in <bdi>. */
export function say(key: Key, ...given: ComponentChildren[]): ComponentChildren[] {
	return find(key)
		.split(/(\{\d\})/)
		.map((part) => (/^\{\d\}$/.test(part) ? given[Number(part[1])] : part));
}

/* The text of a word that the API sent, "state.released"; the word itself where there is none. */
export function word(prefix: string, name: string): string {
	return texts[`${prefix}.${name}`] === undefined ? name : t(`${prefix}.${name}` as Key);
}
export function known(prefix: string, name: string): boolean {
	return texts[`${prefix}.${name}`] !== undefined;
}

/* By how many digits stand behind the point; making one takes longer than what it is made for. */
const formats = new Map<number | undefined, Intl.NumberFormat>();
function formatOf(digits?: number): Intl.NumberFormat {
	let format = formats.get(digits);
	if (!format) {
		format = new Intl.NumberFormat(locale, digits === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: digits, maximumFractionDigits: digits });
		formats.set(digits, format);
	}
	return format;
}
export function number(value: number | string, digits?: number): string {
	return formatOf(digits).format(value as number);
}

/* An amount as the API writes it, "1234.50": text, never counted with here. */
export function amount(value: string): string {
	if (!/^-?\d+(\.\d+)?$/.test(value))
		return value;
	const digits = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0;
	return formatOf(digits).format(value as unknown as number);
}

export function bytes(n: number): string {
	return n < 1000 ? `${number(n)} B` : n < 1e6 ? `${number(n / 1e3, 0)} kB` : `${number(n / 1e6, 1)} MB`;
}

const withTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const dayOnly = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
const timeOnly = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function moment(iso: string): string {
	const at = new Date(iso);
	return Number.isNaN(at.getTime()) ? iso : withTime.format(at);
}
export function clock(at: Date): string {
	return timeOnly.format(at);
}
/* "2026-11-22" */
export function day(iso: string): string {
	const at = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
	return Number.isNaN(at.getTime()) ? iso : dayOnly.format(at);
}
/* "in 3 hours", "2 days ago" */
export function fromNow(iso: string, now = Date.now()): string {
	const seconds = (new Date(iso).getTime() - now) / 1000;
	const far = Math.abs(seconds);
	return far < 60 ? relative.format(Math.round(seconds), 'second')
		: far < 3600 ? relative.format(Math.round(seconds / 60), 'minute')
		: far < 86400 ? relative.format(Math.round(seconds / 3600), 'hour')
		: relative.format(Math.round(seconds / 86400), 'day');
}
const countries = new Intl.DisplayNames([language], { type: 'region', fallback: 'code' });
export function country(code: string): string {
	try {
		return countries.of(code) ?? code;
	} catch {
		return code;
	}
}
