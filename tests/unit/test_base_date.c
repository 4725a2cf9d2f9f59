/* base/date: every day of the calendar, and the ways in which trade writes time. */
#include "unit.h"

#include <stdio.h>
#include <time.h>

#include "base/date.h"

/* Counted day by day from a calendar kept by hand, over all of it. */
static void test_every_day_of_the_calendar(void **state)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int32_t want = DAY_MIN, got;

	(void)state;
	for (int y = 1; y <= 9999; y++) {
		bool leap = y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);

		for (int m = 1; m <= 12; m++) {
			int days = length[m - 1] + (m == 2 && leap);

			for (int d = 1; d <= days; d++, want++) {
				int y2, m2, d2;

				if (day_from(y, m, d, &got) || got != want)
					fail_msg("%04d-%02d-%02d is not day %d", y, m, d, want);
				day_split(want, &y2, &m2, &d2);
				if (y2 != y || m2 != m || d2 != d)
					fail_msg("day %d is not %04d-%02d-%02d", want, y, m, d);
			}
			if (day_from(y, m, days + 1, &got) != ERR_FORMAT ||
			    day_from(y, m, 0, &got) != ERR_FORMAT)
				fail_msg("month %04d-%02d has more days", y, m);
		}
	}
	assert_int_equal(want, DAY_MAX + 1);
	assert_int_equal(day_from(0, 1, 1, &got), ERR_FORMAT);
	assert_int_equal(day_from(10000, 1, 1, &got), ERR_FORMAT);
	assert_int_equal(day_from(2026, 0, 1, &got), ERR_FORMAT);
	assert_int_equal(day_from(2026, 13, 1, &got), ERR_FORMAT);
}

static void test_known_days(void **state)
{
	int32_t day;

	(void)state;
	assert_int_equal(day_parse(SPAN("1970-01-01"), &day), ERR_NONE);
	assert_int_equal(day, 0);
	assert_int_equal(day_parse(SPAN("2000-02-29"), &day), ERR_NONE);
	assert_int_equal(day, 11016);
	assert_int_equal(day_parse(SPAN("1969-12-31"), &day), ERR_NONE);
	assert_int_equal(day, -1);
}

static void test_days_that_are_none(void **state)
{
	static const char *const none[] = {"",           "2026-1-01",  "2026-02-29",  "1900-02-29",
					   "2026-13-01", "2026-00-10", "2026-01-32",  "0000-01-01",
					   "2026/01/01", "20260101",   " 2026-01-01", "2026-01-01 ",
					   "2026-01-0a", "+026-01-01", "2026-01-01T"};
	int32_t day = 42;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		if (day_parse(span_of(none[i]), &day) != ERR_FORMAT)
			fail_msg("%s is a day", none[i]);
	assert_int_equal(day, 42);
}

struct writing {
	struct text text;
	int64_t moment;
	int32_t day;
};

static void write_both(void *context)
{
	struct writing *w = context;

	w->text.n = 0;
	day_write(&w->text, w->day);
	text_char(&w->text, ' ');
	moment_write(&w->text, w->moment);
}

static void test_writes(void **state)
{
	struct writing w = {.text = text_in(*state), .day = DAY_MIN, .moment = -1};

	assert_int_equal(arena_run(*state, write_both, &w), ERR_NONE);
	assert_span(text_as_span(&w.text), "0001-01-01 1969-12-31T23:59:59.999999Z");
	w.day = DAY_MAX;
	w.moment = INT64_C(1795332900123456);
	assert_int_equal(arena_run(*state, write_both, &w), ERR_NONE);
	assert_span(text_as_span(&w.text), "9999-12-31 2026-11-22T07:35:00.123456Z");
}

static void test_moments(void **state)
{
	int64_t m = 42;

	(void)state;
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:35:00.123456Z"), &m), ERR_NONE);
	assert_true(m == INT64_C(1795332900123456));
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:35:00Z"), &m), ERR_NONE);
	assert_true(m == INT64_C(1795332900000000));
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:35:00.1Z"), &m), ERR_NONE);
	assert_true(m == INT64_C(1795332900100000));
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:35:00"), &m), ERR_FORMAT);
	assert_int_equal(moment_parse(SPAN("2026-11-22T24:00:00Z"), &m), ERR_FORMAT);
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:60:00Z"), &m), ERR_FORMAT);
	assert_int_equal(moment_parse(SPAN("2026-11-22T07:35:00.Z"), &m), ERR_FORMAT);
	assert_int_equal(moment_parse(SPAN("2026-11-22 07:35:00Z"), &m), ERR_FORMAT);
	assert_int_equal(moment_parse(SPAN("2026-02-30T07:35:00Z"), &m), ERR_FORMAT);
}

/* Against the C library's own calendar, from 1902 to 2200. */
static void test_moments_agree_with_libc(void **state)
{
	(void)state;
	for (int64_t t = INT64_C(-2145916800); t < INT64_C(7258118400); t += 9876543) {
		time_t at = (time_t)t;
		struct tm tm;
		char text[40];
		int64_t m;

		assert_non_null(gmtime_r(&at, &tm));
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		assert_int_equal(moment_parse(span_of(text), &m), ERR_NONE);
		assert_true(m == t * 1000000);
	}
}

static void test_the_civil_day_depends_on_the_place(void **state)
{
	int64_t late = INT64_C(1795390200000000); /* 2026-11-22T23:30Z */
	int32_t day;

	(void)state;
	assert_int_equal(day_parse(SPAN("2026-11-22"), &day), ERR_NONE);
	assert_int_equal(day_of(late, 0), day);
	assert_int_equal(day_of(late, 30), day + 1);
	assert_int_equal(day_of(late, -720), day);
	assert_int_equal(day_of(-1, 0), -1);
	assert_int_equal(day_of(-MICROS_A_DAY, 0), -1);
	assert_int_equal(day_of(-MICROS_A_DAY - 1, 0), -2);
}

static const struct {
	const char *text, *format, *day, *moment; /* NULL: refused */
} trade[] = {
    {"20261122", "102", "2026-11-22", "2026-11-22T00:00:00Z"},
    {"202611222330", "203", "2026-11-22", "2026-11-22T23:30:00Z"},
    {"20261122233015", "204", "2026-11-22", "2026-11-22T23:30:15Z"},
    {"20261122233015+01", "304", "2026-11-22", "2026-11-22T22:30:15Z"},
    {"20261122233015-0330", "304", "2026-11-22", "2026-11-23T03:00:15Z"},
    {"20261122233015Z", "304", "2026-11-22", "2026-11-22T23:30:15Z"},
    {"2026-11-22", "", "2026-11-22", "2026-11-22T00:00:00Z"},
    {"2026-11-22T00:30:00+02:00", "", "2026-11-22", "2026-11-21T22:30:00Z"},
    {"20261322", "102", NULL, NULL},
    {"20260229", "102", NULL, NULL},
    {"2026112", "102", NULL, NULL},
    {"202611221", "102", NULL, NULL},
    {"202611222430", "203", NULL, NULL},
    {"20261122233015+15", "304", NULL, NULL},
    {"20261122233015+01x", "304", NULL, NULL},
    {"2026-11-22T", "", NULL, NULL},
    {"", "", NULL, NULL},
    {"", "102", NULL, NULL},
};

static void test_trade_times(void **state)
{
	int32_t day, want_day;
	int64_t moment, want;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trade); i++) {
		enum err e = trade_time_parse(span_of(trade[i].text), span_of(trade[i].format),
					      &day, &moment);

		if (e != (trade[i].day ? ERR_NONE : ERR_FORMAT))
			fail_msg("%s as %s: %s", trade[i].text, trade[i].format, err_name(e));
		if (e)
			continue;
		assert_int_equal(day_parse(span_of(trade[i].day), &want_day), ERR_NONE);
		assert_int_equal(moment_parse(span_of(trade[i].moment), &want), ERR_NONE);
		assert_int_equal(day, want_day);
		assert_true(moment == want);
	}
	assert_int_equal(trade_time_parse(SPAN("2026"), SPAN("602"), &day, &moment),
			 ERR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_day_of_the_calendar),
	    cmocka_unit_test(test_known_days),
	    cmocka_unit_test(test_days_that_are_none),
	    arena_test(test_writes),
	    cmocka_unit_test(test_moments),
	    cmocka_unit_test(test_moments_agree_with_libc),
	    cmocka_unit_test(test_the_civil_day_depends_on_the_place),
	    cmocka_unit_test(test_trade_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
