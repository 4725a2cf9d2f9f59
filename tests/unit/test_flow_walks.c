/* Long random lives of cases, the same on every machine: what must hold after every act, which states follow which, that
 * no case is ever stuck, and that a trader never sees a difference that it may not see. */
#include <stdio.h>

#include "base/prng.h"

#include "flow_case.h"

enum { WALKS = 8000, STEPS = 100, SEED = 20261122 };

static const char *const officers[] = {"elsa", "emil", "rolf", "sue"};

static struct span any_officer(struct prng *r)
{
	return span_of(officers[prng_below(r, ARRAY_LEN(officers))]);
}

static bool chance(struct prng *r, uint32_t per_cent)
{
	return prng_chance(r, per_cent * 10000);
}

/* Most is done by officers. */
static unsigned any_role(struct prng *r)
{
	if (chance(r, 60))
		return chance(r, 80) ? ROLE_OFFICER : ROLE_SUPERVISOR;
	return 1u << prng_below(r, ROLES);
}

/* Acts after which little happens: seldom done, or every walk would be short. */
static bool is_last_word(enum flow_act a)
{
	return a == ACT_ABANDON || a == ACT_CANCEL || a == ACT_DESTROY || a == ACT_EXIT ||
	       a == ACT_SEIZE || a == ACT_SELL;
}

/* Mostly one that can be done, or else any: so that a walk gets somewhere, and is refused often enough. */
static enum flow_act any_kind(struct prng *r, const struct flow_case *c, struct span by,
			      unsigned role, int64_t at)
{
	enum flow_act can[FLOW_ACTS];
	uint32_t n = flow_for_officer(c, by, role, at, can);
	enum flow_act act;

	do {
		act = n && chance(r, 80) ? can[prng_below(r, n)]
					 : (enum flow_act)prng_below(r, FLOW_ACTS);
	} while (is_last_word(act) && !chance(r, 3));
	return act;
}

static int64_t any_amount(struct prng *r, const struct flow_case *c, enum flow_act act)
{
	int64_t unpaid = c->due > c->paid ? c->due - c->paid : 0;

	if (act == ACT_APPROVE_REFUND)
		return c->refund;
	if (act == ACT_DECIDE_APPEAL)
		return chance(r, 50) ? prng_between(r, 0, c->due) : 0;
	return chance(r, 60) ? unpaid : prng_between(r, -1, 120);
}

/* Customs rarely calls in an agency: else most lives would wait for one, and what is rare would not be seen. */
static bool calls_in(enum flow_act act, unsigned role)
{
	return act == ACT_PLACE_HOLD && role != ROLE_AGENCY && role != ROLE_HUB;
}

static unsigned any_hold(struct prng *r, enum flow_act act, unsigned role)
{
	if (chance(r, 90))
		return chance(r, 50) && !calls_in(act, role) ? HOLD_AGENCY : HOLD_PERMIT;
	return 1u << prng_below(r, FLOW_HOLDS);
}

/* Mostly sensible values, now and then none. One statement a draw: the order within an initialiser is the compiler's, and each
 * would walk ways of its own. */
static struct flow_do any_act(struct prng *r, const struct flow_case *c, int64_t at)
{
	struct flow_do g = {.at = at, .request = SPAN("R1")};

	g.roles = any_role(r);
	g.by = chance(r, 40) && c->examiner.n ? c->examiner : any_officer(r);
	g.act = any_kind(r, c, g.by, g.roles, at);
	if (chance(r, 95))
		g.reason = SPAN("because");
	if (chance(r, 95))
		g.code = SPAN("V1");
	g.who = any_officer(r);
	g.cancels = chance(r, 5);
	g.result = chance(r, 60) ? RESULT_CLEAN : (enum flow_result)prng_below(r, 3);
	g.lane = (enum lane)prng_below(r, LANE_RED + 1);
	g.hold = any_hold(r, g.act, g.roles);
	g.amount = any_amount(r, c, g.act);
	g.until = at + prng_between(r, 0, 20);
	g.accepted = chance(r, 50);
	g.applied = chance(r, 95);
	g.version = c->version + prng_between(r, 0, 2);
	if (chance(r, 80))
		g.due = prng_between(r, 0, 120);
	return g;
}

static struct flow_case any_case(struct prng *r, struct flow_path *path)
{
	const bool presented = chance(r, 50);
	const enum lane lane = (enum lane)prng_between(r, LANE_GREEN, LANE_RED);

	return flow_begin(true, presented, lane, chance(r, 70) ? DUE : 0, path);
}

/* Acts that say goods or papers are clean, by whom the case was given to. */
static bool is_result(const struct flow_do *g, const struct flow_case *before)
{
	return (g->act == ACT_RELEASE ||
		((g->act == ACT_CHECK_DOCUMENTS || g->act == ACT_EXAMINE) &&
		 g->result == RESULT_CLEAN)) &&
	       span_equal(g->by, before->examiner) && !before->irregular;
}

static bool is_second_person(const struct flow_do *g, const struct flow_case *before)
{
	return g->act == ACT_CONFIRM_REROUTE && before->proposer.n &&
	       !span_equal(g->by, before->proposer);
}

static bool passed(const struct flow_path *path, enum flow_state s)
{
	for (uint32_t i = 0; i < path->n; i++)
		if (path->state[i] == s)
			return true;
	return false;
}

static void check_control(const struct flow_case *before, const struct flow_do *g,
			  const struct flow_case *after)
{
	unsigned dropped = before->holds & ~after->holds & HOLDS_CONTROL;
	bool over = flow_state_ends(after->state);

	if (after->lane < before->lane)
		assert_true(is_second_person(g, before));
	if (dropped && !over)
		assert_true(is_result(g, before) || is_second_person(g, before));
	if (dropped & HOLD_INSPECTION && !over && g->act == ACT_CHECK_DOCUMENTS)
		fail_msg("a check of documents passed goods");
	if (after->presented && after->holds & HOLDS_CONTROL)
		assert_true(after->notified);
	assert_true(after->notified >= before->notified);
	assert_true(after->presented >= before->presented);
	if (after->irregular)
		assert_true(after->state != FLOW_RELEASED || before->irregular);
}

static void check_money(const struct flow_case *before, const struct flow_do *g,
			const struct flow_case *after, const struct flow_path *path)
{
	assert_true(after->due >= 0 && after->paid >= 0 && after->secured >= 0);
	assert_int_equal(after->refund, after->paid > after->due ? after->paid - after->due : 0);
	if (after->paid < before->paid) {
		assert_int_equal(g->act, ACT_APPROVE_REFUND);
		assert_false(span_equal(g->by, before->examiner));
		assert_false(span_equal(g->by, before->reassessor));
		assert_false(span_equal(g->by, before->judge));
	}
	/* newly released: everything is paid or secured */
	if (passed(path, FLOW_RELEASED) && before->behind != FLOW_RELEASED)
		assert_true(after->due - after->paid <= after->secured);
	if (passed(path, FLOW_PAID))
		assert_true(passed(path, FLOW_RELEASED) && after->due > 0);
}

static void check_act(const struct flow_case *before, const struct flow_do *g,
		      const struct flow_case *after, const struct flow_path *path)
{
	assert_true(path->n <= FLOW_PASSED);
	assert_true(after->state < FLOW_STATES && after->state != FLOW_PAID);
	assert_int_equal(path->n == 0, before->state == after->state);
	if (path->n)
		assert_int_equal(path->state[path->n - 1], after->state);
	if (after->state == FLOW_RELEASED || flow_state_ends(after->state))
		assert_int_equal(after->holds, 0);
	if (after->examiner.n && after->reassessor.n)
		assert_false(span_equal(after->examiner, after->reassessor));
	assert_true(after->version >= before->version);
	if (after->version > before->version)
		assert_true(g->act == ACT_AMEND || g->act == ACT_CORRECT || g->act == ACT_GRANT ||
			    g->act == ACT_PRESENT || g->act == ACT_ALLOT);
	if (g->roles & (ROLE_TRADER | ROLE_BROKER) && before->notified)
		assert_int_equal(after->version, before->version);
	if (flow_state_ends(before->state) && before->state != FLOW_ABANDONED)
		assert_int_equal(after->state, before->state);
	check_control(before, g, after);
	check_money(before, g, after, path);
}

/* ---- which states follow which ---- */

/* Drawn by hand: after the colon what may follow. Ends that nothing follows are not listed. */
static const char *const follow[] = {
    "abandoned:destroyed sold",
    "accepted:assessed selected documents inspection released abandoned cancelled detained seized",
    "assessed:accepted selected documents inspection paid released abandoned cancelled detained "
    "seized",
    "detained:accepted selected documents inspection assessed paid released abandoned cancelled "
    "seized",
    "documents:accepted inspection assessed released queried abandoned cancelled detained seized",
    "inspection:accepted assessed released queried abandoned cancelled detained seized",
    "lodged:accepted cancelled",
    "paid:released",
    "queried:accepted documents inspection assessed released abandoned cancelled detained seized",
    "released:exited cancelled detained seized",
    "seized:accepted selected documents inspection assessed paid released destroyed sold",
    "selected:accepted documents assessed released abandoned cancelled detained seized",
};

static bool seen[FLOW_STATES][FLOW_STATES];

static void see(enum flow_state from, const struct flow_path *path)
{
	for (uint32_t i = 0; i < path->n; i++) {
		if (from != FLOW_STATES)
			seen[from][path->state[i]] = true;
		from = path->state[i];
	}
}

static bool may_follow(const char *from, const char *to)
{
	for (size_t i = 0; i < ARRAY_LEN(follow); i++) {
		struct span list = span_of(follow[i]);

		if (!span_is(span_cut(&list, ':'), from))
			continue;
		while (list.n)
			if (span_is(span_cut(&list, ' '), to))
				return true;
	}
	return false;
}

/* ---- no case is stuck ---- */

/* What people of good will do next, by whom, so that the goods leave. */
static struct flow_do towards_exit(const struct flow_case *c)
{
	struct flow_do g = act_of(FLOW_ACTS, ~0u);
	enum flow_act act = ACT_RELEASE;

	g.by = c->examiner.n ? c->examiner : SPAN("xena");
	if (c->state == FLOW_LODGED)
		act = ACT_PRESENT;
	else if (c->state == FLOW_QUERIED)
		act = ACT_WITHDRAW_QUERY;
	else if (c->state == FLOW_DETAINED)
		act = ACT_LIFT_DETENTION;
	else if (c->state == FLOW_SEIZED)
		act = ACT_RESTORE;
	else if (c->state == FLOW_RELEASED)
		act = ACT_EXIT;
	else if (c->state == FLOW_SELECTED)
		act = ACT_ALLOCATE;
	else if (c->state == FLOW_ACCEPTED)
		act = ACT_LIFT_HOLD;
	else if (c->state == FLOW_ASSESSED)
		act = ACT_PAY;
	else if (c->reply_by)
		act = ACT_LAPSE;
	else if (c->irregular)
		act = ACT_CLOSE;
	g.act = act;
	g.at = c->reply_by > NOW ? c->reply_by : NOW;
	g.who = SPAN("xena");
	g.version = c->version + 1;
	g.hold = c->holds & HOLD_PERMIT ? HOLD_PERMIT : HOLD_AGENCY;
	g.amount = c->due > c->paid ? c->due - c->paid : 0;
	return g;
}

static void check_exit_is_near(const struct flow_case *from)
{
	struct flow_case c = *from, after;
	struct flow_path path;

	for (unsigned i = 0; i < 12 && !flow_state_ends(c.state); i++) {
		struct flow_do g = towards_exit(&c);
		enum flow_refusal why = flow_act(&c, &g, &after, &path);

		if (why)
			fail_msg("stuck in %s: %s: %s", flow_state_name(c.state),
				 flow_act_name(g.act), flow_refusal_id(why));
		c = after;
	}
	assert_true(flow_state_ends(c.state));
	if (!flow_state_ends(from->state))
		assert_int_equal(c.state, FLOW_EXITED);
}

/* ---- the walks ---- */

static void walk(uint64_t number)
{
	struct prng r = prng_of(SEED, number);
	struct flow_path path;
	struct flow_case c = any_case(&r, &path);

	see(FLOW_STATES, &path);
	for (unsigned i = 0; i < STEPS; i++) {
		struct flow_do g = any_act(&r, &c, NOW + i);
		struct flow_case after;

		if (flow_act(&c, &g, &after, &path)) {
			assert_true(same_case(&c, &after));
			assert_int_equal(path.n, 0);
			continue;
		}
		check_act(&c, &g, &after, &path);
		check_exit_is_near(&after);
		see(c.state, &path);
		c = after;
	}
}

static void test_every_life_keeps_the_laws_and_the_graph(void **state)
{
	(void)state;
	for (uint64_t w = 0; w < WALKS; w++)
		walk(w);
	for (unsigned from = 0; from < FLOW_STATES; from++)
		for (unsigned to = 0; to < FLOW_STATES; to++)
			if (seen[from][to] !=
			    may_follow(flow_state_name(from), flow_state_name(to)))
				fail_msg("%s -> %s: %s", flow_state_name(from), flow_state_name(to),
					 seen[from][to] ? "not drawn" : "never seen");
}

/* ---- what a trader sees ---- */

static bool same_view(const struct flow_case *a, const struct flow_case *b)
{
	struct flow_view v = flow_public(a, NOW), w = flow_public(b, NOW);

	if (strcmp(v.state, w.state) != 0 || v.n != w.n)
		return false;
	for (uint32_t i = 0; i < v.n; i++)
		if (strcmp(v.next[i], w.next[i]) != 0)
			return false;
	return true;
}

/* Two cases, begun in two lanes, to which the same is done. Until `apart` says that they may differ, a trader sees no
 * difference, in what it is told or in what it is refused. */
static void walk_as_twins(uint64_t number, enum lane one, enum lane other, bool presented,
			  bool (*apart)(const struct flow_case *))
{
	struct prng r = prng_of(SEED + 1, number);
	struct flow_path p, q;
	struct flow_case a = flow_begin(true, presented, one, DUE, &p),
			 b = flow_begin(true, presented, other, DUE, &q);

	for (unsigned i = 0; i < STEPS && !apart(&a) && !apart(&b); i++) {
		struct flow_do g = any_act(&r, &a, NOW + i);
		struct flow_case c = a, d = b;
		enum flow_refusal m, n;

		assert_true(same_view(&a, &b));
		if (g.act == ACT_REROUTE || g.act == ACT_CONFIRM_REROUTE)
			continue;
		m = flow_act(&c, &g, &a, &p);
		n = flow_act(&d, &g, &b, &q);
		if (g.roles & (ROLE_TRADER | ROLE_BROKER))
			assert_int_equal(m, n);
		if (apart(&a) || apart(&b))
			return;
		assert_int_equal(p.n, q.n);
		assert_memory_equal(p.state, q.state, p.n * sizeof(p.state[0]));
	}
}

static bool never(const struct flow_case *c)
{
	(void)c;
	return false;
}

static bool is_presented(const struct flow_case *c)
{
	return c->presented;
}

static void test_green_and_blue_look_alike(void **state)
{
	(void)state;
	for (uint64_t w = 0; w < 300; w++) {
		walk_as_twins(w, LANE_GREEN, LANE_BLUE, true, never);
		walk_as_twins(w, LANE_GREEN, LANE_BLUE, false, never);
	}
}

static void test_all_lanes_look_alike_before_the_goods_are_presented(void **state)
{
	(void)state;
	for (uint64_t w = 0; w < 300; w++)
		for (unsigned l = LANE_BLUE; l <= LANE_RED; l++)
			walk_as_twins(w, LANE_GREEN, (enum lane)l, false, is_presented);
}

/* Nor does a hold that a rule or an officer placed show before, or a proposal, the examiner or an irregularity ever. */
static void test_what_customs_does_is_not_seen(void **state)
{
	(void)state;
	for (unsigned s = 0; s < FLOW_STATES; s++) {
		struct flow_case c = case_in((enum flow_state)s), d = c;

		d.proposer = SPAN("paul");
		d.proposed = LANE_GREEN;
		d.examiner = SPAN("emil");
		d.irregular = true;
		d.lane = LANE_BLUE;
		assert_true(same_view(&c, &d));
	}
	for (unsigned holds = 0; holds < 1u << FLOW_HOLDS; holds++) {
		struct flow_case c = case_in(FLOW_LODGED), d = c;

		d.holds |= holds;
		assert_true(same_view(&c, &d));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_life_keeps_the_laws_and_the_graph),
	    cmocka_unit_test(test_green_and_blue_look_alike),
	    cmocka_unit_test(test_all_lanes_look_alike_before_the_goods_are_presented),
	    cmocka_unit_test(test_what_customs_does_is_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
