#include "hub/life/contingency.h"

#include "base/date.h"
#include "hub/people/people_room.h"
#include "hub/settle/reference.h"

/* ---- reserving ---- */

struct reserving {
	const struct who *by;
	struct span office;
	uint32_t n;
	char (*number)[REFERENCE_LENGTH + 1]; /* the caller's memory */
};

static enum err write_numbers(struct batch *b, struct reserving *q, struct cause *why)
{
	const struct refset *r = b->inforce->ref;
	int year, month, day;
	int64_t first;
	enum err e;

	day_split(day_of(b->now, ref_zone_minutes(r)), &year, &month, &day);
	e = store_take_numbers(b->h->store, HUB_OFFICE, year, q->n, &first, why);
	for (uint32_t i = 0; i < q->n && !e; i++) {
		e = reference_write(year, ref_country(r), ref_shard(r), first + i, q->number[i]);
		if (e)
			fail(why, e, "movement reference numbers of %d are used up", year);
	}
	return e;
}

static enum err note(struct batch *b, const struct store_contingency *c, struct cause *why)
{
	struct office *o = house_office(b->h, c->office);
	struct text t = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&t);
	struct event event = {.kind = SPAN("contingency-range"),
			      .reference = SPAN(""),
			      .at = c->at,
			      .actor = c->reserved_by};
	enum err e = o ? house_read_office(b->h, o, why)
		       : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	json_open_object(&w);
	json_put(&w, "first", c->first);
	json_put(&w, "last", c->last);
	json_close_object(&w);
	event.payload = text_as_span(&t);
	return e ? e : house_append(b->h, o, &event, NULL, why);
}

static enum err reserve(struct batch *b, void *context, struct cause *why)
{
	struct reserving *q = context;
	int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	struct store_contingency c = {
	    .office = q->office, .reserved_by = q->by->user, .at = b->now};
	struct office *o;
	bool fresh;
	enum err e;

	if (!ref_code(b->inforce->ref, SPAN("office"), q->office, today))
		return fail(why, ERR_FORMAT, "the pack has no office \"%.*s\"",
			    SPAN_ARG(q->office));
	e = house_enter(b->h, q->office, &o, &fresh, why);
	if (e)
		return e;
	e = write_numbers(b, q, why);
	if (e)
		return e;
	c.first = (struct span){q->number[0], REFERENCE_LENGTH, 0};
	c.last = (struct span){q->number[q->n - 1], REFERENCE_LENGTH, 0};
	e = store_put_contingency(b->h->store, &c, why);
	return e ? e : note(b, &c, why);
}

enum err hub_reserve_numbers(struct hub *h, struct arena *a, const struct who *by,
			     struct span office, uint32_t n, struct span **ret, struct cause *why)
{
	struct reserving q = {.by = by, .office = office, .n = n};
	struct span *list;
	enum err e;

	if (!people_operator(by) && !(who_is(by, ROLE_SUPERVISOR) && who_has_office(by, office)))
		return fail(why, ERR_DENIED, "a supervisor of the office reserves its numbers");
	if (n < 1 || n > CONTINGENCY_NUMBERS)
		return fail(why, ERR_FORMAT, "from 1 to %d numbers at once", CONTINGENCY_NUMBERS);
	q.number = arena_try(a, sizeof(*q.number) * n);
	list = arena_try(a, sizeof(*list) * n);
	if (!q.number || !list)
		return fail(why, ERR_NOMEM, "no memory for so many numbers");
	e = settle_errand(h, reserve, &q, why);
	for (uint32_t i = 0; i < n && !e; i++)
		list[i] = (struct span){q.number[i], REFERENCE_LENGTH, 0};
	if (!e)
		*ret = list;
	return e;
}

/* ---- lodged later ---- */

bool contingency_held(const struct facts *f)
{
	return span_is(f->contingency, "held");
}

static enum err range_of(struct batch *b, struct job *j, struct store_contingency *ret,
			 struct cause *why)
{
	struct arena *a = j->submission->arena;
	struct span *office, reference = j->message.declaration.movement_reference;
	uint32_t n;
	enum err e = store_list_offices(b->h->store, a, &office, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		e = store_find_contingency(b->h->store, a, office[i], reference, ret, why);
		if (e != ERR_NOT_FOUND)
			return e;
		e = ERR_NONE;
	}
	return e ? e : ERR_NOT_FOUND;
}

/* The day on the paper, as written there: not before the number was reserved, not after today, and not too long ago. */
static bool day_is_possible(const struct batch *b, const struct job *j,
			    const struct store_contingency *c)
{
	const struct datetime *t = &j->message.declaration.accepted_time;
	int32_t zone = ref_zone_minutes(b->inforce->ref), today = j->facts.legal_day;

	return t->text.n && t->day && t->day <= today &&
	       t->day >= today - ref_contingency_days(b->inforce->ref) &&
	       t->day >= day_of(c->at, zone);
}

static enum err is_used(struct batch *b, struct job *j, struct span reference, bool *ret,
			struct cause *why)
{
	struct store_declaration row;
	enum err e = house_find_case(b->h->store, j->submission->arena, reference, &row, why);

	*ret = !e || map_get(&b->held, reference);
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

enum err contingency_enter(struct batch *b, struct job *j, struct cause *why)
{
	const struct declaration *d = &j->message.declaration;
	struct store_contingency c;
	bool used;
	enum err e;

	if (j->asked != FUNCTION_ORIGINAL || !reference_valid(d->movement_reference))
		return ERR_NONE;
	e = range_of(b, j, &c, why);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	e = is_used(b, j, d->movement_reference, &used, why);
	if (e)
		return e;
	if (used) {
		j->facts.contingency = SPAN("used");
	} else if (!span_equal(c.office, j->facts.office)) {
		j->facts.contingency = SPAN("office");
	} else if (!day_is_possible(b, j, &c)) {
		j->facts.contingency = SPAN("time");
	} else {
		j->facts.contingency = SPAN("held");
		j->facts.reference = d->movement_reference;
		j->facts.legal_day = d->accepted_time.day;
	}
	return ERR_NONE;
}

void contingency_find(const struct declaration *d, const struct facts *f, struct findings *to)
{
	if (!f->contingency.n || contingency_held(f))
		return;
	if (span_is(f->contingency, "time"))
		finding_add(to, FINDING_CONTINGENCY_TIME, &d->accepted_time, d->movement_reference,
			    NO_VALUE, NO_VALUE);
	else
		finding_add(to,
			    span_is(f->contingency, "used") ? FINDING_CONTINGENCY_USED
							    : FINDING_CONTINGENCY_OFFICE,
			    &d->movement_reference, d->movement_reference, NO_VALUE, NO_VALUE);
}
