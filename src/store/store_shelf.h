/* st_shelf.c: what a company keeps at the hub for its own use: the goods that it trades, templates of declarations. Nothing of
 * it is part of any case; the hub's chain says that it changed, not to what. */
#ifndef CUSTOMHOUSE_STORE_STORE_SHELF_H
#define CUSTOMHOUSE_STORE_STORE_SHELF_H

#include "store/store.h"

struct store_shelf {
	struct span party, kind, name; /* name: its own, unique among the kind's */
	struct span body;              /* JSON; empty, in a change: it is taken away */
	struct span actor;             /* login of who changed it last */
	int64_t changed_at;
};

/* Puts it, over what has its name. */
enum err store_put_shelf(struct store *s, const struct store_shelf *v,
			 struct cause *why) MUST_CHECK;
/* ERR_NOT_FOUND. */
enum err store_remove_shelf(struct store *s, const struct store_shelf *v,
			    struct cause *why) MUST_CHECK;
enum err store_count_shelf(struct store *s, struct span party, struct span kind, int64_t *ret,
			   struct cause *why) MUST_CHECK;
/* By name, behind `after`. limit: 1 to STORE_PAGE_MAX. */
enum err store_list_shelf(struct store *s, struct arena *a, const struct store_shelf *of,
			  struct span after, uint32_t limit, struct store_shelf **ret,
			  uint32_t *ret_count, struct cause *why) MUST_CHECK;

#endif
