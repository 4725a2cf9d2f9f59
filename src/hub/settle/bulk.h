/* Many declarations at once: cut off one by one and settled alone, each; one answer for all, in the form in which they came. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_BULK_H
#define CUSTOMHOUSE_HUB_SETTLE_BULK_H

#include "hub/hub.h"
#include "hub/node/relay.h"

struct bulk {
	struct span raw;                 /* lives until the answer is there */
	const struct msg_format *format; /* one that holds many in a file */
	const struct who *who;           /* as of a submission */
	struct span language;            /* of texts */
	const struct relay *relay;       /* to other nodes; NULL: there is no way */
	struct arena *arena;             /* for the answer */
	/* JSON Lines, one a declaration; or a table, one row for each finding and at least one for each declaration */
	struct text answer;
	uint32_t declarations, decided, repeated, refused;
};

/* Settles and waits. Each declaration is known again as it is alone, by its reference or its bytes: after a crash, or sent again,
 * what was decided is answered and not done twice. Not inside arena_run(). ERR_LIMIT: more than LIMIT_BULK; nothing was
 * settled. ERR_NOMEM, ERR_LIMIT while answers are gathered: what was settled stays so. */
enum err hub_bulk(struct hub *h, struct bulk *x, struct cause *why) MUST_CHECK;

#endif
