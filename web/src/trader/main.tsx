/* For traders and brokers. */
import { run } from '../app/frame';

void run({
	name: 'trader',
	title: 'app.trader',
	signIn: 'trader.signin',
	roles: ['trader', 'broker'],
	navigation: [
		{ path: '/trader', says: 'trader.nav.today', key: 't' },
		{ path: '/trader/declarations', says: 'trader.nav.declarations', key: 'd' },
	],
	routes: [
		{ path: '/trader', load: () => import('./today') },
		{ path: '/trader/declarations', load: () => import('./declarations') },
	],
});
