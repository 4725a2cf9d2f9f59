/* One's password and tokens, the company's people and notification addresses, and who may declare in its name. */
import { useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Check, Code, Field, Tag, Time, toast, Waiting } from '../app/parts';
import { day, t, word } from '../app/phrases';
import { may, me, signOut } from '../app/session';
import { ChoosePassword } from '../app/sign-in';
import { party } from './cases';
import { People } from './people';
import { Secret, Section, useList } from './section';


function Tokens() {
	const tokens = useList<{ id: string; name: string; scopes: string[]; expires_at: string; used_on?: string }>('/api/v1/tokens', 'tokens');
	const [name, setName] = useState('');
	const [scopes, setScopes] = useState<string[]>(['read', 'submit']);
	const [days, setDays] = useState('90');
	const [made, setMade] = useState('');
	const [fault, setFault] = useState('');
	async function make(): Promise<void> {
		setFault(name.trim() ? '' : t('token.name.missing'));
		if (name.trim())
			await tokens.act(async () => {
				setMade((await call<{ token: string }>('/api/v1/tokens', { json: { name: name.trim(), scopes, days: Number(days) } })).token);
				setName('');
			});
	}
	return (
		<Section id="s-tokens" title={t('token.title')} problem={tokens.problem}>
			<p class="govuk-body">{t('token.what')}</p>
			{made && <Secret what={t('token.made')} value={made} close={() => setMade('')} />}
			{!tokens.list ? <Waiting /> : (
				<ul class="tasks">
					{tokens.list.map((x) => (
						<li class="task" key={x.id}><span><strong><bdi>{x.name}</bdi></strong> <span class="muted">{x.scopes.map((s) => word('scope', s)).join(', ')}</span></span>
							<span class="task__what muted">{t('token.until', day(x.expires_at))}{x.used_on ? ` · ${t('token.used', day(x.used_on))}` : ''}</span>
							<button type="button" class="plain" onClick={() => void tokens.act(() => call(`/api/v1/tokens/${encodeURIComponent(x.id)}`, { method: 'DELETE' }))}>{t('token.revoke')}<span class="govuk-visually-hidden"> {x.name}</span></button></li>
					))}
				</ul>
			)}
			<form noValidate onSubmit={(e) => { e.preventDefault(); void make(); }}>
				<Field id="f-token-name" label={t('token.name')} hint={t('token.name.hint')} value={name} onInput={setName} max={60} width={20} error={fault || undefined} />
				<fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend">{t('token.scopes')}</legend>
					{(me.value?.scopes ?? []).map((s) => <Check key={s} label={word('scope', s)} checked={scopes.includes(s)} onChange={(on) => setScopes((old) => (on ? [...old, s] : old.filter((x) => x !== s)))} />)}
				</fieldset>
				<Field id="f-token-days" label={t('token.days')} value={days} onInput={setDays} choices={['7', '30', '90', '365'].map((d) => ({ value: d, name: d }))} width={4} />
				<Button type="submit" kind="secondary">{t('token.make')}</Button>
			</form>
		</Section>
	);
}

function Hooks() {
	const whose = query({ party: party() });
	const hooks = useList<{ id: number; url: string; state: string; last_error?: string }>(`/api/v1/hooks${whose}`, 'hooks');
	const [url, setUrl] = useState('');
	const [secret, setSecret] = useState('');
	return (
		<Section id="s-hooks" title={t('hook.title')} problem={hooks.problem}>
			<p class="govuk-body">{t('hook.what')}</p>
			{secret && <Secret what={t('hook.secret')} value={secret} close={() => setSecret('')} />}
			<ul class="tasks">
				{hooks.list?.map((h) => (
					<li class="task" key={h.id}><bdi class="long" dir="ltr">{h.url}</bdi><span class="task__what"><Tag tone={h.state === 'active' ? 'green' : 'red'}>{word('hook', h.state)}</Tag> {h.last_error && <span class="muted" dir="auto" lang="en">{h.last_error}</span>}</span>
						<span>{h.state !== 'active' && <button type="button" class="plain" onClick={() => void hooks.act(() => call(`/api/v1/hooks/${h.id}/replay${whose}`, { method: 'POST' }))}>{t('hook.replay')}</button>} <button type="button" class="plain" onClick={() => void hooks.act(() => call(`/api/v1/hooks/${h.id}${whose}`, { method: 'DELETE' }))}>{t('remove')}<span class="govuk-visually-hidden"> {h.url}</span></button></span></li>
				))}
			</ul>
			<form class="search" noValidate onSubmit={(e) => { e.preventDefault(); if (url) void hooks.act(async () => { setSecret((await call<{ secret: string }>(`/api/v1/hooks${whose}`, { json: { url } })).secret); setUrl(''); }); }}>
				<Field id="f-hook" label={t('hook.url')} hint={t('hook.hint')} type="url" value={url} onInput={setUrl} code max={1000} />
				<Button type="submit" kind="secondary">{t('hook.add')}</Button>
			</form>
		</Section>
	);
}

function Authorities() {
	const authorities = useList<{ id: number; party: string; broker: string; from: string; to: string; revoked_at?: string }>('/api/v1/authorities', 'authorities');
	const today = new Date().toISOString().slice(0, 10);
	const [broker, setBroker] = useState('');
	const [to, setTo] = useState('');
	return (
		<Section id="s-auth" title={t('auth.title')} problem={authorities.problem}>
			<p class="govuk-body">{t('auth.what')}</p>
			<ul class="tasks">
				{authorities.list?.map((a) => (
					<li class="task" key={a.id}><span><Code>{a.party}</Code> → <Code>{a.broker}</Code></span><span class="task__what muted">{day(a.from)} – {day(a.to)}</span>
						{a.revoked_at ? <span class="muted">{t('auth.ended')} <Time at={a.revoked_at} near /></span>
							: <button type="button" class="plain" onClick={() => void authorities.act(() => call(`/api/v1/authorities/${a.id}`, { method: 'DELETE' }))}>{t('auth.end')}<span class="govuk-visually-hidden"> {a.broker}</span></button>}</li>
				))}
			</ul>
			{may('trader') && (
				<form noValidate onSubmit={(e) => { e.preventDefault(); void authorities.act(() => call('/api/v1/authorities', { json: { party: party(), broker: broker.trim(), from: today, to } })); }}>
					<Field id="f-broker" label={t('auth.broker')} value={broker} onInput={setBroker} code max={35} width={20} />
					<Field id="f-broker-to" label={t('auth.to')} type="date" value={to} onInput={setTo} width={10} />
					<Button type="submit" kind="secondary">{t('auth.grant')}</Button>
				</form>
			)}
		</Section>
	);
}

export default function Company() {
	useTitle(t('trader.nav.company'));
	const who = me.value;
	const [round, setRound] = useState(0);
	return (
		<>
			<h1 class="govuk-heading-l">{t('trader.nav.company')}</h1>
			<p class="govuk-body"><bdi>{who?.user}</bdi> · {who?.roles.map((r) => word('role', r)).join(', ')} · {who?.parties.map((p) => <><Code>{p}</Code> </>)}</p>
			{may('company-administrator') && <People />}
			<Tokens />
			<Hooks />
			<Authorities />
			<ChoosePassword key={round} done={() => { setRound(round + 1); toast(t('password.done')); }} />
			<Button kind="secondary" onPress={() => signOut(true)}>{t('signout.everywhere')}</Button>
		</>
	);
}
