/* Who examines at an office: cases are allocated by lot among those who are there. An officer says when; a supervisor says it for others, and
 * what they can do and with whom they have a conflict. */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Dialog, Empty, Field, ProblemNote, problemText, Table, Time, toast, Waiting } from '../app/parts';
import { t } from '../app/phrases';
import type { ScreenProps } from '../app/router';
import { may, user } from '../app/session';
import { now, officeOf } from './cases';

interface Entry {
	login: string;
	present_until: string;
	skills: string;
	conflicts: string;
}

const HOURS = 8;

function skillsIn(words: string): string {
	return words.split(' ').map((s) => t(s === 'documents' ? 'desk.skill.documents' : 'desk.skill.inspection')).join(', ');
}

export default function Roster({ query }: ScreenProps) {
	const office = officeOf(query.get('office'));
	const [list, setList] = useState<Entry[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [changing, setChanging] = useState<Entry | null>(null);
	const path = `/api/v1/offices/${encodeURIComponent(office)}/roster`;
	useTitle(t('desk.nav.roster'));
	const read = () => call<Entry[]>(path).then(setList, setProblem);
	useEffect(() => void (office && read()), [office]);
	const say = async (hours: number) => {
		try {
			await call(path, { json: { present_until: new Date(Date.now() + hours * 3_600_000).toISOString() } });
			toast(t(hours ? 'desk.roster.here' : 'desk.roster.gone'));
			await read();
		} catch (e) {
			toast(problemText(e));
		}
	};
	const there = (e: Entry) => Date.parse(e.present_until) > now.value;
	if (!office)
		return <Empty title={t('desk.no-office')} />;
	return (
		<>
			<div class="bar"><h1>{t('desk.nav.roster')} <span class="muted"><Code>{office}</Code></span></h1></div>
			<p>{t('desk.roster.why')}</p>
			{may('officer') && (
				<div class="buttons">
					<Button onPress={() => say(HOURS)}>{t('desk.roster.come', HOURS)}</Button>
					<Button kind="secondary" onPress={() => say(0)}>{t('desk.roster.leave')}</Button>
				</div>
			)}
			{problem ? <ProblemNote problem={problem} retry={() => void read()} /> : !list ? <Waiting /> : !list.length ? <Empty title={t('desk.roster.nobody')}><p>{t('desk.roster.nobody.hint')}</p></Empty> : (
				<Table caption={t('desk.nav.roster')} quiet head={[t('desk.roster.who'), t('desk.roster.until'), t('desk.roster.skills'), t('desk.roster.conflicts'), ...(may('supervisor') ? [<span key="c" class="govuk-visually-hidden">{t('change')}</span>] : [])]}>
					{list.map((e) => (
						<tr key={e.login} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><bdi>{e.login}</bdi>{e.login === user.value ? ` (${t('desk.you')})` : ''}</th>
							<td class="govuk-table__cell">{there(e) ? <Time at={e.present_until} /> : t('desk.roster.away')}</td>
							<td class="govuk-table__cell">{e.skills ? skillsIn(e.skills) : t('desk.skill.none')}</td>
							<td class="govuk-table__cell"><Code>{e.conflicts || '–'}</Code></td>
							{may('supervisor') && <td class="govuk-table__cell"><button type="button" class="small" onClick={() => setChanging(e)} aria-label={`${t('change')} ${e.login}`}>{t('change')}</button></td>}
						</tr>
					))}
				</Table>
			)}
			{may('supervisor') && <Button kind="secondary" onPress={() => setChanging({ login: '', present_until: '', skills: 'documents inspection', conflicts: '' })}>{t('desk.roster.add')}</Button>}
			{changing && <Change entry={changing} path={path} close={() => setChanging(null)} done={() => { setChanging(null); void read(); }} />}
		</>
	);
}

function Change({ entry, path, close, done }: { entry: Entry; path: string; close: () => void; done: () => void }) {
	const [login, setLogin] = useState(entry.login);
	const [hours, setHours] = useState(String(HOURS));
	const [skills, setSkills] = useState(entry.skills);
	const [conflicts, setConflicts] = useState(entry.conflicts);
	const [problem, setProblem] = useState<unknown>(null);
	const send = async () => {
		try {
			await call(path, { json: { login: login.trim(), present_until: new Date(Date.now() + (Number(hours) || 0) * 3_600_000).toISOString(), skills, conflicts: conflicts.trim() } });
			done();
		} catch (e) {
			setProblem(e);
		}
	};
	return (
		<Dialog title={t('desk.roster.change')} onClose={close}>
			<form onSubmit={(e) => { e.preventDefault(); void send(); }}>
				{problem ? <ProblemNote problem={problem} /> : null}
				<Field id="r-login" label={t('desk.roster.who')} code value={login} onInput={setLogin} max={100} />
				<Field id="r-hours" label={t('desk.roster.hours')} numeric width={3} value={hours} onInput={setHours} />
				<Field id="r-skills" label={t('desk.roster.skills')} value={skills} onInput={setSkills} choices={['', 'documents', 'inspection', 'documents inspection'].map((v) => ({ value: v, name: v ? skillsIn(v) : t('desk.skill.none') }))} />
				<Field id="r-conflicts" label={t('desk.roster.conflicts')} hint={t('desk.roster.conflicts.hint')} code value={conflicts} onInput={setConflicts} max={2000} />
				<div class="buttons"><Button onPress={send}>{t('save')}</Button><Button kind="secondary" onPress={close}>{t('cancel')}</Button></div>
			</form>
		</Dialog>
	);
}
