/* What is known of the company and of the goods of a case, and the newest cases of each at this office. */
import { useEffect, useState } from 'preact/hooks';
import { Code, Lane, Time } from '../app/parts';
import { number, t, word } from '../app/phrases';
import { listCases, readPast, type Case, type Known, type Past } from './cases';

const NEWEST = 6; /* cases of each */

function Counts({ of }: { of: Known }) {
	return <>{t('desk.past', of.declared, of.controlled, of.irregular)}</>;
}

/* Asked for when somebody opens it. */
function Newest({ of, by, label, all }: { of: Case; by: Record<string, string>; label: string; all: string }) {
	const [cases, setCases] = useState<Case[] | null>(null);
	const read = () => void (cases || listCases({ office: of.office, ...by, order: 'newest', limit: NEWEST }).then((p) => setCases(p.cases.filter((c) => c.reference !== of.reference)), () => setCases([])));
	return (
		<details class="newest" onToggle={(e) => e.currentTarget.open && read()}>
			<summary>{label}</summary>
			{cases && (cases.length ? (
				<ul>
					{cases.map((c) => (
						<li key={c.reference}>
							<a href={`/desk/declarations/${encodeURIComponent(c.reference)}`}><Code>{c.reference}</Code></a> <Lane lane={c.lane ?? 'none'} />
							<span class="muted"> {word('state', c.state)}{c.irregular ? ` · ${t('desk.irregular')}` : ''} {c.decided_at && <Time at={c.decided_at} near />}</span>
						</li>
					))}
				</ul>
			) : <p class="muted">{t('desk.past.no-others')}</p>)}
			<p><a href={all}>{t('desk.past.all')}</a></p>
		</details>
	);
}

export function PastBeside({ c }: { c: Case }) {
	const [past, setPast] = useState<Past | null>(null);
	useEffect(() => {
		setPast(null);
		// Without it the case is as good: what is not known is not shown.
		readPast(c.reference).then(setPast, () => undefined);
	}, [c.reference, c.version]);
	if (!past)
		return null;
	const list = (q: string) => `/desk?office=${encodeURIComponent(c.office ?? '')}&${q}&order=newest`;
	return (
		<>
			{past.trader && (
				<>
					<h2>{t('desk.past.title')}</h2>
					<p><Code>{past.trader.id}</Code> <Counts of={past.trader} /></p>
					{c.party && <Newest of={c} by={{ party: c.party }} label={t('desk.past.cases')} all={list(`party=${encodeURIComponent(c.party)}`)} />}
				</>
			)}
			<h2>{t('desk.past.goods')}</h2>
			{past.goods.map((g) => (
				<div key={g.commodity} class="past-goods">
					<p><Code>{g.commodity}</Code> <Counts of={g} />{g.by_trader && <span class="muted"> {t('desk.past.by-trader', number(g.by_trader.declared), number(g.by_trader.irregular))}</span>}</p>
					<Newest of={c} by={{ commodity: g.commodity }} label={t('desk.past.code-cases', g.commodity)} all={list(`commodity=${g.commodity}`)} />
				</div>
			))}
			{past.more && <p class="muted">{t('desk.past.more')}</p>}
		</>
	);
}
