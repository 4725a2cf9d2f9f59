/* Stored answers and the response messages that must become of them: tests/golden/wco-res/NAME.json and NAME.want.xml, byte for
 * byte, and valid against the schema where the shared data is (CUSTOMHOUSE_SHARED).
 *
 * With CUSTOMHOUSE_GOLDEN=write the wanted files are written instead: read the difference before committing it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/xml.h"
#include "fixture.h"
#include "flow/flow.h"
#include "hub/settle/record.h"
#include "res_schema.h"

static const struct json *read_answer(struct arena *a, struct span bytes)
{
	const struct json *answer;
	struct codec_fault fault;

	if (json_read(a, bytes, &answer, &fault))
		fail_msg("%u:%u %s", fault.line, fault.column, fault.text);
	return answer;
}

static void check_answer(struct arena *a, const char *stem, const struct res_schema *schema)
{
	const struct json *answer =
	    read_answer(a, fixture_read(a, arena_print(a, "%s.json", stem)));
	const char *wanted = arena_print(a, "%s.want.xml", stem), *mode;
	struct text got = text_in(a);
	struct span want;

	if (!answer_render_res(&got, answer, SPAN("en")))
		fail_msg("%s: no message", stem);
	mode = getenv("CUSTOMHOUSE_GOLDEN");
	if (mode && !strcmp(mode, "write")) {
		FILE *out = fopen(wanted, "wb");

		assert_non_null(out);
		assert_int_equal(fwrite(got.p, 1, got.n, out), got.n);
		fclose(out);
	}
	want = fixture_read(a, wanted);
	if (!span_equal(want, text_as_span(&got)))
		fail_msg("%s: wanted\n%.*s\n---- got ----\n%.*s", stem, SPAN_ARG(want), (int)got.n,
			 got.p);
	if (!res_schema_holds(schema, text_as_span(&got)))
		fail_msg("%s: not valid against the schema", stem);
}

static void test_golden_answers(void **state)
{
	struct arena *a = *state;
	const char *folder = fixture_path(a, "tests/golden/wco-res");
	struct res_schema schema = res_schema_open(a);
	DIR *d = opendir(folder);
	uint32_t n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t length = strlen(e->d_name);

		if (length < 6 || strcmp(e->d_name + length - 5, ".json") != 0)
			continue;
		check_answer(a, arena_print(a, "%s/%.*s", folder, (int)length - 5, e->d_name),
			     &schema);
		n++;
	}
	closedir(d);
	res_schema_close(&schema);
	assert_true(n >= 9);
}

/* In every language there is as much to read. */
static void test_texts_follow_the_language(void **state)
{
	struct arena *a = *state;
	const struct json *answer =
	    read_answer(a, fixture_read(a, fixture_path(a, "tests/golden/wco-res/rejected.json")));
	struct responses en, fr;

	assert_true(answer_to_responses(a, answer, SPAN("en"), &en));
	assert_true(answer_to_responses(a, answer, SPAN("fr"), &fr));
	assert_int_equal(en.list.v[0].errors.n, 3);
	assert_int_equal(fr.list.v[0].errors.n, 3);
	assert_false(span_equal(en.list.v[0].errors.v[0].text, fr.list.v[0].errors.v[0].text));
	assert_true(span_equal(en.list.v[0].errors.v[0].code, fr.list.v[0].errors.v[0].code));
}

/* Every state that a trader may be told has an answer, or is known to have none. */
static void test_every_public_state(void **state)
{
	static const char *const none[] = {"abandoned", "destroyed", "seized", "sold"};
	struct arena *a = *state;
	uint32_t without = 0;

	for (uint32_t i = 0; i < FLOW_STATES; i++) {
		/* under control by documents, and not */
		for (unsigned holds = 0; holds <= HOLD_DOCUMENTS; holds += HOLD_DOCUMENTS) {
			struct flow_case c = {.state = (enum flow_state)i, .holds = holds};
			const char *word = flow_public(&c, 1).state;
			const struct json *answer =
			    read_answer(a, span_of(arena_print(
					       a, "{\"reference\":\"R\",\"state\":\"%s\"}", word)));
			struct responses r;
			bool known = true;

			for (size_t k = 0; k < ARRAY_LEN(none); k++)
				known &= strcmp(word, none[k]) != 0;
			if (answer_to_responses(a, answer, SPAN("en"), &r) != known)
				fail_msg("%s: a response message is %s", word,
					 known ? "missing" : "not expected");
			without += !known;
		}
	}
	assert_int_equal(without, 2 * ARRAY_LEN(none));
}

/* The page that tells people has a row for each kind. */
static void test_the_page_lists_every_kind(void **state)
{
	struct arena *a = *state;
	struct span page = fixture_read(a, fixture_path(a, "docs/wco-res.md"));

	for (uint32_t i = 0; i < RESPONSE_KINDS; i++) {
		enum response_kind k = (enum response_kind)i;
		const char *row = arena_print(a, "| `%s` | %02u | %.0u", response_id(k),
					      response_function(k), response_status(k));

		if (!memmem(page.p, page.n, row, strlen(row)))
			fail_msg("docs/wco-res.md lacks: %s", row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_golden_answers),
	    arena_test(test_texts_follow_the_language),
	    arena_test(test_every_public_state),
	    arena_test(test_the_page_lists_every_kind),
	};

	xml_start();
	return cmocka_run_group_tests_name("res_golden", tests, NULL, NULL);
}
