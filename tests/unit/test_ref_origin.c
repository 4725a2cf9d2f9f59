/* ref: rules of origin and their tables, and where a bad one is bad. */
#include "ref_pack.h"

#include "ref/ref_origin.h"

struct parsing {
	struct arena *arena;
	struct span text;
	const struct origin_node *rule;
	const char *why;
	uint32_t at;
	enum err err;
};

static void parse(void *context)
{
	struct parsing *p = context;

	p->err = origin_rule_parse(p->arena, p->text, &p->rule, &p->why, &p->at);
}

static struct parsing parsed(struct arena *a, struct span text)
{
	struct parsing p = {.arena = a, .text = text};

	assert_int_equal(arena_run(a, parse, &p), ERR_NONE);
	return p;
}

static const struct origin_node *good(struct arena *a, const char *text)
{
	struct parsing p = parsed(a, span_of(text));

	if (p.err)
		fail_msg("\"%s\" is refused at %u: %s", text, p.at, p.why);
	return p.rule;
}

static void test_rules(void **state)
{
	const struct origin_node *n =
	    good(*state, "change heading except 72-83, 8401 allowing 20%");

	assert_int_equal(n->test, ORIGIN_CHANGE);
	assert_int_equal(n->level, 4);
	assert_span(n->codes->from, "72");
	assert_span(n->codes->to, "83");
	assert_span(n->codes->next->to, "8401");
	assert_int_equal(n->percent.units, 20);
	assert_true(origin_codes_have(n->codes, SPAN("830110")));
	assert_true(origin_codes_have(n->codes, SPAN("840110")));
	assert_false(origin_codes_have(n->codes, SPAN("840210")));
	assert_false(origin_codes_have(n->codes, SPAN("840")));
	n = good(*state, "content 45.5% build-down fob");
	assert_true(n->content == CONTENT_BUILD_DOWN && n->basis == BASIS_FOB);
	/* and binds tighter; brackets turn it round */
	n = good(*state, "any or process A and max 5%");
	assert_int_equal(n->test, ORIGIN_ANY_OF);
	assert_int_equal(n->child->next->test, ORIGIN_ALL_OF);
	assert_span(n->child->next->text, "process A and max 5%");
	assert_null(n->child->next->next);
	n = good(*state, "(any or process A) and max 5%");
	assert_int_equal(n->test, ORIGIN_ALL_OF);
	assert_span(n->child->text, "(any or process A)");
	assert_int_equal(n->child->test, ORIGIN_ANY_OF);
	assert_int_equal(good(*state, "((any))")->test, ORIGIN_FREELY);
}

static void test_bad_rules_are_located(void **state)
{
	static const struct {
		const char *text;
		uint32_t at;
	} bad[] = {
	    {"", 0},
	    {"   ", 3},
	    {"change", 6},
	    {"change family", 7},
	    {"change heading except", 21},
	    {"change heading except 123", 22},
	    {"change heading except 83-72", 22},
	    {"change heading except 72-8301", 22},
	    {"change heading except 72,", 25},
	    {"change heading allowing 101%", 24},
	    {"max", 3},
	    {"max 50", 6},
	    {"max 1.23456%", 4},
	    {"max -5%", 4},
	    {"max 5% of", 9},
	    {"weight 5%", 9},
	    {"content 5%", 10},
	    {"content 5% by-hand", 11},
	    {"content 5% net-cost fob", 20},
	    {"content 5% focused", 18},
	    {"process", 7},
	    {"any any", 4},
	    {"any or", 6},
	    {"any and or any", 8},
	    {"(any", 4},
	    {"any)", 3},
	    {"(((((((((any)))))))))", 8},
	    {"any; any", 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct parsing p = parsed(*state, span_of(bad[i].text));

		if (p.err != ERR_FORMAT)
			fail_msg("\"%s\" is taken", bad[i].text);
		assert_non_null(p.why);
		assert_null(p.rule); /* written only on success */
		if (p.at != bad[i].at)
			fail_msg("\"%s\" is bad at %u, not at %u (%s)", bad[i].text, bad[i].at,
				 p.at, p.why);
	}
}

struct repeating {
	struct arena *arena;
	const char *begin, *part;
	size_t times;
	struct text text;
};

static void repeat(void *context)
{
	struct repeating *r = context;

	r->text = text_in(r->arena);
	text_string(&r->text, r->begin);
	for (size_t i = 0; i < r->times; i++)
		text_string(&r->text, r->part);
}

static enum err parse_repeated(struct arena *a, const char *begin, const char *part, size_t times)
{
	struct repeating r = {a, begin, part, times, {0}};

	assert_int_equal(arena_run(a, repeat, &r), ERR_NONE);
	return parsed(a, text_as_span(&r.text)).err;
}

static void test_hostile_rules(void **state)
{
	static const struct {
		const char *begin, *part;
		size_t most; /* times that part may stand there */
	} rules[] = {
	    {"any", " or any", LIMIT_ORIGIN_TESTS - 1},
	    {"max 5% of 01", ",02", LIMIT_ORIGIN_CODES - 1},
	    {"any", " ", LIMIT_ORIGIN_RULE_BYTES - 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		for (size_t over = 0; over < 2; over++)
			assert_int_equal(parse_repeated(*state, rules[i].begin, rules[i].part,
							rules[i].most + over),
					 over ? ERR_FORMAT : ERR_NONE);
	assert_int_equal(parse_repeated(*state, "", "(", LIMIT_ORIGIN_RULE_BYTES), ERR_FORMAT);
}

#define AGREEMENTS                                                                                 \
	"agreement,area,preference,cumulation,with,tolerance,textile_tolerance,transport,"         \
	"name_en,name_fr,from,to,source\n"
#define RULES  "agreement,commodity,part,rule,part_en,part_fr,from,to,source\n"
#define PROOFS "agreement,document,exporter,limit,months,from,to,source\n"

static void must_refuse(struct test_pack *p, const char *faults)
{
	assert_int_equal(test_pack_load(p), ERR_FORMAT);
	assert_string_equal(test_pack_faults(p).p, faults);
}

static void test_tables_have_faults(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");

	test_pack_set(&p, "origin_agreements.csv",
		      AGREEMENTS "A,XM,300,none,FREE,10,,direct,A,A,2025-01-01,,s\n"
				 "B,ZZZ,999,diagonal,,100.5%,x%,by air,B,,2025-01-01,,s\n");
	test_pack_set(&p, "origin_rules.csv",
		      RULES "C,01,,any,,,2025-01-01,,s\n"
			    "A,011,,any,,,2025-01-01,,s\n"
			    "A,02-01,,any,,,2025-01-01,,s\n"
			    "A,03,P Q,any,x,y,2025-01-01,,s\n"
			    "A,04,P,any,x,,2025-01-01,,s\n"
			    "A,05,,any or process FLYING,,,2025-01-01,,s\n"
			    "A,06,,any or,,,2025-01-01,,s\n"
			    "A,07,,any,,,2025-01-01,,s\n"
			    "A,07,,max 5%,,,2026-01-01,,s\n");
	test_pack_set(&p, "origin_proofs.csv",
		      PROOFS "A,N954,anybody,,10,2025-01-01,,s\n"
			     "A,N865,any,6000,10,2025-01-01,,s\n"
			     "A,NOPE,any,6000 QQQ,0,2025-01-01,,s\n");
	must_refuse(
	    &p, "origin_agreements.csv:2:15: origin.cumulation: only diagonal and full cumulation "
		"are with other countries\n"
		"origin_agreements.csv:2:20: origin.tolerance: a tolerance is a per cent from 0 to "
		"100, such as 10%, with at most four decimals, or empty\n"
		"origin_agreements.csv:3:3: area.unknown: there is no area \"ZZZ\"\n"
		"origin_agreements.csv:3:7: preference.unknown: there is no preference \"999\"\n"
		"origin_agreements.csv:3:20: origin.cumulation: diagonal cumulation must say with "
		"which countries\n"
		"origin_agreements.csv:3:21: origin.tolerance: a tolerance is a per cent from 0 to "
		"100, such as 10%, with at most four decimals, or empty\n"
		"origin_agreements.csv:3:28: origin.tolerance: a tolerance is a per cent from 0 to "
		"100, such as 10%, with at most four decimals, or empty\n"
		"origin_agreements.csv:3:31: field.choice: transport \"by air\" must be one of: "
		"any direct\n"
		"origin_agreements.csv:3:40: field.empty: name_fr must not be empty\n"
		"origin_proofs.csv:2:8: field.choice: exporter \"anybody\" must be one of: any "
		"approved registered\n"
		"origin_proofs.csv:3:12: origin.limit: a limit is an amount and its currency, or "
		"empty\n"
		"origin_proofs.csv:4:3: document.unknown: there is no document \"NOPE\"\n"
		"origin_proofs.csv:4:17: currency.unknown: there is no currency \"QQQ\"\n"
		"origin_proofs.csv:4:21: field.range: months 0 must lie in 1 to 120\n"
		"origin_rules.csv:2:1: agreement.unknown: there is no agreement \"C\"\n"
		"origin_rules.csv:3:3: origin.goods: \"011\" is no code of two to ten digits, an "
		"even number of them, and no range of two such codes\n"
		"origin_rules.csv:4:3: origin.goods: \"02-01\" is no code of two to ten digits, an "
		"even number of them, and no range of two such codes\n"
		"origin_rules.csv:5:6: origin.part: a part is one word, and its goods are said in "
		"part_en and part_fr\n"
		"origin_rules.csv:6:6: origin.part: a part is one word, and its goods are said in "
		"part_en and part_fr\n"
		"origin_rules.csv:7:22: process.unknown: there is no process \"FLYING\"\n"
		"origin_rules.csv:8:13: origin.syntax: a condition is expected here: "
		"wholly-obtained, change, max, weight, content, process or any\n"
		"origin_rules.csv:10:16: dates.overlap: line 9 already says this for some of these "
		"days\n");
}

static const struct ref_origin_rule *rule_of(const struct refset *r, const char *code,
					     const char *day)
{
	const struct ref_agreement *g = ref_agreement(r, SPAN("A"), test_day(day));

	return g ? ref_origin_rule(g, span_of(code), test_day(day)) : NULL;
}

static void test_the_narrowest_row_counts(void **state)
{
	struct test_pack p = test_pack_folder(*state, "packs/landfall");
	const struct ref_origin_rule *one;
	const struct refset *r;

	test_pack_set(&p, "origin_agreements.csv",
		      AGREEMENTS "A,XM,300,none,,10%,8.5%,direct,A,A,2025-01-01,,s\n");
	test_pack_set(&p, "origin_rules.csv",
		      RULES "A,01-97,,any,,,2025-01-01,,s\n"
			    "A,0101-0106,,change chapter,,,2025-01-01,2025-12-31,s\n"
			    "A,0101-0106,,change heading,,,2026-01-01,,s\n"
			    "A,0103,X,any,x,x,2025-01-01,,s\n"
			    "A,0103,Y,any,y,y,2025-01-01,,s\n");
	test_pack_set(&p, "origin_proofs.csv", NULL);
	r = test_pack_good(&p);
	assert_span(rule_of(r, "010121", "2025-06-01")->text, "change chapter");
	assert_span(rule_of(r, "010121", "2026-06-01")->text, "change heading");
	assert_span(rule_of(r, "8504409010", "2026-06-01")->text, "any");
	assert_null(rule_of(r, "9801000000", "2026-06-01"));
	assert_null(rule_of(r, "010121", "2024-06-01"));
	one = rule_of(r, "010391", "2026-06-01");
	assert_span(one->part, "X");
	one = ref_origin_part(ref_agreements(r), one, one, test_day("2026-06-01"));
	assert_span(one->part, "Y");
	assert_int_equal(one->line, 6);
	assert_null(ref_origin_part(ref_agreements(r), one, one, test_day("2026-06-01")));
	assert_int_equal(ref_agreements(r)->textile_tolerance.units, 85);
}

static int pack_arena_new(void **state)
{
	*state = arena_new((size_t)LIMIT_PACK_BYTES);
	return *state ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_rules),
	    arena_test(test_bad_rules_are_located),
	    arena_test(test_hostile_rules),
	    cmocka_unit_test_setup_teardown(test_tables_have_faults, pack_arena_new,
					    unit_arena_free),
	    cmocka_unit_test_setup_teardown(test_the_narrowest_row_counts, pack_arena_new,
					    unit_arena_free),
	};

	return cmocka_run_group_tests_name("ref_origin", tests, NULL, NULL);
}
