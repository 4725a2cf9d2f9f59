/* What another agency has to do with cases: those that wait for it, all that it was ever called in for, and the permits that it gave. It sees of a
 * case what the trader does. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Money, ProblemNote, Table, Time, Waiting } from '../app/parts';
import { day, t, word } from '../app/phrases';
import { setQuery, type ScreenProps } from '../app/router';
import { me } from '../app/session';
import { ActDialog } from './acts';
import { listCases, type Case } from './cases';
import { useList } from './list';

const VIEWS = ['waiting', 'all', 'permits'] as const;
const ACTS = ['lift-hold', 'place-hold'];

interface Permit {
	document?: string;
	number: string;
	holder?: string;
	until?: string;
}

function Permits({ agency }: { agency: string }) {
	const [list, setList] = useState<Permit[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useEffect(() => void call<{ accounts: Permit[] }>(`/api/v1/permits${query({ agency, limit: 200 })}`).then((a) => setList(a.accounts), setProblem), [agency]);
	if (problem)
		return <ProblemNote problem={problem} />;
	if (!list)
		return <Waiting />;
	if (!list.length)
		return <Empty title={t('desk.permits.none')}><p>{t('desk.permits.none.hint')}</p></Empty>;
	return (
		<Table caption={t('desk.agency.permits')} quiet head={[t('desk.permit.document'), t('desk.permit.number'), t('desk.party'), t('desk.filter.until')]}>
			{list.map((p) => (
				<tr key={`${p.document} ${p.number}`} class="govuk-table__row">
					<td class="govuk-table__cell"><Code>{p.document ?? ''}</Code></td>
					<th scope="row" class="govuk-table__cell"><Code>{p.number}</Code></th>
					<td class="govuk-table__cell"><Code>{p.holder ?? ''}</Code></td>
					<td class="govuk-table__cell">{p.until ? day(p.until) : ''}</td>
				</tr>
			))}
		</Table>
	);
}

function Cases({ waiting }: { waiting: boolean }) {
	const list = useList((after) => listCases({ waiting: waiting ? 'yes' : '', after, limit: 100 }), String(waiting));
	const [doing, setDoing] = useState<{ act: string; of: Case } | null>(null);
	if (list.problem)
		return <ProblemNote problem={list.problem} retry={list.begin} />;
	if (!list.rows)
		return <Waiting />;
	if (!list.rows.length)
		return <Empty title={t('desk.agency.none')}><p>{t('desk.agency.none.hint')}</p></Empty>;
	return (
		<>
			<Table caption={t(waiting ? 'desk.agency.waiting' : 'desk.agency.all')} quiet head={[t('list.reference'), t('desk.office'), t('desk.party'), t('list.state'), t('desk.agency.decided'), t('list.due'), <span key="a" class="govuk-visually-hidden">{t('desk.control')}</span>]}>
				{list.rows.map((c) => (
					<tr key={c.reference} class="govuk-table__row">
						<th scope="row" class="govuk-table__cell"><a href={`/desk/declarations/${encodeURIComponent(c.reference)}`}><Code>{c.reference}</Code></a></th>
						<td class="govuk-table__cell"><Code>{c.office ?? ''}</Code></td>
						<td class="govuk-table__cell"><Code>{c.party ?? ''}</Code></td>
						<td class="govuk-table__cell">{c.holds?.length ? t('desk.agency.waits') : word('state', c.state)}</td>
						<td class="govuk-table__cell">{c.decided_at && <Time at={c.decided_at} />}</td>
						<td class="govuk-table__cell"><Money value={c.due} currency={c.currency} /></td>
						<td class="govuk-table__cell"><span class="row-acts">{ACTS.filter((a) => c.acts?.includes(a) && (a === 'lift-hold') === !!c.holds?.length).map((a) => <button key={a} type="button" class="small" aria-label={`${t(`desk.agency.${a}` as 'desk.agency.lift-hold')} ${c.reference}`} onClick={() => setDoing({ act: a, of: c })}>{t(`desk.agency.${a}` as 'desk.agency.lift-hold')}</button>)}</span></td>
					</tr>
				))}
			</Table>
			{list.more && <Button kind="secondary" onPress={list.next}>{t('desk.more')}</Button>}
			{doing && <ActDialog key={doing.act + doing.of.reference} name={doing.act} of={doing.of} close={() => setDoing(null)} done={() => { setDoing(null); list.begin(); }} />}
		</>
	);
}

export default function Agency({ query: q }: ScreenProps) {
	const view = VIEWS.find((v) => v === q.get('view')) ?? 'waiting';
	const agency = me.value?.agency ?? '';
	useTitle(t('desk.nav.agency'));
	return (
		<>
			<div class="bar"><h1>{t('desk.nav.agency')} <span class="muted"><Code>{agency}</Code></span></h1></div>
			<nav class="views" aria-label={t('desk.views')}>
				<ul>{VIEWS.map((v) => <li key={v}><a href="#view" aria-current={v === view ? 'true' : undefined} onClick={(e) => { e.preventDefault(); setQuery({ view: v }); }}>{t(`desk.agency.${v}`)}</a></li>)}</ul>
			</nav>
			{view === 'permits' ? <Permits agency={agency} /> : <Cases key={view} waiting={view === 'waiting'} />}
		</>
	);
}
