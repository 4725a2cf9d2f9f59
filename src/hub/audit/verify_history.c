/* Histories against the log: what each row says of its subject in all must be what the events that were followed say. Where the
 * messages of an office were erased the log cannot tell any more, and its rows are not looked at. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "hub/audit/verify.h"
#include "hub/history/history.h"

enum { EVENTS_AT_ONCE = 2000 };

struct counted {
	struct history_counts counts;
	bool seen; /* a row says it */
};

struct checking {
	struct verify *v;
	struct arena *notes, *once;
	struct map rows;  /* "subject\noffice" -> struct counted */
	struct map blind; /* offices */
	struct map codes; /* office -> struct declared: what the log says less what the rows say */
	int64_t counted;
	struct cause *why;
	struct span office;
	enum err err;
};

static struct span key_of(struct arena *a, struct span subject, struct span office)
{
	return span_of(arena_print(a, "%.*s\n%.*s", SPAN_ARG(subject), SPAN_ARG(office)));
}

static void count(struct checking *c, const struct history_note *n)
{
	char text[400];
	int bytes =
	    snprintf(text, sizeof(text), "%.*s\n%.*s", SPAN_ARG(n->subject), SPAN_ARG(c->office));
	struct counted *to;

	BUG_ON(bytes < 0 || (size_t)bytes >= sizeof(text));
	to = map_get(&c->rows, (struct span){text, (uint32_t)bytes, 0});
	if (!to) {
		to = ARENA_NEW(c->v->whole, struct counted);
		map_put(&c->rows, key_of(c->v->whole, n->subject, c->office), to);
		c->counted++;
	}
	to->counts.declared += n->kind == NOTE_DECLARED;
	to->counts.examined += n->examined;
	to->counts.irregular += n->irregular;
}

/* Of the rows of an office, in no order: their count, and the sum of their hashes. */
struct declared {
	int64_t rows;
	uint64_t sum;
};

static struct hash hash_of(const struct store_case_codes *row)
{
	const struct span piece[] = {row->chapter, SPAN("\n"), row->reference, SPAN("\n"),
				     row->codes};

	return hash_pieces(piece, ARRAY_LEN(piece));
}

static void add_codes(struct checking *c, const struct store_case_codes *row, int sign)
{
	struct declared *d = map_get(&c->codes, row->office);
	struct hash h;
	uint64_t v = 0;

	if (!d) {
		const struct span office = {arena_copy(c->v->whole, row->office.p, row->office.n),
					    row->office.n, 0};

		d = ARENA_NEW(c->v->whole, struct declared);
		*d = (struct declared){0, 0};
		map_put(&c->codes, office, d);
	}
	h = hash_of(row);
	memcpy(&v, h.byte, sizeof(v));
	d->rows += sign;
	d->sum = sign > 0 ? d->sum + v : d->sum - v;
}

static enum err take_codes(void *context, const struct store_case_codes *row, struct cause *why)
{
	(void)why;
	add_codes(context, row, -1);
	return ERR_NONE;
}

static enum err compare_codes(struct checking *c)
{
	enum err e = store_scan_case_codes(c->v->store, take_codes, c, c->why);

	for (uint32_t i = 0; i < c->codes.size && !e; i++) {
		const struct declared *d = c->codes.slots[i].value;

		if (d && (d->rows || d->sum) && !map_get(&c->blind, c->codes.slots[i].key))
			verify_fault(c->v, c->codes.slots[i].key, 0, SPAN(""),
				     "the list of goods that cases declared is not what the log "
				     "says");
	}
	return e;
}

static void read_step(void *context)
{
	struct checking *c = context;
	struct history_reading r = {.store = c->v->store,
				    .arena = c->notes,
				    .once = c->once,
				    .office = c->office,
				    .most = EVENTS_AT_ONCE};
	int64_t histories = 0, codes = 0;

	c->err = store_get_history_mark(r.store, c->notes, c->office, &histories, c->why);
	if (!c->err)
		c->err = store_get_case_codes_mark(r.store, c->notes, c->office, &codes, c->why);
	r.last = histories > codes ? histories : codes;
	while (!c->err && r.after < r.last) {
		c->err = history_read_log(&r, c->why);
		if (c->err || r.done == r.after)
			return;
		for (uint32_t i = 0; i < r.notes.n; i++)
			if (r.notes.v[i].seq <= histories)
				count(c, &r.notes.v[i]);
		for (uint32_t i = 0; i < r.codes.n; i++)
			if (r.codes.v[i].seq <= codes)
				add_codes(c, &r.codes.v[i].row, 1);
		if (r.erased || r.unreadable)
			map_put(&c->blind, c->office, c);
		r.after = r.done;
		r.notes.n = r.codes.n = 0;
		if (c->v->report->stop && atomic_load(c->v->report->stop)) {
			c->err = fail(c->why, ERR_BUSY, "it was stopped");
			return;
		}
	}
}

static enum err compare_row(void *context, const struct store_history *h, struct cause *why)
{
	struct checking *c = context;
	struct counted *wanted;
	struct history_row *row;

	(void)why;
	arena_reset(c->once);
	row = arena_try(c->once, sizeof(*row));
	if (!row)
		return fail(why, ERR_NOMEM, "no memory to verify histories");
	if (history_read(h->body, row)) {
		verify_fault(c->v, h->office, 0, h->subject, "this history cannot be read");
		return ERR_NONE;
	}
	wanted = map_get(&c->rows, key_of(c->v->whole, h->subject, h->office));
	if (wanted)
		wanted->seen = true;
	if (map_get(&c->blind, h->office))
		return ERR_NONE;
	if (!wanted || wanted->counts.declared != row->before.declared + row->today.declared ||
	    wanted->counts.examined != row->before.examined + row->today.examined ||
	    wanted->counts.irregular != row->before.irregular + row->today.irregular)
		verify_fault(c->v, h->office, 0, h->subject,
			     "this history is not what the log says");
	return ERR_NONE;
}

static void check(void *context)
{
	struct checking *c = context;
	struct span *office;
	uint32_t n;
	enum err e = store_list_offices(c->v->store, c->v->whole, &office, &n, c->why);

	for (uint32_t i = 0; i < n && !e; i++) {
		c->office = office[i];
		arena_reset(c->notes);
		e = arena_run(c->notes, read_step, c);
		e = e ? fail(c->why, e, "no memory to verify histories") : c->err;
	}
	if (!e)
		e = store_scan_histories(c->v->store, compare_row, c, c->why);
	if (!e)
		e = compare_codes(c);
	for (uint32_t i = 0; i < c->rows.size && !e; i++) {
		const struct counted *x = c->rows.slots[i].value;

		if (x && !x->seen)
			verify_fault(c->v, SPAN(""), 0, c->rows.slots[i].key,
				     "the log knows this history, the list of them does not");
	}
	c->err = e;
}

enum err verify_histories(struct verify *v, struct cause *why)
{
	struct checking c = {.v = v,
			     .rows = map_in(v->whole),
			     .blind = map_in(v->whole),
			     .codes = map_in(v->whole),
			     .notes = arena_new((size_t)LIMIT_ARENA_BYTES * 4),
			     .once = arena_new((size_t)LIMIT_ARENA_BYTES * 4),
			     .why = why};
	enum err e = c.notes && c.once ? arena_run(v->whole, check, &c) : ERR_NOMEM;

	arena_free(c.notes);
	arena_free(c.once);
	return e ? fail(why, e, "no memory to verify histories") : c.err;
}
