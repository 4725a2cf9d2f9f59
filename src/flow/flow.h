/* What a decision does to its case: state, what holds the goods, what comes next. What a lane does is code, the same
 * in every country:
 *
 *   green   release
 *   blue    release, and audit later
 *   yellow  documents are checked before release
 *   red     the goods are examined before release
 *
 * Goods are released when nothing holds them any more. The whole life of a case joins here later; this is its first step. */
#ifndef CUSTOMHOUSE_FLOW_FLOW_H
#define CUSTOMHOUSE_FLOW_FLOW_H

#include "base/money.h"
#include "model/declaration.h"
#include "model/facts.h"

enum flow_state {
#define STATE(name, id) FLOW_##name,
#include "flow/states.def"
#undef STATE
	FLOW_STATES
};
const char *flow_state_name(enum flow_state s);
/* FLOW_STATES when there is no such state. */
enum flow_state flow_state_by_name(struct span s);

enum flow_hold { HOLD_DOCUMENTS = 1, HOLD_INSPECTION = 2, HOLD_PAYMENT = 4 };
enum { FLOW_HOLDS = 3 };

struct flow_step {
	enum flow_state state;
	unsigned holds; /* enum flow_hold, joined */
};

/* The step after a decision. accepted: no finding was an error. */
struct flow_step flow_after_decision(bool accepted, enum message_function asked, enum lane lane,
				     struct money total_due);

/* Names of holds and of the next acts, for officers; at most FLOW_HOLDS. Returns how many. */
uint32_t flow_holds(unsigned holds, const char *ret[FLOW_HOLDS]);
uint32_t flow_next(struct flow_step s, const char *ret[FLOW_HOLDS + 1]);
/* What a trader is told to do: never depends on the lane. */
uint32_t flow_next_for_trader(bool accepted, enum message_function asked, struct money total_due,
			      const char *ret[FLOW_HOLDS]);

#endif
