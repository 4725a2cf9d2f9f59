/* One person: made, changed, given a new first password, put out. What the API refuses (roles that exclude each other, one's own roles) it says. */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Check, Code, Dialog, ErrorSummary, Field, ProblemNote, Summary, Time, toast, Waiting, type Fault } from '../app/parts';
import { t, word } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { may, user } from '../app/session';

export interface Person {
	login: string;
	name?: string;
	roles?: string[];
	offices?: string[];
	parties?: string[];
	agency?: string;
	disabled?: boolean;
	must_change_password?: boolean;
	created_at?: string;
	changed_at?: string;
}

const ROLES = ['officer', 'supervisor', 'cashier', 'analyst', 'auditor', 'agency', 'administrator', 'tariff', 'trader', 'broker', 'carrier', 'company-administrator'];
const ofOffices = (roles: string[]) => roles.some((r) => ['officer', 'supervisor', 'cashier'].includes(r));
const ofParties = (roles: string[]) => roles.some((r) => ['trader', 'broker', 'carrier'].includes(r));
const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/* A password is told once: whoever closes this has it. */
function Told({ login, password, close }: { login: string; password: string; close: () => void }) {
	return (
		<Dialog title={t('desk.person.told', login)} onClose={close}>
			<p>{t('desk.person.told.once')}</p>
			<p class="secret"><Code>{password}</Code></p>
			<div class="buttons">
				<Button onPress={() => navigator.clipboard?.writeText(password).then(() => toast(t('desk.copied')), () => undefined)}>{t('desk.copy')}</Button>
				<Button kind="secondary" onPress={close}>{t('close')}</Button>
			</div>
		</Dialog>
	);
}

export default function PersonScreen({ params }: ScreenProps) {
	const login = params.login ?? '';
	const isNew = login === '+';
	const [person, setPerson] = useState<Person | null>(isNew ? { login: '', roles: [] } : null);
	const [problem, setProblem] = useState<unknown>(null);
	const [told, setTold] = useState<{ login: string; password: string } | null>(null);
	const path = `/api/v1/people/${encodeURIComponent(login)}`;
	useTitle(isNew ? t('desk.people.add') : login);
	useEffect(() => {
		if (!isNew)
			call<{ person: Person }>(path).then((a) => setPerson(a.person), setProblem);
	}, [login]);
	if (problem && !person)
		return <ProblemNote problem={problem} />;
	if (!person)
		return <Waiting />;
	const change = async (members: Partial<Person>) => {
		try {
			setPerson((await call<{ person: Person }>(path, { method: 'PATCH', json: members })).person);
			toast(t('desk.person.changed', login));
			setProblem(null);
		} catch (e) {
			setProblem(e);
		}
	};
	const reset = async () => {
		try {
			const a = await call<{ person: Person; password: string }>(`${path}/password`, { method: 'POST' });
			setPerson(a.person);
			setTold({ login, password: a.password });
		} catch (e) {
			setProblem(e);
		}
	};
	const mayChange = may('administrator') && login !== user.value;
	return (
		<>
			<p><a href="/desk/people">{t('desk.people.back')}</a></p>
			<h1>{isNew ? t('desk.people.add') : <bdi>{login}</bdi>}</h1>
			{problem ? <ProblemNote problem={problem} /> : null}
			{!isNew && (
				<Summary rows={[
					{ key: t('list.state'), value: person.disabled ? t('desk.person.disabled') : person.must_change_password ? t('desk.person.first') : t('desk.person.active') },
					...(person.created_at ? [{ key: t('desk.person.made'), value: <Time at={person.created_at} /> }] : []),
					...(person.changed_at ? [{ key: t('desk.person.changed-at'), value: <Time at={person.changed_at} /> }] : []),
				]} />
			)}
			{mayChange && !isNew && (
				<div class="buttons">
					<Button kind="secondary" onPress={reset}>{t('desk.person.reset')}</Button>
					<Button kind={person.disabled ? 'secondary' : 'warning'} onPress={() => change({ disabled: !person.disabled })}>{t(person.disabled ? 'desk.person.enable' : 'desk.person.disable')}</Button>
				</div>
			)}
			{(mayChange || (isNew && may('administrator'))) && <Form key={person.changed_at} person={person} isNew={isNew} send={async (p) => {
				if (!isNew)
					return change(p);
				try {
					const a = await call<{ person: Person; password: string }>('/api/v1/people', { json: p });
					setTold({ login: a.person.login, password: a.password });
				} catch (e) {
					setProblem(e);
				}
			}} />}
			{told && <Told {...told} close={() => { setTold(null); if (isNew) go(`/desk/people/${encodeURIComponent(told.login)}`, { replace: true }); }} />}
		</>
	);
}

function Form({ person, isNew, send }: { person: Person; isNew: boolean; send: (p: Partial<Person>) => Promise<void> }) {
	const [login, setLogin] = useState(person.login);
	const [name, setName] = useState(person.name ?? '');
	const [roles, setRoles] = useState(person.roles ?? []);
	const [offices, setOffices] = useState((person.offices ?? []).join(' '));
	const [parties, setParties] = useState((person.parties ?? []).join(' '));
	const [agency, setAgency] = useState(person.agency ?? '');
	const [faults, setFaults] = useState<Fault[]>([]);
	const submit = async () => {
		const found: Fault[] = [
			...(isNew && !login.trim() ? [{ field: 'p-login', text: t('signin.login.missing') }] : []),
			...(roles.length ? [] : [{ field: 'p-role-officer', text: t('desk.person.roles.missing') }]),
			...(ofOffices(roles) && !words(offices).length ? [{ field: 'p-offices', text: t('desk.person.offices.missing') }] : []),
			...(ofParties(roles) && !words(parties).length ? [{ field: 'p-parties', text: t('desk.person.parties.missing') }] : []),
		];
		setFaults(found);
		if (found.length)
			return;
		await send({
			...(isNew ? { login: login.trim() } : {}),
			name: name.trim(), roles,
			offices: ofOffices(roles) ? words(offices) : [], parties: ofParties(roles) ? words(parties) : [],
			...(roles.includes('agency') ? { agency: agency.trim() } : {}),
		});
	};
	const of = (id: string) => faults.find((f) => f.field === id)?.text;
	return (
		<form class="narrow" onSubmit={(e) => { e.preventDefault(); void submit(); }} noValidate>
			<ErrorSummary faults={faults} />
			{isNew && <Field id="p-login" label={t('signin.login')} code value={login} onInput={setLogin} error={of('p-login')} max={64} />}
			<Field id="p-name" label={t('desk.person.name')} value={name} onInput={setName} max={100} />
			<fieldset class="govuk-fieldset">
				<legend class="govuk-label">{t('desk.person.roles')}</legend>
				{of('p-role-officer') && <p class="govuk-error-message">{of('p-role-officer')}</p>}
				{ROLES.map((r) => <Check key={r} id={`p-role-${r}`} label={word('role', r)} checked={roles.includes(r)} onChange={(on) => setRoles(on ? [...roles, r] : roles.filter((x) => x !== r))} />)}
			</fieldset>
			{ofOffices(roles) && <Field id="p-offices" label={t('desk.person.offices')} hint={t('desk.person.list')} code value={offices} onInput={setOffices} error={of('p-offices')} />}
			{ofParties(roles) && <Field id="p-parties" label={t('desk.person.parties')} hint={t('desk.person.list')} code value={parties} onInput={setParties} error={of('p-parties')} />}
			{roles.includes('agency') && <Field id="p-agency" label={t('desk.person.agency')} code value={agency} onInput={setAgency} />}
			<Button onPress={submit}>{t(isNew ? 'desk.people.make' : 'save')}</Button>
		</form>
	);
}
