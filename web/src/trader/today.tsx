/* What waits for somebody of the company. */
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/frame';
import { Code, Empty, ProblemNote, Status, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { listCases, needs, type Case } from './cases';

export default function Today() {
	const [cases, setCases] = useState<Case[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('trader.nav.today'));
	useEffect(() => void listCases().then((a) => setCases(a.cases.filter((c) => needs(c).length)), setProblem), []);
	return (
		<>
			<h1 class="govuk-heading-l">{t('trader.nav.today')}</h1>
			{problem ? <ProblemNote problem={problem} /> : !cases ? <Waiting /> : !cases.length ? <Empty title={t('trader.today.nothing')} /> : (
				<ul class="goods">
					{cases.map((c) => <li key={c.reference}><Code>{c.reference}</Code><span><Status state={c.state} needs /> {needs(c).map((n) => word('next', n)).join(' · ')}</span></li>)}
				</ul>
			)}
		</>
	);
}
