#include "base/money.h"

enum err money_add(struct money a, struct money b, struct money *ret)
{
	return __builtin_add_overflow(a.minor, b.minor, &ret->minor) ? ERR_LIMIT : ERR_NONE;
}

enum err money_subtract(struct money a, struct money b, struct money *ret)
{
	return __builtin_sub_overflow(a.minor, b.minor, &ret->minor) ? ERR_LIMIT : ERR_NONE;
}

static enum err divide(__int128 value, __int128 divisor, enum rounding how, int64_t *ret)
{
	__int128 quotient = value / divisor, rest = value % divisor;

	if (rest) {
		__int128 twice = (rest < 0 ? -rest : rest) * 2;
		bool up = false;

		switch (how) {
		case ROUND_HALF_UP:
			up = twice >= divisor;
			break;
		case ROUND_HALF_EVEN:
			up = twice > divisor || (twice == divisor && quotient % 2 != 0);
			break;
		case ROUND_DOWN:
			break;
		case ROUND_UP:
			up = true;
			break;
		}
		if (up)
			quotient += value < 0 ? -1 : 1;
	}
	if (quotient > INT64_MAX || quotient < INT64_MIN)
		return ERR_LIMIT;
	*ret = (int64_t)quotient;
	return ERR_NONE;
}

enum err mul_div(int64_t value, int64_t numerator, int64_t denominator, enum rounding how,
		 int64_t *ret)
{
	BUG_ON(denominator <= 0);
	return divide((__int128)value * numerator, denominator, how, ret);
}

enum err money_multiply(struct decimal amount, struct decimal rate, unsigned digits,
			enum rounding how, struct money *ret)
{
	__int128 product = (__int128)amount.units * rate.units;
	unsigned scale = (unsigned)amount.scale + rate.scale;

	if (scale <= digits) {
		if (__builtin_mul_overflow(product, decimal_power10(digits - scale), &product))
			return ERR_LIMIT;
		return divide(product, 1, how, &ret->minor);
	}
	if (scale - digits > 18)
		return ERR_LIMIT;
	return divide(product, decimal_power10(scale - digits), how, &ret->minor);
}

enum err money_rate(struct money m, struct decimal rate, enum rounding how, struct money *ret)
{
	return mul_div(m.minor, rate.units, decimal_power10(rate.scale), how, &ret->minor);
}

enum err money_from_decimal(struct decimal d, unsigned digits, enum rounding how, struct money *ret)
{
	struct decimal at;
	enum err e = decimal_rescale(d, (uint8_t)digits, how, &at);

	if (!e)
		ret->minor = at.units;
	return e;
}

struct decimal money_to_decimal(struct money m, unsigned digits)
{
	return decimal_of(m.minor, (uint8_t)digits);
}

/* The share with the largest remainder that has not yet been given a unit; the earlier wins among equals. */
static uint32_t largest_remainder(struct money total, const int64_t *weights, int64_t sum,
				  uint32_t n, const struct money *share)
{
	uint32_t best = n;
	__int128 best_rest = -1;

	for (uint32_t i = 0; i < n; i++) {
		__int128 exact = (__int128)total.minor * weights[i];
		__int128 rest = exact - (__int128)share[i].minor * sum;

		if (total.minor < 0)
			rest = -rest;
		if (weights[i] > 0 && rest > best_rest)
			best = i, best_rest = rest;
	}
	return best;
}

enum err money_apportion(struct money total, const int64_t *weights, uint32_t n, struct money *ret)
{
	int64_t sum = 0, given = 0, step = total.minor < 0 ? -1 : 1;

	for (uint32_t i = 0; i < n; i++) {
		BUG_ON(weights[i] < 0);
		if (__builtin_add_overflow(sum, weights[i], &sum))
			return ERR_LIMIT;
	}
	if (sum == 0)
		return ERR_USAGE;
	for (uint32_t i = 0; i < n; i++) {
		ret[i].minor = (int64_t)((__int128)total.minor * weights[i] / sum);
		given += ret[i].minor;
	}
	while (given != total.minor) {
		ret[largest_remainder(total, weights, sum, n, ret)].minor += step;
		given += step;
	}
	return ERR_NONE;
}

void money_write(struct text *t, struct money m, unsigned digits)
{
	decimal_write(t, money_to_decimal(m, digits));
}
