/* ref: duty expressions, by the examples of docs/packs.md, and where a bad one is bad. */
#include "ref_pack.h"

static struct duty_expression parse(const char *text)
{
	struct duty_expression e;
	const char *why;
	uint32_t at;

	if (duty_expression_parse(span_of(text), &e, &why, &at))
		fail_msg("\"%s\" is refused at %u: %s", text, at, why);
	assert_span(e.text, text);
	return e;
}

static void must_be(const struct duty_term *t, enum duty_unit kind, int64_t units, unsigned scale,
		    const char *currency, int64_t per, const char *unit)
{
	assert_int_equal(t->kind, kind);
	assert_int_equal(t->rate.units, units);
	assert_int_equal(t->rate.scale, scale);
	assert_span(t->currency, currency);
	assert_int_equal(t->per.units, per);
	assert_span(t->unit, unit);
}

static void test_examples_of_the_format(void **state)
{
	struct duty_expression e;

	(void)state;
	e = parse("5%");
	assert_int_equal(e.terms, 1);
	assert_false(e.mins || e.maxes);
	must_be(&e.sum[0], DUTY_PERCENT, 5, 0, "", 0, "");
	e = parse("12.50 XLD / 100 kg");
	assert_int_equal(e.terms, 1);
	must_be(&e.sum[0], DUTY_PER_UNIT, 1250, 2, "XLD", 100, "kg");
	e = parse("8% + 2.10 XLD / l");
	assert_int_equal(e.terms, 2);
	must_be(&e.sum[0], DUTY_PERCENT, 8, 0, "", 0, "");
	must_be(&e.sum[1], DUTY_PER_UNIT, 210, 2, "XLD", 1, "l");
	assert_false(e.sum[1].minus);
	e = parse("10% min 3.00 XLD / kg");
	assert_true(e.mins);
	assert_false(e.maxes);
	must_be(&e.min[0], DUTY_PER_UNIT, 300, 2, "XLD", 1, "kg");
	assert_int_equal(parse("free").terms, 0);
	e = parse("25.00 XLD");
	must_be(&e.sum[0], DUTY_FIXED, 2500, 2, "XLD", 0, "");
	e = parse("25.00 XLD / declaration");
	must_be(&e.sum[0], DUTY_PER_DECLARATION, 2500, 2, "XLD", 1, "declaration");
}

static void test_more_than_the_examples(void **state)
{
	struct duty_expression e;

	(void)state;
	e = parse("  10.5%-1 XLD/gross_kg+3%+2 XLD/2.5 p min 1% max 20 % ");
	assert_int_equal(e.terms, 4);
	assert_false(e.sum[0].minus);
	assert_true(e.sum[1].minus);
	assert_false(e.sum[2].minus);
	assert_int_equal(e.sum[3].per.units, 25);
	assert_int_equal(e.sum[3].per.scale, 1);
	assert_true(e.mins && e.maxes);
	must_be(&e.max[0], DUTY_PERCENT, 20, 0, "", 0, "");
	e = parse("1 XLD / 4L max 5%");
	assert_span(e.sum[0].unit, "4L");
	assert_true(e.maxes && !e.mins);
	e = parse("13.80% min 13.00 XLD/DTN max 15.00 XLD/DTN - 7.00 XLD/DTN");
	assert_true(e.terms == 1 && e.mins == 1 && e.maxes == 2 && e.max[1].minus);
	e = parse("0.5 XLD / 100 HLT / ASV + 2% cif - 3% retail max component EA + 1%");
	assert_span(e.sum[0].by, "ASV");
	must_be(&e.sum[1], DUTY_PERCENT_CIF, 2, 0, "", 0, "");
	must_be(&e.sum[2], DUTY_PERCENT_RETAIL, 3, 0, "", 0, "");
	must_be(&e.max[0], DUTY_COMPONENT, 0, 0, "", 0, "EA");
	assert_true(parse("withdrawn").withdrawn && !parse("free").withdrawn);
}

static void test_bad_expressions_are_located(void **state)
{
	static const struct {
		const char *text;
		uint32_t at;
	} bad[] = {
	    {"", 0},
	    {"   ", 3},
	    {"5", 1},
	    {"-5%", 0},
	    {"5% 3%", 3},
	    {"5% +", 4},
	    {"5% + x", 5},
	    {"free 5%", 5},
	    {"5% max 3% min 2%", 10},
	    {"5% min 3 XLD / declaration", 7},
	    {"5 xld", 2},
	    {"5 XLDX / kg", 2},
	    {"5 XLD /", 7},
	    {"5 XLD / 0 kg", 8},
	    {"5 XLD / 100", 11},
	    {"5 XLD / 100kg.2", 8},
	    {"5 XLD / 2 declaration", 10},
	    {"5 XLD / kg kg", 11},
	    {"1.2.3%", 0},
	    {".5%", 0},
	    {"1234567890123456789%", 0},
	    {"0.1234567891%", 0},
	    {"1% + 1% + 1% + 1% + 1%", 20},
	    {"5\xc2\xa0%", 1},
	    {"5%\n", 2},
	    {"withdrawn 5%", 10},
	    {"component", 9},
	    {"component 5%", 10},
	    {"1 XLD / l / 2", 12},
	    {"1 XLD / l / declaration", 12},
	    {"1 XLD / l / m / m", 14},
	    {"5% min 1% + 3 XLD / declaration", 7},
	    {"5% retail cif", 10},
	};
	struct duty_expression e = {.terms = 77};
	const char *why;
	uint32_t at;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		why = NULL;
		if (duty_expression_parse(span_of(bad[i].text), &e, &why, &at) != ERR_FORMAT)
			fail_msg("\"%s\" is taken", bad[i].text);
		assert_non_null(why);
		if (at != bad[i].at)
			fail_msg("\"%s\" is bad at %u, not at %u (%s)", bad[i].text, bad[i].at, at,
				 why);
	}
	assert_int_equal(e.terms, 77); /* written only on success */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples_of_the_format),
	    cmocka_unit_test(test_more_than_the_examples),
	    cmocka_unit_test(test_bad_expressions_are_located),
	};

	return cmocka_run_group_tests_name("ref_expression", tests, NULL, NULL);
}
