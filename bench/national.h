/* A tariff of a nation's size for measurements: 20,000 codes and 150,000 rows of measures over five years, made from nothing
 * but their numbers, so that everybody has the same. */
#ifndef CUSTOMHOUSE_BENCH_NATIONAL_H
#define CUSTOMHOUSE_BENCH_NATIONAL_H

#include "base/text.h"

enum {
	NATIONAL_CODES = 20000,
	NATIONAL_MEASURES = 150000,
	NATIONAL_FIRST_YEAR = 2022,
	NATIONAL_YEARS = 5
};

/* nomenclature.csv and measures.csv of a pack. levy: a duty of the pack; area, preference: a group of it and a code that claims.
 * Inside arena_run(). */
void national_nomenclature(struct text *to);
void national_measures(struct text *to, const char *levy, const char *area, const char *preference);

#endif
