#include "db/db_cache.h"

#include <stdlib.h>

enum { SIZE_FIRST = 128 };

/* The slot of a statement, or the empty one where it would go. Size is a power of two and never full. */
static struct db_cache_slot *find(const struct db_cache *c, const struct db_stmt *stmt)
{
	/* Statements are constants of one size in a row: the low bits say little, so the product's high bits choose. */
	uint32_t i = (uint32_t)(((uint64_t)(uintptr_t)stmt * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	while (c->slots[i & (c->size - 1)].stmt && c->slots[i & (c->size - 1)].stmt != stmt)
		i++;
	return &c->slots[i & (c->size - 1)];
}

void *db_cache_get(const struct db_cache *c, const struct db_stmt *stmt)
{
	return c->size ? find(c, stmt)->prepared : NULL;
}

static enum err grow(struct db_cache *c)
{
	struct db_cache larger = {.size = c->size ? c->size * 2 : SIZE_FIRST, .count = c->count};

	larger.slots = calloc(larger.size, sizeof(*larger.slots));
	if (!larger.slots)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < c->size; i++)
		if (c->slots[i].stmt)
			*find(&larger, c->slots[i].stmt) = c->slots[i];
	free(c->slots);
	*c = larger;
	return ERR_NONE;
}

enum err db_cache_put(struct db_cache *c, const struct db_stmt *stmt, void *prepared)
{
	if (c->count * 2 >= c->size && grow(c))
		return ERR_NOMEM;
	BUG_ON(find(c, stmt)->stmt);
	*find(c, stmt) = (struct db_cache_slot){stmt, prepared};
	c->count++;
	return ERR_NONE;
}

void db_cache_clear(struct db_cache *c, void (*drop)(void *prepared))
{
	for (uint32_t i = 0; i < c->size; i++)
		if (c->slots[i].stmt)
			drop(c->slots[i].prepared);
	free(c->slots);
	*c = (struct db_cache){0};
}
