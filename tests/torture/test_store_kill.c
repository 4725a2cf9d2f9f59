/* A writer that is killed in the middle of its work, again and again: what it acknowledged is there once, what it did not is
 * absent or whole, and the next start needs no hands. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store_dir.h"

enum { ROUNDS = 20, BATCH_EVENTS = 8, PAYLOAD_BYTES = 100000 };

static char bytes[PAYLOAD_BYTES];
static struct span payload = {bytes, 0, 0};

/* Events and one row of the projection for each, as the settle writer does. */
static enum err settle(struct store *s, void *context, struct cause *why)
{
	struct store_dir_batch batch = {BATCH_EVENTS, payload};
	int64_t *head = context;
	struct store_head before;
	enum err err = store_get_head(s, SPAN("LF001"), &before, why);

	if (!err)
		err = store_dir_append(s, &batch, why);
	for (int64_t i = 1; !err && i <= BATCH_EVENTS; i++) {
		char reference[32];
		const long long seq = before.seq + i;
		struct store_declaration d = {.office = SPAN("LF001"), .input_seq = seq};

		snprintf(reference, sizeof(reference), "26LF%010lld", seq);
		d.reference = span_of(reference);
		err = store_put_declaration(s, &d, why);
	}
	*head = before.seq + BATCH_EVENTS;
	return err;
}

/* The child: settles for ever, and acknowledges each batch through the pipe after its commit. */
static _Noreturn void write_until_killed(const char *path, int acknowledge)
{
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	struct cause why = {0};
	struct store *s;
	int64_t head;

	if (store_open(path, &options, &s, &why))
		_exit(1);
	while (!store_batch(s, settle, &head, &why))
		if (write(acknowledge, &head, sizeof(head)) != (ssize_t)sizeof(head))
			_exit(2);
	_exit(3);
}

static void sleep_micros(uint64_t micros)
{
	const struct timespec t = {.tv_nsec = (long)(micros * 1000)}; /* below a second */

	nanosleep(&t, NULL);
}

static enum err count_declaration(void *context, const struct store_declaration *d,
				  struct cause *why)
{
	int64_t *count = context;

	if (d->input_seq != ++*count)
		return fail(why, ERR_DB, "declaration %lld is missing", (long long)*count);
	return ERR_NONE;
}

/* Kills a child some moment after its first acknowledgement, and gives the last one. */
static int64_t run_and_kill(const char *path, uint64_t after_micros)
{
	int64_t head = 0, last = 0;
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		write_until_killed(path, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &last, sizeof(last)), sizeof(last));
	sleep_micros(after_micros);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status)); /* it did not end by itself */
	while (read(ends[0], &head, sizeof(head)) == (ssize_t)sizeof(head))
		last = head;
	close(ends[0]);
	return last;
}

static void kill_often(void **state, uint64_t micros)
{
	struct store_dir *d = *state;
	uint64_t seed = 20261122;
	int unacknowledged = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int64_t acknowledged, declarations = 0, events;
		struct cause why = {0};
		struct store *s;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		acknowledged = run_and_kill(d->path, (seed >> 33) % micros);
		s = store_dir_open(d->path, STORE_OWN);
		events = store_dir_count(s);
		assert_ok(store_scan_declarations(s, count_declaration, &declarations, &why));
		assert_int_equal(declarations, events);
		/* The batch that was under way may have been committed without being acknowledged; never a part of it. */
		if (events != acknowledged && events != acknowledged + BATCH_EVENTS)
			fail_msg("round %d: %lld events, %lld acknowledged", round,
				 (long long)events, (long long)acknowledged);
		unacknowledged += events != acknowledged;
		assert_ok(store_check(s, &why));
		store_close(s);
	}
	print_message("%d of %d kills left a whole batch that was not acknowledged\n",
		      unacknowledged, ROUNDS);
}

static void test_twenty_kills(void **state)
{
	payload.n = 5000;
	kill_often(state, 60000);
}

/* A batch is a hundred pages of the log: it is being carried over at most moments. */
static void test_twenty_kills_while_the_log_is_carried_over(void **state)
{
	payload.n = PAYLOAD_BYTES;
	kill_often(state, 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_twenty_kills),
	    store_test(test_twenty_kills_while_the_log_is_carried_over),
	};

	store_dir_noise(bytes, sizeof(bytes));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
