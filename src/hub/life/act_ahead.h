/* What the acts of a batch will ask of the store, asked for all of them at once: who may see which case, how it stands, what it
 * has moved, whether the act was done before. Each act then finds its answers in memory (store.h, reading for a whole batch). */
#ifndef CUSTOMHOUSE_HUB_LIFE_ACT_AHEAD_H
#define CUSTOMHOUSE_HUB_LIFE_ACT_AHEAD_H

#include "hub/house.h"

/* Inside the batch's arena_run(). Nothing is done where no server is waited for. */
enum err acts_read_ahead(struct batch *b, struct cause *why) MUST_CHECK;

#endif
