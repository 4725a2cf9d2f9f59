#include "hub/life/account.h"

#include "base/date.h"
#include "base/limits.h"
#include "hub/audit/shadow.h"
#include "hub/life/transfers.h"

/* ---- cash ---- */

struct moving {
	const struct who *by;
	const struct cash *cash;
	struct hash hash; /* of what is asked, for the key */
	bool repeated;
	struct cause refused; /* err set: why nothing was moved */
};

static enum err refuse(struct cause *why, const char *text)
{
	return fail(why, ERR_FORMAT, "%s", text);
}

static enum err read_amount(struct span s, unsigned digits, int64_t *ret, struct cause *why)
{
	struct decimal d;
	struct money m;

	if (decimal_parse(s, &d) || money_from_decimal(d, digits, ROUND_DOWN, &m) || m.minor <= 0 ||
	    decimal_compare(money_to_decimal(m, digits), d))
		return refuse(why, "the amount is above zero, in decimals of the currency");
	*ret = m.minor;
	return ERR_NONE;
}

/* Was it done before under this key? */
static enum err find_before(struct batch *b, struct moving *m, struct cause *why)
{
	struct store_act_key k;
	enum err e = store_get_act_key(b->h->store, b->h->batch_arena, m->cash->office, m->by->user,
				       m->cash->key, &k, why);

	if (e)
		return e == ERR_NOT_FOUND ? ERR_NONE : e;
	if (!hash_equal(&k.sha256, &m->hash))
		return fail(why, ERR_CONFLICT, "something else was done under this key");
	m->repeated = true;
	return ERR_NONE;
}

static enum err post(struct batch *b, const struct moving *m, struct posting *p, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	const struct cash *c = m->cash;
	struct ledger_currency currency = transfers_currency(b->inforce);
	int64_t minor = 0, prepaid = 0;
	enum err e = read_amount(c->amount, currency.digits, &minor, why);

	if (e)
		return e;
	if (!c->out)
		return ledger_deposit(a, &currency, c->party, minor, p, why);
	e = transfers_prepaid(b, c->party, currency.code, &prepaid, why);
	return e ? e : ledger_withdraw(a, &currency, c->party, prepaid, minor, p, why);
}

static enum err move(struct batch *b, struct moving *m, struct cause *why)
{
	const struct cash *c = m->cash;
	struct office *o = house_office(b->h, c->office);
	struct posting p;
	enum err e = o ? house_read_office(b->h, o, why) : ERR_LIMIT;

	m->repeated = false;
	if (!e)
		e = find_before(b, m, why);
	if (e || m->repeated)
		return e;
	e = post(b, m, &p, why);
	if (!e)
		e = transfers_put(b, o, SPAN(""), 0, m->by->user, &p, why);
	return e ? e
		 : store_put_act_key(b->h->store,
				     &(struct store_act_key){c->office, m->by->user, c->key,
							     SPAN(""), m->hash, o->head.seq},
				     why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct moving *m = context;
	enum err e;

	m->refused = (struct cause){0};
	e = move(b, m, &m->refused);
	if (!e || e == ERR_CONFLICT || e == ERR_FORMAT || e == ERR_LIMIT || e == ERR_USAGE)
		return ERR_NONE;
	*why = m->refused;
	return e;
}

static struct hash hash_of(const struct cash *c)
{
	struct hash_stream s;

	hash_start(&s);
	hash_add(&s, c->out ? "out" : "in ", 3);
	hash_add(&s, c->party.p, c->party.n);
	hash_add(&s, "\n", 1);
	hash_add(&s, c->amount.p, c->amount.n);
	return hash_finish(&s);
}

enum err hub_move_cash(struct hub *h, const struct who *by, const struct cash *c,
		       bool *ret_repeated, struct cause *why)
{
	struct moving m = {.by = by, .cash = c};
	enum err e;

	if (!who_is(by, ROLE_CASHIER) || !who_has_office(by, c->office))
		return fail(why, ERR_DENIED, "cash is taken by a cashier of the office");
	if (!c->key.n || !c->party.n || c->party.n > LIMIT_REFERENCE_BYTES)
		return refuse(why, "a party and an Idempotency-Key are wanted");
	if (shadow_refuse(h, why))
		return ERR_CONFLICT;
	m.hash = hash_of(c);
	e = settle_errand(h, errand, &m, why);
	if (e)
		return e;
	*ret_repeated = m.repeated;
	if (m.refused.err && why)
		*why = m.refused;
	return m.refused.err;
}

/* ---- statements ---- */

struct account_view {
	struct arena *arena;
	struct span party;
	uint32_t limit;
	struct ledger_currency currency;
	struct text text;
	struct store_balances balances;
	struct store_transfer *row;
	uint32_t rows;
};

static struct decimal shown(const struct account_view *s, int64_t minor)
{
	return money_to_decimal((struct money){minor}, s->currency.digits);
}

/* As people read it: what is owed, and what stands to the party's credit, both above zero. */
static void put_balances(struct json_writer *w, const struct account_view *s)
{
	int64_t due = 0, prepaid = 0, security = 0;

	for (uint32_t i = 0; i < s->balances.count; i++) {
		const struct store_balance *b = &s->balances.row[i];

		if (span_is(b->account, "due"))
			due = b->minor;
		else if (span_is(b->account, "prepaid"))
			prepaid = -b->minor;
		else if (span_is(b->account, "security"))
			security = -b->minor;
	}
	json_name(w, "balances");
	json_open_object(w);
	json_put_decimal(w, "due", shown(s, due));
	json_put_decimal(w, "prepaid", shown(s, prepaid));
	json_put_decimal(w, "security", shown(s, security));
	json_close_object(w);
}

static void put_row(struct json_writer *w, const struct account_view *s,
		    const struct store_transfer *t)
{
	struct text at = text_in(s->arena);

	moment_write(&at, t->at);
	json_open_object(w);
	json_put(w, "at", text_as_span(&at));
	json_put(w, "kind", t->kind);
	json_put(w, "account", t->account);
	json_put_decimal(w, t->minor < 0 ? "credit" : "debit",
			 shown(s, t->minor < 0 ? -t->minor : t->minor));
	json_put(w, "other", t->other_account);
	json_put(w, "reference", t->reference);
	json_close_object(w);
}

static void write_account(void *context)
{
	struct account_view *s = context;
	struct json_writer w = json_to(&s->text);

	json_open_object(&w);
	json_put(&w, "party", s->party);
	json_put(&w, "currency", s->currency.code);
	put_balances(&w, s);
	json_name(&w, "transfers");
	json_open_array(&w);
	for (uint32_t i = 0; i < s->rows; i++)
		put_row(&w, s, &s->row[i]);
	json_close_array(&w);
	json_close_object(&w);
}

static enum err read_account(struct store *store, void *context, struct cause *why)
{
	struct account_view *s = context;
	const struct store_transfer_page page = {s->party, NULL, s->limit};
	enum err e = store_get_balances(store, s->arena, &s->party, 1, &s->balances, why);

	return e ? e : store_list_transfers(store, s->arena, &page, &s->row, &s->rows, why);
}

enum err hub_write_account(struct hub *h, struct text *to, const struct who *by, struct span party,
			   uint32_t limit, struct span request, const struct patience *patience,
			   struct cause *why)
{
	enum view view;
	struct account_view s = {.arena = to->arena,
				 .party = party,
				 .limit = limit < 1 || limit > ACCOUNT_PAGE_MAX ? ACCOUNT_PAGE_MAX
										: limit,
				 .text = text_in(to->arena)};
	struct inforce *in;
	enum err e = scope_list(h, by, SPAN(""), party, PURPOSE_ACCOUNT, request, &view, why);

	if (e || view == VIEW_NONE)
		return e ? e : ERR_NOT_FOUND;
	in = house_inforce(h);
	if (!in)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	s.currency = transfers_currency(in);
	e = house_list(h, patience,
		       &(struct house_listing){read_account, write_account, &s, to->arena}, why);
	inforce_release(in);
	if (!e)
		*to = s.text;
	return e;
}
