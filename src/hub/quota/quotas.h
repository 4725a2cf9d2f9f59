/* What declarations take of quotas (docs/quotas.md). How much a case may have of each quota that it claims is a fact of its
 * decision; once it is accepted the case holds what the decision granted: reserved until the goods are released, used
 * afterwards, given back when the case comes to nothing. Rows are read and written under the lock of the quota's name, and of
 * its parent's, so that no two declarations, of whichever offices and nodes, share what is left. */
#ifndef CUSTOMHOUSE_HUB_QUOTA_QUOTAS_H
#define CUSTOMHOUSE_HUB_QUOTA_QUOTAS_H

#include "hub/quota/moves.h"

/* ---- in a batch; outside arena_run() of the submission ---- */

/* What cases hold, asked for at once. Then behind quotas_ahead_locked() their quotas are locked, in the order of their names, and
 * what is held of them is known as it stands. One by one where this was not called. */
enum err quotas_ahead(struct batch *b, const struct store_case_key *key, uint32_t n,
		      struct cause *why) MUST_CHECK;
enum err quotas_ahead_locked(struct batch *b, const struct store_case_key *key, uint32_t n,
			     struct cause *why) MUST_CHECK;
/* The quotas that an original claims, or that the case of a request holds: their locks, for lock_holders() to sort. */
enum err quotas_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
		      struct cause *why) MUST_CHECK;
/* Facts about the quotas that d claims, as the batch's decisions before left them. */
enum err quotas_read(struct batch *b, struct job *j, const struct declaration *d,
		     struct cause *why) MUST_CHECK;
/* It was accepted: later decisions of the batch see it. Inside arena_run() of the batch. */
void quotas_take(struct batch *b, const struct job *j);
/* What the case of an accepted version holds from now on. Inside arena_run() of the batch. */
enum err quotas_put(struct batch *b, struct job *j, const struct flow_case *now,
		    struct cause *why) MUST_CHECK;
/* An act moved the case: what it holds moves with it. Inside arena_run() of the batch. */
enum err quotas_follow(struct batch *b, struct office *o, const struct life *l,
		       const struct flow_case *before, const struct flow_do *given,
		       const struct refset *r, struct cause *why) MUST_CHECK;

/* What is known of one quota without a case, for those who only ask (tariff/ask_quotas.c): what a claim would get at this moment.
 * The rows are what the store has; parent is zeroed where there is none. *ret_left: what is left, of it and of its parent,
 * whether or not somebody could have it now; 0 where no period holds. Pure. */
struct quota_fact quotas_fact(const struct refset *r, struct span order, int32_t day,
			      const struct store_quota *row, const struct store_quota *parent,
			      int64_t *ret_left);

#endif
