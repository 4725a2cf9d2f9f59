/* Many streams of notifications at once:
 *
 *   many_streams PORT TOKEN PARTY STREAMS PARTIES EVENTS [now]
 *
 * Opens them in turn for the parties PARTY0, PARTY1, ...; prints "open" when all were greeted; then each must bring EVENTS events
 * with the numbers 1, 2, ... in order. All are asked for before the first answer is read; with "now" they ask for what comes, and
 * not for what there is behind a number. Exit status 0 when all did. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 4096, PATIENCE_MS = 60000 };

struct stream {
	char room[ROOM]; /* what has no line end yet */
	size_t n;
	bool greeted, answered;
	char status[80]; /* the first line */
	int next;        /* number of the event that must come */
};

static int open_stream(char **argv, int number)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)atoi(argv[1])),
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0), n;
	char request[300];

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
		return -1;
	n = snprintf(request, sizeof(request),
		     "GET /api/v1/notifications/stream?party=%s%d%s HTTP/1.1\r\n"
		     "Host: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n",
		     argv[3], number, argv[7] ? "" : "&after=0", argv[2]);
	return write(fd, request, (size_t)n) == n ? fd : -1;
}

static bool take_line(struct stream *s, const char *line)
{
	int id;

	if (!s->answered)
		snprintf(s->status, sizeof(s->status), "%.79s", line);
	s->answered = true;
	s->greeted |= !strncmp(line, ": customhouse", 13);
	if (strncmp(line, "id: ", 4) != 0)
		return true;
	id = atoi(line + 4);
	if (id != s->next)
		fprintf(stderr, "event %d instead of %d\n", id, s->next);
	return id == s->next++;
}

static bool take(int fd, struct stream *s)
{
	ssize_t got = read(fd, s->room + s->n, ROOM - 1 - s->n);
	char *line = s->room, *end;

	if (got <= 0) {
		fprintf(stderr, "a stream ended: %s\n", s->status);
		return false;
	}
	s->n += (size_t)got;
	s->room[s->n] = 0;
	while ((end = memchr(line, '\n', s->n - (size_t)(line - s->room)))) {
		*end = 0;
		if (!take_line(s, line))
			return false;
		line = end + 1;
	}
	s->n -= (size_t)(line - s->room);
	memmove(s->room, line, s->n);
	return s->n < ROOM - 1;
}

/* Reads until every stream was greeted, and has had its events. */
static bool read_until(struct pollfd *fds, struct stream *s, int n, int events)
{
	for (;;) {
		int done = 0;

		for (int i = 0; i < n; i++)
			done += s[i].greeted && s[i].next > events;
		if (done == n)
			return true;
		if (poll(fds, (nfds_t)n, PATIENCE_MS) <= 0) {
			fprintf(stderr, "%d of %d streams are done, and nothing moves\n", done, n);
			return false;
		}
		for (int i = 0; i < n; i++)
			if (fds[i].revents && !take(fds[i].fd, &s[i]))
				return false;
	}
}

int main(int argc, char **argv)
{
	int n = argc == 7 || argc == 8 ? atoi(argv[4]) : 0;
	struct pollfd *fds = calloc((size_t)n + 1, sizeof(*fds));
	struct stream *s = calloc((size_t)n + 1, sizeof(*s));
	struct rlimit limit;
	bool done;

	if (n < 1 || !fds || !s || getrlimit(RLIMIT_NOFILE, &limit))
		return 2;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		return 2;
	for (int i = 0; i < n; i++) {
		fds[i] = (struct pollfd){open_stream(argv, i % atoi(argv[5])), POLLIN, 0};
		s[i].next = 1;
		if (fds[i].fd < 0)
			return 2;
	}
	if (!read_until(fds, s, n, 0))
		return 1;
	puts("open");
	fflush(stdout);
	done = read_until(fds, s, n, atoi(argv[6]));
	free(fds);
	free(s);
	return done ? 0 : 1;
}
