/* The log, made into blocks: one thread reads events and writes blocks, in order; others read the messages in them. */
#include "hub/chronicle/chronicle_room.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/history/history.h"
#include "hub/life/erase.h"

/* A group is one block: so many decisions and acts, or so many bytes of them; and so many groups are made at once. */
enum { GROUP_EVENTS = 2048, GROUP_BYTES = 24 << 20, GROUPS = 3 };

struct group {
	struct arena *arena, *once; /* of what was read, and made; emptied for each message */
	DICT_LIST(struct chronicle_raw) raw;
	struct chronicle_made *made;
	struct columns_out out;
	struct columns_more {
		struct text stream[STREAMS_MORE];
	} more;
	struct chronicle_making making;
	int64_t last;
	struct hash chain;
	size_t bytes;
	pthread_t thread;
	bool running;
	enum err err;
	struct cause why;
};

struct building {
	struct chronicle *c;
	const struct chronicle_options *options;
	struct chronicle_source source;
	struct store *store; /* that the log is read from */
	struct span office;
	int64_t after;
	struct group group[GROUPS];
	uint32_t now; /* the group that is being filled */
	bool stale;   /* something was erased that the file holds */
	int64_t done; /* events */
	int64_t last; /* of the log so far */
	struct hash chain;
	/* of the case that the scan is in */
	struct span input, declared, reference;
	int64_t version;
	struct history_reading reading; /* of what controls found */
	struct cause *why;
};

/* ---- making ---- */

static void begin_columns(void *context)
{
	struct group *g = context;

	columns_begin(&g->making.chronicle->columns, g->arena, &g->out);
	g->made = ARENA_ARRAY(g->arena, struct chronicle_made, g->raw.n + 1);
	for (uint32_t i = 0; i < STREAMS_MORE; i++)
		g->more.stream[i] = text_in(g->arena);
}

static void *make_group(void *context)
{
	struct group *g = context;

	g->err = arena_run(g->arena, begin_columns, g);
	for (uint32_t i = 0; i < g->raw.n && !g->err; i++)
		g->err = chronicle_make(&g->making, &g->raw.v[i], &g->made[i]);
	return NULL;
}

/* ---- writing a group, in its turn ---- */

struct writing {
	struct building *b;
	struct group *g;
	struct chronicle *c;
	chronicle_text first_text;
	uint32_t cases, events;
	int32_t first_day, last_day;
	struct text block;
};

static void put_history(struct text *t, const struct party_history *h)
{
	columns_put_number(t, h->declared);
	columns_put_number(t, h->selected);
	columns_put_number(t, h->irregular);
}

static void count_day(struct writing *w, int32_t day)
{
	if (day < w->first_day)
		w->first_day = day;
	if (day > w->last_day)
		w->last_day = day;
}

static void put_items(struct writing *w, struct text *t, const struct chronicle_made *made)
{
	const struct chronicle_case *c = &made->c;
	const uint32_t subjects = CHRONICLE_OF_WHOLE + CHRONICLE_OF_ITEM * c->items;

	columns_put_count(t, c->items);
	columns_put_count(t, c->values);
	for (uint32_t i = 0; i < c->values; i++)
		columns_put_number(t, c->value[i]);
	for (uint32_t i = 0; i < subjects; i++)
		columns_put_count(t, chronicle_intern(w->c, made->texts.subject[i]));
	for (uint32_t i = 0; i < c->items; i++)
		columns_put_number(t, c->price[i]);
}

static void put_case(struct writing *w, const struct chronicle_made *made)
{
	struct text *t = &w->g->more.stream[STREAM_CASES];
	const struct chronicle_case *c = &made->c;

	columns_put_number(t, c->day);
	columns_put_number(t, c->seq);
	columns_put_number(t, c->at);
	columns_put_number(t, c->version);
	columns_put_count(t, (uint64_t)c->declares | (uint64_t)c->complete << 1);
	columns_put_text(t, c->reference);
	columns_put_text(t, c->draw_reference);
	columns_put_number(t, c->received_at);
	columns_put_number(t, c->legal_day);
	columns_put_count(t, chronicle_intern(w->c, made->texts.holder));
	columns_put_count(t, chronicle_intern(w->c, made->texts.declarant_holder));
	columns_put_count(t, chronicle_intern(w->c, made->texts.tables));
	put_history(t, &c->importer);
	put_history(t, &c->declarant);
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		columns_put_number(t, c->office_day[l]);
	columns_put_number(t, c->hour_taken);
	columns_put_count(t, c->lane_before);
	columns_put_count(t, c->lane);
	columns_put_number(t, c->total_due);
	columns_put_number(t, c->total_value);
	put_items(w, t, made);
	columns_put_count(t, c->draws);
	for (uint32_t i = 0; i < c->draws; i++) {
		columns_put_count(t, chronicle_intern(w->c, made->texts.purpose[i]));
		text_add(t, (const char *)&c->draw[i], sizeof(c->draw[i]));
	}
	w->cases++;
	count_day(w, c->day);
}

static void put_event(struct writing *w, const struct chronicle_event *e)
{
	struct text *t = &w->g->more.stream[STREAM_EVENTS];

	columns_put_number(t, e->day);
	columns_put_count(t, e->word);
	columns_put_number(t, e->seq);
	columns_put_number(t, e->at);
	columns_put_text(t, e->reference);
	columns_put_count(t, e->result);
	columns_put_count(t, (uint64_t)e->examined | (uint64_t)e->irregular << 1);
	columns_put_count(t, e->subjects);
	for (uint32_t i = 0; i < e->subjects; i++)
		columns_put_count(t, e->subject[i]);
	w->events++;
	count_day(w, e->day);
}

/* What histories learn of a control: the same notes as the hub takes. */
static enum err put_control(struct writing *w, const struct chronicle_event *e, struct cause *why)
{
	struct history_reading *r = &w->b->reading;
	struct chronicle_event control = *e;
	enum err err;

	r->notes.n = 0;
	pthread_mutex_lock(&w->b->source.lock);
	err = history_read_control(r, e->reference, e->seq, e->at, why);
	pthread_mutex_unlock(&w->b->source.lock);
	if (err || !r->notes.n)
		return err;
	control.word = CHRONICLE_CONTROL;
	control.examined = r->notes.v[0].examined;
	control.irregular = r->notes.v[0].irregular;
	control.subject = ARENA_ARRAY(w->g->arena, chronicle_text, r->notes.n);
	for (uint32_t i = 0; i < r->notes.n; i++)
		control.subject[control.subjects++] = chronicle_intern(w->c, r->notes.v[i].subject);
	put_event(w, &control);
	return ERR_NONE;
}

static enum err put_act(struct writing *w, const struct chronicle_made *made, struct cause *why)
{
	struct chronicle_event e = made->e;

	if (made->control)
		put_event(w, &e);
	if (made->release) {
		e.word = CHRONICLE_RELEASED;
		put_event(w, &e);
	}
	if (made->cancel) {
		e.word = CHRONICLE_CANCELLED;
		put_event(w, &e);
	}
	return made->control ? put_control(w, &made->e, why) : ERR_NONE;
}

static enum err put_one(struct writing *w, const struct chronicle_raw *raw,
			const struct chronicle_made *made, struct cause *why)
{
	struct chronicle_event e = {.word = CHRONICLE_STANDS,
				    .seq = made->c.seq,
				    .at = made->c.at,
				    .day = made->c.day,
				    .reference = made->c.reference};

	switch (made->what) {
	case MADE_NOTHING:
		return ERR_NONE;
	case MADE_EVENT:
		if (!raw->decision)
			return put_act(w, made, why);
		put_event(w, &made->e);
		return ERR_NONE;
	case MADE_CASE:
		put_case(w, made);
		if (!made->c.declares)
			put_event(w, &e);
		e.word = CHRONICLE_RELEASED;
		if (made->released)
			put_event(w, &e);
		return ERR_NONE;
	}
	return ERR_NONE;
}

struct stored {
	struct chronicle_stream_at at;
	struct span bytes;
};

static void store_stream(struct writing *w, uint32_t number, const struct text *t,
			 struct stored *to, uint32_t *n)
{
	struct span raw = text_as_span(t), small;

	if (!raw.n)
		return;
	small = raw.n > 64 ? compress(w->c->compressor, w->g->arena, raw) : (struct span){0};
	to[(*n)++] =
	    (struct stored){{number, raw.n, small.p ? small.n : raw.n}, small.p ? small : raw};
}

/* What stands before the streams; the texts that are new in this block among it. */
static void put_index(struct writing *w, const struct stored *v, uint32_t n)
{
	struct text *t = &w->block;
	const struct chronicle *c = w->c;

	columns_put_text(t, w->b->office);
	columns_put_number(t, w->g->last);
	columns_put_text(t, (struct span){(const char *)w->g->chain.byte, 32, 0});
	columns_put_count(t, w->cases);
	columns_put_count(t, w->events);
	columns_put_number(t, w->first_day);
	columns_put_number(t, w->last_day);
	columns_put_count(t, w->first_text);
	columns_put_count(t, c->texts.n - w->first_text);
	for (uint32_t i = w->first_text; i < c->texts.n; i++)
		columns_put_text(t, c->texts.v[i]);
	columns_put_count(t, n);
	for (uint32_t i = 0; i < n; i++) {
		columns_put_count(t, v[i].at.stream);
		columns_put_count(t, v[i].at.length);
		columns_put_count(t, v[i].at.stored);
	}
}

static void put_block(struct writing *w)
{
	const uint32_t columns = w->c->columns.n;
	struct stored *v = ARENA_ARRAY(w->g->arena, struct stored, columns + STREAMS_MORE);
	uint32_t n = 0;

	for (uint32_t i = 1; i < columns; i++)
		if (w->g->out.says[i])
			store_stream(w, i, &w->g->out.stream[i], v, &n);
	for (uint32_t i = 0; i < STREAMS_MORE; i++)
		store_stream(w, columns + i, &w->g->more.stream[i], v, &n);
	w->block = text_in(w->g->arena);
	put_index(w, v, n);
	for (uint32_t i = 0; i < n; i++)
		text_span(&w->block, v[i].bytes);
}

struct joining {
	struct writing w;
	enum err err;
	struct cause why;
};

static void write_group(void *context)
{
	struct joining *j = context;
	struct group *g = j->w.g;

	for (uint32_t i = 0; i < g->raw.n && !j->err; i++)
		j->err = put_one(&j->w, &g->raw.v[i], &g->made[i], &j->why);
	if (!j->err)
		put_block(&j->w);
}

struct outer {
	struct joining *j;
	enum err err;
};

static enum err append_block(struct chronicle *c, const struct text *block, struct cause *why)
{
	struct chronicle_block_head head = {.magic = CHRONICLE_MAGIC,
					    .bytes = (uint32_t)block->n,
					    .hash = hash_bytes(block->p, block->n)};
	const uint64_t at = c->size + sizeof(head);

	if (pwrite(c->fd, block->p, block->n, (off_t)at) != (ssize_t)block->n ||
	    pwrite(c->fd, &head, sizeof(head), (off_t)c->size) != sizeof(head))
		return fail(why, ERR_IO, CHRONICLE_FILE ": %s", strerror(errno));
	BUG_ON(!chronicle_index(c, block->p, at, &head, true));
	c->size = at + head.bytes;
	return ERR_NONE;
}

/* Texts are numbered in the chronicle's own arena, and everything else lies in the group's: both may end. */
static void in_both(void *context)
{
	struct outer *o = context;
	struct joining *j = o->j;

	o->err = arena_run(j->w.g->arena, write_group, j);
	if (!o->err && !j->err)
		j->err = append_block(j->w.c, &j->w.block, &j->why);
}

/* Waits for a group and writes it. */
static enum err finish(struct building *b, struct group *g)
{
	struct joining j = {.w = {.b = b,
				  .g = g,
				  .c = b->c,
				  .first_text = b->c->texts.n,
				  .first_day = INT32_MAX,
				  .last_day = INT32_MIN}};
	struct outer o = {&j, ERR_NONE};
	enum err e;

	if (!g->running)
		return ERR_NONE;
	pthread_join(g->thread, NULL);
	g->running = false;
	if (g->err)
		return fail(b->why, g->err, "%s", g->why.err ? g->why.text : "no memory");
	e = arena_run(b->c->arena, in_both, &o);
	if (!e)
		e = o.err;
	if (e)
		return fail(b->why, e, "no memory for the chronicle");
	if (j.err)
		*b->why = j.why;
	return j.err;
}

/* ---- reading the log ---- */

static void empty(struct group *g)
{
	arena_reset(g->arena);
	g->raw.v = NULL;
	g->raw.n = g->raw.room = 0;
	g->bytes = 0;
}

/* The group that was filled goes to a thread of its own, and the next is filled. */
static enum err dispatch(struct building *b)
{
	struct group *g = &b->group[b->now];
	enum err e;

	g->last = b->last;
	g->chain = b->chain;
	g->making = (struct chronicle_making){.chronicle = b->c,
					      .source = &b->source,
					      .office = b->office,
					      .once = g->once,
					      .out = &g->out,
					      .arena = g->arena,
					      .why = &g->why};
	g->why = (struct cause){0};
	g->running = !pthread_create(&g->thread, NULL, make_group, g);
	if (!g->running)
		return fail(b->why, ERR_NOMEM, "no thread for the chronicle");
	b->now = (b->now + 1) % GROUPS;
	e = finish(b, &b->group[b->now]);
	if (!e)
		empty(&b->group[b->now]);
	return e;
}

/* NULL bytes stay so. */
static struct span copied(struct group *g, struct span s)
{
	char *p = s.p ? arena_try(g->arena, (size_t)s.n + 1) : NULL;

	if (!p)
		return (struct span){NULL, 0, 0};
	memcpy(p, s.p, s.n);
	g->bytes += s.n;
	return (struct span){p, s.n, 0};
}

static enum err add_raw(struct building *b, const struct event *e, bool decision)
{
	struct group *g = &b->group[b->now];
	struct chronicle_raw *raw =
	    arena_try_push(g->arena, (void **)&g->raw.v, &g->raw.n, &g->raw.room, sizeof(*raw));

	if (!raw)
		return fail(b->why, ERR_NOMEM, "no memory for the chronicle");
	*raw = (struct chronicle_raw){.decision = decision,
				      .seq = e->seq,
				      .at = e->at,
				      .version = e->version,
				      .reference = copied(g, e->reference),
				      .payload = copied(g, e->payload)};
	if (!decision)
		return ERR_NONE;
	if (e->version == 1)
		raw->message = b->input;
	else if (b->version == e->version && span_equal(b->reference, e->reference))
		raw->message = b->declared;
	b->input = b->declared = (struct span){NULL, 0, 0};
	return ERR_NONE;
}

static bool is_done(const struct event *e)
{
	static const char done[] = "\"step\":\"done\"";

	return e->payload.p && memmem(e->payload.p, e->payload.n, done, sizeof(done) - 1);
}

static enum err take_event(void *context, const struct event *e, struct cause *why)
{
	struct building *b = context;
	struct group *g = &b->group[b->now];
	const bool decision = span_is(e->kind, "decision"), act = span_is(e->kind, "act");
	enum err err = ERR_NONE;

	(void)why;
	if (b->options->stop && atomic_load(b->options->stop))
		return fail(b->why, ERR_BUSY, "it was stopped");
	b->last = e->seq;
	b->chain = e->chain;
	if (b->options->progress && ++b->done % 1000 == 0)
		b->options->progress(b->options->context, b->done, 0);
	if (span_is(e->kind, "input")) {
		b->input = copied(g, e->payload);
	} else if (span_is(e->kind, "declaration")) {
		b->declared = copied(g, e->payload);
		b->reference = copied(g, e->reference);
		b->version = e->version;
	} else if (decision || act) {
		err = add_raw(b, e, decision);
	} else {
		b->input = b->declared = (struct span){NULL, 0, 0}; /* it was no declaration */
	}
	if (span_equal(e->kind, ERASURE_KIND) && b->after && is_done(e)) {
		b->stale = true;
		return fail(b->why, ERR_BUSY, "something was erased");
	}
	/* what was handed in goes into one group with the decision on it */
	if (!err && !b->input.p && !b->declared.p &&
	    (g->raw.n >= GROUP_EVENTS || g->bytes >= GROUP_BYTES))
		err = dispatch(b);
	return err;
}

static enum err finish_all(struct building *b)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < GROUPS; i++) {
		struct group *g = &b->group[(b->now + i) % GROUPS];
		struct cause first = *b->why;
		enum err one = finish(b, g);

		if (e && one)
			*b->why = first;
		e = e ? e : one;
		empty(g);
	}
	return e;
}

static enum err build_office(struct building *b)
{
	const struct store_range range = {b->office, b->after + 1, INT64_MIN};
	struct cause stopped = {0};
	enum err e, rest;

	b->last = b->after;
	b->input = b->declared = (struct span){NULL, 0, 0};
	b->reading.office = b->office;
	e = store_scan_events(b->store, &range, take_event, b, &stopped);
	if (e && !b->why->err)
		*b->why = stopped;
	if (!e && b->last > b->after)
		e = dispatch(b);
	rest = finish_all(b);
	return e ? e : rest;
}

static enum err build_all(struct building *b)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct span *office;
	uint32_t n = 0;
	enum err e = a ? store_list_offices(b->store, a, &office, &n, b->why) : ERR_NOMEM;

	for (uint32_t i = 0; i < n && !e && !b->stale; i++) {
		if (span_equal(office[i], HUB_OFFICE))
			continue;
		b->office = office[i];
		b->after = 0;
		for (uint32_t k = 0; k < b->c->offices.n; k++) {
			const struct chronicle_office *o = &b->c->offices.v[k];

			if (span_equal(o->code, office[i]))
				b->after = o->block[o->block_count - 1]->last;
		}
		e = build_office(b);
	}
	arena_free(a);
	return b->stale ? ERR_NONE : e;
}

static void close_building(struct building *b, struct hub *second)
{
	arena_free(b->reading.arena);
	arena_free(b->reading.once);
	for (uint32_t i = 0; i < GROUPS; i++) {
		arena_free(b->group[i].arena);
		arena_free(b->group[i].once);
	}
	hub_close(second);
	pthread_mutex_destroy(&b->source.lock);
}

/* What a scan stands on is not asked anything else meanwhile: messages and acts come over a connection of their own. */
static enum err open_second(const struct hub *h, struct hub **ret, struct cause *why)
{
	return hub_open(&(struct hub_options){.where = h->where,
					      .database = strcmp(h->database, h->where) != 0
							      ? h->database
							      : NULL,
					      .mode = HUB_READ},
			ret, why);
}

enum err chronicle_extend(struct chronicle *c, const struct chronicle_options *o, bool *ret_stale,
			  struct cause *why)
{
	struct building b = {
	    .c = c,
	    .options = o,
	    .store = c->hub->store,
	    .why = why,
	    .reading = {.arena = arena_new(LIMIT_ARENA_BYTES),
			.once = arena_new((size_t)LIMIT_ARENA_BYTES * 4),
			.zone_minutes = c->zone_minutes},
	};
	struct hub *second = NULL;
	bool memory = b.reading.arena && b.reading.once;
	enum err e;

	pthread_mutex_init(&b.source.lock, NULL);
	for (uint32_t i = 0; i < GROUPS; i++) {
		b.group[i].arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
		b.group[i].once = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
		memory &= b.group[i].arena && b.group[i].once;
	}
	e = memory ? open_second(c->hub, &second, why)
		   : fail(why, ERR_NOMEM, "no memory for the chronicle");
	if (!e && second) {
		b.source.store = b.reading.store = second->store;
		e = build_all(&b);
	}
	close_building(&b, second);
	*ret_stale = b.stale;
	if (b.stale)
		*why = (struct cause){0};
	return e;
}
