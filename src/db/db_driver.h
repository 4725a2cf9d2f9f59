/* What a database must offer. A driver is one file with one constant of this struct; nobody else knows it.
 *
 * db.c has checked what is the same for all: transactions do not nest, writes stand inside one, rows are read in order. A
 * driver's connection begins with a struct db. Functions fill the cause themselves; contracts are those of db.h.
 */
#ifndef CUSTOMHOUSE_DB_DB_DRIVER_H
#define CUSTOMHOUSE_DB_DB_DRIVER_H

#include "db/db.h"

struct db_driver {
	const char *name;
	/* What stands for a word in braces; NULL: no such word. */
	const char *(*word)(struct span name);
	void (*close)(struct db *db);
	enum err (*begin)(struct db *db, enum db_access access, struct cause *why);
	/* Syncs, then commits. On failure rollback() follows. */
	enum err (*commit)(struct db *db, struct cause *why);
	/* Never fails: what it does must not need memory or disk. */
	void (*rollback)(struct db *db);
	enum err (*script)(struct db *db, const char *sql, struct cause *why);
	/* May be deferred when ret_rows is NULL. */
	enum err (*exec)(struct db *db, const struct db_stmt *stmt, struct db_args args,
			 int64_t *ret_rows, struct cause *why);
	/* A row of an insert that may be sent later, with others. NULL: exec() does. */
	enum err (*group)(struct db *db, const struct db_stmt *stmt, struct db_args args,
			  uint32_t key, struct cause *why);
	enum err (*sync)(struct db *db, struct cause *why);
	/* rows_max: of db_scan(); 0: of db_query() */
	enum err (*query)(struct db *db, const struct db_stmt *stmt, struct db_args args,
			  uint32_t rows_max, void **ret_cursor, struct cause *why);
	/* As query() without waiting: the rows are there after sync(). Until then, or until sync() has failed, the cursor is not
	 * ended. NULL: query() waits for nobody. */
	enum err (*ask)(struct db *db, const struct db_stmt *stmt, struct db_args args,
			void **ret_cursor, struct cause *why);
	enum err (*next)(struct db *db, void *cursor, struct cause *why);
	uint32_t (*columns)(struct db *db, void *cursor);
	struct db_value (*column)(struct db *db, void *cursor, uint32_t i);
	void (*end)(struct db *db, void *cursor);
	enum err (*check)(struct db *db, struct cause *why);
	enum err (*lock)(struct db *db, struct cause *why);
	void (*be_patient)(struct db *db);
	/* db->patience was set: from now on it is looked at while a query runs. NULL: it is so anyhow. */
	void (*set_patience)(struct db *db);
	uint64_t (*round_trips)(const struct db *db);           /* NULL: there is no server */
	enum err (*be_small)(struct db *db, struct cause *why); /* NULL: it keeps no pages */
};

enum db_state { DB_IDLE, DB_READING, DB_WRITING };

struct db {
	const struct db_driver *driver;
	enum db_access access;
	enum db_state state;
	uint32_t open_rows;
	struct patience patience; /* of a reader */
};

/* A copy of sql with the driver's own text for each word in braces; the caller frees it. NULL: no memory. */
char *db_replace_words(const struct db *db, const char *sql);

/* db_sqlite.c: the file DIR/customhouse.db. */
enum err db_sqlite_open(const char *dir, enum db_access access, struct db **ret,
			struct cause *why) MUST_CHECK;
/* db_postgres.c: the database that a URL of libpq's names. */
enum err db_postgres_open(const char *url, enum db_access access, struct db **ret,
			  struct cause *why) MUST_CHECK;

#endif
