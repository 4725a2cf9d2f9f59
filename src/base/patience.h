/* How long somebody waits for an answer: looked at by whoever works on it, some times a second. */
#ifndef CUSTOMHOUSE_BASE_PATIENCE_H
#define CUSTOMHOUSE_BASE_PATIENCE_H

#include "base/base.h"

struct patience {
	int64_t until; /* clock_steady(); 0: without end */
	/* nobody waits any more. Quick, and for any thread; NULL: not to be known */
	bool (*gone)(void *context);
	void *context;
};

/* ERR_BUSY: it has ended; the cause says how. */
enum err patience_look(const struct patience *p, struct cause *why) MUST_CHECK;

#endif
