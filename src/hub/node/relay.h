/* Messages of many at once whose offices other nodes settle: they are settled there, and their outcomes are as if it had been
 * here.
 *
 * A message may so be handed in twice, at a node that dies before it answers and at the one that takes its office over: it is
 * known again, as it is when its sender sends it again. */
#ifndef CUSTOMHOUSE_HUB_NODE_RELAY_H
#define CUSTOMHOUSE_HUB_NODE_RELAY_H

#include "hub/hub.h"

enum { RELAY_MANY = 64 }; /* at once */

/* How a node is asked: http/ knows. */
struct relay {
	/* Hands n submissions to the node at an address and waits. Those that it has an outcome for get it, in their arenas; the
	 * others stay as they are. */
	void (*send)(const struct relay *r, const char *address, struct submission *const *s,
		     uint32_t n);
};

/* Is this the outcome of what another node settles? */
bool relay_wanted(const struct submission *s);
/* Of n submissions that are done, at most RELAY_MANY: settles those that another node settles, there or, where that is gone,
 * here, and then follows them (hub/cargo/cargo.h). Waits some seconds for a node to be found; what finds none keeps its outcome.
 * The submissions' done() is not called. r NULL: nobody can be asked. */
void relay_settle(struct hub *h, const struct relay *r, struct submission *const *s, uint32_t n);

/* On the other node: settles n messages that were handed over, and waits. */
void relay_take(struct hub *h, struct submission *s, uint32_t n);

#endif
