/* What is known of the past of a case's trader and of its goods, beside the case: for officers and auditors who see it. */
#ifndef CUSTOMHOUSE_HUB_HISTORY_PAST_H
#define CUSTOMHOUSE_HUB_HISTORY_PAST_H

#include "hub/hub.h"
#include "hub/people/people.h"

enum { PAST_GOODS_MAX = 20 };

/* {"reference","trader":{"id","declared","controlled","irregular"},
 *  "goods":[{"commodity","declared","controlled","irregular","by_trader":{"declared","controlled","irregular"}}],"more"}
 * Counts of cases at all offices, as far as the log was followed (docs/histories.md), this one among them. trader: the importer,
 * on export the exporter; left out where nobody is named. goods: each code once, PAST_GOODS_MAX at most; more: there are others.
 * The same subjects whatever the rules ask for, so they tell nothing of the rules. ERR_NOT_FOUND: no such case for `look`. */
enum err hub_write_past(struct hub *h, struct text *to, const struct hub_look *look,
			struct cause *why) MUST_CHECK;

#endif
