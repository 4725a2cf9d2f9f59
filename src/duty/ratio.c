#include "duty/ratio.h"

static const struct ratio lost = {0, 0};

static struct ratio make(__int128 over, __int128 under)
{
	return (struct ratio){over, under};
}

struct ratio ratio_decimal(struct decimal d)
{
	return make(d.units, decimal_power10(d.scale));
}

/* Cancels the greatest common divisor. Costs 128-bit divisions, so only what would overflow is cancelled. */
static struct ratio cancel(struct ratio a)
{
	__int128 x = a.over < 0 ? -a.over : a.over, y = a.under;

	while (y) {
		__int128 rest = x % y;

		x = y;
		y = rest;
	}
	return make(a.over / x, a.under / x);
}

static bool try_multiply(struct ratio a, struct ratio b, struct ratio *ret)
{
	return !__builtin_mul_overflow(a.over, b.over, &ret->over) &&
	       !__builtin_mul_overflow(a.under, b.under, &ret->under);
}

struct ratio ratio_multiply(struct ratio a, struct ratio b)
{
	struct ratio product;

	if (!a.under || !b.under)
		return lost;
	if (try_multiply(a, b, &product))
		return product;
	/* across first: what a numerator shares with the other denominator */
	a = cancel(a);
	b = cancel(b);
	product = cancel(make(a.over, b.under));
	b = cancel(make(b.over, a.under));
	return try_multiply(make(product.over, b.under), make(b.over, product.under), &a) ? a
											  : lost;
}

struct ratio ratio_divide(struct ratio a, struct ratio b)
{
	BUG_ON(b.under && b.over <= 0);
	return b.under ? ratio_multiply(a, make(b.under, b.over)) : lost;
}

static bool try_add(struct ratio a, struct ratio b, struct ratio *ret)
{
	__int128 x, y;

	if (a.under == b.under) {
		ret->under = a.under;
		return !__builtin_add_overflow(a.over, b.over, &ret->over);
	}
	return !__builtin_mul_overflow(a.over, b.under, &x) &&
	       !__builtin_mul_overflow(b.over, a.under, &y) &&
	       !__builtin_add_overflow(x, y, &ret->over) &&
	       !__builtin_mul_overflow(a.under, b.under, &ret->under);
}

struct ratio ratio_add(struct ratio a, struct ratio b)
{
	struct ratio sum;

	if (!a.under || !b.under)
		return lost;
	if (try_add(a, b, &sum) || try_add(cancel(a), cancel(b), &sum))
		return sum;
	return lost;
}

static struct ratio negative(struct ratio a)
{
	__int128 over;

	return __builtin_sub_overflow((__int128)0, a.over, &over) ? lost : make(over, a.under);
}

struct ratio ratio_subtract(struct ratio a, struct ratio b)
{
	return ratio_add(a, negative(b));
}

struct ratio ratio_least(struct ratio a, struct ratio b)
{
	struct ratio difference = ratio_subtract(a, b);

	return !difference.under ? lost : difference.over <= 0 ? a : b;
}

struct ratio ratio_most(struct ratio a, struct ratio b)
{
	struct ratio difference = ratio_subtract(a, b);

	return !difference.under ? lost : difference.over >= 0 ? a : b;
}

/* Does the rule go one step further from zero? Compares the remainder with what it lacks to the divisor: twice it might
 * overflow. */
static bool rounds_away(__int128 rest, __int128 divisor, bool odd, enum rounding how)
{
	__int128 lack = divisor - rest;

	if (!rest)
		return false;
	switch (how) {
	case ROUND_HALF_UP:
		return rest >= lack;
	case ROUND_HALF_EVEN:
		return rest > lack || (rest == lack && odd);
	case ROUND_DOWN:
		return false;
	case ROUND_UP:
		return true;
	}
	return false;
}

enum err ratio_round(struct ratio a, enum rounding how, int64_t step, int64_t *ret)
{
	__int128 divisor, quotient, rest, value;

	if (!a.under || __builtin_mul_overflow(a.under, (__int128)step, &divisor))
		return ERR_LIMIT;
	quotient = a.over / divisor;
	rest = a.over % divisor;
	if (rounds_away(rest < 0 ? -rest : rest, divisor, quotient % 2 != 0, how))
		quotient += a.over < 0 ? -1 : 1;
	if (__builtin_mul_overflow(quotient, (__int128)step, &value) || value > INT64_MAX ||
	    value < INT64_MIN)
		return ERR_LIMIT;
	*ret = (int64_t)value;
	return ERR_NONE;
}
