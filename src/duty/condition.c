#include "duty/condition.h"

#include "duty/quantity.h"

/* ---- documents ---- */

static bool document_is(const struct document *d, struct span code)
{
	return d->category.n + d->type.n == code.n && span_starts(code, d->category) &&
	       (d->type.n == 0 || memcmp(code.p + d->category.n, d->type.p, d->type.n) == 0);
}

static bool holds(const struct assess *s, const struct document *list, uint32_t n, struct span code)
{
	for (uint32_t i = 0; i < n; i++)
		if (document_is(&list[i], code) &&
		    (list[i].status.n == 0 ||
		     !ref_code(s->r, SPAN("document_absent"), list[i].status, s->day)))
			return true;
	return false;
}

bool condition_has_document(const struct assess *s, uint32_t i, struct span code)
{
	const struct goods_item *item = &s->items[i];

	return holds(s, item->documents.v, item->documents.n, code) ||
	       holds(s, s->d->documents.v, s->d->documents.n, code);
}

/* ---- comparisons ---- */

/* The limit's amount in national minor units, exact. false: no rate of exchange, which is a finding of its own. */
static bool limit_value(struct assess *s, uint32_t i, const struct duty_term *limit,
			struct ratio *ret)
{
	struct exchange x;

	*ret = ratio_multiply(ratio_decimal(limit->rate), ratio_of(decimal_power10(s->digits)));
	if (span_equal(limit->currency, s->currency))
		return true;
	if (!assess_rate(s, limit->currency, &s->items[i], &x))
		return false;
	*ret = ratio_divide(ratio_multiply(*ret, ratio_decimal(x.rate)), ratio_of(x.per));
	return true;
}

/* A comparison beyond 128 bits is never met: nobody is let off by an overflow. */
static bool compares(struct ratio value, enum condition_relation relation, struct ratio limit)
{
	struct ratio difference = ratio_subtract(value, limit);

	if (!difference.under)
		return false;
	switch (relation) {
	case AT_LEAST:
		return difference.over >= 0;
	case AT_MOST:
		return difference.over <= 0;
	case ABOVE:
		return difference.over > 0;
	case BELOW:
		return difference.over < 0;
	}
	return false;
}

static bool quantity_of(const struct assess *s, uint32_t i, const struct ref_measure *m,
			struct span unit, struct ratio *ret)
{
	struct duty_quantity q;

	if (!duty_quantity(s, i, m->levy->code, unit, &q) || q.number.units < 0)
		return false;
	*ret = ratio_decimal(q.number);
	if (q.converted)
		*ret = ratio_divide(ratio_multiply(*ret, ratio_decimal(q.times)),
				    ratio_decimal(q.per));
	return true;
}

static bool compares_value(struct assess *s, uint32_t i, const struct ref_condition *c,
			   int64_t value)
{
	struct ratio limit;

	return s->valued[i] && limit_value(s, i, &c->limit, &limit) &&
	       compares(ratio_of(value), c->relation, limit);
}

/* Customs value against the limit times the quantity, so that nothing is divided by a quantity of zero. */
static bool compares_price(struct assess *s, uint32_t i, const struct ref_measure *m,
			   const struct ref_condition *c)
{
	struct ratio limit, quantity;

	if (!s->valued[i] || !quantity_of(s, i, m, c->limit.unit, &quantity) ||
	    !limit_value(s, i, &c->limit, &limit))
		return false;
	limit = ratio_divide(ratio_multiply(limit, quantity), ratio_decimal(c->limit.per));
	return compares(ratio_of(s->ret->values[i].customs_value.minor), c->relation, limit);
}

static bool requests(const struct goods_item *item, struct span procedure)
{
	for (uint32_t k = 0; k < item->procedures.n; k++)
		if (span_equal(item->procedures.v[k].requested, procedure))
			return true;
	return false;
}

static bool is_met(struct assess *s, uint32_t i, const struct ref_measure *m,
		   const struct ref_condition *c)
{
	struct ratio quantity;

	switch (c->test) {
	case TEST_ALWAYS:
		return true;
	case TEST_DOCUMENT:
		return condition_has_document(s, i, c->operand);
	case TEST_PROCEDURE:
		return requests(&s->items[i], c->operand);
	case TEST_VALUE:
		return compares_value(s, i, c, s->ret->values[i].customs_value.minor);
	case TEST_CONSIGNMENT:
		return compares_value(s, i, c, s->ret->total_value.minor);
	case TEST_PRICE:
		return compares_price(s, i, m, c);
	case TEST_QUANTITY:
		return quantity_of(s, i, m, c->limit.unit, &quantity) &&
		       compares(quantity, c->relation, ratio_decimal(c->limit.rate));
	}
	return false;
}

/* ---- groups ---- */

/* Of the group that begins with c: the first condition that is met; NULL: none is. ret_next: where the next group begins. */
static const struct ref_condition *first_met(struct assess *s, uint32_t i,
					     const struct ref_measure *m,
					     const struct ref_condition *c,
					     const struct ref_condition **ret_next)
{
	const struct ref_condition *met = NULL;
	struct span group = c->group;

	for (; c && span_equal(c->group, group); c = c->next)
		if (!met && ref_holds(c->dates, s->day) && is_met(s, i, m, c))
			met = c;
	*ret_next = c;
	return met;
}

enum condition_outcome condition_judge(struct assess *s, uint32_t i, const struct ref_measure *m,
				       const struct duty_expression **ret_expression, bool *ret_met,
				       struct span *ret_group)
{
	const struct duty_expression *expression = NULL;
	enum condition_outcome outcome = OUTCOME_APPLIES;
	const struct ref_condition *next;
	bool applies = m->expression, asked = false;

	for (const struct ref_condition *c = m->conditions; c; c = next) {
		const struct ref_condition *met = first_met(s, i, m, c, &next);

		if (!met)
			continue;
		asked = asked || met->test != TEST_ALWAYS;
		if (met->action == CONDITION_EXEMPT) {
			outcome = OUTCOME_EXEMPT;
		} else if (met->action == CONDITION_REFUSED && outcome == OUTCOME_APPLIES) {
			outcome = OUTCOME_REFUSED;
			*ret_group = c->group;
		} else if (met->action == CONDITION_APPLY) {
			applies = true;
			if (!expression)
				expression = met->expression;
		}
	}
	*ret_expression = expression ? expression : m->expression;
	*ret_met = asked;
	if (outcome == OUTCOME_APPLIES && (!applies || !*ret_expression))
		return OUTCOME_EXEMPT;
	return outcome;
}
