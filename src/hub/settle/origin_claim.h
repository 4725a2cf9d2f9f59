/* What a claim of preference rests on: the answers to the questions of origin that a declaration brings with it, held against the
 * rule of the agreement (docs/origin.md, "On a declaration").
 *
 * They stand in the statements of an item whose code the pack names (`origin_statement` of pack.csv), as NAME=VALUE parted by
 * blanks. What the declaration says elsewhere (goods, country, proof and its day, value of the consignment) is taken from there.
 * Pure. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_ORIGIN_CLAIM_H
#define CUSTOMHOUSE_HUB_SETTLE_ORIGIN_CLAIM_H

#include "codec/json.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/finding.h"
#include "origin/origin.h"
#include "ref/ref.h"

/* One item that claims a preference and answers for it. */
struct origin_claim {
	uint32_t item; /* from 0 */
	struct span preference;
	struct origin_result result;
	DICT_LIST(struct span) answers; /* as given, in their order */
};
struct origin_claims {
	DICT_LIST(struct origin_claim) list;
};

/* Checks every item of an import; findings to f, which is for d. None in a pack that names no statement, and none of an item
 * whose claim no agreement knows. Inside arena_run() of a. */
void origin_claims_find(struct arena *a, const struct declaration *d, const struct refset *r,
			const struct facts *facts, struct findings *f, struct origin_claims *ret);
/* The member `origin` of a decision and of the trader's answer: what was asked, answered and concluded. Nothing where nobody
 * answered, as in what was decided before there were answers. */
void origin_claims_put(struct json_writer *w, const struct origin_claims *c);

#endif
