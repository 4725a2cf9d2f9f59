/* Money: a count of minor units (cents) of one currency, 64 bits, every operation checked.
 *
 * Nothing here rounds by itself: whoever multiplies or divides names the rule. How many digits a minor unit stands for is
 * reference data (ref/), passed in as `digits`. */
#ifndef CUSTOMHOUSE_BASE_MONEY_H
#define CUSTOMHOUSE_BASE_MONEY_H

#include "base/decimal.h"

struct money {
	int64_t minor;
};

enum err money_add(struct money a, struct money b, struct money *ret) MUST_CHECK;
enum err money_subtract(struct money a, struct money b, struct money *ret) MUST_CHECK;

/* value * numerator / denominator through 128 bits. denominator > 0. ERR_LIMIT when the result does not fit. */
enum err mul_div(int64_t value, int64_t numerator, int64_t denominator, enum rounding how,
		 int64_t *ret) MUST_CHECK;

/* amount * rate, both decimals, as minor units of a currency with `digits` decimals. */
enum err money_multiply(struct decimal amount, struct decimal rate, unsigned digits,
			enum rounding how, struct money *ret) MUST_CHECK;
/* m * rate, as minor units of the same currency. */
enum err money_rate(struct money m, struct decimal rate, enum rounding how,
		    struct money *ret) MUST_CHECK;
enum err money_from_decimal(struct decimal d, unsigned digits, enum rounding how,
			    struct money *ret) MUST_CHECK;
struct decimal money_to_decimal(struct money m, unsigned digits);

/* Splits total over n shares in proportion to weights (all >= 0, not all zero), so that the shares add up to total exactly: each
 * share is rounded towards zero, and the units left over go one by one to the largest remainders, the earlier share first among
 * equals. ERR_LIMIT when the weights overflow. */
enum err money_apportion(struct money total, const int64_t *weights, uint32_t n,
			 struct money *ret) MUST_CHECK;

void money_write(struct text *t, struct money m, unsigned digits);

#endif
