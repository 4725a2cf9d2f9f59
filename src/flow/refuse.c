/* Why an act may not be done: one predicate for each line of refusals.def, and the order in which they are asked. */
#include "flow/acts.h"
#include "flow/room.h"

/* Holds that are placed and lifted by hand, as far as the roles may. Customs calls an agency in; that agency alone lets the goods
 * go. */
static unsigned holds_of(const struct flow_do *g)
{
	unsigned holds = 0;

	if (g->roles & (ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_HUB))
		holds |= HOLD_PERMIT;
	if (g->roles & (ROLE_AGENCY | ROLE_HUB) ||
	    (g->act == ACT_PLACE_HOLD && g->roles & (ROLE_OFFICER | ROLE_SUPERVISOR)))
		holds |= HOLD_AGENCY;
	return holds;
}

/* The hold that is meant; while none is named, all that could be. */
static unsigned hold_meant(const struct flow_do *g)
{
	return g->hold ? g->hold : holds_of(g);
}

static bool same(struct span a, struct span b)
{
	return a.n && span_equal(a, b);
}

static bool is_check(const struct flow_do *g)
{
	return g->act == ACT_CHECK_DOCUMENTS || g->act == ACT_EXAMINE;
}

static int64_t unpaid(const struct flow_case *c)
{
	return c->due > c->paid ? c->due - c->paid : 0;
}

static bool has_passed(int64_t deadline, int64_t at)
{
	return deadline && at >= deadline;
}

typedef bool predicate(const struct flow_case *c, const struct flow_do *g);
/* Most read only one of the two. */
#define PREDICATE(name)                                                                            \
	static bool if_##name(__attribute__((unused)) const struct flow_case *c,                   \
			      __attribute__((unused)) const struct flow_do *g)

/* ---- the case as it stands ---- */

PREDICATE(adverse_none)
{
	return !c->adverse;
}

PREDICATE(already_released)
{
	return flow_was_released(c);
}

PREDICATE(appeal_none)
{
	return c->appeal != APPEAL_LODGED;
}

/* Of a seizure: a new one takes back what was decided on an older matter. */
PREDICATE(appeal_upheld)
{
	return c->state == FLOW_SEIZED && c->appeal == APPEAL_UPHELD;
}

PREDICATE(appeal_waits)
{
	return c->appeal == APPEAL_LODGED;
}

PREDICATE(deadline_ahead)
{
	return !has_passed(c->reply_by, g->at) && !has_passed(c->secured_until, g->at) &&
	       !has_passed(c->eases_at, g->at);
}

PREDICATE(hold_absent)
{
	return !(c->holds & hold_meant(g));
}

PREDICATE(hold_stands)
{
	return (c->holds & hold_meant(g)) == hold_meant(g);
}

PREDICATE(inspection_none)
{
	return !(c->holds & HOLD_INSPECTION);
}

PREDICATE(irregular_none)
{
	return !c->irregular;
}

/* More may be found, and the lane be raised. */
PREDICATE(irregular_open)
{
	if (is_check(g) && g->result != RESULT_CLEAN)
		return false;
	if (g->act == ACT_REROUTE && !flow_lowers(c, g))
		return false;
	return c->irregular;
}

PREDICATE(late_cancel)
{
	return c->cancels && c->state == FLOW_EXITED;
}

PREDICATE(notified)
{
	return c->notified;
}

PREDICATE(not_notified)
{
	return !c->notified;
}

PREDICATE(owed)
{
	return unpaid(c) > 0;
}

/* Security takes the place of payment and does not end what is owed. */
PREDICATE(owed_nothing)
{
	return g->act == ACT_SECURE ? unpaid(c) <= c->secured : !unpaid(c);
}

PREDICATE(proposal_none)
{
	return !c->proposer.n;
}

PREDICATE(proposal_waits)
{
	return c->proposer.n && flow_lowers(c, g);
}

PREDICATE(refund_none)
{
	return c->refund <= 0;
}

PREDICATE(reply_none)
{
	return !c->reply_by || has_passed(c->reply_by, g->at);
}

PREDICATE(reply_open)
{
	return c->reply_by != 0;
}

PREDICATE(request_none)
{
	return !c->request.n;
}

PREDICATE(request_waits)
{
	return c->request.n;
}

PREDICATE(security_none)
{
	return c->secured <= 0;
}

/* ---- persons ---- */

PREDICATE(hold_of_others)
{
	return g->hold & ~holds_of(g);
}

PREDICATE(not_examiner)
{
	return g->by.n && !same(g->by, c->examiner);
}

PREDICATE(same_examiner)
{
	return same(g->by, c->examiner);
}

PREDICATE(same_judge)
{
	return same(g->by, c->judge);
}

PREDICATE(same_proposer)
{
	return same(g->by, c->proposer);
}

PREDICATE(same_reassessor)
{
	return same(g->by, c->reassessor);
}

PREDICATE(who_reassessed)
{
	return same(g->who, c->reassessor);
}

/* ---- values ---- */

PREDICATE(by_missing)
{
	return !g->by.n;
}

PREDICATE(code_missing)
{
	return !g->code.n && !(is_check(g) && g->result == RESULT_CLEAN);
}

PREDICATE(hold_missing)
{
	return g->hold != HOLD_PERMIT && g->hold != HOLD_AGENCY;
}

PREDICATE(lane_missing)
{
	return g->lane == LANE_NONE || g->lane > LANE_RED || g->lane == c->lane;
}

PREDICATE(reason_missing)
{
	return !g->reason.n;
}

PREDICATE(request_missing)
{
	return !g->request.n;
}

PREDICATE(result_missing)
{
	return g->result != RESULT_CLEAN && g->result != RESULT_IRREGULAR;
}

/* A deadline that was given is never shortened. */
PREDICATE(until_missing)
{
	return g->until <= g->at ||
	       g->until < (g->act == ACT_CORRECT ? c->reply_by : c->secured_until);
}

PREDICATE(version_missing)
{
	if ((g->act == ACT_GRANT && c->cancels) || (g->act == ACT_PRESENT && !g->applied))
		return false;
	return !g->applied || g->version <= c->version || g->due < 0 || g->lane == LANE_NONE ||
	       g->lane > LANE_RED;
}

PREDICATE(who_missing)
{
	return !g->who.n;
}

PREDICATE(amount_missing)
{
	return g->amount <= 0;
}

PREDICATE(amount_differs)
{
	return g->amount != c->refund;
}

PREDICATE(amount_excess)
{
	return g->amount > unpaid(c);
}

/* Nor may it be so high that it cannot be added. */
PREDICATE(amount_short)
{
	return g->amount < unpaid(c) - c->secured || g->amount > INT64_MAX - c->secured;
}

PREDICATE(reduction)
{
	return g->accepted ? g->amount < 0 || g->amount > c->due : g->amount != 0;
}

/* ---- the tables ---- */

/* Asked of every act, by flow_refuse() itself. */
#define if_role  NULL
#define if_state NULL

static const struct {
	predicate *refuses;
	enum flow_refusal_kind kind;
} refusals[FLOW_REFUSALS] = {
#define REFUSAL(NAME, name, id, kind, text) [REFUSED_##NAME] = {if_##name, REFUSAL_##kind},
#include "flow/refusals.def"
#undef REFUSAL
};

static const struct {
	unsigned roles, states;
	uint64_t refused_if;
} acts[FLOW_ACTS] = {
#define ACT(NAME, name, id, who, where, refused_if, title) [ACT_##NAME] = {who, where, refused_if},
#include "flow/acts.def"
#undef ACT
};
_Static_assert(FLOW_REFUSALS <= 64 && FLOW_STATES <= 32, "sets are bits of one number");

enum flow_refusal flow_refuse(const struct flow_case *c, const struct flow_do *given, unsigned only)
{
	uint64_t asked;

	if (given->act >= FLOW_ACTS || !(acts[given->act].roles & given->roles))
		return REFUSED_ROLE;
	if (c->state >= FLOW_STATES || !(acts[given->act].states & 1u << c->state))
		return REFUSED_STATE;
	/* such a case was never made here, and could not be reckoned with */
	if (c->due < 0 || c->paid < 0 || c->guaranteed < 0 || c->secured < c->guaranteed)
		return REFUSED_STATE;
	asked = acts[given->act].refused_if | IF(BY_MISSING);
	for (uint32_t kind = 0; kind < FLOW_REFUSAL_KINDS; kind++)
		for (uint64_t left = only >> kind & 1 ? asked : 0; left; left &= left - 1) {
			unsigned r = (unsigned)__builtin_ctzll(left);

			if (refusals[r].kind == kind && refusals[r].refuses(c, given))
				return (enum flow_refusal)r;
		}
	return REFUSED_NOTHING;
}
