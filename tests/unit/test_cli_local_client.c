/* cli/local_client: every way in which a hub may write its reply, and peers that are none. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/local_client.h"

/* A peer that answers each connection's requests with the replies in turn; an empty one closes the line instead. */
struct peer {
	char dir[32], path[64];
	int fd;
	pthread_t thread;
	const char *const *replies;
	unsigned piece; /* bytes sent at once */
};

/* Up to the end of the request: its head, and the body "hello". */
static bool take_request(int fd)
{
	char text[4096];
	size_t n = 0;

	while (n < sizeof(text) - 1) {
		ssize_t got = read(fd, text + n, sizeof(text) - 1 - n);

		if (got <= 0)
			return false;
		n += (size_t)got;
		text[n] = 0;
		if (strstr(text, "\r\n\r\nhello"))
			return true;
	}
	return false;
}

static bool send_pieces(int fd, const char *reply, unsigned piece)
{
	size_t n = strlen(reply);

	for (size_t at = 0; at < n; at += piece) {
		size_t more = n - at < piece ? n - at : piece;

		if (send(fd, reply + at, more, MSG_NOSIGNAL) != (ssize_t)more)
			return false;
	}
	return true;
}

static void *answer(void *context)
{
	struct peer *p = context;
	const char *const *next = p->replies;

	while (*next) {
		int fd = accept(p->fd, NULL, NULL);

		while (*next && take_request(fd)) {
			const char *reply = *next++;

			if (!reply[0] || !send_pieces(fd, reply, p->piece) ||
			    strstr(reply, "onnection: close"))
				break;
		}
		close(fd);
	}
	return NULL;
}

static void start_peer(struct peer *p, const char *const *replies, unsigned piece)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	*p = (struct peer){.replies = replies, .piece = piece};
	snprintf(p->dir, sizeof(p->dir), "/tmp/local-client-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/hub.sock", p->dir);
	memcpy(address.sun_path, p->path, sizeof(p->path));
	p->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(p->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(p->fd, 4), 0);
	assert_int_equal(pthread_create(&p->thread, NULL, answer, p), 0);
}

static void stop_peer(struct peer *p)
{
	pthread_join(p->thread, NULL);
	close(p->fd);
	unlink(p->path);
	rmdir(p->dir);
}

static enum err ask(struct local_client *c, struct arena *a, struct local_reply *ret)
{
	struct cause why = {0};

	arena_reset(a);
	return local_post(c, "/x", SPAN("hello"), NULL, a, ret, &why);
}

static void test_reads_every_form_of_reply(void **state)
{
	static const char *const replies[] = {
	    "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nfirst",
	    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:  6\r\n\r\nsecond",
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nth\r\nA;x=y\r\nird, and "
	    "m\r\n3\r\nore\r\n0\r\n\r\n",
	    "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
	    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
	    "", /* closed while idle: the request goes out again */
	    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy",
	    "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone",
	    NULL};
	static const struct {
		enum local_kind kind;
		const char *body;
	} wanted[] = {{LOCAL_DONE, "first"},           {LOCAL_DONE, "second"},
		      {LOCAL_DONE, "third, and more"}, {LOCAL_CONFLICT, "{}"},
		      {LOCAL_UNREADABLE, ""},          {LOCAL_FAILED, "busy"},
		      {LOCAL_REFUSED, "none"}};

	for (unsigned piece = 1; piece < 40; piece += 19) {
		struct local_client *c;
		struct local_reply reply;
		struct cause why = {0};
		struct peer p;

		start_peer(&p, replies, piece);
		assert_int_equal(local_open(p.dir, &c, &why), ERR_NONE);
		for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
			assert_int_equal(ask(c, *state, &reply), ERR_NONE);
			assert_int_equal(reply.kind, wanted[i].kind);
			assert_true(span_is(reply.body, wanted[i].body));
		}
		local_close(c);
		stop_peer(&p);
	}
}

static void test_refuses_what_is_no_reply(void **state)
{
	static const char *const bad[] = {
	    "SSH-2.0-peer\r\n",
	    "HTTP/1.1 2\r\nContent-Length: 0\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
	    "HTTP/1.1 200 OK\r\n\r\nno length",
	    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *const replies[] = {bad[i], NULL};
		struct local_client *c;
		struct local_reply reply;
		struct cause why = {0};
		struct peer p;

		start_peer(&p, replies, 1000);
		assert_int_equal(local_open(p.dir, &c, &why), ERR_NONE);
		assert_int_not_equal(ask(c, *state, &reply), ERR_NONE);
		local_close(c);
		stop_peer(&p);
	}
}

static void test_says_when_nobody_listens(void **state)
{
	struct local_client *c;
	struct cause why = {0};

	(void)state;
	assert_int_equal(local_open("/tmp/no-such-folder", &c, &why), ERR_NOT_FOUND);
	assert_true(strlen(why.text) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_reads_every_form_of_reply, unit_arena_new,
					    unit_arena_free),
	    cmocka_unit_test_setup_teardown(test_refuses_what_is_no_reply, unit_arena_new,
					    unit_arena_free),
	    cmocka_unit_test(test_says_when_nobody_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
