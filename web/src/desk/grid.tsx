/* A list of any length of which only the rows that are seen stand in the document. Rows have one height, so that the place of each is known;
 * the whole grid is one tab stop, and aria-activedescendant says which row is meant. Where the window is narrow a row is a card. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

export interface Column<T> {
	key: string;
	head: string;
	width: string; /* of the track: "8rem", "minmax(6rem, 1fr)" */
	end?: boolean; /* numbers stand at the end */
	cell: (row: T) => ComponentChildren;
}
interface Props<T> {
	label: string;
	rows: readonly T[];
	total: number; /* -1: not known */
	columns: Column<T>[];
	id: (row: T) => string;
	at: number; /* the selected row */
	onSelect: (at: number) => void;
	onOpen: (at: number) => void;
	onNearEnd: () => void;
}

const ROW = 40;
const CARD = 92;
const BEYOND = 8; /* rows that stand ready above and below what is seen */
const NEAR = 60; /* rows before the end of which more are asked for */
const narrow = matchMedia('(max-width: 48rem)');

/* Its cells are made once for what it shows: a key that moves the selection draws two rows anew, not all. */
function Row<T>({ row, columns, at, id, height, selected, onSelect, onOpen }: { row: T; columns: Column<T>[]; at: number; id: string; height: number; selected: boolean; onSelect: (at: number) => void; onOpen: (at: number) => void }) {
	const cells = useMemo(() => columns.map((c) => <div key={c.key} role="gridcell" class={`grid__${c.key}${c.end ? ' grid__end' : ''}`}>{c.cell(row)}</div>), [row, columns]);
	return (
		<div id={`row-${id}`} role="row" aria-rowindex={at + 2} aria-selected={selected ? 'true' : 'false'} class="grid__row" style={{ insetBlockStart: `${at * height}px` }} onClick={() => onSelect(at)} onDblClick={() => onOpen(at)}>
			{cells}
		</div>
	);
}

export function Grid<T>(p: Props<T>) {
	const box = useRef<HTMLDivElement>(null);
	const [seen, setSeen] = useState<[number, number]>([0, 30]);
	const [card, setCard] = useState(narrow.matches);
	const row = card ? CARD : ROW;
	const count = p.rows.length;

	function measure(): void {
		const e = box.current;
		if (!e)
			return;
		const from = Math.max(0, Math.floor(e.scrollTop / row) - BEYOND);
		const to = Math.ceil((e.scrollTop + e.clientHeight) / row) + BEYOND;
		setSeen((s) => (s[0] === from && s[1] === to ? s : [from, to]));
		if (to + NEAR > count)
			p.onNearEnd();
	}
	useEffect(() => {
		const change = () => setCard(narrow.matches);
		narrow.addEventListener('change', change);
		return () => narrow.removeEventListener('change', change);
	}, []);
	useLayoutEffect(() => {
		measure();
		const watch = new ResizeObserver(measure);
		if (box.current)
			watch.observe(box.current);
		return () => watch.disconnect();
	}, [count, row]);
	useLayoutEffect(() => {
		const e = box.current;
		if (!e)
			return;
		const head = card ? 0 : ROW;
		const top = p.at * row;
		if (top < e.scrollTop)
			e.scrollTop = top;
		else if (top + row + head > e.scrollTop + e.clientHeight)
			e.scrollTop = top + row + head - e.clientHeight;
		measure();
	}, [p.at, row]);

	function key(e: KeyboardEvent): void {
		const page = Math.max(1, Math.floor((box.current?.clientHeight ?? row) / row) - 2);
		const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
		const step = steps[e.key];
		if (step !== undefined) {
			e.preventDefault();
			p.onSelect(Math.min(Math.max(p.at + step, 0), count - 1));
		} else if (e.key === 'Enter' && count) {
			e.preventDefault();
			e.stopPropagation();
			p.onOpen(p.at);
		}
	}
	const shown = p.rows.slice(seen[0], Math.min(seen[1], count));
	const active = p.rows[p.at];
	const inside = p.at >= seen[0] && p.at < seen[1];
	return (
		<div ref={box} class={`grid${card ? ' grid--cards' : ''}`} role="grid" tabIndex={0} aria-label={p.label} aria-rowcount={p.total < 0 ? -1 : p.total + 1} aria-colcount={p.columns.length}
			aria-activedescendant={active && inside ? `row-${p.id(active)}` : undefined} style={{ '--columns': p.columns.map((c) => c.width).join(' '), '--row': `${row}px` }} onScroll={measure} onKeyDown={key}>
			<div role="rowgroup" class="grid__head">
				<div role="row" aria-rowindex={1} class="grid__row">
					{p.columns.map((c) => <div key={c.key} role="columnheader" class={c.end ? 'grid__end' : ''}>{c.head}</div>)}
				</div>
			</div>
			<div role="rowgroup" class="grid__body" style={{ blockSize: `${count * row}px` }}>
				{shown.map((r, i) => {
					const at = seen[0] + i;
					return <Row key={p.id(r)} row={r} columns={p.columns} at={at} id={p.id(r)} height={row} selected={at === p.at} onSelect={p.onSelect} onOpen={p.onOpen} />;
				})}
			</div>
		</div>
	);
}
