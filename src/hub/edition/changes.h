/* What changes for goods from one edition of the tariff to another: the rates that hold on a day, inheritance followed, beside
 * the trade of a store that they concern. Pure: trade is handed in. */
#ifndef CUSTOMHOUSE_HUB_EDITION_CHANGES_H
#define CUSTOMHOUSE_HUB_EDITION_CHANGES_H

#include "base/map.h"
#include "base/text.h"
#include "hub/edition/revenue.h"
#include "ref/ref.h"

/* Sums over goods of some codes. */
struct change_trade {
	uint32_t codes;       /* as declared */
	int64_t declarations; /* where there is one code; of more, some may be the same */
	int64_t items, value, before, after;
};

/* A rate of one levy that differs, for one kind of claim. What was added has no rate before, what was removed none after. */
struct change_rate {
	struct span
	    commodity; /* where the rate stands that is there now, or was; the longer of both codes */
	struct span levy, area, exclude, preference, quota, additional, procedure, document;
	struct span before, after; /* expressions, with their conditions; empty: none */
	uint32_t codes;            /* declarable codes for which it changes */
	struct change_trade trade; /* under these codes */
};

struct changes {
	/* set by the caller */
	struct arena *arena;
	struct arena *scratch; /* another one, which is emptied for each code */
	const struct refset *before, *after;
	int32_t day;
	const struct revenue
	    *trade; /* what the newer edition would have brought; NULL: not known */
	/* what was found */
	DICT_LIST(struct change_rate *) rates;
	uint32_t added, removed; /* declarable codes that only one of them has */
	struct change_trade removed_trade;
	/* its own */
	struct map by_key;
	struct revenue_row **row; /* of the trade, by code */
	uint32_t rows;
	enum err err; /* the scratch does not hold one code */
};

/* Inside arena_run() of the arena. ERR_LIMIT, ERR_NOMEM: of the scratch. */
enum err changes_find(struct changes *c) MUST_CHECK;
/* {"day","rates":[{"commodity","levy","area", what else is claimed,"before","after","codes","trade":{"declarations" (of one
 * code),"items","value","before","after","difference"}}],"more","codes_added","codes_removed","removed_trade"}: those with the
 * largest difference of revenue, then of value, first; at most `most` of them, and how many more there are. Inside
 * arena_run(). */
void changes_write(struct text *to, const struct changes *c, uint32_t most);
/* For people. Inside arena_run(). */
void changes_write_text(struct text *to, const struct changes *c, uint32_t most);

#endif
