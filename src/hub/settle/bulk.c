#include "hub/settle/bulk.h"

#include <pthread.h>

#include "base/limits.h"
#include "codec/csv.h"
#include "hub/cargo/cargo.h"
#include "hub/settle/any.h"
#include "hub/settle/record.h"
#include "msg/cut.h"

enum { SLOTS = 64 };

struct gathering;

/* One that is under way. They come back in any order, and are answered in theirs. */
struct slot {
	struct gathering *all;
	struct submission s;
	struct arena *arena;
	uint32_t line;
	bool done;    /* guarded by the lock */
	bool relayed; /* other nodes were asked */
};

_Static_assert((int)SLOTS <= (int)RELAY_MANY, "all may be for other nodes");

struct gathering {
	struct hub *hub;
	struct bulk *x;
	struct msg_cutter cutter;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	struct slot slot[SLOTS];
	uint64_t sent, taken;
	enum message_kind kind; /* of those that are under way */
	bool table;
	struct slot *one; /* that is being answered */
	enum err err;
};

static void on_done(struct submission *s)
{
	struct slot *slot = s->context;

	pthread_mutex_lock(&slot->all->lock);
	slot->done = true;
	pthread_cond_broadcast(&slot->all->finished);
	pthread_mutex_unlock(&slot->all->lock);
}

/* ---- the answer to one ---- */

static const char *outcome_name(enum outcome_kind k)
{
	switch (k) {
	case OUTCOME_NEW:
		return "decided";
	case OUTCOME_REPEATED:
		return "repeated";
	case OUTCOME_CONFLICT:
		return "conflict";
	case OUTCOME_DENIED:
		return "denied";
	case OUTCOME_UNREADABLE:
		return "unreadable";
	case OUTCOME_FAILED:
		return "failed";
	}
	return "failed";
}

static bool was_decided(const struct outcome *o)
{
	return o->kind == OUTCOME_NEW || o->kind == OUTCOME_REPEATED;
}

/* The stored answer with its texts; NULL: there is none. */
static const struct json *read_answer(struct arena *a, const struct outcome *o,
				      struct span language)
{
	const struct json *stored, *rendered;
	struct text t = text_in(a);
	struct codec_fault fault;

	if (!was_decided(o) || json_read(a, o->answer, &stored, &fault))
		return NULL;
	answer_render(&t, stored, language);
	return json_read(a, text_as_span(&t), &rendered, &fault) ? NULL : rendered;
}

static uint32_t line_of(const struct slot *s, int64_t line)
{
	return line > 0 ? s->line + (uint32_t)line - 1 : s->line;
}

/* What went wrong inside stands in the log: it names files, databases and nodes. */
static const char *text_of(const struct outcome *o)
{
	if (o->kind != OUTCOME_FAILED)
		return o->cause.text;
	return o->cause.err == ERR_ELSEWHERE
		   ? "the node that settles this office was not reached: send this declaration "
		     "again"
		   : "the hub could not settle it now: send it again, it is decided only once";
}

static void write_line(struct gathering *g, const struct json *answer)
{
	const struct outcome *o = &g->one->s.outcome;
	struct json_writer w = json_to(&g->x->answer);

	json_open_object(&w);
	json_put_int(&w, "line", g->one->line);
	json_put_c(&w, "outcome", outcome_name(o->kind));
	if (answer) {
		json_name(&w, "answer");
		json_value(&w, answer);
	} else {
		json_put_c(&w, "text", text_of(o));
		if (o->fault.line && o->kind == OUTCOME_UNREADABLE) {
			json_put_int(&w, "fault_line", line_of(g->one, o->fault.line));
			json_put_int(&w, "fault_column", o->fault.column);
		}
		if (o->reference.n)
			json_put(&w, "reference", o->reference);
	}
	json_close_object(&w);
	text_char(&g->x->answer, '\n');
}

/* What a spreadsheet would compute is written so that it does not. */
static void put_cell(struct text *t, struct span s, bool last)
{
	struct text safe = text_in(t->arena);

	if (s.n && strchr("=+-@", s.p[0]))
		text_char(&safe, '\'');
	text_span(&safe, s);
	csv_put(t, text_as_span(&safe), ',');
	text_char(t, last ? '\n' : ',');
}

static void put_number(struct text *t, int64_t number)
{
	if (number > 0)
		text_int(t, number);
	text_char(t, ',');
}

/* One row: what became of the declaration, and one finding of it (NULL: none). */
static void write_row(struct gathering *g, const struct json *answer, const struct json *finding)
{
	const struct outcome *o = &g->one->s.outcome;
	struct text *t = &g->x->answer;
	int64_t line = 0, column = 0;

	if (finding && json_get_int(finding, "line", &line))
		line = 0;
	if (finding && json_get_int(finding, "column", &column))
		column = 0;
	if (o->kind == OUTCOME_UNREADABLE)
		line = o->fault.line, column = o->fault.column;
	put_number(t, line_of(g->one, line));
	put_number(t, column);
	put_cell(t, json_get_text(answer, "trader_reference"), false);
	put_cell(t, span_of(outcome_name(o->kind)), false);
	put_cell(t, o->reference, false);
	put_cell(t, json_get_text(answer, "state"), false);
	put_cell(t, json_get_text(finding, "severity"), false);
	put_cell(t, json_get_text(finding, "rule"), false);
	put_cell(t, json_get_text(finding, "pointer"), false);
	put_cell(t, answer ? json_get_text(finding, "text") : span_of(text_of(o)), true);
}

static void write_rows(struct gathering *g, const struct json *answer)
{
	const struct json *findings = json_get(answer, "findings");

	if (!findings || !findings->first)
		write_row(g, answer, NULL);
	for (const struct json *f = findings ? findings->first : NULL; f; f = f->next)
		write_row(g, answer, f);
}

static void write_one(void *context)
{
	struct gathering *g = context;
	const struct json *answer = read_answer(g->one->arena, &g->one->s.outcome, g->x->language);

	if (g->table)
		write_rows(g, answer);
	else
		write_line(g, answer);
}

/* Texts are made in the slot's arena; the answer grows in the request's. */
static void read_and_write(void *context)
{
	struct gathering *g = context;
	enum err e = arena_run(g->x->arena, write_one, g);

	if (e)
		g->err = e;
}

static void wait_for(struct gathering *g, const struct slot *s)
{
	pthread_mutex_lock(&g->lock);
	while (!s->done)
		pthread_cond_wait(&g->finished, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

/* All that are under way and that other nodes settle are handed over together. */
static void relay_slots(struct gathering *g)
{
	struct submission *list[SLOTS] = {NULL};
	uint32_t n = 0;

	for (uint64_t i = g->taken; i < g->sent; i++) {
		struct slot *s = &g->slot[i % SLOTS];

		wait_for(g, s);
		if (relay_wanted(&s->s))
			list[n++] = &s->s;
	}
	relay_settle(g->hub, g->x->relay, list, n);
	for (uint32_t i = 0; i < n; i++)
		((struct slot *)list[i]->context)->relayed = true;
}

/* Waits for the oldest that is under way, and answers it. */
static void collect(struct gathering *g)
{
	struct slot *s = &g->slot[g->taken % SLOTS];
	const struct outcome *o = &s->s.outcome;

	wait_for(g, s);
	if (relay_wanted(&s->s) && !s->relayed)
		relay_slots(g);
	hub_follow(g->hub, &s->s);
	g->taken++;
	g->x->decided += o->kind == OUTCOME_NEW;
	g->x->repeated += o->kind == OUTCOME_REPEATED;
	g->x->refused += !was_decided(o);
	g->one = s;
	if (!g->err && arena_run(s->arena, read_and_write, g))
		g->err = ERR_NOMEM;
	arena_reset(s->arena);
}

/* ---- one after the other ---- */

/* What comes of one is there before one of another kind is sent: a declaration finds the bills that were reported before it. */
static void keep_order(struct gathering *g, struct span message)
{
	const enum message_kind kind = message_kind_of(message, g->x->format);

	while (kind != g->kind && g->taken < g->sent)
		collect(g);
	g->kind = kind;
}

static void send(struct gathering *g, struct span message)
{
	struct slot *s;
	char *copy;

	keep_order(g, message);
	if (g->sent - g->taken == SLOTS)
		collect(g);
	s = &g->slot[g->sent % SLOTS];
	if (!s->arena)
		s->arena = arena_new(LIMIT_ARENA_BYTES);
	copy = s->arena ? arena_try(s->arena, (size_t)message.n + 1) : NULL;
	if (!copy) {
		g->err = ERR_NOMEM;
		return;
	}
	memcpy(copy, message.p, message.n);
	s->all = g;
	s->line = message.line;
	s->done = s->relayed = false;
	s->s = (struct submission){.raw = {copy, message.n, 1},
				   .format = g->x->format,
				   .who = g->x->who,
				   .learned = g->cutter.learned,
				   .arena = s->arena,
				   .done = on_done,
				   .context = s};
	g->sent++;
	g->x->declarations++;
	hub_submit_any(g->hub, &s->s);
}

/* Begins at the file's beginning. */
static bool next(struct gathering *g, struct span *rest, struct span *ret)
{
	return msg_cut(&g->cutter, rest, true, ret) == MSG_CUT_ONE;
}

static struct span beginning(struct gathering *g)
{
	msg_cutter_reset(&g->cutter);
	g->cutter.format = g->x->format;
	return (struct span){g->x->raw.p, g->x->raw.n, 1};
}

static void write_head(void *context)
{
	struct gathering *g = context;

	g->x->answer = text_in(g->x->arena);
	if (g->table)
		text_string(&g->x->answer, "line,column,reference,outcome,movement_reference,state,"
					   "severity,rule,place,text\n");
}

static enum err settle_all(struct gathering *g, struct cause *why)
{
	struct span rest = beginning(g), message;
	uint32_t n = 0;

	while (next(g, &rest, &message))
		if (++n > LIMIT_BULK)
			return fail(why, ERR_LIMIT, "at most %d declarations at once", LIMIT_BULK);
	g->err = arena_run(g->x->arena, write_head, g);
	rest = beginning(g);
	while (!g->err && next(g, &rest, &message))
		send(g, message);
	while (g->taken < g->sent)
		collect(g);
	if (g->err)
		return fail(why, g->err,
			    "no memory for all answers: send the same again, and what was decided "
			    "is answered");
	return ERR_NONE;
}

enum err hub_bulk(struct hub *h, struct bulk *x, struct cause *why)
{
	struct gathering *g = arena_try(x->arena, sizeof(*g));
	enum err e;

	if (!g)
		return fail(why, ERR_NOMEM, "no memory for so many");
	g->hub = h;
	g->x = x;
	g->table = !strcmp(x->format->content_type, "text/csv");
	e = msg_cutter_open(&g->cutter);
	if (e)
		return fail(why, e, "no memory for so many");
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->finished, NULL);
	e = settle_all(g, why);
	pthread_cond_destroy(&g->finished);
	pthread_mutex_destroy(&g->lock);
	for (uint32_t i = 0; i < SLOTS; i++)
		arena_free(g->slot[i].arena);
	msg_cutter_close(&g->cutter);
	return e;
}
