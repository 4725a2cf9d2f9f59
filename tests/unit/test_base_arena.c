/* base/arena, base/text, base/base: memory that ends, and how that is said. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

static void test_memory_is_zeroed_and_aligned(void **state)
{
	for (size_t n = 1; n < 100000; n = n * 3 + 1) {
		unsigned char *p = arena_try(*state, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, n);
	}
	arena_reset(*state);
	assert_int_equal(arena_used(*state), 0);
	assert_int_equal(*(unsigned char *)arena_try(*state, 1), 0);
	assert_true(arena_used(*state) > 0);
}

static void take_too_much(void *arena)
{
	for (;;)
		arena_alloc(arena, 100000);
}

static void take_array(void *arena)
{
	arena_array(arena, SIZE_MAX / 2, 3);
}

static void take_one(void *arena)
{
	arena_alloc(arena, 1);
}

static void test_the_cap_holds(void **state)
{
	assert_int_equal(arena_run(*state, take_too_much, *state), ERR_LIMIT);
	assert_true(arena_used(*state) <= LIMIT_ARENA_BYTES);
	arena_reset(*state);
	assert_int_equal(arena_run(*state, take_array, *state), ERR_LIMIT);
	assert_null(arena_try(*state, (size_t)LIMIT_ARENA_BYTES + 1));
	assert_int_equal(arena_failure(*state), ERR_LIMIT);
	assert_null(arena_try(*state, SIZE_MAX));
	assert_int_equal(arena_run(*state, take_one, *state), ERR_NONE);
}

static void test_allocation_n_fails(void **state)
{
	arena_fail_at(3);
	assert_non_null(arena_try(*state, 1));
	assert_non_null(arena_try(*state, 1));
	assert_null(arena_try(*state, 1));
	assert_int_equal(arena_failure(*state), ERR_NOMEM);
	assert_non_null(arena_try(*state, 1));
	arena_fail_at(1);
	assert_int_equal(arena_run(*state, take_one, *state), ERR_NOMEM);
	arena_fail_at(1);
	assert_null(arena_new(1 << 20));
	arena_fail_at(0);
	assert_int_equal(arena_run(*state, take_one, *state), ERR_NONE);
}

struct nest {
	struct arena *arena;
	enum err inner;
	bool after;
};

static void run_inner(void *context)
{
	struct nest *n = context;

	n->inner = arena_run(n->arena, take_array, n->arena);
	n->after = true;
	arena_alloc(n->arena, 1);
}

static void test_runs_nest(void **state)
{
	struct nest n = {.arena = *state};

	assert_int_equal(arena_run(*state, run_inner, &n), ERR_NONE);
	assert_int_equal(n.inner, ERR_LIMIT);
	assert_true(n.after);
}

static void push_many(void *arena)
{
	void *data = NULL;
	uint32_t count = 0, capacity = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t *place = arena_push(arena, &data, &count, &capacity, sizeof(uint32_t));

		assert_int_equal(*place, 0);
		*place = i;
	}
	assert_int_equal(count, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(((uint32_t *)data)[i], i);
}

static void test_arrays_grow(void **state)
{
	void *data = NULL;
	uint32_t count = 0, capacity = 0;

	assert_int_equal(arena_run(*state, push_many, *state), ERR_NONE);
	arena_fail_at(1);
	assert_null(arena_try_push(*state, &data, &count, &capacity, 8));
	assert_int_equal(count, 0);
}

static void write_text(void *context)
{
	struct text *t = context;

	text_string(t, "a");
	text_add(t, "bc", 2);
	text_add(t, NULL, 0);
	text_char(t, '-');
	text_int(t, INT64_MIN);
	text_char(t, ' ');
	text_int(t, 0);
	text_print(t, "%05d", 42);
	text_hex(t, (const uint8_t *)"\x00\xfe", 2);
	text_span(t, SPAN("!"));
	for (int i = 0; i < 10000; i++)
		text_char(t, 'x');
}

static void test_texts_grow(void **state)
{
	struct text t = text_in(*state);
	struct span got;

	assert_int_equal(arena_run(*state, write_text, &t), ERR_NONE);
	got = text_as_span(&t);
	assert_int_equal(got.n, 36 + 10000);
	got.n = 36;
	assert_span(got, "abc--9223372036854775808 00004200fe!");
}

static void copy_and_print(void *arena)
{
	assert_string_equal(arena_copy(arena, "abc", 2), "ab");
	assert_string_equal(arena_copy(arena, NULL, 0), "");
	assert_string_equal(arena_print(arena, "%s-%d", "x", 7), "x-7");
}

static void test_copies_end_with_nul(void **state)
{
	assert_int_equal(arena_run(*state, copy_and_print, *state), ERR_NONE);
}

static void test_the_first_cause_wins(void **state)
{
	struct cause why = {0};

	(void)state;
	assert_int_equal(fail(&why, ERR_IO, "disk %d", 1), ERR_IO);
	assert_int_equal(fail(&why, ERR_DB, "later"), ERR_DB);
	assert_int_equal(why.err, ERR_IO);
	assert_string_equal(why.text, "disk 1");
	assert_int_equal(fail(NULL, ERR_BUSY, "unheard"), ERR_BUSY);
	for (enum err e = ERR_NONE; e <= ERR_UNSUPPORTED; e++)
		assert_string_not_equal(err_name(e), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_memory_is_zeroed_and_aligned),
	    arena_test(test_the_cap_holds),
	    arena_test(test_allocation_n_fails),
	    arena_test(test_runs_nest),
	    arena_test(test_arrays_grow),
	    arena_test(test_texts_grow),
	    arena_test(test_copies_end_with_nul),
	    cmocka_unit_test(test_the_first_cause_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
