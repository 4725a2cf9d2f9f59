/* What the declarant computed, beside what we did: never used, only compared. */
#include "duty/assess.h"

static struct span decimal_text(struct assess *s, struct decimal d)
{
	struct text t = text_in(s->arena);

	decimal_write(&t, d);
	return text_as_span(&t);
}

static const struct amount *claimed_amount(const struct duty_line *line)
{
	return line->assessed.value.set ? &line->assessed : &line->payable;
}

/* Our amounts of one levy on item i, and what of them is due. */
static void sum_ours(const struct assess *s, uint32_t i, struct span levy, int64_t *ret_amount,
		     int64_t *ret_due)
{
	const struct charge_line *lines = &s->lines[(size_t)i * s->levy_count];

	*ret_amount = *ret_due = 0;
	for (uint32_t l = 0; l < s->levy_count; l++) {
		if (!lines[l].assessed || !span_equal(s->levies[l].code, levy))
			continue;
		/* dated rows of one levy do not overlap: there is one */
		*ret_amount += assess_amount(&lines[l]);
		if (lines[l].state == TAX_DUE)
			*ret_due += assess_amount(&lines[l]);
	}
}

static bool named_before(const struct commodity *goods, uint32_t k)
{
	for (uint32_t i = 0; i < k; i++)
		if (span_equal(goods->duties.v[i].type, goods->duties.v[k].type) &&
		    claimed_amount(&goods->duties.v[i])->value.set)
			return true;
	return false;
}

/* One levy may be declared in several lines, one for each way of paying. */
static void compare_levy(struct assess *s, uint32_t i, uint32_t first)
{
	const struct commodity *goods = &s->items[i].commodity;
	struct span levy = goods->duties.v[first].type;
	int64_t theirs = 0, minor, amount, due;

	for (uint32_t k = first; k < goods->duties.n; k++) {
		const struct duty_line *line = &goods->duties.v[k];
		const struct amount *a = claimed_amount(line);

		if (!span_equal(line->type, levy) || !a->value.set)
			continue;
		if (!assess_exchange(s, a, NULL, NULL, &minor) ||
		    __builtin_add_overflow(theirs, minor, &theirs))
			return;
	}
	sum_ours(s, i, levy, &amount, &due);
	if (theirs != amount && theirs != due)
		assess_find(s, FINDING_DUTY_DECLARED_DIFFERS,
			    claimed_amount(&goods->duties.v[first]), levy,
			    assess_money_text(s, theirs), assess_money_text(s, due));
}

static void compare_lines(struct assess *s, uint32_t i)
{
	const struct commodity *goods = &s->items[i].commodity;

	for (uint32_t k = 0; k < goods->duties.n; k++) {
		const struct duty_line *line = &goods->duties.v[k];

		if (line->type.n && claimed_amount(line)->value.set && !named_before(goods, k))
			compare_levy(s, i, k);
	}
}

/* The pack's rate is rate / per; the declarant gives one for one unit. */
static void compare_rate(struct assess *s, const struct exchange_rate *declared)
{
	struct exchange ours;
	__int128 left, right;

	if (!declared->rate.set || !declared->currency.n ||
	    !assess_rate(s, declared->currency, NULL, &ours))
		return;
	left = (__int128)declared->rate.units * ours.per;
	right = ours.rate.units;
	if (__builtin_mul_overflow(left, (__int128)decimal_power10(ours.rate.scale), &left) ||
	    __builtin_mul_overflow(right, (__int128)decimal_power10(declared->rate.scale),
				   &right) ||
	    left != right)
		assess_find(s, FINDING_DUTY_RATE_DIFFERS, &declared->rate, declared->currency,
			    decimal_text(s, declared->rate), decimal_text(s, ours.rate));
}

void assess_compare(struct assess *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->valued[i])
			compare_lines(s, i);
	for (uint32_t k = 0; k < s->d->exchange_rates.n; k++)
		compare_rate(s, &s->d->exchange_rates.v[k]);
}
