/* What acts do to a case: one function for each line of acts.def, and the one that says where a case rests. */
#include "flow/acts.h"
#include "flow/room.h"

static void pass(struct flow_path *path, enum flow_state s)
{
	path->state[path->n++] = s;
}

/* ---- where a case rests ---- */

static bool is_aside(enum flow_state s)
{
	return s == FLOW_QUERIED || s == FLOW_DETAINED || s == FLOW_SEIZED;
}

bool flow_was_released(const struct flow_case *c)
{
	enum flow_state s = is_aside(c->state) ? c->behind : c->state;

	return s == FLOW_RELEASED || s == FLOW_EXITED;
}

/* Payment does not hold what is released already: what is owed then is a debt. */
static void settle_money(struct flow_case *c)
{
	bool covered = c->due <= c->paid || c->due - c->paid <= c->secured;

	c->holds &= ~(unsigned)HOLD_PAYMENT;
	if (!covered && !flow_was_released(c) && !flow_state_ends(c->state))
		c->holds |= HOLD_PAYMENT;
	c->refund = c->paid > c->due ? c->paid - c->due : 0;
}

static enum flow_state resting(const struct flow_case *c)
{
	if (c->holds & HOLD_PRESENTATION)
		return FLOW_LODGED;
	if (c->holds & HOLDS_CONTROL && !c->examiner.n)
		return FLOW_SELECTED;
	if (c->holds & HOLD_DOCUMENTS)
		return FLOW_DOCUMENTS;
	if (c->holds & HOLD_INSPECTION)
		return FLOW_INSPECTION;
	if (c->holds & (HOLD_PERMIT | HOLD_AGENCY))
		return FLOW_ACCEPTED;
	if (c->holds & HOLD_PAYMENT)
		return FLOW_ASSESSED;
	return FLOW_RELEASED;
}

/* The case moves on from where it stood on its way, and passes what lies between. */
static void move(struct flow_case *c, enum flow_state from, struct flow_path *path)
{
	enum flow_state to = resting(c);

	if (to == c->state)
		return;
	if (from == FLOW_LODGED && to != FLOW_ACCEPTED)
		pass(path, FLOW_ACCEPTED);
	if (to == FLOW_RELEASED && from != FLOW_RELEASED && c->due > 0) {
		if (from != FLOW_ASSESSED)
			pass(path, FLOW_ASSESSED);
		pass(path, FLOW_PAID);
	}
	pass(path, to);
	c->state = c->behind = to;
}

static void note(struct flow_case *c)
{
	if (flow_was_released(c) || (c->presented && c->holds & HOLDS_CONTROL))
		c->notified = true;
}

void flow_settle(struct flow_case *c, struct flow_path *path)
{
	settle_money(c);
	if (!(c->holds & HOLD_DOCUMENTS))
		c->eases_at = c->ease_days = 0;
	if (!is_aside(c->state) && !flow_state_ends(c->state) && c->state != FLOW_RELEASED)
		move(c, c->state, path);
	note(c);
}

static void step_aside(struct flow_case *c, enum flow_state to, struct flow_path *path)
{
	if (!is_aside(c->state))
		c->behind = c->state;
	c->state = to;
	pass(path, to);
}

/* Goods that were released hold nothing, and are released again. */
static void come_back(struct flow_case *c, struct flow_path *path)
{
	move(c, c->behind, path);
}

/* Nothing is held, asked or due any more. What was paid becomes a refund, what was secured can be discharged. */
static void end(struct flow_case *c, enum flow_state how, struct flow_path *path)
{
	c->state = c->behind = how;
	c->holds = 0;
	c->due = 0;
	c->irregular = c->cancels = false;
	c->reply_by = 0;
	c->proposer = c->request = (struct span){0};
	c->proposed = LANE_NONE;
	pass(path, how);
}

/* ---- lanes and versions ---- */

static void drop_proposal(struct flow_case *c)
{
	c->proposer = (struct span){0};
	c->proposed = LANE_NONE;
}

/* Control that was done already is not asked for again; what the higher lane adds is. */
static void raise_lane(struct flow_case *c, enum lane lane)
{
	if (lane <= c->lane)
		return;
	if (!flow_was_released(c))
		c->holds |= flow_lane_holds(lane) & ~flow_lane_holds(c->lane);
	c->lane = lane;
	c->eases_at = c->ease_days = 0;
	drop_proposal(c);
}

static void put_version(struct flow_case *c, const struct flow_do *g)
{
	const enum lane before = c->lane;

	c->version = g->version;
	c->due = g->due;
	raise_lane(c, g->lane);
	if (!g->ease_days)
		c->eases_at = c->ease_days = 0;
	else if (
	    c->lane >
	    before) /* what asked for control before is not forgotten by a version that does not */
		flow_ease_after(c, g->ease_days, g->at);
}

static void result(struct flow_case *c, const struct flow_do *g, unsigned hold)
{
	if (g->result == RESULT_CLEAN)
		c->holds &= ~hold;
	else
		c->irregular = true;
}

static void decide_adversely(struct flow_case *c)
{
	c->adverse = true;
	if (c->appeal != APPEAL_LODGED)
		c->appeal = APPEAL_NONE;
}

static void drop_request(struct flow_case *c)
{
	c->request = (struct span){0};
	c->cancels = false;
}

/* ---- the effects ---- */

typedef void effect(struct flow_case *c, const struct flow_do *g, struct flow_path *path);
/* Most read only some of the three. */
#define EFFECT(name)                                                                               \
	static void do_##name(__attribute__((unused)) struct flow_case *c,                         \
			      __attribute__((unused)) const struct flow_do *g,                     \
			      __attribute__((unused)) struct flow_path *path)

EFFECT(abandon)
{
	end(c, FLOW_ABANDONED, path);
}

EFFECT(allocate)
{
	c->examiner = g->who;
}

EFFECT(allot)
{
	put_version(c, g);
}

EFFECT(amend)
{
	put_version(c, g);
}

EFFECT(appeal)
{
	c->appeal = APPEAL_LODGED;
	c->adverse = false;
}

EFFECT(approve_refund)
{
	c->paid -= g->amount;
}

EFFECT(ask)
{
	c->request = g->request;
	c->cancels = g->cancels;
}

EFFECT(cancel)
{
	end(c, FLOW_CANCELLED, path);
}

EFFECT(check_documents)
{
	result(c, g, HOLD_DOCUMENTS);
}

EFFECT(close)
{
	c->irregular = false;
}

EFFECT(confirm_reroute)
{
	c->holds &= ~(flow_lane_holds(c->lane) & ~flow_lane_holds(c->proposed));
	c->lane = c->proposed;
	drop_proposal(c);
}

EFFECT(correct)
{
	put_version(c, g);
	c->reassessor = g->by;
	c->reply_by = g->until;
	decide_adversely(c);
}

EFFECT(decide_appeal)
{
	c->appeal = g->accepted ? APPEAL_UPHELD : APPEAL_DISMISSED;
	c->due -= g->amount;
	c->judge = g->by;
}

EFFECT(destroy)
{
	end(c, FLOW_DESTROYED, path);
}

/* A query that was open has to be asked again; the trader learns of customs' interest. */
EFFECT(detain)
{
	c->notified = true;
	step_aside(c, FLOW_DETAINED, path);
}

EFFECT(discharge)
{
	c->secured = c->guaranteed = 0;
	c->secured_until = 0;
	c->provisional = false;
}

EFFECT(examine)
{
	result(c, g, HOLD_INSPECTION);
}

EFFECT(exit)
{
	c->state = c->behind = FLOW_EXITED;
	pass(path, c->state);
}

EFFECT(grant)
{
	bool cancels = c->cancels;

	drop_request(c);
	c->judge = g->by;
	if (cancels)
		end(c, FLOW_CANCELLED, path);
	else
		put_version(c, g);
}

/* Documents that nobody came to are let go, and audited later. Whoever asked the trader something, found something or detained
 * the goods keeps the case: it never eases again. */
static void ease(struct flow_case *c)
{
	if ((c->state == FLOW_SELECTED || c->state == FLOW_DOCUMENTS) && !c->irregular) {
		c->lane = LANE_BLUE;
		c->holds &= ~(unsigned)HOLD_DOCUMENTS;
		drop_proposal(c);
	}
	c->eases_at = 0;
}

/* Silence is no objection. Called security pays what is unpaid; what is left of it can be discharged. A guarantee pays nothing by
 * itself: it is called from its guarantor, and stands until what is owed was paid. */
EFFECT(lapse)
{
	if (c->reply_by && g->at >= c->reply_by) {
		c->reply_by = 0;
		c->irregular = false;
	}
	if (c->eases_at && g->at >= c->eases_at)
		ease(c);
	if (c->secured_until && g->at >= c->secured_until) {
		int64_t called = c->due > c->paid ? c->due - c->paid : 0;

		called = called < c->secured - c->guaranteed ? called : c->secured - c->guaranteed;
		c->paid += called;
		c->secured -= called;
		c->secured_until = 0;
		c->provisional = false;
	}
}

EFFECT(lift_detention)
{
	come_back(c, path);
}

EFFECT(lift_hold)
{
	c->holds &= ~g->hold;
}

/* No case stands where it could be lodged: flow_begin() makes it. */
EFFECT(lodge)
{
}

EFFECT(pay)
{
	c->paid += g->amount;
}

EFFECT(place_hold)
{
	c->holds |= g->hold;
}

EFFECT(present)
{
	c->presented = true;
	c->holds &= ~(unsigned)HOLD_PRESENTATION;
	if (g->applied) /* legal dates waited for the goods: what stood was decided again */
		put_version(c, g);
	flow_ease_after(c, c->ease_days, g->at);
	c->ease_days = 0;
}

EFFECT(query)
{
	step_aside(c, FLOW_QUERIED, path);
}

EFFECT(refuse)
{
	drop_request(c);
	c->judge = g->by;
	decide_adversely(c);
}

EFFECT(refuse_reroute)
{
	drop_proposal(c);
}

EFFECT(release)
{
	c->holds &= ~(unsigned)HOLDS_CONTROL;
}

EFFECT(reply)
{
	come_back(c, path);
}

/* An objection leaves the irregularity open: an officer corrects again, or closes it and the correction stands. */
EFFECT(reply_correction)
{
	c->reply_by = 0;
	if (g->accepted)
		c->irregular = false;
}

EFFECT(reroute)
{
	if (flow_lowers(c, g)) {
		c->proposer = g->by;
		c->proposed = g->lane;
	} else {
		raise_lane(c, g->lane);
	}
}

EFFECT(restore)
{
	come_back(c, path);
}

EFFECT(secure)
{
	c->secured += g->amount;
	if (g->guarantee.n)
		c->guaranteed += g->amount;
	c->secured_until = g->until;
	c->provisional = true;
}

EFFECT(seize)
{
	c->judge = g->by;
	decide_adversely(c);
	step_aside(c, FLOW_SEIZED, path);
}

EFFECT(sell)
{
	end(c, FLOW_SOLD, path);
}

EFFECT(take_over)
{
	c->examiner = g->who;
}

EFFECT(withdraw_query)
{
	come_back(c, path);
}

static effect *const effects[FLOW_ACTS] = {
#define ACT(NAME, name, id, who, where, refused_if, title) [ACT_##NAME] = do_##name,
#include "flow/acts.def"
#undef ACT
};

enum flow_refusal flow_act(const struct flow_case *before, const struct flow_do *given,
			   struct flow_case *after, struct flow_path *path)
{
	enum flow_refusal refused = flow_refuse(before, given, ~0u);

	*after = *before;
	*path = (struct flow_path){0};
	if (refused)
		return refused;
	effects[given->act](after, given, path);
	flow_settle(after, path);
	return REFUSED_NOTHING;
}
