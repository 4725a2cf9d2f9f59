/* Which measure applies to an item, for each levy (docs/packs.md, "Which measure applies").
 *
 * Every measure hung on the item's code or on a shorter one is offered (what cannot fit by its shelf alone, ref/ref_shelf.h, is
 * not even read); one that does not fit is passed over, and of those that fit the one with the highest rank stays: relief, then
 * additional code, quota, preference, then document or condition, then procedure, then area, then the length of the commodity
 * code. */
#include "duty/condition.h"
#include "ref/ref_shelf.h"

enum {
	RANK_RELIEF = 1 << 23,
	RANK_ADDITIONAL = 1 << 22,
	RANK_QUOTA = 1 << 21,
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
	uint32_t index; /* of the item */
	struct charge_line *lines;
	const struct ref_measure **wanting; /* of each levy: fits but for its additional code */
	const struct duty_expression *expression; /* of the measure that is being ranked */
	bool quota_granted;
	struct span origin, preferential; /* or the destination, for exports */
	int place, preferential_place;    /* the same, for ref_offer_reaches() */
	bool quota_claimed;
	struct span procedure;
	struct claim claims[CLAIMS];
	uint32_t claim_count;
};

static void collect_claims(struct choice *c)
{
	const struct commodity *goods = &c->item->commodity;

	for (uint32_t i = 0; i < goods->duties.n; i++) {
		const struct duty_line *line = &goods->duties.v[i];
		bool known = line->preference.n == 0 || c->claim_count == CLAIMS;

		c->quota_claimed = c->quota_claimed || line->quota.n;
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

/* Does a duty line of the item claim the quota, for this preference where the measure has one? */
static bool claims_quota(const struct choice *c, const struct ref_measure *m)
{
	const struct commodity *goods = &c->item->commodity;

	for (uint32_t i = 0; i < goods->duties.n; i++)
		if (span_equal(goods->duties.v[i].quota, m->quota) &&
		    (!m->preference.n || span_equal(goods->duties.v[i].preference, m->preference)))
			return true;
	return false;
}

bool duty_is_additional(const struct classification *c)
{
	return c->type.n && !span_is(c->type, "TSP") && !span_is(c->type, "HS") &&
	       !span_is(c->type, "TRC");
}

static bool has_additional(const struct choice *c, struct span code)
{
	const struct commodity *goods = &c->item->commodity;

	for (uint32_t i = 0; i < goods->classifications.n; i++)
		if (duty_is_additional(&goods->classifications.v[i]) &&
		    span_equal(goods->classifications.v[i].id, code))
			return true;
	return false;
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

static bool is_relief(const struct choice *c, const struct ref_offer *o)
{
	const struct ref_measure_type *type =
	    o->asks & OFFER_RELIEF ? ref_measure_type(c->s->r, o->measure->type, c->s->day) : NULL;

	return type && type->series == SERIES_RELIEF;
}

/* Goods that a condition refuses are charged as if it did not, so that one sees what would be due. */
static bool conditions_hold(struct choice *c, const struct ref_measure *m, bool *ret_met)
{
	struct span group;

	switch (condition_judge(c->s, c->index, m, &c->expression, ret_met, &group)) {
	case OUTCOME_APPLIES:
		return true;
	case OUTCOME_EXEMPT:
		return false;
	case OUTCOME_REFUSED:
		assess_find(c->s, FINDING_DUTY_NOT_ALLOWED, c->item, m->id, group, NO_VALUE);
		return c->expression;
	}
	return false;
}

/* How well a measure fits; 0: it does not. */
static uint32_t rank_measure(struct choice *c, const struct ref_offer *o,
			     const struct ref_levy *levy)
{
	const struct ref_measure *m = o->measure;
	struct claim *claim = m->preference.n ? claimed(c, m->preference) : NULL;
	bool met = false;
	int area;

	if (!(c->s->direction == DIRECTION_EXPORT ? levy->export : levy->import) ||
	    (m->preference.n && !claim) || (m->quota.n && !claims_quota(c, m)) ||
	    (m->procedure.n && !span_equal(m->procedure, c->procedure)))
		return 0;
	area = area_rank(c, m, claim ? c->preferential : c->origin);
	if (area < 0)
		return 0;
	if (claim)
		claim->offered = true;
	if (m->additional.n && !has_additional(c, m->additional)) {
		c->wanting[levy->index] = m;
		return 0;
	}
	if (m->document.n && !condition_has_document(c->s, c->index, m->document)) {
		if (claim)
			claim->document = m->document;
		return 0;
	}
	c->expression = m->expression;
	if (m->conditions && !conditions_hold(c, m, &met))
		return 0;
	if (claim)
		claim->granted = true;
	c->quota_granted = c->quota_granted || m->quota.n;
	return (is_relief(c, o) ? RANK_RELIEF : 0u) + (m->additional.n ? RANK_ADDITIONAL : 0u) +
	       (m->quota.n ? RANK_QUOTA : 0u) + (claim ? RANK_PREFERENCE : 0u) +
	       (m->document.n || met ? RANK_DOCUMENT : 0u) +
	       (m->procedure.n ? RANK_PROCEDURE : 0u) + (uint32_t)area * RANK_AREA +
	       m->commodity.n + 1;
}

/* Asks memory for some bytes that will be read soon. */
static void prefetch(const void *p, size_t bytes)
{
	enum { LINE = 64, MOST = 8 * LINE };

	for (size_t at = 0; at < bytes && at < MOST; at += LINE)
		__builtin_prefetch((const char *)p + at);
}

/* Equal ranks (two groups that hold one country) go to the smaller id, so that the order of rows never matters. */
static void take(struct charge_line *line, const struct choice *c, const struct ref_measure *m,
		 uint32_t rank)
{
	if (rank < line->rank)
		return;
	if (rank == line->rank && span_compare(m->id, line->measure->id) >= 0)
		return;
	line->rank = rank;
	line->measure = m;
	line->expression = c->expression;
	prefetch(m, sizeof(*m));
}

/* What an offer says of itself, without its measure: most fail here. */
static bool may_fit(const struct choice *c, const struct ref_offer *o)
{
	bool preference = o->asks & OFFER_PREFERENCE;

	return o->from <= c->s->day && c->s->day <= o->to && o->known <= c->s->known &&
	       (!preference || c->claim_count) && (!(o->asks & OFFER_QUOTA) || c->quota_claimed) &&
	       ref_offer_reaches(c->s->r, o, preference ? c->preferential_place : c->place) &&
	       (!(o->asks & OFFER_JUDGED) || ref_measure_holds(o->measure, c->s->day, c->s->known));
}

/* A rate for all the world asks for nothing but the right direction: known without its measure. */
static uint32_t rank_offer(struct choice *c, const struct ref_offer *o, uint32_t digits,
			   const struct ref_levy *levy)
{
	if (o->asks || o->area)
		return rank_measure(c, o, levy);
	c->expression = NULL; /* its own */
	return (c->s->direction == DIRECTION_EXPORT ? levy->export : levy->import) ? digits + 1 : 0;
}

static void offer(struct choice *c, const struct ref_offer *o, uint32_t digits)
{
	const struct ref_measure *m = o->measure;
	const struct ref_levy *levy = levy_today(c->s, &c->s->levies[o->levy]);
	uint32_t rank = levy ? rank_offer(c, o, digits, levy) : 0;
	struct charge_line *line;

	if (rank == 0)
		return;
	line = &c->lines[levy->index];
	take(line, c, m, rank);
	if (!c->s->facts->quotas.n)
		return;
	/* What a quota does not cover is charged by the best measure that none limits. */
	if (!line->rest)
		line->rest = ARENA_NEW(c->s->arena, struct charge_line);
	if (!assess_quota_of(c->s, m))
		take(line->rest, c, m, rank);
}

/* Codes of the tree have even lengths; the code itself may have any. */
static void offer_all(struct choice *c, const struct ref_shelf *s)
{
	for (; s; s = s->above)
		for (uint32_t i = 0; i < s->n; i++)
			if (may_fit(c, &s->offer[i]))
				offer(c, &s->offer[i], s->digits);
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

/* A levy whose measures all ask for an additional code where none is declared: silence would let the goods in without it. */
static void report_additional(const struct choice *c)
{
	const struct commodity *goods = &c->item->commodity;

	for (uint32_t i = 0; i < goods->classifications.n; i++)
		if (duty_is_additional(&goods->classifications.v[i]))
			return;
	for (uint32_t l = 0; l < c->s->levy_count; l++)
		if (c->wanting[l] && !c->lines[l].measure)
			assess_find(c->s, FINDING_DUTY_ADDITIONAL_MISSING,
				    &c->item->commodity.classifications, c->s->levies[l].code,
				    c->wanting[l]->additional, NO_VALUE);
}

/* Packs that know no quotas say nothing of them. */
static void report_quotas(const struct choice *c)
{
	const struct commodity *goods = &c->item->commodity;

	if (c->quota_granted || !ref_has_quotas(c->s->r))
		return;
	for (uint32_t i = 0; i < goods->duties.n; i++)
		if (goods->duties.v[i].quota.n) {
			assess_find(c->s, FINDING_DUTY_QUOTA_NO_MEASURE, &goods->duties.v[i].quota,
				    goods->duties.v[i].quota, NO_VALUE, NO_VALUE);
			return;
		}
}

static void choose_item(struct assess *s, uint32_t i, const struct ref_shelf *shelf)
{
	const struct goods_item *item = &s->items[i];
	const struct ref_measure *wanting[LIMIT_LEVIES] = {NULL};
	struct choice c = {.s = s,
			   .item = item,
			   .index = i,
			   .lines = &s->lines[(size_t)i * s->levy_count],
			   .wanting = wanting};

	if (item->procedures.n)
		c.procedure = item->procedures.v[0].requested;
	if (s->direction == DIRECTION_EXPORT) {
		c.origin = item->destination.n ? item->destination : s->d->shipment.destination;
		c.preferential = c.origin;
	} else {
		c.origin = goods_item_origin(item, false);
		c.preferential = goods_item_origin(item, true);
	}
	c.place = ref_place(c.origin);
	c.preferential_place = ref_place(c.preferential);
	collect_claims(&c);
	offer_all(&c, shelf);
	report_claims(&c);
	report_additional(&c);
	report_quotas(&c);
}

static void finish_choice(struct charge_line *line)
{
	if (!line->measure)
		return;
	if (!line->expression)
		line->expression = line->measure->expression;
	prefetch(line->expression, sizeof(*line->expression));
}

/* Each shelf lies somewhere else in a large tariff: all are asked for before the first is read, so that memory brings them
 * together, and so are the measures chosen of them before they are charged. */
void assess_choose(struct assess *s)
{
	const struct ref_shelf **shelf = ARENA_ARRAY(s->arena, const struct ref_shelf *, s->n);
	size_t all = (size_t)s->n * s->levy_count;

	for (uint32_t i = 0; i < s->n; i++) {
		shelf[i] = ref_shelf(s->r, goods_item_code(s->arena, &s->items[i]));
		if (shelf[i])
			prefetch(shelf[i]->offer, shelf[i]->n * sizeof(*shelf[i]->offer));
	}
	for (uint32_t i = 0; i < s->n; i++)
		choose_item(s, i, shelf[i]);
	for (size_t k = 0; k < all; k++) {
		finish_choice(&s->lines[k]);
		if (s->lines[k].rest)
			finish_choice(s->lines[k].rest);
	}
}
