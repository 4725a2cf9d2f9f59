/* The Harmonized Tariff Schedule of the United States, in the form of the Commission's CSV export: one row a line of the
 * schedule, its depth as a number, rates as words. Rates that a line does not state are those of the line above it. */
#ifndef CUSTOMHOUSE_TARIFF_US_HTS_H
#define CUSTOMHOUSE_TARIFF_US_HTS_H

#include "tariff/tariff.h"

/* Fills t, whose arena, name and progress are set. bytes must outlive it. ERR_FORMAT with the place: no such table, or a row that
 * cannot be read; ERR_LIMIT: more rows than a pack may have. Rows that can be read and say nothing of use are among t->left.
 * Inside arena_run(). */
enum err us_hts_read(struct tariff *t, struct span bytes, struct codec_fault *ret_fault) MUST_CHECK;

#endif
