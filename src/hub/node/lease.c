/* Leases as the writer meets them, inside its transactions. */
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "hub/documents/scanner.h"
#include "hub/house.h"
#include "hub/node/node.h"

enum {
	TAKE_TRIES = 4,
	OUTCOME_SECONDS =
	    30, /* how long the database may be away before a batch's outcome is given up */
	OUTCOME_PAUSE_MS = 100,
};

enum err node_begin(struct node *n, struct cause *why)
{
	enum err e;

	if (atomic_load(&n->replaced))
		return fail(why, ERR_DENIED, "another process has taken the name of the node %s",
			    n->name);
	e = store_note_batch(n->h->store, span_of(n->name), n->run, ++n->batch, why);
	if (e == ERR_NOT_FOUND) {
		atomic_store(&n->replaced, true);
		return fail(why, ERR_DENIED, "another process has taken the name of the node %s",
			    n->name);
	}
	return e;
}

static struct store_lease own(const struct node *n, struct span office, int64_t epoch)
{
	return (struct store_lease){office, epoch, span_of(n->name), n->run, 0};
}

/* What was known of an office under another epoch may be stale. */
static void begin_anew(struct office *o, int64_t epoch)
{
	o->epoch = epoch;
	o->known = false;
	o->day = INT32_MIN;
}

static enum err lock(struct node *n, struct office *o, struct cause *why)
{
	const struct store_lease l = own(n, span_of(o->code), o->epoch);
	enum err e = store_lock_lease(n->h->store, &l, &o->used, why);

	o->locked = !e;
	return e;
}

enum err node_lock_known(struct node *n, struct office **o, uint32_t count, struct cause *why)
{
	struct arena *a = n->h->batch_arena;
	struct store_lease *l = arena_try(a, sizeof(*l) * ((size_t)count + 1));
	uint32_t known = 0;
	enum err e;

	if (!l)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < count; i++)
		if (o[i]->epoch && !o[i]->locked) {
			l[known] = own(n, span_of(o[i]->code), o[i]->epoch);
			o[known++] = o[i];
		}
	e = known ? store_lock_leases(n->h->store, a, l, known, why) : ERR_NONE;
	for (uint32_t i = 0; i < known && !e; i++) {
		o[i]->locked = l[i].used > 0;
		o[i]->used = l[i].used;
	}
	return e;
}

static enum err take(struct node *n, struct office *o, const struct store_lease *seen,
		     struct cause *why)
{
	const struct store_lease l = own(n, span_of(o->code), seen->epoch + 1);
	enum err e = store_take_lease(n->h->store, &l, why);

	if (e)
		return e;
	log_event("lease.taken", "office=%s epoch=%lld from=%.*s", o->code, (long long)l.epoch,
		  SPAN_ARG(seen->node));
	begin_anew(o, l.epoch);
	o->locked = o->fresh = true;
	scanner_wake(n->h); /* documents of this office may wait to be looked through */
	return ERR_NONE;
}

static bool lives(struct node *n, const struct store_lease *l,
		  char ret_address[NODE_ADDRESS_BYTES + 1])
{
	const struct watch_peer *p;
	bool alive;

	pthread_mutex_lock(&n->lock);
	alive = watch_lives(&n->watch, l->node, l->run);
	p = alive ? watch_find(&n->watch, l->node) : NULL;
	if (p)
		memcpy(ret_address, p->address, sizeof(p->address));
	pthread_mutex_unlock(&n->lock);
	return alive;
}

/* Once: ERR_CONFLICT: somebody was faster. */
static enum err enter(struct node *n, struct office *o, struct cause *why)
{
	struct store_lease seen = {.node = SPAN("")};
	char address[NODE_ADDRESS_BYTES + 1];
	enum err e = ERR_NOT_FOUND;

	if (o->epoch)
		e = lock(n, o, why);
	if (e != ERR_NOT_FOUND)
		return e;
	begin_anew(o, 0);
	e = store_get_lease(n->h->store, n->h->batch_arena, span_of(o->code), &seen, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (span_is(seen.node, n->name) && seen.run == n->run) { /* another node gave it to us */
		begin_anew(o, seen.epoch);
		o->fresh = true;
		e = lock(n, o, why);
		return e == ERR_NOT_FOUND ? ERR_CONFLICT : e;
	}
	if (seen.node.n && lives(n, &seen, address))
		return fail(why, ERR_ELSEWHERE, "%s settles the office %s (node %.*s)", address,
			    o->code, SPAN_ARG(seen.node));
	return take(n, o, &seen, why);
}

enum err node_enter(struct node *n, struct office *o, struct cause *why)
{
	enum err e = ERR_CONFLICT;

	for (int tries = 0; tries < TAKE_TRIES && e == ERR_CONFLICT; tries++)
		e = enter(n, o, why);
	return e == ERR_CONFLICT ? fail(why, ERR_RETRY, "several nodes take the office %s", o->code)
				 : e;
}

enum err node_enter_hub(struct node *n, struct office *o, struct cause *why)
{
	const struct store_lease l = {HUB_OFFICE, 0, SPAN(""), 0, 0};
	int64_t used;
	enum err e = store_lock_lease(n->h->store, &l, &used, why);

	if (e)
		return e == ERR_NOT_FOUND ? fail(why, ERR_DB,
						 "the store lacks the lease of its own "
						 "chain: restore a backup")
					  : e;
	/* Whoever writes the chain locks its lease: nobody has since, or everything is read again. */
	if (used != o->used + 1)
		begin_anew(o, 0);
	o->used = used;
	o->locked = true;
	return ERR_NONE;
}

enum err node_check_push(struct node *n, struct cause *why)
{
	const struct store_lease l = own(n, DUTY_PUSH, atomic_load(&n->push_epoch));
	int64_t used;
	enum err e = atomic_load(&n->has_push) ? store_lock_lease(n->h->store, &l, &used, why)
					       : ERR_NOT_FOUND;

	return e == ERR_NOT_FOUND ? fail(why, ERR_DENIED, "another node delivers") : e;
}

/* ---- a lost answer ---- */

struct asking {
	struct node *node;
	int64_t newest;
};

static enum err ask(struct store *s, void *context, struct cause *why)
{
	struct asking *a = context;

	return store_get_batch(s, span_of(a->node->name), a->node->run, &a->newest, why);
}

enum err node_outcome(struct node *n, bool *ret_stored, struct cause *why)
{
	const int64_t until = clock_steady() + (int64_t)OUTCOME_SECONDS * 1000000;
	struct asking a = {.node = n};
	enum err e;

	do {
		*why = (struct cause){0};
		e = store_batch(n->h->store, ask, &a, why);
		if (!e || e == ERR_NOT_FOUND)
			break;
		(void)poll(NULL, 0, OUTCOME_PAUSE_MS);
	} while (clock_steady() < until);
	/* whoever took our name has waited for our transaction, and may have written over its number */
	if (e == ERR_NOT_FOUND)
		return fail(why, ERR_DENIED, "another process has taken the name of the node %s",
			    n->name);
	if (e)
		return e;
	*ret_stored = a.newest == n->batch;
	log_event("batch.looked-up", "node=%s batch=%lld stored=%s", n->name, (long long)n->batch,
		  *ret_stored ? "yes" : "no");
	return ERR_NONE;
}
