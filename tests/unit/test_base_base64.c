#include "base/base64.h"

#include <string.h>

#include "unit.h"

/* RFC 4648, section 10. */
static void test_known_answers(void **state)
{
	static const struct {
		const char *plain, *coded;
	} cases[] = {{"", ""},
		     {"f", "Zg=="},
		     {"fo", "Zm8="},
		     {"foo", "Zm9v"},
		     {"foob", "Zm9vYg=="},
		     {"fooba", "Zm9vYmE="},
		     {"foobar", "Zm9vYmFy"}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct text t = text_in(*state);
		struct span back;

		base64_write(&t, cases[i].plain, strlen(cases[i].plain));
		assert_span(text_as_span(&t), cases[i].coded);
		assert_int_equal(base64_size(strlen(cases[i].plain)), t.n);
		assert_int_equal(base64_read(*state, text_as_span(&t), &back), ERR_NONE);
		assert_span(back, cases[i].plain);
		assert_non_null(back.p);
	}
}

static void test_every_byte_comes_back(void **state)
{
	uint8_t all[258];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)(i * 7);
	for (uint32_t n = 0; n <= sizeof(all); n++) {
		struct text t = text_in(*state);
		struct span back;

		text_string(&t, "before");
		base64_write(&t, all, n);
		assert_int_equal(
		    base64_read(*state, (struct span){t.p + 6, (uint32_t)t.n - 6, 0}, &back),
		    ERR_NONE);
		assert_int_equal(back.n, n);
		assert_memory_equal(back.p, all, n);
	}
}

static void test_what_is_not_base64_is_refused(void **state)
{
	static const char *const wrong[] = {
	    "Z",    "Zg",     "Zg=",  "Zg==Zg==", "Z===", "====", "Zh==",
	    "Zm9=", "Zm9v\n", "Zm 9", "Zm9-",     "=m9v", "Z=9v", "Zm8=Zm8=",
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct span back;

		if (base64_read(*state, span_of(wrong[i]), &back) != ERR_FORMAT)
			fail_msg("taken: %s", wrong[i]);
	}
}

static void test_no_memory_is_told(void **state)
{
	struct span back;

	arena_fail_at(1);
	assert_int_equal(base64_read(*state, SPAN("Zm9v"), &back), ERR_NOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_known_answers),
	    arena_test(test_every_byte_comes_back),
	    arena_test(test_what_is_not_base64_is_refused),
	    arena_test(test_no_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
