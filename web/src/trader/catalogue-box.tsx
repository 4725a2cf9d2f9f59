/* An item from the company's catalogue, and into it. */
import { useEffect, useState } from 'preact/hooks';
import { Button, Field, ProblemNote, toast } from '../app/parts';
import { t } from '../app/phrases';
import { get, draft, set, text, type Json } from './draft';
import { goods, goodsOf, itemWith, loadGoods, putGoods } from './shelf';

export function CatalogueBox({ at }: { at: string }) {
	const [article, setArticle] = useState('');
	const [problem, setProblem] = useState<unknown>(null);
	useEffect(() => void loadGoods().catch(() => undefined), []);
	const item = get(draft.value?.declaration, at) as Json;
	const found = goods.value?.find((g) => g.article === article.trim());
	const full = !!text(item, '/commodity/description') && !!text(item, '/commodity/classifications/0/id');
	function type(value: string): void {
		setArticle(value);
		const g = goods.peek()?.find((x) => x.article === value.trim());
		if (!g)
			return;
		const before = get(draft.peek()?.declaration, at) as Json;
		set(at, itemWith(before, g));
		toast(t('goods.taken', g.article), () => set(at, before));
	}
	async function keep(): Promise<void> {
		setProblem(null);
		try {
			await putGoods([goodsOf(article.trim(), item)]);
			toast(t('goods.kept', article.trim()));
		} catch (e) {
			setProblem(e);
		}
	}
	return (
		<div class="catalogue">
			{problem ? <ProblemNote problem={problem} /> : null}
			<Field id="f-article" label={t('goods.article')} hint={t('goods.article.hint')} value={article} onInput={type} max={100} width={20} inputProps={{ list: 'article-list' }} />
			<datalist id="article-list">{goods.value?.slice(0, 500).map((g) => <option key={g.article} value={g.article}>{g.description}</option>)}</datalist>
			{article.trim() && full && !found && <Button kind="secondary" onPress={keep}>{t('goods.keep')}</Button>}
		</div>
	);
}
