/* A first look around for traders: through the screens of a day, with an example that is made of what the country's pack has and that goes away
 * with the tour. */
import { call, query } from '../app/api';
import type { Step } from '../app/tour';
import { me } from '../app/session';
import { begin, blank, discard, put, type Json } from './draft';

let example = '';

async function goods(): Promise<{ code: string; text: string } | undefined> {
	const found = await call<{ commodities: { code: string; text: string; declarable: boolean }[] }>(`/api/v1/tariff/commodities${query({ q: 'coffee', limit: 30 })}`);
	return found.commodities.find((c) => c.declarable);
}
async function make(): Promise<void> {
	const some = await goods().catch(() => undefined);
	let d: unknown = blank(!!me.value?.roles.includes('broker'));
	const item = '/shipment/items/0';
	const say = (at: string, value: unknown) => (d = put(d, at, value));
	say(`${item}/commodity/classifications/0/id`, some?.code ?? '');
	say(`${item}/commodity/description`, some?.text ?? '');
	say(`${item}/commodity/price`, { value: '12500.00', currency: 'USD' });
	say(`${item}/commodity/net_mass/value`, '4800');
	say(`${item}/commodity/gross_mass/value`, '4860');
	say(`${item}/origins/0/country`, 'BR');
	say(`${item}/packages/0`, { sequence: '1', count: '80', type: 'BG', marks: 'EXAMPLE' });
	example = begin(d as Json).id;
}
const inExample = (below: string) => async () => {
	if (!example)
		await make();
	return `/trader/drafts/${example}${below}`;
};

const steps: Step[] = [
	{ title: 'tour.today', says: 'tour.today.says', at: '/trader', mark: '.figures' },
	{ title: 'tour.new', says: 'tour.new.says', at: '/trader/new', mark: '.drop' },
	{ title: 'tour.item', says: 'tour.item.says', at: inExample('/items/1'), mark: '.combobox' },
	{ title: 'tour.pay', says: 'tour.pay.says', at: inExample('/items/1'), mark: '.pay-panel' },
	{ title: 'tour.check', says: 'tour.check.says', at: inExample('/check'), mark: 'main h1' },
	{ title: 'tour.list', says: 'tour.list.says', at: '/trader/declarations', mark: '#f-q, main .empty' },
	{ title: 'tour.keys', says: 'tour.keys.says', at: '/trader', mark: '.footer .plain' },
];

export function tour(): { steps: Step[]; done: () => void } {
	return {
		steps,
		done: () => {
			if (example)
				discard(example);
			example = '';
		},
	};
}
