/* The client of the virus scanner against a daemon that answers, stands still, hangs up or talks nonsense. */
#include "hub/documents/clamd.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "unit.h"

/* A daemon for one connection: reads up to `least` bytes, then says `answer` in pieces; NULL: nothing, until the client goes. */
struct daemon {
	char path[80], folder[64];
	int listener;
	size_t least, got;
	char *bytes;
	const char *answer;
	pthread_t thread;
};

static void *serve(void *context)
{
	struct daemon *d = context;
	int fd = accept(d->listener, NULL, NULL);
	char rest[4096];
	ssize_t n;

	while (d->got < d->least && (n = recv(fd, d->bytes + d->got, d->least - d->got, 0)) > 0)
		d->got += (size_t)n;
	if (!d->answer) {
		while (recv(fd, rest, sizeof(rest), 0) > 0)
			;
	} else {
		for (size_t i = 0; i < strlen(d->answer) + 1; i++)
			if (send(fd, d->answer + i, 1, MSG_NOSIGNAL) != 1)
				break;
	}
	close(fd);
	return NULL;
}

static void daemon_start(struct daemon *d, size_t least, const char *answer)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};

	*d = (struct daemon){.least = least, .answer = answer, .bytes = malloc(least + 1)};
	assert_non_null(d->bytes);
	snprintf(d->folder, sizeof(d->folder), "/tmp/customhouse-clamd-XXXXXX");
	assert_non_null(mkdtemp(d->folder));
	snprintf(d->path, sizeof(d->path), "%s/socket", d->folder);
	snprintf(where.sun_path, sizeof(where.sun_path), "%s", d->path);
	d->listener = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(d->listener, (struct sockaddr *)&where, sizeof(where)), 0);
	assert_int_equal(listen(d->listener, 1), 0);
	assert_int_equal(pthread_create(&d->thread, NULL, serve, d), 0);
}

static void daemon_end(struct daemon *d)
{
	pthread_join(d->thread, NULL);
	close(d->listener);
	unlink(d->path);
	rmdir(d->folder);
	free(d->bytes);
}

/* What the client makes of an answer to three bytes. */
static enum err ask(const char *answer, struct clamd_verdict *v, struct cause *why)
{
	struct daemon d;
	struct clamd c = {.stop = -1, .timeout = 10000};
	enum err e;

	*why = (struct cause){0};
	daemon_start(&d, 10 + 4 + 3 + 4, answer);
	c.path = d.path;
	e = clamd_scan(&c, SPAN("abc"), v, why);
	daemon_end(&d);
	return e;
}

static void test_what_goes_over_the_wire(void **state)
{
	static const char wanted[] = "zINSTREAM\0\0\0\0\3abc\0\0\0";
	struct clamd c = {.stop = -1, .timeout = 10000};
	struct clamd_verdict v;
	struct cause why = {0};
	struct daemon d;

	(void)state;
	daemon_start(&d, sizeof(wanted), "stream: OK");
	c.path = d.path;
	assert_int_equal(clamd_scan(&c, SPAN("abc"), &v, &why), ERR_NONE);
	assert_false(v.infected);
	assert_int_equal(d.got, sizeof(wanted));
	assert_memory_equal(d.bytes, wanted, sizeof(wanted));
	daemon_end(&d);
}

static void test_a_long_document_goes_in_pieces(void **state)
{
	enum { BYTES = 200000, PIECE = 65536 };
	const size_t framed = 10 + 4 * (BYTES / PIECE + 1) + BYTES + 4;
	struct clamd c = {.stop = -1, .timeout = 10000};
	char *bytes = malloc(BYTES);
	struct clamd_verdict v;
	struct cause why = {0};
	struct daemon d;

	(void)state;
	assert_non_null(bytes);
	for (int i = 0; i < BYTES; i++)
		bytes[i] = (char)(i % 251);
	daemon_start(&d, framed, "stream: OK");
	c.path = d.path;
	assert_int_equal(clamd_scan(&c, (struct span){bytes, BYTES, 0}, &v, &why), ERR_NONE);
	assert_int_equal(d.got, framed);
	assert_memory_equal(d.bytes + 10, "\0\1\0\0", 4);
	assert_memory_equal(d.bytes + 14, bytes, PIECE);
	assert_memory_equal(d.bytes + framed - 4, "\0\0\0\0", 4);
	daemon_end(&d);
	free(bytes);
}

static void test_answers(void **state)
{
	char name[300], answer[400];
	struct clamd_verdict v;
	struct cause why;

	(void)state;
	assert_int_equal(ask("stream: OK", &v, &why), ERR_NONE);
	assert_false(v.infected);
	assert_int_equal(ask("stream: Eicar-Signature FOUND", &v, &why), ERR_NONE);
	assert_true(v.infected);
	assert_string_equal(v.signature, "Eicar-Signature");
	assert_int_equal(ask("stream: a\x1b\"\xff"
			     " b FOUND",
			     &v, &why),
			 ERR_NONE);
	assert_string_equal(v.signature, "a_\"__b");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	snprintf(answer, sizeof(answer), "stream: %s FOUND", name);
	assert_int_equal(ask(answer, &v, &why), ERR_NONE);
	assert_true(v.infected);
	assert_int_equal(strlen(v.signature), CLAMD_SIGNATURE_BYTES - 1);
}

/* Whatever is not a plain "nothing found" lets nothing out. */
static void test_answers_that_are_none(void **state)
{
	static const char *const bad[] = {
	    "INSTREAM size limit exceeded. ERROR",
	    "stream: OK.",
	    "OK",
	    "stream: FOUND",
	    "stream:  ERROR",
	    "good day",
	    "stream: OK\nstream: X FOUND",
	};
	struct clamd_verdict v;
	struct cause why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		enum err e = ask(bad[i], &v, &why);

		if (e != ERR_FORMAT && !(e == ERR_NONE && v.infected))
			fail_msg("\"%s\": %s", bad[i], err_name(e));
	}
	assert_int_equal(ask("", &v, &why), ERR_FORMAT);
}

static void test_a_daemon_that_stands_still(void **state)
{
	struct clamd c = {.stop = -1, .timeout = 20};
	struct clamd_verdict v;
	struct cause why = {0};
	struct daemon d;

	(void)state;
	daemon_start(&d, 1, NULL);
	c.path = d.path;
	assert_int_equal(clamd_scan(&c, SPAN("abc"), &v, &why), ERR_IO);
	assert_non_null(strstr(why.text, "stands still"));
	daemon_end(&d);
}

static void test_stop_ends_the_waiting(void **state)
{
	struct clamd c = {.stop = eventfd(1, 0), .timeout = -1};
	struct clamd_verdict v;
	struct cause why = {0};
	struct daemon d;

	(void)state;
	daemon_start(&d, 1, NULL);
	c.path = d.path;
	assert_int_equal(clamd_scan(&c, SPAN("abc"), &v, &why), ERR_BUSY);
	daemon_end(&d);
	close(c.stop);
}

static void test_nobody_there(void **state)
{
	struct clamd c = {.path = "/tmp/customhouse-no-such-socket", .stop = -1, .timeout = 1000};
	char path[300];
	struct clamd_verdict v;
	struct cause why = {0};

	(void)state;
	assert_int_equal(clamd_scan(&c, SPAN("abc"), &v, &why), ERR_NOT_FOUND);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	c.path = path;
	why = (struct cause){0};
	assert_int_equal(clamd_scan(&c, SPAN("abc"), &v, &why), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_goes_over_the_wire),
	    cmocka_unit_test(test_a_long_document_goes_in_pieces),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_answers_that_are_none),
	    cmocka_unit_test(test_a_daemon_that_stands_still),
	    cmocka_unit_test(test_stop_ends_the_waiting),
	    cmocka_unit_test(test_nobody_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
