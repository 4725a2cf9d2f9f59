/* Tariff quotas: what is left of one, who gets how much, and what its state is. A stock (stock/) refuses what goes beyond its
 * limit; a quota grants a part, has days and states, and may share one day's claims, so it is a room of its own.
 *
 * An account is one period of one quota. A case has one hold on it, which it changes as a whole, as on a stock. Everything is in
 * millionths of the quota's unit, never below zero, and pure; nothing is allocated.
 *
 * Law: as ref/ref_quota.h. */
#ifndef CUSTOMHOUSE_QUOTA_QUOTA_H
#define CUSTOMHOUSE_QUOTA_QUOTA_H

#include "ref/ref_quota.h"

struct quota_account {
	int64_t taken;     /* granted, and not given back */
	int64_t requested; /* asked for, and not decided on yet */
};

/* What stands first where several are true: law goes before counting. */
enum quota_state {
	QUOTA_CLOSED,    /* no period holds */
	QUOTA_SUSPENDED, /* claims wait until it is over */
	QUOTA_BLOCKED,   /* nothing is granted */
	QUOTA_EXHAUSTED, /* nothing is left */
	QUOTA_CRITICAL,  /* grants are confirmed when the day is over */
	QUOTA_OPEN,
	QUOTA_STATES,
};
/* "closed", "suspended", "blocked", "exhausted", "critical", "open" */
const char *quota_state_name(enum quota_state s);
/* QUOTA_STATES: no such name. */
enum quota_state quota_state_by_name(struct span s);

/* volume - taken; below zero where a pack has lowered the volume since. */
int64_t quota_left(const struct ref_quota *q, const struct quota_account *a);
/* By counting alone: exhausted, critical or open. */
enum quota_state quota_counted(const struct ref_quota *q, const struct quota_account *a);
/* On a day. q NULL: closed. */
enum quota_state quota_state(const struct refset *r, const struct ref_quota *q,
			     const struct quota_account *a, int32_t day);

/* What a sub-quota's grant takes of its parent, rounded up; INT64_MAX when it does not fit. */
int64_t quota_of_parent(const struct ref_quota *sub, int64_t granted);
/* How much of a sub-quota what is left of its parent allows. */
int64_t quota_within_parent(const struct ref_quota *sub, int64_t parent_left);

/* What a case holds of an account. */
struct quota_hold {
	int64_t asked, granted; /* granted <= asked */
	bool decided;           /* false: asked counts as requested */
};
/* A hold becomes another one. false, and nothing is changed: an amount is below zero, or no number holds it. It does not look at
 * the volume: whoever grants does (quota_left()). */
bool quota_move(const struct quota_account *before, const struct quota_hold *was,
		const struct quota_hold *becomes, struct quota_account *after);

/* One day's claims share what is left in proportion: all of what is asked when it suffices, else all of what is left, to the last
 * millionth; units left over go to the largest remainders, the earlier claim first among equals. asked >= 0. false: the sum of
 * what is asked does not fit. (A count of units is apportioned as money is: base/money.h.) */
bool quota_share(int64_t left, const int64_t *asked, uint32_t n, struct money *ret_granted);

#endif
