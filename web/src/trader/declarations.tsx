/* All declarations of a company, the newest first. */
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { Button, Code, Empty, Money, ProblemNote, Status, Table, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { listCases, needs, type Case } from './cases';

export default function Declarations() {
	const [cases, setCases] = useState<Case[] | null>(null);
	const [after, setAfter] = useState<string | undefined>();
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('trader.nav.declarations'));
	async function load(from?: string): Promise<void> {
		setProblem(null);
		try {
			const page = await listCases(from);
			setCases((old) => [...(from ? (old ?? []) : []), ...page.cases]);
			setAfter(page.after);
		} catch (e) {
			setProblem(e);
		}
	}
	useEffect(() => void load(), []);
	return (
		<>
			<h1 class="govuk-heading-l">{t('trader.nav.declarations')}</h1>
			{problem ? <ProblemNote problem={problem} retry={() => void load()} /> : !cases ? <Waiting /> : !cases.length ? <Empty title={t('trader.list.nothing')} /> : (
				<Table caption={t('trader.nav.declarations')} quiet head={[t('list.reference'), t('list.state'), t('list.next'), t('list.due')]}>
					{cases.map((c) => (
						<tr key={c.reference} class="govuk-table__row">
							<th scope="row" class="govuk-table__header"><Code>{c.reference}</Code>{c.trader_reference && <><br /><span class="muted"><bdi>{c.trader_reference}</bdi></span></>}</th>
							<td class="govuk-table__cell"><Status state={c.state} needs={needs(c).length > 0} /></td>
							<td class="govuk-table__cell">{(c.next ?? []).map((n) => word('next', n)).join(' · ')}</td>
							<td class="govuk-table__cell">{c.due && <Money value={c.due} currency={c.currency} />}</td>
						</tr>
					))}
				</Table>
			)}
			{after && <Button kind="secondary" onPress={() => load(after)}>{t('more')}</Button>}
		</>
	);
}
