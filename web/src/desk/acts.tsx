/* What can be done to a case: for each act the values that it needs, a form for them, and what can be taken back. The API says which of them
 * who is signed in may do now; nothing is decided here. */
import { useRef, useState } from 'preact/hooks';
import { Problem } from '../app/api';
import { useOnce } from '../app/once';
import { Button, Dialog, ErrorSummary, Field, problemText, toast, type Fault } from '../app/parts';
import { known, t, word, type Key } from '../app/phrases';
import { may } from '../app/session';
import { act, readCase, type Case } from './cases';

type Input = 'result' | 'code' | 'reason' | 'reason?' | 'lane' | 'hold' | 'agency' | 'officer' | 'until' | 'guarantee' | 'amount?' | 'accepted';
interface Spec {
	needs: Input[];
	grave?: boolean; /* takes something away for good: no undo, a plain word */
	undo?: { act: string; given?: (sent: Record<string, unknown>, of: Case) => Record<string, unknown> | undefined }; /* undefined: it cannot be */
}
const specs: Record<string, Spec> = {
	'approve-refund': { needs: [] },
	'check-documents': { needs: ['result', 'code', 'reason?'] },
	close: { needs: ['reason'] },
	'confirm-reroute': { needs: [] },
	'decide-appeal': { needs: ['accepted', 'amount?', 'reason'] },
	destroy: { needs: ['reason'], grave: true },
	detain: { needs: ['reason'], undo: { act: 'lift-detention', given: () => ({ reason: t('desk.undo.reason') }) } },
	discharge: { needs: [] },
	examine: { needs: ['result', 'code', 'reason?'] },
	exit: { needs: [] },
	grant: { needs: [] },
	'lift-detention': { needs: ['reason'] },
	'lift-hold': { needs: ['hold', 'agency'] },
	pay: { needs: ['amount?'] },
	'place-hold': { needs: ['hold', 'agency', 'reason'], undo: { act: 'lift-hold', given: (sent) => ({ hold: sent.hold, agency: sent.agency }) } },
	present: { needs: [] },
	query: { needs: ['reason'], undo: { act: 'withdraw-query' } },
	refuse: { needs: ['reason'] },
	'refuse-reroute': { needs: [] },
	release: { needs: [], grave: true },
	reroute: { needs: ['lane', 'reason'] },
	restore: { needs: ['reason'] },
	secure: { needs: ['until', 'guarantee', 'amount?'] },
	seize: { needs: ['code', 'reason'], grave: true },
	sell: { needs: ['reason'], grave: true },
	'take-over': { needs: ['officer', 'reason'], undo: { act: 'take-over', given: (_, of) => of.examiner ? { officer: of.examiner, reason: t('desk.undo.reason') } : undefined } },
	'withdraw-query': { needs: [] },
};
/* What comes first: results of control, then what a second person has to do. */
const first = ['check-documents', 'examine', 'confirm-reroute', 'grant', 'decide-appeal', 'close', 'release', 'query', 'withdraw-query', 'take-over', 'reroute'];

export function inOrder(acts: readonly string[]): string[] {
	const place = (a: string) => (first.includes(a) ? first.indexOf(a) : first.length);
	return acts.filter((a) => specs[a] || a === 'correct').sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}
/* The act that a control ends with, for the key x. */
export function resultAct(acts: readonly string[] = []): string | undefined {
	return ['check-documents', 'examine'].find((a) => acts.includes(a));
}

const choices: Partial<Record<Input, { prefix: string; values: string[] }>> = {
	result: { prefix: 'result', values: ['clean', 'irregular'] },
	lane: { prefix: 'lane', values: ['red', 'yellow', 'blue', 'green'] },
	hold: { prefix: 'hold', values: ['permit', 'agency'] },
	accepted: { prefix: 'appealed', values: ['yes', 'no'] },
};

/* Is the value asked for, with what is there so far? */
function asked(input: Input, given: Record<string, string>): boolean {
	if (input === 'code' && given.result !== undefined)
		return given.result === 'irregular';
	return input !== 'agency' || given.hold === 'agency';
}
function optional(input: Input): boolean {
	return input.endsWith('?') || input === 'guarantee';
}
const nameOf = (input: Input) => input.replace('?', '');

function valueOf(input: Input, text: string): unknown {
	if (input === 'accepted')
		return text === 'yes';
	if (input === 'until')
		return new Date(text).toISOString();
	return text.trim();
}
function isSound(input: Input, text: string): boolean {
	try {
		return valueOf(input, text) !== '';
	} catch {
		return false;
	}
}

/* A wrong value has its field; anything else is said above the form. */
function refusal(e: unknown): string {
	if (e instanceof Problem && typeof e.body.refusal === 'string' && known('refusal', e.body.refusal))
		return word('refusal', e.body.refusal);
	return e instanceof Problem && e.detail ? e.detail : problemText(e);
}

/* Whose case it is by now belongs to a refusal because of it. */
async function refusalOf(e: unknown, reference: string): Promise<string> {
	const text = refusal(e);
	if (!(e instanceof Problem) || e.body.refusal !== 'not-examiner')
		return text;
	const now = await readCase(reference).catch(() => null);
	return now?.examiner ? `${text} ${t('desk.taken', now.examiner)}` : text;
}

function defaults(spec: Spec, c: Case): Record<string, string> {
	const given: Record<string, string> = {};
	for (const i of spec.needs) {
		const values = choices[i]?.values.filter((v) => i !== 'lane' || v !== c.lane);
		given[nameOf(i)] = i === 'until' ? '' : (values?.[0] ?? '');
	}
	return given;
}

export function ActDialog({ name, of, done, close }: { name: string; of: Case; done: () => void; close: () => void }) {
	const spec = specs[name] ?? { needs: [] };
	const [given, setGiven] = useState(() => defaults(spec, of));
	const [faults, setFaults] = useState<Fault[]>([]);
	const [problem, setProblem] = useState('');
	const once = useOnce();
	const examiner = useRef(of.examiner ?? '');
	// An agency speaks for itself alone.
	const wanted = spec.needs.filter((i) => asked(i, given) && !(may('agency') && (i === 'hold' || i === 'agency')));

	async function submit(e?: Event): Promise<void> {
		e?.preventDefault();
		const found = wanted.filter((i) => (given[nameOf(i)] || !optional(i)) && !isSound(i, given[nameOf(i)] ?? ''))
			.map((i) => ({ field: `a-${nameOf(i)}`, text: t(`desk.missing.${nameOf(i)}` as Key) }));
		setFaults(found);
		setProblem('');
		if (found.length)
			return;
		const values: Record<string, unknown> = spec.needs.includes('hold') && may('agency') ? { hold: 'agency' } : {};
		for (const i of wanted)
			if (given[nameOf(i)])
				values[nameOf(i)] = valueOf(i, given[nameOf(i)]!);
		try {
			// Whoever has the case by now is named before it is taken from them.
			const now = name === 'take-over' ? await readCase(of.reference) : of;
			if ((now.examiner ?? '') !== (examiner.current ?? '')) {
				examiner.current = now.examiner ?? '';
				setProblem(now.examiner ? t('desk.taken', now.examiner) : t('desk.with-nobody'));
				return;
			}
			await act(of.reference, name, values, once.key);
		} catch (why) {
			setProblem(await refusalOf(why, of.reference));
			once.failed(why);
			return;
		}
		const back = spec.undo && (spec.undo.given ? spec.undo.given(values, of) : {});
		toast(t('desk.done', word('act', name), of.reference), back && (() => void act(of.reference, spec.undo!.act, back).then(done, (why: unknown) => toast(refusal(why)))));
		done();
	}
	return (
		<Dialog title={`${word('act', name)} · ${of.reference}`} onClose={close}>
			<form onSubmit={(e) => void submit(e)} noValidate>
				<ErrorSummary faults={faults}>{problem && <p dir="auto">{problem}</p>}</ErrorSummary>
				{known('act-says', name) && <p>{word('act-says', name)}</p>}
				{wanted.map((i) => {
					const field = nameOf(i);
					const list = choices[i];
					return (
						<Field key={i} id={`a-${field}`} label={optional(i) ? t('desk.optional', t(`desk.input.${field}` as Key)) : t(`desk.input.${field}` as Key)} value={given[field] ?? ''}
							hint={i === 'code' ? t('desk.input.code.hint') : undefined}
							error={faults.find((f) => f.field === `a-${field}`)?.text} onInput={(v) => setGiven({ ...given, [field]: v })}
							rows={field === 'reason' ? 3 : undefined} max={field === 'reason' ? 2000 : undefined} code={['code', 'officer', 'agency', 'guarantee'].includes(field)} numeric={field === 'amount'}
							inputProps={i === 'until' ? { type: 'datetime-local' } : undefined}
							choices={list?.values.filter((v) => i !== 'lane' || v !== of.lane).map((v) => ({ value: v, name: word(list.prefix, v) }))} />
					);
				})}
				<div class="buttons">
					<Button kind={spec.grave ? 'warning' : undefined} onPress={() => submit()}>{word('act', name)}</Button>
					<Button kind="secondary" onPress={close}>{t('cancel')}</Button>
				</div>
			</form>
		</Dialog>
	);
}
