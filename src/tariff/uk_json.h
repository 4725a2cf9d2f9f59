/* The tariff of the United Kingdom or Northern Ireland, as its programming interface answers for one commodity: a JSON object
 * with the commodity, those above it, and its measures with components and conditions. Several answers make one tariff. */
#ifndef CUSTOMHOUSE_TARIFF_UK_JSON_H
#define CUSTOMHOUSE_TARIFF_UK_JSON_H

#include "tariff/tariff.h"

/* Adds one answer to t, which is zeroed but for its arena and name before the first. Measures that are no rates (controls,
 * prohibitions), or whose rates an expression cannot say, are among t->left. ERR_FORMAT with the place: no such answer;
 * ERR_LIMIT. Inside arena_run(). */
enum err uk_json_read(struct tariff *t, struct span bytes,
		      struct codec_fault *ret_fault) MUST_CHECK;

#endif
