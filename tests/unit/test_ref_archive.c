/* ref: how the files of a pack travel as one run of bytes. */
#include "ref_pack.h"

struct work {
	struct arena *arena;
	struct pack_file *files;
	uint32_t n;
	struct span archive;
	enum err err;
};

static void pack(void *context)
{
	struct work *w = context;

	w->archive = pack_archive(w->arena, w->files, w->n);
}

static void unpack(void *context)
{
	struct work *w = context;

	w->err = pack_open(w->arena, w->archive, &w->files, &w->n);
}

static enum err open_bytes(struct arena *a, struct span bytes, struct work *ret)
{
	*ret = (struct work){.arena = a, .archive = bytes};
	assert_int_equal(arena_run(a, unpack, ret), ERR_NONE);
	return ret->err;
}

static void test_same_files_same_bytes(void **state)
{
	struct pack_file one[] = {{SPAN("b.csv"), SPAN("x\n")}, {SPAN("a.csv"), SPAN("")}};
	struct pack_file two[] = {{SPAN("a.csv"), SPAN("")}, {SPAN("b.csv"), SPAN("x\n")}};
	struct work w = {*state, one, 2, {0}, ERR_NONE}, v = {*state, two, 2, {0}, ERR_NONE};

	assert_int_equal(arena_run(*state, pack, &w), ERR_NONE);
	assert_int_equal(arena_run(*state, pack, &v), ERR_NONE);
	assert_span(w.archive, "customhouse-pack 1\na.csv 0\nb.csv 2\nx\n");
	assert_true(span_equal(w.archive, v.archive));
}

static void test_opens_what_was_packed(void **state)
{
	struct work w;

	assert_int_equal(
	    open_bytes(*state, SPAN("customhouse-pack 1\na.csv 0\nb.csv 4\na 1\n"), &w), ERR_NONE);
	assert_int_equal(w.n, 2);
	assert_span(w.files[0].name, "a.csv");
	assert_int_equal(w.files[0].bytes.n, 0);
	assert_span(w.files[1].name, "b.csv");
	assert_span(w.files[1].bytes, "a 1\n");
	assert_int_equal(open_bytes(*state, SPAN("customhouse-pack 1\n"), &w), ERR_NONE);
	assert_int_equal(w.n, 0);
}

/* Only one text of bytes means a set of files: whatever differs in the least is none. */
static void test_refuses_what_is_not_canonical(void **state)
{
	static const char *const bad[] = {
	    "",
	    "customhouse-pack 1",
	    "customhouse-pack 2\n",
	    "customhouse-pack 1\nb.csv 0\na.csv 0\n",
	    "customhouse-pack 1\na.csv 0\na.csv 0\n",
	    "customhouse-pack 1\na.csv 1\n",
	    "customhouse-pack 1\na.csv 00\n",
	    "customhouse-pack 1\na.csv 01\nx",
	    "customhouse-pack 1\na.csv +1\nx",
	    "customhouse-pack 1\na.csv  1\nx",
	    "customhouse-pack 1\na.csv 4294967297\nx",
	    "customhouse-pack 1\na.csv\nx",
	    "customhouse-pack 1\na.csv 1",
	    "customhouse-pack 1\n 1\nx",
	    "customhouse-pack 1\n../a.csv 1\nx",
	    "customhouse-pack 1\na/b.csv 1\nx",
	    "customhouse-pack 1\n.csv 1\nx",
	    "customhouse-pack 1\na.csv 1\nxy",
	};
	struct work w;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (open_bytes(*state, span_of(bad[i]), &w) != ERR_FORMAT)
			fail_msg("taken for an archive: %s", bad[i]);
}

static void test_bounds_the_files(void **state)
{
	struct text t = text_in(*state);
	char line[32];
	struct work w;
	char *bytes = arena_try(*state, 32 * (LIMIT_PACK_FILES + 2));

	assert_non_null(bytes);
	t.p = bytes;
	t.room = 32 * (LIMIT_PACK_FILES + 2);
	text_string(&t, "customhouse-pack 1\n");
	for (int i = 0; i < LIMIT_PACK_FILES; i++) {
		snprintf(line, sizeof(line), "%06d.csv 0\n", i);
		text_string(&t, line);
	}
	assert_int_equal(open_bytes(*state, text_as_span(&t), &w), ERR_NONE);
	text_string(&t, "z.csv 0\n");
	assert_int_equal(open_bytes(*state, text_as_span(&t), &w), ERR_LIMIT);
}

static void test_knows_the_part_of_a_file(void **state)
{
	(void)state;
	assert_int_equal(pack_part_of(SPAN("measures.csv")), PACK_TABLES);
	assert_int_equal(pack_part_of(SPAN("mesures.csv")), PACK_TABLES);
	assert_int_equal(pack_part_of(SPAN("lists.csv")), PACK_LISTS);
	assert_int_equal(pack_part_of(SPAN("drinks.rules")), PACK_RULES);
	assert_int_equal(pack_part_of(SPAN("README.md")), PACK_PARTS);
	assert_int_equal(pack_part_of(SPAN(".csv")), PACK_PARTS);
	assert_int_equal(pack_part_of(SPAN(".hidden.csv")), PACK_PARTS);
	assert_int_equal(pack_part_of(SPAN("two words.csv")), PACK_PARTS);
	assert_string_equal(pack_part_name(PACK_TABLES), "pack");
	assert_string_equal(pack_part_name(PACK_RULES), "rules");
	assert_string_equal(pack_part_name(PACK_LISTS), "lists");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_same_files_same_bytes),         arena_test(test_opens_what_was_packed),
	    arena_test(test_refuses_what_is_not_canonical), arena_test(test_bounds_the_files),
	    arena_test(test_knows_the_part_of_a_file),
	};

	return cmocka_run_group_tests_name("ref_archive", tests, NULL, NULL);
}
