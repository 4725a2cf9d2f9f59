#include "hub/control/case.h"

#include "base/limits.h"
#include "hub/directories.h"
#include "hub/life/act_record.h"
#include "hub/settle/decision.h"
#include "msg/msg.h"

enum { GROUP = 64 };

static bool take_decision(struct control_case *c, const struct json *d)
{
	const struct json *facts = json_get(d, "facts");
	const enum lane lane = lane_by_name(json_get_text(d, "lane"));

	if (span_is(json_get_text(d, "state"), "rejected") || json_get_text(facts, "request").n)
		return true;
	if (!c->first) {
		c->first = d;
		if (decision_read_facts(c->arena, d, &c->facts))
			return false;
	}
	/* What customs wrote itself says nothing of what the trader's would have met; what it granted is the trader's. */
	if (!c->selecting && lane >= LANE_YELLOW &&
	    (!json_get_text(facts, "author").n || json_get_text(facts, "granted").n)) {
		c->selecting = d;
		c->lane = lane;
	}
	return true;
}

static void take_act(struct control_case *c, const struct act_record *r)
{
	const struct flow_do *g = &r->given;
	const int64_t more = r->after.due - r->before.due;

	if (g->result != RESULT_NONE) {
		c->checked |= g->act == ACT_CHECK_DOCUMENTS;
		c->examined |= g->act == ACT_EXAMINE;
	}
	if (g->result == RESULT_IRREGULAR && !c->code.n)
		c->code = g->code;
	c->irregular |=
	    g->result == RESULT_IRREGULAR || g->act == ACT_CORRECT || g->act == ACT_SEIZE;
	if (g->act == ACT_REROUTE && r->after.lane > r->before.lane) {
		c->manual = true;
		if (r->after.lane > c->lane)
			c->lane = r->after.lane;
	}
	if ((g->act == ACT_CORRECT || g->act == ACT_DECIDE_APPEAL) &&
	    __builtin_add_overflow(c->found, more, &c->found))
		c->found = more < 0 ? INT64_MIN : INT64_MAX;
	c->waits = r->after.holds & HOLDS_CONTROL;
}

static bool take_event(struct control_case *c, const struct event *e)
{
	struct act_record r;
	struct codec_fault fault;
	const struct json *j;

	if (span_is(e->kind, "input") && e->version == 1)
		c->input = e->payload;
	if (!e->payload.p || (!span_is(e->kind, "decision") && !span_is(e->kind, "act")))
		return true;
	if (json_read(c->arena, e->payload, &j, &fault))
		return false;
	if (span_is(e->kind, "decision"))
		return take_decision(c, j);
	if (act_record_read(j, e->at, &r))
		return false;
	take_act(c, &r);
	return true;
}

static enum err take_case(struct control_walk *w, const struct store_standing *x, struct cause *why)
{
	const struct store_declaration *d = &x->declaration;
	struct control_case c = {.arena = w->once,
				 .office = d->office,
				 .reference = d->reference,
				 .day = d->day,
				 .waits = true,
				 .lane = LANE_GREEN};
	struct event *event = NULL;
	uint32_t n = 0;
	bool sound = true;
	enum err e = store_list_events(w->store, w->once, d->office, d->reference, &event, &n, why);

	if (e)
		return e;
	for (uint32_t i = 0; i < n && sound; i++)
		sound = take_event(&c, &event[i]);
	if (!sound || !c.first) {
		w->unreadable++;
		return ERR_NONE;
	}
	return w->take(w->context, &c, why);
}

struct group {
	struct control_walk *w;
	char after[LIMIT_REFERENCE_BYTES + 1]; /* reference of the last case of the group before */
	bool ended;
	enum err err;
	struct cause *why;
};

/* The events of all of them in one exchange with the database. */
static enum err take_all(struct group *g, const struct store_standing *row, uint32_t n)
{
	struct control_walk *w = g->w;
	struct store_case_key *key = ARENA_ARRAY(w->once, struct store_case_key, n + 1);
	enum err e;

	for (uint32_t i = 0; i < n; i++)
		key[i] = (struct store_case_key){row[i].declaration.office,
						 row[i].declaration.reference};
	e = store_ahead_events(w->store, w->once, key, n, SPAN(""), g->why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = take_case(w, &row[i], g->why);
	store_forget_ahead(w->store);
	return e;
}

static void run_group(void *context)
{
	struct group *g = context;
	struct control_walk *w = g->w;
	struct store_standing *row = NULL;
	uint32_t n = 0;

	g->err = store_page_controlled(w->store, w->once, &w->of, span_of(g->after), GROUP, &row,
				       &n, g->why);
	if (!g->err && n)
		g->err = take_all(g, row, n);
	g->ended = n < GROUP;
	if (!g->err && n) {
		const struct span last = row[n - 1].declaration.reference;

		BUG_ON(last.n >= sizeof(g->after));
		memcpy(g->after, last.p, last.n);
		g->after[last.n] = 0;
	}
}

enum err control_walk(struct control_walk *w, struct cause *why)
{
	struct group g = {.w = w, .why = why};
	enum err e = ERR_NONE;

	while (!e && !g.ended) {
		arena_reset(w->once);
		e = arena_run(w->once, run_group, &g);
		e = e ? fail(why, e, "no memory for the cases of an office") : g.err;
	}
	return e;
}

int64_t control_minutes(const struct control_case *c, const struct inforce *in)
{
	const struct ref_capacity *of;
	int64_t hour;

	if (!c->checked && !c->examined)
		return 0;
	of = risk_capacity(in->ref, &c->facts, &hour);
	return of ? of->control[c->examined ? LANE_RED : LANE_YELLOW] : 0;
}

static struct facts without_random(const struct control_case *c)
{
	struct facts f = c->facts;

	f.draws.v = ARENA_ARRAY(c->arena, struct draw, c->facts.draws.n + 1);
	f.draws.n = 0;
	for (uint32_t i = 0; i < c->facts.draws.n; i++)
		if (!span_is(c->facts.draws.v[i].purpose, "random"))
			f.draws.v[f.draws.n++] = c->facts.draws.v[i];
	return f;
}

enum err control_pick(const struct control_case *c, struct store *s, const struct inforce *in,
		      struct control_pick *ret, struct cause *why)
{
	struct message *m = ARENA_NEW(c->arena, struct message);
	const struct edifact_set *directories;
	const struct facts facts = without_random(c);
	struct assessment assessed;
	struct selection now;
	struct findings findings;
	struct codec_fault fault;
	enum err e;

	*ret = (struct control_pick){.known = false};
	if (!c->input.p)
		return ERR_NONE;
	e = directories_named(s, directories_of(c->first), &directories, why);
	if (e)
		return e;
	e = msg_read_with(c->arena, c->input, NULL, directories, m, &findings, &fault);
	if (e == ERR_NOMEM)
		return fail(why, e, "no memory to read a declaration again");
	if (e || !decision_read_assessment(c->arena, c->first, m->declaration.shipment.items.n,
					   ref_digits(in->ref), &assessed))
		return ERR_NONE;
	risk_select(c->arena, &m->declaration, &assessed, in->ref, in->rules, &facts, &now);
	*ret = (struct control_pick){now.lane, &m->declaration, true};
	return ERR_NONE;
}
