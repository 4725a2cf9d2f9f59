/* Failures on order, for the tests. Nothing in the program includes this. */
#ifndef CUSTOMHOUSE_DB_DB_FAULT_H
#define CUSTOMHOUSE_DB_DB_FAULT_H

#include "db/db.h"

/* A connection that passes every call on to another, which it owns, until a call is ordered to fail. Counted are begin, commit,
 * script, exec, sync, query and next. NULL when there is no memory (inner is then closed). */
struct db *db_fault_wrap(struct db *inner);
/* Call number n from now (1 is the next) fails with err before it reaches the inner connection; 0 orders nothing. */
void db_fault_at(struct db *wrapped, uint64_t n, enum err err);
/* Calls since db_fault_at(). */
uint64_t db_fault_calls(const struct db *wrapped);

/* A disk that fails. It is put under every SQLite connection that is opened afterwards, in the whole process, whatever their
 * threads. The writer of a store writes to the log and syncs it; what is written to the file itself is a checkpoint. */
enum db_disk_op { DB_DISK_OPEN = 1, DB_DISK_WRITE = 2, DB_DISK_SYNC = 4 };
enum db_disk_file { DB_DISK_ANY, DB_DISK_MAIN, DB_DISK_LOG };
enum db_disk_fault {
	DB_DISK_FULL,         /* half of the bytes arrive, then there is no space */
	DB_DISK_WRITE_FAILED, /* half of the bytes arrive, then an input/output error */
	DB_DISK_SYNC_FAILED,  /* fsync reports an error */
	DB_DISK_READ_ONLY,
	DB_DISK_KILLED, /* the process is killed: before the operation, or between the halves of a write */
};

struct db_disk_order {
	unsigned ops; /* which of enum db_disk_op count, or-ed together; 0: nothing fails */
	uint64_t at;  /* the number of the first that fails, from now: 1 is the next */
	bool lasting; /* every later one fails too; else only that one */
	enum db_disk_fault fault;
	enum db_disk_file file; /* only operations on this one count */
};

enum err db_disk_install(struct cause *why) MUST_CHECK;
void db_disk_order(struct db_disk_order order);
/* Syncs are counted and ordered to fail as before, and not done: for tests whose processes die while the machine lives on. */
void db_disk_skip_syncs(bool skip);
/* How many operations of a kind were asked for since the last order, on any file. */
uint64_t db_disk_count(enum db_disk_op op);
/* How many operations have failed since the last order. */
uint64_t db_disk_failures(void);

#endif
