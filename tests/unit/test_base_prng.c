/* base/prng: the published sequence, the same everywhere, without favourites. */
#include "unit.h"

#include "base/prng.h"

/* The first results of xoshiro256** from the state 1, 2, 3, 4, as its reference code gives them. */
static void test_sequence_is_the_published_one(void **state)
{
	struct prng r = {{1, 2, 3, 4}};

	(void)state;
	assert_int_equal(prng_next(&r), 11520);
	assert_int_equal(prng_next(&r), 0);
	assert_int_equal(prng_next(&r), 1509978240);
	assert_true(prng_next(&r) == UINT64_C(1215971899390074240));
}

static void test_streams_of_a_seed_differ(void **state)
{
	struct prng a = prng_of(7, 1), again = prng_of(7, 1), b = prng_of(7, 2), c = prng_of(8, 1);
	uint64_t first = prng_next(&a);

	(void)state;
	assert_true(first == prng_next(&again));
	assert_true(first != prng_next(&b));
	assert_true(first != prng_next(&c));
}

static void test_numbers_stay_within_their_bounds(void **state)
{
	struct prng r = prng_of(1, 1);
	uint32_t count[10] = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		count[prng_below(&r, 10)]++;
	for (int i = 0; i < 10; i++)
		assert_in_range(count[i], 9500, 10500);
	for (int i = 0; i < 1000; i++) {
		int64_t x = prng_between(&r, -3, 3);

		assert_true(x >= -3 && x <= 3);
		assert_int_equal(prng_below(&r, 1), 0);
	}
}

static void test_chance_is_what_it_says(void **state)
{
	struct prng r = prng_of(2, 1);
	uint32_t hits = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		hits += prng_chance(&r, 50000);
		assert_false(prng_chance(&r, 0));
		assert_true(prng_chance(&r, 1000000));
	}
	assert_in_range(hits, 4700, 5300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sequence_is_the_published_one),
	    cmocka_unit_test(test_streams_of_a_seed_differ),
	    cmocka_unit_test(test_numbers_stay_within_their_bounds),
	    cmocka_unit_test(test_chance_is_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
