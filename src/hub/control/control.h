/* What control finds and what it misses: figures for those who answer for it (docs/control.md).
 *
 * Of each rule, list and way of selecting: how many declarations it selected, how many of these were controlled, found irregular,
 * what that brought and what time it took; and beside them what the random stratum says of all that nothing selected
 * (risk/missed.h). A case is of the legal day of its declaration. Figures alone: no case, trader or person is named. */
#ifndef CUSTOMHOUSE_HUB_CONTROL_CONTROL_H
#define CUSTOMHOUSE_HUB_CONTROL_CONTROL_H

#include "hub/hub.h"

struct control_order {
	struct span office;              /* empty: all, for those who may see all */
	int32_t from, to;                /* legal days, both included, at most CONTROL_DAYS_MAX */
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};
enum { CONTROL_DAYS_MAX = 366 };

/* As one JSON document. For analysts, auditors and the operator; for supervisors of one of their offices. Which restricted rules
 * selected is told to those who are cleared for targeting alone. Notes the look. ERR_DENIED; ERR_FORMAT: an order that is none;
 * ERR_LIMIT: more than can be told at once; ERR_BUSY: it takes too long: ask for fewer days. */
enum err hub_write_control(struct hub *h, struct text *to, const struct who *who,
			   const struct control_order *order, struct span request,
			   struct cause *why) MUST_CHECK;

#endif
