/* Reading: every read of a case passes hub_get_case(), and there scope_case(), which says how much of it who asks may see.
 * Each call has a connection to itself, so that readers never wait for the writer. */
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/house.h"
#include "hub/life/erase.h"
#include "hub/people/people.h"
#include "hub/targeting.h"

/* Connections are kept for the next reader: opening one costs more than most reads. */
static enum err open_kept(struct hub *h, struct readers *kept, const char *where,
			  struct store **ret, struct cause *why)
{
	struct store *s = NULL;

	pthread_mutex_lock(&h->lock);
	if (kept->count)
		s = kept->idle[--kept->count];
	pthread_mutex_unlock(&h->lock);
	if (s) {
		*ret = s;
		return ERR_NONE;
	}
	return store_open(where, &(struct store_options){.mode = STORE_READ}, ret, why);
}

static void keep(struct hub *h, struct readers *kept, struct store *s)
{
	if (s == h->store)
		return;
	store_set_patience(s, NULL);
	pthread_mutex_lock(&h->lock);
	if (kept->count < READERS_KEPT) {
		kept->idle[kept->count++] = s;
		s = NULL;
	}
	pthread_mutex_unlock(&h->lock);
	store_close(s);
}

static int64_t in_seconds(uint32_t n)
{
	return clock_steady() + (int64_t)n * 1000000;
}

enum err house_open_reader(struct hub *h, struct store **ret, struct cause *why)
{
	enum err e;

	if (h->mode == HUB_READ) {
		*ret = h->store;
		return ERR_NONE;
	}
	e = open_kept(h, &h->readers, h->database, ret, why);
	if (!e)
		store_set_patience(*ret,
				   &(struct patience){.until = in_seconds(LIMIT_LOOK_SECONDS)});
	return e;
}

void house_close_reader(struct hub *h, struct store *s)
{
	keep(h, &h->readers, s);
}

/* A replica that is away is left alone for a while: nobody waits for it twice. */
enum { REPLICA_AWAY_SECONDS = 5, OF_PRIMARY = 1 };

static bool is_away(const struct hub *h)
{
	return atomic_load(&h->replica_away) && clock_steady() < atomic_load(&h->replica_again_at);
}

static void note_replica(struct hub *h, const struct cause *why)
{
	const bool away = why != NULL;

	atomic_store(&h->replica_again_at,
		     clock_steady() + (int64_t)REPLICA_AWAY_SECONDS * 1000000);
	if (atomic_exchange(&h->replica_away, away) != away)
		log_event("replica", "away=%s detail=\"%s\"", away ? "yes" : "no",
			  why ? why->text : "");
}

/* From the replica, if it answers. */
static enum err open_replica(struct hub *h, struct store **ret, struct cause *why)
{
	struct store *s = NULL;
	enum err e = open_kept(h, &h->listers, h->replica, &s, why);

	if (!e)
		e = store_ask(s, why);
	if (e)
		store_close(s);
	else
		*ret = s;
	return e;
}

static enum err open_lister(struct hub *h, struct store **ret, struct cause *why)
{
	struct cause away = {0};
	enum err e;

	if (!strcmp(h->replica, h->database))
		return open_kept(h, &h->listers, h->replica, ret, why);
	if (!is_away(h)) {
		e = open_replica(h, ret, &away);
		note_replica(h, e ? &away : NULL);
		if (!e)
			return ERR_NONE;
	}
	e = open_kept(h, &h->readers, h->database, ret, why);
	if (!e)
		store_mark(*ret, OF_PRIMARY);
	return e;
}

enum err house_open_lister(struct hub *h, const struct patience *gone, struct store **ret,
			   struct cause *why)
{
	struct patience p = gone ? *gone : (struct patience){0};
	enum err e;

	if (h->mode == HUB_READ) {
		*ret = h->store;
		return ERR_NONE;
	}
	p.until = in_seconds(h->list_seconds);
	e = open_lister(h, ret, why);
	if (!e)
		store_set_patience(*ret, &p);
	return e;
}

void house_close_lister(struct hub *h, struct store *s)
{
	const bool primary = store_get_mark(s) == OF_PRIMARY;

	if (primary)
		store_mark(s, 0);
	keep(h, primary ? &h->readers : &h->listers, s);
}

enum err house_list(struct hub *h, const struct patience *gone, const struct house_listing *l,
		    struct cause *why)
{
	struct store *s;
	enum err e = house_open_lister(h, gone, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, l->read, l->context, why);
	house_close_lister(h, s);
	if (!e && arena_run(l->arena, l->write, l->context))
		e = fail(why, ERR_NOMEM, "no memory for the list");
	return e;
}

void house_free_readers(struct hub *h)
{
	while (h->readers.count)
		store_close(h->readers.idle[--h->readers.count]);
	while (h->listers.count)
		store_close(h->listers.idle[--h->listers.count]);
}

struct look {
	struct hub *hub;
	struct arena *arena;
	const struct hub_look *wanted;
	struct hub_case *to;
};

/* What only officers may know does not leave here. */
static void hide(struct hub_case *c, enum view view, bool shadow)
{
	const bool free = span_is(c->state, "released") || span_is(c->state, "exited");

	c->decision = (struct span){NULL, 0, 0};
	c->lane = SPAN("");
	/* The state would tell a case that was selected from one that was not. */
	c->state = shadow ? SPAN("shadow") : free ? SPAN("released") : SPAN("held");
	if (view < VIEW_TRADER)
		c->answer = c->trader_reference = c->type = SPAN("");
}

/* A case stands where its life is; a request that has a number of its own, and a version that was asked for, where they stood. */
static enum err stand(struct look *l, struct store *s, const struct store_declaration *row,
		      struct cause *why)
{
	struct hub_case *c = l->to;
	struct life life;
	enum err e;

	if (l->hub->shadow || l->wanted->version || span_is(row->state, "request") ||
	    span_is(row->state, "rejected"))
		return ERR_NONE;
	e = life_of(s, l->arena, row, &life, why);
	if (e)
		return e;
	c->state = span_of(flow_state_name(life.now.state));
	c->lane = span_of(lane_name(life.now.lane));
	c->now = flow_public(&life.now, clock_now());
	c->lives = true;
	return ERR_NONE;
}

static enum err look(struct store *s, void *context, struct cause *why)
{
	struct look *l = context;
	struct store_declaration row = {0};
	struct event *events;
	enum view view;
	uint32_t n;
	enum err e = scope_case(l->hub, s, l->arena, l->wanted->who, l->wanted->reference,
				l->wanted->purpose, l->wanted->request, &row, &view, why);

	if (e)
		return e;
	*l->to = (struct hub_case){.view = view,
				   .office = row.office,
				   .reference = row.reference,
				   .state = row.state,
				   .lane = row.lane,
				   .type = row.type,
				   .trader_reference = row.trader_reference,
				   .version = row.version,
				   .decided_at = row.decided_at};
	e = stand(l, s, &row, why);
	if (!e)
		e = store_list_events(s, l->arena, row.office, row.reference, &events, &n, why);
	for (uint32_t i = 0; !e && i < n; i++) {
		if (span_equal(events[i].kind, ERASURE_KIND) && events[i].payload.p &&
		    memmem(events[i].payload.p, events[i].payload.n, "\"done\"", 6)) {
			l->to->erasure = events[i].payload;
			l->to->erased_by = events[i].actor;
			l->to->erased_at = events[i].at;
		}
		if (events[i].version != (l->wanted->version ? l->wanted->version : row.version))
			continue;
		if (span_is(events[i].kind, "decision")) {
			l->to->decision = events[i].payload;
			l->to->decided_at = events[i].at;
			l->to->version = events[i].version;
		} else if (span_is(events[i].kind, "answer")) {
			l->to->answer = events[i].payload;
		}
	}
	if (!e && !l->to->decision.p)
		return ERR_NOT_FOUND;
	if (view < VIEW_OFFICER)
		hide(l->to, view, l->hub->shadow);
	return e;
}

/* An officer without a clearance for targeting reads less of why it was selected. */
struct lessening {
	struct arena *arena;
	struct hub_case *c;
	const struct ruleset *rules;
};

static void lessen(void *context)
{
	struct lessening *l = context;

	l->c->decision = targeting_for_officer(l->arena, l->c->decision, l->rules);
}

static enum err hide_targeting(struct hub *h, struct look *l, struct cause *why)
{
	struct lessening x = {.arena = l->arena, .c = l->to};
	struct inforce *inforce;
	enum err e;

	if (l->to->view != VIEW_OFFICER || targeting_cleared(l->wanted->who))
		return ERR_NONE;
	inforce = house_inforce(h);
	x.rules = inforce ? inforce->rules : NULL;
	e = arena_run(l->arena, lessen, &x);
	if (inforce)
		inforce_release(inforce);
	return e ? fail(why, e, "no memory for the decision of a case") : ERR_NONE;
}

enum err hub_get_case(struct hub *h, struct arena *a, const struct hub_look *wanted,
		      struct hub_case *ret, struct cause *why)
{
	struct hub_case found;
	struct look l = {h, a, wanted, &found};
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, look, &l, why);
	house_close_reader(h, s);
	if (!e)
		e = hide_targeting(h, &l, why);
	if (!e)
		*ret = found;
	return e;
}

/* ---- the declaration itself ---- */

struct declared {
	struct look look;
	struct store_declaration row;
	struct message message;
	enum view view;
};

static enum err find_declared(struct store *s, void *context, struct cause *why)
{
	struct declared *d = context;
	const struct look *l = &d->look;
	enum err e = scope_case(l->hub, s, l->arena, l->wanted->who, l->wanted->reference,
				l->wanted->purpose, l->wanted->request, &d->row, &d->view, why);

	if (e)
		return e;
	/* A request is no declaration; a hub in shadow says nothing but that it took a message. */
	if (d->view < VIEW_TRADER || span_is(d->row.state, "request") ||
	    (l->hub->shadow && d->view < VIEW_AUDITOR))
		return ERR_NOT_FOUND;
	return house_message_of(s, l->arena, &d->row, &d->message, why);
}

struct writing {
	struct text *to;
	const struct message *message;
};

static void write_declared(void *context)
{
	const struct writing *w = context;

	msg_write_json(w->to, w->message);
}

enum err hub_write_declaration(struct hub *h, struct text *to, const struct hub_look *wanted,
			       struct cause *why)
{
	struct declared d = {.look = {h, to->arena, wanted, NULL}};
	struct text text = text_in(to->arena);
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, find_declared, &d, why);
	house_close_reader(h, s);
	if (!e)
		e = arena_run(to->arena, write_declared, &(struct writing){&text, &d.message});
	if (!e)
		*to = text;
	return e;
}
