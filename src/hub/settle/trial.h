/* What would come of a message: findings and what would be due, by what is in force. Nothing is stored. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_TRIAL_H
#define CUSTOMHOUSE_HUB_SETTLE_TRIAL_H

#include "base/text.h"
#include "hub/hub.h"

/* s: raw, format (NULL: by content) and arena are looked at. s->outcome is as of hub_submit(): OUTCOME_NEW, with *to set to
 *     {"format","sound","findings":[...],"taxes":[...],"total":{...},"declaration":{...}}
 * with texts in the language, and the declaration as canonical JSON; OUTCOME_UNREADABLE or OUTCOME_FAILED with the cause. The
 * message is taken for the first of a fresh store: what earlier cases, bills, permits and quotas have to do with it shows only
 * when it is handed in. Risk has no part in it. */
void hub_try(struct hub *h, struct submission *s, struct span language, struct text *to);

#endif
