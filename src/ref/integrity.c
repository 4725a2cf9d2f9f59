#include "ref/integrity.h"

#include <stdlib.h>

#include "ref/refset.h"

const struct integrity_text integrity_texts[INTEGRITY_RULES] = {
#define INTEGRITY(id, name, severity, origin, text)                                                \
	[RULE_##id] = {name, origin, text, INTEGRITY_##severity},
#include "ref/integrity.def"
#undef INTEGRITY
};

enum { PERCENT_MOST = 3000, AMOUNT_MOST = 1000000000 };

struct checking {
	struct arena *arena;
	const struct refset *set;
	struct integrity *to;
	struct map declarable; /* codes at or below which something can be declared */
	struct map areas; /* "area from to" -> yes or no: the answer is asked again and again */
};

/* Nothing is read through them. */
static const char yes[] = "yes", no[] = "no";

static void broken(struct checking *c, enum integrity_rule rule, const char *file, uint32_t line,
		   struct span what)
{
	if (c->to->broken[rule]++ < INTEGRITY_SHOWN)
		pack_fault(&c->to->faults, span_of(file), line, 0, integrity_texts[rule].name,
			   "%.*s: %s", SPAN_ARG(what), integrity_texts[rule].text);
}

static void broken_measure(struct checking *c, enum integrity_rule rule,
			   const struct ref_measure *m)
{
	broken(c, rule, "measures.csv", m->id.line, m->id);
}

/* ---- validity contained ---- */

/* The last day to which the rows of a chain that hold on a day reach; INT32_MIN: none holds. */
#define REACH(name, type)                                                                          \
	static int32_t name(const void *chain, int32_t day)                                        \
	{                                                                                          \
		int32_t to = INT32_MIN;                                                            \
                                                                                                   \
		for (const type *x = chain; x; x = x->next)                                        \
			if (ref_holds(x->dates, day) && x->dates.to > to)                          \
				to = x->dates.to;                                                  \
		return to;                                                                         \
	}
REACH(reach_commodity, struct ref_commodity)
REACH(reach_code, struct ref_code)
REACH(reach_type, struct ref_measure_type)
REACH(reach_term, struct term)

static int32_t reach_area(const void *area, int32_t day)
{
	const struct map *members = &((const struct area *)area)->members;
	int32_t to = INT32_MIN;

	for (uint32_t i = 0; i < members->size; i++) {
		int32_t one =
		    members->slots[i].value ? reach_term(members->slots[i].value, day) : INT32_MIN;

		if (one > to)
			to = one;
	}
	return to;
}

static bool contained(struct ref_dates want, const void *chain,
		      int32_t (*reach)(const void *chain, int32_t day))
{
	int32_t day = want.from;

	for (;;) {
		int32_t to = chain ? reach(chain, day) : INT32_MIN;

		if (to < day)
			return false;
		if (to >= want.to)
			return true;
		day = to + 1;
	}
}

static bool levy_contains(const struct refset *s, const struct ref_measure *m)
{
	int32_t day = m->dates.from;

	for (;;) {
		int32_t to = INT32_MIN;

		for (uint32_t i = 0; i < s->levy_count; i++)
			if (span_equal(s->levies[i].code, m->levy->code) &&
			    ref_holds(s->levies[i].dates, day) && s->levies[i].dates.to > to)
				to = s->levies[i].dates.to;
		if (to < day)
			return false;
		if (to >= m->dates.to)
			return true;
		day = to + 1;
	}
}

static const struct ref_code *country(const struct refset *s, struct span code)
{
	const struct code_list *list = map_get(&s->lists, SPAN("country"));
	const struct code_row *row = list ? map_get(&list->codes, code) : NULL;

	return row ? &row->code : NULL;
}

static bool area_holds(struct checking *c, struct span name, struct ref_dates dates)
{
	const struct area *group = map_get(&c->set->areas, name);
	struct span key;
	const char *known;

	if (span_is(name, "*"))
		return true;
	if (!group)
		return contained(dates, country(c->set, name), reach_code);
	key = span_of(arena_print(c->arena, "%.*s %d %d", SPAN_ARG(name), dates.from, dates.to));
	known = map_get(&c->areas, key);
	if (!known) {
		known = contained(dates, group, reach_area) ? yes : no;
		map_put(&c->areas, key, (void *)(uintptr_t)known);
	}
	return known == yes;
}

/* ---- expressions ---- */

static bool same_kind(const struct duty_term *a, const struct duty_term *b)
{
	return a->kind == b->kind && span_equal(a->currency, b->currency) &&
	       span_equal(a->unit, b->unit) && span_equal(a->by, b->by);
}

static bool term_twice(const struct duty_term *t, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < i; j++)
			if (same_kind(&t[i], &t[j]))
				return true;
	return false;
}

static bool term_absurd(const struct duty_term *t, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		bool amount = t[i].kind == DUTY_PER_UNIT || t[i].kind == DUTY_FIXED ||
			      t[i].kind == DUTY_PER_DECLARATION;
		int64_t most = amount ? AMOUNT_MOST : PERCENT_MOST;

		if (t[i].kind != DUTY_COMPONENT &&
		    decimal_compare(t[i].rate, decimal_of(most, 0)) > 0)
			return true;
	}
	return false;
}

/* Bounds of one term each, of the same kind and for the same number of units. */
static bool bounds_crossed(const struct duty_expression *e)
{
	return e->mins == 1 && e->maxes == 1 && same_kind(&e->min[0], &e->max[0]) &&
	       (e->min[0].kind != DUTY_PER_UNIT ||
		!decimal_compare(e->min[0].per, e->max[0].per)) &&
	       decimal_compare(e->min[0].rate, e->max[0].rate) > 0;
}

static void check_expression(struct checking *c, const struct ref_measure *m,
			     const struct duty_expression *e)
{
	if (term_twice(e->sum, e->terms) || term_twice(e->min, e->mins) ||
	    term_twice(e->max, e->maxes))
		broken_measure(c, RULE_EXPRESSION_TWICE, m);
	if (term_absurd(e->sum, e->terms) || term_absurd(e->min, e->mins) ||
	    term_absurd(e->max, e->maxes))
		broken_measure(c, RULE_RATE_ABSURD, m);
	if (bounds_crossed(e))
		broken_measure(c, RULE_EXPRESSION_BOUNDS, m);
}

/* ---- measures ---- */

static bool is_member(const struct area *group, struct span name, struct ref_dates dates)
{
	return contained(dates, map_get(&group->members, name), reach_term);
}

/* A group that is excluded has its members in the group. */
static bool all_members(const struct area *group, const struct area *excluded,
			struct ref_dates dates)
{
	for (uint32_t i = 0; i < excluded->members.size; i++) {
		const struct map_slot *s = &excluded->members.slots[i];

		if (s->value && contained(dates, s->value, reach_term) &&
		    !is_member(group, s->key, dates))
			return false;
	}
	return true;
}

static void check_exclusions(struct checking *c, const struct ref_measure *m)
{
	const struct area *group = map_get(&c->set->areas, m->area);
	struct span rest = m->exclude;

	if (rest.n && !group && !span_is(m->area, "*")) {
		broken_measure(c, RULE_EXCLUSION_COUNTRY, m);
		return;
	}
	while (group && rest.n) {
		struct span word = span_cut(&rest, ' ');
		const struct area *excluded = map_get(&c->set->areas, word);

		if (!word.n)
			continue;
		if (excluded ? !all_members(group, excluded, m->dates)
			     : !is_member(group, word, m->dates)) {
			broken_measure(c, RULE_EXCLUSION_MEMBER, m);
			return;
		}
	}
}

static void check_type(struct checking *c, const struct ref_measure *m)
{
	const struct ref_measure_type *t = map_get(&c->set->measure_types, m->type);

	if (!t)
		return;
	if (!contained(m->dates, t, reach_type))
		broken_measure(c, RULE_MEASURE_TYPE, m);
	if (t->explosion && m->commodity.n > t->explosion)
		broken_measure(c, RULE_MEASURE_EXPLOSION, m);
}

static bool same_selection(const struct ref_measure *a, const struct ref_measure *b)
{
	return span_equal(a->levy->code, b->levy->code) && span_equal(a->area, b->area) &&
	       span_equal(a->exclude, b->exclude) && span_equal(a->preference, b->preference) &&
	       span_equal(a->procedure, b->procedure) && span_equal(a->document, b->document) &&
	       span_equal(a->additional, b->additional) && span_equal(a->quota, b->quota) &&
	       a->known == b->known;
}

/* The nearest code above that has such a measure for all of these days: does it say the same? One with conditions says something
 * else to everybody. */
static bool repeats(const struct refset *s, const struct ref_measure *m)
{
	struct span code = m->commodity;

	while (code.n && !m->conditions) {
		const struct measure_chain *chain;

		code.n -= 2;
		chain = map_get(&s->measures, code);
		for (const struct ref_measure *x = chain ? chain->first : NULL; x; x = x->next)
			if (!x->conditions && same_selection(x, m) &&
			    x->dates.from <= m->dates.from && x->dates.to >= m->dates.to)
				return x->expression && m->expression &&
				       span_equal(x->expression->text, m->expression->text);
	}
	return false;
}

static bool has_two_rates(const struct ref_measure *m)
{
	for (const struct ref_condition *x = m->conditions; m->expression && x; x = x->next)
		if (x->expression)
			return true;
	return false;
}

static void check_measure(struct checking *c, const struct ref_measure *m)
{
	const struct refset *s = c->set;

	if (!levy_contains(s, m))
		broken_measure(c, RULE_MEASURE_LEVY, m);
	if (m->commodity.n &&
	    !contained(m->dates, map_get(&s->commodities, m->commodity), reach_commodity))
		broken_measure(c, RULE_MEASURE_COMMODITY, m);
	else if (m->commodity.n && !map_get(&c->declarable, m->commodity))
		broken_measure(c, RULE_MEASURE_DECLARABLE, m);
	if (!area_holds(c, m->area, m->dates))
		broken_measure(c, RULE_MEASURE_AREA, m);
	if (m->regulation.n && s->regulations.count &&
	    !contained(m->dates, map_get(&s->regulations, m->regulation), reach_code))
		broken_measure(c, RULE_MEASURE_REGULATION, m);
	check_type(c, m);
	check_exclusions(c, m);
	if (has_two_rates(m))
		broken_measure(c, RULE_MEASURE_CONDITIONS, m);
	if (m->expression)
		check_expression(c, m, m->expression);
	for (const struct ref_condition *x = m->conditions; x; x = x->next)
		if (x->expression)
			check_expression(c, m, x->expression);
	if (repeats(s, m))
		broken_measure(c, RULE_MEASURE_REPEATS, m);
}

/* ---- nomenclature ---- */

/* The next shorter code that stands in the nomenclature holds as long. */
static bool has_parent(const struct refset *s, const struct ref_commodity *x)
{
	struct span code = x->code;

	while (code.n > 2) {
		const struct ref_commodity *above;

		code.n -= 2;
		above = map_get(&s->commodities, code);
		if (above)
			return contained(x->dates, above, reach_commodity);
	}
	return x->code.n == 2;
}

static bool note_declarable(void *context, const struct ref_commodity *x)
{
	struct checking *c = context;
	struct span code = x->code;

	while (x->declarable && code.n >= 2) {
		map_put(&c->declarable, code, c);
		code.n -= 2;
	}
	return true;
}

static bool check_commodity(void *context, const struct ref_commodity *x)
{
	struct checking *c = context;

	if (!has_parent(c->set, x))
		broken(c, RULE_COMMODITY_VALIDITY, "nomenclature.csv", x->code.line, x->code);
	if (!map_get(&c->declarable, x->code))
		broken(c, RULE_COMMODITY_DECLARABLE, "nomenclature.csv", x->code.line, x->code);
	return true;
}

static void check_permits(struct checking *c)
{
	const struct map *permits = &c->set->permits;

	for (uint32_t i = 0; i < permits->size; i++) {
		const struct permit_chain *chain = permits->slots[i].value;

		for (const struct ref_permit *p = chain ? chain->first : NULL; p; p = p->next)
			if (p->commodity.n &&
			    !contained(p->dates, map_get(&c->set->commodities, p->commodity),
				       reach_commodity))
				broken(c, RULE_PERMIT_COMMODITY, "permits.csv", p->document.line,
				       p->document);
	}
}

static const struct ref_quota *parent_of(const struct refset *s, const struct ref_quota *q)
{
	const struct ref_quota *p = map_get(&s->quota_periods, q->parent);

	while (p && (p->dates.from > q->dates.from || p->dates.to < q->dates.to))
		p = p->next;
	return p;
}

static void check_quotas(struct checking *c)
{
	for (const struct ref_quota *q = c->set->first_quota; q; q = q->following) {
		const struct ref_quota *p = q->parent.n ? parent_of(c->set, q) : NULL;

		if (q->parent.n && !p)
			broken(c, RULE_QUOTA_PARENT, "quotas.csv", q->line, q->order);
		else if (p &&
			 (__int128)q->volume * q->coefficient > (__int128)p->volume * QUOTA_MILLION)
			broken(c, RULE_QUOTA_VOLUME, "quotas.csv", q->line, q->order);
	}
}

/* Rows are looked at in no order that means anything. */
static int by_rule_and_line(const void *a, const void *b)
{
	const struct pack_fault *x = a, *y = b;
	int rule = strcmp(x->rule, y->rule);

	if (rule || x->line == y->line)
		return rule ? rule : strcmp(x->text, y->text);
	return x->line < y->line ? -1 : 1;
}

void ref_integrity(struct arena *a, const struct refset *r, struct integrity *ret)
{
	struct checking c = {.arena = a, .set = r, .to = ret};

	*ret = (struct integrity){.faults = {.arena = a}};
	c.declarable = c.areas = map_in(a);
	ref_each_commodity(r, note_declarable, &c);
	ref_each_commodity(r, check_commodity, &c);
	for (uint32_t i = 0; i < r->measures.size; i++) {
		const struct measure_chain *chain = r->measures.slots[i].value;

		for (const struct ref_measure *m = chain ? chain->first : NULL; m; m = m->next)
			check_measure(&c, m);
	}
	check_permits(&c);
	check_quotas(&c);
	if (ret->faults.list.n)
		qsort(ret->faults.list.v, ret->faults.list.n, sizeof(*ret->faults.list.v),
		      by_rule_and_line);
}

bool integrity_refuses(const struct integrity *i)
{
	for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++)
		if (i->broken[r] && integrity_texts[r].severity == INTEGRITY_ERROR)
			return true;
	return false;
}
