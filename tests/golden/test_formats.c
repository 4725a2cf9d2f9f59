/* What holds for every format of declarations, whichever is added: whatever the dictionary can say, written and read again, is the
 * same, or is told to be lost; and every real file of the field (CUSTOMHOUSE_SHARED) that a format reads comes through all of them.
 *
 *   test_formats [CASES]   random declarations, 2,000 unless given */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "msg/convert.h"
#include "msg_case.h"
#include "random_declaration.h"

enum { CASES = 2000, FILES_MAX = 5000 };

static uint64_t cases = CASES;

/* Formats that carry all that the dictionary has. */
static bool carries_all(const struct msg_format *f)
{
	return !strcmp(f->id, "json") || !strcmp(f->id, "csv") || !strcmp(f->id, "wco-dec");
}

static bool is_lost(const struct conversion *c, const struct lost *l)
{
	for (uint32_t i = 0; i < c->lost.n; i++)
		if (span_equal(c->lost.v[i].place, l->place))
			return true;
	return false;
}

/* Bytes in one format through another and back: what was not told to be lost is there, and the second time nothing is lost. */
static void expect_there_and_back(struct arena *a, struct span bytes, const struct msg_format *from,
				  const struct msg_format *over, const char *what)
{
	struct conversion *there = ARENA_NEW(a, struct conversion),
			  *again = ARENA_NEW(a, struct conversion),
			  *settled = ARENA_NEW(a, struct conversion),
			  *compared = ARENA_NEW(a, struct conversion);
	struct codec_fault fault;
	enum err e = msg_convert(a, bytes, from, NULL, over, there, &fault);

	if (e)
		fail_msg("%s: to %s: %u:%u: %s", what, over->id, fault.line, fault.column,
			 fault.text);
	e = msg_convert(a, text_as_span(&there->written), NULL, NULL, over, again, &fault);
	if (e)
		fail_msg("%s: %s again: %u:%u: %s", what, over->id, fault.line, fault.column,
			 fault.text);
	/* A format may demand what was not said, such as a unit: then it is said from there on. */
	if (again->lost.n && !carries_all(over) &&
	    !msg_convert(a, text_as_span(&again->written), NULL, NULL, over, settled, &fault))
		again->lost.n = settled->lost.n;
	if (again->lost.n)
		fail_msg("%s: %s: what it wrote itself loses %.*s: %.*s -> %.*s", what, over->id,
			 SPAN_ARG(again->lost.v[0].place), SPAN_ARG(again->lost.v[0].value),
			 SPAN_ARG(again->lost.v[0].now));
	msg_compare(a, &there->message, &again->message, compared);
	for (uint32_t i = 0; i < compared->lost.n; i++)
		if (!is_lost(there, &compared->lost.v[i]))
			fail_msg("%s: %s: %.*s is lost, and nothing said so", what, over->id,
				 SPAN_ARG(compared->lost.v[i].place));
	/* Controls have no place in XML nor in a table; nothing else is lost. */
	for (uint32_t i = 0; carries_all(over) && i < there->lost.n; i++)
		if (!there->lost.v[i].unmapped)
			fail_msg("%s: %s loses %.*s: %.*s -> %.*s", what, over->id,
				 SPAN_ARG(there->lost.v[i].place), SPAN_ARG(there->lost.v[i].value),
				 SPAN_ARG(there->lost.v[i].now));
	/* nothing comes in on the way */
	compared->lost.n = 0;
	msg_compare(a, &again->message, &there->message, compared);
	for (uint32_t i = 0; carries_all(over) && i < compared->lost.n; i++)
		fail_msg("%s: %s adds %.*s", what, over->id, SPAN_ARG(compared->lost.v[i].place));
}

static void over_all_formats(struct arena *a, struct span bytes, const struct msg_format *from,
			     const char *what)
{
	uint32_t n;
	const struct msg_format *const *all = msg_formats(&n);

	for (uint32_t i = 0; i < n; i++)
		if (all[i]->carries == MSG_DECLARATIONS && all[i]->reads && all[i]->writes)
			expect_there_and_back(a, bytes, from, all[i], what);
}

struct one_case {
	struct arena *arena;
	struct span bytes;
	const struct msg_format *from;
	const char *what;
};

static void run_case(void *context)
{
	struct one_case *c = context;

	over_all_formats(c->arena, c->bytes, c->from, c->what);
}

static void test_random_declarations(void **state)
{
	struct arena *a = arena_new((size_t)1 << 30);

	(void)state;
	xml_start();
	for (uint64_t n = 0; n < cases; n++) {
		/* Few values, and now and then many. */
		struct random_fill r = {.arena = a, .prng = prng_of(2026, n)};
		struct message *m;
		struct one_case c = {.arena = a, .from = msg_format_by_id(SPAN("json"))};
		struct text t;

		arena_reset(a);
		r.ppm = n % 50 == 0 ? 700000 : 120000;
		m = ARENA_NEW(a, struct message);
		random_class(&r, &dict_declaration, &m->declaration);
		if (n % 2)
			random_class(&r, &dict_envelope, &m->envelope);
		t = text_in(a);
		msg_write_json(&t, m);
		c.bytes = text_as_span(&t);
		c.what = arena_print(a, "declaration %llu", (unsigned long long)n);
		assert_int_equal(arena_run(a, run_case, &c), 0);
	}
	arena_free(a);
}

/* ---- the files of the field ---- */

static char *files[FILES_MAX];
static uint32_t file_count;

static int add_file(const char *path, const struct stat *s, int type, struct FTW *where)
{
	(void)s, (void)where;
	if (type != FTW_F || strstr(path, "/schemas/") || strstr(path, "xsd") ||
	    strstr(path, "/names/") || strstr(path, "/reference/"))
		return 0;
	assert_true(file_count < FILES_MAX);
	files[file_count] = strdup(path);
	assert_non_null(files[file_count++]);
	return 0;
}

static struct span slurp(struct arena *a, const char *path)
{
	struct text t = text_in(a);
	FILE *in = fopen(path, "rb");
	size_t n;

	assert_non_null(in);
	do {
		char *to = text_room(&t, 65536);

		n = fread(to, 1, 65536, in);
		t.n += n;
	} while (n);
	fclose(in);
	return text_as_span(&t);
}

static void test_real_files(void **state)
{
	const char *shared = getenv("CUSTOMHOUSE_SHARED");
	struct arena *a = arena_new((size_t)1 << 30);
	uint32_t read = 0;

	(void)state;
	xml_start();
	if (!shared || nftw(shared, add_file, 16, FTW_PHYS)) {
		print_message("# no files of the field: CUSTOMHOUSE_SHARED is not there\n");
		arena_free(a);
		skip();
	}
	for (uint32_t i = 0; i < file_count; i++) {
		struct one_case c = {.arena = a, .what = files[i]};
		struct message m;
		struct findings f;
		struct codec_fault fault;

		arena_reset(a);
		c.bytes = slurp(a, files[i]);
		c.from = c.bytes.n <= LIMIT_MESSAGE_BYTES ? msg_recognise(c.bytes) : NULL;
		if (!c.from || msg_read(a, c.bytes, c.from, &m, &f, &fault))
			continue;
		/* A file with error findings holds what the model's bounds refuse. */
		if (f.errors)
			continue;
		read++;
		assert_int_equal(arena_run(a, run_case, &c), 0);
	}
	print_message("# %u of %u files hold declarations\n", read, file_count);
	assert_true(read >= 100);
	while (file_count)
		free(files[--file_count]);
	arena_free(a);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_declarations),
	    cmocka_unit_test(test_real_files),
	};

	if (argc > 1)
		cases = strtoull(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
