/* For traders and brokers. */
import { run } from '../app/frame';
import { tour } from './tour';

void run({
	name: 'trader',
	title: 'app.trader',
	signIn: 'trader.signin',
	roles: ['trader', 'broker'],
	tour,
	navigation: [
		{ path: '/trader', says: 'trader.nav.today', key: 't' },
		{ path: '/trader/declarations', says: 'trader.nav.declarations', key: 'd' },
		{ path: '/trader/new', says: 'new.title', key: 'n', also: '/trader/drafts' },
		{ path: '/trader/goods', says: 'trader.nav.goods', key: 'a' },
		{ path: '/trader/payments', says: 'trader.nav.money', key: 'p' },
		{ path: '/trader/company', says: 'trader.nav.company', key: 'c' },
	],
	routes: [
		{ path: '/trader', load: () => import('./today') },
		{ path: '/trader/company', load: () => import('./company') },
		{ path: '/trader/declarations', load: () => import('./declarations') },
		{ path: '/trader/declarations/:ref', load: () => import('./declaration') },
		{ path: '/trader/drafts/:id', load: () => import('./edit') },
		{ path: '/trader/drafts/:id/check', load: () => import('./check') },
		{ path: '/trader/drafts/:id/items/:n', load: () => import('./item') },
		{ path: '/trader/goods', load: () => import('./goods') },
		{ path: '/trader/new', load: () => import('./new') },
		{ path: '/trader/payments', load: () => import('./money') },
	],
});
