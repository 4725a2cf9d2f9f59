/* Each kind of posting by hand: what it moves, and what it refuses. */
#include "ledger/ledger.h"

#include <stdio.h>

#include "unit.h"

#define HOLDER SPAN("LF1")
#define BROKER SPAN("LF9")
#define XLD    SPAN("XLD")
#define assert_ok(call)                                                                            \
	do {                                                                                       \
		const enum err err_ = (call);                                                      \
		if (err_)                                                                          \
			fail_msg("%s: %s: %s", #call, err_name(err_), why.text);                   \
	} while (0)

static const struct ledger_currency currency = {{"XLD", 3, 0}, 2};

/* Runs a test's body inside arena_run(), which the ledger asks for. */
struct body {
	void (*run)(struct arena *a);
	struct arena *arena;
};

static void run_body(void *context)
{
	struct body *b = context;

	b->run(b->arena);
}

static void in_arena(void **state, void (*run)(struct arena *a))
{
	struct body b = {run, *state};

	assert_int_equal(arena_run(*state, run_body, &b), ERR_NONE);
}

static struct levy_sums levies(struct arena *a, const char *const *levy, const int64_t *minor,
			       uint32_t n)
{
	struct levy_sums s = {0};

	for (uint32_t i = 0; i < n; i++) {
		struct levy_sum *v =
		    arena_push(a, (void **)&s.list.v, &s.list.n, &s.list.room, sizeof(*v));

		*v = (struct levy_sum){span_of(levy[i]), minor[i]};
	}
	return s;
}

static const char *const levy_name[] = {"A00", "B00", "C10"};
#define LEVIES(a, ...)                                                                             \
	levies((a), levy_name, (const int64_t[]){__VA_ARGS__},                                     \
	       ARRAY_LEN(((const int64_t[]){__VA_ARGS__})))

static struct case_account new_case(void)
{
	return (struct case_account){.holder = HOLDER, .currency = currency};
}

/* One transfer as text: "LF1/due > treasury/revenue/A00 1200". */
static void assert_moves(struct arena *a, const struct posting *p, const char *const *want)
{
	uint32_t i = 0;

	for (; i < p->transfers.n && want[i]; i++) {
		const struct transfer *t = &p->transfers.v[i];

		assert_string_equal(
		    arena_print(a, "%.*s/%.*s > %.*s/%.*s %lld", SPAN_ARG(t->debit_holder),
				SPAN_ARG(t->debit_account), SPAN_ARG(t->credit_holder),
				SPAN_ARG(t->credit_account), (long long)t->minor),
		    want[i]);
	}
	assert_int_equal(i, p->transfers.n);
	assert_null(want[i]);
}
#define MOVES(a, p, ...) assert_moves((a), (p), (const char *const[]){__VA_ARGS__, NULL})

/* What a case and its holders' balances come to, side by side. */
struct world {
	struct arena *arena;
	struct ledger_book book;
	struct case_account c;
};

static struct world new_world(struct arena *a)
{
	return (struct world){a, ledger_book_in(a), new_case()};
}

static void take(struct world *w, const struct posting *p)
{
	struct cause why = {0};

	assert_ok(ledger_check(p, &why));
	assert_ok(ledger_post(&w->book, p, &why));
	assert_ok(ledger_case_add(w->arena, &w->c, p, &why));
}

static void deposit(struct world *w, struct span holder, int64_t minor)
{
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_deposit(w->arena, &currency, holder, minor, &p, &why));
	assert_int_equal(p.kind, POSTING_DEPOSIT);
	assert_ok(ledger_post(&w->book, &p, &why));
	assert_int_equal(ledger_case_add(w->arena, &w->c, &p, &why), ERR_CONFLICT);
}

static int64_t balance(const struct world *w, struct span holder, const char *account)
{
	return ledger_get(&w->book, holder, span_of(account), XLD);
}

static void raise_300(struct world *w)
{
	const struct levy_sums s = LEVIES(w->arena, 100, 200);
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_raise(w->arena, &w->c, &s, &p, &why));
	take(w, &p);
}

static void pay(struct world *w, struct span payer, int64_t minor)
{
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_pay(w->arena, &w->c, payer, ledger_prepaid(&w->book, payer, XLD), minor,
			     &p, &why));
	take(w, &p);
}

/* ---- raising ---- */

static void raise_by_levy(struct arena *a)
{
	struct world w = new_world(a);
	const struct levy_sums s = LEVIES(a, 100, 200);
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_raise(a, &w.c, &s, &p, &why));
	assert_int_equal(p.kind, POSTING_RAISE);
	MOVES(a, &p, "LF1/due > treasury/revenue/A00 100", "LF1/due > treasury/revenue/B00 200");
	take(&w, &p);
	assert_int_equal(balance(&w, HOLDER, "due"), 300);
	assert_int_equal(balance(&w, LEDGER_TREASURY, "revenue/B00"), -200);
	assert_true(w.c.due == 300 && w.c.paid == 0 && ledger_case_open(&w.c) == 300);
	assert_int_equal(ledger_raise(a, &w.c, &s, &p, &why), ERR_CONFLICT);
}

static void test_levies_fall_due(void **state)
{
	in_arena(state, raise_by_levy);
}

static void raise_nothing(struct arena *a)
{
	const struct case_account c = new_case();
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_raise(a, &c, &(struct levy_sums){0}, &p, &why));
	assert_int_equal(p.transfers.n, 0);
}

static void test_nothing_due_is_nothing_to_post(void **state)
{
	in_arena(state, raise_nothing);
}

static struct tax_line line(const char *levy, enum tax_state state, int64_t minor)
{
	return (struct tax_line){.levy = span_of(levy), .state = state, .amount = {minor}};
}

static void levies_of_lines(struct arena *a)
{
	struct tax_line lines[] = {line("B00", TAX_DUE, 7), line("A00", TAX_DUE, 5),
				   line("B00", TAX_DUE, 6), line("C10", TAX_SUSPENDED, 90),
				   line("D10", TAX_DUE, 0), line("E10", TAX_RELIEVED, 80)};
	struct assessment s = {.lines = {lines, ARRAY_LEN(lines), ARRAY_LEN(lines)},
			       .total_due = {18},
			       .complete = true};
	struct levy_sums sums;
	struct cause why = {0};

	assert_ok(ledger_levies(a, &s, &sums, &why));
	assert_int_equal(sums.list.n, 2);
	assert_span(sums.list.v[0].levy, "A00");
	assert_span(sums.list.v[1].levy, "B00");
	assert_true(sums.list.v[0].minor == 5 && sums.list.v[1].minor == 13);
	s.total_due.minor = 17;
	assert_int_equal(ledger_levies(a, &s, &sums, &why), ERR_USAGE);
	s.total_due.minor = 18;
	s.complete = false;
	assert_ok(ledger_levies(a, &s, &sums, &why));
	assert_int_equal(sums.list.n, 2);
	s.complete = true;
	lines[1].amount.minor = INT64_MAX;
	assert_int_equal(ledger_levies(a, &s, &sums, &why), ERR_LIMIT);
	lines[0].amount.minor = INT64_MAX;
	lines[1].amount.minor = 5;
	assert_int_equal(ledger_levies(a, &s, &sums, &why), ERR_LIMIT);
	lines[0].amount.minor = -7;
	assert_int_equal(ledger_levies(a, &s, &sums, &why), ERR_USAGE);
}

static void test_tax_lines_that_are_due_make_the_levies(void **state)
{
	in_arena(state, levies_of_lines);
}

/* ---- a new version ---- */

static void reraise_differences(struct arena *a)
{
	struct world w = new_world(a);
	const struct levy_sums s = LEVIES(a, 150, 120, 40);
	struct posting p;
	struct cause why = {0};

	raise_300(&w);
	assert_ok(ledger_reraise(a, &w.c, &s, OVERPAID_RETURNS, &p, &why));
	assert_int_equal(p.kind, POSTING_RERAISE);
	MOVES(a, &p, "LF1/due > treasury/revenue/A00 50", "treasury/revenue/B00 > LF1/due 80",
	      "LF1/due > treasury/revenue/C10 40");
	take(&w, &p);
	assert_true(w.c.due == 310 && balance(&w, HOLDER, "due") == 310);
	assert_ok(ledger_reraise(a, &w.c, &s, OVERPAID_RETURNS, &p, &why));
	assert_int_equal(p.transfers.n, 0);
}

static void test_a_new_version_posts_only_differences(void **state)
{
	in_arena(state, reraise_differences);
}

/* The broker paid last, so the broker is the first to get something back. */
static void overpaid_goes_back(struct arena *a)
{
	struct world w = new_world(a);
	const struct levy_sums s = LEVIES(a, 60);
	struct posting p;
	struct cause why = {0};

	deposit(&w, HOLDER, 1000);
	deposit(&w, BROKER, 1000);
	raise_300(&w);
	pay(&w, HOLDER, 200);
	pay(&w, BROKER, 100);
	assert_ok(ledger_reraise(a, &w.c, &s, OVERPAID_RETURNS, &p, &why));
	MOVES(a, &p, "treasury/revenue/A00 > LF1/due 40", "treasury/revenue/B00 > LF1/due 200",
	      "LF1/due > LF9/prepaid 100", "LF1/due > LF1/prepaid 140");
	take(&w, &p);
	assert_true(w.c.due == 60 && w.c.paid == 60 && w.c.payers.n == 1);
	assert_true(ledger_prepaid(&w.book, BROKER, XLD) == 1000 &&
		    ledger_prepaid(&w.book, HOLDER, XLD) == 940);
	assert_int_equal(balance(&w, HOLDER, "due"), 0);
}

static void test_what_was_paid_too_much_goes_to_those_who_paid_last(void **state)
{
	in_arena(state, overpaid_goes_back);
}

static void overpaid_stays(struct arena *a)
{
	struct world w = new_world(a);
	const struct levy_sums s = LEVIES(a, 60, 100);
	struct posting p;
	struct cause why = {0};

	deposit(&w, HOLDER, 300);
	raise_300(&w);
	pay(&w, HOLDER, 300);
	assert_ok(ledger_reraise(a, &w.c, &s, OVERPAID_STAYS, &p, &why));
	take(&w, &p);
	assert_true(ledger_case_overpaid(&w.c) == 140 && balance(&w, HOLDER, "due") == -140);
	/* of 200, 140 were too much; the rest is 60 of 160: 60 * 60/160 = 22.5 and 60 * 100/160 = 37.5 */
	assert_ok(ledger_refund(a, &w.c, 200, &p, &why));
	MOVES(a, &p, "LF1/due > LF1/prepaid 140", "treasury/revenue/A00 > LF1/prepaid 23",
	      "treasury/revenue/B00 > LF1/prepaid 37");
	take(&w, &p);
	assert_true(w.c.due == 100 && w.c.paid == 100 && balance(&w, HOLDER, "due") == 0);
	assert_int_equal(ledger_prepaid(&w.book, HOLDER, XLD), 200);
}

static void test_what_was_paid_too_much_may_wait_for_a_refund(void **state)
{
	in_arena(state, overpaid_stays);
}

static void reverse_before_and_after_payment(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	raise_300(&w);
	assert_ok(ledger_reverse(a, &w.c, &p, &why));
	assert_int_equal(p.kind, POSTING_REVERSE);
	MOVES(a, &p, "treasury/revenue/A00 > LF1/due 100", "treasury/revenue/B00 > LF1/due 200");
	take(&w, &p);
	assert_true(w.c.due == 0 && w.c.raised.list.n == 0 && balance(&w, HOLDER, "due") == 0);

	/* another debtor may follow */
	w.c.holder = SPAN("LF2");
	raise_300(&w);
	assert_span(w.c.holder, "LF2");
	deposit(&w, BROKER, 300);
	pay(&w, BROKER, 100);
	assert_ok(ledger_reverse(a, &w.c, &p, &why));
	MOVES(a, &p, "treasury/revenue/A00 > LF2/due 100", "treasury/revenue/B00 > LF2/due 200",
	      "LF2/due > LF9/prepaid 100");
	take(&w, &p);
	assert_true(w.c.due == 0 && w.c.paid == 0 && ledger_prepaid(&w.book, BROKER, XLD) == 300);
}

static void test_a_cancelled_case_leaves_nothing(void **state)
{
	in_arena(state, reverse_before_and_after_payment);
}

/* ---- paying ---- */

static void pay_and_receive(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p = {.kind = POSTINGS};
	struct cause why = {0};

	raise_300(&w);
	deposit(&w, BROKER, 120);
	assert_int_equal(ledger_pay(a, &w.c, BROKER, 120, 121, &p, &why), ERR_CONFLICT);
	assert_int_equal(ledger_pay(a, &w.c, BROKER, 999, 301, &p, &why), ERR_CONFLICT);
	assert_int_equal(ledger_pay(a, &w.c, BROKER, 120, 0, &p, &why), ERR_USAGE);
	assert_int_equal(ledger_pay(a, &w.c, BROKER, 120, -5, &p, &why), ERR_USAGE);
	assert_int_equal(ledger_pay(a, &w.c, SPAN("treasury"), 120, 5, &p, &why), ERR_USAGE);
	assert_int_equal(ledger_pay(a, &w.c, SPAN(""), 120, 5, &p, &why), ERR_USAGE);
	assert_int_equal(p.kind, POSTINGS);
	assert_ok(ledger_pay(a, &w.c, BROKER, 120, 120, &p, &why));
	MOVES(a, &p, "LF9/prepaid > LF1/due 120");
	take(&w, &p);
	assert_int_equal(ledger_prepaid(&w.book, BROKER, XLD), 0);

	assert_int_equal(ledger_receive(a, &w.c, 181, &p, &why), ERR_CONFLICT);
	assert_ok(ledger_receive(a, &w.c, 180, &p, &why));
	assert_int_equal(p.kind, POSTING_RECEIVE);
	MOVES(a, &p, "treasury/cash > LF1/due 180");
	take(&w, &p);
	assert_true(w.c.paid == 300 && ledger_case_open(&w.c) == 0 && w.c.payers.n == 2);
	assert_int_equal(balance(&w, LEDGER_TREASURY, "cash"), 300);
	assert_int_equal(ledger_receive(a, &w.c, 1, &p, &why), ERR_CONFLICT);
}

static void test_nobody_pays_more_than_is_owed_or_there(void **state)
{
	in_arena(state, pay_and_receive);
}

static void too_many_payers(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	raise_300(&w);
	for (int i = 0; i < LIMIT_PAYERS; i++) {
		const struct span payer = span_of(arena_print(a, "P%03d", i));

		deposit(&w, payer, 2);
		pay(&w, payer, 1);
	}
	assert_int_equal(ledger_pay(a, &w.c, BROKER, 9, 1, &p, &why), ERR_LIMIT);
	pay(&w, SPAN("P007"), 1);
	assert_int_equal(w.c.payers.n, LIMIT_PAYERS);
}

static void test_payers_have_a_bound(void **state)
{
	in_arena(state, too_many_payers);
}

static void deposit_and_withdraw(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	assert_ok(ledger_deposit(a, &currency, HOLDER, 500, &p, &why));
	MOVES(a, &p, "treasury/cash > LF1/prepaid 500");
	assert_ok(ledger_post(&w.book, &p, &why));
	assert_int_equal(ledger_withdraw(a, &currency, HOLDER, 500, 501, &p, &why), ERR_CONFLICT);
	assert_ok(ledger_withdraw(a, &currency, HOLDER, 500, 500, &p, &why));
	assert_int_equal(p.kind, POSTING_WITHDRAW);
	MOVES(a, &p, "LF1/prepaid > treasury/cash 500");
	assert_ok(ledger_post(&w.book, &p, &why));
	assert_int_equal(balance(&w, LEDGER_TREASURY, "cash"), 0);
	/* the same once more: what the caller believed to be there was not */
	assert_int_equal(ledger_post(&w.book, &p, &why), ERR_CONFLICT);
	assert_int_equal(balance(&w, LEDGER_TREASURY, "cash"), 0);
	assert_int_equal(balance(&w, HOLDER, "prepaid"), 0);
	assert_int_equal(ledger_deposit(a, &currency, LEDGER_TREASURY, 5, &p, &why), ERR_USAGE);
	assert_int_equal(
	    ledger_deposit(a, &currency, HOLDER, INT64_C(1000000000000000000), &p, &why),
	    ERR_LIMIT);
	assert_int_equal(ledger_withdraw(a, &currency, SPAN(""), 5, 5, &p, &why), ERR_USAGE);
}

static void test_money_comes_in_and_goes_out(void **state)
{
	in_arena(state, deposit_and_withdraw);
}

/* ---- security ---- */

static void secure_call_discharge(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	raise_300(&w);
	deposit(&w, HOLDER, 100);
	deposit(&w, BROKER, 250);
	assert_int_equal(ledger_secure(a, &w.c, HOLDER, 100, 101, &p, &why), ERR_CONFLICT);
	assert_ok(ledger_secure(a, &w.c, HOLDER, 100, 100, &p, &why));
	MOVES(a, &p, "LF1/prepaid > LF1/security 100");
	take(&w, &p);
	assert_ok(ledger_secure(a, &w.c, BROKER, 250, 250, &p, &why));
	take(&w, &p);
	assert_ok(ledger_secure_by_guarantee(
	    a, &w.c, &(struct surety){SPAN("BANK"), SPAN("26XLG1"), 40}, 40, &p, &why));
	assert_int_equal(p.kind, POSTING_SECURE);
	MOVES(a, &p, "treasury/guarantees > BANK/guarantee/26XLG1 40");
	take(&w, &p);
	assert_true(w.c.secured == 390 && w.c.sureties.n == 3 && ledger_case_open(&w.c) == 300);
	assert_int_equal(ledger_discharge(a, &w.c, &p, &why), ERR_CONFLICT);

	assert_int_equal(ledger_call(a, &w.c, 301, &p, &why), ERR_CONFLICT);
	assert_ok(ledger_call(a, &w.c, 130, &p, &why));
	assert_int_equal(p.kind, POSTING_CALL);
	MOVES(a, &p, "LF1/security > LF1/due 100", "LF9/security > LF1/due 30");
	take(&w, &p);
	assert_true(w.c.secured == 260 && w.c.paid == 130 && balance(&w, HOLDER, "due") == 170);

	assert_ok(ledger_receive(a, &w.c, 170, &p, &why));
	take(&w, &p);
	assert_ok(ledger_discharge(a, &w.c, &p, &why));
	assert_int_equal(p.kind, POSTING_DISCHARGE);
	MOVES(a, &p, "LF9/security > LF9/prepaid 220",
	      "BANK/guarantee/26XLG1 > treasury/guarantees 40");
	take(&w, &p);
	assert_true(w.c.secured == 0 && w.c.sureties.n == 0);
	assert_int_equal(ledger_prepaid(&w.book, BROKER, XLD), 220);
	assert_int_equal(balance(&w, LEDGER_TREASURY, "guarantees"), 0);
}

static void test_security_is_set_aside_called_and_given_back(void **state)
{
	in_arena(state, secure_call_discharge);
}

static void guarantee_is_no_money(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};
	char long_name[LIMIT_REFERENCE_BYTES + 2];

	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = 0;
	raise_300(&w);
	assert_int_equal(ledger_secure_by_guarantee(
			     a, &w.c, &(struct surety){SPAN("BANK"), SPAN(""), 4}, 9, &p, &why),
			 ERR_USAGE);
	assert_int_equal(
	    ledger_secure_by_guarantee(
		a, &w.c, &(struct surety){SPAN("BANK"), span_of(long_name), 4}, 9, &p, &why),
	    ERR_USAGE);
	assert_int_equal(ledger_secure_by_guarantee(a, &w.c,
						    &(struct surety){SPAN("BANK"), SPAN("G"), 401},
						    400, &p, &why),
			 ERR_CONFLICT);
	assert_ok(ledger_secure_by_guarantee(
	    a, &w.c, &(struct surety){SPAN("BANK"), SPAN("G"), 400}, 400, &p, &why));
	take(&w, &p);
	assert_int_equal(ledger_call(a, &w.c, 1, &p, &why), ERR_CONFLICT);
}

static void test_a_guarantee_is_not_called_for_money(void **state)
{
	in_arena(state, guarantee_is_no_money);
}

/* ---- refunds ---- */

static void refund_splits(struct arena *a)
{
	struct world w = new_world(a);
	const struct levy_sums s = LEVIES(a, 1, 1, 1);
	struct posting p;
	struct cause why = {0};

	deposit(&w, HOLDER, 10);
	deposit(&w, BROKER, 10);
	assert_ok(ledger_raise(a, &w.c, &s, &p, &why));
	take(&w, &p);
	assert_int_equal(ledger_refund(a, &w.c, 1, &p, &why), ERR_CONFLICT);
	pay(&w, HOLDER, 2);
	pay(&w, BROKER, 1);
	assert_int_equal(ledger_refund(a, &w.c, 4, &p, &why), ERR_CONFLICT);
	assert_int_equal(ledger_refund(a, &w.c, 0, &p, &why), ERR_USAGE);
	assert_ok(ledger_refund(a, &w.c, 2, &p, &why));
	assert_int_equal(p.kind, POSTING_REFUND);
	MOVES(a, &p, "treasury/revenue/A00 > LF9/prepaid 1",
	      "treasury/revenue/B00 > LF1/prepaid 1");
	take(&w, &p);
	assert_true(w.c.due == 1 && w.c.paid == 1 && w.c.raised.list.n == 1);
	assert_ok(ledger_refund(a, &w.c, 1, &p, &why));
	MOVES(a, &p, "treasury/revenue/C10 > LF1/prepaid 1");
	take(&w, &p);
	assert_true(w.c.due == 0 && w.c.paid == 0);
	assert_int_equal(ledger_prepaid(&w.book, HOLDER, XLD), 10);
}

static void test_refunds_split_exactly(void **state)
{
	in_arena(state, refund_splits);
}

static void refund_of_part_payment(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	raise_300(&w);
	deposit(&w, HOLDER, 100);
	pay(&w, HOLDER, 100);
	assert_ok(ledger_refund(a, &w.c, 100, &p, &why));
	MOVES(a, &p, "treasury/revenue/A00 > LF1/prepaid 33",
	      "treasury/revenue/B00 > LF1/prepaid 67");
	take(&w, &p);
	/* what was not paid is still owed */
	assert_true(w.c.due == 200 && w.c.paid == 0 && balance(&w, HOLDER, "due") == 200);
}

static void test_a_refund_leaves_what_was_not_paid(void **state)
{
	in_arena(state, refund_of_part_payment);
}

/* ---- what a posting must be ---- */

static struct posting one(enum posting_kind k, const char *debit_holder, const char *debit,
			  const char *credit_holder, const char *credit, int64_t minor,
			  struct transfer *t)
{
	*t = (struct transfer){span_of(debit_holder), span_of(debit), span_of(credit_holder),
			       span_of(credit), minor};
	return (struct posting){k, currency, {t, 1, 1}};
}

static void test_a_posting_between_other_accounts_is_refused(void **state)
{
	static const struct {
		enum posting_kind kind;
		const char *debit_holder, *debit, *credit_holder, *credit;
		int64_t minor;
		enum err err;
	} cases[] = {
	    {POSTING_PAY, "A", "prepaid", "A", "due", 1, ERR_NONE},
	    {POSTING_PAY, "A", "prepaid", "A", "due", INT64_C(999999999999999999), ERR_NONE},
	    {POSTING_PAY, "A", "prepaid", "A", "due", INT64_C(1000000000000000000), ERR_LIMIT},
	    {POSTING_PAY, "A", "prepaid", "A", "due", 0, ERR_USAGE},
	    {POSTING_PAY, "A", "prepaid", "A", "due", INT64_MIN, ERR_USAGE},
	    {POSTING_PAY, "A", "due", "A", "prepaid", 1, ERR_CONFLICT},
	    {POSTING_PAY, "A", "prepaid", "treasury", "due", 1, ERR_CONFLICT},
	    {POSTING_PAY, "treasury", "prepaid", "A", "due", 1, ERR_CONFLICT},
	    {POSTING_PAY, "", "prepaid", "A", "due", 1, ERR_CONFLICT},
	    {POSTING_PAY, "A", "prepaid/x", "A", "due", 1, ERR_CONFLICT},
	    {POSTING_RAISE, "A", "due", "treasury", "revenue/A00", 1, ERR_NONE},
	    {POSTING_RAISE, "A", "due", "treasury", "revenue/", 1, ERR_CONFLICT},
	    {POSTING_RAISE, "A", "due", "treasury", "revenue", 1, ERR_CONFLICT},
	    {POSTING_RAISE, "A", "due", "A", "revenue/A00", 1, ERR_CONFLICT},
	    {POSTING_RAISE, "treasury", "revenue/A00", "A", "due", 1, ERR_CONFLICT},
	    {POSTING_DEPOSIT, "A", "cash", "A", "prepaid", 1, ERR_CONFLICT},
	    {POSTING_SECURE, "treasury", "guarantees", "A", "guarantee/G", 1, ERR_NONE},
	    {POSTING_SECURE, "treasury", "guarantees", "A", "guarantee/", 1, ERR_CONFLICT},
	    {POSTINGS, "A", "prepaid", "A", "due", 1, ERR_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct transfer t;
		const struct posting p =
		    one(cases[i].kind, cases[i].debit_holder, cases[i].debit,
			cases[i].credit_holder, cases[i].credit, cases[i].minor, &t);

		if (ledger_check(&p, NULL) != cases[i].err)
			fail_msg("case %zu", i);
	}
}

static void test_names_lead_to_kinds_and_back(void **state)
{
	(void)state;
	for (int k = 0; k < POSTINGS; k++) {
		const char *name = ledger_kind_name((enum posting_kind)k);

		assert_int_equal(ledger_kind_by_name(span_of(name)), k);
		assert_true(strlen(ledger_kind_title((enum posting_kind)k)) > 0);
	}
	assert_int_equal(ledger_kind_by_name(SPAN("raised")), POSTINGS);
}

static void read_page(char *ret, size_t size)
{
	FILE *in = fopen(SOURCE_ROOT "/docs/ledger.md", "r");
	size_t n;

	assert_non_null(in);
	n = fread(ret, 1, size - 1, in);
	fclose(in);
	ret[n] = 0;
}

static void test_the_page_tells_of_every_account_and_kind(void **state)
{
	static const char *const account[] = {
#define ACCOUNT(name, id, whose, side) id,
#include "ledger/accounts.def"
#undef ACCOUNT
	};
	static char page[20000];
	char row[80];

	(void)state;
	read_page(page, sizeof(page));
	for (size_t i = 0; i < ARRAY_LEN(account); i++) {
		const size_t n = strlen(account[i]);

		snprintf(row, sizeof(row), "\n| `%s%s", account[i],
			 account[i][n - 1] == '/' ? "" : "` |");
		assert_non_null(strstr(page, row));
	}
	for (int k = 0; k < POSTINGS; k++) {
		snprintf(row, sizeof(row), "\n| `%s` |", ledger_kind_name((enum posting_kind)k));
		assert_non_null(strstr(page, row));
	}
}

/* ---- what does not follow ---- */

static void postings_that_do_not_follow(struct arena *a)
{
	struct world w = new_world(a);
	struct transfer t;
	struct posting p;
	struct case_account before;
	struct cause why = {0};

	raise_300(&w);
	before = w.c;
	p = one(POSTING_PAY, "LF9", "prepaid", "LF2", "due", 5, &t);
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p = one(POSTING_REVERSE, "treasury", "revenue/A00", "LF1", "due", 101, &t);
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p = one(POSTING_REFUND, "treasury", "revenue/A00", "LF1", "prepaid", 1, &t);
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p = one(POSTING_CALL, "LF1", "security", "LF1", "due", 1, &t);
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p = one(POSTING_SECURE, "LF1", "prepaid", "LF9", "security", 1, &t);
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p = one(POSTING_PAY, "LF1", "prepaid", "LF1", "due", 1, &t);
	p.currency.code = SPAN("EUR");
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	p.currency = currency;
	p.currency.digits = 3;
	assert_int_equal(ledger_case_add(a, &w.c, &p, &why), ERR_CONFLICT);
	assert_memory_equal(&before, &w.c, sizeof(before));
}

static void test_a_posting_that_does_not_follow_changes_nothing(void **state)
{
	in_arena(state, postings_that_do_not_follow);
}

/* ---- balances ---- */

static void balances_that_do_not_fit(struct arena *a)
{
	struct world w = new_world(a);
	struct transfer t[2];
	struct posting p = {POSTING_RAISE, currency, {t, 2, 2}};
	struct cause why = {0};

	t[0] = (struct transfer){HOLDER, SPAN("due"), LEDGER_TREASURY, SPAN("revenue/A00"), 5};
	t[1] = (struct transfer){BROKER, SPAN("due"), LEDGER_TREASURY, SPAN("revenue/A00"), 7};
	ledger_set(&w.book, BROKER, SPAN("due"), XLD, INT64_MAX - 6);
	assert_int_equal(ledger_post(&w.book, &p, &why), ERR_LIMIT);
	assert_true(balance(&w, BROKER, "due") == INT64_MAX - 6);
	assert_int_equal(balance(&w, HOLDER, "due"), 0);
	assert_int_equal(balance(&w, LEDGER_TREASURY, "revenue/A00"), 0);
	ledger_set(&w.book, BROKER, SPAN("due"), XLD, 0);
	ledger_set(&w.book, LEDGER_TREASURY, SPAN("revenue/A00"), XLD, INT64_MIN + 11);
	assert_int_equal(ledger_post(&w.book, &p, &why), ERR_LIMIT);
	assert_int_equal(balance(&w, HOLDER, "due"), 0);
	assert_int_equal(balance(&w, BROKER, "due"), 0);
	ledger_set(&w.book, LEDGER_TREASURY, SPAN("revenue/A00"), XLD, INT64_MIN + 12);
	assert_ok(ledger_post(&w.book, &p, &why));
	assert_true(balance(&w, LEDGER_TREASURY, "revenue/A00") == INT64_MIN);
}

static void test_a_sum_that_does_not_fit_is_refused(void **state)
{
	in_arena(state, balances_that_do_not_fit);
}

static void many_large_levies(struct arena *a)
{
	const int64_t most = INT64_C(999999999999999999);
	const char *name[10];
	int64_t minor[10];
	const struct case_account c = new_case();
	struct levy_sums s;
	struct posting p;
	struct cause why = {0};

	for (int i = 0; i < 10; i++) {
		name[i] = arena_print(a, "L%d", i);
		minor[i] = most;
	}
	s = levies(a, name, minor, 10);
	assert_int_equal(ledger_raise(a, &c, &s, &p, &why), ERR_LIMIT);
	assert_int_equal(ledger_reraise(a, &c, &s, OVERPAID_STAYS, &p, &why), ERR_LIMIT);
	s.list.n = 9;
	assert_ok(ledger_raise(a, &c, &s, &p, &why));
	assert_ok(ledger_check(&p, &why));
	s.list.v[0].minor++;
	assert_int_equal(ledger_raise(a, &c, &s, &p, &why), ERR_LIMIT);
}

static void test_levies_that_do_not_fit_are_refused(void **state)
{
	in_arena(state, many_large_levies);
}

static void currencies_stand_apart(struct arena *a)
{
	struct world w = new_world(a);
	struct posting p;
	struct cause why = {0};

	deposit(&w, HOLDER, 10);
	assert_int_equal(ledger_prepaid(&w.book, HOLDER, SPAN("EUR")), 0);
	assert_ok(ledger_withdraw(a, &(struct ledger_currency){SPAN("EUR"), 2}, HOLDER, 10, 10, &p,
				  &why));
	assert_int_equal(ledger_post(&w.book, &p, &why), ERR_CONFLICT);
	assert_int_equal(ledger_prepaid(&w.book, HOLDER, XLD), 10);
}

static void test_one_currency_does_not_pay_another(void **state)
{
	in_arena(state, currencies_stand_apart);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_levies_fall_due),
	    arena_test(test_nothing_due_is_nothing_to_post),
	    arena_test(test_tax_lines_that_are_due_make_the_levies),
	    arena_test(test_a_new_version_posts_only_differences),
	    arena_test(test_what_was_paid_too_much_goes_to_those_who_paid_last),
	    arena_test(test_what_was_paid_too_much_may_wait_for_a_refund),
	    arena_test(test_a_cancelled_case_leaves_nothing),
	    arena_test(test_nobody_pays_more_than_is_owed_or_there),
	    arena_test(test_payers_have_a_bound),
	    arena_test(test_money_comes_in_and_goes_out),
	    arena_test(test_security_is_set_aside_called_and_given_back),
	    arena_test(test_a_guarantee_is_not_called_for_money),
	    arena_test(test_refunds_split_exactly),
	    arena_test(test_a_refund_leaves_what_was_not_paid),
	    arena_test(test_a_posting_between_other_accounts_is_refused),
	    arena_test(test_names_lead_to_kinds_and_back),
	    cmocka_unit_test(test_the_page_tells_of_every_account_and_kind),
	    arena_test(test_a_posting_that_does_not_follow_changes_nothing),
	    arena_test(test_a_sum_that_does_not_fit_is_refused),
	    arena_test(test_levies_that_do_not_fit_are_refused),
	    arena_test(test_one_currency_does_not_pay_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
