/* Which measure applies to an item, for each levy (docs/packs.md, "Which measure applies").
 *
 * Every measure hung on the item's code or on a shorter one is offered; one that does not fit is passed over, and of those that
 * fit the one with the highest rank stays: preference, then document, then procedure, then area, then the length of the
 * commodity code. */
#include "duty/assess.h"

enum {
	RANK_PREFERENCE = 1 << 20,
	RANK_DOCUMENT = 1 << 19,
	RANK_PROCEDURE = 1 << 18,
	RANK_AREA = 1 << 16, /* times 0..2: everywhere, a group, this country */
};

/* A preference that the item claims, and what became of it. */
struct claim {
	const struct duty_line *line;
	bool offered; /* some measure would grant it */
	bool granted;
	struct span document; /* that was wanting */
};
enum { CLAIMS = 8 }; /* different ones of one item; more than a few is noise */

struct choice {
	struct assess *s;
	const struct goods_item *item;
	struct charge_line *lines;
	struct span origin, preferential; /* or the destination, for exports */
	struct span procedure;
	struct claim claims[CLAIMS];
	uint32_t claim_count;
};

static void collect_claims(struct choice *c)
{
	const struct commodity *goods = &c->item->commodity;

	for (uint32_t i = 0; i < goods->duties.n && c->claim_count < CLAIMS; i++) {
		const struct duty_line *line = &goods->duties.v[i];
		bool known = line->preference.n == 0;

		for (uint32_t k = 0; k < c->claim_count && !known; k++)
			known = span_equal(c->claims[k].line->preference, line->preference);
		if (!known &&
		    !ref_code(c->s->r, SPAN("preference_none"), line->preference, c->s->day))
			c->claims[c->claim_count++] = (struct claim){.line = line};
	}
}

static struct claim *claimed(struct choice *c, struct span preference)
{
	for (uint32_t i = 0; i < c->claim_count; i++)
		if (span_equal(c->claims[i].line->preference, preference))
			return &c->claims[i];
	return NULL;
}

static bool document_is(const struct document *d, struct span code)
{
	return d->category.n + d->type.n == code.n && span_starts(code, d->category) &&
	       (d->type.n == 0 || memcmp(code.p + d->category.n, d->type.p, d->type.n) == 0);
}

/* Is one of them this document, with a status that does not say that it is missing? */
static bool holds(const struct assess *s, const struct document *list, uint32_t n, struct span code)
{
	for (uint32_t i = 0; i < n; i++)
		if (document_is(&list[i], code) &&
		    (list[i].status.n == 0 ||
		     !ref_code(s->r, SPAN("document_absent"), list[i].status, s->day)))
			return true;
	return false;
}

static bool has_document(const struct choice *c, struct span code)
{
	const struct declaration *d = c->s->d;

	return holds(c->s, c->item->documents.v, c->item->documents.n, code) ||
	       holds(c->s, d->documents.v, d->documents.n, code);
}

static bool excludes(const struct choice *c, struct span list, struct span country)
{
	while (list.n) {
		struct span area = span_trim(span_cut(&list, ' '));

		if (area.n &&
		    (span_equal(area, country) || ref_area_has(c->s->r, area, country, c->s->day)))
			return true;
	}
	return false;
}

/* 0 everywhere, 1 a group, 2 this country; -1: not here. */
static int area_rank(const struct choice *c, const struct ref_measure *m, struct span country)
{
	int rank = -1;

	if (m->area.n == 1 && m->area.p[0] == '*')
		rank = 0;
	else if (country.n && span_equal(m->area, country))
		rank = 2;
	else if (country.n && ref_area_has(c->s->r, m->area, country, c->s->day))
		rank = 1;
	return rank >= 0 && m->exclude.n && excludes(c, m->exclude, country) ? -1 : rank;
}

/* A measure names its levy as of its own first day: on this day another dated row of the same levy may hold. NULL: none does. */
static const struct ref_levy *levy_today(const struct assess *s, const struct ref_levy *levy)
{
	if (ref_holds(levy->dates, s->day))
		return levy;
	for (uint32_t i = 0; i < s->levy_count; i++)
		if (span_equal(s->levies[i].code, levy->code) &&
		    ref_holds(s->levies[i].dates, s->day))
			return &s->levies[i];
	return NULL;
}

/* How well a measure fits; 0: it does not. */
static uint32_t rank_measure(struct choice *c, const struct ref_measure *m,
			     const struct ref_levy *levy)
{
	struct claim *claim = m->preference.n ? claimed(c, m->preference) : NULL;
	int area;

	if (!(c->s->direction == DIRECTION_EXPORT ? levy->export : levy->import) ||
	    (m->preference.n && !claim) ||
	    (m->procedure.n && !span_equal(m->procedure, c->procedure)))
		return 0;
	area = area_rank(c, m, claim ? c->preferential : c->origin);
	if (area < 0)
		return 0;
	if (claim)
		claim->offered = true;
	if (m->document.n && !has_document(c, m->document)) {
		if (claim)
			claim->document = m->document;
		return 0;
	}
	if (claim)
		claim->granted = true;
	return (claim ? RANK_PREFERENCE : 0u) + (m->document.n ? RANK_DOCUMENT : 0u) +
	       (m->procedure.n ? RANK_PROCEDURE : 0u) + (uint32_t)area * RANK_AREA +
	       m->commodity.n + 1;
}

/* Equal ranks (two groups that hold one country) go to the smaller id, so that the order of rows never matters. */
static void offer(struct choice *c, const struct ref_measure *m)
{
	const struct ref_levy *levy =
	    ref_holds(m->dates, c->s->day) ? levy_today(c->s, m->levy) : NULL;
	uint32_t rank = levy ? rank_measure(c, m, levy) : 0;
	struct charge_line *line;

	if (rank == 0)
		return;
	line = &c->lines[levy->index];
	if (rank < line->rank)
		return;
	if (rank == line->rank && span_compare(m->id, line->measure->id) >= 0)
		return;
	line->rank = rank;
	line->measure = m;
}

/* Codes of the tree have even lengths; the code itself may have any. */
static void offer_all(struct choice *c, struct span code)
{
	for (uint32_t n = code.n;; n = n % 2 ? n - 1 : n - 2) {
		const struct ref_measure *m = ref_measures(c->s->r, (struct span){code.p, n, 0});

		for (; m; m = m->next)
			offer(c, m);
		if (n == 0)
			return;
	}
}

static void report_claims(const struct choice *c)
{
	for (uint32_t i = 0; i < c->claim_count; i++) {
		const struct claim *claim = &c->claims[i];

		if (claim->granted)
			continue;
		if (claim->offered)
			assess_find(c->s, FINDING_DUTY_PREFERENCE_NO_DOCUMENT,
				    &claim->line->preference, claim->line->preference,
				    claim->document, NO_VALUE);
		else
			assess_find(c->s, FINDING_DUTY_PREFERENCE_NO_MEASURE,
				    &claim->line->preference, claim->line->preference, NO_VALUE,
				    NO_VALUE);
	}
}

static void choose_item(struct assess *s, uint32_t i)
{
	const struct goods_item *item = &s->items[i];
	struct choice c = {.s = s, .item = item, .lines = &s->lines[(size_t)i * s->levy_count]};

	if (item->procedures.n)
		c.procedure = item->procedures.v[0].requested;
	if (s->direction == DIRECTION_EXPORT) {
		c.origin = item->destination.n ? item->destination : s->d->shipment.destination;
		c.preferential = c.origin;
	} else {
		c.origin = goods_item_origin(item, false);
		c.preferential = goods_item_origin(item, true);
	}
	collect_claims(&c);
	offer_all(&c, goods_item_code(s->arena, item));
	report_claims(&c);
}

void assess_choose(struct assess *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		choose_item(s, i);
}
