/* Replay: decide every stored decision again, from its own log, and compare the bytes.
 *
 * The chains are cut into stretches, which as many threads as there are processors take one after the other, each
 * with its own connection and its own versions: deciding again depends on nothing but the log. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "hub/audit/redecide.h"
#include "hub/cargo/cargo_decide.h"
#include "hub/directories.h"
#include "hub/house.h"
#include "hub/life/act_record.h"
#include "hub/messages/message_check.h"
#include "hub/travel/travels.h"

enum { STRETCH = 4000, BEFORE = 2, THREADS_MAX = 16 };

struct stretch {
	struct span office;
	int64_t from, to; /* both included */
};

/* What the threads share. */
struct replay {
	struct hub *hub;
	int64_t since;
	struct audit_report *report; /* under lock */
	pthread_mutex_t lock;
	DICT_LIST(struct stretch) stretches;
	uint32_t next;
	enum err err; /* the first that stopped a thread */
	struct cause why;
};

/* Input, amended declaration and decision of a case stand one behind the other in the chain of its office: the walk
 * keeps the last ones. */
struct walk {
	struct replay *replay;
	struct arena *kept, *once; /* payloads that wait; the work on one decision */
	struct store *store;
	struct versions *versions;
	int64_t from, to; /* the stretch: decisions with these numbers */
	struct evidence evidence;
	struct span reference;
	int64_t version;
	bool erased; /* its message */
	struct cause why;
};

static void found(struct walk *w, const struct event *e, const char *text)
{
	struct audit_report *r = w->replay->report;

	pthread_mutex_lock(&w->replay->lock);
	r->differences++;
	if (r->fault)
		r->fault(r->context, e->office, e->seq, e->reference, text);
	pthread_mutex_unlock(&w->replay->lock);
}

static void count(struct replay *r)
{
	pthread_mutex_lock(&r->lock);
	if (++r->report->looked_at % 1000 == 0 && r->report->progress)
		r->report->progress(r->report->context, r->report->looked_at, 0);
	pthread_mutex_unlock(&r->lock);
}

static void where_they_differ(struct walk *w, const struct event *e, struct span now)
{
	struct span then = e->payload;
	uint32_t i = 0, from;

	while (i < now.n && i < then.n && now.p[i] == then.p[i])
		i++;
	from = i > 40 ? i - 40 : 0;
	snprintf(w->why.text, sizeof(w->why.text),
		 "differs at byte %u: stored ...%.*s, now ...%.*s", i,
		 (int)(then.n - from < 90 ? then.n - from : 90), then.p + from,
		 (int)(now.n - from < 90 ? now.n - from : 90), now.p + from);
	found(w, e, w->why.text);
}

/* A decision of before decisions named the directory that their message was read by: that one lies in the folder, or nowhere. */
static bool is_of_the_folder(struct walk *w, const struct event *e, const struct inforce *inforce)
{
	struct span now;

	if (w->evidence.directories || !hub_directories())
		return false;
	w->evidence.directories = hub_directories();
	w->evidence.unnamed = true;
	return !redecide(w->once, &w->evidence, inforce, &now, &w->why) &&
	       span_equal(now, e->payload);
}

/* What a decision rests on is gone: counted. Whether that was ordered is for verify to tell. */
static bool is_erased(struct walk *w, const struct event *e)
{
	if (!w->erased || !span_equal(e->reference, w->reference))
		return false;
	pthread_mutex_lock(&w->replay->lock);
	w->replay->report->erased++;
	pthread_mutex_unlock(&w->replay->lock);
	return true;
}

static void compare(struct walk *w, const struct event *e)
{
	const struct inforce *inforce;
	struct codec_fault fault;
	struct span now;

	w->why = (struct cause){0};
	count(w->replay);
	if (is_erased(w, e))
		return;
	if (!span_equal(e->reference, w->reference) || e->version != w->version ||
	    !w->evidence.input.p) {
		found(w, e, "the log does not hold the input of this decision");
		return;
	}
	if (json_read(w->once, e->payload, &w->evidence.decision, &fault)) {
		found(w, e, "the stored decision cannot be read");
		return;
	}
	w->evidence.unnamed = false;
	if (versions_of(w->versions, w->evidence.decision, &inforce, &w->why) ||
	    directories_named(w->store, directories_of(w->evidence.decision),
			      &w->evidence.directories, &w->why) ||
	    redecide(w->once, &w->evidence, inforce, &now, &w->why)) {
		found(w, e, w->why.text);
		return;
	}
	if (!span_equal(now, e->payload) && !is_of_the_folder(w, e, inforce))
		where_they_differ(w, e, now);
}

/* A cargo report is decided again from its bytes, which stand right before. */
static void compare_cargo(struct walk *w, const struct event *e)
{
	const struct edifact_set *directories;
	const struct inforce *inforce;
	const struct json *decision;
	struct codec_fault fault;
	struct span now;

	w->why = (struct cause){0};
	count(w->replay);
	if (!span_equal(e->reference, w->reference) || e->version != w->version ||
	    !w->evidence.input.p)
		found(w, e, "the log does not hold the bytes of this cargo report");
	else if (json_read(w->once, e->payload, &decision, &fault))
		found(w, e, "the stored decision cannot be read");
	else if (versions_of(w->versions, decision, &inforce, &w->why) ||
		 directories_named(w->store, directories_of(decision), &directories, &w->why) ||
		 cargo_redecide(w->once, w->evidence.input, decision, directories, inforce, &now,
				&w->why))
		found(w, e, w->why.text);
	else if (!span_equal(now, e->payload))
		where_they_differ(w, e, now);
}

/* A message that is kept is checked again likewise. */
static void compare_message(struct walk *w, const struct event *e)
{
	const struct edifact_set *directories;
	const struct json *check;
	struct codec_fault fault;
	struct span now;

	w->why = (struct cause){0};
	count(w->replay);
	if (is_erased(w, e))
		return;
	if (!span_equal(e->reference, w->reference) || !w->evidence.input.p)
		found(w, e, "the log does not hold the bytes of this message");
	else if (json_read(w->once, e->payload, &check, &fault))
		found(w, e, "the stored check cannot be read");
	else if (directories_named(w->store, directories_of(check), &directories, &w->why) ||
		 message_recheck(w->once, w->evidence.input, check, directories, &now, &w->why))
		found(w, e, w->why.text);
	else if (!span_equal(now, e->payload))
		where_they_differ(w, e, now);
}

/* A traveller's declaration likewise holds what it rests on, but its pack. */
static void travel_again(struct walk *w, const struct event *e)
{
	const struct inforce *inforce;
	const struct json *payload;
	struct codec_fault fault;
	struct span now;

	w->why = (struct cause){0};
	count(w->replay);
	if (json_read(w->once, e->payload, &payload, &fault))
		found(w, e, "a traveller's declaration cannot be read");
	else if (versions_of(w->versions, payload, &inforce, &w->why) ||
		 travel_redo(w->once, payload, inforce, &now, &w->why))
		found(w, e, w->why.text);
	else if (!span_equal(now, e->payload))
		where_they_differ(w, e, now);
}

/* An act holds all that it rests on. */
static void act_again(struct walk *w, const struct event *e)
{
	const struct json *payload;
	struct codec_fault fault;
	struct act_record r;

	count(w->replay);
	if (json_read(w->once, e->payload, &payload, &fault) || act_record_read(payload, e->at, &r))
		found(w, e, "the stored act cannot be read");
	else if (!act_record_replays(w->once, &r))
		found(w, e, "the act, done again, does something else");
}

struct step {
	struct walk *walk;
	const struct event *event;
};

static void take_step(void *context)
{
	struct walk *w = ((struct step *)context)->walk;
	const struct event *e = ((struct step *)context)->event;

	if (span_is(e->kind, "input") || span_is(e->kind, "cargo-input") ||
	    span_is(e->kind, "message-input")) {
		arena_reset(w->kept);
		w->evidence = (struct evidence){0};
		w->reference = span_copy(w->kept, e->reference);
		w->version = e->version;
		w->erased = !e->payload.p;
		if (e->payload.p)
			w->evidence.input = (struct span){
			    arena_copy(w->kept, e->payload.p, e->payload.n), e->payload.n, 0};
	} else if (span_is(e->kind, "declaration") && e->payload.p) {
		w->evidence.amended = span_copy(w->kept, e->payload);
	} else if (span_is(e->kind, "act") && e->payload.p && e->seq >= w->from) {
		arena_reset(w->once);
		act_again(w, e);
	} else if (span_equal(e->kind, TRAVEL_KIND) && e->payload.p && e->seq >= w->from) {
		arena_reset(w->once);
		travel_again(w, e);
	} else if (span_is(e->kind, "decision") && e->payload.p && e->seq >= w->from) {
		arena_reset(w->once);
		compare(w, e);
	} else if (span_is(e->kind, "cargo-decision") && e->payload.p && e->seq >= w->from) {
		arena_reset(w->once);
		compare_cargo(w, e);
	} else if (span_is(e->kind, "message-check") && e->payload.p && e->seq >= w->from) {
		arena_reset(w->once);
		compare_message(w, e);
	}
}

/* ERR_NOT_FOUND ends the scan behind the stretch. */
static enum err take(void *context, const struct event *e, struct cause *why)
{
	struct step s = {context, e};
	enum err err;

	if (e->seq > s.walk->to)
		return ERR_NOT_FOUND;
	err = arena_run(s.walk->kept, take_step, &s);
	return err ? fail(why, err, "no memory to replay %.*s", SPAN_ARG(e->reference)) : ERR_NONE;
}

/* The next stretch that nobody has taken; NULL when there is none, or a thread failed. */
static const struct stretch *next_stretch(struct replay *r)
{
	const struct stretch *s = NULL;

	pthread_mutex_lock(&r->lock);
	if (r->report->stop && *r->report->stop && !r->err)
		r->err = fail(&r->why, ERR_BUSY, "it was stopped");
	if (!r->err && r->next < r->stretches.n)
		s = &r->stretches.v[r->next++];
	pthread_mutex_unlock(&r->lock);
	return s;
}

/* A decision's input stands right before it, so a stretch is read from a little before. */
static enum err walk(struct walk *w, const struct stretch *s, struct cause *why)
{
	struct store_range range = {s->office, s->from > BEFORE ? s->from - BEFORE : 1,
				    w->replay->since};
	enum err e;

	w->from = s->from;
	w->to = s->to;
	w->evidence = (struct evidence){0};
	e = store_scan_events(w->store, &range, take, w, why);
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

static void *thread(void *context)
{
	struct replay *r = context;
	struct walk w = {.replay = r,
			 .kept = arena_new(LIMIT_ARENA_BYTES),
			 .once = arena_new((size_t)LIMIT_ARENA_BYTES * 2)};
	const struct stretch *s;
	struct cause why = {0};
	enum err e = w.kept && w.once
			 ? store_open(r->hub->database, &(struct store_options){.mode = STORE_READ},
				      &w.store, &why)
			 : ERR_NOMEM;

	if (!e)
		store_set_patience(w.store, &r->hub->patience);
	if (!e && !(w.versions = versions_new(w.store)))
		e = ERR_NOMEM;
	while (!e && (s = next_stretch(r)))
		e = walk(&w, s, &why);
	if (e) {
		pthread_mutex_lock(&r->lock);
		if (!r->err) {
			fail(&why, e, "no memory to replay");
			r->err = e;
			r->why = why;
		}
		pthread_mutex_unlock(&r->lock);
	}
	versions_free(w.versions);
	store_close(w.store);
	arena_free(w.kept);
	arena_free(w.once);
	return NULL;
}

/* The chains in stretches. Inside arena_run(). */
static enum err cut(struct replay *r, struct arena *a, struct cause *why)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(r->hub->store, a, &office, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct store_head head;

		e = store_get_head(r->hub->store, office[i], &head, why);
		for (int64_t from = 1; !e && from <= head.seq; from += STRETCH) {
			struct stretch *s = arena_push(a, (void **)&r->stretches.v, &r->stretches.n,
						       &r->stretches.room, sizeof(*s));

			*s = (struct stretch){office[i], from, from + STRETCH - 1};
		}
	}
	return e;
}

struct cutting {
	struct replay *replay;
	struct arena *arena;
	struct cause *why;
	enum err err;
};

static void cut_step(void *context)
{
	struct cutting *c = context;

	c->err = cut(c->replay, c->arena, c->why);
}

/* This thread works, too; a thread that cannot be had is no failure. */
static void run(struct replay *r)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t helper[THREADS_MAX];
	int n = 0;

	while (n + 1 < processors && n < THREADS_MAX &&
	       !pthread_create(&helper[n], NULL, thread, r))
		n++;
	thread(r);
	while (n > 0)
		pthread_join(helper[--n], NULL);
}

enum err hub_replay(struct hub *h, int64_t since, struct audit_report *report, struct cause *why)
{
	struct replay r = {
	    .hub = h, .since = since, .report = report, .lock = PTHREAD_MUTEX_INITIALIZER};
	struct cutting c = {&r, arena_new((size_t)LIMIT_ARENA_BYTES * 4), why, ERR_NONE};
	enum err e = c.arena ? arena_run(c.arena, cut_step, &c) : ERR_NOMEM;

	if (!e)
		e = c.err;
	if (!e) {
		run(&r);
		e = r.err;
		if (e && why)
			*why = r.why;
	}
	arena_free(c.arena);
	return e ? fail(why, e, "no memory to replay") : ERR_NONE;
}
