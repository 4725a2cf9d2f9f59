/* risk: reading rule files; every fault with its place. */
#include "risk_case.h"

#define HEAD  "rule A \"a\" from 2026-01-01 owner \"us\" when "
#define ROUTE "when item.price > 1" TAIL
#define TAIL  " then red because \"y\""

static void assert_faults(struct risk_case *c, const char *rules, const char *faults)
{
	assert_int_equal(risk_case_compile(c, rules), ERR_FORMAT);
	assert_null(c->rules);
	assert_string_equal(risk_case_faults(c), faults);
}

static void test_a_rule_whole(void **state)
{
	struct risk_case *c = risk_case(state);
	const struct risk_rule *r;

	risk_case_good(
	    c, "# remark\n\nrule R-1_b \"He said \"\"no\"\"\" # another\n"
	       "  from 2026-01-02 to 2026-12-31 owner \"targeting\" secrecy restricted\n"
	       "  when (item.net_mass > -1.50)\r\n"
	       "  then yellow 12.5% weight 1000 because \"W\xc3\xa9y.\"\n"
	       "rule B \"b\" from 2026-01-01 owner \"us\" when document has \"C640\" then blue "
	       "because \"y\"");
	assert_int_equal(risk_rule_count(c->rules), 2);
	r = risk_rule_find(c->rules, SPAN("R-1_b"));
	assert_ptr_equal(r, risk_rule_at(c->rules, 1));
	assert_span(r->id, "R-1_b");
	assert_span(r->title, "He said \"no\"");
	assert_span(r->owner, "targeting");
	assert_span(r->text, "W\xc3\xa9y.");
	assert_span(r->file, "a.rules");
	assert_int_equal(r->line, 3);
	assert_int_equal(r->secrecy, SECRECY_RESTRICTED);
	assert_int_equal(r->dates.from, test_day("2026-01-02"));
	assert_int_equal(r->dates.to, test_day("2026-12-31"));
	assert_int_equal(r->lane, LANE_YELLOW);
	assert_int_equal(r->rate_ppm, 125000);
	assert_int_equal(r->weight, 1000);
	assert_true(r->per_item);
	r = risk_rule_find(c->rules, SPAN("B"));
	assert_int_equal(r->secrecy, SECRECY_OFFICER);
	assert_int_equal(r->dates.to, INT32_MAX);
	assert_int_equal(r->rate_ppm, 1000000);
	assert_int_equal(r->weight, 0);
	assert_false(r->per_item);
	assert_null(risk_rule_find(c->rules, SPAN("C")));
	assert_null(risk_rule_find(c->rules, SPAN("")));
}

static void test_clauses(void **state)
{
	struct risk_case *c = risk_case(state);
	const struct risk_rule *r;

	risk_case_good(
	    c, "rule A \"a\" from 2026-01-02 owner \"us\" review 2026-07-01 secrecy restricted\n"
	       "  office \"XT001\", \"XT002\" direction import\n"
	       "  when item.net_mass > 1 then red because \"y\" note \"Open the box.\"\n"
	       "rule B \"b\" from 2026-01-01 owner \"us\" direction transit when "
	       "declaration.items > 0 then blue because \"y\"");
	r = risk_rule_at(c->rules, 0);
	assert_int_equal(r->review, test_day("2026-07-01"));
	assert_int_equal(r->direction, DIRECTION_IMPORT);
	assert_int_equal(r->office_count, 2);
	assert_span(r->offices[1], "XT002");
	assert_span(r->note, "Open the box.");
	r = risk_rule_at(c->rules, 1);
	assert_int_equal(r->review, INT32_MAX);
	assert_int_equal(r->office_count, 0);
	assert_int_equal(r->note.n, 0);
	c->items[0].commodity.net_mass.value = number("2");
	assert_string_equal(risk_case_says(c), "red 0; rule A/0 red 0");
	assert_span(c->got.reasons.v[0].note, "Open the box.");
	c->facts.office = SPAN("XT003");
	assert_string_equal(risk_case_says(c), "green 0");
	c->facts.office = SPAN("XT002");
	c->d.type = SPAN("EXA");
	assert_string_equal(risk_case_says(c), "green 0");
	c->d.type = SPAN("TRA");
	assert_string_equal(risk_case_says(c), "blue 0; rule B blue 0");
	assert_faults(c, "rule A \"a\" from 2026-01-01 owner \"us\" review 2025-12-31 " ROUTE,
		      "a.rules:1:46: dates.reversed: A: the review lies before the first day\n");
	assert_faults(c, "rule A \"a\" from 2026-01-01 owner \"us\" direction both " ROUTE,
		      "a.rules:1:49: rule.syntax: A: import, export or transit should stand before "
		      "\"both\"\n");
	assert_faults(c, "rule A \"a\" from 2026-01-01 owner \"us\" office XT001 " ROUTE,
		      "a.rules:1:46: rule.syntax: A: an office in quotes should stand before "
		      "\"XT001\"\n");
}

/* Types of fields on both sides, and of what is counted. */
static void test_types(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_faults(c, HEAD "item.net_mass > item.origin" TAIL,
		      "a.rules:1:60: rule.type: A: the field is a number, and \"item.origin\" is a "
		      "text\n");
	assert_faults(c, HEAD "item.origin = 2 * item.net_mass" TAIL,
		      "a.rules:1:62: rule.type: A: the field is a text, and a number of times "
		      "\"item.net_mass\" is a number\n");
	assert_faults(c, HEAD "declaration.day > \"2026\"" TAIL,
		      "a.rules:1:62: rule.type: A: the field is a day, and \"2026\" is a text\n");
	assert_faults(c, HEAD "declaration.day > 2026-02-30" TAIL,
		      "a.rules:1:62: dates.format: A: \"2026-02-30\" is not a day of the calendar, "
		      "written as 2026-11-22\n");
	assert_faults(c, HEAD "sum(item.origin) > 2" TAIL,
		      "a.rules:1:48: rule.type: A: this cannot be asked of a text\n");
	assert_faults(c, HEAD "distinct(item.net_mass) > 2" TAIL,
		      "a.rules:1:53: rule.type: A: this cannot be asked of a number\n");
	assert_faults(c, HEAD "sum(declaration.items) > 2" TAIL,
		      "a.rules:1:48: rule.type: A: \"declaration.items\" is no field of the "
		      "items\n");
	assert_faults(c, HEAD "count(where count() > 1) > 2" TAIL,
		      "a.rules:1:56: rule.syntax: A: a field of the items, and no count or sum of "
		      "its own, should stand before \"count\"\n");
	assert_faults(c, HEAD "count(item.origin) > 2" TAIL,
		      "a.rules:1:50: rule.syntax: A: where or a closing parenthesis should stand "
		      "before \"item.origin\"\n");
	assert_faults(
	    c, HEAD "item.origin = item.documents.type" TAIL,
	    "a.rules:1:58: rule.type: A: \"item.documents.type\" may have several values, "
	    "and can only stand on the left\n");
	assert_faults(c, HEAD "item.documents.number = \"1\"" TAIL,
		      "a.rules:1:44: rule.field: A: there is no field \"item.documents.number\"\n");
	assert_faults(c, HEAD "declaration.shipment.items.sequence = 1" TAIL,
		      "a.rules:1:44: rule.field: A: there is no field "
		      "\"declaration.shipment.items.sequence\"\n");
	assert_faults(c, HEAD "item.commodity. = \"1\"" TAIL,
		      "a.rules:1:44: rule.field: A: there is no field \"item.commodity.\"\n");
	assert_faults(c, HEAD "item.net_mass > 2 * 3" TAIL,
		      "a.rules:1:64: rule.syntax: A: a field should stand before \"3\"\n");
}

static void lay_out(void *context)
{
	struct risk_case *c = context;
	struct text t = text_in(c->arena);

	risk_format(&t, c->arena, c->pack.archive[PACK_RULES]);
	text_char(&t, '\0');
	c->pack.archive[PACK_RULES] = (struct span){t.p, (uint32_t)t.n - 1, 0};
}

static const char *laid_out(struct risk_case *c, const char *rules)
{
	c->pack.archive[PACK_RULES] = span_of(rules);
	assert_int_equal(arena_run(c->arena, lay_out, c), ERR_NONE);
	return c->pack.archive[PACK_RULES].p;
}

/* One form; laid out again it is the same. */
static void test_layout(void **state)
{
	static const char good[] =
	    "# The rules.\n"
	    "\n"
	    "# ---- one ----\n"
	    "\n"
	    "# of A\n"
	    "rule A \"a  b\"\n"
	    "  from 2026-01-01 to 2026-12-31 owner \"us\" office \"X\", \"Y\"\n"
	    "  when not (item.net_mass > 1 or sum(item.price where item.origin = \"X\") > 5)  # "
	    "why\n"
	    "    and item.commodity in (\"0101\", \"0102\") and document has \"C640\" and "
	    "item.origin "
	    "!= \"XX\"\n"
	    "    # more\n"
	    "    and item.price < 0.5 * item.net_mass\n"
	    "  then red 12.5% weight 100\n"
	    "  because \"a \"\"b\"\"\"\n"
	    "  note \"n\"\n"
	    "\n"
	    "rule B \"b\"\n"
	    "  from 2026-01-01 owner \"us\"\n"
	    "  when item.price > 1\n"
	    "  then blue\n"
	    "  because \"y\"\n";
	struct risk_case *c = risk_case(state);
	const char *again =
	    "# The rules.\n\n\n\n# ---- one ----  \n\n# of A\nrule  A \"a  b\" from 2026-01-01 to "
	    "2026-12-31\nowner \"us\" office \"X\" , \"Y\" when not ( item.net_mass>1 or\nsum ( "
	    "item.price where item.origin=\"X\")>5)# why\nand item.commodity "
	    "in(\"0101\",\"0102\")\n"
	    "and document has \"C640\" and item.origin != \"XX\"\n# more\nand item.price < 0.5*"
	    "item.net_mass then red 12.5 % weight 100 because \"a \"\"b\"\"\" note \"n\"\n"
	    "rule B \"b\" from 2026-01-01 owner \"us\" when item.price > 1 then blue because \"y\"";

	assert_string_equal(laid_out(c, again), good);
	assert_string_equal(laid_out(c, good), good);
	risk_case_good(c, good);
	assert_string_equal(laid_out(c, ""), "");
	assert_string_equal(laid_out(c, "# x"), "# x\n");
}

static void test_grammar(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_faults(c, "item.net_mass > 1",
		      "a.rules:1:1: rule.syntax: the word rule, at the beginning of a "
		      "line, should stand before \"item.net_mass\"\n");
	assert_faults(
	    c, "rule",
	    "a.rules:1:5: rule.syntax: the file ends where the id of the rule should stand\n");
	assert_faults(c, "rule A \"a\"\n  from 2026-01-01\n  when",
		      "a.rules:3:3: rule.syntax: A: the word owner should stand before \"when\"\n");
	assert_faults(
	    c, HEAD "item.price 5" TAIL,
	    "a.rules:1:55: rule.syntax: A: = != < <= > >= starts, contains or in should stand "
	    "before \"5\"\n");
	assert_faults(c, HEAD "item.price in 5" TAIL,
		      "a.rules:1:58: rule.syntax: A: list or an opening parenthesis should stand "
		      "before \"5\"\n");
	assert_faults(c, HEAD "item.price in (5 6)" TAIL,
		      "a.rules:1:61: rule.syntax: A: a comma or a closing parenthesis should stand "
		      "before \"6\"\n");
	assert_faults(
	    c, HEAD "(item.price > 5 then" TAIL,
	    "a.rules:1:60: rule.syntax: A: and, or, or a closing parenthesis should stand before "
	    "\"then\"\n");
	assert_faults(c, HEAD "document is \"C\"" TAIL,
		      "a.rules:1:53: rule.syntax: A: the word has should stand before \"is\"\n");
	assert_faults(c, HEAD "item.price > 5 then red 5 weight 6 because \"y\"",
		      "a.rules:1:70: rule.syntax: A: % should stand before \"weight\"\n");
	assert_faults(
	    c, HEAD "item.price > 5" TAIL " rule B",
	    "a.rules:1:80: rule.syntax: A: the next rule, at the beginning of a line, should stand "
	    "before \"rule\"\n");
	assert_faults(
	    c, HEAD "item.price > 5 and" TAIL,
	    "a.rules:1:63: rule.syntax: A: a field, not, document or an opening parenthesis should "
	    "stand before \"then\"\n");
}

/* One fault of the grammar a rule: reading goes on at the next, and what is only wrong is all found. */
static void test_all_faults_at_once(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_faults(
	    c,
	    "rule A \"a\" from 2026-02-30 owner \"\" when item.prize > 5 and item.price = \"x\"\n"
	    "  and item.origin < 7 and item.price starts \"1\" and item.price in list \"hubs\"\n"
	    "  then green 0% weight 1001 because \"y\"\n"
	    "rule B \"b\" owner \"us\" when rule C item.price\n"
	    "rule random \"c\" from 2026-02-01 to 2026-01-31 owner \"us\" when item.origin in list "
	    "\"nowhere\"\n"
	    "  then red 100.0001% because \"y\"\n"
	    "rule A \"a\" from 2026-01-01 owner \"us\" when item.origin = \"\" then red because "
	    "\"y\"\n",
	    "a.rules:1:17: dates.format: A: \"2026-02-30\" is not a day of the calendar, written "
	    "as 2026-11-22\n"
	    "a.rules:1:34: rule.text: A: the owner in quotes is empty\n"
	    "a.rules:1:42: rule.field: A: there is no field \"item.prize\"\n"
	    "a.rules:1:74: rule.type: A: the field is a number, and \"x\" is a text\n"
	    "a.rules:2:21: rule.type: A: the field is a text, and \"7\" is a number\n"
	    "a.rules:2:38: rule.type: A: starts compares texts, and the field is a number\n"
	    "a.rules:2:72: rule.type: A: lists hold texts, and the field is a number\n"
	    "a.rules:3:8: rule.lane: A: a rule asks for red, yellow or blue, not for \"green\"; "
	    "green is what "
	    "remains\n"
	    "a.rules:3:14: rule.number: A: a percentage is more than 0, at most 100, and has at "
	    "most four "
	    "decimals\n"
	    "a.rules:3:24: rule.number: A: a weight is a whole number from 0 to 1000\n"
	    "a.rules:4:12: rule.syntax: B: the word from should stand before \"owner\"\n"
	    "a.rules:5:6: rule.id: random: random is the name of the random stratum\n"
	    "a.rules:5:36: dates.reversed: random: the last day lies before the first\n"
	    "a.rules:5:83: rule.list: random: lists.csv has no list \"nowhere\"\n"
	    "a.rules:6:12: rule.number: random: a percentage is more than 0, at most 100, and has "
	    "at most four "
	    "decimals\n"
	    "a.rules:7:6: rule.duplicate: A: the id stands at a.rules:1 already\n"
	    "a.rules:7:58: rule.text: A: nothing is compared with an empty text: a missing value "
	    "holds in no "
	    "comparison\n");
}

static void test_bad_bytes(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_faults(c, HEAD "item.origin = \"X\n" TAIL,
		      "a.rules:1:58: rule.syntax: A: the text has no closing quote on its line\n");
	assert_faults(c, HEAD "item.origin & \"X\"" TAIL,
		      "a.rules:1:56: rule.syntax: A: this character has no meaning here\n");
	assert_faults(c, HEAD "item.origin = \"X\tY\"" TAIL,
		      "a.rules:1:58: rule.syntax: A: the text holds a control character\n");
	assert_faults(c, "\n  \xff",
		      "a.rules:2:3: rule.text: the file is not UTF-8 from here on\n");
	assert_faults(c, HEAD "item.price > 1.2.3" TAIL,
		      "a.rules:1:57: rule.number: A: \"1.2.3\" is not a number\n");
	assert_faults(c, HEAD "item.price > 1234567890123456789" TAIL,
		      "a.rules:1:57: rule.number: A: \"1234567890123456789\" has more than 18 "
		      "digits, or 9 behind "
		      "the point\n");
}

static void repeat(struct text *t, const char *s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		text_string(t, s);
}

/* A rule whose condition is a text n times over, between two others. */
static const char *long_rule(struct risk_case *c, const char *before, const char *again, uint32_t n,
			     const char *after)
{
	struct text t = text_in(c->arena);

	text_string(&t, HEAD);
	text_string(&t, before);
	repeat(&t, again, n);
	text_string(&t, after);
	text_string(&t, TAIL);
	text_char(&t, '\0');
	return t.p;
}

static void test_limits(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_good(c, long_rule(c, "item.price > 1", " or item.price > 1", 255, ""));
	assert_int_equal(
	    risk_case_compile(c, long_rule(c, "item.price > 1", " or item.price > 1", 9999, "")),
	    ERR_FORMAT);
	assert_int_equal(c->faults.list.n, 1);
	assert_string_equal(c->faults.list.v[0].text,
			    "A: a rule may compare no more than 256 times");
	risk_case_good(c, long_rule(c, "", "not ", 32, "item.price > 1"));
	assert_int_equal(risk_case_compile(c, long_rule(c, "", "not ", 33, "item.price > 1")),
			 ERR_FORMAT);
	assert_int_equal(c->faults.list.n, 1);
	assert_int_equal(risk_case_compile(c, long_rule(c, "", "(", 100000, "item.price > 1")),
			 ERR_FORMAT);
	assert_int_equal(c->faults.list.n, 1);
	assert_string_equal(c->faults.list.v[0].rule, "rule.limit");
	risk_case_good(c, long_rule(c, "item.price in (1", ",2", 999, ")"));
	assert_int_equal(risk_case_compile(c, long_rule(c, "item.price in (1", ",2", 1000, ")")),
			 ERR_FORMAT);
	assert_string_equal(c->faults.list.v[0].rule, "rule.limit");
	assert_int_equal(risk_case_compile(c, long_rule(c, "item.origin = \"", "x", 501, "\"")),
			 ERR_FORMAT);
	assert_string_equal(c->faults.list.v[0].text, "A: the text is longer than 500 bytes");
}

static void test_too_many_rules(void **state)
{
	void *large = arena_new((size_t)512 << 20);
	struct risk_case *c = risk_case(&large);
	struct text t = text_in(c->arena);

	for (uint32_t i = 0; i <= LIMIT_RULES; i++) {
		if (i == LIMIT_RULES) {
			risk_case_good(c, arena_copy(c->arena, t.p, t.n));
			assert_int_equal(risk_rule_count(c->rules), LIMIT_RULES);
		}
		text_print(&t,
			   "rule R%u \"a\" from 2026-01-01 owner \"us\" when item.price > %u then "
			   "blue because \"y\"\n",
			   i, i);
	}
	assert_int_equal(risk_case_compile(c, arena_copy(c->arena, t.p, t.n)), ERR_FORMAT);
	assert_int_equal(c->faults.list.n, 1);
	assert_int_equal(c->faults.list.v[0].line, LIMIT_RULES + 1);
	arena_free(large);
	(void)state;
}

static void test_ids_over_all_files(void **state)
{
	struct risk_case *c = risk_case(state);

	test_pack_set(&c->pack, "b.rules", HEAD "item.price > 5" TAIL);
	assert_faults(c, HEAD "item.price > 5" TAIL,
		      "b.rules:1:6: rule.duplicate: A: the id stands at a.rules:1 already\n");
}

static void compile_bytes(void *context)
{
	struct risk_case *c = context;

	c->err = risk_compile(c->arena, SPAN("no archive"), c->ref, &c->rules, &c->faults);
}

static void test_archives(void **state)
{
	struct risk_case *c = risk_case(state);

	assert_int_equal(arena_run(c->arena, compile_bytes, c), ERR_NONE);
	assert_int_equal(c->err, ERR_FORMAT);
	assert_string_equal(c->faults.list.v[0].rule, "archive.format");
}

static void test_every_allocation_may_fail(void **state)
{
	struct risk_case *c = risk_case(state);
	enum err e = ERR_NOMEM;
	uint64_t n = 1;

	for (; e; n++) {
		test_pack_set(
		    &c->pack, "a.rules",
		    HEAD
		    "item.origin in list \"hubs\" and item.origin in (\"A\") or item.description "
		    "contains \"x\"" TAIL);
		c->rules = NULL;
		arena_fail_at(n);
		e = arena_run(c->arena, risk_case_compile_inside, c);
		arena_fail_at(0);
		assert_true(e == ERR_NOMEM || (!e && !c->err));
	}
	assert_true(n > 10);
	assert_non_null(c->rules);
}

/* The example country's rules, with the tables that they speak of. */
static void test_landfall(void **state)
{
	struct risk_case *c = risk_case(state);
	const char *folder = "packs/landfall";
	const char *const names[] = {"landfall.rules", "lists.csv", "lanes.csv"};

	for (uint32_t i = 0; i < ARRAY_LEN(names); i++) {
		struct span s = tree_file(c->arena, folder, names[i]);

		test_pack_set(&c->pack, names[i], arena_copy(c->arena, s.p, s.n));
	}
	c->pack.archive[PACK_TABLES] = (struct span){0};
	c->ref = test_pack_good(&c->pack);
	risk_case_good(c, "");
	assert_true(risk_rule_count(c->rules) >= 30);
}

/* docs/rules.md has every field, in the order of signals.def, with its type. */
static void test_fields_are_documented(void **state)
{
	static const struct {
		const char *name, *type, *scope, *title;
	} fields[] = {
#define SIGNAL(id, name, type, scope, title) {name, #type, #scope, title},
#include "risk/signals.def"
#undef SIGNAL
	};
	struct span page = tree_file(*state, "docs", "rules.md");
	const char *text = arena_copy(*state, page.p, page.n), *row;

	for (uint32_t i = 0; i < ARRAY_LEN(fields); i++) {
		row = arena_print(*state, "| `%s` | %s | %s | %s |\n", fields[i].name,
				  fields[i].type[0] == 'T'   ? "text"
				  : fields[i].type[0] == 'D' ? "day"
				  : fields[i].type[0] == 'F' ? "flag"
							     : "number",
				  fields[i].scope[0] == 'I' ? "item" : "declaration",
				  fields[i].title);
		if (!strstr(text, row))
			fail_msg("docs/rules.md lacks the line %s", row);
		if (i)
			assert_true(strcmp(fields[i - 1].name, fields[i].name) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_a_rule_whole),   arena_test(test_clauses),
	    arena_test(test_types),          arena_test(test_layout),
	    arena_test(test_grammar),        arena_test(test_all_faults_at_once),
	    arena_test(test_bad_bytes),      arena_test(test_limits),
	    arena_test(test_too_many_rules), arena_test(test_ids_over_all_files),
	    arena_test(test_archives),       arena_test(test_every_allocation_may_fail),
	    arena_test(test_landfall),       arena_test(test_fields_are_documented),
	};

	return cmocka_run_group_tests_name("risk_rules", tests, NULL, NULL);
}
