/* base/span: pieces of text, and what is UTF-8. */
#include "unit.h"

#include "base/span.h"

static void test_compares(void **state)
{
	(void)state;
	assert_int_equal(span_compare(SPAN("a"), SPAN("b")), -1);
	assert_int_equal(span_compare(SPAN("ab"), SPAN("a")), 1);
	assert_int_equal(span_compare(SPAN("a"), SPAN("a")), 0);
	assert_int_equal(span_compare((struct span){0}, SPAN("")), 0);
	assert_int_equal(span_compare(SPAN("\xff"), SPAN("a")), 1);
	assert_true(span_equal((struct span){0}, SPAN("")));
	assert_false(span_equal(SPAN("a"), SPAN("b")));
	assert_true(span_is(SPAN("abc"), "abc"));
	assert_true(span_starts(SPAN("abc"), SPAN("ab")));
	assert_true(span_starts(SPAN("abc"), (struct span){0}));
	assert_false(span_starts(SPAN("a"), SPAN("ab")));
	assert_int_equal(span_of(NULL).n, 0);
}

static void test_trims_and_cuts(void **state)
{
	struct span s = SPAN("a,,b");

	(void)state;
	assert_span(span_trim(SPAN(" \t\r\n x y \n")), "x y");
	assert_span(span_trim(SPAN(" \t ")), "");
	assert_span(span_cut(&s, ','), "a");
	assert_span(span_cut(&s, ','), "");
	assert_span(span_cut(&s, ','), "b");
	assert_null(s.p);
	assert_int_equal(span_cut(&s, ',').n, 0);
}

/* Encodes as the standard says, for comparison. */
static uint32_t encode(uint32_t c, char *to)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static void test_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000 + 0x1000; c++) {
		bool legal = c < 0x110000 && (c < 0xd800 || c > 0xdfff);
		char text[4], ours[4];
		uint32_t n = encode(c, text);

		if (legal && (utf8_put(ours, c) != ours + n || memcmp(ours, text, n) != 0))
			fail_msg("U+%04X is written otherwise", c);
		if (span_valid_utf8((struct span){text, n, 0}) != legal)
			fail_msg("U+%04X", c);
		for (uint32_t cut = 1; cut < n; cut++)
			if (span_valid_utf8((struct span){text, cut, 0}))
				fail_msg("U+%04X cut to %u bytes", c, cut);
	}
}

static void test_longer_forms_are_refused(void **state)
{
	static const char *const bad[] = {"\xc0\x80",
					  "\xc1\xbf",
					  "\xe0\x80\x80",
					  "\xe0\x9f\xbf",
					  "\xf0\x80\x80\x80",
					  "\xf0\x8f\xbf\xbf",
					  "\xf5\x80\x80\x80",
					  "\xf8\x88\x80\x80\x80",
					  "\xfe",
					  "\xff",
					  "\x80",
					  "\xbf",
					  "\xc3(",
					  "\xe2\x82(",
					  "\xf0\x9f\x98("};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (span_valid_utf8(span_of(bad[i])))
			fail_msg("case %zu is valid", i);
}

/* At each offset of the eight bytes that are looked at in one step. */
static void test_the_fault_is_found_at_any_offset(void **state)
{
	char text[64];

	(void)state;
	for (uint32_t n = 1; n < sizeof(text); n++) {
		for (uint32_t at = 0; at < n; at++) {
			memset(text, 'x', n);
			assert_int_equal(span_utf8_prefix((struct span){text, n, 0}), n);
			text[at] = '\xe4';
			assert_int_equal(span_utf8_prefix((struct span){text, n, 0}), at);
		}
	}
	assert_int_equal(span_utf8_prefix((struct span){0}), 0);
	assert_true(span_valid_utf8((struct span){0}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_compares),
	    cmocka_unit_test(test_trims_and_cuts),
	    cmocka_unit_test(test_every_code_point),
	    cmocka_unit_test(test_longer_forms_are_refused),
	    cmocka_unit_test(test_the_fault_is_found_at_any_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
