/* The money accounts of a party: what it owes, what it has prepaid, and how that came about (docs/ledger.md). */
#ifndef CUSTOMHOUSE_HUB_LIFE_ACCOUNT_H
#define CUSTOMHOUSE_HUB_LIFE_ACCOUNT_H

#include "hub/people/people.h"

struct cash {
	struct span party;
	struct span office; /* the cashier's; its chain keeps the transfer */
	struct span amount; /* decimal text, in the currency of the country, above zero */
	bool out;           /* paid out of the prepaid account; else paid in */
	struct span key;    /* Idempotency-Key: the same again is done once. Must be given */
};

/* A cashier of the office takes money into a party's prepaid account, or pays out of it. *ret_repeated: it was done before under
 * this key. ERR_DENIED: no cashier of that office; ERR_FORMAT: an amount, a party or a key that is none; ERR_CONFLICT: less is
 * there, or something else was done under this key. */
enum err hub_move_cash(struct hub *h, const struct who *by, const struct cash *c,
		       bool *ret_repeated, struct cause *why) MUST_CHECK;

enum { ACCOUNT_PAGE_MAX = 200 };

/* {"party","currency","balances":{"due":"12.00","prepaid":"100.00","security":"0.00"},"transfers":[{"at","kind","account",
 * "debit","credit","reference"}]}: for the party itself, cashiers and auditors, the newest transfers first. ERR_NOT_FOUND: not
 * theirs to see. */
enum err hub_write_account(struct hub *h, struct text *to, const struct who *by, struct span party,
			   uint32_t limit, struct span request, const struct patience *patience,
			   struct cause *why) MUST_CHECK;

#endif
