/* Documents of a case: what is there, and handing in more. The hub looks at type, size and viruses; this says so before the way is made. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { Field, ProblemNote, Tag, Time, toast, Waiting } from '../app/parts';
import { bytes, t, word } from '../app/phrases';
import { nameOf } from './lists';
import { list, text, type Json } from './draft';

interface Document {
	number: number;
	name: string;
	type: string;
	bytes: number;
	sha256: string;
	pointer: string;
	state: string;
	at: string;
}
/* A name that the hub takes: without signs that mean something to file systems, or turn a text round. */
const clean = (name: string) => name.replace(/[\p{Cc}\p{Cf}"<>\\/:*?|%;]/gu, '_').replace(/^[. ]+/, '_').slice(-120);
const MOST = 20 * 1024 * 1024;
/* By the end of the name: browsers know fewer types than the hub. */
const types: Record<string, string> = {
	pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', tif: 'image/tiff', tiff: 'image/tiff', txt: 'text/plain', csv: 'text/csv', xml: 'application/xml', json: 'application/json',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ods: 'application/vnd.oasis.opendocument.spreadsheet',
};
const stateTones = { clean: 'green', unscanned: 'grey', quarantined: 'blue', infected: 'red', erased: 'grey' } as const;

/* Places that a document can prove: those that the declaration names. */
function places(d: Json | null): { value: string; name: string }[] {
	const named = (of: unknown, at: string, before: string) => list(of, '/documents').map((p, i) => ({ value: `${at}/documents/${i}`, name: `${before}${nameOf('document_type', text(p, '/category') + text(p, '/type'))} ${text(p, '/id')}` }));
	return [{ value: '', name: t('docs.whole') }, ...named(d, '', ''), ...list(d, '/shipment/items').flatMap((item, n) => named(item, `/shipment/items/${n}`, `${t('item.number', n + 1)}: `))];
}

export function Documents({ path, open }: { path: string; open: boolean }) {
	const [documents, setDocuments] = useState<Document[] | null>(null);
	const [declared, setDeclared] = useState<Json | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [at, setAt] = useState('');
	const [fault, setFault] = useState('');
	const [busy, setBusy] = useState(false);
	const input = useRef<HTMLInputElement>(null);
	const load = useCallback(() => call<{ documents: Document[] }>(`${path}/documents`).then((a) => setDocuments(a.documents), setProblem), [path]);
	useEffect(() => {
		void load();
		if (open)
			call<Json>(`${path}/declaration`).then(setDeclared, () => undefined);
	}, [load, open]);
	async function send(file: File | undefined): Promise<void> {
		const type = types[file?.name.split('.').pop()?.toLowerCase() ?? ''];
		setFault('');
		setProblem(null);
		if (!file || busy)
			return;
		if (!type)
			return setFault(t('docs.type'));
		if (file.size > MOST)
			return setFault(t('docs.large', bytes(MOST)));
		setBusy(true);
		try {
			await call(`${path}/documents${query({ pointer: at, name: clean(file.name) })}`, { body: file, type });
			toast(t('docs.done', file.name));
			await load();
		} catch (e) {
			setProblem(e);
		}
		setBusy(false);
		if (input.current)
			input.current.value = '';
	}
	return (
		<section aria-labelledby="s-docs">
			<h2 class="govuk-heading-m" id="s-docs">{t('docs.title')}</h2>
			{!documents ? !problem && <Waiting /> : documents.length ? (
				<ul class="goods documents">
					{documents.map((d) => (
						<li key={d.number}>
							<Tag tone={stateTones[d.state as keyof typeof stateTones] ?? 'grey'}>{word('document', d.state)}</Tag>
							<span>
								{d.state === 'clean' || d.state === 'unscanned' ? <a class="govuk-link" href={`${path}/documents/${d.number}`} download><bdi>{d.name}</bdi></a> : <bdi>{d.name}</bdi>}
								<span class="muted"> · <bdi>{bytes(d.bytes)}</bdi> · <Time at={d.at} near /></span>
							</span>
						</li>
					))}
				</ul>
			) : <p class="govuk-body">{t('docs.none')}</p>}
			{problem ? <ProblemNote problem={problem} /> : null}
			{open && (
				<div class="drop no-print" onDragOver={(e) => e.preventDefault()} onDrop={(e) => { e.preventDefault(); void send(e.dataTransfer?.files[0]); }}>
					<Field id="f-doc-place" label={t('docs.place')} value={at} onInput={setAt} choices={places(declared)} />
					<label class="govuk-label" for="f-doc">{t('docs.add')}</label>
					<div class="govuk-hint" id="f-doc-hint">{t('docs.hint', bytes(MOST))}</div>
					{fault && <p class="govuk-error-message" id="f-doc-error" role="alert">{fault}</p>}
					<input ref={input} class="file" id="f-doc" type="file" accept={Object.keys(types).map((e) => `.${e}`).join()} aria-describedby={`f-doc-hint${fault ? ' f-doc-error' : ''}`} onChange={(e) => void send(e.currentTarget.files?.[0])} />
					{busy && <Waiting label={t('docs.sending')} />}
				</div>
			)}
		</section>
	);
}
