/* For officers, supervisors, cashiers, auditors and administrators. */
import '../desk.scss';
import { run } from '../app/frame';
import { tour } from './tour';
import { startTheme, ThemeSwitch } from './theme';

startTheme();
void run({
	name: 'desk',
	title: 'app.desk',
	signIn: 'desk.signin',
	roles: ['officer', 'supervisor', 'cashier', 'auditor', 'analyst', 'agency', 'administrator', 'tariff'],
	navigation: [
		{ path: '/desk', says: 'desk.nav.worklist', key: 'w', roles: ['officer', 'supervisor', 'auditor'] },
		{ path: '/desk/cashier', says: 'desk.nav.cashier', key: 'c', roles: ['cashier'] },
		{ path: '/desk/agency', says: 'desk.nav.agency', key: 'y', roles: ['agency'] },
		{ path: '/desk/duty-roster', says: 'desk.nav.roster', key: 'd', roles: ['officer', 'supervisor', 'auditor'] },
		{ path: '/desk/people', says: 'desk.nav.people', key: 'p', roles: ['administrator', 'auditor'] },
		{ path: '/desk/packs', says: 'desk.nav.packs', key: 't', roles: ['tariff', 'auditor'] },
		{ path: '/desk/audit', says: 'desk.nav.audit', key: 'a', roles: ['auditor'] },
		{ path: '/desk/settings', says: 'desk.nav.settings', key: 's' },
	],
	routes: [
		{ path: '/desk', load: () => import('./home') },
		{ path: '/desk/agency', load: () => import('./agency') },
		{ path: '/desk/cashier', load: () => import('./cashier') },
		{ path: '/desk/declarations/:ref', load: () => import('./case') },
		{ path: '/desk/duty-roster', load: () => import('./roster') },
		{ path: '/desk/people', load: () => import('./people') },
		{ path: '/desk/people/:login', load: () => import('./person') },
		{ path: '/desk/packs', load: () => import('./packs') },
		{ path: '/desk/packs/:number', load: () => import('./pack') },
		{ path: '/desk/audit', load: () => import('./audit') },
		{ path: '/desk/settings', load: () => import('./settings') },
	],
	tools: () => <ThemeSwitch />,
	wide: true,
	tour,
});
