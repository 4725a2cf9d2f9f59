/* base/money: checked amounts, and shares that add up. */
#include "unit.h"

#include "base/money.h"

/* The same numbers in every run: a linear congruential generator (Knuth's MMIX constants). */
static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return random_state >> 11;
}

static void test_sums_are_checked(void **state)
{
	struct money m;

	(void)state;
	assert_int_equal(money_add((struct money){INT64_MAX}, (struct money){1}, &m), ERR_LIMIT);
	assert_int_equal(money_subtract((struct money){INT64_MIN}, (struct money){1}, &m),
			 ERR_LIMIT);
	assert_int_equal(money_add((struct money){5}, (struct money){-7}, &m), ERR_NONE);
	assert_int_equal(m.minor, -2);
}

static void test_products_go_through_128_bits(void **state)
{
	int64_t v;

	(void)state;
	assert_int_equal(mul_div(INT64_MAX, INT64_MAX, INT64_MAX, ROUND_DOWN, &v), ERR_NONE);
	assert_true(v == INT64_MAX);
	assert_int_equal(mul_div(INT64_MIN, INT64_MIN, INT64_MAX, ROUND_DOWN, &v), ERR_LIMIT);
	assert_int_equal(mul_div(INT64_MAX, 2, 1, ROUND_DOWN, &v), ERR_LIMIT);
	assert_int_equal(mul_div(-7, 1, 2, ROUND_HALF_UP, &v), ERR_NONE);
	assert_int_equal(v, -4);
	assert_int_equal(mul_div(-7, 1, 2, ROUND_HALF_EVEN, &v), ERR_NONE);
	assert_int_equal(v, -4);
	assert_int_equal(mul_div(-5, 1, 2, ROUND_HALF_EVEN, &v), ERR_NONE);
	assert_int_equal(v, -2);
	assert_int_equal(mul_div(-5, 1, 2, ROUND_DOWN, &v), ERR_NONE);
	assert_int_equal(v, -2);
	assert_int_equal(mul_div(1, 1, 1000, ROUND_UP, &v), ERR_NONE);
	assert_int_equal(v, 1);
}

static void test_amounts_times_rates(void **state)
{
	struct money m;

	(void)state;
	/* 12,500.00 at 6.5 %, in cents, in units of a currency without minor units, and with three digits */
	assert_int_equal(
	    money_multiply(decimal_of(1250000, 2), decimal_of(65, 3), 2, ROUND_HALF_UP, &m),
	    ERR_NONE);
	assert_int_equal(m.minor, 81250);
	assert_int_equal(
	    money_multiply(decimal_of(1250000, 2), decimal_of(65, 3), 0, ROUND_HALF_UP, &m),
	    ERR_NONE);
	assert_int_equal(m.minor, 813);
	assert_int_equal(
	    money_multiply(decimal_of(12500, 0), decimal_of(1, 0), 3, ROUND_HALF_UP, &m), ERR_NONE);
	assert_int_equal(m.minor, 12500000);
	assert_int_equal(
	    money_multiply(decimal_of(INT64_MAX, 0), decimal_of(INT64_MAX, 0), 3, ROUND_DOWN, &m),
	    ERR_LIMIT);
	assert_int_equal(money_rate((struct money){1005}, decimal_of(5, 1), ROUND_HALF_EVEN, &m),
			 ERR_NONE);
	assert_int_equal(m.minor, 502);
	assert_int_equal(money_rate((struct money){1005}, decimal_of(5, 1), ROUND_HALF_UP, &m),
			 ERR_NONE);
	assert_int_equal(m.minor, 503);
}

static void test_decimals_become_money(void **state)
{
	struct money m;
	struct decimal d;

	(void)state;
	assert_int_equal(money_from_decimal(decimal_of(10005, 3), 2, ROUND_HALF_UP, &m), ERR_NONE);
	assert_int_equal(m.minor, 1001);
	d = money_to_decimal(m, 2);
	assert_int_equal(d.units, 1001);
	assert_int_equal(d.scale, 2);
	assert_int_equal(money_from_decimal(decimal_of(INT64_MAX, 0), 2, ROUND_HALF_UP, &m),
			 ERR_LIMIT);
}

/* What money_apportion() promises, for any total and weights. */
static void check_shares(struct money total, const int64_t *weights, uint32_t n)
{
	struct money share[64];
	__int128 sum = 0, given = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += weights[i];
	assert_int_equal(money_apportion(total, weights, n, share), ERR_NONE);
	for (uint32_t i = 0; i < n; i++) {
		__int128 exact = (__int128)total.minor * weights[i];
		__int128 off = (__int128)share[i].minor * sum - exact;

		given += share[i].minor;
		/* Less than one unit from the exact share, never beyond zero, nothing for a weight of nothing. */
		assert_true(off < sum && off > -sum);
		assert_true(total.minor < 0 ? share[i].minor <= 0 : share[i].minor >= 0);
		if (!weights[i])
			assert_int_equal(share[i].minor, 0);
		for (uint32_t j = 0; j < i; j++) {
			__int128 earlier = (__int128)total.minor * weights[j];

			/* Equal weights differ by at most one unit, and the earlier has it. */
			if (earlier == exact)
				assert_true(total.minor < 0
						? share[j].minor <= share[i].minor &&
						      share[i].minor - share[j].minor <= 1
						: share[j].minor >= share[i].minor &&
						      share[j].minor - share[i].minor <= 1);
		}
	}
	assert_true(given == total.minor);
}

static void test_shares_add_up(void **state)
{
	(void)state;
	random_state = 2026;
	for (int round = 0; round < 20000; round++) {
		uint32_t n = 1 + (uint32_t)(next_random() % 64),
			 bits = (uint32_t)(next_random() % 50);
		int64_t weights[64], total = (int64_t)next_random() >> (next_random() % 50);

		for (uint32_t i = 0; i < n; i++)
			weights[i] = next_random() % 4
					 ? (int64_t)(next_random() & ((UINT64_C(1) << bits) - 1))
					 : 0;
		weights[next_random() % n] = 1 + (int64_t)(next_random() % 7);
		check_shares((struct money){round % 2 ? total : -total}, weights, n);
	}
}

static void test_shares_of_known_cases(void **state)
{
	struct money share[3];

	(void)state;
	assert_int_equal(money_apportion((struct money){100}, (int64_t[]){1, 1, 1}, 3, share),
			 ERR_NONE);
	assert_int_equal(share[0].minor, 34);
	assert_int_equal(share[1].minor, 33);
	assert_int_equal(share[2].minor, 33);
	assert_int_equal(money_apportion((struct money){-100}, (int64_t[]){1, 1, 1}, 3, share),
			 ERR_NONE);
	assert_int_equal(share[0].minor, -34);
	/* 10 over 1:2:4 is 1.43, 2.86, 5.71: the second has the largest remainder, then the third. */
	assert_int_equal(money_apportion((struct money){10}, (int64_t[]){1, 2, 4}, 3, share),
			 ERR_NONE);
	assert_int_equal(share[0].minor, 1);
	assert_int_equal(share[1].minor, 3);
	assert_int_equal(share[2].minor, 6);
	check_shares((struct money){INT64_MAX}, (int64_t[]){INT64_MAX - 1, 1}, 2);
	check_shares((struct money){INT64_MIN}, (int64_t[]){1, 1, 1}, 3);
	assert_int_equal(money_apportion((struct money){1}, (int64_t[]){INT64_MAX, 1}, 2, share),
			 ERR_LIMIT);
	assert_int_equal(money_apportion((struct money){1}, (int64_t[]){0, 0}, 2, share),
			 ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sums_are_checked),
	    cmocka_unit_test(test_products_go_through_128_bits),
	    cmocka_unit_test(test_amounts_times_rates),
	    cmocka_unit_test(test_decimals_become_money),
	    cmocka_unit_test(test_shares_of_known_cases),
	    cmocka_unit_test(test_shares_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
