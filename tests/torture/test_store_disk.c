/* A disk that fails under the store, at every place in turn: each failure is a clear error, what was acknowledged stays, a
 * transaction is absent or whole, and the store goes on by itself when the disk does. */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db/db_checkpoint.h"
#include "db/db_fault.h"
#include "store_dir.h"

enum { BATCH_EVENTS = 8, PAYLOAD_BYTES = 9000, PLACES_MAX = 4000 };

static char payload[PAYLOAD_BYTES];

static enum err append_batch(struct store *s, struct cause *why)
{
	struct store_dir_batch batch = {BATCH_EVENTS, {payload, sizeof(payload), 0}};

	*why = (struct cause){0};
	return store_batch(s, store_dir_append, &batch, why);
}

static void copy_file(const char *from, const char *to)
{
	static char bytes[1 << 16];
	const int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	assert_true(in >= 0 && out >= 0);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		assert_int_equal(write(out, bytes, (size_t)n), n);
	close(in);
	close(out);
}

/* What the disk holds at this moment, as a process finds it that starts after this one was killed: the number of events there. */
static int64_t count_after_crash(const struct store_dir *d)
{
	static const char *const files[] = {"customhouse.db", "customhouse.db-wal"};
	char crash[96], from[400], to[128];
	struct store *s;
	int64_t count;

	snprintf(crash, sizeof(crash), "%s/crash", d->parent);
	nftw(crash, store_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(mkdir(crash, 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(from, sizeof(from), "%s/%s", d->path, files[i]);
		snprintf(to, sizeof(to), "%s/%s", crash, files[i]);
		if (access(from, F_OK) == 0)
			copy_file(from, to);
	}
	s = store_dir_open(crash, STORE_OWN);
	count = store_dir_count(s);
	store_close(s);
	return count;
}

/* One batch under one order. False when the order's place was never reached. */
static bool fail_one_batch(void **state, struct db_disk_order order)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct cause why;
	int64_t crashed;
	enum err err;

	assert_ok(append_batch(s, &why));
	db_disk_order(order);
	err = append_batch(s, &why);
	db_disk_order((struct db_disk_order){0});
	if (!err) {
		assert_int_equal(store_dir_count(s), 2 * BATCH_EVENTS);
		store_close(s);
		return false;
	}
	assert_int_equal(err, ERR_IO);
	assert_non_null(strstr(why.text, d->path));           /* which file */
	assert_true(strlen(why.text) > strlen(d->path) + 60); /* and what to do */
	crashed = count_after_crash(d);
	assert_true(crashed == BATCH_EVENTS || crashed == 2 * BATCH_EVENTS);
	assert_int_equal(store_dir_count(s), BATCH_EVENTS);

	/* The disk is well again: so is the store, without a restart and with one. */
	assert_ok(append_batch(s, &why));
	assert_int_equal(store_dir_count(s), 2 * BATCH_EVENTS);
	assert_int_equal(count_after_crash(d), 2 * BATCH_EVENTS);
	assert_ok(store_check(s, &why));
	store_close(s);
	s = store_dir_open(d->path, STORE_OWN);
	assert_int_equal(store_dir_count(s), 2 * BATCH_EVENTS);
	store_close(s);
	return true;
}

static void fail_at_every_place(void **state, unsigned ops, enum db_disk_fault fault, bool lasting,
				uint64_t least)
{
	uint64_t n = 1;

	while (fail_one_batch(
	    state,
	    (struct db_disk_order){.ops = ops, .at = n, .lasting = lasting, .fault = fault})) {
		assert_true(++n < PLACES_MAX);
		store_dir_renew(*state);
	}
	if (n <= least)
		fail_msg("only %llu places failed: the order does not reach the batch",
			 (unsigned long long)n - 1);
}

static void test_disk_full_at_every_write(void **state)
{
	fail_at_every_place(state, DB_DISK_WRITE, DB_DISK_FULL, true, 10);
}

static void test_one_failed_write_at_every_place(void **state)
{
	fail_at_every_place(state, DB_DISK_WRITE, DB_DISK_WRITE_FAILED, false, 10);
}

static void test_a_disk_that_became_read_only(void **state)
{
	fail_at_every_place(state, DB_DISK_WRITE, DB_DISK_READ_ONLY, true, 10);
}

static void test_failed_fsync(void **state)
{
	fail_at_every_place(state, DB_DISK_SYNC, DB_DISK_SYNC_FAILED, false, 1);
}

/* An event takes more than one page: so many batches make the writer wait for the log to be carried over. */
enum { FLOOD_EVENTS = 64, FLOOD_BATCHES = 1 + DB_CHECKPOINT_WAIT / FLOOD_EVENTS };

_Static_assert(PAYLOAD_BYTES > 8192, "more than one page");

/* All must be acknowledged. */
static void flood(struct store *s, int batches)
{
	struct store_dir_batch batch = {FLOOD_EVENTS, {payload, sizeof(payload), 0}};
	struct cause why = {0};

	for (int i = 0; i < batches; i++)
		assert_ok(store_batch(s, store_dir_append, &batch, &why));
}

static void assert_holds(struct store_dir *d, struct store *s, int64_t events)
{
	struct cause why = {0};

	assert_int_equal(store_dir_count(s), events);
	assert_int_equal(count_after_crash(d), events);
	store_close(s);
	s = store_dir_open(d->path, STORE_OWN);
	assert_int_equal(store_dir_count(s), events);
	assert_ok(store_check(s, &why));
	store_close(s);
}

/* Only what carries the log over writes to the file itself: one operation there fails, and no commit may tell of it. */
static void fail_while_carrying_over(void **state, unsigned op, uint64_t at,
				     enum db_disk_fault fault)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	int64_t batches = 0;

	db_disk_order(
	    (struct db_disk_order){.ops = op, .at = at, .fault = fault, .file = DB_DISK_MAIN});
	do {
		flood(s, 1);
		assert_true(++batches < 10 * FLOOD_BATCHES);
	} while (!db_disk_failures());
	flood(s, FLOOD_BATCHES);
	assert_int_equal(db_disk_failures(), 1);
	db_disk_order((struct db_disk_order){0});
	assert_holds(d, s, (batches + FLOOD_BATCHES) * FLOOD_EVENTS);
	store_dir_renew(d);
}

static void test_failed_writes_while_the_log_is_carried_over(void **state)
{
	fail_while_carrying_over(state, DB_DISK_WRITE, 1, DB_DISK_FULL);
	fail_while_carrying_over(state, DB_DISK_WRITE, 333, DB_DISK_FULL);
	fail_while_carrying_over(state, DB_DISK_WRITE, 1500, DB_DISK_WRITE_FAILED);
}

static void test_failed_fsyncs_while_the_log_is_carried_over(void **state)
{
	fail_while_carrying_over(state, DB_DISK_SYNC, 1, DB_DISK_SYNC_FAILED);
	fail_while_carrying_over(state, DB_DISK_SYNC, 2, DB_DISK_SYNC_FAILED);
}

/* What is logged goes to a file. */
struct heard {
	int error, before;
};

static struct heard listen_to_log(const struct store_dir *d)
{
	char path[400];
	struct heard heard;

	snprintf(path, sizeof(path), "%s/log", d->parent);
	heard.before = dup(STDERR_FILENO);
	heard.error = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
	assert_true(heard.before >= 0 && heard.error >= 0);
	assert_int_equal(dup2(heard.error, STDERR_FILENO), STDERR_FILENO);
	return heard;
}

static void count_logged(const struct heard *heard, int *ret_failed, int *ret_recovered)
{
	char text[8192];
	const ssize_t n = pread(heard->error, text, sizeof(text) - 1, 0);

	assert_true(n >= 0);
	text[n] = 0;
	*ret_failed = *ret_recovered = 0;
	for (const char *p = text; (p = strstr(p, " checkpoint.failed ")); p++)
		++*ret_failed;
	for (const char *p = text; (p = strstr(p, " checkpoint.recovered ")); p++)
		++*ret_recovered;
}

/* A file that cannot be written for a long time: commits go on, the log says so once, and all is carried over afterwards. */
static void test_a_file_that_cannot_be_written_for_long(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct heard heard = listen_to_log(d);
	int failed[2], recovered[2];
	uint64_t failures;

	db_disk_order((struct db_disk_order){.ops = DB_DISK_WRITE,
					     .at = 1,
					     .lasting = true,
					     .fault = DB_DISK_FULL,
					     .file = DB_DISK_MAIN});
	flood(s, FLOOD_BATCHES);
	failures = db_disk_failures();
	count_logged(&heard, &failed[0], &recovered[0]);
	db_disk_order((struct db_disk_order){0});
	flood(s, FLOOD_BATCHES);
	count_logged(&heard, &failed[1], &recovered[1]);
	dup2(heard.before, STDERR_FILENO);
	close(heard.before);
	close(heard.error);

	assert_true(failures >= 2); /* it was tried again */
	assert_int_equal(failed[0], 1);
	assert_int_equal(recovered[0], 0);
	assert_int_equal(failed[1], 1);
	assert_int_equal(recovered[1], 1);
	assert_holds(d, s, 2 * FLOOD_BATCHES * FLOOD_EVENTS);
}

/* Written without a pause, the log would never be all carried over by itself. */
static void test_the_log_stays_short(void **state)
{
	enum {
		TIMES = 3,
		FRAME_BYTES = 4096 + 24,
		BATCH_FRAMES = 4 * FLOOD_EVENTS, /* at the most */
		BOUND = (DB_CHECKPOINT_WAIT + DB_CHECKPOINT_ASK + BATCH_FRAMES) * FRAME_BYTES,
	};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	int64_t written = 0, batches = 0;
	struct stat before = {0}, st;
	char path[400];

	snprintf(path, sizeof(path), "%s/customhouse.db-wal", d->path);
	while (written < (int64_t)TIMES * BOUND) {
		flood(s, 1);
		batches++;
		written += (int64_t)FLOOD_EVENTS * PAYLOAD_BYTES;
		assert_int_equal(stat(path, &st), 0);
		if (st.st_size > BOUND)
			fail_msg("the log has %lld bytes after %lld batches", (long long)st.st_size,
				 (long long)batches);
		assert_true(st.st_size >= before.st_size); /* its room is used again */
		before = st;
	}
	assert_holds(d, s, batches * FLOOD_EVENTS);
}

/* Opening fails at each operation in turn, on a new store and on an old one; the next opening succeeds. */
static void open_under_orders(void **state, bool is_new, enum db_disk_fault fault)
{
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	enum err err = ERR_IO;

	for (uint64_t n = 1; err; n++) {
		struct store_dir *d = *state;
		struct store *s;
		struct cause why = {0};

		assert_true(n < PLACES_MAX);
		if (!is_new) {
			s = store_dir_open(d->path, STORE_OWN);
			assert_ok(append_batch(s, &why));
			store_close(s);
		}
		db_disk_order(
		    (struct db_disk_order){.ops = DB_DISK_OPEN | DB_DISK_WRITE | DB_DISK_SYNC,
					   .at = n,
					   .lasting = true,
					   .fault = fault});
		err = store_open(d->path, &options, &s, &why);
		if (err && err != ERR_IO)
			fail_msg("%s: %s", err_name(err), why.text);
		if (!err)
			store_close(s);
		db_disk_order((struct db_disk_order){0});
		s = store_dir_open(d->path, STORE_OWN);
		assert_int_equal(store_dir_count(s), is_new ? 0 : BATCH_EVENTS);
		store_close(s);
		store_dir_renew(*state);
	}
}

static void test_opening_on_a_full_disk(void **state)
{
	open_under_orders(state, true, DB_DISK_FULL);
	open_under_orders(state, false, DB_DISK_FULL);
}

static void test_opening_on_a_read_only_disk(void **state)
{
	open_under_orders(state, true, DB_DISK_READ_ONLY);
	open_under_orders(state, false, DB_DISK_READ_ONLY);
}

/* The kernel's own refusal, not ours: files may not grow past a limit. */
static void test_a_limit_on_the_files(void **state)
{
	const struct rlimit small = {256 << 10, RLIM_INFINITY},
			    none = {RLIM_INFINITY, RLIM_INFINITY};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	int64_t acknowledged = 0;
	struct cause why;
	enum err err = ERR_NONE;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; !err && i < 100; i++) {
		err = append_batch(s, &why);
		acknowledged += err ? 0 : BATCH_EVENTS;
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(err, ERR_IO);
	assert_int_equal(store_dir_count(s), acknowledged);
	assert_ok(append_batch(s, &why));
	assert_int_equal(count_after_crash(d), acknowledged + BATCH_EVENTS);
	store_close(s);
}

/* A directory without the right to write, for a user who is not root. */
static int open_as_nobody(const char *path)
{
	const pid_t child = fork();
	int status;

	if (child == 0) {
		const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
		struct cause why = {0};
		struct store *s;
		enum err err;

		if (getuid() == 0 && (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
				      setresuid(65534, 65534, 65534)))
			_exit(99);
		err = store_open(path, &options, &s, &why);
		_exit(err && !strstr(why.text, "right") ? 98 : (int)err);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 97;
}

static void give_to_nobody(const char *path)
{
	if (getuid() == 0)
		assert_int_equal(chown(path, 65534, 65534), 0);
}

static void test_a_read_only_directory(void **state)
{
	static const char *const files[] = {"customhouse.db", "owner.lock"};
	struct store_dir *d = *state;
	struct store *s;
	char path[400];

	give_to_nobody(d->parent);
	assert_int_equal(chmod(d->parent, 0555), 0);
	assert_int_equal(open_as_nobody(d->path), ERR_IO);
	assert_int_equal(chmod(d->parent, 0755), 0);

	s = store_dir_open(d->path, STORE_OWN);
	store_close(s);
	give_to_nobody(d->path);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", d->path, files[i]);
		give_to_nobody(path);
	}
	assert_int_equal(chmod(d->path, 0555), 0);
	assert_int_equal(open_as_nobody(d->path), ERR_IO);
	assert_int_equal(chmod(d->path, 0700), 0);
	assert_int_equal(open_as_nobody(d->path), ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_disk_full_at_every_write),
	    store_test(test_one_failed_write_at_every_place),
	    store_test(test_a_disk_that_became_read_only),
	    store_test(test_failed_fsync),
	    store_test(test_failed_writes_while_the_log_is_carried_over),
	    store_test(test_failed_fsyncs_while_the_log_is_carried_over),
	    store_test(test_a_file_that_cannot_be_written_for_long),
	    store_test(test_the_log_stays_short),
	    store_test(test_opening_on_a_full_disk),
	    store_test(test_opening_on_a_read_only_disk),
	    store_test(test_a_limit_on_the_files),
	    store_test(test_a_read_only_directory),
	};
	struct cause why = {0};

	store_dir_noise(payload, sizeof(payload));
	if (db_disk_install(&why)) {
		print_error("%s\n", why.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
