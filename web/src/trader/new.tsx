/* A new declaration: from a file, as a copy, or by hand. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Field, ProblemNote, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { me } from '../app/session';
import { listCases, type Case } from './cases';
import { Templates } from './templates';
import { begin, blank, copyOf, readFile, type Json } from './draft';

function DropFile() {
	const [over, setOver] = useState(false);
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<unknown>(null);
	const input = useRef<HTMLInputElement>(null);
	async function take(file: File | null | undefined): Promise<void> {
		if (!file || busy)
			return;
		setBusy(true);
		setProblem(null);
		try {
			const read = await readFile(file);
			go(`/trader/drafts/${begin(read.declaration, { from: file.name.slice(0, 200), told: true }).id}`);
		} catch (e) {
			setProblem(e);
		}
		setBusy(false);
		if (input.current)
			input.current.value = '';
	}
	return (
		<section aria-labelledby="s-file">
			<h2 class="govuk-heading-m" id="s-file">{t('new.file')}</h2>
			<div class={`drop${over ? ' drop--over' : ''}`} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={(e) => { e.preventDefault(); setOver(false); void take(e.dataTransfer?.files[0]); }}>
				<label class="govuk-label" for="f-file">{t('new.file.label')}</label>
				<div class="govuk-hint" id="f-file-hint">{t('new.file.hint')}</div>
				<input ref={input} class="file" id="f-file" type="file" aria-describedby="f-file-hint" onChange={(e) => void take(e.currentTarget.files?.[0])} />
				{busy && <Waiting label={t('new.file.reading')} />}
			</div>
			{problem ? <ProblemNote problem={problem} /> : null}
		</section>
	);
}

export async function copyCase(reference: string, again: boolean): Promise<void> {
	const d = await call<Json>(`/api/v1/declarations/${encodeURIComponent(reference)}/declaration`);
	go(`/trader/drafts/${begin(copyOf(d, again), { from: reference, told: again }).id}`);
}

function Copy({ from }: { from: string }) {
	const [reference, setReference] = useState(from);
	const [cases, setCases] = useState<Case[]>([]);
	const [problem, setProblem] = useState<unknown>(null);
	useEffect(() => void listCases('', 10).then((a) => setCases(a.cases), () => undefined), []);
	async function copy(of: string): Promise<void> {
		setProblem(null);
		try {
			await copyCase(of.trim(), false);
		} catch (e) {
			setProblem(e);
		}
	}
	return (
		<section aria-labelledby="s-copy">
			<h2 class="govuk-heading-m" id="s-copy">{t('new.copy')}</h2>
			<form class="search" onSubmit={(e) => { e.preventDefault(); if (reference.trim()) void copy(reference); }}>
				<Field id="f-copy" label={t('list.reference')} value={reference} onInput={setReference} code width={20} max={99} />
				<Button type="submit" kind="secondary">{t('new.copy.button')}</Button>
			</form>
			{cases.length > 0 && (
				<ul class="goods">
					{cases.slice(0, 5).map((c) => (
						<li key={c.reference}><Code>{c.reference}</Code>
							<span><bdi>{c.trader_reference}</bdi> · {word('state', c.state)} · <button type="button" class="plain" onClick={() => void copy(c.reference)}>{t('new.copy.button')}<span class="govuk-visually-hidden"> {c.reference}</span></button></span></li>
					))}
				</ul>
			)}
			{problem ? <ProblemNote problem={problem} /> : null}
		</section>
	);
}

export default function New({ query }: ScreenProps) {
	useTitle(t('new.title'));
	return (
		<>
			<h1 class="govuk-heading-l">{t('new.title')}</h1>
			<DropFile />
			<Templates />
			<Copy from={query.get('copy') ?? ''} />
			<section aria-labelledby="s-hand">
				<h2 class="govuk-heading-m" id="s-hand">{t('new.hand')}</h2>
				<p class="govuk-body">{t('new.hand.what')}</p>
				<Button onPress={() => go(`/trader/drafts/${begin(blank(!!me.value?.roles.includes('broker'))).id}/items/1`)}>{t('new.hand.button')}</Button>
			</section>
		</>
	);
}
