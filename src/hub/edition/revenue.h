/* What another edition of the tariff would have brought: past declarations assessed with it again, and the difference summed by
 * chapter, country, trader, levy and commodity. Without effect: decisions stay what they were.
 *
 * The same goods, values, origins and claims are assessed; what traders would do otherwise under other rates is not estimated.
 * All amounts are minor units of the national currency, and exact. */
#ifndef CUSTOMHOUSE_HUB_EDITION_REVENUE_H
#define CUSTOMHOUSE_HUB_EDITION_REVENUE_H

#include "base/map.h"
#include "hub/edition/trade.h"
#include "hub/inforce.h"

enum revenue_by {
	REVENUE_CHAPTER,   /* first two digits of the commodity code */
	REVENUE_COUNTRY,   /* of origin; of exports: of destination */
	REVENUE_TRADER,    /* whose account it is on: "importer/ID", "exporter/ID" */
	REVENUE_LEVY,      /* items and values are not told: an item has many levies */
	REVENUE_COMMODITY, /* as declared */
	REVENUE_BYS
};
const char *revenue_by_name(enum revenue_by by);

struct revenue_row {
	struct span key;
	int64_t declarations, items, value, before, after;
	int64_t last; /* number of the last declaration that was counted */
};
struct revenue_rows {
	struct map by_key;
	DICT_LIST(struct revenue_row *) list;
};

struct revenue {
	/* set by the caller */
	const struct inforce *with; /* the candidate */
	struct trade trade;         /* from, to, stop, progress with its context */
	/* the day whose rates count; INT32_MIN: each declaration's own. The other legal dates (exchange) stay what they were */
	int32_t as_of;
	/* what was found; lies in arena */
	struct arena *arena;
	struct revenue_row total;
	struct revenue_rows by[REVENUE_BYS];
	/* declarations that the candidate cannot assess, by why: id of a finding that would reject them, "commodity.unknown",
	 * "currency.other", "incomplete". They are in no other sum */
	struct revenue_rows left_out;
	int64_t declarations; /* that were assessed */
	unsigned digits;
	struct span currency;
};

/* h was opened with HUB_READ. ERR_BUSY: it was stopped; ERR_LIMIT: sums or keys are too many. What was found stays until
 * revenue_free(). */
enum err hub_simulate_revenue(struct hub *h, struct revenue *r, struct cause *why) MUST_CHECK;
void revenue_free(struct revenue *r);

/* {"currency","as_of","declarations":{...},"total":{...},"by":{"chapter":[{"key","declarations","items","value","before","after",
 * "difference"}, ...], ...},"left_out":[...]}: rows by the size of the difference; at most `most` of each kind, what is beyond
 * them in one row without a key that says how many it stands for ("others"). Inside arena_run(). */
void revenue_write(struct text *to, const struct revenue *r, uint32_t most);
/* by,key,declarations,items,value,before,after,difference,currency: a line for each row. Inside arena_run(). */
void revenue_write_csv(struct text *to, const struct revenue *r);
/* For people. Inside arena_run(). */
void revenue_write_text(struct text *to, const struct revenue *r, uint32_t most);

#endif
