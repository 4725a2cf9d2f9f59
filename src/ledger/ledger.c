/* Names of accounts and kinds, what a posting must be, and the postings of a holder. */
#include "base/limits.h"
#include "ledger/room.h"

enum whose { HOLDER, TREASURY };

static const struct {
	const char *name;
	enum whose whose;
	enum side side;
} accounts[ACCOUNTS] = {
#define DEBIT                         SIDE_DEBIT
#define CREDIT                        SIDE_CREDIT
#define BOTH                          SIDE_BOTH
#define ACCOUNT(id, text, who, which) [ACCOUNT_##id] = {text, who, which},
#include "ledger/accounts.def"
#undef ACCOUNT
#undef DEBIT
#undef CREDIT
#undef BOTH
};

static const struct {
	const char *name, *title;
} kinds[POSTINGS] = {
#define POSTING(id, text, what) [POSTING_##id] = {text, what},
#include "ledger/postings.def"
#undef POSTING
};

/* Between which accounts each kind moves money. */
static const struct {
	enum posting_kind kind;
	enum account debit, credit;
} moves[] = {
    {POSTING_CALL, ACCOUNT_SECURITY, ACCOUNT_DUE},
    {POSTING_DEPOSIT, ACCOUNT_CASH, ACCOUNT_PREPAID},
    {POSTING_DISCHARGE, ACCOUNT_SECURITY, ACCOUNT_PREPAID},
    {POSTING_DISCHARGE, ACCOUNT_GUARANTEE, ACCOUNT_GUARANTEES},
    {POSTING_PAY, ACCOUNT_PREPAID, ACCOUNT_DUE},
    {POSTING_RAISE, ACCOUNT_DUE, ACCOUNT_REVENUE},
    {POSTING_RECEIVE, ACCOUNT_CASH, ACCOUNT_DUE},
    {POSTING_REFUND, ACCOUNT_DUE, ACCOUNT_PREPAID},
    {POSTING_REFUND, ACCOUNT_REVENUE, ACCOUNT_PREPAID},
    {POSTING_RERAISE, ACCOUNT_DUE, ACCOUNT_REVENUE},
    {POSTING_RERAISE, ACCOUNT_REVENUE, ACCOUNT_DUE},
    {POSTING_RERAISE, ACCOUNT_DUE, ACCOUNT_PREPAID},
    {POSTING_REVERSE, ACCOUNT_REVENUE, ACCOUNT_DUE},
    {POSTING_REVERSE, ACCOUNT_DUE, ACCOUNT_PREPAID},
    {POSTING_SECURE, ACCOUNT_PREPAID, ACCOUNT_SECURITY},
    {POSTING_SECURE, ACCOUNT_GUARANTEES, ACCOUNT_GUARANTEE},
    {POSTING_WITHDRAW, ACCOUNT_PREPAID, ACCOUNT_CASH},
};

const char *room_account_name(enum account a)
{
	return accounts[a].name;
}

enum side room_account_side(enum account a)
{
	return accounts[a].side;
}

enum account ledger_account_by_name(struct span holder, struct span name, struct span *ret_part)
{
	const enum whose whose = span_equal(holder, LEDGER_TREASURY) ? TREASURY : HOLDER;

	for (uint32_t i = 0; i < ACCOUNTS; i++) {
		const struct span known = span_of(accounts[i].name);
		const bool parted = known.p[known.n - 1] == '/';

		if (accounts[i].whose != whose || !span_starts(name, known) ||
		    (name.n > known.n) != parted)
			continue;
		*ret_part = (struct span){name.p + known.n, name.n - known.n, 0};
		return (enum account)i;
	}
	return ACCOUNTS;
}

const char *ledger_kind_name(enum posting_kind k)
{
	return kinds[k].name;
}

const char *ledger_kind_title(enum posting_kind k)
{
	return kinds[k].title;
}

enum posting_kind ledger_kind_by_name(struct span s)
{
	for (uint32_t i = 0; i < POSTINGS; i++)
		if (span_is(s, kinds[i].name))
			return (enum posting_kind)i;
	return POSTINGS;
}

/* ---- what a posting must be ---- */

enum err room_check_amount(int64_t minor, struct cause *why)
{
	if (minor <= 0)
		return fail(why, ERR_USAGE, "an amount must be more than zero");
	if (minor >= decimal_power10(LIMIT_NUMBER_DIGITS))
		return fail(why, ERR_LIMIT, "an amount has at most %d digits", LIMIT_NUMBER_DIGITS);
	return ERR_NONE;
}

enum err room_check_party(struct span holder, struct cause *why)
{
	if (!holder.n)
		return fail(why, ERR_USAGE, "the ledger knows no account without a holder");
	if (span_equal(holder, LEDGER_TREASURY))
		return fail(why, ERR_USAGE, "no party can be the treasury");
	return ERR_NONE;
}

static bool may_move(enum posting_kind k, enum account debit, enum account credit)
{
	for (uint32_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].kind == k && moves[i].debit == debit && moves[i].credit == credit)
			return true;
	return false;
}

static enum err check_transfer(enum posting_kind k, const struct transfer *t, struct cause *why)
{
	struct span part;
	const enum account debit = ledger_account_by_name(t->debit_holder, t->debit_account, &part),
			   credit =
			       ledger_account_by_name(t->credit_holder, t->credit_account, &part);
	enum err e = room_check_amount(t->minor, why);

	if (e)
		return e;
	if (!t->debit_holder.n || !t->credit_holder.n || debit == ACCOUNTS || credit == ACCOUNTS)
		return fail(why, ERR_CONFLICT,
			    "a transfer between \"%.*s\" of \"%.*s\" and \"%.*s\" of \"%.*s\", and "
			    "not both are accounts",
			    SPAN_ARG(t->debit_account), SPAN_ARG(t->debit_holder),
			    SPAN_ARG(t->credit_account), SPAN_ARG(t->credit_holder));
	if (!may_move(k, debit, credit))
		return fail(why, ERR_CONFLICT, "\"%s\" never debits \"%.*s\" and credits \"%.*s\"",
			    kinds[k].name, SPAN_ARG(t->debit_account), SPAN_ARG(t->credit_account));
	return ERR_NONE;
}

enum err ledger_check(const struct posting *p, struct cause *why)
{
	int64_t sum = 0;

	if (p->kind >= POSTINGS || !p->currency.code.n || p->currency.digits > LIMIT_NUMBER_SCALE)
		return fail(why, ERR_USAGE, "a posting without a kind or a currency");
	if (p->transfers.n > LIMIT_TRANSFERS)
		return fail(why, ERR_LIMIT, "a posting has at most %d transfers", LIMIT_TRANSFERS);
	for (uint32_t i = 0; i < p->transfers.n; i++) {
		enum err e = check_transfer(p->kind, &p->transfers.v[i], why);

		if (e)
			return e;
		if (__builtin_add_overflow(sum, p->transfers.v[i].minor, &sum))
			return fail(why, ERR_LIMIT, "the sum of a posting does not fit");
	}
	return ERR_NONE;
}

/* ---- making one ---- */

struct posting room_posting(enum posting_kind k, const struct ledger_currency *currency)
{
	return (struct posting){.kind = k, .currency = *currency};
}

static struct span name_of(struct arena *a, const struct end *e)
{
	const struct span name = span_of(accounts[e->account].name);
	struct text t = text_in(a);

	if (!e->part.n)
		return name;
	text_span(&t, name);
	text_span(&t, e->part);
	return text_as_span(&t);
}

void room_move(struct arena *a, struct posting *p, struct end debit, struct end credit,
	       int64_t minor)
{
	struct transfer *t = arena_push(a, (void **)&p->transfers.v, &p->transfers.n,
					&p->transfers.room, sizeof(*t));

	*t = (struct transfer){debit.holder, name_of(a, &debit), credit.holder, name_of(a, &credit),
			       minor};
}

/* ---- postings of a holder ---- */

enum err ledger_deposit(struct arena *a, const struct ledger_currency *currency, struct span holder,
			int64_t minor, struct posting *ret, struct cause *why)
{
	struct posting p = room_posting(POSTING_DEPOSIT, currency);
	enum err e = room_check_party(holder, why);

	if (!e)
		e = room_check_amount(minor, why);
	if (e)
		return e;
	room_move(a, &p, (struct end){LEDGER_TREASURY, ACCOUNT_CASH, {0}},
		  (struct end){holder, ACCOUNT_PREPAID, {0}}, minor);
	*ret = p;
	return ERR_NONE;
}

enum err ledger_withdraw(struct arena *a, const struct ledger_currency *currency,
			 struct span holder, int64_t prepaid, int64_t minor, struct posting *ret,
			 struct cause *why)
{
	struct posting p = room_posting(POSTING_WITHDRAW, currency);
	enum err e = room_check_party(holder, why);

	if (!e)
		e = room_check_amount(minor, why);
	if (!e && minor > prepaid)
		e = fail(why, ERR_CONFLICT,
			 "less is in the prepaid account than is to be paid out");
	if (e)
		return e;
	room_move(a, &p, (struct end){holder, ACCOUNT_PREPAID, {0}},
		  (struct end){LEDGER_TREASURY, ACCOUNT_CASH, {0}}, minor);
	*ret = p;
	return ERR_NONE;
}
