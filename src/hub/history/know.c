/* What decisions are told of the past. Rows are read once a day for each subject: what they say of the days before does not
 * change while the day lasts, but for what the log was behind with. */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/history/history.h"

/* More subjects than that are forgotten and asked again; steps that are made up for before the first decision of a day. Where
 * their rows cannot be stored (a full disk), that is tried so often, and then left to the clock: declarations wait for it. */
enum { REMEMBERED = 20000, STEPS_BEFORE_A_DAY = 5, SWEEPS_A_DAY = 3 };

struct history_memory *history_open(void)
{
	struct history_memory *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->arena = arena_new((size_t)LIMIT_ARENA_BYTES * 2);
	m->once = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
	m->day = INT32_MIN;
	if (m->arena && m->once) {
		history_forget(m);
		return m;
	}
	history_close(m);
	return NULL;
}

void history_close(struct history_memory *m)
{
	if (!m)
		return;
	arena_free(m->arena);
	arena_free(m->once);
	free(m);
}

void history_forget(struct history_memory *m)
{
	arena_reset(m->arena);
	m->facts = map_in(m->arena);
	m->swept = false;
}

/* ---- what is asked ---- */

struct wanted {
	struct history_memory *memory;
	struct arena *arena; /* of the question */
	const struct history_asked *asked;
	struct map seen;
	DICT_LIST(struct span) subjects;
	DICT_LIST(enum history_kind) kinds;
};

static void want(struct wanted *w, enum history_kind k, struct span subject)
{
	if (!subject.n || map_get(&w->memory->facts, subject) || map_get(&w->seen, subject))
		return;
	map_put(&w->seen, subject, w);
	*(struct span *)arena_push(w->arena, (void **)&w->subjects.v, &w->subjects.n,
				   &w->subjects.room, sizeof(subject)) = subject;
	*(enum history_kind *)arena_push(w->arena, (void **)&w->kinds.v, &w->kinds.n,
					 &w->kinds.room, sizeof(k)) = k;
}

/* How often importer and declarant were found irregular is a fact of every decision. */
static bool is_wanted(const struct history_asked *asked, enum history_kind k)
{
	return k == HISTORY_IMPORTER || k == HISTORY_DECLARANT || asked->kind[k];
}

static void want_all(struct wanted *w, const struct declaration *d, struct span office)
{
	for (enum history_kind k = 0; k < HISTORY_FIRST_OF_ITEM; k++)
		if (is_wanted(w->asked, k))
			want(w, k, history_subject(w->arena, k, d, NULL, office));
	for (enum history_kind k = HISTORY_FIRST_OF_ITEM; k < HISTORY_KINDS; k++)
		for (uint32_t i = 0; w->asked->kind[k] && i < d->shipment.items.n; i++)
			want(w, k,
			     history_subject(w->arena, k, d, &d->shipment.items.v[i], office));
}

/* ---- answers ---- */

struct keeping {
	struct history_memory *memory;
	const struct history_asked *asked;
	struct span subject;
	enum history_kind kind;
	const struct store_histories *rows;
	bool bad;
};

static void keep(void *context)
{
	struct keeping *k = context;
	struct history_memory *m = k->memory;
	const struct history_row **row;
	struct history_fact *fact;

	arena_reset(m->once);
	row = ARENA_ARRAY(m->arena, const struct history_row *, k->rows->count + 1);
	for (uint32_t i = 0; i < k->rows->count; i++) {
		struct history_row *one = arena_try(m->once, sizeof(*one));

		if (!one || history_read(k->rows->row[i].body, one)) {
			k->bad = true;
			return;
		}
		row[i] = one;
	}
	fact = ARENA_NEW(m->arena, struct history_fact);
	fact->subject = span_copy(m->arena, k->subject);
	history_sum(m->arena, row, k->rows->count, m->day, k->kind, k->asked, fact);
	map_put(&m->facts, fact->subject, fact);
}

static enum err answer(struct store *s, const struct wanted *w, struct cause *why)
{
	struct store_histories *rows =
	    arena_try(w->arena, sizeof(*rows) * ((size_t)w->subjects.n + 1));
	enum err e =
	    rows ? store_find_histories(s, w->arena, w->subjects.v, w->subjects.n, rows, why)
		 : ERR_NOMEM;

	for (uint32_t i = 0; i < w->subjects.n && !e; i++) {
		struct keeping k = {.memory = w->memory,
				    .asked = w->asked,
				    .subject = w->subjects.v[i],
				    .kind = w->kinds.v[i],
				    .rows = &rows[i]};

		e = arena_run(w->memory->arena, keep, &k);
		if (e)
			e = fail(why, e, "no memory for the histories of a batch");
		else if (k.bad)
			e = fail(why, ERR_DB, "the history of %.*s cannot be read",
				 SPAN_ARG(k.subject));
	}
	return e;
}

/* What was remembered for another day, or for other rules, is of no use. */
static void begin(struct batch *b)
{
	struct history_memory *m = b->h->history;
	int32_t day = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	const char *rules = b->inforce->hash[PACK_RULES];

	if (m->day == day && !strcmp(m->rules, rules) && m->facts.count < REMEMBERED)
		return;
	if (m->day != day)
		m->sweeps = 0;
	m->day = day;
	memcpy(m->rules, rules, sizeof(m->rules));
	history_forget(m);
}

enum err history_know(struct batch *b, struct cause *why)
{
	struct wanted w = {.memory = b->h->history,
			   .arena = b->h->batch_arena,
			   .asked = risk_history_asked(b->inforce->rules),
			   .seen = map_in(b->h->batch_arena)};
	bool more;
	enum err e = ERR_NONE;

	if (!b->n)
		return ERR_NONE;
	begin(b);
	more = !w.memory->swept && w.memory->sweeps < SWEEPS_A_DAY;
	w.memory->sweeps += more;
	for (int i = 0; more && i < STEPS_BEFORE_A_DAY && !e; i++)
		e = history_follow(b, 0, &more, why);
	if (e)
		return e;
	w.memory->swept = true;
	for (const struct job *j = b->first; j; j = j->next)
		if (!j->err && !j->settled)
			want_all(&w, &j->message.declaration, j->facts.office);
	return answer(b->h->store, &w, why);
}

/* ---- facts of one decision ---- */

struct telling {
	struct batch *batch;
	struct job *job;
	const struct declaration *d;
	struct wanted wanted;
};

static void ask(void *context)
{
	struct telling *t = context;

	t->wanted.seen = map_in(t->wanted.arena);
	want_all(&t->wanted, t->d, t->job->facts.office);
}

static int64_t irregular_of(struct telling *t, enum history_kind k, int64_t selected)
{
	struct span subject = history_subject(t->wanted.arena, k, t->d, NULL, SPAN(""));
	const struct history_fact *h =
	    subject.n ? map_get(&t->wanted.memory->facts, subject) : NULL;

	/* an officer may examine what was not selected */
	return !h ? 0 : h->irregular < selected ? h->irregular : selected;
}

static void tell_one(struct telling *t, enum history_kind k, const struct goods_item *item)
{
	struct facts *f = &t->job->facts;
	struct arena *a = t->wanted.arena;
	struct span subject = history_subject(a, k, t->d, item, f->office);
	const struct history_fact *known;
	struct history_fact copy;

	if (!subject.n || facts_history(f, subject))
		return;
	known = map_get(&t->wanted.memory->facts, subject);
	if (!known)
		return;
	copy = *known;
	copy.subject = subject;
	/* the memory may be forgotten before the decision is written */
	copy.windows.v = (struct history_window *)(void *)arena_copy(
	    a, (const char *)known->windows.v, known->windows.n * sizeof(*known->windows.v));
	copy.quantiles.v = (struct history_quantile *)(void *)arena_copy(
	    a, (const char *)known->quantiles.v, known->quantiles.n * sizeof(*known->quantiles.v));
	facts_add_history(a, f, &copy);
}

static void tell(void *context)
{
	struct telling *t = context;
	const struct history_asked *asked = t->wanted.asked;
	struct facts *f = &t->job->facts;

	f->importer.irregular = irregular_of(t, HISTORY_IMPORTER, f->importer.selected);
	f->declarant.irregular = irregular_of(t, HISTORY_DECLARANT, f->declarant.selected);
	for (enum history_kind k = 0; k < HISTORY_FIRST_OF_ITEM; k++)
		if (asked->kind[k])
			tell_one(t, k, NULL);
	for (uint32_t i = 0; i < t->d->shipment.items.n; i++)
		for (enum history_kind k = HISTORY_FIRST_OF_ITEM; k < HISTORY_KINDS; k++)
			if (asked->kind[k])
				tell_one(t, k, &t->d->shipment.items.v[i]);
}

enum err history_facts(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why)
{
	struct arena *a = j->submission->arena;
	struct telling t = {.batch = b,
			    .job = j,
			    .d = d,
			    .wanted = {.memory = b->h->history,
				       .arena = a,
				       .asked = risk_history_asked(b->inforce->rules)}};
	enum err e;

	j->facts.history.v = NULL;
	j->facts.history.n = j->facts.history.room = 0;
	j->facts.history_by = (struct map){0};
	e = arena_run(a, ask, &t);
	if (!e && t.wanted.subjects.n)
		e = answer(b->h->store, &t.wanted, why);
	if (!e)
		e = arena_run(a, tell, &t);
	return e;
}
