/* A first look around the desk, by role: of the screens that somebody's roles have, with what stands there. */
import { may } from '../app/session';
import type { Step } from '../app/tour';

export function tour(): { steps: Step[] } {
	const steps: Step[] = [];
	if (may('officer', 'supervisor')) {
		steps.push({ title: 'desk.tour.list', says: 'desk.tour.list.says', at: '/desk', mark: '.views' });
		steps.push({ title: 'desk.tour.find', says: 'desk.tour.find.says', at: '/desk', mark: '.search' });
		steps.push({ title: 'desk.tour.side', says: 'desk.tour.side.says', at: '/desk', mark: '.side, .grid, main .empty' });
		steps.push({ title: 'desk.tour.roster', says: 'desk.tour.roster.says', at: '/desk/duty-roster', mark: 'main .buttons, main h1' });
	}
	if (may('cashier'))
		steps.push({ title: 'desk.tour.cashier', says: 'desk.tour.cashier.says', at: '/desk/cashier', mark: '.views' }, { title: 'desk.tour.cash', says: 'desk.tour.cash.says', at: '/desk/cashier', mark: '.cash' });
	if (may('agency'))
		steps.push({ title: 'desk.tour.agency', says: 'desk.tour.agency.says', at: '/desk/agency', mark: '.views' });
	if (may('administrator'))
		steps.push({ title: 'desk.tour.people', says: 'desk.tour.people.says', at: '/desk/people', mark: 'main h1' });
	if (may('tariff'))
		steps.push({ title: 'desk.tour.packs', says: 'desk.tour.packs.says', at: '/desk/packs', mark: 'main h1' });
	if (may('auditor'))
		steps.push({ title: 'desk.tour.audit', says: 'desk.tour.audit.says', at: '/desk/audit', mark: 'main h1' });
	if (steps.length)
		steps.push({ title: 'desk.tour.keys', says: 'desk.tour.keys.says', at: '/desk/settings', mark: '.footer .plain' });
	return { steps };
}
