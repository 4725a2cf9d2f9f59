/* Clients that mean harm, or are slow, many, or broken: the server answers the others, loses nothing that it acknowledged, and
 * stops when it is told to. Speaks to the socket itself, because a well-behaved client library would not. SERVE_FOR_TESTS
 * names the server. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "codec/json.h"
#include "unit.h"

enum { ANSWER_BYTES = 256 << 10, PATIENCE = 20000 /* milliseconds: sanitizers are slow */ };

struct server {
	char directory[64], store[80];
	pid_t pid;
	uint16_t port;
};

static const char *program;
static char *declaration; /* examples/import-simple.json */
static char answer[ANSWER_BYTES];
static char token[100]; /* of a gateway that may hand in for everybody */

/* ---- the server ---- */

static const char *root(void)
{
	const char *r = getenv("CUSTOMHOUSE_ROOT");

	return r ? r : ".";
}

static void run_server(const struct server *s, int out)
{
	char pack[4096];

	snprintf(pack, sizeof(pack), "%s/packs/landfall", root());
	dup2(out, STDOUT_FILENO);
	execl(program, "serve_for_tests", s->store, pack, (char *)NULL);
	_exit(127);
}

static void start(struct server *s)
{
	char line[200] = "";
	unsigned port = 0;
	size_t n = 0;
	int out[2];

	assert_int_equal(pipe(out), 0);
	s->pid = fork();
	if (s->pid == 0)
		run_server(s, out[1]);
	close(out[1]);
	while (n < sizeof(line) - 1 && !strchr(line, '\n')) {
		ssize_t got = read(out[0], line + n, sizeof(line) - 1 - n);

		assert_true(got > 0);
		n += (size_t)got;
	}
	close(out[0]);
	assert_int_equal(sscanf(line, "port %u token %99s", &port, token), 2);
	s->port = (uint16_t)port;
}

static void stop(struct server *s)
{
	int status;

	kill(s->pid, SIGTERM);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	s->pid = 0;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int make(void **state)
{
	struct server *s = calloc(1, sizeof(*s));

	snprintf(s->directory, sizeof(s->directory), "/tmp/customhouse-test-XXXXXX");
	if (!mkdtemp(s->directory)) {
		free(s);
		return -1;
	}
	snprintf(s->store, sizeof(s->store), "%s/store", s->directory);
	*state = s;
	start(s);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int finish(void **state)
{
	struct server *s = *state;

	if (s->pid) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	nftw(s->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(s);
	return 0;
}

/* ---- a client ---- */

static int dial(const struct server *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(s->port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

/* false: the other side has closed. */
static bool say_bytes(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		p += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* The same; a request for what needs a signed-in sender says who it is, behind its first line. */
static bool say(int fd, const char *p, size_t n)
{
	static const char *const wanted[] = {"POST /api/v1/declarations HTTP/1.1\r\n",
					     "GET /api/v1/declarations/"};
	char header[128];

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		size_t line = strlen(wanted[i]);
		const char *end;

		if (n < line || memcmp(p, wanted[i], line) != 0)
			continue;
		end = memchr(p, '\n', n);
		assert_non_null(end);
		line = (size_t)(end + 1 - p);
		snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", token);
		return say_bytes(fd, p, line) && say_bytes(fd, header, strlen(header)) &&
		       say_bytes(fd, p + line, n - line);
	}
	return say_bytes(fd, p, n);
}

static bool say_text(int fd, const char *text)
{
	return say(fd, text, strlen(text));
}

/* Everything up to the end of one answer, or of the connection; its status, 0 when none came. */
static int hear(int fd)
{
	size_t n = 0;
	int status = 0;

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		const char *end, *length;
		ssize_t got;

		answer[n] = 0;
		end = strstr(answer, "\r\n\r\n");
		length = strcasestr(answer, "\r\nContent-Length: ");
		if (end &&
		    (!length || n >= (size_t)(end + 4 - answer) + strtoul(length + 18, NULL, 10)))
			break;
		if (poll(&p, 1, PATIENCE) != 1)
			break;
		got = recv(fd, answer + n, sizeof(answer) - 1 - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	sscanf(answer, "HTTP/1.%*d %d", &status);
	return status;
}

static int get(const struct server *s, const char *path)
{
	char request[512];
	int fd = dial(s), status;

	snprintf(request, sizeof(request),
		 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	say_text(fd, request);
	status = hear(fd);
	close(fd);
	return status;
}

static void say_post(int fd, const char *body, size_t n)
{
	char head[256];

	snprintf(
	    head, sizeof(head),
	    "POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n",
	    n);
	say_text(fd, head);
	say(fd, body, n);
}

static int post(const struct server *s, const char *body)
{
	int fd = dial(s), status;

	say_post(fd, body, strlen(body));
	status = hear(fd);
	close(fd);
	return status;
}

/* The reference in the answer that was heard last. */
static bool reference(char ret[64])
{
	const char *at = strstr(answer, "\"reference\":\"");

	return at && sscanf(at + 13, "%63[A-Z0-9]", ret) == 1;
}

/* The example under another trader reference. */
static char *declaration_named(const char *name)
{
	const char *old = "COFFEE-2026-0117-J", *at = strstr(declaration, old);
	char *made = NULL;

	assert_non_null(at);
	assert_true(asprintf(&made, "%.*s%s%s", (int)(at - declaration), declaration, name,
			     at + strlen(old)) > 0);
	return made;
}

/* ---- the tests ---- */

static void test_a_thousand_idle_connections_keep_nobody_out(void **state)
{
	struct server *s = *state;
	static int fd[1000];
	int64_t began;

	for (size_t i = 0; i < ARRAY_LEN(fd); i++)
		fd[i] = dial(s);
	began = clock_steady();
	assert_int_equal(get(s, "/healthz"), 200);
	assert_int_equal(post(s, declaration), 201);
	assert_true(clock_steady() - began < 5000000);
	for (size_t i = 0; i < ARRAY_LEN(fd); i++)
		close(fd[i]);
	assert_int_equal(get(s, "/healthz"), 200);
}

static void test_slow_clients_hold_only_their_own_connection(void **state)
{
	struct server *s = *state;
	char head[256];
	int fd[100];

	snprintf(head, sizeof(head),
		 "POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
		 "%s\r\nContent-Length: 5000\r\n\r\n<slow>",
		 token);

	for (size_t i = 0; i < ARRAY_LEN(fd); i++)
		fd[i] = dial(s);
	/* Half of them are still in their headers at the end, the others in their bodies. */
	for (size_t byte = 0; byte < strlen(head); byte++) {
		for (size_t i = 0; i < ARRAY_LEN(fd); i++)
			say(fd[i], i % 2 && byte > 20 ? "x" : head + byte, 1);
		if (byte % 20 == 0) {
			int64_t began = clock_steady();

			assert_int_equal(get(s, "/healthz"), 200);
			assert_true(clock_steady() - began < 2000000);
		}
	}
	assert_int_equal(post(s, declaration), 201);
	for (size_t i = 0; i < ARRAY_LEN(fd); i++)
		close(fd[i]);
}

static void test_garbage_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} garbage[] = {
#define BYTES(literal) {literal, sizeof(literal) - 1}
	    BYTES("\r\n\r\n\r\n\r\n"),
	    BYTES("GET\r\n\r\n"),
	    BYTES("GET / HTTP/9.9\r\n\r\n"),
	    BYTES("GET / HTTP/1.1\r\n\r\n"),
	    BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is TLS\r\n\r\n"),
	    BYTES("\0\0\0\0\0\0\r\n\r\n"),
	    BYTES("GET /health\0z HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("GET http://elsewhere/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("CONNECT elsewhere:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("TRACE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
		  "-5\r\n\r\nxxxxx"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
		  "99999999999999999999999\r\n\r\nx"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
		  "0x10\r\n\r\n0123456789abcdef"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
		  "2\r\nContent-Length: 3\r\n\r\n<a>"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
		  "3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
		  "chunked\r\n\r\nzz\r\n<a/>\r\n0\r\n\r\n"),
	    BYTES("POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
		  "chunked\r\n\r\nffffffffffffffff\r\n<a/>"),
#undef BYTES
	};
	struct server *s = *state;

	for (size_t i = 0; i < ARRAY_LEN(garbage); i++) {
		int fd = dial(s), status;

		say(fd, garbage[i].bytes, garbage[i].n);
		shutdown(fd, SHUT_WR);
		status = hear(fd);
		close(fd);
		if (status != 0 && status < 400)
			fail_msg("garbage %zu was answered with %d", i, status);
		assert_int_equal(get(s, "/healthz"), 200);
	}
}

static void test_a_flood_of_headers_is_cut(void **state)
{
	struct server *s = *state;
	int fd = dial(s), status;

	say_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
	for (int i = 0; i < 20000; i++)
		if (!say_text(fd, "X-Flood: 0123456789012345678901234567890123456789\r\n"))
			break;
	say_text(fd, "\r\n");
	status = hear(fd);
	close(fd);
	assert_true(status == 0 || status >= 400);
	assert_int_equal(get(s, "/healthz"), 200);
}

static void test_a_body_that_is_not_as_long_as_it_says(void **state)
{
	struct server *s = *state;
	char head[256];
	int fd;

	/* Longer than it says: what is over is no request. */
	fd = dial(s);
	snprintf(
	    head, sizeof(head),
	    "POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
	say_text(fd, head);
	say_text(fd, declaration);
	assert_int_equal(hear(fd), 400);
	close(fd);
	/* Shorter, and the client goes: nothing is stored, so the same is new afterwards. */
	fd = dial(s);
	snprintf(
	    head, sizeof(head),
	    "POST /api/v1/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n",
	    strlen(declaration) + 10);
	say_text(fd, head);
	say_text(fd, declaration);
	close(fd);
	assert_int_equal(post(s, declaration), 201);
}

static void test_requests_in_one_piece_are_answered_in_order(void **state)
{
	struct server *s = *state;
	int fd = dial(s);

	say_text(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: first\r\n\r\n"
		     "GET /nothing HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: "
		     "second\r\nConnection: close\r\n\r\n");
	for (int i = 0; i < 50; i++) {
		struct pollfd p = {.fd = fd, .events = POLLIN};

		poll(&p, 1, 10);
	}
	hear(fd);
	if (!strstr(answer, "second"))
		assert_int_equal(hear(fd), 404);
	else
		assert_non_null(strstr(answer, "first"));
	close(fd);
}

/* A JSON value with every string in it replaced. */
static void write_poisoned(struct json_writer *w, const struct json *v, const char *poison)
{
	if (v->kind == JSON_OBJECT || v->kind == JSON_ARRAY) {
		bool object = v->kind == JSON_OBJECT;

		if (object)
			json_open_object(w);
		else
			json_open_array(w);
		for (const struct json *c = v->first; c; c = c->next) {
			if (object)
				json_name_span(w, c->name);
			write_poisoned(w, c, poison);
		}
		if (object)
			json_close_object(w);
		else
			json_close_array(w);
	} else {
		json_cstring(w, poison);
	}
}

struct poisoning {
	struct arena *arena;
	const char *poison;
	char *made;
};

static void poison_all(void *context)
{
	struct poisoning *p = context;
	struct text text = text_in(p->arena);
	struct json_writer w = json_to(&text);
	struct codec_fault fault;
	const struct json *value;

	assert_int_equal(json_read(p->arena, span_of(declaration), &value, &fault), ERR_NONE);
	write_poisoned(&w, value, p->poison);
	p->made = strndup(text.p, text.n);
}

static void test_sql_in_every_field(void **state)
{
	static const char *const poisons[] = {"'; DROP TABLE event; --",
					      "' OR '1'='1",
					      "x\"; DELETE FROM declaration; --",
					      "$1",
					      "%s%s%s%n",
					      "\\u0000",
					      "${jndi:ldap://x}",
					      "../../etc/passwd",
					      "-1",
					      "99999999999999999999",
					      "<script>"};
	struct server *s = *state;
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	char kept[64], path[128];

	assert_int_equal(post(s, declaration), 201);
	assert_true(reference(kept));
	for (size_t i = 0; i < ARRAY_LEN(poisons); i++) {
		struct poisoning p = {a, poisons[i], NULL};
		int status;

		assert_int_equal(arena_run(a, poison_all, &p), ERR_NONE);
		status = post(s, p.made);
		if (status != 201 && status != 400 && status != 422)
			fail_msg("%s was answered with %d", poisons[i], status);
		free(p.made);
		arena_reset(a);
	}
	arena_free(a);
	snprintf(path, sizeof(path), "/api/v1/declarations/%.63s", kept);
	assert_int_equal(get(s, path), 200);
	assert_int_equal(get(s, "/healthz"), 200);
}

enum { CLIENTS = 50 };

/* Each client sends a declaration of its own; none has read its answer yet. */
static void send_all(const struct server *s, int fd[CLIENTS])
{
	for (int i = 0; i < CLIENTS; i++) {
		char name[32], *body;

		snprintf(name, sizeof(name), "STOP-%d", i);
		body = declaration_named(name);
		fd[i] = dial(s);
		say_post(fd[i], body, strlen(body));
		free(body);
	}
}

static void test_a_stop_loses_nothing_that_was_acknowledged(void **state)
{
	struct server *s = *state;
	char stored[CLIENTS][64];
	int fd[CLIENTS], acknowledged = 0;

	send_all(s, fd);
	stop(s);
	for (int i = 0; i < CLIENTS; i++) {
		/* Whoever was not accepted any more sees the connection end, or is told to come back. */
		int status = hear(fd[i]);

		close(fd[i]);
		assert_true(status == 201 || status == 503 || status == 0);
		if (status == 201)
			assert_true(reference(stored[acknowledged++]));
	}
	print_message("%d of %d were acknowledged\n", acknowledged, CLIENTS);
	start(s);
	for (int i = 0; i < acknowledged; i++) {
		char path[128];

		snprintf(path, sizeof(path), "/api/v1/declarations/%.63s", stored[i]);
		assert_int_equal(get(s, path), 200);
	}
}

static void test_a_stop_does_not_wait_for_idle_or_slow_clients(void **state)
{
	struct server *s = *state;
	int idle = dial(s), kept = dial(s);
	int64_t began;

	say_text(kept, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_int_equal(hear(kept), 200);
	began = clock_steady();
	stop(s);
	assert_true(clock_steady() - began < 5000000);
	close(idle);
	close(kept);
}

static void test_the_same_message_at_once_is_stored_once(void **state)
{
	struct server *s = *state;
	char first[64] = "", other[64];
	int fd[CLIENTS], made = 0;

	for (int i = 0; i < CLIENTS; i++) {
		fd[i] = dial(s);
		say_post(fd[i], declaration, strlen(declaration));
	}
	for (int i = 0; i < CLIENTS; i++) {
		int status = hear(fd[i]);

		close(fd[i]);
		assert_true(status == 201 || status == 200);
		made += status == 201;
		assert_true(reference(other));
		if (!first[0])
			memcpy(first, other, sizeof(first));
		assert_string_equal(first, other);
	}
	assert_int_equal(made, 1);
}

/* ---- */

static char *read_example(void)
{
	char path[4096], *bytes = calloc(1, 1 << 20);
	FILE *f;

	snprintf(path, sizeof(path), "%s/examples/import-simple.json", root());
	f = fopen(path, "r");
	if (!f || !bytes || fread(bytes, 1, (1 << 20) - 1, f) == 0)
		exit(2);
	fclose(f);
	return bytes;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, finish)
	    TEST(test_a_thousand_idle_connections_keep_nobody_out),
	    TEST(test_slow_clients_hold_only_their_own_connection),
	    TEST(test_garbage_is_refused),
	    TEST(test_a_flood_of_headers_is_cut),
	    TEST(test_a_body_that_is_not_as_long_as_it_says),
	    TEST(test_requests_in_one_piece_are_answered_in_order),
	    TEST(test_sql_in_every_field),
	    TEST(test_a_stop_loses_nothing_that_was_acknowledged),
	    TEST(test_a_stop_does_not_wait_for_idle_or_slow_clients),
	    TEST(test_the_same_message_at_once_is_stored_once),
#undef TEST
	};
	struct rlimit limit;
	int status;

	/* A thousand connections of our own. */
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	program = getenv("SERVE_FOR_TESTS");
	if (!program)
		return 77; /* skipped: built without the server */
	declaration = read_example();
	status = cmocka_run_group_tests_name("http_hostile", tests, NULL, NULL);
	free(declaration);
	return status;
}
