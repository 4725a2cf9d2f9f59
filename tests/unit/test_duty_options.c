/* duty: options side by side, and what must hold for any goods: no order changes a result, more value never means less duty, and
 * what is shown adds up (tests/duty/pack-tariff). */
#include "unit.h"

#include "base/date.h"
#include "base/prng.h"
#include "duty/options.h"
#include "duty_pack.h"

struct asked {
	struct arena *arena;
	const struct refset *set;
	struct duty_question q;
	struct duty_options options;
};

static void ask(void *context)
{
	struct asked *x = context;

	duty_options(x->arena, x->set, &x->q, &x->options);
}

static struct asked *asked(struct arena *a, const char *code, int64_t price, const char *origin)
{
	struct asked *x = arena_try(a, sizeof(*x));

	assert_non_null(x);
	memset(x, 0, sizeof(*x));
	x->arena = a;
	x->set = duty_pack_load(a, "tests/duty/pack", "tests/duty/pack-tariff");
	assert_non_null(x->set);
	x->q = (struct duty_question){
	    .commodity = span_of(code),
	    .country = span_of(origin),
	    .price = {.value = decimal_of(price, 2), .currency = SPAN("QMD")},
	    .terms = SPAN("CIF"),
	    .known = INT32_MAX};
	assert_int_equal(day_parse(SPAN("2026-01-05"), &x->q.day), ERR_NONE);
	return x;
}

static void run(struct asked *x)
{
	assert_int_equal(arena_run(x->arena, ask, x), ERR_NONE);
}

static const struct duty_option *option_of(const struct asked *x, const char *quota)
{
	for (uint32_t i = 0; i < x->options.n; i++)
		if (span_is(x->options.option[i].quota, quota))
			return &x->options.option[i];
	fail_msg("no option with quota %s", quota);
	return NULL;
}

static void test_quotas_beside_the_duty_of_all(void **state)
{
	struct asked *x = asked(*state, "01012100", 100000, "QA");

	run(x);
	assert_int_equal(x->options.n, 3);
	assert_int_equal(x->options.option[0].assessment.total_due.minor, 10000);
	assert_int_equal(option_of(x, "091234")->assessment.total_due.minor, 2000);
	assert_span(option_of(x, "091234")->document, "U001");
	assert_int_equal(option_of(x, "091234")->series, SERIES_QUOTA);
	assert_int_equal(option_of(x, "095678")->assessment.total_due.minor, 4000);
	x = asked(*state, "01012100", 100000, "QC"); /* not in the area of the preferential one */
	run(x);
	assert_int_equal(x->options.n, 2);
}

static void test_end_use_and_company_codes(void **state)
{
	struct asked *x = asked(*state, "85015100", 100000, "QC");

	run(x);
	assert_int_equal(x->options.n, 2);
	assert_int_equal(x->options.option[0].findings.list.n, 2); /* two remedies ask for a code */
	assert_int_equal(x->options.option[1].series, SERIES_SUSPENSION);
	assert_span(x->options.option[1].procedure, "44");
	x->q.additional[x->q.additionals++] = SPAN("B001");
	run(x);
	assert_int_equal(x->options.option[0].findings.list.n, 0);
	assert_int_equal(x->options.option[0].assessment.total_due.minor,
			 2700 + 45000 + 12000 + 31940);
}

/* Ad valorem duty never falls as the value rises, and the total is the sum of the lines; any proof checks. */
static void test_more_value_never_means_less(void **state)
{
	struct prng random = prng_of(11, 0);
	int64_t price = 15001, before = 0; /* above the threshold of small consignments */
	struct asked *x = asked(*state, "85015100", price, "QC");

	x->q.additional[x->q.additionals++] = SPAN("B001");
	for (int i = 0; i < 300; i++) {
		const struct assessment *s = &x->options.option[0].assessment;
		int64_t sum = 0;

		x->q.price.value = decimal_of(price, 2);
		run(x);
		for (uint32_t k = 0; k < s->lines.n; k++)
			sum += s->lines.v[k].amount.minor;
		assert_int_equal(sum, s->total_due.minor);
		assert_true(s->total_due.minor >= before);
		assert_true(duty_proofs_check(s, "options") > 0);
		before = s->total_due.minor;
		price += (int64_t)prng_below(&random, 500);
	}
}

/* Codes, documents and quantities in any order give the same. */
static void test_no_order_changes_a_result(void **state)
{
	const struct span codes[] = {SPAN("7015"), SPAN("B001"), SPAN("X")};
	struct asked *x = asked(*state, "18063200", 100000, "QA");
	int64_t first = 0;

	x->q.quantity[0] = (struct quantity){.value = decimal_of(500, 0), .unit = SPAN("kg")};
	x->q.quantities = 1;
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t a = i % 3, b = (a + 1 + i / 3) % 3;

		x->q.additional[0] = codes[a];
		x->q.additional[1] = codes[b];
		x->q.additional[2] = codes[3 - a - b];
		x->q.additionals = 3;
		run(x);
		if (i == 0)
			first = x->options.option[0].assessment.total_due.minor;
		assert_int_equal(x->options.option[0].assessment.total_due.minor, first);
	}
	assert_int_equal(first, 16750);
}

/* The least of a fee is shared without loss, whatever the items are worth. */
struct many {
	struct arena *arena;
	const struct refset *set;
	struct declaration d;
	struct facts facts;
	struct assessment ret;
	struct findings findings;
	uint32_t n;
	struct prng random;
};

static void assess_many(void *context)
{
	struct many *m = context;

	m->d = (struct declaration){.type = SPAN("IMA")};
	m->d.head.present = m->d.shipment.head.present = true;
	m->d.shipment.terms.code = SPAN("CIF");
	m->d.shipment.items.v = ARENA_ARRAY(m->arena, struct goods_item, m->n);
	m->d.shipment.items.n = m->d.shipment.items.room = m->n;
	for (uint32_t i = 0; i < m->n; i++) {
		struct goods_item *item = &m->d.shipment.items.v[i];
		struct classification *c = ARENA_NEW(m->arena, struct classification);
		struct origin *o = ARENA_NEW(m->arena, struct origin);

		*c = (struct classification){.id = SPAN("72082500")};
		*o = (struct origin){.country = SPAN("QA")};
		item->commodity.classifications.v = c;
		item->commodity.classifications.n = 1;
		item->origins.v = o;
		item->origins.n = 1;
		item->commodity.price = (struct amount){
		    .value = decimal_of((int64_t)prng_below(&m->random, 60000000), 2),
		    .currency = SPAN("QMD")};
	}
	m->findings = findings_for(m->arena, &dict_declaration, &m->d);
	duty_assess(m->arena, &m->d, m->set, &m->facts, &m->ret, &m->findings);
}

static void test_bounds_are_shared_exactly(void **state)
{
	struct many m = {.arena = *state, .random = prng_of(5, 0)};

	m.set = duty_pack_load(*state, "tests/duty/pack", "tests/duty/pack-tariff");
	assert_non_null(m.set);
	assert_int_equal(day_parse(SPAN("2026-01-05"), &m.facts.legal_day), ERR_NONE);
	for (m.n = 1; m.n < 40; m.n++) {
		int64_t sum = 0;

		assert_int_equal(arena_run(m.arena, assess_many, &m), ERR_NONE);
		for (uint32_t k = 0; k < m.ret.lines.n; k++)
			if (span_is(m.ret.lines.v[k].levy, "P40"))
				sum += m.ret.lines.v[k].amount.minor;
		assert_true(m.n < 4 ? sum >= 3000 && sum <= 60000 : sum == 60000);
		assert_true(duty_proofs_check(&m.ret, "bounds") > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_quotas_beside_the_duty_of_all),
	    arena_test(test_end_use_and_company_codes),
	    arena_test(test_more_value_never_means_less),
	    arena_test(test_no_order_changes_a_result),
	    arena_test(test_bounds_are_shared_exactly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
