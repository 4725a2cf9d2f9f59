/* What the log says of subjects: an accepted first version declares, a control's result counts for everything that its case's
 * first version named. Amendments do not count again: what a trader says the second time is no second trade. */
#include <string.h>

#include "base/date.h"
#include "hub/directories.h"
#include "hub/history/history.h"
#include "hub/life/act_record.h"

/* What is looked at when the scan is over, because it asks for more of its case: an act with a result; a decision whose message
 * was read by a directory that was added. */
struct later {
	bool declares;
	uint32_t at; /* notes before it */
	struct span reference;
	int64_t seq, at_time;
};

struct scan {
	struct history_reading *r;
	struct span input; /* of the case that the scan is in; p NULL: none, or erased */
	bool open;         /* its decision is still to come */
	uint32_t seen;
	DICT_LIST(struct later) later;
	struct cause *why;
};

static int32_t day_of_event(const struct history_reading *r, int64_t at)
{
	return day_of(at, r->zone_minutes);
}

static struct history_note *note(struct history_reading *r, enum history_note_kind kind,
				 struct span subject, int32_t day)
{
	struct history_note *n =
	    arena_push(r->arena, (void **)&r->notes.v, &r->notes.n, &r->notes.room, sizeof(*n));

	*n = (struct history_note){
	    .kind = kind,
	    .subject = {arena_copy(r->arena, subject.p, subject.n), subject.n, 0},
	    .day = day};
	return n;
}

/* Each subject of a declaration once, whatever the number of items that have it. */
struct naming {
	struct history_reading *r;
	const struct declaration *d;
	const struct json *values; /* of the decision; NULL: a control, which has none */
	enum history_note_kind kind;
	int32_t day;
	struct span reference;
	int64_t seq; /* of the event */
	bool examined, irregular;
	struct map seen; /* subject -> place of its note, and one more */
	int64_t total;
};

static void name_subject(struct naming *x, struct span subject, int64_t minor)
{
	uintptr_t at = subject.n ? (uintptr_t)map_get(&x->seen, subject) : 0;
	struct history_note *n;

	if (!subject.n)
		return;
	if (at) {
		n = &x->r->notes.v[at - 1];
		if (__builtin_add_overflow(n->minor, minor, &n->minor))
			n->minor = INT64_MAX;
		return;
	}
	n = note(x->r, x->kind, subject, x->day);
	n->minor = minor;
	n->seq = x->seq;
	n->examined = x->examined;
	n->irregular = x->irregular;
	map_put(&x->seen, n->subject, (void *)(uintptr_t)x->r->notes.n);
}

static void name_price(struct naming *x, const struct goods_item *item, struct decimal value)
{
	struct span subject = history_subject(x->r->once, HISTORY_PRICES, x->d, item, x->r->office);
	struct decimal price;

	if (subject.n && value.set &&
	    history_unit_price((struct money){value.units}, value.scale,
			       item->commodity.net_mass.value, &price) &&
	    price.units > 0) {
		struct history_note *n = note(x->r, NOTE_PRICE, subject, x->day);

		n->price = price;
		n->seq = x->seq;
	}
}

static void name_items(struct naming *x)
{
	const struct json *value = x->values ? x->values->first : NULL;

	for (uint32_t i = 0; i < x->d->shipment.items.n; i++) {
		const struct goods_item *item = &x->d->shipment.items.v[i];
		struct decimal d = {0};

		if (value && decimal_parse(json_get_text(value, "customs_value"), &d))
			d = (struct decimal){0};
		for (enum history_kind k = HISTORY_FIRST_OF_ITEM; k < HISTORY_PRICES; k++)
			name_subject(x, history_subject(x->r->once, k, x->d, item, x->r->office),
				     d.units);
		if (x->kind == NOTE_DECLARED)
			name_price(x, item, d);
		value = value ? value->next : NULL;
	}
}

static void name_all(void *context)
{
	struct naming *x = context;

	x->seen = map_in(x->r->once);
	for (enum history_kind k = 0; k < HISTORY_FIRST_OF_ITEM; k++)
		name_subject(x, history_subject(x->r->once, k, x->d, NULL, x->r->office), x->total);
	name_items(x);
	if (x->kind == NOTE_DECLARED)
		history_read_codes(x->r, x->d, x->reference, x->seq);
}

/* e: what came of reading the message. One that was read once is read again, or this program lacks what it was read by. */
static enum err name(struct naming *x, enum err e, const struct message *m, struct cause *why)
{
	if (e == ERR_FORMAT || e == ERR_LIMIT || e == ERR_UNSUPPORTED) {
		x->r->unreadable++;
		return ERR_NONE;
	}
	if (e)
		return fail(why, e, "a declaration cannot be read again: %s", err_name(e));
	x->d = &m->declaration;
	e = arena_run(x->r->once, name_all, x);
	return e ? fail(why, e, "no memory to read a declaration again") : ERR_NONE;
}

static void put_off(struct scan *s, const struct event *e, bool declares)
{
	struct arena *a = s->r->arena;
	struct later *c =
	    arena_push(a, (void **)&s->later.v, &s->later.n, &s->later.room, sizeof(*c));

	*c = (struct later){
	    .declares = declares,
	    .at = s->r->notes.n,
	    .reference = {arena_copy(a, e->reference.p, e->reference.n), e->reference.n, 0},
	    .seq = e->seq,
	    .at_time = e->at};
}

/* ---- while the log is read ---- */

/* Does a decision on a first version declare? Its goods' values are in *x. */
static bool declares(struct naming *x, const struct json *decision)
{
	struct decimal total;

	if (span_is(json_get_text(decision, "state"), "rejected") ||
	    json_get_text(json_get(decision, "facts"), "request").n)
		return false;
	if (!decimal_parse(json_get_text(json_get(decision, "total"), "customs_value"), &total))
		x->total = total.units;
	x->values = json_get(decision, "values");
	return true;
}

static enum err take_decision(struct scan *s, const struct event *e, struct cause *why)
{
	struct history_reading *r = s->r;
	struct naming x = {.r = r,
			   .kind = NOTE_DECLARED,
			   .day = day_of_event(r, e->at),
			   .reference = e->reference,
			   .seq = e->seq};
	const struct json *decision;
	struct codec_fault fault;
	struct findings findings;
	struct message m;

	if (e->version != 1)
		return ERR_NONE;
	if (!e->payload.p || !s->input.p) {
		r->erased++;
		return ERR_NONE;
	}
	if (json_read(r->once, e->payload, &decision, &fault)) {
		r->unreadable++;
		return ERR_NONE;
	}
	if (!declares(&x, decision))
		return ERR_NONE;
	if (directories_of(decision).n) {
		put_off(s, e, true);
		return ERR_NONE;
	}
	return name(&x, msg_read_with(r->once, s->input, NULL, NULL, &m, &findings, &fault), &m,
		    why);
}

static void take_act(struct scan *s, const struct event *e)
{
	static const char result[] = "\"result\":\"";

	if (e->payload.p && memmem(e->payload.p, e->payload.n, result, sizeof(result) - 1))
		put_off(s, e, false);
}

/* What was handed in is understood by the decision behind it: reading never stops between the two. */
static enum err take_event(void *context, const struct event *e, struct cause *why)
{
	struct scan *s = context;
	struct history_reading *r = s->r;
	bool begins = span_is(e->kind, "input");
	enum err err = ERR_NONE;

	if (e->seq > r->last)
		return ERR_BUSY;
	if (!s->open && s->seen >= r->most) {
		r->more = true;
		return ERR_BUSY;
	}
	s->seen++;
	if (begins) {
		s->open = true;
		arena_reset(r->once);
		s->input = (struct span){NULL, 0, 0};
		if (e->payload.p) {
			char *copy = arena_try(r->once, e->payload.n + 1);

			if (!copy)
				return fail(why, ERR_NOMEM, "no memory to read the log");
			memcpy(copy, e->payload.p, e->payload.n);
			s->input = (struct span){copy, e->payload.n, 0};
		}
		return ERR_NONE;
	}
	if (span_is(e->kind, "decision"))
		err = take_decision(s, e, why);
	else if (span_is(e->kind, "act"))
		take_act(s, e);
	s->open &= span_is(e->kind, "declaration");
	if (!s->open)
		r->done = e->seq;
	return err;
}

/* ---- what was put off ---- */

/* What the acts of the case before this one said already; *ret: what this one says. */
static enum err weigh(const struct history_reading *r, const struct later *c, enum flow_result *ret,
		      bool *ret_examined, bool *ret_irregular, struct cause *why)
{
	struct event *act;
	uint32_t n;
	enum err e = store_list_events_of(r->store, r->once, r->office, c->reference, SPAN("act"),
					  &act, &n, why);

	*ret = RESULT_NONE;
	*ret_examined = *ret_irregular = false;
	for (uint32_t i = 0; i < n && !e && act[i].seq <= c->seq; i++) {
		struct act_record a;
		struct codec_fault fault;
		const struct json *j;

		if (!act[i].payload.p || json_read(r->once, act[i].payload, &j, &fault) ||
		    act_record_read(j, act[i].at, &a) || a.given.result == RESULT_NONE)
			continue;
		if (act[i].seq == c->seq) {
			*ret = a.given.result;
			break;
		}
		*ret_examined = true;
		*ret_irregular |= a.given.result == RESULT_IRREGULAR;
	}
	return e;
}

static enum err name_first(struct naming *x, const struct later *c, struct cause *why)
{
	struct history_reading *r = x->r;
	const struct store_declaration first = {
	    .office = r->office, .reference = c->reference, .version = 1};
	struct message m;
	struct cause gone = {0};
	enum err e = house_message_of(r->store, r->once, &first, &m, &gone);

	if (e == ERR_NOT_FOUND) {
		r->erased++;
		return ERR_NONE;
	}
	return name(x, e, &m, why);
}

static enum err take_control(struct history_reading *r, const struct later *c, struct cause *why)
{
	struct naming x = {.r = r,
			   .kind = NOTE_CONTROL,
			   .day = day_of_event(r, c->at_time),
			   .reference = c->reference,
			   .seq = c->seq};
	bool examined, irregular;
	enum flow_result result;
	enum err e = weigh(r, c, &result, &examined, &irregular, why);

	if (e || result == RESULT_NONE)
		return e;
	x.examined = !examined;
	x.irregular = result == RESULT_IRREGULAR && !irregular;
	return x.examined || x.irregular ? name_first(&x, c, why) : ERR_NONE;
}

static enum err take_declaration(struct history_reading *r, const struct later *c,
				 struct cause *why)
{
	struct naming x = {.r = r,
			   .kind = NOTE_DECLARED,
			   .day = day_of_event(r, c->at_time),
			   .reference = c->reference,
			   .seq = c->seq};
	const struct json *decision;
	struct codec_fault fault;
	struct event event;
	enum err e = store_get_event(r->store, r->once, r->office, c->seq, &event, why);

	if (e)
		return e;
	if (!event.payload.p || json_read(r->once, event.payload, &decision, &fault) ||
	    !declares(&x, decision)) {
		r->unreadable++;
		return ERR_NONE;
	}
	return name_first(&x, c, why);
}

static enum err take_one(struct history_reading *r, const struct later *c, struct cause *why)
{
	arena_reset(r->once);
	return c->declares ? take_declaration(r, c, why) : take_control(r, c, why);
}

/* What was put off comes where it stood: days of one subject must not go back. */
static enum err take_later(struct scan *s, struct cause *why)
{
	struct history_reading *r = s->r;
	struct history_note *declared = r->notes.v;
	uint32_t n = r->notes.n, from = 0;
	enum err e = ERR_NONE;

	if (!s->later.n)
		return ERR_NONE;
	r->notes.v = NULL;
	r->notes.n = r->notes.room = 0;
	for (uint32_t i = 0; i <= s->later.n && !e; i++) {
		uint32_t to = i < s->later.n ? s->later.v[i].at : n;

		for (; from < to; from++)
			*(struct history_note *)arena_push(r->arena, (void **)&r->notes.v,
							   &r->notes.n, &r->notes.room,
							   sizeof(*r->notes.v)) = declared[from];
		if (i < s->later.n)
			e = take_one(r, &s->later.v[i], why);
	}
	return e;
}

struct control {
	struct history_reading *r;
	struct later later;
	enum err err;
	struct cause *why;
};

static void read_control(void *context)
{
	struct control *c = context;

	c->err = take_control(c->r, &c->later, c->why);
}

enum err history_read_control(struct history_reading *r, struct span reference, int64_t seq,
			      int64_t at, struct cause *why)
{
	struct control c = {
	    .r = r, .later = {.reference = reference, .seq = seq, .at_time = at}, .why = why};
	enum err e;

	arena_reset(r->once);
	arena_reset(r->arena);
	r->notes.v = NULL;
	r->notes.n = r->notes.room = 0;
	e = arena_run(r->arena, read_control, &c);
	return e ? fail(why, e, "no memory to read what a control found") : c.err;
}

enum err history_read_log(struct history_reading *r, struct cause *why)
{
	struct scan s = {.r = r};
	const struct store_range range = {r->office, r->after + 1, INT64_MIN};
	struct cause stopped = {0};
	enum err e;

	r->done = r->after;
	r->more = false;
	arena_reset(r->once);
	e = store_scan_events(r->store, &range, take_event, &s, &stopped);
	if (e && (e != ERR_BUSY || stopped.err))
		return fail(why, e, "%s", stopped.text);
	return take_later(&s, why);
}

void history_apply(struct history_row *row, const struct history_note *n)
{
	switch (n->kind) {
	case NOTE_DECLARED:
		history_declare(row, n->day, n->minor);
		break;
	case NOTE_CONTROL:
		history_control(row, n->day, n->examined, n->irregular);
		break;
	case NOTE_PRICE:
		history_price(row, n->day, n->price);
		break;
	}
}
