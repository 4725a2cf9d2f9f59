// What every test in a browser begins with: Debian's Chromium, axe-core, and results as TAP. A test is called by run.sh:
//
//   node TEST.mjs URL MODULES PICTURES     MODULES: node_modules with playwright-core and axe-core; PICTURES: where screenshots go
//
// run.sh also gives, in the environment, CUSTOMHOUSE_PROGRAM, CUSTOMHOUSE_ROOT, where the store is (CUSTOMHOUSE_STORE, as arguments of a
// verb: --data DIR or --database URL) and who is there (CUSTOMHOUSE_PEOPLE). Whatever a page asks of another place, every policy that it breaks and
// every script that fails is kept until end(), which says so.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

export const [url, modules, pictures] = process.argv.slice(2);
export const root = process.env.CUSTOMHOUSE_ROOT;
/* Who run.sh has made: {login: {password, token}}. */
export const people = JSON.parse(process.env.CUSTOMHOUSE_PEOPLE ?? '{}');
const suite = basename(process.argv[1], '.mjs');
const require = createRequire(join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const strangers = [];
const broken = [];
let n = 0;

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

// ---- results ----

export function ok(name, passed, why = '') {
	n++;
	console.log(`${passed ? 'ok' : 'not ok'} ${n} - ${name}`);
	if (!passed && why)
		console.log(String(why).replace(/^/gm, '# '));
}
/* What must come: `check` throws, or waits in vain, when it does not. */
export async function is(page, what, check) {
	try {
		await check();
		ok(what, true);
	} catch (e) {
		ok(what, false, `${e.message}\n${(await page.textContent('main').catch(() => '')).slice(0, 600)}`);
	}
}
export async function end() {
	ok('nothing was asked of another place, and no policy was broken', !strangers.length, strangers.join('\n'));
	ok('no script failed', !broken.length, broken.join('\n'));
	await browser.close();
	console.log(`1..${n}`);
}

// ---- pages ----

/* A browser of its own. `session` is what storageState() gave of another. */
export async function context({ width = 1000, height = 900, language = 'en', dark = false, script = true, session } = {}) {
	const c = await browser.newContext({ viewport: { width, height }, locale: language, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce',
		javaScriptEnabled: script, storageState: session });
	c.setDefaultTimeout(20_000);
	return c;
}
/* A page that is watched. */
export async function tab(c) {
	const page = await c.newPage();
	page.on('request', (r) => r.url().startsWith(url) || r.url().startsWith('data:') || strangers.push(r.url()));
	page.on('console', (m) => m.text().includes('Content Security Policy') && strangers.push(m.text()));
	page.on('pageerror', (e) => broken.push(e.stack));
	page.on('dialog', (d) => { broken.push(`dialog: ${d.message()}`); void d.dismiss(); });
	return page;
}
/* Until the screen of a browser app has what it asked for; a stream of news may go on behind it. */
export async function visit(page, path) {
	await page.goto(url + path);
	await page.waitForFunction(() => document.querySelector('footer.footer') && document.querySelector('main h1') && !document.querySelector('.waiting'));
}
export const shown = (page, text) => page.getByText(text).first().waitFor();
/* For people to look at, where they are kept: they take longer than what they show. */
export async function picture(page, name) {
	if (process.env.CUSTOMHOUSE_PICTURES)
		await page.screenshot({ path: join(pictures, `${suite}-${name}.png`), fullPage: true });
}
/* Nothing keeps people out of the page as it stands; and a picture of it. */
export async function look(page, name) {
	// The policy of the pages lets in no script of others: axe is put in by the browser's debugger, as an extension is.
	await page.evaluate(axe);
	const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] }), rules);
	ok(`${name}: nothing that keeps people out`, !violations.length,
		violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((x) => x.html.slice(0, 160)).join(' | ')}`).join('\n'));
	await picture(page, name);
}
/* The page is as wide as its window: nobody scrolls to the side. */
export async function fits(page, name) {
	const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	ok(`${name}: fits ${page.viewportSize().width} pixels`, beyond <= 0, `${beyond} pixels beyond`);
}

/* The answer to the first request for `path` is lost on its way back, until page.unroute(path). The Idempotency-Keys of all that were sent. */
export async function loseAnswer(page, path) {
	const keys = [];
	await page.route(path, async (route) => {
		keys.push(route.request().headers()['idempotency-key']);
		if (keys.length > 1)
			return route.continue();
		await route.fetch();
		await route.abort();
	});
	return keys;
}

// ---- the hub ----

/* A verb of the program on the store of the test; its answer on standard output. */
export function run(...args) {
	return execFileSync(process.env.CUSTOMHOUSE_PROGRAM, [...args, ...process.env.CUSTOMHOUSE_STORE.split(' ')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
/* A request by somebody of CUSTOMHOUSE_PEOPLE, with his token: the Response. `json` is sent as such. */
export function request(login, path, { json, body, method, headers = {} } = {}) {
	return fetch(`${url}/api/v1${path}`, { method: method ?? (json || body ? 'POST' : 'GET'), body: json ? JSON.stringify(json) : body,
		headers: { Authorization: `Bearer ${people[login].token}`, ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers } });
}
/* The same, where nothing but success will do: what was answered. */
export async function api(login, path, init) {
	const answer = await request(login, path, init);
	const text = await answer.text();
	if (!answer.ok)
		throw new Error(`${path}: ${answer.status} ${text}`);
	return text ? JSON.parse(text) : undefined;
}
