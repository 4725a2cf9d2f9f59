/* base/map: what is put is found, and nothing else. */
#include "unit.h"

#include "base/map.h"

static struct span key_of(struct arena *a, int i)
{
	return span_of(arena_print(a, "key %d", i));
}

static void fill_map(void *arena)
{
	struct map m = map_in(arena);
	int *values = ARENA_ARRAY(arena, int, 10000);

	assert_null(map_get(&m, SPAN("key 0")));
	for (int i = 0; i < 10000; i++)
		assert_null(map_put(&m, key_of(arena, i), &values[i]));
	assert_int_equal(m.count, 10000);
	for (int i = 0; i < 10000; i++)
		assert_ptr_equal(map_get(&m, key_of(arena, i)), &values[i]);
	assert_null(map_get(&m, SPAN("key 10000")));
	assert_null(map_get(&m, SPAN("key")));
	assert_null(map_get(&m, (struct span){0}));
	assert_ptr_equal(map_put(&m, SPAN("key 7"), &values[8]), &values[7]);
	assert_int_equal(m.count, 10000);
	assert_ptr_equal(map_get(&m, SPAN("key 7")), &values[8]);
	assert_null(map_put(&m, (struct span){0}, &values[0]));
	assert_ptr_equal(map_get(&m, SPAN("")), &values[0]);
	assert_null(map_put(&m, SPAN("a\0b"), &values[1]));
	assert_null(map_get(&m, SPAN("a")));
}

static void test_finds_what_was_put(void **state)
{
	assert_int_equal(arena_run(*state, fill_map, *state), ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {arena_test(test_finds_what_was_put)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
