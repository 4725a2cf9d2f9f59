/* travel: allowances, sums to the unit, exits, against Landfall's own table; what makes no sense; and the table's faults. */
#include "ref_pack.h"

#include "travel/travel.h"

static struct test_pack pack;
static const struct refset *landfall;
static struct arena *pack_arena;

static int open_pack(void **state)
{
	(void)state;
	pack_arena = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!pack_arena)
		return -1;
	pack = test_pack_folder(pack_arena, "packs/landfall");
	landfall = test_pack_good(&pack);
	return 0;
}

static int close_pack(void **state)
{
	(void)state;
	arena_free(pack_arena);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t d;

	assert_int_equal(day_parse(span_of(text), &d), ERR_NONE);
	return d;
}

static struct travel_party party(int64_t adults, int64_t children)
{
	return (struct travel_party){.adults = adults, .children = children};
}

static void bring(struct travel_party *p, const char *goods, const char *quantity,
		  const char *currency)
{
	p->goods[p->n++] =
	    (struct travel_goods){span_of(goods), span_of(quantity), span_of(currency)};
}

static struct travel_result good(const struct travel_party *p, const char *on)
{
	struct cause why = {0};
	struct travel_result t;
	enum err e = travel_assess(landfall, day(on), p, &t, &why);

	if (e)
		fail_msg("%s", why.text);
	return t;
}

static void test_within_the_allowance_is_green(void **state)
{
	struct travel_party p = party(2, 0);
	struct travel_result t;

	(void)state;
	bring(&p, "cigarettes", "400", "");
	bring(&p, "wine", "8", "");
	bring(&p, "other", "1000", "");
	t = good(&p, "2026-11-22");
	assert_int_equal(t.n, 3);
	assert_int_equal(t.total, 0);
	assert_false(t.declare);
	assert_int_equal(t.line[0].free, 400000);
}

/* One unit beyond is declared, and charged to the cent. */
static void test_one_unit_beyond(void **state)
{
	struct travel_party p = party(1, 1);
	struct travel_result t;

	(void)state;
	bring(&p, "cigarettes", "201", "");
	bring(&p, "spirits", "1.75", "");
	t = good(&p, "2026-11-22");
	assert_int_equal(t.line[0].minor, 45);   /* 1 * 0.45 */
	assert_int_equal(t.line[1].minor, 1575); /* 0.75 l * 21.00 */
	assert_int_equal(t.total, 1620);
	assert_true(t.declare);
	p.n = 0;
	bring(&p, "beer", "16.005", "");
	t = good(&p, "2026-11-22");
	assert_int_equal(t.total, 1); /* 0.005 l * 1.10 = 0.0055, half up */
}

static void test_value_by_the_day_and_the_currency(void **state)
{
	struct travel_party p = party(1, 1);

	(void)state;
	bring(&p, "other", "800", "");
	assert_int_equal(good(&p, "2026-11-22").total, 1500); /* (800 - 500 - 200) * 15 % */
	assert_int_equal(good(&p, "2025-11-22").total,
			 3063); /* (800 - 450 - 175) * 17.5 % = 30.625 */
	p.n = 0;
	bring(&p, "other", "350", "XLD");
	bring(&p, "other", "450", "XLD");
	assert_int_equal(good(&p, "2026-11-22").n, 1);
	assert_int_equal(good(&p, "2026-11-22").total, 1500);
	p.n = 0;
	bring(&p, "other", "800", "USD");
	assert_true(good(&p, "2026-11-22").total >
		    1500); /* a US dollar is more than one of Landfall's */
}

static void test_what_is_declared_whatever_the_amount(void **state)
{
	struct travel_party p = party(1, 0);
	struct travel_result t;

	(void)state;
	bring(&p, "animals", "1", "");
	t = good(&p, "2026-11-22");
	assert_true(t.declare);
	assert_int_equal(t.total, 0);
	p.n = 0;
	bring(&p, "cash", "10000", "");
	assert_false(good(&p, "2026-11-22").declare);
	p.n = 0;
	bring(&p, "cash", "10000.01", "");
	t = good(&p, "2026-11-22");
	assert_true(t.declare);
	assert_int_equal(t.total, 0);
}

static void test_more_than_a_traveller_may_bring(void **state)
{
	struct travel_party p = party(1, 0);
	struct travel_result t;

	(void)state;
	bring(&p, "wine", "90", "");
	t = good(&p, "2026-11-22");
	assert_false(t.line[0].formal);
	assert_int_equal(t.total, 86 * 320);
	p.n = 0;
	bring(&p, "wine", "90.001", "");
	t = good(&p, "2026-11-22");
	assert_true(t.line[0].formal);
	assert_true(t.declare);
	assert_int_equal(t.total, 0);
}

static void test_nonsense_is_refused(void **state)
{
	static const struct {
		const char *goods, *quantity, *currency;
	} bad[] = {
	    {"gold", "1", ""},          {"wine", "", ""},
	    {"wine", "-1", ""},         {"wine", "0", ""},
	    {"wine", "1e3", ""},        {"wine", "six", ""},
	    {"wine", "1000000001", ""}, {"wine", "99999999999999999999", ""},
	    {"other", "1", "ZZZ"},      {"", "1", ""},
	};
	struct travel_result t;
	struct travel_party p;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct cause why = {0};

		p = party(1, 0);
		bring(&p, bad[i].goods, bad[i].quantity, bad[i].currency);
		assert_int_equal(travel_assess(landfall, day("2026-11-22"), &p, &t, &why),
				 ERR_USAGE);
		assert_true(why.text[0]);
	}
	for (int64_t adults = -1; adults <= TRAVEL_PEOPLE + 1; adults += TRAVEL_PEOPLE + 2) {
		struct cause why = {0};

		p = party(adults, 0);
		assert_int_equal(travel_assess(landfall, day("2026-11-22"), &p, &t, &why),
				 ERR_USAGE);
	}
	p = party(1, INT64_MAX);
	assert_int_equal(travel_assess(landfall, day("2026-11-22"), &p, &t, NULL), ERR_USAGE);
	p = party(0, 1);
	assert_int_equal(travel_assess(landfall, day("2026-11-22"), &p, &t, NULL), ERR_USAGE);
}

/* The largest numbers that are taken do not overflow anything. */
static void test_the_largest(void **state)
{
	struct travel_party p = party(1, 49);
	struct travel_result t;

	(void)state;
	for (uint32_t i = 0; i < TRAVEL_GOODS; i++)
		bring(&p, i % 2 ? "cigarettes" : "cash", "1000000000", "");
	t = good(&p, "2026-11-22");
	assert_int_equal(t.n, 2);
	assert_true(t.line[1].formal);
	assert_int_equal(t.line[0].brought, INT64_C(15) * 1000000000 * 1000);
}

/* ---- the table ---- */

#define HEAD                                                                                       \
	"goods,class,unit,adult,child,most,expression,name_en,name_fr,note_en,note_fr,from,to,"    \
	"source\n"

static void test_faults_of_the_table(void **state)
{
	static const struct {
		const char *row, *rule;
	} bad[] = {
	    {"wine,amount,l,four,0,90,3.20 XLD / l", "field.number"},
	    {"wine,amount,l,-4,0,90,3.20 XLD / l", "field.number"},
	    {"wine,amount,l,4.0001,0,90,3.20 XLD / l", "field.number"},
	    {"wine,amount,l,4,0,90,much", "expression.syntax"},
	    {"wine,amount,l,4,0,90,5%", "travel.expression"},
	    {"wine,amount,l,4,0,90,3.20 USD / l", "travel.expression"},
	    {"wine,amount,l,4,0,90,3.20 XLD / kg", "travel.expression"},
	    {"wine,amount,l,4,0,90,3.20 XLD / l + 5%", "travel.expression"},
	    {"wine,value,l,4,0,90,3.20 XLD / l", "travel.expression"},
	    {"wine,money,l,4,0,90,5%", "travel.expression"},
	    {"wine,some,l,4,0,90,5%", "field.choice"},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct test_pack p = test_pack_folder(*state, "packs/landfall");

		char table[400];

		snprintf(table, sizeof(table), "%s%s,Wine,Vin,n,n,2025-01-01,,Order\n", HEAD,
			 bad[i].row);
		test_pack_set(&p, "travel.csv", table);
		if (test_pack_load(&p) != ERR_FORMAT)
			fail_msg("no fault in %s", bad[i].row);
		assert_true(p.faults.list.n >= 1);
		assert_string_equal(p.faults.list.v[0].rule, bad[i].rule);
		assert_int_equal(p.faults.list.v[0].line, 2);
		arena_reset(*state);
	}
}

static int big_arena(void **state)
{
	*state = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	return *state ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_within_the_allowance_is_green),
	    cmocka_unit_test(test_one_unit_beyond),
	    cmocka_unit_test(test_value_by_the_day_and_the_currency),
	    cmocka_unit_test(test_what_is_declared_whatever_the_amount),
	    cmocka_unit_test(test_more_than_a_traveller_may_bring),
	    cmocka_unit_test(test_nonsense_is_refused),
	    cmocka_unit_test(test_the_largest),
	    cmocka_unit_test_setup_teardown(test_faults_of_the_table, big_arena, unit_arena_free),
	};

	return cmocka_run_group_tests(tests, open_pack, close_pack);
}
