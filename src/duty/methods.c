#include "duty/methods.h"

#include "duty/ratio.h"

enum { MILLION = 1000000, THOUSAND = 1000, RESALE_DAYS = 90 };

const char *value_obstacle_text(enum value_obstacle o)
{
	static const char *const texts[] = {
	    "it applies",
	    "there is no sale for export to the country (Art. 1.1)",
	    "restrictions on the buyer affect the value (Art. 1.1 (a))",
	    "the sale depends on a condition whose value cannot be told (Art. 1.1 (b))",
	    "proceeds of a later sale go to the seller, and nobody knows how much (Art. 1.1 (c))",
	    "buyer and seller are related, and nothing shows that the price stands (Art. 1.2)",
	    "no price is known",
	    "no value was accepted for such goods exported at about the same time (Art. 2, 3)",
	    "no sale in the country within 90 days is known (Art. 5)",
	    "the maker's costs are not known (Art. 6)",
	    "no value was found by reasonable means (Art. 7)",
	    "what is taken off is more than the price",
	    "the amounts are too large",
	};

	return texts[o];
}

static bool add_parts(const struct value_part *parts, uint32_t n, struct money *ret)
{
	*ret = (struct money){0};
	for (uint32_t i = 0; i < n; i++)
		if (parts[i].amount.minor < 0 || money_add(*ret, parts[i].amount, ret))
			return false;
	return true;
}

/* 1.2: what shows that the relation did not influence the price. */
static bool price_stands(const struct value_case *c)
{
	struct ratio least;

	if (!c->related || c->circumstances_examined)
		return true;
	if (c->test_value.minor <= 0)
		return false;
	least = ratio_divide(
	    ratio_multiply(ratio_of(c->test_value.minor), ratio_of(MILLION - c->test_close_ppm)),
	    ratio_of(MILLION));
	least = ratio_subtract(ratio_of(c->price.minor), least);
	return least.under && least.over >= 0;
}

/* Article 1 with the additions of Article 8 and what its note leaves out. */
static enum value_obstacle transaction(const struct value_case *c, struct value_outcome *ret)
{
	int64_t value;

	if (!c->sale_for_export)
		return OBSTACLE_NO_SALE;
	if (c->restricted)
		return OBSTACLE_RESTRICTED;
	if (c->condition_unknown)
		return OBSTACLE_CONDITION;
	if (c->proceeds_unknown)
		return OBSTACLE_PROCEEDS;
	if (!c->has_price)
		return OBSTACLE_NO_PRICE;
	if (!price_stands(c))
		return OBSTACLE_RELATED;
	if (!add_parts(c->addition, c->additions, &ret->added) ||
	    !add_parts(c->deduction, c->deductions, &ret->deducted) ||
	    __builtin_add_overflow(c->price.minor, ret->added.minor, &value) ||
	    __builtin_sub_overflow(value, ret->deducted.minor, &value))
		return OBSTACLE_LIMIT;
	if (value < 0)
		return OBSTACLE_NEGATIVE;
	ret->value.minor = value;
	return OBSTACLE_NONE;
}

/* A unit value, in millionths, times the quantity, in thousandths, with an adjustment. */
static bool of_units(const struct value_case *c, int64_t unit, int64_t adjustment_ppm,
		     enum rounding how, int64_t *ret)
{
	struct ratio v = ratio_multiply(ratio_of(unit), ratio_of(c->quantity));

	v = ratio_multiply(v, ratio_of(MILLION + adjustment_ppm));
	v = ratio_divide(v, ratio_of((int64_t)MILLION * THOUSAND));
	v = ratio_divide(v, ratio_of(MILLION));
	return !ratio_round(v, how, 1, ret);
}

static bool is_near(const struct value_case *c, const struct accepted_value *v)
{
	int64_t apart = (int64_t)v->exported - c->exported;

	return (apart < 0 ? -apart : apart) <= c->near_days;
}

/* The same producer goes before others, the same level and quantity before others that are adjusted. */
static uint32_t rank(const struct accepted_value *v)
{
	return (v->same_producer ? 2u : 0u) + (v->same_level ? 1u : 0u);
}

/* Articles 2 and 3: of several values the lowest (2.3, 3.3). */
static enum value_obstacle goods_before(const struct value_case *c, bool identical,
					enum rounding how, struct value_outcome *ret)
{
	const struct accepted_value *best = NULL;
	int64_t least = 0;

	if (c->quantity <= 0)
		return OBSTACLE_NO_GOODS;
	for (uint32_t i = 0; i < c->accepted_count; i++) {
		const struct accepted_value *v = &c->accepted[i];
		int64_t value;

		if (v->identical != identical || !is_near(c, v) || (best && rank(v) < rank(best)))
			continue;
		if (!of_units(c, v->unit_value.minor, v->adjustment_ppm, how, &value))
			return OBSTACLE_LIMIT;
		if (best && rank(v) == rank(best) &&
		    (value > least ||
		     (value == least && span_compare(v->reference, best->reference) >= 0)))
			continue;
		best = v;
		least = value;
	}
	if (!best)
		return OBSTACLE_NO_GOODS;
	if (least < 0)
		return OBSTACLE_NEGATIVE;
	ret->value.minor = least;
	ret->basis = best->reference;
	return OBSTACLE_NONE;
}

static enum value_obstacle deductive(const struct value_case *c, enum rounding how,
				     struct value_outcome *ret)
{
	int64_t value;

	if (!c->has_resale || c->resale_after_days > RESALE_DAYS || c->quantity <= 0)
		return OBSTACLE_NO_RESALE;
	if (!add_parts(c->resale_deduction, c->resale_deductions, &ret->deducted) ||
	    !of_units(c, c->resale_unit.minor, 0, how, &value) ||
	    __builtin_sub_overflow(value, ret->deducted.minor, &value))
		return OBSTACLE_LIMIT;
	if (value < 0)
		return OBSTACLE_NEGATIVE;
	ret->value.minor = value;
	return OBSTACLE_NONE;
}

static enum value_obstacle computed(const struct value_case *c, struct value_outcome *ret)
{
	struct money sum = c->materials;

	if (!c->has_costs)
		return OBSTACLE_NO_COSTS;
	if (money_add(sum, c->processing, &sum) || money_add(sum, c->profit, &sum) ||
	    money_add(sum, c->other, &sum))
		return OBSTACLE_LIMIT;
	if (sum.minor < 0)
		return OBSTACLE_NEGATIVE;
	ret->value = sum;
	return OBSTACLE_NONE;
}

static enum value_obstacle try_method(const struct value_case *c, enum value_method m,
				      enum rounding how, struct value_outcome *ret)
{
	ret->added = ret->deducted = (struct money){0};
	switch (m) {
	case METHOD_TRANSACTION:
		return transaction(c, ret);
	case METHOD_IDENTICAL:
		return goods_before(c, true, how, ret);
	case METHOD_SIMILAR:
		return goods_before(c, false, how, ret);
	case METHOD_DEDUCTIVE:
		return deductive(c, how, ret);
	case METHOD_COMPUTED:
		return computed(c, ret);
	case METHOD_FALL_BACK:
		break;
	}
	if (!c->has_fall_back || c->fall_back.minor < 0)
		return OBSTACLE_NO_AGREEMENT;
	ret->value = c->fall_back;
	return OBSTACLE_NONE;
}

void value_by_methods(const struct value_case *c, enum rounding how, struct value_outcome *ret)
{
	static const enum value_method order[2][METHODS] = {
	    {METHOD_TRANSACTION, METHOD_IDENTICAL, METHOD_SIMILAR, METHOD_DEDUCTIVE,
	     METHOD_COMPUTED, METHOD_FALL_BACK},
	    {METHOD_TRANSACTION, METHOD_IDENTICAL, METHOD_SIMILAR, METHOD_COMPUTED,
	     METHOD_DEDUCTIVE, METHOD_FALL_BACK}};

	*ret = (struct value_outcome){.attempts = 0};
	for (uint32_t i = 0; i < METHODS; i++) {
		enum value_method m = order[c->swap][i];
		enum value_obstacle o = try_method(c, m, how, ret);

		ret->attempt[ret->attempts++] = (struct value_attempt){m, o};
		if (o == OBSTACLE_NONE) {
			ret->method = m;
			return;
		}
	}
	ret->value = (struct money){0};
}
