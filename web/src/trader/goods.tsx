/* The goods that the company trades, by its own numbers: looked through, taken over from a spreadsheet, taken away. */
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Field, ProblemNote, Table, toast, Waiting } from '../app/parts';
import { t } from '../app/phrases';
import { setQuery, type ScreenProps } from '../app/router';
import { goods, loadGoods, putGoods, readTable, removeGoods, type Goods } from './shelf';

const SHOWN = 200;
const columns = ['article', 'description', 'code', 'origin', 'unit', 'package', 'preference', 'documents'];
const fits = (g: Goods, words: string) => [g.article, g.code, g.description].some((x) => x?.toLowerCase().includes(words));

function Import({ fail }: { fail: (e: unknown) => void }) {
	async function take(file: File | undefined): Promise<void> {
		if (!file)
			return;
		try {
			const { goods: some, refused } = readTable(await file.text());
			if (some.length)
				await putGoods(some);
			toast(t('goods.imported', some.length, refused));
		} catch (e) {
			fail(e);
		}
	}
	return (
		<section aria-labelledby="s-import">
			<h2 class="govuk-heading-m" id="s-import">{t('goods.import')}</h2>
			<label class="govuk-label" for="f-goods">{t('goods.import.label')}</label>
			<div class="govuk-hint" id="f-goods-hint">{t('goods.import.hint')} {columns.map((c) => <><Code>{c}</Code> </>)}</div>
			<input class="file" id="f-goods" type="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby="f-goods-hint" onChange={(e) => { const input = e.currentTarget; void take(input.files?.[0]).then(() => (input.value = '')); }} />
		</section>
	);
}

export default function Catalogue({ query }: ScreenProps) {
	const words = query.get('q') ?? '';
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('goods.title'));
	const load = () => loadGoods(true).then(() => setProblem(null), setProblem);
	useEffect(() => void load(), []);
	const all = goods.value;
	const found = (all ?? []).filter((g) => fits(g, words.trim().toLowerCase()));
	async function remove(g: Goods): Promise<void> {
		await removeGoods(g.article).catch(setProblem);
		toast(t('goods.removed', g.article), () => void putGoods([g]).catch(setProblem));
	}
	return (
		<>
			<h1 class="govuk-heading-l">{t('goods.title')}</h1>
			<p class="govuk-body">{t('goods.what')}</p>
			{problem ? <ProblemNote problem={problem} retry={() => void load()} /> : null}
			{!all ? (problem ? null : <Waiting />) : !all.length ? <Empty title={t('goods.none')}><p class="govuk-body">{t('goods.none.how')}</p></Empty> : (
				<>
					<form role="search" onSubmit={(e) => e.preventDefault()}><Field id="f-q" label={t('goods.search')} type="search" value={words} onInput={(q) => setQuery({ q }, { replace: true })} max={100} width={20} /></form>
					<p class="govuk-body muted" role="status">{t('goods.found', found.length)}</p>
					{found.length > 0 && (
						<Table caption={t('goods.title')} quiet head={[t('goods.article'), t('item.description'), t('item.code'), t('duty.origin'), <span class="govuk-visually-hidden">{t('remove')}</span>]}>
							{found.slice(0, SHOWN).map((g) => (
								<tr key={g.article} class="govuk-table__row">
									<th scope="row" class="govuk-table__header"><bdi>{g.article}</bdi></th>
									<td class="govuk-table__cell" dir="auto">{g.description}</td>
									<td class="govuk-table__cell">{g.code && <Code>{g.code}</Code>}</td>
									<td class="govuk-table__cell">{g.origin && <Code>{g.origin}</Code>}</td>
									<td class="govuk-table__cell"><button type="button" class="plain" onClick={() => void remove(g)}>{t('remove')}<span class="govuk-visually-hidden"> {g.article}</span></button></td>
								</tr>
							))}
						</Table>
					)}
				</>
			)}
			<Import fail={setProblem} />
		</>
	);
}
