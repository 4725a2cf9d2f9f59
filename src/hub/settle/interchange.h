/* An interchange of EDIFACT: looked at as a whole, then each of its messages settled alone; the answer is one interchange. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_INTERCHANGE_H
#define CUSTOMHOUSE_HUB_SETTLE_INTERCHANGE_H

#include "hub/hub.h"
#include "hub/node/relay.h"

struct interchange {
	struct span raw;           /* lives until the answer is there */
	const struct who *who;     /* as of a submission */
	struct span language;      /* of texts */
	const struct relay *relay; /* to other nodes; NULL: there is no way */
	struct arena *arena;       /* for the answer and what leads to it */
	struct span
	    answer; /* an interchange: CONTRL, and a CUSRES for each message that was decided */
	bool sound; /* the envelope was: its messages were settled */
	uint32_t messages, decided, repeated, refused;
};

/* Settles and waits: declarations and cargo reports, those of one kind before those of another that stand behind them. A message
 * is known again by sender, interchange and message: what was decided before a crash, or before the same interchange was sent
 * again, is answered and not done twice. Not inside arena_run(). ERR_LIMIT: more than LIMIT_INTERCHANGE_MESSAGES;
 * ERR_UNSUPPORTED: no interchange; ERR_NOMEM, ERR_LIMIT: no room for the answer. */
enum err hub_interchange(struct hub *h, struct interchange *x, struct cause *why) MUST_CHECK;

#endif
