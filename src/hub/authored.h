/* Versions that customs makes: a correction by an officer, or a request of the trader that an officer grants. They pass the same
 * way as a trader's amendment (submit.c), and the act stands in the log beside the version. */
#ifndef CUSTOMHOUSE_HUB_AUTHORED_H
#define CUSTOMHOUSE_HUB_AUTHORED_H

#include "hub/act.h"

struct authoring {
	struct action *action;
	const struct json *declaration; /* correct: an amendment message; grant: NULL */
	struct span reason;
	int64_t until;
};
/* Reads what is needed, submits, and calls the action's done(). */
void authored_submit(struct hub *h, const struct authoring *a);

#endif
