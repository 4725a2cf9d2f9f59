/* hub: the crew. Every task is done once, by whoever; the owner sees what it did. */
#include "unit.h"

#include <stdatomic.h>

#include "hub/settle/crew.h"

enum { TASKS = 500 };

struct sum {
	struct crew_task task;
	unsigned from, runs;
	uint64_t result;
};

static struct sum sum[TASKS];
static atomic_uint begun;

static void add_up(void *context)
{
	struct sum *s = context;

	begun++;
	s->runs++;
	for (unsigned i = 0; i <= s->from; i++)
		s->result += i;
}

static void add(struct crew *c, unsigned i)
{
	sum[i] = (struct sum){.task = {.run = add_up, .context = &sum[i]}, .from = i};
	crew_add(c, &sum[i].task);
}

static void assert_done_once(unsigned i)
{
	assert_true(sum[i].task.done);
	assert_int_equal(sum[i].runs, 1);
	assert_int_equal(sum[i].result, (uint64_t)i * (i + 1) / 2);
}

/* Rounds, as a writer has them: tasks are added while earlier ones run, and each is waited for in order. */
static void run_rounds(unsigned threads)
{
	struct crew *c = crew_start(threads);

	assert_non_null(c);
	for (unsigned n = 1; n <= TASKS; n = n * 3 + 1) {
		for (unsigned i = 0; i < n; i++)
			add(c, i);
		for (unsigned i = 0; i < n; i++) {
			crew_finish(c, &sum[i].task);
			assert_done_once(i);
		}
	}
	crew_stop(c);
}

static void test_each_is_waited_for(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads <= 3; threads++)
		run_rounds(threads);
}

static void test_all_are_waited_for(void **state)
{
	(void)state;
	for (unsigned threads = 0; threads <= 3; threads++) {
		struct crew *c = crew_start(threads);

		assert_non_null(c);
		begun = 0;
		for (unsigned i = 0; i < TASKS; i++)
			add(c, i);
		crew_finish_all(c);
		assert_int_equal(begun, TASKS);
		for (unsigned i = 0; i < TASKS; i++)
			assert_done_once(i);
		crew_finish_all(c); /* nothing is left */
		crew_stop(c);
	}
}

/* Without threads nothing is done before the owner waits, and then no more than it has to. */
static void test_alone_in_order(void **state)
{
	struct crew *c = crew_start(0);

	(void)state;
	assert_non_null(c);
	begun = 0;
	for (unsigned i = 0; i < 3; i++)
		add(c, i);
	assert_int_equal(begun, 0);
	crew_finish(c, &sum[1].task);
	assert_int_equal(begun, 2);
	assert_int_equal(sum[2].runs, 0);
	crew_finish(c, &sum[0].task);
	assert_int_equal(begun, 2);
	crew_finish_all(c);
	assert_int_equal(begun, 3);
	crew_stop(c);
	crew_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_is_waited_for),
	    cmocka_unit_test(test_all_are_waited_for),
	    cmocka_unit_test(test_alone_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
