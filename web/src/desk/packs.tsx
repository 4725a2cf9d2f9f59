/* Candidates for the tariff: proposed by one, put in force by another. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Empty, Field, ProblemNote, Table, Tag, Time, Waiting, type Tone } from '../app/parts';
import { day, t, word } from '../app/phrases';
import { go } from '../app/router';
import { may } from '../app/session';
import type { Candidate } from './pack';

export const tones: Record<string, Tone> = { proposed: 'yellow', approved: 'green', refused: 'red', withdrawn: 'grey' };
const PAGE = 200;

export default function Packs() {
	const [list, setList] = useState<Candidate[] | null>(null);
	const [whole, setWhole] = useState(true);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('desk.nav.packs'));
	const more = () => call<{ candidates: Candidate[] }>(`/api/v1/packs${query({ before: list?.at(-1)?.number })}`).then((a) => {
		setList([...(list ?? []), ...a.candidates]);
		setWhole(a.candidates.length < PAGE);
	}, setProblem);
	useEffect(() => void more(), []);
	return (
		<>
			<h1>{t('desk.nav.packs')}</h1>
			<p>{t('desk.packs.why')}</p>
			{problem ? <ProblemNote problem={problem} /> : !list ? <Waiting /> : !list.length ? <Empty title={t('desk.packs.none')} /> : (
				<Table caption={t('desk.nav.packs')} quiet head={[t('desk.pack.number'), t('list.state'), t('desk.pack.from'), t('desk.pack.reason'), t('desk.pack.by'), t('desk.pack.decided')]}>
					{list.map((c) => (
						<tr key={c.number} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><a href={`/desk/packs/${c.number}`}>{c.number}</a></th>
							<td class="govuk-table__cell"><Tag tone={tones[c.state] ?? 'blue'}>{word('candidate', c.state)}</Tag></td>
							<td class="govuk-table__cell">{c.from_day ? day(c.from_day) : t('desk.pack.at-once')}</td>
							<td class="govuk-table__cell"><span dir="auto">{c.reason}</span></td>
							<td class="govuk-table__cell"><bdi>{c.proposed_by}</bdi><br /><Time at={c.proposed_at} /></td>
							<td class="govuk-table__cell">{c.decided_by && <><bdi>{c.decided_by}</bdi><br /></>}{c.decided_at && <Time at={c.decided_at} />}</td>
						</tr>
					))}
				</Table>
			)}
			{!whole && <Button kind="secondary" onPress={more}>{t('more')}</Button>}
			{may('tariff') && <Propose />}
		</>
	);
}

function Propose() {
	const [reason, setReason] = useState('');
	const [from, setFrom] = useState('');
	const [problem, setProblem] = useState<unknown>(null);
	const file = useRef<HTMLInputElement>(null);
	const [missing, setMissing] = useState(false);
	const send = async () => {
		const tar = file.current?.files?.[0];
		setMissing(!tar || !reason.trim());
		setProblem(null);
		if (!tar || !reason.trim())
			return;
		try {
			const c = await call<Candidate>(`/api/v1/packs${query({ reason: reason.trim(), 'valid-from': from })}`, { body: tar, type: 'application/x-tar' });
			go(`/desk/packs/${c.number}`);
		} catch (e) {
			setProblem(e);
		}
	};
	return (
		<form class="narrow" onSubmit={(e) => { e.preventDefault(); void send(); }}>
			<h2>{t('desk.pack.propose')}</h2>
			{problem ? <ProblemNote problem={problem} /> : null}
			<div class="govuk-form-group">
				<label class="govuk-label" for="c-file">{t('desk.pack.file')}</label>
				<div class="govuk-hint" id="c-file-hint">{t('desk.pack.file.hint')}</div>
				<input id="c-file" ref={file} type="file" accept=".tar,application/x-tar" aria-describedby="c-file-hint" />
			</div>
			<Field id="c-reason" label={t('desk.pack.reason')} value={reason} onInput={setReason} max={200} error={missing ? t('desk.pack.missing') : undefined} />
			<Field id="c-from" type="date" label={t('desk.pack.from')} hint={t('desk.pack.from.hint')} value={from} onInput={setFrom} />
			<Button onPress={send}>{t('desk.pack.propose')}</Button>
		</form>
	);
}
