/* What the screens of a draft share: a field for a place of the declaration, findings, and what would be due. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Field, Money, Tag } from '../app/parts';
import { t, word } from '../app/phrases';
import { go } from '../app/router';
import { draft, keeps, set, text, trial, trialProblem, trying, type Finding, type Tax } from './draft';
import { choices, nameOf, type Choice } from './lists';
import { clock } from '../app/phrases';

export const fieldId = (pointer: string) => `f${pointer.replaceAll('/', '-')}`;

/* A finding about a field speaks of it, or of the one thing around it: a mass, a price, a party. */
function isAbout(f: Finding, at: string): boolean {
	return f.pointer === at || f.pointer === at.replace(/\/(value|id|country|name|count|requested)$/, '').replace(/\/0$/, '');
}
export function faultAt(at: string, severity: Finding['severity'] = 'error'): string | undefined {
	return draft.value?.told ? trial.value?.findings.find((f) => f.severity === severity && isAbout(f, at))?.text : undefined;
}

/* The field that somebody follows a finding to, on a screen that is not there yet. */
let wanted = '';
export function goToField(to: string, id: string): void {
	wanted = id;
	go(to);
	focusWanted();
}
function focusWanted(): void {
	const at = wanted && document.getElementById(wanted);
	if (at) {
		wanted = '';
		setTimeout(() => at.focus(), 0);
	}
}
export function useWantedField(): void {
	useEffect(focusWanted, []);
}

interface AtProps {
	at: string;
	label: string;
	hint?: ComponentChildren;
	list?: string; /* codes to choose from */
	only?: string[]; /* of that list */
	choices?: Choice[];
	width?: 2 | 3 | 4 | 5 | 10 | 20 | 30;
	suffix?: string;
	numeric?: boolean;
	code?: boolean;
	rows?: number;
	max?: number;
	type?: 'text' | 'date';
}
export function At(p: AtProps) {
	const value = text(draft.value?.declaration, p.at);
	const warning = faultAt(p.at, 'warning');
	return (
		<Field id={fieldId(p.at)} label={p.label} value={value} onInput={(v) => set(p.at, p.numeric ? v.trim().replaceAll(' ', '') : v)}
			hint={p.hint || warning ? <>{p.hint}{warning && <span class="warned" dir="auto">{warning}</span>}</> : undefined}
			error={faultAt(p.at)} width={p.width} suffix={p.suffix} numeric={p.numeric} code={p.code} rows={p.rows} max={p.max} type={p.type}
			choices={p.choices ?? (p.list ? choices(p.list, value, t('choose'), p.only && ((c) => p.only!.includes(c.code))) : undefined)} />
	);
}

/* ---- findings ---- */

/* Where a finding is mended: its item's screen, or the first one. */
function screenOf(id: string, f: Finding): string {
	const item = /^\/shipment\/items\/(\d+)/.exec(f.pointer ?? '');
	return `/trader/drafts/${id}${item ? `/items/${Number(item[1]) + 1}` : ''}`;
}
function placeOf(f: Finding): string {
	const item = /^\/shipment\/items\/(\d+)/.exec(f.pointer ?? '');
	return item ? t('item.number', Number(item[1]) + 1) : t('edit.whole');
}
function nearestField(pointer: string): string {
	for (const end of ['', '/value', '/id', '/country', '/name', '/0/id', '/0/count', '/0/country', '/0/requested', '/code'])
		if (document.getElementById(fieldId(pointer + end)))
			return fieldId(pointer + end);
	return fieldId(pointer);
}
const severities = { error: 'red', warning: 'yellow', info: 'grey' } as const;
export function Findings({ findings, draftId }: { findings: Finding[]; draftId?: string }) {
	return (
		<ul class="findings">
			{findings.map((f, i) => (
				<li key={i}>
					<Tag tone={severities[f.severity]}>{word('severity', f.severity)}</Tag>{' '}
					<span class="muted">{placeOf(f)}</span>
					<div dir="auto">{draftId
						? <a class="govuk-link" href={screenOf(draftId, f)} onClick={(e) => { e.preventDefault(); goToField(screenOf(draftId, f), nearestField(f.pointer ?? '')); }}>{f.text}</a>
						: f.text}</div>
				</li>
			))}
		</ul>
	);
}

/* ---- what would be due ---- */

export function Receipt({ taxes, total, currency }: { taxes: Tax[]; total: string; currency: string }) {
	const items = new Set(taxes.map((x) => x.item));
	return (
		<table class="govuk-table receipt-table">
			<caption class="govuk-visually-hidden">{t('pay.title')}</caption>
			<thead class="govuk-visually-hidden"><tr><th scope="col">{t('pay.levy')}</th><th scope="col">{t('pay.amount')}</th></tr></thead>
			<tbody>
				{taxes.map((x, i) => (
					<tr key={i} class="govuk-table__row">
						<th scope="row" class="govuk-table__header">{nameOf('levy', x.type)}{items.size > 1 && <span class="muted"> · {t('item.number', x.item)}</span>}
							<span class="law"><bdi dir="ltr">{x.rate}</bdi>{x.source ? <bdi>{x.source}</bdi> : null}</span></th>
						<td class="govuk-table__cell">{x.state === 'due' ? <Money value={x.amount} /> : <span class="muted">{t('pay.not-due')}</span>}</td>
					</tr>
				))}
			</tbody>
			<tfoot><tr><th scope="row">{t('pay.total')}</th><td><Money value={total} currency={currency} /></td></tr></tfoot>
		</table>
	);
}

export function PayPanel() {
	const x = trial.value;
	const errors = x?.findings.filter((f) => f.severity === 'error').length ?? 0;
	return (
		<aside class="pay-panel" aria-labelledby="pay-title">
			<h2 class="govuk-heading-m" id="pay-title">{t('pay.title')}</h2>
			<div aria-live="polite" aria-busy={trying.value ? 'true' : undefined}>
				{x?.taxes.length ? <Receipt taxes={x.taxes} total={x.total.amount} currency={x.total.currency} /> : <p class="govuk-body">{t('pay.nothing')}</p>}
				{errors > 0 && <p class="govuk-body-s">{t('pay.sharper', errors)}</p>}
			</div>
			{trialProblem.value && <p class="govuk-body-s" role="alert">{t('pay.unknown')}</p>}
			<p class="muted govuk-body-s">{keeps.value ? t('draft.saved', clock(new Date(draft.value?.saved ?? Date.now()))) : t('draft.not-saved')}</p>
		</aside>
	);
}
