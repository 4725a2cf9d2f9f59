/* The money as the log tells it, against the balances and the statements in the store. */
#include "hub/audit/verify.h"
#include "hub/life/transfers.h"

struct verify_money {
	struct ledger_book book; /* all postings of the log */
	DICT_LIST(struct ledger_currency) currencies;
	int64_t rows_wanted; /* of statements */
};

static struct verify_money *money_of(struct verify *v)
{
	if (!v->money) {
		v->money = ARENA_NEW(v->whole, struct verify_money);
		v->money->book = ledger_book_in(v->whole);
	}
	return v->money;
}

/* Amounts of one currency must all be counted in the same minor unit, or they cannot be added. */
static bool same_digits(struct verify *v, const struct ledger_currency *c)
{
	struct verify_money *m = money_of(v);
	struct ledger_currency *known;

	for (uint32_t i = 0; i < m->currencies.n; i++)
		if (span_equal(m->currencies.v[i].code, c->code))
			return m->currencies.v[i].digits == c->digits;
	known = arena_push(v->whole, (void **)&m->currencies.v, &m->currencies.n,
			   &m->currencies.room, sizeof(*known));
	known->code = span_copy(v->whole, c->code);
	known->digits = c->digits;
	return true;
}

static bool same_transfer(const struct store_transfer *a, const struct store_transfer *b)
{
	return span_equal(a->reference, b->reference) && span_equal(a->kind, b->kind) &&
	       span_equal(a->account, b->account) && span_equal(a->other_holder, b->other_holder) &&
	       span_equal(a->other_account, b->other_account) &&
	       span_equal(a->currency, b->currency) && a->minor == b->minor;
}

static void check_rows(struct verify *v, const struct event *e, const struct posting *p)
{
	struct store_transfer *wanted, row;
	uint32_t n;

	transfers_project(v->once, e, p, &wanted, &n);
	money_of(v)->rows_wanted += n;
	for (uint32_t i = 0; i < n; i++) {
		enum err err = store_get_transfer(v->store, v->once, &wanted[i], &row, NULL);

		if (err == ERR_NOT_FOUND)
			verify_fault(v, e->office, e->seq, e->reference,
				     "the statement of %.*s lacks a transfer that the log has",
				     SPAN_ARG(wanted[i].holder));
		else if (!err && !same_transfer(&wanted[i], &row))
			verify_fault(v, e->office, e->seq, e->reference,
				     "the statement of %.*s does not say what the log says",
				     SPAN_ARG(wanted[i].holder));
	}
}

void verify_money_event(struct verify *v, const struct event *e)
{
	struct cause why = {0};
	struct posting p;

	if (!span_is(e->kind, "transfers"))
		return;
	if (!e->payload.p) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "transfers were erased: the balances cannot be proved");
		return;
	}
	if (transfers_read(v->once, e->payload, &p, &why)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "this posting is not one that the ledger makes: %s", why.text);
		return;
	}
	if (!same_digits(v, &p.currency))
		verify_fault(v, e->office, e->seq, e->reference,
			     "amounts in %.*s are written here with %u decimals, elsewhere with "
			     "more or fewer",
			     SPAN_ARG(p.currency.code), p.currency.digits);
	if (ledger_add(&money_of(v)->book, &p, &why))
		verify_fault(v, e->office, e->seq, e->reference,
			     "this posting cannot be added to the balances: %s", why.text);
	check_rows(v, e, &p);
}

/* ---- the table of balances ---- */

struct sums {
	struct verify *v;
	struct {
		char code[20];
		__int128 minor;
	} sum[64];
	uint32_t n;
};

static void add_up(struct sums *s, const struct store_balance *b)
{
	uint32_t i = 0;

	while (i < s->n && !span_is(b->currency, s->sum[i].code))
		i++;
	if (i == ARRAY_LEN(s->sum) || b->currency.n >= sizeof(s->sum[i].code)) {
		verify_fault(s->v, SPAN(""), 0, b->holder,
			     "a balance in a currency that is too long, or one too many");
		return;
	}
	if (i == s->n) {
		memset(&s->sum[i], 0, sizeof(s->sum[i]));
		memcpy(s->sum[i].code, b->currency.p, b->currency.n);
		s->n++;
	}
	s->sum[i].minor += b->minor;
}

struct seen {
	struct sums *sums;
	const struct store_balance *row;
};

/* Runs in arena_run(). A balance that was compared is no longer marked as changed. */
static void compare(void *context)
{
	const struct seen *s = context;
	struct verify *v = s->sums->v;
	struct ledger_book *book = &money_of(v)->book;
	const struct store_balance *row = s->row;
	const struct ledger_balance standing = {row->account, row->currency, row->minor, false};
	const int64_t wanted = ledger_get(book, row->holder, row->account, row->currency);

	if (wanted != row->minor)
		verify_fault(v, SPAN(""), 0, row->holder,
			     "the balance of \"%.*s\" is %lld %.*s in minor units, the log says "
			     "%lld",
			     SPAN_ARG(row->account), (long long)row->minor, SPAN_ARG(row->currency),
			     (long long)wanted);
	if (!ledger_balance_sound(row->holder, &standing))
		verify_fault(v, SPAN(""), 0, row->holder,
			     "the account \"%.*s\" stands on a side where it never may",
			     SPAN_ARG(row->account));
	ledger_set(book, row->holder, row->account, row->currency, wanted);
	add_up(s->sums, row);
}

static enum err compare_balance(void *context, const struct store_balance *row, struct cause *why)
{
	struct sums *sums = context;
	struct seen seen = {sums, row};
	enum err e = arena_run(sums->v->whole, compare, &seen);

	return e ? fail(why, e, "no memory to verify") : ERR_NONE;
}

static void check_missing(struct verify *v)
{
	const struct ledger_book *book = &v->money->book;

	for (uint32_t i = 0; i < book->pages.n; i++) {
		const struct ledger_page *page = book->pages.v[i];

		for (uint32_t k = 0; k < page->balances.n; k++)
			if (page->balances.v[k].changed && page->balances.v[k].minor)
				verify_fault(v, SPAN(""), 0, page->holder,
					     "the log has a balance of \"%.*s\", the list of "
					     "balances does not",
					     SPAN_ARG(page->balances.v[k].account));
	}
}

static enum err count_row(void *context, const struct store_transfer *t, struct cause *why)
{
	(void)t;
	(void)why;
	++*(int64_t *)context;
	return ERR_NONE;
}

enum err verify_money_end(struct verify *v, struct cause *why)
{
	struct sums sums = {.v = v};
	int64_t rows = 0, wanted;
	enum err e = store_scan_balances(v->store, compare_balance, &sums, why);

	if (!e)
		e = store_scan_transfers(v->store, count_row, &rows, why);
	if (e)
		return e;
	if (v->money)
		check_missing(v);
	wanted = v->money ? v->money->rows_wanted : 0;
	for (uint32_t i = 0; i < sums.n; i++)
		if (sums.sum[i].minor)
			verify_fault(v, SPAN(""), 0, SPAN(""),
				     "the balances in %s do not add up to zero", sums.sum[i].code);
	if (rows != wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the statements have %lld rows, the log asks for %lld",
			     (long long)rows, (long long)wanted);
	return ERR_NONE;
}
