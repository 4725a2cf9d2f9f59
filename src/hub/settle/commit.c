/* A transaction of the writer's. */
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/house.h"
#include "hub/node/node.h"
#include "ledger/ledger.h"

enum {
	AWAY_SECONDS =
	    20, /* how long a database that is away is waited for, with what waits behind it */
	AWAY_PAUSE_MS = 100,
};

struct transaction {
	struct hub *h;
	enum err (*work)(struct store *s, void *context, struct cause *why);
	void *context;
};

/* May run again: what an attempt before this one has learnt or counted is not true. */
static enum err begin(struct store *s, void *context, struct cause *why)
{
	const struct transaction *t = context;
	struct hub *h = t->h;
	enum err e = ERR_NONE;

	if (h->unsure)
		house_forget(h);
	h->unsure = true;
	for (uint32_t i = 0; i < h->office_count; i++)
		h->offices[i].touched = h->offices[i].locked = h->offices[i].fresh = false;
	h->range_fresh = false;
	if (h->node)
		e = node_begin(h->node, why);
	return e ? e : t->work(s, t->context, why);
}

/* The server may be back in a moment, as another one. */
static bool is_away(const struct hub *h, enum err e)
{
	return h->node && (e == ERR_BUSY || e == ERR_RETRY);
}

enum err house_commit(struct hub *h,
		      enum err (*work)(struct store *s, void *context, struct cause *why),
		      void *context, struct cause *why)
{
	const int64_t until = clock_steady() + (int64_t)AWAY_SECONDS * 1000000;
	struct transaction t = {h, work, context};
	struct cause own = {0};
	bool stored = false;
	enum err e;

	if (!why)
		why = &own;

	for (;;) {
		e = store_batch(h->store, begin, &t, why);
		if (e == ERR_UNCERTAIN && h->node) {
			/* never decided again while it may be stored */
			if (node_outcome(h->node, &stored, why))
				break;
			e = stored ? ERR_NONE : ERR_RETRY;
		}
		if (!is_away(h, e) || clock_steady() >= until)
			break;
		*why = (struct cause){0};
		(void)poll(NULL, 0, AWAY_PAUSE_MS);
	}
	if (e)
		house_forget(h);
	h->unsure = false;
	if (e == ERR_UNCERTAIN || e == ERR_RETRY)
		why->err = e == ERR_RETRY ? ERR_BUSY : e;
	return e == ERR_RETRY ? ERR_BUSY : e;
}

enum err house_lock_holder(struct batch *b, struct span id, struct cause *why)
{
	if (!b->h->node || !id.n || span_equal(id, LEDGER_TREASURY) || map_get(&b->locked, id))
		return ERR_NONE;
	map_put(&b->locked, id, b);
	return store_lock_holder(b->h->store, id, why);
}
