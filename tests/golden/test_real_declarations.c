/* Real declarations of the WCO Data Model through a real hub: wco-dec in the shared data (CUSTOMHOUSE_SHARED), skipped where that
 * is absent.
 *
 * Every file is submitted to a fresh store with the pack tests/packs/real. What became of each is compared with
 * tests/golden/real-declarations.txt, and docs/real-declarations.md, which says the same for people, must be fresh; --write makes
 * both anew. Then every request (amendment, cancellation, notice of presentation) is submitted once more to a hub that has its
 * original, with the reference that this hub issued in place of theirs. All of it must replay and verify. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "codec/xml.h"
#include "fixture.h"
#include "hub/people/people.h"

#define PACK   "tests/packs/real"
#define TABLE  "tests/golden/real-declarations.txt"
#define PAGE   "docs/real-declarations.md"
/* Whoever submits has signed in: requests of the scenarios name no party. */
#define SENDER "TRADER"

enum { FILES_MAX = 1000, IDS_MAX = 100, DECLARATIONS = 132, MALFORMED = 3 };

/* Why findings of a rule are right, in our words: every rule that appears must have one. */
static const struct reason {
	const char *rule, *text;
} reasons[] = {
    {"container.flagged-none", "the containers flag is not 1, yet containers are listed"},
    {"container.form", "`AD12345` and the like are not container numbers of ISO 6346"},
    {"container.not-listed", "an item names a container that the shipment does not list"},
    {"decode.unmapped", "the request around the declaration has parts that belong to the "
			"transport, not to customs; they are kept"},
    {"duty.declared-differs", "the declarant computed another amount than our invented rates give"},
    {"duty.in-price", "delivered duty paid: the price holds the freight already"},
    {"duty.terms-unknown", "no terms of delivery: it is taken that freight is not in the price"},
    {"duty.value-missing",
     "no value is declared: data sets of warehouse, free zone and clearance request ask for none, "
     "and perishable goods are valued by a list of prices; nothing is assessed"},
    {"export-country.own", "goods from the administration's own territory"},
    {"office.missing", "no office is named: the case belongs to the default office"},
    {"request.reference-unknown", "the request speaks of a case of their hub, not of ours"},
    {"terms.missing", "no terms of delivery"},
    {"write-off.unit",
     "the unit carries a qualifier (`KGM#G`) that the item's quantities do not have"},
};

static char folder[1024];
static struct file {
	char *path;
	const char *name; /* below wco-dec */
} files[FILES_MAX];
static uint32_t file_count;

/* What is found out, in the form of the committed table and for the page. */
static struct results {
	struct text table;
	uint32_t accepted, rejected, unreadable, unsupported, unknown_case, unvalued;
	struct tally {
		char rule[64], severity[8];
		uint32_t findings, messages;
	} tally[IDS_MAX];
	uint32_t tallies;
	uint32_t requests, requests_accepted;
	struct fixture_audit audit, request_audit;
} results;

/* ---- files ---- */

static int add_file(const char *path, const struct stat *s, int type, struct FTW *where)
{
	size_t n = strlen(path);

	(void)s, (void)where;
	if (type != FTW_F || n < 4 || strcasecmp(path + n - 4, ".xml") != 0 ||
	    strstr(path, "/schemas/"))
		return 0;
	if (file_count == FILES_MAX)
		return -1;
	files[file_count].path = strdup(path);
	if (!files[file_count].path)
		return -1;
	files[file_count].name = files[file_count].path + strlen(folder) + 1;
	file_count++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

/* ---- what becomes of each file ---- */

static struct tally *tally_of(struct span rule, struct span severity)
{
	struct tally *t = results.tally;

	while (t < results.tally + results.tallies && !span_is(rule, t->rule))
		t++;
	if (t == results.tally + results.tallies) {
		assert_true(results.tallies < IDS_MAX);
		results.tallies++;
		snprintf(t->rule, sizeof(t->rule), "%.*s", SPAN_ARG(rule));
		snprintf(t->severity, sizeof(t->severity), "%.*s", SPAN_ARG(severity));
	}
	return t;
}

/* The rules of a decision's findings, each once, errors marked. */
static void put_findings(struct text *to, struct arena *a, struct span decision, bool count)
{
	const struct json *list = fixture_member(a, decision, "findings");

	for (const struct json *f = list->first; f; f = f->next) {
		struct span rule = json_get_text(f, "rule"),
			    severity = json_get_text(f, "severity");
		struct tally *t = count ? tally_of(rule, severity) : NULL;
		const struct json *before = list->first;

		while (before != f && !span_equal(json_get_text(before, "rule"), rule))
			before = before->next;
		if (t)
			t->findings++;
		if (before != f)
			continue;
		if (t)
			t->messages++;
		text_print(to, " %s%.*s", span_is(severity, "error") ? "!" : "", SPAN_ARG(rule));
	}
	text_char(to, '\n');
}

static void submit_file(struct fixture *c, const struct file *f)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	/* a key each: scenarios repeat each other's references */
	struct outcome o = fixture_submit(c, a, fixture_read(a, f->path), SENDER, f->name);
	struct text *to = &results.table;

	text_print(to, "%s\t", f->name);
	if (o.kind == OUTCOME_UNREADABLE) {
		results.unreadable += o.cause.err == ERR_FORMAT;
		results.unsupported += o.cause.err == ERR_UNSUPPORTED;
		text_print(to, "%s at line %u\n", err_name(o.cause.err), o.fault.line);
		assert_true(o.fault.line > 0);
	} else {
		if (o.kind != OUTCOME_NEW)
			fail_msg("%s: %s", f->name, o.cause.text);
		results.accepted += o.accepted;
		results.rejected += !o.accepted;
		results.unvalued += fixture_found(a, o.decision, "duty.value-missing");
		results.unknown_case += fixture_found(a, o.decision, "request.reference-unknown");
		text_print(to, "%s", o.accepted ? "accepted" : "rejected");
		put_findings(to, a, o.decision, true);
	}
	arena_free(a);
}

/* ---- requests, with our own references ---- */

struct standing {
	struct span reference, draw, lane, state, value, total;
	int64_t version;
};

static struct span rendered(struct arena *a, const struct json *j)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	assert_non_null(j);
	json_value(&w, j);
	return text_as_span(&t);
}

static struct standing standing_of(struct fixture *c, struct arena *a, struct span reference)
{
	const struct json *total;
	struct hub_case now;
	struct cause why = {0};

	if (hub_get_case(c->hub, a,
			 &(struct hub_look){.who = who_operator(), .reference = reference}, &now,
			 &why))
		fail_msg("%.*s: %s", SPAN_ARG(reference), why.text);
	total = fixture_member(a, now.decision, "total");
	return (struct standing){.reference = reference,
				 .draw = rendered(a, fixture_member(a, now.decision, "draw")),
				 .lane = now.lane,
				 .state = now.state,
				 .value = json_get_text(total, "customs_value"),
				 .total = json_get_text(total, "amount"),
				 .version = now.version};
}

static struct message *read_message(struct arena *a, struct span raw)
{
	struct message *m = ARENA_NEW(a, struct message);
	struct findings *f = ARENA_NEW(a, struct findings);
	struct codec_fault fault;

	return msg_read(a, raw, NULL, m, f, &fault) ? NULL : m;
}

static bool same_scenario(const struct file *a, const struct file *b)
{
	const char *scenario = strchr(a->name, '/');
	const char *end = scenario ? strchr(scenario + 1, '/') : NULL;

	return end && !strncmp(a->name, b->name, (size_t)(end - a->name) + 1);
}

/* The raw bytes of the first new declaration in the scenario of a request. */
static struct span original_of(struct arena *a, const struct file *request)
{
	for (uint32_t i = 0; i < file_count; i++) {
		struct span raw;
		struct message *m;

		if (!same_scenario(request, &files[i]))
			continue;
		raw = fixture_read(a, files[i].path);
		m = read_message(a, raw);
		if (m && declaration_function(&m->declaration) == FUNCTION_ORIGINAL)
			return raw;
	}
	fail_msg("%s: its scenario has no declaration", request->name);
	return (struct span){0};
}

/* Goods that were released already, or control that was announced: the request is an officer's to grant. */
static bool waits_for_officer(struct arena *a, struct span answer)
{
	const struct json *j;
	struct codec_fault fault;

	assert_int_equal(json_read(a, answer, &j, &fault), 0);
	return span_is(json_get_text(j, "state"), "requested");
}

/* An accepted request: a version more, unless it waits for an officer, the same draw, no less control; and its bytes again give the same answer. */
static void check_accepted(struct fixture *c, struct arena *a, struct span raw,
			   const struct standing *before, const struct outcome *o)
{
	struct standing after = standing_of(c, a, before->reference);
	struct outcome again = fixture_submit(c, a, raw, SENDER, "");

	assert_int_equal(o->kind, OUTCOME_NEW);
	assert_true(span_equal(o->reference, before->reference));
	if (waits_for_officer(a, o->answer)) {
		assert_int_equal(after.version, before->version);
		assert_true(span_equal(after.state, before->state));
	} else {
		assert_int_equal(after.version, before->version + 1);
	}
	if (!span_is(after.state, "cancelled")) {
		if (lane_by_name(after.lane) < lane_by_name(before->lane))
			fail_msg("%.*s: lane %.*s after %.*s, %.*s", SPAN_ARG(before->reference),
				 SPAN_ARG(after.lane), SPAN_ARG(before->lane),
				 SPAN_ARG(after.state));
		if (!span_is(after.draw, "null"))
			assert_true(span_equal(after.draw, before->draw));
	}
	assert_int_equal(again.kind, OUTCOME_REPEATED);
	assert_true(span_equal(again.answer, o->answer));
	assert_true(span_equal(again.decision, o->decision));
}

static void submit_request(struct fixture *c, struct arena *a, const struct file *f,
			   struct span raw, struct span theirs, struct span ours)
{
	struct standing before = standing_of(c, a, ours), after;
	struct outcome o;

	raw = fixture_replaced(a, raw, theirs, ours);
	o = fixture_submit(c, a, raw, SENDER, "");
	assert_int_equal(o.kind, OUTCOME_NEW);
	if (o.accepted)
		check_accepted(c, a, raw, &before, &o);
	after = standing_of(c, a, ours);
	text_print(
	    &results.table,
	    "%s with our reference\t%s: version %d %.*s %.*s, value %.*s, due %.*s:", f->name,
	    o.accepted ? "accepted" : "rejected", (int)after.version, SPAN_ARG(after.state),
	    SPAN_ARG(after.lane), SPAN_ARG(after.value), SPAN_ARG(after.total));
	put_findings(&results.table, a, o.decision, false);
	results.requests++;
	results.requests_accepted += o.accepted;
}

/* Requests of one scenario speak, one after the other, of one case. */
static void follow_request(struct fixture *c, const struct file *f)
{
	struct arena *a = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
	struct span raw = fixture_read(a, f->path);
	struct message *m = read_message(a, raw);

	if (m && declaration_function(&m->declaration) != FUNCTION_ORIGINAL) {
		struct outcome o = fixture_submit(c, a, original_of(a, f), SENDER, "");

		if (!o.accepted)
			fail_msg("%s: its declaration is refused", f->name);
		submit_request(c, a, f, raw, m->declaration.movement_reference, o.reference);
	}
	arena_free(a);
}

/* ---- the whole run ---- */

static int by_rule(const void *a, const void *b)
{
	return strcmp(((const struct tally *)a)->rule, ((const struct tally *)b)->rule);
}

static int run_all(void **state)
{
	struct fixture c;

	xml_start();
	log_quiet(true);
	*state = arena_new(LIMIT_ARENA_BYTES);
	results.table = text_in(*state);
	text_string(&results.table,
		    "# Made by test_real_declarations --write: file, outcome, finding "
		    "ids (errors marked !).\n");
	fixture_new(&c, PACK);
	for (uint32_t i = 0; i < file_count; i++)
		submit_file(&c, &files[i]);
	fixture_close(&c);
	results.audit = fixture_sound(&c);
	fixture_remove(&c);
	fixture_new(&c, PACK);
	for (uint32_t i = 0; i < file_count; i++)
		follow_request(&c, &files[i]);
	fixture_close(&c);
	results.request_audit = fixture_sound(&c);
	fixture_remove(&c);
	qsort(results.tally, results.tallies, sizeof(results.tally[0]), by_rule);
	return 0;
}

/* ---- the page ---- */

static const char *reason_of(const char *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (!strcmp(reasons[i].rule, rule))
			return reasons[i].text;
	return NULL;
}

static void put_tallies(struct text *t, bool errors)
{
	text_string(t, "| finding | severity here | messages | findings | why it is right "
		       "|\n|---|---|---|---|---|\n");
	for (uint32_t i = 0; i < results.tallies; i++) {
		const struct tally *y = &results.tally[i];
		const char *reason = reason_of(y->rule);

		if (!strcmp(y->severity, "error") == errors)
			text_print(t, "| `%s` | %s | %u | %u | %s |\n", y->rule, y->severity,
				   y->messages, y->findings, reason ? reason : "?");
	}
}

static struct span page(struct arena *a)
{
	struct text t = text_in(a);
	uint32_t declarations = results.accepted + results.rejected;

	text_print(&t,
		   "# Real declarations\n\n"
		   "Made by `test_real_declarations --write` (`tests/golden`); the test fails when "
		   "it is stale.\n\n"
		   "%u XML files of published import scenarios (WCO Data Model 3.6) go through a "
		   "real hub with the pack `tests/packs/real`: code lists as\n"
		   "those declarations use them, in our own words, and invented rates. What became "
		   "of each file stands in\n"
		   "`tests/golden/real-declarations.txt`.\n\n"
		   "| files | |\n|---|---|\n"
		   "| declarations and requests | %u |\n"
		   "| of these accepted | %u |\n"
		   "| of these rejected | %u |\n"
		   "| of the rejected: requests about cases of another hub | %u |\n"
		   "| answers and other messages: unsupported, with their place | %u |\n"
		   "| not well-formed: a located error | %u |\n\n",
		   file_count, declarations, results.accepted, results.rejected,
		   results.unknown_case, results.unsupported, results.unreadable);
	text_print(
	    &t,
	    "Every declaration that its source presents as good is accepted. %u of the "
	    "accepted have no value to assess; nothing is due on them "
	    "until\nsomebody values them.\n\n"
	    "Sent again with the reference that our hub gave to the scenario's own "
	    "declaration, %u of the %u requests are accepted: amendments make a "
	    "new\nversion with the draw of the first and no less control, cancellations end "
	    "the case.\n\n"
	    "All of it is stored: %d decisions and acts replay to the same bytes, and verify finds "
	    "nothing in the two stores.\n\n",
	    results.unvalued, results.requests_accepted, results.requests,
	    (int)(results.audit.replayed + results.request_audit.replayed));
	text_string(&t, "## Rejections\n\n");
	put_tallies(&t, true);
	text_string(&t, "\n## Other findings\n\n");
	put_tallies(&t, false);
	text_string(&t,
		    "\n## Where this administration differs\n\n"
		    "`tests/packs/real/pack.csv` and `checks.csv` say so, by their settings:\n\n"
		    "- `reduced_types`: clearance requests (J, K, Q) and simplified declarations "
		    "need fewer data;\n"
		    "- `guarantee_authorisations`: keepers of private warehouses and businesses of "
		    "free zones gave a standing guarantee;\n"
		    "- `duty.value-missing` warns: whoever must give all data is still asked for a "
		    "price (`price.missing`);\n"
		    "- the days and years that checks count back are wide, since the scenarios are "
		    "of 2020 to 2025 and the test runs on any day;\n"
		    "- countries `ZN` and `ZU` are not in ISO 3166-1: fish and molluscs taken at "
		    "sea are declared under them.\n");
	return text_as_span(&t);
}

/* ---- tests ---- */

static void test_counts(void **state)
{
	(void)state;
	assert_int_equal(results.accepted + results.rejected, DECLARATIONS);
	assert_int_equal(results.unreadable, MALFORMED);
	assert_int_equal(results.unsupported, file_count - DECLARATIONS - MALFORMED);
	assert_int_equal(results.rejected, results.unknown_case);
	assert_int_equal(results.audit.replayed, DECLARATIONS);
}

static void test_every_outcome_is_as_kept(void **state)
{
	struct arena *a = *state;
	struct span kept = fixture_read(a, fixture_path(a, TABLE)),
		    now = text_as_span(&results.table);
	uint32_t differences = 0;

	while (kept.n || now.n) {
		struct span k = span_cut(&kept, '\n'), n = span_cut(&now, '\n');

		if (span_equal(k, n))
			continue;
		print_error("kept: %.*s\nnow:  %.*s\n", SPAN_ARG(k), SPAN_ARG(n));
		differences++;
	}
	assert_int_equal(differences, 0);
}

static void test_every_finding_has_its_reason(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < results.tallies; i++)
		if (!reason_of(results.tally[i].rule))
			fail_msg("%s appears and nobody says why", results.tally[i].rule);
	assert_int_equal(results.tallies, ARRAY_LEN(reasons));
}

static void test_the_page_is_fresh(void **state)
{
	struct arena *a = *state;

	assert_true(span_equal(fixture_read(a, fixture_path(a, PAGE)), page(a)));
}

static void test_requests(void **state)
{
	(void)state;
	assert_int_equal(results.requests, results.unknown_case);
	assert_int_equal(results.requests_accepted, results.requests);
}

/* ---- references, on one real declaration ---- */

static struct span some_declaration(struct arena *a)
{
	for (uint32_t i = 0; i < file_count; i++)
		if (strstr(files[i].name, "TT_IM008b.xml"))
			return fixture_read(a, files[i].path);
	fail_msg("the scenario is missing");
	return (struct span){0};
}

static void test_a_reference_stands_for_one_message(void **state)
{
	struct arena *a = *state;
	struct span good = some_declaration(a),
		    bad = fixture_replaced(a, good, SPAN("<TypeCode>IMA<"), SPAN("<TypeCode>QQA<")),
		    other = fixture_replaced(a, good, SPAN("</Declaration>"),
					     SPAN("<!-- --></Declaration>"));
	struct outcome first, second, third;
	struct fixture c;

	fixture_new(&c, PACK);
	first = fixture_submit(&c, a, bad, SENDER, "");
	assert_int_equal(first.kind, OUTCOME_NEW);
	assert_false(first.accepted);
	second = fixture_submit(&c, a, good, SENDER, "");
	assert_int_equal(second.kind, OUTCOME_NEW);
	assert_true(second.accepted);
	assert_false(span_equal(first.reference, second.reference));
	third = fixture_submit(&c, a, bad, SENDER, "");
	assert_int_equal(third.kind, OUTCOME_REPEATED);
	assert_true(span_equal(third.answer, first.answer));
	third = fixture_submit(&c, a, good, SENDER, "");
	assert_int_equal(third.kind, OUTCOME_REPEATED);
	assert_true(span_equal(third.answer, second.answer));
	third = fixture_submit(&c, a, other, SENDER, "");
	assert_int_equal(third.kind, OUTCOME_CONFLICT);
	assert_true(span_equal(third.reference, second.reference));
	third = fixture_submit(&c, a, other, "ANOTHER", "");
	assert_int_equal(third.kind, OUTCOME_NEW);
	fixture_close(&c);
	assert_int_equal(fixture_sound(&c).replayed, 3);
	fixture_remove(&c);
}

/* ---- --write ---- */

static void write_file(const char *path, struct span bytes)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out))
		fail_msg("%s cannot be written", path);
}

static void write_both(void **state)
{
	struct arena *a = *state;

	write_file(fixture_path(a, TABLE), text_as_span(&results.table));
	write_file(fixture_path(a, PAGE), page(a));
}

static int forget(void **state)
{
	for (uint32_t i = 0; i < file_count; i++)
		free(files[i].path);
	arena_free(*state);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_every_outcome_is_as_kept),
	    cmocka_unit_test(test_every_finding_has_its_reason),
	    cmocka_unit_test(test_the_page_is_fresh),
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_a_reference_stands_for_one_message),
	};
	const struct CMUnitTest writing[] = {cmocka_unit_test(write_both)};
	const char *named = getenv("CUSTOMHOUSE_SHARED"), *top = getenv("CUSTOMHOUSE_ROOT");

	if (named)
		snprintf(folder, sizeof(folder), "%s/wco-dec", named);
	else
		snprintf(folder, sizeof(folder), "%s/../shared/data/wco-dec", top ? top : ".");
	if (nftw(folder, add_file, 16, FTW_PHYS) != 0 || file_count == 0) {
		printf("1..0 # SKIP no shared data at %s\n", folder);
		return 0;
	}
	qsort(files, file_count, sizeof(files[0]), by_name);
	if (argc > 1 && !strcmp(argv[1], "--write"))
		return cmocka_run_group_tests(writing, run_all, forget);
	return cmocka_run_group_tests(tests, run_all, forget);
}
