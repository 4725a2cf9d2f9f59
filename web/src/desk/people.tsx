/* People, and what they are here. */
import { useEffect, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { useTitle } from '../app/frame';
import { bind } from '../app/keys';
import { Button, Field, ProblemNote, Table, Tag, Waiting } from '../app/parts';
import { t, word } from '../app/phrases';
import { go } from '../app/router';
import { may } from '../app/session';
import type { Person } from './person';

const PAGE = 200;

export default function People() {
	const [people, setPeople] = useState<Person[] | null>(null);
	const [whole, setWhole] = useState(true);
	const [problem, setProblem] = useState<unknown>(null);
	const [find, setFind] = useState('');
	useTitle(t('desk.nav.people'));
	const more = async () => {
		try {
			const page = await call<{ people: Person[] }>(`/api/v1/people${query({ after: people?.at(-1)?.login, limit: PAGE })}`);
			setPeople([...(people ?? []), ...page.people]);
			setWhole(page.people.length < PAGE);
		} catch (e) {
			setProblem(e);
		}
	};
	useEffect(() => {
		void more();
		return bind({ keys: '/', says: 'desk.people.find', run: () => document.getElementById('p-find')?.focus() });
	}, []);
	const wanted = find.trim().toLowerCase();
	const shown = people?.filter((p) => !wanted || [p.login, p.name, ...(p.roles ?? []), ...(p.offices ?? []), ...(p.parties ?? [])].some((x) => x?.toLowerCase().includes(wanted)));
	return (
		<>
			<div class="bar">
				<h1>{t('desk.nav.people')}</h1>
				<div class="search"><Field id="p-find" quiet label={t('desk.people.find')} type="search" value={find} onInput={setFind} inputProps={{ placeholder: t('desk.people.find') }} /></div>
				{may('administrator') && <Button onPress={() => go('/desk/people/+')}>{t('desk.people.add')}</Button>}
			</div>
			{problem ? <ProblemNote problem={problem} /> : !shown ? <Waiting /> : (
				<Table caption={t('desk.nav.people')} quiet head={[t('signin.login'), t('desk.person.name'), t('desk.person.roles'), t('desk.person.where'), t('list.state')]}>
					{shown.map((p) => (
						<tr key={p.login} class="govuk-table__row">
							<th scope="row" class="govuk-table__cell"><a href={`/desk/people/${encodeURIComponent(p.login)}`}><bdi>{p.login}</bdi></a></th>
							<td class="govuk-table__cell"><span dir="auto">{p.name}</span></td>
							<td class="govuk-table__cell">{(p.roles ?? []).map((r) => word('role', r)).join(', ')}</td>
							<td class="govuk-table__cell"><bdi class="code" dir="ltr">{[...(p.offices ?? []), ...(p.parties ?? []), p.agency].filter(Boolean).join(' ')}</bdi></td>
							<td class="govuk-table__cell">{p.disabled ? <Tag tone="grey">{t('desk.person.disabled')}</Tag> : p.must_change_password ? <Tag tone="yellow">{t('desk.person.first')}</Tag> : <Tag tone="green">{t('desk.person.active')}</Tag>}</td>
						</tr>
					))}
				</Table>
			)}
			{!whole && <Button kind="secondary" onPress={more}>{t('more')}</Button>}
		</>
	);
}
