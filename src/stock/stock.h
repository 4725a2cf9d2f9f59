/* Stock: what was granted once and is used up by many. A bill of lading is written off by the declarations that name it; a
 * permit, a certificate, goods in a warehouse or in temporary storage are used up in the same way. The ledger moves money between
 * holders and always balances; a stock has a limit, several measures and a tolerance instead, so it is a room of its own.
 *
 * An account has what was granted, in up to four measures, and what is taken of it: reserved by cases that wait, used by those
 * that were released. Each case has one hold on an account, which it changes as a whole: an amendment is a move from the old
 * amount to the new, a cancellation one to nothing. Only a move that takes more is measured against the limit: giving back is
 * always allowed, also where a tolerance was lowered since.
 *
 * Everything here is pure, nothing is allocated, and no amount is ever below zero: what does not fit 64 bits is refused. */
#ifndef CUSTOMHOUSE_STOCK_STOCK_H
#define CUSTOMHOUSE_STOCK_STOCK_H

#include "base/base.h"

enum stock_measure {
	STOCK_PACKAGES, /* how many */
	STOCK_MASS,     /* millionths of a kilogram */
	STOCK_VALUE,    /* minor units of the national currency */
	STOCK_QUANTITY, /* millionths of the account's unit */
	STOCK_MEASURES
};
/* "packages", "mass", "value", "quantity" */
const char *stock_measure_name(enum stock_measure m);

struct stock_amount {
	int64_t of[STOCK_MEASURES];
};

/* Of what is granted, how much more may be taken: millionths of it, rounded down. */
struct stock_tolerance {
	int64_t ppm[STOCK_MEASURES]; /* 0 to 1000000 */
};

struct stock_account {
	unsigned measured; /* bits of measures that have a limit; the others are only counted */
	struct stock_amount granted, reserved, used;
};

enum stock_stage {
	STOCK_NOTHING,
	STOCK_RESERVED, /* the case waits */
	STOCK_USED,     /* the goods were released */
};
/* "nothing", "reserved", "used" */
const char *stock_stage_name(enum stock_stage s);
/* false: no such name. */
bool stock_stage_by_name(const char *name, size_t n, enum stock_stage *ret);

/* What one case takes of one account. STOCK_NOTHING: the amount is zero. */
struct stock_hold {
	enum stock_stage stage;
	struct stock_amount amount;
};

enum stock_refusal {
	STOCK_DONE,
	STOCK_OVER,     /* more than is left */
	STOCK_TOO_MUCH, /* no number here holds it */
};

/* What is left in a measure beside `mine`, with the tolerance; below zero where more was taken than is granted now. INT64_MAX in
 * a measure without a limit. */
int64_t stock_left(const struct stock_account *a, const struct stock_tolerance *t,
		   const struct stock_hold *mine, enum stock_measure m);

/* A case's hold becomes another one. Refused: *after is *before, and *ret_measure says in which measure. */
enum stock_refusal stock_move(const struct stock_account *before, const struct stock_tolerance *t,
			      const struct stock_hold *was, const struct stock_hold *becomes,
			      struct stock_account *after, enum stock_measure *ret_measure);

/* What is granted becomes another amount: not less than what is taken, but where that was so before. measured: as in the
 * account. */
enum stock_refusal stock_grant(const struct stock_account *before, const struct stock_tolerance *t,
			       unsigned measured, const struct stock_amount *granted,
			       struct stock_account *after, enum stock_measure *ret_measure);

/* Is nothing taken of it? */
bool stock_untouched(const struct stock_account *a);
/* Is there a measure with a limit of which not all is used (reserved counts as open)? */
bool stock_open(const struct stock_account *a);

#endif
