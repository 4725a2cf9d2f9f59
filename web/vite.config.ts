import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import rtl from 'postcss-rtlcss';
import { phrases } from './tools/phrases.ts';

const source = (name: string) => resolve(import.meta.dirname, 'src', name);

/* A hack for a browser that is no more, which no other reads: the style sheet would not be sound with it. */
const oldBrowsers = {
	postcssPlugin: 'old-browsers',
	AtRule: {
		media(rule: { params: string; remove(): void }) {
			if (/0(\\0|\uFFFD|\0)/.test(rule.params))
				rule.remove();
		},
	},
};

/* The program serves what is made here under /web/, each file by a name with a hash of what it holds, so that a browser may keep it
 * for good. There are no pages among it: the program writes those. */
export default defineConfig({
	base: '/web/',
	publicDir: false,
	oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
	plugins: [phrases(['trader', 'desk'], ['en', 'fr', 'ar'])],
	css: {
		// The style of the services is written from left to right only: this mirrors it for right-to-left languages.
		postcss: { plugins: [oldBrowsers, rtl({ safeBothPrefix: false })] },
		preprocessorOptions: { scss: { loadPaths: ['node_modules'], quietDeps: true } },
	},
	build: {
		target: 'es2022',
		modulePreload: { polyfill: false },
		assetsInlineLimit: 0,
		rollupOptions: {
			checks: { pluginTimings: false },
			input: {
				api: source('api.ts'),
				desk: source('desk/main.tsx'),
				public: source('public.ts'),
				service: source('service.scss'),
				trader: source('trader/main.tsx'),
			},
			output: {
				hashCharacters: 'base36', // a name ends in a hyphen and eight letters or digits (bundle.mjs)
				entryFileNames: '[name]-[hash].js',
				chunkFileNames: 'part-[name]-[hash].js',
				// What all screens of the apps share is one file, which their shells name (src/http/pages/app.c).
				codeSplitting: { groups: [{ name: 'shared', test: /\/(src\/app|node_modules\/(preact|@preact))\/|preload-helper/ }] },
				assetFileNames: '[name]-[hash][extname]',
			},
		},
	},
});
