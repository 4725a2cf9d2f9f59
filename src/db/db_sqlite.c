/* SQLite in one file, DIR/customhouse.db: write-ahead log, one writer, any number of readers that never wait for it.
 *
 * A commit returns only after fsync of the log (synchronous=FULL): promise 1. The log is carried over into the file every 2000 pages.
 * Memory mapping is off: a failing disk would then kill the process with a signal where a read() gives an error. */
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db_cache.h"
#include "db/db_driver.h"

enum {
	APPLICATION_ID = 0x43757374, /* "Cust" in the file's header: whose file it is */
	BUSY_TIMEOUT_MS = 2000,
	PATH_BYTES = 4096,
};

struct sqlite {
	struct db db;
	sqlite3 *handle;
	struct db_cache cache;
	char path[PATH_BYTES];
};

static const struct db_stmt tx_begin_read = {"tx_begin_read", "BEGIN"};
static const struct db_stmt tx_begin_write = {"tx_begin_write", "BEGIN IMMEDIATE"};
static const struct db_stmt tx_commit = {"tx_commit", "COMMIT"};
static const struct db_stmt tx_rollback = {"tx_rollback", "ROLLBACK"};

static struct sqlite *sqlite_of(struct db *db)
{
	return (struct sqlite *)db; /* its first member */
}

/* What went wrong, in our words, and what the operator does next. Extended codes stand before the primary ones. */
// clang-format off
static const struct advice {
	int code;
	enum err err;
	const char *text;
} advice[] = {
	{SQLITE_IOERR_FSYNC, ERR_IO, "the disk did not confirm a write (fsync failed); nothing of this transaction was acknowledged. Look at the disk and the kernel's log before going on"},
	{SQLITE_IOERR_DIR_FSYNC, ERR_IO, "the disk did not confirm a new file (fsync failed); nothing of this transaction was acknowledged. Look at the disk and the kernel's log before going on"},
	{SQLITE_IOERR_WRITE, ERR_IO, "a write failed; nothing of this transaction was stored. Look at the disk, its quota and the kernel's log, then try again"},
	{SQLITE_IOERR_NOMEM, ERR_NOMEM, "the machine gave no memory; nothing of this transaction was stored"},
	{SQLITE_FULL, ERR_IO, "the disk is full; nothing of this transaction was stored. Free space and try again: the store needs no repair"},
	{SQLITE_IOERR, ERR_IO, "reading or writing failed. Look at the disk and the kernel's log, then try again"},
	{SQLITE_READONLY, ERR_IO, "the file or its directory cannot be written. Give this user the right to write there, or mount the disk for writing"},
	{SQLITE_PERM, ERR_IO, "the file or its directory is not open to this user. Give this user the right to read and write there"},
	{SQLITE_CANTOPEN, ERR_IO, "the file, or the log beside it, cannot be opened. Look at the directory's rights and its disk"},
	{SQLITE_BUSY, ERR_RETRY, "another transaction holds the store. Try again"},
	{SQLITE_LOCKED, ERR_RETRY, "another transaction holds the table. Try again"},
	{SQLITE_CORRUPT, ERR_DB, "the file is damaged. Stop the program, keep a copy of the directory, run verify, and restore the newest backup"},
	{SQLITE_NOTADB, ERR_FORMAT, "this is not a Customhouse store, or its first page is damaged. If it was one, keep a copy and restore the newest backup"},
	{SQLITE_CONSTRAINT, ERR_CONFLICT, "the row contradicts what is stored"},
	{SQLITE_NOMEM, ERR_NOMEM, "the machine gave no memory; nothing of this transaction was stored"},
	{SQLITE_TOOBIG, ERR_LIMIT, "a value is longer than the database stores"},
};
// clang-format on

static const struct advice *advice_of(int code)
{
	for (uint32_t i = 0; i < ARRAY_LEN(advice); i++)
		if (advice[i].code == code || advice[i].code == (code & 0xff))
			return &advice[i];
	return NULL;
}

static enum err sqlite_fail(const struct sqlite *c, const char *what, int code, struct cause *why)
{
	const struct advice *a = advice_of(code);

	BUG_ON((code & 0xff) == SQLITE_MISUSE);
	if (!a)
		return fail(why, ERR_DB, "%s: %s: %s (SQLite %d)", c->path, what,
			    c->handle ? sqlite3_errmsg(c->handle) : sqlite3_errstr(code), code);
	return fail(why, a->err, "%s: %s: %s (SQLite %d: %s)", c->path, what, a->text, code,
		    c->handle ? sqlite3_errmsg(c->handle) : sqlite3_errstr(code));
}

static const char *sqlite_word(struct span name)
{
	static const struct {
		const char *name, *text;
	} words[] = {
		{"i64", "INTEGER"},
		{"blob", "BLOB"},
		{"id", "INTEGER PRIMARY KEY"},
		{"strict", "STRICT"},
		{"keyed", "STRICT, WITHOUT ROWID"},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_is(name, words[i].name))
			return words[i].text;
	return NULL;
}

/* Parameter number i must be called $i: SQLite counts first appearances, PostgreSQL reads the digits. */
static bool parameters_ascend(sqlite3_stmt *prepared)
{
	for (int i = 1; i <= sqlite3_bind_parameter_count(prepared); i++) {
		const char *name = sqlite3_bind_parameter_name(prepared, i);
		char want[16];

		snprintf(want, sizeof(want), "$%d", i);
		if (!name || strcmp(name, want) != 0)
			return false;
	}
	return true;
}

static enum err prepare(struct sqlite *c, const struct db_stmt *stmt, sqlite3_stmt **ret, struct cause *why)
{
	sqlite3_stmt *prepared = db_cache_get(&c->cache, stmt);
	int code;

	if (prepared) {
		*ret = prepared;
		return ERR_NONE;
	}
	code = sqlite3_prepare_v3(c->handle, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL);
	if (code)
		return sqlite_fail(c, stmt->name, code, why);
	BUG_ON(!parameters_ascend(prepared));
	if (db_cache_put(&c->cache, stmt, prepared)) {
		sqlite3_finalize(prepared);
		return fail(why, ERR_NOMEM, "%s: no memory for statement %s", c->path, stmt->name);
	}
	*ret = prepared;
	return ERR_NONE;
}

static int bind_value(sqlite3_stmt *prepared, int i, const struct db_value *v)
{
	/* A NULL pointer would bind NULL: an empty text is not nothing. */
	const char *p = v->span.p ? v->span.p : "";

	switch (v->kind) {
	case DB_NULL:
		return sqlite3_bind_null(prepared, i);
	case DB_I64:
		return sqlite3_bind_int64(prepared, i, v->i64);
	case DB_TEXT:
		return sqlite3_bind_text64(prepared, i, p, v->span.n, SQLITE_STATIC, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(prepared, i, p, v->span.n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

/* Values are bound without a copy, so what is bound is valid only within the call for which it was bound. A query that returns
 * while its rows are read re-reads no parameter text after the first step, save in loops: see sqlite_query(). */
static enum err bind(struct sqlite *c, const struct db_stmt *stmt, struct db_args args, sqlite3_stmt **ret,
		     struct cause *why)
{
	sqlite3_stmt *prepared;
	enum err err = prepare(c, stmt, &prepared, why);

	if (err)
		return err;
	BUG_ON(sqlite3_stmt_busy(prepared));
	BUG_ON((uint32_t)sqlite3_bind_parameter_count(prepared) != args.n);
	for (uint32_t i = 0; i < args.n; i++) {
		int code = bind_value(prepared, (int)i + 1, &args.value[i]);

		if (code)
			return sqlite_fail(c, stmt->name, code, why);
	}
	*ret = prepared;
	return ERR_NONE;
}

static enum err sqlite_exec(struct db *db, const struct db_stmt *stmt, struct db_args args, int64_t *ret_rows,
			    struct cause *why)
{
	struct sqlite *c = sqlite_of(db);
	sqlite3_stmt *prepared;
	enum err err = bind(c, stmt, args, &prepared, why);
	int code;

	if (err)
		return err;
	code = sqlite3_step(prepared);
	BUG_ON(code == SQLITE_ROW); /* a statement with rows is a query */
	if (code != SQLITE_DONE)
		err = sqlite_fail(c, stmt->name, code, why);
	else if (ret_rows)
		*ret_rows = sqlite3_changes64(c->handle);
	sqlite3_reset(prepared);
	return err;
}

static enum err sqlite_begin(struct db *db, enum db_access access, struct cause *why)
{
	return sqlite_exec(db, access == DB_WRITE ? &tx_begin_write : &tx_begin_read, DB_NO_ARGS, NULL, why);
}

static enum err sqlite_commit(struct db *db, struct cause *why)
{
	return sqlite_exec(db, &tx_commit, DB_NO_ARGS, NULL, why);
}

static void sqlite_rollback(struct db *db)
{
	struct sqlite *c = sqlite_of(db);

	/* A full disk or a failed write may have rolled back already. */
	if (!sqlite3_get_autocommit(c->handle))
		(void)!sqlite_exec(db, &tx_rollback, DB_NO_ARGS, NULL, NULL);
	BUG_ON(!sqlite3_get_autocommit(c->handle));
}

static enum err sqlite_script(struct db *db, const char *sql, struct cause *why)
{
	struct sqlite *c = sqlite_of(db);
	int code = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);

	return code ? sqlite_fail(c, "script", code, why) : ERR_NONE;
}

/* Nothing is ever deferred here. */
static enum err sqlite_sync(struct db *db, struct cause *why)
{
	(void)db;
	(void)why;
	return ERR_NONE;
}
