/* What every unit test includes: cmocka, after the headers that it wants before it, and an arena a test.
 *
 * tests/unit/meson.build lists each program with the rooms that it may use. A test names what must hold: test_<what>. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_UNIT_H
#define CUSTOMHOUSE_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* base/base.h has a function of that name, and cmocka's fail_msg() is built on its macro. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                              \
	do {                                                                                       \
		print_error(__VA_ARGS__);                                                          \
		print_error("\n");                                                                 \
		_fail(__FILE__, __LINE__);                                                         \
	} while (0)

#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"

/* Set-up and tear-down of a test whose state is an arena of one request. */
static inline int unit_arena_new(void **state)
{
	*state = arena_new(LIMIT_ARENA_BYTES);
	return *state ? 0 : -1;
}

static inline int unit_arena_free(void **state)
{
	arena_fail_at(0);
	arena_free(*state);
	return 0;
}

#define arena_test(function)                                                                       \
	cmocka_unit_test_setup_teardown(function, unit_arena_new, unit_arena_free)

#define assert_span(actual, text)                                                                  \
	do {                                                                                       \
		struct span got_ = (actual), want_ = span_of(text);                                \
		assert_int_equal(got_.n, want_.n);                                                 \
		assert_memory_equal(got_.n ? got_.p : "", want_.p, want_.n);                       \
	} while (0)

#endif
