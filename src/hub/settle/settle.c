/* The settle queue and its writer: one thread takes what has queued up, reads what the batch needs, decides each case
 * in order, writes all of it and commits once. Then the outcomes go out. A lone declaration commits at once; a flood
 * shares the fsync.
 *
 * When a batch fails, each of its cases is tried alone, so that one case cannot take others with it. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/log.h"
#include "hub/house.h"
#include "hub/life/act_ahead.h"

struct attempt {
	struct batch *batch;
	struct cause *why;
	enum err err;
};

/* What is in force today, and today's draw key. */
static enum err ready_the_day(struct batch *b, struct cause *why)
{
	struct hub *h = b->h;
	int32_t zone = h->inforce ? ref_zone_minutes(h->inforce->ref) : 0,
		day = day_of(b->now, zone);
	struct text text = text_in(h->batch_arena);
	char rate[200];
	enum err e;

	if (atomic_exchange(&h->pack_news, false))
		h->inforce_day = INT32_MIN;
	e = packs_in_force(h, day, why);
	if (e)
		return e;
	b->inforce = h->inforce;
	day_write(&text, day);
	draw_rate(b->inforce, rate);
	if (h->draw.day[0] && span_starts(span_of(h->draw.day), text_as_span(&text)) &&
	    !strcmp(h->draw.rate, rate))
		return ERR_NONE;
	return draw_key_for(h->store, h->batch_arena, &h->keys, text_as_span(&text), b->inforce,
			    b->now, &h->draw, why);
}

/* What another node has to do fails nothing but itself. */
static enum err run_chore(struct batch *b, struct chore *c, struct cause *why)
{
	struct cause detail = {0};
	enum err e = c->run(b, c, &detail);

	if (e == ERR_ELSEWHERE) {
		c->elsewhere = ARENA_NEW(b->h->batch_arena, struct cause);
		*c->elsewhere = detail;
		return ERR_NONE;
	}
	if (e)
		*why = detail;
	return e;
}

/* Those that write the hub's own chain come last; every node waits for one another there, so what locks rows of holders comes
 * before. */
static enum err run_chores(struct batch *b, struct cause *why)
{
	bool flushed = false;
	enum err e = acts_read_ahead(b, why);

	for (struct chore *c = b->chores; c && !e; c = c->next) {
		if (c->last && !flushed)
			e = notices_flush(b, why);
		flushed |= c->last;
		if (!e)
			e = run_chore(b, c, why);
	}
	return e;
}

static void attempt(void *context)
{
	struct attempt *t = context;
	struct batch *b = t->batch;

	b->keys = map_in(b->h->batch_arena);
	b->parties = map_in(b->h->batch_arena);
	b->goods = map_in(b->h->batch_arena);
	b->held = map_in(b->h->batch_arena);
	b->completed = map_in(b->h->batch_arena);
	b->locked = map_in(b->h->batch_arena);
	b->authorities = map_in(b->h->batch_arena);
	b->rosters = map_in(b->h->batch_arena);
	b->stock = map_in(b->h->batch_arena);
	b->quotas = map_in(b->h->batch_arena);
	t->err = ready_the_day(b, t->why);
	if (!t->err)
		t->err = batch_read(b, t->why);
	if (!t->err)
		t->err = batch_decide(b, t->why);
	if (!t->err)
		t->err = batch_write(b, t->why);
	t->err = t->err ? t->err : run_chores(b, t->why);
	if (!t->err)
		t->err = batch_finish(b, t->why);
}

/* Runs inside the transaction, possibly again: everything begins from what was read of the messages. */
static enum err work(struct store *s, void *context, struct cause *why)
{
	struct batch *b = context;
	struct attempt t = {.batch = b, .why = why};
	enum err e;

	(void)s;              /* the writer's own store, h->store */
	b->now = clock_now(); /* an attempt before this one may have waited long for the database */
	b->holder_count = 0;
	b->numbers_left = 0;
	b->wrote_draw_key = b->unwritable = false;
	b->drawn = b->picked = 0;
	notices_begin(b);
	b->book = NULL;
	b->treasury = (struct store_balances){0};
	for (struct chore *c = b->chores; c; c = c->next)
		c->elsewhere = NULL;
	for (struct job *j = b->first; j; j = j->next) {
		j->settled = j->has_before = false;
		j->same = NULL;
		j->amended = NULL;
		j->decision_of_goods = (struct span){NULL, 0, 0};
		j->life = NULL;
		j->wants = NULL;
		j->own_holds = NULL;
		j->own_quotas = NULL;
		j->own_quota_count = 0;
		j->quotas_lent = false;
		j->want_count = j->own_hold_count = 0;
		j->err = j->unwritable;
		j->findings = j->as_read;
		j->decision = (struct decision){0};
	}
	e = arena_run(b->h->batch_arena, attempt, &t);
	crew_finish_all(b->h->crew); /* a failed attempt may have left jobs being written */
	return e ? fail(why, e, "no memory for a batch") : t.err;
}

/* What one case of a committed batch came to. */
static void conclude(struct hub *h, struct job *j, int64_t now)
{
	struct outcome *o = &j->submission->outcome;

	if (j->err) {
		*o = (struct outcome){.kind = OUTCOME_FAILED};
		fail(&o->cause, j->err, "this declaration needs more memory than one may take");
		h->failed++;
	} else if (j->same) {
		*o = (struct outcome){.kind = OUTCOME_REPEATED,
				      .reference = j->same->facts.reference,
				      .accepted = j->same->decision.accepted,
				      .decided_at = now};
		o->decision =
		    (struct span){arena_try(j->submission->arena, j->same->decision_bytes.n),
				  j->same->decision_bytes.n, 0};
		o->answer = (struct span){arena_try(j->submission->arena, j->same->answer_bytes.n),
					  j->same->answer_bytes.n, 0};
		if (o->decision.p && o->answer.p) {
			memcpy((char *)(uintptr_t)o->decision.p, j->same->decision_bytes.p,
			       o->decision.n);
			memcpy((char *)(uintptr_t)o->answer.p, j->same->answer_bytes.p,
			       o->answer.n);
		} else {
			o->kind = OUTCOME_FAILED;
			fail(&o->cause, ERR_NOMEM, "no memory for the answer: send it again");
		}
		h->repeated++;
	} else if (j->settled) {
		if (o->kind == OUTCOME_CONFLICT)
			h->conflicts++;
		else if (o->kind == OUTCOME_DENIED)
			h->denied++;
		else if (o->kind == OUTCOME_FAILED)
			h->elsewhere++;
		else
			h->repeated++;
	} else {
		*o = (struct outcome){.kind = OUTCOME_NEW,
				      .reference = j->facts.reference,
				      .accepted = j->decision.accepted,
				      .decided_at = now,
				      .decision = j->decision_bytes,
				      .answer = j->answer_bytes};
		if (j->decision.accepted)
			h->accepted++;
		else
			h->rejected++;
	}
}

/* An outcome lies in its submission's arena: references of rows that the batch read, and of an earlier job, would not last. */
static void keep_reference(struct submission *s)
{
	struct span *r = &s->outcome.reference;
	char *copy = r->n ? arena_try(s->arena, r->n) : NULL;

	if (copy)
		memcpy(copy, r->p, r->n);
	*r = (struct span){copy, copy ? r->n : 0, 0};
}

/* Outcomes go out only here, after COMMIT. Jobs lie in their submissions' arenas, so each is gone once done() was
 * called: those that repeat an earlier one of the batch are concluded before any is handed over. */
static void deliver(struct batch *b)
{
	struct job *j, *next;

	for (j = b->first; j; j = j->next) {
		conclude(b->h, j, b->now);
		keep_reference(j->submission);
	}
	for (j = b->first; j; j = next) {
		next = j->next;
		j->submission->done(j->submission);
	}
	for (struct chore *c = b->chores, *after; c; c = after) {
		after = c->next;
		c->done(b->h, c, c->elsewhere ? ERR_ELSEWHERE : ERR_NONE, c->elsewhere);
	}
}

/* What failed alone, too. */
static void refuse(struct hub *h, struct entry *e, const struct cause *why)
{
	struct job *j = (struct job *)e;
	struct chore *c = (struct chore *)e;

	h->failed++;
	if (e->kind == ENTRY_CHORE) {
		c->done(h, c, why->err, why);
		return;
	}
	j->submission->outcome = (struct outcome){.kind = OUTCOME_FAILED, .cause = *why};
	j->submission->done(j->submission);
}

/* An attempt that found jobs which cannot be written is followed by one without them. */
static enum err try_batch(struct batch *b, struct cause *why)
{
	enum err e;

	do {
		*why = (struct cause){0};
		arena_reset(b->h->batch_arena);
		e = house_commit(b->h, work, b, why);
	} while (e && b->unwritable);
	return e;
}

static enum err commit(struct batch *b, struct cause *why)
{
	struct hub *h = b->h;
	enum err e = try_batch(b, why);

	if (e) {
		if (!why->err)
			fail(why, e, "it could not be settled: %s", err_name(e));
	} else {
		if (b->wrote_draw_key)
			h->draw.fresh = false;
		house_write_roots(h, b->now, false);
		notices_wake(b);
	}
	atomic_store(&h->writable, !e);
	return e;
}

/* Declarations come before everything else of their batch, each kind in the order of its coming: whoever asks for two things in
 * turn has had the first answer before the second is asked. */
static struct batch batch_of(struct hub *h, struct entry *first)
{
	struct batch b = {.h = h};
	struct job **job = &b.first;
	struct chore **chore = &b.chores, *last = NULL, **end = &last;

	for (struct entry *e = first; e; e = e->next) {
		if (e->kind == ENTRY_CHORE) {
			struct chore ***to = ((struct chore *)e)->last ? &end : &chore;

			**to = (struct chore *)e;
			*to = &(**to)->next;
		} else {
			*job = (struct job *)e;
			job = &(*job)->next;
			b.n++;
		}
	}
	*end = NULL;
	*chore = last;
	*job = NULL;
	return b;
}

/* What no case of a batch is the cause of: the database is away, or nobody knows what became of the batch. */
static bool is_everybodys(const struct hub *h, enum err e)
{
	return h->node && (e == ERR_UNCERTAIN || e == ERR_BUSY || e == ERR_DENIED);
}

static void settle(struct hub *h, struct entry *first)
{
	int64_t began = clock_steady();
	struct batch b = batch_of(h, first);
	struct cause why = {0};

	h->batches++;
	if (!commit(&b, &why)) {
		deliver(&b);
	} else if (!first->next || is_everybodys(h, why.err)) {
		log_event("settle.failed", "error=%s detail=\"%s\"", err_name(why.err), why.text);
		for (struct entry *next; first; first = next) {
			next = first->next;
			refuse(h, first, &why);
		}
	} else {
		log_event("settle.retry", "cases=%u error=%s detail=\"%s\"", b.n, err_name(why.err),
			  why.text);
		while (first) {
			struct entry *next = first->next;

			first->next = NULL;
			settle(h, first);
			first = next;
		}
	}
	h->batch_microseconds += clock_steady() - began;
	h->round_trips = (long long)store_round_trips(h->store);
}

/* A second request of the same case waits for the next batch: what it asks for depends on what the first one did. */
static bool speaks_of_same_case(const struct entry *first, const struct entry *end,
				const struct entry *next)
{
	const struct job *j = (const struct job *)next;
	struct span reference;

	if (next->kind != ENTRY_JOB || j->asked == FUNCTION_ORIGINAL)
		return false;
	reference = j->message.declaration.movement_reference;
	for (const struct entry *e = first; e != end->next; e = e->next) {
		const struct job *before = (const struct job *)e;

		if (e->kind == ENTRY_JOB && before->asked != FUNCTION_ORIGINAL &&
		    span_equal(before->message.declaration.movement_reference, reference))
			return true;
	}
	return false;
}

enum { SECOND = 1000000, CLOCK_SECONDS = 5, IDLE_MICROSECONDS = 20000 };

/* What the clock does goes before everything else, once it is time. A queue that is empty is not idle yet: under a flood clients
 * are just reading their answers. With the lock held. */
static void queue_clock(struct hub *h, bool idle)
{
	const int64_t now = clock_steady();
	const bool due = now - h->clock_ran_at >= CLOCK_SECONDS * (int64_t)SECOND;

	if (h->stopping || !(h->first ? due : idle && (due || h->clock_again)))
		return;
	h->clock_ran_at = now;
	h->clock = (struct chore){.entry = {.next = h->first, .kind = ENTRY_CHORE},
				  .run = clock_work,
				  .last = true,
				  .done = clock_worked};
	if (!h->first)
		h->last = &h->clock.entry.next;
	h->first = &h->clock.entry;
	h->queued++;
}

/* Until something waits, or the hub stops: a writer to whom nothing came for a while goes on waiting. With the lock held. */
static void wait_for_work(struct hub *h)
{
	int64_t patience = IDLE_MICROSECONDS;

	queue_clock(h, false);
	while (!h->first && !h->stopping) {
		const int64_t at = clock_steady() + patience;
		const struct timespec until = {at / SECOND, at % SECOND * 1000};

		pthread_cond_timedwait(&h->wake, &h->lock, &until);
		patience = CLOCK_SECONDS * (int64_t)SECOND;
		queue_clock(h, true);
	}
}

/* Takes what waits up to a batch, or one control. NULL: the hub stops and nothing is left. */
static struct entry *take(struct hub *h)
{
	struct entry *first, *end;
	uint32_t n = 1;

	pthread_mutex_lock(&h->lock);
	wait_for_work(h);
	first = end = h->first;
	if (first) {
		while (first->kind != ENTRY_CONTROL && end->next &&
		       end->next->kind != ENTRY_CONTROL && n < LIMIT_BATCH &&
		       !speaks_of_same_case(first, end, end->next))
			end = end->next, n++;
		h->first = end->next;
		if (!h->first)
			h->last = &h->first;
		end->next = NULL;
		h->queued -= n;
	}
	pthread_mutex_unlock(&h->lock);
	return first;
}

struct control {
	struct entry entry;
	enum err (*run)(struct hub *h, void *context, struct cause *why);
	void *context;
	struct cause why;
	pthread_cond_t done;
	bool finished;
	enum err err;
};

static void run_control(struct hub *h, struct control *c)
{
	arena_reset(h->batch_arena);
	c->err = c->run(h, c->context, &c->why);
	if (c->err)
		house_forget(h);
	pthread_mutex_lock(&h->lock);
	c->finished = true;
	pthread_cond_signal(&c->done);
	pthread_mutex_unlock(&h->lock);
}

static void *writer(void *context)
{
	struct hub *h = context;
	struct entry *e;

	while ((e = take(h))) {
		if (e->kind == ENTRY_CONTROL)
			run_control(h, (struct control *)e);
		else
			settle(h, e);
	}
	arena_reset(h->batch_arena);
	house_write_roots(h, clock_now(), true);
	return NULL;
}

static enum err enqueue(struct hub *h, struct entry *what, bool always)
{
	enum err e = ERR_BUSY;

	what->next = NULL;
	pthread_mutex_lock(&h->lock);
	if (h->running && !h->stopping && (always || h->queued < LIMIT_QUEUE)) {
		*h->last = what;
		h->last = &what->next;
		if (++h->queued > h->queued_max)
			h->queued_max = h->queued;
		e = ERR_NONE;
		pthread_cond_signal(&h->wake);
	}
	pthread_mutex_unlock(&h->lock);
	return e;
}

enum err settle_enqueue(struct hub *h, struct entry *what)
{
	return enqueue(h, what, false);
}

struct errand {
	struct chore chore;
	enum err (*run)(struct batch *b, void *context, struct cause *why);
	void *context;
	struct cause why;
	pthread_cond_t done;
	bool finished;
	enum err err;
};

static enum err run_errand(struct batch *b, struct chore *c, struct cause *why)
{
	struct errand *x = (struct errand *)c;

	return x->run(b, x->context, why);
}

static void errand_done(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct errand *x = (struct errand *)c;

	pthread_mutex_lock(&h->lock);
	x->err = e;
	if (e)
		x->why = *why;
	x->finished = true;
	pthread_cond_signal(&x->done);
	pthread_mutex_unlock(&h->lock);
}

static enum err wait_for(struct hub *h, struct errand *x, struct cause *why)
{
	x->chore.entry.kind = ENTRY_CHORE;
	x->chore.run = run_errand;
	x->chore.done = errand_done;
	if (enqueue(h, &x->chore.entry, false))
		return fail(why, ERR_BUSY, "the hub is stopping or has too much waiting");
	pthread_mutex_lock(&h->lock);
	while (!x->finished)
		pthread_cond_wait(&x->done, &h->lock);
	pthread_mutex_unlock(&h->lock);
	if (x->err && why)
		*why = x->why;
	return x->err;
}

enum err settle_errand(struct hub *h,
		       enum err (*run)(struct batch *b, void *context, struct cause *why),
		       void *context, struct cause *why)
{
	struct errand x = {.run = run, .context = context, .done = PTHREAD_COND_INITIALIZER};

	return wait_for(h, &x, why);
}

enum err settle_errand_last(struct hub *h,
			    enum err (*run)(struct batch *b, void *context, struct cause *why),
			    void *context, struct cause *why)
{
	struct errand x = {.chore = {.last = true},
			   .run = run,
			   .context = context,
			   .done = PTHREAD_COND_INITIALIZER};

	return wait_for(h, &x, why);
}

enum err settle_control(struct hub *h,
			enum err (*control)(struct hub *h, void *context, struct cause *why),
			void *context, struct cause *why)
{
	struct control c = {.entry = {.kind = ENTRY_CONTROL},
			    .run = control,
			    .context = context,
			    .done = PTHREAD_COND_INITIALIZER};

	if (enqueue(h, &c.entry, true))
		return fail(why, ERR_BUSY, "the hub is stopping");
	pthread_mutex_lock(&h->lock);
	while (!c.finished)
		pthread_cond_wait(&c.done, &h->lock);
	pthread_mutex_unlock(&h->lock);
	if (c.err && why)
		*why = c.why;
	return c.err;
}

enum err settle_start(struct hub *h, struct cause *why)
{
	h->last = &h->first;
	h->crew = crew_start(crew_size());
	h->running = h->crew && !pthread_create(&h->writer, NULL, writer, h);
	atomic_store(&h->writable, h->running);
	return h->running ? ERR_NONE : fail(why, ERR_NOMEM, "no thread for the writer");
}

void settle_stop(struct hub *h)
{
	if (h->running) {
		pthread_mutex_lock(&h->lock);
		h->stopping = true;
		pthread_cond_broadcast(&h->wake);
		pthread_mutex_unlock(&h->lock);
		pthread_join(h->writer, NULL);
		h->running = false;
	}
	crew_stop(h->crew);
	h->crew = NULL;
}
