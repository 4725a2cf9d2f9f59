/* Cargo reports and accounts of what is written off, against the log. A bill may be written off by cases of other chains than its
 * report's, so accounts are compared when all was read. */
#include "hub/audit/verify.h"
#include "hub/stock/measures.h"
#include "hub/stock/permits.h"
#include "hub/stock/writeoff.h"

/* A report as its chain tells it. */
struct verify_cargo {
	struct span office, state, carrier, sender, sha256;
	int64_t version, decision_seq, arrived_at;
	struct verify_bill *bills;
	uint32_t count;
};
struct verify_bill {
	struct span account, consignee;
	int64_t measured, granted[STOCK_MEASURES];
};

/* What one account comes to. */
struct verify_stock {
	struct store_stock says; /* all but what is taken, and when it was opened */
	int64_t reserved[STOCK_MEASURES], used[STOCK_MEASURES];
};

/* What a case holds and has opened, as its newest event says. */
struct verify_holds {
	struct span office;
	struct writeoff_said said;
};

static struct span key_of(struct verify *v, struct span account, struct span carrier)
{
	return span_of(arena_print(v->whole, "%.*s\n%.*s", SPAN_ARG(account), SPAN_ARG(carrier)));
}

static bool read_bills(struct verify *v, const struct json *list, struct verify_cargo *c)
{
	const struct json *j = list ? list->first : NULL;

	c->bills = ARENA_ARRAY(v->whole, struct verify_bill, (list ? list->count : 0) + 1);
	for (c->count = 0; j; j = j->next, c->count++) {
		struct verify_bill *b = &c->bills[c->count];

		*b = (struct verify_bill){
		    .account = span_copy(v->whole, json_get_text(j, "account")),
		    .consignee = span_copy(v->whole, json_get_text(j, "consignee"))};
		if (json_get_int(j, "measured", &b->measured) ||
		    !writeoff_read_measures(json_get(j, "granted"), b->granted))
			return false;
	}
	return true;
}

static void take_decision(struct verify *v, const struct event *e)
{
	struct verify_cargo *c = map_get(&v->cargo, e->reference), fresh = {.office = e->office};
	const struct json *j;
	struct codec_fault fault;
	struct span state;

	if (!e->payload.p || json_read(v->once, e->payload, &j, &fault)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "the decision on this cargo report cannot be read");
		return;
	}
	verify_directory(v, e, j);
	state = json_get_text(j, "state");
	if (c && span_is(state, "rejected"))
		return; /* a version that was refused changes nothing */
	if (c)
		fresh.arrived_at = c->arrived_at;
	c = ARENA_NEW(v->whole, struct verify_cargo);
	*c = fresh;
	c->office = span_copy(v->whole, e->office);
	c->state = span_copy(v->whole, state);
	c->version = e->version;
	c->decision_seq = e->seq;
	c->sender = span_copy(v->whole, json_get_text(json_get(j, "facts"), "sender"));
	c->carrier = span_copy(v->whole, json_get_text(json_get(j, "facts"), "carrier"));
	c->sha256 = span_copy(v->whole, json_get_text(json_get(j, "input"), "sha256"));
	if (span_is(state, "accepted") && !read_bills(v, json_get(j, "bills"), c))
		verify_fault(v, e->office, e->seq, e->reference,
			     "the bills of this cargo report cannot be read");
	map_put(&v->cargo, span_copy(v->whole, e->reference), c);
}

static void take_holds(struct verify *v, const struct event *e)
{
	struct verify_holds *h = ARENA_NEW(v->whole, struct verify_holds);
	const struct span payload = e->payload.p ? span_copy(v->whole, e->payload) : e->payload;

	h->office = span_copy(v->whole, e->office);
	if (!e->payload.p || writeoff_read_event(v->whole, payload, &h->said)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "what this case writes off cannot be read");
		return;
	}
	map_put(&v->holds, span_copy(v->whole, e->reference), h);
}

/* A permit may be registered anew at another office: the row says whose chain has the event that counts. */
static void take_permit(struct verify *v, const struct event *e)
{
	struct store_stock *k = ARENA_NEW(v->whole, struct store_stock);
	const struct span payload = e->payload.p ? span_copy(v->whole, e->payload) : e->payload;

	if (!e->payload.p || permit_read_event(v->whole, payload, k)) {
		verify_fault(v, e->office, e->seq, SPAN(""), "this permit cannot be read");
		return;
	}
	k->office = span_copy(v->whole, e->office);
	map_put(&v->permits, key_of(v, k->account, k->office), k);
}

void verify_cargo_event(struct verify *v, const struct event *e)
{
	struct verify_cargo *c;

	if (span_is(e->kind, "cargo-decision"))
		take_decision(v, e);
	if (span_is(e->kind, "stock"))
		take_holds(v, e);
	if (span_is(e->kind, "permit"))
		take_permit(v, e);
	if (span_is(e->kind, "cargo-arrival")) {
		c = map_get(&v->cargo, e->reference);
		if (c && !c->arrived_at)
			c->arrived_at = e->at;
	}
}

static void open_account(struct verify *v, const struct store_stock *says)
{
	struct verify_stock *s = ARENA_NEW(v->whole, struct verify_stock);

	*s = (struct verify_stock){.says = *says};
	map_put(&v->stock, key_of(v, says->account, says->carrier), s);
}

static void open_bills(struct verify *v)
{
	for (uint32_t i = 0; i < v->cargo.size; i++) {
		const struct verify_cargo *c = v->cargo.slots[i].value;

		for (uint32_t k = 0; c && k < c->count; k++) {
			struct store_stock says = {.account = c->bills[k].account,
						   .carrier = c->carrier,
						   .kind = SPAN("bill"),
						   .office = c->office,
						   .source = v->cargo.slots[i].key,
						   .consignee = c->bills[k].consignee,
						   .measured = c->bills[k].measured};

			memcpy(says.granted, c->bills[k].granted, sizeof(says.granted));
			open_account(v, &says);
		}
	}
}

static void open_accounts(struct verify *v)
{
	open_bills(v);
	for (uint32_t i = 0; i < v->permits.size; i++)
		if (v->permits.slots[i].value)
			open_account(v, v->permits.slots[i].value);
	for (uint32_t i = 0; i < v->holds.size; i++) {
		const struct verify_holds *h = v->holds.slots[i].value;

		for (uint32_t k = 0; h && k < h->said.opens; k++) {
			struct store_stock says = h->said.open[k];

			says.office = h->office;
			says.source = v->holds.slots[i].key;
			open_account(v, &says);
		}
	}
}

/* What the cases hold, summed; *ret counts the holds. */
static void sum_holds(struct verify *v, int64_t *ret)
{
	for (uint32_t i = 0; i < v->holds.size; i++) {
		const struct verify_holds *h = v->holds.slots[i].value;

		for (uint32_t k = 0; h && k < h->said.holds; k++) {
			const struct store_stock_hold *x = &h->said.hold[k];
			struct verify_stock *s =
			    map_get(&v->stock, key_of(v, x->account, x->carrier));
			int64_t *to = !s ? NULL : span_is(x->stage, "used") ? s->used : s->reserved;

			++*ret;
			if (!s)
				verify_fault(v, h->office, 0, v->holds.slots[i].key,
					     "it writes off %.*s, which nobody opened",
					     SPAN_ARG(x->account));
			for (int m = 0; to && m < STOCK_MEASURES; m++)
				to[m] += x->amount[m];
		}
	}
}

struct tally {
	struct verify *v;
	int64_t rows;
};

/* Whose event counts for a permit that several offices registered is the row's to say; that there is one there, the log's. */
static const struct store_stock *said_of(struct tally *t, const struct store_stock *k,
					 const struct verify_stock *s)
{
	if (!span_starts(k->account, SPAN("permit/")))
		return s ? &s->says : NULL;
	return map_get(&t->v->permits, key_of(t->v, k->account, k->office));
}

static bool same_account(const struct store_stock *a, const struct store_stock *b)
{
	return span_equal(a->kind, b->kind) && span_equal(a->office, b->office) &&
	       span_equal(a->source, b->source) && span_equal(a->consignee, b->consignee) &&
	       span_equal(a->unit, b->unit) && span_equal(a->goods, b->goods) &&
	       span_equal(a->from_day, b->from_day) && span_equal(a->until_day, b->until_day) &&
	       a->measured == b->measured && !memcmp(a->granted, b->granted, sizeof(a->granted));
}

static enum err check_stock(void *context, const struct store_stock *k, struct cause *why)
{
	struct tally *t = context;
	const struct verify_stock *s = map_get(&t->v->stock, key_of(t->v, k->account, k->carrier));
	const struct store_stock *said = said_of(t, k, s);
	const size_t size = sizeof(k->granted);
	struct stock_account account;

	(void)why;
	t->rows++;
	account = measures_account(k);
	if (!s || !said || !same_account(said, k) || memcmp(s->reserved, k->reserved, size) ||
	    memcmp(s->used, k->used, size) || stock_open(&account) != k->open)
		verify_fault(t->v, k->office, 0, k->source,
			     "the account %.*s does not say what the log says",
			     SPAN_ARG(k->account));
	return ERR_NONE;
}

static enum err check_hold(void *context, const struct store_stock_hold *h, struct cause *why)
{
	struct tally *t = context;
	const struct verify_holds *said = map_get(&t->v->holds, h->reference);
	bool found = false;

	(void)why;
	t->rows++;
	for (uint32_t i = 0; said && i < said->said.holds && !found; i++)
		found = span_equal(said->office, h->office) &&
			span_equal(said->said.hold[i].account, h->account) &&
			span_equal(said->said.hold[i].carrier, h->carrier) &&
			span_equal(said->said.hold[i].stage, h->stage) &&
			!memcmp(said->said.hold[i].amount, h->amount, sizeof(h->amount));
	if (!found)
		verify_fault(t->v, h->office, 0, h->reference,
			     "the log does not say that this case writes off so much of %.*s",
			     SPAN_ARG(h->account));
	return ERR_NONE;
}

static enum err check_cargo(void *context, const struct store_cargo *c, struct cause *why)
{
	struct tally *t = context;
	const struct verify_cargo *said = map_get(&t->v->cargo, c->reference);

	(void)why;
	t->rows++;
	if (!said || !span_equal(said->office, c->office) || !span_equal(said->state, c->state) ||
	    !span_equal(said->sender, c->sender) || !span_equal(said->carrier, c->carrier) ||
	    !span_equal(said->sha256, c->input_sha256) || said->version != c->version ||
	    said->decision_seq != c->decision_seq || said->arrived_at != c->arrived_at)
		verify_fault(t->v, c->office, c->decision_seq, c->reference,
			     "the list of cargo reports does not say what the log says");
	return ERR_NONE;
}

static void compare_counts(struct verify *v, const char *what, int64_t rows, int64_t wanted)
{
	if (rows != wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""), "there are %lld %s, the log knows %lld",
			     (long long)rows, what, (long long)wanted);
}

enum err verify_cargo(struct verify *v, struct cause *why)
{
	struct tally reports = {v, 0}, accounts = {v, 0}, holds = {v, 0};
	int64_t held = 0;
	enum err e = store_scan_cargo(v->store, check_cargo, &reports, why);

	open_accounts(v);
	sum_holds(v, &held);
	if (!e)
		e = store_scan_stock(v->store, check_stock, &accounts, why);
	if (!e)
		e = store_scan_stock_holds(v->store, check_hold, &holds, why);
	if (e)
		return e;
	compare_counts(v, "cargo reports", reports.rows, v->cargo.count);
	compare_counts(v, "accounts that are written off", accounts.rows, v->stock.count);
	compare_counts(v, "cases that write off", holds.rows, held);
	return ERR_NONE;
}
