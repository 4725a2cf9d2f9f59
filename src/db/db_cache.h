/* From the address of a statement to what a driver prepared for it: found in constant time, whatever the number of statements.
 * Owned by one connection. */
#ifndef CUSTOMHOUSE_DB_DB_CACHE_H
#define CUSTOMHOUSE_DB_DB_CACHE_H

#include "db/db.h"

struct db_cache_slot {
	const struct db_stmt *stmt;
	void *prepared;
};

struct db_cache {
	struct db_cache_slot *slots;
	uint32_t count, size;
};

/* NULL when the statement was not prepared yet. */
void *db_cache_get(const struct db_cache *c, const struct db_stmt *stmt);
/* Adds a statement that is not in the cache. ERR_NOMEM. */
enum err db_cache_put(struct db_cache *c, const struct db_stmt *stmt, void *prepared) MUST_CHECK;
/* Gives each prepared statement to drop() and releases the memory. */
void db_cache_clear(struct db_cache *c, void (*drop)(void *prepared));

#endif
