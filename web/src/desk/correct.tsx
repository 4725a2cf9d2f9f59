/* A version that customs writes: each field with what was declared and what is right, side by side; and, before anything is sent, what it does
 * to duty. The amendment is made of the places whose values differ. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { amendable, amendmentOf, difference, put } from '../app/amend';
import { call, Problem } from '../app/api';
import { useOnce } from '../app/once';
import { Button, Code, Dialog, ErrorSummary, Field, Money, problemText, toast, type Fault } from '../app/parts';
import { known, t, word } from '../app/phrases';
import { choices } from '../trader/lists';
import { act, type Case, type Decision, type Finding, type Tax } from './cases';
import { fieldName, type Json } from './fields';

interface Leaf {
	pointer: string;
	group: string; /* of which place: an item, or a part of the declaration */
	names: string[];
	value: string;
}
interface Trial {
	sound: boolean;
	findings: Finding[];
	taxes?: Tax[];
	total?: { amount: string; currency: string };
}
type Group = { [name: string]: Json };

const WAIT_MS = 500;
const REPLY_DAYS = 10; /* to reply, unless somebody says otherwise */

/* Every value of a declaration that an amendment can change. */
function leavesOf(v: Json, pointer: string, names: string[], group: string, to: Leaf[]): void {
	if (typeof v === 'string')
		to.push({ pointer, group, names, value: v });
	else if (Array.isArray(v))
		v.forEach((x, i) => leavesOf(x, `${pointer}/${i}`, v.length > 1 ? [...names, String(i + 1)] : names, group, to));
	else if (typeof v === 'object' && v !== null)
		for (const [name, x] of Object.entries(v))
			if (name !== 'sequence')
				leavesOf(x, `${pointer}/${name}`, name === 'value' ? names : [...names, name], group, to);
}
function allLeaves(d: Group): Leaf[] {
	const to: Leaf[] = [];
	for (const name of amendable) {
		const v = d[name];
		if (v === undefined)
			continue;
		if (name !== 'shipment' || typeof v !== 'object' || v === null || Array.isArray(v)) {
			leavesOf(v, `/${name}`, [name], '', to);
			continue;
		}
		const items = Array.isArray(v.items) ? v.items : [];
		items.forEach((x, i) => leavesOf(x, `/shipment/items/${i}`, [], String(i + 1), to));
		leavesOf({ ...v, items: [] }, '/shipment', [], '', to);
	}
	return to;
}
const nameOf = (l: Leaf) => l.names.map(fieldName).join(' › ');
const idOf = (pointer: string) => `c${pointer.replaceAll('/', '-')}`;

/* What would be due, asked of the hub after each pause of typing. */
function useTrial(after: Json, changed: boolean) {
	const [trial, setTrial] = useState<Trial | null>(null);
	const [problem, setProblem] = useState('');
	const text = JSON.stringify(after);
	useEffect(() => {
		setTrial(null);
		if (!changed)
			return;
		const stop = new AbortController();
		const timer = setTimeout(() => {
			call<Trial>('/api/v1/declarations/check', { json: after, signal: stop.signal }).then(
				(x) => {
					setTrial(x);
					setProblem('');
				},
				(e: unknown) => e instanceof Problem && setProblem(problemText(e)),
			);
		}, WAIT_MS);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [text, changed]);
	return { trial, problem };
}

/* Of each kind of levy: before, after, and what lies between. */
function Effect({ before, trial }: { before: Decision | null; trial: Trial }) {
	const old = before?.total?.amount ?? '0';
	const now = trial.total?.amount ?? '0';
	const currency = trial.total?.currency ?? before?.total?.currency;
	const worst = trial.findings.filter((f) => f.severity === 'error');
	return (
		<div role="status">
			<table class="dense">
				<caption class="govuk-visually-hidden">{t('desk.correct.effect')}</caption>
				<thead><tr><td /><th scope="col" class="end">{t('desk.correct.before')}</th><th scope="col" class="end">{t('desk.correct.after')}</th><th scope="col" class="end">{t('desk.correct.difference')}</th></tr></thead>
				<tbody><tr><th scope="row">{t('desk.taxes')}</th><td class="end"><Money value={old} currency={currency} /></td><td class="end"><Money value={now} currency={currency} /></td><td class="end"><b><Money value={difference(now, old)} currency={currency} /></b></td></tr></tbody>
			</table>
			{worst.map((f) => <p key={f.rule + f.text} class="found found--error"><b>{word('severity', f.severity)}</b> <span dir="auto">{f.text}</span> <Code>{f.rule}</Code></p>)}
		</div>
	);
}

export function Correct({ of, declared, decision, close, done }: { of: Case; declared: Group; decision: Decision | null; close: () => void; done: () => void }) {
	const leaves = useMemo(() => allLeaves(declared), [declared]);
	const [given, setGiven] = useState<Record<string, string>>({});
	const [wanted, setWanted] = useState('');
	const [code, setCode] = useState('');
	const [reason, setReason] = useState('');
	const [until, setUntil] = useState(() => new Date(Date.now() + REPLY_DAYS * 86_400_000 - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16));
	const [faults, setFaults] = useState<Fault[]>([]);
	const [problem, setProblem] = useState('');
	const once = useOnce();
	const changes = leaves.filter((l) => given[l.pointer] !== undefined && given[l.pointer]!.trim() !== l.value);
	const after = changes.reduce<unknown>((d, l) => put(d, l.pointer, given[l.pointer]!.trim()), declared) as Group;
	const { trial, problem: unsure } = useTrial(after, changes.length > 0);
	const find = wanted.trim().toLowerCase();
	const groups = [...new Set(leaves.map((l) => l.group))].sort((a, b) => (a === '' ? 1 : b === '' ? -1 : Number(a) - Number(b)));
	const seen = (l: Leaf) => !find || nameOf(l).toLowerCase().includes(find) || l.value.toLowerCase().includes(find);

	async function send(): Promise<void> {
		const found: Fault[] = [];
		if (!changes.length)
			found.push({ field: 'c-find', text: t('desk.correct.nothing') });
		if (!code)
			found.push({ field: 'c-code', text: t('desk.correct.code.missing') });
		if (!reason.trim())
			found.push({ field: 'c-reason', text: t('desk.missing.reason') });
		if (!(Date.parse(until) > Date.now()))
			found.push({ field: 'c-until', text: t('desk.missing.until') });
		setFaults(found);
		setProblem('');
		if (found.length)
			return;
		const declaration = amendmentOf(declared, after, { key: `C${once.key.slice(0, 20)}`, reference: of.reference, reason: code });
		try {
			await act(of.reference, 'correct', { declaration, reason: reason.trim(), until: new Date(until).toISOString() }, once.key);
		} catch (e) {
			const refused = e instanceof Problem && typeof e.body.refusal === 'string' ? e.body.refusal : '';
			const texts = e instanceof Problem && Array.isArray(e.body.findings) ? (e.body.findings as Finding[]).map((f) => [f.rule, f.pointer, f.text].filter(Boolean).join(' ')).join('; ') : '';
			setProblem(texts || (refused && known('refusal', refused) ? word('refusal', refused) : e instanceof Problem && e.detail ? e.detail : problemText(e)));
			once.failed(e);
			return;
		}
		toast(t('desk.done', word('act', 'correct'), of.reference));
		done();
	}
	return (
		<Dialog title={`${word('act', 'correct')} · ${of.reference}`} onClose={close}>
			<form class="correct" noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
				<ErrorSummary faults={faults}>{problem && <p dir="auto">{problem}</p>}</ErrorSummary>
				<Field id="c-find" type="search" label={t('desk.correct.find')} value={wanted} onInput={setWanted} max={60} />
				{groups.map((g) => {
					const rows = leaves.filter((l) => l.group === g && seen(l));
					return rows.length ? (
						<details key={g} class="section" open={g === '1' || !!find}>
							<summary>{g ? t('desk.item', Number(g)) : t('desk.fields.head')}</summary>
							{rows.map((l) => (
								<div key={l.pointer} class={`correct__row${changes.includes(l) ? ' correct__row--changed' : ''}`}>
									<span class="correct__old" dir="auto"><span class="govuk-visually-hidden">{t('desk.correct.declared')}: </span>{l.value}</span>
									<Field id={idOf(l.pointer)} label={nameOf(l)} value={given[l.pointer] ?? l.value} onInput={(v) => setGiven({ ...given, [l.pointer]: v })} max={512} />
								</div>
							))}
						</details>
					) : null;
				})}
				<section class="correct__changes" aria-label={t('desk.correct.changes')}>
					<h3>{t('desk.correct.changes')}</h3>
					{changes.length ? (
						<table class="dense">
							<thead><tr><th scope="col">{t('desk.correct.field')}</th><th scope="col">{t('desk.correct.declared')}</th><th scope="col">{t('desk.correct.right')}</th></tr></thead>
							<tbody>{changes.map((l) => <tr key={l.pointer}><th scope="row">{l.group ? `${t('desk.item', Number(l.group))} › ` : ''}{nameOf(l)}</th><td><del dir="auto">{l.value}</del></td><td><ins dir="auto">{given[l.pointer]!.trim() || t('none')}</ins></td></tr>)}</tbody>
						</table>
					) : <p class="muted">{t('desk.correct.none')}</p>}
					{trial ? <Effect before={decision} trial={trial} /> : changes.length > 0 && <p class="muted" role="status">{unsure || t('desk.correct.asking')}</p>}
					<p class="muted">{t('desk.correct.hint')}</p>
				</section>
				<Field id="c-code" label={t('desk.correct.code')} value={code} onInput={setCode} choices={choices('amendment_reason', code, t('none'))} error={faults.find((f) => f.field === 'c-code')?.text} />
				<Field id="c-reason" label={t('desk.input.reason')} rows={3} max={2000} value={reason} onInput={setReason} error={faults.find((f) => f.field === 'c-reason')?.text} />
				<Field id="c-until" label={t('desk.reply-by')} value={until} onInput={setUntil} inputProps={{ type: 'datetime-local' }} error={faults.find((f) => f.field === 'c-until')?.text} />
				<div class="buttons">
					<Button onPress={send}>{word('act', 'correct')}</Button>
					<Button kind="secondary" onPress={close}>{t('cancel')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
