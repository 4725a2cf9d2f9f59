/* Who owes or is owed what, had the decisions of a store been assessed with another tariff: after a correction in hindsight, or
 * before one. Decisions stay what they were: this only reports. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_REASSESS_H
#define CUSTOMHOUSE_HUB_AUDIT_REASSESS_H

#include "hub/hub.h"
#include "hub/inforce.h"

struct reassessment {
	/* set by the caller: the tariff to assess with */
	const struct inforce *with;
	int64_t since; /* decisions from this moment on; INT64_MIN: all */
	/* One case that comes out otherwise, as a JSON object; the span is the callee's for the call. Nonzero: stop. */
	bool (*line)(void *context, struct span json);
	void *context;
	/* what was found; amounts in minor units of national money */
	int64_t looked_at, differing, unreadable, erased;
	struct money owes, owed; /* by, and to, traders */
	unsigned digits;
	char currency[4];
};

/* Only the version of a case that stands is looked at, and no case that was cancelled. The store must have been opened with
 * HUB_READ. */
enum err hub_reassess(struct hub *h, struct reassessment *r, struct cause *why) MUST_CHECK;

#endif
