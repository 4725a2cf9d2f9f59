/* Inside the store: what its files share. Not for callers. */
#ifndef CUSTOMHOUSE_STORE_ST_H
#define CUSTOMHOUSE_STORE_ST_H

#include "db/db.h"
#include "db/db_owner.h"
#include "store/store.h"

struct store {
	struct db *db;
	struct arena *home; /* holds this struct */
	struct db_owner owner;
	bool owned; /* owner is held */
	bool in_tx; /* a batch or snapshot is open */
};

/* Every statement of a file, for the test that prepares them all. A new file is listed in store.c. */
struct st_statements {
	const char *file;
	const struct db_stmt *const *stmt;
	uint32_t n;
};

extern const struct st_statements st_event_statements, st_declaration_statements,
    st_party_statements, st_version_statements, st_day_key_statements, st_root_statements,
    st_counter_statements, st_quarantine_statements, st_dump_statements, st_migration_statements;

#define ST_STATEMENTS(variable, list)                                                              \
	const struct st_statements variable = {__FILE__, list, ARRAY_LEN(list)}

/* All files' lists. */
const struct st_statements *const *st_all_statements(uint32_t *ret_count);

/* Reads the rows of a query one by one into row (shape->size bytes, borrowed from the database) and gives each to
 * take(context, row), in a snapshot of its own unless a batch or snapshot is open. */
struct st_scan {
	const struct db_stmt *stmt;
	struct db_args args;
	const struct db_shape *shape;
	void *row;
	enum err (*take)(void *context, const void *row, struct cause *why);
	void *context;
};
enum err st_scan(struct store *s, const struct st_scan *scan, struct cause *why) MUST_CHECK;

#endif
