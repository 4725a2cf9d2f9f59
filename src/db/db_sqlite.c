/* SQLite in one file, DIR/customhouse.db: write-ahead log, one writer, any number of readers that never wait for it.
 *
 * A commit returns only after fsync of the log (synchronous=FULL): promise 1. A thread with a connection of its own carries the
 * log over into the file (db_checkpoint.h). Memory mapping is off: a failing disk would then kill the process with a signal where
 * a read() gives an error. */
#include <sqlite3.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db_cache.h"
#include "db/db_checkpoint.h"
#include "db/db_dir.h"
#include "db/db_driver.h"

enum {
	APPLICATION_ID = 0x43757374, /* "Cust" in the file's header: whose file it is */
	BUSY_TIMEOUT_MS = 2000,
	LOOK_STEPS =
	    20000, /* of SQLite's machine between two looks whether anybody waits: below a millisecond */
};

struct sqlite {
	struct db db;
	sqlite3 *handle;
	struct db_cache cache;
	struct db_checkpoint *checkpoint; /* a writer's */
	char path[DB_PATH_BYTES];
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
	{SQLITE_IOERR_FSYNC, ERR_IO, "the disk did not confirm a write (fsync failed); nothing of this transaction was"
		" acknowledged. Look at the disk and the kernel's log before going on"},
	{SQLITE_IOERR_DIR_FSYNC, ERR_IO, "the disk did not confirm a new file (fsync failed); nothing of this transaction was"
		" acknowledged. Look at the disk and the kernel's log before going on"},
	{SQLITE_IOERR_WRITE, ERR_IO, "a write failed; nothing of this transaction was stored. Look at the disk, its quota and"
		" the kernel's log, then try again"},
	{SQLITE_IOERR_NOMEM, ERR_NOMEM, "the machine gave no memory; nothing of this transaction was stored"},
	{SQLITE_FULL, ERR_IO, "the disk is full; nothing of this transaction was stored. Free space and try again: the store"
		" needs no repair"},
	{SQLITE_IOERR, ERR_IO, "reading or writing failed. Look at the disk and the kernel's log, then try again"},
	{SQLITE_READONLY, ERR_IO, "the file or its directory cannot be written. Give this user the right to write there, or"
		" mount the disk for writing"},
	{SQLITE_PERM, ERR_IO, "the file or its directory is not open to this user. Give this user the right to read and write"
		" there"},
	{SQLITE_CANTOPEN, ERR_IO, "the file, or the log beside it, cannot be opened. Look at the directory's rights and its"
		" disk"},
	{SQLITE_INTERRUPT, ERR_BUSY, "this took longer than its limit, or nobody waits for it any more. Ask for less, or at"
		" another time"},
	{SQLITE_BUSY, ERR_RETRY, "another transaction holds the store. Try again"},
	{SQLITE_LOCKED, ERR_RETRY, "another transaction holds the table. Try again"},
	{SQLITE_CORRUPT, ERR_DB, "the file is damaged. Stop the program, keep a copy of the directory, run verify, and restore"
		" the newest backup"},
	{SQLITE_NOTADB, ERR_FORMAT, "this is not a Customhouse store, or its first page is damaged. If it was one, keep a copy"
		" and restore the newest backup"},
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
	    {"lock", ""}, /* a writing transaction holds the whole store */
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

static enum err prepare(struct sqlite *c, const struct db_stmt *stmt, sqlite3_stmt **ret,
			struct cause *why)
{
	sqlite3_stmt *prepared = db_cache_get(&c->cache, stmt);
	char *sql;
	int code;

	if (prepared) {
		*ret = prepared;
		return ERR_NONE;
	}
	sql = db_replace_words(&c->db, stmt->sql);
	if (!sql)
		return fail(why, ERR_NOMEM, "%s: no memory for statement %s", c->path, stmt->name);
	code = sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL);
	free(sql);
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

/* keep: the value must outlive this call, so SQLite takes a copy. */
static int bind_value(sqlite3_stmt *prepared, int i, const struct db_value *v, bool keep)
{
	const sqlite3_destructor_type owner = keep ? SQLITE_TRANSIENT : SQLITE_STATIC;

	/* A NULL pointer would bind NULL: an empty text is not nothing. */
	const char *p = v->span.p ? v->span.p : "";

	switch (v->kind) {
	case DB_NULL:
		return sqlite3_bind_null(prepared, i);
	case DB_I64:
		return sqlite3_bind_int64(prepared, i, v->i64);
	case DB_TEXT:
		return sqlite3_bind_text64(prepared, i, p, v->span.n, owner, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(prepared, i, p, v->span.n, owner);
	}
	return SQLITE_MISUSE;
}

/* A query compares with its arguments while its rows are read, after the caller may have released them: it keeps copies. What
 * is only executed is done when the call returns, and a payload of megabytes is not copied. */
static enum err bind(struct sqlite *c, const struct db_stmt *stmt, struct db_args args, bool keep,
		     sqlite3_stmt **ret, struct cause *why)
{
	sqlite3_stmt *prepared = NULL;
	enum err err = prepare(c, stmt, &prepared, why);

	if (err)
		return err;
	BUG_ON(sqlite3_stmt_busy(prepared));
	BUG_ON((uint32_t)sqlite3_bind_parameter_count(prepared) != args.n);
	for (uint32_t i = 0; i < args.n; i++) {
		int code = bind_value(prepared, (int)i + 1, &args.value[i], keep);

		if (code)
			return sqlite_fail(c, stmt->name, code, why);
	}
	*ret = prepared;
	return ERR_NONE;
}

static enum err sqlite_exec(struct db *db, const struct db_stmt *stmt, struct db_args args,
			    int64_t *ret_rows, struct cause *why)
{
	struct sqlite *c = sqlite_of(db);
	sqlite3_stmt *prepared = NULL;
	enum err err = bind(c, stmt, args, false, &prepared, why);
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
	if (access == DB_WRITE)
		db_checkpoint_wait(sqlite_of(db)->checkpoint);
	return sqlite_exec(db, access == DB_WRITE ? &tx_begin_write : &tx_begin_read, DB_NO_ARGS,
			   NULL, why);
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

/* Rows are read one by one anyhow. */
static enum err sqlite_query(struct db *db, const struct db_stmt *stmt, struct db_args args,
			     uint32_t rows_max, void **ret_cursor, struct cause *why)
{
	sqlite3_stmt *prepared = NULL;
	enum err err = bind(sqlite_of(db), stmt, args, true, &prepared, why);

	(void)rows_max;
	if (!err)
		*ret_cursor = prepared;
	return err;
}

static enum err sqlite_next(struct db *db, void *cursor, struct cause *why)
{
	int code = sqlite3_step(cursor);

	if (code == SQLITE_ROW)
		return ERR_NONE;
	if (code == SQLITE_DONE)
		return ERR_NOT_FOUND;
	return sqlite_fail(sqlite_of(db), "reading rows", code, why);
}

static uint32_t sqlite_columns(struct db *db, void *cursor)
{
	(void)db;
	return (uint32_t)sqlite3_column_count(cursor);
}

static struct db_value sqlite_column(struct db *db, void *cursor, uint32_t column)
{
	const int i = (int)column, type = sqlite3_column_type(cursor, i);
	struct span s;

	(void)db;
	if (type == SQLITE_NULL)
		return (struct db_value){.kind = DB_NULL};
	if (type == SQLITE_INTEGER)
		return db_i64(sqlite3_column_int64(cursor, i));
	s.p = sqlite3_column_blob(cursor, i);
	s.n = (uint32_t)sqlite3_column_bytes(cursor, i);
	s.line = 0;
	if (!s.p)
		s.p = ""; /* SQLite gives no pointer for nothing, but an empty value is not NULL */
	return type == SQLITE_BLOB ? db_blob(s) : db_text(s);
}

static void sqlite_end(struct db *db, void *cursor)
{
	(void)db;
	sqlite3_reset(cursor);
	sqlite3_clear_bindings(cursor);
}

static enum err sqlite_check(struct db *db, struct cause *why)
{
	static const struct db_stmt integrity = {"integrity_check", "PRAGMA integrity_check(1)"};
	struct sqlite *c = sqlite_of(db);
	struct db_rows rows;
	enum err err = db_query(db, &integrity, DB_NO_ARGS, NULL, &rows, why), end;

	if (err)
		return err;
	err = db_next(&rows, why);
	if (!err) {
		const struct span verdict = db_get_span(&rows);

		if (!span_is(verdict, "ok"))
			err = fail(why, ERR_DB,
				   "%s: %.*s. Stop the program, keep a copy of the directory, "
				   "restore the newest backup",
				   c->path, SPAN_ARG(verdict));
	}
	end = db_end(&rows, why);
	return err ? err : end;
}

/* Whoever writes holds the whole store already. */
static enum err sqlite_lock(struct db *db, struct cause *why)
{
	(void)db;
	(void)why;
	return ERR_NONE;
}

/* Nobody ends a transaction but its owner. */
static void sqlite_be_patient(struct db *db)
{
	(void)db;
}

static int on_steps(void *context)
{
	return patience_look(context, NULL) != ERR_NONE;
}

static void sqlite_set_patience(struct db *db)
{
	const bool ends = db->patience.until || db->patience.gone;

	sqlite3_progress_handler(sqlite_of(db)->handle, ends ? LOOK_STEPS : 0, on_steps,
				 &db->patience);
}

static void finalize(void *prepared)
{
	sqlite3_finalize(prepared);
}

static void sqlite_close(struct db *db)
{
	struct sqlite *c = sqlite_of(db);

	/* Before the writer's connection, which as the last one carries over what is left and removes the log. */
	db_checkpoint_stop(c->checkpoint);
	db_cache_clear(&c->cache, finalize);
	BUG_ON(sqlite3_close(c->handle) != SQLITE_OK);
	free(c);
}

static enum err pragma(struct sqlite *c, const char *sql, struct cause *why)
{
	int code = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);

	return code ? sqlite_fail(c, sql, code, why) : ERR_NONE;
}

static enum err sqlite_be_small(struct db *db, struct cause *why)
{
	return pragma((struct sqlite *)db, "PRAGMA cache_size = -2000", why);
}

static const struct db_driver sqlite_driver = {
    .name = "sqlite",
    .word = sqlite_word,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .exec = sqlite_exec,
    .sync = sqlite_sync,
    .query = sqlite_query,
    .next = sqlite_next,
    .columns = sqlite_columns,
    .column = sqlite_column,
    .end = sqlite_end,
    .check = sqlite_check,
    .lock = sqlite_lock,
    .be_patient = sqlite_be_patient,
    .set_patience = sqlite_set_patience,
    .be_small = sqlite_be_small,
};

/* Makes the directory and an empty file that only its owner reads: declarations are trade secrets. */
static enum err make_file(const char *dir, const char *path, struct cause *why)
{
	enum err err = db_dir_make(dir, why);
	int fd;

	if (err)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EEXIST)
		return fail(
		    why, ERR_IO,
		    "%s: cannot make this file: %s. Give this user the right to write there", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return ERR_NONE;
}

/* The first column of the first row, as text and as a number. */
static enum err ask(struct sqlite *c, const char *sql, char ret_text[16], int64_t *ret_number,
		    struct cause *why)
{
	sqlite3_stmt *prepared = NULL;
	int code = sqlite3_prepare_v2(c->handle, sql, -1, &prepared, NULL);

	if (!code)
		code = sqlite3_step(prepared);
	if (code == SQLITE_ROW) {
		snprintf(ret_text, 16, "%s", (const char *)sqlite3_column_text(prepared, 0));
		*ret_number = sqlite3_column_int64(prepared, 0);
		code = SQLITE_OK;
	}
	sqlite3_finalize(prepared);
	return code ? sqlite_fail(c, sql, code, why) : ERR_NONE;
}

/* Refuses somebody else's database before anything is written to it. */
static enum err check_identity(struct sqlite *c, bool *ret_new, struct cause *why)
{
	int64_t id = 0, objects = 0;
	char unused[16];
	enum err err = ask(c, "PRAGMA application_id", unused, &id, why);

	if (!err)
		err = ask(c, "PRAGMA schema_version", unused, &objects, why);
	if (err)
		return err;
	*ret_new = id != APPLICATION_ID;
	if (!*ret_new)
		return ERR_NONE;
	if (id || objects)
		return fail(why, ERR_FORMAT,
			    "%s: a database of another program; name another directory", c->path);
	if (c->db.access == DB_READ)
		return fail(why, ERR_NOT_FOUND,
			    "%s: an empty file; start the owner of the store once", c->path);
	return ERR_NONE;
}

static enum err configure_writer(struct sqlite *c, bool is_new, struct cause *why)
{
	/* The page size is measured: see the table in store/st.h. It must come before the first page is written. */
	static const char first[] = "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA "
				    "application_id = 1131770740";
	static const char always[] =
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
	    "PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864;"
	    "PRAGMA cache_size = -16000";
	char mode[16] = "";
	int64_t unused;
	enum err err = is_new ? pragma(c, first, why) : ERR_NONE;

	_Static_assert(APPLICATION_ID == 1131770740, "the number in the script above");
	if (!err)
		err = pragma(c, always, why);
	if (!err)
		err = ask(c, "PRAGMA journal_mode", mode, &unused, why);
	if (!err && strcmp(mode, "wal") != 0)
		err = fail(why, ERR_IO,
			   "%s: this file system has no shared memory for a write-ahead log: keep "
			   "the store on a local disk",
			   c->path);
	return err;
}

static const char for_all[] =
    "PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON";

static enum err configure(struct sqlite *c, struct cause *why)
{
	bool is_new;
	enum err err;

	sqlite3_busy_timeout(c->handle, BUSY_TIMEOUT_MS);
	sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	err = check_identity(c, &is_new, why);
	if (!err)
		err = pragma(c, for_all, why);
	if (err)
		return err;
	return c->db.access == DB_WRITE ? configure_writer(c, is_new, why)
					: pragma(c, "PRAGMA cache_size = -4000", why);
}

/* Prepared now, so that rolling back never needs memory. */
static enum err prepare_transaction(struct sqlite *c, struct cause *why)
{
	static const struct db_stmt *const stmts[] = {&tx_begin_read, &tx_begin_write, &tx_commit,
						      &tx_rollback};
	enum err err = ERR_NONE;

	for (uint32_t i = 0; !err && i < ARRAY_LEN(stmts); i++) {
		sqlite3_stmt *unused;

		err = prepare(c, stmts[i], &unused, why);
	}
	return err;
}

static int open_handle(const struct sqlite *c, sqlite3 **ret)
{
	const int flags = c->db.access == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

	return sqlite3_open_v2(c->path, ret, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
			       NULL);
}

/* After each commit, when its locks are released. What it returns would become the commit's result. */
static int on_written(void *context, sqlite3 *handle, const char *schema, int frames)
{
	(void)handle;
	(void)schema;
	db_checkpoint_written(context, frames);
	return SQLITE_OK;
}

/* The thread's connection. It reads once, because SQLite looks for the log only then. */
static enum err start_checkpoints(struct sqlite *c, struct cause *why)
{
	static const char own[] = "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL; "
				  "PRAGMA cache_size = -100; PRAGMA schema_version";
	struct sqlite second = *c; /* for its path in messages */
	int code = open_handle(c, &second.handle);
	enum err err = code ? sqlite_fail(&second, "open", code, why) : ERR_NONE;

	if (!err)
		err = pragma(&second, for_all, why);
	if (!err)
		err = pragma(&second, own, why);
	if (err) {
		BUG_ON(sqlite3_close(second.handle) != SQLITE_OK);
		return err;
	}
	err = db_checkpoint_start(second.handle, c->path, &c->checkpoint, why);
	if (!err)
		sqlite3_wal_hook(c->handle, on_written, c->checkpoint);
	return err;
}

static enum err open_file(struct sqlite *c, struct cause *why)
{
	const int code = open_handle(c, &c->handle);
	enum err err;

	if (code)
		return sqlite_fail(c, "open", code, why);
	err = configure(c, why);
	if (!err)
		err = prepare_transaction(c, why);
	return err || c->db.access == DB_READ ? err : start_checkpoints(c, why);
}

/* SQLite counts every allocation under one lock of the whole process unless told not to, before its first use. */
static void set_up_library(void)
{
	/* Too late is no harm: something else in the process has used SQLite before. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum err db_sqlite_open(const char *dir, enum db_access access, struct db **ret, struct cause *why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct sqlite *c = calloc(1, sizeof(*c));
	enum err err;

	if (!c)
		return fail(why, ERR_NOMEM, "%s: no memory for a connection", dir);
	pthread_once(&once, set_up_library);
	c->db = (struct db){.driver = &sqlite_driver, .access = access};
	err = db_dir_path(dir, "customhouse.db", c->path, why);
	if (!err && access == DB_WRITE)
		err = make_file(dir, c->path, why);
	else if (!err && faccessat(AT_FDCWD, c->path, F_OK, AT_EACCESS) != 0)
		err = fail(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", c->path,
			   strerror(errno));
	if (!err)
		err = open_file(c, why);
	if (err) {
		sqlite_close(&c->db);
		return err;
	}
	*ret = &c->db;
	return ERR_NONE;
}
