/* What the company owes and has prepaid, how that came about, and what guarantees stand for it. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Code, Empty, Field, Money, ProblemNote, Table, Waiting } from '../app/parts';
import { day, moment, t, word } from '../app/phrases';
import { me } from '../app/session';
import { chosenParty, party } from './cases';

interface Account {
	party: string;
	currency: string;
	balances: Record<string, string>;
	transfers: { at: string; kind?: string; account: string; debit?: string; credit?: string; other?: string; reference?: string }[];
}
interface Guarantee {
	reference: string;
	guarantor: string;
	amount: string;
	used: string;
	currency: string;
	until: string;
}

export default function Payments() {
	const whose = party();
	const [account, setAccount] = useState<Account | null>(null);
	const [guarantees, setGuarantees] = useState<Guarantee[]>([]);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('trader.nav.money'));
	useEffect(() => {
		if (!whose)
			return;
		const path = `/api/v1/accounts/${encodeURIComponent(whose)}`;
		setProblem(null);
		Promise.all([call<Account>(`${path}${query({ limit: 200 })}`), call<{ guarantees: Guarantee[] }>(`${path}/guarantees`)]).then(([a, g]) => {
			setAccount(a);
			setGuarantees(g.guarantees);
		}, setProblem);
	}, [whose]);
	const parties = (me.value?.parties ?? []).filter((p) => p !== '*');
	return (
		<>
			<h1 class="govuk-heading-l">{t('trader.nav.money')}</h1>
			{parties.length > 1 && <Field id="f-party" label={t('list.party')} value={whose} onInput={(p) => (chosenParty.value = p)} choices={parties.map((p) => ({ value: p, name: p }))} />}
			{problem ? <ProblemNote problem={problem} /> : !account ? <Waiting /> : (
				<>
					<dl class="figures">
						{['due', 'prepaid', 'security'].map((b) => <div key={b}><dt>{word('balance', b)}</dt><dd><Money value={account.balances[b] ?? '0'} currency={account.currency} /></dd></div>)}
					</dl>
					{account.transfers.length ? (
						<Table caption={t('money.statement')} head={[t('list.when'), t('money.what'), t('list.reference'), t('money.account'), t('money.debit'), t('money.credit')]}>
							{account.transfers.map((x, i) => (
								<tr key={i} class="govuk-table__row">
									<th scope="row" class="govuk-table__header"><time dateTime={x.at}>{moment(x.at)}</time></th>
									<td class="govuk-table__cell">{x.kind ? word('transfer', x.kind) : ''}</td>
									<td class="govuk-table__cell">{x.reference && <a class="govuk-link" href={`/trader/declarations/${encodeURIComponent(x.reference)}`}><Code>{x.reference}</Code></a>}</td>
									<td class="govuk-table__cell">{word('balance', x.account)}</td>
									<td class="govuk-table__cell">{x.debit && <Money value={x.debit} />}</td>
									<td class="govuk-table__cell">{x.credit && <Money value={x.credit} />}</td>
								</tr>
							))}
						</Table>
					) : <Empty title={t('money.nothing')} />}
					<h2 class="govuk-heading-m">{t('money.guarantees')}</h2>
					{guarantees.length ? (
						<Table caption={t('money.guarantees')} quiet head={[t('list.reference'), t('money.guarantor'), t('pay.amount'), t('money.used'), t('money.until')]}>
							{guarantees.map((g) => (
								<tr key={g.reference} class="govuk-table__row">
									<th scope="row" class="govuk-table__header"><Code>{g.reference}</Code></th>
									<td class="govuk-table__cell"><bdi>{g.guarantor}</bdi></td>
									<td class="govuk-table__cell"><Money value={g.amount} currency={g.currency} /></td>
									<td class="govuk-table__cell"><Money value={g.used} currency={g.currency} /></td>
									<td class="govuk-table__cell">{day(g.until)}</td>
								</tr>
							))}
						</Table>
					) : <Empty title={t('money.no-guarantees')} />}
				</>
			)}
		</>
	);
}
