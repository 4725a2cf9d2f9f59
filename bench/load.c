/* load: posts declarations to a running hub, or asks it, keep-alive, many clients at once, each line of a file once.
 *
 *   bench-load [ADDR:]PORT TOKEN CLIENTS RATE FILE
 *
 * TOKEN: of who may hand in for everybody, "-" for nobody; FILE: one JSON declaration a line, or one path to GET, with its
 * question; RATE: a second over all clients, 0: as fast as answers come.
 *
 * With a rate, a request is due at its own moment whether or not earlier ones were answered, and its latency counts
 * from then: a stalled server is not spared by a load generator that waits for it. Prints JSON lines
 * {"name","value","unit"}; exit 1 when any answer is not 201, or 200 to a question. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, ANSWER_ROOM = 1 << 20, HEAD_ROOM = 512 };

struct client {
	int fd;
	bool busy, asks;
	double due; /* when the request should have gone out */
	char head[HEAD_ROOM];
	const char *body;
	size_t head_bytes, body_bytes, sent;
	char *answer;
	size_t got;
};

static struct client client[CLIENTS_MAX];
static int clients;
static const char *token, *text, *text_end;
static double *latency;
static size_t done, wanted, refused;
static double began, rate;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

/* Without ADDR: loopback. */
static int open_socket(const char *where)
{
	const char *colon = strchr(where, ':');
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)atoi(colon ? colon + 1 : where)),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char host[INET_ADDRSTRLEN] = "";
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (colon)
		snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	if (colon && inet_pton(AF_INET, host, &to.sin_addr) != 1)
		die(where);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* The next message, if there is one and its moment has come. */
static void begin(struct client *c, size_t number)
{
	const char *end = memchr(text, '\n', (size_t)(text_end - text));

	c->body = text;
	c->body_bytes = (size_t)((end ? end : text_end) - text);
	text = end ? end + 1 : text_end;
	c->asks = c->body[0] == '/';
	if (c->asks) {
		c->head_bytes = (size_t)snprintf(c->head, HEAD_ROOM,
						 "GET %.*s HTTP/1.1\r\nHost: localhost\r\n\r\n",
						 (int)c->body_bytes, c->body);
		c->body_bytes = 0;
		if (c->head_bytes >= HEAD_ROOM)
			die("too long a path");
	} else {
		c->head_bytes = (size_t)snprintf(c->head, HEAD_ROOM,
						 "POST /api/v1/declarations HTTP/1.1\r\nHost: "
						 "localhost\r\nContent-Type: application/json\r\n"
						 "Authorization: Bearer %.200s\r\n"
						 "Content-Length: %zu\r\n\r\n",
						 token, c->body_bytes);
	}
	c->sent = c->got = 0;
	c->busy = true;
	c->due = rate > 0 ? began + (double)number / rate : now();
}

static void push(struct client *c)
{
	while (c->sent < c->head_bytes + c->body_bytes) {
		bool head = c->sent < c->head_bytes;
		const char *p = head ? c->head + c->sent : c->body + (c->sent - c->head_bytes);
		size_t left =
		    head ? c->head_bytes - c->sent : c->head_bytes + c->body_bytes - c->sent;
		ssize_t n = send(c->fd, p, left,
				 head && c->body_bytes ? MSG_MORE | MSG_NOSIGNAL : MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			die("send");
		c->sent += (size_t)n;
	}
}

/* Is the answer whole? Content-Length is what our server always sends. */
static bool whole(struct client *c)
{
	char *body, *length;

	c->answer[c->got] = 0;
	body = strstr(c->answer, "\r\n\r\n");
	length = body ? strcasestr(c->answer, "\r\ncontent-length:") : NULL;
	return length && length < body &&
	       c->got >= (size_t)(body + 4 - c->answer) + strtoul(length + 17, NULL, 10);
}

static void pull(struct client *c)
{
	ssize_t n = recv(c->fd, c->answer + c->got, ANSWER_ROOM - 1 - c->got, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		die("recv");
	c->got += (size_t)n;
	if (!whole(c))
		return;
	if (strncmp(c->answer, c->asks ? "HTTP/1.1 200" : "HTTP/1.1 201", 12)) {
		if (!refused++)
			fprintf(stderr, "first answer that is another: %.300s\n", c->answer);
	}
	latency[done++] = now() - c->due;
	c->busy = false;
}

static void map_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st))
		die(path);
	text = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		die(path);
	text_end = text + st.st_size;
	for (const char *p = text; p < text_end; p++)
		wanted += *p == '\n';
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void report(double seconds)
{
	qsort(latency, done, sizeof(*latency), ascending);
	printf("{\"name\":\"http.answers\",\"value\":%.0f,\"unit\":\"%s/s\"}\n",
	       (double)done / seconds, client[0].asks ? "questions" : "declarations");
	printf("{\"name\":\"http.p50\",\"value\":%.2f,\"unit\":\"ms\"}\n", latency[done / 2] * 1e3);
	printf("{\"name\":\"http.p99\",\"value\":%.2f,\"unit\":\"ms\"}\n",
	       latency[done * 99 / 100] * 1e3);
	printf("{\"name\":\"http.max\",\"value\":%.2f,\"unit\":\"ms\"}\n", latency[done - 1] * 1e3);
	printf("{\"name\":\"http.refused\",\"value\":%zu,\"unit\":\"answers\"}\n", refused);
}

static void turn(size_t *started)
{
	struct pollfd poll_fd[CLIENTS_MAX];

	for (int i = 0; i < clients; i++) {
		struct client *c = &client[i];

		if (!c->busy && *started < wanted &&
		    (rate <= 0 || now() >= began + (double)*started / rate)) {
			begin(c, (*started)++);
			push(c);
		}
		poll_fd[i] = (struct pollfd){
		    c->fd,
		    (short)(POLLIN |
			    (c->busy && c->sent < c->head_bytes + c->body_bytes ? POLLOUT : 0)),
		    0};
	}
	if (poll(poll_fd, (nfds_t)clients, 1) < 0 && errno != EINTR)
		die("poll");
	for (int i = 0; i < clients; i++) {
		if (poll_fd[i].revents & POLLOUT)
			push(&client[i]);
		if (poll_fd[i].revents & (POLLIN | POLLHUP | POLLERR))
			pull(&client[i]);
	}
}

int main(int argc, char **argv)
{
	size_t started = 0;

	if (argc != 6) {
		fputs("usage: bench-load [ADDR:]PORT TOKEN CLIENTS RATE FILE\n", stderr);
		return 2;
	}
	token = argv[2];
	clients = atoi(argv[3]);
	rate = strtod(argv[4], NULL);
	if (clients < 1 || clients > CLIENTS_MAX)
		return 2;
	map_file(argv[5]);
	latency = malloc((wanted + 1) * sizeof(*latency));
	for (int i = 0; i < clients; i++) {
		client[i].fd = open_socket(argv[1]);
		client[i].answer = malloc(ANSWER_ROOM);
		if (!latency || !client[i].answer)
			die("malloc");
	}
	began = now();
	while (done < wanted)
		turn(&started);
	report(now() - began);
	return refused ? 1 : 0;
}
