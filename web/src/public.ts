/* What a script adds to the public pages, which all work without it: an answer while somebody still types. The program writes every
 * page; this asks for the same page with what the form says now, and takes its result over. */

const WAIT_MS = 180;

function sound(form: HTMLFormElement): URL {
	const to = new URL(form.action);
	for (const [name, value] of new FormData(form))
		if (typeof value === 'string' && value.trim())
			to.searchParams.set(name, value.trim());
	return to;
}

function live(form: HTMLFormElement): void {
	let timer = 0;
	let asked: AbortController | undefined;

	async function ask(): Promise<void> {
		const to = sound(form);
		asked?.abort();
		asked = new AbortController();
		document.getElementById('result')?.setAttribute('aria-busy', 'true');
		try {
			const answer = await fetch(to, { signal: asked.signal, headers: { Accept: 'text/html' } });
			const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
			const fresh = page.getElementById('result');
			const old = document.getElementById('result');
			if (fresh && old) {
				old.replaceWith(fresh);
				history.replaceState(null, '', to);
			}
		} catch (e) {
			if (e instanceof DOMException && e.name === 'AbortError')
				return;
		}
		document.getElementById('result')?.removeAttribute('aria-busy');
	}

	form.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(() => void ask(), WAIT_MS);
	});
	form.addEventListener('submit', (e) => {
		e.preventDefault();
		clearTimeout(timer);
		void ask();
	});
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-live]'))
	live(form);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-print]')) {
	button.hidden = false;
	button.addEventListener('click', () => print());
}

export {};
