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
    {"CTH: All non-originating materials used in the production of the good have undergone a "
     "change in tariff classification at the 4-digit level (tariff heading) except from "
     "non-originating materials of heading 1108",
     "change heading except 1108"},
    {"Manufacture:\n\n- from materials of any heading, except that of the product, and\n\n- in "
     "which the value of all the materials used does not exceed **50%** of the ex-works price of "
     "the product",
     "change heading and max 50%"},
    {"Making-up including cutting of fabric preceded by printing (as standalone operation)",
     "(process MAKING_UP) and (process PRINTING_ALONE)"},
    /* whose goods they are is not said here */
    {"A change to a good of heading 1704 from any other heading", ""},
    {"A change to any other good of subheading 030444 from any other heading", ""},
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

/* A rule that names its goods counts where they are all of the set's, and a list where nothing else is asked. */
static const struct {
	const char *low, *high, *rules[4];
	const char *row; /* "": the set is left out */
} sets[] = {
    {"0304310000",
     "0304399999",
     {"A change to a good of [subheading&nbsp;030431](/x) through 030439 from any other heading."},
     "change heading"},
    {"0101000000",
     "0106999999",
     {"A change to a good of heading 0101 to heading 0106 from any other chapter."},
     "change chapter"},
    {"4816000000",
     "4816999999",
     {"A change to a good of heading 4816 from any other heading, except from heading 4809."},
     "change heading except 4809"},
    {"0101000000",
     "0107999999",
     {"A change to a good of heading 0101 to heading 0106 from any other chapter."},
     ""},
    {"0100000000",
     "0106999999",
     {"A change to a good of heading 0101 to heading 0106 from any other chapter."},
     ""},
    {"2103900000",
     "2103999999",
     {"A change to a good of subheading 210390 from any other subheading",
      "No change in tariff classification required for a good of subheading 210390, provided there "
      "is a regional value content of not less than:\n\n- a) **30%** under the build-up method.",
      "- b) **40%** under the build-down method.",
      "- c) **50%** under the focused value method taking into account only the non-originating "
      "materials of heading 4304"},
     "change subheading or content 30% build-up fob or content 40% build-down fob or content 50% "
     "focused fob of 4304"},
    {"2103900000",
     "2103999999",
     {"A change to a good of subheading 210390 from any other subheading",
      "- b) **40%** under the build-down method."},
     ""},
};

static void read_own_goods(void *context)
{
	(void)context;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct text bytes = text_in(arena);
		struct json_writer w = json_to(&bytes);
		struct uk_origin u = {.arena = arena,
				      .agreement = SPAN("A"),
				      .from = SPAN("2026-01-01"),
				      .name = "a.json",
				      .report = text_in(arena),
				      .table = text_in(arena)};
		struct codec_fault fault;
		const char *row;

		json_open_object(&w);
		json_name(&w, "rule_sets");
		json_open_array(&w);
		json_open_object(&w);
		json_put_c(&w, "min", sets[i].low);
		json_put_c(&w, "max", sets[i].high);
		json_name(&w, "rules");
		json_open_array(&w);
		for (int k = 0; k < 4 && sets[i].rules[k]; k++) {
			json_open_object(&w);
			json_put_c(&w, "rule", sets[i].rules[k]);
			json_put_c(&w, "operator", "or");
			json_close_object(&w);
		}
		json_close_array(&w);
		json_close_object(&w);
		json_close_array(&w);
		json_close_object(&w);
		assert_int_equal(uk_origin_read(&u, text_as_span(&bytes), &fault), ERR_NONE);
		text_char(&u.table, '\0');
		row = *sets[i].row ? strstr(u.table.p, arena_print(arena, "\"%s\"", sets[i].row))
				   : u.table.p;
		if (!row || (!*sets[i].row && *row))
			fail_msg("set %zu became %s", i, u.table.p);
	}
}

static void test_own_goods(void **state)
{
	(void)state;
	arena = arena_new(LIMIT_ARENA_BYTES);
	assert_int_equal(arena_run(arena, read_own_goods, NULL), ERR_NONE);
	arena_free(arena);
}

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
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sentences), cmocka_unit_test(test_bounded),
	    cmocka_unit_test(test_own_goods), cmocka_unit_test(test_rule_sets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
