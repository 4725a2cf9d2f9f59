/* A hash map from text to pointer, in an arena: built once, then read by many threads. Never iterated in a decision. */
#ifndef CUSTOMHOUSE_BASE_MAP_H
#define CUSTOMHOUSE_BASE_MAP_H

#include "base/arena.h"
#include "base/span.h"

struct map_slot {
	struct span key;
	void *value;
};

struct map {
	struct arena *arena;
	struct map_slot *slots;
	uint32_t count, size;
};

static inline struct map map_in(struct arena *a)
{
	return (struct map){.arena = a};
}

/* The value of key, or NULL. */
void *map_get(const struct map *m, struct span key);
/* Sets key to value (not NULL). The key is not copied. Returns what it was before, or NULL. */
void *map_put(struct map *m, struct span key, void *value);

#endif
