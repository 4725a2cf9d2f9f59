/* What hubs that share one store keep there of themselves: nodes, leases, news. The rules are those of store/store.h. */
#ifndef CUSTOMHOUSE_STORE_NODES_H
#define CUSTOMHOUSE_STORE_NODES_H

#include "store/store.h"

/* ---- st_node.c: hubs that share this store ---- */

/* Nothing here is compared with a clock of another machine: that a node lives, its beat says to whoever sees it change. */
struct store_node {
	struct span name;
	int64_t run; /* how often a process began under this name: which of them it is */
	struct span address, program; /* address empty: it has stopped */
	int64_t started_at, beat;
};

/* A process begins under its name: *ret_run is its own from now on, and an older process of the name is none any more. */
enum err store_begin_node(struct store *s, const struct store_node *n, int64_t *ret_run,
			  struct cause *why) MUST_CHECK;
/* Raises the beat. ERR_NOT_FOUND: another process has taken the name. */
enum err store_beat_node(struct store *s, struct span name, int64_t run,
			 struct cause *why) MUST_CHECK;
/* It stops: nobody waits for its silence. A node that was begun anew goes on. */
enum err store_end_node(struct store *s, struct span name, int64_t run,
			struct cause *why) MUST_CHECK;
/* The same, and nothing is left of its name. */
enum err store_remove_node(struct store *s, struct span name, struct cause *why) MUST_CHECK;
/* By name. */
enum err store_list_nodes(struct store *s, struct arena *a, struct store_node **ret,
			  uint32_t *ret_count, struct cause *why) MUST_CHECK;

/* Which batch of a node's run this transaction is. ERR_NOT_FOUND: another process has taken the name. */
enum err store_note_batch(struct store *s, struct span node, int64_t run, int64_t number,
			  struct cause *why) MUST_CHECK;
/* The newest batch of that run that is stored; waits for a COMMIT that is still on its way. Inside store_batch(), as the
 * row is locked. ERR_NOT_FOUND: another process has taken the name. */
enum err store_get_batch(struct store *s, struct span node, int64_t run, int64_t *ret,
			 struct cause *why) MUST_CHECK;

/* The public half of the key that signs this store's roots: the first one that is noted stays, and ret is the one that is
 * there. */
enum err store_note_signer(struct store *s, const uint8_t public[32], int64_t at, uint8_t ret[32],
			   struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_get_signer(struct store *s, uint8_t ret[32], struct cause *why) MUST_CHECK;

/* ---- st_lease.c: which node settles an office ---- */

struct store_lease {
	struct span office; /* or a duty of one node at a time: "*push" */
	int64_t epoch;      /* grows with every hand-over */
	struct span node;   /* empty: nobody's */
	int64_t run;
	int64_t used; /* batches that locked it */
};

/* ERR_NOT_FOUND. */
enum err store_get_lease(struct store *s, struct arena *a, struct span office,
			 struct store_lease *ret, struct cause *why) MUST_CHECK;
/* By office. */
enum err store_list_leases(struct store *s, struct arena *a, struct store_lease **ret,
			   uint32_t *ret_count, struct cause *why) MUST_CHECK;
/* Compare and set: takes the office for l->node and l->run with the epoch l->epoch, if the epoch before it, 0 for an office
 * that has no row, is still the newest. ERR_CONFLICT: somebody was faster. Waits for whoever has locked the row. */
enum err store_take_lease(struct store *s, const struct store_lease *l,
			  struct cause *why) MUST_CHECK;
/* Locks the row until the transaction ends: nobody takes the office meanwhile. ERR_NOT_FOUND: it is no longer this node's,
 * run's and epoch's. *ret_used: grows with every lock. */
enum err store_lock_lease(struct store *s, const struct store_lease *l, int64_t *ret_used,
			  struct cause *why) MUST_CHECK;
/* The same for each of n; its `used` is 0 where it is no longer this node's. */
enum err store_lock_leases(struct store *s, struct arena *a, struct store_lease *l, uint32_t n,
			   struct cause *why) MUST_CHECK;
/* Gives back every lease of a node's run. */
enum err store_release_leases(struct store *s, struct span node, int64_t run,
			      struct cause *why) MUST_CHECK;
/* Hands one lease on. ERR_NOT_FOUND: it is no longer ours. */
enum err store_give_lease(struct store *s, const struct store_lease *l, struct span node,
			  int64_t run, struct cause *why) MUST_CHECK;

/* Whoever changes what belongs to a holder locks its row first, until the transaction ends; what is read after that is the
 * newest. */
enum err store_lock_holder(struct store *s, struct span holder, struct cause *why) MUST_CHECK;

/* ---- st_news.c: what a node keeps in memory and another one has changed ---- */

struct store_news {
	int64_t id;
	struct span kind, key; /* hub/node/news.h */
};

/* The next number; the caller has locked the lease of the office HUB, so that numbers are seen in their order. */
enum err store_put_news(struct store *s, struct span kind, struct span key,
			struct cause *why) MUST_CHECK;
/* Behind a number, oldest first. limit: 1 to STORE_PAGE_MAX. */
enum err store_list_news(struct store *s, struct arena *a, int64_t after, uint32_t limit,
			 struct store_news **ret, uint32_t *ret_count,
			 struct cause *why) MUST_CHECK;
/* The oldest and the newest number; 0: there is none. */
enum err store_get_news_ends(struct store *s, int64_t *ret_oldest, int64_t *ret_newest,
			     struct cause *why) MUST_CHECK;
/* Removes those up to a number. */
enum err store_purge_news(struct store *s, int64_t upto, struct cause *why) MUST_CHECK;

#endif
