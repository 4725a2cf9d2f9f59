#include "hub/edition/trade.h"

#include "base/date.h"
#include "base/limits.h"
#include "hub/directories.h"
#include "hub/house.h"

/* Cases whose events are fetched together: one exchange with a database's server for each group, not one for each case. */
enum { GROUP = 64 };

struct walk {
	struct hub *hub;
	struct trade *t;
	struct arena *arena; /* of a group */
	struct cause *why;
	struct span office;
	char after[LIMIT_REFERENCE_BYTES + 1]; /* reference of the last case of the group before */
	int64_t total;
	bool ended;
	enum err err;
};

static bool counts(const struct store_standing *x)
{
	const struct store_declaration *d = &x->declaration;

	return d->decision_seq && !span_is(d->state, "request") && !span_is(d->state, "rejected") &&
	       !span_is(d->state, "cancelled") && !span_is(x->life, "cancelled");
}

static bool is_asked_for(const struct walk *w, const struct store_standing *x)
{
	int32_t day;

	return counts(x) && !day_parse(x->declaration.day, &day) && w->t->from <= day &&
	       day <= w->t->to;
}

/* The declaration as it stands. What an amendment made is an event of its own. */
static enum err read_message(struct walk *w, const struct store_declaration *d,
			     const struct event *input, const struct json *decision,
			     struct message *ret)
{
	const struct edifact_set *directories;
	struct findings findings;
	struct codec_fault fault;
	enum err e;

	if (d->version > 1)
		return house_message_of(w->hub->store, w->arena, d, ret, w->why);
	if (!input->payload.p)
		return ERR_NOT_FOUND;
	e = directories_named(w->hub->store, directories_of(decision), &directories, w->why);
	return e ? e
		 : msg_read_with(w->arena, input->payload, NULL, directories, ret, &findings,
				 &fault);
}

static enum err take(struct walk *w, const struct store_declaration *d, const struct event *input,
		     const struct event *decided)
{
	struct trade_case c = {.arena = w->arena};
	struct codec_fault fault;
	enum err e;

	if (!decided->payload.p || json_read(w->arena, decided->payload, &c.decision, &fault) ||
	    decision_read_facts(w->arena, c.decision, &c.facts)) {
		w->t->unreadable++;
		return ERR_NONE;
	}
	e = read_message(w, d, input, c.decision, &c.message);
	if (e == ERR_NOT_FOUND || e == ERR_FORMAT || e == ERR_LIMIT || e == ERR_UNSUPPORTED) {
		if (e == ERR_NOT_FOUND)
			w->t->erased++;
		else
			w->t->unreadable++;
		*w->why = (struct cause){0};
		return ERR_NONE;
	}
	if (e)
		return e;
	w->t->taken++;
	return w->t->take(w->t->context, &c, w->why);
}

static enum err take_wanted(struct walk *w, const struct store_standing *const *x, uint32_t n)
{
	struct store_event_key *key = ARENA_ARRAY(w->arena, struct store_event_key, 2 * n + 1);
	struct event *event = ARENA_ARRAY(w->arena, struct event, 2 * n + 1);
	enum err e;

	for (uint32_t i = 0; i < n; i++) {
		const struct store_declaration *d = &x[i]->declaration;

		key[2 * i] = (struct store_event_key){d->office, d->input_seq};
		key[2 * i + 1] = (struct store_event_key){d->office, d->decision_seq};
	}
	e = store_get_events(w->hub->store, w->arena, key, 2 * n, event, w->why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = take(w, &x[i]->declaration, &event[2 * i], &event[2 * i + 1]);
	return e;
}

static void run_group(void *context)
{
	struct walk *w = context;
	const struct store_standing *wanted[GROUP];
	struct store_standing *row = NULL;
	uint32_t n = 0, wants = 0;

	w->err = store_page_standing(w->hub->store, w->arena, w->office, span_of(w->after), GROUP,
				     &row, &n, w->why);
	if (w->err)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (is_asked_for(w, &row[i]))
			wanted[wants++] = &row[i];
	if (wants)
		w->err = take_wanted(w, wanted, wants);
	w->ended = n < GROUP;
	if (n) {
		struct span last = row[n - 1].declaration.reference;

		BUG_ON(last.n >= sizeof(w->after));
		memcpy(w->after, last.p, last.n);
		w->after[last.n] = 0;
	}
	w->t->looked_at += n;
}

static enum err walk_office(struct walk *w)
{
	enum err e = ERR_NONE;

	w->after[0] = 0;
	w->ended = false;
	while (!e && !w->ended) {
		if (w->t->stop && atomic_load(w->t->stop))
			return fail(w->why, ERR_BUSY, "it was stopped");
		arena_reset(w->arena);
		e = arena_run(w->arena, run_group, w);
		if (e)
			return fail(w->why, e, "no memory for the cases of an office");
		e = w->err;
		if (w->t->progress)
			w->t->progress(w->t->context, w->t->looked_at, w->total);
	}
	return e;
}

static enum err walk_all(struct walk *w, struct arena *a)
{
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(w->hub->store, a, &office, &n, w->why);

	for (uint32_t i = 0; i < n && !e; i++) {
		w->office = office[i];
		e = walk_office(w);
	}
	return e;
}

enum err hub_walk_trade(struct hub *h, struct trade *t, struct cause *why)
{
	struct cause own = {0};
	struct walk w = {.hub = h,
			 .t = t,
			 .why = why ? why : &own,
			 .arena = arena_new((size_t)LIMIT_PACK_BYTES * 4)};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	enum err e = a && w.arena ? walk_all(&w, a) : ERR_NOMEM;

	arena_free(w.arena);
	arena_free(a);
	return e ? fail(why, e, "no memory to read the trade of a store") : ERR_NONE;
}
