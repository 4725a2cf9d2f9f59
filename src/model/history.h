/* What past cases say of those who trade, of goods and of places, as a decision may use it: what was known when its day began.
 *
 * A subject is whatever has a history: "importer/ID", "heading/8517", "pair/ID/COMMODITY". hub/history/ keeps one row for each
 * subject and office, from the log; a fact below is what the rows of all offices say together. */
#ifndef CUSTOMHOUSE_MODEL_HISTORY_H
#define CUSTOMHOUSE_MODEL_HISTORY_H

#include "base/decimal.h"
#include "base/map.h"
#include "dict/dict.h"

enum history_kind {
	HISTORY_IMPORTER, /* on export: the exporter */
	HISTORY_DECLARANT,
	HISTORY_EXPORTER, /* the other side of it: whoever sends the goods */
	HISTORY_OFFICE,
	HISTORY_CHAPTER,
	HISTORY_HEADING,
	HISTORY_COMMODITY,
	HISTORY_ORIGIN,
	HISTORY_PAIR,   /* importer and commodity */
	HISTORY_PRICES, /* of a kilogram: commodity and origin */
	HISTORY_KINDS,
	HISTORY_FIRST_OF_ITEM = HISTORY_CHAPTER, /* all from here on are of a goods item */
};
/* "importer" ... */
const char *history_kind_name(enum history_kind k);

enum {
	HISTORY_DAYS = 92,        /* how far back windows go */
	HISTORY_PRICES_MAX = 255, /* the newest prices of an office that are kept */
	HISTORY_WINDOWS =
	    16, /* different windows, and different quantiles, that a set may ask for */
};

/* Declarations of the newest days, today's not among them, and the customs value of the subject's goods in them. */
struct history_window {
	int32_t days;
	int64_t count, minor;
};

/* A price, of which permille of 1000 are no higher. */
struct history_quantile {
	int32_t permille;
	struct decimal price;
};

struct history_fact {
	struct span subject;
	/* ever: cases accepted; of them those that a control had a result for; those found irregular */
	int64_t declared, examined, irregular;
	int64_t examined_recent, irregular_recent; /* the same, decayed, in thousandths */
	DICT_LIST(struct history_window) windows;
	/* of prices alone */
	int64_t prices; /* how many there are; 0: the rest is not set */
	struct decimal median, deviation;
	DICT_LIST(struct history_quantile) quantiles;
};

/* What a set of rules asks of histories. */
struct history_asked {
	bool kind[HISTORY_KINDS], window_kind[HISTORY_KINDS];
	int32_t days[HISTORY_WINDOWS], permille[HISTORY_WINDOWS];
	uint32_t days_count, permille_count;
};

#endif
