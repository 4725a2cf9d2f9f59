/* What a trader does to a case: what it is asked for first, then what else the case may allow. The hub says whether it does. */
import { useState } from 'preact/hooks';
import { call, Problem } from '../app/api';
import { useOnce } from '../app/once';
import { Button, Dialog, ErrorSummary, Field, Money, ProblemNote } from '../app/parts';
import { t, word, type Key } from '../app/phrases';
import type { Case } from './cases';
import { choices } from './lists';

type Act = 'pay' | 'present' | 'reply' | 'reply-correction' | 'appeal' | 'cancel' | 'abandon';

/* Which of them the case asks for, and which it may allow besides. */
const asked: Record<string, Act> = { pay: 'pay', 'present-goods': 'present', reply: 'reply', 'reply-correction': 'reply-correction', appeal: 'appeal' };
const over = new Set(['rejected', 'cancelled', 'exited', 'abandoned', 'destroyed', 'sold', 'seized']);
const needsReason = new Set<Act>(['reply', 'appeal', 'abandon']);
const TEXT_MAX = 2000;

function minus(a: string, b: string): string {
	const scale = Math.max((a.split('.')[1] ?? '').length, (b.split('.')[1] ?? '').length);
	const units = (v: string) => BigInt((v.split('.')[0] ?? '0') + (v.split('.')[1] ?? '').padEnd(scale, '0'));
	const all = (units(a) - units(b)).toString().padStart(scale + 1, '0');
	return scale ? `${all.slice(0, -scale)}.${all.slice(-scale)}` : all;
}

function ActDialog({ act, status, question, close, done }: { act: Act; status: Case; question?: string; close: () => void; done: (said: string) => void }) {
	const once = useOnce();
	const left = minus(status.due ?? '0', status.paid ?? '0');
	const [reason, setReason] = useState('');
	const [amount, setAmount] = useState(left);
	const [accepted, setAccepted] = useState('');
	const [code, setCode] = useState('1');
	const [fault, setFault] = useState<{ field: string; text: string }[]>([]);
	const [problem, setProblem] = useState<unknown>(null);
	async function send(): Promise<void> {
		const faults = [
			...(needsReason.has(act) && !reason.trim() ? [{ field: 'f-act-reason', text: t('act.reason.missing') }] : []),
			...(act === 'reply-correction' && !accepted ? [{ field: 'f-act-accepted', text: t('act.accepted.missing') }] : []),
			...(act === 'pay' && !/^\d+(\.\d+)?$/.test(amount.trim()) ? [{ field: 'f-act-amount', text: t('act.amount.missing') }] : []),
		];
		setFault(faults);
		setProblem(null);
		if (faults.length)
			return;
		const path = `/api/v1/declarations/${encodeURIComponent(status.reference)}/acts`;
		try {
			if (act === 'cancel') {
				const d = await call<Record<string, unknown>>(path.replace(/acts$/, 'declaration'));
				const a = await call<{ state: string; findings: { text: string }[] }>('/api/v1/declarations', {
					key: once.key,
					json: { function: '13', type: 'INV', trader_reference: `C${once.key.slice(0, 20)}`, movement_reference: status.reference, declarant: d.declarant, amendments: [{ reason: code }] },
				});
				if (a.state === 'rejected')
					throw new Problem(409, '#problem-case-state', '', a.findings.map((f) => f.text).join(' '));
			} else {
				await call(path, {
					key: once.key,
					json: {
						act,
						...(needsReason.has(act) || (act === 'reply-correction' && reason.trim()) ? { reason: reason.trim() } : {}),
						...(act === 'pay' ? { amount: amount.trim() } : {}),
						...(act === 'reply-correction' ? { accepted: accepted === 'yes' } : {}),
					},
				});
			}
			close();
			done(t(`act.${act}.done` as Key));
		} catch (e) {
			once.failed(e);
			setProblem(e);
		}
	}
	return (
		<Dialog title={t(`act.${act}` as Key)} onClose={close}>
			<ErrorSummary faults={fault} />
			{problem ? <ProblemNote problem={problem} /> : null}
			<p class="govuk-body">{t(`act.${act}.what` as Key)}</p>
			{act === 'reply' && question && <blockquote class="quote" dir="auto">{question}</blockquote>}
			<form noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
				{act === 'pay' && (
					<>
						<p class="govuk-body">{t('act.pay.left')} <strong><Money value={left} currency={status.currency} /></strong></p>
						<Field id="f-act-amount" label={t('pay.amount')} value={amount} onInput={setAmount} numeric width={10} suffix={<bdi dir="ltr">{status.currency}</bdi>} error={fault.find((f) => f.field === 'f-act-amount')?.text} />
					</>
				)}
				{act === 'reply-correction' && (
					<Field id="f-act-accepted" label={t('act.accepted')} value={accepted} onInput={setAccepted} error={fault.find((f) => f.field === 'f-act-accepted')?.text}
						choices={[{ value: '', name: t('choose') }, { value: 'yes', name: t('act.accepted.yes') }, { value: 'no', name: t('act.accepted.no') }]} />
				)}
				{act === 'cancel' && <Field id="f-act-code" label={t('edit.reason')} value={code} onInput={setCode} choices={choices('amendment_reason', code, t('choose'))} />}
				{(needsReason.has(act) || act === 'reply-correction') && <Field id="f-act-reason" label={t(act === 'reply' ? 'act.answer' : 'act.reason')} value={reason} onInput={setReason} rows={5} max={TEXT_MAX} error={fault.find((f) => f.field === 'f-act-reason')?.text} />}
				<div class="govuk-button-group">
					<Button kind={act === 'cancel' || act === 'abandon' ? 'warning' : undefined} onPress={send}>{t(`act.${act}` as Key)}</Button>
					<Button kind="secondary" onPress={close}>{t('cancel')}</Button>
				</div>
			</form>
		</Dialog>
	);
}

export function Acts({ status, question, done }: { status: Case; reference: string; question?: string; done: (said: string) => void }) {
	const [open, setOpen] = useState<Act | null>(null);
	const first = [...new Set((status.next ?? []).map((n) => asked[n]).filter((a): a is Act => !!a))];
	const others: Act[] = over.has(status.state) ? [] : (['cancel', ...(status.state === 'released' ? [] : ['abandon'])] as Act[]);
	return (
		<>
			{first.length + others.length > 0 && (
				<div class="govuk-button-group no-print">
					{first.map((a) => <Button key={a} kind={a === 'appeal' ? 'secondary' : undefined} onPress={() => setOpen(a)}>{word('act', a)}</Button>)}
					{others.map((a) => <Button key={a} kind="secondary" onPress={() => setOpen(a)}>{word('act', a)}</Button>)}
				</div>
			)}
			{open && <ActDialog key={open} act={open} status={status} question={question} close={() => setOpen(null)} done={done} />}
		</>
	);
}
