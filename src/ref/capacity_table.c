/* capacity.csv: what the officers of an office can do in an hour, and what their time must be worth. */
#include "ref/loader.h"

enum { OFFICE, WEEKDAYS, FIRST_HOUR, LAST_HOUR, MINUTES, YELLOW, RED, WORTH };
enum { LAST_OF_DAY = 23, MINUTES_MAX = 100000, CONTROL_MAX = 10000, ROWS_MAX = 10000 };

const struct column capacity_columns[8] = {
    PLAIN("office", FIELD_WORD),          PLAIN("weekdays", FIELD_WORD),
    WHOLE("first_hour", 0, LAST_OF_DAY),  WHOLE("last_hour", 0, LAST_OF_DAY),
    WHOLE("minutes", 0, MINUTES_MAX),     WHOLE("yellow_minutes", 1, CONTROL_MAX),
    WHOLE("red_minutes", 1, CONTROL_MAX), WHOLE("worth", 0, 1000000),
};

/* "12345": a set of days, Monday is 1. Empty where something else stands. */
static unsigned weekdays(struct span s)
{
	unsigned set = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '1' || s.p[i] > '7')
			return 0;
		set |= 1u << (s.p[i] - '0');
	}
	return set;
}

static void check(struct loader *l, const struct row *r, const struct ref_capacity *c)
{
	const struct code_list *offices = map_get(&l->set->lists, SPAN("office"));
	const struct field *office = &r->field[OFFICE];

	if (!c->weekdays)
		FIELD_FAULT(l, &r->field[WEEKDAYS], "capacity.weekdays",
			    "days of the week are written as their numbers, 12345 for Monday to "
			    "Friday");
	/* one that could not be read is 0, and was said */
	if (c->last_hour < c->first_hour &&
	    (c->last_hour || span_is(r->field[LAST_HOUR].text, "0")))
		FIELD_FAULT(l, &r->field[LAST_HOUR], "capacity.hours",
			    "the last hour comes before the first");
	if (office->text.n && !span_is(office->text, "*") && !l->unread[TABLE_OFFICES] &&
	    !(offices && map_get(&offices->codes, office->text)))
		FIELD_FAULT(l, office, "office.unknown", "there is no office \"%.*s\"",
			    QUOTE_ARG(office->text));
}

void take_capacity(struct loader *l, const struct row *r)
{
	struct ref_capacity *new = ARENA_NEW(l->arena, struct ref_capacity);

	*new = (struct ref_capacity){
	    .office = r->field[OFFICE].text,
	    .weekdays = weekdays(r->field[WEEKDAYS].text),
	    .first_hour = (int)r->field[FIRST_HOUR].whole,
	    .last_hour = (int)r->field[LAST_HOUR].whole,
	    .minutes = r->field[MINUTES].whole,
	    .control = {[LANE_YELLOW] = r->field[YELLOW].whole, [LANE_RED] = r->field[RED].whole},
	    .worth = r->field[WORTH].whole,
	    .dates = r->dates,
	    .source = r->source,
	};
	check(l, r, new);
	if (l->set->capacity_count == ROWS_MAX) {
		if (!l->faulty)
			LOAD_FAULT(l, r->line, 1, "capacity.many", "at most %d rows", ROWS_MAX);
		return;
	}
	l->set->capacity_count++;
	if (l->set->last_capacity)
		l->set->last_capacity->next = new;
	else
		l->set->capacities = new;
	l->set->last_capacity = new;
}

const struct ref_capacity *ref_capacity(const struct refset *r, struct span office, int weekday,
					int hour, int32_t day)
{
	const struct ref_capacity *any = NULL;

	for (const struct ref_capacity *c = r->capacities; c; c = c->next) {
		if (!(c->weekdays & 1u << weekday) || hour < c->first_hour || hour > c->last_hour ||
		    !ref_holds(c->dates, day))
			continue;
		if (span_equal(c->office, office))
			return c;
		if (!any && span_is(c->office, "*"))
			any = c;
	}
	return any;
}
