/* The code of the goods, by words or digits: a combobox of ARIA 1.2 over the tariff's search. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { call, query } from '../app/api';
import { Code, Field } from '../app/parts';
import { t } from '../app/phrases';

interface Found {
	code: string;
	text: string;
	declarable: boolean;
	above?: { text: string }[];
}
const WAIT_MS = 150;

export function CodeBox({ id, value, onChoose, error }: { id: string; value: string; onChoose: (code: string, text: string) => void; error?: string }) {
	const [words, setWords] = useState(value);
	const [found, setFound] = useState<Found[]>([]);
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(-1);
	const [count, setCount] = useState('');
	const asked = useRef<AbortController | undefined>(undefined);
	const timer = useRef(0);
	const listId = useId();
	useEffect(() => setWords(value), [value]);
	useEffect(() => () => clearTimeout(timer.current), []);

	function search(text: string): void {
		clearTimeout(timer.current);
		timer.current = setTimeout(async () => {
			asked.current?.abort();
			asked.current = new AbortController();
			try {
				const a = await call<{ commodities: Found[] }>(`/api/v1/tariff/commodities${query({ q: text, limit: 30 })}`, { signal: asked.current.signal });
				const declarable = a.commodities.filter((c) => c.declarable).slice(0, 10);
				setFound(declarable);
				setAt(-1);
				setOpen(true);
				setCount(t('code.found', declarable.length));
			} catch {
				setFound([]);
			}
		}, WAIT_MS);
	}
	function type(text: string): void {
		setWords(text);
		if (/^\d{8,10}$/.test(text))
			onChoose(text, '');
		if (text.trim().length >= 2)
			search(text.trim());
		else
			setOpen(false);
	}
	function choose(c: Found): void {
		setWords(c.code);
		setOpen(false);
		onChoose(c.code, c.text);
	}
	function key(e: KeyboardEvent): void {
		if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
			e.preventDefault();
			if (!open && found.length)
				setOpen(true);
			else
				setAt((n) => (found.length ? (n + (e.key === 'ArrowDown' ? 1 : n < 0 ? 0 : -1) + found.length) % found.length : -1));
		} else if (e.key === 'Enter' && open && found[at]) {
			e.preventDefault();
			choose(found[at]);
		} else if (e.key === 'Escape' && open) {
			e.preventDefault();
			setOpen(false);
		}
	}
	const shown = open && found.length > 0;
	return (
		<div class="combobox" onFocusOut={(e) => { if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setOpen(false); }}>
			<Field id={id} label={t('item.code')} hint={t('item.code.hint')} value={words} onInput={type} error={error} max={250}
				inputProps={{ role: 'combobox', 'aria-expanded': shown ? 'true' : 'false', 'aria-controls': listId, 'aria-autocomplete': 'list', 'aria-activedescendant': shown && at >= 0 ? `${listId}-${at}` : undefined, onKeyDown: key }} />
			<ul class="combobox__list" id={listId} role="listbox" aria-label={t('item.code')} hidden={!shown}>
				{found.map((c, i) => (
					<li key={c.code} id={`${listId}-${i}`} role="option" aria-selected={i === at ? 'true' : 'false'} onMouseDown={(e) => { e.preventDefault(); choose(c); }}>
						<Code>{c.code}</Code> <span dir="auto">{c.text}</span>
						{c.above?.length ? <span class="above" dir="auto">{c.above.map((x) => x.text).filter(Boolean).slice(-2).join(' › ')}</span> : null}
					</li>
				))}
			</ul>
			<div class="govuk-visually-hidden" role="status">{shown ? count : ''}</div>
		</div>
	);
}
