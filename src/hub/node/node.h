/* This hub as one of several nodes on one database (docs/cluster.md).
 *
 *   leases   each office is settled by the node that holds its lease. The writer locks the lease's row in every transaction that
 *            touches the office, and what it knows of the office holds only as long as node, run and epoch are still its own: a
 *            node that stood still and wakes writes nothing. An office whose holder is gone is taken by whoever needs it next.
 *   batches  each transaction of the writer says which one it is, so that after a lost answer to COMMIT it can be looked up.
 *   news     what other nodes change of what is kept in memory here is followed twice a second (follow.h).
 *
 * On a store that one process owns there is no node: h->node is NULL, and none of this costs anything. */
#ifndef CUSTOMHOUSE_HUB_NODE_NODE_H
#define CUSTOMHOUSE_HUB_NODE_NODE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hub/hub.h"
#include "hub/node/watch.h"

struct office;

enum {
	LEASES_MAX = 1100
}; /* offices and duties; more are not known of, and asked for one by one */

/* A duty that one node at a time has, as a lease beside those of the offices. */
#define DUTY_PUSH SPAN("*push")

struct node_lease {
	char office[20];
	char node[NODE_NAME_BYTES + 1];
	int64_t epoch, run;
};

struct node {
	struct hub *h;
	char name[NODE_NAME_BYTES + 1], address[NODE_ADDRESS_BYTES + 1];
	int64_t run;
	bool passing;  /* of a verb: it leaves no row behind */
	int64_t batch; /* the writer's: number of the newest */

	/* the thread's own */
	pthread_t thread;
	bool running;
	struct store *store;
	struct arena *arena;
	int64_t news; /* the newest that was followed */
	int64_t woken_at, purged_at;
	bool failing;

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t wake;
	struct watch watch;
	struct node_lease lease[LEASES_MAX];
	uint32_t leases;
	bool stopping;

	atomic_bool replaced; /* another process has taken the name */
	atomic_bool has_push; /* DUTY_PUSH is this node's */
	atomic_llong push_epoch;
	atomic_llong beat_at;   /* steady microseconds of the last beat that reached the store */
	atomic_llong looked_up; /* sessions and tokens, in this second: follow.c */
};

/* Opens what is this node's own, and begins its run. Before the writer. ERR_CONFLICT: the keys of this data directory are not
 * those that sign this store; ERR_USAGE: name or address are none. */
enum err node_open(struct hub *h, const struct node_options *o, struct node **ret,
		   struct cause *why) MUST_CHECK;
/* The store was signed by somebody already: keys that are missing here must not be made. */
enum err node_is_signed(struct store *s, bool *ret, struct cause *why) MUST_CHECK;
/* From here on it beats, watches and follows. */
enum err node_start(struct node *n, struct cause *why) MUST_CHECK;
/* Stops that, and gives the leases back. After the writer. NULL is allowed. */
void node_close(struct node *n);

/* ---- the writer, in its transaction ---- */

/* First: says which batch this is. ERR_DENIED: another process has taken this node's name. */
enum err node_begin(struct node *n, struct cause *why) MUST_CHECK;
/* Locks the lease of an office until the transaction ends, and takes it where it is nobody's. ERR_ELSEWHERE: another node settles
 * it; the text begins with that node's address and a blank. */
enum err node_enter(struct node *n, struct office *o, struct cause *why) MUST_CHECK;
/* Locks those of n offices that are this node's, as far as it knows, at once; what is left, node_enter() finds out. */
enum err node_lock_known(struct node *n, struct office **o, uint32_t count,
			 struct cause *why) MUST_CHECK;
/* Locks the hub's own chain. */
enum err node_enter_hub(struct node *n, struct office *o, struct cause *why) MUST_CHECK;
/* After a lost answer to COMMIT: was the newest batch stored? Waits for a database that is away, up to a bound: then its error,
 * and nothing is known. */
enum err node_outcome(struct node *n, bool *ret_stored, struct cause *why) MUST_CHECK;
/* Is DUTY_PUSH still this node's? Locks it. ERR_DENIED: no. */
enum err node_check_push(struct node *n, struct cause *why) MUST_CHECK;

/* ---- any thread ---- */

/* false: another node that lives settles it. As known half a second ago. */
bool node_may_settle(struct node *n, struct span office);
/* The database answered this node lately. */
bool node_is_ready(const struct node *n);

#endif
