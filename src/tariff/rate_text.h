/* What a tariff schedule says in words of a rate ("5.1¢/kg + 4%"), as a duty expression (docs/packs.md).
 *
 * Read by phrases that stand in tables (rate_text.c), not by guessing: a text of which a part fits no phrase is not understood,
 * and says so. Source of the phrases: the general rates of the Harmonized Tariff Schedule of the United States. */
#ifndef CUSTOMHOUSE_TARIFF_RATE_TEXT_H
#define CUSTOMHOUSE_TARIFF_RATE_TEXT_H

#include "base/decimal.h"
#include "base/text.h"

enum rate_kind {
	RATE_FREE,
	RATE_AD_VALOREM, /* per cent of the customs value */
	RATE_SPECIFIC,   /* amounts for units */
	RATE_COMPOUND,   /* both, or per cents of several parts of the value */
	RATE_OTHER, /* understood, and no rate of these kinds: that of another line, of a part of the value, a note */
	RATE_NOT_UNDERSTOOD, /* a person has to read it */
	RATE_KINDS
};

struct rate_text {
	enum rate_kind kind;
	struct decimal
	    percent; /* set: one per cent rate of the customs value is in it; 0 for free */
	struct span expression; /* empty: it has none. In the arena */
	bool
	    calculable; /* the expression is one of a pack; else it names parts of the value, which packs do not know */
};

enum { RATE_TEXT_BYTES = 1000 };

/* "free", "ad_valorem" ... */
const char *rate_kind_name(enum rate_kind k);
/* Any text up to RATE_TEXT_BYTES; a longer one is not understood. currency: of the amounts, three letters. Inside arena_run(). */
struct rate_text rate_text_read(struct arena *a, struct span text, const char *currency);

/* What a unit that these expressions name is called, for the list `unit` of a pack; NULL at the end. */
struct rate_unit {
	const char *code, *name_en, *name_fr;
};
const struct rate_unit *rate_unit(uint32_t i);

#endif
