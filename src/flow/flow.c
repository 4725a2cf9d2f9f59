#include "base/date.h"
#include "flow/acts.h"
#include "flow/room.h"

static const char *const state_names[FLOW_STATES] = {
#define STATE(name, id, end, title) [FLOW_##name] = id,
#include "flow/states.def"
#undef STATE
};

static const bool state_ends[FLOW_STATES] = {
#define STATE(name, id, end, title) [FLOW_##name] = end,
#include "flow/states.def"
#undef STATE
};

static const struct {
	const char *name, *act;
} holds_table[FLOW_HOLDS] = {
#define HOLD(name, id, act, lifted) [HOLD_INDEX_##name] = {id, act},
#include "flow/holds.def"
#undef HOLD
};

static const char *const appeal_names[FLOW_APPEALS] = {"none", "lodged", "upheld", "dismissed"};

static uint32_t by_name(const char *const *names, uint32_t n, struct span s)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_is(s, names[i]))
			return i;
	return n;
}

const char *flow_state_name(enum flow_state s)
{
	return state_names[s];
}

enum flow_state flow_state_by_name(struct span s)
{
	return (enum flow_state)by_name(state_names, FLOW_STATES, s);
}

bool flow_state_ends(enum flow_state s)
{
	return state_ends[s];
}

const char *flow_appeal_name(enum flow_appeal a)
{
	return appeal_names[a];
}

enum flow_appeal flow_appeal_by_name(struct span s)
{
	return (enum flow_appeal)by_name(appeal_names, FLOW_APPEALS, s);
}

uint32_t flow_holds(unsigned holds, const char *ret[FLOW_HOLDS])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < FLOW_HOLDS; i++)
		if (holds & 1u << i)
			ret[n++] = holds_table[i].name;
	return n;
}

unsigned flow_hold_by_name(struct span s)
{
	for (uint32_t i = 0; i < FLOW_HOLDS; i++)
		if (span_is(s, holds_table[i].name))
			return 1u << i;
	return 0;
}

unsigned flow_lane_holds(enum lane l)
{
	switch (l) {
	case LANE_NONE:
	case LANE_GREEN:
	case LANE_BLUE:
		return 0;
	case LANE_YELLOW:
		return HOLD_DOCUMENTS;
	case LANE_RED:
		return HOLD_DOCUMENTS | HOLD_INSPECTION;
	}
	return 0;
}

/* ---- what stands in a decision ---- */

struct flow_step flow_after_decision(bool accepted, enum message_function asked, enum lane lane,
				     struct money total_due)
{
	struct flow_step s = {FLOW_REJECTED, 0};

	if (!accepted)
		return s;
	if (asked == FUNCTION_CANCELLATION) {
		s.state = FLOW_CANCELLED;
		return s;
	}
	s.holds = flow_lane_holds(lane) | (total_due.minor > 0 ? HOLD_PAYMENT : 0u);
	s.state = s.holds ? FLOW_ACCEPTED : FLOW_RELEASED;
	return s;
}

uint32_t flow_next(struct flow_step s, const char *ret[FLOW_HOLDS + 1])
{
	uint32_t n = 0;

	if (s.state == FLOW_REJECTED) {
		ret[n++] = "correct";
		return n;
	}
	for (uint32_t i = 0; i < FLOW_HOLDS; i++)
		if (s.holds & 1u << i)
			ret[n++] = holds_table[i].act;
	if (s.state == FLOW_RELEASED)
		ret[n++] = "take-goods";
	return n;
}

uint32_t flow_next_for_trader(bool accepted, enum message_function asked, struct money total_due,
			      const char *ret[FLOW_HOLDS])
{
	uint32_t n = 0;

	if (!accepted) {
		ret[n++] = "correct";
		return n;
	}
	if (asked == FUNCTION_CANCELLATION)
		return n;
	if (total_due.minor > 0)
		ret[n++] = "pay";
	ret[n++] = "present-goods";
	return n;
}

/* ---- acts and refusals, as their tables name them ---- */

static const struct {
	const char *name, *title;
	unsigned roles;
} acts[FLOW_ACTS] = {
#define ACT(NAME, name, id, who, where, refused_if, title) [ACT_##NAME] = {id, title, who},
#include "flow/acts.def"
#undef ACT
};

const char *flow_act_name(enum flow_act a)
{
	return acts[a].name;
}

enum flow_act flow_act_by_name(struct span s)
{
	for (uint32_t i = 0; i < FLOW_ACTS; i++)
		if (span_is(s, acts[i].name))
			return (enum flow_act)i;
	return FLOW_ACTS;
}

const char *flow_act_title(enum flow_act a)
{
	return acts[a].title;
}

unsigned flow_act_roles(enum flow_act a)
{
	return acts[a].roles;
}

static const struct {
	const char *id, *text;
	enum flow_refusal_kind kind;
} refusals[FLOW_REFUSALS] = {
#define REFUSAL(NAME, name, id, kind, text) [REFUSED_##NAME] = {id, text, REFUSAL_##kind},
#include "flow/refusals.def"
#undef REFUSAL
};

const char *flow_refusal_id(enum flow_refusal r)
{
	return refusals[r].id;
}

const char *flow_refusal_text(enum flow_refusal r)
{
	return refusals[r].text;
}

enum flow_refusal_kind flow_refusal_kind(enum flow_refusal r)
{
	return refusals[r].kind;
}

/* ---- the beginning ---- */

bool flow_type_is_presented(struct span type)
{
	return type.n == 3 && memchr("ABCXYZ", type.p[2], 6);
}

void flow_ease_after(struct flow_case *c, int64_t days, int64_t at)
{
	if (!days || c->lane != LANE_YELLOW || !(c->holds & HOLD_DOCUMENTS))
		return;
	if (c->holds & HOLD_PRESENTATION)
		c->ease_days = days;
	else
		c->eases_at = at + days * MICROS_A_DAY;
}

struct flow_case flow_begin(bool accepted, bool presented, enum lane lane, int64_t due,
			    struct flow_path *path)
{
	struct flow_case c = {
	    .state = FLOW_REJECTED,
	    .behind = FLOW_REJECTED,
	    .lane = lane,
	    .version = 1,
	};
	struct flow_path unseen = {0};

	path = path ? path : &unseen;
	*path = (struct flow_path){0};
	if (!accepted) {
		path->state[path->n++] = c.state;
		return c;
	}
	c.state = c.behind = FLOW_LODGED;
	c.presented = presented;
	c.due = due;
	c.holds = flow_lane_holds(lane) | (presented ? 0u : HOLD_PRESENTATION);
	if (!presented)
		path->state[path->n++] = c.state;
	flow_settle(&c, path);
	return c;
}
