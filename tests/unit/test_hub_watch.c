/* Who lives, by a steady clock that the test moves. */
#include "hub/node/watch.h"

#include <stdio.h>

#include "unit.h"

enum { MS = 1000 };

static struct store_node row(const char *name, int64_t run, int64_t beat)
{
	return (struct store_node){span_of(name), run, SPAN("http://10.0.0.1:8080"),
				   SPAN("0.1"),   0,   beat};
}

static bool lives(const struct watch *w, const char *name, int64_t run)
{
	return watch_lives(w, span_of(name), run);
}

/* Looks every half second up to a moment, while the beat of b stands still where it was. */
static int64_t look_on(struct watch *w, int64_t from, int64_t until, int64_t *beat_of_a,
		       int64_t beat_of_b)
{
	int64_t now = from;

	while (now + 500 * MS <= until) {
		const struct store_node rows[] = {row("a", 1, ++*beat_of_a),
						  row("b", 1, beat_of_b)};

		now += 500 * MS;
		watch_see(w, rows, 2, now);
	}
	return now;
}

static void test_who_is_silent_for_three_seconds_is_gone(void **state)
{
	struct watch w = {.n = 0};
	int64_t beat = 1, now = 5000 * MS;
	const struct store_node rows[] = {row("a", 1, 1), row("b", 1, 7)};

	(void)state;
	assert_false(lives(&w, "a", 1)); /* nobody was seen */
	watch_see(&w, rows, 2, now);
	assert_true(lives(&w, "a", 1));
	assert_true(lives(&w, "b", 1)); /* who is seen for the first time may live */
	now = look_on(&w, now, now + 3000 * MS, &beat, 7);
	assert_true(lives(&w, "b", 1));
	now = look_on(&w, now, now + 500 * MS, &beat, 7);
	assert_false(lives(&w, "b", 1));
	assert_true(lives(&w, "a", 1));
	now = look_on(&w, now, now + 500 * MS, &beat, 8); /* it stood still, and wakes */
	assert_true(lives(&w, "b", 1));
	assert_true(now > 0);
}

static void test_a_blind_time_kills_nobody(void **state)
{
	struct watch w = {.n = 0};
	int64_t beat = 1, now = 0;

	(void)state;
	now = look_on(&w, now, 2500 * MS, &beat, 7);
	/* the database was away for a minute, and nobody could raise a beat */
	now += 60000 * MS;
	now = look_on(&w, now, now + 3000 * MS, &beat, 7);
	assert_true(lives(&w, "b", 1));
	now = look_on(&w, now, now + 1000 * MS, &beat, 7);
	assert_false(lives(&w, "b", 1));
	assert_true(now > 0);
}

static void test_another_run_is_another_node(void **state)
{
	struct watch w = {.n = 0};
	struct store_node rows[] = {row("a", 3, 9)};

	(void)state;
	watch_see(&w, rows, 1, 1000 * MS);
	assert_true(lives(&w, "a", 3));
	assert_false(lives(&w, "a", 2));
	assert_false(lives(&w, "a", 4));
	assert_false(lives(&w, "c", 3));
	assert_string_equal(watch_find(&w, SPAN("a"))->address, "http://10.0.0.1:8080");
	assert_null(watch_find(&w, SPAN("c")));
	rows[0].run = 4;
	watch_see(&w, rows, 1, 1500 * MS);
	assert_false(lives(&w, "a", 3));
	assert_true(lives(&w, "a", 4));
	rows[0].address = SPAN(""); /* it has stopped: nobody waits */
	watch_see(&w, rows, 1, 2000 * MS);
	assert_false(lives(&w, "a", 4));
}

static void test_rows_without_measure(void **state)
{
	static char names[NODES_MAX + 8][80];
	struct store_node rows[NODES_MAX + 8];
	struct watch w = {.n = 0};

	(void)state;
	for (uint32_t i = 0; i < NODES_MAX + 8; i++) {
		snprintf(names[i], sizeof(names[i]), "node-%u", i);
		rows[i] = row(names[i], 1, 1);
	}
	memset(names[0], 'x', 79); /* longer than a name may be */
	rows[0].name = (struct span){names[0], 79, 0};
	rows[1].address = (struct span){names[0], 79, 0};
	watch_see(&w, rows, NODES_MAX + 8, 1000 * MS);
	assert_int_equal(w.n, NODES_MAX);
	assert_true(lives(&w, "node-1", 1));
	assert_false(lives(&w, names[NODES_MAX + 7], 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_who_is_silent_for_three_seconds_is_gone),
	    cmocka_unit_test(test_a_blind_time_kills_nobody),
	    cmocka_unit_test(test_another_run_is_another_node),
	    cmocka_unit_test(test_rows_without_measure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
