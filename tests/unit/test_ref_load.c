/* ref: what a loaded pack answers, day by day (tests/golden/packs/tiny). */
#include "ref_pack.h"

static const struct refset *tiny(void **state)
{
	static struct test_pack p;

	p = test_pack(*state, "tiny");
	return test_pack_good(&p);
}

static void test_settings(void **state)
{
	const struct refset *r = tiny(state);

	assert_span(ref_country(r), "XT");
	assert_span(ref_currency(r), "XTD");
	assert_int_equal(ref_digits(r), 3);
	assert_int_equal(ref_zone_minutes(r), -210);
	assert_true(ref_values_cif(r));
	assert_span(ref_shard(r), "07");
	assert_int_equal(ref_random_ppm(r), 20000);
	assert_int_equal(ref_rounding(r), ROUND_HALF_EVEN);
	assert_span(ref_setting(r, "motto"), "small is enough");
	assert_int_equal(ref_setting(r, "nothing").n, 0);
}

struct seen {
	struct span code[8];
	uint32_t n;
};

static bool next_code(void *context, const struct ref_code *c)
{
	struct seen *s = context;

	s->code[s->n++] = c->code;
	return s->n < 3;
}

static void test_codes_by_day(void **state)
{
	const struct refset *r = tiny(state);
	int32_t before = test_day("2024-12-31"), after = test_day("2025-01-01");
	struct span list = SPAN("document_type");
	struct seen seen = {.n = 0};

	assert_true(ref_has_list(r, SPAN("country")));
	assert_true(ref_has_list(r, SPAN("office")));
	assert_false(ref_has_list(r, SPAN("incoterm")));
	assert_span(ref_code(r, list, SPAN("U001"), before)->name.en, "Proof of origin, old");
	assert_span(ref_code(r, list, SPAN("U001"), after)->name.en, "Proof of origin, \"new\"");
	assert_null(ref_code(r, list, SPAN("U001"), test_day("1999-12-31")));
	assert_null(ref_code(r, list, SPAN("U002"), after));
	assert_null(ref_code(r, SPAN("incoterm"), SPAN("FOB"), after));
	assert_null(ref_code(r, SPAN("country"), SPAN("OO"), after));
	assert_non_null(ref_code(r, SPAN("country"), SPAN("OO"), test_day("2019-12-31")));
	assert_int_equal(ref_code(r, SPAN("currency"), SPAN("BBB"), after)->digits, 0);
	assert_span(ref_code(r, SPAN("office"), SPAN("XT002"), after)->kind, "inland");
	ref_each_code(r, SPAN("document_type"), next_code, &seen);
	assert_int_equal(seen.n, 3);
	assert_span(seen.code[0], "N001");
	assert_span(seen.code[2], "U001");
	ref_each_code(r, SPAN("office"), next_code, &seen);
	assert_int_equal(seen.n, 4); /* stopped when told to */
}

static void must_rate_known(const struct refset *r, const char *currency, const char *day,
			    int32_t known, int64_t units, int64_t per)
{
	struct decimal rate;
	struct ref_dates dates;
	int64_t for_units;

	assert_int_equal(
	    ref_rate(r, span_of(currency), test_day(day), known, &rate, &for_units, &dates),
	    ERR_NONE);
	assert_int_equal(rate.units, units);
	assert_int_equal(for_units, per);
	assert_true(ref_holds(dates, test_day(day)));
}

static void must_rate(const struct refset *r, const char *currency, const char *day, int64_t units,
		      int64_t per)
{
	must_rate_known(r, currency, day, INT32_MAX, units, per);
}

/* A correction in hindsight counts for its own days, from the day on which one could know it; the later of two goes before. */
static void test_rates_in_hindsight(void **state)
{
	const struct refset *r = tiny(state);
	const int32_t first = test_day("2026-02-15"), second = test_day("2026-03-01");

	must_rate_known(r, "AAA", "2026-01-15", first - 1, 125, 1);
	must_rate_known(r, "AAA", "2026-01-15", first, 13, 1);
	must_rate_known(r, "AAA", "2026-01-15", second - 1, 13, 1);
	must_rate_known(r, "AAA", "2026-01-15", second, 135, 1);
	must_rate_known(r, "AAA", "2026-01-16", INT32_MAX, 135, 1);
	must_rate_known(r, "AAA", "2026-01-17", INT32_MAX, 13, 1);
	must_rate_known(r, "AAA", "2026-01-09", INT32_MAX, 125, 1);
	must_rate_known(r, "AAA", "2026-01-21", INT32_MAX, 125, 1);
	must_rate_known(r, "AAA", "2026-02-01", INT32_MAX, 14, 1);
	must_rate_known(r, "BBB", "2026-01-03", INT32_MIN, 88, 100);
}

static void test_rates_by_day(void **state)
{
	const struct refset *r = tiny(state);
	struct decimal rate;
	struct ref_dates dates;
	int64_t per;

	must_rate(r, "XTD", "1990-01-01", 1, 1);
	must_rate(r, "AAA", "2026-01-01", 125, 1);
	must_rate(r, "AAA", "2026-01-31", 125, 1);
	must_rate(r, "AAA", "2026-02-02", 15, 1);
	must_rate(r, "AAA", "2099-01-01", 15, 1);
	must_rate(r, "BBB", "2026-01-02", 875, 100);
	must_rate(r, "BBB", "2026-01-03", 88, 100);
	must_rate(r, "BBB", "2026-01-10", 885, 100);
	assert_int_equal(
	    ref_rate(r, SPAN("BBB"), test_day("2026-01-01"), INT32_MAX, &rate, &per, &dates),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    ref_rate(r, SPAN("BBB"), test_day("2026-01-11"), INT32_MAX, &rate, &per, &dates),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    ref_rate(r, SPAN("CCC"), test_day("2026-01-03"), INT32_MAX, &rate, &per, &dates),
	    ERR_NOT_FOUND);
}

static void test_goods_and_areas(void **state)
{
	const struct refset *r = tiny(state);
	int32_t day = test_day("2025-06-01");

	assert_true(ref_commodity(r, SPAN("220300"), day)->declarable);
	assert_span(ref_commodity(r, SPAN("220300"), day)->unit, "l");
	assert_null(ref_commodity(r, SPAN("220300"), test_day("2026-01-01")));
	assert_null(ref_commodity(r, SPAN("22030010"), day));
	assert_false(ref_commodity(r, SPAN("22"), day)->declarable);
	assert_true(ref_area_has(r, SPAN("*"), SPAN("AA"), day));
	assert_true(ref_area_has(r, SPAN("AA"), SPAN("AA"), day));
	assert_false(ref_area_has(r, SPAN("AA"), SPAN("BB"), day));
	assert_true(ref_area_has(r, SPAN("GROUP"), SPAN("AA"), day));
	assert_false(ref_area_has(r, SPAN("GROUP"), SPAN("BB"), day));
	assert_true(ref_area_has(r, SPAN("GROUP"), SPAN("BB"), test_day("2024-12-31")));
	assert_span(ref_area_name(r, SPAN("GROUP")).fr, "Amis");
	assert_int_equal(ref_area_name(r, SPAN("AA")).en.n, 0);
}

static void test_levies_in_order(void **state)
{
	static const char *const codes[] = {"DUTY", "EXC", "EXC", "VAT", "FEE"};
	const struct refset *r = tiny(state);
	const struct ref_levy *l;
	uint32_t n;

	l = ref_levies(r, &n);
	assert_int_equal(n, 5);
	for (uint32_t i = 0; i < n; i++) {
		assert_span(l[i].code, codes[i]);
		assert_int_equal(l[i].index, i);
	}
	assert_int_equal(l[1].order, 15);
	assert_true(l[1].inclusive && l[1].on_value && l[1].import && l[1].export);
	assert_int_equal(l[1].on_levies, 0);
	assert_int_equal(l[1].rounding, ROUND_UP);
	assert_int_equal(l[1].round_to, 5);
	assert_int_equal(l[2].on_levies, 1u << 0);
	assert_int_equal(l[3].on_levies, 1u << 0 | 1u << 1 | 1u << 2);
	assert_true(l[3].import && !l[3].export);
	assert_true(!l[4].on_value && !l[4].on_levies && l[4].export && !l[4].import);
	assert_int_equal(l[4].kind, LEVY_FEE);
}

static void test_measures_hang_on_their_commodity(void **state)
{
	const struct refset *r = tiny(state);
	const struct ref_measure *m = ref_measures(r, SPAN("22"));

	assert_span(m->id, "D1");
	assert_int_equal(m->expression->terms, 2);
	assert_span(m->levy->code, "DUTY");
	assert_span(m->next->id, "D3");
	assert_span(m->next->procedure, "40");
	assert_true(m->next->expression->mins && m->next->expression->maxes);
	assert_span(m->next->next->id, "D3");
	assert_span(m->next->next->expression->text, "4%");
	assert_null(m->next->next->next);
	m = ref_measures(r, SPAN("2203"));
	assert_span(m->id, "D2");
	assert_span(m->exclude, "BB");
	assert_span(m->preference, "300");
	assert_span(m->document, "U001");
	assert_span(m->reference, "Quota 7");
	assert_span(m->next->id, "E1");
	/* The excise changed its order; the measure, older, points to the version of its first day. */
	assert_int_equal(m->next->levy->order, 20);
	assert_span(ref_measures(r, SPAN(""))->id, "V1");
	assert_null(ref_measures(r, SPAN("220300")));
	assert_span(ref_permits(r, SPAN("2203"))->agency, "Ministry of Drinks");
	assert_null(ref_permits(r, SPAN("22")));
}

static bool rate_is(const struct refset *r, const char *day, const char *known, const char *rate)
{
	const struct ref_measure *found = NULL;

	for (const struct ref_measure *m = ref_measures(r, SPAN("22")); m; m = m->next)
		if (ref_measure_holds(m, test_day(day), test_day(known))) {
			assert_null(found);
			found = m;
		}
	return found ? span_is(found->expression->text, rate) : !rate;
}

/* A rate, corrected twice for March 2025, the second time away; later rates are as they were. */
static void test_what_was_known(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	const struct refset *r;

	test_pack_set(&p, "measures.csv",
		      "source,id,levy,commodity,area,exclude,preference,procedure,expression,"
		      "document,reference,known_from,from,to\n"
		      "a,D1,DUTY,22,*,,,,5%,,,,2025-01-01,2025-12-31\n"
		      "c,D1,DUTY,22,*,,,,withdrawn,,,2025-09-01,2025-03-10,2025-03-20\n"
		      "b,D1,DUTY,22,*,,,,3%,,,2025-06-01,2025-03-01,2025-03-31\n"
		      "d,D1,DUTY,22,*,,,,6%,,,,2026-01-01,\n");
	r = test_pack_good(&p);
	assert_true(rate_is(r, "2025-02-28", "2026-12-31", "5%"));
	assert_true(rate_is(r, "2025-03-15", "2025-05-31", "5%"));
	assert_true(rate_is(r, "2025-03-15", "2025-06-01", "3%"));
	assert_true(rate_is(r, "2025-03-15", "2025-09-01", NULL));
	assert_true(rate_is(r, "2025-03-09", "2025-09-01", "3%"));
	assert_true(rate_is(r, "2025-04-01", "2025-09-01", "5%"));
	assert_true(rate_is(r, "2026-01-01", "2025-01-01", "6%"));
	test_pack_set(&p, "measures.csv",
		      "id,levy,commodity,area,exclude,preference,procedure,expression,document,"
		      "reference,known_from,from,to,source\n"
		      "D1,DUTY,22,*,,,,5%,,,2025-06-01,2025-01-01,2025-12-31,a\n"
		      "D1,DUTY,22,*,,,,6%,,,2025-06-01,2025-12-31,,a\n");
	p.archive[PACK_TABLES].p = NULL;
	p.set = NULL;
	assert_int_equal(test_pack_load(&p), ERR_FORMAT);
	assert_non_null(strstr(test_pack_faults(&p).p, "dates.overlap"));
}

static void test_procedures(void **state)
{
	const struct refset *r = tiny(state);
	int32_t day = test_day("2025-12-31");

	assert_span(ref_procedure(r, SPAN("40"), SPAN("00"), day)->documents, "N001");
	assert_span(ref_procedure(r, SPAN("40"), SPAN("71"), day)->previous, "*");
	assert_int_equal(ref_procedure(r, SPAN("71"), SPAN("00"), day)->effect, EFFECT_SUSPENDED);
	assert_null(ref_procedure(r, SPAN("71"), SPAN("40"), day));
	assert_null(ref_procedure(r, SPAN("71"), SPAN("00"), day + 1));
	assert_null(ref_procedure(r, SPAN("99"), SPAN("00"), day));
	assert_int_equal(ref_procedure(r, SPAN("10"), SPAN("00"), day)->direction,
			 DIRECTION_EXPORT);
	assert_span(ref_procedure(r, SPAN("10"), SPAN("00"), day)->relieved, "DUTY VAT");
}

static void test_lanes_lists_and_severities(void **state)
{
	const struct refset *r = tiny(state);
	int32_t before = test_day("2025-12-31"), after = test_day("2026-01-01");
	enum severity severity;
	bool off;

	assert_int_equal(ref_lane(r, LANE_YELLOW, before)->expected_ppm, 100000);
	assert_int_equal(ref_lane(r, LANE_YELLOW, after)->expected_ppm, 150000);
	assert_span(ref_lane(r, LANE_RED, after)->meaning.en, "Goods are examined");
	assert_true(ref_lane(r, LANE_GREEN, after)->defined);
	assert_false(ref_lane(r, LANE_GREEN, test_day("1999-12-31"))->defined);
	assert_false(ref_lane(r, LANE_NONE, after)->defined);
	assert_true(ref_knows_list(r, SPAN("watched")));
	assert_false(ref_knows_list(r, SPAN("unwatched")));
	assert_true(ref_list_has(r, SPAN("watched"), SPAN("Smith & Sons"), test_day("2026-06-30")));
	assert_false(
	    ref_list_has(r, SPAN("watched"), SPAN("Smith & Sons"), test_day("2026-07-01")));
	assert_false(ref_list_has(r, SPAN("unwatched"), SPAN("P7"), after));
	assert_true(ref_severity(r, FINDING_DECODE_UNMAPPED, before, &severity, &off));
	assert_true(off);
	assert_true(ref_severity(r, FINDING_DECODE_UNMAPPED, after, &severity, &off));
	assert_true(!off && severity == SEVERITY_WARNING);
	assert_false(
	    ref_severity(r, FINDING_DECODE_UNMAPPED, test_day("1999-01-01"), &severity, &off));
	assert_false(ref_severity(r, FINDING_DECODE_MISSING, after, &severity, &off));
}

static bool sum_listed(void *context, struct span value, struct ref_dates dates)
{
	uint32_t *sum = context;

	/* Each value with its own days: no order is promised. */
	assert_int_equal(dates.from, test_day("2026-01-01"));
	*sum += span_is(value, "P7") && dates.to == INT32_MAX ? 1 : 0;
	*sum += span_is(value, "Smith & Sons") && dates.to == test_day("2026-06-30") ? 10 : 0;
	return true;
}

static void test_every_value_of_a_list(void **state)
{
	const struct refset *r = tiny(state);
	uint32_t sum = 0;

	ref_each_listed(r, SPAN("watched"), sum_listed, &sum);
	assert_int_equal(sum, 11);
	ref_each_listed(r, SPAN("unwatched"), sum_listed, &sum);
	assert_int_equal(sum, 11);
}

/* The packs that come with the program. */
static void test_example_packs_load(void **state)
{
	static const char *const folders[] = {"packs/farhaven", "packs/landfall"};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct test_pack p = test_pack_folder(*state, folders[i]);

		test_pack_good(&p);
	}
}

/* Files that a country may do without; the columns of a table may stand in any order. */
static void test_optional_tables(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	const struct refset *r;

	test_pack_set(&p, "checks.csv", NULL);
	test_pack_set(&p, "lists.csv", NULL);
	test_pack_set(&p, "permits.csv", NULL);
	test_pack_set(&p, "rates.csv", NULL);
	test_pack_set(
	    &p, "offices.csv",
	    "source,to,from,kind,name_fr,name_en,code\ntest,,2000-01-01,post,Poste,Post,XT009\n");
	r = test_pack_good(&p);
	assert_span(ref_code(r, SPAN("office"), SPAN("XT009"), 20000)->kind, "post");
	assert_false(ref_knows_list(r, SPAN("watched")));
	assert_null(ref_permits(r, SPAN("2203")));
}

/* Running out of memory anywhere is an error, and nothing else. */
static void test_every_allocation_may_fail(void **state)
{
	struct test_pack p = test_pack(*state, "tiny");
	uint64_t n = 1;

	test_pack_good(&p);
	for (;; n++) {
		enum err e;

		p.set = NULL;
		p.faults.list.n = 0;
		arena_fail_at(n);
		e = test_pack_load(&p);
		arena_fail_at(0);
		if (!e)
			break;
		assert_int_equal(e, ERR_NOMEM);
		assert_null(p.set);
	}
	assert_true(n > 100);
	assert_non_null(p.set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_settings),
	    arena_test(test_codes_by_day),
	    arena_test(test_rates_by_day),
	    arena_test(test_rates_in_hindsight),
	    arena_test(test_goods_and_areas),
	    arena_test(test_levies_in_order),
	    arena_test(test_measures_hang_on_their_commodity),
	    arena_test(test_what_was_known),
	    arena_test(test_procedures),
	    arena_test(test_lanes_lists_and_severities),
	    arena_test(test_every_value_of_a_list),
	    arena_test(test_example_packs_load),
	    arena_test(test_optional_tables),
	    arena_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("ref_load", tests, NULL, NULL);
}
