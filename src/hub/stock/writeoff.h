/* What declarations write off (docs/write-off.md): bills of lading, permits and certificates, and goods that stay under a
 * procedure. What a declaration takes of which account, and what is left of it, are facts of its decision; once it is accepted
 * the case holds that much: reserved until the goods are released, used afterwards, given back when it is cancelled or amended.
 *
 * A declaration that enters goods for a procedure of the pack opens an account of its own for each such item; others take of it
 * once the goods were released into the procedure.
 *
 * Each change is an event of kind "stock" in the chain of the case's office: all that the case holds and has opened from then on,
 *     {"holds":[{"account","carrier","stage","amount":{"packages","mass","value"}}],
 *      "opens":[{"account","kind","holder","goods","unit","from","until","measured","granted":{...}}]}
 * ("opens" only where there are any). The rows of the accounts are read and written under the lock of the account's name, so
 * that no two declarations, of whichever offices and nodes, share what is left. */
#ifndef CUSTOMHOUSE_HUB_STOCK_WRITEOFF_H
#define CUSTOMHOUSE_HUB_STOCK_WRITEOFF_H

#include "hub/house.h"
#include "stock/stock.h"

/* Of the events that hold what a case writes off. */
#define WRITEOFF_KIND SPAN("stock")

/* What a declaration takes of one account. */
struct writeoff_want {
	struct span account;  /* "bill/705/HLCU1", "permit/C400/W-1", "stock/26XL010000000014/2" */
	struct span type, id; /* as declared; of goods: their item, the reference */
	struct stock_amount amount;
	const struct span *at;           /* the first that names it */
	const struct ref_write_off *row; /* NULL: a bill */
	struct span unit;                /* of the quantity */
	bool units;                      /* items give quantities in several units */
	DICT_LIST(struct span) goods;    /* codes of the items */
};
struct writeoff_wants {
	DICT_LIST(struct writeoff_want) list;
	/* items that name none or several, where one is wanted: where the first of these stands */
	const struct span *shared;
};

/* ---- pure; inside arena_run() ---- */

/* "bill/705/HLCU1" */
struct span writeoff_account(struct arena *a, struct span type, struct span id);
/* "permit/C400/W-1" */
struct span writeoff_permit(struct arena *a, struct span document, struct span number);
/* By the pack, as of a day: an item's bill is the one that it names; an item that names none travelled under the one that the
 * declaration names for all. An item that leaves a procedure takes of the goods that its previous document names, and of no
 * bill. A permit that an item names is used by it; one that is named for all goods, by all. A declaration that completes an
 * earlier one takes nothing. */
void writeoff_wants(struct arena *a, const struct declaration *d, const struct refset *r,
		    int32_t day, struct writeoff_wants *ret);
/* What the facts say against it. Facts that know nothing of an account (no store was asked) find nothing. */
void writeoff_find(struct arena *a, const struct declaration *d, const struct refset *r,
		   const struct facts *f, struct findings *to);
/* Of bills. */
struct stock_tolerance writeoff_tolerance(const struct refset *r);
/* By the kind of an account's row: "bill", "warehouse/71". */
struct stock_tolerance writeoff_tolerance_of(const struct refset *r, struct span kind, int32_t day);

/* goods.c: the accounts that a declaration opens, under its reference: kind, goods, unit and what is granted. */
void writeoff_opens(struct arena *a, const struct declaration *d, const struct refset *r,
		    const struct facts *f, struct store_stock **ret, uint32_t *ret_n);
/* Days within which goods of this kind of account must leave; 0: no limit. */
int64_t writeoff_days(const struct refset *r, struct span kind, int32_t day);

/* ---- in a batch; outside arena_run() of the submission ---- */

/* The accounts that an original names, or that the case of a request takes of: their locks, for lock_holders() to sort. */
enum err writeoff_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
			struct cause *why) MUST_CHECK;
/* Facts about what d takes (of a cancellation: what it would close), as the batch's decisions before left them. */
enum err writeoff_read(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why) MUST_CHECK;
/* It was accepted: later decisions of the batch see it. Inside arena_run() of the batch. */
void writeoff_take(struct batch *b, const struct job *j);
/* Several nodes: reads the accounts that the batch's writing will move and open, all of them at once. Inside arena_run(). */
enum err writeoff_know(struct batch *b, struct cause *why) MUST_CHECK;
/* What the case of an accepted version holds and has opened from now on. */
enum err writeoff_put(struct batch *b, struct job *j, const struct flow_case *now,
		      struct cause *why) MUST_CHECK;
/* An act moved the case: what it holds and has opened moves with it. */
enum err writeoff_follow(struct batch *b, struct office *o, const struct life *l,
			 const struct flow_case *before, const struct flow_do *given,
			 const struct refset *r, struct cause *why) MUST_CHECK;

/* What an event says. */
struct writeoff_said {
	struct store_stock_hold *hold;
	struct store_stock *
	    open; /* of the row: account, carrier, kind, consignee, days, unit, goods, measured, granted */
	uint32_t holds, opens;
};
/* ERR_FORMAT. Texts point into the payload. Inside arena_run(). */
enum err writeoff_read_event(struct arena *a, struct span payload,
			     struct writeoff_said *ret) MUST_CHECK;

#endif
