/* Postings of the ledger in the log, balances in a batch, and the rows of statements. */
#include "hub/life/transfers.h"

#include "base/limits.h"

enum { PAYLOAD_FORMAT = 1 };

struct ledger_currency transfers_currency(const struct inforce *in)
{
	return (struct ledger_currency){ref_currency(in->ref), ref_digits(in->ref)};
}

/* ---- the payload ---- */

static void write_side(struct json_writer *w, const char *name, struct span holder,
		       struct span account)
{
	json_name(w, name);
	json_open_object(w);
	json_put(w, "holder", holder);
	json_put(w, "account", account);
	json_close_object(w);
}

struct span transfers_write(struct arena *a, const struct posting *p)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_int(&w, "format", PAYLOAD_FORMAT);
	json_put_c(&w, "kind", ledger_kind_name(p->kind));
	json_put(&w, "currency", p->currency.code);
	json_name(&w, "transfers");
	json_open_array(&w);
	for (uint32_t i = 0; i < p->transfers.n; i++) {
		const struct transfer *m = &p->transfers.v[i];

		json_open_object(&w);
		write_side(&w, "debit", m->debit_holder, m->debit_account);
		write_side(&w, "credit", m->credit_holder, m->credit_account);
		json_put_decimal(&w, "amount", decimal_of(m->minor, (uint8_t)p->currency.digits));
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	return text_as_span(&t);
}

static enum err read_transfer(struct posting *p, const struct json *j, struct transfer *ret,
			      struct cause *why)
{
	const struct json *debit = json_get(j, "debit"), *credit = json_get(j, "credit");
	struct decimal amount;

	if (decimal_parse(json_get_text(j, "amount"), &amount))
		return fail(why, ERR_FORMAT, "an amount that is no number");
	if (!p->transfers.n)
		p->currency.digits = amount.scale;
	if (amount.scale != p->currency.digits)
		return fail(why, ERR_FORMAT, "amounts with more and with fewer decimals");
	*ret = (struct transfer){json_get_text(debit, "holder"), json_get_text(debit, "account"),
				 json_get_text(credit, "holder"), json_get_text(credit, "account"),
				 amount.units};
	return ERR_NONE;
}

enum err transfers_read(struct arena *a, struct span payload, struct posting *ret,
			struct cause *why)
{
	const struct json *j, *list;
	struct codec_fault fault = {0};
	struct posting p = {0};
	int64_t format;
	enum err e = json_read(a, payload, &j, &fault);

	if (e)
		return fail(why, e, "line %u, column %u: %s", fault.line, fault.column,
			    fault.text ? fault.text : err_name(e));
	list = json_get(j, "transfers");
	if (json_get_int(j, "format", &format) || format != PAYLOAD_FORMAT || !list ||
	    list->kind != JSON_ARRAY || !list->count)
		return fail(why, ERR_FORMAT, "these are no transfers that this program knows");
	if (list->count > LIMIT_TRANSFERS)
		return fail(why, ERR_LIMIT, "a posting has at most %d transfers", LIMIT_TRANSFERS);
	p.kind = ledger_kind_by_name(json_get_text(j, "kind"));
	p.currency.code = json_get_text(j, "currency");
	p.transfers.v = ARENA_ARRAY(a, struct transfer, list->count);
	p.transfers.room = list->count;
	for (const struct json *m = list->first; m && !e; m = m->next) {
		e = read_transfer(&p, m, &p.transfers.v[p.transfers.n], why);
		p.transfers.n++;
	}
	if (!e)
		e = ledger_check(&p, why);
	if (!e)
		*ret = p;
	return e;
}

/* ---- the rows of statements ---- */

static struct store_transfer row_of(const struct event *e, const struct posting *p, uint32_t i,
				    bool credit)
{
	const struct transfer *m = &p->transfers.v[i];

	return (struct store_transfer){
	    .holder = credit ? m->credit_holder : m->debit_holder,
	    .at = e->at,
	    .office = e->office,
	    .seq = e->seq,
	    .n = 2 * (int64_t)i + credit,
	    .reference = e->reference,
	    .kind = span_of(ledger_kind_name(p->kind)),
	    .account = credit ? m->credit_account : m->debit_account,
	    .other_holder = credit ? m->debit_holder : m->credit_holder,
	    .other_account = credit ? m->debit_account : m->credit_account,
	    .currency = p->currency.code,
	    .minor = credit ? -m->minor : m->minor,
	};
}

/* What one event moves between an account and several levies is one line of a statement: the levies stand in the decision, and
 * in the event. Money does not overflow here: ledger_check() has bounded the sum. */
static bool join_row(struct store_transfer *rows, uint32_t n, const struct store_transfer *t)
{
	for (uint32_t i = 0; i < n; i++) {
		struct store_transfer *r = &rows[i];

		if (r->n % 2 != t->n % 2 || !span_equal(r->holder, t->holder) ||
		    !span_equal(r->account, t->account) ||
		    !span_equal(r->other_holder, LEDGER_TREASURY) ||
		    !span_equal(t->other_holder, LEDGER_TREASURY) ||
		    !span_starts(r->other_account, SPAN("revenue")) ||
		    !span_starts(t->other_account, SPAN("revenue")))
			continue;
		r->minor += t->minor;
		r->other_account = SPAN("revenue");
		return true;
	}
	return false;
}

void transfers_project(struct arena *a, const struct event *e, const struct posting *p,
		       struct store_transfer **ret, uint32_t *ret_count)
{
	struct store_transfer *row =
	    ARENA_ARRAY(a, struct store_transfer, 2 * (size_t)p->transfers.n + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->transfers.n; i++)
		for (int credit = 0; credit <= 1; credit++) {
			row[n] = row_of(e, p, i, credit);
			if (!span_equal(row[n].holder, LEDGER_TREASURY) &&
			    !join_row(row, n, &row[n]))
				n++;
		}
	*ret = row;
	*ret_count = n;
}

/* ---- in a batch ---- */

static void open_page(struct batch *b, struct span holder, struct store_balances rows)
{
	if (span_equal(holder, LEDGER_TREASURY))
		b->treasury = rows;
	ledger_open_page(b->book, holder);
	for (uint32_t i = 0; i < rows.count; i++)
		ledger_set(b->book, holder, rows.row[i].account, rows.row[i].currency,
			   rows.row[i].minor);
}

enum err transfers_know(struct batch *b, const struct span *holder, uint32_t n, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct span *unknown = ARENA_ARRAY(a, struct span, (size_t)n + 1);
	struct store_balances *rows = ARENA_ARRAY(a, struct store_balances, (size_t)n + 1);
	uint32_t k = 0;
	enum err e = ERR_NONE;

	if (!b->book) {
		b->book = ARENA_NEW(a, struct ledger_book);
		*b->book = ledger_book_in(a);
	}
	for (uint32_t i = 0; i < n && !e; i++)
		if (!ledger_find(b->book, holder[i])) {
			e = house_lock_holder(b, holder[i], why);
			unknown[k++] = holder[i];
		}
	if (!e && k)
		e = store_get_balances(b->h->store, a, unknown, k, rows, why);
	for (uint32_t i = 0; i < k && !e; i++)
		if (!ledger_find(b->book, unknown[i])) /* it may be named twice */
			open_page(b, unknown[i], rows[i]);
	return e;
}

/* The balances of a holder, read from the store when the batch asks for the first time. */
static enum err know(struct batch *b, struct span holder, struct cause *why)
{
	return b->book && ledger_find(b->book, holder) ? ERR_NONE
						       : transfers_know(b, &holder, 1, why);
}

enum err transfers_balance(struct batch *b, struct span holder, struct span account,
			   struct span currency, int64_t *ret, struct cause *why)
{
	enum err e = know(b, holder, why);

	if (!e)
		*ret = ledger_get(b->book, holder, account, currency);
	return e;
}

enum err transfers_prepaid(struct batch *b, struct span holder, struct span currency, int64_t *ret,
			   struct cause *why)
{
	enum err e = know(b, holder, why);

	if (!e)
		*ret = ledger_prepaid(b->book, holder, currency);
	return e;
}

/* What the ledger has taken is written; an error of the store here is never a refusal. */
static enum err store_posting(struct batch *b, struct office *o, struct event *e,
			      const struct posting *p, struct cause *why)
{
	struct store_transfer *row;
	uint32_t n;
	enum err err = house_read_office(b->h, o, why);

	e->payload = transfers_write(b->h->batch_arena, p);
	if (!err)
		err = house_append(b->h, o, e, NULL, why);
	if (!err) {
		transfers_project(b->h->batch_arena, e, p, &row, &n);
		for (uint32_t i = 0; i < n && !err; i++)
			err = store_put_transfer(b->h->store, &row[i], why);
	}
	return err == ERR_CONFLICT
		   ? fail(why, ERR_DB, "the log of %s changed under the hub", o->code)
		   : err;
}

enum err transfers_put(struct batch *b, struct office *o, struct span reference, int64_t version,
		       struct span actor, const struct posting *p, struct cause *why)
{
	struct event e = {.kind = TRANSFERS_KIND,
			  .reference = reference,
			  .version = version,
			  .at = b->now,
			  .actor = actor};
	enum err err = ERR_NONE;

	if (!p->transfers.n)
		return ERR_NONE;
	for (uint32_t i = 0; i < p->transfers.n && !err; i++) {
		err = know(b, p->transfers.v[i].debit_holder, why);
		if (!err)
			err = know(b, p->transfers.v[i].credit_holder, why);
	}
	if (!err)
		err = ledger_post(b->book, p, why);
	return err ? err : store_posting(b, o, &e, p, why);
}

/* Every node moves the treasury's balances, and none waits for another before its end: they were read without a lock, and what
 * this batch has moved is added to what stands there now. That no account goes below zero holds as well: a case gives back what
 * it brought, and that was there when its node read. */
static struct store_balance moved(const struct batch *b, const struct store_balance *to)
{
	struct store_balance r = *to;

	for (uint32_t i = 0; i < b->treasury.count; i++)
		if (span_equal(b->treasury.row[i].account, r.account) &&
		    span_equal(b->treasury.row[i].currency, r.currency))
			r.minor -= b->treasury.row[i].minor;
	return r;
}

static enum err put_balance(struct batch *b, const struct store_balance *v, struct cause *why)
{
	struct store_balance add;

	if (!span_equal(v->holder, LEDGER_TREASURY))
		return store_put_balance(b->h->store, v, why);
	add = moved(b, v);
	return store_add_balance(b->h->store, &add, why);
}

enum err transfers_flush(struct batch *b, struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; b->book && i < b->book->pages.n; i++) {
		const struct ledger_page *page = b->book->pages.v[i];

		for (uint32_t k = 0; k < page->balances.n && !e; k++) {
			const struct ledger_balance *v = &page->balances.v[k];
			const struct store_balance row = {page->holder, v->account, v->currency,
							  v->minor};

			if (v->changed)
				e = put_balance(b, &row, why);
		}
	}
	return e;
}

/* ---- a case ---- */

enum err transfers_of_case(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct case_account *ret, struct cause *why)
{
	struct case_account c = {0};
	struct event *event;
	uint32_t n;
	enum err e = store_list_events_of(s, a, office, reference, TRANSFERS_KIND, &event, &n, why);

	for (uint32_t i = 0; i < n && !e; i++) {
		struct cause detail = {0};
		struct posting p;

		e = transfers_read(a, event[i].payload, &p, &detail);
		if (!e)
			e = ledger_case_add(a, &c, &p, &detail);
		if (e)
			e = fail(why, ERR_DB, "the transfers in event %lld of %.*s: %s",
				 (long long)event[i].seq, SPAN_ARG(office), detail.text);
	}
	if (!e)
		*ret = c;
	return e;
}
