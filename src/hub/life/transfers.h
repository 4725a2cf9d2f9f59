/* Money in the hub: postings of the ledger as events, balances, and statements. House only: for what runs in a batch, and for
 * verify.
 *
 * A posting is stored as an event of kind "transfers" in the chain of the office, under the reference of its case (empty where
 * there is none, as for a deposit):
 *
 *     {"format":1,"kind":"raise","currency":"XLD","transfers":[{"debit":{"holder":"LF1","account":"due"},
 *      "credit":{"holder":"treasury","account":"revenue/A00"},"amount":"12.00"}]}
 *
 * Amounts are written with all decimals of the currency. The tables balance and transfer are projections of these events. They
 * hold nothing but ids, accounts and amounts, and are kept as long as accounts are: no payload of such an event is erased. */
#ifndef CUSTOMHOUSE_HUB_LIFE_TRANSFERS_H
#define CUSTOMHOUSE_HUB_LIFE_TRANSFERS_H

#include "hub/house.h"
#include "ledger/ledger.h"

/* Of the events that hold a posting. */
#define TRANSFERS_KIND SPAN("transfers")

/* ---- in a batch, inside its transaction and arena_run() of its arena ---- */

/* Checks the posting against the balances as the batch has left them so far, and stores it. A posting without transfers is
 * nothing, and stores nothing. reference: the case, or empty; version: of the case, or 0; actor: who caused it.
 *   ERR_CONFLICT, ERR_LIMIT, ERR_USAGE   as ledger_post(): nothing was stored; the batch may go on
 *   any other                            the batch fails */
enum err transfers_put(struct batch *b, struct office *o, struct span reference, int64_t version,
		       struct span actor, const struct posting *p, struct cause *why) MUST_CHECK;
/* Reads the balances of n holders at once; those that the batch knows are not read again. What is not read here is read
 * when it is needed, one holder at a time. */
enum err transfers_know(struct batch *b, const struct span *holder, uint32_t n,
			struct cause *why) MUST_CHECK;
/* A balance as the batch has left it so far, with the ledger's sign: debit is plus. */
enum err transfers_balance(struct batch *b, struct span holder, struct span account,
			   struct span currency, int64_t *ret, struct cause *why) MUST_CHECK;
/* What stands in a prepaid account now: zero or more, as ledger_pay() takes it. */
enum err transfers_prepaid(struct batch *b, struct span holder, struct span currency, int64_t *ret,
			   struct cause *why) MUST_CHECK;
/* What the transfers of a case have come to, those of this batch too. Also outside a batch, with any store. A case without any
 * has no holder: the caller fills in the debtor and the currency before ledger_raise(). */
enum err transfers_of_case(struct store *s, struct arena *a, struct span office,
			   struct span reference, struct case_account *ret,
			   struct cause *why) MUST_CHECK;
/* Writes the balances that changed. settle.c calls it, once, when all of a batch has run. */
enum err transfers_flush(struct batch *b, struct cause *why) MUST_CHECK;

/* The currency of a pack. */
struct ledger_currency transfers_currency(const struct inforce *in);

/* ---- the payload ---- */

/* Inside arena_run(). */
struct span transfers_write(struct arena *a, const struct posting *p);
/* Reads and checks (ledger_check()). Texts may point into the payload. ERR_FORMAT: it is none; and as ledger_check(). */
enum err transfers_read(struct arena *a, struct span payload, struct posting *ret,
			struct cause *why) MUST_CHECK;

/* The rows of the table transfer that a posting makes: one for each side of each transfer that is not the treasury's. Inside
 * arena_run(); texts are borrowed. */
void transfers_project(struct arena *a, const struct event *e, const struct posting *p,
		       struct store_transfer **ret, uint32_t *ret_count);

#endif
