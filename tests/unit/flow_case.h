/* Cases for the tests of flow: one in each state, with what an act needs to be possible there. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_FLOW_CASE_H
#define CUSTOMHOUSE_TESTS_UNIT_FLOW_CASE_H

#include "flow/flow.h"

#include "unit.h"

enum { NOW = 1000, DUE = 100 };

/* A case that rests in this state. due: unpaid where the state allows it. */
static inline struct flow_case case_in(enum flow_state state)
{
	struct flow_case c = {
	    .state = state,
	    .behind = state,
	    .lane = LANE_GREEN,
	    .version = 1,
	    .presented = true,
	    .due = DUE,
	};

	switch (state) {
	case FLOW_LODGED:
		c.presented = false;
		c.holds = HOLD_PRESENTATION | HOLD_PAYMENT;
		break;
	case FLOW_ACCEPTED:
		c.holds = HOLD_PERMIT | HOLD_PAYMENT;
		break;
	case FLOW_QUERIED:
	case FLOW_DETAINED:
	case FLOW_SEIZED:
		c.behind = FLOW_DOCUMENTS;
		/* fallthrough */
	case FLOW_SELECTED:
	case FLOW_DOCUMENTS:
		c.holds = HOLD_DOCUMENTS | HOLD_INSPECTION | HOLD_PAYMENT;
		c.lane = LANE_RED;
		break;
	case FLOW_INSPECTION:
		c.holds = HOLD_INSPECTION | HOLD_PAYMENT;
		c.lane = LANE_RED;
		break;
	case FLOW_ASSESSED:
		c.holds = HOLD_PAYMENT;
		break;
	case FLOW_RELEASED:
	case FLOW_EXITED:
		break;
	case FLOW_ABANDONED:
	case FLOW_CANCELLED:
	case FLOW_DESTROYED:
	case FLOW_PAID:
	case FLOW_REJECTED:
	case FLOW_SOLD:
	case FLOW_STATES:
		c.due = 0;
		break;
	}
	if (c.lane == LANE_RED && state != FLOW_SELECTED)
		c.examiner = SPAN("elsa");
	c.notified = c.lane == LANE_RED || state == FLOW_RELEASED || state == FLOW_EXITED;
	return c;
}

/* An act with every value that one may need, of somebody who took no part in the case. */
static inline struct flow_do act_of(enum flow_act act, unsigned roles)
{
	return (struct flow_do){
	    .act = act,
	    .by = SPAN("rita"),
	    .roles = roles,
	    .at = NOW,
	    .reason = SPAN("because"),
	    .code = SPAN("V1"),
	    .who = SPAN("emil"),
	    .request = SPAN("R1"),
	    .result = RESULT_CLEAN,
	    .lane = LANE_BLUE,
	    .hold = roles & ROLE_AGENCY ? HOLD_AGENCY : HOLD_PERMIT,
	    .amount = DUE,
	    .until = NOW + 1,
	    .applied = true,
	    .version = 2,
	    .due = DUE,
	};
}

/* The smallest change that makes an act possible as far as the case goes, whatever the state; in two halves. */
static inline void ripen_for_officers(struct flow_case *c, struct flow_do *g)
{
	enum flow_act a = g->act;

	if (a == ACT_CHECK_DOCUMENTS || a == ACT_EXAMINE || a == ACT_QUERY || a == ACT_RELEASE)
		g->by = c->examiner.n ? c->examiner : g->by;
	if (a == ACT_CLOSE)
		c->irregular = true;
	if (a == ACT_CONFIRM_REROUTE || a == ACT_REFUSE_REROUTE) {
		c->proposer = SPAN("paul");
		c->proposed = LANE_GREEN;
	}
	if (a == ACT_DECIDE_APPEAL) {
		c->appeal = APPEAL_LODGED;
		g->amount = 0;
	}
	if (a == ACT_GRANT || a == ACT_REFUSE)
		c->request = SPAN("R1");
	if (a == ACT_LAPSE)
		c->reply_by = NOW;
	if (a == ACT_LIFT_HOLD)
		c->holds |= g->hold;
	if (a == ACT_PLACE_HOLD)
		c->holds &= ~g->hold;
}

static inline void ripen(struct flow_case *c, struct flow_do *g)
{
	enum flow_act a = g->act;

	ripen_for_officers(c, g);
	if (a == ACT_AMEND || a == ACT_CANCEL)
		c->notified = false;
	if (a == ACT_ASK)
		c->notified = true;
	if (a == ACT_APPEAL)
		c->adverse = true;
	if (a == ACT_REPLY_CORRECTION)
		c->reply_by = NOW + 1;
	if (a == ACT_APPROVE_REFUND) {
		c->paid = c->due + DUE;
		c->refund = DUE;
	}
	if (a == ACT_DISCHARGE) {
		c->paid = c->due;
		c->secured = 1;
	}
}

/* The same case, value by value. */
static inline bool same_case(const struct flow_case *a, const struct flow_case *b)
{
	return a->state == b->state && a->behind == b->behind && a->holds == b->holds &&
	       a->lane == b->lane && a->version == b->version && a->presented == b->presented &&
	       a->notified == b->notified && a->provisional == b->provisional &&
	       a->irregular == b->irregular && a->adverse == b->adverse &&
	       a->cancels == b->cancels && a->due == b->due && a->paid == b->paid &&
	       a->secured == b->secured && a->refund == b->refund && a->reply_by == b->reply_by &&
	       a->secured_until == b->secured_until && a->eases_at == b->eases_at &&
	       a->ease_days == b->ease_days && span_equal(a->examiner, b->examiner) &&
	       span_equal(a->reassessor, b->reassessor) && span_equal(a->judge, b->judge) &&
	       span_equal(a->proposer, b->proposer) && a->proposed == b->proposed &&
	       span_equal(a->request, b->request) && a->appeal == b->appeal;
}

#endif
