/* One connection to a database, seen statement by statement.
 *
 * Who may call: store/ (which holds all SQL) and the tests. A connection belongs to one thread at a time; a thread that reads
 * while another writes opens its own.
 *
 *     static const struct db_stmt party_get = {"party_get", "SELECT declared FROM party_history WHERE holder = $1"};
 *     err = db_one(db, &party_get, DB_ARGS(db_text(holder)), arena, &PARTY, ret, why);
 *
 * A statement is a constant. Its address is its identity: it is prepared at first use and kept for the life of the connection.
 * Parameters are $1, $2 ... in ascending order of first appearance (SQLite numbers them as they appear); anything else is a
 * bug. A parameter has one kind (NULL apart) wherever the statement is used. The word {lock} behind a query locks its rows until
 * the end of the transaction, where a database does not lock as a whole.
 *
 * Writes happen only inside db_tx(), the only begin, commit, rollback and retry of the program. db_exec() may be deferred by a
 * driver that pipelines: its failure then appears at a later call, at the latest at db_sync() or at the commit, which syncs
 * first. Arguments may be released as soon as a call returns.
 *
 * Errors, with a text that says what to do next in the cause:
 *   ERR_RETRY     another transaction was in the way (db_tx() retries; ERR_BUSY when that does not help)
 *   ERR_CONFLICT  a key or constraint refused the row
 *   ERR_IO        the disk is full, read-only, or did not confirm a write
 *   ERR_DB        the file is damaged, or the database refused for another reason
 *   ERR_BUSY      the server cannot be reached now, or what was asked took too long, or nobody waits for it
 *   ERR_UNCERTAIN the answer to a commit did not come: perhaps stored. Never retried here: the caller looks it up before it
 *                 decides again
 *   ERR_LIMIT, ERR_NOMEM
 */
#ifndef CUSTOMHOUSE_DB_DB_H
#define CUSTOMHOUSE_DB_DB_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/patience.h"
#include "base/span.h"

struct db;

enum db_access { DB_READ, DB_WRITE };

struct db_stmt {
	const char *name; /* for messages: object_verb */
	const char *sql;
};

enum db_kind { DB_NULL, DB_I64, DB_TEXT, DB_BLOB };

/* A bound argument or a column. Text and blobs are not copied. */
struct db_value {
	enum db_kind kind;
	int64_t i64;
	struct span span;
};

static inline struct db_value db_i64(int64_t v)
{
	return (struct db_value){.kind = DB_I64, .i64 = v};
}

/* Always a text: an empty one where s.p is NULL. */
static inline struct db_value db_text(struct span s)
{
	return (struct db_value){.kind = DB_TEXT, .span = s};
}

/* NULL where s.p is NULL. */
static inline struct db_value db_blob(struct span s)
{
	return (struct db_value){.kind = s.p ? DB_BLOB : DB_NULL, .span = s};
}

static inline struct db_value db_bytes(const void *p, size_t n)
{
	return db_blob((struct span){(const char *)p, (uint32_t)n, 0});
}

static inline struct db_value db_hash(const struct hash *h)
{
	return db_bytes(h->byte, sizeof(h->byte));
}

struct db_args {
	const struct db_value *value;
	uint32_t n;
};

#define DB_ARGS(...)                                                                               \
	((struct db_args){(const struct db_value[]){__VA_ARGS__},                                  \
			  sizeof((const struct db_value[]){__VA_ARGS__}) /                         \
			      sizeof(struct db_value)})
#define DB_NO_ARGS ((struct db_args){NULL, 0})

/* Opens a database: a directory (SQLite, in DIR/customhouse.db) or a URL postgresql://... (libpq's; several hosts may be named).
 * DB_WRITE makes what is missing in a directory; DB_READ never writes, and works beside a writer. ERR_NOT_FOUND: DB_READ, and
 * nothing is there. ERR_FORMAT: the file or database is not a store. ERR_UNSUPPORTED: a server that could lose what it
 * confirmed, or sorts texts otherwise than by their bytes. The connection is released with db_close(). */
enum err db_open(const char *where, enum db_access access, struct db **ret,
		 struct cause *why) MUST_CHECK;
/* NULL is allowed. Must not be called inside db_tx() or with rows open. */
void db_close(struct db *db);

/* Runs work(db, context) in one transaction and commits when it returns ERR_NONE; every other value rolls back and is returned.
 * DB_READ gives work one unchanging picture of the database and never waits for, or holds up, a writer.
 * work may be called again when a race was lost, so it must not keep what it did the first time; it must not leave through
 * arena_alloc() (run arena_run() inside), open another transaction, or leave rows open.
 * After a failed commit nothing may be acknowledged: the transaction is absent, or, if the machine stops before the next commit,
 * perhaps whole, but never half there. */
enum err db_tx(struct db *db, enum db_access access,
	       enum err (*work)(struct db *db, void *context, struct cause *why), void *context,
	       struct cause *why) MUST_CHECK;

/* A statement without rows, inside a writing db_tx(). */
enum err db_exec(struct db *db, const struct db_stmt *stmt, struct db_args args,
		 struct cause *why) MUST_CHECK;
/* The same for an INSERT of one row, its arguments in the order of its columns: rows of the same statement may be sent together,
 * after what was executed by db_group() with other statements, but before anything else that comes after. key: how many of the
 * first arguments name the row, for a statement that changes a row which is there; else 0. */
enum err db_group(struct db *db, const struct db_stmt *stmt, struct db_args args, uint32_t key,
		  struct cause *why) MUST_CHECK;
/* As db_exec(), never deferred: how many rows it changed. */
enum err db_exec_count(struct db *db, const struct db_stmt *stmt, struct db_args args,
		       int64_t *ret_rows, struct cause *why) MUST_CHECK;
/* Waits for what was deferred, and reports its failure. */
enum err db_sync(struct db *db, struct cause *why) MUST_CHECK;
/* Several statements without parameters, separated by ';': table definitions. Words in braces become the database's own:
 * {i64} {blob} {id}, {strict} behind a table, {keyed} behind a table whose rows live in the tree of the primary key. */
enum err db_script(struct db *db, const char *sql, struct cause *why) MUST_CHECK;
/* Looks for damage in the whole file; a server is asked what it has found. ERR_DB with the first fault. */
enum err db_check(struct db *db, struct cause *why) MUST_CHECK;
/* Inside a writing db_tx(): waits until nobody else holds this lock, and holds it to the end. For changes of tables. */
enum err db_lock(struct db *db, struct cause *why) MUST_CHECK;
/* Keeps few pages of the database in memory: of a process that is here for one file, whose memory people look at. */
enum err db_be_small(struct db *db, struct cause *why) MUST_CHECK;
/* How often this connection has waited for a server's answer since it was opened; 0: there is no server. */
uint64_t db_round_trips(const struct db *db);
/* From now on the connection's transactions may wait long between two calls, for a slow source of rows: a server ends those of
 * others, whose client may be gone, after some seconds. */
void db_be_patient(struct db *db);

/* How long whoever asks by this connection, which only reads, waits from now on. What outlasts that is stopped, on the server
 * too, and fails with ERR_BUSY, as all that is asked afterwards until this is called again. NULL: without end. */
void db_set_patience(struct db *db, const struct patience *patience);

/* The rows of a query, one at a time:
 *     db_query(..., &rows, why); while ((err = db_next(&rows, why)) == ERR_NONE) ...; db_end(&rows);
 * One statement has one set of rows open at a time. Columns are taken in order, each once, by the db_get_ functions. Without an
 * arena, spans point into the database's memory until the next db_next() or db_end(); with one they are copies that live as long
 * as the arena. A column that cannot be taken (no memory, or bytes of another length) fails the next db_next() or db_end(). */
struct db_rows {
	struct db *db;
	const struct db_stmt *stmt;
	struct arena *arena;
	void *cursor;
	uint32_t column;
	struct cause bad;
};

/* On failure there is nothing to end. arena may be NULL. */
enum err db_query(struct db *db, const struct db_stmt *stmt, struct db_args args,
		  struct arena *arena, struct db_rows *ret, struct cause *why) MUST_CHECK;
/* The same for rows in numbers without bound, inside db_tx(): no more than rows_max of them are in memory at a time. */
enum err db_scan(struct db *db, const struct db_stmt *stmt, struct db_args args, uint32_t rows_max,
		 struct db_rows *ret, struct cause *why) MUST_CHECK;
/* ERR_NONE: a row is there. ERR_NOT_FOUND (without a cause): no more. */
enum err db_next(struct db_rows *rows, struct cause *why) MUST_CHECK;
/* Closes rows, also before the last one. Reports a column that could not be taken. */
enum err db_end(struct db_rows *rows, struct cause *why) MUST_CHECK;

int64_t db_get_i64(struct db_rows *rows);
/* p == NULL when the column is NULL; an empty text or blob has a p. */
struct span db_get_span(struct db_rows *rows);
/* Exactly n bytes; zeros when the column is NULL. */
void db_get_bytes(struct db_rows *rows, void *to, size_t n);

/* How a row becomes a struct. */
struct db_shape {
	size_t size;
	void (*read)(struct db_rows *row, void *ret);
};

/* The one row that a statement gives. ERR_NOT_FOUND (without a cause) when there is none. */
enum err db_one(struct db *db, const struct db_stmt *stmt, struct db_args args, struct arena *arena,
		const struct db_shape *shape, void *ret, struct cause *why) MUST_CHECK;
/* The same query for many sets of arguments: set i has `args` values from value[i * args] on, and its rows become
 * ret[i] as db_all() gives them. Inside db_tx() a server is asked for all before the first answer is waited for: they
 * cost what one query costs in round trips, so nothing may be written between them that one of them would see. */
struct db_found {
	void *row;
	uint32_t count;
};
enum err db_each(struct db *db, const struct db_stmt *stmt, const struct db_value *value,
		 uint32_t args, uint32_t n, struct arena *arena, const struct db_shape *shape,
		 struct db_found *ret, struct cause *why) MUST_CHECK;
/* All rows, as an array of shape->size elements in the arena. */
enum err db_all(struct db *db, const struct db_stmt *stmt, struct db_args args, struct arena *arena,
		const struct db_shape *shape, void **ret, uint32_t *ret_count,
		struct cause *why) MUST_CHECK;

#endif
