/* hub: what an officer without a clearance for targeting reads of a decision. */
#include "risk_case.h"

#include "hub/targeting.h"

static const char rules[] = "rule OPEN \"For everybody\" from 2026-01-01 owner \"x\" when "
			    "item.commodity starts \"24\" then red because \"open\"\n"
			    "rule SECRET \"For a few\" from 2026-01-01 owner \"x\" secrecy "
			    "restricted when item.commodity starts \"24\" "
			    "then yellow 50% because \"whispered\" note \"look below the floor\"\n";

#define HEAD "{\"lane\":\"red\",\"score\":7,\"reasons\":["
#define OPEN                                                                                       \
	"{\"kind\":\"rule\",\"id\":\"OPEN\",\"lane\":\"red\",\"weight\":0,\"drawn\":true,"         \
	"\"text\":\"open\"}"
#define SECRET(id)                                                                                 \
	"{\"kind\":\"rule\",\"id\":\"" id                                                          \
	"\",\"lane\":\"yellow\",\"weight\":300,\"drawn\":true,\"text\":\"whispered\",\"note\":"    \
	"\"look below the floor\"}"
#define HIDDEN                                                                                     \
	"{\"kind\":\"rule\",\"id\":\"restricted\",\"lane\":\"yellow\",\"weight\":0,\"drawn\":"     \
	"true,"                                                                                    \
	"\"text\":\"a rule that only officers with a clearance for targeting may read\"}"
#define DRAW(values)                                                                               \
	"],\"draw\":{\"day\":\"2026-05-01\",\"values\":{" values                                   \
	"}},\"taxes\":[{\"amount\":\"1.00\"}]}"

struct reading {
	struct arena *arena;
	const struct ruleset *rules;
	const char *decision;
	struct span got;
};

static void read_inside(void *context)
{
	struct reading *r = context;

	r->got = targeting_for_officer(r->arena, span_of(r->decision), r->rules);
}

static void expect(struct risk_case *c, const struct ruleset *set, const char *decision,
		   const char *expected)
{
	struct reading r = {.arena = c->arena, .rules = set, .decision = decision};

	assert_int_equal(arena_run(c->arena, read_inside, &r), ERR_NONE);
	assert_int_equal(r.got.n, strlen(expected));
	assert_memory_equal(r.got.p, expected, r.got.n);
}

static void test_a_restricted_rule_says_its_lane_and_no_more(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_int_equal(risk_case_compile(c, rules), ERR_NONE);
	expect(c, c->rules,
	       HEAD OPEN "," SECRET("SECRET")
		   DRAW("\"SECRET\":\"00\",\"random\":\"01\",\"rate:red\":\"02\""),
	       HEAD OPEN "," HIDDEN DRAW("\"random\":\"01\",\"rate:red\":\"02\""));
	/* A draw that it missed is a word of it, too. */
	expect(c, c->rules, HEAD OPEN DRAW("\"SECRET\":\"00\""), HEAD OPEN DRAW(""));
}

static void test_a_rule_that_nobody_knows_any_more_is_restricted(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_int_equal(risk_case_compile(c, rules), ERR_NONE);
	expect(c, c->rules, HEAD SECRET("RETIRED") DRAW(""), HEAD HIDDEN DRAW(""));
	expect(
	    c, NULL, HEAD OPEN "," SECRET("SECRET") DRAW("\"random\":\"01\""),
	    HEAD
	    "{\"kind\":\"rule\",\"id\":\"restricted\",\"lane\":\"red\",\"weight\":0,\"drawn\":true,"
	    "\"text\":\"a rule that only officers with a clearance for targeting may "
	    "read\"}," HIDDEN DRAW("\"random\":\"01\""));
}

static void test_what_holds_no_secret_comes_as_it_is(void **state)
{
	static const char *const same[] = {
	    HEAD OPEN DRAW("\"random\":\"01\",\"OPEN\":\"02\""),
	    HEAD "{\"kind\":\"random\",\"id\":\"random\",\"lane\":\"red\"}" DRAW(""),
	    "{\"draw\":null,\"reasons\":[]}",
	    "no decision",
	    "",
	};
	struct risk_case *c = risk_case(state);

	assert_int_equal(risk_case_compile(c, rules), ERR_NONE);
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		expect(c, c->rules, same[i], same[i]);
}

static void test_who_is_cleared(void **state)
{
	(void)state;
	assert_true(targeting_cleared(&(struct who){.roles = ROLE_AUDITOR}));
	assert_true(targeting_cleared(&(struct who){.roles = ROLE_OFFICER | ROLE_ANALYST}));
	assert_false(targeting_cleared(&(struct who){.roles = ROLE_OFFICER | ROLE_SUPERVISOR}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_a_restricted_rule_says_its_lane_and_no_more),
	    arena_test(test_a_rule_that_nobody_knows_any_more_is_restricted),
	    arena_test(test_what_holds_no_secret_comes_as_it_is),
	    cmocka_unit_test(test_who_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
