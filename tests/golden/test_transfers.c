/* Money through a whole hub: postings as events of a chain, balances and statements beside them, and what verify says when
 * somebody changes one of them. */
#include <semaphore.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "codec/xml.h"
#include "fixture.h"
#include "hub/life/transfers.h"

#define PACK   "packs/landfall"
#define OFFICE SPAN("XLHAR001")
#define OTHER  SPAN("XLSOU002")
#define CASE   SPAN("26XL010000000017")
#define XLD    SPAN("XLD")
#define HOLDER SPAN("XL200000001799")
#define BROKER SPAN("XL900000000001")

#define assert_ok(call)                                                                            \
	do {                                                                                       \
		const enum err err_ = (call);                                                      \
		if (err_)                                                                          \
			fail_msg("%s: %s: %s", #call, err_name(err_), why.text);                   \
	} while (0)

/* ---- something that is settled in a batch of its own ---- */

struct errand {
	struct chore chore;
	enum err (*what)(struct batch *b, struct cause *why);
	sem_t done;
	enum err err;
	struct cause why;
};

static enum err run_errand(struct batch *b, struct chore *c, struct cause *why)
{
	return ((struct errand *)c)->what(b, why);
}

static void errand_done(struct hub *h, struct chore *c, enum err e, const struct cause *why)
{
	struct errand *r = (struct errand *)c;

	(void)h;
	r->err = e;
	if (why)
		r->why = *why;
	sem_post(&r->done);
}

static enum err settle(struct fixture *f, enum err (*what)(struct batch *b, struct cause *why))
{
	struct errand r = {
	    .chore = {.entry = {.kind = ENTRY_CHORE}, .run = run_errand, .done = errand_done},
	    .what = what};

	assert_int_equal(sem_init(&r.done, 0, 0), 0);
	assert_int_equal(settle_enqueue(f->hub, &r.chore.entry), ERR_NONE);
	while (sem_wait(&r.done))
		;
	sem_destroy(&r.done);
	return r.err;
}

static enum err put(struct batch *b, struct span office, struct span reference,
		    const struct posting *p, struct cause *why)
{
	return transfers_put(b, house_office(b->h, office), reference, reference.n > 0, SPAN("ann"),
			     p, why);
}

/* ---- errands ---- */

static enum err deposit(struct batch *b, struct span office, struct span holder, int64_t minor,
			struct cause *why)
{
	const struct ledger_currency currency = transfers_currency(b->inforce);
	struct posting p;
	enum err e = ledger_deposit(b->h->batch_arena, &currency, holder, minor, &p, why);

	return e ? e : put(b, office, SPAN(""), &p, why);
}

static enum err deposits(struct batch *b, struct cause *why)
{
	enum err e = deposit(b, OTHER, HOLDER, 50000, why);

	return e ? e : deposit(b, OTHER, BROKER, 7000, why);
}

static enum err case_of(struct batch *b, struct case_account *ret, struct cause *why)
{
	enum err e = transfers_of_case(b->h->store, b->h->batch_arena, OFFICE, CASE, ret, why);

	if (!e && !ret->holder.n) {
		ret->holder = HOLDER;
		ret->currency = transfers_currency(b->inforce);
	}
	return e;
}

static enum err raise_case(struct batch *b, struct cause *why)
{
	struct levy_sum sums[] = {{SPAN("A00"), 12345}, {SPAN("VAT"), 20000}};
	const struct levy_sums levies = {{sums, 2, 2}};
	struct case_account c;
	struct posting p;
	enum err e = case_of(b, &c, why);

	if (!e)
		e = ledger_raise(b->h->batch_arena, &c, &levies, &p, why);
	return e ? e : put(b, OFFICE, CASE, &p, why);
}

static enum err pay(struct batch *b, struct span payer, int64_t minor, struct cause *why)
{
	struct case_account c;
	struct posting p;
	int64_t prepaid;
	enum err e = case_of(b, &c, why);

	if (!e)
		e = transfers_prepaid(b, payer, XLD, &prepaid, why);
	if (!e)
		e = ledger_pay(b->h->batch_arena, &c, payer, prepaid, minor, &p, why);
	return e ? e : put(b, OFFICE, CASE, &p, why);
}

/* Two payments in one batch: the second sees what the first has left. */
static enum err pay_twice(struct batch *b, struct cause *why)
{
	int64_t prepaid;
	struct cause refused = {0};
	enum err e = pay(b, BROKER, 6000, why);

	if (!e)
		e = transfers_prepaid(b, BROKER, XLD, &prepaid, why);
	if (e)
		return e;
	assert_int_equal(prepaid, 1000);
	assert_int_equal(pay(b, BROKER, 1001, &refused), ERR_CONFLICT);
	return pay(b, HOLDER, 26345, why);
}

static enum err put_then_fail(struct batch *b, struct cause *why)
{
	enum err e = deposit(b, OFFICE, HOLDER, 1, why);

	return e ? e : fail(why, ERR_IO, "as asked");
}

/* More than is there, behind the back of ledger_withdraw(): the balances say no, and the batch goes on. */
static enum err overdraw(struct batch *b, struct cause *why)
{
	const struct ledger_currency currency = transfers_currency(b->inforce);
	struct posting p;
	struct cause refused = {0};
	enum err e = ledger_withdraw(b->h->batch_arena, &currency, BROKER, 99999, 99999, &p, why);

	if (e)
		return e;
	assert_int_equal(put(b, OFFICE, SPAN(""), &p, &refused), ERR_CONFLICT);
	assert_true(strlen(refused.text) > 0);
	return deposit(b, OFFICE, BROKER, 5, why);
}

static enum err nothing_to_post(struct batch *b, struct cause *why)
{
	const struct posting p = {.kind = POSTING_RERAISE,
				  .currency = transfers_currency(b->inforce)};

	return put(b, OFFICE, CASE, &p, why);
}

/* ---- looking ---- */

struct look {
	struct arena *arena;
	struct store *store;
};

static struct look look_at(const struct fixture *f)
{
	struct look l = {.arena = arena_new(LIMIT_ARENA_BYTES)};
	char where[128];
	struct cause why = {0};

	snprintf(where, sizeof(where), "%s", f->directory);
	assert_non_null(l.arena);
	assert_ok(store_open(where, &(struct store_options){.mode = STORE_READ}, &l.store, &why));
	return l;
}

static void look_away(struct look *l)
{
	store_close(l->store);
	arena_free(l->arena);
}

static int64_t balance(const struct look *l, struct span holder, const char *account)
{
	struct store_balances rows;
	struct cause why = {0};

	assert_ok(store_get_balances(l->store, l->arena, &holder, 1, &rows, &why));
	for (uint32_t i = 0; i < rows.count; i++)
		if (span_is(rows.row[i].account, account))
			return rows.row[i].minor;
	return 0;
}

struct reading {
	const struct look *l;
	struct case_account c;
	enum err err;
};

static void read_case(void *context)
{
	struct reading *r = context;

	r->err = transfers_of_case(r->l->store, r->l->arena, OFFICE, CASE, &r->c, NULL);
}

/* ---- a life ---- */

static void start(struct fixture *f)
{
	fixture_new(f, PACK);
	assert_int_equal(settle(f, deposits), ERR_NONE);
	assert_int_equal(settle(f, raise_case), ERR_NONE);
	assert_int_equal(settle(f, pay_twice), ERR_NONE);
}

static void assert_as_paid(const struct fixture *f)
{
	struct look l = look_at(f);
	struct reading r = {.l = &l};

	assert_int_equal(balance(&l, HOLDER, "due"), 0);
	assert_int_equal(balance(&l, HOLDER, "prepaid"), -(50000 - 26345));
	assert_int_equal(balance(&l, BROKER, "prepaid"), -1000);
	assert_int_equal(balance(&l, LEDGER_TREASURY, "cash"), 57000);
	assert_int_equal(balance(&l, LEDGER_TREASURY, "revenue/A00"), -12345);
	assert_int_equal(balance(&l, LEDGER_TREASURY, "revenue/VAT"), -20000);
	assert_int_equal(arena_run(l.arena, read_case, &r), ERR_NONE);
	assert_int_equal(r.err, ERR_NONE);
	assert_true(r.c.due == 32345 && r.c.paid == 32345 && r.c.payers.n == 2);
	assert_true(span_equal(r.c.holder, HOLDER));
	look_away(&l);
}

static void test_money_moves_and_everything_agrees(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_as_paid(&f);
	fixture_sound(&f);
	fixture_close(&f);
	fixture_open(&f); /* what the next process reads */
	assert_int_equal(settle(&f, overdraw), ERR_NONE);
	assert_int_equal(settle(&f, nothing_to_post), ERR_NONE);
	fixture_sound(&f);
	fixture_remove(&f);
}

static void test_a_statement_tells_each_side_once(void **state)
{
	static const struct {
		const char *kind, *account, *other, *other_account;
		int64_t minor;
	} want[] = {
	    {"pay", "due", "XL200000001799", "prepaid", -26345},
	    {"pay", "prepaid", "XL200000001799", "due", 26345},
	    {"pay", "due", "XL900000000001", "prepaid", -6000},
	    {"raise", "due", "treasury", "revenue", 32345}, /* of two levies */
	    {"deposit", "prepaid", "treasury", "cash", -50000},
	};
	const struct store_transfer_page page = {.holder = HOLDER, .limit = 100};
	struct store_transfer *row;
	struct cause why = {0};
	struct fixture f;
	struct look l;
	uint32_t n;

	(void)state;
	start(&f);
	l = look_at(&f);
	assert_ok(store_list_transfers(l.store, l.arena, &page, &row, &n, &why));
	assert_int_equal(n, ARRAY_LEN(want));
	for (uint32_t i = 0; i < n; i++) {
		assert_span(row[i].kind, want[i].kind);
		assert_span(row[i].account, want[i].account);
		assert_span(row[i].other_holder, want[i].other);
		assert_span(row[i].other_account, want[i].other_account);
		assert_true(row[i].minor == want[i].minor);
		assert_true(span_equal(row[i].reference, i < 4 ? CASE : SPAN("")));
	}
	look_away(&l);
	fixture_remove(&f);
}

static void test_a_batch_that_fails_leaves_the_balances(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(settle(&f, put_then_fail), ERR_IO);
	assert_as_paid(&f);
	fixture_sound(&f);
	fixture_remove(&f);
}

/* ---- verify ---- */

struct faults {
	struct arena *arena;
	struct text text;
};

static void on_fault(void *context, struct span office, int64_t seq, struct span reference,
		     const char *text)
{
	struct faults *f = context;

	(void)office;
	(void)seq;
	text_span(&f->text, reference);
	text_string(&f->text, ": ");
	text_string(&f->text, text);
	text_char(&f->text, '\n');
}

/* All that verify says, one fault a line. */
static char *verify(const struct fixture *f, struct faults *faults, struct arena *a)
{
	const struct hub_options o = {.where = f->directory, .mode = HUB_READ};
	struct audit_report report = {.fault = on_fault, .context = faults};
	struct cause why = {0};
	struct hub *h = NULL;

	*faults = (struct faults){a, text_in(a)};
	assert_ok(hub_open(&o, &h, &why));
	assert_ok(hub_verify(h, &(struct verify_options){0}, &report, &why));
	hub_close(h);
	text_char(&faults->text, 0);
	return faults->text.p;
}

static void change(const struct fixture *f, const char *sql)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/customhouse.db", f->directory);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_true(sqlite3_changes(db) > 0);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_verify_names_what_was_changed(void **state)
{
	static const struct {
		const char *change, *back, *said[2];
	} cases[] = {
	    {"UPDATE balance SET minor = minor - 1 WHERE holder = 'XL900000000001'",
	     "UPDATE balance SET minor = minor + 1 WHERE holder = 'XL900000000001'",
	     {"XL900000000001: the balance of \"prepaid\" is -1001 XLD in minor units, the log "
	      "says "
	      "-1000\n",
	      "the balances in XLD do not add up to zero\n"}},
	    {"UPDATE balance SET minor = -minor WHERE account = 'cash'",
	     "UPDATE balance SET minor = -minor WHERE account = 'cash'",
	     {"treasury: the account \"cash\" stands on a side where it never may\n",
	      "the balances in XLD do not add up to zero\n"}},
	    {"UPDATE balance SET holder = 'XL1' WHERE holder = 'XL900000000001'",
	     "UPDATE balance SET holder = 'XL900000000001' WHERE holder = 'XL1'",
	     {"XL1: the balance of \"prepaid\" is -1000 XLD in minor units, the log says 0\n",
	      "XL900000000001: the log has a balance of \"prepaid\", the list of balances does "
	      "not\n"}},
	    {"UPDATE balance SET account = 'purse' WHERE holder = 'XL900000000001'",
	     "UPDATE balance SET account = 'prepaid' WHERE holder = 'XL900000000001'",
	     {"XL900000000001: the account \"purse\" stands on a side", "the log has a balance"}},
	    {"UPDATE transfer SET minor = 6001 WHERE minor = 6000",
	     "UPDATE transfer SET minor = 6000 WHERE minor = 6001",
	     {"26XL010000000017: the statement of XL900000000001 does not say what the log says\n",
	      ""}},
	    {"UPDATE transfer SET reference = 'x' WHERE kind = 'deposit' AND minor = -7000",
	     "UPDATE transfer SET reference = '' WHERE reference = 'x'",
	     {": the statement of XL900000000001 does not say what the log says\n", ""}},
	    {"UPDATE transfer SET n = 77 WHERE minor = 6000",
	     "UPDATE transfer SET n = 0 WHERE n = 77",
	     {"26XL010000000017: the statement of XL900000000001 lacks a transfer that the log "
	      "has\n",
	      ""}},
	    {"INSERT INTO transfer SELECT 'XL1', at, office, seq, n, reference, kind, account,"
	     " other_holder, other_account, currency, minor FROM transfer WHERE minor = 6000",
	     "DELETE FROM transfer WHERE holder = 'XL1'",
	     {": the statements have 8 rows, the log asks for 7\n", ""}},
	};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct faults faults;
	struct fixture f;

	(void)state;
	start(&f);
	fixture_close(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *said;

		arena_reset(a);
		change(&f, cases[i].change);
		said = verify(&f, &faults, a);
		for (size_t k = 0; k < ARRAY_LEN(cases[i].said); k++)
			if (!strstr(said, cases[i].said[k]))
				fail_msg("case %zu: \"%s\" is not in\n%s", i, cases[i].said[k],
					 said);
		change(&f, cases[i].back);
	}
	fixture_sound(&f);
	arena_free(a);
	fixture_remove(&f);
}

/* A whole event, well chained and signed, that the ledger would never have made. */
static const char *forged;

static enum err forge(struct batch *b, struct cause *why)
{
	struct office *o = house_office(b->h, OFFICE);
	struct event e = {.kind = SPAN("transfers"),
			  .reference = CASE,
			  .version = 1,
			  .at = b->now,
			  .actor = SPAN("ann"),
			  .payload = span_of(forged)};
	enum err err = house_read_office(b->h, o, why);

	return err ? err : house_append(b->h, o, &e, NULL, why);
}

#define SIDES(dh, da, ch, ca)                                                                      \
	"{\"debit\":{\"holder\":\"" dh "\",\"account\":\"" da "\"},\"credit\":{\"holder\":\"" ch   \
	"\",\"account\":\"" ca "\"},\"amount\":"
#define PAYLOAD(format, kind, list)                                                                \
	"{\"format\":" format ",\"kind\":\"" kind "\",\"currency\":\"XLD\",\"transfers\":[" list   \
	"]}"

static void test_verify_names_a_posting_that_the_ledger_does_not_make(void **state)
{
	static const struct {
		const char *payload, *said;
	} cases[] = {
	    {PAYLOAD("1", "pay", SIDES("A", "due", "A", "prepaid") "\"1.00\"}"),
	     "\"pay\" never debits \"due\" and credits \"prepaid\""},
	    {PAYLOAD("1", "pay", SIDES("A", "prepaid", "A", "due") "\"-1.00\"}"),
	     "an amount must be more than zero"},
	    {PAYLOAD("1", "pay", SIDES("A", "prepaid", "A", "due") "\"one\"}"),
	     "an amount that is no number"},
	    {PAYLOAD("1", "pay", SIDES("A", "prepaid", "A", "due") "1.00}"),
	     "an amount that is no number"},
	    {PAYLOAD("1", "pay",
		     SIDES("A", "prepaid", "A", "due") "\"1.00\"}," SIDES("A", "prepaid", "A",
									  "due") "\"1.000\"}"),
	     "amounts with more and with fewer decimals"},
	    {PAYLOAD("2", "pay", SIDES("A", "prepaid", "A", "due") "\"1.00\"}"),
	     "no transfers that this program knows"},
	    {PAYLOAD("1", "give", SIDES("A", "prepaid", "A", "due") "\"1.00\"}"),
	     "a posting without a kind"},
	    {PAYLOAD("1", "pay", ""), "no transfers that this program knows"},
	    {"{", "line 1, column "},
	    {PAYLOAD("1", "deposit", SIDES("treasury", "cash", "A", "prepaid") "\"1.000\"}"),
	     "elsewhere with more or fewer"},
	    {PAYLOAD("1", "deposit", SIDES("treasury", "cash", "A", "prepaid") "\"1.00\"}"),
	     "A: the log has a balance of \"prepaid\", the list of balances does not"},
	};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct faults faults;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		const char *said;

		arena_reset(a);
		start(&f);
		forged = cases[i].payload;
		assert_int_equal(settle(&f, forge), ERR_NONE);
		fixture_close(&f);
		said = verify(&f, &faults, a);
		if (!strstr(said, cases[i].said))
			fail_msg("case %zu: \"%s\" is not in\n%s", i, cases[i].said, said);
		fixture_remove(&f);
	}
	arena_free(a);
}

static void test_verify_says_that_erased_transfers_prove_nothing(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct faults faults;
	struct fixture f;

	(void)state;
	start(&f);
	fixture_close(&f);
	change(&f, "UPDATE event SET salt = NULL, payload = NULL WHERE kind = 'transfers' AND "
		   "office = 'XLHAR001'");
	assert_non_null(strstr(verify(&f, &faults, a), "transfers were erased"));
	arena_free(a);
	fixture_remove(&f);
}

/* ---- the payload ---- */

static void write_and_read(void *context)
{
	static const char want[] =
	    "{\"format\":1,\"kind\":\"deposit\",\"currency\":\"XLD\",\"transfers\":[{\"debit\":{"
	    "\"holder\":\"treasury\",\"account\":\"cash\"},\"credit\":{\"holder\":\"A\\\"B\","
	    "\"account\":\"prepaid\"},\"amount\":\"12.00\"}]}";
	struct arena *a = context;
	const struct ledger_currency xld = {XLD, 2};
	struct posting p, back;
	struct cause why = {0};

	assert_ok(ledger_deposit(a, &xld, SPAN("A\"B"), 1200, &p, &why));
	assert_span(transfers_write(a, &p), want);
	assert_ok(transfers_read(a, SPAN(want), &back, &why));
	assert_int_equal(back.kind, POSTING_DEPOSIT);
	assert_int_equal(back.currency.digits, 2);
	assert_int_equal(back.transfers.n, 1);
	assert_span(back.transfers.v[0].credit_holder, "A\"B");
	assert_true(back.transfers.v[0].minor == 1200);
	assert_span(transfers_write(a, &back), want);
}

static void test_a_payload_reads_as_it_was_written(void **state)
{
	struct arena *a = arena_new(1 << 20);

	(void)state;
	assert_int_equal(arena_run(a, write_and_read, a), ERR_NONE);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_money_moves_and_everything_agrees),
	    cmocka_unit_test(test_a_statement_tells_each_side_once),
	    cmocka_unit_test(test_a_batch_that_fails_leaves_the_balances),
	    cmocka_unit_test(test_verify_names_what_was_changed),
	    cmocka_unit_test(test_verify_names_a_posting_that_the_ledger_does_not_make),
	    cmocka_unit_test(test_verify_says_that_erased_transfers_prove_nothing),
	    cmocka_unit_test(test_a_payload_reads_as_it_was_written),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
