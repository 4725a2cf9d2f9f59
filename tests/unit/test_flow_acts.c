/* Every act in every state by every role, against a table written by hand; every refusal; what each act does. */
#include <stdio.h>

#include "flow_case.h"

#define ROAD  "accepted selected documents inspection assessed"
#define ASIDE "queried detained"
#define LIFE  "lodged " ROAD " " ASIDE " released exited seized abandoned cancelled destroyed sold"

/* Who may do what, and where. Nothing else is allowed. */
static const struct {
	const char *act, *roles, *states;
} allowed[FLOW_ACTS] = {
    {"abandon", "trader broker", ROAD " " ASIDE},
    {"allocate", "hub", "selected"},
    {"allot", "hub", "lodged " ROAD " " ASIDE " released exited seized"},
    {"amend", "trader broker", "lodged released " ROAD},
    {"appeal", "trader broker", LIFE},
    {"approve-refund", "cashier supervisor", LIFE},
    {"ask", "trader broker", ROAD " " ASIDE " released"},
    {"cancel", "trader broker", "lodged released " ROAD},
    {"check-documents", "officer supervisor", "documents"},
    {"close", "officer supervisor", "documents inspection detained"},
    {"confirm-reroute", "officer supervisor", "lodged " ROAD " " ASIDE},
    {"correct", "officer supervisor",
     "accepted documents inspection assessed detained released exited"},
    {"decide-appeal", "supervisor", LIFE},
    {"destroy", "supervisor", "abandoned seized"},
    {"detain", "officer supervisor", ROAD " queried released"},
    {"discharge", "officer supervisor cashier hub", LIFE},
    {"examine", "officer supervisor", "documents inspection"},
    {"exit", "carrier officer", "released"},
    {"grant", "officer supervisor", ROAD " " ASIDE " released exited"},
    {"lapse", "hub", LIFE},
    {"lift-detention", "officer supervisor", "detained"},
    {"lift-hold", "officer supervisor agency hub", "lodged " ROAD " " ASIDE},
    {"lodge", "", ""},
    {"pay", "trader broker cashier", "lodged " ROAD " " ASIDE " released exited"},
    {"place-hold", "officer supervisor agency hub", "lodged " ROAD " " ASIDE},
    {"present", "trader broker carrier officer hub", "lodged"},
    {"query", "officer supervisor", "documents inspection"},
    {"refuse", "officer supervisor", ROAD " " ASIDE " released exited"},
    {"refuse-reroute", "officer supervisor", "lodged " ROAD " " ASIDE},
    {"release", "officer supervisor", "documents inspection"},
    {"reply", "trader broker", "queried"},
    {"reply-correction", "trader broker", LIFE},
    {"reroute", "officer supervisor", "lodged " ROAD},
    {"restore", "supervisor", "seized"},
    {"secure", "officer cashier", "lodged " ROAD " " ASIDE},
    {"seize", "supervisor", ROAD " " ASIDE " released"},
    {"sell", "supervisor", "abandoned seized"},
    {"take-over", "supervisor", "selected documents inspection " ASIDE},
    {"withdraw-query", "officer supervisor", "queried"},
};

static bool has_word(const char *list, const char *word)
{
	struct span rest = span_of(list);

	while (rest.n)
		if (span_is(span_cut(&rest, ' '), word))
			return true;
	return false;
}

/* A word that is misspelt in the table would allow nothing and be found out by no comparison. */
static void test_the_table_speaks_of_what_there_is(void **state)
{
	(void)state;
	for (unsigned a = 0; a < FLOW_ACTS; a++) {
		struct span roles = span_of(allowed[a].roles), states = span_of(allowed[a].states);

		assert_int_equal(flow_act_by_name(span_of(allowed[a].act)), a);
		while (roles.n)
			assert_int_not_equal(role_by_name(span_cut(&roles, ' ')), 0);
		while (states.n)
			assert_int_not_equal(flow_state_by_name(span_cut(&states, ' ')),
					     FLOW_STATES);
	}
}

static void check_one(unsigned act, unsigned state, unsigned role)
{
	bool role_may = has_word(allowed[act].roles, role_name(role));
	bool may = role_may && has_word(allowed[act].states, flow_state_name(state));
	struct flow_case before = case_in((enum flow_state)state), after;
	struct flow_do g = act_of((enum flow_act)act, role);
	struct flow_path path = {.n = 99};
	enum flow_refusal r;

	ripen(&before, &g);
	r = flow_act(&before, &g, &after, &path);
	if (may != (r == REFUSED_NOTHING))
		fail_msg("%s in %s by %s: %s", allowed[act].act, flow_state_name(state),
			 role_name(role), r ? flow_refusal_id(r) : "allowed");
	if (may) {
		assert_false(same_case(&before, &after));
		return;
	}
	assert_true(same_case(&before, &after));
	assert_int_equal(path.n, 0);
	/* the table's own columns speak, and a role that does not fit before the state */
	if (act == ACT_LODGE && flow_act_roles(ACT_LODGE) & role)
		assert_int_equal(r, REFUSED_STATE);
	else
		assert_int_equal(r, role_may ? REFUSED_STATE : REFUSED_ROLE);
}

static void test_every_act_in_every_state_by_every_role(void **state)
{
	(void)state;
	for (unsigned a = 0; a < FLOW_ACTS; a++)
		for (unsigned s = 0; s < FLOW_STATES; s++)
			for (unsigned r = 0; r < ROLES; r++)
				check_one(a, s, 1u << r);
}

static void test_nobody_and_nonsense_are_refused(void **state)
{
	struct flow_case c = case_in(FLOW_DOCUMENTS), after;
	struct flow_path path;
	struct flow_do g = act_of(ACT_DETAIN, 0);

	(void)state;
	assert_int_equal(flow_act(&c, &g, &after, &path), REFUSED_ROLE);
	g.roles = ROLE_OFFICER;
	g.by = (struct span){0};
	assert_int_equal(flow_act(&c, &g, &after, &path), REFUSED_BY_MISSING);
	g = act_of(FLOW_ACTS, ~0u);
	assert_int_equal(flow_act(&c, &g, &after, &path), REFUSED_ROLE);
	g = act_of(ACT_PAY, ROLE_TRADER);
	c.state = (enum flow_state)77;
	assert_int_equal(flow_act(&c, &g, &after, &path), REFUSED_STATE);
	c = case_in(FLOW_ASSESSED);
	c.due = INT64_MAX;
	c.paid = -1;
	assert_int_equal(flow_act(&c, &g, &after, &path), REFUSED_STATE);
}

/* ---- every refusal ---- */

static bool refused_for[FLOW_REFUSALS];

static void refuses(const struct flow_case *c, const struct flow_do *g, enum flow_refusal why)
{
	struct flow_case after;
	struct flow_path path;
	enum flow_refusal r = flow_act(c, g, &after, &path);

	if (r != why)
		fail_msg("%s: %s, not %s", flow_act_name(g->act), r ? flow_refusal_id(r) : "done",
			 why ? flow_refusal_id(why) : "done");
	assert_true(r == REFUSED_NOTHING || same_case(c, &after));
	refused_for[r] = true;
}

/* The act in its state, ripe; then with one value changed it is refused, and for that. */
#define BUT(act, role, state, why, change)                                                         \
	do {                                                                                       \
		struct flow_case c = case_in(FLOW_##state);                                        \
		struct flow_do g = act_of(ACT_##act, ROLE_##role);                                 \
		ripen(&c, &g);                                                                     \
		refuses(&c, &g, REFUSED_NOTHING);                                                  \
		change;                                                                            \
		refuses(&c, &g, REFUSED_##why);                                                    \
	} while (0)

static void refuse_for_the_case(void)
{
	BUT(PLACE_HOLD, OFFICER, DETAINED, ALREADY_RELEASED, c.behind = FLOW_RELEASED);
	BUT(SECURE, CASHIER, DETAINED, ALREADY_RELEASED, c.behind = FLOW_RELEASED);
	BUT(APPEAL, TRADER, SEIZED, ADVERSE_NONE, c.adverse = false);
	BUT(APPEAL, TRADER, SEIZED, APPEAL_WAITS, c.appeal = APPEAL_LODGED);
	BUT(DECIDE_APPEAL, SUPERVISOR, SEIZED, APPEAL_NONE, c.appeal = APPEAL_UPHELD);
	BUT(DESTROY, SUPERVISOR, SEIZED, APPEAL_UPHELD, c.appeal = APPEAL_UPHELD);
	BUT(SELL, SUPERVISOR, SEIZED, APPEAL_UPHELD, c.appeal = APPEAL_UPHELD);
	BUT(DESTROY, SUPERVISOR, ABANDONED, APPEAL_WAITS, c.appeal = APPEAL_LODGED);
	BUT(SELL, SUPERVISOR, SEIZED, APPEAL_WAITS, c.appeal = APPEAL_LODGED);
	BUT(LAPSE, HUB, RELEASED, DEADLINE_AHEAD, c.reply_by = NOW + 1);
	BUT(LIFT_HOLD, OFFICER, ASSESSED, HOLD_ABSENT, c.holds = HOLD_PAYMENT | HOLD_AGENCY);
	BUT(PLACE_HOLD, AGENCY, ASSESSED, HOLD_STANDS, c.holds |= HOLD_AGENCY);
	BUT(EXAMINE, OFFICER, DOCUMENTS, INSPECTION_NONE, c.holds = HOLD_DOCUMENTS);
	BUT(CLOSE, OFFICER, DOCUMENTS, IRREGULAR_NONE, c.irregular = false);
	BUT(CHECK_DOCUMENTS, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(EXAMINE, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(RELEASE, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(REROUTE, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(CONFIRM_REROUTE, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(GRANT, OFFICER, DOCUMENTS, IRREGULAR_OPEN, c.irregular = true);
	BUT(GRANT, OFFICER, EXITED, LATE_CANCEL, c.cancels = true);
	BUT(AMEND, TRADER, ASSESSED, NOTIFIED, c.notified = true);
	BUT(CANCEL, BROKER, ACCEPTED, NOTIFIED, c.notified = true);
	BUT(ASK, TRADER, ASSESSED, NOT_NOTIFIED, c.notified = false);
	BUT(DISCHARGE, CASHIER, RELEASED, OWED, c.paid--);
	BUT(PAY, TRADER, ASSESSED, OWED_NOTHING, c.paid = DUE);
	BUT(SECURE, CASHIER, ASSESSED, OWED_NOTHING, c.secured = DUE);
	BUT(CONFIRM_REROUTE, OFFICER, SELECTED, PROPOSAL_NONE, c.proposer.n = 0);
	BUT(REFUSE_REROUTE, OFFICER, SELECTED, PROPOSAL_NONE, c.proposer.n = 0);
	BUT(REROUTE, OFFICER, SELECTED, PROPOSAL_WAITS, c.proposer = SPAN("paul"));
	BUT(APPROVE_REFUND, CASHIER, RELEASED, REFUND_NONE, c.refund = 0);
	BUT(REPLY_CORRECTION, TRADER, RELEASED, REPLY_NONE, c.reply_by = 0);
	BUT(REPLY_CORRECTION, TRADER, RELEASED, REPLY_NONE, c.reply_by = NOW);
	BUT(CLOSE, OFFICER, DOCUMENTS, REPLY_OPEN, c.reply_by = NOW + 1);
	BUT(GRANT, OFFICER, RELEASED, REQUEST_NONE, c.request.n = 0);
	BUT(REFUSE, OFFICER, RELEASED, REQUEST_NONE, c.request.n = 0);
	BUT(ASK, BROKER, RELEASED, REQUEST_WAITS, c.request = SPAN("R0"));
	BUT(DISCHARGE, HUB, RELEASED, SECURITY_NONE, c.secured = 0);
}

static void refuse_for_the_person(void)
{
	BUT(CHECK_DOCUMENTS, OFFICER, DOCUMENTS, NOT_EXAMINER, g.by = SPAN("rita"));
	BUT(EXAMINE, SUPERVISOR, INSPECTION, NOT_EXAMINER, g.by = SPAN("rita"));
	BUT(QUERY, OFFICER, INSPECTION, NOT_EXAMINER, g.by = SPAN("rita"));
	BUT(RELEASE, OFFICER, INSPECTION, NOT_EXAMINER, g.by = SPAN("rita"));
	BUT(LIFT_HOLD, OFFICER, DETAINED, HOLD_OF_OTHERS, g.hold = c.holds |= HOLD_AGENCY);
	BUT(LIFT_HOLD, OFFICER, DOCUMENTS, HOLD_OF_OTHERS, g.hold = HOLD_DOCUMENTS);
	BUT(LIFT_HOLD, HUB, LODGED, HOLD_MISSING, g.hold = 0);
	BUT(PLACE_HOLD, AGENCY, LODGED, HOLD_OF_OTHERS, g.hold = HOLD_PERMIT);
	BUT(PLACE_HOLD, OFFICER, LODGED, HOLD_OF_OTHERS, g.hold = HOLD_DOCUMENTS);
	BUT(CORRECT, OFFICER, DOCUMENTS, SAME_EXAMINER, g.by = c.examiner);
	BUT(APPROVE_REFUND, CASHIER, INSPECTION, SAME_EXAMINER, g.by = c.examiner);
	BUT(APPROVE_REFUND, CASHIER, RELEASED, SAME_JUDGE, c.judge = g.by);
	BUT(APPROVE_REFUND, SUPERVISOR, RELEASED, SAME_REASSESSOR, c.reassessor = g.by);
	BUT(DECIDE_APPEAL, SUPERVISOR, RELEASED, SAME_EXAMINER, c.examiner = g.by);
	BUT(DECIDE_APPEAL, SUPERVISOR, SEIZED, SAME_JUDGE, c.judge = g.by);
	BUT(DECIDE_APPEAL, SUPERVISOR, RELEASED, SAME_REASSESSOR, c.reassessor = g.by);
	BUT(CONFIRM_REROUTE, OFFICER, DOCUMENTS, SAME_PROPOSER, g.by = c.proposer);
	BUT(REFUSE_REROUTE, SUPERVISOR, DOCUMENTS, SAME_PROPOSER, g.by = c.proposer);
	BUT(ALLOCATE, HUB, SELECTED, WHO_REASSESSED, c.reassessor = g.who);
	BUT(TAKE_OVER, SUPERVISOR, QUERIED, WHO_REASSESSED, c.reassessor = g.who);
}

static void refuse_for_values(void)
{
	BUT(ABANDON, TRADER, ASSESSED, BY_MISSING, g.by.n = 0);
	BUT(ABANDON, TRADER, ASSESSED, REASON_MISSING, g.reason.n = 0);
	BUT(SEIZE, SUPERVISOR, ASSESSED, REASON_MISSING, g.reason.n = 0);
	BUT(SEIZE, SUPERVISOR, ASSESSED, CODE_MISSING, g.code.n = 0);
	BUT(EXAMINE, OFFICER, INSPECTION, CODE_MISSING,
	    (g.result = RESULT_IRREGULAR, g.code.n = 0));
	BUT(EXAMINE, OFFICER, INSPECTION, RESULT_MISSING, g.result = RESULT_NONE);
	BUT(CHECK_DOCUMENTS, OFFICER, DOCUMENTS, RESULT_MISSING, g.result = (enum flow_result)9);
	BUT(PLACE_HOLD, HUB, ASSESSED, HOLD_MISSING, g.hold = HOLD_PERMIT | HOLD_AGENCY);
	BUT(REROUTE, OFFICER, DOCUMENTS, LANE_MISSING, g.lane = LANE_NONE);
	BUT(REROUTE, OFFICER, DOCUMENTS, LANE_MISSING, g.lane = LANE_RED);
	BUT(REROUTE, OFFICER, DOCUMENTS, LANE_MISSING, g.lane = (enum lane)(LANE_RED + 1));
	BUT(ASK, TRADER, RELEASED, REQUEST_MISSING, g.request.n = 0);
	BUT(SECURE, CASHIER, ASSESSED, UNTIL_MISSING, g.until = NOW);
	BUT(SECURE, CASHIER, ASSESSED, UNTIL_MISSING, c.secured_until = NOW + 2);
	BUT(CORRECT, OFFICER, RELEASED, UNTIL_MISSING, g.until = 0);
	BUT(CORRECT, OFFICER, RELEASED, UNTIL_MISSING, c.reply_by = NOW + 2);
	BUT(CORRECT, OFFICER, RELEASED, VERSION_MISSING, g.applied = false);
	BUT(AMEND, TRADER, LODGED, VERSION_MISSING, g.version = 1);
	BUT(AMEND, TRADER, LODGED, VERSION_MISSING, g.due = -1);
	BUT(AMEND, TRADER, LODGED, VERSION_MISSING, g.lane = LANE_NONE);
	BUT(GRANT, OFFICER, RELEASED, VERSION_MISSING, g.applied = false);
	BUT(ALLOCATE, HUB, SELECTED, WHO_MISSING, g.who.n = 0);
	BUT(PAY, CASHIER, ASSESSED, AMOUNT_MISSING, g.amount = 0);
	BUT(PAY, CASHIER, ASSESSED, AMOUNT_MISSING, g.amount = -1);
	BUT(PAY, CASHIER, ASSESSED, AMOUNT_EXCESS, g.amount = DUE + 1);
	BUT(SECURE, CASHIER, ASSESSED, AMOUNT_SHORT, g.amount = DUE - 1);
	BUT(SECURE, CASHIER, ASSESSED, AMOUNT_SHORT, (c.secured = 1, g.amount = INT64_MAX));
	BUT(APPROVE_REFUND, CASHIER, RELEASED, AMOUNT_DIFFERS, g.amount--);
	BUT(DECIDE_APPEAL, SUPERVISOR, RELEASED, REDUCTION, g.amount = 1);
	BUT(DECIDE_APPEAL, SUPERVISOR, RELEASED, REDUCTION,
	    (g.accepted = true, g.amount = DUE + 1));
	BUT(DECIDE_APPEAL, SUPERVISOR, RELEASED, REDUCTION, (g.accepted = true, g.amount = -1));
}

static void test_every_refusal_has_its_case(void **state)
{
	(void)state;
	refuse_for_the_case();
	refuse_for_the_person();
	refuse_for_values();
	BUT(EXIT, CARRIER, RELEASED, STATE, c.state = FLOW_EXITED);
	BUT(EXIT, CARRIER, RELEASED, ROLE, g.roles = ROLE_TRADER);
	for (unsigned r = 1; r < FLOW_REFUSALS; r++)
		if (!refused_for[r])
			fail_msg("nothing is refused as %s", flow_refusal_id(r));
}

/* ---- what acts do ---- */

/* A story: acts one after the other, each with the states that it passes. */
struct story {
	struct flow_case c;
	struct flow_do g;
};

static struct flow_do *next(struct story *s, enum flow_act act, const char *by, unsigned roles)
{
	s->g = act_of(act, roles);
	s->g.by = span_of(by);
	s->g.version = s->c.version + 1;
	s->g.lane = s->c.lane;
	return &s->g;
}

/* Adds a word to a list in a text of this size. */
static void add_word(char *to, size_t size, const char *word)
{
	size_t n = strlen(to);

	snprintf(to + n, size - n, "%s%s", n ? " " : "", word);
}

static void passes(const struct flow_path *path, const char *states)
{
	char got[200] = "";

	for (uint32_t i = 0; i < path->n; i++)
		add_word(got, sizeof(got), flow_state_name(path->state[i]));
	assert_string_equal(got, states);
}

static void done(struct story *s, const char *states)
{
	struct flow_case after;
	struct flow_path path;
	enum flow_refusal r = flow_act(&s->c, &s->g, &after, &path);

	if (r)
		fail_msg("%s: %s", flow_act_name(s->g.act), flow_refusal_id(r));
	passes(&path, states);
	s->c = after;
}

static void begin(struct story *s, bool presented, enum lane lane, int64_t due, const char *states)
{
	struct flow_path path;

	s->c = flow_begin(true, presented, lane, due, &path);
	passes(&path, states);
}

static void view(const struct story *s, const char *words)
{
	struct flow_view v = flow_public(&s->c, NOW);
	char got[200];

	snprintf(got, sizeof(got), "%s:", v.state);
	for (uint32_t i = 0; i < v.n; i++)
		add_word(got, sizeof(got), v.next[i]);
	assert_string_equal(got, words);
}

static void test_green_goes_by_itself(void **state)
{
	struct story s;

	(void)state;
	begin(&s, true, LANE_GREEN, 0, "accepted released");
	view(&s, "released: take-goods");
	assert_true(s.c.notified);
	next(&s, ACT_EXIT, "carl", ROLE_CARRIER);
	done(&s, "exited");
	view(&s, "exited:");

	begin(&s, false, LANE_BLUE, DUE, "lodged");
	view(&s, "accepted: present-goods pay");
	next(&s, ACT_PAY, "tom", ROLE_TRADER);
	done(&s, "");
	view(&s, "accepted: present-goods");
	next(&s, ACT_PRESENT, "carl", ROLE_CARRIER);
	done(&s, "accepted assessed paid released");

	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	view(&s, "assessed: pay");
	next(&s, ACT_PAY, "tom", ROLE_TRADER)->amount = 40;
	done(&s, "");
	assert_int_equal(s.c.paid, 40);
	next(&s, ACT_PAY, "tom", ROLE_TRADER)->amount = 60;
	done(&s, "paid released");
}

static void test_red_is_checked_examined_and_paid(void **state)
{
	struct story s;

	(void)state;
	begin(&s, false, LANE_RED, DUE, "lodged");
	assert_false(s.c.notified);
	view(&s, "accepted: present-goods pay");
	next(&s, ACT_PRESENT, "tom", ROLE_TRADER);
	done(&s, "accepted selected");
	assert_true(s.c.notified);
	view(&s, "documents-required: present-documents pay");
	next(&s, ACT_ALLOCATE, "hub", ROLE_HUB)->who = SPAN("elsa");
	done(&s, "documents");
	next(&s, ACT_QUERY, "elsa", ROLE_OFFICER);
	done(&s, "queried");
	view(&s, "queried: reply pay");
	next(&s, ACT_REPLY, "tom", ROLE_TRADER);
	done(&s, "documents");
	next(&s, ACT_CHECK_DOCUMENTS, "elsa", ROLE_OFFICER);
	done(&s, "inspection");
	view(&s, "examination: present-goods-for-examination pay");
	next(&s, ACT_PAY, "tom", ROLE_TRADER);
	done(&s, "");
	next(&s, ACT_EXAMINE, "elsa", ROLE_OFFICER);
	done(&s, "assessed paid released");
	assert_int_equal(s.c.holds, 0);
}

static void test_an_irregularity_is_corrected_by_another_and_may_be_answered(void **state)
{
	struct story s;

	(void)state;
	begin(&s, true, LANE_RED, DUE, "accepted selected");
	next(&s, ACT_TAKE_OVER, "sue", ROLE_SUPERVISOR)->who = SPAN("elsa");
	done(&s, "documents");
	next(&s, ACT_CHECK_DOCUMENTS, "elsa", ROLE_OFFICER)->result = RESULT_IRREGULAR;
	done(&s, "");
	assert_true(s.c.irregular);
	assert_int_equal(s.c.holds & HOLDS_CONTROL, HOLDS_CONTROL);
	next(&s, ACT_CORRECT, "rolf", ROLE_OFFICER)->due = 150;
	s.g.lane = LANE_GREEN; /* a version never lowers the lane */
	done(&s, "");
	assert_int_equal(s.c.lane, LANE_RED);
	assert_int_equal(s.c.due, 150);
	assert_int_equal(s.c.version, 2);
	assert_int_equal(s.c.reply_by, NOW + 1);
	assert_span(s.c.reassessor, "rolf");
	assert_true(s.c.adverse);
	view(&s, "documents-required: present-documents pay reply-correction appeal");
	next(&s, ACT_REPLY_CORRECTION, "tom", ROLE_TRADER)->accepted = false;
	done(&s, "");
	assert_true(s.c.irregular);
	assert_int_equal(s.c.reply_by, 0);
	next(&s, ACT_CORRECT, "rolf", ROLE_OFFICER)->due = 130;
	done(&s, "");
	next(&s, ACT_LAPSE, "hub", ROLE_HUB)->at = NOW + 1;
	done(&s, "");
	assert_false(s.c.irregular);
	next(&s, ACT_RELEASE, "elsa", ROLE_OFFICER);
	done(&s, "assessed");
	next(&s, ACT_PAY, "tom", ROLE_TRADER)->amount = 130;
	done(&s, "paid released");

	next(&s, ACT_APPEAL, "tom", ROLE_TRADER);
	done(&s, "");
	view(&s, "released: take-goods");
	next(&s, ACT_DECIDE_APPEAL, "sue", ROLE_SUPERVISOR)->accepted = true;
	s.g.amount = 30;
	done(&s, "");
	assert_int_equal(s.c.due, 100);
	assert_int_equal(s.c.refund, 30);
	assert_int_equal(s.c.appeal, APPEAL_UPHELD);
	next(&s, ACT_APPROVE_REFUND, "cora", ROLE_CASHIER)->amount = 30;
	done(&s, "");
	assert_int_equal(s.c.paid, 100);
	assert_int_equal(s.c.refund, 0);
}

static void test_a_lower_lane_needs_two(void **state)
{
	struct story s;

	(void)state;
	begin(&s, true, LANE_RED, 0, "accepted selected");
	next(&s, ACT_REROUTE, "rolf", ROLE_OFFICER)->lane = LANE_YELLOW;
	done(&s, "");
	assert_int_equal(s.c.lane, LANE_RED);
	next(&s, ACT_CONFIRM_REROUTE, "sue", ROLE_SUPERVISOR);
	done(&s, "");
	assert_int_equal(s.c.lane, LANE_YELLOW);
	assert_int_equal(s.c.holds, HOLD_DOCUMENTS);
	next(&s, ACT_REROUTE, "rolf", ROLE_OFFICER)->lane = LANE_GREEN;
	done(&s, "");
	next(&s, ACT_REFUSE_REROUTE, "sue", ROLE_SUPERVISOR);
	done(&s, "");
	assert_int_equal(s.c.proposer.n, 0);
	assert_int_equal(s.c.lane, LANE_YELLOW);
	next(&s, ACT_REROUTE, "rolf", ROLE_OFFICER)->lane = LANE_BLUE;
	done(&s, "");
	next(&s, ACT_CONFIRM_REROUTE, "sue", ROLE_SUPERVISOR);
	done(&s, "released");

	/* raised at once, and a proposal of the old lane is void */
	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_REROUTE, "rolf", ROLE_OFFICER)->lane = LANE_YELLOW;
	done(&s, "selected");
	assert_true(s.c.notified);
	next(&s, ACT_REROUTE, "rolf", ROLE_OFFICER)->lane = LANE_GREEN;
	done(&s, "");
	next(&s, ACT_REROUTE, "sue", ROLE_SUPERVISOR)->lane = LANE_RED;
	done(&s, "");
	assert_int_equal(s.c.proposer.n, 0);
	assert_int_equal(s.c.holds, HOLD_DOCUMENTS | HOLD_INSPECTION | HOLD_PAYMENT);
}

static void test_a_change_is_made_or_asked_for(void **state)
{
	struct story s;

	(void)state;
	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_AMEND, "tom", ROLE_TRADER)->due = 0;
	done(&s, "released");
	assert_int_equal(s.c.version, 2);
	next(&s, ACT_ASK, "tom", ROLE_TRADER);
	done(&s, "");
	view(&s, "released: take-goods await-decision");
	next(&s, ACT_REFUSE, "rolf", ROLE_OFFICER);
	done(&s, "");
	assert_span(s.c.judge, "rolf");
	view(&s, "released: take-goods appeal");
	next(&s, ACT_ASK, "tom", ROLE_TRADER);
	done(&s, "");
	next(&s, ACT_GRANT, "rolf", ROLE_OFFICER)->due = 70;
	s.g.lane = LANE_RED; /* the goods are released: nothing is left to be controlled */
	done(&s, "");
	assert_int_equal(s.c.due, 70);
	assert_int_equal(s.c.holds, 0);
	assert_int_equal(s.c.request.n, 0);
	view(&s, "released: take-goods pay appeal");
	next(&s, ACT_PAY, "tom", ROLE_TRADER)->amount = 70;
	done(&s, "");
	next(&s, ACT_ASK, "tom", ROLE_TRADER)->cancels = true;
	done(&s, "");
	next(&s, ACT_GRANT, "rolf", ROLE_OFFICER)->applied = false;
	done(&s, "cancelled");
	assert_int_equal(s.c.refund, 70);
	view(&s, "cancelled: appeal");

	begin(&s, false, LANE_GREEN, DUE, "lodged");
	next(&s, ACT_AMEND, "tom", ROLE_TRADER)->lane = LANE_RED;
	done(&s, "");
	view(&s, "accepted: present-goods pay");
	assert_int_equal(s.c.holds & HOLDS_CONTROL, HOLDS_CONTROL);
	next(&s, ACT_CANCEL, "tom", ROLE_TRADER);
	done(&s, "cancelled");
	view(&s, "cancelled:");
}

static void test_security_stands_in_for_payment_until_its_day(void **state)
{
	struct story s, t;

	(void)state;
	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_SECURE, "cora", ROLE_CASHIER)->amount = DUE + 20;
	done(&s, "paid released");
	assert_true(s.c.provisional);
	view(&s, "released: take-goods pay");
	t = s;
	next(&s, ACT_LAPSE, "hub", ROLE_HUB)->at = NOW + 1;
	done(&s, "");
	assert_int_equal(s.c.paid, DUE);
	assert_int_equal(s.c.secured, 20);
	assert_false(s.c.provisional);
	next(&s, ACT_DISCHARGE, "cora", ROLE_CASHIER);
	done(&s, "");
	assert_int_equal(s.c.secured, 0);

	next(&t, ACT_PAY, "tom", ROLE_TRADER);
	done(&t, "");
	next(&t, ACT_DISCHARGE, "hub", ROLE_HUB);
	done(&t, "");
	assert_int_equal(t.c.secured_until, 0);
	assert_false(t.c.provisional);

	/* a correction may ask for more than both cover */
	begin(&s, true, LANE_YELLOW, DUE, "accepted selected");
	next(&s, ACT_SECURE, "cora", ROLE_CASHIER);
	done(&s, "");
	assert_int_equal(s.c.holds, HOLD_DOCUMENTS);
	next(&s, ACT_ALLOCATE, "hub", ROLE_HUB)->who = SPAN("elsa");
	done(&s, "documents");
	next(&s, ACT_CORRECT, "rolf", ROLE_OFFICER)->due = DUE + 1;
	done(&s, "");
	assert_int_equal(s.c.holds, HOLD_DOCUMENTS | HOLD_PAYMENT);
}

static void lapses(struct story *s, int64_t at, const char *states)
{
	next(s, ACT_LAPSE, "hub", ROLE_HUB)->at = at;
	done(s, states);
}

/* Yellow that nobody came to becomes blue; what somebody came to, or found, or what a version asks for anew, does not. */
static void test_time_ends_a_yellow_that_may_end(void **state)
{
	const int64_t day = INT64_C(86400000000);
	struct story s, t;
	struct flow_case after;
	struct flow_path path;

	(void)state;
	begin(&s, true, LANE_YELLOW, DUE, "accepted selected");
	flow_ease_after(&s.c, 3, NOW);
	assert_int_equal(s.c.eases_at, NOW + 3 * day);
	next(&s, ACT_LAPSE, "hub", ROLE_HUB)->at = NOW + 3 * day - 1;
	assert_int_equal(flow_act(&s.c, &s.g, &after, &path), REFUSED_DEADLINE_AHEAD);
	t = s;
	lapses(&s, NOW + 3 * day, "assessed");
	assert_int_equal(s.c.lane, LANE_BLUE);
	assert_int_equal(s.c.holds, HOLD_PAYMENT);
	assert_int_equal(s.c.eases_at, 0);

	/* the officer who raises it, a version that guards more, documents that are checked */
	s = t;
	next(&s, ACT_REROUTE, "olga", ROLE_OFFICER)->lane = LANE_RED;
	done(&s, "");
	assert_int_equal(s.c.eases_at, 0);
	s = t;
	s.c.notified = false;
	next(&s, ACT_AMEND, "tom", ROLE_TRADER)->ease_days = 3;
	done(&s, "");
	assert_int_equal(s.c.eases_at, NOW + 3 * day);
	s.c.notified = false;
	next(&s, ACT_AMEND, "tom", ROLE_TRADER);
	done(&s, "");
	assert_int_equal(s.c.eases_at, 0);
	s.c.notified = false;
	next(&s, ACT_AMEND, "tom", ROLE_TRADER)->ease_days =
	    3; /* what guarded more is not forgotten */
	done(&s, "");
	assert_int_equal(s.c.eases_at, 0);

	/* an examiner who found something, or asks */
	s = t;
	next(&s, ACT_ALLOCATE, "hub", ROLE_HUB)->who = SPAN("elsa");
	done(&s, "documents");
	t = s;
	next(&s, ACT_CHECK_DOCUMENTS, "elsa", ROLE_OFFICER)->result = RESULT_IRREGULAR;
	done(&s, "");
	lapses(&s, NOW + 4 * day, "");
	assert_int_equal(s.c.holds & HOLD_DOCUMENTS, HOLD_DOCUMENTS);
	next(&t, ACT_QUERY, "elsa", ROLE_OFFICER);
	done(&t, "queried");
	lapses(&t, NOW + 4 * day, "");
	next(&t, ACT_REPLY, "tom", ROLE_TRADER);
	done(&t, "documents");
	assert_int_equal(t.c.lane, LANE_YELLOW);
	assert_int_equal(t.c.eases_at, 0);
}

static void test_time_begins_when_the_goods_are_here(void **state)
{
	const int64_t day = INT64_C(86400000000);
	struct story s;

	(void)state;
	begin(&s, false, LANE_YELLOW, 0, "lodged");
	flow_ease_after(&s.c, 2, NOW);
	assert_int_equal(s.c.eases_at, 0);
	assert_int_equal(s.c.ease_days, 2);
	next(&s, ACT_PRESENT, "tom", ROLE_TRADER)->at = NOW + 7;
	s.g.applied = false;
	done(&s, "accepted selected");
	assert_int_equal(s.c.eases_at, NOW + 7 + 2 * day);
	lapses(&s, NOW + 7 + 2 * day, "released");
	/* of red nothing ends, of green there is nothing to end */
	begin(&s, true, LANE_RED, DUE, "accepted selected");
	flow_ease_after(&s.c, 2, NOW);
	assert_int_equal(s.c.eases_at + s.c.ease_days, 0);
}

static void test_holds_of_permits_and_agencies(void **state)
{
	struct story s;

	(void)state;
	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_PLACE_HOLD, "rolf", ROLE_OFFICER);
	done(&s, "accepted");
	next(&s, ACT_PLACE_HOLD, "anna", ROLE_AGENCY);
	done(&s, "");
	view(&s, "accepted: pay show-permit await-agency");
	next(&s, ACT_PAY, "tom", ROLE_TRADER);
	done(&s, "");
	next(&s, ACT_LIFT_HOLD, "rolf", ROLE_OFFICER);
	done(&s, "");
	next(&s, ACT_LIFT_HOLD, "anna", ROLE_AGENCY);
	done(&s, "assessed paid released");
}

static void test_detained_seized_given_back(void **state)
{
	struct story s, t;

	(void)state;
	begin(&s, true, LANE_RED, DUE, "accepted selected");
	next(&s, ACT_ALLOCATE, "hub", ROLE_HUB)->who = SPAN("elsa");
	done(&s, "documents");
	next(&s, ACT_QUERY, "elsa", ROLE_OFFICER);
	done(&s, "queried");
	next(&s, ACT_DETAIN, "rolf", ROLE_OFFICER);
	done(&s, "detained");
	view(&s, "detained: await-customs pay");
	next(&s, ACT_SEIZE, "sue", ROLE_SUPERVISOR);
	done(&s, "seized");
	view(&s, "seized: appeal");
	t = s;
	next(&s, ACT_RESTORE, "sue", ROLE_SUPERVISOR);
	done(&s, "documents");
	assert_int_equal(s.c.holds, HOLD_DOCUMENTS | HOLD_INSPECTION | HOLD_PAYMENT);
	next(&t, ACT_SELL, "sue", ROLE_SUPERVISOR);
	done(&t, "sold");
	assert_int_equal(t.c.due, 0);
	view(&t, "sold: appeal");

	/* released goods that were detained are released again, whatever is owed */
	begin(&s, true, LANE_GREEN, 0, "accepted released");
	next(&s, ACT_DETAIN, "rolf", ROLE_OFFICER);
	done(&s, "detained");
	next(&s, ACT_CORRECT, "rolf", ROLE_OFFICER)->due = 5;
	done(&s, "");
	assert_int_equal(s.c.holds, 0);
	next(&s, ACT_LIFT_DETENTION, "rolf", ROLE_OFFICER);
	done(&s, "released");

	/* paid while detained: released with the detention */
	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_DETAIN, "rolf", ROLE_OFFICER);
	done(&s, "detained");
	next(&s, ACT_PAY, "tom", ROLE_TRADER);
	done(&s, "");
	next(&s, ACT_LIFT_DETENTION, "rolf", ROLE_OFFICER);
	done(&s, "paid released");

	begin(&s, true, LANE_GREEN, DUE, "accepted assessed");
	next(&s, ACT_ABANDON, "tom", ROLE_TRADER);
	done(&s, "abandoned");
	view(&s, "abandoned:");
	next(&s, ACT_DESTROY, "sue", ROLE_SUPERVISOR);
	done(&s, "destroyed");
}

/* ---- the beginning, and lists ---- */

static void test_the_type_says_whether_the_goods_are_here(void **state)
{
	(void)state;
	assert_true(flow_type_is_presented(SPAN("IMA")));
	assert_true(flow_type_is_presented(SPAN("EXC")));
	assert_true(flow_type_is_presented(SPAN("IMZ")));
	assert_false(flow_type_is_presented(SPAN("IMD")));
	assert_false(flow_type_is_presented(SPAN("EXF")));
	assert_false(flow_type_is_presented(SPAN("IMK")));
	assert_false(flow_type_is_presented(SPAN("IM")));
	assert_false(flow_type_is_presented(SPAN("IMAA")));
	assert_false(flow_type_is_presented((struct span){0}));
}

static void test_a_rejected_declaration_has_no_life(void **state)
{
	struct flow_path path;
	struct story s = {.c = flow_begin(false, true, LANE_NONE, DUE, &path)};

	(void)state;
	passes(&path, "rejected");
	assert_int_equal(s.c.due, 0);
	view(&s, "rejected: correct");
	s.c = flow_begin(true, true, LANE_GREEN, 0, NULL);
	assert_int_equal(s.c.state, FLOW_RELEASED);
}

static void worklist(const struct flow_case *c, const char *by, unsigned roles, const char *want)
{
	enum flow_act acts[FLOW_ACTS];
	uint32_t n = flow_for_officer(c, span_of(by), roles, NOW, acts);
	char got[600] = "";

	for (uint32_t i = 0; i < n; i++)
		add_word(got, sizeof(got), flow_act_name(acts[i]));
	assert_string_equal(got, want);
}

static void test_a_worklist_holds_what_can_be_done(void **state)
{
	struct flow_case c = case_in(FLOW_DOCUMENTS);

	(void)state;
	worklist(&c, "elsa", ROLE_OFFICER,
		 "check-documents detain examine place-hold query release reroute secure");
	worklist(&c, "rolf", ROLE_OFFICER, "correct detain place-hold reroute secure");
	worklist(&c, "", ROLE_OFFICER,
		 "check-documents correct detain examine place-hold query release reroute secure");
	worklist(&c, "cora", ROLE_CASHIER, "pay secure");
	worklist(&c, "anna", ROLE_AGENCY, "place-hold");
	worklist(&c, "carl", ROLE_CARRIER, "");
	worklist(&c, "otto", ROLE_AUDITOR | ROLE_ANALYST | ROLE_ADMINISTRATOR, "");
	c.irregular = true;
	c.reassessor = SPAN("rolf");
	worklist(&c, "elsa", ROLE_OFFICER,
		 "check-documents close detain examine place-hold query reroute secure");
	c = case_in(FLOW_SEIZED);
	c.appeal = APPEAL_LODGED;
	c.judge = SPAN("sue");
	worklist(&c, "sue", ROLE_SUPERVISOR, "restore");
	worklist(&c, "saul", ROLE_SUPERVISOR, "decide-appeal restore");
	worklist(&c, "hub", ROLE_HUB, "allot");
	c.reply_by = NOW;
	worklist(&c, "hub", ROLE_HUB, "allot lapse");
}

static void test_names_lead_there_and_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FLOW_STATES; i++)
		assert_int_equal(flow_state_by_name(span_of(flow_state_name(i))), i);
	for (unsigned i = 0; i < FLOW_ACTS; i++) {
		assert_int_equal(flow_act_by_name(span_of(flow_act_name(i))), i);
		assert_true(strlen(flow_act_title(i)) > 0);
	}
	for (unsigned i = 0; i < FLOW_HOLDS; i++) {
		const char *name[FLOW_HOLDS];

		assert_int_equal(flow_holds(1u << i, name), 1);
		assert_int_equal(flow_hold_by_name(span_of(name[0])), 1u << i);
	}
	for (unsigned i = 0; i < FLOW_APPEALS; i++)
		assert_int_equal(flow_appeal_by_name(span_of(flow_appeal_name(i))), i);
	assert_int_equal(flow_state_by_name(SPAN("elsewhere")), FLOW_STATES);
	assert_int_equal(flow_act_by_name(SPAN("dance")), FLOW_ACTS);
	assert_int_equal(flow_hold_by_name(SPAN("hand")), 0);
	assert_int_equal(flow_appeal_by_name(SPAN("")), FLOW_APPEALS);
	assert_int_equal(flow_refusal_kind(REFUSED_SAME_JUDGE), REFUSAL_PERSON);
	for (unsigned i = 1; i < FLOW_REFUSALS; i++)
		for (unsigned j = 1; j < i; j++)
			assert_string_not_equal(flow_refusal_id(i), flow_refusal_id(j));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_table_speaks_of_what_there_is),
	    cmocka_unit_test(test_every_act_in_every_state_by_every_role),
	    cmocka_unit_test(test_nobody_and_nonsense_are_refused),
	    cmocka_unit_test(test_every_refusal_has_its_case),
	    cmocka_unit_test(test_green_goes_by_itself),
	    cmocka_unit_test(test_red_is_checked_examined_and_paid),
	    cmocka_unit_test(test_an_irregularity_is_corrected_by_another_and_may_be_answered),
	    cmocka_unit_test(test_a_lower_lane_needs_two),
	    cmocka_unit_test(test_a_change_is_made_or_asked_for),
	    cmocka_unit_test(test_security_stands_in_for_payment_until_its_day),
	    cmocka_unit_test(test_time_ends_a_yellow_that_may_end),
	    cmocka_unit_test(test_time_begins_when_the_goods_are_here),
	    cmocka_unit_test(test_holds_of_permits_and_agencies),
	    cmocka_unit_test(test_detained_seized_given_back),
	    cmocka_unit_test(test_the_type_says_whether_the_goods_are_here),
	    cmocka_unit_test(test_a_rejected_declaration_has_no_life),
	    cmocka_unit_test(test_a_worklist_holds_what_can_be_done),
	    cmocka_unit_test(test_names_lead_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
