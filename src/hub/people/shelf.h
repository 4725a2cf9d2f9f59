/* What a company keeps at the hub for its own use: the goods that it trades (its catalogue) and templates of declarations. Its
 * traders and brokers read and change it; nobody at customs does, and no decision reads it. The hub's chain notes who changed how
 * much, not what: taken away is gone. */
#ifndef CUSTOMHOUSE_HUB_PEOPLE_SHELF_H
#define CUSTOMHOUSE_HUB_PEOPLE_SHELF_H

#include "hub/hub.h"
#include "model/who.h"

enum shelf { SHELF_GOODS, SHELF_TEMPLATES };
enum {
	SHELF_NAME_MAX = 100,        /* bytes */
	SHELF_BODY_MAX = 256 * 1024, /* bytes of JSON, of one */
	SHELF_GOODS_MAX = 5000,      /* of one company */
	SHELF_TEMPLATES_MAX = 200,
	SHELF_CHANGES_MAX = 500, /* in one request */
	SHELF_PAGE_MAX = 500,
};

struct shelved {
	struct span name, body; /* body: JSON; empty, in a change: it is taken away */
	struct span actor;
	int64_t changed_at;
};

/* All of them or none. Names are UTF-8 without control characters: the caller has checked what the bodies say. ERR_DENIED: not
 * their company; ERR_FORMAT; ERR_LIMIT; ERR_NOT_FOUND: one to be taken away is not there. */
enum err hub_change_shelf(struct hub *h, const struct who *by, struct span party, enum shelf shelf,
			  const struct shelved *v, uint32_t n, struct cause *why) MUST_CHECK;
/* By name, behind `after`; limit: 1 to SHELF_PAGE_MAX. In the arena. ERR_DENIED. */
enum err hub_list_shelf(struct hub *h, struct arena *a, const struct who *by, struct span party,
			enum shelf shelf, struct span after, uint32_t limit, struct shelved **ret,
			uint32_t *ret_count, struct cause *why) MUST_CHECK;

#endif
