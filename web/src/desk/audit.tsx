/* Who looked at what, and whether the store is what it says: for auditors. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Field, ProblemNote, Table, Time, Waiting } from '../app/parts';
import { number, t, word } from '../app/phrases';
import { setQuery, type ScreenProps } from '../app/router';

interface Access {
	id: number;
	at: string;
	user: string;
	purpose: string;
	view: string;
	reference?: string;
	office?: string;
	request?: string;
}
interface Audit {
	state: string;
	kind?: string;
	done?: number;
	faults?: { reference?: string; text: string }[] | number;
	[name: string]: unknown;
}

const PAGE = 100;

function Accesses({ user, reference }: { user: string; reference: string }) {
	const [list, setList] = useState<Access[] | null>(null);
	const [whole, setWhole] = useState(true);
	const [problem, setProblem] = useState<unknown>(null);
	const more = async (from: Access[]) => {
		try {
			const page = await call<{ accesses: Access[] }>(`/api/v1/accesses${query({ user, reference, before: from.at(-1)?.id, limit: PAGE })}`);
			setList([...from, ...page.accesses]);
			setWhole(page.accesses.length < PAGE);
			setProblem(null);
		} catch (e) {
			setProblem(e);
		}
	};
	useEffect(() => void more([]), [user, reference]);
	if (problem)
		return <ProblemNote problem={problem} />;
	if (!list)
		return <Waiting />;
	if (!list.length)
		return <Empty title={t('desk.audit.none')} />;
	return (
		<>
			<Table caption={t('desk.audit.looks')} quiet head={[t('desk.audit.at'), t('desk.audit.user'), t('desk.audit.purpose'), t('desk.audit.view'), t('desk.audit.of'), t('desk.audit.request')]}>
				{list.map((a) => (
					<tr key={a.id} class="govuk-table__row">
						<td class="govuk-table__cell"><Time at={a.at} /></td>
						<td class="govuk-table__cell"><bdi>{a.user}</bdi></td>
						<td class="govuk-table__cell">{word('purpose', a.purpose)}</td>
						<td class="govuk-table__cell">{word('view', a.view)}</td>
						<td class="govuk-table__cell"><Code>{[a.office, a.reference].filter(Boolean).join(' ')}</Code></td>
						<td class="govuk-table__cell"><Code>{a.request ?? ''}</Code></td>
					</tr>
				))}
			</Table>
			{!whole && <Button kind="secondary" onPress={() => more(list)}>{t('more')}</Button>}
		</>
	);
}

/* Runs in the hub; this only asks how far it is. */
function Proof() {
	const [audit, setAudit] = useState<Audit | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const timer = useRef(0);
	useEffect(() => () => clearTimeout(timer.current), []);
	const follow = async (id: number) => {
		try {
			const a = await call<Audit>(`/api/v1/audits/${id}`);
			setAudit(a);
			if (a.state === 'running')
				timer.current = setTimeout(() => void follow(id), 1000) as unknown as number;
		} catch (e) {
			setProblem(e);
		}
	};
	const start = async (kind: string) => {
		setProblem(null);
		try {
			await follow((await call<{ id: number }>('/api/v1/audits', { json: { kind } })).id);
		} catch (e) {
			setProblem(e);
		}
	};
	const faults = Array.isArray(audit?.faults) ? audit.faults : [];
	return (
		<section>
			<h2>{t('desk.audit.proof')}</h2>
			<p>{t('desk.audit.proof.why')}</p>
			<div class="buttons"><Button onPress={() => start('verify')}>{t('desk.audit.verify')}</Button><Button kind="secondary" onPress={() => start('replay')}>{t('desk.audit.replay')}</Button></div>
			{problem ? <ProblemNote problem={problem} /> : null}
			{audit && (
				<div role="status" class={`note${faults.length ? ' note--bad' : ''}`}>
					<p>{word('audit', audit.state)}{typeof audit.done === 'number' ? ` · ${number(audit.done)}` : ''}</p>
					{audit.state !== 'running' && <p>{t('desk.audit.faults', faults.length)}</p>}
					{faults.length > 0 && <ul>{faults.map((f, i) => <li key={i}><Code>{f.reference ?? ''}</Code> <span dir="auto">{f.text}</span></li>)}</ul>}
				</div>
			)}
		</section>
	);
}

export default function AuditScreen({ query: q }: ScreenProps) {
	const [user, setUser] = useState(q.get('user') ?? '');
	const [reference, setReference] = useState(q.get('reference') ?? '');
	useTitle(t('desk.nav.audit'));
	return (
		<>
			<h1>{t('desk.nav.audit')}</h1>
			<h2>{t('desk.audit.looks')}</h2>
			<form class="filters__row" onSubmit={(e) => { e.preventDefault(); setQuery({ user: user.trim(), reference: reference.trim() }); }}>
				<Field id="x-user" label={t('desk.audit.user')} code value={user} onInput={setUser} max={100} />
				<Field id="x-reference" label={t('list.reference')} code value={reference} onInput={setReference} max={70} />
				<Button type="submit" kind="secondary">{t('desk.find.button')}</Button>
			</form>
			<Accesses user={q.get('user') ?? ''} reference={q.get('reference') ?? ''} />
			<Proof />
		</>
	);
}
