/* A list that is read page after page when somebody asks for more, and anew when what is asked changes. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Case, CasePage } from './cases';

export function useList(page: (after: string) => Promise<CasePage>, asked: string) {
	const [rows, setRows] = useState<Case[] | null>(null);
	const [problem, setProblem] = useState<unknown>(null);
	const [after, setAfter] = useState('');
	const turn = useRef(0);
	async function read(from: string, before: Case[]): Promise<void> {
		const mine = ++turn.current;
		try {
			const found = await page(from);
			if (mine !== turn.current)
				return;
			setRows([...before, ...found.cases]);
			setAfter(found.after ?? '');
			setProblem(null);
		} catch (e) {
			if (mine === turn.current)
				setProblem(e);
		}
	}
	const begin = () => void read('', []);
	useEffect(() => {
		setRows(null);
		begin();
	}, [asked]);
	return { rows, problem, begin, more: !!after, next: () => read(after, rows ?? []) };
}
