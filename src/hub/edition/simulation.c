#include "hub/edition/simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "hub/edition/candidate.h"
#include "hub/edition/changes.h"
#include "hub/edition/revenue.h"
#include "hub/edition/rules_trial.h"
#include "hub/house.h"
#include "hub/people/people_room.h"

enum { LOGIN_BYTES = 80 };

struct simulations {
	pthread_mutex_t lock; /* guards what follows */
	pthread_t thread;
	bool begun, running; /* a thread was made, and not yet joined; it works */
	struct simulation_order order;
	char by[LOGIN_BYTES];
	int64_t started_at, ended_at, done;
	struct cause failed;
	bool cancelled;

	struct hub *hub;
	struct inforce *with, *base; /* the thread's, while it works */
	atomic_bool stop;
};

static void on_progress(void *context, int64_t done, int64_t total)
{
	struct simulations *s = context;

	(void)total;
	pthread_mutex_lock(&s->lock);
	s->done = done;
	pthread_mutex_unlock(&s->lock);
}

struct report {
	const struct revenue *r;
	struct changes changes;
	struct text text, changed;
	enum err err;
};

static void write_report(void *context)
{
	struct report *r = context;

	r->text = text_in(r->r->arena);
	revenue_write(&r->text, r->r, SIMULATION_ROWS);
	r->err = changes_find(&r->changes);
	r->changed = text_in(r->r->arena);
	changes_write(&r->changed, &r->changes, SIMULATION_ROWS);
}

static enum err keep(struct simulations *s, const struct revenue *r, struct cause *why)
{
	struct report report = {
	    .r = r,
	    .changes = {.arena = r->arena,
			.scratch = arena_new(LIMIT_ARENA_BYTES),
			.before = s->base->ref,
			.after = s->with->ref,
			.day = s->order.as_of != INT32_MIN
				   ? s->order.as_of
				   : day_of(clock_now(), ref_zone_minutes(s->with->ref)),
			.trade = r}};
	enum err e =
	    report.changes.scratch ? arena_run(r->arena, write_report, &report) : ERR_NOMEM;

	arena_free(report.changes.scratch);
	if (e || report.err)
		return fail(why, e ? e : report.err, "no memory for the report");
	e = hub_attach_report(s->hub, r->arena, span_of(s->by), s->order.candidate, SPAN("changes"),
			      text_as_span(&report.changed), why);
	return e ? e
		 : hub_attach_report(s->hub, r->arena, span_of(s->by), s->order.candidate,
				     SPAN("revenue"), text_as_span(&report.text), why);
}

static enum err simulate_revenue(struct simulations *s, struct hub *reader, struct cause *why)
{
	struct revenue r = {.with = s->with,
			    .as_of = s->order.as_of,
			    .trade = {.from = s->order.since,
				      .to = INT32_MAX,
				      .stop = &s->stop,
				      .progress = on_progress,
				      .context = s}};
	enum err e = hub_simulate_revenue(reader, &r, why);

	if (!e)
		e = keep(s, &r, why);
	revenue_free(&r);
	return e;
}

struct rules_report {
	const struct rules_trial *trial;
	struct text text;
};

static void write_rules_report(void *context)
{
	struct rules_report *r = context;

	r->text = text_in(r->trial->arena);
	rules_trial_write(&r->text, r->trial, SIMULATION_ROWS);
}

static enum err simulate_rules(struct simulations *s, struct hub *reader, struct cause *why)
{
	struct rules_trial t = {.with = s->with,
				.trade = {.from = s->order.since,
					  .to = INT32_MAX,
					  .stop = &s->stop,
					  .progress = on_progress,
					  .context = s}};
	struct rules_report report = {.trial = &t};
	enum err e = hub_try_rules(reader, &t, why);

	if (!e && arena_run(t.arena, write_rules_report, &report))
		e = fail(why, ERR_NOMEM, "no memory for the report");
	if (!e)
		e = hub_attach_report(s->hub, t.arena, span_of(s->by), s->order.candidate,
				      SPAN("rules"), text_as_span(&report.text), why);
	rules_trial_free(&t);
	return e;
}

static bool changed(const struct simulations *s, enum pack_part p)
{
	return strcmp(s->with->hash[p], s->base->hash[p]) != 0;
}

/* What the candidate changes, with a hub of its own that only reads. */
static enum err simulate(struct simulations *s, struct cause *why)
{
	struct hub *h;
	enum err e = hub_open(&(struct hub_options){.where = s->hub->where,
						    .database = s->hub->replica,
						    .mode = HUB_READ},
			      &h, why);

	if (e)
		return e;
	if (changed(s, PACK_TABLES))
		e = simulate_revenue(s, h, why);
	if (!e && (changed(s, PACK_RULES) || changed(s, PACK_LISTS)))
		e = simulate_rules(s, h, why);
	hub_close(h);
	return e;
}

static void *work(void *context)
{
	struct simulations *s = context;
	struct cause why = {0};
	enum err e = simulate(s, &why);

	inforce_release(s->with);
	inforce_release(s->base);
	s->with = s->base = NULL;
	pthread_mutex_lock(&s->lock);
	s->cancelled = e && atomic_load(&s->stop);
	s->failed = why;
	if (e && !s->failed.err)
		fail(&s->failed, e, "%s", err_name(e));
	s->ended_at = clock_now();
	s->running = false;
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* Those of a hub, made when the first is asked for. */
static struct simulations *simulations_of(struct hub *h)
{
	pthread_mutex_lock(&h->lock);
	if (!h->simulations) {
		h->simulations = calloc(1, sizeof(*h->simulations));
		if (h->simulations) {
			pthread_mutex_init(&h->simulations->lock, NULL);
			h->simulations->hub = h;
		}
	}
	pthread_mutex_unlock(&h->lock);
	return h->simulations;
}

static enum err load(struct hub *h, const struct who *by, int64_t number, struct inforce **ret,
		     struct inforce **ret_base, struct cause *why)
{
	struct arena *big = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct span archive[PACK_PARTS], base[PACK_PARTS];
	struct pack_faults faults = {.arena = big};
	enum err e = big ? hub_get_candidate(h, big, by, number, archive, base, why)
			 : fail(why, ERR_NOMEM, "no memory for a pack");

	if (!e)
		e = candidate_demand(by, !span_equal(archive[PACK_TABLES], base[PACK_TABLES]), why);
	if (!e)
		e = inforce_load(archive, ret, &faults, why);
	if (!e)
		e = inforce_load(base, ret_base, &faults, why);
	arena_free(big);
	return e;
}

static enum err begin(struct simulations *s, const struct who *by, const struct simulation_order *o,
		      struct inforce *with, struct inforce *base, struct cause *why)
{
	if (s->running)
		return fail(why, ERR_BUSY, "candidate %lld is being simulated: one at a time",
			    (long long)s->order.candidate);
	if (s->begun)
		pthread_join(s->thread, NULL);
	s->order = *o;
	s->with = with;
	s->base = base;
	snprintf(s->by, sizeof(s->by), "%.*s", SPAN_ARG(by->user));
	s->started_at = clock_now();
	s->ended_at = s->done = 0;
	s->failed = (struct cause){0};
	s->cancelled = false;
	atomic_store(&s->stop, false);
	s->begun = s->running = !pthread_create(&s->thread, NULL, work, s);
	return s->running ? ERR_NONE : fail(why, ERR_NOMEM, "no thread for a simulation");
}

enum err hub_start_simulation(struct hub *h, const struct who *by, const struct simulation_order *o,
			      struct cause *why)
{
	struct simulations *s = simulations_of(h);
	struct inforce *with = NULL, *base = NULL;
	enum err e;

	if (!s)
		return fail(why, ERR_NOMEM, "no memory for a simulation");
	e = candidate_demand(by, false, why);
	if (!e)
		e = load(h, by, o->candidate, &with, &base, why);
	if (!e) {
		pthread_mutex_lock(&s->lock);
		e = begin(s, by, o, with, base, why);
		pthread_mutex_unlock(&s->lock);
	}
	if (e) {
		inforce_release(with);
		inforce_release(base);
	}
	return e;
}

/* ---- how it stands ---- */

struct standing {
	struct simulation_order order;
	char by[LOGIN_BYTES];
	int64_t started_at, ended_at, done;
	struct cause failed;
	bool running, cancelled;
};

static enum err stands(struct hub *h, int64_t candidate, struct standing *ret)
{
	struct simulations *s = simulations_of(h);
	enum err e = ERR_NOT_FOUND;

	if (!s)
		return e;
	pthread_mutex_lock(&s->lock);
	if (s->begun && s->order.candidate == candidate) {
		*ret = (struct standing){.order = s->order,
					 .started_at = s->started_at,
					 .ended_at = s->ended_at,
					 .done = s->done,
					 .failed = s->failed,
					 .running = s->running,
					 .cancelled = s->cancelled};
		memcpy(ret->by, s->by, sizeof(s->by));
		e = ERR_NONE;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}

enum err hub_write_simulation(struct hub *h, struct text *to, const struct who *by,
			      int64_t candidate, struct cause *why)
{
	struct json_writer w = json_to(to);
	struct standing s;
	enum err e = people_demand(by, ROLE_TARIFF | ROLE_ANALYST | ROLE_AUDITOR, why);

	if (!e)
		e = stands(h, candidate, &s);
	if (e)
		return e;
	json_open_object(&w);
	json_put_int(&w, "candidate", candidate);
	json_put_c(&w, "state",
		   s.running      ? "running"
		   : s.cancelled  ? "cancelled"
		   : s.failed.err ? "failed"
				  : "done");
	json_put_c(&w, "started_by", s.by);
	json_put_moment(&w, "started_at", s.started_at);
	json_put_moment(&w, "ended_at", s.ended_at);
	json_put_int(&w, "done", s.done);
	if (s.failed.err && !s.cancelled)
		json_put_c(&w, "detail", s.failed.text);
	json_close_object(&w);
	return ERR_NONE;
}

enum err hub_cancel_simulation(struct hub *h, const struct who *by, int64_t candidate,
			       struct cause *why)
{
	struct simulations *s = simulations_of(h);
	enum err e = candidate_demand(by, false, why);

	if (e || !s)
		return e ? e : ERR_NOT_FOUND;
	e = ERR_NOT_FOUND;
	pthread_mutex_lock(&s->lock);
	if (s->begun && s->order.candidate == candidate) {
		if (s->running)
			atomic_store(&s->stop, true);
		e = ERR_NONE;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}

void simulations_stop(struct simulations *s)
{
	if (!s)
		return;
	atomic_store(&s->stop, true);
	if (s->begun)
		pthread_join(s->thread, NULL);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
