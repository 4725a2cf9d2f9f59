/* risk: what comes after the rules: draws that were missed, the time of officers, what time may end. */
#include "base/date.h"
#include "base/prng.h"
#include "risk_case.h"

/* The pack of the case, with more settings and a table of capacity. */
static struct risk_case *case_with(void **state, const char *settings, const char *capacity)
{
	struct risk_case *c = risk_case(state);

	for (uint32_t i = 0; i < c->pack.n; i++)
		if (span_is(c->pack.files[i].name, "pack.csv"))
			c->pack.files[i].bytes = test_copy(
			    c->arena, arena_print(c->arena, "%.*s%s",
						  SPAN_ARG(c->pack.files[i].bytes), settings));
	if (capacity)
		test_pack_set(&c->pack, "capacity.csv", capacity);
	c->pack.archive[PACK_TABLES] = (struct span){0};
	c->ref = test_pack_good(&c->pack);
	/* half past eight on a Friday, where the clock is three and a half hours behind */
	assert_int_equal(moment_parse(SPAN("2026-05-01T12:00:00Z"), &c->facts.received_at), 0);
	return c;
}

/* ---- draws that were missed ---- */

#define RULE(id, clauses, then)                                                                    \
	"rule " id " \"r\" from 2026-01-01 owner \"us\" " clauses                                  \
	" when declaration.items > 0 then " then " because \"y\"\n"

static void test_many_that_missed(void **state)
{
	struct risk_case *c = case_with(state, "selection_missed_hits,2\n", NULL);

	risk_case_good(c, RULE("A", "", "yellow 10%") RULE("B", "", "blue 10%"));
	assert_string_equal(risk_case_says(c), "green 0; rule A none 0; rule B none 0");
	/* a case that has draws, all of them outside */
	risk_case_draw(c, "A", 999999);
	assert_string_equal(risk_case_says(c),
			    "yellow 0; rule A none 0; rule B none 0; missed missed yellow 0");
	/* what is selected already needs no more */
	risk_case_draw(c, "B", 1);
	assert_string_equal(risk_case_says(c), "blue 0; rule A none 0; rule B blue 0 drawn");
	c->facts.draws.n = 0;
	risk_case_draw(c, "A", 999999);
	risk_case_good(c, RULE("A", "", "yellow 10%"));
	assert_string_equal(risk_case_says(c), "green 0; rule A none 0");
}

/* One rule that hits two items is one. */
static void test_a_rule_misses_once(void **state)
{
	struct risk_case *c = case_with(state, "selection_missed_hits,2\n", NULL);

	c->d.shipment.items.n = 2;
	c->items[0].commodity.net_mass.value = c->items[1].commodity.net_mass.value = number("1");
	risk_case_draw(c, "A", 999999);
	risk_case_when(c, "item.net_mass = 1", "red 10%");
	assert_string_equal(risk_case_says(c), "green 0; rule A/0 none 0; rule A/1 none 0");
}

/* ---- the time of officers ---- */

#define CAPACITY                                                                                   \
	"office,weekdays,first_hour,last_hour,minutes,yellow_minutes,red_minutes,worth,from,to,"   \
	"source\n"                                                                                 \
	"XT001,5,8,8,60,10,40,6,2026-01-01,,test\n"                                                \
	"*,12345,8,16,30,10,40,0,2026-01-01,,test\n"

static const struct capacity_row {
	const char *name, *purpose, *then;
	int64_t taken, due;
	enum lane want;
} rows[] = {
    {"an hour that is free", "purpose revenue", "red weight 500", 0, 0, LANE_RED},
    {"what fits and is worth it", "purpose revenue", "red weight 500", 20, 160000, LANE_RED},
    /* 20 of 60 taken: a minute must be worth 2; 159.998 * 500 / 1000 / 40 is less; ten minutes must bring 20 */
    {"fits and is not", "purpose revenue", "red weight 500", 20, 159998, LANE_YELLOW},
    {"nor is the less", "purpose revenue", "red weight 500", 20, 39998, LANE_BLUE},
    {"no time for so much", "purpose revenue", "red weight 500", 21, 9000000, LANE_YELLOW},
    {"no time at all", "purpose revenue", "red weight 1000", 51, 9000000, LANE_BLUE},
    {"more was asked than there is", "purpose revenue", "yellow weight 1000", 600, 9000000,
     LANE_BLUE},
    {"harm is worth its weight", "purpose revenue", "red weight 500 harm 160", 20, 0, LANE_RED},
    {"and not more", "purpose revenue", "red weight 500 harm 159", 20, 0, LANE_YELLOW},
    {"blue takes no time", "purpose revenue", "blue", 600, 0, LANE_BLUE},
    {"safety stands", "purpose safety", "red", 600, 0, LANE_RED},
    {"so do prohibitions", "purpose prohibition", "red", 600, 0, LANE_RED},
    {"and sanctions", "purpose sanctions", "yellow", 600, 0, LANE_YELLOW},
    {"and agencies", "purpose agency", "red", 600, 0, LANE_RED},
    {"and what does not say", "", "red", 600, 0, LANE_RED},
};

static void test_capacity(void **state)
{
	struct risk_case *c = case_with(state, "", CAPACITY);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct capacity_row *r = &rows[i];

		risk_case_good(c, arena_print(c->arena,
					      "rule A \"a\" from 2026-01-01 owner \"us\" %s when "
					      "declaration.items > 0 then %s because \"y\"\n",
					      r->purpose, r->then));
		c->facts.hour_taken = r->taken;
		c->assessed.total_due.minor = r->due;
		if (risk_case_select(c)->lane != r->want)
			fail_msg("%s: %s", r->name, risk_case_says(c));
	}
}

static void test_capacity_is_said(void **state)
{
	struct risk_case *c = case_with(state, "", CAPACITY);

	risk_case_good(c, RULE("A", "purpose revenue", "red weight 500"));
	c->facts.hour_taken = 20;
	c->assessed.total_due.minor = 80000;
	assert_string_equal(risk_case_says(c),
			    "yellow 500; rule A red 500; capacity capacity yellow 0");
	assert_span(c->got.reasons.v[1].text,
		    "Of 60 minutes of officers in this hour 20 are taken; red takes 40, and each "
		    "would be worth 1.000 where 2.000 is asked.");
}

static void test_capacity_of_hours(void **state)
{
	struct risk_case *c = case_with(state, "", CAPACITY);
	int64_t hour;

	c->facts.hour_taken = 30;
	assert_int_equal(risk_capacity(c->ref, &c->facts, &hour)->minutes, 60);
	/* 2026-05-01, 8 o'clock in the country, by its clock */
	assert_int_equal(hour, (int64_t)test_day("2026-05-01") * 24 + 8);
	c->facts.received_at += MICROS_AN_HOUR / 2;
	assert_int_equal(risk_capacity(c->ref, &c->facts, &hour)->minutes, 30);
	c->facts.office = SPAN("XT002");
	c->facts.received_at -= MICROS_AN_HOUR;
	assert_int_equal(risk_capacity(c->ref, &c->facts, &hour)->minutes, 30);
	c->facts.received_at -= 1; /* before eight */
	assert_null(risk_capacity(c->ref, &c->facts, &hour));
	c->facts.received_at += MICROS_A_DAY; /* Saturday */
	assert_null(risk_capacity(c->ref, &c->facts, &hour));
	c->facts.received_at = -1; /* Wednesday, 1969-12-31, 20:29 */
	assert_null(risk_capacity(c->ref, &c->facts, &hour));
	assert_int_equal(hour, -4);
	c->facts.received_at -= 4 * MICROS_AN_HOUR;
	assert_int_equal(risk_capacity(c->ref, &c->facts, &hour)->minutes, 30);
}

/* ---- properties, on random sets of rules ---- */

static const char *const purposes[] = {"",
				       "purpose revenue",
				       "purpose safety",
				       "purpose prohibition",
				       "purpose sanctions",
				       "purpose agency"};
static const enum lane lanes[] = {LANE_BLUE, LANE_YELLOW, LANE_RED};

struct world {
	enum lane guarded,
	    all; /* the most that rules ask for that may not give way; that any asks for */
	bool random;
};

static struct world random_world(struct risk_case *c, struct prng *r)
{
	struct text rules = text_in(c->arena);
	struct world w = {LANE_GREEN, LANE_GREEN, prng_between(r, 0, 9) == 0};
	int64_t n = prng_between(r, 0, 4);

	for (int64_t i = 0; i < n; i++) {
		int64_t purpose = prng_between(r, 0, 11);
		enum lane lane = lanes[prng_between(r, 0, 2)];

		purpose = purpose < (int64_t)ARRAY_LEN(purposes) ? purpose : 1;
		text_print(&rules,
			   "rule R%d \"r\" from 2026-01-01 owner \"u\" %s when declaration.items > "
			   "0 then %s weight %d harm %d because \"y\"\n",
			   (int)i, purposes[purpose], lane_name(lane),
			   (int)prng_between(r, 0, 1000), (int)prng_between(r, 0, 3000));
		w.all = lane > w.all ? lane : w.all;
		if (purpose != 1)
			w.guarded = lane > w.guarded ? lane : w.guarded;
	}
	text_char(&rules, '\0');
	risk_case_good(c, rules.p);
	c->facts.draws.n = 0;
	if (w.random) {
		risk_case_draw(c, "random", 1);
		w.guarded = w.all = LANE_RED;
	}
	c->facts.hour_taken = prng_between(r, 0, 90);
	c->assessed.total_due.minor = prng_between(r, 0, 2000000);
	return w;
}

/* What may not give way never does; what gives way goes to the time there is; less taken never means less control. */
static void test_capacity_touches_nothing_else(void **state)
{
	struct prng r = prng_of(7, 0);
	int lowered = 0;

	for (int i = 0; i < 400; i++) {
		struct risk_case *c = case_with(state, "yellow_to_blue_days,3\n", CAPACITY);
		struct world w = random_world(c, &r);
		enum lane lane = risk_case_select(c)->lane, freer;
		int64_t hour, takes;

		assert_true(lane >= w.guarded && lane <= w.all);
		lowered += lane < w.all;
		assert_true(lane == w.all || lane >= LANE_BLUE);
		/* nothing that guards more than revenue ends with time, nor what was drawn at random */
		assert_int_equal(c->got.ease_days,
				 lane == LANE_YELLOW && w.guarded <= LANE_BLUE ? 3 : 0);
		takes = risk_capacity(c->ref, &c->facts, &hour)->control[lane];
		if (lane > w.guarded)
			assert_true(c->facts.hour_taken + takes <= 60 || !takes);
		c->facts.hour_taken = c->facts.hour_taken / 2;
		freer = risk_case_select(c)->lane;
		assert_true(freer >= lane);
		arena_reset(*state);
	}
	assert_true(lowered > 40);
}

/* ---- what time may end ---- */

static void test_what_time_may_end(void **state)
{
	struct risk_case *c = case_with(state, "yellow_to_blue_days,3\n", NULL);

	risk_case_good(c, RULE("A", "purpose revenue", "yellow"));
	assert_int_equal(risk_case_select(c)->ease_days, 3);
	c->facts.lane_before = LANE_YELLOW;
	assert_int_equal(risk_case_select(c)->ease_days, 3);
	/* the version before asked for it, and nobody knows why */
	risk_case_good(c, RULE("A", "purpose revenue", "blue"));
	assert_string_equal(risk_case_says(c), "yellow 0; rule A blue 0; before yellow yellow 0");
	assert_int_equal(c->got.ease_days, 0);
	c->facts.lane_before = LANE_NONE;
	risk_case_good(c, RULE("A", "purpose revenue", "red"));
	assert_int_equal(risk_case_select(c)->ease_days, 0);
	risk_case_good(c, RULE("A", "purpose revenue", "yellow") RULE("B", "", "yellow"));
	assert_int_equal(risk_case_select(c)->ease_days, 0);
	risk_case_good(c, RULE("A", "purpose revenue", "yellow") RULE("B", "", "blue"));
	assert_int_equal(risk_case_select(c)->ease_days, 3);
	risk_case_good(c, "");
	risk_case_draw(c, "rate:yellow", 0);
	assert_string_equal(risk_case_says(c), "yellow 0; rate rate:yellow yellow 0 drawn");
	assert_int_equal(c->got.ease_days, 0);
}

static void test_nothing_is_on_by_itself(void **state)
{
	struct risk_case *c = case_with(state, "", NULL);

	c->facts.hour_taken = 1000000;
	risk_case_draw(c, "A", 999999);
	risk_case_good(c, RULE("A", "purpose revenue", "yellow") RULE("B", "", "red 1%"));
	assert_string_equal(risk_case_says(c), "yellow 0; rule A yellow 0; rule B none 0");
	assert_int_equal(c->got.ease_days, 0);
}

/* ---- faults ---- */

static void test_faults(void **state)
{
	struct risk_case *c = risk_case(state);
	struct test_pack p;

	assert_int_equal(risk_case_compile(c, RULE("A", "purpose money", "red")), ERR_FORMAT);
	assert_int_equal(risk_case_compile(c, RULE("A", "", "red harm -1")), ERR_FORMAT);
	assert_int_equal(risk_case_compile(c, RULE("A", "", "red harm 1.5")), ERR_FORMAT);
	assert_int_equal(risk_case_compile(c, RULE("A", "", "red harm")), ERR_FORMAT);
	risk_case_good(c, RULE("A", "purpose sanctions", "red weight 1 harm 1000000000"));
	assert_int_equal(risk_rule_find(c->rules, SPAN("A"))->harm, 1000000000);
	p = test_pack(*state, "tiny");
	test_pack_set(&p, "capacity.csv",
		      "office,weekdays,first_hour,last_hour,minutes,yellow_minutes,red_minutes,"
		      "worth,from,to,source\n"
		      "XT009,1238,9,8,60,10,40,6,2026-01-01,,test\n"
		      "XT001,1,9,24,60,0,40,6,2026-01-01,,test\n");
	assert_int_equal(test_pack_load(&p), ERR_FORMAT);
	assert_string_equal(
	    test_pack_faults(&p).p,
	    "capacity.csv:2:1: office.unknown: there is no office \"XT009\"\n"
	    "capacity.csv:2:7: capacity.weekdays: days of the week are written as "
	    "their numbers, 12345 for Monday to Friday\n"
	    "capacity.csv:2:14: capacity.hours: the last hour comes before the first\n"
	    "capacity.csv:3:11: field.range: last_hour 24 must lie in 0 to 23\n"
	    "capacity.csv:3:17: field.range: yellow_minutes 0 must lie in 1 to 10000\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_many_that_missed),
	    arena_test(test_a_rule_misses_once),
	    arena_test(test_capacity),
	    arena_test(test_capacity_is_said),
	    arena_test(test_capacity_of_hours),
	    arena_test(test_capacity_touches_nothing_else),
	    arena_test(test_what_time_may_end),
	    arena_test(test_nothing_is_on_by_itself),
	    arena_test(test_faults),
	};

	return cmocka_run_group_tests_name("risk_order", tests, NULL, NULL);
}
