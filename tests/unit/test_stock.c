/* What is written off: each refusal by hand, and random moves beside a model that only remembers who holds what. */
#include "stock/stock.h"

#include <string.h>

#include "base/prng.h"
#include "unit.h"

static const struct stock_tolerance none;
static const struct stock_hold nothing;
enum { BOTH = 1 << STOCK_PACKAGES | 1 << STOCK_MASS };

static struct stock_account bill(int64_t packages, int64_t mass)
{
	return (struct stock_account){.measured = BOTH, .granted = {{packages, mass, 0}}};
}

static struct stock_hold hold(enum stock_stage stage, int64_t packages, int64_t mass)
{
	return (struct stock_hold){stage, {{packages, mass, 0}}};
}

static enum stock_refusal move(struct stock_account *a, const struct stock_tolerance *t,
			       struct stock_hold was, struct stock_hold becomes)
{
	enum stock_measure m;

	return stock_move(a, t, &was, &becomes, a, &m);
}

static void test_the_last_package_goes_to_one(void **state)
{
	struct stock_account a = bill(10, 1000);
	const struct stock_hold seven = hold(STOCK_RESERVED, 7, 700),
				four = hold(STOCK_RESERVED, 4, 1);
	enum stock_measure m = STOCK_VALUE;

	(void)state;
	assert_int_equal(move(&a, &none, nothing, seven), STOCK_DONE);
	assert_int_equal(stock_move(&a, &none, &nothing, &four, &a, &m), STOCK_OVER);
	assert_int_equal(m, STOCK_PACKAGES);
	assert_int_equal(a.reserved.of[STOCK_PACKAGES], 7);
	assert_int_equal(stock_left(&a, &none, &nothing, STOCK_PACKAGES), 3);
	assert_int_equal(stock_left(&a, &none, &seven, STOCK_PACKAGES), 10);
	assert_true(stock_left(&a, &none, &nothing, STOCK_VALUE) == INT64_MAX);
	assert_int_equal(move(&a, &none, nothing, hold(STOCK_RESERVED, 3, 300)), STOCK_DONE);
	assert_int_equal(move(&a, &none, seven, hold(STOCK_USED, 7, 700)), STOCK_DONE);
	assert_int_equal(a.used.of[STOCK_PACKAGES], 7);
	assert_int_equal(a.reserved.of[STOCK_PACKAGES], 3);
	assert_true(stock_open(&a));
	assert_int_equal(move(&a, &none, hold(STOCK_USED, 7, 700), nothing), STOCK_DONE);
	assert_int_equal(stock_left(&a, &none, &nothing, STOCK_MASS), 700);
}

static void test_tolerance_is_of_what_was_granted(void **state)
{
	const struct stock_tolerance five = {{0, 50000, 0}};
	struct stock_account a = bill(10, 1000);

	(void)state;
	assert_int_equal(move(&a, &five, nothing, hold(STOCK_USED, 10, 1051)), STOCK_OVER);
	assert_int_equal(move(&a, &five, nothing, hold(STOCK_USED, 10, 1050)), STOCK_DONE);
	assert_false(stock_open(&a));
	assert_int_equal(stock_left(&a, &none, &nothing, STOCK_MASS), -50);
	/* Less may be taken, also where what is taken is more than would be allowed now. */
	assert_int_equal(move(&a, &none, hold(STOCK_USED, 10, 1050), hold(STOCK_USED, 10, 1049)),
			 STOCK_DONE);
	assert_int_equal(move(&a, &none, hold(STOCK_USED, 10, 1049), hold(STOCK_USED, 10, 1050)),
			 STOCK_OVER);
}

static void test_a_grant_stays_above_what_is_taken(void **state)
{
	struct stock_account a = bill(10, 1000);
	const struct stock_amount less = {{5, 1000, 0}}, six = {{6, 1000, 0}},
				  more = {{20, 2000, 0}}, negative = {{-1, 0, 0}};
	enum stock_measure m;

	(void)state;
	assert_int_equal(move(&a, &none, nothing, hold(STOCK_RESERVED, 6, 10)), STOCK_DONE);
	assert_int_equal(stock_grant(&a, &none, BOTH, &less, &a, &m), STOCK_OVER);
	assert_int_equal(m, STOCK_PACKAGES);
	assert_int_equal(a.granted.of[STOCK_PACKAGES], 10);
	assert_int_equal(stock_grant(&a, &none, BOTH, &six, &a, &m), STOCK_DONE);
	assert_int_equal(stock_grant(&a, &none, BOTH, &more, &a, &m), STOCK_DONE);
	assert_int_equal(stock_grant(&a, &none, BOTH, &negative, &a, &m), STOCK_TOO_MUCH);
	assert_false(stock_untouched(&a));
}

static void test_no_number_runs_over(void **state)
{
	struct stock_account a = bill(INT64_MAX, INT64_MAX);
	const struct stock_tolerance all = {{1000000, 1000000, 1000000}};

	(void)state;
	assert_int_equal(move(&a, &all, nothing, hold(STOCK_USED, INT64_MAX, 0)), STOCK_DONE);
	assert_int_equal(move(&a, &all, nothing, hold(STOCK_USED, 1, 0)), STOCK_TOO_MUCH);
	assert_int_equal(move(&a, &all, nothing, hold(STOCK_RESERVED, -1, 0)), STOCK_TOO_MUCH);
	assert_int_equal(move(&a, &all, hold(STOCK_RESERVED, 1, 0), nothing), STOCK_TOO_MUCH);
	assert_true(a.used.of[STOCK_PACKAGES] == INT64_MAX);
}

enum { HOLDERS = 7, MOVES = 20000 };

static void test_random_moves_as_the_model_says(void **state)
{
	struct prng random = prng_of(7, 0);
	struct stock_account a = bill(100, 10000);
	struct stock_hold held[HOLDERS] = {{0}};
	uint32_t done = 0, refused = 0;

	(void)state;
	for (uint32_t i = 0; i < MOVES; i++) {
		const uint32_t who = (uint32_t)prng_below(&random, HOLDERS);
		struct stock_hold to =
		    hold((enum stock_stage)prng_below(&random, 3), (int64_t)prng_below(&random, 40),
			 (int64_t)prng_below(&random, 4000));
		int64_t sum[STOCK_MEASURES] = {0};
		bool may = true;

		if (to.stage == STOCK_NOTHING)
			to = nothing;
		for (enum stock_measure m = 0; m <= STOCK_MASS; m++) {
			for (uint32_t h = 0; h < HOLDERS; h++)
				sum[m] += (h == who ? &to : &held[h])->amount.of[m];
			may &=
			    to.amount.of[m] <= held[who].amount.of[m] || sum[m] <= a.granted.of[m];
		}
		assert_int_equal(move(&a, &none, held[who], to), may ? STOCK_DONE : STOCK_OVER);
		if (may)
			held[who] = to;
		done += may;
		refused += !may;
		for (enum stock_measure m = 0; m <= STOCK_MASS; m++) {
			int64_t reserved = 0, used = 0;

			for (uint32_t h = 0; h < HOLDERS; h++)
				*(held[h].stage == STOCK_USED ? &used : &reserved) +=
				    held[h].amount.of[m];
			assert_int_equal(a.reserved.of[m], reserved);
			assert_int_equal(a.used.of[m], used);
		}
	}
	assert_true(done > MOVES / 10 && refused > MOVES / 10);
}

static void test_names_are_read_back(void **state)
{
	enum stock_stage s = STOCK_NOTHING;

	(void)state;
	assert_true(stock_stage_by_name("used", 4, &s));
	assert_int_equal(s, STOCK_USED);
	assert_false(stock_stage_by_name("use", 3, &s));
	assert_string_equal(stock_measure_name(STOCK_MASS), "mass");
	assert_string_equal(stock_stage_name(STOCK_RESERVED), "reserved");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_last_package_goes_to_one),
	    cmocka_unit_test(test_tolerance_is_of_what_was_granted),
	    cmocka_unit_test(test_a_grant_stays_above_what_is_taken),
	    cmocka_unit_test(test_no_number_runs_over),
	    cmocka_unit_test(test_random_moves_as_the_model_says),
	    cmocka_unit_test(test_names_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
