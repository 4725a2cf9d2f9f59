/* What anybody may know of quotas: how much there is, what is left, and when that changed (docs/quotas.md). No case and no party
 * is in it. */
#ifndef CUSTOMHOUSE_HUB_QUOTA_QUOTA_SHOW_H
#define CUSTOMHOUSE_HUB_QUOTA_QUOTA_SHOW_H

#include "base/text.h"

struct hub;
struct who;

enum { QUOTAS_SHOWN = 500, QUOTA_EVENTS_SHOWN = 100, QUOTA_CLAIMS_SHOWN = 200 };

/* {"on","quotas":[...],"more"}: today's periods, in the order of the pack. With an order number: all its periods, each with
 * its newest events, and its stops; ERR_NOT_FOUND: the pack in force has no such quota. Names are in a language of the pack. */
enum err hub_write_quotas(struct hub *h, struct text *to, struct span order, struct span language,
			  struct cause *why) MUST_CHECK;

/* Who holds or waits for how much of a quota: {"quota","claims":[{"period","sub","office","reference","day","at","stage","way",
 * "asked","granted"}],"after"}, the newest first, `limit` of them, at most QUOTA_CLAIMS_SHOWN, behind what the page before said
 * as "after" (empty: from the beginning). For the tariff office and auditors. ERR_DENIED; ERR_NOT_FOUND: the pack in force has no
 * such quota; ERR_FORMAT: nothing like `after` was ever said. */
enum err hub_write_quota_claims(struct hub *h, struct text *to, const struct who *by,
				struct span order, struct span after, uint32_t limit,
				struct cause *why) MUST_CHECK;

#endif
