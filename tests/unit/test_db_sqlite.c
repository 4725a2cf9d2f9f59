#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "db/db_fault.h"
#include "things.h"

/* What the writer is set to is what promise 1 rests on. */
static void read_span(struct db_rows *row, void *ret)
{
	*(struct span *)ret = db_get_span(row);
}

static void read_i64(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static void test_the_writer_waits_for_the_disk(void **state)
{
	static const struct db_shape text = {sizeof(struct span), read_span},
				     number = {sizeof(int64_t), read_i64};
	static const struct db_stmt mode = {"journal_mode", "PRAGMA journal_mode"},
				    sync = {"synchronous", "PRAGMA synchronous"},
				    erase = {"secure_delete", "PRAGMA secure_delete"};
	struct store_dir *d = *state;
	struct db *db;
	struct cause why = {0};
	struct span s;
	int64_t n;

	assert_ok(db_disk_install(&why));
	db = open_things(d);
	assert_ok(db_one(db, &mode, DB_NO_ARGS, d->arena, &text, &s, &why));
	assert_span(s, "wal");
	assert_ok(db_one(db, &sync, DB_NO_ARGS, d->arena, &number, &n, &why));
	assert_int_equal(n, 2);
	assert_ok(db_one(db, &erase, DB_NO_ARGS, d->arena, &number, &n, &why));
	assert_int_equal(n, 1);
	for (int64_t i = 1; i <= 5; i++) {
		db_disk_order((struct db_disk_order){0});
		add_to(db, (struct thing){i, SPAN("x"), {NULL, 0, 0}});
		assert_true(db_disk_count(DB_DISK_SYNC) >= 1); /* each commit by itself */
	}
	db_close(db);
}

static void test_places_that_are_no_store(void **state)
{
	static const char letter[512] =
	    "This is a letter, not a database, though it is as long as one's header.";
	struct store_dir *d = *state;
	struct cause why = {0};
	struct db *db;
	char path[400];
	int fd;

	assert_int_equal(db_open("", DB_WRITE, &db, &why), ERR_USAGE);
	why = (struct cause){0};
	assert_int_equal(db_open("mysql://host/db", DB_WRITE, &db, &why), ERR_UNSUPPORTED);
	assert_int_equal(db_open(d->path, DB_READ, &db, &why), ERR_NOT_FOUND);
	snprintf(path, sizeof(path), "%s/a/b", d->path);
	assert_int_equal(db_open(path, DB_WRITE, &db, &why), ERR_IO);

	snprintf(path, sizeof(path), "%s/customhouse.db", d->parent);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, letter, sizeof(letter)), (ssize_t)sizeof(letter));
	close(fd);
	why = (struct cause){0};
	assert_int_equal(db_open(d->parent, DB_WRITE, &db, &why), ERR_FORMAT);
	assert_non_null(strstr(why.text, "not a Customhouse store"));
}

static void test_another_programs_database_is_left_alone(void **state)
{
	struct store_dir *d = *state;
	struct cause why = {0};
	sqlite3 *theirs;
	struct db *db;
	char path[400];

	snprintf(path, sizeof(path), "%s/customhouse.db", d->parent);
	assert_int_equal(sqlite3_open(path, &theirs), SQLITE_OK);
	assert_int_equal(sqlite3_exec(theirs, "CREATE TABLE theirs (a)", NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(theirs);
	assert_int_equal(db_open(d->parent, DB_WRITE, &db, &why), ERR_FORMAT);
	assert_non_null(strstr(why.text, "another program"));
}

/* The file is readable by its owner only, whatever the umask. */
static void test_a_store_is_private(void **state)
{
	struct store_dir *d = *state;
	const mode_t before = umask(0);
	struct db *db = open_things(d);
	struct stat st;
	char path[400];

	umask(before);
	snprintf(path, sizeof(path), "%s/customhouse.db-wal", d->path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(d->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	db_close(db);
}

static enum err add_many(struct db *db, void *context, struct cause *why)
{
	enum err err = ERR_NONE;

	(void)context;
	for (int64_t i = 1; !err && i <= 5000; i++) {
		struct thing t = {i, SPAN("a name that takes some room on its page"), {NULL, 0, 0}};

		err = add_thing(db, &t, why);
	}
	return err;
}

static void test_damage_is_found(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	char path[400], junk[4096];
	int fd;

	assert_ok(db_tx(db, DB_WRITE, add_many, NULL, &why));
	assert_ok(db_check(db, &why));
	db_close(db);
	snprintf(path, sizeof(path), "%s/customhouse.db", d->path);
	memset(junk, 0x5a, sizeof(junk));
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 4 * 16384), (ssize_t)sizeof(junk));
	close(fd);
	assert_ok(db_open(d->path, DB_WRITE, &db, &why));
	assert_int_equal(db_check(db, &why), ERR_DB);
	assert_non_null(strstr(why.text, "backup"));
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_places_that_are_no_store),
	    store_test(test_another_programs_database_is_left_alone),
	    store_test(test_a_store_is_private),
	    store_test(test_damage_is_found),
	    store_test(test_the_writer_waits_for_the_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
