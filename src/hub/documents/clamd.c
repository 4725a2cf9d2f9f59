#include "hub/documents/clamd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 << 10, ANSWER_BYTES = 1024 };

struct talk {
	const struct clamd *with;
	int fd;
};

/* Until the socket is ready for `events`. */
static enum err wait_for(const struct talk *t, short events, struct cause *why)
{
	struct pollfd p[2] = {{.fd = t->fd, .events = events},
			      {.fd = t->with->stop, .events = POLLIN}};
	int n;

	do {
		n = poll(p, 2, t->with->timeout);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(why, ERR_IO, "%s: %s", t->with->path, strerror(errno));
	if (p[1].revents)
		return fail(why, ERR_BUSY, "the hub is stopping");
	return n ? ERR_NONE : fail(why, ERR_IO, "%s: the scanner stands still", t->with->path);
}

static enum err connect_to(struct talk *t, struct cause *why)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	const char *path = t->with->path;

	if (strlen(path) >= sizeof(where.sun_path))
		return fail(why, ERR_USAGE, "%s: the path is too long for a socket", path);
	memcpy(where.sun_path, path, strlen(path));
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0)
		return fail(why, ERR_IO, "no socket for the scanner: %s", strerror(errno));
	/* On this machine a connection is made at once or not at all. */
	if (connect(t->fd, (const struct sockaddr *)&where, sizeof(where)))
		return fail(why, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	return ERR_NONE;
}

static enum err put(const struct talk *t, const char *p, size_t n, struct cause *why)
{
	while (n) {
		enum err e = wait_for(t, POLLOUT, why);
		ssize_t sent = e ? 0 : send(t->fd, p, n, MSG_NOSIGNAL);

		if (e)
			return e;
		if (sent < 0 && errno != EAGAIN && errno != EINTR)
			return fail(why, ERR_IO, "%s: the scanner hung up: %s", t->with->path,
				    strerror(errno));
		if (sent > 0) {
			p += sent;
			n -= (size_t)sent;
		}
	}
	return ERR_NONE;
}

static enum err put_piece(const struct talk *t, const char *p, uint32_t n, struct cause *why)
{
	const char length[4] = {(char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};
	enum err e = put(t, length, sizeof(length), why);

	return e ? e : put(t, p, n, why);
}

static enum err put_bytes(const struct talk *t, struct span bytes, struct cause *why)
{
	static const char command[] = "zINSTREAM"; /* with its NUL */
	enum err e = put(t, command, sizeof(command), why);

	for (uint32_t at = 0; at < bytes.n && !e; at += PIECE_BYTES)
		e = put_piece(t, bytes.p + at,
			      bytes.n - at < PIECE_BYTES ? bytes.n - at : PIECE_BYTES, why);
	return e ? e : put_piece(t, "", 0, why);
}

/* Up to the NUL, or the end of the connection. */
static enum err get_answer(const struct talk *t, char answer[ANSWER_BYTES], struct cause *why)
{
	size_t n = 0;

	while (n < ANSWER_BYTES - 1) {
		enum err e = wait_for(t, POLLIN, why);
		ssize_t got = e ? 0 : recv(t->fd, answer + n, ANSWER_BYTES - 1 - n, 0);

		if (e)
			return e;
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got < 0)
			return fail(why, ERR_IO, "%s: %s", t->with->path, strerror(errno));
		if (got == 0)
			break;
		n += (size_t)got;
		if (memchr(answer + n - (size_t)got, 0, (size_t)got))
			break;
	}
	answer[n] = 0;
	return n ? ERR_NONE
		 : fail(why, ERR_IO, "%s: the scanner hung up without an answer", t->with->path);
}

/* "stream: OK", "stream: NAME FOUND", or an error in words. The name goes into the log of the case: printable, and bounded. */
static enum err read_answer(const char *answer, struct clamd_verdict *ret, struct cause *why)
{
	struct span s = span_trim(span_of(answer));
	const struct span before = SPAN("stream: "), found = SPAN(" FOUND");
	uint32_t n = 0;

	*ret = (struct clamd_verdict){.infected = false};
	if (span_is(s, "stream: OK"))
		return ERR_NONE;
	if (!span_starts(s, before) || s.n <= before.n + found.n ||
	    memcmp(s.p + s.n - found.n, found.p, found.n) != 0)
		return fail(why, ERR_FORMAT, "the scanner did not look: %.100s", answer);
	ret->infected = true;
	for (uint32_t i = before.n; i < s.n - found.n && n < CLAMD_SIGNATURE_BYTES - 1; i++)
		ret->signature[n++] = s.p[i] > 0x20 && s.p[i] < 0x7f ? s.p[i] : '_';
	return ERR_NONE;
}

enum err clamd_scan(const struct clamd *c, struct span bytes, struct clamd_verdict *ret,
		    struct cause *why)
{
	struct talk t = {c, -1};
	char answer[ANSWER_BYTES];
	struct cause cut = {0};
	enum err e = connect_to(&t, why);

	if (!e) {
		/* A daemon that refuses what it gets answers before it hangs up: the answer says more than the broken pipe. */
		e = put_bytes(&t, bytes, &cut);
		if (!e || (e == ERR_IO && recv(t.fd, answer, 1, MSG_PEEK) == 1))
			e = get_answer(&t, answer, why);
		else
			*why = cut;
	}
	if (t.fd >= 0)
		close(t.fd);
	return e ? e : read_answer(answer, ret, why);
}
