/* What is missed: how much is irregular among the declarations that nobody would have looked at, from those of them that the
 * random draw had controlled. Nothing else measures it without bias: what rules select is no sample.
 *
 * The population are accepted declarations that neither a rule nor a rate selected, told apart by the probability that the draw
 * had then (a stratum each). With one stratum the interval of the share is Wilson's; with several each has its own, and they are
 * put together by their distances from the estimate (MOVER), since a Wilson interval wants equal probability. 95 %, two sides.
 *
 * A pick that no control came to a result about is non-response: the share takes it to be like the others, the bounds take all of
 * them to be clean, and all to be irregular.
 *
 * Pure; integers alone: shares in thousand millionths inside and in millionths outside, ends of intervals rounded away from the
 * middle, square roots of integers.
 *
 * Sources: Wilson 1927; Newcombe 1998 (vectors of the tests); Zou and Donner 2008 (MOVER); Cochran 1977, chapter 5 (strata). */
#ifndef CUSTOMHOUSE_RISK_MISSED_H
#define CUSTOMHOUSE_RISK_MISSED_H

#include "base/base.h"

/* Counts are not below zero and at most MISSED_COUNT_MAX; irregular <= answered <= picked <= population. */
enum { MISSED_COUNT_MAX = 1000000000, MISSED_STRATA_MAX = 64 };
struct missed_stratum {
	int64_t rate_ppm;   /* of the draw */
	int64_t population; /* the picks among them */
	int64_t picked;
	int64_t answered;  /* of the picks: a control came to a result */
	int64_t irregular; /* of these */
	int64_t
	    elsewhere; /* irregular ones of the population that were found, but not by the draw */
	/* minor units that the controls of the picks found, corrections downwards taken off; and the squares of it */
	int64_t found;
	__int128 found_squares;
	int64_t found_elsewhere; /* by whatever found `elsewhere` */
};
/* A pick whose control came to a result; found: minor units. */
void missed_add_answer(struct missed_stratum *s, bool irregular, int64_t found);

enum missed_method {
	MISSED_UNKNOWN, /* no pick was controlled: nothing can be said */
	MISSED_WILSON,
	MISSED_MOVER,
	MISSED_NORMAL, /* of money: the estimate and 1.96 standard errors */
	MISSED_METHODS
};
/* "unknown", "wilson", "mover", "normal" */
const char *missed_method_name(enum missed_method m);

struct missed_interval {
	int64_t low, middle, high;
};
/* Fewer finds than that say too little of money for an interval: it is skewed. */
enum { MISSED_MONEY_FINDS = 30 };

struct missed {
	struct missed_stratum all;    /* the strata together; rate_ppm: 0 unless they are one */
	enum missed_method method;    /* of share, bounds and cases */
	struct missed_interval share; /* irregular in the population, millionths */
	/* from the least, if every skipped pick was clean, to the most, if every one was irregular; with their intervals */
	int64_t bound_low, bound_high;
	/* declarations of the population that are irregular and nobody found; never below zero */
	struct missed_interval cases;
	/* MISSED_NORMAL; MISSED_UNKNOWN: there is no interval, and only the middle says something, if `method` does */
	enum missed_method money_method;
	struct missed_interval
	    money; /* minor units that they would bring: the ends may be below zero */
};

/* Wilson's interval of x in n, in millionths, with x / n in the middle. 0 <= x <= n, 0 < n <= MISSED_COUNT_MAX. */
struct missed_interval missed_wilson(int64_t x, int64_t n);
/* The estimate of n strata, MISSED_STRATA_MAX at most; one of the same rate stands once. */
void missed_estimate(const struct missed_stratum *s, uint32_t n, struct missed *ret);

#endif
