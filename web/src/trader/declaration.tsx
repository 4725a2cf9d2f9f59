/* One declaration: where it stands, what happens next, what to do about it, and what happened, as it happens. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { listen, liveState, type Notification } from '../app/live';
import { Button, Code, Empty, Money, ProblemNote, Status, Summary, Time, Timeline, toast, Waiting, type TimelineEntry } from '../app/parts';
import { moment, t, word } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { Acts } from './acts';
import { needs, party, type Case } from './cases';
import { begin, type Finding, type Json, type Tax, type Total } from './draft';
import { Documents } from './documents';
import { copyCase } from './new';
import { Findings, Receipt } from './parts';

interface Answer {
	reference: string;
	version: number;
	state: string;
	findings: Finding[];
	taxes: Tax[];
	total?: Total;
	received_at: string;
}
interface Line {
	at: string;
	version: number;
	state: string;
	next: string[];
	due?: string;
	act?: string;
	reason?: string;
	code?: string;
	appeal?: string;
}
interface Shown {
	status: Case;
	answer: Answer;
	history: Line[];
}

const tones: Record<string, TimelineEntry['tone']> = { rejected: 'red', seized: 'red', detained: 'red', released: 'green', exited: 'green', cancelled: 'grey', 'documents-required': 'yellow', examination: 'yellow', queried: 'yellow' };

function entries(lines: Line[], currency: string): TimelineEntry[] {
	return lines.map((l, i) => ({
		id: `${l.at}-${i}`,
		at: l.at,
		tone: tones[l.state] ?? 'blue',
		title: word('state', l.state),
		body: (
			<>
				{l.version > 1 && (i === 0 || lines[i - 1]!.version !== l.version) && <div>{t('history.version', l.version)}</div>}
				{l.act && <div>{word('act', l.act)}</div>}
				{l.reason && <blockquote class="quote" dir="auto">{l.reason}</blockquote>}
				{l.due && l.due !== (lines[i - 1]?.due ?? '') && <div>{t('list.due')}: <Money value={l.due} currency={currency} /></div>}
			</>
		),
	})).reverse();
}

export default function Declaration({ params, query: asked }: ScreenProps) {
	const reference = params.ref ?? '';
	const path = `/api/v1/declarations/${encodeURIComponent(reference)}`;
	const [shown, setShown] = useState<Shown | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(reference);
	const load = useCallback(async () => {
		try {
			const [status, answer, history] = await Promise.all([
				call<Case>(`${path}/status`),
				call<Answer>(path),
				call<{ history: Line[] }>(`${path}/history`),
			]);
			setShown({ status, answer, history: history.history });
			setProblem(null);
		} catch (e) {
			setProblem(e);
		}
	}, [path]);
	useEffect(() => void load(), [load]);
	useEffect(() => {
		const whose = party();
		if (!whose)
			return;
		const live = listen({ party: whose }, (n: Notification) => {
			if (n.reference === reference)
				void load();
		});
		return () => live.close();
	}, [reference, load]);
	if (problem && !shown)
		return <><h1 class="govuk-heading-l"><Code>{reference}</Code></h1><ProblemNote problem={problem} retry={() => void load()} /></>;
	if (!shown)
		return <Waiting />;
	const { status, answer } = shown;
	const mine = needs(status);
	const done = asked.get('done');
	const rejected = status.state === 'rejected';
	const open = !['rejected', 'cancelled', 'exited', 'abandoned', 'destroyed', 'sold'].includes(status.state);

	async function amend(): Promise<void> {
		const before = await call<Json>(`${path}/declaration`);
		const d = begin(before, { amends: { reference, version: status.version, before, reason: '28' } });
		go(`/trader/drafts/${d.id}`);
	}
	return (
		<>
			{done && (
				<div class="govuk-panel govuk-panel--confirmation" role="status">
					<div class="govuk-panel__title">{t(done === 'amended' ? 'done.amended' : 'done.new')}</div>
					<div class="govuk-panel__body">{t('done.reference')}<br /><strong><Code>{reference}</Code></strong></div>
				</div>
			)}
			<h1 class="govuk-heading-l"><Code>{reference}</Code> <Status state={status.state} needs={mine.length > 0} /></h1>
			<p class="live muted" role="status">{liveState.value !== 'off' && <><span class={`dot dot--${liveState.value}`} aria-hidden="true" /> {word('live', liveState.value)}</>}</p>
			<section class="next" aria-labelledby="s-next">
				<h2 class="govuk-heading-m" id="s-next">{t('next.title')}</h2>
				{status.next?.length ? <ul class="govuk-list govuk-list--bullet">{status.next.map((n) => <li key={n}>{word('next', n)}</li>)}</ul> : <p class="govuk-body">{t('next.none')}</p>}
				{status.reply_by && <p class="govuk-body">{t('next.reply-by')} <strong><Time at={status.reply_by} /></strong> (<Time at={status.reply_by} near />)</p>}
				{rejected && <Button onPress={() => copyCase(reference, true)}>{t('act.correct')}</Button>}
				<Acts status={status} reference={reference} question={[...shown.history].reverse().find((l) => l.act === 'query')?.reason} done={(said) => { toast(said); void load(); }} />
			</section>
			<Summary rows={[
				{ key: t('list.own'), value: <bdi>{status.trader_reference || t('not-given')}</bdi> },
				{ key: t('edit.type'), value: <Code>{status.type ?? ''}</Code> },
				{ key: t('decl.version'), value: String(status.version) },
				{ key: t('decl.received'), value: moment(answer.received_at) },
				{ key: t('list.due'), value: <Money value={status.due ?? '0'} currency={status.currency} /> },
				{ key: t('decl.paid'), value: <Money value={status.paid ?? '0'} currency={status.currency} /> },
			]} />
			{answer.findings.length > 0 && <section aria-labelledby="s-find"><h2 class="govuk-heading-m" id="s-find">{t('decl.findings')}</h2><Findings findings={answer.findings} /></section>}
			{answer.taxes?.length > 0 && answer.total && <section aria-labelledby="s-tax"><h2 class="govuk-heading-m" id="s-tax">{t('decl.taxes')}</h2><Receipt taxes={answer.taxes} total={answer.total.amount} currency={answer.total.currency} /></section>}
			{!rejected && <Documents path={path} open={open} />}
			<section aria-labelledby="s-history"><h2 class="govuk-heading-m" id="s-history">{t('history.title')}</h2>
				{shown.history.length ? <Timeline label={t('history.title')} entries={entries(shown.history, status.currency ?? '')} /> : <Empty title={t('none')} />}
			</section>
			<section aria-labelledby="s-more" class="no-print"><h2 class="govuk-heading-m" id="s-more">{t('decl.more')}</h2>
				<div class="govuk-button-group">
					<Button kind="secondary" onPress={() => copyCase(reference, false)}>{t('act.copy')}</Button>
					{open && <Button kind="secondary" onPress={amend}>{t('act.amend')}</Button>}
					<Button kind="secondary" onPress={() => print()}>{t('act.print')}</Button>
				</div>
				<Why path={path} />
			</section>
			<p class="govuk-body no-print"><a class="govuk-link" href={`/trader/declarations${query({})}`}>{t('decl.back')}</a></p>
		</>
	);
}

/* The hub's own explanation: what is asked, by which law, and how to disagree. */
function Why({ path }: { path: string }) {
	const [said, setSaid] = useState<{ text: string; language: string } | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [open, setOpen] = useState(false);
	return (
		<details class="govuk-details" onToggle={(e) => { setOpen(e.currentTarget.open); if (e.currentTarget.open && !said) call<{ text: string; language: string }>(`${path}/explanation`).then(setSaid, setProblem); }}>
			<summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t('why.title')}</span></summary>
			<div class="govuk-details__text">{problem ? <ProblemNote problem={problem} /> : !open ? null : said ? <pre lang={said.language} dir="auto" tabIndex={0}>{said.text}</pre> : <Waiting />}</div>
		</details>
	);
}
