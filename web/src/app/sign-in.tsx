/* Signing in, where somebody is; a first password is exchanged for one's own before anything else. */
import { useState } from 'preact/hooks';
import { Problem } from './api';
import { Button, ErrorSummary, Field, problemText, type Fault } from './parts';
import { t } from './phrases';
import { changePassword, leaveForProvider, signIn, user } from './session';

const provider = document.getElementById('app')?.dataset.provider === 'yes';

/* What every form here does: says what is missing, sends, and says what came of it. */
function useForm(check: () => Fault[], send: () => Promise<void>) {
	const [faults, setFaults] = useState<Fault[]>([]);
	const [problem, setProblem] = useState<string>('');
	const [busy, setBusy] = useState(false);
	async function submit(e: Event): Promise<void> {
		e.preventDefault();
		if (busy)
			return;
		const found = check();
		setFaults(found);
		setProblem('');
		if (found.length)
			return;
		setBusy(true);
		try {
			await send();
		} catch (why) {
			setProblem(why instanceof Problem && why.id === 'sign-in' ? t('signin.wrong') : why instanceof Problem && why.id === 'invalid' ? why.detail : problemText(why));
		}
		setBusy(false);
	}
	const of = (id: string) => faults.find((f) => f.field === id)?.text;
	return { faults, problem, busy, submit, of };
}

export function SignIn({ again, title }: { again?: boolean; title: string }) {
	const [login, setLogin] = useState('');
	const [password, setPassword] = useState('');
	const form = useForm(
		() => [...(login ? [] : [{ field: 'f-login', text: t('signin.login.missing') }]), ...(password ? [] : [{ field: 'f-password', text: t('signin.password.missing') }])],
		() => signIn(login.trim(), password),
	);
	return (
		<form class="narrow" onSubmit={(e) => void form.submit(e)} noValidate>
			<ErrorSummary faults={form.faults}>{form.problem && <p>{form.problem}</p>}</ErrorSummary>
			<h1 class="govuk-heading-l">{title}</h1>
			{again && <p class="govuk-body">{t('signin.again')}</p>}
			<Field id="f-login" label={t('signin.login')} value={login} onInput={setLogin} error={form.of('f-login')} autocomplete="username" code max={100} />
			<Field id="f-password" label={t('signin.password')} type="password" value={password} onInput={setPassword} error={form.of('f-password')} autocomplete="current-password" max={200} />
			<Button type="submit" disabled={form.busy}>{t('signin.button')}</Button>
			{provider && <p class="govuk-body"><button type="button" class="govuk-button govuk-button--secondary" onClick={leaveForProvider}>{t('signin.provider')}</button></p>}
		</form>
	);
}

const SHORTEST = 12;

export function ChoosePassword({ first, done }: { first?: boolean; done?: () => void }) {
	const [old, setOld] = useState('');
	const [chosen, setChosen] = useState('');
	const [again, setAgain] = useState('');
	const form = useForm(
		() => [
			...(old ? [] : [{ field: 'f-old', text: t('signin.password.missing') }]),
			...([...chosen].length >= SHORTEST ? [] : [{ field: 'f-chosen', text: t('password.short', SHORTEST) }]),
			...(chosen === again ? [] : [{ field: 'f-again', text: t('password.differs') }]),
		],
		async () => {
			await changePassword(old, chosen);
			done?.();
		},
	);
	return (
		<form class="narrow" onSubmit={(e) => void form.submit(e)} noValidate>
			<ErrorSummary faults={form.faults}>{form.problem && <p dir="auto">{form.problem}</p>}</ErrorSummary>
			{first ? <h1 class="govuk-heading-l">{t('password.first')}</h1> : <h2 class="govuk-heading-m">{t('password.title')}</h2>}
			{first && <p class="govuk-body">{t('password.why')}</p>}
			<input type="text" name="username" autocomplete="username" value={user.value} hidden readOnly />
			<Field id="f-old" label={t('password.old')} type="password" value={old} onInput={setOld} error={form.of('f-old')} autocomplete="current-password" max={200} />
			<Field id="f-chosen" label={t('password.new')} hint={t('password.hint', SHORTEST)} type="password" value={chosen} onInput={setChosen} error={form.of('f-chosen')} autocomplete="new-password" max={200} />
			<Field id="f-again" label={t('password.again')} type="password" value={again} onInput={setAgain} error={form.of('f-again')} autocomplete="new-password" max={200} />
			<Button type="submit" disabled={form.busy}>{t('password.button')}</Button>
		</form>
	);
}
