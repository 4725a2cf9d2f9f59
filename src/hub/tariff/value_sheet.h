/* A sheet on which somebody works a customs value out: what is known of the goods as JSON in, the method that applies and what it
 * comes to out (docs/tariff.md, "What goods are worth"). */
#ifndef CUSTOMHOUSE_HUB_TARIFF_VALUE_SHEET_H
#define CUSTOMHOUSE_HUB_TARIFF_VALUE_SHEET_H

#include "base/text.h"
#include "hub/inforce.h"

/* Amounts of the sheet are exchanged at the rate of its day `on` (now: the moment of the question, for sheets that say none).
 * ERR_USAGE: the sheet makes no sense, and the cause says where. Inside arena_run() of a. */
enum err value_sheet(struct arena *a, const struct inforce *with, struct span sheet, int64_t now,
		     struct text *to, struct cause *why) MUST_CHECK;

#endif
