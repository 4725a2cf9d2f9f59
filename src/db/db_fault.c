#include "db/db_fault.h"

#include <sqlite3.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "db/db_driver.h"

struct fault {
	struct db db;
	struct db *inner;
	uint64_t at, calls;
	enum err err;
};

static struct fault *fault_of(const struct db *db)
{
	return (struct fault *)(uintptr_t)db; /* its first member */
}

/* The inner connection when this call may pass; NULL when it must fail. */
static struct db *pass(struct db *db, struct cause *why)
{
	struct fault *f = fault_of(db);

	if (++f->calls != f->at)
		return f->inner;
	(void)fail(why, f->err, "ordered failure of call %llu", (unsigned long long)f->calls);
	return NULL;
}

static enum err fault_begin(struct db *db, enum db_access access, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->begin(inner, access, why) : fault_of(db)->err;
}

static enum err fault_commit(struct db *db, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->commit(inner, why) : fault_of(db)->err;
}

static void fault_rollback(struct db *db)
{
	struct db *inner = fault_of(db)->inner;

	inner->driver->rollback(inner);
}

static enum err fault_script(struct db *db, const char *sql, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->script(inner, sql, why) : fault_of(db)->err;
}

static enum err fault_exec(struct db *db, const struct db_stmt *stmt, struct db_args args,
			   int64_t *ret_rows, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->exec(inner, stmt, args, ret_rows, why) : fault_of(db)->err;
}

static enum err fault_group(struct db *db, const struct db_stmt *stmt, struct db_args args,
			    uint32_t key, struct cause *why)
{
	struct db *inner = pass(db, why);

	if (!inner)
		return fault_of(db)->err;
	return inner->driver->group ? inner->driver->group(inner, stmt, args, key, why)
				    : inner->driver->exec(inner, stmt, args, NULL, why);
}

static enum err fault_sync(struct db *db, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->sync(inner, why) : fault_of(db)->err;
}

static enum err fault_query(struct db *db, const struct db_stmt *stmt, struct db_args args,
			    uint32_t rows_max, void **ret_cursor, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->query(inner, stmt, args, rows_max, ret_cursor, why)
		     : fault_of(db)->err;
}

static enum err fault_next(struct db *db, void *cursor, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->next(inner, cursor, why) : fault_of(db)->err;
}

static uint32_t fault_columns(struct db *db, void *cursor)
{
	struct db *inner = fault_of(db)->inner;

	return inner->driver->columns(inner, cursor);
}

static struct db_value fault_column(struct db *db, void *cursor, uint32_t i)
{
	struct db *inner = fault_of(db)->inner;

	return inner->driver->column(inner, cursor, i);
}

static void fault_end(struct db *db, void *cursor)
{
	struct db *inner = fault_of(db)->inner;

	inner->driver->end(inner, cursor);
}

static enum err fault_check(struct db *db, struct cause *why)
{
	return db_check(fault_of(db)->inner, why);
}

static enum err fault_lock(struct db *db, struct cause *why)
{
	struct db *inner = pass(db, why);

	return inner ? inner->driver->lock(inner, why) : fault_of(db)->err;
}

static void fault_be_patient(struct db *db)
{
	db_be_patient(fault_of(db)->inner);
}

static void fault_set_patience(struct db *db)
{
	db_set_patience(fault_of(db)->inner, &db->patience);
}

static void fault_close(struct db *db)
{
	struct fault *f = fault_of(db);

	db_close(f->inner);
	free(f);
}

/* Its word() is that of the connection inside, and is set with it. */
static struct db_driver fault_driver = {
    .name = "fault",
    .close = fault_close,
    .begin = fault_begin,
    .commit = fault_commit,
    .rollback = fault_rollback,
    .script = fault_script,
    .exec = fault_exec,
    .group = fault_group,
    .sync = fault_sync,
    .query = fault_query,
    .next = fault_next,
    .columns = fault_columns,
    .column = fault_column,
    .end = fault_end,
    .check = fault_check,
    .lock = fault_lock,
    .be_patient = fault_be_patient,
    .set_patience = fault_set_patience,
};

struct db *db_fault_wrap(struct db *inner)
{
	struct fault *f = calloc(1, sizeof(*f));

	if (!f) {
		db_close(inner);
		return NULL;
	}
	fault_driver.word = inner->driver->word;
	*f = (struct fault){.db = {.driver = &fault_driver, .access = inner->access},
			    .inner = inner};
	return &f->db;
}

void db_fault_at(struct db *wrapped, uint64_t n, enum err err)
{
	struct fault *f = fault_of(wrapped);

	BUG_ON(wrapped->driver != &fault_driver);
	f->calls = 0;
	f->at = n;
	f->err = err;
}

uint64_t db_fault_calls(const struct db *wrapped)
{
	return fault_of(wrapped)->calls;
}

/* The failing disk: the machine's own VFS with three functions replaced. Files with locks and files without have a table of
 * methods each; the tables are copied, and the files get the copies. The machine's functions do not look at the table through
 * which they were called. */
static sqlite3_vfs *disk, failing_disk;
static struct methods {
	const sqlite3_io_methods *real;
	sqlite3_io_methods failing;
	bool is_log;
} methods[8];
static pthread_mutex_t orders = PTHREAD_MUTEX_INITIALIZER; /* for what follows */
static struct db_disk_order order;
static atomic_bool skips_syncs;
static uint64_t counted, failures, count_by_op[3];

static unsigned index_of(enum db_disk_op op)
{
	return op == DB_DISK_OPEN ? 0 : op == DB_DISK_WRITE ? 1 : 2;
}

static int code_of(enum db_disk_fault fault)
{
	switch (fault) {
	case DB_DISK_FULL:
		return SQLITE_FULL;
	case DB_DISK_WRITE_FAILED:
		return SQLITE_IOERR_WRITE;
	case DB_DISK_SYNC_FAILED:
		return SQLITE_IOERR_FSYNC;
	case DB_DISK_READ_ONLY:
		return SQLITE_READONLY;
	case DB_DISK_KILLED:
		return SQLITE_ABORT;
	}
	return SQLITE_IOERR;
}

/* SQLITE_OK when this operation may pass; what it must fail with otherwise. */
static int verdict(enum db_disk_op op, bool is_log)
{
	int code = SQLITE_OK;

	pthread_mutex_lock(&orders);
	count_by_op[index_of(op)]++;
	if ((order.ops & op) &&
	    (order.file == DB_DISK_ANY || is_log == (order.file == DB_DISK_LOG))) {
		counted++;
		if (order.lasting ? counted >= order.at : counted == order.at) {
			failures++;
			code = code_of(order.fault);
		}
	}
	pthread_mutex_unlock(&orders);
	return code;
}

static const struct methods *methods_of(const sqlite3_file *file)
{
	const struct methods *m = methods;

	while (file->pMethods != &m->failing)
		BUG_ON(++m == methods + ARRAY_LEN(methods));
	return m;
}

static int disk_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	const struct methods *m = methods_of(file);
	const int code = verdict(DB_DISK_WRITE, m->is_log);

	if (code == SQLITE_OK)
		return m->real->xWrite(file, p, n, at);
	if (code != SQLITE_READONLY && code != SQLITE_IOERR_FSYNC)
		(void)m->real->xWrite(file, p, n / 2, at);
	if (code == SQLITE_ABORT)
		(void)raise(SIGKILL);
	return code;
}

static int disk_sync(sqlite3_file *file, int flags)
{
	const struct methods *m = methods_of(file);
	const int code = verdict(DB_DISK_SYNC, m->is_log);

	if (code == SQLITE_ABORT)
		(void)raise(SIGKILL);
	return code == SQLITE_OK && !skips_syncs ? m->real->xSync(file, flags) : code;
}

static void replace_methods(sqlite3_file *file, bool is_log)
{
	struct methods *m = methods;

	pthread_mutex_lock(&orders);
	while (m->real && (m->real != file->pMethods || m->is_log != is_log))
		BUG_ON(++m == methods + ARRAY_LEN(methods));
	if (!m->real) {
		m->real = file->pMethods;
		m->is_log = is_log;
		m->failing = *m->real;
		m->failing.xWrite = disk_write;
		m->failing.xSync = disk_sync;
	}
	pthread_mutex_unlock(&orders);
	file->pMethods = &m->failing;
}

static int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		     int *ret_flags)
{
	const bool is_log = flags & SQLITE_OPEN_WAL;
	int code = verdict(DB_DISK_OPEN, is_log);

	if (code != SQLITE_OK) {
		file->pMethods = NULL;
		return code == SQLITE_READONLY ? SQLITE_CANTOPEN : code;
	}
	code = disk->xOpen(vfs, name, file, flags, ret_flags);
	if (!code && file->pMethods)
		replace_methods(file, is_log);
	return code;
}

enum err db_disk_install(struct cause *why)
{
	if (disk)
		return ERR_NONE;
	disk = sqlite3_vfs_find(NULL);
	if (!disk)
		return fail(why, ERR_DB, "SQLite knows no disk");
	failing_disk = *disk;
	failing_disk.zName = "failing";
	failing_disk.xOpen = disk_open;
	if (sqlite3_vfs_register(&failing_disk, 1) != SQLITE_OK)
		return fail(why, ERR_DB, "SQLite does not take the failing disk");
	return ERR_NONE;
}

void db_disk_order(struct db_disk_order ordered)
{
	pthread_mutex_lock(&orders);
	order = ordered;
	counted = failures = 0;
	memset(count_by_op, 0, sizeof(count_by_op));
	pthread_mutex_unlock(&orders);
}

void db_disk_skip_syncs(bool skip)
{
	atomic_store(&skips_syncs, skip);
}

uint64_t db_disk_count(enum db_disk_op op)
{
	uint64_t n;

	pthread_mutex_lock(&orders);
	n = count_by_op[index_of(op)];
	pthread_mutex_unlock(&orders);
	return n;
}

uint64_t db_disk_failures(void)
{
	uint64_t n;

	pthread_mutex_lock(&orders);
	n = failures;
	pthread_mutex_unlock(&orders);
	return n;
}
