/* Business checks: the cases of tests/golden/checks, through the reader and the checks on a small pack. */
#include "check_cases.h"

#include "check/check.h"
#include "msg/msg.h"

enum { OFTEN = 64 };

/* What one test needs: the pack, and an arena for each message. */
struct stand {
	struct arena *keeps, *works;
	struct test_pack pack;
	const struct refset *ref;
	struct facts facts;
	struct message message;
	struct findings findings;
};

static int stand_up(void **state)
{
	struct stand *s = calloc(1, sizeof(*s));

	s->keeps = arena_new(LIMIT_ARENA_BYTES);
	s->works = arena_new(LIMIT_ARENA_BYTES);
	s->pack = test_pack(s->keeps, "minimal");
	s->facts.legal_day = test_day("2026-11-22");
	*state = s;
	return 0;
}

static int take_down(void **state)
{
	struct stand *s = *state;

	arena_free(s->keeps);
	arena_free(s->works);
	free(s);
	return 0;
}

#define stand_test(function) cmocka_unit_test_setup_teardown(function, stand_up, take_down)

static void check_in_arena(void *context)
{
	struct stand *s = context;

	check_declaration(&s->message.declaration, s->ref, &s->facts, &s->findings);
}

/* Reads the message; check_again() then looks at it. */
static void read_message(struct stand *s, struct span bytes)
{
	struct codec_fault fault = {0, 0, ""};

	if (!s->ref)
		s->ref = test_pack_good(&s->pack);
	if (msg_read(s->works, bytes, NULL, &s->message, &s->findings, &fault))
		fail_msg("the message is refused: %u:%u: %s\n%.*s", fault.line, fault.column,
			 fault.text, SPAN_ARG(bytes));
}

static void check_message(struct stand *s, struct span bytes)
{
	read_message(s, bytes);
	assert_int_equal(arena_run(s->works, check_in_arena, s), ERR_NONE);
}

static const struct finding *found(const struct stand *s, const char *id, const char *at)
{
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct finding *f = &s->findings.list.v[i];

		if (!strcmp(finding_id(f->rule), id) && (!at || span_is(f->pointer, at)))
			return f;
	}
	return NULL;
}

static void print_findings(const struct stand *s)
{
	for (uint32_t i = 0; i < s->findings.list.n; i++) {
		const struct finding *f = &s->findings.list.v[i];

		print_error("  %s at %.*s (line %u)\n", finding_id(f->rule), SPAN_ARG(f->pointer),
			    f->line);
	}
}

/* ---- the cases ---- */

static void test_messages_without_faults(void **state)
{
	static const char *const bases[] = {"import", "export", "amendment", "cancellation",
					    "presentation"};
	struct stand *s = *state;

	for (uint32_t i = 0; i < ARRAY_LEN(bases); i++) {
		check_message(s, case_message(s->keeps, bases[i], NULL, s->facts.legal_day));
		if (s->findings.list.n) {
			print_findings(s);
			fail_msg("%s.json has findings", bases[i]);
		}
		arena_reset(s->works);
	}
}

/* The number of the last {n} in a text. */
static uint32_t places(const char *text)
{
	uint32_t most = 0;

	for (; *text; text++)
		if (text[0] == '{' && text[1] >= '1' && text[1] <= '3' && text[2] == '}' &&
		    (uint32_t)(text[1] - '0') > most)
			most = (uint32_t)(text[1] - '0');
	return most;
}

static const char *const texts[][2] = {
#define FINDING(name, id, severity, en, fr) {en, fr},
#include "dict/findings.def"
#undef FINDING
};

/* Returns what is wrong with the failing half of a case, or NULL. */
static const char *fault_of_failing(struct stand *s, const struct check_case *k)
{
	const struct finding *f;

	check_message(s, case_message(s->works, k->base, k->fails, s->facts.legal_day));
	f = found(s, k->finding, k->at);
	if (!f)
		return found(s, k->finding, NULL) ? "the failing edit gives it elsewhere"
						  : "the failing edit does not give it";
	if (!f->line)
		return "it does not name a line";
	if (f->values < places(texts[f->rule][0]) || f->values < places(texts[f->rule][1]))
		return "its text asks for values that it does not give";
	return NULL;
}

static const char *fault_of_passing(struct stand *s, const struct check_case *k)
{
	check_message(s, case_message(s->works, k->base, k->passes, s->facts.legal_day));
	return found(s, k->finding, NULL) ? "the passing edit gives it" : NULL;
}

static void test_each_case_fails_and_passes(void **state)
{
	struct stand *s = *state;
	uint32_t n, faults = 0;
	const struct check_case *cases = check_cases(s->keeps, &n);

	for (uint32_t i = 0; i < 2 * n; i++) {
		const struct check_case *k = &cases[i / 2];
		const char *fault = i % 2 ? fault_of_passing(s, k) : fault_of_failing(s, k);

		if (fault) {
			print_error("cases.jsonl:%u: %s: %s; the findings are\n", k->line,
				    k->finding, fault);
			print_findings(s);
			faults++;
		}
		arena_reset(s->works);
	}
	assert_int_equal(faults, 0);
}

static const enum finding_rule checked[] = {
#define CHECK(name, level, when, how) FINDING_##name,
#include "check/checks.def"
#undef CHECK
};

static void test_every_check_has_a_case(void **state)
{
	struct stand *s = *state;
	bool covered[FINDING_RULES] = {false}, is_check[FINDING_RULES] = {false};
	uint32_t n;
	const struct check_case *cases = check_cases(s->keeps, &n);

	for (uint32_t i = 0; i < n; i++) {
		enum finding_rule rule = finding_by_id(span_of(cases[i].finding));

		if (rule == FINDING_RULES)
			fail_msg("cases.jsonl:%u: there is no finding %s", cases[i].line,
				 cases[i].finding);
		covered[rule] = true;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(checked); i++) {
		is_check[checked[i]] = true;
		if (!covered[checked[i]])
			fail_msg("%s has no case", finding_id(checked[i]));
	}
	for (uint32_t i = 0; i < FINDING_RULES; i++)
		if (covered[i] && !is_check[i])
			fail_msg("%s has a case and is no check", finding_id((enum finding_rule)i));
}

/* ---- texts ---- */

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static void test_texts_ask_for_the_same_values_and_end_well(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < FINDING_RULES; i++) {
		const char *id = finding_id((enum finding_rule)i), *en = texts[i][0],
			   *fr = texts[i][1];

		if (places(en) != places(fr))
			fail_msg("%s: the languages ask for different values", id);
		for (uint32_t language = 0; language < 2; language++)
			if (!strchr(".!?", texts[i][language][strlen(texts[i][language]) - 1]))
				fail_msg("%s: the text does not end a sentence", id);
		/* French sets a no-break blank before tall punctuation and inside guillemets, and the curved apostrophe. */
		if (has(fr, " :") || has(fr, " ;") || has(fr, " ?") || has(fr, "« ") ||
		    has(fr, " »") || has(fr, "'"))
			fail_msg("%s: French typography", id);
	}
}

/* ---- what the pack says ---- */

static struct span edited(struct stand *s, const char *edit)
{
	return case_message(s->keeps, "import", case_json(s->keeps, span_of(edit), "edit"),
			    s->facts.legal_day);
}

static void test_pack_sets_severity(void **state)
{
	struct stand *s = *state;
	const struct finding *f;

	test_pack_set(&s->pack, "checks.csv",
		      "rule,severity,from,to,source\n"
		      "office.missing,error,2000-01-01,,test\n"
		      "item.count,warning,2000-01-01,,test\n"
		      "net-mass.above-gross,off,2000-01-01,2026-11-21,test\n"
		      "package.sum,off,2000-01-01,,test\n");
	check_message(
	    s, edited(s, "{\"/office\": null, \"/item_count\": \"7\", \"/package_count\": \"1\", "
			 "\"/shipment/items/0/commodity/net_mass/value\": \"101\"}"));
	f = found(s, "office.missing", NULL);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_ERROR);
	f = found(s, "item.count", NULL);
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_non_null(found(s, "net-mass.above-gross", NULL)); /* off until the day before */
	assert_null(found(s, "package.sum", NULL));
	assert_int_equal(s->findings.errors, 2);
}

static void test_pack_sets_what_counts(void **state)
{
	struct stand *s = *state;

	test_pack_set(
	    &s->pack, "pack.csv",
	    "key,value\nname,Minimal\ncountry,XV\ncurrency,XVD\nzone_minutes,0\nvaluation,"
	    "CIF\nshard,01\n"
	    "languages,en fr\nrandom_ppm,0\nrounding,half-up\n"
	    "reduced_types,A\nacceptance_days,no number\nvague_words,coffee roasted beans\n");
	check_message(
	    s, edited(s, "{\"/shipment/terms\": null, \"/accepted_time/text\": \"@day-31@\", "
			 "\"/shipment/items/0/commodity/description\": \"Coffee beans\"}"));
	assert_null(found(s, "terms.missing", NULL));      /* type A is a reduced one here */
	assert_non_null(found(s, "acceptance.old", NULL)); /* no number: the default of 30 */
	assert_non_null(found(s, "description.vague", "/shipment/items/0/commodity/description"));
}

/* codes.csv without a list. */
static void drop_list(struct stand *s, const char *list)
{
	struct span rest = tree_file(s->keeps, "tests/golden/packs/minimal", "codes.csv");
	struct text left = text_in(s->keeps);

	while (rest.p) {
		struct span row = span_cut(&rest, '\n');

		if (row.n && !span_starts(row, span_of(list))) {
			text_span(&left, row);
			text_char(&left, '\n');
		}
	}
	text_char(&left, '\0');
	test_pack_set(&s->pack, "codes.csv", left.p);
}

static void test_list_that_the_pack_lacks_is_not_checked(void **state)
{
	struct stand *s = *state;

	drop_list(s, "package_type,");
	check_message(s, edited(s, "{\"/shipment/items/0/packages/0/type\": \"ZZ\", "
				   "\"/shipment/items/0/documents/0/type\": \"381\"}"));
	assert_null(found(s, "code.unknown", NULL));
	assert_non_null(found(s, "document.type-unknown", NULL));
}

/* ---- requests ---- */

static void test_request_is_not_a_whole_declaration(void **state)
{
	struct stand *s = *state;

	check_message(
	    s,
	    case_message(
		s->keeps, "amendment",
		case_json(s->keeps,
			  SPAN("{\"/shipment/items/0/commodity/net_mass\": {\"value\": \"-1\"}}"),
			  "edit"),
		s->facts.legal_day));
	assert_int_equal(s->findings.list.n,
			 1); /* values are looked at, what is absent is not missed */
	assert_non_null(found(s, "number.negative", "/shipment/items/0/commodity/net_mass"));
}

/* ---- bounds ---- */

/* An item of the import message, as often as a declaration may hold one, each with a fault of each kind. */
static struct span many_items(struct stand *s)
{
	struct text t = text_in(s->keeps);

	text_string(&t, "{\"function\": \"9\", \"type\": \"IMA\", \"trader_reference\": \"MANY\", "
			"\"shipment\": {\"consignment\": {\"containers\": [");
	for (uint32_t i = 0; i < LIMIT_LIST; i++)
		text_print(&t,
			   "%s{\"id\": \"X%u\", \"seals\": [{\"id\": \"S\"}, {\"id\": \"S%u\"}]}",
			   i ? "," : "", i, i);
	text_string(&t, "]}, \"items\": [");
	for (uint32_t i = 0; i < LIMIT_ITEMS; i++)
		text_print(&t,
			   "%s{\"sequence\": \"%u\", \"commodity\": {\"description\": \"goods\", "
			   "\"classifications\": [{\"id\": \"99\"}], "
			   "\"containers\": [{\"id\": \"Y%u\"}], \"price\": {\"value\": "
			   "\"999999999999999999\", \"currency\": \"Q%u\"}}}",
			   i ? "," : "", i, i, i);
	text_string(&t, "]}}");
	return text_as_span(&t);
}

static void test_findings_are_bounded(void **state)
{
	struct stand *s = *state;

	check_message(s, many_items(s));
	assert_true(s->findings.cut);
	assert_int_equal(s->findings.list.n, LIMIT_FINDINGS + 1);
	assert_non_null(found(s, "more", NULL));
	assert_true(s->findings.errors > 0);
}

static void test_sums_do_not_overflow(void **state)
{
	struct stand *s = *state;

	check_message(
	    s,
	    edited(s, "{\"/shipment/items/0/commodity/gross_mass/value\": \"999999999999999999\", "
		      "\"/shipment/items/1/commodity/gross_mass/value\": \"9999999999.999999\"}"));
	assert_non_null(found(s, "gross-mass.sum", "/gross_mass"));
}

static void test_clean_declaration_takes_no_memory(void **state)
{
	struct stand *s = *state;
	size_t before;

	read_message(s, case_message(s->keeps, "import", NULL, s->facts.legal_day));
	before = arena_used(s->works);
	assert_int_equal(arena_run(s->works, check_in_arena, s), ERR_NONE);
	assert_int_equal(s->findings.list.n, 0);
	assert_true(arena_used(s->works) - before <=
		    OFTEN * s->message.declaration.shipment.items.n); /* the codes, joined */
}

/* Wherever memory ends, the checks leave through the arena, and nothing else happens. */
static void test_memory_may_end_anywhere(void **state)
{
	struct stand *s = *state;
	struct span bytes =
	    edited(s, "{\"/item_count\": \"7\", \"/office\": \"XV002\", "
		      "\"/shipment/items/0/commodity/price/value\": \"-1.005\", "
		      "\"/shipment/consignment/containers/1/id\": \"CSQU3054383\"}");
	enum err e = ERR_NOMEM;
	uint64_t n = 0;

	while (e == ERR_NOMEM) {
		read_message(s, bytes);
		arena_fail_at(++n);
		e = arena_run(s->works, check_in_arena, s);
		arena_fail_at(0);
		if (e == ERR_NONE)
			assert_non_null(found(s, "container.twice", NULL));
		arena_reset(s->works);
	}
	assert_int_equal(e, ERR_NONE);
	assert_true(n > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    stand_test(test_messages_without_faults),
	    stand_test(test_each_case_fails_and_passes),
	    stand_test(test_every_check_has_a_case),
	    stand_test(test_texts_ask_for_the_same_values_and_end_well),
	    stand_test(test_pack_sets_severity),
	    stand_test(test_pack_sets_what_counts),
	    stand_test(test_list_that_the_pack_lacks_is_not_checked),
	    stand_test(test_request_is_not_a_whole_declaration),
	    stand_test(test_findings_are_bounded),
	    stand_test(test_sums_do_not_overflow),
	    stand_test(test_clean_declaration_takes_no_memory),
	    stand_test(test_memory_may_end_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
