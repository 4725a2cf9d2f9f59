/* What the sections of a company's screens share: a list that changes, a heading, a secret. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../app/api';
import { Button, ProblemNote } from '../app/parts';
import { t } from '../app/phrases';

/* A list that is asked for, and asked for again after each change. */
export function useList<T>(path: string, member: string): { list: T[] | null; problem: unknown; act: (what: () => Promise<unknown>) => Promise<void> } {
	const [list, setList] = useState<T[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const load = () => call<Record<string, T[]>>(path).then((a) => setList(a[member] ?? []), setProblem);
	useEffect(() => void load(), [path]);
	async function act(what: () => Promise<unknown>): Promise<void> {
		setProblem(null);
		try {
			await what();
			await load();
		} catch (e) {
			setProblem(e);
		}
	}
	return { list, problem, act };
}

export function Section({ id, title, problem, children }: { id: string; title: string; problem: unknown; children: ComponentChildren }) {
	return <section aria-labelledby={id}><h2 class="govuk-heading-m" id={id}>{title}</h2>{problem ? <ProblemNote problem={problem} /> : null}{children}</section>;
}

/* A secret that is told this once. */
export function Secret({ what, value, close }: { what: string; value: string; close: () => void }) {
	return (
		<div class="empty" role="status">
			<p class="govuk-body empty__title">{what}</p>
			<p class="govuk-body"><code class="secret" dir="ltr" tabIndex={0}>{value}</code></p>
			<Button kind="secondary" onPress={close}>{t('secret.kept')}</Button>
		</div>
	);
}
