/* base/decimal: exact numbers, read, written, compared and rounded. */
#include "unit.h"

#include "base/decimal.h"

static struct decimal must_parse(const char *text)
{
	struct decimal d = {0};

	if (decimal_parse(span_of(text), &d))
		fail_msg("%s is refused", text);
	assert_true(d.set);
	return d;
}

static const struct {
	const char *text;
	int64_t units;
	uint8_t scale;
} read[] = {
    {"0", 0, 0},
    {"-0", 0, 0},
    {"+7", 7, 0},
    {"007", 7, 0},
    {"10.50", 1050, 2},
    {"-0.001", -1, 3},
    {"0.123456789", 123456789, 9},
    {"1.2000000000000", 1200000000, 9},
    {"999999999999999999", 999999999999999999, 0},
    {"-999999999.999999999", -999999999999999999, 9},
    {"00000000000000000000000000012.5", 125, 1},
};

static void test_parses(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(read); i++) {
		struct decimal d = must_parse(read[i].text);

		assert_true(d.units == read[i].units);
		assert_int_equal(d.scale, read[i].scale);
	}
}

static void test_refuses(void **state)
{
	static const char *const none[] = {"",    "+",   "-",   ".",   ".5",      "5.",
					   "1e3", " 1",  "1 ",  "1,5", "1.2.3",   "--1",
					   "+-1", "0x1", "NaN", "1'0", "\xd9\xa1"};
	static const char *const long_ones[] = {"1000000000000000000", "0.1234567891",
						"9999999999.123456789"};
	struct decimal d = {.units = 42};
	char digits[10001];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (decimal_parse(span_of(none[i]), &d) != ERR_FORMAT)
			fail_msg("%s is read", none[i]);
	for (size_t i = 0; i < ARRAY_LEN(long_ones); i++)
		if (decimal_parse(span_of(long_ones[i]), &d) != ERR_LIMIT)
			fail_msg("%s is no limit", long_ones[i]);
	memset(digits, '9', sizeof(digits));
	assert_int_equal(decimal_parse((struct span){digits, 10000, 0}, &d), ERR_LIMIT);
	assert_int_equal(decimal_parse((struct span){"1\0", 2, 0}, &d), ERR_FORMAT);
	assert_int_equal(d.units, 42);
}

struct writing {
	struct text text;
	struct decimal d;
};

static void write_it(void *context)
{
	struct writing *w = context;

	w->text.n = 0;
	decimal_write(&w->text, w->d);
}

static void test_writes_what_it_read(void **state)
{
	static const char *const same[] = {
	    "0", "7", "-7", "0.00", "10.50", "-0.001", "123.4", "0.05", "-123456789.000000001"};
	struct writing w = {.text = text_in(*state)};

	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		w.d = must_parse(same[i]);
		assert_int_equal(arena_run(*state, write_it, &w), ERR_NONE);
		assert_span(text_as_span(&w.text), same[i]);
	}
	w.d = decimal_of(INT64_MIN, 18);
	assert_int_equal(arena_run(*state, write_it, &w), ERR_NONE);
	assert_span(text_as_span(&w.text), "-9.223372036854775808");
}

static void test_compares_over_scales(void **state)
{
	(void)state;
	assert_int_equal(decimal_compare(must_parse("1.50"), must_parse("1.5")), 0);
	assert_int_equal(decimal_compare(must_parse("-1.5"), must_parse("1")), -1);
	assert_int_equal(decimal_compare(must_parse("0.000000001"), must_parse("0")), 1);
	assert_int_equal(decimal_compare(decimal_of(INT64_MAX, 0), decimal_of(INT64_MAX, 18)), 1);
	assert_int_equal(decimal_compare(decimal_of(INT64_MIN, 0), decimal_of(INT64_MIN, 18)), -1);
}

static int64_t rescaled(int64_t units, enum rounding how)
{
	struct decimal d;

	assert_int_equal(decimal_rescale(decimal_of(units, 1), 0, how, &d), ERR_NONE);
	return d.units;
}

static void test_rounds_by_each_rule(void **state)
{
	static const struct {
		int64_t tenths, half_up, half_even, down, up;
	} rule[] = {
	    {24, 2, 2, 2, 3},      {25, 3, 2, 2, 3},   {26, 3, 3, 2, 3},      {35, 4, 4, 3, 4},
	    {30, 3, 3, 3, 3},      {5, 1, 0, 0, 1},    {-24, -2, -2, -2, -3}, {-25, -3, -2, -2, -3},
	    {-35, -4, -4, -3, -4}, {-5, -1, 0, 0, -1},
	};
	struct decimal d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rule); i++) {
		assert_int_equal(rescaled(rule[i].tenths, ROUND_HALF_UP), rule[i].half_up);
		assert_int_equal(rescaled(rule[i].tenths, ROUND_HALF_EVEN), rule[i].half_even);
		assert_int_equal(rescaled(rule[i].tenths, ROUND_DOWN), rule[i].down);
		assert_int_equal(rescaled(rule[i].tenths, ROUND_UP), rule[i].up);
	}
	assert_int_equal(decimal_rescale(decimal_of(1, 0), 18, ROUND_DOWN, &d), ERR_NONE);
	assert_true(d.units == decimal_power10(18));
	assert_int_equal(decimal_rescale(decimal_of(10, 0), 18, ROUND_DOWN, &d), ERR_LIMIT);
	assert_int_equal(decimal_rescale(decimal_of(INT64_MIN, 18), 0, ROUND_HALF_UP, &d),
			 ERR_NONE);
	assert_int_equal(d.units, -9);
}

static void test_adds(void **state)
{
	struct decimal d;

	(void)state;
	assert_int_equal(decimal_add(must_parse("1.5"), must_parse("-0.25"), &d), ERR_NONE);
	assert_int_equal(d.units, 125);
	assert_int_equal(d.scale, 2);
	assert_true(d.set);
	assert_int_equal(decimal_add(decimal_of(INT64_MAX, 0), decimal_of(1, 0), &d), ERR_LIMIT);
	assert_int_equal(decimal_add(decimal_of(INT64_MAX, 0), decimal_of(1, 1), &d), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parses),
	    cmocka_unit_test(test_refuses),
	    arena_test(test_writes_what_it_read),
	    cmocka_unit_test(test_compares_over_scales),
	    cmocka_unit_test(test_rounds_by_each_rule),
	    cmocka_unit_test(test_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
