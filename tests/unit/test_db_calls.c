/* What every database must do that db/ has a driver for: run over SQLite, and, where CUSTOMHOUSE_TEST_DB says so, PostgreSQL. */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "db/db_fault.h"
#include "things.h"

static void test_values_come_back_as_they_went(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	struct thing t;

	add_to(db, (struct thing){INT64_MIN, SPAN(""), {"", 0, 0}});
	add_to(db,
	       (struct thing){1, SPAN("\xc3\x84 'quoted' \"; DROP TABLE thing; --"), {NULL, 0, 0}});
	add_to(db, (struct thing){INT64_MAX, {"a\0b", 1, 0}, {"\0\xff\0", 3, 0}});

	assert_ok(db_one(db, &thing_get, DB_ARGS(db_i64(INT64_MIN)), d->arena, &THING, &t, &why));
	assert_true(t.id == INT64_MIN && t.name.p && t.name.n == 0);
	assert_true(t.bytes.p && t.bytes.n == 0); /* empty, not NULL */
	assert_ok(db_one(db, &thing_get, DB_ARGS(db_i64(1)), d->arena, &THING, &t, &why));
	assert_span(t.name, "\xc3\x84 'quoted' \"; DROP TABLE thing; --");
	assert_null(t.bytes.p);
	assert_ok(db_one(db, &thing_get, DB_ARGS(db_i64(INT64_MAX)), d->arena, &THING, &t, &why));
	assert_span(t.name, "a");
	assert_memory_equal(t.bytes.p, "\0\xff\0", 3);
	db_close(db);
}

static void test_one_and_all(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	struct thing t = {.id = 77};
	void *rows;
	uint32_t count = 9;

	assert_int_equal(db_one(db, &thing_get, DB_ARGS(db_i64(5)), d->arena, &THING, &t, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(why.err, ERR_NONE); /* looking is no failure */
	assert_int_equal(t.id, 77);
	assert_ok(db_all(db, &thing_all, DB_NO_ARGS, d->arena, &THING, &rows, &count, &why));
	assert_int_equal(count, 0);
	for (int64_t i = 1; i <= 100; i++)
		add_to(db, (struct thing){i, SPAN("x"), {NULL, 0, 0}});
	assert_ok(db_all(db, &thing_all, DB_NO_ARGS, d->arena, &THING, &rows, &count, &why));
	assert_int_equal(count, 100);
	assert_int_equal(((struct thing *)rows)[99].id, 100);
	db_close(db);
}

static void test_no_memory_for_a_row(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	struct thing t = {.id = 77};
	void *rows;
	uint32_t count;

	add_to(db, (struct thing){1, SPAN("a name"), SPAN("bytes")});
	for (uint64_t n = 1; n <= 2; n++) {
		why = (struct cause){0};
		arena_fail_at(n);
		assert_int_equal(
		    db_one(db, &thing_get, DB_ARGS(db_i64(1)), d->arena, &THING, &t, &why),
		    ERR_NOMEM);
		assert_int_equal(t.id, 77);
	}
	for (uint64_t n = 1; n <= 3; n++) {
		arena_fail_at(n);
		assert_int_equal(
		    db_all(db, &thing_all, DB_NO_ARGS, d->arena, &THING, &rows, &count, &why),
		    ERR_NOMEM);
	}
	arena_fail_at(0);
	assert_ok(db_one(db, &thing_get, DB_ARGS(db_i64(1)), d->arena, &THING, &t, &why));
	assert_span(t.name, "a name");
	db_close(db);
}

static enum err add_two(struct db *db, void *context, struct cause *why)
{
	struct pair *p = context;
	enum err err = add_thing(db, &p->first, why);

	p->runs++;
	if (!err)
		err = add_thing(db, &p->second, why);
	return err ? err : p->err;
}

static void test_a_transaction_is_whole_or_absent(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	struct pair same = {
	    {1, SPAN("a"), {NULL, 0, 0}}, {1, SPAN("b"), {NULL, 0, 0}}, ERR_NONE, 0};
	struct pair refused = {
	    {1, SPAN("a"), {NULL, 0, 0}}, {2, SPAN("b"), {NULL, 0, 0}}, ERR_LIMIT, 0};
	struct pair lost = {
	    {1, SPAN("a"), {NULL, 0, 0}}, {2, SPAN("b"), {NULL, 0, 0}}, ERR_RETRY, 0};
	struct pair good = {
	    {1, SPAN("a"), {NULL, 0, 0}}, {2, SPAN("b"), {NULL, 0, 0}}, ERR_NONE, 0};

	assert_int_equal(db_tx(db, DB_WRITE, add_two, &same, &why), ERR_CONFLICT);
	assert_non_null(strstr(why.text, "thing_add"));
	assert_int_equal(count_things(db, d->arena), 0);
	assert_int_equal(db_tx(db, DB_WRITE, add_two, &refused, &why), ERR_LIMIT);
	assert_int_equal(refused.runs, 1);
	assert_int_equal(db_tx(db, DB_WRITE, add_two, &lost, &why), ERR_BUSY);
	assert_int_equal(lost.runs, 4);
	assert_int_equal(count_things(db, d->arena), 0);
	assert_int_equal(db_tx(db, DB_WRITE, add_two, &good, &why), ERR_NONE);
	assert_int_equal(count_things(db, d->arena), 2);
	db_close(db);
}

static enum err rename_from(struct db *db, void *context, struct cause *why)
{
	int64_t *rows = context;

	return db_exec_count(db, &thing_rename, DB_ARGS(db_text(SPAN("new")), db_i64(2)), rows,
			     why);
}

static void test_changed_rows_are_counted(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	int64_t rows = -1;

	for (int64_t i = 1; i <= 3; i++)
		add_to(db, (struct thing){i, SPAN("old"), {NULL, 0, 0}});
	assert_ok(db_tx(db, DB_WRITE, rename_from, &rows, &why));
	assert_int_equal(rows, 2);
	db_close(db);
}

/* A reader's picture stays while the writer goes on, and neither waits. */
struct glance {
	struct db *writer;
	struct arena *arena;
};

static enum err look_twice(struct db *db, void *context, struct cause *why)
{
	const struct glance *g = context;

	(void)why;
	assert_int_equal(count_things(db, g->arena), 1);
	add_to(g->writer, (struct thing){2, SPAN("later"), {NULL, 0, 0}});
	assert_int_equal(count_things(g->writer, g->arena), 2);
	assert_int_equal(count_things(db, g->arena), 1);
	return ERR_NONE;
}

static void test_a_reader_sees_one_picture(void **state)
{
	struct store_dir *d = *state;
	struct db *writer = open_things(d), *reader;
	struct glance g = {writer, d->arena};
	struct cause why = {0};
	struct thing t = {3, SPAN("no"), {NULL, 0, 0}};

	add_to(writer, (struct thing){1, SPAN("first"), {NULL, 0, 0}});
	assert_ok(db_open(d->path, DB_READ, &reader, &why));
	assert_ok(db_tx(reader, DB_READ, look_twice, &g, &why));
	assert_int_equal(count_things(reader, d->arena), 2);
	assert_int_equal(db_tx(reader, DB_WRITE, add_thing, &t, &why), ERR_USAGE);
	db_close(reader);
	db_close(writer);
}

/* ---- many at once ---- */

static const struct db_stmt thing_put = {"thing_put",
					 "INSERT INTO thing (id, name, bytes) VALUES ($1, $2, $3)"
					 " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
					 " bytes = excluded.bytes"};

enum { MANY = 700 };

/* Rows 1 to MANY; every fifth a second time, at once and once more at the end, with another name: the last one counts. */
static enum err put_many(struct db *db, void *context, struct cause *why)
{
	char bytes[900];
	enum err e = ERR_NONE;

	(void)context;
	for (int64_t i = 1; i <= MANY && !e; i++) {
		memset(bytes, (int)(i & 127), sizeof(bytes));
		e = db_group(
		    db, &thing_put,
		    DB_ARGS(db_i64(i), db_text(SPAN("first")),
			    i % 3 ? db_bytes(bytes, (size_t)i) : db_blob((struct span){0})),
		    1, why);
		if (!e && i % 5 == 0)
			e = db_group(
			    db, &thing_put,
			    DB_ARGS(db_i64(i), db_text(SPAN("second")), db_bytes(bytes, (size_t)i)),
			    1, why);
		memset(bytes, 0, sizeof(bytes)); /* arguments may go as soon as a call returns */
	}
	for (int64_t i = 10; i <= MANY && !e; i += 10)
		e = db_group(db, &thing_put,
			     DB_ARGS(db_i64(i), db_text(SPAN("")), db_bytes("x", 1)), 1, why);
	/* what is executed otherwise comes behind all of them */
	return e ? e
		 : db_exec(db, &thing_rename, DB_ARGS(db_text(SPAN("renamed")), db_i64(MANY)), why);
}

static void check_thing(const struct thing *t)
{
	const int64_t i = t->id;

	assert_true(span_is(t->name, i == MANY     ? "renamed"
				     : i % 10 == 0 ? ""
				     : i % 5 == 0  ? "second"
						   : "first"));
	if (i % 10 == 0) {
		assert_true(span_is(t->bytes, "x"));
	} else if (i % 5 && i % 3 == 0) {
		assert_null(t->bytes.p);
	} else {
		assert_int_equal(t->bytes.n, i);
		assert_int_equal(t->bytes.p[i - 1], i & 127);
	}
}

static void test_rows_that_wait_for_others_arrive(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	uint32_t count;
	void *rows;

	for (int round = 0; round < 2; round++) { /* the second one changes what is there */
		assert_ok(db_tx(db, DB_WRITE, put_many, NULL, &why));
		assert_ok(
		    db_all(db, &thing_all, DB_NO_ARGS, d->arena, &THING, &rows, &count, &why));
		assert_int_equal(count, MANY);
		for (uint32_t i = 0; i < count; i++)
			check_thing((const struct thing *)rows + i);
	}
	db_close(db);
}

/* Sees what was put before it, and fails for the row that is there already. */
static enum err put_and_look(struct db *db, void *context, struct cause *why)
{
	struct arena *a = context;
	const uint32_t before = count_things(db, a);
	enum err e = ERR_NONE;

	for (int64_t i = 0; i < 70 && !e; i++)
		e = db_group(
		    db, &thing_add,
		    DB_ARGS(db_i64(MANY + 1 + i), db_text(SPAN("more")), db_blob((struct span){0})),
		    0, why);
	if (e)
		return e;
	assert_int_equal(count_things(db, a), before + 70);
	return db_group(db, &thing_add,
			DB_ARGS(db_i64(1), db_text(SPAN("again")), db_blob((struct span){0})), 0,
			why);
}

static void test_a_row_that_waits_fails_its_transaction(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};

	add_to(db, (struct thing){1, SPAN("first"), {NULL, 0, 0}});
	for (int round = 0; round < 2; round++) {
		assert_int_equal(db_tx(db, DB_WRITE, put_and_look, d->arena, &why), ERR_CONFLICT);
		assert_int_equal(count_things(db, d->arena), 1);
	}
	db_close(db);
}

struct asking {
	struct arena *arena;
	struct db_found found[MANY + 50];
	int64_t trips;
};

static enum err ask_each(struct db *db, void *context, struct cause *why)
{
	struct asking *a = context;
	struct db_value id[MANY + 50];
	uint64_t before;
	enum err e;

	for (int64_t i = 0; i < MANY + 50; i++)
		id[i] = db_i64(i);
	before = db_round_trips(db);
	e = db_each(db, &thing_get, id, 1, MANY + 50, a->arena, &THING, a->found, why);
	a->trips = (int64_t)(db_round_trips(db) - before);
	return e;
}

static void test_many_questions_wait_as_few(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct asking *a = arena_alloc(d->arena, sizeof(*a));
	struct cause why = {0};

	a->arena = d->arena;
	assert_ok(db_tx(db, DB_WRITE, put_many, NULL, &why));
	for (int access = DB_READ; access <= DB_WRITE; access++) {
		assert_ok(db_tx(db, (enum db_access)access, ask_each, a, &why));
		for (int64_t i = 0; i < MANY + 50; i++) {
			assert_int_equal(a->found[i].count, i >= 1 && i <= MANY);
			if (a->found[i].count) {
				assert_int_equal(((struct thing *)a->found[i].row)->id, i);
				check_thing(a->found[i].row);
			}
		}
		assert_true(a->trips <= 3 && (a->trips > 0) == store_dir_remote());
	}
	db_close(db);
}

/* Things of a name, the highest number first; and one that a server is not asked for many at once. */
static const struct db_stmt things_named = {
    "things_named", "SELECT id, name, bytes FROM thing WHERE name = $1 ORDER BY id DESC"};
static const struct db_stmt things_from = {
    "things_from", "SELECT id, name, bytes FROM thing WHERE name = $1 AND id >= $2 ORDER BY id"};

enum { NAMES = 7, SETS_MAX = 150 };

/* Set i asks for the name i * 5 % 9: there are none of two of the nine, and the others come more than once. */
static struct span name_of(struct arena *a, int64_t i)
{
	return span_of(arena_print(a, "name-%lld", (long long)(i * 5 % (NAMES + 2))));
}

static enum err put_named(struct db *db, void *context, struct cause *why)
{
	struct arena *a = context;
	enum err e = ERR_NONE;

	for (int64_t i = 1; i <= 40 && !e; i++) {
		struct thing t = {
		    i, span_of(arena_print(a, "name-%lld", (long long)(i % NAMES))), {NULL, 0, 0}};

		e = add_thing(db, &t, why);
	}
	return e;
}

static void check_named(const struct db_found *f, struct span name, bool falling)
{
	const struct thing *t = f->row;
	uint32_t wanted = 0;

	for (int64_t i = 1; i <= 40; i++)
		wanted += name.p[name.n - 1] - '0' == i % NAMES;
	assert_int_equal(f->count, wanted);
	for (uint32_t i = 0; i < f->count; i++) {
		assert_true(span_equal(t[i].name, name));
		assert_true(!i || (t[i].id < t[i - 1].id) == falling);
	}
}

static enum err ask_sets(struct db *db, void *context, struct cause *why)
{
	struct arena *a = context;
	enum err e = ERR_NONE;

	for (uint32_t n = 1; n <= SETS_MAX && !e; n += n < 20 ? 1 : 13) {
		struct db_value named[SETS_MAX], from[2 * SETS_MAX];
		struct db_found found[SETS_MAX];

		for (uint32_t i = 0; i < n; i++) {
			named[i] = from[2 * i] = db_text(name_of(a, i));
			from[2 * i + 1] = db_i64(1);
		}
		e = db_each(db, &things_named, named, 1, n, a, &THING, found, why);
		for (uint32_t i = 0; i < n && !e; i++)
			check_named(&found[i], name_of(a, i), true);
		if (!e)
			e = db_each(db, &things_from, from, 2, n, a, &THING, found, why);
		for (uint32_t i = 0; i < n && !e; i++)
			check_named(&found[i], name_of(a, i), false);
	}
	return e;
}

static void test_sets_get_their_own_rows(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};

	assert_ok(db_tx(db, DB_WRITE, put_named, d->arena, &why));
	for (int access = DB_READ; access <= DB_WRITE; access++)
		assert_ok(db_tx(db, (enum db_access)access, ask_sets, d->arena, &why));
	db_close(db);
}

/* A bug stops the process at once: seen from outside. */
static int ends_with_abort(void (*bad)(const struct store_dir *d), const struct store_dir *d)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		const int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		bad(d);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void numbers_out_of_order(const struct store_dir *d)
{
	static const struct db_stmt wrong = {"wrong", "UPDATE thing SET name = $2 WHERE id = $1"};
	struct db *db = open_things(d);
	struct db_rows rows;

	(void)!db_query(db, &wrong, DB_ARGS(db_i64(1), db_text(SPAN("x"))), NULL, &rows, NULL);
}

static void one_argument_too_few(const struct store_dir *d)
{
	struct db *db = open_things(d);
	struct db_rows rows;

	(void)!db_query(db, &thing_get, DB_NO_ARGS, NULL, &rows, NULL);
}

static void write_outside_a_transaction(const struct store_dir *d)
{
	struct db *db = open_things(d);

	(void)!db_exec(db, &thing_add, DB_ARGS(db_i64(1), db_text(SPAN("x")), db_blob(SPAN("y"))),
		       NULL);
}

static void test_misuse_is_a_bug(void **state)
{
	assert_true(ends_with_abort(numbers_out_of_order, *state));
	store_dir_renew(*state);
	assert_true(ends_with_abort(one_argument_too_few, *state));
	store_dir_renew(*state);
	assert_true(ends_with_abort(write_outside_a_transaction, *state));
}

/* Every call of a transaction fails once; what was there before is there, and the next transaction works. */
static void test_each_call_fails_once(void **state)
{
	struct store_dir *d = *state;
	struct db *db = db_fault_wrap(open_things(d));
	struct cause why = {0};
	uint32_t before = 0;

	assert_non_null(db);
	for (uint64_t n = 1; n <= 6; n++) {
		struct pair p = {{(int64_t)n * 10, SPAN("a"), {NULL, 0, 0}},
				 {(int64_t)n * 10 + 1, SPAN("b"), {NULL, 0, 0}},
				 ERR_NONE,
				 0};
		enum err err;

		why = (struct cause){0};
		db_fault_at(db, n, ERR_IO);
		err = db_tx(db, DB_WRITE, add_two, &p, &why);
		db_fault_at(db, 0, ERR_NONE);
		assert_int_equal(err,
				 n <= 4 ? ERR_IO : ERR_NONE); /* begin, two statements, commit */
		if (err)
			assert_non_null(strstr(why.text, "ordered failure"));
		else
			before += 2;
		assert_int_equal(count_things(db, d->arena), before);
	}
	db_close(db);
}

/* ---- patience ---- */

static const struct db_stmt endless = {
    "endless", "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n"
	       " WHERE i > 0) SELECT COUNT(*) FROM n"};
static const struct db_stmt numbers = {
    "numbers", "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n"
	       " WHERE i < 100000) SELECT i FROM n"};

static void read_number(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape NUMBER = {sizeof(int64_t), read_number};

/* The client leaves when it was looked after so often. */
static bool leaves(void *context)
{
	return --*(int *)context <= 0;
}

static enum err ask_endless(struct db *db, void *context, struct cause *why)
{
	int64_t n;

	return db_one(db, &endless, DB_ARGS(db_i64(1)), context, &NUMBER, &n, why);
}

static enum err scan_numbers(struct db *db, void *context, struct cause *why)
{
	struct db_rows rows;
	enum err err = db_scan(db, &numbers, DB_ARGS(db_i64(1)), 10, &rows, why), end;

	while (!err && (err = db_next(&rows, why)) == ERR_NONE)
		++*(int64_t *)context;
	end = db_end(&rows, why);
	return err == ERR_NOT_FOUND ? end : err;
}

/* On a server, nobody works for us any more. */
static bool server_rests(struct db *db, struct arena *a)
{
	static const struct db_stmt busy = {
	    "busy", "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND"
		    " datname = current_database() AND query LIKE 'WITH RECURSIVE%'"};
	struct cause why = {0};
	int64_t n = 1;

	for (int tries = 0; store_dir_remote() && n && tries < 1000; tries++) {
		assert_ok(db_one(db, &busy, DB_NO_ARGS, a, &NUMBER, &n, &why));
		usleep(10000);
	}
	return !store_dir_remote() || !n;
}

static void test_what_nobody_waits_for_is_stopped(void **state)
{
	struct store_dir *d = *state;
	struct db *writer = open_things(d), *db;
	struct cause why = {0};
	struct thing t;
	int looks;
	int64_t rows = 0;

	add_to(writer, (struct thing){1, SPAN("a"), {NULL, 0, 0}});
	assert_ok(db_open(d->path, DB_READ, &db, &why));
	for (int round = 0; round < 3; round++) {
		/* its time is over; in a transaction and without one */
		db_set_patience(db, &(struct patience){.until = clock_steady() + 50000});
		assert_int_equal(round % 2 ? ask_endless(db, d->arena, &why)
					   : db_tx(db, DB_READ, ask_endless, d->arena, &why),
				 ERR_BUSY);
		assert_non_null(strstr(why.text, "limit"));
		looks = 3;
		db_set_patience(db, &(struct patience){.gone = leaves, .context = &looks});
		assert_int_equal(round % 2 ? ask_endless(db, d->arena, &why)
					   : db_tx(db, DB_READ, ask_endless, d->arena, &why),
				 ERR_BUSY);
		/* from then on nothing is asked; until somebody waits again */
		assert_int_equal(
		    db_one(db, &thing_get, DB_ARGS(db_i64(1)), d->arena, &THING, &t, &why),
		    ERR_BUSY);
		db_set_patience(db, NULL);
		assert_ok(db_one(db, &thing_get, DB_ARGS(db_i64(1)), d->arena, &THING, &t, &why));
		assert_true(server_rests(db, d->arena));
	}
	looks = 20;
	db_set_patience(db, &(struct patience){.gone = leaves, .context = &looks});
	assert_int_equal(db_tx(db, DB_READ, scan_numbers, &rows, &why), ERR_BUSY);
	assert_true(rows < 99999);
	db_close(db);
	db_close(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_values_come_back_as_they_went),
	    store_test(test_one_and_all),
	    store_test(test_no_memory_for_a_row),
	    store_test(test_a_transaction_is_whole_or_absent),
	    store_test(test_changed_rows_are_counted),
	    store_test(test_a_reader_sees_one_picture),
	    store_test(test_rows_that_wait_for_others_arrive),
	    store_test(test_a_row_that_waits_fails_its_transaction),
	    store_test(test_many_questions_wait_as_few),
	    store_test(test_sets_get_their_own_rows),
	    store_test(test_what_nobody_waits_for_is_stopped),
	    store_test(test_misuse_is_a_bug),
	    store_test(test_each_call_fails_once),
	};

	return store_dir_run(tests);
}
