/* Exact fractions for one duty expression: everything is multiplied, added and compared without loss, and rounded once, at the
 * end.
 *
 * 128 bits on both sides of the line. An operation that does not fit, even after cancelling, marks the result as lost; a lost
 * fraction stays lost, so one look before rounding is enough. */
#ifndef CUSTOMHOUSE_DUTY_RATIO_H
#define CUSTOMHOUSE_DUTY_RATIO_H

#include "base/money.h"

struct ratio {
	__int128 over, under; /* under > 0; 0: lost */
};

static inline struct ratio ratio_of(int64_t value)
{
	return (struct ratio){value, 1};
}

struct ratio ratio_decimal(struct decimal d);
/* under of b must not be negative or zero: b is a count of units or 10^n. */
struct ratio ratio_multiply(struct ratio a, struct ratio b);
/* b > 0. */
struct ratio ratio_divide(struct ratio a, struct ratio b);
struct ratio ratio_add(struct ratio a, struct ratio b);
struct ratio ratio_subtract(struct ratio a, struct ratio b);
/* The smaller or larger of two; lost when either is, or when they cannot be compared within 128 bits. */
struct ratio ratio_least(struct ratio a, struct ratio b);
struct ratio ratio_most(struct ratio a, struct ratio b);

/* The multiple of step (> 0) that the rule gives. ERR_LIMIT: lost, or more than 64 bits. */
enum err ratio_round(struct ratio a, enum rounding how, int64_t step, int64_t *ret) MUST_CHECK;

#endif
