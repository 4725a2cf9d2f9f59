#include "ref/search.h"

#include <stdlib.h>

#include "base/map.h"

/* How well a row has a word. */
enum { HAS_NOT, HAS_MISTYPED, HAS_BEGINNING, HAS_EXACT, HAS_STEPS };
static const uint8_t worth[HAS_STEPS] = {0, 2, 5, 9};

/* Room for a word after folding; longer ones are cut. */
enum { WORD_BYTES = 48, SHORTEST_MISTYPED = 4, SHORTEST_TWICE = 8 };

struct vocable {
	struct span word;
	DICT_LIST(uint32_t) rows; /* ascending, without repetition */
};

struct search_row {
	const struct ref_commodity *commodity;
	uint32_t above; /* the row that it hangs on; itself: none */
};

struct search_index {
	struct search_row *rows; /* by code, then first day */
	uint32_t n;
	DICT_LIST(struct vocable) words;
	struct map by_word; /* word -> struct vocable, by index + 1 */
};

/* ---- words ---- */

/* U+00C0 to U+00FF without their accents, as Latin letters; a blank parts words. */
static const char folded[] = "aaaaaaaceeeeiiiidnooooo ouuuuyt"
			     "saaaaaaaceeeeiiiidnooooo ouuuuyty";

/* The next word of a text in small letters without accents, in `to`; its length, or 0 at the end. Bytes of other scripts stay. */
static uint32_t next_vocable(struct span *rest, char to[WORD_BYTES])
{
	uint32_t n = 0;

	while (rest->n) {
		unsigned char c = (unsigned char)rest->p[0];
		unsigned char d = rest->n > 1 ? (unsigned char)rest->p[1] : 0;
		bool two = c == 0xC3 && d >= 0x80 && d < 0xC0; /* anything may be typed */

		if (two)
			c = (unsigned char)folded[d - 0x80];
		else if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		rest->p += two ? 2 : 1;
		rest->n -= two ? 2 : 1;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
			if (n < WORD_BYTES)
				to[n++] = (char)c;
		} else if (n) {
			return n;
		}
	}
	return n;
}

/* ---- building ---- */

struct building {
	struct arena *arena;
	struct search_index *x;
	const struct refset *r;
};

static bool add_row(void *context, const struct ref_commodity *c)
{
	struct building *b = context;

	if (b->x->rows)
		b->x->rows[b->x->n].commodity = c;
	b->x->n++;
	return true;
}

static int by_code(const void *a, const void *b)
{
	const struct ref_commodity *x = ((const struct search_row *)a)->commodity,
				   *y = ((const struct search_row *)b)->commodity;
	int code = span_compare(x->code, y->code);

	return code ? code : (x->dates.from > y->dates.from) - (x->dates.from < y->dates.from);
}

/* Rows come in order of their codes: what stands above a row came before it. */
static void link_rows(struct search_index *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		uint32_t above = i ? i - 1 : i;

		while (above != i &&
		       !(x->rows[above].commodity->code.n < x->rows[i].commodity->code.n &&
			 span_starts(x->rows[i].commodity->code, x->rows[above].commodity->code)))
			above = x->rows[above].above == above ? i : x->rows[above].above;
		x->rows[i].above = above;
	}
}

static struct vocable *vocable_of(struct building *b, const char *p, uint32_t n)
{
	struct search_index *x = b->x;
	uintptr_t at = (uintptr_t)map_get(&x->by_word, (struct span){p, n, 0});
	struct vocable *v;

	if (at)
		return &x->words.v[at - 1];
	v = arena_push(b->arena, (void **)&x->words.v, &x->words.n, &x->words.room, sizeof(*v));
	*v = (struct vocable){.word = {arena_copy(b->arena, p, n), n, 0}};
	map_put(&x->by_word, v->word, (void *)(uintptr_t)x->words.n);
	return v;
}

static void add_words(struct building *b, struct span text, uint32_t row)
{
	char word[WORD_BYTES];
	uint32_t n;

	while ((n = next_vocable(&text, word))) {
		struct vocable *v = vocable_of(b, word, n);
		uint32_t *place;

		if (v->rows.n && v->rows.v[v->rows.n - 1] == row)
			continue;
		place = arena_push(b->arena, (void **)&v->rows.v, &v->rows.n, &v->rows.room,
				   sizeof(*place));
		*place = row;
	}
}

/* The first row of a code or beyond. */
static uint32_t first_of(const struct search_index *x, struct span code)
{
	uint32_t low = 0, high = x->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (span_compare(x->rows[middle].commodity->code, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_synonyms(struct building *b)
{
	for (const struct ref_synonym *s = ref_synonyms(b->r); s; s = s->next)
		for (uint32_t i = first_of(b->x, s->commodity);
		     i < b->x->n && span_equal(b->x->rows[i].commodity->code, s->commodity); i++)
			add_words(b, s->word, i);
}

const struct search_index *search_build(struct arena *a, const struct refset *r)
{
	struct search_index *x = ARENA_NEW(a, struct search_index);
	struct building b = {a, x, r};

	x->by_word = map_in(a);
	ref_each_commodity(r, add_row, &b);
	x->rows = ARENA_ARRAY(a, struct search_row, x->n);
	x->n = 0;
	ref_each_commodity(r, add_row, &b);
	qsort(x->rows, x->n, sizeof(*x->rows), by_code);
	link_rows(x);
	for (uint32_t i = 0; i < x->n; i++) {
		add_words(&b, x->rows[i].commodity->text.en, i);
		add_words(&b, x->rows[i].commodity->text.fr, i);
	}
	add_synonyms(&b);
	return x;
}

/* ---- typing mistakes ---- */

/* Letters that were added, left out, changed or swapped with their neighbour, up to `most`; more: most + 1. */
static uint32_t mistakes(struct span a, struct span b, uint32_t most)
{
	uint32_t rows[3][WORD_BYTES + 1], *before = rows[0], *last = rows[1], *now = rows[2];

	if ((a.n > b.n ? a.n - b.n : b.n - a.n) > most)
		return most + 1;
	for (uint32_t k = 0; k <= b.n; k++)
		before[k] = last[k] = k;
	for (uint32_t i = 1; i <= a.n; i++) {
		uint32_t *swap = before, least = now[0] = i;

		for (uint32_t k = 1; k <= b.n; k++) {
			uint32_t cost = last[k - 1] + (a.p[i - 1] != b.p[k - 1]);

			cost = last[k] + 1 < cost ? last[k] + 1 : cost;
			cost = now[k - 1] + 1 < cost ? now[k - 1] + 1 : cost;
			if (i > 1 && k > 1 && a.p[i - 1] == b.p[k - 2] &&
			    a.p[i - 2] == b.p[k - 1] && before[k - 2] + 1 < cost)
				cost = before[k - 2] + 1;
			now[k] = cost;
			least = cost < least ? cost : least;
		}
		if (least > most)
			return most + 1;
		before = last;
		last = now;
		now = swap;
	}
	return last[b.n];
}

/* ---- finding ---- */

struct finding_words {
	struct arena *arena;
	const struct search_index *x;
	struct search_results *ret;
	uint8_t *has[SEARCH_WORDS]; /* of each row */
	uint32_t words;
};

static void mark(const struct vocable *v, uint8_t *has, uint8_t how)
{
	for (uint32_t i = 0; i < v->rows.n; i++)
		if (has[v->rows.v[i]] < how)
			has[v->rows.v[i]] = how;
}

/* The words with the fewest mistakes, all of them. */
static void mark_mistyped(struct finding_words *f, struct span word, uint8_t *has)
{
	uint32_t most = word.n >= SHORTEST_TWICE ? 2 : word.n >= SHORTEST_MISTYPED ? 1 : 0;
	const struct vocable *first = NULL;

	for (uint32_t wrong = 1; wrong <= most && !first; wrong++)
		for (uint32_t i = 0; i < f->x->words.n; i++) {
			const struct vocable *v = &f->x->words.v[i];

			if (v->word.n < SHORTEST_MISTYPED - 1 ||
			    mistakes(word, v->word, wrong) > wrong)
				continue;
			mark(v, has, HAS_MISTYPED);
			if (!first || v->rows.n > first->rows.n)
				first = v;
		}
	if (first)
		f->ret->corrected[f->ret->corrections++] = (struct search_correction){
		    {arena_copy(f->arena, word.p, word.n), word.n, 0}, first->word};
}

static void look_up(struct finding_words *f, struct span word)
{
	uint8_t *has = ARENA_ARRAY(f->arena, uint8_t, f->x->n);
	bool known = false;

	for (uint32_t i = 0; i < f->x->words.n; i++) {
		const struct vocable *v = &f->x->words.v[i];

		if (!span_starts(v->word, word))
			continue;
		mark(v, has, v->word.n == word.n ? HAS_EXACT : HAS_BEGINNING);
		known = true;
	}
	if (!known)
		mark_mistyped(f, word, has);
	f->has[f->words++] = has;
}

/* What a row has of its own counts double what it has from above, and goods go before their chapter. 0: some word is missing,
 * or it has none of its own. */
static uint32_t score_of(const struct finding_words *f, uint32_t row)
{
	uint32_t score = 0, own = 0;

	for (uint32_t w = 0; w < f->words; w++) {
		uint32_t best = worth[f->has[w][row]] * 2u, at = row;

		own += best;
		while (f->x->rows[at].above != at) {
			at = f->x->rows[at].above;
			if (worth[f->has[w][at]] > best)
				best = worth[f->has[w][at]];
		}
		if (!best)
			return 0;
		score += best;
	}
	return own ? score : 0;
}

static int by_score(const void *a, const void *b)
{
	const struct search_result *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return span_compare(x->commodity->code, y->commodity->code);
}

static void keep_best(struct search_results *ret, struct search_result *all, uint32_t n,
		      uint32_t most)
{
	if (n)
		qsort(all, n, sizeof(*all), by_score);
	ret->found = n;
	ret->n = n < most ? n : most;
	if (ret->n > SEARCH_RESULTS)
		ret->n = SEARCH_RESULTS;
	for (uint32_t i = 0; i < ret->n; i++)
		ret->v[i] = all[i];
}

/* The digits of a code, or nothing when the text holds anything else than digits, points and blanks. */
static struct span code_of(struct arena *a, struct span text)
{
	char *code = arena_alloc(a, (size_t)text.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < text.n; i++) {
		if (text.p[i] >= '0' && text.p[i] <= '9')
			code[n++] = text.p[i];
		else if (text.p[i] != '.' && text.p[i] != ' ')
			return (struct span){0};
	}
	return (struct span){code, n, 0};
}

void search_find(struct arena *a, const struct search_index *x, struct span text, int32_t day,
		 uint32_t most, struct search_results *ret)
{
	struct finding_words f = {.arena = a, .x = x, .ret = ret};
	struct search_result *all = ARENA_ARRAY(a, struct search_result, x->n);
	struct span code = code_of(a, text);
	char word[WORD_BYTES];
	uint32_t n = 0, length;

	*ret = (struct search_results){0};
	while (!code.n && f.words < SEARCH_WORDS && (length = next_vocable(&text, word)))
		look_up(&f, (struct span){word, length, 0});
	for (uint32_t i = code.n ? first_of(x, code) : 0; i < x->n; i++) {
		const struct ref_commodity *c = x->rows[i].commodity;
		uint32_t score = 0;

		if (code.n && !span_starts(c->code, code))
			break;
		if (ref_holds(c->dates, day))
			score = code.n ? 1 : f.words ? score_of(&f, i) : 0;
		if (score)
			all[n++] = (struct search_result){c, score};
	}
	keep_best(ret, all, n, most);
}

/* Directly below is what hangs on a row of this code that holds. */
static bool hangs_on(const struct search_index *x, uint32_t row, struct span code, int32_t day)
{
	uint32_t at = row;

	while (x->rows[at].above != at) {
		const struct ref_commodity *above;

		at = x->rows[at].above;
		above = x->rows[at].commodity;
		if (span_equal(above->code, code))
			return true;
		if (ref_holds(above->dates, day))
			return false;
	}
	return !code.n;
}

const struct ref_commodity *search_below(const struct search_index *x, struct span code,
					 const struct ref_commodity *after, int32_t day)
{
	uint32_t i = x ? first_of(x, after ? after->code : code) : 0;

	for (; x && i < x->n && span_starts(x->rows[i].commodity->code, code); i++) {
		const struct ref_commodity *c = x->rows[i].commodity;

		if (ref_holds(c->dates, day) && hangs_on(x, i, code, day) &&
		    (!after || span_compare(c->code, after->code) > 0))
			return c;
	}
	return NULL;
}
