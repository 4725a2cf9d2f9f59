// Texts of the browser apps: catalogs in phrases/app (what apps share) and phrases/APP become one file an app and language, APP-LANGUAGE.json:
// {"texts": {...}, "missing": [keys that the language lacks, whose English stands in], "languages": [how many each language has and lacks]}. A key that English has not, or placeholders that
// differ, stop the build.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

type Catalog = Record<string, string>;

const root = resolve(import.meta.dirname, '..', 'phrases');

function read(folder: string, language: string): Catalog {
	return JSON.parse(readFileSync(resolve(root, folder, `${language}.json`), 'utf8')) as Catalog;
}

/* "{0}", and the names of plurals' numbers. */
function placeholders(text: string): string {
	return [...new Set([...text.matchAll(/\{(\d)\b/g)].map((m) => m[1]))].sort().join();
}

function together(app: string, language: string): { texts: Catalog; missing: string[] } {
	const english = { ...read('app', 'en'), ...read(app, 'en') };
	const own = { ...read('app', language), ...read(app, language) };
	for (const [key, text] of Object.entries(own)) {
		if (english[key] === undefined)
			throw new Error(`${app}, ${language}: ${key}: is no text of the English catalog`);
		if (placeholders(text) !== placeholders(english[key]))
			throw new Error(`${app}, ${language}: ${key}: has other placeholders than the English one`);
	}
	return { texts: { ...english, ...own }, missing: Object.keys(english).filter((key) => own[key] === undefined) };
}

export function phrases(apps: string[], languages: string[]): Plugin {
	return {
		name: 'phrases',
		apply: 'build',
		generateBundle() {
			for (const app of apps) {
				const all = languages.map((language) => ({ language, ...together(app, language) }));
				const counts = all.map((l) => ({ language: l.language, texts: Object.keys(l.texts).length, missing: l.missing.length }));
				for (const { language, texts, missing } of all)
					this.emitFile({ type: 'asset', name: `${app}-${language}.json`, source: JSON.stringify({ texts, missing, languages: counts }) });
			}
		},
	};
}
