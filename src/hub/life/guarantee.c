#include "hub/life/guarantee.h"

#include "base/date.h"
#include "base/limits.h"
#include "hub/audit/shadow.h"
#include "hub/life/transfers.h"

/* ---- the event ---- */

static struct span write_event(struct arena *a, const struct store_guarantee *g, unsigned digits)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put(&w, "party", g->party);
	json_put(&w, "reference", g->reference);
	json_put(&w, "guarantor", g->guarantor);
	json_put_decimal(&w, "amount", money_to_decimal((struct money){g->minor}, digits));
	json_put(&w, "currency", g->currency);
	json_put(&w, "until", g->until_day);
	json_close_object(&w);
	return text_as_span(&t);
}

enum err guarantee_read(struct arena *a, struct span payload, struct store_guarantee *ret,
			struct cause *why)
{
	const struct json *j;
	struct codec_fault fault;
	struct decimal amount;

	if (json_read(a, payload, &j, &fault) || decimal_parse(json_get_text(j, "amount"), &amount))
		return fail(why, ERR_FORMAT, "this guarantee cannot be read");
	*ret = (struct store_guarantee){.party = json_get_text(j, "party"),
					.reference = json_get_text(j, "reference"),
					.guarantor = json_get_text(j, "guarantor"),
					.currency = json_get_text(j, "currency"),
					.minor = amount.units,
					.until_day = json_get_text(j, "until")};
	return ERR_NONE;
}

/* ---- registering ---- */

struct registering {
	const struct who *by;
	const struct guarantee_entry *g;
	struct cause refused; /* err set: nothing was written */
};

static bool is_name(struct span s)
{
	return s.n && s.n <= LIMIT_REFERENCE_BYTES && !span_equal(s, LEDGER_TREASURY);
}

static enum err read_amount(struct span s, unsigned digits, int64_t *ret, struct cause *why)
{
	struct decimal d;
	struct money m;

	if (decimal_parse(s, &d) || money_from_decimal(d, digits, ROUND_DOWN, &m) || m.minor < 0 ||
	    decimal_compare(money_to_decimal(m, digits), d))
		return fail(why, ERR_FORMAT,
			    "the amount is zero or above, in decimals of the currency");
	*ret = m.minor;
	return ERR_NONE;
}

static struct span account_of(struct arena *a, struct span reference)
{
	return span_of(arena_print(a, "guarantee/%.*s", SPAN_ARG(reference)));
}

/* How much of it secures cases now. */
static enum err used(struct batch *b, const struct store_guarantee *g, int64_t *ret,
		     struct cause *why)
{
	int64_t balance;
	enum err e = transfers_balance(b, g->guarantor, account_of(b->h->batch_arena, g->reference),
				       g->currency, &balance, why);

	if (!e)
		*ret = balance < 0 ? -balance : 0;
	return e;
}

/* What is in use was promised by whom it names: another cannot take its place. */
static enum err check_before(struct batch *b, const struct store_guarantee *g, struct cause *why)
{
	struct store_guarantee stood;
	int64_t minor = 0;
	enum err e = store_get_guarantee(b->h->store, b->h->batch_arena, g->party, g->reference,
					 &stood, why);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	if (!span_equal(stood.guarantor, g->guarantor) || !span_equal(stood.currency, g->currency))
		e = used(b, &stood, &minor, why);
	return !e && minor
		   ? fail(why, ERR_CONFLICT, "it is another guarantor's, and it secures cases now")
		   : e;
}

static enum err register_it(struct batch *b, const struct registering *r, struct cause *why)
{
	const struct guarantee_entry *g = r->g;
	const struct ledger_currency currency = transfers_currency(b->inforce);
	struct office *o = house_office(b->h, g->office);
	struct store_guarantee row = {.party = g->party,
				      .reference = g->reference,
				      .guarantor = g->guarantor,
				      .currency = currency.code,
				      .until_day = g->until,
				      .office = g->office};
	struct event event = {
	    .kind = SPAN("guarantee"), .reference = SPAN(""), .at = b->now, .actor = r->by->user};
	enum err e = read_amount(g->amount, currency.digits, &row.minor, why);

	if (!e)
		e = o ? house_read_office(b->h, o, why) : ERR_LIMIT;
	if (!e)
		e = house_lock_holder(b, g->party, why);
	if (!e)
		e = check_before(b, &row, why);
	if (e)
		return e;
	event.payload = write_event(b->h->batch_arena, &row, currency.digits);
	e = house_append(b->h, o, &event, NULL, why);
	row.seq = event.seq;
	return e ? e : store_put_guarantee(b->h->store, &row, why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct registering *r = context;
	enum err e;

	r->refused = (struct cause){0};
	e = register_it(b, r, &r->refused);
	if (!e || e == ERR_CONFLICT || e == ERR_FORMAT)
		return ERR_NONE;
	*why = r->refused;
	return e;
}

enum err hub_put_guarantee(struct hub *h, const struct who *by, const struct guarantee_entry *g,
			   struct cause *why)
{
	struct registering r = {.by = by, .g = g};
	int32_t day;
	enum err e;

	if (!who_is(by, ROLE_CASHIER) || !who_has_office(by, g->office))
		return fail(why, ERR_DENIED,
			    "guarantees are registered by a cashier of the office");
	if (!is_name(g->party) || !is_name(g->reference) || !is_name(g->guarantor) ||
	    day_parse(g->until, &day))
		return fail(why, ERR_FORMAT,
			    "a party, a reference, a guarantor and a last day are wanted");
	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	e = settle_errand(h, errand, &r, why);
	if (!e && r.refused.err && why)
		*why = r.refused;
	return e ? e : r.refused.err;
}

/* ---- using ---- */

enum err guarantee_find(struct batch *b, struct span party, struct span reference, int64_t until,
			struct surety *ret, int64_t *ret_left, struct cause *why)
{
	struct store_guarantee g;
	int64_t minor;
	int32_t day;
	enum err e = house_lock_holder(b, party, why);

	if (!e)
		e = store_get_guarantee(b->h->store, b->h->batch_arena, party, reference, &g, why);
	if (e == ERR_NOT_FOUND)
		return fail(why, ERR_CONFLICT,
			    "no guarantee of this reference stands for the party");
	if (!e && (day_parse(g.until_day, &day) ||
		   day_of(until, ref_zone_minutes(b->inforce->ref)) > day))
		e = fail(why, ERR_CONFLICT, "the guarantee ends on %.*s, before the security does",
			 SPAN_ARG(g.until_day));
	if (!e)
		e = used(b, &g, &minor, why);
	if (e)
		return e;
	*ret = (struct surety){.holder = g.guarantor, .guarantee = g.reference};
	*ret_left = g.minor > minor ? g.minor - minor : 0;
	return ERR_NONE;
}

/* ---- the list ---- */

struct listing {
	struct arena *arena;
	struct span party;
	struct ledger_currency currency;
	struct store_guarantee *row;
	struct store_balances *balances; /* of each row's guarantor */
	uint32_t n;
	struct text text;
};

static enum err read_rows(struct store *s, void *context, struct cause *why)
{
	struct listing *l = context;
	enum err e =
	    store_list_guarantees(s, l->arena, l->party, GUARANTEES_LISTED, &l->row, &l->n, why);

	if (e)
		return e;
	l->balances = arena_try(l->arena, sizeof(*l->balances) * (l->n + 1));
	if (!l->balances)
		return fail(why, ERR_NOMEM, "no memory for the list");
	for (uint32_t i = 0; i < l->n && !e; i++)
		e = store_get_balances(s, l->arena, &l->row[i].guarantor, 1, &l->balances[i], why);
	return e;
}

static void put_row(struct json_writer *w, const struct listing *l, uint32_t i)
{
	const struct store_guarantee *g = &l->row[i];
	const struct span account = account_of(l->arena, g->reference);
	const unsigned digits = l->currency.digits;
	int64_t minor = 0;

	for (uint32_t k = 0; k < l->balances[i].count; k++) {
		const struct store_balance *b = &l->balances[i].row[k];

		if (span_equal(b->account, account) && span_equal(b->currency, g->currency))
			minor = -b->minor;
	}
	json_open_object(w);
	json_put(w, "reference", g->reference);
	json_put(w, "guarantor", g->guarantor);
	json_put_decimal(w, "amount", money_to_decimal((struct money){g->minor}, digits));
	json_put_decimal(w, "used", money_to_decimal((struct money){minor}, digits));
	json_put(w, "currency", g->currency);
	json_put(w, "until", g->until_day);
	json_put(w, "office", g->office);
	json_close_object(w);
}

static void write_list(void *context)
{
	struct listing *l = context;
	struct json_writer w = json_to(&l->text);

	json_open_object(&w);
	json_name(&w, "guarantees");
	json_open_array(&w);
	for (uint32_t i = 0; i < l->n; i++)
		put_row(&w, l, i);
	json_close_array(&w);
	json_close_object(&w);
}

enum err hub_write_guarantees(struct hub *h, struct text *to, const struct who *by,
			      struct span party, struct span request, struct cause *why)
{
	struct listing l = {.arena = to->arena, .party = party, .text = text_in(to->arena)};
	struct inforce *in;
	struct store *s;
	enum view view;
	enum err e = scope_list(h, by, SPAN(""), party, PURPOSE_ACCOUNT, request, &view, why);

	if (e || view == VIEW_NONE)
		return e ? e : ERR_NOT_FOUND;
	in = house_inforce(h);
	if (!in)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	l.currency = transfers_currency(in);
	e = house_open_reader(h, &s, why);
	if (!e) {
		e = store_snapshot(s, read_rows, &l, why);
		house_close_reader(h, s);
	}
	if (!e)
		e = arena_run(l.arena, write_list, &l);
	inforce_release(in);
	if (!e)
		*to = l.text;
	return e;
}
