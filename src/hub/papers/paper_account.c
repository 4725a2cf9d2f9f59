/* The statement of an account. It stands after its newest movement, whose moment is the number in its code: so the balances that
 * were printed are those of now, without the movements that came later. */
#include "base/limits.h"
#include "hub/audit/shadow.h"
#include "hub/life/account.h"
#include "hub/life/transfers.h"
#include "hub/papers/papers_room.h"

/* How many later movements a check goes back over: a statement of before is known, but its balances are no longer told. */
enum { PAGES_BACK = 20 };

enum { DUE, PREPAID, SECURITY, STANDS };

static int slot(struct span account)
{
	return span_is(account, "due")        ? DUE
	       : span_is(account, "prepaid")  ? PREPAID
	       : span_is(account, "security") ? SECURITY
					      : STANDS;
}

struct standing {
	int64_t stands[STANDS]; /* with the ledger's sign */
	int64_t later;          /* movements behind the statement */
	bool cut;               /* there are more than are gone back over */
	bool any;               /* there is a movement with the statement's moment */
};

static enum err read_balances(struct papers *p, struct span party, struct standing *ret)
{
	struct store_balances balances;
	enum err e = store_get_balances(p->store, p->arena, &party, 1, &balances, p->why);

	for (uint32_t i = 0; i < balances.count && !e; i++) {
		const struct store_balance *b = &balances.row[i];

		if (slot(b->account) != STANDS &&
		    span_equal(b->currency, ref_currency(p->inforce->ref)))
			ret->stands[slot(b->account)] = b->minor;
	}
	return e;
}

/* Takes back what was moved after a moment. */
static enum err go_back(struct papers *p, struct span party, int64_t to, struct standing *ret)
{
	struct store_transfer *row, last;
	struct store_transfer_page page = {party, NULL, STORE_PAGE_MAX};
	uint32_t n = STORE_PAGE_MAX;
	enum err e = ERR_NONE;

	for (int pages = 0; n == STORE_PAGE_MAX && !e; pages++) {
		if (pages == PAGES_BACK) {
			ret->cut = true;
			break;
		}
		e = store_list_transfers(p->store, p->arena, &page, &row, &n, p->why);
		for (uint32_t i = 0; i < n && !e; i++) {
			if (row[i].at <= to) {
				ret->any = row[i].at == to;
				return ERR_NONE;
			}
			ret->later++;
			if (slot(row[i].account) != STANDS)
				ret->stands[slot(row[i].account)] -= row[i].minor;
		}
		if (n) {
			last = row[n - 1];
			page.before = &last;
		}
	}
	ret->any = ret->any || !to; /* an account without movements */
	return e;
}

static void put_stands(struct papers *p, const struct standing *a)
{
	papers_put_minor(p, "due", a->stands[DUE]);
	papers_put_minor(p, "prepaid", -a->stands[PREPAID]);
	papers_put_minor(p, "security", -a->stands[SECURITY]);
	json_put(&p->json, "currency", ref_currency(p->inforce->ref));
}

enum err paper_account_check(struct papers *p, struct paper_id id, struct span party)
{
	struct standing a = {0};
	enum err e = read_balances(p, party, &a);

	if (!e)
		e = go_back(p, party, id.number, &a);
	if (e)
		return e;
	papers_begin(p, id, party, id.number);
	if (a.any)
		put_stands(p, &a);
	json_put_c(&p->json, "standing", a.later ? "replaced" : "stands");
	return ERR_NONE;
}

/* ---- giving out ---- */

static void put_movement(struct papers *p, const struct store_transfer *t)
{
	struct json_writer *w = &p->json;

	json_open_object(w);
	json_put_moment(w, "at", t->at);
	json_put(w, "how", t->kind);
	json_put(w, "account", t->account);
	json_put(w, "reference", t->reference);
	papers_put_minor(p, t->minor < 0 ? "credit" : "debit", t->minor < 0 ? -t->minor : t->minor);
	json_close_object(w);
}

static enum err give(struct papers *p, void *context)
{
	const struct span *party = context;
	const struct store_transfer_page page = {*party, NULL, ACCOUNT_PAGE_MAX};
	struct standing a = {0};
	struct store_transfer *row;
	uint32_t n;
	enum err e = read_balances(p, *party, &a);

	if (!e)
		e = store_list_transfers(p->store, p->arena, &page, &row, &n, p->why);
	if (e)
		return e;
	papers_begin(p, (struct paper_id){PAPER_OF_ACCOUNT, n ? row[0].at : 0}, *party,
		     n ? row[0].at : 0);
	put_stands(p, &a);
	json_name(&p->json, "movements");
	json_open_array(&p->json);
	for (uint32_t i = 0; i < n; i++)
		put_movement(p, &row[i]);
	json_close_array(&p->json);
	json_put_bool(&p->json, "earlier", n == ACCOUNT_PAGE_MAX);
	return ERR_NONE;
}

enum err hub_write_statement(struct hub *h, struct text *to, const struct who *by,
			     struct span party, struct span request, struct span language,
			     const struct patience *patience, struct cause *why)
{
	struct papers p = {.hub = h, .language = language};
	enum view view;
	enum err e = scope_list(h, by, SPAN(""), party, PURPOSE_ACCOUNT, request, &view, why);

	if (!e && view == VIEW_NONE)
		e = ERR_NOT_FOUND;
	if (!e && shadow_refuse(h, why))
		e = ERR_CONFLICT;
	return e ? e : papers_ask(&p, to, patience, give, &party, why);
}
