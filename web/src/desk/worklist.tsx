/* Cases of an office, who waits longest first. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { Code, Lane, ProblemNote, Status, Table, Waiting } from '../app/parts';
import { t } from '../app/phrases';
import { me } from '../app/session';

interface Case {
	reference: string;
	state: string;
	lane?: string;
}

export default function Worklist() {
	const office = me.value?.offices[0];
	const [cases, setCases] = useState<Case[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	useTitle(t('desk.nav.worklist'));
	useEffect(() => {
		if (!office)
			return setCases([]);
		call<{ cases: Case[] }>(`/api/v1/cases${query({ office })}`).then((a) => setCases(a.cases), setProblem);
	}, [office]);
	return (
		<>
			<h1 class="govuk-heading-l">{t('desk.nav.worklist')}{office ? <> · <Code>{office}</Code></> : null}</h1>
			{problem ? <ProblemNote problem={problem} /> : !cases ? <Waiting /> : (
				<Table caption={t('desk.nav.worklist')} quiet head={[t('list.reference'), t('list.state'), t('list.lane')]}>
					{cases.map((c) => (
						<tr key={c.reference} class="govuk-table__row">
							<td class="govuk-table__cell"><Code>{c.reference}</Code></td>
							<td class="govuk-table__cell"><Status state={c.state} /></td>
							<td class="govuk-table__cell"><Lane lane={c.lane ?? 'none'} /></td>
						</tr>
					))}
				</Table>
			)}
		</>
	);
}
