/* What the clock does about quotas (docs/quotas.md): claims that waited for the end of their day, or of a suspension, are
 * decided, and cases whose grant is final are told so. */
#ifndef CUSTOMHOUSE_HUB_QUOTA_QUOTA_DAY_H
#define CUSTOMHOUSE_HUB_QUOTA_QUOTA_DAY_H

#include "hub/house.h"

/* At the end of a clock's chore, inside arena_run() of the batch: shares what waits; one event of the hub's own chain. */
enum err quota_day_share(struct batch *b, struct cause *why) MUST_CHECK;
/* The same: notes which of this node's cases have a grant that their decision does not say yet, for quota_day_tell(). */
enum err quota_day_note(struct batch *b, struct cause *why) MUST_CHECK;
/* After COMMIT: each of them gets a version of its own, made by the hub (flow's act "allot"). */
void quota_day_tell(struct hub *h);

#endif
