#include "hub/life/worklist.h"

#include <inttypes.h>

#include "base/date.h"

enum { COMMODITY_DIGITS_MAX = 14 };

static bool take_state(struct worklist *w, enum flow_state s)
{
	const struct span name = span_of(flow_state_name(s));

	for (uint32_t i = 0; i < w->list.states; i++)
		if (span_equal(w->state[i], name))
			return false;
	w->state[w->list.states++] = name;
	return true;
}

static enum err read_states(struct worklist *w, struct span names, struct cause *why)
{
	if (!names.n)
		for (int s = 0; s < FLOW_STATES; s++)
			(void)take_state(w, (enum flow_state)s);
	while (names.n) {
		const struct span name = span_cut(&names, ',');
		const enum flow_state s = flow_state_by_name(name);

		if (s == FLOW_STATES || !take_state(w, s))
			return fail(why, ERR_FORMAT,
				    "state: %.*s is no state of a case, or stands there twice",
				    SPAN_ARG(name));
	}
	return ERR_NONE;
}

/* Highest first, in whatever order they are asked for. */
static enum err read_lanes(struct worklist *w, struct span names, struct cause *why)
{
	bool wanted[WORKLIST_LANES] = {false};

	for (struct span rest = names; rest.n;) {
		const struct span name = span_cut(&rest, ',');
		const enum lane lane = lane_by_name(name);

		if (!span_is(name, lane_name(lane)) || wanted[lane])
			return fail(why, ERR_FORMAT, "lane: %.*s is no lane, or stands there twice",
				    SPAN_ARG(name));
		wanted[lane] = true;
	}
	for (int lane = LANE_RED; lane >= LANE_NONE; lane--)
		if (wanted[lane] || !names.n)
			w->lane[w->list.lanes++] = span_of(lane_name((enum lane)lane));
	return ERR_NONE;
}

static enum err read_order(struct span order, enum store_order *ret, struct cause *why)
{
	static const char *const names[] = {[STORE_OLDEST] = "oldest",
					    [STORE_NEWEST] = "newest",
					    [STORE_BY_LANE] = "lane",
					    [STORE_BY_DEADLINE] = "deadline"};

	*ret = STORE_OLDEST;
	for (size_t i = 0; order.n && i < ARRAY_LEN(names); i++)
		if (span_is(order, names[i])) {
			*ret = (enum store_order)i;
			return ERR_NONE;
		}
	return order.n ? fail(why, ERR_FORMAT, "order is oldest, newest, lane or deadline")
		       : ERR_NONE;
}

static enum err read_day(const char *name, struct span day, struct span *ret, struct cause *why)
{
	int32_t unused;

	if (day.n && day_parse(day, &unused))
		return fail(why, ERR_FORMAT, "%s: a day such as 2026-11-23 is wanted", name);
	*ret = day.n ? day : SPAN("");
	return ERR_NONE;
}

/* A chapter, or as much of a code as somebody knows. */
static enum err read_commodity(struct span code, struct span *ret, struct cause *why)
{
	bool digits = code.n != 1 && code.n <= COMMODITY_DIGITS_MAX;

	for (uint32_t i = 0; i < code.n && digits; i++)
		digits = code.p[i] >= '0' && code.p[i] <= '9';
	if (!digits)
		return fail(why, ERR_FORMAT,
			    "commodity: a code, or its first digits, two at least");
	*ret = code.n ? code : SPAN("");
	return ERR_NONE;
}

static bool read_number(struct span s, int64_t *ret)
{
	int64_t v = 0;

	if (!s.n || s.n > 18)
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		v = v * 10 + (s.p[i] - '0');
	}
	*ret = v;
	return true;
}

/* As worklist_after() writes it. */
static enum err read_after(struct worklist *w, struct span after, struct cause *why)
{
	struct store_work *to = &w->list.after;
	bool sound = true;

	*to = (struct store_work){.reference = SPAN(""), .lane = SPAN("")};
	if (!after.n)
		return ERR_NONE;
	if (w->list.order == STORE_BY_LANE) {
		to->lane = span_cut(&after, '/');
		sound = span_is(to->lane, lane_name(lane_by_name(to->lane)));
	} else if (w->list.order == STORE_BY_DEADLINE) {
		sound = read_number(span_cut(&after, '/'), &to->deadline);
	}
	to->reference = after;
	return sound && after.n
		   ? ERR_NONE
		   : fail(why, ERR_FORMAT, "after is what a page of the same order said");
}

/* What a cashier does: takes what is due, looks after what was secured, pays back. */
static enum err read_money(struct worklist *w, const struct case_page *p, struct cause *why)
{
	struct store_worklist *l = &w->list;
	struct span states = SPAN("assessed");
	enum err e;

	if (span_is(p->money, "secured")) {
		states = SPAN("released,exited");
		l->order = STORE_BY_DEADLINE;
	} else if (span_is(p->money, "refund")) {
		w->refunds = true;
	} else if (!span_is(p->money, "due")) {
		return fail(why, ERR_FORMAT, "money is due, secured or refund");
	}
	e = read_states(w, states, why);
	if (!e)
		e = read_lanes(w, SPAN(""), why);
	return e ? e : read_after(w, p->after, why);
}

enum err worklist_read(const struct case_page *p, struct span login, struct worklist *ret,
		       struct cause *why)
{
	struct store_worklist *l = &ret->list;
	enum err e;

	*l = (struct store_worklist){.office = p->office,
				     .state = ret->state,
				     .lane = ret->lane,
				     .examiner = p->examiner.n ? p->examiner : SPAN(""),
				     .party = p->party.n ? p->party : SPAN(""),
				     .limit = p->limit};
	ret->refunds = false;
	if (p->money.n) {
		l->since = l->until = l->commodity = SPAN("");
		return read_money(ret, p, why);
	}
	if (p->mine.n && p->examiner.n)
		return fail(why, ERR_FORMAT, "mine is the same as your own name as examiner");
	if (p->mine.n)
		l->examiner = login;
	e = read_states(ret, p->state, why);
	if (!e)
		e = read_lanes(ret, p->lane, why);
	if (!e)
		e = read_order(p->order, &l->order, why);
	if (!e)
		e = read_commodity(p->commodity, &l->commodity, why);
	if (!e)
		e = read_day("since", p->since, &l->since, why);
	if (!e)
		e = read_day("until", p->until, &l->until, why);
	return e ? e : read_after(ret, p->after, why);
}

struct span worklist_after(struct arena *a, const struct worklist *w, const struct store_work *last)
{
	switch (w->list.order) {
	case STORE_OLDEST:
	case STORE_NEWEST:
		return last->reference;
	case STORE_BY_LANE:
		return span_of(
		    arena_print(a, "%.*s/%.*s", SPAN_ARG(last->lane), SPAN_ARG(last->reference)));
	case STORE_BY_DEADLINE:
		return span_of(
		    arena_print(a, "%" PRId64 "/%.*s", last->deadline, SPAN_ARG(last->reference)));
	}
	return last->reference;
}

void worklist_of_open(struct span office, struct worklist *ret)
{
	static const enum flow_state open[] = {FLOW_LODGED,    FLOW_ACCEPTED,   FLOW_SELECTED,
					       FLOW_DOCUMENTS, FLOW_INSPECTION, FLOW_QUERIED,
					       FLOW_DETAINED,  FLOW_ASSESSED,   FLOW_SEIZED};

	ret->list = (struct store_worklist){
	    .office = office, .state = ret->state, .lane = ret->lane, .examiner = SPAN("")};
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		(void)take_state(ret, open[i]);
	for (int lane = LANE_RED; lane >= LANE_NONE; lane--)
		ret->lane[ret->list.lanes++] = span_of(lane_name((enum lane)lane));
}
