/* What stands around every screen: header, languages, navigation, notices; and between them the screen of the address. An app is its name,
 * its navigation and its routes (web/README.md tells how a screen is added). */
import { effect, signal } from '@preact/signals';
import { render, type ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bind, helpOpen, startKeys } from './keys';
import { Button, Dialog, Empty, KeyHelp, ProblemNote, Toasts, Waiting } from './parts';
import { clock, gaps, language, loadPhrases, t, type Key } from './phrases';
import { arrivals, go, match, path, place, startRouter, type Route, type Screen } from './router';
import { ended, endsAt, me, returnPath, signOut, start, unreachable } from './session';
import { ChoosePassword, SignIn } from './sign-in';
import { startTour, TourCard, TourOffer, type Step } from './tour';

export interface App {
	name: string; /* "trader": its addresses begin with /trader */
	title: Key;
	signIn: Key; /* heading of the sign-in screen */
	roles: string[]; /* who works here */
	navigation: { path: string; says: Key; key: string; roles?: string[]; also?: string }[]; /* key: the second after g; also: where else one is there */
	routes: Route[];
	tools?: () => ComponentChildren; /* at the end of the header */
	wide?: boolean; /* as wide as the window */
	tour?: () => { steps: Step[]; done?: () => void }; /* for who is signed in; no steps: none */
}

const languages = [['en', 'English'], ['fr', 'Français'], ['ar', 'العربية']] as const;

/* The name of what is on the screen, for the window's title. */
const heading = signal('');
export function useTitle(title: string): void {
	useEffect(() => {
		heading.value = title;
	}, [title]);
}

function Languages() {
	const { query } = place.value;
	const to = (tag: string) => {
		const q = new URLSearchParams(query);
		q.set('lang', tag);
		return `?${q}`;
	};
	return (
		<nav aria-label={t('languages')}>
			<ul class="languages">
				{languages.map(([tag, name]) => (
					<li key={tag}>{tag === language ? <span aria-current="true" lang={tag}>{name}</span> : <a href={to(tag)} hreflang={tag} lang={tag}>{name}</a>}</li>
				))}
			</ul>
		</nav>
	);
}

function Navigation({ app }: { app: App }) {
	const at = path.value;
	const items = app.navigation.filter((n) => !n.roles || n.roles.some((r) => me.value?.roles.includes(r)));
	// The longest that the address begins with: /trader itself begins them all.
	const below = (to?: string) => !!to && (at === to || at.startsWith(`${to}/`));
	const here = items.find((n) => below(n.also)) ?? items.filter((n) => below(n.path)).sort((a, b) => b.path.length - a.path.length)[0];
	return (
		<nav class="govuk-service-navigation" aria-label={t('pages')}>
			<div class={app.wide ? 'wide-container' : 'govuk-width-container'}>
				<div class="govuk-service-navigation__container">
					<ul class="govuk-service-navigation__list">
						{items.map((n) => (
							<li key={n.path} class={`govuk-service-navigation__item${n === here ? ' govuk-service-navigation__item--active' : ''}`}>
								<a class="govuk-service-navigation__link" href={n.path} aria-current={n.path === at ? 'page' : n === here ? 'true' : undefined}>{t(n.says)}</a>
							</li>
						))}
					</ul>
				</div>
			</div>
		</nav>
	);
}

const loaded = new Map<Route, Screen>();

function CurrentScreen({ app }: { app: App }) {
	const [, again] = useState(0);
	const [failed, setFailed] = useState<unknown>(null);
	const at = path.value;
	let params: Record<string, string> | null = null;
	const route = app.routes.find((r) => (params = match(r.path, at)));
	const Loaded = route && loaded.get(route);
	useEffect(() => {
		setFailed(null);
		if (!route || loaded.has(route))
			return;
		let gone = false;
		route.load().then(
			(m) => {
				loaded.set(route, m.default);
				if (!gone)
					again((n) => n + 1);
			},
			(e: unknown) => !gone && setFailed(e),
		);
		return () => void (gone = true);
	}, [route]);
	if (failed)
		return <ProblemNote problem={failed} retry={() => location.reload()} />;
	if (!route)
		return <NotFound app={app} />;
	return Loaded ? <Loaded key={at} params={params ?? {}} query={place.value.query} /> : <Waiting />;
}

function NotFound({ app }: { app: App }) {
	useTitle(t('missing.title'));
	return (
		<>
			<h1 class="govuk-heading-l">{t('missing.title')}</h1>
			<p class="govuk-body"><a class="govuk-link" href={`/${app.name}`}>{t('missing.back')}</a></p>
		</>
	);
}

/* Nobody, somebody with a first password, somebody who has no business here, or the screen. */
function Content({ app }: { app: App }) {
	const who = me.value;
	useTitle(who ? heading.peek() : t(app.signIn));
	if (unreachable.value && !who)
		return <ProblemNote problem={unreachable.value} retry={() => void start()} />;
	if (who === undefined)
		return <Waiting />;
	if (who === null)
		return <SignIn title={t(app.signIn)} />;
	if (who.must_change_password)
		return <ChoosePassword first />;
	if (!who.roles.some((r) => app.roles.includes(r)))
		return (
			<Empty title={t('not-here')}>
				<p class="govuk-body"><a class="govuk-link" href={app.name === 'desk' ? '/trader' : '/desk'}>{t(app.name === 'desk' ? 'app.trader' : 'app.desk')}</a></p>
			</Empty>
		);
	return <CurrentScreen app={app} />;
}

function SessionNotices({ app }: { app: App }) {
	if (ended.value)
		return (
			<Dialog title={t('session.ended')} onClose={() => undefined}>
				<SignIn again title={t(app.signIn)} />
			</Dialog>
		);
	if (endsAt.value)
		return <div class="govuk-inset-text" role="alert">{t('session.ends', clock(endsAt.value))}</div>;
	return null;
}

function Frame({ app }: { app: App }) {
	const main = useRef<HTMLElement>(null);
	const who = me.value;
	const container = app.wide ? 'wide-container' : 'govuk-width-container';
	const arrived = arrivals.value;
	const inside = !!who && !who.must_change_password && who.roles.some((r) => app.roles.includes(r));
	const tour = inside ? app.tour?.() : undefined;
	const begin = tour?.steps.length ? () => startTour(app.name, tour.steps, tour.done) : undefined;
	useEffect(() => {
		// Behind going somewhere a reader goes on at the new screen, not at the link that is gone.
		if (arrived)
			main.current?.focus();
	}, [arrived]);
	useEffect(
		() => bind(
			{ keys: '?', says: 'keys.help', run: () => (helpOpen.value = true) },
			...app.navigation.filter((n) => !n.roles || n.roles.some((r) => who?.roles.includes(r))).map((n) => ({ keys: `g ${n.key}`, says: n.says, run: () => go(n.path) })),
		),
		[who?.user],
	);
	return (
		<>
			<a class="govuk-skip-link" href="#main" onClick={(e) => { e.preventDefault(); main.current?.focus(); }}>{t('skip')}</a>
			<header class="masthead">
				<div class={container}>
					<a class="name" href={`/${app.name}`}>Customhouse</a>
					<div class="masthead__end">
						{who && <span class="masthead__user"><bdi>{who.user}</bdi> <button type="button" class="plain" onClick={() => void signOut()}>{t('signout')}</button></span>}
						{app.tools?.()}
						<Languages />
					</div>
				</div>
			</header>
			{who && !who.must_change_password && <Navigation app={app} />}
			<div class={container}>
				{gaps.value > 0 && <div class="govuk-inset-text" role="note">{t('gap', gaps.value)}</div>}
				<SessionNotices app={app} />
				{begin && path.value === `/${app.name}` && <TourOffer app={app.name} begin={begin} />}
				<main class="govuk-main-wrapper" id="main" tabIndex={-1} ref={main}><Content app={app} /></main>
			</div>
			<footer class="footer">
				<div class={container}>
					<p>{t('footer')}</p>
					<p><a class="govuk-link" href="/tariff">{t('footer.tariff')}</a> · <a class="govuk-link" href="/api">{t('footer.api')}</a> · <button type="button" class="plain" onClick={() => (helpOpen.value = true)}>{t('keys.title')}</button>{begin && <> · <button type="button" class="plain" onClick={begin}>{t('tour.title')}</button></>}</p>
				</div>
			</footer>
			<TourCard />
			<Toasts />
			<KeyHelp />
		</>
	);
}

export async function run(app: App): Promise<void> {
	const root = document.getElementById('app');
	if (!root)
		return;
	startRouter(`/${app.name}`);
	startKeys();
	await Promise.all([loadPhrases(root.dataset.phrases ?? ''), start()]);
	const back = returnPath(`/${app.name}`);
	if (back && me.value)
		go(back, { replace: true });
	effect(() => {
		document.title = `${heading.value || t(app.title)} · Customhouse`;
	});
	root.replaceChildren();
	render(<Frame app={app} />, root);
}
