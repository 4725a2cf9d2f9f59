#include "flow/flow.h"

static const char *const state_names[FLOW_STATES] = {
#define STATE(name, id) [FLOW_##name] = id,
#include "flow/states.def"
#undef STATE
};

const char *flow_state_name(enum flow_state s)
{
	return state_names[s];
}

enum flow_state flow_state_by_name(struct span s)
{
	for (uint32_t i = 0; i < FLOW_STATES; i++)
		if (span_is(s, state_names[i]))
			return (enum flow_state)i;
	return FLOW_STATES;
}

static unsigned lane_hold(enum lane l)
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
	s.holds = lane_hold(lane) | (total_due.minor > 0 ? HOLD_PAYMENT : 0u);
	s.state = s.holds ? FLOW_ACCEPTED : FLOW_RELEASED;
	return s;
}

struct word {
	unsigned hold;
	const char *name, *act;
};

static const struct word words[FLOW_HOLDS] = {
    {HOLD_DOCUMENTS, "documents", "check-documents"},
    {HOLD_INSPECTION, "inspection", "examine-goods"},
    {HOLD_PAYMENT, "payment", "pay"},
};

uint32_t flow_holds(unsigned holds, const char *ret[FLOW_HOLDS])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < FLOW_HOLDS; i++)
		if (holds & words[i].hold)
			ret[n++] = words[i].name;
	return n;
}

uint32_t flow_next(struct flow_step s, const char *ret[FLOW_HOLDS + 1])
{
	uint32_t n = 0;

	if (s.state == FLOW_REJECTED) {
		ret[n++] = "correct";
		return n;
	}
	for (uint32_t i = 0; i < FLOW_HOLDS; i++)
		if (s.holds & words[i].hold)
			ret[n++] = words[i].act;
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
