/* Guarantees: what a guarantor promised in writing to pay for a party, up to an amount, registered by a cashier and used by its
 * reference where a case is secured (Revised Kyoto Convention, General Annex, chapter 5, standards 5.1 to 5.7: general security).
 * How much of one is in use is the balance of "guarantee/REFERENCE" of its guarantor.
 *
 * Each registration is an event of kind "guarantee" in the chain of the cashier's office:
 *     {"party","reference","guarantor","amount":"5000.00","currency","until":"2027-12-31"} */
#ifndef CUSTOMHOUSE_HUB_LIFE_GUARANTEE_H
#define CUSTOMHOUSE_HUB_LIFE_GUARANTEE_H

#include "hub/house.h"
#include "hub/people/people.h"
#include "ledger/ledger.h"

struct guarantee_entry {
	struct span party;     /* whose debts it stands for */
	struct span reference; /* the guarantor's; of the party once */
	struct span guarantor; /* a party's id */
	struct span amount;    /* decimal text; zero: for nothing new from now on */
	struct span until;     /* ISO: the last day of a security that it stands for */
	struct span office;    /* the cashier's */
};

/* Registers it, or puts other words over what stood there; what is secured by it stays. ERR_DENIED: no cashier of
 * that office; ERR_FORMAT: something that is none; ERR_CONFLICT: another guarantor's while it is in use. */
enum err hub_put_guarantee(struct hub *h, const struct who *by, const struct guarantee_entry *g,
			   struct cause *why) MUST_CHECK;

enum { GUARANTEES_LISTED = 200 };
/* {"guarantees":[{"reference","guarantor","amount","used","currency","until","office"}]}: who sees the party's account.
 * ERR_NOT_FOUND: not theirs to see. */
enum err hub_write_guarantees(struct hub *h, struct text *to, const struct who *by,
			      struct span party, struct span request, struct cause *why) MUST_CHECK;

/* In a batch: the guarantee that secures a case of the party until a moment, and how much of it is left. ERR_CONFLICT: there is
 * none, or it ends before. */
enum err guarantee_find(struct batch *b, struct span party, struct span reference, int64_t until,
			struct surety *ret, int64_t *ret_left, struct cause *why) MUST_CHECK;

/* What an event registered. ERR_FORMAT. Texts point into the payload. */
enum err guarantee_read(struct arena *a, struct span payload, struct store_guarantee *ret,
			struct cause *why) MUST_CHECK;

#endif
