/* Real notifications of customs (response messages of the WCO Data Model 3.6) beside what our hub says: wco-dec in the shared data
 * (CUSTOMHOUSE_SHARED), skipped where that is absent.
 *
 * Every scenario is lived through a real hub (lived.h): its declaration and its requests are handed in, and what each notification
 * tells of is caused by an act of somebody whose work it is. What trader and officer read of the case then must be what the
 * notification says. The words that theirs come to, what our hub answers and what our notices say are compared with
 * tests/golden/real-notifications.txt. docs/real-notifications.md, which says the same for people, must be fresh; --write makes
 * both anew. What the notices state of duties must be what wco-dec/tax_lines.csv, made by other means, says. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "codec/xml.h"
#include "fixture.h"
#include "hub/settle/record.h"
#include "lived.h"
#include "msg/res.h"
#include "res_schema.h"

#define PACK  "tests/packs/real"
#define TABLE "tests/golden/real-notifications.txt"
#define PAGE  "docs/real-notifications.md"

enum {
	FILES_MAX = 1000,
	NOTIFICATIONS = 197,
	SCENARIOS = 42,
	TAX_ROWS = 213,
	TAX_ECHOES = 4, /* of them in a declaration that is repeated behind an amendment */
	TAX_BEYOND = 3, /* lines of a notice that the table leaves out */
	NAME = 32
};

static const char *folder;
static struct file {
	char *path;
	const char *name;    /* below scenarios */
	char scenario[NAME]; /* its first folder */
	long number;         /* that the file's own name begins with; LONG_MAX: none */
} files[FILES_MAX];
static uint32_t file_count;

static struct results {
	struct arena *arena;
	struct text table;
	uint32_t notifications, scenarios, known, unknown;
	uint32_t kinds[RESPONSE_KINDS];
	uint32_t errors, pointers, taxes, lost;
	uint32_t accepted_by_both, rejected_by_them, ended, rewritten, done, notices;
} results;

/* ---- files ---- */

static int add_file(const char *path, const struct stat *s, int type, struct FTW *where)
{
	struct file *f = &files[file_count];
	const char *name = strstr(path, "/scenarios/"), *base = path + where->base;
	size_t n = strlen(path);

	(void)s;
	if (type != FTW_F || !name || n < 4 || strcasecmp(path + n - 4, ".xml") != 0)
		return 0;
	if (file_count == FILES_MAX)
		return -1;
	f->path = strdup(path);
	if (!f->path)
		return -1;
	f->name = f->path + (name - path) + strlen("/scenarios/");
	snprintf(f->scenario, sizeof(f->scenario), "%.*s", (int)strcspn(f->name, "/"), f->name);
	f->number = *base >= '0' && *base <= '9' ? atol(base) : 1000;
	file_count++;
	return 0;
}

/* By scenario, then as the files are numbered: 10 comes after 9. */
static int in_order(const void *a, const void *b)
{
	const struct file *x = a, *y = b;
	int by_scenario = strcmp(x->scenario, y->scenario);

	if (by_scenario)
		return by_scenario;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* ---- a scenario ---- */

enum { STEPS_MAX = 16, REQUESTS_MAX = 4 };

struct scenario {
	const char *name;
	struct arena *arena;
	/* what customs said, in its order */
	struct step {
		const char *file;
		struct response *said;
	} step[STEPS_MAX];
	uint32_t steps;
	struct span declaration; /* bytes that the trader sent */
	struct request {
		struct span bytes, reference; /* theirs, in the bytes */
		bool presents;
	} requests[REQUESTS_MAX];
	uint32_t request_count;
};

static void take_message(struct scenario *s, struct span bytes)
{
	struct message *m = ARENA_NEW(s->arena, struct message);
	struct findings *f = ARENA_NEW(s->arena, struct findings);
	struct codec_fault fault;

	if (msg_read(s->arena, bytes, NULL, m, f, &fault))
		return;
	if (declaration_function(&m->declaration) == FUNCTION_ORIGINAL) {
		if (!s->declaration.n)
			s->declaration = bytes;
		return;
	}
	assert_true(s->request_count < REQUESTS_MAX);
	s->requests[s->request_count++] =
	    (struct request){bytes, m->declaration.movement_reference,
			     declaration_function(&m->declaration) == FUNCTION_PRESENTATION};
}

static void take_file(struct scenario *s, const struct file *f)
{
	struct span bytes = fixture_read(s->arena, f->path);
	struct responses *r = ARENA_NEW(s->arena, struct responses);
	struct codec_fault fault;
	enum err e = msg_read_responses(s->arena, bytes, r, &fault);

	if (e == ERR_UNSUPPORTED) {
		take_message(s, bytes);
		return;
	}
	if (e)
		fail_msg("%s:%u:%u %s", f->name, fault.line, fault.column, fault.text);
	assert_int_equal(r->list.n, 1);
	assert_true(s->steps < STEPS_MAX);
	s->step[s->steps++] = (struct step){f->name + strlen(s->name) + 1, r->list.v};
	results.lost += r->unmapped.n;
}

/* ---- what customs said ---- */

static void count_step(const struct step *t)
{
	const struct response *r = t->said;

	results.notifications++;
	if (r->kind == RESPONSE_KINDS) {
		results.unknown++;
		return;
	}
	results.known++;
	results.kinds[r->kind]++;
	results.taxes += r->taxes.n;
	results.errors += r->errors.n;
	for (uint32_t i = 0; i < r->errors.n; i++)
		results.pointers += r->errors.v[i].pointer.n || r->errors.v[i].place.steps.n == 1;
	assert_true(r->movement_reference.n && r->exchange.n && r->issued_at);
}

static void put_said(struct text *t, const struct scenario *s)
{
	for (uint32_t i = 0; i < s->steps; i++) {
		const struct response *r = s->step[i].said;

		if (r->kind == RESPONSE_KINDS)
			text_print(t, " ?%.*s/%.*s", SPAN_ARG(r->function),
				   SPAN_ARG(r->statuses.n ? r->statuses.v[0] : NO_VALUE));
		else
			text_print(t, " %s", response_id(r->kind));
	}
}

/* ---- what our hub says ---- */

static void put_ours(struct text *t, struct arena *a, const struct outcome *o)
{
	const struct json *answer;
	struct codec_fault fault;
	struct responses r;

	if (json_read(a, o->answer, &answer, &fault) ||
	    !answer_to_responses(a, answer, SPAN("en"), &r))
		fail_msg("no response message: %.*s", SPAN_ARG(o->answer));
	for (uint32_t i = 0; i < r.list.n; i++)
		text_print(t, " %s", response_id(r.list.v[i].kind));
}

static bool said_anywhere(const struct scenario *s, enum response_kind k)
{
	for (uint32_t i = 0; i < s->steps; i++)
		if (s->step[i].said->kind == k)
			return true;
	return false;
}

/* ---- the life that the notifications tell of ---- */

struct life {
	struct lived of;
	const struct scenario *scenario;
	struct text *ours;
	uint32_t sent;   /* requests */
	int64_t version; /* theirs, the newest that they spoke of */
};

static void expect(const struct life *l, bool holds, const struct step *t)
{
	if (!holds)
		fail_msg("%s: at %s the case is '%.*s' to its trader and '%.*s' to officers",
			 l->scenario->name, t->file, SPAN_ARG(json_get_text(l->of.status, "state")),
			 SPAN_ARG(json_get_text(l->of.inside, "state")));
}

static void hand_in(struct life *l, struct span raw)
{
	struct outcome o = lived_hand_in(&l->of, raw);

	text_string(l->ours, ",");
	put_ours(l->ours, l->of.arena, &o);
}

/* The scenario's next message, with our number of the case. Where the goods must come first, that is told now. */
static bool send_next(struct life *l, bool presents)
{
	const struct request *r = &l->scenario->requests[l->sent];

	if (l->sent == l->scenario->request_count || r->presents != presents)
		return false;
	l->sent++;
	hand_in(l, fixture_replaced(l->of.arena, r->bytes, r->reference, l->of.reference));
	return true;
}

static void present(struct life *l)
{
	if (lived_asks(&l->of, "present-goods") && !send_next(l, true))
		lived_present(&l->of);
}

/* Before arrival, with a version, it is the declaration that was received. Else a request was: the scenario's own, or, where its
 * file is missing and the grant follows, one of ours; or that the goods are here. */
static void receive(struct life *l, const struct step *t)
{
	bool declared = t->said->version.n && lived_asks(&l->of, "present-goods");
	bool announced = lived_is(&l->of, "documents-required") || lived_is(&l->of, "examination");

	if (declared)
		return;
	if (send_next(l, false)) {
		expect(l, lived_asks(&l->of, "await-decision") == announced, t);
		return;
	}
	if (t + 1 < l->scenario->step + l->scenario->steps &&
	    t[1].said->kind == RESPONSE_REQUEST_GRANTED)
		hand_in(l, lived_harmless(&l->of));
	else
		present(l);
}

/* Granted by an officer where it waits; else it was made at once. */
static void grant(struct life *l, const struct step *t)
{
	bool waits = lived_asks(&l->of, "await-decision");
	int64_t version = lived_version(&l->of);

	if (!waits) {
		expect(l, version > 1, t);
		return;
	}
	lived_grant(&l->of);
	expect(l, lived_version(&l->of) == version + 1, t);
	expect(l, !lived_asks(&l->of, "await-decision"), t);
}

/* A new version that nobody asked for is customs' own, once the goods are released. */
static void follow_version(struct life *l, const struct response *r)
{
	struct decimal d;

	if (!r->version.n || decimal_parse(r->version, &d) || d.units <= l->version)
		return;
	if (lived_is(&l->of, "released") && l->version)
		lived_correct(&l->of);
	l->version = d.units;
}

static void pay(struct life *l)
{
	lived_control(&l->of, true);
	lived_pay(&l->of);
}

/* Both rejections beside an accepted case speak of another one, under another reference, and of a classification. */
static void misclassify(struct life *l)
{
	struct outcome o = lived_misclassify(&l->of, l->scenario->declaration);

	text_string(l->ours, ",");
	put_ours(l->ours, l->of.arena, &o);
}

static void expect_released(struct life *l, const struct step *t)
{
	expect(l, lived_is(&l->of, "released") && lived_stands(&l->of, "released"), t);
	expect(l, lived_asks(&l->of, "take-goods") && !lived_holds(&l->of, "payment"), t);
}

/* The acts that a notification tells of, and what trader and officers must read then. */
static void live(struct life *l, const struct step *t)
{
	struct lived *of = &l->of;

	follow_version(l, t->said);
	switch (t->said->kind) {
	case RESPONSE_ACCEPTED:
		present(l);
		expect(l, !lived_stands(of, "lodged") && !lived_asks(of, "present-goods"), t);
		return;
	case RESPONSE_DOCUMENTS_REQUIRED:
		lived_ask_control(of, LANE_YELLOW);
		expect(l, lived_is(of, "documents-required") && lived_holds(of, "documents"), t);
		expect(l, lived_asks(of, "present-documents"), t);
		return;
	case RESPONSE_EXAMINATION: /* told once the documents are in order */
		lived_ask_control(of, LANE_RED);
		lived_control(of, false);
		expect(l, lived_is(of, "examination") && lived_stands(of, "inspection"), t);
		expect(l, lived_asks(of, "present-goods-for-examination"), t);
		return;
	case RESPONSE_RECEIVED:
		receive(l, t);
		return;
	case RESPONSE_REQUEST_GRANTED:
		grant(l, t);
		return;
	case RESPONSE_TAX_DUE: /* ours may have nothing due, or a control first */
		expect(l, lived_asks(of, "pay") || lived_is(of, "released"), t);
		return;
	case RESPONSE_TAX_PROVISIONAL: /* released against a security for what is not settled yet */
		lived_control(of, true);
		lived_secure(of);
		expect_released(l, t);
		expect(l, lived_asks(of, "pay") && lived_is_secured(of), t);
		return;
	case RESPONSE_TAX_FINAL:
		pay(l);
		expect_released(l, t);
		expect(l, !lived_asks(of, "pay") && !lived_is_secured(of), t);
		return;
	case RESPONSE_RELEASED:
		expect_released(l, t);
		return;
	case RESPONSE_CLEARED:
		present(l);
		pay(l);
		expect_released(l, t);
		expect(l, !lived_asks(of, "pay"), t);
		return;
	case RESPONSE_AMENDED: /* told after the grant */
		expect(l, lived_version(of) > 1, t);
		return;
	case RESPONSE_REJECTED:
		misclassify(l);
		expect(l, lived_is(of, "released"), t);
		return;
	case RESPONSE_AWAITING_EXIT:
	case RESPONSE_CANCELLED:
	case RESPONSE_DETAINED:
	case RESPONSE_EXITED:
	case RESPONSE_HANDLED_OUTSIDE:
	case RESPONSE_QUERIED:
	case RESPONSE_REQUEST_DENIED:
	case RESPONSE_KINDS:
		break;
	}
	fail_msg("%s: no act is known for %s", l->scenario->name, t->file);
}

/* Theirs refused for good what ours has no rule for: it is declared, and nothing follows. */
static void live_scenario(struct fixture *c, const struct scenario *s, struct text *t)
{
	struct arena *a = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
	bool they_accept = said_anywhere(s, RESPONSE_ACCEPTED);
	struct life l = {
	    .of = {.fixture = c, .arena = a, .name = s->name}, .scenario = s, .ours = t};
	struct outcome o =
	    lived_begin(&l.of, s->declaration, said_anywhere(s, RESPONSE_EXAMINATION));

	text_string(t, "\tours:");
	put_ours(t, a, &o);
	results.accepted_by_both += they_accept;
	results.rejected_by_them += !they_accept;
	for (uint32_t i = 0; they_accept && i < s->steps; i++)
		live(&l, &s->step[i]);
	if (they_accept && l.sent != s->request_count)
		fail_msg("%s: a message of the trader was never handed in", s->name);
	results.ended += they_accept && lived_is(&l.of, "released");
	results.done += l.of.done;
	results.notices += l.of.notices;
	text_print(t, "\ttold:%.*s\n", (int)l.of.told.n, l.of.told.p);
	lived_end(&l.of);
	arena_free(a);
}

/* ---- the whole run ---- */

/* Read, written and read again, a notification says the same and is valid. */
static void rewrite(struct arena *a, const struct scenario *s, const struct res_schema *schema)
{
	for (uint32_t i = 0; i < s->steps; i++) {
		struct responses one = {0}, again;
		struct text first = text_in(a), second = text_in(a);
		struct codec_fault fault;

		if (s->step[i].said->kind == RESPONSE_KINDS)
			continue;
		one.list.v = s->step[i].said;
		one.list.n = 1;
		msg_write_responses(&first, &one);
		if (!res_schema_holds(schema, text_as_span(&first)))
			fail_msg("%s/%s: written again, it is not valid", s->name, s->step[i].file);
		assert_int_equal(msg_read_responses(a, text_as_span(&first), &again, &fault),
				 ERR_NONE);
		msg_write_responses(&second, &again);
		assert_true(span_equal(text_as_span(&first), text_as_span(&second)));
		results.rewritten++;
	}
}

static void run_scenario(struct fixture *c, const struct res_schema *schema, uint32_t from,
			 uint32_t to)
{
	struct scenario *s;
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct text *t = &results.table;

	s = ARENA_NEW(a, struct scenario);
	s->arena = a;
	s->name = files[from].scenario;
	for (uint32_t i = from; i < to; i++)
		take_file(s, &files[i]);
	if (!s->steps) {
		arena_free(a);
		return;
	}
	if (!s->declaration.n)
		fail_msg("%s: its declaration is missing", s->name);
	for (uint32_t i = 0; i < s->steps; i++)
		count_step(&s->step[i]);
	rewrite(a, s, schema);
	text_print(t, "%s\ttheirs:", s->name);
	put_said(t, s);
	live_scenario(c, s, t);
	results.scenarios++;
	arena_free(a);
}

static int run_all(void **state)
{
	struct res_schema schema;
	struct fixture c;

	xml_start();
	log_quiet(true);
	*state = results.arena = arena_new(LIMIT_ARENA_BYTES);
	schema = res_schema_open(*state);
	results.table = text_in(*state);
	text_string(
	    &results.table,
	    "# Made by test_real_notifications --write: what real notifications say of a "
	    "scenario, in our words; what our hub answers to its messages; what its notices "
	    "tell the trader.\n");
	fixture_new(&c, PACK);
	for (uint32_t i = 0, k; i < file_count; i = k) {
		for (k = i + 1; k < file_count && !strcmp(files[i].scenario, files[k].scenario);)
			k++;
		run_scenario(&c, &schema, i, k);
	}
	fixture_close(&c);
	fixture_sound(&c);
	fixture_remove(&c);
	res_schema_close(&schema);
	return 0;
}

/* ---- the page ---- */

static struct span page(struct arena *a)
{
	struct text t = text_in(a);

	text_print(
	    &t,
	    "# Real notifications\n\n"
	    "Made by `test_real_notifications --write` (`tests/golden`); the test fails when "
	    "it is stale.\n\n"
	    "%u published notifications of %u import scenarios, response messages of the WCO "
	    "Data Model 3.6, are read by `msg_read_responses()`. %u have codes that\n"
	    "we know (`docs/wco-res.md`), %u have not. Each of them, written again, is valid "
	    "against the schema and says the same.\n\n"
	    "| our word | function | status | notifications |\n|---|---|---|---|\n",
	    results.notifications, results.scenarios, results.known, results.unknown);
	for (uint32_t i = 0; i < RESPONSE_KINDS; i++) {
		enum response_kind k = (enum response_kind)i;

		if (results.kinds[i])
			text_print(&t, "| `%s` | %02u | %.0u | %u |\n", response_id(k),
				   response_function(k), response_status(k), results.kinds[i]);
	}
	text_string(&t, "\nWords of ours that no published notification shows:");
	for (uint32_t i = 0; i < RESPONSE_KINDS; i++)
		if (!results.kinds[i])
			text_print(&t, " `%s`", response_id((enum response_kind)i));
	text_print(
	    &t,
	    ". Their codes are taken from a published list of the field.\n\n"
	    "They carry %u errors, of which %u point to a place that our declaration has, and "
	    "%u duty lines. Of the %u lines of `wco-dec/tax_lines.csv`, which was\n"
	    "made from the same files by other means, %u are read with the same amounts; "
	    "%u stand in a declaration that is repeated behind an amendment, and are no\n"
	    "assessment. %u values have no place in our record and are listed: bank accounts, "
	    "methods of payment, repeated declarations, technical headers.\n\n",
	    results.errors, results.pointers, results.taxes, TAX_ROWS, TAX_ROWS - TAX_ECHOES,
	    TAX_ECHOES, results.lost);
	text_print(
	    &t,
	    "## Lived in our hub\n\n"
	    "Each scenario is lived in a real hub with the pack `tests/packs/real`: its "
	    "declaration and its requests are handed in by their trader, and what each\n"
	    "notification tells of is done by somebody whose work it is, through "
	    "`hub_act_wait()`. After each step the status, as the trader and as an officer "
	    "read it,\n"
	    "must be what the notification says, and the trader has one notice that says the "
	    "same as the status, or none where nothing changed for it. At the end\n"
	    "the trader's history tells the same, every decision and every act replays, and "
	    "verify finds nothing.\n\n"
	    "`tests/golden/real-notifications.txt` has, line by line, what they say in our "
	    "words, what our hub answers, and the states that our notices name.\n\n"
	    "| scenarios | |\n|---|---|\n"
	    "| with notifications | %u |\n"
	    "| accepted by them and by us | %u |\n"
	    "| refused by them for good | %u |\n"
	    "| whose case ends released | %u |\n"
	    "| messages and acts | %u |\n"
	    "| notices to traders | %u |\n\n"
	    "| they say | what is done in our hub | what the trader then reads |\n"
	    "|---|---|---|\n"
	    "| `accepted` | the goods are presented, by the scenario's message or by the "
	    "carrier, where they were not here | no presentation is asked any more |\n"
	    "| `documents-required` | an officer re-routes, where no rule of ours did | "
	    "`documents-required` |\n"
	    "| `examination` | an officer re-routes; the examiner, drawn from the roster, finds "
	    "the documents clean | `examination` |\n"
	    "| `received` | the scenario's request is handed in | where control was announced, "
	    "`await-decision` |\n"
	    "| `request-granted`, `amended` | another officer grants what waits | a newer "
	    "version |\n"
	    "| `tax-due` | | `pay` is asked, or the goods are released where nothing is due "
	    "|\n"
	    "| `tax-provisional` | a deposit of the trader becomes the security | `released`, "
	    "and `pay` is asked |\n"
	    "| `tax-final`, `released`, `cleared` | the examiner finds what is left clean; the "
	    "cashier takes what our assessment says is due, and gives security back | "
	    "`released`, nothing to pay |\n"
	    "| `rejected`, beside an accepted case | another declaration is handed in, with a "
	    "commodity code that there is none of | of the case, what stood there |\n\n"
	    "A version that nobody asked for, after release, is customs' own: an officer who "
	    "did not examine corrects the case. Where the examiner was not drawn, the\n"
	    "supervisor names one. One scenario's request has no file: the test hands in one of "
	    "its own, which changes the description of the goods.\n\n"
	    "What differs. Theirs refuse what our pack has no rule for (an authorisation that "
	    "they do not know, combinations of codes): our hub accepts these, and their\n"
	    "life is not lived. They tell a request received, granted and amended one by one; "
	    "ours says `amended` at once, or `received` where control was announced\n"
	    "and an officer decides. A declaration made before arrival is `received` with them "
	    "until the goods are presented, and `accepted` with us, with the\n"
	    "presentation as what comes next. A case that names no importer has no first notice: "
	    "who sent it has the answer.\n",
	    results.scenarios, results.accepted_by_both, results.rejected_by_them, results.ended,
	    results.done, results.notices);
	return text_as_span(&t);
}

/* ---- tests ---- */

static void test_counts(void **state)
{
	(void)state;
	assert_int_equal(results.notifications, NOTIFICATIONS);
	assert_int_equal(results.scenarios, SCENARIOS);
	assert_int_equal(results.unknown, 0);
	assert_int_equal(results.rewritten, results.known);
	assert_int_equal(results.pointers, results.errors);
	assert_int_equal(results.ended + results.rejected_by_them, results.scenarios);
}

static void test_every_scenario_is_as_kept(void **state)
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

static void test_the_page_is_fresh(void **state)
{
	struct arena *a = *state;

	assert_true(span_equal(fixture_read(a, fixture_path(a, PAGE)), page(a)));
}

/* ---- duties, beside a table made by other means ---- */

static int64_t pence(struct span text)
{
	struct decimal d;
	struct money m = {0};

	if (text.n && !decimal_parse(text, &d))
		assert_int_equal(money_from_decimal(d, 2, ROUND_DOWN, &m), ERR_NONE);
	return m.minor;
}

static int64_t pence_of(struct amount a)
{
	struct money m = {0};

	if (a.value.set)
		assert_int_equal(money_from_decimal(a.value, 2, ROUND_DOWN, &m), ERR_NONE);
	return m.minor;
}

static void check_row(const struct response_tax *t, struct span field[11])
{
	struct decimal item;

	assert_int_equal(decimal_parse(field[2], &item), ERR_NONE);
	if (t->item != item.units || !span_equal(t->levy, field[3]) ||
	    pence_of(t->base) != pence(field[5]) || pence_of(t->assessed) != pence(field[9]) ||
	    pence_of(t->payable) != pence(field[10]) ||
	    (t->rate.set ? pence((struct span){field[7].p, field[7].n, 0}) : 0) !=
		(t->rate.set ? pence_of((struct amount){t->rate, NO_VALUE}) : 0))
		fail_msg("%.*s/%.*s: item %u levy %.*s differs", SPAN_ARG(field[0]),
			 SPAN_ARG(field[1]), t->item, SPAN_ARG(t->levy));
}

/* Rows of one file stand together, in the file's order. */
static void test_duties_are_read_as_others_read_them(void **state)
{
	struct arena *a = *state;
	struct span rows = fixture_read(a, arena_print(a, "%s/tax_lines.csv", folder));
	struct span file = NO_VALUE;
	struct responses r = {0};
	uint32_t n = 0, at = 0, echoes = 0;

	span_cut(&rows, '\n');
	while (rows.n) {
		struct span line = span_trim(span_cut(&rows, '\n')), all = line, field[11];
		struct codec_fault fault;

		for (int i = 0; i < 11; i++)
			field[i] = span_cut(&line, ',');
		all.n = (uint32_t)(field[1].p + field[1].n - all.p);
		if (!span_equal(all, file)) {
			file = all;
			at = 0;
			assert_int_equal(
			    msg_read_responses(
				a,
				fixture_read(a,
					     arena_print(a, "%s/scenarios/%.*s/%.*s", folder,
							 SPAN_ARG(field[0]), SPAN_ARG(field[1]))),
				&r, &fault),
			    ERR_NONE);
		}
		n++;
		if (r.list.v[0].kind == RESPONSE_AMENDED) {
			echoes++;
			continue;
		}
		if (at >= r.list.v[0].taxes.n)
			fail_msg("%.*s has %u lines", SPAN_ARG(file), r.list.v[0].taxes.n);
		check_row(&r.list.v[0].taxes.v[at++], field);
	}
	assert_int_equal(n, TAX_ROWS);
	assert_int_equal(echoes, TAX_ECHOES);
	assert_int_equal(results.taxes, n - echoes + TAX_BEYOND);
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
	    cmocka_unit_test(test_every_scenario_is_as_kept),
	    cmocka_unit_test(test_the_page_is_fresh),
	    cmocka_unit_test(test_duties_are_read_as_others_read_them),
	};
	const struct CMUnitTest writing[] = {cmocka_unit_test(write_both)};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	int failed;

	if (postgres_missing())
		return 0;
	if (!a)
		return 1;
	folder = res_shared(a);
	if (nftw(folder, add_file, 16, FTW_PHYS) != 0 || file_count == 0) {
		printf("1..0 # SKIP no shared data at %s\n", folder);
		arena_free(a);
		return 77;
	}
	qsort(files, file_count, sizeof(files[0]), in_order);
	if (argc > 1 && !strcmp(argv[1], "--write"))
		failed = cmocka_run_group_tests(writing, run_all, forget);
	else
		failed = cmocka_run_group_tests(tests, run_all, forget);
	arena_free(a);
	return failed;
}
