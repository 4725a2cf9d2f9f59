// A broker at work, in a real browser against the real server: signs in, makes a declaration by hand, hands it in, pays, amends, attaches, and reads
// what happens; a file with faults; hostile names; keys; three languages and widths. axe-core looks for what keeps people out. TAP.
//
// People are as run.sh makes them: bea, a broker, cora, a cashier, and ann, a trader of another company.
import { join } from 'node:path';
import { api, context, end, fits, look, loseAnswer, ok, people, picture, request, root, shown, tab, url, visit } from './harness.mjs';

const examples = join(root, 'examples');
const password = 'corner lamp river seven';

const person = async (o) => tab(await context(o));

/* A field by where it lies in the declaration. */
const at = (pointer) => `[id="f${pointer.replaceAll('/', '-')}"]`;

async function signIn(page, login) {
	await page.fill('#f-login', login);
	await page.fill('#f-password', people[login].password);
	// Behind a wrong password the hub looks at the next one only after a while.
	for (let i = 0; i < 10; i++) {
		await page.press('#f-password', 'Enter', { timeout: 1000 }).catch(() => null);
		if (await page.waitForSelector('#f-old', { timeout: 4000 }).catch(() => null))
			return;
	}
}
async function choosePassword(page, login) {
	await page.fill('#f-old', people[login].password);
	await page.fill('#f-chosen', password);
	await page.fill('#f-again', password);
	await page.keyboard.press('Enter');
	people[login].password = password;
}

// ---- in ----
const page = await person();
await visit(page, `/trader/payments?x=1`);
await look(page, 'sign-in');
await page.keyboard.press('Tab');
ok('the first key leads past the header', (await page.evaluate(() => document.activeElement?.className)).includes('skip'));
await page.click('button[type=submit]');
await page.waitForFunction(() => document.activeElement?.classList.contains('govuk-error-summary'));
ok('what is missing is said, and has the focus', true);
await page.fill('#f-login', 'bea');
await page.fill('#f-password', 'another password');
await page.keyboard.press('Enter');
await shown(page, 'Login or password are not right.');
ok('a wrong password is told in words', true);
await signIn(page, 'bea');
await look(page, 'first-password');
await choosePassword(page, 'bea');
await shown(page, 'No money has moved yet.');
ok('whoever signs in stays where he was', page.url() === `${url}/trader/payments?x=1`);
await look(page, 'payments');

// ---- by hand, as a broker works ----
await page.click('a[href="/trader/new"]');
await shown(page, 'By hand');
await look(page, 'new');
await page.click('text=Begin with the goods');
const item = '/shipment/items/0';
await page.fill(at(`${item}/commodity/classifications/0/id`), 'green cofee');
await page.waitForSelector('[role=option]');
await look(page, 'item-search');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
ok('goods are found by words, with slips, and by keys', (await page.inputValue(at(`${item}/commodity/classifications/0/id`))) === '09011100');
const nasty = 'Beans of the green kind "><script>alert(1)</script> & <b>\u202eevil</b>';
await page.fill(at(`${item}/commodity/description`), nasty);
await page.selectOption(at(`${item}/origins/0/country`), 'BR');
await page.fill(at(`${item}/commodity/price/value`), '81600.00');
await page.selectOption(at(`${item}/commodity/price/currency`), 'USD');
await page.waitForSelector('.pay-panel tfoot td');
const early = await page.textContent('.pay-panel tfoot td');
await page.fill(at(`${item}/commodity/gross_mass/value`), '19368');
await page.fill(at(`${item}/commodity/net_mass/value`), '19200');
await page.fill(at(`${item}/packages/0/count`), '320');
await page.selectOption(at(`${item}/packages/0/type`), 'JT');
await page.fill(at(`${item}/packages/0/marks`), 'LOT 41');
await page.waitForFunction((before) => document.querySelector('.pay-panel tfoot td')?.textContent !== before, early);
ok('what is due is shown from the first values on, and follows', true);
await look(page, 'item');
await page.click('text=Done with this item');
await page.waitForSelector('#s-items');
await page.click('text=Check the answers');
await shown(page, 'Before you can hand in');
await look(page, 'check-faults');
ok('with an error nothing can be handed in', (await page.locator('text=Hand in the declaration').count()) === 0);
await page.getByText('The country from which the goods were sent is missing').first().click();
await page.waitForSelector('#s-how');
await page.waitForFunction(() => document.activeElement?.id === 'f-shipment-export_country');
ok('a finding leads to its field', true);
await page.selectOption(at('/shipment/export_country'), 'BR');
await page.fill(at('/trader_reference'), 'HAND-1');
await page.selectOption(at('/office'), 'XLHAR001');
await page.fill(at('/shipment/importer/id'), 'XL200000000018');
await page.fill(at('/exporter/name'), 'Serra Azul');
await page.fill(at('/exporter/address/line'), 'Rua do Porto 81');
await page.fill(at('/exporter/address/city'), 'Santos');
await page.fill(at('/exporter/address/postcode'), '11010-150');
await page.selectOption(at('/exporter/address/country'), 'BR');
await page.selectOption(at('/border_transport/mode'), '1');
await page.fill(at('/shipment/consignment/arrival/id'), '9074729');
await page.selectOption(at('/border_transport/nationality'), 'PA');
await page.fill(at('/shipment/consignment/location/name'), 'BERTH-4');
await page.selectOption(at('/shipment/terms/code'), 'CIF');
await page.fill(at('/shipment/terms/place_name'), 'Harbourgate');
await page.selectOption(at('/shipment/transaction'), '11');
await page.waitForFunction(() => !document.querySelector('.pay-panel [aria-busy]'));
await visit(page, new URL(page.url()).pathname);
ok('a draft outlives the page', (await page.inputValue(at('/trader_reference'))) === 'HAND-1');
await look(page, 'edit');
await page.click('text=Check the answers');
await page.getByText('Hand in the declaration').waitFor().catch(async () => ok('nothing is left to correct', false, await page.textContent('main')));
await look(page, 'check');
await page.click('text=Hand in the declaration');
await shown(page, 'Confirm that what you declare is right and complete');
ok('nothing is handed in that nobody stands for', true);
await page.check('#f-agree');
await page.click('text=Hand in the declaration');
await page.waitForSelector('.govuk-panel');
const reference = new URL(page.url()).pathname.split('/').pop();
ok('handed in', /^26XL/.test(reference), reference);
await shown(page, 'What happened');
await look(page, 'declaration');
ok('the draft is gone', (await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('customhouse-draft/')).length)) === 0);
const due = await api('bea', `/declarations/${reference}/status`);

// ---- live: a cashier takes money elsewhere ----
if (due.next.includes('pay')) {
	await page.waitForFunction(() => document.querySelector('.dot--live'));
	await api('cora', `/declarations/${reference}/acts`, { json: { act: 'pay', amount: due.due } });
	await page.waitForFunction(() => !document.querySelector('.next')?.textContent?.includes('Pay what is due'));
	ok('what others do is seen without loading the page again', true);
}

// ---- documents ----
await page.setInputFiles('#f-doc', { name: "inv & 'x' &lt;b&gt; ‮fdp.pdf", mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj\n%%EOF\n') });
await page.waitForSelector('.documents li');
ok('a document is handed in', (await page.locator('.documents li').count()) === 1);
await page.setInputFiles('#f-doc', { name: 'x.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
await shown(page, 'Files of this kind are not taken');
ok('another kind is refused before the way is made', true);

// ---- amend ----
await page.getByRole('button', { name: 'Amend', exact: true }).click();
await page.waitForSelector('#f-reason');
await page.click('h3 a');
await page.fill(at(`${item}/commodity/description`), 'Arabica coffee beans of the green kind');
await page.click('text=Done with this item');
await page.click('text=Check the answers');
await page.check('#f-agree');
await page.click('text=Hand in the amendment');
await page.waitForSelector('.govuk-panel');
const amended = await api('bea', `/declarations/${reference}/declaration`);
const after = await api('bea', `/declarations/${reference}/status`);
ok('an amendment is handed in', (after.version === 2 && amended.shipment.items[0].commodity.description.startsWith('Arabica')) || after.next.includes('await-decision'), JSON.stringify(after));

// ---- a file, with faults ----
await visit(page, `/trader/new`);
await page.setInputFiles('#f-file', join(examples, 'import-errors.xml'));
await page.waitForSelector('.govuk-error-summary .findings');
ok('a file is read, and its faults shown at their places', (await page.locator('.govuk-error-summary .findings li').count()) > 8);
await look(page, 'file-faults');
await visit(page, `/trader/new`);
await page.setInputFiles('#f-file', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"function": ') });
await page.waitForSelector('.govuk-error-summary');
ok('a file that cannot be read says so', true);

// ---- a copy, and a rejected one ----
await page.fill('#f-copy', reference);
await page.click('form.search button');
await page.waitForSelector('#s-items');
ok('a copy keeps all but the reference', (await page.inputValue(at('/exporter/name'))) === 'Serra Azul' && (await page.inputValue(at('/trader_reference'))) === '');

// ---- the company's goods and templates ----
await visit(page, `/trader/goods`);
await page.setInputFiles('#f-goods', { name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from('article;description;code;origin;documents\r\nA-17;"Green ""coffee""; <b>beans</b>";0901 1100;br;N380\r\n;none;;;\r\nB 9/x;Wine;22042100;FR;\r\n') });
await page.waitForSelector('tbody tr');
const { goods } = await api('bea', '/goods');
ok('a table becomes the catalogue', goods.length === 2 && goods[0].description === 'Green "coffee"; <b>beans</b>' && goods[0].code === '09011100' && goods[0].origin === 'BR', JSON.stringify(goods));
await page.getByRole('button', { name: 'Remove B 9/x' }).click();
await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
await page.getByRole('button', { name: 'Undo' }).click();
await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 2);
ok('goods are taken out, and put back', true);
await look(page, 'goods');
await visit(page, `/trader/new`);
await page.click('text=Begin with the goods');
await page.fill('#f-article', 'A-17');
await page.waitForFunction((id) => document.getElementById(id)?.value === '09011100', `f${item.replaceAll('/', '-')}-commodity-classifications-0-id`);
ok('an item is filled from the catalogue', (await page.inputValue(at(`${item}/commodity/description`))) === goods[0].description && (await page.inputValue(at(`${item}/origins/0/country`))) === 'BR');
await page.click('text=Done with this item');
await page.click('text=Keep as a template');
await page.fill('#f-template', 'Coffee <b> from Santos');
await page.locator('dialog .govuk-button').first().click();
await page.waitForSelector('dialog', { state: 'detached' });
await page.click('text=Discard the draft').catch(() => null);
await visit(page, `/trader/new`);
await page.click('text=Coffee <b> from Santos');
await page.waitForSelector('#s-items');
ok('a template begins a declaration', (await page.textContent('main')).includes('<b>beans</b>'));

// ---- lists and keys ----
await visit(page, `/trader`);
await page.waitForSelector('.figures');
const drafts = await page.locator('section[aria-labelledby=s-drafts] li').count();
await look(page, 'today');
await page.click('text=Show me around');
for (let step = 1; step <= 7; step++) {
	await page.getByText(`${step} of 7`).waitFor();
	await page.waitForSelector('.tour-mark');
	if (step === 3)
		await look(page, 'tour');
	await page.locator('.tour .govuk-button').first().press('Enter');
}
ok('a first look around takes its example away again', (await page.locator('.tour, .tour-offer').count()) === 0 && (await page.locator('text=EXAMPLE').count()) === 0 && (await page.locator('section[aria-labelledby=s-drafts] li').count()) === drafts);
await page.keyboard.press('?');
await page.waitForSelector('dialog[open]');
await look(page, 'keys');
await page.keyboard.press('Escape');
await page.keyboard.press('g');
await page.keyboard.press('d');
await page.waitForSelector('table');
ok('two keys lead to the list', page.url().endsWith('/trader/declarations'));
await page.fill('#f-q', 'HAND-1');
await page.waitForFunction(() => location.search.includes('q=HAND-1'));
ok('what is looked for stands in the address', (await page.locator('tbody tr').count()) === 1);
await look(page, 'list');
await visit(page, `/trader/company`);
await page.fill('#f-token-name', '<img src=x onerror=alert(1)>');
await page.click('text=Make a token');
await page.waitForSelector('.secret');
ok('a token is told once', (await page.textContent('.secret')).startsWith('ch_'));
await page.fill('#f-person-login', 'Junior !');
await page.click('text=Add the person');
await page.waitForFunction(() => document.activeElement?.classList.contains('govuk-error-summary'));
await page.fill('#f-person-login', 'junior');
await page.fill('#f-person-name', '<img src=x onerror=alert(1)>');
await page.click('text=Add the person');
await page.locator('#s-people ~ .empty .secret').waitFor();
ok('a colleague is made, and the first password told once', (await page.locator('#s-people ~ .empty .secret').innerText()).length > 15);
await look(page, 'company');
await page.getByRole('button', { name: 'Disable junior' }).click();
await page.getByRole('button', { name: 'Enable junior' }).waitFor();
ok('nobody of another company is seen', !(await page.textContent('main')).includes('cora') && (await request('bea', '/people/ann')).status === 404);
await visit(page, `/trader/nothing/at/all`);
await shown(page, 'There is no such page');
await look(page, 'missing');

// ---- widths and languages ----
const screens = { today: '/trader', list: '/trader/declarations', declaration: `/trader/declarations/${reference}`, payments: '/trader/payments', company: '/trader/company', goods: '/trader/goods', new: '/trader/new' };
const draftId = await page.evaluate(() => Object.keys(localStorage).find((k) => k.startsWith('customhouse-draft/'))?.split('/').pop());
Object.assign(screens, { edit: `/trader/drafts/${draftId}`, item: `/trader/drafts/${draftId}/items/1`, check: `/trader/drafts/${draftId}/check` });
for (const language of ['en', 'ar'])
	for (const [name, path] of Object.entries(screens)) {
		await page.setViewportSize({ width: language === 'ar' ? 360 : 320, height: 800 });
		await visit(page, `${path}?lang=${language}`);
		await fits(page, `${name}, ${language}`);
		await picture(page, `${name}-${language}-phone`);
		if (language === 'ar') {
			await look(page, `${name}-ar`);
			await page.setViewportSize({ width: 1440, height: 900 });
			await picture(page, `${name}-ar-wide`);
		}
	}
ok('every text is in Arabic', (await page.locator('[role=note]', { hasText: 'نصوص' }).count()) === 0);

// ---- an answer that is lost ----
await page.setViewportSize({ width: 1000, height: 900 });
await visit(page, `/trader/declarations/${reference}?lang=en`);
const sent = await loseAnswer(page, '**/api/v1/declarations');
await page.getByRole('button', { name: 'Withdraw the declaration' }).click();
await page.locator('dialog .govuk-button').first().click();
await page.locator('dialog .govuk-error-summary').waitFor();
const [again] = await Promise.all([page.waitForResponse('**/api/v1/declarations'), page.locator('dialog .govuk-button').first().click()]);
ok('what was done behind a lost answer is not done again', again.status() === 200 && sent.length === 2 && sent[0] && sent[0] === sent[1], `${again.status()} ${sent}`);
await page.unroute('**/api/v1/declarations');

// ---- another trader, another person, no session ----
const other = await person();
await visit(other, `/trader/declarations/${reference}`);
await signIn(other, 'ann');
await choosePassword(other, 'ann');
await other.waitForSelector('.govuk-error-summary');
ok('another trader finds nothing under the reference', !(await other.textContent('main')).includes('HAND-1') && (await other.textContent('main')).includes('There is no such thing'));
await other.context().close();
await visit(page, `/trader/company?lang=en`);
const cookies = await page.context().cookies();
ok('no script sees the session', (await page.evaluate(() => document.cookie)).includes('lang=') && !(await page.evaluate(() => document.cookie)).includes('customhouse='));
ok('its cookie is for the server alone', cookies.some((c) => c.name.endsWith('customhouse') && c.httpOnly && c.sameSite === 'Strict'), JSON.stringify(cookies));
await page.context().clearCookies({ name: /customhouse/ });
await page.fill('#f-token-name', 'kept');
await page.click('text=Make a token');
await page.waitForSelector('dialog[open] #f-login');
await look(page, 'ended');
await page.fill('dialog #f-login', 'bea');
await page.fill('dialog #f-password', password);
await page.keyboard.press('Enter');
await page.waitForSelector('dialog', { state: 'detached' });
ok('a session that ended is taken up again, and nothing typed is lost', (await page.inputValue('#f-token-name')) === 'kept');
await page.evaluate(() => sessionStorage.setItem('customhouse-return', '//evil.example/trader'));
await visit(page, `/trader`);
ok('no way back leads elsewhere', page.url() === `${url}/trader`);
await page.evaluate(() => sessionStorage.setItem('customhouse-return', '/trader/payments'));
await page.goto(`${url}/trader`);
await page.waitForURL('**/trader/payments');
ok('and a way back leads to where one was', true);
await page.click('text=Sign out');
await page.waitForSelector('#f-login');
ok('signed out', (await page.evaluate(() => fetch('/api/v1/me').then((r) => r.status))) === 401);

await end();
