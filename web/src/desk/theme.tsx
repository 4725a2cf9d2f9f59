/* Light, dark, or as the machine has it: kept in this browser. */
import { signal } from '@preact/signals';
import { t } from '../app/phrases';

const KEY = 'customhouse-theme';
type Theme = 'system' | 'light' | 'dark';
const all: Theme[] = ['system', 'light', 'dark'];
const kept = localStorage.getItem(KEY);
export const theme = signal<Theme>(all.includes(kept as Theme) ? (kept as Theme) : 'system');

function set(to: Theme): void {
	theme.value = to;
	if (to === 'system') {
		delete document.documentElement.dataset.theme;
		localStorage.removeItem(KEY);
	} else {
		document.documentElement.dataset.theme = to;
		localStorage.setItem(KEY, to);
	}
}
export function startTheme(): void {
	set(theme.value);
}
export function ThemeSwitch() {
	return (
		<label class="theme">
			<span class="govuk-visually-hidden">{t('desk.theme')}</span>
			<select value={theme.value} onChange={(e) => set(e.currentTarget.value as Theme)}>
				{all.map((x) => <option key={x} value={x} selected={x === theme.value}>{t(`desk.theme.${x}`)}</option>)}
			</select>
		</label>
	);
}
