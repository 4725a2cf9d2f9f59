/* The thread of a node: raises its beat, sees who lives, takes duties that are nobody's, follows the news. It has a connection of
 * its own, so that a long batch does not silence it. */
#include "hub/node/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/documents/scanner.h"
#include "hub/house.h"
#include "hub/node/follow.h"

enum { ARENA_BYTES = 16 << 20 };

/* ---- one round ---- */

struct round {
	struct node *node;
	struct store_node *nodes;
	struct store_lease *leases;
	uint32_t node_count, lease_count;
	const struct store_lease *push; /* NULL: no node ever had it */
	bool took_push;
};

static enum err beat(struct store *s, void *context, struct cause *why)
{
	struct round *r = context;
	struct node *n = r->node;
	enum err e = store_beat_node(s, span_of(n->name), n->run, why);

	if (e == ERR_NOT_FOUND) {
		if (!atomic_exchange(&n->replaced, true))
			log_event("node.replaced", "name=%s", n->name);
		return fail(why, ERR_DENIED, "another process has taken the name of the node %s",
			    n->name);
	}
	return e;
}

static enum err look(struct store *s, void *context, struct cause *why)
{
	struct round *r = context;
	enum err e = store_list_nodes(s, r->node->arena, &r->nodes, &r->node_count, why);

	return e ? e : store_list_leases(s, r->node->arena, &r->leases, &r->lease_count, why);
}

static void keep_lease(struct node_lease *to, const struct store_lease *l)
{
	*to = (struct node_lease){.epoch = l->epoch, .run = l->run};
	snprintf(to->office, sizeof(to->office), "%.*s", SPAN_ARG(l->office));
	snprintf(to->node, sizeof(to->node), "%.*s", SPAN_ARG(l->node));
}

static void see(struct node *n, const struct round *r)
{
	pthread_mutex_lock(&n->lock);
	watch_see(&n->watch, r->nodes, r->node_count, clock_steady());
	n->leases = 0;
	for (uint32_t i = 0; i < r->lease_count && n->leases < LEASES_MAX; i++)
		keep_lease(&n->lease[n->leases++], &r->leases[i]);
	pthread_mutex_unlock(&n->lock);
}

static bool holder_lives(struct node *n, const struct store_lease *l)
{
	bool alive;

	pthread_mutex_lock(&n->lock);
	alive = l->node.n && watch_lives(&n->watch, l->node, l->run);
	pthread_mutex_unlock(&n->lock);
	return alive;
}

static enum err take_push(struct store *s, void *context, struct cause *why)
{
	struct round *r = context;
	const int64_t epoch = r->push ? r->push->epoch : 0;
	const struct store_lease l = {DUTY_PUSH, epoch + 1, span_of(r->node->name), r->node->run,
				      0};

	return store_take_lease(s, &l, why);
}

/* The duty of delivering: this node's, or to be taken. */
static enum err see_push(struct node *n, struct round *r, struct cause *why)
{
	bool mine;
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < r->lease_count; i++)
		if (span_equal(r->leases[i].office, DUTY_PUSH))
			r->push = &r->leases[i];
	mine = r->push && span_is(r->push->node, n->name) && r->push->run == n->run;
	if (!mine && !(r->push && holder_lives(n, r->push))) {
		e = store_batch(n->store, take_push, r, why);
		mine = !e;
		atomic_store(&n->push_epoch, (r->push ? r->push->epoch : 0) + 1);
		if (e == ERR_CONFLICT)
			e = ERR_NONE; /* another node was first */
	} else if (mine) {
		atomic_store(&n->push_epoch, r->push->epoch);
	}
	if (mine != atomic_load(&n->has_push)) {
		atomic_store(&n->has_push, mine);
		log_event("duty", "name=push node=%s has=%s", n->name, mine ? "yes" : "no");
		push_changed(n->h->pusher);
	}
	return e;
}

/* Once a round, whatever fails. */
static void turn(struct node *n)
{
	struct round r = {.node = n};
	struct cause why = {0};
	enum err e;

	arena_reset(n->arena);
	e = store_batch(n->store, beat, &r, &why);
	if (!e)
		atomic_store(&n->beat_at, clock_steady());
	if (!e)
		e = store_snapshot(n->store, look, &r, &why);
	if (!e) {
		see(n, &r);
		e = see_push(n, &r, &why);
	}
	if (!e)
		e = follow_news(n, &why);
	if (!e)
		e = follow_notices(n, &why);
	if (e && !n->failing)
		log_event("node.failed", "name=%s error=%s detail=\"%s\"", n->name, err_name(e),
			  why.text);
	n->failing = e != ERR_NONE;
}

/* false: it is to stop. */
static bool rest(struct node *n)
{
	const int64_t until = clock_steady() + (int64_t)WATCH_LOOK_MS * 1000;
	const struct timespec at = {.tv_sec = (time_t)(until / 1000000),
				    .tv_nsec = (long)(until % 1000000) * 1000};
	bool stopping;

	pthread_mutex_lock(&n->lock);
	while (!n->stopping && clock_steady() < until)
		pthread_cond_timedwait(&n->wake, &n->lock, &at);
	stopping = n->stopping;
	pthread_mutex_unlock(&n->lock);
	return !stopping;
}

static void *run(void *context)
{
	struct node *n = context;

	do
		turn(n);
	while (rest(n));
	return NULL;
}

/* ---- begin and end ---- */

static bool name_sound(const char *s)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			    s[i]))
			return false;
	return n >= 1 && n <= NODE_NAME_BYTES;
}

static bool address_sound(const char *s)
{
	const size_t n = strlen(s);
	const char *host = !strncmp(s, "http://", 7)    ? s + 7
			   : !strncmp(s, "https://", 8) ? s + 8
							: "";

	for (const char *p = host; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("/?#@\"\\", *p))
			return false;
	return *host && n <= NODE_ADDRESS_BYTES;
}

struct beginning {
	struct node *node;
	uint8_t signer[32];
};

static enum err begin(struct store *s, void *context, struct cause *why)
{
	struct beginning *b = context;
	struct node *n = b->node;
	const struct store_node row = {.name = span_of(n->name),
				       .address = span_of(n->address),
				       .program = SPAN(CUSTOMHOUSE_VERSION),
				       .started_at = clock_now()};
	enum err e = store_note_signer(s, n->h->keys.sign_public, row.started_at, b->signer, why);

	if (!e && memcmp(b->signer, n->h->keys.sign_public, sizeof(b->signer)))
		return fail(
		    why, ERR_CONFLICT,
		    "%s/keys: other nodes sign this store with another key, and all sign with "
		    "the same: put a copy of the folder keys of one of them here",
		    n->h->where);
	return e ? e : store_begin_node(s, &row, &n->run, why);
}

enum err node_is_signed(struct store *s, bool *ret, struct cause *why)
{
	uint8_t signer[32];
	enum err e = store_get_signer(s, signer, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret = !e;
	return ERR_NONE;
}

enum err node_open(struct hub *h, const struct node_options *o, struct node **ret,
		   struct cause *why)
{
	struct node *n;
	struct beginning b = {0};
	pthread_condattr_t steady;
	enum err e;

	if (!name_sound(o->name))
		return fail(why, ERR_USAGE,
			    "%s: a node's name has 1 to %d letters, digits, dots, dashes and "
			    "underscores: give one with --node",
			    o->name, NODE_NAME_BYTES);
	if (!address_sound(o->address))
		return fail(why, ERR_USAGE,
			    "%s: other nodes reach this one at http://HOST:PORT or "
			    "https://HOST:PORT: give it with --advertise",
			    o->address);
	n = calloc(1, sizeof(*n));
	if (!n)
		return fail(why, ERR_NOMEM, "no memory");
	*ret = n; /* node_close() takes what there is of it */
	n->h = h;
	n->passing = o->passing;
	snprintf(n->name, sizeof(n->name), "%s", o->name);
	snprintf(n->address, sizeof(n->address), "%s", o->address);
	pthread_mutex_init(&n->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&n->wake, &steady);
	pthread_condattr_destroy(&steady);
	n->arena = arena_new(ARENA_BYTES);
	if (!n->arena)
		return fail(why, ERR_NOMEM, "no memory");
	e = store_open(h->database, &(struct store_options){.mode = STORE_OWN, .now = clock_now()},
		       &n->store, why);
	b.node = n;
	if (!e)
		e = store_batch(n->store, begin, &b, why);
	if (!e)
		e = follow_begin(n, n->store, why);
	if (!e)
		log_event("node.begun", "name=%s run=%lld address=%s", n->name, (long long)n->run,
			  n->address);
	return e;
}

enum err node_start(struct node *n, struct cause *why)
{
	struct round r = {.node = n};
	enum err e;

	/* who lives is known before the first case asks */
	arena_reset(n->arena);
	e = store_snapshot(n->store, look, &r, why);
	if (e)
		return e;
	see(n, &r);
	atomic_store(&n->beat_at, clock_steady());
	n->running = !pthread_create(&n->thread, NULL, run, n);
	return n->running ? ERR_NONE : fail(why, ERR_NOMEM, "no thread for the node");
}

static enum err end(struct store *s, void *context, struct cause *why)
{
	const struct node *n = context;
	enum err e = store_release_leases(s, span_of(n->name), n->run, why);

	if (e)
		return e;
	return n->passing ? store_remove_node(s, span_of(n->name), why)
			  : store_end_node(s, span_of(n->name), n->run, why);
}

void node_close(struct node *n)
{
	struct cause why = {0};

	if (!n)
		return;
	pthread_mutex_lock(&n->lock);
	n->stopping = true;
	pthread_cond_signal(&n->wake);
	pthread_mutex_unlock(&n->lock);
	if (n->running)
		pthread_join(n->thread, NULL);
	/* What is not given back is taken by others once this node is silent. */
	if (n->run && !atomic_load(&n->replaced) && store_batch(n->store, end, n, &why))
		log_event("node.end", "name=%s error=%s detail=\"%s\"", n->name, err_name(why.err),
			  why.text);
	store_close(n->store);
	arena_free(n->arena);
	pthread_cond_destroy(&n->wake);
	pthread_mutex_destroy(&n->lock);
	n->h->node = NULL;
	free(n);
}

/* ---- asked by any thread ---- */

bool node_may_settle(struct node *n, struct span office)
{
	bool may = true;

	pthread_mutex_lock(&n->lock);
	for (uint32_t i = 0; i < n->leases; i++) {
		const struct node_lease *l = &n->lease[i];

		if (span_is(office, l->office))
			may = !strcmp(l->node, n->name)
				  ? l->run == n->run
				  : !watch_lives(&n->watch, span_of(l->node), l->run);
	}
	pthread_mutex_unlock(&n->lock);
	return may;
}

bool node_is_ready(const struct node *n)
{
	return !atomic_load(&((struct node *)(uintptr_t)n)->replaced) &&
	       clock_steady() - atomic_load(&((struct node *)(uintptr_t)n)->beat_at) <
		   (int64_t)WATCH_SILENCE_MS * 1000;
}
