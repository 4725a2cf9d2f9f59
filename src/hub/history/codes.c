/* Which goods a case declared: its commodity codes by chapter, each once. */
#include <string.h>

#include "hub/history/history.h"

enum { CHAPTER_DIGITS = 2 };

static struct span code_of(struct history_reading *r, const struct declaration *d,
			   const struct goods_item *item)
{
	static const struct span before = SPAN("commodity/");
	const struct span s = history_subject(r->once, HISTORY_COMMODITY, d, item, r->office);

	if (s.n < before.n + CHAPTER_DIGITS)
		return (struct span){NULL, 0, 0};
	return (struct span){s.p + before.n, s.n - before.n, 0};
}

/* The row of the chapter, among those behind `first`. */
static struct history_codes *row_of(struct history_reading *r, uint32_t first, struct span chapter)
{
	for (uint32_t i = first; i < r->codes.n; i++)
		if (span_equal(r->codes.v[i].row.chapter, chapter))
			return &r->codes.v[i];
	return NULL;
}

static bool has(struct span codes, struct span code)
{
	while (codes.n)
		if (span_equal(span_cut(&codes, ','), code))
			return true;
	return false;
}

static struct span add(struct arena *a, struct span codes, struct span code)
{
	return span_of(arena_print(a, "%.*s,%.*s", SPAN_ARG(codes), SPAN_ARG(code)));
}

void history_read_codes(struct history_reading *r, const struct declaration *d,
			struct span reference, int64_t seq)
{
	const uint32_t first = r->codes.n;

	for (uint32_t i = 0; i < d->shipment.items.n; i++) {
		const struct span code = code_of(r, d, &d->shipment.items.v[i]);
		struct history_codes *to;

		if (!code.n)
			continue;
		to = row_of(r, first, (struct span){code.p, CHAPTER_DIGITS, 0});
		if (!to) {
			to = arena_push(r->arena, (void **)&r->codes.v, &r->codes.n, &r->codes.room,
					sizeof(*to));
			*to = (struct history_codes){
			    .row = {.office = r->office,
				    .chapter = {arena_copy(r->arena, code.p, CHAPTER_DIGITS),
						CHAPTER_DIGITS, 0},
				    .reference = {arena_copy(r->arena, reference.p, reference.n),
						  reference.n, 0},
				    .codes = SPAN("")},
			    .seq = seq};
		}
		if (!has(to->row.codes, code))
			to->row.codes = add(r->arena, to->row.codes, code);
	}
}
