/* The tables, and how an older store gets them. Not for callers. */
#ifndef CUSTOMHOUSE_STORE_MIGRATIONS_H
#define CUSTOMHOUSE_STORE_MIGRATIONS_H

#include "db/db.h"

/* Forward only. Numbers count from 1 without a gap; a migration that was released never changes (its SHA-256 is noted in the
 * store and compared at every open). */
struct migration {
	const char *name;
	const char *sql; /* words in braces: db_script() */
	/* The lowest schema number of a program that may go on with a store that has this migration, beside the program that
	 * made it: it adds tables, or columns with a default, which an older program need not know, or takes away an index that
	 * no statement of theirs needs. 0: none that does not have
	 * it; then nodes of such a program that still run are shut out in the same transaction. See docs/operations.md. */
	int oldest;
};

extern const struct migration migrations[];
extern const int migration_count;

/* Brings a store to schema number `to`: a new one in one transaction, an older one in one for each migration, so that an
 * interrupted run goes on where it stopped. now is noted with each. ERR_CONFLICT: a migration in the store is not the one of
 * this program. ERR_UNSUPPORTED: the store is newer, and this program may not go on with it. */
enum err migrate(struct db *db, int to, int64_t now, struct cause *why) MUST_CHECK;
/* The schema number of a store that need not be written to; 0: no tables yet; above migration_count: newer, and this program
 * may go on with it. Errors as migrate(). */
enum err migration_check(struct db *db, int *ret_schema, struct cause *why) MUST_CHECK;
/* ERR_UNSUPPORTED: the store is newer, so that what would be done (a whole sentence's subject) leaves out what this program
 * does not know of. */
enum err migration_refuse_newer(struct db *db, const char *what, struct cause *why) MUST_CHECK;

#endif
