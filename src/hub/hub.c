#include "hub/hub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/audit/shadow.h"
#include "hub/cargo/presenter.h"
#include "hub/directories.h"
#include "hub/documents/scanner.h"
#include "hub/edition/simulation.h"
#include "hub/history/history.h"
#include "hub/house.h"
#include "hub/node/follow.h"
#include "hub/node/node.h"
#include "hub/people/people_room.h"

static bool fits(char to[4096], const char *text)
{
	return snprintf(to, 4096, "%s", text) < 4096;
}

/* Where keys, roots and the notes on messages in flight lie: the data directory. The store lies there too, or in a database. */
static enum err set_paths(struct hub *h, const struct hub_options *o, struct cause *why)
{
	const char *database = o->database ? o->database : o->where;
	char roots[4096];

	if (snprintf(roots, sizeof(roots), "%s/roots.log", o->where) >= (int)sizeof(roots) ||
	    !fits(h->where, o->where) || !fits(h->roots, o->roots ? o->roots : roots))
		return fail(why, ERR_LIMIT, "%s: the path is too long", o->where);
	if (!fits(h->database, database) ||
	    !fits(h->replica, o->read_database ? o->read_database : database))
		return fail(why, ERR_LIMIT, "the URL of the database is too long");
	if (o->mode == HUB_OWN && mkdir(o->where, 0750) && errno != EEXIST)
		return fail(why, ERR_IO, "%s: %s", o->where, strerror(errno));
	return ERR_NONE;
}

struct quarantining {
	struct hub *h;
	struct store_quarantine row;
};

static enum err put_quarantine(struct store *s, void *context, struct cause *why)
{
	struct quarantining *q = context;

	enum err e = store_put_quarantine(s, &q->row, why);

	return e || !q->h->node ? e : follow_tell_hash(q->h, NEWS_QUARANTINE, &q->row.sha256, why);
}

/* A message that a fatal signal interrupted, from the process before. */
static enum err keep_apart(void *context, struct span message, struct cause *why)
{
	struct quarantining q = {.h = context};
	char hex[65];
	enum err e;

	q.row = (struct store_quarantine){hash_bytes(message.p, message.n), message, clock_now(),
					  SPAN("the program stopped while it worked on this")};
	e = house_commit(q.h, put_quarantine, &q, why);
	hash_hex(&q.row.sha256, hex);
	if (!e)
		log_event("quarantine.added", "sha256=%s bytes=%u", hex, message.n);
	return e;
}

static enum err remember(void *context, const struct store_quarantine *q, struct cause *why)
{
	struct hub *h = context;
	struct hash *more = realloc(h->quarantined, (h->quarantined_count + 1) * sizeof(*more));

	if (!more)
		return fail(why, ERR_NOMEM, "no memory for the list of quarantined messages");
	h->quarantined = more;
	h->quarantined[h->quarantined_count++] = q->sha256;
	return ERR_NONE;
}

/* A shadow never becomes a hub that works, nor that one a shadow: nobody would know any more what was decided for which. */
static enum err know_effect(struct hub *h, enum hub_effect wanted, struct cause *why)
{
	enum err e = shadow_read(h->store, &h->shadow, why);

	if (e)
		return e;
	if (wanted == EFFECT_LIVE && h->shadow)
		return fail(why, ERR_CONFLICT,
			    "this store was begun with --shadow and stays a shadow: serve it with "
			    "--shadow, or begin a new one (docs/compare.md)");
	if (wanted == EFFECT_NONE && !h->shadow)
		return fail(why, ERR_CONFLICT,
			    "this store was begun without --shadow: what it decides has an "
			    "effect; a shadow needs a store of its own (docs/compare.md)");
	if (h->shadow)
		h->shadow_arena = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	return h->shadow && !h->shadow_arena ? fail(why, ERR_NOMEM, "no memory") : ERR_NONE;
}

static enum err own(struct hub *h, const struct hub_options *o, struct cause *why)
{
	enum err e = inflight_open(h->where, keep_apart, h, &h->inflight, why);

	if (!e)
		e = store_scan_quarantine(h->store, remember, h, why);
	if (!e)
		e = packs_today(h, why);
	if (e == ERR_NOT_FOUND && o->pack) {
		*why = (struct cause){0};
		e = packs_seed(h, o->pack, o->effect == EFFECT_NONE, why);
	}
	if (!e)
		e = know_effect(h, o->effect, why);
	if (!e)
		e = directories_keep(h, why);
	if (!e)
		e = people_open(h, why);
	if (!e && h->node)
		e = node_start(h->node, why);
	if (!e)
		e = settle_start(h, why);
	if (!e)
		e = presenter_start(h, why);
	if (!e && o->push) {
		h->push_local = o->push->local;
		e = push_start(h, o->push, why);
	}
	return e || !o->clamav ? e : scanner_start(h, o->clamav, why);
}

/* A restored store has no keys until somebody puts them back: it can be read and replayed, and verify says what it lacks. */
static enum err open_keys(struct hub *h, enum hub_mode mode, struct cause *why)
{
	bool is_signed = false;
	enum err e = ERR_NONE;

	if (mode == HUB_OWN && strcmp(h->where, h->database))
		e = node_is_signed(h->store, &is_signed, why);
	if (!e && is_signed && !keys_are_there(h->where))
		e = fail(why, ERR_NOT_FOUND,
			 "%s/keys: this store has been signed by other nodes, and all sign with "
			 "the same "
			 "keys: copy the folder keys of one of them to here",
			 h->where);
	if (e)
		return e;
	e = keys_open(h->where, mode == HUB_OWN, &h->keys, why);
	h->has_keys = !e;
	if (e != ERR_NOT_FOUND || mode == HUB_OWN)
		return e;
	*why = (struct cause){0};
	return ERR_NONE;
}

/* Who owns a database shares it: a verb that is no server is a node for a moment, which nobody can pass anything on to. */
static enum err open_node(struct hub *h, const struct node_options *given, struct cause *why)
{
	char host[40] = "", name[NODE_NAME_BYTES + 1];
	struct node_options o = {.name = name, .address = "http://localhost:9", .passing = true};

	if (!strcmp(h->where, h->database))
		return ERR_NONE;
	if (gethostname(host, sizeof(host) - 1))
		host[0] = 0;
	snprintf(name, sizeof(name), "%s.%lld", host, (long long)getpid());
	return node_open(h, given ? given : &o, &h->node, why);
}

enum err hub_open(const struct hub_options *options, struct hub **ret, struct cause *why)
{
	struct store_options so = {.mode = options->mode == HUB_OWN ? STORE_OWN : STORE_READ,
				   .socket = options->socket,
				   .now = clock_now(),
				   .home = options->where};
	struct hub *h = calloc(1, sizeof(*h));
	struct cause own_why = {0};
	pthread_condattr_t steady;
	enum err e;

	if (!why)
		why = &own_why;
	if (!h)
		return fail(why, ERR_NOMEM, "no memory");
	pthread_mutex_init(&h->lock, NULL);
	pthread_mutex_init(&h->listeners_lock, NULL);
	/* what clock_steady() reads: deadlines do not wait for a wall clock that was set back */
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&h->wake, &steady);
	pthread_condattr_destroy(&steady);
	h->mode = options->mode;
	h->list_seconds = options->list_seconds ? options->list_seconds : LIMIT_LIST_SECONDS;
	h->inforce_day = INT32_MIN;
	h->batch_arena = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
	h->offices = calloc(OFFICES_MAX, sizeof(*h->offices));
	h->history = history_open();
	e = h->batch_arena && h->offices && h->history ? set_paths(h, options, why)
						       : fail(why, ERR_NOMEM, "no memory");
	if (!e)
		e = store_open(h->database, &so, &h->store, why);
	if (!e && options->patience) {
		h->patience = *options->patience;
		store_set_patience(h->store, &h->patience);
	}
	if (!e)
		e = open_keys(h, options->mode, why);
	if (!e && options->mode == HUB_READ)
		e = shadow_read(h->store, &h->shadow, why);
	if (!e && options->mode == HUB_OWN)
		e = open_node(h, options->node, why);
	if (!e && options->mode == HUB_OWN)
		e = own(h, options, why);
	if (e) {
		hub_close(h);
		return e;
	}
	*ret = h;
	return ERR_NONE;
}

void hub_close(struct hub *h)
{
	if (!h)
		return;
	audits_stop(h->audits);
	simulations_stop(h->simulations);
	scanner_stop(h);
	push_stop(h->pusher);
	presenter_stop(h->presenter);
	people_finish(h);
	settle_stop(h);
	node_close(h->node);
	/* only now is there nobody who wakes them: the writer of one, the node's thread of the other */
	scanner_free(h->scanner);
	push_free(h->pusher);
	presenter_free(h->presenter);
	people_close(h);
	inflight_close(h->inflight);
	house_free_readers(h);
	store_close(h->store);
	inforce_release(h->inforce);
	arena_free(h->batch_arena);
	history_close(h->history);
	arena_free(h->shadow_arena);
	keys_forget(&h->keys);
	pthread_cond_destroy(&h->wake);
	pthread_mutex_destroy(&h->lock);
	pthread_mutex_destroy(&h->listeners_lock);
	free(h->offices);
	free(h->quarantined);
	free(h);
}

void hub_get_figures(struct hub *h, struct hub_figures *ret)
{
	*ret = (struct hub_figures){
	    .submitted = h->submitted,
	    .accepted = h->accepted,
	    .rejected = h->rejected,
	    .repeated = h->repeated,
	    .conflicts = h->conflicts,
	    .denied = h->denied,
	    .unreadable = h->unreadable,
	    .failed = h->failed,
	    .elsewhere = h->elsewhere,
	    .batches = h->batches,
	    .round_trips = h->round_trips,
	    .replica_away = h->replica_away,
	    .batch_microseconds = h->batch_microseconds,
	    .writable = h->writable && (!h->node || node_is_ready(h->node)),
	};
	if (h->people) {
		ret->passwords_hashed = h->people->hashed;
		ret->passwords_right = h->people->passed;
		ret->passwords_wrong = h->people->refused;
		ret->passwords_held_up = h->people->held_up;
	}
	pthread_mutex_lock(&h->lock);
	ret->queue = h->queued;
	ret->queue_max = h->queued_max;
	pthread_mutex_unlock(&h->lock);
	push_get_figures(h->pusher, &ret->push);
}
