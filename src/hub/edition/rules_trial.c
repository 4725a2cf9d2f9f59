/* The past, read by days: offices are shared out among threads, each in its own order; when a day is over, what happened on it
 * becomes part of the histories. */
#include "hub/edition/rules_trial_room.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"

/* ---- what became of cases ---- */

struct fating {
	struct trial_run *run;
	struct chronicle_reader *reader;
	struct arena *once;
	enum err err;
	struct cause *why;
};

static struct trial_fate *fate_of(struct trial_run *r, struct span reference)
{
	struct trial_fate *f = map_get(&r->fates, reference);
	struct arena *a = r->t->arena;

	if (f)
		return f;
	f = ARENA_NEW(a, struct trial_fate);
	map_put(&r->fates, span_copy(a, reference), f);
	return f;
}

static void take_fate(struct trial_run *r, const struct chronicle_event *e)
{
	switch (e->word) {
	case CHRONICLE_STANDS:
		fate_of(r, e->reference)->stands = e->seq;
		return;
	case CHRONICLE_CANCELLED:
		fate_of(r, e->reference)->cancelled = true;
		return;
	case CHRONICLE_RELEASED:
		if (!fate_of(r, e->reference)->released_at)
			fate_of(r, e->reference)->released_at = e->at;
		return;
	case CHRONICLE_RESULT:
		fate_of(r, e->reference)->result = e->result;
		return;
	case CHRONICLE_ERASED:
		r->t->trade.erased++;
		return;
	case CHRONICLE_UNREADABLE:
		r->t->trade.unreadable++;
		return;
	case CHRONICLE_CONTROL:
	case CHRONICLE_WORDS:
		return;
	}
}

struct next_event {
	struct chronicle_reader *reader;
	struct arena *once;
	struct chronicle_event e;
};

static void read_event(void *context)
{
	struct next_event *x = context;

	chronicle_next_event(x->reader, x->once, &x->e);
}

static void take_fates(void *context)
{
	struct fating *f = context;
	struct next_event x = {.reader = f->reader, .once = f->once};
	int32_t day;

	for (;;) {
		f->err = chronicle_next_day(f->reader, &day, f->why);
		if (f->err || day == INT32_MAX)
			return;
		arena_reset(f->once);
		f->err = arena_run(f->once, read_event, &x);
		if (f->err)
			return;
		take_fate(f->run, &x.e);
	}
}

static enum err learn_fates(struct trial_run *r, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < r->office_count && !e; i++) {
		struct fating f = {.run = r, .once = r->thread[0].once, .why = why};

		f.reader = chronicle_read(r->chronicle, i, NULL, true, why);
		if (!f.reader)
			return ERR_NOMEM;
		e = arena_run(r->t->arena, take_fates, &f);
		chronicle_read_end(f.reader);
		if (!e)
			e = f.err;
	}
	return e ? fail(why, e, "no memory for what became of cases") : ERR_NONE;
}

/* ---- a day at one office ---- */

static bool is_asked_for(const struct trial_run *r, const struct chronicle_case *c)
{
	return r->t->trade.from <= c->legal_day && c->legal_day <= r->t->trade.to;
}

static bool stands(const struct chronicle_case *c, const struct trial_fate *f)
{
	return !f || (!f->cancelled && (f->stands ? f->stands == c->seq : c->declares));
}

struct next_case {
	struct trial_office *office;
	struct arena *once;
	struct chronicle_case c;
	struct declaration *d;
};

static void read_case(void *context)
{
	struct next_case *x = context;

	chronicle_next_case(x->office->cases, x->once, &x->c);
}

static void read_declared(void *context)
{
	struct next_case *x = context;

	chronicle_declared(x->office->cases, x->once, x->d);
}

static void select_inside(void *context)
{
	trial_select(context);
}

static void count_inside(void *context)
{
	trial_count(context);
}

static void show(struct trial_run *r, const struct trial_case *x)
{
	const struct trial_seen seen = {x->c, &x->facts, &x->now};

	if (!r->t->see)
		return;
	pthread_mutex_lock(&r->seeing);
	r->t->see(r->t->see_context, &seen);
	pthread_mutex_unlock(&r->seeing);
}

/* An earlier version, or a cancelled case, is selected too: its lane was one of the day's. */
static enum err take_case(struct trial_thread *t, struct trial_office *o, struct next_case *next)
{
	struct trial_run *r = t->run;
	struct trial_case x = {.thread = t, .office = o, .c = &next->c};
	struct next_case reading;
	enum err e = past_note_case(r->past, o->number, &next->c);

	if (e || !is_asked_for(r, &next->c))
		return e;
	x.fate = r->fates.count ? map_get(&r->fates, next->c.reference) : NULL;
	x.counts = stands(&next->c, x.fate);
	if (!next->c.complete) {
		t->tally.incomplete += x.counts;
		return ERR_NONE;
	}
	reading = *next;
	reading.d = &x.d;
	e = arena_run(t->once, read_declared, &reading);
	if (!e)
		e = trial_facts(&x, &t->why);
	if (!e)
		e = arena_run(t->once, select_inside, &x);
	if (e)
		return e;
	show(r, &x);
	if (!x.counts)
		return ERR_NONE;
	t->tally.taken++;
	return arena_run(t->tally.arena, count_inside, &x);
}

static enum err take_cases(struct trial_thread *t, struct trial_office *o)
{
	struct next_case next = {.office = o, .once = t->once};
	int32_t day;
	enum err e = chronicle_next_day(o->cases, &day, &t->why);

	for (o->at = 0; !e && day == t->run->day; o->at++) {
		if (t->run->t->trade.stop && atomic_load(t->run->t->trade.stop))
			return fail(&t->why, ERR_BUSY, "it was stopped");
		arena_reset(t->once);
		e = arena_run(t->once, read_case, &next);
		if (!e)
			e = take_case(t, o, &next);
		if (!e)
			e = chronicle_next_day(o->cases, &day, &t->why);
	}
	return e;
}

static enum err take_events(struct trial_thread *t, struct trial_office *o)
{
	struct next_event next = {.reader = o->events, .once = t->once};
	int32_t day;
	enum err e = chronicle_next_day(o->events, &day, &t->why);

	while (!e && day == t->run->day) {
		arena_reset(t->once);
		e = arena_run(t->once, read_event, &next);
		if (!e && next.e.word == CHRONICLE_CONTROL)
			e = past_note_control(t->run->past, o->number, &next.e);
		if (!e)
			e = chronicle_next_day(o->events, &day, &t->why);
	}
	return e;
}

/* ---- on several threads ---- */

struct phase {
	struct trial_run *run;
	atomic_uint next; /* office */
	bool turning;
};
struct worker {
	struct phase *phase;
	struct trial_thread *thread;
	pthread_t id;
	bool running;
};

static void *work(void *context)
{
	struct worker *w = context;
	struct trial_thread *t = w->thread;
	struct trial_run *r = t->run;

	if (w->phase->turning) {
		t->err = past_turn(r->past, t->number);
		return NULL;
	}
	while (!t->err) {
		uint32_t i = atomic_fetch_add(&w->phase->next, 1);

		if (i >= r->office_count)
			break;
		t->err = take_cases(t, &r->offices[i]);
		if (!t->err)
			t->err = take_events(t, &r->offices[i]);
	}
	return NULL;
}

static enum err run_phase(struct trial_run *r, bool turning, struct cause *why)
{
	struct phase p = {.run = r, .turning = turning};
	struct worker w[PAST_THREADS] = {0};
	enum err e = ERR_NONE;

	BUG_ON(!r->threads || r->threads > PAST_THREADS);
	for (uint32_t i = 0; i < r->threads; i++)
		w[i] = (struct worker){.phase = &p, .thread = &r->thread[i]};
	for (uint32_t i = 1; i < r->threads; i++)
		w[i].running = !pthread_create(&w[i].id, NULL, work, &w[i]);
	(void)work(&w[0]);
	for (uint32_t i = 1; i < r->threads; i++) {
		if (w[i].running)
			pthread_join(w[i].id, NULL);
		else
			(void)work(&w[i]); /* no thread: its part is done here */
	}
	for (uint32_t i = 0; i < r->threads && !e; i++) {
		e = r->thread[i].err;
		if (e && r->thread[i].why.err)
			*why = r->thread[i].why;
		else if (e)
			fail(why, e, "no memory to select declarations again");
	}
	return e;
}

/* ---- what holders declared today ---- */

struct today_case {
	int64_t at, seq, minor;
	struct span reference;
	uint32_t office, place;
	int32_t legal_day;
	bool declares;
	chronicle_text holder[2];
};
struct today_of {
	int32_t day;
	int64_t count, minor;
};
struct today_reading {
	struct trial_run *run;
	struct arena *arena, *once;
	struct today_of *of; /* by text */
	DICT_LIST(struct today_case) cases;
	enum err err;
	struct cause *why;
};

/* In the order in which they were decided, over all offices: references are given out in it. */
static int by_time(const void *a, const void *b)
{
	const struct today_case *x = a, *y = b;
	int c = (x->at > y->at) - (x->at < y->at);

	if (!c)
		c = span_compare(x->reference, y->reference);
	return c ? c : (x->seq > y->seq) - (x->seq < y->seq);
}

static void gather_office(struct today_reading *x, struct trial_office *o)
{
	struct trial_office sizes = {.cases = o->sizes};
	struct next_case next = {.office = &sizes, .once = x->once};
	int32_t day;

	o->today.v = NULL;
	o->today.n = o->today.room = 0;
	x->err = chronicle_next_day(o->sizes, &day, x->why);
	while (!x->err && day == x->run->day) {
		struct today_case *c = arena_push(x->arena, (void **)&x->cases.v, &x->cases.n,
						  &x->cases.room, sizeof(*c));

		arena_reset(x->once);
		x->err = arena_run(x->once, read_case, &next);
		if (x->err)
			return;
		*c = (struct today_case){.at = next.c.at,
					 .seq = next.c.seq,
					 .minor = next.c.total_value,
					 .reference = span_copy(x->arena, next.c.reference),
					 .office = o->number,
					 .place = o->today.n,
					 .legal_day = next.c.legal_day,
					 .declares = next.c.declares,
					 .holder = {next.c.holder, next.c.declarant_holder}};
		(void)arena_push(x->arena, (void **)&o->today.v, &o->today.n, &o->today.room,
				 sizeof(*o->today.v));
		x->err = chronicle_next_day(o->sizes, &day, x->why);
	}
}

/* The same sums as hub/settle/project.c keeps with a party. */
static void count_today(struct today_reading *x, const struct today_case *c, int i)
{
	struct today_of *of = &x->of[c->holder[i]];
	struct trial_today *to = &x->run->offices[c->office].today.v[c->place];

	if (!c->holder[i])
		return;
	if (of->day == x->run->day) {
		to->count[i] = of->count;
		to->minor[i] = of->minor;
	}
	if (!c->declares)
		return;
	if (of->day != c->legal_day)
		*of = (struct today_of){.day = c->legal_day};
	of->count++;
	if (c->minor > 0 && __builtin_add_overflow(of->minor, c->minor, &of->minor))
		of->minor = INT64_MAX;
}

static void gather_today(void *context)
{
	struct today_reading *x = context;

	for (uint32_t i = 0; i < x->run->office_count && !x->err; i++)
		gather_office(x, &x->run->offices[i]);
	if (x->err || !x->cases.n)
		return;
	qsort(x->cases.v, x->cases.n, sizeof(*x->cases.v), by_time);
	for (uint32_t i = 0; i < x->cases.n; i++)
		for (int k = 0; k < 2; k++)
			count_today(x, &x->cases.v[i], k);
}

static enum err learn_today(struct today_reading *x)
{
	enum err e;

	if (!x->run->asks_today)
		return ERR_NONE;
	arena_reset(x->arena);
	x->cases.v = NULL;
	x->cases.n = x->cases.room = 0;
	e = arena_run(x->arena, gather_today, x);
	if (!e)
		e = x->err;
	return e ? fail(x->why, e, "no memory for what was declared on a day") : ERR_NONE;
}

/* ---- days ---- */

static enum err next_day(struct trial_run *r, struct cause *why)
{
	enum err e = ERR_NONE;

	r->day = INT32_MAX;
	for (uint32_t i = 0; i < r->office_count && !e; i++) {
		int32_t cases = INT32_MAX, events = INT32_MAX;

		e = chronicle_next_day(r->offices[i].cases, &cases, why);
		if (!e)
			e = chronicle_next_day(r->offices[i].events, &events, why);
		if (cases < r->day)
			r->day = cases;
		if (events < r->day)
			r->day = events;
	}
	return e;
}

static enum err run_days(struct trial_run *r, struct today_reading *today, struct cause *why)
{
	enum err e = next_day(r, why);

	while (!e && r->day != INT32_MAX) {
		past_begin_day(r->past, r->day);
		e = learn_today(today);
		if (!e)
			e = run_phase(r, false, why);
		if (!e && past_is_asked_for(r->past)) {
			e = run_phase(r, true, why);
			past_forget_notes(r->past);
		}
		if (!e && r->t->trade.progress) {
			r->t->trade.looked_at = 0;
			for (uint32_t i = 0; i < r->threads; i++)
				r->t->trade.looked_at += r->thread[i].tally.taken;
			r->t->trade.progress(r->t->trade.context, r->t->trade.looked_at, 0);
		}
		if (!e)
			e = next_day(r, why);
	}
	return e;
}

/* ---- the whole ---- */

struct preparing {
	struct trial_run *run;
	bool *wanted;
};

static void want(void *context, struct span field)
{
	struct preparing *p = context;

	BUG_ON(!columns_want(chronicle_columns(p->run->chronicle), field, p->wanted));
}

static void prepare(void *context)
{
	struct trial_run *r = context;
	struct rules_trial *t = r->t;
	struct preparing p = {.run = r};

	r->rules = risk_from_ever(t->arena, t->with->rules);
	r->fates = map_in(t->arena);
	p.wanted = ARENA_ARRAY(t->arena, bool, chronicle_columns(r->chronicle)->n);
	risk_each_read(r->rules, t->arena, want, &p);
	want(&p, SPAN("shipment.items.origins.country")); /* by which trial_count.c counts */
	want(&p, SPAN("shipment.items.origins.type"));
	r->wanted = p.wanted;
	r->tables = chronicle_number_of(r->chronicle, span_of(t->with->hash[PACK_TABLES]));
	t->rules = ARENA_ARRAY(t->arena, struct trial_rule, risk_rule_count(r->rules) + 1);
	for (enum trial_by by = 0; by < TRIAL_BYS; by++)
		t->by[by].by_key = map_in(t->arena);
	r->office_count = chronicle_offices(r->chronicle);
	r->offices = ARENA_ARRAY(t->arena, struct trial_office, r->office_count + 1);
	for (uint32_t i = 0; i < r->threads; i++)
		r->thread[i].tally.arena = arena_new(SIZE_MAX);
}

static void begin_tally(void *context)
{
	struct trial_thread *t = context;

	trial_begin_tally(&t->tally, risk_rule_count(t->run->rules));
}

static enum err open_threads(struct trial_run *r, struct cause *why)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	enum err e = ERR_NONE;

	r->threads = processors < 1              ? 1
		     : processors > PAST_THREADS ? PAST_THREADS
						 : (uint32_t)processors;
	for (uint32_t i = 0; i < r->threads && !e; i++) {
		struct trial_thread *t = &r->thread[i];

		t->run = r;
		t->number = i;
		t->once = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
		t->longer = arena_new((size_t)LIMIT_ARENA_BYTES);
		if (!t->once || !t->longer)
			e = fail(why, ERR_NOMEM, "no memory to try rules");
	}
	return e;
}

static enum err open_offices(struct trial_run *r, struct cause *why)
{
	for (uint32_t i = 0; i < r->office_count; i++) {
		struct trial_office *o = &r->offices[i];

		*o = (struct trial_office){.number = i,
					   .code = chronicle_office(r->chronicle, i),
					   .day = INT32_MIN,
					   .hour = INT64_MIN};
		o->cases = chronicle_read(r->chronicle, i, r->wanted, false, why);
		o->events = chronicle_read(r->chronicle, i, NULL, true, why);
		o->sizes = chronicle_read(r->chronicle, i, NULL, false, why);
		if (!o->cases || !o->events || !o->sizes)
			return ERR_NOMEM;
	}
	return ERR_NONE;
}

static enum err open_run(struct trial_run *r, struct cause *why)
{
	const struct chronicle_options o = {.progress = r->t->trade.progress,
					    .context = r->t->trade.context,
					    .stop = r->t->trade.stop};
	const struct history_asked *asked = risk_history_asked(r->t->with->rules);
	enum err e = chronicle_open(r->hub, &o, &r->chronicle, why);

	if (!e)
		e = open_threads(r, why);
	if (!e && arena_run(r->t->arena, prepare, r))
		e = ERR_NOMEM;
	for (uint32_t i = 0; i < r->threads && !e; i++)
		if (!r->thread[i].tally.arena ||
		    arena_run(r->thread[i].tally.arena, begin_tally, &r->thread[i]))
			e = ERR_NOMEM;
	if (!e)
		e = open_offices(r, why);
	if (!e)
		r->past = past_open(r->chronicle, asked, r->threads);
	if (!e && !r->past)
		e = ERR_NOMEM;
	r->asks_today =
	    asked->window_kind[HISTORY_IMPORTER] || asked->window_kind[HISTORY_DECLARANT];
	return e ? fail(why, e, "no memory to try rules") : learn_fates(r, why);
}

static void close_run(struct trial_run *r)
{
	for (uint32_t i = 0; i < r->office_count; i++) {
		chronicle_read_end(r->offices[i].cases);
		chronicle_read_end(r->offices[i].events);
		chronicle_read_end(r->offices[i].sizes);
	}
	for (uint32_t i = 0; i < r->threads; i++) {
		arena_free(r->thread[i].once);
		arena_free(r->thread[i].longer);
		arena_free(r->thread[i].tally.arena);
	}
	past_close(r->past);
	chronicle_close(r->chronicle);
	pthread_mutex_destroy(&r->seeing);
}

static void add_up(void *context)
{
	trial_add_up(context);
}

enum err hub_try_rules(struct hub *h, struct rules_trial *t, struct cause *why)
{
	struct trial_run r = {.t = t, .hub = h};
	struct today_reading today = {.run = &r, .why = why};
	enum err e;

	pthread_mutex_init(&r.seeing, NULL);
	t->arena = arena_new(SIZE_MAX);
	e = t->arena ? open_run(&r, why) : fail(why, ERR_NOMEM, "no memory to try rules");
	if (!e) {
		today.arena = arena_new(SIZE_MAX);
		today.once = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
		today.of = calloc(chronicle_texts(r.chronicle) + (size_t)1, sizeof(*today.of));
		if (!today.arena || !today.once || !today.of)
			e = fail(why, ERR_NOMEM, "no memory to try rules");
		for (uint32_t i = 0; today.of && i < chronicle_texts(r.chronicle); i++)
			today.of[i].day = INT32_MIN;
	}
	if (!e)
		e = run_days(&r, &today, why);
	if (!e && arena_run(t->arena, add_up, &r))
		e = fail(why, ERR_NOMEM, "no memory for the report");
	arena_free(today.arena);
	arena_free(today.once);
	free(today.of);
	close_run(&r);
	return e;
}

void rules_trial_free(struct rules_trial *t)
{
	arena_free(t->arena);
	t->arena = NULL;
}
