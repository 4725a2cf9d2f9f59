/* What anybody may know of quotas: how much there is, what is left, and when that changed (docs/quotas.md). No case and no party
 * is in it. */
#ifndef CUSTOMHOUSE_HUB_QUOTA_QUOTA_SHOW_H
#define CUSTOMHOUSE_HUB_QUOTA_QUOTA_SHOW_H

#include "base/text.h"

struct hub;

enum { QUOTAS_SHOWN = 500, QUOTA_EVENTS_SHOWN = 100 };

/* {"on","quotas":[...],"more"}: today's periods, in the order of the pack. With an order number: all its periods, each with
 * its newest events, and its stops; ERR_NOT_FOUND: the pack in force has no such quota. Names are in a language of the pack. */
enum err hub_write_quotas(struct hub *h, struct text *to, struct span order, struct span language,
			  struct cause *why) MUST_CHECK;

#endif
