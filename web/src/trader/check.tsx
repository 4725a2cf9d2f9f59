/* Check your answers, then hand in. */
import { useEffect, useState } from 'preact/hooks';
import { call, Problem } from '../app/api';
import { useTitle } from '../app/frame';
import { Button, Check as Tick, Code, ErrorSummary, Money, ProblemNote, Summary, Waiting } from '../app/parts';
import { country, t } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { amendedParts, amendment, change, discard, draft, list, open, text, trial, trying, type Finding, type Json } from './draft';
import { NoDraft } from './edit';
import { nameOf } from './lists';
import { Findings, goToField, fieldId, Receipt } from './parts';

interface Answer {
	reference: string;
	state: string;
	findings: Finding[];
	next: string[];
}

function Given({ value }: { value: string }) {
	return value ? <bdi>{value}</bdi> : <span class="muted">{t('not-given')}</span>;
}
function Change({ id, at, what, item }: { id: string; at: string; what: string; item?: number }) {
	const to = `/trader/drafts/${id}${item === undefined ? '' : `/items/${item + 1}`}`;
	return <a class="govuk-link" href={to} onClick={(e) => { e.preventDefault(); goToField(to, fieldId(at)); }}>{t('change')}<span class="govuk-visually-hidden"> {what}</span></a>;
}

export default function Check({ params }: ScreenProps) {
	const id = params.id ?? '';
	const there = open(id);
	const [agreed, setAgreed] = useState(false);
	const [missing, setMissing] = useState(false);
	const [problem, setProblem] = useState<unknown>(null);
	const [refused, setRefused] = useState<Finding[]>([]);
	useTitle(t('check.title'));
	useEffect(() => {
		if (there && !draft.peek()?.told)
			change({ told: true });
	}, []);
	const d = draft.value;
	if (!there || !d)
		return <NoDraft />;
	const m = d.declaration;
	const x = trial.value;
	const errors = x?.findings.filter((f) => f.severity === 'error') ?? [];
	const others = x?.findings.filter((f) => f.severity !== 'error') ?? [];
	const nothing = d.amends && !amendedParts(d);

	async function submit(): Promise<void> {
		if (!d || errors.length || nothing)
			return;
		setMissing(!agreed);
		if (!agreed)
			return;
		setProblem(null);
		setRefused([]);
		try {
			const body: Json = d.amends ? amendment(d) : m;
			const a = await call<Answer>('/api/v1/declarations', { json: body, key: d.key });
			if (a.state === 'rejected') {
				setRefused(a.findings.filter((f) => f.severity === 'error'));
				return;
			}
			const to = `/trader/declarations/${encodeURIComponent(d.amends?.reference ?? a.reference)}?done=${d.amends ? 'amended' : 'new'}`;
			discard(id);
			go(to, { replace: true });
		} catch (e) {
			// The same bytes may be tried again under the same key: what was done is done once.
			setProblem(e instanceof Problem ? e : new Problem(0, '', '', String(e)));
		}
	}
	const row = (key: string, at: string, shown?: string, item?: number) => ({
		key,
		value: <Given value={shown ?? text(m, at)} />,
		action: <Change id={id} at={at} what={key} item={item} />,
	});
	return (
		<>
			<p class="govuk-body"><a class="govuk-back-link" href={`/trader/drafts/${id}`}>{t('check.back')}</a></p>
			{refused.length > 0 && <ErrorSummary faults={[]}><p>{t('check.rejected')}</p><Findings findings={refused} draftId={id} /></ErrorSummary>}
			{errors.length > 0 && <ErrorSummary faults={[]}><p>{t('check.first', errors.length)}</p><Findings findings={errors} draftId={id} /></ErrorSummary>}
			{missing && !agreed && <ErrorSummary faults={[{ field: 'f-agree', text: t('check.agree.missing') }]} />}
			<h1 class="govuk-heading-l">{d.amends ? t('check.amend', d.amends.reference) : t('check.title')}</h1>
			<h2 class="govuk-heading-m">{t('edit.whole')}</h2>
			<Summary rows={[
				...(d.amends ? [] : [row(t('list.own'), '/trader_reference'), row(t('edit.office'), '/office', nameOf('office', text(m, '/office')))]),
				row(t('edit.importer'), '/shipment/importer/id', [text(m, '/shipment/importer/name'), text(m, '/shipment/importer/id')].filter(Boolean).join(', ')),
				row(t('edit.exporter'), '/exporter/name', [text(m, '/exporter/name'), text(m, '/exporter/address/city'), country(text(m, '/exporter/address/country'))].filter(Boolean).join(', ')),
				row(t('edit.mode'), '/border_transport/mode', [nameOf('transport_mode', text(m, '/border_transport/mode')), text(m, '/shipment/consignment/arrival/id')].filter(Boolean).join(', ')),
				row(t('edit.terms'), '/shipment/terms/code', [text(m, '/shipment/terms/code'), text(m, '/shipment/terms/place_name')].filter(Boolean).join(' ')),
			]} />
			{list(m, '/shipment/items').map((item, n) => {
				const at = `/shipment/items/${n}`;
				return (
					<section key={n} class="card" aria-labelledby={`i-${n}`}>
						<h2 class="govuk-heading-s" id={`i-${n}`}>{t('item.number', n + 1)}</h2>
						<Summary rows={[
							{ key: t('item.code'), value: <><Code>{text(item, '/commodity/classifications/0/id')}</Code> <bdi>{text(item, '/commodity/description')}</bdi></>, action: <Change id={id} at={`${at}/commodity/classifications/0/id`} what={t('item.code')} item={n} /> },
							row(t('duty.origin'), `${at}/origins/0/country`, country(text(item, '/origins/0/country')), n),
							{ key: t('duty.value'), value: <Money value={text(item, '/commodity/price/value')} currency={text(item, '/commodity/price/currency')} />, action: <Change id={id} at={`${at}/commodity/price/value`} what={t('duty.value')} item={n} /> },
							{ key: t('item.net'), value: <Money value={text(item, '/commodity/net_mass/value')} currency="kg" />, action: <Change id={id} at={`${at}/commodity/net_mass/value`} what={t('item.net')} item={n} /> },
							{ key: t('papers.title'), value: list(item, '/documents').length ? <ul class="govuk-list">{list(item, '/documents').map((p, i) => <li key={i}><Code>{text(p, '/category') + text(p, '/type')}</Code> <bdi>{text(p, '/id')}</bdi></li>)}</ul> : <span class="muted">{t('none')}</span>, action: <Change id={id} at={`${at}/documents/0/id`} what={t('papers.title')} item={n} /> },
						]} />
					</section>
				);
			})}
			{others.length > 0 && <><h2 class="govuk-heading-m">{t('check.warnings')}</h2><Findings findings={others} draftId={id} /></>}
			<h2 class="govuk-heading-m">{t('pay.title')}</h2>
			{x ? <Receipt taxes={x.taxes} total={x.total.amount} currency={x.total.currency} /> : <Waiting />}
			{problem ? <ProblemNote problem={problem} retry={() => void submit()} /> : null}
			{nothing ? <p class="govuk-body">{t('check.unchanged')}</p> : !errors.length && (
				<>
					<Tick id="f-agree" label={t('check.agree')} checked={agreed} onChange={(on) => { setAgreed(on); setMissing(false); }} />
					<Button onPress={submit} disabled={trying.value || !x}>{d.amends ? t('check.submit.amend') : t('check.submit')}</Button>
				</>
			)}
		</>
	);
}
