/* For officers, supervisors, cashiers, auditors and administrators. */
import { run } from '../app/frame';

void run({
	name: 'desk',
	title: 'app.desk',
	signIn: 'desk.signin',
	roles: ['officer', 'supervisor', 'cashier', 'auditor', 'analyst', 'agency', 'administrator', 'tariff'],
	navigation: [{ path: '/desk', says: 'desk.nav.worklist', key: 'w' }],
	routes: [{ path: '/desk', load: () => import('./worklist') }],
	wide: true,
});
