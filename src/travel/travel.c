#include "travel/travel.h"

enum { THOUSAND = 1000, PERCENT = 100 };

static enum err read_quantity(struct span s, int64_t *ret)
{
	struct decimal d;

	if (decimal_parse(s, &d) || d.units <= 0 ||
	    decimal_compare(d, decimal_of(REF_TRAVEL_MOST, 0)) > 0 ||
	    decimal_rescale(d, 3, ROUND_HALF_UP, &d))
		return ERR_FORMAT;
	*ret = d.units;
	return ERR_NONE;
}

/* Of a value: in the national currency, which has no smaller parts than its minor unit. */
static enum err exchange(const struct refset *r, int32_t day, const struct travel_goods *g,
			 int64_t *in_out, struct cause *why)
{
	const int64_t unit = decimal_power10(ref_digits(r));
	struct ref_dates dates;
	struct decimal rate;
	int64_t per, numerator, minor;

	if (!g->currency.n || span_equal(g->currency, ref_currency(r)))
		return ERR_NONE;
	if (ref_rate(r, g->currency, day, INT32_MAX, &rate, &per, &dates))
		return fail(why, ERR_USAGE, "there is no rate of exchange of %.*s",
			    (int)(g->currency.n < 20 ? g->currency.n : 20), g->currency.p);
	if (__builtin_mul_overflow(rate.units, unit, &numerator) ||
	    mul_div(*in_out, numerator, THOUSAND * decimal_power10(rate.scale) * per,
		    ref_rounding(r), &minor) ||
	    mul_div(minor, THOUSAND, unit, ref_rounding(r), in_out))
		return fail(why, ERR_USAGE, "of %.*s, that is too much", SPAN_ARG(g->goods));
	return ERR_NONE;
}

static struct travel_line *line_of(struct travel_result *t, const struct ref_travel *rule)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->line[i].rule == rule)
			return &t->line[i];
	t->line[t->n] = (struct travel_line){.rule = rule};
	return &t->line[t->n++];
}

static enum err add(const struct refset *r, int32_t day, const struct travel_goods *g,
		    struct travel_result *t, struct cause *why)
{
	const struct ref_travel *rule = ref_travel_of(r, g->goods, day);
	int64_t brought;
	enum err e;

	if (!rule)
		return fail(why, ERR_USAGE, "there are no goods \"%.*s\"",
			    (int)(g->goods.n < 60 ? g->goods.n : 60), g->goods.p);
	if (read_quantity(g->quantity, &brought))
		return fail(why, ERR_USAGE, "of %.*s, a number above zero is wanted",
			    SPAN_ARG(rule->goods));
	e = rule->kind == TRAVEL_VALUE || rule->kind == TRAVEL_MONEY
		? exchange(r, day, g, &brought, why)
		: ERR_NONE;
	/* Thirty of these fit an int64 by far. */
	if (!e && brought > (int64_t)REF_TRAVEL_MOST * THOUSAND)
		e = fail(why, ERR_USAGE, "of %.*s, that is too much", SPAN_ARG(rule->goods));
	if (!e)
		line_of(t, rule)->brought += brought;
	return e;
}

static int64_t thousandths(struct decimal d)
{
	struct decimal at;

	BUG_ON(d.set && decimal_rescale(d, 3, ROUND_DOWN, &at)); /* the loader has seen to it */
	return d.set ? at.units : 0;
}

static enum err charge(const struct refset *r, struct travel_line *l)
{
	const struct duty_term *rate = &l->rule->rate;
	const int64_t unit = decimal_power10(ref_digits(r)),
		      scale = decimal_power10(rate->rate.scale);
	int64_t numerator, denominator;

	if (l->formal || !l->beyond || l->rule->kind > TRAVEL_VALUE)
		return ERR_NONE;
	denominator = THOUSAND * scale *
		      (rate->kind == DUTY_PERCENT ? PERCENT
		       : rate->per.set            ? rate->per.units
						  : 1);
	if (__builtin_mul_overflow(rate->rate.units, unit, &numerator))
		return ERR_LIMIT;
	return mul_div(l->beyond, numerator, denominator, ref_rounding(r), &l->minor);
}

static enum err judge(const struct refset *r, const struct travel_party *p, struct travel_line *l)
{
	const struct ref_travel *rule = l->rule;
	enum err e;

	l->free = thousandths(rule->adult) * p->adults + thousandths(rule->child) * p->children;
	l->beyond = l->brought > l->free ? l->brought - l->free : 0;
	l->formal = rule->most.set && l->brought > thousandths(rule->most);
	l->declare = l->beyond > 0 || l->formal || rule->kind == TRAVEL_CONTROLLED;
	e = charge(r, l);
	return e;
}

enum err travel_assess(const struct refset *r, int32_t day, const struct travel_party *p,
		       struct travel_result *ret, struct cause *why)
{
	struct travel_result t = {.n = 0};
	enum err e = ERR_NONE;

	if (p->adults < 1 || p->children < 0 || p->adults > TRAVEL_PEOPLE ||
	    p->children > TRAVEL_PEOPLE - p->adults)
		return fail(why, ERR_USAGE, "from 1 to %d people travel, and one is an adult",
			    TRAVEL_PEOPLE);
	if (p->n > TRAVEL_GOODS)
		return fail(why, ERR_LIMIT, "at most %d kinds of goods", TRAVEL_GOODS);
	for (uint32_t i = 0; i < p->n && !e; i++)
		e = add(r, day, &p->goods[i], &t, why);
	for (uint32_t i = 0; i < t.n && !e; i++) {
		e = judge(r, p, &t.line[i]);
		if (!e && __builtin_add_overflow(t.total, t.line[i].minor, &t.total))
			e = ERR_LIMIT;
		t.declare = t.declare || t.line[i].declare;
	}
	if (e == ERR_LIMIT)
		fail(why, e, "the sum is larger than any that is paid");
	if (!e)
		*ret = t;
	return e;
}
