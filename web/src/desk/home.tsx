/* What each finds first: cases for those who work on cases, otherwise their own room. */
import Worklist from './worklist';
import { Empty } from '../app/parts';
import { t } from '../app/phrases';
import { go, type ScreenProps } from '../app/router';
import { may } from '../app/session';
import { useEffect } from 'preact/hooks';

export default function Home(p: ScreenProps) {
	const cases = may('officer', 'supervisor', 'auditor');
	const room = may('administrator') ? '/desk/people' : may('tariff') ? '/desk/packs' : may('cashier') ? '/desk/cashier' : may('agency') ? '/desk/agency' : '';
	useEffect(() => {
		if (!cases && room)
			go(room, { replace: true });
	}, []);
	return cases ? <Worklist {...p} /> : <Empty title={t('desk.no-cases')}><p>{t('desk.no-cases.hint')}</p></Empty>;
}
