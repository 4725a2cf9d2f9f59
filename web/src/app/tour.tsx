/* A first look around, for who is here for the first time: a card that leads from screen to screen and outlines what it speaks of. It is
 * no dialog, so that what it shows can be tried. An app gives its steps (App.tour); it is offered once to each login, and is always in the footer. */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from './parts';
import { t, type Key } from './phrases';
import { go, path, place } from './router';
import { user } from './session';

export interface Step {
	title: Key;
	says: Key;
	at?: string | (() => string | Promise<string>); /* where to go first; what is made for the tour is made here */
	mark?: string; /* selector of what it speaks of */
}

const KEPT = 'customhouse-tour/';
const PATIENCE_MS = 5000;
const steps = signal<Step[]>([]);
const at = signal(-1);
let over: (() => void) | undefined;
/* Counts what changes in the storage, which signals do not see. */
const told = signal(0);

const keptAs = (app: string) => `${KEPT}${app}/${user.value}`;
function remember(app: string): void {
	try {
		localStorage.setItem(keptAs(app), '1');
	} catch {
		/* it is offered again, then */
	}
	told.value++;
}

async function show(n: number): Promise<void> {
	const to = steps.value[n]?.at;
	const where = typeof to === 'function' ? await to() : to;
	if (where && where !== path.peek() + (place.peek().query.size ? `?${place.peek().query}` : ''))
		go(where);
	at.value = n;
}
/* `done` takes away what was made for the tour. */
export function startTour(app: string, of: Step[], done?: () => void): void {
	remember(app);
	over = done;
	steps.value = of;
	void show(0);
}
export function endTour(): void {
	at.value = -1;
	over?.();
	over = undefined;
}

/* Outlines what the step speaks of, once it is there. */
function useMark(selector: string | undefined, n: number): void {
	const where = path.value;
	useEffect(() => {
		if (!selector)
			return;
		const until = Date.now() + PATIENCE_MS;
		let timer = 0;
		let marked: Element | null = null;
		const look = () => {
			marked = document.querySelector(selector);
			if (marked) {
				marked.classList.add('tour-mark');
				marked.scrollIntoView({ block: 'center', behavior: 'auto' });
			} else if (Date.now() < until) {
				timer = window.setTimeout(look, 100);
			}
		};
		look();
		return () => {
			clearTimeout(timer);
			marked?.classList.remove('tour-mark');
		};
	}, [selector, n, where]);
}

export function TourCard() {
	const n = at.value;
	const step = steps.value[n];
	const title = useRef<HTMLHeadingElement>(null);
	useMark(step?.mark, n);
	useEffect(() => {
		// Behind the frame's own turning to a new screen.
		const later = setTimeout(() => title.current?.focus({ preventScroll: true }), 50);
		return () => clearTimeout(later);
	}, [n]);
	if (!step)
		return null;
	const last = n === steps.value.length - 1;
	return (
		<aside class="tour no-print" aria-labelledby="tour-title" onKeyDown={(e) => { if (e.key === 'Escape') endTour(); }}>
			<p class="muted tour__count">{t('tour.step', n + 1, steps.value.length)}</p>
			<h2 class="govuk-heading-s" id="tour-title" tabIndex={-1} ref={title}>{t(step.title)}</h2>
			<p class="govuk-body">{t(step.says)}</p>
			<div class="govuk-button-group">
				<Button onPress={() => (last ? endTour() : show(n + 1))}>{t(last ? 'tour.end' : 'tour.next')}</Button>
				{n > 0 && <Button kind="secondary" onPress={() => show(n - 1)}>{t('tour.back')}</Button>}
				{!last && <button type="button" class="plain" onClick={endTour}>{t('tour.stop')}</button>}
			</div>
		</aside>
	);
}

/* Above the first screen of somebody who has not been here. */
export function TourOffer({ app, begin }: { app: string; begin: () => void }) {
	void told.value;
	if (at.value >= 0 || !user.value || localStorage.getItem(keptAs(app)))
		return null;
	return (
		<aside class="tour-offer no-print" aria-label={t('tour.title')}>
			<p class="govuk-body">{t('tour.offer')}</p>
			<div class="govuk-button-group">
				<Button kind="secondary" onPress={begin}>{t('tour.begin')}</Button>
				<button type="button" class="plain" onClick={() => remember(app)}>{t('tour.no')}</button>
			</div>
		</aside>
	);
}
