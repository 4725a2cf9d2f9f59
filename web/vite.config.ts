import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import rtl from 'postcss-rtlcss';

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
			input: { api: source('api.ts'), public: source('public.ts'), service: source('service.scss') },
			output: {
				entryFileNames: '[name]-[hash].js',
				chunkFileNames: '[name]-[hash].js',
				assetFileNames: '[name]-[hash][extname]',
			},
		},
	},
});
