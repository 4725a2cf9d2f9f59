/* Rules of origin in words: sentences that are understood, what joins them, and that nothing is guessed; a file of rule sets. */
#include <string.h>

#include "base/limits.h"
#include "ref/ref_origin.h"
#include "tariff/origin_text.h"
#include "tariff/uk_origin.h"
#include "unit.h"

static const struct {
	const char *text, *rule;
} cases[] = {
    {"Manufacture from materials of any heading, except that of the product.", "change heading"},
    {"Manufacture from materials of any heading.", "any"},
    {"<abbr title='x'>CTSH</abbr>", "change subheading"},
    {"Manufacture in which the value of all the materials used does not exceed **40%** of the "
     "ex-works price of the product",
     "max 40%"},
    {"Manufacture from materials of any heading, except that of the product. However, materials of "
     "the same heading as the product may be used, provided that their total value does not exceed "
     "**20%** of the ex-works price of the product",
     "change heading allowing 20%"},
    {"A change from any other chapter.", "change chapter"},
    {"Manufacture in which all the materials of [chapter&nbsp;7](/chapters/07) used are wholly "
     "obtained",
     "wholly-obtained of 07"},
    {"Your goods contain a Regional Value Content (RVC) of at least **55%** of the Free on Board "
     "(FOB) cost of the goods.",
     "content 55% build-down fob"},
    {"Weaving, combined with making-up, including cutting of fabric.",
     "(process WEAVING) and (process MAKING_UP)"},
    {"Weaving accompanied by dyeing or by coating.",
     "(process WEAVING) and ((process DYEING) or (process COATING))"},
    {"CTH or a chemical reaction is undergone", "(change heading) or (process CHEMICAL_REACTION)"},
    {"Manufacture from materials of any heading, except that of the product and of heading 8529",
     "change heading except 8529"},
    /* a word more, a number that is missing, a code that is none: nothing */
    {"Manufacture from materials of any heading, except that of the product, on Sundays.", ""},
    {"Manufacture in which the value of all the materials used does not exceed % of the ex-works "
     "price of the product",
     ""},
    {"Manufacture in which all the materials of chapter 123 used are wholly obtained", ""},
    {"Weaving or something else", ""},
    {"", ""},
    {"<", ""},
    {"[](", ""},
};

static struct arena *arena;

static void read_cases(void *context)
{
	(void)context;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct span plain = origin_text_plain(arena, span_of(cases[i].text));
		const struct span rule = origin_text_rule(arena, plain);
		const struct origin_node *node;
		const char *text;
		uint32_t at;

		if (!span_is(rule, cases[i].rule))
			fail_msg("\"%s\" became \"%.*s\"", cases[i].text, SPAN_ARG(rule));
		if (rule.n)
			assert_int_equal(origin_rule_parse(arena, rule, &node, &text, &at),
					 ERR_NONE);
	}
}

static void test_sentences(void **state)
{
	(void)state;
	arena = arena_new(LIMIT_ARENA_BYTES);
	assert_int_equal(arena_run(arena, read_cases, NULL), ERR_NONE);
	arena_free(arena);
}

/* A text that could be cut in very many ways ends. */
static void read_many(void *context)
{
	struct text t = text_in(arena);

	(void)context;
	for (int i = 0; i < 700; i++)
		text_string(&t, "cth or ");
	assert_int_equal(origin_text_rule(arena, text_as_span(&t)).n, 0);
	t.n = 3900;
	(void)origin_text_rule(arena, text_as_span(&t));
}

static void test_bounded(void **state)
{
	(void)state;
	arena = arena_new(LIMIT_ARENA_BYTES);
	assert_int_equal(arena_run(arena, read_many, NULL), ERR_NONE);
	arena_free(arena);
}

static const char file[] =
    "{\"rule_sets\": [\n"
    "{\"min\": \"2710000000\", \"max\": \"2710999999\", \"rules\": [{\"rule\": \"CTH\", "
    "\"operator\": null},"
    " {\"rule\": \"Weaving.\", \"operator\": \"or\"}]},\n"
    "{\"min\": \"0100000000\", \"max\": \"0599999999\", \"rules\": [{\"rule\": \"CC\"}]},\n"
    "{\"min\": \"0600000000\", \"max\": \"0699999999\", \"rules\": [{\"rule\": \"CC\"}, {\"rule\": "
    "\"CTH\"}]},\n"
    "{\"min\": \"07\", \"max\": \"0799999999\", \"rules\": [{\"rule\": \"CC\"}]},\n"
    "{\"min\": \"0800000000\", \"max\": \"0899999999\", \"rules\": [{\"rule\": \"As the moon "
    "stands\"}]}]}";

static void read_sets(void *context)
{
	struct uk_origin u = {.arena = arena,
			      .agreement = SPAN("JAPAN"),
			      .from = SPAN("2026-01-01"),
			      .name = "japan.json",
			      .report = text_in(arena),
			      .table = text_in(arena)};
	struct codec_fault fault;

	(void)context;
	assert_int_equal(uk_origin_read(&u, span_of(file), &fault), ERR_NONE);
	assert_int_equal(u.sets, 5);
	assert_int_equal(u.sets_understood, 2);
	assert_int_equal(u.rules, 7);
	assert_int_equal(u.rules_understood, 6);
	text_char(&u.table, '\0');
	assert_string_equal(
	    u.table.p, "JAPAN,2710,,\"change heading or process "
		       "WEAVING\",,,2026-01-01,,\"japan.json, line 2\"\n"
		       "JAPAN,01-05,,\"change chapter\",,,2026-01-01,,\"japan.json, line 3\"\n");
	assert_int_equal(uk_origin_read(&u, SPAN("{}"), &fault), ERR_FORMAT);
	assert_int_equal(uk_origin_read(&u, SPAN("{"), &fault), ERR_FORMAT);
}

static void test_rule_sets(void **state)
{
	(void)state;
	arena = arena_new(LIMIT_ARENA_BYTES);
	assert_int_equal(arena_run(arena, read_sets, NULL), ERR_NONE);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sentences),
					   cmocka_unit_test(test_bounded),
					   cmocka_unit_test(test_rule_sets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
