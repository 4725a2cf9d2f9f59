/* For the tests of db/: a table of things. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_THINGS_H
#define CUSTOMHOUSE_TESTS_UNIT_THINGS_H

#include "db/db.h"
#include "store_dir.h"

static const struct db_stmt thing_add = {"thing_add",
					 "INSERT INTO thing (id, name, bytes) VALUES ($1, $2, $3)"};
static const struct db_stmt thing_get = {"thing_get",
					 "SELECT id, name, bytes FROM thing WHERE id = $1"};
static const struct db_stmt thing_all = {"thing_all",
					 "SELECT id, name, bytes FROM thing ORDER BY id"};
static const struct db_stmt thing_rename = {"thing_rename",
					    "UPDATE thing SET name = $1 WHERE id >= $2"};

struct thing {
	int64_t id;
	struct span name, bytes;
};

static inline void read_thing(struct db_rows *row, void *ret)
{
	struct thing *t = ret;

	t->id = db_get_i64(row);
	t->name = db_get_span(row);
	t->bytes = db_get_span(row);
}

static const struct db_shape THING = {sizeof(struct thing), read_thing};

static inline enum err make_table(struct db *db, void *context, struct cause *why)
{
	(void)context;
	return db_script(db,
			 /* A database of the server's that has no such table is not a store. */
			 "CREATE TABLE migration (number {i64} NOT NULL PRIMARY KEY) {strict};"
			 "CREATE TABLE thing (id {i64} NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
			 "bytes {blob}) {strict};"
			 "CREATE TABLE keyed (name TEXT NOT NULL PRIMARY KEY) {keyed};",
			 why);
}

static inline enum err add_thing(struct db *db, void *context, struct cause *why)
{
	const struct thing *t = context;

	return db_exec(db, &thing_add, DB_ARGS(db_i64(t->id), db_text(t->name), db_blob(t->bytes)),
		       why);
}

static inline struct db *open_things(const struct store_dir *d)
{
	struct cause why = {0};
	struct db *db;

	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_ok(db_tx(db, DB_WRITE, make_table, NULL, &why));
	return db;
}

static inline void add_to(struct db *db, struct thing t)
{
	struct cause why = {0};

	assert_ok(db_tx(db, DB_WRITE, add_thing, &t, &why));
}

struct pair {
	struct thing first, second;
	enum err err;
	int runs;
};

static inline uint32_t count_things(struct db *db, struct arena *a)
{
	struct cause why = {0};
	void *rows;
	uint32_t count;

	assert_ok(db_all(db, &thing_all, DB_NO_ARGS, a, &THING, &rows, &count, &why));
	return count;
}

#endif
