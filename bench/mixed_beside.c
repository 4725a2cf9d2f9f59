#include "mixed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 256, ROOM = 32 << 10, WAIT_MS = 30000, OPENING_AT_ONCE = 32 };

/* What begins each event on the wire, and what greets. */
static const char event_line[] = "\nid: ", greeting[] = ": customhouse";

struct stream {
	int fd;
	bool answered;
	size_t seen;    /* of event_line, across reads */
	size_t greeted; /* of the greeting */
};

static struct stream *streams;
static struct stream receiver = {.fd = -1};
static int queue = -1;
static atomic_uint open_count, greeted_count, ended_count, call_count;
static atomic_ulong notice_count;

int hub_socket(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void watch(struct stream *s)
{
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};

	if (epoll_ctl(queue, EPOLL_CTL_ADD, s->fd, &e))
		die("epoll");
}

int beside_receive(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	queue = epoll_create1(EPOLL_CLOEXEC);
	receiver.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (queue < 0 || receiver.fd < 0 || bind(receiver.fd, (struct sockaddr *)&at, size) ||
	    listen(receiver.fd, 64) || getsockname(receiver.fd, (struct sockaddr *)&at, &size))
		die("receiver");
	watch(&receiver);
	return ntohs(at.sin_port);
}

/* ---- the thread ---- */

/* How far into `word` the text goes from `*seen` on; true when the word is whole. No word here begins again within itself. */
static bool step(size_t *seen, const char *word, size_t n, char c)
{
	*seen = c == word[*seen] ? *seen + 1 : c == word[0];
	if (*seen < n)
		return false;
	*seen = 0;
	return true;
}

static void hang_up(struct stream *s)
{
	close(s->fd);
	atomic_fetch_add(&ended_count, 1);
	atomic_fetch_sub(&open_count, 1);
}

static void take(struct stream *s)
{
	static char room[ROOM];
	static const char fine[] = "HTTP/1.1 200";
	ssize_t n = recv(s->fd, room, sizeof(room), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && !s->answered && strncmp(room, fine, sizeof(fine) - 1) != 0) {
		fprintf(stderr, "a stream was refused: %.*s\n", (int)n, room);
		n = 0;
	}
	if (n <= 0) {
		hang_up(s);
		return;
	}
	s->answered = true;
	for (ssize_t i = 0; i < n; i++) {
		if (step(&s->greeted, greeting, sizeof(greeting) - 1, room[i]))
			atomic_fetch_add(&greeted_count, 1);
		if (step(&s->seen, event_line, sizeof(event_line) - 1, room[i]))
			atomic_fetch_add(&notice_count, 1);
	}
}

static void *listen_on(void *nothing)
{
	struct epoll_event e[EVENTS_AT_ONCE];

	for (;;) {
		int n = epoll_wait(queue, e, EVENTS_AT_ONCE, -1);

		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++) {
			if (e[i].data.ptr != &receiver)
				take(e[i].data.ptr);
			else if (accept(receiver.fd, NULL, NULL) >= 0) /* and never a word */
				atomic_fetch_add(&call_count, 1);
		}
	}
	return nothing;
}

/* ---- from the other thread ---- */

static void open_stream(struct stream *s, int port, const char *token, const char *party)
{
	char request[512];
	int n = snprintf(request, sizeof(request),
			 "GET /api/v1/notifications/stream?party=%s HTTP/1.1\r\nHost: localhost\r\n"
			 "Authorization: Bearer %s\r\n\r\n",
			 party, token);

	s->fd = hub_socket(port);
	if (send(s->fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		die("send");
	atomic_fetch_add(&open_count, 1);
	watch(s);
}

/* Until so many streams were greeted; the hub says busy to who opens too many in one moment. */
static void wait_greeted(unsigned wanted, unsigned of)
{
	for (int i = 0; atomic_load(&greeted_count) < wanted; i++) {
		if (i == WAIT_MS || atomic_load(&ended_count)) {
			fprintf(stderr, "of %u streams %u were greeted, %u ended\n", of,
				atomic_load(&greeted_count), atomic_load(&ended_count));
			exit(1);
		}
		usleep(1000);
	}
}

void beside_start(int port, const char *token, char *const *parties, unsigned party_count,
		  unsigned n)
{
	pthread_t thread;

	streams = calloc((size_t)n + 1, sizeof(*streams));
	if (!streams || !party_count)
		die("streams");
	if (pthread_create(&thread, NULL, listen_on, NULL))
		die("thread");
	for (unsigned i = 0; i < n; i++) {
		open_stream(&streams[i], port, token, parties[i % party_count]);
		wait_greeted(i > OPENING_AT_ONCE ? i - OPENING_AT_ONCE : 0, n);
	}
	wait_greeted(n, n);
}

struct beside_figures beside_read(void)
{
	return (struct beside_figures){
	    .open = atomic_load(&open_count),
	    .ended = atomic_load(&ended_count),
	    .notices = atomic_load(&notice_count),
	    .calls = atomic_load(&call_count),
	};
}
