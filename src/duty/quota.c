/* Which part of an item has the rate of a quota. How much the case may have of each quota is a fact; here it is given out, item
 * by item, and what it does not cover is charged by the measure that would apply without the quota. Both are lines of their
 * own.
 *
 * Only what is due takes of a quota: goods under a procedure that suspends or relieves a levy are shown without it. */
#include "duty/assess.h"
#include "duty/quantity.h"
#include "ref/ref_quota.h"

const struct quota_fact *assess_quota_of(const struct assess *s, const struct ref_measure *m)
{
	return m->quota.n ? facts_quota(s->facts, m->quota) : NULL;
}

/* Shorter than with all its zeros. */
static struct decimal millionths(int64_t v)
{
	uint8_t scale = 6;

	while (scale && v % 10 == 0) {
		v /= 10;
		scale--;
	}
	return decimal_of(v, scale);
}

void proof_part(struct proof_writer *w, const struct charge_line *line)
{
	if (!line->whole)
		return;
	PROOF_PUT(w, " * ");
	proof_number(w, millionths(line->part).units, millionths(line->part).scale);
	PROOF_PUT(w, " / ");
	proof_number(w, millionths(line->whole).units, millionths(line->whole).scale);
}

/* ---- what is asked ---- */

static bool asked_quantity(struct assess *s, uint32_t i, const struct ref_quota *q,
			   const struct charge_line *line, struct ratio *ret)
{
	struct duty_quantity quantity;
	const struct span levy = line->measure->levy->code;

	if (span_is(q->unit, "value")) {
		*ret = ratio_divide(ratio_of(s->ret->values[i].customs_value.minor),
				    ratio_of(decimal_power10(s->digits)));
		return true;
	}
	if (!duty_quantity(s, i, levy, q->unit, &quantity) || quantity.number.units < 0) {
		assess_find(s, FINDING_DUTY_QUANTITY_MISSING,
			    duty_quantity_place(&s->items[i], q->unit), levy, q->unit, NO_VALUE);
		return false;
	}
	*ret = ratio_decimal(quantity.number);
	if (quantity.converted)
		*ret = ratio_divide(ratio_multiply(*ret, ratio_decimal(quantity.times)),
				    ratio_decimal(quantity.per));
	return true;
}

/* In millionths, a finer rest rounded up: no quantity slips under the count. */
static bool asked_of(struct assess *s, uint32_t i, const struct quota_fact *f,
		     const struct charge_line *line, int64_t *ret)
{
	const struct ref_quota *q = ref_quota_from(s->r, f->order, f->period);
	struct ratio asked;

	if (!q || !asked_quantity(s, i, q, line, &asked))
		return false;
	if (!ratio_round(ratio_multiply(asked, ratio_of(QUOTA_MILLION)), ROUND_UP, 1, ret))
		return true;
	assess_stop(s, FINDING_DUTY_OVERFLOW, &s->items[i], NO_VALUE, NO_VALUE, NO_VALUE);
	return false;
}

/* ---- what is given ---- */

/* What is left of each fact while the items take of it. */
struct giving {
	const struct quota_fact *fact;
	int64_t balance, held;
	bool named, short_of,
	    waits; /* some item claims it; gets less than it asks; gets it later */
};

static bool asks_declaration(const struct duty_expression *e)
{
	for (uint32_t i = 0; e && i < e->terms; i++)
		if (e->sum[i].kind == DUTY_PER_DECLARATION)
			return true;
	return false;
}

/* Lines of the item that this quota limits. An amount for the declaration cannot be divided: such a rate is granted whole or
 * not at all. */
static bool is_divisible(struct assess *s, uint32_t i, const struct giving *g)
{
	for (uint32_t l = 0; l < s->levy_count; l++) {
		const struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

		if (line->measure && assess_quota_of(s, line->measure) == g->fact &&
		    (asks_declaration(line->expression) ||
		     asks_declaration(line->rest->expression)))
			return false;
	}
	return true;
}

static void put_part(struct charge_line *line, int64_t part, int64_t whole)
{
	struct charge_line *rest = line->rest;

	if (part == whole && whole) {
		rest->measure = NULL;
		return;
	}
	rest->state = line->state;
	rest->partial = line->partial;
	rest->monthly = line->monthly;
	if (!part) {
		*line = *rest; /* also where nothing is due without the quota */
		line->rest = NULL;
		return;
	}
	line->part = part;
	line->whole = rest->whole = whole;
	rest->part = whole - part;
}

static void put_parts(struct assess *s, uint32_t i, const struct quota_fact *f, int64_t part,
		      int64_t whole)
{
	for (uint32_t l = 0; l < s->levy_count; l++) {
		struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

		if (line->measure && assess_quota_of(s, line->measure) == f)
			put_part(line, line->state == TAX_DUE ? part : 0, whole);
	}
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void give(struct assess *s, uint32_t i, struct giving *g, const struct charge_line *line)
{
	struct quota_use use = {.item = i, .order = g->fact->order};

	g->named = true;
	if (asked_of(s, i, g->fact, line, &use.asked) && use.asked > 0) {
		use.granted = least(use.asked, g->balance);
		if (use.granted < use.asked && !is_divisible(s, i, g))
			use.granted = 0;
		use.applied =
		    g->fact->way == QUOTA_SECURED ? least(use.granted, g->held) : use.granted;
		g->balance -= use.granted;
		g->held -= use.applied;
		g->short_of = g->short_of || use.granted < use.asked;
		g->waits = g->waits || use.applied < use.granted ||
			   (g->fact->way == QUOTA_LATER && use.granted < use.asked);
		*(struct quota_use *)arena_push(s->arena, (void **)&s->ret->quotas.v,
						&s->ret->quotas.n, &s->ret->quotas.room,
						sizeof(use)) = use;
	}
	put_parts(s, i, g->fact, use.applied, use.asked);
}

static const struct charge_line *limited_line(struct assess *s, uint32_t i,
					      const struct quota_fact *f)
{
	const struct charge_line *any = NULL;

	for (uint32_t l = 0; l < s->levy_count; l++) {
		const struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

		if (!line->measure || assess_quota_of(s, line->measure) != f)
			continue;
		if (line->state == TAX_DUE)
			return line;
		any = line;
	}
	if (any)
		put_parts(s, i, f, 0, 0);
	return NULL;
}

static struct span quantity_text(struct assess *s, int64_t v)
{
	struct text t = text_in(s->arena);

	decimal_write(&t, millionths(v));
	return text_as_span(&t);
}

static void report(struct assess *s, const struct giving *g)
{
	const struct quota_fact *f = g->fact;
	int64_t asked = 0, granted = 0;

	for (uint32_t i = 0; i < s->ret->quotas.n; i++)
		if (span_equal(s->ret->quotas.v[i].order, f->order)) {
			asked += s->ret->quotas.v[i].asked;
			granted += s->ret->quotas.v[i].granted;
		}
	if (g->waits || (g->short_of && span_is(f->state, "awaited")))
		assess_find(s, FINDING_DUTY_QUOTA_WAITS, NULL, f->order, NO_VALUE, NO_VALUE);
	else if (g->short_of && granted)
		assess_find(s, FINDING_DUTY_QUOTA_PART, NULL, f->order, quantity_text(s, granted),
			    quantity_text(s, asked));
	else if (g->short_of && span_is(f->state, "exhausted"))
		assess_find(s, FINDING_DUTY_QUOTA_EXHAUSTED, NULL, f->order, NO_VALUE, NO_VALUE);
	else if (g->short_of || (g->named && f->period == INT32_MIN))
		assess_find(s, FINDING_DUTY_QUOTA_SHUT, NULL, f->order, NO_VALUE, NO_VALUE);
}

void assess_quotas(struct assess *s)
{
	for (uint32_t k = 0; k < s->facts->quotas.n; k++) {
		const struct quota_fact *f = &s->facts->quotas.v[k];
		struct giving g = {.fact = f, .balance = f->balance, .held = f->held};

		for (uint32_t i = 0; i < s->n; i++) {
			const struct charge_line *line =
			    s->valued[i] ? limited_line(s, i, f) : NULL;

			if (line)
				give(s, i, &g, line);
		}
		report(s, &g);
	}
}
