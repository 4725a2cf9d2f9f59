#include "cli/local_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/limits.h"

enum { BUFFER = 1 << 16, LINE_MOST = 8192, HEAD_BYTES = 4096, TOKEN_BYTES = 300 };

struct local_client {
	struct sockaddr_un address;
	int fd;
	bool close_after;                /* the hub said that it closes behind this reply */
	char identity[TOKEN_BYTES + 40]; /* a header line, or nothing */
	char buffer[BUFFER];             /* received and not yet read */
	size_t from, to;
};

static enum err connect_to(struct local_client *c, struct cause *why)
{
	if (c->fd >= 0)
		close(c->fd);
	c->from = c->to = 0;
	c->close_after = false;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fail(why, ERR_IO, "no socket: %s", strerror(errno));
	if (!connect(c->fd, (const struct sockaddr *)&c->address, sizeof(c->address)))
		return ERR_NONE;
	return fail(why, errno == ENOENT || errno == ECONNREFUSED ? ERR_NOT_FOUND : ERR_IO,
		    "%s: %s", c->address.sun_path, strerror(errno));
}

enum err local_open(const char *dir, struct local_client **ret, struct cause *why)
{
	struct local_client *c = calloc(1, sizeof(*c));
	enum err e;

	if (!c)
		return fail(why, ERR_NOMEM, "no memory");
	c->fd = -1;
	c->address.sun_family = AF_UNIX;
	if (snprintf(c->address.sun_path, sizeof(c->address.sun_path), "%s/hub.sock", dir) >=
	    (int)sizeof(c->address.sun_path))
		e = fail(why, ERR_LIMIT, "%s: the path is too long for a socket in it", dir);
	else
		e = connect_to(c, why);
	if (e) {
		local_close(c);
		return e;
	}
	*ret = c;
	return ERR_NONE;
}

void local_close(struct local_client *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

void local_identify(struct local_client *c, const char *token)
{
	snprintf(c->identity, sizeof(c->identity), "Authorization: Bearer %.*s\r\n", TOKEN_BYTES,
		 token);
}

/* ---- sending ---- */

static enum err send_all(struct local_client *c, const char *p, size_t n, struct cause *why)
{
	while (n) {
		ssize_t sent = send(c->fd, p, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return fail(why, ERR_IO, "the hub closed the line: %s", strerror(errno));
		p += sent;
		n -= (size_t)sent;
	}
	return ERR_NONE;
}

struct asking {
	const char *method, *path, *type;
	struct span body;
	const char *language;
	bool again; /* sending it a second time is safe */
};

static enum err send_request(struct local_client *c, const struct asking *q, struct cause *why)
{
	char head[HEAD_BYTES];
	int n = snprintf(head, sizeof(head),
			 "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept-Language: %.40s\r\n"
			 "%sContent-Type: %s\r\nContent-Length: %u\r\n\r\n",
			 q->method, q->path, q->language ? q->language : "en", c->identity, q->type,
			 q->body.n);
	enum err e;

	if (n >= (int)sizeof(head))
		return fail(why, ERR_LIMIT, "%s: too long", q->path);
	e = send_all(c, head, (size_t)n, why);
	return e ? e : send_all(c, q->body.p, q->body.n, why);
}

/* ---- receiving ---- */

/* At least one byte more in the buffer. ERR_NOT_FOUND: the hub closed the line. */
static enum err receive(struct local_client *c, struct cause *why)
{
	ssize_t n;

	if (c->from == c->to)
		c->from = c->to = 0;
	if (c->to == BUFFER) {
		memmove(c->buffer, c->buffer + c->from, c->to - c->from);
		c->to -= c->from;
		c->from = 0;
	}
	if (c->to == BUFFER)
		return fail(why, ERR_FORMAT, "the hub's reply is not HTTP");
	do
		n = recv(c->fd, c->buffer + c->to, BUFFER - c->to, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != ECONNRESET)
		return fail(why, ERR_IO, "%s: %s", c->address.sun_path, strerror(errno));
	if (n <= 0)
		return ERR_NOT_FOUND;
	c->to += (size_t)n;
	return ERR_NONE;
}

/* One line without its end, NUL-terminated, in the buffer until the next call. */
static enum err read_line(struct local_client *c, char **ret, struct cause *why)
{
	for (;;) {
		char *from = c->buffer + c->from, *end = memchr(from, '\n', c->to - c->from);
		enum err e;

		if (end) {
			c->from = (size_t)(end - c->buffer) + 1;
			*end = 0;
			if (end > from && end[-1] == '\r')
				end[-1] = 0;
			*ret = from;
			return ERR_NONE;
		}
		if (c->to - c->from > LINE_MOST)
			return fail(why, ERR_FORMAT, "the hub's reply is not HTTP");
		e = receive(c, why);
		if (e)
			return e;
	}
}

static enum err read_bytes(struct local_client *c, char *to, size_t n, struct cause *why)
{
	while (n) {
		size_t have = c->to - c->from, take = have < n ? have : n;
		enum err e;

		memcpy(to, c->buffer + c->from, take);
		c->from += take;
		to += take;
		n -= take;
		if (!n)
			break;
		e = receive(c, why);
		if (e == ERR_NOT_FOUND)
			return fail(why, ERR_IO,
				    "the hub closed the line in the middle of a reply");
		if (e)
			return e;
	}
	return ERR_NONE;
}

/* Digits in a base of 10 or 16 up to anything else; false when there is none, or they do not fit. */
static bool read_number(const char *s, unsigned base, size_t *ret)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;
	bool any = false;

	for (; *s; s++, any = true) {
		const char *at = memchr(digits, *s >= 'A' && *s <= 'F' ? *s - 'A' + 'a' : *s, base);

		if (!at)
			break;
		if (n > LIMIT_ARENA_BYTES)
			return false;
		n = n * base + (size_t)(at - digits);
	}
	*ret = n;
	return any;
}

struct head {
	int status;
	size_t length;
	bool chunked, has_length;
};

static enum err read_header(struct local_client *c, const char *line, struct head *h,
			    struct cause *why)
{
	const char *colon = strchr(line, ':'), *value = colon ? colon + 1 : NULL;
	size_t n = colon ? (size_t)(colon - line) : 0;

	if (!colon)
		return fail(why, ERR_FORMAT, "the hub's reply is not HTTP");
	while (*value == ' ' || *value == '\t')
		value++;
	if (n == 14 && !strncasecmp(line, "Content-Length", n)) {
		h->has_length = read_number(value, 10, &h->length);
		if (!h->has_length)
			return fail(why, ERR_FORMAT, "the hub's reply has no sane length");
	} else if (n == 17 && !strncasecmp(line, "Transfer-Encoding", n)) {
		h->chunked = !strcasecmp(value, "chunked");
	} else if (n == 10 && !strncasecmp(line, "Connection", n)) {
		c->close_after = !strcasecmp(value, "close");
	}
	return ERR_NONE;
}

static enum err read_head(struct local_client *c, struct head *ret, struct cause *why)
{
	struct head h = {0};
	char *line = NULL;
	size_t status;
	enum err e;

	do { /* replies of the 100s come before the one that counts */
		h = (struct head){0};
		e = read_line(c, &line, why);
		if (e)
			return e;
		if (!line || strncmp(line, "HTTP/1.", 7) || strlen(line) < 12 ||
		    !read_number(line + 9, 10, &status))
			return fail(why, ERR_FORMAT, "the hub's reply is not HTTP");
		h.status = (int)status;
		while (!(e = read_line(c, &line, why)) && *line)
			if ((e = read_header(c, line, &h, why)))
				break;
	} while (!e && h.status < 200);
	*ret = h;
	return e;
}

static enum err grow(struct arena *a, struct span *body, size_t more, struct cause *why)
{
	char *p = arena_try(a, (size_t)body->n + more + 1);

	if (!p)
		return fail(why, arena_failure(a), "the hub's reply is larger than one may be");
	if (body->n)
		memcpy(p, body->p, body->n);
	body->p = p;
	return ERR_NONE;
}

static enum err read_piece(struct local_client *c, struct arena *a, size_t n, struct span *body,
			   struct cause *why)
{
	enum err e = n > LIMIT_ARENA_BYTES
			 ? fail(why, ERR_LIMIT, "the hub's reply is larger than one may be")
			 : grow(a, body, n, why);

	if (!e)
		e = read_bytes(c, (char *)(uintptr_t)body->p + body->n, n, why);
	body->n += e ? 0 : (uint32_t)n;
	return e;
}

static enum err read_chunks(struct local_client *c, struct arena *a, struct span *body,
			    struct cause *why)
{
	for (;;) {
		char *line;
		size_t n;
		enum err e = read_line(c, &line, why);

		if (!e && !read_number(line, 16, &n))
			e = fail(why, ERR_FORMAT, "the hub's reply is not HTTP");
		if (!e && n)
			e = read_piece(c, a, n, body, why);
		if (!e)
			e = read_line(c, &line, why); /* behind the chunk, or behind the last one */
		if (e || !n)
			return e;
	}
}

static enum local_kind kind_of(int status)
{
	switch (status) {
	case 200:
	case 201:
	case 202:
	case 204:
		return LOCAL_DONE;
	case 400:
	case 413:
	case 415:
		return LOCAL_UNREADABLE;
	case 409:
		return LOCAL_CONFLICT;
	default:
		return status >= 500 ? LOCAL_FAILED : LOCAL_REFUSED;
	}
}

static enum err read_reply(struct local_client *c, struct arena *a, struct local_reply *ret,
			   struct cause *why)
{
	struct span body = {"", 0, 1};
	struct head h = {0};
	enum err e = read_head(c, &h, why);

	if (e)
		return e;
	if (h.chunked)
		e = read_chunks(c, a, &body, why);
	else if (h.has_length)
		e = read_piece(c, a, h.length, &body, why);
	else if (h.status != 204)
		e = fail(why, ERR_FORMAT, "the hub's reply has no length");
	if (!e)
		*ret = (struct local_reply){kind_of(h.status), body};
	return e;
}

static enum err exchange(struct local_client *c, const struct asking *q, struct arena *a,
			 struct local_reply *ret, struct cause *why)
{
	struct cause once = {0};
	enum err e = c->close_after ? ERR_NOT_FOUND : ERR_NONE;
	bool sent = !e;

	if (!e)
		e = send_request(c, q, &once);
	if (!e)
		e = read_reply(c, a, ret, &once);
	if ((e == ERR_NOT_FOUND || e == ERR_IO) && (q->again || !sent)) {
		e = connect_to(c, why);
		if (!e)
			e = send_request(c, q, why);
		if (!e)
			e = read_reply(c, a, ret, why);
		if (e == ERR_NOT_FOUND)
			e = fail(why, ERR_IO, "the hub closed the line without an answer");
		return e;
	}
	if (e == ERR_NOT_FOUND)
		e = fail(&once, ERR_IO, "the hub closed the line without an answer");
	if (e && why && !why->err)
		*why = once;
	return e;
}

enum err local_post(struct local_client *c, const char *path, struct span body,
		    const char *language, struct arena *a, struct local_reply *ret,
		    struct cause *why)
{
	/* The hub knows a declaration, and a pack, that it has. */
	const struct asking q = {"POST", path, "application/octet-stream", body, language, true};

	return exchange(c, &q, a, ret, why);
}

enum err local_request(struct local_client *c, const char *method, const char *path,
		       struct span body, const char *language, struct arena *a,
		       struct local_reply *ret, struct cause *why)
{
	const struct asking q = {method, path, "application/json", body, language, false};

	return exchange(c, &q, a, ret, why);
}
