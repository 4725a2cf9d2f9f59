/* A country with quotas for coffee, and claims of them, for tests whose days pass when they say so. Quantities in decisions are
 * millionths of a kilogram. Outcomes lie in the world's arena. */
#ifndef CUSTOMHOUSE_TESTS_QUOTA_WORLD_H
#define CUSTOMHOUSE_TESTS_QUOTA_WORLD_H

#include "calendar.h"
#include "store/store.h"

struct quota_world {
	char pack[CALENDAR_FOLDER];
	struct fixture f;
	struct arena *arena;
	unsigned number; /* of the trader's references */
};

void quota_world_begin(struct quota_world *w);
/* The store replays and verifies; then it goes. */
void quota_world_end(struct quota_world *w);

struct outcome quota_world_claim(struct quota_world *w, const char *quota, int64_t kg,
				 const char *type);
/* A supplementary declaration (IMX) for a simplified one (IMB). */
struct outcome quota_world_complete(struct quota_world *w, struct span reference, const char *quota,
				    int64_t kg);
struct outcome quota_world_amend(struct quota_world *w, struct span reference, int64_t kg);
struct outcome quota_world_cancel(struct quota_world *w, struct span reference);
/* What a decision grants of its first quota, and charges by its rate; -1: it names no quota. */
int64_t quota_world_granted(struct quota_world *w, const struct outcome *o);
int64_t quota_world_applied(struct quota_world *w, const struct outcome *o);

struct store_declaration quota_world_row_of(struct quota_world *w, struct span reference);
/* The hub's clock runs once more, and what it hands in itself after the run before is settled. */
void quota_world_let_clock_run(struct quota_world *w);
void quota_world_wait_for_version(struct quota_world *w, struct span reference, int64_t version);

#endif
