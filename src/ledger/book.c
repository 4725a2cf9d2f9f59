/* Balances of holders, and adding a posting to them. */
#include "ledger/room.h"

const struct ledger_page *ledger_find(const struct ledger_book *b, struct span holder)
{
	return map_get(&b->by_holder, holder);
}

struct ledger_page *ledger_open_page(struct ledger_book *b, struct span holder)
{
	struct ledger_page *page = map_get(&b->by_holder, holder), **slot;

	if (page)
		return page;
	page = ARENA_NEW(b->arena, struct ledger_page);
	page->holder = span_copy(b->arena, holder);
	slot = arena_push(b->arena, (void **)&b->pages.v, &b->pages.n, &b->pages.room,
			  sizeof(struct ledger_page *));
	*slot = page;
	map_put(&b->by_holder, page->holder, page);
	return page;
}

static struct ledger_balance *find(const struct ledger_page *page, struct span account,
				   struct span currency)
{
	for (uint32_t i = 0; i < page->balances.n; i++)
		if (span_equal(page->balances.v[i].account, account) &&
		    span_equal(page->balances.v[i].currency, currency))
			return &page->balances.v[i];
	return NULL;
}

/* The balance, made when it is new. Pointers to balances of the page do not outlive this. */
static struct ledger_balance *need(struct ledger_book *b, struct span holder, struct span account,
				   struct span currency)
{
	struct ledger_page *page = ledger_open_page(b, holder);
	struct ledger_balance *balance = find(page, account, currency);

	if (balance)
		return balance;
	balance = arena_push(b->arena, (void **)&page->balances.v, &page->balances.n,
			     &page->balances.room, sizeof(*balance));
	balance->account = span_copy(b->arena, account);
	balance->currency = span_copy(b->arena, currency);
	return balance;
}

void ledger_set(struct ledger_book *b, struct span holder, struct span account,
		struct span currency, int64_t minor)
{
	struct ledger_balance *balance = need(b, holder, account, currency);

	balance->minor = minor;
	balance->changed = false;
}

int64_t ledger_get(const struct ledger_book *b, struct span holder, struct span account,
		   struct span currency)
{
	const struct ledger_page *page = ledger_find(b, holder);
	const struct ledger_balance *balance = page ? find(page, account, currency) : NULL;

	return balance ? balance->minor : 0;
}

int64_t ledger_prepaid(const struct ledger_book *b, struct span holder, struct span currency)
{
	const int64_t minor =
	    ledger_get(b, holder, span_of(room_account_name(ACCOUNT_PREPAID)), currency);

	return minor < 0 && minor > INT64_MIN ? -minor : 0;
}

bool ledger_balance_sound(struct span holder, const struct ledger_balance *b)
{
	struct span part;
	const enum account account = ledger_account_by_name(holder, b->account, &part);

	if (account == ACCOUNTS || !holder.n)
		return false;
	switch (room_account_side(account)) {
	case SIDE_BOTH:
		return true;
	case SIDE_CREDIT:
		return b->minor <= 0;
	case SIDE_DEBIT:
		return b->minor >= 0;
	}
	return false;
}

static enum err add(struct ledger_book *b, struct span holder, struct span account,
		    struct span currency, int64_t minor, struct cause *why)
{
	struct ledger_balance *balance = need(b, holder, account, currency);

	if (__builtin_add_overflow(balance->minor, minor, &balance->minor)) {
		balance->minor = (int64_t)((uint64_t)balance->minor - (uint64_t)minor);
		return fail(why, ERR_LIMIT, "the balance of \"%.*s\" does not fit",
			    SPAN_ARG(account));
	}
	return ERR_NONE;
}

/* Both sides of a transfer, or none. sign -1 takes it back. */
static enum err move(struct ledger_book *b, const struct transfer *t, struct span currency,
		     int sign, struct cause *why)
{
	const int64_t minor = sign * t->minor;
	enum err e = add(b, t->debit_holder, t->debit_account, currency, minor, why);

	if (e)
		return e;
	e = add(b, t->credit_holder, t->credit_account, currency, -minor, why);
	if (e)
		BUG_ON(add(b, t->debit_holder, t->debit_account, currency, -minor, NULL));
	return e;
}

static enum err check_side(const struct ledger_book *b, struct span holder, struct span account,
			   struct span currency, struct cause *why)
{
	const struct ledger_balance *balance = find(ledger_find(b, holder), account, currency);

	if (ledger_balance_sound(holder, balance))
		return ERR_NONE;
	return fail(why, ERR_CONFLICT, "less is in the account \"%.*s\" of \"%.*s\" than is moved",
		    SPAN_ARG(account), SPAN_ARG(holder));
}

static void mark(const struct ledger_book *b, struct span holder, struct span account,
		 struct span currency)
{
	find(ledger_find(b, holder), account, currency)->changed = true;
}

enum err ledger_add(struct ledger_book *b, const struct posting *p, struct cause *why)
{
	const struct span currency = p->currency.code;
	const struct transfer *t = p->transfers.v;
	uint32_t moved = 0;
	enum err e = ledger_check(p, why);

	if (e)
		return e;
	while (moved < p->transfers.n && !e) {
		e = move(b, &t[moved], currency, 1, why);
		moved += !e;
	}
	while (e && moved)
		BUG_ON(move(b, &t[--moved], currency, -1, NULL));
	for (uint32_t i = 0; i < p->transfers.n && !e; i++) {
		mark(b, t[i].debit_holder, t[i].debit_account, currency);
		mark(b, t[i].credit_holder, t[i].credit_account, currency);
	}
	return e;
}

enum err ledger_post(struct ledger_book *b, const struct posting *p, struct cause *why)
{
	const struct span currency = p->currency.code;
	const struct transfer *t = p->transfers.v;
	enum err e = ledger_add(b, p, why);

	if (e)
		return e;
	for (uint32_t i = 0; i < p->transfers.n && !e; i++) {
		e = check_side(b, t[i].debit_holder, t[i].debit_account, currency, why);
		if (!e)
			e = check_side(b, t[i].credit_holder, t[i].credit_account, currency, why);
	}
	for (uint32_t i = p->transfers.n; e && i > 0; i--)
		BUG_ON(move(b, &t[i - 1], currency, -1, NULL));
	return e;
}
