/* All declarations of a company, the newest first; what is looked for stands in the address. */
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Field, Money, ProblemNote, Status, Table, Time, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { setQuery, type ScreenProps } from '../app/router';
import { chosenParty, listCases, needs, party, type Case } from './cases';
import { me } from '../app/session';

const states = ['accepted', 'documents-required', 'examination', 'queried', 'assessed', 'released', 'detained', 'seized', 'rejected', 'cancelled', 'exited'];
const AT_ONCE = 200;
/* How many are looked through for a filter before somebody is asked whether to go on. */
const MOST = 1000;

function fits(c: Case, words: string, state: string): boolean {
	const text = `${c.reference} ${c.trader_reference ?? ''}`.toLowerCase();
	return (!state || (state === 'needs' ? needs(c).length > 0 : c.state === state)) && words.toLowerCase().split(/\s+/).every((w) => text.includes(w));
}

export default function Declarations({ query }: ScreenProps) {
	const words = query.get('q') ?? '';
	const state = query.get('state') ?? '';
	const whose = query.get('party') ?? '';
	const [cases, setCases] = useState<Case[] | null>(null);
	const [after, setAfter] = useState<string | undefined>();
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('trader.nav.declarations'));
	const parties = (me.value?.parties ?? []).filter((p) => p !== '*');
	if (whose && parties.includes(whose))
		chosenParty.value = whose;
	async function load(from?: string): Promise<void> {
		setProblem(null);
		try {
			let page = await listCases(from, AT_ONCE);
			const more = [...page.cases];
			while (page.after && (words || state) && more.length < MOST) {
				page = await listCases(page.after, AT_ONCE);
				more.push(...page.cases);
			}
			setCases((old) => [...(from ? (old ?? []) : []), ...more]);
			setAfter(page.after);
		} catch (e) {
			setProblem(e);
		}
	}
	useEffect(() => void load(), [whose, !!(words || state)]);
	const found = cases?.filter((c) => fits(c, words, state)) ?? [];
	return (
		<>
			<div class="title-row"><h1 class="govuk-heading-l">{t('trader.nav.declarations')}</h1><a class="govuk-button" href="/trader/new" role="button" draggable={false}>{t('new.title')}</a></div>
			<form class="ask" role="search" onSubmit={(e) => e.preventDefault()}>
				<div class="row">
					<Field id="f-q" label={t('list.search')} type="search" value={words} onInput={(q) => setQuery({ q }, { replace: true })} max={100} />
					<Field id="f-state" label={t('list.state')} value={state} onInput={(s) => setQuery({ state: s })} choices={[{ value: '', name: t('list.any') }, { value: 'needs', name: t('list.needs') }, ...states.map((s) => ({ value: s, name: word('state', s) }))]} />
					{parties.length > 1 && <Field id="f-party" label={t('list.party')} value={party()} onInput={(p) => setQuery({ party: p })} choices={parties.map((p) => ({ value: p, name: p }))} />}
				</div>
			</form>
			{problem ? <ProblemNote problem={problem} retry={() => void load()} /> : !cases ? <Waiting /> : !cases.length ? (
				<Empty title={t('trader.list.nothing')}><p class="govuk-body"><a class="govuk-link" href="/trader/new">{t('new.title')}</a></p></Empty>
			) : (
				<>
					<p class="govuk-body muted" role="status">{t('list.found', found.length)}</p>
					{found.length > 0 && (
						<Table caption={t('trader.nav.declarations')} quiet head={[t('list.reference'), t('list.state'), t('list.next'), t('list.due'), t('list.when')]}>
							{found.map((c) => (
								<tr key={c.reference} class="govuk-table__row">
									<th scope="row" class="govuk-table__header"><a class="govuk-link" href={`/trader/declarations/${encodeURIComponent(c.reference)}`}><Code>{c.reference}</Code></a>{c.trader_reference && <span class="law"><bdi>{c.trader_reference}</bdi></span>}</th>
									<td class="govuk-table__cell"><Status state={c.state} needs={needs(c).length > 0} /></td>
									<td class="govuk-table__cell">{(c.next ?? []).map((n) => word('next', n)).join(' · ')}</td>
									<td class="govuk-table__cell">{c.due && <Money value={c.due} currency={c.currency} />}</td>
									<td class="govuk-table__cell">{c.decided_at && <Time at={c.decided_at} near />}</td>
								</tr>
							))}
						</Table>
					)}
					{after && <Button kind="secondary" onPress={() => load(after)}>{t('more')}</Button>}
				</>
			)}
		</>
	);
}
