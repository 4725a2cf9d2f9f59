/* quota: what is left, states, and one day's claims shared to the last unit. */
#include "unit.h"

#include "base/prng.h"
#include "quota/quota.h"

enum { M = QUOTA_MILLION };

static struct ref_quota quota(int64_t volume)
{
	return (struct ref_quota){
	    .order = SPAN("0500"), .volume = volume, .threshold = 90, .coefficient = M};
}

static void test_states_by_count(void **state)
{
	struct ref_quota q = quota(1000);
	struct quota_account a = {.taken = 899};

	(void)state;
	assert_int_equal(quota_counted(&q, &a), QUOTA_OPEN);
	a.taken = 900;
	assert_int_equal(quota_counted(&q, &a), QUOTA_CRITICAL);
	q.critical = CRITICAL_NEVER;
	assert_int_equal(quota_counted(&q, &a), QUOTA_OPEN);
	a.taken = 1000;
	assert_int_equal(quota_counted(&q, &a), QUOTA_EXHAUSTED);
	assert_int_equal(quota_left(&q, &a), 0);
	a.taken = 1001; /* the volume was lowered */
	assert_int_equal(quota_counted(&q, &a), QUOTA_EXHAUSTED);
	assert_int_equal(quota_left(&q, &a), -1);
	q.critical = CRITICAL_ALWAYS;
	a.taken = 0;
	assert_int_equal(quota_counted(&q, &a), QUOTA_CRITICAL);
	/* near the end of what numbers hold */
	q = quota(INT64_MAX);
	a.taken = INT64_MAX / 100 * 89;
	assert_int_equal(quota_counted(&q, &a), QUOTA_OPEN);
	assert_int_equal(quota_state(NULL, NULL, &a, 0), QUOTA_CLOSED);
	for (enum quota_state s = 0; s < QUOTA_STATES; s++)
		assert_int_equal(quota_state_by_name(span_of(quota_state_name(s))), s);
	assert_int_equal(quota_state_by_name(SPAN("opened")), QUOTA_STATES);
}

static void test_moves(void **state)
{
	const struct quota_hold none = {.decided = true};
	const struct quota_hold asks = {100, 0, false}, gets = {100, 60, true},
				part = {100, 60, false}, more = {100, 101, true},
				huge = {INT64_MAX, INT64_MAX, true};
	struct quota_account a = {0};

	(void)state;
	assert_true(quota_move(&a, &none, &asks, &a));
	assert_int_equal(a.taken, 0);
	assert_int_equal(a.requested, 100);
	assert_true(quota_move(&a, &asks, &part, &a));
	assert_int_equal(a.taken, 60);
	assert_int_equal(a.requested, 40);
	assert_true(quota_move(&a, &part, &gets, &a));
	assert_int_equal(a.requested, 0);
	assert_false(quota_move(&a, &gets, &more, &a));
	assert_false(quota_move(&a, &none, &huge, &a));
	assert_false(quota_move(&a, &huge, &none, &a));
	assert_int_equal(a.taken, 60);
	assert_true(quota_move(&a, &gets, &none, &a));
	assert_int_equal(a.taken, 0);
}

/* What a parent allows never takes more of it than there is, and one more would. */
static void test_parents(void **state)
{
	struct prng p = prng_of(7, 0);

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct ref_quota q = quota(1);
		const int64_t left = (int64_t)prng_below(&p, (uint64_t)1 << prng_below(&p, 60));
		int64_t most;

		q.coefficient = 1 + (int64_t)prng_below(&p, 5 * M);
		most = quota_within_parent(&q, left);
		assert_true(quota_of_parent(&q, most) <= left);
		if (most < INT64_MAX / 8)
			assert_true(quota_of_parent(&q, most + 1) > left);
	}
}

static void test_shares(void **state)
{
	const int64_t asked[] = {100, 100, 100};
	struct money got[3];

	(void)state;
	assert_true(quota_share(100, asked, 3, got));
	assert_int_equal(got[0].minor, 34); /* the earlier claim first among equals */
	assert_int_equal(got[1].minor, 33);
	assert_int_equal(got[2].minor, 33);
	assert_true(quota_share(301, asked, 3, got));
	assert_int_equal(got[2].minor, 100);
	assert_true(quota_share(-5, asked, 3, got));
	assert_int_equal(got[0].minor, 0);
	assert_true(quota_share(5, asked, 0, got));
	assert_false(quota_share(5, (const int64_t[]){INT64_MAX, 1}, 2, got));
}

static void test_shares_add_up(void **state)
{
	struct prng p = prng_of(11, 0);

	(void)state;
	for (int round = 0; round < 3000; round++) {
		int64_t asked[40], sum = 0, given = 0, left;
		struct money got[40];
		const uint32_t n = 1 + (uint32_t)prng_below(&p, 40);

		for (uint32_t i = 0; i < n; i++)
			sum += asked[i] =
			    (int64_t)prng_below(&p, (uint64_t)2 << prng_below(&p, 50));
		left = (int64_t)prng_below(&p, (uint64_t)sum * 2 + 1);
		assert_true(quota_share(left, asked, n, got));
		for (uint32_t i = 0; i < n; i++) {
			given += got[i].minor;
			assert_in_range(got[i].minor, 0, asked[i]);
			/* within one unit of the fair share */
			if (sum > left) {
				const __int128 off =
				    (__int128)got[i].minor * sum - (__int128)left * asked[i];

				assert_true(off < sum && off > -(__int128)sum);
			}
		}
		assert_int_equal(given, sum < left ? sum : left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_states_by_count), cmocka_unit_test(test_moves),
	    cmocka_unit_test(test_parents),         cmocka_unit_test(test_shares),
	    cmocka_unit_test(test_shares_add_up),
	};

	return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
