#include "db/db_owner.h"

#include <signal.h>
#include <sys/wait.h>

#include "store_dir.h"

static void test_an_owner_is_named(void **state)
{
	struct store_dir *d = *state;
	struct db_owner owner, second;
	struct db_owner_note note = {.pid = 7};
	struct cause why = {0};
	char pid[32];

	assert_int_equal(db_owner_read(d->path, &note, &why), ERR_NOT_FOUND);
	assert_int_equal(note.pid, 7);
	assert_ok(db_owner_take(d->path, "/run/customhouse.sock", &owner, &why));
	assert_ok(db_owner_read(d->path, &note, &why));
	assert_int_equal(note.pid, getpid());
	assert_string_equal(note.socket, "/run/customhouse.sock");
	assert_int_equal(db_owner_take(d->path, NULL, &second, &why), ERR_BUSY);
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_non_null(strstr(why.text, pid));
	assert_non_null(strstr(why.text, "/run/customhouse.sock"));
	db_owner_release(&owner);
	assert_int_equal(db_owner_read(d->path, &note, &why), ERR_NOT_FOUND);
	assert_ok(db_owner_take(d->path, NULL, &second, &why));
	assert_ok(db_owner_read(d->path, &note, &why));
	assert_string_equal(note.socket, "");
	db_owner_release(&second);
}

static void test_a_socket_that_cannot_be_noted(void **state)
{
	struct store_dir *d = *state;
	char longest[DB_SOCKET_BYTES + 1];
	struct db_owner owner;
	struct cause why = {0};

	memset(longest, 'x', sizeof(longest));
	longest[DB_SOCKET_BYTES] = 0;
	assert_int_equal(db_owner_take(d->path, longest, &owner, &why), ERR_USAGE);
	assert_int_equal(db_owner_take(d->path, "two\nlines", &owner, &why), ERR_USAGE);
	longest[DB_SOCKET_BYTES - 1] = 0;
	assert_ok(db_owner_take(d->path, longest, &owner, &why));
	db_owner_release(&owner);
}

/* Killed without a word, an owner leaves nothing that refuses the next start. */
static void test_a_dead_owner_owns_nothing(void **state)
{
	struct store_dir *d = *state;
	struct db_owner owner;
	struct cause why = {0};
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (db_owner_take(d->path, NULL, &owner, NULL) || write(ready[1], "1", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	assert_int_equal(db_owner_take(d->path, NULL, &owner, &why), ERR_BUSY);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	why = (struct cause){0};
	assert_ok(db_owner_take(d->path, NULL, &owner, &why));
	db_owner_release(&owner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_an_owner_is_named),
	    store_test(test_a_socket_that_cannot_be_noted),
	    store_test(test_a_dead_owner_owns_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
