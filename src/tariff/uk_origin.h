/* Rule sets of origin as the British tariff publishes them, a file of JSON for each agreement: for each range of codes one or
 * more rules in words. Facts read from them, not their texts, become rows of a pack's origin_rules.csv (docs/origin.md). */
#ifndef CUSTOMHOUSE_TARIFF_UK_ORIGIN_H
#define CUSTOMHOUSE_TARIFF_UK_ORIGIN_H

#include "codec/json.h"

struct uk_origin {
	struct arena *arena;
	struct span agreement; /* code in the table, of the file that is read */
	struct span from;      /* first day of the rows, ISO */
	const char *name;      /* of the file, for sources */
	struct text report;    /* a JSON object a line for each rule */
	struct text table;     /* rows of origin_rules.csv, without its heading */
	uint32_t sets, sets_understood, rules, rules_understood, rows;
};

/* Reads one file into the report, the table and the counts; several add up. A set becomes rows when all of its rules are
 * understood and the source says how they are joined. ERR_FORMAT with the place: no such file. Inside arena_run(). */
enum err uk_origin_read(struct uk_origin *u, struct span bytes,
			struct codec_fault *ret_fault) MUST_CHECK;

#endif
