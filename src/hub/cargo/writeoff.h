/* Bills that declarations write off (docs/cargo-reports.md). What a declaration takes of which bill, and what is left of it, are
 * facts of its decision; once it is accepted the case holds that much: reserved until the goods are released, used afterwards,
 * given back when it is cancelled or amended.
 *
 * Each change is an event of kind "stock" in the chain of the case's office: all that the case holds from then on,
 *     {"holds":[{"account","carrier","stage","amount":{"packages","mass","value"}}]}
 * The rows of the accounts are read and written under the lock of the account's name, so that no two declarations, of whichever
 * offices and nodes, share what is left. */
#ifndef CUSTOMHOUSE_HUB_CARGO_WRITEOFF_H
#define CUSTOMHOUSE_HUB_CARGO_WRITEOFF_H

#include "hub/house.h"
#include "stock/stock.h"

/* What a declaration takes of one bill. */
struct writeoff_want {
	struct span account;  /* "bill/705/HLCU1" */
	struct span type, id; /* as declared */
	struct stock_amount amount;
	const struct previous_document *at; /* the first that names it */
};
struct writeoff_wants {
	DICT_LIST(struct writeoff_want) list;
	/* items that name no bill, while the declaration names several: where the first of these stands */
	const struct previous_document *shared;
};

/* ---- pure; inside arena_run() ---- */

/* "bill/705/HLCU1" */
struct span writeoff_account(struct arena *a, struct span type, struct span id);
/* By the pack: an item's bill is the one that it names; an item that names none travelled under the one that the declaration
 * names for all. A declaration that completes an earlier one takes nothing. */
void writeoff_wants(struct arena *a, const struct declaration *d, const struct refset *r,
		    struct writeoff_wants *ret);
/* What the facts say against it. Facts that know nothing of a bill (no store was asked) find nothing. */
void writeoff_find(struct arena *a, const struct declaration *d, const struct refset *r,
		   const struct facts *f, struct findings *to);
struct stock_tolerance writeoff_tolerance(const struct refset *r);

/* ---- in a batch; outside arena_run() of the submission ---- */

/* The bills that an original names: their locks, for lock_holders() to sort. */
enum err writeoff_locks(struct batch *b, const struct job *j, struct span **ret, uint32_t *ret_n,
			struct cause *why) MUST_CHECK;
/* Facts about what d takes, as the batch's decisions before left them. */
enum err writeoff_read(struct batch *b, struct job *j, const struct declaration *d,
		       struct cause *why) MUST_CHECK;
/* It was accepted: later decisions of the batch see it. Inside arena_run() of the batch. */
void writeoff_take(struct batch *b, const struct job *j);
/* What the case of an accepted version holds from now on. */
enum err writeoff_put(struct batch *b, struct job *j, const struct flow_case *now,
		      struct cause *why) MUST_CHECK;
/* An act moved the case: what it holds moves with it. */
enum err writeoff_follow(struct batch *b, struct office *o, const struct life *l,
			 const struct flow_case *before, const struct flow_do *given,
			 const struct refset *r, struct cause *why) MUST_CHECK;

/* The holds that an event says. ERR_FORMAT. Texts point into the payload. Inside arena_run(). */
enum err writeoff_read_event(struct arena *a, struct span payload, struct store_stock_hold **ret,
			     uint32_t *ret_n) MUST_CHECK;

#endif
