/* What waits for somebody of the company: cases that ask for something, drafts, and what to pay. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { listen } from '../app/live';
import { Code, Empty, Money, ProblemNote, Status, Time, toast, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { listCases, needs, party, type Case } from './cases';
import { discard, listDrafts, restore, text, type Draft } from './draft';

function TaskRow({ c }: { c: Case }) {
	return (
		<li class="task">
			<a class="govuk-link task__link" href={`/trader/declarations/${encodeURIComponent(c.reference)}`}><Code>{c.reference}</Code>{c.trader_reference && <> <bdi>{c.trader_reference}</bdi></>}</a>
			<span class="task__what">{needs(c).map((n) => word('next', n)).join(' · ')}{c.reply_by && <> · <Time at={c.reply_by} near /></>}{needs(c).includes('pay') && c.due && <> · <Money value={c.due} currency={c.currency} /></>}</span>
			<Status state={c.state} needs />
		</li>
	);
}

function Drafts() {
	const drafts = listDrafts();
	if (!drafts.length)
		return null;
	function remove(d: Draft): void {
		discard(d.id);
		toast(t('draft.discarded'), () => restore(d));
	}
	return (
		<section aria-labelledby="s-drafts">
			<h2 class="govuk-heading-m" id="s-drafts">{t('draft.title')}</h2>
			<ul class="tasks">
				{drafts.map((d) => (
					<li class="task" key={d.id}>
						<a class="govuk-link task__link" href={`/trader/drafts/${d.id}`}>{d.amends ? t('edit.amend', d.amends.reference) : <bdi>{text(d.declaration, '/trader_reference') || text(d.declaration, '/shipment/items/0/commodity/description') || t('draft.untitled')}</bdi>}</a>
						<span class="task__what muted"><Time at={d.saved} near /></span>
						<button type="button" class="plain" onClick={() => remove(d)}>{t('draft.discard')}</button>
					</li>
				))}
			</ul>
			<p class="govuk-body-s muted">{t('draft.where')}</p>
		</section>
	);
}

export default function Today() {
	const [cases, setCases] = useState<Case[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('trader.nav.today'));
	const load = useCallback(() => void listCases('', 200).then((a) => setCases(a.cases), setProblem), []);
	useEffect(() => {
		load();
		if (!party())
			return;
		const live = listen({ party: party() }, load);
		return () => live.close();
	}, []);
	const tasks = cases?.filter((c) => needs(c).length) ?? [];
	const moving = cases?.filter((c) => !needs(c).length && ['accepted', 'assessed', 'detained', 'examination', 'documents-required'].includes(c.state)) ?? [];
	const pay = tasks.filter((c) => needs(c).includes('pay'));
	return (
		<>
			<div class="title-row"><h1 class="govuk-heading-l">{t('trader.nav.today')}</h1><a class="govuk-button" href="/trader/new" role="button" draggable={false}>{t('new.title')}</a></div>
			{problem ? <ProblemNote problem={problem} retry={load} /> : !cases ? <Waiting /> : (
				<>
					<dl class="figures">
						<div><dt>{t('today.needs')}</dt><dd><a href="/trader/declarations?state=needs">{tasks.length}</a></dd></div>
						<div><dt>{t('today.pay')}</dt><dd>{pay.length}</dd></div>
						<div><dt>{t('today.moving')}</dt><dd>{moving.length}</dd></div>
					</dl>
					<section aria-labelledby="s-tasks">
						<h2 class="govuk-heading-m" id="s-tasks">{t('today.tasks')}</h2>
						{tasks.length ? <ul class="tasks">{tasks.slice(0, 50).map((c) => <TaskRow key={c.reference} c={c} />)}</ul> : (
							<Empty title={t('trader.today.nothing')}>{!cases.length && <p class="govuk-body">{t('today.first')}</p>}</Empty>
						)}
					</section>
				</>
			)}
			<Drafts />
		</>
	);
}
