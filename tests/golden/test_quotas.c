/* Quotas through a whole hub: random claims, amendments and cancellations beside a checker that knows nothing of the program but
 * what it answered, and one day's claims shared when the day is over. QUOTA_OPS says how many operations there are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "codec/xml.h"
#include "quota_world.h"

#define SECOND_DAY "2031-03-11T10:00:00Z"

enum { VOLUME = 50000, CASES = 100000 };

/* ---- the checker: what anybody could count with a pencil ---- */

static const char *const orders[] = {"0900", "0901", "0902"};
enum { ORDERS = 3, MILLION = 1000000 };

struct pencil {
	struct {
		char reference[32];
		uint32_t order;
		int64_t kg, got; /* got: millionths */
		bool alive;
	} c[CASES];
	uint32_t n;
	int64_t left[ORDERS]; /* millionths */
};

/* Half a kilogram of 0902 for each of 0901. */
static int64_t above(int64_t v)
{
	return (v + 1) / 2;
}

static int64_t may_have(const struct pencil *p, uint32_t order, int64_t asked)
{
	int64_t most = p->left[order];

	if (order == 1 && p->left[2] * 2 < most)
		most = p->left[2] * 2;
	return asked < most ? asked : most;
}

static void take(struct pencil *p, uint32_t order, int64_t v, int sign)
{
	p->left[order] -= sign * v;
	if (order == 1)
		p->left[2] -= sign * above(v);
	for (uint32_t i = 0; i < ORDERS; i++)
		if (p->left[i] < 0)
			fail_msg("more was granted of %s than there is", orders[i]);
}

static void must_grant(struct quota_world *w, struct pencil *p, uint32_t i, const struct outcome *o)
{
	const int64_t want = may_have(p, p->c[i].order, p->c[i].kg * MILLION);

	if (quota_world_granted(w, o) != want)
		fail_msg("%s of %lld kg of %s: %lld are granted, %lld could be", p->c[i].reference,
			 (long long)p->c[i].kg, orders[p->c[i].order],
			 (long long)quota_world_granted(w, o), (long long)want);
	p->c[i].got = want;
	take(p, p->c[i].order, want, 1);
}

static void step(struct quota_world *w, struct pencil *p, struct prng *r)
{
	const uint64_t dice = prng_below(r, 100);
	const uint32_t i = p->n && dice >= 40 ? (uint32_t)prng_below(r, p->n) : p->n;
	struct outcome o;

	if (i == p->n || !p->c[i].alive) {
		p->c[p->n].order = (uint32_t)prng_below(r, ORDERS);
		p->c[p->n].kg = prng_between(r, 1, 9000);
		o = quota_world_claim(w, orders[p->c[p->n].order], p->c[p->n].kg, "IMD");
		assert_true(o.accepted);
		snprintf(p->c[p->n].reference, sizeof(p->c[0].reference), "%.*s",
			 SPAN_ARG(o.reference));
		p->c[p->n].alive = true;
		must_grant(w, p, p->n++, &o);
		return;
	}
	take(p, p->c[i].order, p->c[i].got, -1);
	if (dice < 75) {
		p->c[i].kg = prng_between(r, 1, 9000);
		o = quota_world_amend(w, span_of(p->c[i].reference), p->c[i].kg);
		assert_true(o.accepted);
		must_grant(w, p, i, &o);
		return;
	}
	o = quota_world_cancel(w, span_of(p->c[i].reference));
	assert_true(o.accepted);
	p->c[i].alive = false;
}

static void test_nobody_shares_the_last_kilogram(void **state)
{
	const char *ops = getenv("QUOTA_OPS");
	const long n = ops ? atol(ops) : 200;
	struct prng r = prng_of(41, 0);
	struct pencil *p = calloc(1, sizeof(*p));
	struct quota_world w;

	(void)state;
	assert_non_null(p);
	quota_world_begin(&w);
	p->left[0] = (int64_t)VOLUME * MILLION;
	p->left[1] = (int64_t)30000 * MILLION;
	p->left[2] = (int64_t)20000 * MILLION;
	for (long i = 0; i < n && p->n < CASES; i++) {
		step(&w, p, &r);
		arena_reset(w.arena);
		if (i % 250 == 249) { /* what lies in memory is not what counts */
			fixture_close(&w.f);
			fixture_open(&w.f);
		}
	}
	quota_world_end(&w);
	free(p);
}

/* ---- a day ---- */

/* 1000 kg are there, and 600, 900 and 500 asked for; the last is withdrawn in time. */
static void test_a_day_is_shared(void **state)
{
	struct quota_world w;
	struct outcome one, two, three;
	int64_t full, part;

	(void)state;
	quota_world_begin(&w);
	one = quota_world_claim(&w, "0903", 600, "IMD");
	two = quota_world_claim(&w, "0903", 900, "IMD");
	three = quota_world_claim(&w, "0903", 500, "IMD");
	assert_int_equal(quota_world_granted(&w, &one), 0);
	assert_true(fixture_found(w.arena, two.decision, "duty.quota-waits"));
	assert_true(quota_world_cancel(&w, three.reference).accepted);
	full = quota_world_row_of(&w, one.reference).total_minor;
	fixture_sound(&w.f);
	calendar_set(SECOND_DAY);
	quota_world_wait_for_version(&w, one.reference, 2);
	quota_world_wait_for_version(&w, two.reference, 2);
	/* what is granted lowers the duty, and the rest bears the other one */
	part = quota_world_row_of(&w, one.reference).total_minor;
	assert_true(part < full);
	assert_int_equal(quota_world_row_of(&w, three.reference).version,
			 2); /* its cancellation's */
	/* nothing is left, and who asks for more keeps what was granted */
	one = quota_world_claim(&w, "0903", 10, "IMD");
	assert_true(fixture_found(w.arena, one.decision, "duty.quota-exhausted"));
	one = quota_world_amend(&w, two.reference, 950);
	assert_true(one.accepted);
	assert_int_equal(quota_world_granted(&w, &one), 600 * (int64_t)MILLION);
	quota_world_end(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nobody_shares_the_last_kilogram),
	    cmocka_unit_test(test_a_day_is_shared),
	};

	xml_start();
	return postgres_missing() ? 0 : cmocka_run_group_tests_name("quotas", tests, NULL, NULL);
}
