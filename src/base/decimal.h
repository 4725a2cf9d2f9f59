/* Exact decimal numbers: units * 10^-scale, at most 18 digits. Never a float.
 *
 * A value keeps the scale in which it was written ("10.50" has scale 2), so that it is written back as it came. */
#ifndef CUSTOMHOUSE_BASE_DECIMAL_H
#define CUSTOMHOUSE_BASE_DECIMAL_H

#include "base/span.h"
#include "base/text.h"

struct decimal {
	int64_t units;
	uint8_t scale;
	bool set; /* false: the message does not say */
	uint32_t line;
};

enum rounding {
	ROUND_HALF_UP,   /* away from zero at one half: the usual rule for duties */
	ROUND_HALF_EVEN, /* to the even neighbour at one half */
	ROUND_DOWN,      /* towards zero */
	ROUND_UP,        /* away from zero */
};

/* Reads [-+]digits[.digits]; no exponent, no blanks, no grouping. ERR_FORMAT: not such a number; ERR_LIMIT: more than
 * LIMIT_NUMBER_DIGITS digits or LIMIT_NUMBER_SCALE behind the point (leading zeros and trailing zeros behind the point that go
 * past a limit are dropped first). */
enum err decimal_parse(struct span s, struct decimal *ret) MUST_CHECK;
void decimal_write(struct text *t, struct decimal d);
/* -1, 0, 1; exact for any two scales. */
int decimal_compare(struct decimal a, struct decimal b);
/* The same number at another scale. ERR_LIMIT when it does not fit 64 bits. */
enum err decimal_rescale(struct decimal d, uint8_t scale, enum rounding how,
			 struct decimal *ret) MUST_CHECK;
/* a + b at the larger scale. ERR_LIMIT on overflow. */
enum err decimal_add(struct decimal a, struct decimal b, struct decimal *ret) MUST_CHECK;

/* 10^n for n in 0..18. */
int64_t decimal_power10(unsigned n);

static inline struct decimal decimal_of(int64_t units, uint8_t scale)
{
	return (struct decimal){.units = units, .scale = scale, .set = true};
}

static inline bool decimal_is_zero(struct decimal d)
{
	return d.units == 0;
}

#endif
