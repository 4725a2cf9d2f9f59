/* Who guessed wrong too often waits, longer each time: by login, whether there is such a person or not, and by address.
 *
 * A bounded table in memory: what it forgets, at a restart or for want of room, gives a guesser no more than a few tries, each of
 * which costs a slow hash. Pure: the moment is an argument. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_LOCKOUT_H
#define CUSTOMHOUSE_HUB_PEOPLE_LOCKOUT_H

#include "base/span.h"

enum {
	LOCKOUT_SETS = 512,
	LOCKOUT_WAYS = 8,
	LOCKOUT_FREE = 5, /* failures of a login that cost nothing */
	LOCKOUT_SECONDS_MAX = 15 * 60,
	LOCKOUT_FORGET_SECONDS = 24 * 3600,
};

struct lockout {
	struct lockout_entry {
		uint64_t key; /* 0: free */
		uint32_t failures;
		int64_t last, until;
	} entry[LOCKOUT_SETS][LOCKOUT_WAYS];
};

/* What one waits by: a word for the kind ("login", "address"), and which. */
uint64_t lockout_key(const char *kind, struct span which);
/* Microseconds until the next try is allowed; 0: now. */
int64_t lockout_wait(const struct lockout *l, uint64_t key, int64_t now);
/* One more failure: from the free_tries-th on a second, then two, four ... to LOCKOUT_SECONDS_MAX. */
void lockout_failed(struct lockout *l, uint64_t key, uint32_t free_tries, int64_t now);
void lockout_passed(struct lockout *l, uint64_t key);

#endif
