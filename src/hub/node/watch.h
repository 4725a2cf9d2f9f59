/* Which of the nodes that share a store still live, by nothing but one's own steady clock: a node raises its beat in the store,
 * and whoever sees no change of it for a while holds it for gone. Clocks of machines are never compared.
 *
 * Who could not look for a while, because the database was away or the process stood still, knows nothing of the time between:
 * it begins to wait anew. So a database that comes back finds nobody declared dead.
 *
 * Belongs to one thread at a time. Pure: the moment is an argument (microseconds of a steady clock). */
#ifndef CUSTOMHOUSE_HUB_NODE_WATCH_H
#define CUSTOMHOUSE_HUB_NODE_WATCH_H

#include "store/nodes.h"

enum {
	NODE_NAME_BYTES = 63,
	NODE_ADDRESS_BYTES = 200,
	NODES_MAX = 64,
	WATCH_LOOK_MS = 500,   /* how often one looks, and raises one's own beat */
	WATCH_BLIND_MS = 1500, /* a pause between two looks that is as good as not having looked */
	WATCH_SILENCE_MS = 3000, /* of a node that is held for gone */
};

struct watch_peer {
	char name[NODE_NAME_BYTES + 1], address[NODE_ADDRESS_BYTES + 1];
	int64_t run, beat;
	int64_t changed_at; /* when its beat was first seen as it is */
};

struct watch {
	struct watch_peer peer[NODES_MAX];
	uint32_t n;
	int64_t looked_at; /* 0: not yet */
};

/* What the store says now. Rows past NODES_MAX are not looked at: their nodes count as gone, and what they do is refused by the
 * epochs. */
void watch_see(struct watch *w, const struct store_node *row, uint32_t n, int64_t now);
/* The process that began as this run of the name still lives, as far as is known. */
bool watch_lives(const struct watch *w, struct span name, int64_t run);
/* NULL: there is none of this name. */
const struct watch_peer *watch_find(const struct watch *w, struct span name);

#endif
