/* One's own password and tokens, where an office's notifications are delivered, and how much of these pages each language has. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Check, Code, Dialog, Empty, Field, ProblemNote, Table, Tag, Time, toast, Waiting } from '../app/parts';
import { number, t, translated, word } from '../app/phrases';
import { me, may } from '../app/session';
import { ChoosePassword } from '../app/sign-in';

interface Token {
	id: string;
	name: string;
	scopes: string[];
	made_at?: string;
	expires_at: string;
	used_on?: string;
}
interface Hook {
	id: number;
	url: string;
	state: string;
	last_error?: string;
	secret?: string;
	dead_letters?: number;
}

/* A secret is told once. */
function Told({ title, secret, close }: { title: string; secret: string; close: () => void }) {
	return (
		<Dialog title={title} onClose={close}>
			<p>{t('desk.token.once')}</p>
			<p class="secret"><Code>{secret}</Code></p>
			<div class="buttons">
				<Button onPress={() => navigator.clipboard?.writeText(secret).then(() => toast(t('desk.copied')), () => undefined)}>{t('desk.copy')}</Button>
				<Button kind="secondary" onPress={close}>{t('close')}</Button>
			</div>
		</Dialog>
	);
}

function Tokens() {
	const [tokens, setTokens] = useState<Token[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [name, setName] = useState('');
	const [days, setDays] = useState('90');
	const [scopes, setScopes] = useState<string[]>(['read']);
	const [told, setTold] = useState('');
	const read = () => call<{ tokens: Token[] }>('/api/v1/tokens').then((a) => setTokens(a.tokens), setProblem);
	useEffect(() => void read(), []);
	const make = async () => {
		setProblem(null);
		try {
			setTold((await call<{ token: string }>('/api/v1/tokens', { json: { name: name.trim(), scopes, days: Number(days) || 90 } })).token);
			setName('');
			await read();
		} catch (e) {
			setProblem(e);
		}
	};
	const end = (id: string) => call(`/api/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' }).then(read, setProblem);
	return (
		<section>
			<h2>{t('desk.tokens')}</h2>
			<p>{t('desk.tokens.why')}</p>
			{problem ? <ProblemNote problem={problem} /> : null}
			{!tokens ? <Waiting /> : tokens.length > 0 && (
				<Table caption={t('desk.tokens')} quiet head={[t('desk.token.name'), t('desk.token.scopes'), t('desk.token.until'), <span key="e" class="govuk-visually-hidden">{t('remove')}</span>]}>
					{tokens.map((x) => (
						<tr key={x.id} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><span dir="auto">{x.name || x.id}</span></th>
							<td class="govuk-table__cell"><Code>{x.scopes.join(' ')}</Code></td>
							<td class="govuk-table__cell"><Time at={x.expires_at} /></td>
							<td class="govuk-table__cell"><button type="button" class="small" aria-label={`${t('remove')} ${x.name || x.id}`} onClick={() => void end(x.id)}>{t('remove')}</button></td>
						</tr>
					))}
				</Table>
			)}
			<form class="narrow" onSubmit={(e) => { e.preventDefault(); void make(); }}>
				<Field id="t-name" label={t('desk.token.name')} value={name} onInput={setName} max={60} />
				<fieldset class="govuk-fieldset"><legend class="govuk-label">{t('desk.token.scopes')}</legend>
					{(me.value?.scopes ?? []).map((s) => <Check key={s} id={`t-${s}`} label={<Code>{s}</Code>} checked={scopes.includes(s)} onChange={(on) => setScopes(on ? [...scopes, s] : scopes.filter((x) => x !== s))} />)}
				</fieldset>
				<Field id="t-days" label={t('desk.token.days')} numeric width={4} value={days} onInput={setDays} />
				<Button onPress={make}>{t('desk.token.make')}</Button>
			</form>
			{told && <Told title={t('desk.token.made')} secret={told} close={() => setTold('')} />}
		</section>
	);
}

function Hooks({ office }: { office: string }) {
	const [hooks, setHooks] = useState<Hook[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [url, setUrl] = useState('');
	const [told, setTold] = useState('');
	const at = query({ office });
	const read = () => call<{ hooks: Hook[] }>(`/api/v1/hooks${at}`).then((a) => setHooks(a.hooks), setProblem);
	useEffect(() => void read(), [office]);
	const add = async () => {
		setProblem(null);
		try {
			setTold((await call<Hook>(`/api/v1/hooks${at}`, { json: { url: url.trim() } })).secret ?? '');
			setUrl('');
			await read();
		} catch (e) {
			setProblem(e);
		}
	};
	const each = (h: Hook, what: 'replay' | 'remove') => call(`/api/v1/hooks/${h.id}${what === 'replay' ? '/replay' : ''}${at}`, { method: what === 'replay' ? 'POST' : 'DELETE' }).then(read, setProblem);
	return (
		<section>
			<h2>{t('desk.hooks')} <span class="muted"><Code>{office}</Code></span></h2>
			<p>{t('desk.hooks.why')}</p>
			{problem ? <ProblemNote problem={problem} /> : null}
			{!hooks ? <Waiting /> : !hooks.length ? <Empty title={t('desk.hooks.none')} /> : (
				<Table caption={t('desk.hooks')} quiet head={[t('desk.hook.url'), t('list.state'), t('desk.hook.error'), <span key="a" class="govuk-visually-hidden">{t('change')}</span>]}>
					{hooks.map((h) => (
						<tr key={h.id} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><bdi class="code wrap" dir="ltr">{h.url}</bdi></th>
							<td class="govuk-table__cell"><Tag tone={h.state === 'stopped' ? 'red' : 'green'}>{word('hook', h.state)}</Tag></td>
							<td class="govuk-table__cell"><span dir="auto" lang="en">{h.last_error}</span></td>
							<td class="govuk-table__cell"><span class="buttons"><button type="button" class="small" onClick={() => void each(h, 'replay')}>{t('desk.hook.replay')}</button><button type="button" class="small" onClick={() => void each(h, 'remove')}>{t('remove')}</button></span></td>
						</tr>
					))}
				</Table>
			)}
			<form class="narrow" onSubmit={(e) => { e.preventDefault(); void add(); }}>
				<Field id="h-url" label={t('desk.hook.url')} type="url" code value={url} onInput={setUrl} max={1000} />
				<Button kind="secondary" onPress={add}>{t('desk.hook.add')}</Button>
			</form>
			{told && <Told title={t('desk.hook.made')} secret={told} close={() => setTold('')} />}
		</section>
	);
}

function LanguagesShown() {
	return (
		<section>
			<h2>{t('desk.languages')}</h2>
			<p>{t('desk.languages.why')}</p>
			<Table caption={t('desk.languages')} quiet head={[t('desk.language'), t('desk.language.texts'), t('desk.language.missing')]}>
				{translated.value.map((l) => (
					<tr key={l.language} class="govuk-table__row"><th scope="row" class="govuk-table__cell"><Code>{l.language}</Code></th><td class="govuk-table__cell">{number(l.texts)}</td><td class="govuk-table__cell">{number(l.missing)}</td></tr>
				))}
			</Table>
		</section>
	);
}

export default function Settings() {
	const [choosing, setChoosing] = useState(false);
	const office = me.value?.offices[0];
	useTitle(t('desk.nav.settings'));
	return (
		<>
			<h1>{t('desk.nav.settings')}</h1>
			<section>
				<h2>{t('password.title')}</h2>
				{choosing ? <ChoosePassword done={() => { setChoosing(false); toast(t('password.done')); }} /> : <Button kind="secondary" onPress={() => setChoosing(true)}>{t('password.title')}</Button>}
			</section>
			<Tokens />
			{office && may('officer', 'supervisor') && <Hooks office={office} />}
			<LanguagesShown />
		</>
	);
}
