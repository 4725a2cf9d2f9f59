/* Versions that come of an act: a correction by an officer, a request of the trader that an officer grants, and goods that are
 * presented where that fixes legal dates. They pass the same way as a trader's own message (submit.c), and the act stands in the
 * log beside the version. */
#ifndef CUSTOMHOUSE_HUB_LIFE_AUTHORED_H
#define CUSTOMHOUSE_HUB_LIFE_AUTHORED_H

#include "hub/life/act.h"

struct authoring {
	struct action *action;
	enum flow_act act;              /* correct, grant, present */
	const struct json *declaration; /* correct: an amendment message; else NULL */
	struct span reason;
	int64_t until;
};
/* A notice of presentation of a case, whose own reference comes of the seed: the same seed is the same notice. */
void authored_write_presentation(struct json_writer *w, struct span seed, struct span reference);
/* Is a case of this type decided again when its goods are presented, because that fixes something (docs/legal-dates.md)? */
bool authored_decides(const struct refset *r, struct span type);
/* Does the act present goods of such a case? An error, such as an unknown case: the act tells. */
bool authored_presents(struct hub *h, const struct action *x);
/* Reads what is needed, submits, and calls the action's done(). */
void authored_submit(struct hub *h, const struct authoring *a);

#endif
