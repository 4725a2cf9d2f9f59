#include "http/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/span.h"

/* How many clients may wait to be accepted. */
enum { BACKLOG = 1024 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static bool read_port(struct span s, uint16_t *ret)
{
	uint32_t port = 0;

	if (s.n < 1 || s.n > 5)
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		port = port * 10 + (uint32_t)(s.p[i] - '0');
	}
	*ret = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* Cuts "127.0.0.1:8080" or "[::1]:8080" in two. */
static bool split(const char *where, char host[64], uint16_t *port)
{
	const char *colon = strrchr(where, ':');
	struct span name = {where, colon ? (uint32_t)(colon - where) : 0, 0};

	if (!colon || !read_port(span_of(colon + 1), port))
		return false;
	if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
		name.p++, name.n -= 2;
	if (!name.n || name.n >= 64)
		return false;
	if (span_is(name, "localhost"))
		name = SPAN("127.0.0.1");
	memcpy(host, name.p, name.n);
	host[name.n] = 0;
	return true;
}

static enum err read_address(const char *where, bool anywhere, union address *a, socklen_t *size,
			     struct cause *why)
{
	uint16_t port;
	char host[64];
	bool loopback;

	if (!split(where, host, &port))
		return fail(why, ERR_USAGE, "%s: not ADDR:PORT, such as 127.0.0.1:8080", where);
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons(port);
		*size = sizeof(a->v4);
		loopback = ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
	} else if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons(port);
		*size = sizeof(a->v6);
		loopback = IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	} else {
		return fail(why, ERR_USAGE, "%s: the address must be a number, such as 127.0.0.1",
			    where);
	}
	return loopback || anywhere
		   ? ERR_NONE
		   : fail(why, ERR_DENIED,
			  "%s: without TLS the hub listens on this machine only (127.0.0.1 or "
			  "[::1]), so that nobody on the way reads a password: give "
			  "--tls-cert and --tls-key, or put a proxy that speaks TLS before it",
			  where);
}

enum err listen_check(const char *where, bool anywhere, struct cause *why)
{
	union address a = {0};
	socklen_t size;

	return read_address(where, anywhere, &a, &size, why);
}

static enum err refused(const char *where, struct cause *why)
{
	if (errno == EADDRINUSE)
		return fail(why, ERR_BUSY, "%s: another program listens there", where);
	return fail(why, ERR_IO, "%s: %s", where, strerror(errno));
}

enum err listen_tcp(const char *where, bool anywhere, int *ret_fd, uint16_t *ret_port,
		    struct cause *why)
{
	union address a = {0};
	socklen_t size = 0;
	int yes = 1, fd;
	enum err e = read_address(where, anywhere, &a, &size, why);

	if (e)
		return e;
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refused(where, why);
	/* A server that was just stopped leaves connections in TIME_WAIT: they shall not keep the next from starting. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) || bind(fd, &a.any, size) ||
	    listen(fd, BACKLOG) || getsockname(fd, &a.any, &size)) {
		e = refused(where, why);
		close(fd);
		return e;
	}
	*ret_port = ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
	*ret_fd = fd;
	return ERR_NONE;
}

/* Makes room for a socket at the path: what nobody answers at is left from a process that died. */
static enum err clear_path(const union address *a, struct cause *why)
{
	const char *path = a->local.sun_path;
	struct stat st;
	int fd, failed;

	if (lstat(path, &st))
		return errno == ENOENT ? ERR_NONE : refused(path, why);
	if (!S_ISSOCK(st.st_mode))
		return fail(why, ERR_CONFLICT, "%s: something that is no socket lies there", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refused(path, why);
	failed = connect(fd, &a->any, sizeof(a->local));
	close(fd);
	if (!failed)
		return fail(why, ERR_BUSY, "%s: another process answers there", path);
	return unlink(path) ? refused(path, why) : ERR_NONE;
}

enum err listen_unix(const char *path, int *ret_fd, struct cause *why)
{
	union address a = {.local.sun_family = AF_UNIX};
	enum err e;
	int fd;

	if (strlen(path) >= sizeof(a.local.sun_path))
		return fail(why, ERR_USAGE, "%s: a socket's path has less than %zu bytes", path,
			    sizeof(a.local.sun_path));
	memcpy(a.local.sun_path, path, strlen(path));
	e = clear_path(&a, why);
	if (e)
		return e;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return refused(path, why);
	/* Nobody can connect between bind() and listen(), so the mode stands before anybody may. */
	if (bind(fd, &a.any, sizeof(a.local)) || chmod(path, 0600) || listen(fd, BACKLOG)) {
		e = refused(path, why);
		close(fd);
		return e;
	}
	*ret_fd = fd;
	return ERR_NONE;
}

void listen_raise(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < wanted)
		log_event("http.descriptors", "have=%llu wanted=%u",
			  (unsigned long long)limit.rlim_cur, wanted);
}

void listen_address(const struct sockaddr *a, char *ret, size_t room)
{
	const void *at = NULL;

	if (a && a->sa_family == AF_INET)
		at = &((const struct sockaddr_in *)(const void *)a)->sin_addr;
	else if (a && a->sa_family == AF_INET6)
		at = &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
	if (!at || !inet_ntop(a->sa_family, at, ret, (socklen_t)room))
		snprintf(ret, room, "local");
}
