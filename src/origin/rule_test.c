#include "origin/rule_test.h"

#include "base/limits.h"

enum {
	SCALE = 6,           /* of amounts: millionths */
	TEXTILES_FROM = '5', /* chapters 50 to 63 */
	CHAPTER_DIGITS = 2,
};

static struct rule_outcome plain(enum origin_truth truth)
{
	return (struct rule_outcome){.truth = truth};
}

static struct rule_outcome ask(enum origin_question q)
{
	return (struct rule_outcome){.truth = ORIGIN_OPEN, .question = q};
}

bool origin_amount_sound(struct decimal d)
{
	return d.set && d.units >= 0 && d.scale <= SCALE &&
	       decimal_compare(d, decimal_of(INT64_C(1000000000000), 0)) <= 0;
}

static __int128 millionths(struct decimal d)
{
	BUG_ON(!origin_amount_sound(d));
	return (__int128)d.units * decimal_power10(SCALE - d.scale);
}

/* part <= percent of whole. Both are below 2 * 10^20, a per cent has four decimals: all fits 128 bits. */
static bool at_most(__int128 part, struct decimal percent, __int128 whole)
{
	return part * 100 * decimal_power10(percent.scale) <= whole * percent.units;
}

static bool at_least(__int128 part, struct decimal percent, __int128 whole)
{
	return part * 100 * decimal_power10(percent.scale) >= whole * percent.units;
}

bool rule_allows_cumulation(const struct rule_case *c, struct span country)
{
	const struct ref_agreement *g = c->agreement;
	int32_t day = c->facts->day;

	if (!country.n || g->cumulation < CUMULATION_BILATERAL)
		return false;
	if (span_equal(country, c->facts->country) || span_equal(country, ref_country(c->ref)))
		return true;
	return g->cumulation >= CUMULATION_DIAGONAL &&
	       (ref_area_has(c->ref, g->area, country, day) ||
		(g->with.n && ref_area_has(c->ref, g->with, country, day)));
}

static bool is_claimed(const struct origin_facts *f, struct span country)
{
	if (!f->cumulation_told)
		return true;
	for (uint32_t i = 0; i < f->cumulations; i++)
		if (span_equal(f->cumulated[i], country))
			return true;
	return false;
}

bool rule_counts_as_originating(const struct rule_case *c, const struct origin_material *m)
{
	const struct origin_facts *f = c->facts;
	bool here = !m->country.n || span_equal(m->country, f->country);

	if (m->originates && here)
		return true;
	/* full: what was done there counts too, and not only what originates there */
	return rule_allows_cumulation(c, m->country) && (here || is_claimed(f, m->country)) &&
	       (m->originates || c->agreement->cumulation == CUMULATION_FULL);
}

/* ---- sums over materials ---- */

struct sum {
	__int128 value, weight;
	uint32_t n;
	bool unweighed; /* one of them has no weight */
};

static void add(struct sum *s, const struct origin_material *m)
{
	s->value += millionths(m->value);
	if (m->weight.set)
		s->weight += millionths(m->weight);
	else
		s->unweighed = true;
	s->n++;
}

/* Materials of the codes (NULL: all) that originate or do not. */
static struct sum sum_of(const struct rule_case *c, const struct origin_codes *codes,
			 bool originating)
{
	const struct origin_facts *f = c->facts;
	struct sum s = {0};

	for (uint32_t i = 0; i < f->materials; i++)
		if (rule_counts_as_originating(c, &f->material[i]) == originating &&
		    (!codes || origin_codes_have(codes, f->material[i].commodity)))
			add(&s, &f->material[i]);
	return s;
}

static struct rule_outcome compared(bool met, __int128 part, struct decimal percent, __int128 whole)
{
	return (struct rule_outcome){.truth = met ? ORIGIN_YES : ORIGIN_NO,
				     .counted = true,
				     .part = part,
				     .whole = whole,
				     .percent = percent};
}

static struct decimal price_of(const struct origin_facts *f, enum origin_basis basis)
{
	return basis == BASIS_FOB ? f->fob : f->ex_works;
}

static struct rule_outcome value_at_most(const struct rule_case *c, __int128 part,
					 struct decimal percent, enum origin_basis basis)
{
	struct decimal price = price_of(c->facts, basis);
	__int128 whole;

	if (!part) /* nothing is at most any per cent of any price */
		return plain(ORIGIN_YES);
	if (!price.set)
		return ask(basis == BASIS_FOB ? QUESTION_FOB : QUESTION_EX_WORKS);
	whole = millionths(price);
	return compared(at_most(part, percent, whole), part, percent, whole);
}

static struct rule_outcome weight_at_most(const struct rule_case *c, const struct sum *s,
					  struct decimal percent)
{
	struct rule_outcome o;

	if (!s->n)
		return plain(ORIGIN_YES);
	if (s->unweighed || !c->facts->weight.set)
		return ask(QUESTION_WEIGHTS);
	o = compared(at_most(s->weight, percent, millionths(c->facts->weight)), s->weight, percent,
		     millionths(c->facts->weight));
	o.weighed = true;
	return o;
}

/* ---- the conditions ---- */

static struct rule_outcome test_wholly(const struct rule_case *c, const struct origin_node *n)
{
	const struct origin_facts *f = c->facts;

	if (!n->codes) /* goods that are wholly obtained need no rule: origin.c */
		return f->wholly_obtained == ANSWER_NONE && !f->materials_told
			   ? ask(QUESTION_WHOLLY_OBTAINED)
			   : plain(ORIGIN_NO);
	if (!f->materials_told)
		return ask(QUESTION_MATERIALS);
	for (uint32_t i = 0; i < f->materials; i++)
		if (origin_codes_have(n->codes, f->material[i].commodity) &&
		    !(f->material[i].wholly_obtained &&
		      rule_counts_as_originating(c, &f->material[i])))
			return plain(ORIGIN_NO);
	return plain(ORIGIN_YES);
}

static bool is_textile(struct span commodity)
{
	char ten = commodity.p[0];

	return ten == TEXTILES_FROM || (ten == '6' && commodity.p[1] <= '3');
}

/* Materials that lack the change may still be few enough: by weight for textiles, by value for all else. */
static struct rule_outcome tolerate(const struct rule_case *c, const struct sum *s)
{
	const struct ref_agreement *g = c->agreement;
	bool textile = is_textile(c->facts->commodity);
	struct decimal percent = textile ? g->textile_tolerance : g->tolerance;
	struct rule_outcome o;

	if (!percent.set)
		return plain(ORIGIN_NO);
	o = textile ? weight_at_most(c, s, percent)
		    : value_at_most(c, s->value, percent, BASIS_EX_WORKS);
	o.tolerated = o.truth == ORIGIN_YES;
	return o;
}

static struct rule_outcome test_change(const struct rule_case *c, const struct origin_node *n)
{
	const struct origin_facts *f = c->facts;
	struct sum allowed = {0}, failing = {0};
	struct span level = {f->commodity.p, n->level, 0};
	struct rule_outcome o = plain(ORIGIN_YES), within;

	if (!f->materials_told)
		return ask(QUESTION_MATERIALS);
	for (uint32_t i = 0; i < f->materials; i++) {
		const struct origin_material *m = &f->material[i];
		bool same = span_starts(m->commodity, level);
		bool excepted = origin_codes_have(n->codes, m->commodity);

		if (rule_counts_as_originating(c, m) || (!same && !excepted))
			continue;
		add(n->percent.set && !excepted ? &allowed : &failing, m);
	}
	if (failing.n)
		o = tolerate(c, &failing);
	if (!allowed.n || o.truth == ORIGIN_NO)
		return o;
	within = value_at_most(c, allowed.value, n->percent, n->basis);
	return within.truth < o.truth || o.truth == ORIGIN_YES ? within : o;
}

static struct rule_outcome test_content(const struct rule_case *c, const struct origin_node *n)
{
	const struct origin_facts *f = c->facts;
	bool net = n->content == CONTENT_NET_COST, up = n->content == CONTENT_BUILD_UP;
	struct decimal price = net ? f->net_cost : price_of(f, n->basis);
	__int128 whole, part;

	if (!f->materials_told)
		return ask(QUESTION_MATERIALS);
	part = sum_of(c, n->content == CONTENT_FOCUSED ? n->codes : NULL, up).value;
	if (!part && !up) /* all of any price is left */
		return plain(ORIGIN_YES);
	if (!price.set)
		return ask(net                     ? QUESTION_NET_COST
			   : n->basis == BASIS_FOB ? QUESTION_FOB
						   : QUESTION_EX_WORKS);
	whole = millionths(price);
	if (!up)
		part = whole - part;
	return compared(at_least(part, n->percent, whole), part, n->percent, whole);
}

static struct rule_outcome test_process(const struct rule_case *c, const struct origin_node *n)
{
	const struct origin_facts *f = c->facts;
	struct rule_outcome o = ask(QUESTION_PROCESS);

	for (uint32_t i = 0; i < f->processes; i++)
		if (span_equal(f->process[i].code, n->process))
			return plain(f->process[i].done ? ORIGIN_YES : ORIGIN_NO);
	o.process = n->process;
	return o;
}

struct rule_outcome rule_test(const struct rule_case *c, const struct origin_node *n)
{
	struct sum s;

	switch (n->test) {
	case ORIGIN_ANY_OF:
	case ORIGIN_ALL_OF:
		return plain(rule_truth(c, n));
	case ORIGIN_WHOLLY:
		return test_wholly(c, n);
	case ORIGIN_CHANGE:
		return test_change(c, n);
	case ORIGIN_MAX_VALUE:
		if (!c->facts->materials_told)
			return ask(QUESTION_MATERIALS);
		return value_at_most(c, sum_of(c, n->codes, false).value, n->percent, n->basis);
	case ORIGIN_MAX_WEIGHT:
		if (!c->facts->materials_told)
			return ask(QUESTION_MATERIALS);
		s = sum_of(c, n->codes, false);
		return weight_at_most(c, &s, n->percent);
	case ORIGIN_CONTENT:
		return test_content(c, n);
	case ORIGIN_PROCESS:
		return test_process(c, n);
	case ORIGIN_FREELY:
		return plain(ORIGIN_YES);
	}
	BUG_ON(true);
	return plain(ORIGIN_NO);
}

enum origin_truth rule_truth(const struct rule_case *c, const struct origin_node *n)
{
	bool any = n->test == ORIGIN_ANY_OF;
	enum origin_truth all = any ? ORIGIN_NO : ORIGIN_YES;

	if (!any && n->test != ORIGIN_ALL_OF)
		return rule_test(c, n).truth;
	for (const struct origin_node *k = n->child; k; k = k->next) {
		enum origin_truth t = rule_truth(c, k);

		if (any ? t > all : t < all)
			all = t;
	}
	return all;
}
