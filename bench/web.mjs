// What bench/web.sh measures in a browser and over HTTP: one JSON line a figure.
//
//   node web.mjs URL MODULES PASSWORD
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [url, modules, password] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, 'x.js'))('playwright-core');
const CHOSEN = 'four words that fit';
const OFFICE = 'XLHAR001';
const OPEN = 'selected,documents,inspection,queried,lodged,accepted,assessed,detained,seized';

function figure(name, value, unit, aim) {
	console.log(JSON.stringify({ name, value: Math.round(value * 10) / 10, unit, ...(aim ? { aim } : {}) }));
}
const at = (list, part) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))];

// ---- the first paint on a bad link ----

/* 250 kbit/s both ways, and 400 ms to each answer: what the browser's own tools call so. Nothing is in its cache. */
{
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
	const pages = { start: '/', 'what is due': '/tariff/09011100?value=1000&origin=FR', procedures: '/procedures/import', notices: '/notices', travel: '/travel', trader: '/trader', desk: '/desk' };
	for (const [name, path] of Object.entries(pages)) {
		const times = [];
		for (let i = 0; i < 5; i++) {
			const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
			const page = await context.newPage();
			const tools = await context.newCDPSession(page);
			await tools.send('Network.enable');
			await tools.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 31250, uploadThroughput: 31250 });
			await page.goto(url + path, { waitUntil: 'load', timeout: 120_000 });
			times.push(await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime).then((x) => x.jsonValue()));
			await context.close();
		}
		figure(`first paint of the page ${name}, 250 kbit/s and 400 ms`, at(times, 0.5), 'ms', 2500);
	}
	await browser.close();
}
if (process.env.WEB_CASES === '0')
	process.exit(0);

// ---- the hub's answers ----

let cookie = '';
let csrf = '';
async function call(path, init = {}) {
	const answer = await fetch(`${url}/api/v1/${path}`, { ...init, headers: { Cookie: cookie, 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' } });
	if (!answer.ok)
		throw new Error(`${path}: ${answer.status}`);
	if (answer.headers.get('set-cookie'))
		cookie = answer.headers.get('set-cookie').split(';')[0];
	return answer.status === 204 ? undefined : answer.json();
}
csrf = (await call('sign-in', { method: 'POST', body: JSON.stringify({ login: 'bob', password }) })).csrf_token;
await call('me/password', { method: 'PUT', body: JSON.stringify({ old: password, new: CHOSEN }) });
csrf = (await call('sign-in', { method: 'POST', body: JSON.stringify({ login: 'bob', password: CHOSEN }) })).csrf_token;

async function timed(name, path, aim) {
	const times = [];
	let answer;
	for (let i = 0; i < 20; i++) {
		const begun = performance.now();
		answer = await call(path);
		times.push(performance.now() - begun);
	}
	figure(name, at(times, 0.5), 'ms', aim);
	return answer;
}
const counts = await timed('worklist counts', `cases/counts?office=${OFFICE}`);
const open = counts.counts.reduce((n, c) => n + c.cases, 0);
figure('open cases', open, 'cases');
await timed('worklist, first page of 50 by lane', `cases?office=${OFFICE}&state=${OPEN}&order=lane&limit=50`);
let after = '';
let pages = 0;
const begun = performance.now();
for (;;) {
	const page = await call(`cases?office=${OFFICE}&state=${OPEN}&limit=200${after && `&after=${encodeURIComponent(after)}`}`);
	pages++;
	if (!page.after)
		break;
	after = page.after;
}
figure('worklist, a page of 200 on the way to the last', (performance.now() - begun) / pages, 'ms');
await timed('worklist, the last page of 200', `cases?office=${OFFICE}&state=${OPEN}&limit=200&after=${encodeURIComponent(after)}`);

// ---- the browser ----

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
page.setDefaultTimeout(300_000);
await page.goto(`${url}/desk?state=${OPEN}`);
await page.fill('#f-login', 'bob');
await page.fill('#f-password', CHOSEN);
await page.keyboard.press('Enter');
await page.waitForSelector('[role=grid]');
await page.focus('[role=grid]');
// To the end, page behind page, until all is there.
for (let last = -1;;) {
	await page.keyboard.press('End');
	await page.waitForTimeout(60);
	const now = await page.evaluate(() => document.querySelector('.grid__body').getBoundingClientRect().height / 40);
	if (now >= open)
		break;
	last = now;
}
figure('rows in the list', await page.evaluate(() => document.querySelector('.grid__body').getBoundingClientRect().height / 40), 'rows');
figure('rows in the document', await page.locator('.grid__body [role=row]').count(), 'rows');
await page.evaluate(() => {
	globalThis.paints = [];
	// From the key to behind the frame that it leads to.
	addEventListener('keydown', (e) => {
		const from = e.timeStamp;
		requestAnimationFrame(() => {
			const c = new MessageChannel();
			c.port1.onmessage = () => globalThis.paints.push(performance.now() - from);
			c.port2.postMessage(0);
		});
	}, true);
});
for (const key of [...Array(40).fill('k'), ...Array(40).fill('PageUp'), 'Home', 'End', 'Home']) {
	await page.keyboard.press(key);
	await page.waitForTimeout(40);
}
const paints = await page.evaluate(() => globalThis.paints);
figure('worklist, key to paint, median', at(paints, 0.5), 'ms', '<= 120');
figure('worklist, key to paint, 95 of 100', at(paints, 0.95), 'ms', '<= 120');
await browser.close();
