/* An imported tariff as a country pack: the tariff's nomenclature and measures in place of another pack's, and everything else of
 * that one (offices, levies, procedures, rules ...), with the units, preferences and groups added that the measures name. */
#ifndef CUSTOMHOUSE_TARIFF_PACK_OUT_H
#define CUSTOMHOUSE_TARIFF_PACK_OUT_H

#include "ref/ref.h"
#include "tariff/tariff.h"

struct pack_out {
	const struct pack_file *base; /* sound: pack check has nothing to say */
	uint32_t files;
	struct span levy; /* of measures that name none; empty: the base's first duty on imports */
	int32_t from;     /* first day of rows that say none */
	/* set: */
	struct pack_file *file; /* as many as the base has, and areas.csv */
	uint32_t n;
	uint32_t measures; /* of the tariff, written */
	uint32_t kept,
	    dropped; /* rows of the base's measures and permits: other levies, for goods that exist or not */
};

/* What measures name and neither pack nor tariff has goes to t->left. ERR_FORMAT when a table of the base lacks what every pack
 * has: why says it. Inside arena_run() of t->arena. */
enum err pack_out_make(struct tariff *t, struct pack_out *out, struct cause *why) MUST_CHECK;

#endif
