/* What only a server can do: be cut off, restart, refuse, take long. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "things.h"

/* ---- a proxy that cuts ---- */

/* Between a client and the server: passes everything on until it is told to cut. It reads the client's side message by message,
 * so that it can cut before a COMMIT reaches the server, or before its answer reaches the client. */
enum cut { CUT_NEVER, CUT_BEFORE_COMMIT, CUT_AFTER_COMMIT, CUT_NOW, CUT_SILENT };

struct proxy {
	int listener;
	uint16_t port;
	atomic_int cut;
	atomic_bool stop;
	atomic_int connections;
	pthread_t thread;
};

static uint16_t port_of_server(void)
{
	return (uint16_t)atoi(strrchr(postgres_server(), ':') + 1);
}

static int connect_to_server(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port_of_server())};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool send_all(int fd, const char *p, size_t n)
{
	while (n) {
		const ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* The statement COMMIT is prepared once and then run by its name: its text, or the name that it got, is looked for. */
static bool has_commit(const char *p, size_t n, char name[16])
{
	static const char text[] = "COMMIT";
	const char *at = memmem(p, n, text, sizeof(text));

	if (at) {
		/* Parse: the name of the statement stands before its text, each with a NUL. */
		const char *begin = at - 1;

		while (begin > p && begin[-1])
			begin--;
		snprintf(name, 16, "%.15s", begin);
		return true;
	}
	return name[0] && memmem(p, n, name, strlen(name) + 1);
}

static void pass_on(struct proxy *x, int client, int server)
{
	struct pollfd fds[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
	static char buffer[1 << 16];
	char name[16] = "";
	bool committing = false;

	while (!atomic_load(&x->stop) && atomic_load(&x->cut) != CUT_NOW) {
		if (poll(fds, 2, 20) <= 0 || atomic_load(&x->cut) == CUT_SILENT)
			continue;
		for (int i = 0; i < 2; i++) {
			ssize_t n;

			if (!fds[i].revents)
				continue;
			n = recv(fds[i].fd, buffer, sizeof(buffer), 0);
			if (n <= 0)
				return;
			if (i == 0 && has_commit(buffer, (size_t)n, name)) {
				if (atomic_load(&x->cut) == CUT_BEFORE_COMMIT)
					return;
				committing = true;
			}
			if (i == 1 && committing && atomic_load(&x->cut) == CUT_AFTER_COMMIT)
				return;
			if (i == 1)
				committing = false;
			if (!send_all(fds[1 - i].fd, buffer, (size_t)n))
				return;
		}
	}
}

static void *run_proxy(void *context)
{
	struct proxy *x = context;

	while (!atomic_load(&x->stop)) {
		struct pollfd fd = {.fd = x->listener, .events = POLLIN};
		int client, server;

		if (poll(&fd, 1, 20) <= 0)
			continue;
		client = accept(x->listener, NULL, NULL);
		if (client < 0)
			continue;
		server = connect_to_server();
		if (server >= 0) {
			atomic_fetch_add(&x->connections, 1);
			pass_on(x, client, server);
			close(server);
			if (atomic_load(&x->cut) != CUT_SILENT)
				atomic_store(&x->cut, CUT_NEVER);
		}
		close(client);
	}
	return NULL;
}

static void start_proxy(struct proxy *x)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);

	*x = (struct proxy){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	assert_int_equal(bind(x->listener, (const struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(x->listener, 8), 0);
	assert_int_equal(getsockname(x->listener, (struct sockaddr *)&at, &n), 0);
	x->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&x->thread, NULL, run_proxy, x), 0);
}

static void stop_proxy(struct proxy *x)
{
	atomic_store(&x->stop, true);
	pthread_join(x->thread, NULL);
	close(x->listener);
}

static struct db *open_through(const struct proxy *x, const struct store_dir *d)
{
	char url[POSTGRES_URL_BYTES];
	struct cause why = {0};
	struct db *db;

	snprintf(url, sizeof(url), "postgresql://customhouse@127.0.0.1:%u/%s?sslmode=disable",
		 x->port, strrchr(d->path, '/') + 1);
	assert_ok(db_open(url, DB_WRITE, &db, &why));
	return db;
}

/* ---- lost connections ---- */

struct attempt {
	struct proxy *proxy;
	enum cut cut;
	struct thing thing;
	int runs;
};

static enum err add_and_cut(struct db *db, void *context, struct cause *why)
{
	struct attempt *a = context;
	enum err err = add_thing(db, &a->thing, why);

	if (a->runs++ == 0)
		atomic_store(&a->proxy->cut, (int)a->cut);
	return err;
}

/* Nobody on this side of the cut knows whether the server got the COMMIT. It did not. */
static void test_a_commit_that_did_not_arrive(void **state)
{
	struct store_dir *d = *state;
	struct db *direct = open_things(d), *db;
	struct cause why = {0};
	struct proxy x;
	struct attempt a = {&x, CUT_BEFORE_COMMIT, {1, SPAN("x"), {NULL, 0, 0}}, 0};

	start_proxy(&x);
	db = open_through(&x, d);
	assert_int_equal(db_tx(db, DB_WRITE, add_and_cut, &a, &why), ERR_UNCERTAIN);
	assert_int_equal(a.runs, 1);
	assert_int_equal(count_things(direct, d->arena), 0);
	add_to(db, (struct thing){2, SPAN("later"), {NULL, 0, 0}});
	assert_true(atomic_load(&x.connections) == 2);
	db_close(db);
	db_close(direct);
	stop_proxy(&x);
}

/* Before COMMIT is sent nothing is stored: the transaction is done again on a new connection. */
static enum err add_synced_and_cut(struct db *db, void *context, struct cause *why)
{
	struct attempt *a = context;
	enum err err = add_thing(db, &a->thing, why);

	if (!err)
		err = db_sync(db, why);
	if (a->runs++ == 0) {
		atomic_store(&a->proxy->cut, CUT_NOW);
		while (atomic_load(&a->proxy->cut) == CUT_NOW)
			usleep(1000);
		if (!err)
			err = add_thing(db, &a->thing, why);
		if (!err)
			err = db_sync(db, why);
		assert_int_equal(err, ERR_RETRY);
	}
	return err;
}

static void test_a_connection_that_is_lost_in_the_middle(void **state)
{
	struct store_dir *d = *state;
	struct db *direct = open_things(d), *db;
	struct cause why = {0};
	struct proxy x;
	struct attempt a = {&x, CUT_NOW, {1, SPAN("x"), {NULL, 0, 0}}, 0};

	start_proxy(&x);
	db = open_through(&x, d);
	assert_ok(db_tx(db, DB_WRITE, add_synced_and_cut, &a, &why));
	assert_int_equal(a.runs, 2);
	assert_int_equal(count_things(direct, d->arena), 1);
	db_close(db);
	db_close(direct);
	stop_proxy(&x);
}

/* The server stored it and its answer was lost: nobody tries again before looking. */
static void test_a_lost_answer_is_uncertain(void **state)
{
	struct store_dir *d = *state;
	struct db *direct = open_things(d), *db;
	struct cause why = {0};
	struct proxy x;
	struct attempt a = {&x, CUT_AFTER_COMMIT, {1, SPAN("x"), {NULL, 0, 0}}, 0};

	start_proxy(&x);
	db = open_through(&x, d);
	assert_int_equal(db_tx(db, DB_WRITE, add_and_cut, &a, &why), ERR_UNCERTAIN);
	assert_non_null(strstr(why.text, "not known"));
	assert_int_equal(a.runs, 1);
	for (int tries = 0; tries < 200 && count_things(direct, d->arena) == 0; tries++)
		usleep(10000);
	assert_int_equal(count_things(direct, d->arena), 1);
	add_to(db, (struct thing){2, SPAN("later"), {NULL, 0, 0}});
	assert_int_equal(count_things(direct, d->arena), 2);
	db_close(db);
	db_close(direct);
	stop_proxy(&x);
}

/* Readers outside a transaction find a new connection by themselves. */
static void test_a_reader_finds_the_server_again(void **state)
{
	struct store_dir *d = *state;
	struct db *direct = open_things(d), *db;
	struct proxy x;

	start_proxy(&x);
	db = open_through(&x, d);
	add_to(db, (struct thing){1, SPAN("x"), {NULL, 0, 0}});
	atomic_store(&x.cut, CUT_NOW);
	while (atomic_load(&x.cut) == CUT_NOW)
		usleep(1000);
	assert_int_equal(count_things(db, d->arena), 1);
	db_close(db);
	db_close(direct);
	stop_proxy(&x);
}

/* ---- what the server refuses ---- */

static void test_databases_that_are_no_store(void **state)
{
	struct store_dir *d = *state;
	struct cause why = {0};
	struct db *db;
	char url[POSTGRES_URL_BYTES];

	assert_int_equal(db_open(d->path, DB_READ, &db, &why), ERR_NOT_FOUND);
	why = (struct cause){0};
	assert_int_equal(db_open("postgresql://%zz", DB_WRITE, &db, &why), ERR_USAGE);
	snprintf(url, sizeof(url), "%s/no_such_database", postgres_server());
	why = (struct cause){0};
	assert_int_equal(db_open(url, DB_WRITE, &db, &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.text, "CREATE DATABASE"));
	why = (struct cause){0};
	assert_int_equal(db_open("postgresql://secret:word@127.0.0.1:1/none", DB_WRITE, &db, &why),
			 ERR_BUSY);
	assert_null(strstr(why.text, "word"));
	assert_true(postgres_do(strrchr(d->path, '/') + 1, "CREATE TABLE theirs (a INT)"));
	why = (struct cause){0};
	assert_int_equal(db_open(d->path, DB_WRITE, &db, &why), ERR_FORMAT);
	assert_non_null(strstr(why.text, "another program"));
}

static void test_a_server_that_could_lose_what_it_confirmed(void **state)
{
	struct store_dir *d = *state;
	const char *name = strrchr(d->path, '/') + 1;
	struct cause why = {0};
	struct db *db;
	char sql[200];

	snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET customhouse.durable = 'on'", name);
	assert_true(postgres_do("postgres", sql));
	snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET synchronous_commit = 'off'", name);
	assert_true(postgres_do("postgres", sql));
	assert_int_equal(db_open(d->path, DB_WRITE, &db, &why), ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "synchronous_commit=off"));
}

static void test_a_database_that_sorts_otherwise(void **state)
{
	struct cause why = {0};
	struct db *db;
	char url[POSTGRES_URL_BYTES], sql[200];

	(void)state;
	snprintf(sql, sizeof(sql),
		 "CREATE DATABASE customhouse_%d_9 TEMPLATE template0 ENCODING 'UTF8' "
		 "LOCALE_PROVIDER icu ICU_LOCALE 'en' LC_COLLATE 'C' LC_CTYPE 'C'",
		 (int)getpid());
	assert_true(postgres_do("postgres", sql));
	snprintf(url, sizeof(url), "%s/customhouse_%d_9", postgres_server(), (int)getpid());
	assert_int_equal(db_open(url, DB_WRITE, &db, &why), ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "sort by their bytes"));
	assert_true(postgres_drop(9));
}

static void test_a_text_with_a_nul(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};
	struct thing t = {1, {"a\0b", 3, 0}, {NULL, 0, 0}};

	assert_int_equal(db_tx(db, DB_WRITE, add_thing, &t, &why), ERR_FORMAT);
	assert_int_equal(count_things(db, d->arena), 0);
	db_close(db);
}

/* ---- transactions beside one another ---- */

static const struct db_stmt thing_lock = {"thing_lock",
					  "SELECT id, name, bytes FROM thing WHERE id = $1 {lock}"};

struct crossing {
	struct db *db;
	int64_t first, second;
	pthread_barrier_t *both;
	int runs;
	enum err err;
};

static enum err lock_two(struct db *db, void *context, struct cause *why)
{
	struct crossing *x = context;
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct thing t;
	enum err err = db_one(db, &thing_lock, DB_ARGS(db_i64(x->first)), a, &THING, &t, why);

	/* Each has its first row before either asks for its second: in the first run. */
	if (x->runs++ == 0)
		pthread_barrier_wait(x->both);
	if (!err)
		err = db_one(db, &thing_lock, DB_ARGS(db_i64(x->second)), a, &THING, &t, why);
	arena_free(a);
	return err;
}

static void *cross(void *context)
{
	struct crossing *x = context;

	x->err = db_tx(x->db, DB_WRITE, lock_two, x, NULL);
	return NULL;
}

static void test_a_deadlock_is_tried_again(void **state)
{
	struct store_dir *d = *state;
	struct crossing x[2] = {{.first = 1, .second = 2}, {.first = 2, .second = 1}};
	pthread_barrier_t both;
	pthread_t thread[2];
	struct cause why = {0};

	x[0].db = open_things(d);
	add_to(x[0].db, (struct thing){1, SPAN("a"), {NULL, 0, 0}});
	add_to(x[0].db, (struct thing){2, SPAN("b"), {NULL, 0, 0}});
	assert_ok(db_open(d->path, DB_WRITE, &x[1].db, &why));
	pthread_barrier_init(&both, NULL, 2);
	for (int i = 0; i < 2; i++) {
		x[i].both = &both;
		assert_int_equal(pthread_create(&thread[i], NULL, cross, &x[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(x[0].err, ERR_NONE);
	assert_int_equal(x[1].err, ERR_NONE);
	assert_true(x[0].runs + x[1].runs >=
		    3); /* on a busy machine a lock may be waited for too long, too */
	pthread_barrier_destroy(&both);
	db_close(x[0].db);
	db_close(x[1].db);
}

/* ---- a client that was frozen ---- */

enum { FROZEN_ROWS = 100, PATIENCE_SECONDS = 60 };

/* Has written, and waits for no answer; until it goes on, another one wants its first row. */
static enum err write_and_freeze(struct db *db, void *context, struct cause *why)
{
	static char long_text[500];
	struct db *other = context;
	const int64_t until = clock_steady() + PATIENCE_SECONDS * INT64_C(1000000);
	struct thing first = {1, SPAN("of another"), {NULL, 0, 0}};
	enum err err = ERR_NONE;

	memset(long_text, 'x', sizeof(long_text));
	for (int64_t i = 1; !err && i <= FROZEN_ROWS; i++) {
		struct thing t = {i, {long_text, sizeof(long_text), 0}, {NULL, 0, 0}};

		err = add_thing(db, &t, why);
	}
	assert_int_equal(err, ERR_NONE);
	do
		err = db_tx(other, DB_WRITE, add_thing, &first, why);
	while (err == ERR_BUSY && clock_steady() < until);
	assert_int_equal(err, ERR_NONE);
	return ERR_NONE;
}

static void test_a_frozen_client_lets_go(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d), *other;
	struct cause why = {0};

	assert_ok(db_open(d->path, DB_WRITE, &other, &why));
	/* The server has ended its transaction; tried anew, it meets the other's row. */
	assert_int_not_equal(db_tx(db, DB_WRITE, write_and_freeze, other, &why), ERR_NONE);
	assert_int_equal(count_things(other, d->arena), 1);
	db_close(db);
	db_close(other);
}

/* A client that is frozen must not hold its locks: after a second here, five where nobody says otherwise. */
static enum err lock_and_sleep(struct db *db, void *context, struct cause *why)
{
	struct attempt *a = context;
	enum err err = add_thing(db, &a->thing, why);

	if (!err)
		err = db_sync(db, why);
	if (a->runs++ == 0)
		usleep(1500000);
	return err ? err : db_sync(db, why);
}

static void test_a_transaction_that_is_idle_for_long(void **state)
{
	struct store_dir *d = *state;
	struct attempt a = {.thing = {1, SPAN("x"), {NULL, 0, 0}}};
	struct db *db = open_things(d), *hasty;
	char url[POSTGRES_URL_BYTES + 80];
	struct cause why = {0};

	snprintf(url, sizeof(url), "%s?options=-c%%20idle_in_transaction_session_timeout%%3D1s",
		 d->path);
	assert_ok(db_open(url, DB_WRITE, &hasty, &why));
	/* It was ended. Its client learns of it at the latest from the COMMIT, and cannot tell that from a lost answer. */
	assert_int_equal(db_tx(hasty, DB_WRITE, lock_and_sleep, &a, &why), ERR_UNCERTAIN);
	assert_int_equal(count_things(db, d->arena), 0);
	db_be_patient(hasty);
	why = (struct cause){0};
	a = (struct attempt){.thing = {2, SPAN("y"), {NULL, 0, 0}}};
	assert_ok(db_tx(hasty, DB_WRITE, lock_and_sleep, &a, &why));
	assert_int_equal(a.runs, 1);
	assert_int_equal(count_things(db, d->arena), 1);
	db_close(hasty);
	db_close(db);
}

static const struct db_stmt doze = {"doze",
				    "SELECT CASE WHEN pg_sleep(5) IS NULL THEN 0 ELSE 1 END"};

/* A question has the limit that its URL says, and the connection goes on. */
static void test_a_question_that_takes_too_long(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d), *reader;
	char url[POSTGRES_URL_BYTES + 80];
	struct db_rows rows;
	struct cause why = {0};

	snprintf(url, sizeof(url), "%s?options=-c%%20statement_timeout%%3D100", d->path);
	assert_ok(db_open(url, DB_READ, &reader, &why));
	assert_int_equal(db_query(reader, &doze, DB_NO_ARGS, NULL, &rows, &why), ERR_BUSY);
	assert_non_null(strstr(why.text, "longer than its limit"));
	assert_int_equal(count_things(reader, d->arena), 0);
	db_close(reader);
	db_close(db);
}

/* ---- many rows ---- */

enum { MANY = 5000 };

static enum err add_thousands(struct db *db, void *context, struct cause *why)
{
	enum err err = ERR_NONE;

	(void)context;
	for (int64_t i = 1; !err && i <= MANY; i++) {
		struct thing t = {i, SPAN("x"), SPAN("y")};

		err = add_thing(db, &t, why);
	}
	return err;
}

/* Two scans at a time, and questions between their rows. */
static enum err scan_twice(struct db *db, void *context, struct cause *why)
{
	const struct store_dir *d = context;
	struct db_rows outer, inner;
	enum err err = db_scan(db, &thing_all, DB_NO_ARGS, 64, &outer, why);
	int64_t rows = 0, others = 0;

	assert_int_equal(err, ERR_NONE);
	while ((err = db_next(&outer, why)) == ERR_NONE) {
		struct thing t;

		read_thing(&outer, &t);
		assert_int_equal(t.id, ++rows);
		if (rows % 1000)
			continue;
		assert_int_equal(
		    db_one(db, &thing_get, DB_ARGS(db_i64(rows)), d->arena, &THING, &t, why),
		    ERR_NONE);
		assert_int_equal(db_scan(db, &thing_get, DB_ARGS(db_i64(rows)), 64, &inner, why),
				 ERR_NONE);
		while (db_next(&inner, why) == ERR_NONE)
			others++;
		assert_int_equal(db_end(&inner, why), ERR_NONE);
	}
	assert_int_equal(err, ERR_NOT_FOUND);
	assert_int_equal(rows, MANY);
	assert_int_equal(others, MANY / 1000);
	return db_end(&outer, why);
}

static void test_scans_are_nested_and_bounded(void **state)
{
	struct store_dir *d = *state;
	struct db *db = open_things(d);
	struct cause why = {0};

	assert_ok(db_tx(db, DB_WRITE, add_thousands, NULL, &why));
	assert_ok(db_tx(db, DB_READ, scan_twice, d, &why));
	assert_ok(db_check(db, &why));
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_a_commit_that_did_not_arrive),
	    store_test(test_a_connection_that_is_lost_in_the_middle),
	    store_test(test_a_lost_answer_is_uncertain),
	    store_test(test_a_reader_finds_the_server_again),
	    store_test(test_databases_that_are_no_store),
	    store_test(test_a_server_that_could_lose_what_it_confirmed),
	    store_test(test_a_database_that_sorts_otherwise),
	    store_test(test_a_text_with_a_nul),
	    store_test(test_a_deadlock_is_tried_again),
	    store_test(test_a_frozen_client_lets_go),
	    store_test(test_a_transaction_that_is_idle_for_long),
	    store_test(test_a_question_that_takes_too_long),
	    store_test(test_scans_are_nested_and_bounded),
	};

	return store_dir_run(tests);
}
