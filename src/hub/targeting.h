/* Who may read which rule selected a case (docs/rules.md, "Secrecy"): auditors all of them, officers those that are for every
 * officer, and the others only with a clearance for targeting, which is the role of an analyst beside their own. */
#ifndef CUSTOMHOUSE_HUB_TARGETING_H
#define CUSTOMHOUSE_HUB_TARGETING_H

#include "hub/inforce.h"
#include "model/who.h"

bool targeting_cleared(const struct who *who);
/* Is a rule for the cleared alone? As the rules in force say now; one that is not among them (NULL: there are none) is. */
bool targeting_is_secret(const struct ruleset *rules, struct span id);

/* A stored decision as an officer without a clearance reads it: a reason that is a restricted rule says its lane and no more, and
 * the draws of such rules are left out. Restricted is what the rules in force say is restricted now, and every rule that is not
 * among them any more, since nobody can say of it. Bytes that are no decision, or hold nothing of the kind, come back as they
 * are. Inside arena_run(). */
struct span targeting_for_officer(struct arena *a, struct span decision,
				  const struct ruleset *rules);

#endif
