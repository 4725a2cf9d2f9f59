/* What travellers bring: how much of it is free, what the rest costs, and through which exit they go.
 *
 * People who travel together are counted together: what one does not use of an allowance another may. Quantities are
 * thousandths of the row's unit, of a value or of money thousandths of the national currency; amounts are minor units. Each is
 * rounded once, as the pack says. Source of the kinds of allowances: Revised Kyoto Convention, specific annex J, chapter 1,
 * practices 16 and 17 (quantities, and a value, free of duty), 20 and 21 (flat rates), 4 to 8 (two channels, written or oral).
 *
 * Pure: inside arena_run(); texts point to where those of the arguments point. */
#ifndef CUSTOMHOUSE_TRAVEL_TRAVEL_H
#define CUSTOMHOUSE_TRAVEL_TRAVEL_H

#include "ref/ref_travel.h"

enum { TRAVEL_GOODS = 30, TRAVEL_PEOPLE = 50 };

struct travel_goods {
	struct span goods;
	struct span quantity; /* decimal text */
	struct span currency; /* of a value or money; empty: the national one */
};

struct travel_party {
	int64_t adults, children; /* 1 to TRAVEL_PEOPLE together, and somebody is an adult */
	struct travel_goods goods[TRAVEL_GOODS];
	uint32_t n;
};

struct travel_line {
	const struct ref_travel *rule;
	int64_t brought, free, beyond; /* thousandths */
	int64_t minor;                 /* what is due */
	bool declare;                  /* must be declared */
	bool
	    formal; /* more than travellers may bring: a declaration of goods is wanted, and no sum is told here */
};

struct travel_result {
	struct travel_line
	    line[TRAVEL_GOODS]; /* one for each kind of goods, in the order of their coming */
	uint32_t n;
	int64_t total; /* minor units */
	bool declare;  /* the red exit; else the green one */
};

/* ERR_USAGE: the cause names what makes no sense: goods that the pack does not have on the day, a number that is none, a
 * currency without a rate; ERR_LIMIT: more than there is room for. */
enum err travel_assess(const struct refset *r, int32_t day, const struct travel_party *p,
		       struct travel_result *ret, struct cause *why) MUST_CHECK;

#endif
