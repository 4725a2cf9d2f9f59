/* duty: goods that a quota covers in part are two lines that add up, whatever the rates and the parts are. */
#include "unit.h"

#include "base/date.h"
#include "base/prng.h"
#include "duty/options.h"
#include "duty_pack.h"
#include "ref/ref_quota.h"

enum { M = QUOTA_MILLION };

struct claim {
	struct arena *arena;
	const struct refset *set;
	struct quota_fact fact;
	struct duty_question q;
	struct duty_options options;
	const struct duty_option *option; /* that claims the fact's quota */
};

static void ask(void *context)
{
	struct claim *c = context;

	duty_options(c->arena, c->set, &c->q, &c->options);
}

static struct claim *claim(struct arena *a, const char *order, int64_t kg_millionths, int64_t price)
{
	struct claim *c = arena_try(a, sizeof(*c));

	assert_non_null(c);
	memset(c, 0, sizeof(*c));
	c->arena = a;
	c->set = duty_pack_load(a, "tests/duty/pack", "tests/duty/pack-tariff");
	assert_non_null(c->set);
	c->fact = (struct quota_fact){.order = span_of(order), .state = SPAN("open")};
	assert_int_equal(day_parse(SPAN("2000-01-01"), &c->fact.period), ERR_NONE);
	c->q = (struct duty_question){
	    .commodity = SPAN("01012100"),
	    .country = SPAN("QA"),
	    .price = {.value = decimal_of(price, 2), .currency = SPAN("QMD")},
	    .terms = SPAN("CIF"),
	    .known = INT32_MAX,
	    .quota = &c->fact,
	    .quotas = 1};
	c->q.quantity[c->q.quantities++] =
	    (struct quantity){.value = decimal_of(kg_millionths, 6), .unit = SPAN("kg")};
	assert_int_equal(day_parse(SPAN("2026-01-05"), &c->q.day), ERR_NONE);
	return c;
}

static const struct assessment *assessed(struct claim *c, enum quota_way way, int64_t balance,
					 int64_t held)
{
	c->fact.way = way;
	c->fact.balance = balance;
	c->fact.held = held;
	assert_int_equal(arena_run(c->arena, ask, c), ERR_NONE);
	for (uint32_t i = 0; i < c->options.n; i++)
		if (span_equal(c->options.option[i].quota, c->fact.order)) {
			c->option = &c->options.option[i];
			assert_true(duty_proofs_check(&c->option->assessment, "quota") > 0);
			return &c->option->assessment;
		}
	fail_msg("no option claims the quota");
	return NULL;
}

static bool found(const struct claim *c, enum finding_rule rule)
{
	for (uint32_t i = 0; i < c->option->findings.list.n; i++)
		if (c->option->findings.list.v[i].rule == rule)
			return true;
	return false;
}

/* 10 per cent without the quota, 2 within. */
static void test_parts(void **state)
{
	struct claim *c = claim(*state, "091234", 100 * M, 100000);
	const struct assessment *s = assessed(c, QUOTA_NOW, 100 * M, 0);

	assert_int_equal(s->total_due.minor, 2000);
	assert_int_equal(s->lines.n, 1);
	assert_int_equal(c->option->findings.list.n, 0);
	s = assessed(c, QUOTA_NOW, 25 * M, 0);
	assert_int_equal(s->lines.n, 2);
	assert_span(s->lines.v[0].measure, "T003");
	assert_int_equal(s->lines.v[0].base.minor, 25000);
	assert_int_equal(s->lines.v[0].amount.minor, 500);
	assert_span(s->lines.v[1].measure, "T001");
	assert_int_equal(s->lines.v[1].base.minor, 75000);
	assert_int_equal(s->lines.v[1].amount.minor, 7500);
	assert_int_equal(s->quotas.n, 1);
	assert_int_equal(s->quotas.v[0].asked, 100 * M);
	assert_int_equal(s->quotas.v[0].granted, 25 * M);
	assert_int_equal(s->quotas.v[0].applied, 25 * M);
	assert_true(found(c, FINDING_DUTY_QUOTA_PART));
}

static void test_nothing_is_left(void **state)
{
	struct claim *c = claim(*state, "091234", 100 * M, 100000);
	const struct assessment *s;

	c->fact.state = SPAN("exhausted");
	s = assessed(c, QUOTA_NOT, 0, 0);
	assert_int_equal(s->total_due.minor, 10000);
	assert_int_equal(s->lines.n, 1);
	assert_span(s->lines.v[0].measure, "T001");
	assert_true(found(c, FINDING_DUTY_QUOTA_EXHAUSTED));
	c->fact.state = SPAN("blocked");
	assert_int_equal(assessed(c, QUOTA_NOT, 0, 0)->total_due.minor, 10000);
	assert_true(found(c, FINDING_DUTY_QUOTA_SHUT));
	c->fact.state = SPAN("closed");
	c->fact.period = INT32_MIN;
	assert_int_equal(assessed(c, QUOTA_NOT, 0, 0)->total_due.minor, 10000);
	assert_true(found(c, FINDING_DUTY_QUOTA_SHUT));
}

/* What is granted and not confirmed, or only asked for, is charged without the quota until then. */
static void test_later(void **state)
{
	struct claim *c = claim(*state, "091234", 100 * M, 100000);
	const struct assessment *s = assessed(c, QUOTA_SECURED, 80 * M, 0);

	assert_int_equal(s->total_due.minor, 10000);
	assert_int_equal(s->quotas.v[0].granted, 80 * M);
	assert_int_equal(s->quotas.v[0].applied, 0);
	assert_true(found(c, FINDING_DUTY_QUOTA_WAITS));
	/* an amendment that asks for more than is held already */
	s = assessed(c, QUOTA_SECURED, 80 * M, 30 * M);
	assert_int_equal(s->total_due.minor, 600 + 7000);
	s = assessed(c, QUOTA_LATER, 0, 0);
	assert_int_equal(s->total_due.minor, 10000);
	assert_int_equal(s->quotas.v[0].asked, 100 * M);
	assert_int_equal(s->quotas.v[0].granted, 0);
	assert_true(found(c, FINDING_DUTY_QUOTA_WAITS));
}

static void test_by_value(void **state)
{
	struct claim *c = claim(*state, "095678", 100 * M, 100000);
	const struct assessment *s = assessed(c, QUOTA_NOW, 400 * M, 0);

	assert_int_equal(s->quotas.v[0].asked, 1000 * M);
	assert_int_equal(s->total_due.minor, 1600 + 6000);
}

static void test_no_quantity(void **state)
{
	struct claim *c = claim(*state, "091234", 100 * M, 100000);

	c->q.quantities = 0;
	assert_int_equal(assessed(c, QUOTA_NOW, 100 * M, 0)->total_due.minor, 10000);
	assert_true(found(c, FINDING_DUTY_QUANTITY_MISSING));
}

/* Bases add up, nobody gets more than is left, and no part costs less than all of it within or more than all of it beyond. */
static void test_any_part(void **state)
{
	struct prng p = prng_of(5, 0);
	struct claim *c = claim(*state, "091234", 1, 1);

	for (int i = 0; i < 400; i++) {
		const int64_t asked =
				  1 + (int64_t)prng_below(&p, (uint64_t)1 << prng_below(&p, 45)),
			      balance = (int64_t)prng_below(&p, 2 * (uint64_t)asked),
			      price = 15001 + (int64_t)prng_below(&p, 100000000);
		const struct assessment *s;
		int64_t base = 0;

		c->q.quantity[0].value = decimal_of(asked, 6);
		c->q.price.value = decimal_of(price, 2);
		s = assessed(c, QUOTA_NOW, balance, 0);
		for (uint32_t k = 0; k < s->lines.n; k++)
			base += s->lines.v[k].base.minor;
		assert_int_equal(base, price);
		assert_int_equal(s->quotas.v[0].asked, asked);
		assert_int_equal(s->quotas.v[0].granted, asked < balance ? asked : balance);
		assert_in_range(s->total_due.minor, price / 50 - 1, price / 10 + 1);
		if (i % 50 == 49) {
			arena_reset(*state);
			c = claim(*state, "091234", 1, 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_parts),    arena_test(test_nothing_is_left), arena_test(test_later),
	    arena_test(test_by_value), arena_test(test_no_quantity),     arena_test(test_any_part),
	};

	return cmocka_run_group_tests_name("duty_quota", tests, NULL, NULL);
}
