/* The people of the company, for its own administrator: who is there, one more, another first password, the end of somebody's work here. */
import { useState } from 'preact/hooks';
import { call } from '../app/api';
import { Button, Check, Code, ErrorSummary, Field, Tag, toast, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { me } from '../app/session';
import { Secret, Section, useList } from './section';

interface Person {
	login: string;
	name: string;
	roles: string[];
	parties: string[];
	disabled: boolean;
	must_change_password: boolean;
}

function Row({ p, act, told }: { p: Person; act: (what: () => Promise<unknown>) => Promise<void>; told: (password: string) => void }) {
	const path = `/api/v1/people/${encodeURIComponent(p.login)}`;
	const own = p.login === me.value?.user;
	const name = <span class="govuk-visually-hidden"> {p.login}</span>;
	const set = (disabled: boolean) => act(() => call(path, { method: 'PATCH', json: { disabled } }));
	async function disable(): Promise<void> {
		await set(true);
		toast(t('people.disabled', p.login), () => void set(false));
	}
	return (
		<li class="task">
			<span><strong><bdi>{p.login}</bdi></strong>{p.name && <> <bdi>{p.name}</bdi></>}</span>
			<span class="task__what">{p.roles.map((r) => word('role', r)).join(', ')}{p.parties.length > 1 && p.parties.map((x) => <> <Code>{x}</Code></>)}
				{p.disabled ? <> <Tag tone="grey">{t('people.off')}</Tag></> : p.must_change_password ? <> <Tag tone="yellow">{t('people.waiting')}</Tag></> : null}</span>
			<span class="card__actions">
				{own ? <span class="muted">{t('people.you')}</span> : p.disabled
					? <button type="button" class="plain" onClick={() => void set(false)}>{t('people.enable')}{name}</button>
					: <>
						<button type="button" class="plain" onClick={() => void act(async () => told((await call<{ password: string }>(`${path}/password`, { method: 'POST' })).password))}>{t('people.reset')}{name}</button>
						<button type="button" class="plain" onClick={() => void disable()}>{t('people.disable')}{name}</button>
					</>}
			</span>
		</li>
	);
}

function Add({ act, told }: { act: (what: () => Promise<unknown>) => Promise<void>; told: (password: string) => void }) {
	const mine = me.value?.roles ?? [];
	const companies = (me.value?.parties ?? []).filter((x) => x !== '*');
	const trades = mine.filter((r) => r !== 'company-administrator');
	const [login, setLogin] = useState('');
	const [name, setName] = useState('');
	const [roles, setRoles] = useState(trades);
	const [parties, setParties] = useState(companies);
	const [faults, setFaults] = useState<{ field: string; text: string }[]>([]);
	const fault = (field: string) => faults.find((f) => f.field === field)?.text;
	const toggle = (list: string[], x: string, on: boolean) => (on ? [...list, x] : list.filter((y) => y !== x));
	async function add(): Promise<void> {
		const found = [
			...(/^[a-z0-9][a-z0-9._@-]{1,63}$/.test(login.trim()) ? [] : [{ field: 'f-person-login', text: t('people.login.missing') }]),
			...(roles.some((r) => trades.includes(r)) ? [] : [{ field: `f-role-${trades[0]}`, text: t('people.roles.missing') }]),
			...(parties.length ? [] : [{ field: `f-company-${companies[0]}`, text: t('people.companies.missing') }]),
		];
		setFaults(found);
		if (found.length)
			return;
		await act(async () => {
			told((await call<{ password: string }>('/api/v1/people', { json: { login: login.trim(), ...(name.trim() ? { name: name.trim() } : {}), roles, parties } })).password);
			setLogin('');
			setName('');
		});
	}
	return (
		<form noValidate onSubmit={(e) => { e.preventDefault(); void add(); }}>
			<ErrorSummary faults={faults} />
			<Field id="f-person-login" label={t('signin.login')} hint={t('people.login.hint')} value={login} onInput={setLogin} code max={64} width={20} error={fault('f-person-login')} />
			<Field id="f-person-name" label={t('people.name')} value={name} onInput={setName} max={100} width={20} />
			<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">{t('people.roles')}</legend>
				{mine.map((r) => <Check key={r} id={`f-role-${r}`} label={word('role', r)} checked={roles.includes(r)} onChange={(on) => setRoles(toggle(roles, r, on))} />)}
			</fieldset>
			{companies.length > 1 && (
				<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">{t('people.companies')}</legend>
					{companies.map((x) => <Check key={x} id={`f-company-${x}`} label={<Code>{x}</Code>} checked={parties.includes(x)} onChange={(on) => setParties(toggle(parties, x, on))} />)}
				</fieldset>
			)}
			<Button type="submit" kind="secondary">{t('people.add')}</Button>
		</form>
	);
}

export function People() {
	const people = useList<Person>('/api/v1/people?limit=500', 'people');
	const [password, setPassword] = useState('');
	return (
		<Section id="s-people" title={t('people.title')} problem={people.problem}>
			<p class="govuk-body">{t('people.what')}</p>
			{password && <Secret what={t('people.password')} value={password} close={() => setPassword('')} />}
			{!people.list ? <Waiting /> : <ul class="tasks">{people.list.map((p) => <Row key={p.login} p={p} act={people.act} told={setPassword} />)}</ul>}
			<Add act={people.act} told={setPassword} />
		</Section>
	);
}
