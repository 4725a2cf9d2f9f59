#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "story.h"

static int dial(unsigned port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct timeval patience = {.tv_sec = 60};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return fd;
	close(fd);
	return -1;
}

static bool say(int fd, const char *p, size_t n)
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

static void put_header(struct text *t, const char *name, const char *value)
{
	if (value)
		text_print(t, "%s: %s\r\n", name, value);
}

static struct span request(struct arena *a, const struct call *c)
{
	struct text t = text_in(a);

	text_print(&t, "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n", c->method,
		   c->path);
	if (c->token)
		text_print(&t, "Authorization: Bearer %s\r\n", c->token);
	put_header(&t, "Idempotency-Key", c->key);
	put_header(&t, "Content-Type", c->type);
	put_header(&t, "Accept", c->accept);
	if (c->body.p || strcmp(c->method, "GET") != 0)
		text_print(&t, "Content-Length: %u\r\n", c->body.n);
	text_string(&t, "\r\n");
	text_span(&t, c->body);
	return text_as_span(&t);
}

static struct span hear(struct arena *a, int fd)
{
	struct text t = text_in(a);
	char piece[16384];
	ssize_t n;

	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		text_add(&t, piece, (size_t)n);
	return n < 0 ? (struct span){0} : text_as_span(&t);
}

bool http_call(struct arena *a, unsigned port, const struct call *c, struct reply *ret)
{
	struct span out = request(a, c), in;
	struct codec_fault fault;
	const char *end;
	int fd = dial(port);

	*ret = (struct reply){0};
	if (fd < 0)
		return false;
	in = say(fd, out.p, out.n) ? hear(a, fd) : (struct span){0};
	close(fd);
	if (in.n < 12)
		return false;
	end = memmem(in.p, in.n, "\r\n\r\n", 4);
	if (!end)
		return false;
	ret->status = (unsigned)strtoul(in.p + 9, NULL, 10);
	ret->head = (struct span){in.p, (uint32_t)(end - in.p) + 2, 0};
	ret->body = (struct span){end + 4, in.n - ret->head.n - 2, 0};
	if (ret->body.n && (*ret->body.p == '{' || *ret->body.p == '[') &&
	    json_read(a, ret->body, &ret->json, &fault))
		ret->json = NULL;
	return true;
}
