/* Writes rows 1 to COUNT, or until SIGUSR1, each in a transaction of its own, whatever becomes of the server meanwhile:
 * keep_writing URL COUNT.
 *
 * A row whose transaction failed is written again; one that is uncertain is looked for first, and written again only where it is
 * not there. Says what came of them, as JSON. Exit status 1: a row was there that had failed, or one is missing. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/db.h"

static const struct db_stmt row_add = {"row_add",
				       "INSERT INTO written (number, text) VALUES ($1, $2)"};
static const struct db_stmt row_find = {"row_find",
					"SELECT COUNT(*) FROM written WHERE number = $1"};
static const struct db_stmt rows_count = {"rows_count", "SELECT COUNT(*) FROM written"};

static void read_number(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape NUMBER = {sizeof(int64_t), read_number};

static enum err make_table(struct db *db, void *context, struct cause *why)
{
	(void)context;
	/* a database that has the first of these is a store to the driver */
	return db_script(db,
			 "CREATE TABLE migration (number {i64} NOT NULL PRIMARY KEY) {strict};"
			 "CREATE TABLE written (number {i64} NOT NULL PRIMARY KEY, text TEXT NOT "
			 "NULL) {strict}",
			 why);
}

/* Rows go as those of a batch do: kept back, and sent together. */
static enum err add(struct db *db, void *context, struct cause *why)
{
	static const char text[2000] = {'x'};
	const int64_t *number = context;

	return db_group(db, &row_add, DB_ARGS(db_i64(*number), db_text((struct span){text, 1, 0})),
			0, why);
}

struct finding {
	int64_t number, found;
};

/* Waits for nobody: the server has ended what its lost client had begun, or has stored it. */
static enum err find(struct db *db, void *context, struct cause *why)
{
	struct finding *f = context;

	return db_one(db, &row_find, DB_ARGS(db_i64(f->number)), NULL, &NUMBER, &f->found, why);
}

struct tally {
	int64_t stored, failed, full, uncertain, found, faults;
};

/* Until it is known. */
static bool is_there(struct db *db, int64_t number)
{
	struct finding f = {number, 0};
	struct cause why = {0};

	while (db_tx(db, DB_READ, find, &f, &why)) {
		why = (struct cause){0};
		(void)poll(NULL, 0, 50);
	}
	return f.found > 0;
}

/* Writes one row until it is stored. */
static void write_row(struct db *db, int64_t number, struct tally *t)
{
	for (;;) {
		struct cause why = {0};
		enum err e = db_tx(db, DB_WRITE, add, &number, &why);

		if (!e)
			break;
		if (e == ERR_CONFLICT) { /* it had failed, and is there */
			fprintf(stderr, "row %lld: %s\n", (long long)number, why.text);
			t->faults++;
			return;
		}
		if (e == ERR_UNCERTAIN) {
			t->uncertain++;
			if (is_there(db, number)) {
				t->found++;
				break;
			}
			continue;
		}
		t->failed++;
		t->full += e == ERR_IO;
		(void)poll(NULL, 0, 50);
	}
	t->stored++;
}

static volatile sig_atomic_t enough;

static void stop(int unused)
{
	(void)unused;
	enough = 1;
}

int main(int argc, char **argv)
{
	const int64_t count = argc == 3 ? strtoll(argv[2], NULL, 10) : 0;
	struct tally t = {0};
	struct cause why = {0};
	int64_t there = 0;
	struct db *db;
	enum err e;

	if (count < 1 || db_open(argv[1], DB_WRITE, &db, &why) ||
	    db_tx(db, DB_WRITE, make_table, NULL, &why)) {
		fprintf(stderr, "keep_writing URL COUNT: %s\n", why.text);
		return 2;
	}
	signal(SIGUSR1, stop);
	for (int64_t number = 1; number <= count && !enough; number++) {
		write_row(db, number, &t);
		if (number == 1 || number % 100 == 0) {
			printf("%lld\n", (long long)number);
			fflush(stdout);
		}
	}
	e = db_one(db, &rows_count, DB_NO_ARGS, NULL, &NUMBER, &there, &why);
	db_close(db);
	printf("{\"rows\":%lld,\"stored\":%lld,\"failed\":%lld,\"full\":%lld,\"uncertain\":%lld,"
	       "\"found\":%lld,\"faults\":%lld}\n",
	       (long long)there, (long long)t.stored, (long long)t.failed, (long long)t.full,
	       (long long)t.uncertain, (long long)t.found, (long long)t.faults);
	return e || t.faults || there != t.stored;
}
