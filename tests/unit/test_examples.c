/* The declarations of examples/ come out as examples/README.md says, and each says the same in XML and in JSON. */
#include "ref_pack.h"

#include "check/check.h"
#include "codec/xml.h"
#include "duty/duty.h"
#include "msg/msg.h"

struct outcome {
	struct arena *arena;
	const struct refset *set;
	struct message message;
	struct findings findings;
	struct assessment assessment;
};

static void decide(void *context)
{
	struct outcome *o = context;
	struct facts facts = {.legal_day = test_day("2026-11-22")};

	facts.received_at = facts.legal_day * MICROS_A_DAY;
	check_declaration(&o->message.declaration, o->set, &facts, &o->findings);
	duty_assess(o->arena, &o->message.declaration, o->set, &facts, &o->assessment,
		    &o->findings);
}

static struct outcome decide_file(struct arena *a, const struct refset *set, const char *name)
{
	struct outcome o = {.arena = a, .set = set};
	struct codec_fault fault = {0};
	struct span bytes = tree_file(a, "examples", name);

	assert_int_equal(msg_read(a, bytes, NULL, &o.message, &o.findings, &fault), ERR_NONE);
	assert_int_equal(o.message.unmapped.n, 0);
	assert_int_equal(arena_run(a, decide, &o), ERR_NONE);
	return o;
}

/* The table says what its twin says. */
static void test_table(void **state)
{
	struct test_pack pack = test_pack_folder(*state, "packs/landfall");
	const struct refset *set = test_pack_good(&pack);
	struct outcome table = decide_file(*state, set, "import-simple.csv");
	struct outcome json = decide_file(*state, set, "import-simple.json");
	struct text a = text_in(*state), b = text_in(*state);

	assert_string_equal(table.message.format.p, "csv");
	assert_int_equal(table.findings.list.n, 0);
	msg_write_json(&a, &table.message);
	msg_write_json(&b, &json.message);
	assert_true(span_equal(text_as_span(&a), text_as_span(&b)));
}

/* Both forms of one example; returns what XML gave. */
static struct outcome both(void **state, const char *name)
{
	struct test_pack pack = test_pack_folder(*state, "packs/landfall");
	const struct refset *set = test_pack_good(&pack);
	char xml[64], json[64];
	struct outcome x, j;

	snprintf(xml, sizeof(xml), "%s.xml", name);
	snprintf(json, sizeof(json), "%s.json", name);
	x = decide_file(*state, set, xml);
	j = decide_file(*state, set, json);
	assert_false(span_equal(x.message.declaration.trader_reference,
				j.message.declaration.trader_reference));
	assert_int_equal(x.findings.list.n, j.findings.list.n);
	for (uint32_t i = 0; i < x.findings.list.n; i++)
		assert_int_equal(x.findings.list.v[i].rule, j.findings.list.v[i].rule);
	assert_int_equal(x.assessment.lines.n, j.assessment.lines.n);
	assert_int_equal(x.assessment.total_due.minor, j.assessment.total_due.minor);
	return x;
}

static void test_simple(void **state)
{
	struct outcome o = both(state, "import-simple");

	assert_int_equal(o.findings.list.n, 0);
	assert_true(o.assessment.complete);
	assert_int_equal(o.assessment.lines.n, 4); /* duty, two fees, VAT */
	/* By hand: 19200 kg at 6.00 XLD for 100 kg, to the cent. */
	assert_int_equal(o.assessment.lines.v[0].amount.minor, 115200);
}

static void test_preference(void **state)
{
	struct outcome o = both(state, "import-preference");
	bool excise = false;

	assert_int_equal(o.findings.list.n, 0);
	assert_true(o.assessment.complete);
	for (uint32_t i = 0; i < o.assessment.lines.n; i++) {
		const struct tax_line *l = &o.assessment.lines.v[i];

		if (span_is(l->levy, "CUD")) /* each rate is the preferential one */
			assert_memory_equal(l->measure.p + l->measure.n - 4, "-300", 4);
		if (span_is(l->levy, "EXC")) { /* 4500 litres of wine at 1.80 XLD */
			assert_int_equal(l->amount.minor, 810000);
			excise = true;
		}
	}
	assert_true(excise);
}

static void test_export(void **state)
{
	struct outcome o = both(state, "export");

	assert_int_equal(o.findings.list.n, 0);
	assert_int_equal(o.assessment.total_due.minor, 600);
}

static void test_errors(void **state)
{
	struct outcome o = both(state, "import-errors");

	assert_true(o.findings.errors >= 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_table),  arena_test(test_simple), arena_test(test_preference),
	    arena_test(test_export), arena_test(test_errors),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
