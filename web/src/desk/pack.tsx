/* One candidate for the tariff: what it would change, and the decision of a second person. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Dialog, Field, ProblemNote, Summary, Tag, Time, toast, Waiting } from '../app/parts';
import { day, t, word } from '../app/phrases';
import type { ScreenProps } from '../app/router';
import { may, user } from '../app/session';
import { tones } from './packs';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export interface Candidate {
	number: number;
	state: string;
	pack: string;
	rules: string;
	lists: string;
	base?: { pack: string; rules: string; lists: string };
	from_day: string;
	proposed_by: string;
	proposed_at: string;
	reason: string;
	decided_by?: string;
	decided_at?: string;
	decided_reason?: string;
	reports?: Record<string, { at: string; report: Json }>;
}

/* A report as it is: members and lists, nested. */
function Report({ value }: { value: Json }) {
	if (Array.isArray(value))
		return value.length ? <ol class="report">{value.map((v, i) => <li key={i}><Report value={v} /></li>)}</ol> : <span class="muted">{t('none')}</span>;
	if (typeof value === 'object' && value !== null)
		return <dl class="report">{Object.entries(value).map(([k, v]) => <div key={k}><dt lang="en">{k.replaceAll('_', ' ')}</dt><dd><Report value={v} /></dd></div>)}</dl>;
	return <span dir="auto">{String(value)}</span>;
}

export default function Pack({ params }: ScreenProps) {
	const [c, setC] = useState<Candidate | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [doing, setDoing] = useState('');
	const path = `/api/v1/packs/${encodeURIComponent(params.number ?? '')}`;
	useTitle(t('desk.pack.title', params.number ?? ''));
	const read = () => call<Candidate>(path).then((a) => { setC(a); setProblem(null); }, setProblem);
	useEffect(() => void read(), [path]);
	if (!c)
		return problem ? <ProblemNote problem={problem} /> : <Waiting />;
	const own = c.proposed_by === user.value;
	const same = (part: 'pack' | 'rules' | 'lists') => c.base?.[part] === c[part];
	return (
		<>
			<p><a href="/desk/packs">{t('desk.packs.back')}</a></p>
			<h1>{t('desk.pack.title', String(c.number))} <Tag tone={tones[c.state] ?? 'blue'}>{word('candidate', c.state)}</Tag></h1>
			{problem ? <ProblemNote problem={problem} /> : null}
			<Summary rows={[
				{ key: t('desk.pack.reason'), value: <span dir="auto">{c.reason}</span> },
				{ key: t('desk.pack.from'), value: c.from_day ? day(c.from_day) : t('desk.pack.at-once') },
				{ key: t('desk.pack.by'), value: <><bdi>{c.proposed_by}</bdi>, <Time at={c.proposed_at} /></> },
				...(c.decided_by ? [{ key: t('desk.pack.decided'), value: <><bdi>{c.decided_by}</bdi>{c.decided_at && <>, <Time at={c.decided_at} /></>}{c.decided_reason && <> · <span dir="auto">{c.decided_reason}</span></>}</> }] : []),
				...(['pack', 'rules', 'lists'] as const).map((part) => ({ key: t(`desk.pack.${part}`), value: <><Code>{c[part].slice(0, 16)}</Code> <span class="muted">{t(same(part) ? 'desk.pack.same' : 'desk.pack.other')}</span></> })),
			]} />
			{c.state === 'proposed' && may('tariff') && (own
				? <><p class="note">{t('desk.pack.own')}</p><Button kind="secondary" onPress={() => setDoing('withdrawal')}>{t('desk.pack.withdraw')}</Button></>
				: <div class="buttons"><Button onPress={() => setDoing('approval')}>{t('desk.pack.approve')}</Button><Button kind="warning" onPress={() => setDoing('refusal')}>{t('desk.pack.refuse')}</Button></div>)}
			{Object.entries(c.reports ?? {}).map(([kind, r]) => (
				<details key={kind} class="section" open>
					<summary>{word('report', kind)} <span class="muted"><Time at={r.at} /></span></summary>
					<Report value={r.report} />
				</details>
			))}
			{doing && <Decide doing={doing} close={() => setDoing('')} send={async (reason) => {
				await call(`${path}/${doing}${query({ reason })}`, { method: 'POST' });
				setDoing('');
				toast(t('desk.pack.done'));
				await read();
			}} />}
		</>
	);
}

function Decide({ doing, close, send }: { doing: string; close: () => void; send: (reason: string) => Promise<void> }) {
	const [reason, setReason] = useState('');
	const [problem, setProblem] = useState<unknown>(null);
	const title = t(doing === 'approval' ? 'desk.pack.approve' : doing === 'refusal' ? 'desk.pack.refuse' : 'desk.pack.withdraw');
	const press = () => send(reason.trim()).catch(setProblem);
	return (
		<Dialog title={title} onClose={close}>
			<form onSubmit={(e) => { e.preventDefault(); void press(); }}>
				{problem ? <ProblemNote problem={problem} /> : null}
				<Field id="d-reason" label={t('desk.input.reason')} value={reason} onInput={setReason} rows={2} max={200} />
				<div class="buttons"><Button kind={doing === 'approval' ? undefined : 'warning'} onPress={press}>{title}</Button><Button kind="secondary" onPress={close}>{t('cancel')}</Button></div>
			</form>
		</Dialog>
	);
}
