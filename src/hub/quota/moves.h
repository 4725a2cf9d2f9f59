/* Moves on quotas: what a case holds of one becomes something else, in the store and in the log (docs/quotas.md).
 *
 * Each change is an event of kind "quota" in the chain of the case's office, and what a day's claims are granted one of kind
 * "quota-day" in the hub's own chain; both say what came of it:
 *     {"moves":[{"quota","period","sub","office","reference","day","at","stage","way","asked","granted",
 *                "serial","taken","requested","state","balance"}]}
 * A hold whose stage is "nothing" is gone. `serial` counts the moves of a period of a quota: whoever reads all chains puts them
 * in their order, and can compute each from the one before. */
#ifndef CUSTOMHOUSE_HUB_QUOTA_MOVES_H
#define CUSTOMHOUSE_HUB_QUOTA_MOVES_H

#include "hub/house.h"
#include "quota/quota.h"

struct quota_holds {
	struct store_quota_hold *v;
	uint32_t n;
};

/* A hold as a move left it, and the quota. */
struct quota_moved {
	struct store_quota_hold hold;
	int64_t serial, taken, requested;
	struct span state; /* by counting; empty: no pack told it yet */
	int64_t balance;   /* 0 where no pack tells */
};
struct quota_moves {
	DICT_LIST(struct quota_moved) list;
};

/* The hold of a quota and sub-quota among some; NULL. */
const struct store_quota_hold *quota_hold_of(const struct quota_holds *h, struct span quota,
					     struct span period, struct span sub);
/* As the engine counts it. NULL: nothing. */
struct quota_hold quota_hold_counted(const struct store_quota_hold *h);
bool quota_hold_equal(const struct store_quota_hold *a, const struct store_quota_hold *b);

/* "quota/050001": the lock of a quota. Inside arena_run(). */
struct span quota_lock(struct arena *a, struct span order);
/* ERR_NONE with zeros where nothing was ever taken. Under the lock. */
enum err quota_account_of(struct batch *b, struct span order, struct span period,
			  struct store_quota *ret, struct cause *why) MUST_CHECK;

/* In a batch, inside arena_run() of its arena. was, becomes: one hold, either may be NULL. Nothing is done, and nothing added to
 * the moves, where they are the same. ERR_CONFLICT: more is granted than is left. */
enum err quota_move_hold(struct batch *b, const struct refset *r,
			 const struct store_quota_hold *was, const struct store_quota_hold *becomes,
			 struct quota_moves *moves, struct cause *why) MUST_CHECK;
/* The event's payload. */
struct span quota_write_moves(struct arena *a, const struct quota_moves *moves);
/* ERR_FORMAT. Texts point into the payload. Inside arena_run(). */
enum err quota_read_moves(struct arena *a, struct span payload, struct quota_moves *ret) MUST_CHECK;

#endif
