// The customs desk in a real browser: an officer handles cases by keyboard alone, four eyes lower a lane, what one does the other sees; people,
// editions, audit. axe-core looks at each state (WCAG 2.2 AA), light and dark, from left and from right; all fits 320 pixels. TAP.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, browser, context as browserOf, end, fits, is, look, loseAnswer, ok, people, root, run, shown as says, tab, url } from './harness.mjs';

const PASSWORD = 'four words that fit';
const OFFICE = 'XLHAR001';

// ---- people and cases ----

for (const [login, ...args] of [['ann', '--roles', 'trader', '--parties', 'XL200000000018'], ['bob', '--roles', 'officer', '--offices', OFFICE], ['olga', '--roles', 'officer', '--offices', OFFICE],
	['sue', '--roles', 'supervisor', '--offices', OFFICE], ['ada', '--roles', 'administrator'], ['aud', '--roles', 'auditor'], ['tara', '--roles', 'tariff'],
	['kay', '--roles', 'cashier', '--offices', OFFICE], ['gale', '--roles', 'agency', '--agency', 'PHI']])
	people[login] = { password: run('user', 'add', login, ...args) };
for (const login of ['ann', 'sue', 'olga'])
	people[login].token = run('user', 'token', login, '--scopes', login === 'ann' ? 'read,submit,act' : 'read,act');

const message = JSON.parse(readFileSync(join(root, 'tests/api/stories/messages/import.json'), 'utf8'));
let lodged = 0;
async function lodge(kind, change = () => undefined) {
	const m = structuredClone(message);
	m.trader_reference = `W-${++lodged}`;
	m.shipment.items[0].commodity.description = `Coffee of the ${kind} kind`;
	change(m);
	return (await api('ann', '/declarations', { json: m })).reference;
}
const HOSTILE = `<img src=x onerror="window.pwned=1">'"&amp;\u202egnirts {0} %s`;

async function settle(login) {
	const signIn = await fetch(`${url}/api/v1/sign-in`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password: people[login].password }) });
	const cookie = signIn.headers.get('set-cookie').split(';')[0];
	const { csrf_token } = await signIn.json();
	await fetch(`${url}/api/v1/me/password`, { method: 'PUT', headers: { 'Content-Type': 'application/json', Cookie: cookie, 'X-CSRF-Token': csrf_token }, body: JSON.stringify({ old: people[login].password, new: PASSWORD }) });
}
for (const login of ['olga', 'sue', 'ada', 'aud', 'tara', 'ann', 'kay', 'gale'])
	await settle(login);
const hereUntil = new Date(Date.now() + 4 * 3_600_000).toISOString();
await api('sue', `/offices/${OFFICE}/roster`, { json: { login: 'bob', skills: 'documents inspection', present_until: hereUntil } });
const red = await lodge('red', (m) => { m.exporter.name = HOSTILE.slice(0, 70); m.shipment.importer.name = HOSTILE.slice(0, 70); });
const yellow = await lodge('yellow');
const second = await lodge('red');
const taken = await lodge('yellow');
for (let i = 0; i < 8; i++)
	await lodge(i % 2 ? 'green' : 'yellow', (m) => { m.shipment.items[0].commodity.description += ` ${HOSTILE}`; });
await api('ann', `/declarations/${red}/documents?pointer=/shipment/items/0/documents/0&name=${encodeURIComponent('facture é 1.pdf')}`, { body: '%PDF-1.4\ntrailer <<>>\n%%EOF\n', headers: { 'Content-Type': 'application/pdf' } });

// ---- browsers ----

const sessions = {};
const context = (login, o = {}) => browserOf({ width: 1440, session: sessions[login], ...o });
async function at(c, path) {
	const page = await tab(c);
	await page.goto(url + path);
	return page;
}
async function open(login, path, o) {
	const c = await context(login, o);
	const page = await at(c, path);
	if (!sessions[login]) {
		await page.fill('#f-login', login);
		await page.fill('#f-password', PASSWORD);
		await page.keyboard.press('Enter');
		await page.waitForSelector('.govuk-service-navigation');
		sessions[login] = await c.storageState();
	}
	await page.waitForSelector('main h1, main .empty');
	await page.waitForFunction(() => !document.querySelector('.waiting'));
	return page;
}
// The form of an act: to its button, and press.
async function press(page) {
	await page.locator('dialog .buttons .govuk-button').first().focus();
	await page.keyboard.press('Enter');
}
async function send(page) {
	await press(page);
	await page.waitForFunction(() => !document.querySelector('dialog[open]'));
}

// ---- an officer, from the first password on, by keyboard ----

const c = await context('bob');
const page = await at(c, '/desk');
await page.waitForSelector('#f-login');
await look(page, 'sign-in');
let wire = 0;
{
	// A first visit, by somebody who has nothing of it yet.
	const fresh = await context('nobody');
	const visitor = await fresh.newPage();
	const net = await fresh.newCDPSession(visitor);
	await net.send('Network.enable');
	net.on('Network.loadingFinished', (e) => (wire += e.encodedDataLength));
	await visitor.goto(`${url}/desk`, { waitUntil: 'networkidle' });
	ok(`a first visit takes at most 90 KiB over the wire`, wire > 0 && wire <= 90 * 1024, `${wire} bytes`);
	console.log(`# first visit: ${wire} bytes`);
	await fresh.close();
}
await page.focus('#f-login');
await page.keyboard.type('bob');
await page.keyboard.press('Tab');
await page.keyboard.type(people.bob.password);
await page.keyboard.press('Enter');
await page.waitForSelector('#f-old');
await page.focus('#f-old');
await page.keyboard.type(people.bob.password);
for (let i = 0; i < 2; i++) {
	await page.keyboard.press('Tab');
	await page.keyboard.type(PASSWORD);
}
await page.keyboard.press('Enter');
await page.waitForSelector('[role=grid]');
sessions.bob = await c.storageState();
const selected = () => page.locator('[role=row][aria-selected=true]').innerText();
await is(page, 'the lane that asks for most comes first', async () => { if (!(await selected()).includes(red)) throw new Error(await selected()); });
await is(page, 'the side says why it was selected', () => page.locator('.side .why').getByText('The story asks for it.').waitFor());
await page.keyboard.press('j');
await page.keyboard.press('j');
await page.keyboard.press('k');
ok('j and k go through the list', (await selected()).includes(second), await selected());
await page.keyboard.press('k');
await page.keyboard.press('?');
await page.waitForSelector('dialog[open]');
await look(page, 'keys');
await page.keyboard.press('Tab');
await page.getByRole('checkbox').focus();
await page.keyboard.press('Space');
await page.keyboard.press('Escape');
await page.keyboard.press('j');
ok('keys that are turned off do nothing', (await selected()).includes(red), await selected());
await page.evaluate(() => localStorage.removeItem('customhouse-keys-off'));
await page.reload();
await page.waitForSelector('[role=grid]');
await page.locator('.side .why').waitFor();
await look(page, 'worklist');
await page.keyboard.press('Enter');
await page.waitForURL(`**/desk/declarations/${red}*`);
await page.waitForSelector('.declared');
await is(page, 'Enter opens the case; what it declares stands there', () => says(page, '<img src=x'));
ok('a document stands beside the field that it proves', await page.locator('[id="at-shipment-items-0-documents-0-category"], [id^="at-shipment-items-0-documents-0-"]').first().getByText('facture é 1.pdf').count() === 1);
ok('names that are markup are text', (await page.evaluate(() => window.pwned)) === undefined && (await page.locator('main img').count()) === 0);
await look(page, 'case');

await page.keyboard.press('q');
await page.waitForSelector('#a-reason');
await look(page, 'query');
await press(page);
await is(page, 'a question needs words: the field is named', () => page.locator('#a-reason-error').waitFor());
await page.focus('#a-reason');
await page.keyboard.type(`Where is the certificate? ${HOSTILE}`);
await send(page);
await is(page, 'a question is asked', () => page.locator('.case__head').getByText('Question asked').waitFor());
await page.locator('.toast button').first().press('Enter');
await is(page, 'and taken back while it can be', () => page.locator('.case__head').getByText('Document check').waitFor());

await page.keyboard.press('x');
await page.selectOption('#a-result', 'irregular');
await page.fill('#a-code', 'W1');
await send(page);
await is(page, 'an irregularity by its code', () => page.locator('.note--bad').waitFor());
await page.keyboard.press('o');
await page.waitForSelector('dialog[open], .toast');
await is(page, 'what the case does not allow is said in words', async () => {
	if (await page.locator('dialog[open]').count()) {
		await page.locator('dialog .buttons .govuk-button').first().press('Enter');
		await page.locator('dialog .govuk-error-summary').getByText('An irregularity is open').waitFor();
		await page.keyboard.press('Escape');
	} else {
		await page.locator('.toast').getByText('does not allow').waitFor();
	}
});
await api('olga', `/declarations/${red}/acts`, { json: { act: 'close', reason: 'another invoice came' } });
await is(page, 'what a colleague does appears by itself', () => page.waitForFunction(() => !document.querySelector('.note--bad')));
await page.keyboard.press('x');
await page.waitForSelector('#a-result');
await send(page);
await is(page, 'the documents are clean: the goods are next', () => page.locator('.case__head').getByText('Examination').waitFor());
await page.keyboard.press('x');
await page.waitForSelector('#a-result');
await send(page);
await is(page, 'the goods too: payment is waited for', () => page.locator('.case__head').getByText('Assessed').waitFor());
ok('the history tells it all', (await page.locator('.timeline__entry').count()) >= 7, await page.locator('.timeline').innerText());
await page.keyboard.press('n');
await page.waitForURL(`**/desk/declarations/${second}*`);
ok('the next case is one key away', true);
await page.waitForSelector('.declared');

// ---- four eyes ----

await page.keyboard.press('l');
await page.selectOption('#a-lane', 'green');
await page.fill('#a-reason', 'known goods');
await send(page);
await is(page, 'a lower lane is proposed', () => says(page, 'a second person decides'));
const olga = await open('olga', `/desk/declarations/${second}`);
await is(olga, 'a colleague sees whose case it is', () => says(olga, 'The case is with'));
await look(olga, 'four-eyes');
await olga.keyboard.press('x');
await olga.waitForSelector('dialog[open]');
ok('and confirms it', (await olga.locator('dialog h2').innerText()).startsWith('Confirm the lower lane'), await olga.locator('dialog h2').innerText());
await send(olga);
await is(page, 'the first one sees it at once', () => page.locator('.case__head').getByText('Assessed').waitFor());

// ---- a version that customs writes: old and new side by side, and what it does to duty ----

await olga.goto(`${url}/desk/declarations/${yellow}`);
await olga.waitForSelector('.declared');
await is(olga, 'what is known of the goods stands beside the case', () => olga.locator('.past-goods .code').getByText('09011100').first().waitFor());
await olga.locator('.newest summary').last().press('Enter');
await is(olga, 'and the newest cases of the code, once the log was followed', () => olga.locator('.newest[open] a').last().waitFor());
await olga.getByRole('button', { name: 'Correct', exact: true }).press('Enter');
await olga.waitForSelector('.correct');
await olga.locator('dialog .buttons .govuk-button').first().press('Enter');
ok('a correction of nothing, for no reason, is not sent', (await olga.locator('.govuk-error-summary li').count()) === 3);
await olga.fill('#c-find', 'net mass');
await olga.locator('[id^="c-shipment-items-0-commodity-net_mass"]').first().fill('12000');
await is(olga, 'old and new stand side by side', () => olga.locator('.correct__changes ins').getByText('12000').waitFor());
await is(olga, 'the effect on duty is told before anything is sent', () => olga.locator('.correct__changes table').nth(1).waitFor());
await look(olga, 'correct');
await olga.selectOption('#c-code', '32');
await olga.fill('#c-reason', 'weighed');
await olga.locator('dialog .buttons .govuk-button').first().press('Enter');
await is(olga, 'a correction is sent', () => olga.waitForFunction(() => {
	const told = document.querySelector('dialog .govuk-error-summary');
	if (told)
		throw new Error(told.textContent);
	return !document.querySelector('dialog[open]');
}));
await is(olga, 'a corrected version is in force', () => olga.locator('.case__head').getByText('version 2').waitFor());

// ---- a supervisor gives a case to another ----

const sue = await open('sue', `/desk/declarations/${taken}`);
await sue.getByRole('button', { name: 'Give to another examiner' }).press('Enter');
await sue.fill('#a-officer', 'olga');
await press(sue);
await is(sue, 'who takes a case from another says why', () => sue.locator('#a-reason-error').waitFor());
await sue.fill('#a-reason', 'bob is at the other gate');
await send(sue);
await page.goto(`${url}/desk/declarations/${taken}`);
await is(page, 'who had it reads whose it is now', () => page.locator('.note').getByText('olga').waitFor());
await sue.goto(`${url}/desk/duty-roster`);
await sue.waitForSelector('table');
await look(sue, 'roster');

// ---- the address is the view ----

await page.goto(`${url}/desk?state=documents,inspection&lane=yellow&order=newest`);
await page.waitForSelector('[role=grid]');
ok('a view is its address', !(await page.locator('[role=grid]').innerText()).includes('Red'));
const rows = () => page.locator('.grid__body [role=row]').count();
const before = await rows();
await page.getByRole('button', { name: 'Remove the filter Yellow' }).press('Enter');
await page.waitForFunction(() => !location.search.includes('lane='));
ok('a filter is taken away', (await page.locator('.chip').count()) === 2 && before > 0);
await page.getByRole('button', { name: 'Keep this view' }).press('Enter');
await page.fill('#f-view', HOSTILE.slice(0, 40));
await page.keyboard.press('Enter');
await page.reload();
await page.waitForSelector('.views');
ok('a view is kept by its name', (await page.locator('.views').innerText()).includes('<img src=x'));
await page.keyboard.press('f');
await page.waitForSelector('#filters');
await look(page, 'filters');
await page.keyboard.press('/');
await page.keyboard.type('XL900000000090');
await page.keyboard.press('Enter');
await is(page, 'nothing like it is said, with what to do', () => says(page, 'No case is like this'));
await look(page, 'empty');
await page.keyboard.press('/');
await page.fill('#f-find', yellow.toLowerCase());
await page.keyboard.press('Enter');
await page.waitForURL(`**/declarations/${yellow}`);
ok('a reference opens its case', true);
await page.waitForSelector('.declared');
await page.keyboard.press('u');
await page.waitForURL('**/desk?at=*');

await page.goto(`${url}/desk`);
await page.waitForSelector('[role=grid]');
await page.keyboard.press('/');
await page.keyboard.type('0901');
await page.keyboard.press('Enter');
await page.waitForURL('**commodity=0901*');
await is(page, 'digits list the cases of what begins with them', () => page.locator('[role=grid]').waitFor());
ok('and stand there as a filter', (await page.locator('.chip').allInnerTexts()).some((x) => x.includes('0901')));

// ---- a cashier, an agency: their own lists, and no more ----

await api('sue', `/declarations/${taken}/acts`, { json: { act: 'place-hold', hold: 'agency', agency: 'PHI', reason: 'a beetle' }, headers: { 'Idempotency-Key': 'beetle' } });
const kay = await open('kay', '/desk');
await kay.waitForURL('**/desk/cashier*');
await kay.waitForSelector('table');
await look(kay, 'cashier');
const unpaid = await kay.locator('tbody tr').count();
await kay.getByRole('button', { name: /^Pay 2/ }).first().press('Enter');
await kay.waitForSelector('#a-amount');
await send(kay);
await is(kay, 'what was paid waits no more', () => kay.waitForFunction((n) => document.querySelectorAll('main table.govuk-table tbody tr').length < n || document.querySelector('.empty'), unpaid));
await kay.fill('#k-party', 'XL200000000018');
await kay.keyboard.press('Enter');
await is(kay, 'a company has its account', () => kay.locator('.cash .facts').waitFor());
const keys = await loseAnswer(kay, '**/api/v1/accounts/*/cash');
await kay.fill('#k-amount', '12.50');
await kay.getByRole('button', { name: 'Take in' }).click();
await kay.locator('.toast').filter({ hasText: 'reach' }).first().waitFor();
const [retold] = await Promise.all([kay.waitForResponse('**/api/v1/accounts/*/cash'), kay.getByRole('button', { name: 'Take in' }).click()]);
ok('money whose answer was lost is taken once', retold.status() === 200 && keys.length === 2 && keys[0] && keys[0] === keys[1], `${retold.status()} ${keys}`);
await kay.unroute('**/api/v1/accounts/*/cash');
await is(kay, 'and stands in the account once', () => kay.locator('.cash .facts').getByText('12.50').waitFor());
await look(kay, 'cashier-account');
await kay.goto(`${url}/desk/declarations/${second}`);
await kay.waitForSelector('.declared');
ok('a cashier reads nothing of why a case was selected', !/selected|score|lane/i.test(await kay.locator('main').innerText()), await kay.locator('main').innerText());
await look(kay, 'cashier-case');
const gale = await open('gale', '/desk');
await gale.waitForURL('**/desk/agency*');
await is(gale, 'an agency finds what waits for it', () => gale.locator('table').getByText(taken).waitFor());
await look(gale, 'agency');
await gale.getByRole('button', { name: 'Let the goods go' }).press('Enter');
await gale.waitForSelector('dialog[open]');
await send(gale);
await is(gale, 'and lets it go', () => says(gale, 'No case waits here'));
await gale.goto(`${url}/desk/declarations/${yellow}`);
await is(gale, 'what it was not called in for is not there', () => gale.locator('.govuk-error-summary').waitFor());

// ---- who may ask for what: every room of the desk, and every role ----

const rooms = {
	[`/api/v1/cases?office=${OFFICE}&state=selected`]: 'bob sue aud', [`/api/v1/cases/counts?office=${OFFICE}`]: 'bob sue aud', [`/api/v1/cases?office=${OFFICE}&commodity=09`]: 'bob sue aud',
	[`/api/v1/cases?office=${OFFICE}&money=due`]: 'bob sue kay aud', '/api/v1/cases?waiting=yes': 'gale', [`/api/v1/offices/${OFFICE}/roster`]: 'bob sue aud',
	'/api/v1/people': 'ada aud', '/api/v1/packs': 'tara aud', '/api/v1/accesses': 'aud', [`/api/v1/declarations/${second}/past`]: 'bob sue aud',
	[`/api/v1/declarations/${second}/status`]: 'bob sue kay aud ann', '/api/v1/permits?agency=PHI': 'gale', '/api/v1/accounts/XL200000000018': 'kay aud ann',
};
const signedIn = ['bob', 'sue', 'kay', 'gale', 'ada', 'tara', 'aud', 'ann'];
await open('ada', '/desk/people'), await open('tara', '/desk/packs'), await open('aud', '/desk/audit');
await open('ann', '/desk').catch(() => undefined);
for (const [path, may] of Object.entries(rooms)) {
	const open_to = [];
	for (const login of signedIn) {
		const answer = await fetch(url + path, { headers: { Cookie: sessions[login].cookies.map((x) => `${x.name}=${x.value}`).join('; ') } });
		if (answer.ok)
			open_to.push(login);
	}
	ok(`${path.replace(second, 'REF')}: for ${may} alone`, open_to.join(' ') === may.split(' ').sort((a, b) => signedIn.indexOf(a) - signedIn.indexOf(b)).join(' '), open_to.join(' '));
}
const menus = { bob: '/desk /desk/duty-roster', sue: '/desk /desk/duty-roster', kay: '/desk/cashier', gale: '/desk/agency', ada: '/desk/people', tara: '/desk/packs', aud: '/desk /desk/duty-roster /desk/people /desk/packs /desk/audit' };
for (const [login, wanted] of Object.entries(menus)) {
	const menu = await open(login, '/desk/settings');
	const links = await menu.locator('.govuk-service-navigation a[href^="/desk"]').evaluateAll((l) => [...new Set(l.map((a) => a.getAttribute('href')))]);
	const rooms_of = links.filter((l) => l !== '/desk/settings' && !(l === '/desk' && !wanted.split(' ').includes('/desk')));
	ok(`${login} has the rooms of the role, and no other`, rooms_of.sort().join(' ') === wanted.split(' ').sort().join(' '), links.join(' '));
	await menu.context().close();
}

// ---- administrators, the tariff office, auditors ----

const ada = await open('ada', '/desk');
await ada.waitForURL('**/desk/people');
await ada.waitForSelector('table');
await look(ada, 'people');
await ada.goto(`${url}/desk/people/+`);
await ada.waitForSelector('#p-login');
await ada.locator('form .govuk-button').last().press('Enter');
ok('what is missing of a person is named', (await ada.locator('.govuk-error-summary li').count()) === 2);
await ada.fill('#p-login', 'rex');
await ada.fill('#p-name', HOSTILE.slice(0, 60));
await ada.getByLabel('Officer', { exact: true }).check();
await ada.fill('#p-offices', OFFICE);
await ada.locator('form .govuk-button').last().press('Enter');
await ada.waitForSelector('.secret');
ok('a first password is told once', (await ada.locator('.secret').innerText()).length > 15);
await look(ada, 'told');
await ada.keyboard.press('Escape');
await ada.waitForURL('**/people/rex');
await ada.getByRole('button', { name: 'Disable' }).press('Enter');
await is(ada, 'somebody is put out', () => ada.getByRole('button', { name: 'Enable' }).waitFor());
await look(ada, 'person');
const tara = await open('tara', '/desk');
await tara.waitForURL('**/desk/packs');
await tara.waitForSelector('#c-file');
await look(tara, 'editions');
const aud = await open('aud', '/desk/audit');
await aud.waitForSelector('table');
await is(aud, 'an auditor reads who looked', () => aud.locator('table').getByText('gale').first().waitFor());
await aud.getByRole('button', { name: 'Verify' }).press('Enter');
await is(aud, 'and verifies the store', () => says(aud, '0 faults'));
await look(aud, 'audit');
await aud.goto(`${url}/desk`);
await aud.fill('#f-office', OFFICE.toLowerCase());
await aud.keyboard.press('Enter');
await is(aud, 'and any office', () => aud.waitForSelector('[role=grid]'));
await page.goto(`${url}/desk/people`);
await is(page, 'an officer has no people to look at', () => page.locator('.govuk-error-summary').getByText('not yours to do').waitFor());
const ann = await open('ann', '/desk');
await is(ann, 'a trader has no desk', () => ann.getByText('These pages are for others').waitFor());
await page.goto(`${url}/desk/settings`);
await page.waitForSelector('#t-name');
await look(page, 'settings');

// ---- dark, from right to left, narrow ----

for (const [name, path] of [['worklist', '/desk'], ['case', `/desk/declarations/${yellow}`]])
	for (const o of [{ dark: true }, { language: 'ar' }, { language: 'ar', dark: true, width: 360 }, { width: 768, language: 'fr' }]) {
		const other = await open('bob', path, o);
		await other.waitForSelector(name === 'worklist' ? '[role=grid]' : '.declared');
		await look(other, `${name}-${o.language ?? 'en'}-${o.dark ? 'dark' : 'light'}-${o.width ?? 1440}`);
		await other.context().close();
	}
for (const [login, path] of [['kay', '/desk/cashier'], ['gale', '/desk/agency?view=all']])
	for (const o of [{ dark: true }, { language: 'ar', width: 360 }]) {
		const other = await open(login, path, o);
		await look(other, `${login}-${o.language ?? 'en'}-${o.dark ? 'dark' : 'light'}-${o.width ?? 1440}`);
		await other.context().close();
	}
for (const [login, path] of [['kay', '/desk/cashier'], ['gale', '/desk/agency?view=all'], ['bob', '/desk'], ['bob', `/desk/declarations/${yellow}`], ['bob', '/desk/settings'], ['sue', '/desk/duty-roster'], ['ada', '/desk/people'], ['ada', '/desk/people/rex'], ['tara', '/desk/packs'], ['aud', '/desk/audit']]) {
	const narrow = await open(login, path, { width: 320 });
	await fits(narrow, path);
	await narrow.context().close();
}
await end();
