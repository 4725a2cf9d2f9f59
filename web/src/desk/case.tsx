/* One case: what was declared on the left, what proves it beside the fields, what can be done and why it was selected in the middle, what
 * happened on the right. It follows the stream: what another person does appears by itself. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, Problem } from '../app/api';
import { useTitle } from '../app/frame';
import { bind } from '../app/keys';
import { listen } from '../app/live';
import { Button, Code, Lane, Money, ProblemNote, Status, Timeline, toast, Waiting, type TimelineEntry } from '../app/parts';
import { moment, say, t, word } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { may, user } from '../app/session';
import { ActDialog, inOrder, resultAct } from './acts';
import { Correct } from './correct';
import { listCases, readCase, readDecision, type Case, type Decision, type Tax } from './cases';
import { PastBeside } from './past';
import { Fields, idOfPointer, PaperLink, pointerName, type Json, type Paper } from './fields';
import { Due, Facts, WaitsFor, Why } from './parts';

interface Step {
	at: string;
	version: number;
	act: string;
	by: string;
	given?: Record<string, unknown>;
	state: string;
	lane?: string;
}
interface Loaded {
	c: Case;
	decision: Decision | null;
	declared: { [name: string]: Json } | null;
	papers: Paper[];
	history: Step[];
}

/* What may not be read, or is erased, is left out. */
async function perhaps<T>(asked: Promise<T>, instead: T): Promise<T> {
	try {
		return await asked;
	} catch (e) {
		if (e instanceof Problem && (e.status === 403 || e.status === 404 || e.status === 410))
			return instead;
		throw e;
	}
}

async function load(reference: string): Promise<Loaded> {
	const path = `/api/v1/declarations/${encodeURIComponent(reference)}`;
	const [c, decision, declared, papers, history] = await Promise.all([
		readCase(reference),
		perhaps<Decision | null>(readDecision(reference), null),
		perhaps<{ [name: string]: Json } | null>(call(`${path}/declaration`), null),
		perhaps(call<{ documents: Paper[] }>(`${path}/documents`), { documents: [] }),
		perhaps(call<{ history: Step[] }>(`${path}/history`), { history: [] }),
	]);
	return { c, decision, declared, papers: papers.documents, history: history.history };
}

function useCase(reference: string) {
	const [loaded, setLoaded] = useState<Loaded | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const count = useRef(0);
	const read = () => {
		const mine = ++count.current;
		load(reference).then(
			(l) => {
				if (mine !== count.current)
					return;
				setLoaded(l);
				setProblem(null);
			},
			(e: unknown) => mine === count.current && setProblem(e),
		);
	};
	useEffect(read, [reference]);
	const office = loaded?.c.office;
	useEffect(() => {
		if (!office || !may('officer', 'supervisor'))
			return;
		const live = listen({ office }, (n) => n.reference === reference && read());
		return () => live.close();
	}, [office, reference]);
	return { loaded, problem, read };
}

/* What an act said: who, and the reason in their own words. */
function said(s: Step): string {
	const given = s.given ?? {};
	const words = ['result', 'code', 'lane', 'hold', 'agency', 'officer', 'who'].filter((k) => typeof given[k] === 'string' && given[k])
		.map((k) => (k === 'result' || k === 'lane' || k === 'hold' ? word(k, String(given[k])) : String(given[k])));
	return words.join(' · ');
}
function History({ of }: { of: Loaded }) {
	const entries: TimelineEntry[] = of.history.map((s, i) => ({
		id: String(i),
		at: s.at,
		title: <>{word('act', s.act)} <span class="muted">· <bdi>{s.by}</bdi></span></>,
		body: <>{said(s) && <p><bdi>{said(s)}</bdi></p>}{typeof s.given?.reason === 'string' && s.act !== 'allocate' && <p dir="auto" class="quote">{s.given.reason}</p>}<p class="muted">{word('state', s.state)}</p></>,
		tone: s.given?.result === 'irregular' || /detain|seize|refuse/.test(s.act) ? 'red' : /release|grant|check|examine/.test(s.act) ? 'green' : 'blue',
	}));
	if (of.c.decided_at)
		entries.unshift({ id: 'lodged', at: of.decision && of.history.length === 0 ? of.c.decided_at : (of.history[0]?.at ?? of.c.decided_at), title: t('desk.lodged'), body: undefined, tone: 'grey' });
	return <Timeline label={t('desk.history')} entries={entries.reverse()} />;
}

function Taxes({ of }: { of: Decision }) {
	const taxes = of.taxes ?? [];
	if (!taxes.length)
		return null;
	const line = (x: Tax, i: number) => (
		<tr key={i}>
			<td>{x.item}</td><th scope="row"><Code>{x.type}</Code></th><td><bdi dir="ltr">{x.rate}</bdi></td><td class="end"><Money value={x.amount} currency={x.currency} /></td>
		</tr>
	);
	return (
		<details class="section">
			<summary>{t('desk.taxes')} {of.total && <Money value={of.total.amount} currency={of.total.currency} />}</summary>
			<div class="scroll-x" role="region" tabIndex={0} aria-label={t('desk.taxes')}>
				<table class="dense"><thead><tr><th scope="col">{t('desk.tax.item')}</th><th scope="col">{t('desk.tax.type')}</th><th scope="col">{t('desk.tax.rate')}</th><th scope="col" class="end">{t('desk.tax.amount')}</th></tr></thead><tbody>{taxes.map(line)}</tbody></table>
			</div>
		</details>
	);
}

/* Who the case is with, so that nobody does what another is about to do. */
function WhoseTurn({ c }: { c: Case }) {
	if (c.examiner && c.examiner !== user.value)
		return <p class="note">{say('desk.with', <bdi key="e">{c.examiner}</bdi>)}</p>;
	if (c.examiner)
		return <p class="note note--mine">{t('desk.with-you')}</p>;
	return c.state === 'selected' ? <p class="note">{t('desk.with-nobody')}</p> : null;
}

function Control({ of, begin }: { of: Loaded; begin: (act: string) => void }) {
	const { c, decision } = of;
	const acts = inOrder(c.acts ?? []);
	const papers = ['tax-notice', ...(c.paid && !/^0(\.0+)?$/.test(c.paid) ? ['receipt'] : []), ...(c.state === 'released' || c.state === 'exited' ? ['release-note'] : [])];
	const main = resultAct(acts) ?? (['confirm-reroute', 'grant', 'decide-appeal'].find((a) => acts.includes(a)));
	return (
		<section class="control" aria-label={t('desk.control')}>
			<h2>{t('desk.control')}</h2>
			<WhoseTurn c={c} />
			{c.proposed && <p class="note">{say('desk.proposed', <Lane key="l" lane={c.proposed} />, <bdi key="p">{c.proposer}</bdi>)}</p>}
			{c.irregular && <p class="note note--bad">{t('desk.irregular.open')}</p>}
			{acts.length ? (
				<div class="acts">
					{acts.map((a) => (
						<button key={a} type="button" class={`govuk-button${a === main ? '' : ' govuk-button--secondary'}`} onClick={() => begin(a)}>
							{word('act', a)}{a === main && <kbd aria-hidden="true">x</kbd>}
						</button>
					))}
				</div>
			) : <p class="muted">{t('desk.nothing')}</p>}
			<Facts rows={[
				[t('desk.party'), c.party ? <Code>{c.party}</Code> : t('none')],
				[t('desk.waits'), <WaitsFor key="w" of={c} />],
				[t('desk.holds'), c.holds?.length ? c.holds.map((h) => word('hold', h)).join(', ') : t('none')],
				[t('list.due'), <Money key="d" value={c.due} currency={c.currency} />],
				[t('desk.paid'), <Money key="p" value={c.paid} currency={c.currency} />],
				...(c.reply_by ? [[t('desk.reply-by'), moment(c.reply_by)] as [string, string]] : []),
				...(c.secured_until ? [[t('desk.secured-until'), moment(c.secured_until)] as [string, string]] : []),
			]} />
			<p class="papers-of">{papers.map((p) => <a key={p} href={`/api/v1/declarations/${encodeURIComponent(c.reference)}/${p}.pdf`} target="_blank" rel="noopener">{word('paper', p)}</a>)}</p>
			{/* Why a case was selected, and what is known of the past, is for those who control it. */}
			{decision && c.lane && <><h2>{t('desk.why')}</h2><Why decision={decision} /><PastBeside c={c} /></>}
			{decision && <Taxes of={decision} />}
		</section>
	);
}

function Papers({ of, lit, setLit }: { of: Loaded; lit: string; setLit: (pointer: string) => void }) {
	return (
		<section class="papers" aria-label={t('desk.papers')}>
			<h2>{t('desk.papers')}</h2>
			{!of.papers.length && <p class="muted">{t('desk.papers.none')}</p>}
			<ul>
				{of.papers.map((p) => (
					<li key={p.number} onMouseEnter={() => setLit(p.pointer)} onMouseLeave={() => setLit('')}>
						<PaperLink reference={of.c.reference} p={p} />
						{p.pointer ? (
							<button type="button" class="plain" aria-pressed={lit === p.pointer ? 'true' : 'false'} onClick={() => { setLit(p.pointer); const e = document.getElementById(idOfPointer(p.pointer)) ?? document.querySelector(`[id^="${CSS.escape(idOfPointer(p.pointer))}-"]`); e?.scrollIntoView({ block: 'center' }); (e as HTMLElement | null)?.focus(); }}>
								{t('desk.papers.proves', pointerName(p.pointer))}
							</button>
						) : <span class="muted">{t('desk.papers.whole')}</span>}
					</li>
				))}
			</ul>
		</section>
	);
}

/* Where the list is that who is signed in comes from. */
const home = () => (may('officer', 'supervisor', 'auditor') ? '/desk' : may('cashier') ? '/desk/cashier' : '/desk/agency');

/* The next of one's own cases, other than this one. */
export async function nextCase(office: string, but: string): Promise<void> {
	const page = await listCases({ office, state: 'documents,inspection', mine: 'yes', order: 'lane', limit: 2 });
	const next = page.cases.find((c) => c.reference !== but);
	if (next)
		go(`/desk/declarations/${encodeURIComponent(next.reference)}`);
	else
		toast(t('desk.next.none'));
}

export default function CaseScreen({ params }: ScreenProps) {
	const reference = params.ref ?? '';
	const { loaded, problem, read } = useCase(reference);
	const [doing, setDoing] = useState('');
	const [lit, setLit] = useState('');
	const now = useRef(loaded);
	now.current = loaded;
	useTitle(reference);
	const back = () => go(`${home()}?at=${encodeURIComponent(reference)}`);
	const next = () => nextCase(now.current?.c.office ?? '', reference).catch((e: unknown) => toast(e instanceof Problem ? e.title : t('problem.unexpected')));
	useEffect(() => {
		const begin = (a: string | undefined) => (a && now.current?.c.acts?.includes(a) ? setDoing(a) : toast(t('desk.not-now')));
		return bind(
			{ keys: 'x', says: 'desk.key.result', run: () => begin(resultAct(now.current?.c.acts) ?? inOrder(now.current?.c.acts ?? [])[0]) },
			{ keys: 'q', says: 'desk.key.query', run: () => begin('query') },
			{ keys: 'o', says: 'desk.key.release', run: () => begin('release') },
			{ keys: 'l', says: 'desk.key.reroute', run: () => begin('reroute') },
			{ keys: 'n', says: 'desk.key.mine', run: () => void next() },
			{ keys: 'u', says: 'desk.key.back', run: back },
		);
	}, [reference]);
	if (problem && !loaded)
		return <><h1><Code>{reference}</Code></h1><ProblemNote problem={problem} retry={read} /><p><a href={home()}>{t('desk.back')}</a></p></>;
	if (!loaded)
		return <Waiting />;
	const { c, decision } = loaded;
	return (
		<div class="case">
			<div class="bar case__head">
				<a href={`${home()}?at=${encodeURIComponent(reference)}`}>{t('desk.back')}</a>
				<h1><Code>{c.reference}</Code></h1>
				{c.lane && <Lane lane={c.lane} />} <Status state={c.state} needs={!!c.acts?.some((a) => resultAct([a]))} /> <Due of={c} />
				<span class="muted"><bdi>{c.type}</bdi> · <bdi>{c.trader_reference}</bdi>{c.version > 1 ? ` · ${t('desk.version', c.version)}` : ''}</span>
				{may('officer', 'supervisor') && <span class="bar__end"><Button kind="secondary" onPress={() => next()}>{t('desk.next')} <kbd aria-hidden="true">n</kbd></Button></span>}
			</div>
			{problem ? <ProblemNote problem={problem} retry={read} /> : null}
			<div class="case__parts">
				<Control of={loaded} begin={setDoing} />
				<div class="case__declared">
					<Papers of={loaded} lit={lit} setLit={setLit} />
					<h2>{t('desk.declared')}</h2>
					{loaded.declared ? <Fields declared={loaded.declared} marks={{ papers: loaded.papers, findings: decision?.findings ?? [], reference, lit }} /> : <p class="muted">{t('desk.declared.none')}</p>}
				</div>
				<section class="case__history" aria-label={t('desk.history')}><h2>{t('desk.history')}</h2><History of={loaded} /></section>
			</div>
			{doing === 'correct' && loaded.declared && <Correct of={c} declared={loaded.declared} decision={decision} close={() => setDoing('')} done={() => { setDoing(''); read(); }} />}
			{doing && doing !== 'correct' && <ActDialog key={doing} name={doing} of={c} close={() => setDoing('')} done={() => { setDoing(''); read(); }} />}
		</div>
	);
}
