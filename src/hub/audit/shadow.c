#include "hub/audit/shadow.h"

#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/house.h"
#include "hub/people/people.h"

/* Of a store: what its decisions are for. */
static const struct span KIND = SPAN("purpose"), SHADOW = SPAN("shadow\n");

/* ---- which stores are ---- */

enum err shadow_read(struct store *s, bool *ret, struct cause *why)
{
	struct store_activation row;
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	enum err e = a ? store_get_in_force(s, a, KIND, SPAN("9999-12-31"), INT64_MAX, &row, why)
		       : fail(why, ERR_NOMEM, "no memory");

	arena_free(a);
	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret = e == ERR_NONE;
	return ERR_NONE;
}

enum err shadow_begin(struct hub *h, int64_t now, struct cause *why)
{
	const struct hash hash = hash_bytes(SHADOW.p, SHADOW.n);
	struct office *o = house_office(h, HUB_OFFICE);
	struct store_activation row = {
	    .kind = KIND, .hash = hash, .from_day = SPAN("0000-01-01"), .at = now};
	struct event e = {.kind = SPAN("activation"),
			  .reference = SPAN(""),
			  .at = now,
			  .actor = SPAN("operator")};
	struct store_activation *there;
	char hex[65], payload[200];
	struct arena *a;
	bool begun = false;
	uint32_t n = 0;
	enum err err = o ? house_read_office(h, o, why) : ERR_LIMIT;

	if (err)
		return err;
	/* A store that has begun stays what it is: its pack may hold from a day of its country that has not come by UTC, and
	 * another node may have been first. */
	a = arena_new(LIMIT_ARENA_BYTES);
	err = a ? store_list_activations(h->store, a, &there, &n, why) : ERR_NOMEM;
	for (uint32_t i = 0; i < n && !err && !begun; i++)
		begun = span_equal(there[i].kind, KIND);
	arena_free(a);
	if (err || begun)
		return err;
	if (n)
		return fail(why, ERR_CONFLICT,
			    "this store was begun without --shadow: what it decides has an "
			    "effect; a shadow needs a store of its own (docs/compare.md)");
	hash_hex(&hash, hex);
	snprintf(payload, sizeof(payload), "{\"kind\":\"%s\",\"hash\":\"%s\",\"from_day\":\"%s\"}",
		 KIND.p, hex, row.from_day.p);
	e.payload = span_of(payload);
	err = store_put_version(h->store, KIND, &hash, SHADOW, now, why);
	if (!err)
		err = house_append(h, o, &e, NULL, why);
	row.seq = e.seq;
	return err ? err : store_put_activation(h->store, &row, why);
}

enum err shadow_refuse(const struct hub *h, struct cause *why)
{
	return h->shadow ? fail(why, ERR_CONFLICT,
				"this hub is a shadow of another system: nothing is done here")
			 : ERR_NONE;
}

/* ---- one reference ---- */

/* What a comparison of one declaration found, as rows. */
static uint32_t found_rows(struct arena *a, const struct comparison *c,
			   struct store_difference *ret)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < COMPARE_KINDS; k++) {
		struct text examples = text_in(a);
		struct json_writer w = json_to(&examples);

		if (!c->kind[k].differences)
			continue;
		comparison_write_examples(&w, c, (enum compare_kind)k);
		ret[n++] = (struct store_difference){
		    .kind = span_of(compare_kind_id((enum compare_kind)k)),
		    .differences = (int64_t)c->kind[k].differences,
		    .examples = text_as_span(&examples)};
	}
	return n;
}

uint32_t shadow_judge(struct arena *a, struct store_outcome *row, struct span decision,
		      struct span other, struct store_difference *ret)
{
	struct comparison c = {.arena = a, .theirs = map_in(a)};
	const struct json *theirs, *ours;
	struct codec_fault fault;
	const char *text;

	row->standing = !row->theirs.n     ? STANDING_DECIDED
			: !row->movement.n ? STANDING_TOLD
					   : STANDING_SAME;
	if (other.n) {
		row->standing = STANDING_AMBIGUOUS;
		comparison_ambiguous(&c, row->reference, other, row->movement);
	} else if (row->standing == STANDING_SAME) {
		/* The hub wrote both: they read. */
		BUG_ON(json_read(a, row->theirs, &theirs, &fault) ||
		       json_read(a, decision, &ours, &fault) ||
		       comparison_add(&c, row->reference, theirs, &text));
		comparison_take_as(&c, row->reference, ours);
		if (!comparison_is_clean(&c))
			row->standing = STANDING_DIFFERS;
	}
	return found_rows(a, &c, ret);
}

struct meeting {
	struct hub *hub;
	struct store_outcome *row;
	struct span decision; /* ours */
	struct span other;    /* another case of ours that has the reference; empty: none */
	enum err err;
	struct cause *why;
};

/* Inside arena_run() of the hub's arena for this. */
static void meet(void *context)
{
	struct meeting *m = context;
	struct store_difference row[COMPARE_KINDS];
	uint32_t n = shadow_judge(m->hub->shadow_arena, m->row, m->decision, m->other, row);

	m->err = store_put_differences(m->hub->store, m->row->reference, row, n, m->why);
}

static enum err store_meeting(struct meeting *m)
{
	enum err e;

	arena_reset(m->hub->shadow_arena);
	e = arena_run(m->hub->shadow_arena, meet, m);
	if (e)
		return fail(m->why, e, "no memory to compare");
	return m->err ? m->err : store_put_outcome(m->hub->store, m->row, m->why);
}

/* ---- what was decided here ---- */

/* The case that has this reference already, if it is another one and stands. */
static enum err find_other(struct batch *b, const struct store_outcome *row, struct span movement,
			   struct span *ret, struct cause *why)
{
	struct store_declaration before;
	enum err e;

	*ret = (struct span){0};
	if (row->standing == STANDING_AMBIGUOUS) {
		*ret = row->movement;
		return ERR_NONE;
	}
	if (!row->movement.n || span_equal(row->movement, movement))
		return ERR_NONE;
	e = store_get_declaration(b->h->store, b->h->batch_arena, row->office, row->movement,
				  &before, why);
	if (!e && !span_is(before.state, "rejected"))
		*ret = row->movement;
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

static enum err compare_job(struct batch *b, const struct job *j, struct cause *why)
{
	const struct span reference = j->decision.message->declaration.trader_reference;
	struct store_outcome row = {.office = SPAN(""), .movement = SPAN(""), .theirs = SPAN("")};
	struct meeting m = {.hub = b->h, .row = &row, .decision = j->decision_bytes, .why = why};
	enum err e;

	if (!reference.n || reference.n > LIMIT_REFERENCE_BYTES)
		return ERR_NONE;
	e = store_get_outcome(b->h->store, b->h->batch_arena, reference, &row, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	e = find_other(b, &row, j->facts.reference, &m.other, why);
	if (e)
		return e;
	row.reference = reference;
	row.office = j->facts.office;
	row.movement = j->facts.reference;
	row.decision_seq = j->decision_seq;
	row.at = b->now;
	return store_meeting(&m);
}

enum err shadow_compare(struct batch *b, struct cause *why)
{
	enum err e = ERR_NONE;

	for (const struct job *j = b->first; j && b->h->shadow && !e; j = j->next) {
		if (j->err || j->settled || j->same)
			continue;
		/* A request that changed nothing leaves its case as it was compared. */
		if (j->has_before &&
		    (!j->decision.accepted || j->facts.waits || j->asked == FUNCTION_CANCELLATION))
			continue;
		e = compare_job(b, j, why);
	}
	return e;
}

/* ---- what they decided ---- */

enum { PIECE = 500 }; /* references of one transaction */

struct taking {
	struct hub *hub;
	const struct who *by;
	struct comparison *table;
	uint32_t from, to; /* of the table */
	struct span payload;
	struct outcomes_taken taken;
};

static enum err read_decision(struct hub *h, const struct store_outcome *row, struct span *ret,
			      struct cause *why)
{
	const struct store_declaration of = {.office = row->office};

	*ret = (struct span){0};
	return row->movement.n
		   ? batch_read_event(h->store, h->batch_arena, &of, row->decision_seq, ret, why)
		   : ERR_NONE;
}

static enum err take_one(struct batch *b, struct taking *t, uint32_t i, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_outcome row = {.office = SPAN(""), .movement = SPAN(""), .theirs = SPAN("")};
	struct meeting m = {.hub = b->h, .row = &row, .why = why};
	const struct span reference = comparison_reference(t->table, i);
	struct text theirs = text_in(a);
	struct json_writer w = json_to(&theirs);
	enum err e = store_get_outcome(b->h->store, a, reference, &row, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	if (row.standing == STANDING_AMBIGUOUS)
		m.other = row.movement;
	e = read_decision(b->h, &row, &m.decision, why);
	if (e)
		return e;
	/* Erased: what was found of it stays. */
	if (row.movement.n && !m.decision.p)
		return ERR_NONE;
	comparison_write_theirs(&w, t->table, i);
	row.reference = reference;
	row.theirs = text_as_span(&theirs);
	row.at = b->now;
	t->taken.references++;
	t->taken.met += row.movement.n > 0;
	return store_meeting(&m);
}

struct piece {
	struct batch *batch;
	struct taking *taking;
	struct cause *why;
	enum err err;
};

/* The event holds what was said, a line for each reference; the rows follow from it. */
static void take_piece(void *context)
{
	struct piece *p = context;
	struct batch *b = p->batch;
	struct taking *t = p->taking;
	struct text payload = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&payload);
	struct office *o = house_office(b->h, HUB_OFFICE);
	struct event e = {
	    .kind = SPAN("outcomes"), .reference = SPAN(""), .at = b->now, .actor = t->by->user};

	t->taken = (struct outcomes_taken){0, 0};
	json_open_object(&w);
	for (uint32_t i = t->from; i < t->to; i++) {
		json_name_span(&w, comparison_reference(t->table, i));
		comparison_write_theirs(&w, t->table, i);
	}
	json_close_object(&w);
	e.payload = text_as_span(&payload);
	p->err = o ? house_read_office(b->h, o, p->why) : ERR_LIMIT;
	if (!p->err)
		p->err = house_append(b->h, o, &e, NULL, p->why);
	for (uint32_t i = t->from; i < t->to && !p->err; i++)
		p->err = take_one(b, t, i, p->why);
}

static enum err take_errand(struct batch *b, void *context, struct cause *why)
{
	struct piece p = {.batch = b, .taking = context, .why = why};
	enum err e = arena_run(b->h->batch_arena, take_piece, &p);

	return e ? fail(why, e, "no memory for what the other system decided") : p.err;
}

static bool is_reference(struct span s)
{
	bool ok = s.n > 0 && s.n <= LIMIT_REFERENCE_BYTES;

	for (uint32_t i = 0; i < s.n && ok; i++)
		ok = (uint8_t)s.p[i] >= 0x20;
	return ok;
}

static enum err demand(const struct hub *h, const struct who *by, struct cause *why)
{
	if (by != who_operator() && !who_is(by, ROLE_AUDITOR))
		return fail(why, ERR_DENIED, "what another system decided is for auditors");
	return h->shadow ? ERR_NONE
			 : fail(why, ERR_CONFLICT,
				"this hub is no shadow of another system: it was not begun with "
				"--shadow");
}

enum err hub_take_outcomes(struct hub *h, struct arena *a, const struct who *by, struct span bytes,
			   struct outcomes_taken *ret, struct codec_fault *ret_fault,
			   struct cause *why)
{
	struct comparison table;
	struct taking t = {.hub = h, .by = by, .table = &table};
	enum err e = demand(h, by, why);

	*ret = (struct outcomes_taken){0, 0};
	*ret_fault = (struct codec_fault){0, 0, NULL};
	if (e)
		return e;
	e = comparison_open(a, bytes, &table, ret_fault);
	if (e)
		return fail(why, e, "%s", ret_fault->text);
	for (uint32_t i = 0; i < comparison_count(&table); i++)
		if (!is_reference(comparison_reference(&table, i)))
			return fail(why, ERR_FORMAT, "a reference has 1 to %d characters",
				    LIMIT_REFERENCE_BYTES);
	for (t.from = 0; t.from < comparison_count(&table) && !e; t.from = t.to) {
		t.to = comparison_count(&table) - t.from < PIECE ? comparison_count(&table)
								 : t.from + PIECE;
		e = settle_errand_last(h, take_errand, &t, why);
		if (!e) {
			ret->references += t.taken.references;
			ret->met += t.taken.met;
		}
	}
	return e;
}

/* ---- the report ---- */

struct reporting {
	struct arena *arena;
	struct comparison *to;
	enum err err;
	struct cause *why;
	struct store *store;
};

static enum err count_kind(struct reporting *r, enum compare_kind k)
{
	struct comparison *c = r->to;
	const struct span id = span_of(compare_kind_id(k));
	struct store_difference *row;
	int64_t declarations = 0, differences = 0;
	uint32_t n = 0;
	enum err e = store_count_differences(r->store, id, &declarations, &differences, r->why);

	c->kind[k].declarations = (uint64_t)declarations;
	c->kind[k].differences = (uint64_t)differences;
	if (!e)
		e = store_list_differences(r->store, r->arena, id, COMPARE_EXAMPLES, &row, &n,
					   r->why);
	for (uint32_t i = 0; i < n && !e; i++) {
		struct codec_fault fault;
		const struct json *list;

		e = json_read(r->arena, row[i].examples, &list, &fault);
		if (!e)
			comparison_read_examples(c, k, row[i].reference, list);
	}
	return e;
}

/* Those of which only one of the two knows. */
static enum err count_alone(struct reporting *r, enum shadow_standing s, enum compare_kind k)
{
	struct comparison *c = r->to;
	struct store_outcome *row;
	int64_t count = 0;
	uint32_t n = 0;
	enum err e = store_count_outcomes(r->store, s, &count, r->why);

	c->kind[k].declarations = c->kind[k].differences = (uint64_t)count;
	if (!e)
		e = store_list_outcomes(r->store, r->arena, s, COMPARE_EXAMPLES, &row, &n, r->why);
	for (uint32_t i = 0; i < n && !e; i++)
		c->kind[k].example[c->kind[k].examples++].reference = row[i].reference;
	return e;
}

static enum err count_all(struct reporting *r)
{
	static const enum shadow_standing here[] = {STANDING_DECIDED, STANDING_SAME,
						    STANDING_DIFFERS, STANDING_AMBIGUOUS};
	enum err e = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(here) && !e; i++) {
		int64_t count = 0;

		e = store_count_outcomes(r->store, here[i], &count, r->why);
		r->to->declarations += (uint64_t)count;
		if (here[i] == STANDING_SAME)
			r->to->same = (uint64_t)count;
	}
	for (uint32_t k = 0; k < COMPARE_KINDS && !e; k++)
		e = k == COMPARE_NO_OUTCOME ? count_alone(r, STANDING_DECIDED, COMPARE_NO_OUTCOME)
		    : k == COMPARE_NO_DECLARATION
			? count_alone(r, STANDING_TOLD, COMPARE_NO_DECLARATION)
			: count_kind(r, (enum compare_kind)k);
	return e;
}

static void report(void *context)
{
	struct reporting *r = context;

	*r->to = (struct comparison){.arena = r->arena, .theirs = map_in(r->arena)};
	r->err = count_all(r);
}

static enum err report_in(struct store *s, void *context, struct cause *why)
{
	struct reporting *r = context;
	enum err e;

	r->store = s;
	r->why = why;
	e = arena_run(r->arena, report, r);
	return e ? fail(why, e, "no memory for the report") : r->err;
}

enum err hub_get_differences(struct hub *h, struct arena *a, const struct who *by,
			     const struct patience *patience, struct comparison *ret,
			     struct cause *why)
{
	struct reporting r = {.arena = a, .to = ret};
	struct store *s;
	enum err e = demand(h, by, why);

	if (!e)
		e = house_open_lister(h, patience, &s, why);
	if (e)
		return e;
	e = store_snapshot(s, report_in, &r, why);
	house_close_lister(h, s);
	return e;
}
