/* Real notifications of customs (response messages of the WCO Data Model 3.6) beside what our hub says: wco-dec in the shared data
 * (CUSTOMHOUSE_SHARED), skipped where that is absent.
 *
 * Every scenario's notifications are read in their order; the words that they come to, what our hub answers to the same
 * declaration and its amendments, and how the case ends when the acts that the notifications tell of are done to it, are compared
 * with tests/golden/real-notifications.txt. docs/real-notifications.md, which says the same for people, must be fresh; --write makes
 * both anew. What the notices state of duties must be what wco-dec/tax_lines.csv, made by other means, says.
 *
 * do_act() is the one place where a case is acted on. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "codec/xml.h"
#include "fixture.h"
#include "flow/flow.h"
#include "hub/record.h"
#include "msg/res.h"
#include "res_schema.h"

#define PACK   "tests/packs/real"
#define TABLE  "tests/golden/real-notifications.txt"
#define PAGE   "docs/real-notifications.md"
#define SENDER "TRADER"

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
	uint32_t accepted_by_both, rejected_by_them, ended, rewritten;
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
	struct span declaration, requests[REQUESTS_MAX]; /* bytes that the trader sent */
	struct span type, reference; /* of the declaration; of theirs, in the requests */
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
		if (!s->declaration.n) {
			s->declaration = bytes;
			s->type = m->declaration.type;
		}
		return;
	}
	assert_true(s->request_count < REQUESTS_MAX);
	s->requests[s->request_count++] = bytes;
	s->reference = m->declaration.movement_reference;
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

	if (o->kind != OUTCOME_NEW)
		fail_msg("kind %d: %s", (int)o->kind, o->cause.text);
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

/* The declaration and the requests of a scenario through the hub. */
static void answer_scenario(struct fixture *c, const struct scenario *s, struct text *t)
{
	struct arena *a = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
	struct outcome o = fixture_submit(c, a, s->declaration, SENDER, s->name);
	struct span ours = o.reference;
	bool they_accept = said_anywhere(s, RESPONSE_ACCEPTED);

	results.accepted_by_both += o.accepted && they_accept;
	results.rejected_by_them += !they_accept;
	put_ours(t, a, &o);
	for (uint32_t i = 0; i < s->request_count; i++) {
		struct span raw = fixture_replaced(a, s->requests[i], s->reference, ours);

		text_string(t, ",");
		o = fixture_submit(c, a, raw, SENDER, "");
		put_ours(t, a, &o);
	}
	arena_free(a);
}

/* ---- the life that the notifications tell of ---- */

struct life {
	const struct scenario *scenario;
	struct flow_case now;
	int64_t at, version;
	bool begun;
};

/* What is payable by a notice, in pence. */
static int64_t payable(const struct response *r)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < r->taxes.n; i++) {
		struct money m = {0};

		if (r->taxes.v[i].payable.value.set)
			assert_int_equal(
			    money_from_decimal(r->taxes.v[i].payable.value, 2, ROUND_DOWN, &m),
			    ERR_NONE);
		sum += m.minor;
	}
	return sum;
}

/* What is due by the first notice about a version; what is due now when there is none. */
static int64_t due_of_version(const struct life *l, int64_t version)
{
	for (uint32_t i = 0; i < l->scenario->steps; i++) {
		const struct response *r = l->scenario->step[i].said;
		struct decimal d;

		if (r->taxes.n && r->version.n && !decimal_parse(r->version, &d) &&
		    d.units == version)
			return payable(r);
	}
	return l->now.due;
}

/* Does one act. What it needs is filled in as an honest clerk would. */
static void do_act(struct life *l, enum flow_act act)
{
	struct flow_do d = {.act = act,
			    .by = act == ACT_CORRECT ? SPAN("quota desk") : SPAN("clerk"),
			    .roles = flow_act_roles(act),
			    .at = ++l->at,
			    .reason = SPAN("as customs said"),
			    .who = SPAN("clerk"),
			    .result = RESULT_CLEAN,
			    .request = SPAN("R1"),
			    .amount = l->now.due - l->now.paid,
			    .applied = true,
			    .version = l->now.version + 1,
			    .due = due_of_version(l, l->now.version + 1),
			    .lane = l->now.lane,
			    .until = l->at + 1000000};
	struct flow_path path;
	struct flow_case after;
	enum flow_refusal why = flow_act(&l->now, &d, &after, &path);

	if (why != REFUSED_NOTHING)
		fail_msg("%s: %s is refused: %s", l->scenario->name, flow_act_name(act),
			 flow_refusal_text(why));
	l->now = after;
}

/* The first notice says what is due. Control that the notifications speak of was asked for by the lane. */
static void begin(struct life *l)
{
	const struct scenario *s = l->scenario;
	enum lane lane = said_anywhere(s, RESPONSE_EXAMINATION)          ? LANE_RED
			 : said_anywhere(s, RESPONSE_DOCUMENTS_REQUIRED) ? LANE_YELLOW
									 : LANE_GREEN;
	int64_t due = 0;

	for (uint32_t i = 0; i < s->steps && !due; i++)
		due = payable(s->step[i].said);
	l->now = flow_begin(!said_anywhere(s, RESPONSE_REJECTED) || s->steps > 1,
			    flow_type_is_presented(s->type), lane, due, NULL);
	l->begun = true;
}

/* Control ends before anything that only follows a clean case. */
static void end_control(struct life *l)
{
	if (l->now.state == FLOW_SELECTED)
		do_act(l, ACT_ALLOCATE);
	if (l->now.state == FLOW_DOCUMENTS)
		do_act(l, ACT_CHECK_DOCUMENTS);
	if (l->now.state == FLOW_INSPECTION)
		do_act(l, ACT_EXAMINE);
}

static void present(struct life *l)
{
	if (l->now.state == FLOW_LODGED)
		do_act(l, ACT_PRESENT);
}

/* A new version that nobody asked for is customs' own, once the goods are released. */
static void follow_version(struct life *l, const struct response *r)
{
	struct decimal d;

	if (r->version.n && !decimal_parse(r->version, &d) && d.units > l->now.version &&
	    l->now.state == FLOW_RELEASED)
		do_act(l, ACT_CORRECT);
}

static void pay(struct life *l)
{
	end_control(l);
	if (l->now.due > l->now.paid)
		do_act(l, ACT_PAY);
}

static void expect(const struct life *l, bool holds, const struct step *t)
{
	if (!holds)
		fail_msg("%s: at %s the case stands at %s", l->scenario->name, t->file,
			 flow_state_name(l->now.state));
}

/* A request is asked for where it has to be, and granted; else it is simply made. */
static void grant(struct life *l)
{
	if (!l->now.notified) {
		do_act(l, ACT_AMEND);
		return;
	}
	do_act(l, ACT_ASK);
	do_act(l, ACT_GRANT);
}

/* The acts that a notification tells of, and what must hold of the case then. */
static void live(struct life *l, const struct step *t)
{
	switch (t->said->kind) {
	case RESPONSE_ACCEPTED:
		present(l);
		expect(l, l->now.presented, t);
		return;
	case RESPONSE_DOCUMENTS_REQUIRED:
		expect(l, !strcmp(flow_public(&l->now, l->at).state, "documents-required"), t);
		return;
	case RESPONSE_EXAMINATION:
		expect(l, l->now.holds & HOLD_INSPECTION, t);
		return;
	case RESPONSE_REQUEST_GRANTED:
		grant(l);
		return;
	case RESPONSE_TAX_PROVISIONAL: /* released against a security for what is not settled yet */
		end_control(l);
		do_act(l, ACT_SECURE);
		expect(l, l->now.state == FLOW_RELEASED && l->now.provisional, t);
		return;
	case RESPONSE_TAX_FINAL:
		follow_version(l, t->said);
		pay(l);
		return;
	case RESPONSE_RELEASED:
		expect(l, l->now.state == FLOW_RELEASED, t);
		return;
	case RESPONSE_CLEARED:
		present(l);
		pay(l);
		expect(l, l->now.state == FLOW_RELEASED && l->now.due == l->now.paid, t);
		return;
	case RESPONSE_AMENDED: /* told after the grant */
		expect(l, l->now.version > 1, t);
		return;
	case RESPONSE_REJECTED: /* of a first attempt, where others follow or stand before it */
		expect(l, l->scenario->steps > 1 || l->now.state == FLOW_REJECTED, t);
		return;
	case RESPONSE_RECEIVED: /* something was handed in: what became of it follows */
	case RESPONSE_TAX_DUE:
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

static const char *live_scenario(const struct scenario *s)
{
	struct life l = {.scenario = s, .at = 1};

	begin(&l);
	for (uint32_t i = 0; i < s->steps; i++)
		live(&l, &s->step[i]);
	results.ended += l.now.state == FLOW_RELEASED;
	return flow_state_name(l.now.state);
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
	text_string(t, "\tours:");
	answer_scenario(c, s, t);
	text_print(t, "\tlife: %s\n", live_scenario(s));
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
	text_string(&results.table,
		    "# Made by test_real_notifications --write: what real notifications say of a "
		    "scenario, in our words; what our hub answers to its messages; how the case "
		    "ends.\n");
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
	text_print(&t,
		   "## Beside our hub\n\n"
		   "Each scenario's declaration and requests go through a real hub with the pack "
		   "`tests/packs/real`. `tests/golden/real-notifications.txt` has, line by line, "
		   "what\n"
		   "they say in our words, what our hub says, and how a case of ours ends when the "
		   "acts that their notifications tell of are done to it.\n\n"
		   "| scenarios | |\n|---|---|\n"
		   "| with notifications | %u |\n"
		   "| accepted by them and by us | %u |\n"
		   "| refused by them for good | %u |\n"
		   "| whose case ends released | %u |\n\n"
		   "Theirs refuse what our pack has no rule for (an authorisation that they do not "
		   "know, combinations of codes): our hub accepts these.\n"
		   "They tell a request received, granted and amended one by one; ours says "
		   "`amended` at once, or `received` where control was announced and an\n"
		   "officer decides. A declaration made before\n"
		   "arrival is `received` with them until the goods are presented, and `accepted` "
		   "with us, with the presentation as what comes next.\n",
		   results.scenarios, results.accepted_by_both, results.rejected_by_them,
		   results.ended);
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
