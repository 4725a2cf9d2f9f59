/* Cases of an office. The address is the view: filters, order and the case that is looked at stand in it, so that a view can be sent, kept
 * and gone back to. Pages are read behind one another as somebody comes near the end; what happens meanwhile comes by the stream. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Problem } from '../app/api';
import { useTitle } from '../app/frame';
import { bind } from '../app/keys';
import { listen, liveState } from '../app/live';
import { Button, Code, Dialog, Empty, Field, Lane, Money, ProblemNote, Status, toast, Waiting } from '../app/parts';
import { number, t, word, type Key } from '../app/phrases';
import { go, setQuery, type ScreenProps } from '../app/router';
import { may, user } from '../app/session';
import { countCases, listCases, officeOf, PAGE, readCase, readDecision, type Case, type Count, type Decision } from './cases';
import { Grid, type Column } from './grid';
import { Due, Facts, PartyPast, WaitsFor, Why } from './parts';

/* What an officer comes for. Each is a query; `mine` and states are counted. */
interface View {
	name: string;
	says?: Key;
	query: Record<string, string>;
}
const WORK = 'selected,documents,inspection';
const OTHERS = 'queried,lodged,accepted,assessed';
const OPEN = `${WORK},${OTHERS},detained,seized`;
const views: View[] = [
	{ name: 'work', says: 'desk.view.work', query: { state: WORK, order: 'lane' } },
	{ name: 'mine', says: 'desk.view.mine', query: { state: `documents,inspection,queried,detained`, mine: 'yes', order: 'lane' } },
	{ name: 'unassigned', says: 'desk.view.unassigned', query: { state: 'selected', order: 'lane' } },
	{ name: 'waiting', says: 'desk.view.waiting', query: { state: OTHERS } },
	{ name: 'aside', says: 'desk.view.aside', query: { state: 'detained,seized' } },
	{ name: 'open', says: 'desk.view.open', query: { state: OPEN } },
];
const FILTERS = ['state', 'lane', 'mine', 'examiner', 'party', 'commodity', 'since', 'until', 'order'] as const;
const STATES = [...OPEN.split(','), 'released', 'exited', 'cancelled', 'abandoned', 'destroyed', 'sold'];
const LANES = ['red', 'yellow', 'blue', 'green'];
const ORDERS = ['oldest', 'newest', 'lane', 'deadline'];

type Filters = Record<string, string>;

function filtersOf(q: URLSearchParams): Filters {
	const f: Filters = {};
	for (const name of FILTERS) {
		const value = q.get(name);
		if (value)
			f[name] = value;
	}
	return Object.keys(f).length ? f : { ...views[0]!.query };
}
function same(a: Filters, b: Filters): boolean {
	return FILTERS.every((name) => (a[name] ?? '') === (b[name] ?? ''));
}
/* Every filter is named, so that those of the view before go. */
function show(f: Filters): void {
	setQuery({ ...Object.fromEntries(FILTERS.map((name) => [name, f[name] ?? ''])), at: '' });
}
/* How many cases a view has, as far as the counts tell. -1: they do not. */
function countOf(f: Filters, counts: Count[] | null): number {
	if (!counts || f.party || f.commodity || f.since || f.until || f.examiner || !f.state || f.order === 'deadline')
		return -1;
	const states = f.state.split(',');
	const lanes = f.lane?.split(',');
	if (states.some((s) => !OPEN.split(',').includes(s)))
		return -1;
	return counts.filter((c) => states.includes(c.state) && (!lanes || lanes.includes(c.lane))).reduce((n, c) => n + (f.mine ? c.mine : c.cases), 0);
}

/* ---- views that somebody named: kept in this browser, by login ---- */

interface Saved {
	name: string;
	query: Filters;
}
const keyOfSaved = () => `customhouse-views-${user.value}`;
function readSaved(): Saved[] {
	try {
		const list = JSON.parse(localStorage.getItem(keyOfSaved()) ?? '[]') as unknown;
		return Array.isArray(list) ? (list as Saved[]).filter((v) => typeof v?.name === 'string' && typeof v.query === 'object') : [];
	} catch {
		return [];
	}
}

/* ---- the list behind the grid ---- */

function useCases(office: string, f: Filters) {
	const [cases, setCases] = useState<Case[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const state = useRef({ after: '' as string | undefined, busy: false, stop: new AbortController() });
	const query = JSON.stringify([office, f]);

	async function more(): Promise<void> {
		const s = state.current;
		if (s.busy || s.after === undefined || !office)
			return;
		s.busy = true;
		try {
			const page = await listCases({ office, ...f, after: s.after, limit: PAGE }, s.stop.signal);
			if (s !== state.current)
				return;
			s.after = page.after;
			setCases((old) => [...(old ?? []), ...page.cases]);
			setProblem(null);
		} catch (e) {
			if (s === state.current && !(e instanceof DOMException))
				setProblem(e);
		}
		s.busy = false;
	}
	function begin(): void {
		state.current.stop.abort();
		state.current = { after: '', busy: false, stop: new AbortController() };
		setCases(null);
		setProblem(null);
		void more();
	}
	useEffect(() => {
		begin();
		return () => state.current.stop.abort();
	}, [query]);
	/* A case as it stands now: in its place; where it does not belong to the view any more it stays until the view is read again. */
	function put(c: Case): void {
		setCases((old) => old && old.map((x) => (x.reference === c.reference ? c : x)));
	}
	return { cases, problem, more, begin, put, whole: state.current.after === undefined };
}

/* ---- the parts of the screen ---- */

function Views({ f, counts, saved, remove }: { f: Filters; counts: Count[] | null; saved: Saved[]; remove: (v: Saved) => void }) {
	const link = (v: Filters, name: string, count: number) => (
		<a href="#view" aria-current={same(f, v) ? 'true' : undefined} onClick={(e) => { e.preventDefault(); show(v); }}>
			<span dir="auto">{name}</span>{count >= 0 && <span class="views__count"> {number(count)}</span>}
		</a>
	);
	return (
		<nav class="views" aria-label={t('desk.views')}>
			<ul>
				{views.filter((v) => v.name !== 'mine' || may('officer', 'supervisor')).map((v) => <li key={v.name}>{link(v.query, t(v.says!), countOf(v.query, counts))}</li>)}
				{saved.map((v) => (
					<li key={`saved-${v.name}`}>
						{link(v.query, v.name, countOf(v.query, counts))}
						<button type="button" class="chip__remove" aria-label={t('desk.view.remove', v.name)} onClick={() => remove(v)}>×</button>
					</li>
				))}
			</ul>
		</nav>
	);
}

function Chips({ f }: { f: Filters }) {
	const chips: { name: string; value: string; text: string }[] = [];
	const take = (name: string, value: string) => {
		const rest = (f[name] ?? '').split(',').filter((x) => x !== value).join(',');
		show({ ...f, [name]: rest });
	};
	for (const s of f.state?.split(',') ?? [])
		chips.push({ name: 'state', value: s, text: word('state', s) });
	for (const l of f.lane?.split(',') ?? [])
		chips.push({ name: 'lane', value: l, text: word('lane', l) });
	if (f.mine)
		chips.push({ name: 'mine', value: f.mine, text: t('desk.filter.mine') });
	for (const name of ['examiner', 'party', 'commodity', 'since', 'until'] as const)
		if (f[name])
			chips.push({ name, value: f[name], text: `${t(`desk.filter.${name}`)}: ${f[name]}` });
	if (!chips.length)
		return null;
	return (
		<ul class="chips" aria-label={t('desk.filters.on')}>
			{chips.map((c) => (
				<li key={c.name + c.value} class="chip">
					<span dir="auto">{c.text}</span>
					<button type="button" class="chip__remove" aria-label={t('desk.filter.remove', c.text)} onClick={() => take(c.name, c.value)}>×</button>
				</li>
			))}
		</ul>
	);
}

function Toggles({ legend, all, on, prefix, set }: { legend: string; all: string[]; on: string; prefix: string; set: (value: string) => void }) {
	const chosen = on ? on.split(',') : [];
	const toggle = (x: string) => set(all.filter((y) => (y === x) !== chosen.includes(y)).join(','));
	return (
		<fieldset class="toggles">
			<legend>{legend}</legend>
			{all.map((x) => <button key={x} type="button" class="toggle" aria-pressed={chosen.includes(x) ? 'true' : 'false'} onClick={() => toggle(x)}>{word(prefix, x)}</button>)}
		</fieldset>
	);
}

/* The first digits of a commodity code, two at least. */
const CODE = /^\d{2,14}$/;

/* A field whose value counts once it is sound. */
function Later({ id, label, value, sound, set }: { id: string; label: string; value: string; sound: (v: string) => boolean; set: (v: string) => void }) {
	const [typed, setTyped] = useState(value);
	useEffect(() => setTyped(value), [value]);
	return <Field id={id} label={label} code numeric value={typed} max={14} onInput={(v) => { const digits = v.replace(/[ .]/g, ''); setTyped(v); if (sound(digits)) set(digits); }} />;
}

function FilterPanel({ f }: { f: Filters }) {
	const set = (name: string) => (value: string) => show({ ...f, [name]: value });
	return (
		<div class="panel filters" id="filters">
			<Toggles legend={t('list.lane')} all={LANES} on={f.lane ?? ''} prefix="lane" set={set('lane')} />
			<Toggles legend={t('list.state')} all={STATES} on={f.state ?? ''} prefix="state" set={set('state')} />
			<div class="filters__row">
				<Field id="f-since" type="date" label={t('desk.filter.since')} value={f.since ?? ''} onInput={set('since')} />
				<Field id="f-until" type="date" label={t('desk.filter.until')} value={f.until ?? ''} onInput={set('until')} />
				<Field id="f-party" label={t('desk.filter.party')} code value={f.party ?? ''} onInput={(v) => show({ ...f, party: v.trim() })} max={70} />
				<Later id="f-commodity" label={t('desk.filter.commodity')} value={f.commodity ?? ''} sound={(v) => !v || CODE.test(v)} set={set('commodity')} />
				<Field id="f-examiner" label={t('desk.filter.examiner')} code value={f.examiner ?? ''} onInput={(v) => show({ ...f, examiner: v.trim(), mine: '' })} max={100} />
			</div>
		</div>
	);
}

/* What a reference looks like: two digits of the year, the country, letters and digits. Digits alone are a commodity code; anything else is
 * taken for a company's id. */
const REFERENCE = /^\d{2}[A-Z]{2}[A-Z0-9-]{8,}$/;

function Search({ f }: { f: Filters }) {
	const [text, setText] = useState('');
	function submit(e: Event): void {
		e.preventDefault();
		const what = text.trim();
		if (REFERENCE.test(what.toUpperCase()))
			go(`/desk/declarations/${encodeURIComponent(what.toUpperCase())}`);
		else if (CODE.test(what.replace(/[ .]/g, '')))
			show({ ...f, commodity: what.replace(/[ .]/g, '') });
		else
			show({ ...f, party: what });
	}
	return (
		<form class="search" role="search" onSubmit={submit}>
			<Field id="f-find" quiet label={t('desk.find')} type="search" code value={text} onInput={setText} max={70} inputProps={{ placeholder: t('desk.find.hint') }} />
			<Button type="submit" kind="secondary">{t('desk.find.button')}</Button>
		</form>
	);
}

/* The case that is looked at: why it was selected, whose it is, what can be done. */
function SidePanel({ c }: { c: Case }) {
	const [decision, setDecision] = useState<Decision | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useEffect(() => {
		const stop = new AbortController();
		setDecision(null);
		setProblem(null);
		// Who goes through the list quickly asks for none on the way.
		const timer = setTimeout(() => readDecision(c.reference, stop.signal).then(setDecision, (e: unknown) => e instanceof DOMException || setProblem(e)), 150);
		return () => {
			clearTimeout(timer);
			stop.abort();
		};
	}, [c.reference, c.version]);
	return (
		<aside class="side" aria-label={t('desk.side')}>
			<h2 class="side__title"><Code>{c.reference}</Code></h2>
			<p class="side__line"><Lane lane={c.lane ?? 'none'} /> <Status state={c.state} needs={!!c.acts?.length} /> <Due of={c} /></p>
			<Facts rows={[
				[t('desk.party'), c.party ? <Code>{c.party}</Code> : t('none')],
				[t('desk.own'), <bdi key="o">{c.trader_reference}</bdi>],
				[t('desk.waits'), <WaitsFor key="w" of={c} />],
				[t('list.due'), <Money key="d" value={c.due} currency={c.currency} />],
				[t('desk.holds'), c.holds?.length ? c.holds.map((h) => word('hold', h)).join(', ') : t('none')],
			]} />
			<h3>{t('desk.why')}</h3>
			{problem ? <p class="muted">{problem instanceof Problem ? problem.detail || problem.title : t('problem.unexpected')}</p> : decision ? <Why decision={decision} most={4} /> : <Waiting />}
			{decision && <><h3>{t('desk.past.title')}</h3><PartyPast decision={decision} />
				{c.party && <p><a href={`/desk?party=${encodeURIComponent(c.party)}&order=newest`}>{t('desk.past.cases')}</a></p>}</>}
			<p class="side__open"><a class="govuk-button" href={`/desk/declarations/${encodeURIComponent(c.reference)}`}>{t('desk.open')}</a></p>
		</aside>
	);
}

function SaveView({ f, done }: { f: Filters; done: (list?: Saved[]) => void }) {
	const [name, setName] = useState('');
	function save(e: Event): void {
		e.preventDefault();
		const called = name.trim();
		if (!called)
			return;
		const list = [...readSaved().filter((v) => v.name !== called), { name: called, query: f }].slice(-20);
		localStorage.setItem(keyOfSaved(), JSON.stringify(list));
		toast(t('desk.view.saved', called));
		done(list);
	}
	return (
		<Dialog title={t('desk.view.save')} onClose={() => done()}>
			<form onSubmit={save}>
				<Field id="f-view" label={t('desk.view.name')} hint={t('desk.view.where')} value={name} onInput={setName} max={40} />
				<div class="buttons"><Button type="submit">{t('save')}</Button><Button kind="secondary" onPress={() => done()}>{t('cancel')}</Button></div>
			</form>
		</Dialog>
	);
}

const columns = (): Column<Case>[] => [
	{ key: 'lane', head: t('list.lane'), width: '6rem', cell: (c) => <Lane lane={c.lane ?? 'none'} /> },
	{ key: 'reference', head: t('list.reference'), width: '13rem', cell: (c) => <Code>{c.reference}</Code> },
	{ key: 'state', head: t('list.state'), width: 'minmax(7rem, 1.2fr)', cell: (c) => <>{word('state', c.state)}{c.irregular ? ` · ${t('desk.irregular')}` : ''}</> },
	{ key: 'waits', head: t('desk.waits'), width: 'minmax(6rem, 1fr)', cell: (c) => <WaitsFor of={c} /> },
	{ key: 'party', head: t('desk.party'), width: '11rem', cell: (c) => <Code>{c.party ?? ''}</Code> },
	{ key: 'items', head: t('desk.items'), width: '4.75rem', end: true, cell: (c) => number(c.items ?? 0) },
	{ key: 'due', head: t('list.due'), width: '10.75rem', end: true, cell: (c) => <Money value={c.due} currency={c.currency} /> },
	{ key: 'age', head: t('desk.age'), width: '5.5rem', end: true, cell: (c) => <Due of={c} /> },
];

/* Asks for the counts now and whenever something happened, but not for each of a hundred things. */
function useCounts(office: string) {
	const [counts, setCounts] = useState<Count[] | null>(null);
	const timer = useRef(0);
	const ask = () => {
		timer.current = 0;
		if (office)
			countCases(office).then(setCounts, () => setCounts(null));
	};
	useEffect(() => {
		ask();
		return () => clearTimeout(timer.current);
	}, [office]);
	return { counts, again: () => (timer.current ||= setTimeout(ask, 1500) as unknown as number) };
}

export default function Worklist({ query: q }: ScreenProps) {
	const office = officeOf(q.get('office'));
	const f = filtersOf(q);
	const [panel, setPanel] = useState(false);
	const [saving, setSaving] = useState(false);
	const [saved, setSaved] = useState(readSaved);
	const [at, setAt] = useState(0);
	const [fresh, setFresh] = useState(0); /* cases that came since the list was read */
	const list = useCases(office, f);
	const { counts, again } = useCounts(office);
	const cols = useMemo(columns, []);
	const cases = list.cases ?? [];
	const now = useRef({ at, cases, list });
	now.current = { at, cases, list };
	const wanted = q.get('at');

	useTitle(t('desk.nav.worklist'));
	useEffect(() => setAt(0), [JSON.stringify(f), office]);
	// Whoever comes back from a case finds it selected.
	useEffect(() => {
		const i = wanted && list.cases ? list.cases.findIndex((c) => c.reference === wanted) : -1;
		if (i > 0)
			setAt(i);
	}, [wanted, list.cases === null]);
	const open = (i: number) => {
		const c = now.current.cases[i];
		if (!c)
			return;
		const back = new URL(location.href);
		back.searchParams.set('at', c.reference);
		history.replaceState(null, '', back);
		go(`/desk/declarations/${encodeURIComponent(c.reference)}`);
	};
	const step = (n: number) => setAt(Math.min(Math.max(now.current.at + n, 0), now.current.cases.length - 1));
	useEffect(() => bind(
		{ keys: 'j', says: 'desk.key.next', run: () => step(1) },
		{ keys: 'k', says: 'desk.key.previous', run: () => step(-1) },
		{ keys: 'Enter', says: 'desk.key.open', run: () => open(now.current.at) },
		{ keys: '/', says: 'desk.key.find', run: () => document.getElementById('f-find')?.focus() },
		{ keys: 'f', says: 'desk.filters', run: () => setPanel((on) => !on) },
		{ keys: 'r', says: 'desk.again', run: () => { setFresh(0); now.current.list.begin(); } },
	), []);
	useEffect(() => {
		if (!office || !may('officer', 'supervisor'))
			return;
		setFresh(0);
		const live = listen({ office }, (n) => {
			again();
			const here = now.current.cases.some((c) => c.reference === n.reference);
			if (here)
				readCase(n.reference).then(now.current.list.put, () => undefined);
			else
				setFresh((x) => x + 1);
		});
		return () => live.close();
	}, [office]);

	if (!office)
		return <NoOffice />;
	const total = countOf(f, counts);
	const selected = cases[Math.min(at, cases.length - 1)];
	return (
		<div class="worklist">
			<div class="worklist__list">
				<div class="bar">
					<h1>{t('desk.nav.worklist')} <span class="muted"><Code>{office}</Code></span></h1>
					<span class="muted" role="status">{total >= 0 ? t('desk.count', total) : list.whole ? t('desk.count', cases.length) : ''}</span>
					<span class={`live live--${liveState.value}`}>{liveState.value === 'off' ? '' : t(`live.${liveState.value}`)}</span>
					<Search f={f} />
				</div>
				<Views f={f} counts={counts} saved={saved} remove={(v) => {
					const rest = saved.filter((x) => x !== v);
					localStorage.setItem(keyOfSaved(), JSON.stringify(rest));
					setSaved(rest);
					toast(t('desk.view.gone', v.name), () => { localStorage.setItem(keyOfSaved(), JSON.stringify(saved)); setSaved(saved); });
				}} />
				<div class="bar">
					<button type="button" class="small" aria-expanded={panel ? 'true' : 'false'} aria-controls="filters" onClick={() => setPanel(!panel)}>{t('desk.filters')}</button>
					<Field id="f-order" quiet label={t('desk.order')} value={f.order ?? 'oldest'} onInput={(v) => show({ ...f, order: v })} choices={ORDERS.map((o) => ({ value: o, name: word('order', o) }))} />
					<Chips f={f} />
					<button type="button" class="small" onClick={() => setSaving(true)}>{t('desk.view.save')}</button>
					{fresh > 0 && <button type="button" class="small small--fresh" onClick={() => { setFresh(0); list.begin(); }}>{t('desk.fresh', fresh)}</button>}
				</div>
				{panel && <FilterPanel f={f} />}
				{list.problem ? <ProblemNote problem={list.problem} retry={list.begin} />
					: list.cases === null ? <Waiting />
					: !cases.length ? <Empty title={t('desk.empty')}><p>{t('desk.empty.hint')}</p></Empty>
					: <Grid label={t('desk.nav.worklist')} rows={cases} total={total >= 0 ? Math.max(total, cases.length) : -1} columns={cols} id={(c) => c.reference} at={Math.min(at, cases.length - 1)} onSelect={setAt} onOpen={open} onNearEnd={() => void list.more()} />}
			</div>
			{selected && <SidePanel c={selected} />}
			{saving && <SaveView f={f} done={(l) => { setSaving(false); if (l) setSaved(l); }} />}
		</div>
	);
}

/* An auditor sees every office, and says which. */
function NoOffice() {
	const [office, setOffice] = useState('');
	if (!may('auditor'))
		return <Empty title={t('desk.no-cases')}><p>{t('desk.no-cases.hint')}</p></Empty>;
	return (
		<form class="narrow" onSubmit={(e) => { e.preventDefault(); if (office.trim()) setQuery({ office: office.trim().toUpperCase() }); }}>
			<h1>{t('desk.nav.worklist')}</h1>
			<Field id="f-office" label={t('desk.office')} hint={t('desk.office.hint')} code value={office} onInput={setOffice} max={17} />
			<Button type="submit">{t('desk.office.button')}</Button>
		</form>
	);
}
