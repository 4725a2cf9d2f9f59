/* The trade that a store knows: every case that stands, as it was declared and decided, one after the other in little memory.
 * For who asks what another edition of the tariff would mean to it. */
#ifndef CUSTOMHOUSE_HUB_EDITION_TRADE_H
#define CUSTOMHOUSE_HUB_EDITION_TRADE_H

#include <stdatomic.h>

#include "hub/hub.h"
#include "model/facts.h"

/* An accepted case in its version that stands, which was not cancelled. Everything lies in the arena, which is emptied before the
 * next but one page of cases. */
struct trade_case {
	struct arena *arena;
	const struct json *decision; /* as stored */
	struct facts facts;
	struct message message; /* the declaration as it stands, after its amendments */
};

struct trade {
	/* set by the caller: legal days (of the decision), both included; INT32_MIN, INT32_MAX: all */
	int32_t from, to;
	/* Inside arena_run() of the case's arena. An error ends the walk. */
	enum err (*take)(void *context, struct trade_case *c, struct cause *why);
	/* now and then; total: cases that the store has. NULL: nobody asks */
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
	const atomic_bool *stop; /* set by another thread: ends soon, with ERR_BUSY. NULL: never */
	/* what was found */
	int64_t looked_at, /* rows of cases */
	    taken, unreadable, erased;
};

/* h was opened with HUB_READ. Cases that are lodged meanwhile may or may not be among them. */
enum err hub_walk_trade(struct hub *h, struct trade *t, struct cause *why) MUST_CHECK;

#endif
