/* What several screens of the desk show of a case. */
import type { ComponentChildren } from 'preact';
import { Code, Lane, Time } from '../app/parts';
import { number, t, word } from '../app/phrases';
import { deadlineOf, now, waitsFor, type Case, type Decision, type Reason } from './cases';

const MINUTE = 60_000;

/* What is left until a moment, or how long it is gone: "1 h 05", "3 d". */
function span(ms: number): string {
	const minutes = Math.floor(Math.abs(ms) / MINUTE);
	if (minutes >= 48 * 60)
		return t('desk.days', Math.floor(minutes / 1440));
	return minutes >= 60 ? t('desk.hours', String(Math.floor(minutes / 60)), String(minutes % 60).padStart(2, '0')) : t('desk.minutes', minutes);
}

/* A countdown where there is a deadline, else how long the case has waited. */
export function Due({ of }: { of: Case }) {
	const by = deadlineOf(of);
	if (!by)
		return of.decided_at ? <span class="due" title={of.decided_at}>{span(now.value - Date.parse(of.decided_at))}</span> : null;
	const left = Date.parse(by) - now.value;
	return (
		<span class={`due ${left < 0 ? 'due--late' : left < 60 * MINUTE ? 'due--soon' : 'due--left'}`} title={by}>
			{left < 0 ? t('desk.late', span(left)) : t('desk.left', span(left))}
		</span>
	);
}

export function WaitsFor({ of }: { of: Case }) {
	const who = waitsFor(of);
	if (who === 'examiner' && of.examiner)
		return <bdi>{of.examiner}</bdi>;
	return <>{t(`desk.waits.${who}`)}</>;
}

/* One line of why: what it weighs, and the words of the rule. */
function Because({ r }: { r: Reason }) {
	return (
		<li>
			<span class="why__weight"><bdi dir="ltr">{r.weight ? `+${number(r.weight)}` : '·'}</bdi></span>
			<span>
				<Lane lane={r.lane} /> <span dir="auto">{r.text || t('desk.why.by', word('reason', r.kind))}</span>
				<span class="muted"> · {word('reason', r.kind)} <Code>{r.id}</Code>{r.item ? ` · ${t('desk.item', r.item)}` : ''}{r.drawn ? ` · ${t('desk.why.drawn')}` : ''}</span>
			</span>
		</li>
	);
}
export function Why({ decision, most }: { decision: Decision; most?: number }) {
	const reasons = [...(decision.reasons ?? [])].sort((a, b) => b.weight - a.weight);
	const shown = most ? reasons.slice(0, most) : reasons;
	if (!reasons.length)
		return <p class="muted">{t('desk.why.none')}</p>;
	return (
		<>
			{decision.score !== undefined && <p class="why__score">{t('desk.why.score', decision.score)}</p>}
			<ul class="why">{shown.map((r, i) => <Because key={i} r={r} />)}</ul>
			{shown.length < reasons.length && <p class="muted">{t('desk.why.more', reasons.length - shown.length)}</p>}
		</>
	);
}

/* What is known of the company from its cases before this one, in numbers. */
export function PartyPast({ decision }: { decision: Decision }) {
	const past = decision.facts?.importer;
	if (!past)
		return null;
	return <p>{t('desk.past', past.declared, past.selected, past.irregular)}</p>;
}

export function Facts({ rows }: { rows: [ComponentChildren, ComponentChildren][] }) {
	return <dl class="facts">{rows.map(([k, v], i) => <div key={i}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>;
}

export { Time };
