/* Hooks: a party has its notices delivered to an address of its own, signed with a secret that both know.
 *
 * Whoever calls has made sure that the party is the caller's own: `party` is a key as notices.h says. Changes are committed
 * when the call returns. Moments are microseconds UTC. */
#ifndef CUSTOMHOUSE_HUB_NOTICES_HOOKS_H
#define CUSTOMHOUSE_HUB_NOTICES_HOOKS_H

#include "base/arena.h"
#include "base/span.h"

struct hub;

struct hook {
	int64_t id; /* from 1, of the party's own */
	struct span url;
	bool active; /* false: stopped after too many dead letters in a row, until it is replayed */
	int64_t taken; /* the newest notice that it is done with: taken, or a dead letter */
	int64_t attempts,
	    next_at; /* failed ones at the notice behind that, and when the next is due */
	struct span last_error; /* of the newest attempt; empty: it was taken, or none was made */
	int64_t made_at;
};

enum { HOOK_SECRET_BYTES = 68, HOOK_FROM_NOW = -1 };

/* after: notices behind this number are delivered; HOOK_FROM_NOW: those to come. The secret is told here and never again.
 * ERR_FORMAT, ERR_DENIED: the URL, with a text for the sender; ERR_LIMIT: the party has LIMIT_HOOKS, or the store
 * LIMIT_HOOKS_ALL; ERR_UNSUPPORTED: this process delivers nothing. */
enum err hub_add_hook(struct hub *h, struct arena *a, struct span party, struct span url,
		      int64_t after, struct hook *ret, char ret_secret[HOOK_SECRET_BYTES + 1],
		      struct cause *why) MUST_CHECK;
/* As they stood a moment ago. */
enum err hub_list_hooks(struct hub *h, struct arena *a, struct span party, struct hook **ret,
			uint32_t *ret_n, struct cause *why) MUST_CHECK;
/* With its dead letters; a delivery on its way is cut. ERR_NOT_FOUND. */
enum err hub_remove_hook(struct hub *h, struct span party, int64_t id,
			 struct cause *why) MUST_CHECK;
/* Delivers its dead letters once more, one try each, before what is new; starts a stopped hook. ERR_NOT_FOUND. */
enum err hub_replay_hook(struct hub *h, struct span party, int64_t id, int64_t *ret_letters,
			 struct cause *why) MUST_CHECK;

struct dead_letter {
	int64_t notice;
	struct span reason;
	int64_t at;
	bool again; /* waits to be delivered once more */
};
/* By notice, behind the number `after`. limit: 1 to NOTICES_PAGE_MAX. ERR_NOT_FOUND: there is no such hook. */
enum err hub_list_dead_letters(struct hub *h, struct arena *a, struct span party, int64_t id,
			       int64_t after, uint32_t limit, struct dead_letter **ret,
			       uint32_t *ret_n, struct cause *why) MUST_CHECK;

#endif
