/* What the files of this room share. */
#ifndef CUSTOMHOUSE_FLOW_ROOM_H
#define CUSTOMHOUSE_FLOW_ROOM_H

#include "flow/flow.h"

/* Holds that a lane asks for. */
unsigned flow_lane_holds(enum lane l);

/* Were the goods released, whatever came aside since? */
bool flow_was_released(const struct flow_case *c);

/* After a change of holds, amounts or the examiner: payment hold, refund and the state in which the case rests. What it
 * passes is added to the path. */
void flow_settle(struct flow_case *c, struct flow_path *path);

/* reroute: is the lane that is asked for lower than the present one? */
static inline bool flow_lowers(const struct flow_case *c, const struct flow_do *given)
{
	return given->lane != LANE_NONE && given->lane < c->lane;
}

#endif
