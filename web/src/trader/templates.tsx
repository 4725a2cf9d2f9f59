/* Declarations that the company begins again and again: kept at the hub, for every colleague and machine. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Dialog, Field, ProblemNote, Time, toast } from '../app/parts';
import { t } from '../app/phrases';
import { go } from '../app/router';
import { begin, copyOf, draft } from './draft';
import { listTemplates, putTemplate, removeTemplate, type Template } from './shelf';

export function Templates() {
	const [all, setAll] = useState<Template[]>([]);
	const [problem, setProblem] = useState<unknown>(null);
	const load = () => listTemplates().then(setAll, setProblem);
	useEffect(() => void load(), []);
	async function remove(x: Template): Promise<void> {
		await removeTemplate(x.name).then(load, setProblem);
		toast(t('template.removed', x.name), () => void putTemplate(x.name, x.declaration).then(load, setProblem));
	}
	return (
		<section aria-labelledby="s-templates">
			<h2 class="govuk-heading-m" id="s-templates">{t('template.title')}</h2>
			{problem ? <ProblemNote problem={problem} /> : null}
			{all.length ? (
				<ul class="tasks">
					{all.map((x) => (
						<li class="task" key={x.name}>
							<button type="button" class="plain task__link" onClick={() => go(`/trader/drafts/${begin(copyOf(x.declaration, false), { from: x.name }).id}`)}><bdi>{x.name}</bdi></button>
							<span class="task__what muted"><Time at={x.changed_at} near /></span>
							<button type="button" class="plain" onClick={() => void remove(x)}>{t('remove')}<span class="govuk-visually-hidden"> {x.name}</span></button>
						</li>
					))}
				</ul>
			) : <p class="govuk-body">{t('template.none')}</p>}
		</section>
	);
}

export function KeepAsTemplate() {
	const [open, setOpen] = useState(false);
	const [name, setName] = useState('');
	const [fault, setFault] = useState('');
	const [problem, setProblem] = useState<unknown>(null);
	async function keep(): Promise<void> {
		const d = draft.peek();
		setFault(name.trim() ? '' : t('template.name.missing'));
		if (!d || !name.trim())
			return;
		try {
			await putTemplate(name.trim(), d.declaration);
			setOpen(false);
			toast(t('template.kept', name.trim()));
		} catch (e) {
			setProblem(e);
		}
	}
	return (
		<>
			<Button kind="secondary" onPress={() => setOpen(true)}>{t('template.keep')}</Button>
			{open && (
				<Dialog title={t('template.keep')} onClose={() => setOpen(false)}>
					{problem ? <ProblemNote problem={problem} /> : null}
					<form noValidate onSubmit={(e) => { e.preventDefault(); void keep(); }}>
						<Field id="f-template" label={t('template.name')} hint={t('template.name.hint')} value={name} onInput={setName} max={100} error={fault || undefined} />
						<div class="govuk-button-group"><Button onPress={keep}>{t('save')}</Button><Button kind="secondary" onPress={() => setOpen(false)}>{t('cancel')}</Button></div>
					</form>
				</Dialog>
			)}
		</>
	);
}
