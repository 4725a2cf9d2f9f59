/* Reserved numbers and simplified declarations that wait, against the log. What became of a case may stand in another chain
 * than what completes it, so obligations are compared when all was read. */
#include "base/date.h"
#include "hub/audit/verify.h"
#include "hub/life/supplementary.h"
#include "hub/people/people_room.h"

struct verify_obligation {
	struct span party, office;
	char due_day[11];
	struct span completed_by;
};

/* ---- numbers ---- */

void verify_range_event(struct verify *v, const struct event *e)
{
	struct store_contingency row;
	struct codec_fault fault;
	const struct json *said;
	enum err err;

	if (!span_is(e->kind, "contingency-range"))
		return;
	v->ranges_wanted++;
	if (!e->payload.p)
		return;
	if (json_read(v->once, e->payload, &said, &fault)) {
		verify_fault(v, e->office, e->seq, SPAN(""), "this range cannot be read");
		return;
	}
	err = store_find_contingency(v->store, v->once, e->office, json_get_text(said, "first"),
				     &row, NULL);
	if (err || !span_equal(row.first, json_get_text(said, "first")) ||
	    !span_equal(row.last, json_get_text(said, "last")) || row.at != e->at ||
	    !span_equal(row.reserved_by, e->actor))
		verify_fault(v, e->office, e->seq, SPAN(""),
			     "the list of reserved numbers does not say what the log says");
}

/* ---- obligations ---- */

void verify_later_erased(struct verify *v)
{
	v->rows_wanted++;
	v->obligations_blind = true;
}

void verify_later_decision(struct verify *v, const struct event *e)
{
	const struct facts *f = &v->facts;
	struct verify_obligation *o;

	if (!v->summary.accepted || f->waits || span_is(v->summary.state, "cancelled"))
		return;
	if (f->completes.n) {
		struct span *completes = ARENA_NEW(v->whole, struct span);

		*completes = span_copy(v->whole, f->completes);
		map_put(&v->completes, span_copy(v->whole, e->reference), completes);
	}
	if (!f->complete_by)
		return;
	o = map_get(&v->obligations, e->reference);
	if (!o) {
		o = ARENA_NEW(v->whole, struct verify_obligation);
		map_put(&v->obligations, span_copy(v->whole, e->reference), o);
	}
	o->party = span_copy(v->whole, life_party(f->holder));
	o->office = span_copy(v->whole, e->office);
	o->completed_by = SPAN("");
	people_day(f->complete_by, o->due_day);
}

void verify_later_act(struct verify *v, const struct event *e, enum flow_state after)
{
	if (supplementary_over(after) && !map_get(&v->over, e->reference))
		map_put(&v->over, span_copy(v->whole, e->reference), v);
}

static void complete_all(struct verify *v)
{
	for (uint32_t i = 0; i < v->completes.size; i++) {
		struct span by = v->completes.slots[i].key, *of = v->completes.slots[i].value;
		struct verify_obligation *o = of ? map_get(&v->obligations, *of) : NULL;

		if (o && !map_get(&v->over, by))
			o->completed_by = by;
	}
}

static void compare_obligation(struct verify *v, struct span reference,
			       const struct verify_obligation *o)
{
	struct store_obligation row;
	enum err e;

	arena_reset(v->once);
	e = store_get_obligation(v->store, v->once, o->party, reference, &row, NULL);
	if (e || !span_equal(row.office, o->office) || !span_is(row.due_day, o->due_day) ||
	    !span_equal(row.completed_by, o->completed_by))
		verify_fault(
		    v, o->office, 0, reference,
		    "the list of declarations to be completed does not say what the log says");
}

struct tally {
	int64_t ranges, obligations;
};

static enum err count_range(void *context, const struct store_contingency *c, struct cause *why)
{
	(void)c, (void)why;
	((struct tally *)context)->ranges++;
	return ERR_NONE;
}

static enum err count_obligation(void *context, const struct store_obligation *o, struct cause *why)
{
	(void)o, (void)why;
	((struct tally *)context)->obligations++;
	return ERR_NONE;
}

enum err verify_later(struct verify *v, struct cause *why)
{
	struct tally t = {0};
	int64_t wanted = 0;
	enum err e = store_scan_contingencies(v->store, count_range, &t, why);

	if (!e)
		e = store_scan_obligations(v->store, count_obligation, &t, why);
	if (e)
		return e;
	if (t.ranges != v->ranges_wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of reserved numbers has %lld ranges, the log %lld",
			     (long long)t.ranges, (long long)v->ranges_wanted);
	if (v->obligations_blind)
		return ERR_NONE;
	complete_all(v);
	for (uint32_t i = 0; i < v->obligations.size; i++) {
		struct verify_obligation *o = v->obligations.slots[i].value;

		if (!o || map_get(&v->over, v->obligations.slots[i].key))
			continue;
		wanted++;
		compare_obligation(v, v->obligations.slots[i].key, o);
	}
	if (t.obligations != wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "%lld declarations are to be completed, the log knows %lld",
			     (long long)t.obligations, (long long)wanted);
	return ERR_NONE;
}
