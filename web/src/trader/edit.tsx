/* A draft: what holds for the whole declaration, and its items. */
import { useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, ErrorSummary, Field, Money, toast } from '../app/parts';
import { t } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { me } from '../app/session';
import { blankItem, change, discard, draft, get, list, open, restore, set, text, trial, type Json } from './draft';
import { choices } from './lists';
import { At, Findings, PayPanel, useWantedField } from './parts';
import { KeepAsTemplate } from './templates';

export function NoDraft() {
	useTitle(t('draft.none'));
	return <><h1 class="govuk-heading-l">{t('draft.none')}</h1><Empty title={t('draft.none.why')}><p class="govuk-body"><a class="govuk-link" href="/trader/new">{t('new.title')}</a></p></Empty></>;
}

function ItemCard({ id, item, n, last }: { id: string; item: Json; n: number; last: boolean }) {
	const name = text(item, '/commodity/description') || t('item.undescribed');
	const faults = draft.value?.told ? (trial.value?.findings.filter((f) => f.severity === 'error' && `${f.pointer}/`.startsWith(`/shipment/items/${n}/`)).length ?? 0) : 0;
	const items = () => list(draft.peek()?.declaration, '/shipment/items');
	function remove(): void {
		const before = items();
		set('/shipment/items', before.filter((_, i) => i !== n));
		toast(t('item.removed', n + 1), () => set('/shipment/items', before));
	}
	return (
		<li class="card">
			<div class="card__head">
				<h3 class="govuk-heading-s"><a class="govuk-link" href={`/trader/drafts/${id}/items/${n + 1}`}>{t('item.number', n + 1)}<span class="govuk-visually-hidden">: </span></a> <bdi>{name}</bdi></h3>
				<div class="card__actions">
					<button type="button" class="plain" onClick={() => { set('/shipment/items', [...items(), { ...item }]); }}>{t('item.copy')}<span class="govuk-visually-hidden"> {t('item.number', n + 1)}</span></button>
					{!last && <button type="button" class="plain" onClick={remove}>{t('remove')}<span class="govuk-visually-hidden"> {t('item.number', n + 1)}</span></button>}
				</div>
			</div>
			<p class="govuk-body-s">
				{text(item, '/commodity/classifications/0/id') ? <Code>{text(item, '/commodity/classifications/0/id')}</Code> : t('item.no-code')}
				{text(item, '/commodity/price/value') && <> · <Money value={text(item, '/commodity/price/value')} currency={text(item, '/commodity/price/currency')} /></>}
				{text(item, '/commodity/net_mass/value') && <> · <Money value={text(item, '/commodity/net_mass/value')} currency="kg" /></>}
			</p>
			{faults > 0 && <p class="govuk-error-message">{t('item.faults', faults)}</p>}
		</li>
	);
}

/* Columns of a spreadsheet, pasted: code, description, price, gross and net mass, packages. */
function paste(textIn: string, like: Json | undefined): Json[] {
	const rows = textIn.split(/\r?\n/).map((l) => l.split(/\t|;/).map((c) => c.trim())).filter((r) => r.length >= 3 && /^\d{6,10}$/.test((r[0] ?? '').replace(/[ .]/g, '')));
	return rows.slice(0, 999).map((r, n) => {
		const [code = '', description = '', price = '', gross = '', net = '', count = ''] = r;
		const item = blankItem(n + 1);
		const number = (v: string) => v.replace(/[ \u00a0\u202f]/g, '').replace(',', '.');
		return {
			...item,
			commodity: {
				classifications: [{ type: 'TSP', id: code.replace(/[ .]/g, '') }],
				description,
				price: { value: number(price), currency: text(like, '/commodity/price/currency') },
				gross_mass: { value: number(gross), unit: 'KGM' },
				net_mass: { value: number(net), unit: 'KGM' },
			},
			origins: get(like, '/origins') ?? item.origins,
			procedures: get(like, '/procedures') ?? item.procedures,
			packages: [{ sequence: '1', count: number(count), type: text(like, '/packages/0/type') }],
		} as Json;
	});
}

function Paste() {
	const [words, setWords] = useState('');
	const [none, setNone] = useState(false);
	function take(): void {
		const items = list(draft.peek()?.declaration, '/shipment/items');
		const made = paste(words, items[0]);
		setNone(!made.length);
		if (!made.length)
			return;
		const kept = items.filter((i) => text(i, '/commodity/classifications/0/id') || text(i, '/commodity/description'));
		set('/shipment/items', [...kept, ...made]);
		setWords('');
		toast(t('paste.done', made.length), () => set('/shipment/items', items));
	}
	return (
		<details class="govuk-details">
			<summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t('paste.title')}</span></summary>
			<div class="govuk-details__text">
				<Field id="f-paste" label={t('paste.label')} hint={t('paste.hint')} rows={4} value={words} onInput={setWords} error={none ? t('paste.none') : undefined} />
				<Button kind="secondary" onPress={take}>{t('paste.button')}</Button>
			</div>
		</details>
	);
}

export default function Edit({ params }: ScreenProps) {
	const id = params.id ?? '';
	const there = open(id);
	const d = draft.value;
	useTitle(t('edit.title'));
	useWantedField();
	if (!there || !d)
		return <NoDraft />;
	const items = list(d.declaration, '/shipment/items');
	const errors = trial.value?.findings.filter((f) => f.severity === 'error') ?? [];
	const broker = !!me.value?.roles.includes('broker');
	const simple = (type: string) => type.startsWith('IM') || type.startsWith('EX');
	function forget(): void {
		const gone = discard(id);
		go('/trader');
		if (gone)
			toast(t('draft.discarded'), () => restore(gone));
	}
	return (
		<>
			<h1 class="govuk-heading-l">{d.amends ? t('edit.amend', d.amends.reference) : t('edit.title')}</h1>
			{d.from && <p class="govuk-body muted">{t('draft.from')} <bdi>{d.from}</bdi></p>}
			{d.told && errors.length > 0 && <ErrorSummary faults={[]}><Findings findings={errors.slice(0, 20)} draftId={id} /></ErrorSummary>}
			<div class="with-panel">
				<form noValidate onSubmit={(e) => { e.preventDefault(); go(`/trader/drafts/${id}/check`); }}>
					<section aria-labelledby="s-what"><h2 class="govuk-heading-m" id="s-what">{t('edit.what')}</h2>
						<div class="fields">
							{!d.amends && <At at="/trader_reference" label={t('list.own')} hint={t('edit.reference.hint')} max={35} code width={20} />}
							{!d.amends && <Field id="f-type" label={t('edit.type')} value={text(d.declaration, '/type')} onInput={(v) => set('/type', v)} choices={choices('declaration_type', text(d.declaration, '/type'), t('choose'), (c) => simple(c.code))} />}
							{!d.amends && <At at="/office" label={t('edit.office')} list="office" />}
							{d.amends && <Field id="f-reason" label={t('edit.reason')} value={d.amends.reason} onInput={(v) => change({ amends: { ...d.amends!, reason: v } })} choices={choices('amendment_reason', d.amends.reason, t('choose'))} />}
						</div>
					</section>
					<section aria-labelledby="s-who"><h2 class="govuk-heading-m" id="s-who">{t('edit.who')}</h2>
						<div class="fields">
							<At at="/shipment/importer/id" label={t('edit.importer')} hint={broker ? t('edit.importer.hint') : undefined} code width={20} max={35} />
							<At at="/exporter/name" label={t('edit.exporter')} max={70} />
							<At at="/exporter/address/line" label={t('edit.street')} max={256} />
							<At at="/exporter/address/city" label={t('edit.city')} max={35} width={20} />
							<At at="/exporter/address/postcode" label={t('edit.postcode')} max={17} code width={10} />
							<At at="/exporter/address/country" label={t('edit.country')} list="country" />
						</div>
					</section>
					<section aria-labelledby="s-how"><h2 class="govuk-heading-m" id="s-how">{t('edit.how')}</h2>
						<div class="fields">
							<At at="/border_transport/mode" label={t('edit.mode')} list="transport_mode" />
							<At at="/shipment/consignment/arrival/id" label={t('edit.means')} hint={t('edit.means.hint')} max={35} code width={20} />
							<At at="/border_transport/nationality" label={t('edit.flag')} list="country" />
							<At at="/shipment/export_country" label={t('edit.export-country')} list="country" />
							<At at="/shipment/consignment/location/name" label={t('edit.location')} hint={t('edit.location.hint')} max={70} />
							<At at="/shipment/terms/code" label={t('edit.terms')} list="incoterm" />
							<At at="/shipment/terms/place_name" label={t('edit.terms.place')} max={70} />
							<At at="/shipment/freight/value" label={t('duty.freight')} numeric width={10} />
							<At at="/shipment/freight/currency" label={t('duty.freight.currency')} list="currency" />
							<At at="/shipment/transaction" label={t('edit.transaction')} list="transaction" />
						</div>
					</section>
					<section aria-labelledby="s-items"><h2 class="govuk-heading-m" id="s-items">{t('edit.items')}</h2>
						<ol class="cards-list">{items.map((item, n) => <ItemCard key={n} id={id} item={item} n={n} last={items.length === 1} />)}</ol>
						<Button kind="secondary" onPress={() => { set('/shipment/items', [...items, blankItem(items.length + 1)]); go(`/trader/drafts/${id}/items/${items.length + 1}`); }}>{t('item.add')}</Button>
						<Paste />
					</section>
					<div class="govuk-button-group">
						<Button type="submit">{t('edit.check')}</Button>
						{!d.amends && <KeepAsTemplate />}
						<Button kind="secondary" onPress={forget}>{t('draft.discard')}</Button>
					</div>
				</form>
				<PayPanel />
			</div>
		</>
	);
}
