/* What screens are made of: govuk-frontend's markup as components, and our own where it has none. Each takes its words from the caller. */
import { signal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './api';
import { helpOpen, keysOn, setKeys, shortcuts } from './keys';
import { amount, fromNow, moment, t, word } from './phrases';

/* ---- text that reads from left to right in every language ---- */

export function Code({ children }: { children: ComponentChildren }) {
	return <bdi class="code" dir="ltr">{children}</bdi>;
}
export function Money({ value, currency }: { value: string; currency?: string }) {
	return <bdi class="num" dir="ltr">{amount(value)}{currency ? `\u00a0${currency}` : ''}</bdi>;
}
export function Time({ at, near }: { at: string; near?: boolean }) {
	return <time dateTime={at} title={near ? moment(at) : undefined}>{near ? fromNow(at) : moment(at)}</time>;
}

/* ---- what went wrong ---- */

/* A problem in words: the API's own detail under ours. */
export function problemText(e: unknown): string {
	if (!(e instanceof Problem))
		return t('problem.unexpected');
	const ours = word('problem', e.id);
	const title = ours === e.id ? e.title || t('problem.unexpected') : ours;
	return e.retryAfter ? `${title} ${t('problem.wait', e.retryAfter)}` : title;
}
export function ProblemNote({ problem, retry }: { problem: unknown; retry?: () => void }) {
	const p = problem instanceof Problem ? problem : null;
	return (
		<div class="govuk-error-summary" role="alert">
			<h2 class="govuk-error-summary__title">{problemText(problem)}</h2>
			<div class="govuk-error-summary__body">
				{p?.detail && <p dir="auto" lang="en">{p.detail}</p>}
				{p?.instance && <p class="muted">{t('problem.request')} <Code>{p.instance}</Code></p>}
				{retry && <button type="button" class="govuk-button govuk-button--secondary" onClick={retry}>{t('retry')}</button>}
			</div>
		</div>
	);
}

export interface Fault {
	field: string; /* id of the field, "f-value" */
	text: string;
}
/* Takes the focus when it appears, and again for other faults. */
export function ErrorSummary({ faults, children }: { faults: Fault[]; children?: ComponentChildren }) {
	const box = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (faults.length || children)
			box.current?.focus();
	}, [faults, children]);
	if (!faults.length && !children)
		return null;
	return (
		<div class="govuk-error-summary" role="alert" tabIndex={-1} ref={box}>
			<h2 class="govuk-error-summary__title">{t('errors.title')}</h2>
			<div class="govuk-error-summary__body">
				{children}
				<ul class="govuk-list govuk-error-summary__list">
					{faults.map((f) => (
						<li key={f.field + f.text}>
							<a href={`#${f.field}`} onClick={(e) => { e.preventDefault(); document.getElementById(f.field)?.focus(); }}>{f.text}</a>
						</li>
					))}
				</ul>
			</div>
		</div>
	);
}

/* ---- fields ---- */

interface FieldProps {
	label: ComponentChildren;
	value: string;
	onInput: (value: string) => void;
	id?: string;
	hint?: ComponentChildren;
	error?: string;
	type?: 'text' | 'password' | 'date' | 'search' | 'email' | 'url' | 'number';
	width?: 2 | 3 | 4 | 5 | 10 | 20 | 30;
	suffix?: ComponentChildren;
	rows?: number; /* several lines */
	max?: number;
	autocomplete?: string;
	numeric?: boolean;
	code?: boolean; /* reads from left to right */
	required?: boolean;
	quiet?: boolean; /* the label is for screen readers only */
	choices?: readonly { value: string; name: string }[]; /* a <select> */
	inputProps?: Record<string, unknown>; /* more attributes, of a combobox say */
}

/* A choice in Latin letters on a page that is read from right to left would lose its beginning where it is too long. */
const latin = (name?: string) => /^\p{Script=Latin}/u.test(name ?? '');

export function Field(p: FieldProps) {
	const made = useId();
	const id = p.id ?? made;
	const described = [p.hint ? `${id}-hint` : '', p.error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
	const common = {
		id,
		'aria-describedby': described,
		'aria-invalid': p.error ? ('true' as const) : undefined,
		required: p.required,
		maxLength: p.max,
		autocomplete: p.autocomplete ?? 'off',
		dir: p.code || p.numeric ? ('ltr' as const) : ('auto' as const),
	};
	const read = (e: { currentTarget: { value: string } }) => p.onInput(e.currentTarget.value);
	let input: JSX.Element;
	if (p.choices)
		input = (
			<select {...common} dir={latin(p.choices.find((c) => c.value === p.value)?.name) ? 'ltr' : undefined} class={`govuk-select${p.error ? ' govuk-select--error' : ''}`} value={p.value} onChange={read}>
				{p.choices.map((c) => <option key={c.value} value={c.value} selected={c.value === p.value}>{c.name}</option>)}
			</select>
		);
	else if (p.rows)
		input = <textarea {...common} rows={p.rows} class={`govuk-textarea${p.error ? ' govuk-textarea--error' : ''}`} value={p.value} onInput={read} />;
	else
		input = (
			<input {...({ ...common, ...p.inputProps, type: p.type ?? 'text' } as object)} inputMode={p.numeric ? 'decimal' : undefined} spellcheck={p.code ? false : undefined}
				class={`govuk-input${p.width ? ` govuk-input--width-${p.width}` : ''}${p.error ? ' govuk-input--error' : ''}`} value={p.value} onInput={read} />
		);
	return (
		<div class={`govuk-form-group${p.error ? ' govuk-form-group--error' : ''}`}>
			<label class={p.quiet ? 'govuk-visually-hidden' : 'govuk-label'} for={id}>{p.label}</label>
			{p.hint && <div class="govuk-hint" id={`${id}-hint`}>{p.hint}</div>}
			{p.error && (
				<p class="govuk-error-message" id={`${id}-error`}>
					<span class="govuk-visually-hidden">{t('errors.before')}</span> <bdi>{p.error}</bdi>
				</p>
			)}
			{p.suffix ? <div class="govuk-input__wrapper">{input}<div class="govuk-input__suffix">{p.suffix}</div></div> : input}
		</div>
	);
}

export function Check({ label, checked, onChange, id, hint }: { label: ComponentChildren; checked: boolean; onChange: (on: boolean) => void; id?: string; hint?: ComponentChildren }) {
	const made = useId();
	const own = id ?? made;
	return (
		<div class="govuk-checkboxes govuk-checkboxes--small">
			<div class="govuk-checkboxes__item">
				<input class="govuk-checkboxes__input" id={own} type="checkbox" checked={checked} aria-describedby={hint ? `${own}-hint` : undefined} onChange={(e) => onChange(e.currentTarget.checked)} />
				<label class="govuk-label govuk-checkboxes__label" for={own}>{label}</label>
				{hint && <div class="govuk-hint govuk-checkboxes__hint" id={`${own}-hint`}>{hint}</div>}
			</div>
		</div>
	);
}

/* A button that does something which takes time: while it does, a second press does nothing. */
export function Button({ children, onPress, kind, disabled, type = 'button' }: { children: ComponentChildren; onPress?: () => unknown; kind?: 'secondary' | 'warning'; disabled?: boolean; type?: 'button' | 'submit' }) {
	const [busy, setBusy] = useState(false);
	const off = busy || disabled;
	async function press(): Promise<void> {
		if (off || !onPress)
			return;
		setBusy(true);
		try {
			await onPress();
		} finally {
			setBusy(false);
		}
	}
	return (
		<button type={type} class={`govuk-button${kind ? ` govuk-button--${kind}` : ''}`} aria-disabled={off ? 'true' : undefined} aria-busy={busy ? 'true' : undefined} onClick={onPress ? () => void press() : undefined}>
			{children}
		</button>
	);
}

/* ---- states ---- */

/* blue: it moves by itself; yellow: somebody has to do something; red: something is wrong; green: done; grey: over or not begun */
export type Tone = 'blue' | 'yellow' | 'red' | 'green' | 'grey';
export function Tag({ tone, children }: { tone: Tone; children: ComponentChildren }) {
	return <strong class={`govuk-tag govuk-tag--${tone}`}>{children}</strong>;
}

const stateTones: Record<string, Tone> = {
	rejected: 'red', refused: 'red', seized: 'red', detained: 'red', released: 'green', accepted: 'blue', cancelled: 'grey', closed: 'grey', exited: 'green',
};
/* needs: something is asked of who reads it. */
export function Status({ state, needs }: { state: string; needs?: boolean }) {
	return <Tag tone={needs ? 'yellow' : (stateTones[state] ?? 'blue')}>{word('state', state)}</Tag>;
}

/* Colour, shape and word: for those who cannot tell colours. For officers only. */
const laneShapes: Record<string, string> = { green: 'M8 2a6 6 0 100 12A6 6 0 008 2z', blue: 'M8 1l7 7-7 7-7-7z', yellow: 'M8 2l7 12H1z', red: 'M2 2h12v12H2z' };
export function Lane({ lane }: { lane: string }) {
	return (
		<span class={`lane lane--${lane}`}>
			<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false"><path d={laneShapes[lane] ?? 'M3 8h10'} /></svg> {word('lane', lane)}
		</span>
	);
}

export interface TimelineEntry {
	id: string;
	at: string;
	title: ComponentChildren;
	body?: ComponentChildren;
	tone?: Tone;
}
/* The newest first. */
export function Timeline({ entries, label }: { entries: TimelineEntry[]; label: string }) {
	return (
		<ol class="timeline" aria-label={label}>
			{entries.map((e) => (
				<li key={e.id} class={`timeline__entry timeline__entry--${e.tone ?? 'blue'}`}>
					<div class="timeline__title">{e.title}</div>
					<div class="timeline__at muted"><Time at={e.at} /></div>
					{e.body && <div class="timeline__body">{e.body}</div>}
				</li>
			))}
		</ol>
	);
}

export function Waiting({ label }: { label?: string }) {
	return <p class="waiting muted" role="status">{label ?? t('waiting')}</p>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
	return <div class="empty"><p class="govuk-body empty__title">{title}</p>{children}</div>;
}

/* A table with a caption that scrolls by itself, and by the keyboard, where it is too wide. */
export function Table({ caption, head, children, quiet }: { caption: string; head: ComponentChildren[]; children: ComponentChildren; quiet?: boolean }) {
	return (
		<div class="scroll" role="region" tabIndex={0} aria-label={caption}>
			<table class="govuk-table">
				<caption class={quiet ? 'govuk-visually-hidden' : 'govuk-table__caption govuk-table__caption--m'}>{caption}</caption>
				<thead class="govuk-table__head"><tr class="govuk-table__row">{head.map((h, i) => <th key={i} scope="col" class="govuk-table__header">{h}</th>)}</tr></thead>
				<tbody class="govuk-table__body">{children}</tbody>
			</table>
		</div>
	);
}

/* Rows of a key, a value, and what may be done about it. */
export function Summary({ rows }: { rows: { key: ComponentChildren; value: ComponentChildren; action?: ComponentChildren }[] }) {
	return (
		<dl class="govuk-summary-list">
			{rows.map((r, i) => (
				<div key={i} class={`govuk-summary-list__row${r.action ? '' : ' govuk-summary-list__row--no-actions'}`}>
					<dt class="govuk-summary-list__key">{r.key}</dt>
					<dd class="govuk-summary-list__value">{r.value}</dd>
					{r.action && <dd class="govuk-summary-list__actions">{r.action}</dd>}
				</div>
			))}
		</dl>
	);
}

/* ---- dialogs, toasts, keys ---- */

/* Modal; the browser keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
	const box = useRef<HTMLDialogElement>(null);
	const id = useId();
	useLayoutEffect(() => {
		const d = box.current;
		d?.showModal();
		return () => d?.close();
	}, []);
	return (
		<dialog ref={box} class="dialog" aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose(); }}>
			<h2 class="govuk-heading-m" id={id}>{title}</h2>
			{children}
		</dialog>
	);
}

interface Shown {
	id: number;
	text: string;
	undo?: () => void;
}
const TOAST_MS = 10_000;
const toasts = signal<Shown[]>([]);
let count = 0;

function dismiss(id: number): void {
	toasts.value = toasts.value.filter((x) => x.id !== id);
}
/* Says that something was done; for ten seconds it can be undone. */
export function toast(text: string, undo?: () => void): void {
	const id = ++count;
	toasts.value = [...toasts.value, { id, text, undo }];
	setTimeout(() => dismiss(id), TOAST_MS);
}
export function Toasts() {
	return (
		<div class="toasts" role="status" aria-live="polite">
			{toasts.value.map((s) => (
				<div class="toast" key={s.id}>
					<span dir="auto">{s.text}</span>
					{s.undo && <button type="button" onClick={() => { dismiss(s.id); s.undo?.(); }}>{t('undo')}</button>}
					<button type="button" onClick={() => dismiss(s.id)}>{t('close')}</button>
				</div>
			))}
		</div>
	);
}

export function KeyHelp() {
	if (!helpOpen.value)
		return null;
	return (
		<Dialog title={t('keys.title')} onClose={() => (helpOpen.value = false)}>
			<Check label={t('keys.on')} checked={keysOn.value} onChange={setKeys} />
			<dl class="keys">
				{shortcuts.value.map((s) => (
					<div key={s.keys + s.says}><dt>{s.keys.split(' ').map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{t(s.says)}</dd></div>
				))}
			</dl>
			<Button kind="secondary" onPress={() => (helpOpen.value = false)}>{t('close')}</Button>
		</Dialog>
	);
}
