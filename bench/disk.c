/* disk: what this disk and SQLite can do, measured in the same run as the hub, so that the hub's rate is a ratio and not a boast.
 *
 *   bench-disk DIR
 *
 *   disk.group   4 kB records appended to a preallocated file, 64 to an fdatasync: records a second
 *   disk.rows    SQLite, WAL, synchronous=FULL, one 4 kB row to a commit: commits a second */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RECORD = 4096, GROUP = 64, SECONDS = 3 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-disk: %s\n", what);
	exit(2);
}

static double group_commit(const char *directory)
{
	static char record[RECORD * GROUP];
	char path[4096];
	double end, began;
	long n = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/bench-disk.log", directory);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || posix_fallocate(fd, 0, 512 << 20))
		die(path);
	memset(record, 'x', sizeof(record));
	began = now();
	end = began + SECONDS;
	while (now() < end) {
		off_t at = (off_t)(n % (100000 / GROUP * GROUP)) * RECORD;

		if (pwrite(fd, record, sizeof(record), at) != (ssize_t)sizeof(record) ||
		    fdatasync(fd))
			die("write");
		n += GROUP;
	}
	close(fd);
	unlink(path);
	return (double)n / (now() - began);
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
}

static double row_commit(const char *directory)
{
	static char record[RECORD];
	char path[4096];
	sqlite3_stmt *insert;
	double end, began;
	sqlite3 *db;
	long n = 0;

	snprintf(path, sizeof(path), "%s/bench-disk.db", directory);
	unlink(path);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path);
	run(db, "PRAGMA journal_mode=WAL");
	run(db, "PRAGMA synchronous=FULL");
	run(db, "CREATE TABLE record(id INTEGER PRIMARY KEY, bytes BLOB)");
	sqlite3_prepare_v2(db, "INSERT INTO record(bytes) VALUES($1)", -1, &insert, NULL);
	began = now();
	end = began + SECONDS;
	while (now() < end) {
		sqlite3_bind_blob(insert, 1, record, sizeof(record), SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			die(sqlite3_errmsg(db));
		sqlite3_reset(insert);
		n++;
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	unlink(path);
	return (double)n / (now() - began);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		die("usage: bench-disk DIR");
	printf("{\"name\":\"disk.group\",\"value\":%.0f,\"unit\":\"records/s\"}\n",
	       group_commit(argv[1]));
	printf("{\"name\":\"disk.rows\",\"value\":%.0f,\"unit\":\"commits/s\"}\n",
	       row_commit(argv[1]));
	return 0;
}
