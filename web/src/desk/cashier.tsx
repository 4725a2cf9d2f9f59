/* What a cashier does: takes what is due, looks after what was secured, pays back. Which of the three stands in the address. */
import { useEffect, useState } from 'preact/hooks';
import { call } from '../app/api';
import { useTitle } from '../app/frame';
import { useOnce } from '../app/once';
import { Button, Code, Empty, Field, Money, ProblemNote, problemText, Table, Time, toast, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { go, setQuery, type ScreenProps } from '../app/router';
import { ActDialog } from './acts';
import { listCases, officeOf, type Case } from './cases';
import { useList } from './list';

const KINDS = ['due', 'refund', 'secured'] as const;
const ACTS = ['pay', 'approve-refund', 'secure', 'discharge'];
const isNought = (amount?: string) => !amount || /^0(\.0+)?$/.test(amount);

interface Account {
	party: string;
	currency: string;
	balances: Record<string, string>;
}

/* Money that a company brings, or takes along, without a case. */
function Cash({ office }: { office: string }) {
	const [party, setParty] = useState('');
	const [account, setAccount] = useState<Account | null>(null);
	const [amount, setAmount] = useState('');
	const [problem, setProblem] = useState<unknown>(null);
	const once = useOnce();
	const path = `/api/v1/accounts/${encodeURIComponent(party.trim())}`;
	const read = () => {
		setProblem(null);
		return call<Account>(path).then(setAccount, (e: unknown) => { setAccount(null); setProblem(e); });
	};
	const move = async (direction: 'in' | 'out') => {
		try {
			await call(`${path}/cash`, { json: { office, amount: amount.trim(), direction }, key: once.key });
			toast(t(direction === 'in' ? 'desk.cash.taken' : 'desk.cash.given', amount.trim(), party.trim()));
			setAmount('');
			once.done();
			await read();
		} catch (e) {
			once.failed(e);
			toast(problemText(e));
		}
	};
	return (
		<section class="panel cash" aria-label={t('desk.cash')}>
			<h2>{t('desk.cash')}</h2>
			<form class="filters__row" onSubmit={(e) => { e.preventDefault(); void read(); }}>
				<Field id="k-party" label={t('desk.cash.party')} code value={party} onInput={(v) => { setParty(v); setAccount(null); }} max={70} />
				<Button type="submit" kind="secondary">{t('desk.cash.show')}</Button>
			</form>
			{problem ? <ProblemNote problem={problem} /> : null}
			{account && (
				<>
					<dl class="facts">{['due', 'prepaid', 'security'].map((b) => <div key={b}><dt>{word('balance', b)}</dt><dd><Money value={account.balances[b] ?? '0'} currency={account.currency} /></dd></div>)}</dl>
					<p><a href={`${path}/statement.pdf`} target="_blank" rel="noopener">{word('paper', 'statement')}</a></p>
					<Field id="k-amount" label={t('desk.input.amount')} numeric width={10} value={amount} onInput={setAmount} />
					<div class="buttons"><Button disabled={!amount.trim()} onPress={() => move('in')}>{t('desk.cash.in')}</Button><Button kind="secondary" disabled={!amount.trim()} onPress={() => move('out')}>{t('desk.cash.out')}</Button></div>
				</>
			)}
		</section>
	);
}

function Find() {
	const [text, setText] = useState('');
	return (
		<form class="search" role="search" onSubmit={(e) => { e.preventDefault(); if (text.trim()) go(`/desk/declarations/${encodeURIComponent(text.trim().toUpperCase())}`); }}>
			<Field id="f-find" quiet label={t('desk.cashier.find')} type="search" code value={text} onInput={setText} max={35} inputProps={{ placeholder: t('desk.cashier.find') }} />
			<Button type="submit" kind="secondary">{t('desk.find.button')}</Button>
		</form>
	);
}

export default function Cashier({ query: q }: ScreenProps) {
	const office = officeOf(q.get('office'));
	const money = KINDS.find((k) => k === q.get('money')) ?? 'due';
	const list = useList((after) => listCases({ office, money, after, limit: 100 }), `${office} ${money}`);
	const [doing, setDoing] = useState<{ act: string; of: Case } | null>(null);
	useTitle(t('desk.nav.cashier'));
	useEffect(() => setDoing(null), [money]);
	if (!office)
		return <Empty title={t('desk.no-office')} />;
	const amountOf = (c: Case) => (money === 'refund' ? c.refund : money === 'secured' ? c.secured : c.due) ?? '0';
	return (
		<>
			<div class="bar"><h1>{t('desk.nav.cashier')} <span class="muted"><Code>{office}</Code></span></h1><Find /></div>
			<nav class="views" aria-label={t('desk.views')}>
				<ul>{KINDS.map((k) => <li key={k}><a href="#view" aria-current={k === money ? 'true' : undefined} onClick={(e) => { e.preventDefault(); setQuery({ money: k }); }}>{t(`desk.money.${k}`)}</a></li>)}</ul>
			</nav>
			{list.problem ? <ProblemNote problem={list.problem} retry={list.begin} /> : !list.rows ? <Waiting /> : !list.rows.length ? <Empty title={t(`desk.money.${money}.none`)}><p>{t('desk.cashier.hint')}</p></Empty> : (
				<Table caption={t(`desk.money.${money}`)} quiet head={[t('list.reference'), t('desk.party'), t('desk.own'), t('list.state'), t(`desk.money.${money}.amount`), t('desk.paid'), ...(money === 'secured' ? [t('desk.secured-until')] : []), <span key="a" class="govuk-visually-hidden">{t('desk.control')}</span>]}>
					{list.rows.map((c) => (
						<tr key={c.reference} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><a href={`/desk/declarations/${encodeURIComponent(c.reference)}`}><Code>{c.reference}</Code></a></th>
							<td class="govuk-table__cell"><Code>{c.party ?? ''}</Code></td>
							<td class="govuk-table__cell"><bdi>{c.trader_reference}</bdi></td>
							<td class="govuk-table__cell">{word('state', c.state)}</td>
							<td class="govuk-table__cell"><Money value={amountOf(c)} currency={c.currency} /></td>
							<td class="govuk-table__cell"><Money value={c.paid} currency={c.currency} /></td>
							{money === 'secured' && <td class="govuk-table__cell">{c.secured_until && <Time at={c.secured_until} />}</td>}
							<td class="govuk-table__cell">
								<span class="row-acts">
									{ACTS.filter((a) => c.acts?.includes(a)).map((a) => <button key={a} type="button" class="small" aria-label={`${word('act', a)} ${c.reference}`} onClick={() => setDoing({ act: a, of: c })}>{word('act', a)}</button>)}
									{!isNought(c.paid) && <a href={`/api/v1/declarations/${encodeURIComponent(c.reference)}/receipt.pdf`} target="_blank" rel="noopener" aria-label={`${word('paper', 'receipt')} ${c.reference}`}>{word('paper', 'receipt')}</a>}
								</span>
							</td>
						</tr>
					))}
				</Table>
			)}
			{list.more && <Button kind="secondary" onPress={list.next}>{t('desk.more')}</Button>}
			<Cash office={office} />
			{doing && <ActDialog key={doing.act + doing.of.reference} name={doing.act} of={doing.of} close={() => setDoing(null)} done={() => { setDoing(null); list.begin(); }} />}
		</>
	);
}
