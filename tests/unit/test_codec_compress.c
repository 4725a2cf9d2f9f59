#include "codec/compress.h"

#include "unit.h"

#include <string.h>
#include <zstd.h>

#define DICTIONARY                                                                                 \
	SPAN("{\"reference\":\"\",\"taxes\":[{\"item\":1,\"amount\":\"0.00\"}],\"total\":\"0."     \
	     "00\"}")
#define TEXT                                                                                       \
	SPAN("{\"reference\":\"26XL01000000012S\",\"taxes\":[{\"item\":1,\"amount\":\"6.17\"},{"   \
	     "\"item\":2,\"amount\":\"12.40\"},{\"item\":3,\"amount\":\"0.83\"}],\"total\":"       \
	     "\"19.40\"}")

enum { MAX = 1 << 20 };

static struct compressor *made(struct span dictionary)
{
	struct compressor *c = compressor_new(dictionary);

	assert_non_null(c);
	return c;
}

static void test_a_text_comes_back(void **state)
{
	struct compressor *c = made(DICTIONARY), *without = made(SPAN(""));
	struct span small = compress(c, *state, TEXT), plain = compress(without, *state, TEXT),
		    back;

	assert_non_null(small.p);
	assert_true(small.n < plain.n && plain.n < TEXT.n);
	assert_int_equal(decompress(c, *state, small, MAX, &back), ERR_NONE);
	assert_span(back, TEXT.p);
	compressor_free(without);
	compressor_free(c);
}

static void test_what_does_not_get_smaller_is_left(void **state)
{
	struct compressor *c = made(DICTIONARY);

	assert_null(compress(c, *state, SPAN("")).p);
	assert_null(compress(c, *state, SPAN("q")).p);
	assert_null(compress(c, *state, SPAN("\x8f\x13\xa7\x55\xe0\x3b\x99\x02\xcd\x71\x4a")).p);
	compressor_free(c);
}

/* Without memory nothing is made, and nothing breaks. */
static void test_no_memory(void **state)
{
	struct compressor *c = made(DICTIONARY);
	struct span small = compress(c, *state, TEXT), back = {NULL, 7, 0};

	arena_fail_at(1);
	assert_null(compress(c, *state, TEXT).p);
	arena_fail_at(1);
	assert_int_equal(decompress(c, *state, small, MAX, &back), ERR_NOMEM);
	arena_fail_at(0);
	assert_int_equal(back.n, 7);
	compressor_free(c);
}

/* What decompress() takes is as long as the bytes say, whatever they are. */
static bool taken(struct compressor *c, struct arena *a, const char *p, uint32_t n)
{
	char *copy = test_malloc(n + 1); /* a reader past its end is seen */
	struct span back;
	enum err err;

	memcpy(copy, p, n);
	err = decompress(c, a, (struct span){copy, n, 0}, MAX, &back);
	assert_true(err == ERR_NONE || err == ERR_FORMAT);
	test_free(copy);
	return !err && span_equal(back, TEXT);
}

static void test_damaged_bytes(void **state)
{
	struct compressor *c = made(DICTIONARY);
	const struct span small = compress(c, *state, TEXT);
	char bytes[300];

	assert_in_range(small.n, 20, sizeof(bytes) - 20);
	for (uint32_t n = 0; n < small.n; n++)
		assert_false(taken(c, *state, small.p, n));
	memcpy(bytes, small.p, small.n);
	memcpy(bytes + small.n, small.p, 20);
	assert_false(taken(c, *state, bytes, small.n + 20)); /* something stands behind */
	for (uint32_t i = 0; i < small.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			bytes[i] = (char)(bytes[i] ^ 1 << bit);
			(void)taken(c, *state, bytes, small.n);
			bytes[i] = small.p[i];
		}
	assert_true(taken(c, *state, bytes, small.n));
	compressor_free(c);
}

/* A frame of a few bytes that says, and holds, more than is wanted. */
static void test_a_bomb(void **state)
{
	static char zeros[4 << 20];
	struct compressor *c = made(DICTIONARY);
	const size_t room = ZSTD_compressBound(sizeof(zeros));
	char *bomb = test_malloc(room);
	const size_t n = ZSTD_compress(bomb, room, zeros, sizeof(zeros), 1);
	struct span back;

	assert_true(!ZSTD_isError(n) && n < 1000);
	assert_int_equal(decompress(c, *state, (struct span){bomb, (uint32_t)n, 0}, MAX, &back),
			 ERR_FORMAT);
	/* the length in its header cut down to one that is allowed: what is inside is longer */
	for (size_t i = 5; i < 9; i++)
		bomb[i] = i == 6 ? 1 : 0;
	assert_int_equal(decompress(c, *state, (struct span){bomb, (uint32_t)n, 0}, MAX, &back),
			 ERR_FORMAT);
	test_free(bomb);
	compressor_free(c);
}

/* An arena that is too small is told as that, not as damage. */
static void test_the_arena_has_its_cap(void **state)
{
	static char zeros[256 << 10];
	struct compressor *c = made(DICTIONARY);
	struct arena *little = arena_new(64 << 10);
	const struct span small = compress(c, *state, (struct span){zeros, sizeof(zeros), 0});
	struct span back;

	assert_non_null(small.p);
	assert_int_equal(decompress(c, little, small, MAX, &back), ERR_LIMIT);
	assert_int_equal(decompress(c, *state, small, MAX, &back), ERR_NONE);
	assert_int_equal(back.n, sizeof(zeros));
	arena_free(little);
	compressor_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_a_text_comes_back),
	    arena_test(test_what_does_not_get_smaller_is_left),
	    arena_test(test_no_memory),
	    arena_test(test_damaged_bytes),
	    arena_test(test_a_bomb),
	    arena_test(test_the_arena_has_its_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
