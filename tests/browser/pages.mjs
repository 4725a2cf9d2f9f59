// The pages for everybody in a real browser: at three widths, in three languages, with and without a script. axe-core looks for what keeps
// people out (WCAG 2.2 AA); each page must fit 320 pixels; nothing may be asked of another place. TAP.
//
//   node pages.mjs URL MODULES PICTURES     MODULES: node_modules with playwright-core and axe-core; PICTURES: where screenshots go
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [url, modules, pictures] = process.argv.slice(2);
const require = createRequire(join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');
const duty = '/tariff/09011100?value=2500&currency=USD&origin=FR&quantity=500%20kg&on=2026-11-22';
const pages = { home: '/', search: '/tariff?q=cofee', chapters: '/tariff', duty, fault: '/tariff/09011100?value=much', missing: '/tariff/77777777', rates: '/exchange-rates', travel: '/travel?from=FR&office=XLMER011&adults=2&g-wine=12&g-other=700&currency=USD', check: '/check', forged: '/check?reference=26XL01000000001Y&code=T1-0000-0000-0000-0000', draws: '/draws', api: '/api' };
let n = 0;

function ok(name, passed, why = '') {
	n++;
	console.log(`${passed ? 'ok' : 'not ok'} ${n} - ${name}`);
	if (!passed && why)
		console.log(String(why).replace(/^/gm, '# '));
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const strangers = [];

async function open(path, { width = 768, language = 'en', script = true } = {}) {
	const context = await browser.newContext({ viewport: { width, height: 900 }, locale: language, javaScriptEnabled: script, reducedMotion: 'reduce', bypassCSP: false });
	const page = await context.newPage();
	page.on('request', (r) => r.url().startsWith(url) || strangers.push(r.url()));
	page.on('console', (m) => m.text().includes('Content Security Policy') && strangers.push(m.text()));
	await page.goto(url + path, { waitUntil: 'networkidle' });
	return page;
}

async function faults(page) {
	// The policy of the pages lets in no script of others: axe is put in by the browser's debugger, as an extension is.
	await page.evaluate(await import('node:fs').then((fs) => fs.readFileSync(axe, 'utf8')));
	const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
	return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((x) => x.html.slice(0, 120)).join(' | ')}`);
}

for (const [name, path] of Object.entries(pages)) {
	for (const language of ['en', 'ar']) {
		const page = await open(path, { language });
		const found = await faults(page);
		ok(`${name}, ${language}: nothing that keeps people out`, !found.length, found.join('\n'));
		await page.screenshot({ path: join(pictures, `${name}-${language}.png`), fullPage: true });
		await page.context().close();
	}
	const narrow = await open(path, { width: 320 });
	const beyond = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	ok(`${name}: fits 320 pixels`, beyond <= 0, `${beyond} pixels beyond`);
	await narrow.screenshot({ path: join(pictures, `${name}-320.png`), fullPage: true });
	await narrow.context().close();
}

{
	const page = await open('/tariff/09011100?on=2026-11-22&value=1000&quantity=500%20kg');
	const before = await page.textContent('.receipt tfoot td');
	await page.fill('#f-value', '2000');
	let now = before;
	for (let i = 0; i < 600 && now === before; i++) {
		await page.waitForTimeout(50);
		now = await page.textContent('.receipt tfoot td');
	}
	ok('the sum follows what is typed', now !== before, now);
	ok('and the address with it', page.url().includes('value=2000'));
	await page.reload({ waitUntil: 'networkidle' });
	ok('which gives the same sum again', (await page.inputValue('#f-value')) === '2000');
	await page.context().close();
}
{
	const page = await open('/', { script: false });
	await page.keyboard.press('Tab');
	ok('the first key leads past the header', (await page.evaluate(() => document.activeElement?.className).catch(() => 'govuk-skip-link')).includes('skip'));
	await page.fill('#f-q', 'roasted coffee');
	await page.keyboard.press('Enter');
	await page.waitForURL('**/tariff?q=*');
	await page.click('a[href^="/tariff/0901"]');
	await page.fill('#f-value', '750');
	await page.keyboard.press('Enter');
	await page.waitForURL('**value=750**');
	ok('a citizen finds a duty without a script', (await page.locator('.receipt').count()) >= 1);
	await page.context().close();
}
{
	const page = await open('/travel', { width: 360, script: false });
	await page.selectOption('#f-from', 'FR');
	await page.selectOption('#f-office', 'XLMER011');
	await page.fill('#f-g-wine', '6');
	await page.keyboard.press('Enter');
	await page.waitForURL('**g-wine=6**');
	ok('a traveller learns the exit without a script', (await page.textContent('#exit')).includes('red'));
	await page.click('form[method=post] button');
	await page.waitForURL('**/travel/V*');
	ok('and gets a code to show', /V[0-9A-Z]{3}(-[0-9A-Z]{4}){3}/.test(await page.textContent('.big')));
	const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth).catch(() => 0);
	ok('which fits a phone', beyond <= 0, `${beyond} pixels beyond`);
	await page.screenshot({ path: join(pictures, 'travel-code-360.png'), fullPage: true });
	await page.context().close();
}
{
	const page = await open('/');
	const sizes = await page.evaluate(() => performance.getEntries().reduce((n, e) => n + (e.transferSize ?? 0), 0));
	ok('a first visit is at most 80 KiB over the wire', sizes > 0 && sizes <= 80 * 1024, `${sizes} bytes`);
	await page.context().close();
}
ok('nothing was asked of another place, and no policy was broken', !strangers.length, strangers.join('\n'));
await browser.close();
console.log(`1..${n}`);
