/* The ledger: double entry in minor units of the country's currency. What is owed, paid, secured and given back.
 *
 * A transfer moves an amount from one account to another; a posting is the transfers of one event, of one kind (postings.def).
 * An account is a holder and a name (accounts.def): a party by its id, or the treasury. A debit adds, a credit takes away; so
 * the balances of all accounts of a currency add up to zero, always. What a holder has in "prepaid" or "security" therefore
 * stands there as a negative balance: the treasury owes it.
 *
 * The functions that make a posting take what they rest on as arguments and change nothing; ledger_post() changes balances,
 * ledger_case_add() the account of a case. All of them are called inside arena_run(); what they give lies in the arena and
 * borrows the texts of its arguments. Amounts are minor units, > 0 where not said otherwise.
 *
 * What is refused, with the reason in the cause and nothing changed:
 *   ERR_USAGE     an amount <= 0; a party that is empty or calls itself treasury
 *   ERR_CONFLICT  the accounts do not allow it: less is there than is asked for, or less is owed than is paid
 *   ERR_LIMIT     an amount of more than LIMIT_NUMBER_DIGITS digits, or a sum that does not fit
 *
 * Debt, security and repayment are those of the Revised Kyoto Convention, General Annex, chapters 4 (duties and taxes: debt,
 * payment, repayment) and 5 (security). */
#ifndef CUSTOMHOUSE_LEDGER_LEDGER_H
#define CUSTOMHOUSE_LEDGER_LEDGER_H

#include "base/map.h"
#include "model/assessment.h"

/* The holder of the accounts of the state. No party may have this id. */
#define LEDGER_TREASURY SPAN("treasury")

enum account {
#define ACCOUNT(name, id, whose, side) ACCOUNT_##name,
#include "ledger/accounts.def"
#undef ACCOUNT
	ACCOUNTS
};
/* ACCOUNTS: there is none of this name for this holder. *ret_part is what stands behind the '/'. */
enum account ledger_account_by_name(struct span holder, struct span name, struct span *ret_part);

enum posting_kind {
#define POSTING(name, id, title) POSTING_##name,
#include "ledger/postings.def"
#undef POSTING
	POSTINGS
};
const char *ledger_kind_name(enum posting_kind k);
const char *ledger_kind_title(enum posting_kind k);
/* POSTINGS: there is no such kind. */
enum posting_kind ledger_kind_by_name(struct span s);

struct transfer {
	struct span debit_holder, debit_account, credit_holder, credit_account;
	int64_t minor; /* > 0 */
};

struct ledger_currency {
	struct span code;
	unsigned digits; /* decimals of the minor unit */
};

/* The transfers stand in an order that depends on nothing but the arguments: levies by their ids, payers from the last. */
struct posting {
	enum posting_kind kind;
	struct ledger_currency currency;
	DICT_LIST(struct transfer) transfers; /* none: there is nothing to post */
};

/* Is it a posting that this ledger makes: known accounts, amounts within bounds, each transfer between two accounts that its
 * kind may touch, debits equal to credits? ERR_CONFLICT, ERR_LIMIT, ERR_USAGE say what is not. */
enum err ledger_check(const struct posting *p, struct cause *why) MUST_CHECK;

/* ---- the account of a case ---- */

struct levy_sum {
	struct span levy;
	int64_t minor; /* > 0 */
};
/* By levy, in the order of bytes; no levy twice, none that is zero. */
struct levy_sums {
	DICT_LIST(struct levy_sum) list;
};

/* What is due by levy: the sums of the tax lines that are due; suspended and relieved ones are not. ERR_LIMIT: more than
 * LIMIT_LEVIES; ERR_USAGE: a levy comes to less than zero. What an assessment that was stopped has no line for falls due
 * by a later version: a country may accept such a declaration (severities of its pack). */
enum err ledger_levies(struct arena *a, const struct assessment *s, struct levy_sums *ret,
		       struct cause *why) MUST_CHECK;

struct payer {
	struct span holder;
	int64_t minor; /* what was paid and not given back, > 0 */
};
struct surety {
	struct span holder;
	struct span guarantee; /* its reference; empty: money */
	int64_t minor;         /* what is secured now, > 0 */
};

/* What the postings of one case have come to. A new case has the debtor and the currency, and zeros. */
struct case_account {
	struct span holder; /* the debtor: who owes what is due */
	struct ledger_currency currency;
	struct levy_sums raised; /* what is charged now, by levy */
	/* sums of raised, payers, sureties; due - paid is what is open */
	int64_t due, paid, secured;
	DICT_LIST(struct payer) payers;    /* in the order of their first payment */
	DICT_LIST(struct surety) sureties; /* in the order of their coming */
};

/* Adds a posting of the case. ret_case changes only with ERR_NONE; the first one gives a case without a holder its debtor and
 * currency. ERR_CONFLICT: it does not follow from those before (another debtor or currency, more given back than was paid). */
enum err ledger_case_add(struct arena *a, struct case_account *ret_case, const struct posting *p,
			 struct cause *why) MUST_CHECK;
/* What is still to pay: due - paid, and never less than zero. */
int64_t ledger_case_open(const struct case_account *c);
/* What was paid too much: paid - due, and never less than zero. */
int64_t ledger_case_overpaid(const struct case_account *c);

/* ---- postings of a case ---- */

/* The levies of the first version fall due. ERR_CONFLICT: something is raised already. */
enum err ledger_raise(struct arena *a, const struct case_account *c, const struct levy_sums *levies,
		      struct posting *ret, struct cause *why) MUST_CHECK;

enum overpaid {
	OVERPAID_STAYS, /* as a credit on the debtor's account, until ledger_refund(): where a second person approves */
	OVERPAID_RETURNS, /* to the prepaid accounts of those who paid, the last payer first */
};
/* A new version: what is raised becomes `levies`; only the differences are posted. A refund that was made before counts: what
 * the new version charges is what the state keeps in all. Another debtor is ledger_reverse() and a new ledger_raise(). */
enum err ledger_reraise(struct arena *a, const struct case_account *c,
			const struct levy_sums *levies, enum overpaid overpaid, struct posting *ret,
			struct cause *why) MUST_CHECK;
/* The case ends without a debt: everything raised is taken back, everything paid goes back to those who paid. Security stays
 * until ledger_discharge(). */
enum err ledger_reverse(struct arena *a, const struct case_account *c, struct posting *ret,
			struct cause *why) MUST_CHECK;
/* A cashier takes money for the case. ERR_CONFLICT: more than is open (the rest belongs into a deposit). */
enum err ledger_receive(struct arena *a, const struct case_account *c, int64_t minor,
			struct posting *ret, struct cause *why) MUST_CHECK;
/* payer pays from a prepaid account in which `prepaid` stands: the debtor, or a broker for the debtor. ERR_CONFLICT: more than
 * is open or prepaid. ERR_LIMIT: more than LIMIT_PAYERS payers. */
enum err ledger_pay(struct arena *a, const struct case_account *c, struct span payer,
		    int64_t prepaid, int64_t minor, struct posting *ret,
		    struct cause *why) MUST_CHECK;
/* surety sets money aside from a prepaid account in which `prepaid` stands. ERR_LIMIT: more than LIMIT_PAYERS sureties. */
enum err ledger_secure(struct arena *a, const struct case_account *c, struct span surety,
		       int64_t prepaid, int64_t minor, struct posting *ret,
		       struct cause *why) MUST_CHECK;
/* The same with a guarantee, of which `left` is not in use: no money moves, the account notes how much is. ERR_CONFLICT: less is
 * left. */
enum err ledger_secure_by_guarantee(struct arena *a, const struct case_account *c,
				    const struct surety *by, int64_t left, struct posting *ret,
				    struct cause *why) MUST_CHECK;
/* Money that was set aside pays what is open, the first surety first. ERR_CONFLICT: more than is open or set aside. A guarantee
 * is called from its guarantor in writing; what the guarantor then pays is received, and the guarantee discharged. */
enum err ledger_call(struct arena *a, const struct case_account *c, int64_t minor,
		     struct posting *ret, struct cause *why) MUST_CHECK;
/* All security that stands is given back. ERR_CONFLICT: something is open. */
enum err ledger_discharge(struct arena *a, const struct case_account *c, struct posting *ret,
			  struct cause *why) MUST_CHECK;
/* Gives back what was paid: first what was paid too much, then of what is charged, split over the levies in proportion to it so
 * that the parts add up exactly (money_apportion()). The money goes to those who paid, the last payer first. ERR_CONFLICT: more
 * than was paid. */
enum err ledger_refund(struct arena *a, const struct case_account *c, int64_t minor,
		       struct posting *ret, struct cause *why) MUST_CHECK;

/* ---- postings of a holder ---- */

/* A cashier takes money into a prepaid account. */
enum err ledger_deposit(struct arena *a, const struct ledger_currency *currency, struct span holder,
			int64_t minor, struct posting *ret, struct cause *why) MUST_CHECK;
/* Pays out of a prepaid account in which `prepaid` stands. ERR_CONFLICT: less is there. */
enum err ledger_withdraw(struct arena *a, const struct ledger_currency *currency,
			 struct span holder, int64_t prepaid, int64_t minor, struct posting *ret,
			 struct cause *why) MUST_CHECK;

/* ---- balances ---- */

struct ledger_balance {
	struct span account, currency;
	int64_t minor;
	bool changed; /* by a posting, since it was set */
};
struct ledger_page {
	struct span holder;
	DICT_LIST(struct ledger_balance) balances; /* in the order of their coming */
};
/* The balances of some holders: of those that a batch touches, or of all. What was never set or posted is zero. Texts are
 * copied into the arena. */
struct ledger_book {
	struct arena *arena;
	struct map by_holder;
	DICT_LIST(struct ledger_page *) pages; /* in the order of their coming */
};

static inline struct ledger_book ledger_book_in(struct arena *a)
{
	return (struct ledger_book){.arena = a, .by_holder = map_in(a)};
}

/* NULL: nothing is known of this holder. */
const struct ledger_page *ledger_find(const struct ledger_book *b, struct span holder);
/* A new holder becomes known. */
struct ledger_page *ledger_open_page(struct ledger_book *b, struct span holder);
void ledger_set(struct ledger_book *b, struct span holder, struct span account,
		struct span currency, int64_t minor);
int64_t ledger_get(const struct ledger_book *b, struct span holder, struct span account,
		   struct span currency);
/* What stands in a prepaid account, as the functions above take it: zero or more. */
int64_t ledger_prepaid(const struct ledger_book *b, struct span holder, struct span currency);

/* Checks a posting and adds it to the balances, all of it or nothing. ERR_CONFLICT also: an account would stand on the side
 * where it must not (accounts.def), such as a prepaid account below zero. */
enum err ledger_post(struct ledger_book *b, const struct posting *p, struct cause *why) MUST_CHECK;
/* The same for postings that come in another order than they were made in, as whoever reads one office after the other finds
 * them: no account is looked at for its side. Only the sum at the end must be sound. */
enum err ledger_add(struct ledger_book *b, const struct posting *p, struct cause *why) MUST_CHECK;
/* May this balance stand in this account? */
bool ledger_balance_sound(struct span holder, const struct ledger_balance *b);

#endif
