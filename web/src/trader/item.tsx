/* One item of a draft, on one screen. The papers that its goods need are asked for here, beside what they are needed for. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Field, Money } from '../app/parts';
import { t } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { CatalogueBox } from './catalogue-box';
import { CodeBox } from './code-box';
import { draft, get, list, open, set, text, type Json } from './draft';
import { NoDraft } from './edit';
import { choices, nameOf, procedures } from './lists';
import { At, faultAt, fieldId, PayPanel, useWantedField } from './parts';

interface Commodity {
	code: string;
	text: string;
	unit?: string;
	permits: { document: string; name: string; agency: string; source: string; direction: string }[];
	above: { text: string }[];
}
interface Paper {
	document: string;
	name: string;
	why: string;
}

/* "C400" as the declaration has it: category C, type 400. */
const codeOf = (d: Json) => text(d, '/category') + text(d, '/type');

function useCommodity(code: string, origin: string): Commodity | null {
	const [found, setFound] = useState<Commodity | null>(null);
	useEffect(() => {
		if (!/^\d{8,10}$/.test(code))
			return setFound(null);
		const stop = new AbortController();
		call<Commodity>(`/api/v1/tariff/commodities/${code}${query({ origin })}`, { signal: stop.signal }).then(setFound, () => setFound(null));
		return () => stop.abort();
	}, [code, origin]);
	return found;
}

function Papers({ at, needed }: { at: string; needed: Paper[] }) {
	const documents = list(draft.value?.declaration, at);
	const write = (next: Json[]) => set(at, next.filter((d) => Object.keys(d).length));
	const number = (code: string) => text(documents.find((d) => codeOf(d) === code), '/id');
	function give(code: string, id: string): void {
		const n = documents.findIndex((d) => codeOf(d) === code);
		if (n >= 0)
			write(documents.flatMap((d, i) => (i !== n ? [d] : id ? [{ ...d, id }] : [])));
		else if (id)
			write([...documents, { category: code[0]!, type: code.slice(1), id, status: 'AC' }]);
	}
	const others = documents.map((d, i) => ({ d, i })).filter(({ d }) => !needed.some((p) => p.document === codeOf(d)));
	const fault = faultAt(at);
	return (
		<section aria-labelledby="s-papers">
			<h2 class="govuk-heading-m" id="s-papers">{t('papers.title')}</h2>
			{fault && <p class="govuk-error-message" id={fieldId(at)} tabIndex={-1}>{fault}</p>}
			{needed.map((p) => (
				<div key={p.document} class="needed">
					<Field id={`f-paper-${p.document}`} label={<><bdi>{p.name}</bdi> (<Code>{p.document}</Code>)</>} hint={<>{t('papers.why')} <bdi>{p.why}</bdi></>} value={number(p.document)} onInput={(v) => give(p.document, v)} code max={70} width={20} />
				</div>
			))}
			{others.map(({ d, i }) => (
				<div key={i} class="row-fields">
					<Field id={fieldId(`${at}/${i}/type`)} label={t('papers.kind')} value={codeOf(d)} choices={choices('document_type', codeOf(d), t('choose'))}
						onInput={(v) => set(at, documents.map((x, n) => (n === i ? { ...x, category: v[0], type: v.slice(1) } : x)))} />
					<Field id={fieldId(`${at}/${i}/id`)} label={t('papers.number')} value={text(d, '/id')} code max={70} error={faultAt(`${at}/${i}/id`)} onInput={(v) => set(`${at}/${i}/id`, v)} />
					<button type="button" class="plain" onClick={() => write(documents.filter((_, n) => n !== i))}>{t('remove')}<span class="govuk-visually-hidden"> {codeOf(d)} {text(d, '/id')}</span></button>
				</div>
			))}
			<Button kind="secondary" onPress={() => set(at, [...documents, { category: 'N', type: '380', status: 'AC' }])}>{t('papers.add')}</Button>
		</section>
	);
}

/* What another claim would come to: asked of the tariff, which counts. */
interface Option {
	series: string;
	complete: boolean;
	total: string;
	documents?: string[];
	preference?: string;
}
function Savings({ item }: { item: Json }) {
	const [options, setOptions] = useState<{ options: Option[]; currency: string } | null>(null);
	const code = text(item, '/commodity/classifications/0/id');
	const value = text(item, '/commodity/price/value');
	const currency = text(item, '/commodity/price/currency');
	const origin = text(item, '/origins/0/country');
	const net = text(item, '/commodity/net_mass/value');
	const question = code && value && origin ? query({ commodity: code, value, currency, origin, quantity: net ? `${net} kg` : '' }) : '';
	useEffect(() => {
		if (!question)
			return setOptions(null);
		const stop = new AbortController();
		const wait = setTimeout(() => call<{ options: Option[]; currency: string }>(`/api/v1/tariff/duty${question}`, { signal: stop.signal }).then(setOptions, () => setOptions(null)), 400);
		return () => { clearTimeout(wait); stop.abort(); };
	}, [question]);
	const full = options?.options.filter((o) => o.complete) ?? [];
	if (!options || full.length < 2)
		return null;
	return (
		<section class="empty" aria-labelledby="s-options">
			<h2 class="govuk-heading-s" id="s-options">{t('options.title')}</h2>
			<ul class="govuk-list">
				{full.map((o, i) => <li key={i}><bdi>{t(`series.${o.series}` as 'series.duty')}</bdi>: <Money value={o.total} currency={options.currency} /></li>)}
			</ul>
			<p class="govuk-body-s">{t('options.how')} <a class="govuk-link" href={`/tariff/${code}${question}`} target="_blank" rel="noopener">{t('options.more')}</a></p>
		</section>
	);
}

export default function Item({ params }: ScreenProps) {
	const id = params.id ?? '';
	const n = Number(params.n) - 1;
	const there = open(id);
	const d = draft.value?.declaration;
	const item = there ? (get(d, `/shipment/items/${n}`) as Json | undefined) : undefined;
	const at = `/shipment/items/${n}`;
	const code = text(item, '/commodity/classifications/0/id');
	const commodity = useCommodity(code, text(item, '/origins/0/country'));
	const direction = text(d, '/type').startsWith('EX') ? 'export' : 'import';
	const pairs = procedures(direction);
	const pair = `${text(item, '/procedures/0/requested')} ${text(item, '/procedures/0/previous')}`;
	useTitle(item ? t('item.number', n + 1) : t('draft.none'));
	useWantedField();
	if (!there)
		return <NoDraft />;
	if (!item)
		return <Empty title={t('item.none')}><a class="govuk-link" href={`/trader/drafts/${id}`}>{t('item.back')}</a></Empty>;
	const procedure = pairs.find((p) => `${p.code} ${p.previous}` === pair);
	const needed: Paper[] = [
		...(commodity?.permits ?? []).filter((p) => p.direction === direction).map((p) => ({ document: p.document, name: p.name, why: `${p.agency}, ${p.source}` })),
		...(procedure?.documents ?? '').split(' ').filter(Boolean).map((document) => ({ document, name: nameOf('document_type', document), why: procedure?.name ?? '' })),
	];
	const unit = commodity?.unit ?? text(item, '/commodity/tariff_quantity/unit');
	const items = list(d, '/shipment/items').length;
	function choose(chosen: string, _text: string): void {
		set(`${at}/commodity/classifications/0`, { ...(get(item, '/commodity/classifications/0') as Json), id: chosen, type: 'TSP' });
	}
	return (
		<>
			<p class="govuk-body"><a class="govuk-back-link" href={`/trader/drafts/${id}`}>{t('item.back')}</a></p>
			<h1 class="govuk-heading-l">{t('item.of', n + 1, items)}</h1>
			<div class="with-panel">
				<form noValidate onSubmit={(e) => { e.preventDefault(); go(n + 1 < items ? `/trader/drafts/${id}/items/${n + 2}` : `/trader/drafts/${id}`); }}>
					<CatalogueBox at={at} />
					<CodeBox id={fieldId(`${at}/commodity/classifications/0/id`)} value={code} onChoose={choose} error={faultAt(`${at}/commodity/classifications/0/id`)} />
					{commodity && <p class="govuk-inset-text" role="note"><Code>{commodity.code}</Code> <span dir="auto">{[...commodity.above.map((x) => x.text), commodity.text].filter(Boolean).slice(-3).join(' › ')}</span></p>}
					<At at={`${at}/commodity/description`} label={t('item.description')} hint={t('item.description.hint')} rows={2} max={512} />
					<div class="fields">
						<At at={`${at}/origins/0/country`} label={t('duty.origin')} list="country" />
						<Field id={fieldId(`${at}/procedures`)} label={t('item.procedure')} value={pair} error={faultAt(`${at}/procedures/0/requested`)}
							choices={[...(procedure ? [] : [{ value: pair, name: pair }]), ...pairs.map((p) => ({ value: `${p.code} ${p.previous}`, name: `${p.name} (${p.code} ${p.previous})` }))]}
							onInput={(v) => set(`${at}/procedures/0`, { requested: v.split(' ')[0], previous: v.split(' ')[1] })} />
						<At at={`${at}/commodity/price/value`} label={t('duty.value')} numeric width={10} />
						<At at={`${at}/commodity/price/currency`} label={t('duty.currency')} list="currency" />
						<At at={`${at}/commodity/gross_mass/value`} label={t('item.gross')} numeric suffix="kg" width={10} />
						<At at={`${at}/commodity/net_mass/value`} label={t('item.net')} numeric suffix="kg" width={10} />
						{unit && (
							<Field id={fieldId(`${at}/commodity/tariff_quantity/value`)} label={t('item.quantity', nameOf('unit', unit))} value={text(item, '/commodity/tariff_quantity/value')} numeric suffix={<bdi dir="ltr">{unit}</bdi>} width={10}
								error={faultAt(`${at}/commodity/tariff_quantity/value`)} onInput={(v) => set(`${at}/commodity/tariff_quantity`, v ? { value: v.trim(), unit } : undefined)} />
						)}
						<At at={`${at}/packages/0/count`} label={t('item.packages')} numeric width={5} />
						<At at={`${at}/packages/0/type`} label={t('item.package-type')} list="package_type" />
						<At at={`${at}/packages/0/marks`} label={t('item.marks')} max={512} />
						<At at={`${at}/valuation_method`} label={t('item.method')} list="valuation_method" />
						<Field id={fieldId(`${at}/commodity/duties/0/preference`)} label={t('item.preference')} value={text(item, '/commodity/duties/0/preference')} error={faultAt(`${at}/commodity/duties/0/preference`)}
							choices={choices('preference', text(item, '/commodity/duties/0/preference'), t('item.preference.none'))}
							onInput={(v) => set(`${at}/commodity/duties/0`, v ? { ...(get(item, '/commodity/duties/0') as Json), type: 'CUD', preference: v } : undefined)} />
					</div>
					<Savings item={item} />
					<Papers at={`${at}/documents`} needed={needed} />
					<Button type="submit">{n + 1 < items ? t('item.next') : t('item.done')}</Button>
				</form>
				<PayPanel />
			</div>
		</>
	);
}
