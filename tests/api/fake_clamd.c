/* A stand-in for the ClamAV daemon:
 *
 *   fake_clamd SOCKET FILE
 *
 * speaks the INSTREAM command as clamd(8) writes it, on a unix socket, one connection at a time, prints "ready", and says OK to
 * what it gets, or FOUND to what holds the word INFECTED. The word in FILE, read anew for each connection, changes its ways:
 *
 *   answer   as above
 *   hang     reads and never answers, until the word is another
 *   die      hangs up in the middle
 *   refuse   answers with an error, as for a stream that is too long
 *   talk     answers with what no client understands
 *
 * Each connection is one line on standard output: the way, and the bytes that came. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *file;

static void read_way(char way[20])
{
	FILE *in = fopen(file, "r");

	if (!in || !fgets(way, 20, in))
		snprintf(way, 20, "answer");
	way[strcspn(way, "\n")] = 0;
	if (in)
		fclose(in);
}

static int get(int fd, void *to, size_t n)
{
	char *p = to;

	while (n) {
		ssize_t got = recv(fd, p, n, 0);

		if (got <= 0)
			return -1;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

static void say(int fd, const char *text)
{
	/* Whoever has gone hears nothing. */
	if (send(fd, text, strlen(text) + 1, MSG_NOSIGNAL) < 0)
		printf("gone\n");
}

/* The stream, whole; -1: it was cut, or is none. */
static long get_stream(int fd, char **ret, const char *way)
{
	char command[10];
	size_t n = 0, room = 0;
	char *bytes = NULL;

	if (get(fd, command, sizeof(command)) || memcmp(command, "zINSTREAM", 10) != 0)
		return -1;
	for (;;) {
		uint8_t length[4];
		size_t more;

		if (get(fd, length, 4))
			return -1;
		more = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 |
		       length[3];
		if (!more)
			break;
		if (n + more > room) {
			room = (n + more) * 2;
			bytes = realloc(bytes, room);
			if (!bytes)
				abort();
		}
		if (get(fd, bytes + n, more))
			return -1;
		n += more;
		if (!strcmp(way, "die"))
			break;
	}
	*ret = bytes;
	return (long)n;
}

static void serve(int fd)
{
	char way[20];
	char *bytes = NULL;
	long n;

	read_way(way);
	n = get_stream(fd, &bytes, way);
	printf("%s %ld\n", way, n);
	fflush(stdout);
	while (!strcmp(way, "hang")) {
		usleep(20000);
		read_way(way);
		if (strcmp(way, "hang"))
			snprintf(way, sizeof(way), "die");
	}
	if (n < 0 || !strcmp(way, "die"))
		; /* hang up */
	else if (!strcmp(way, "refuse"))
		say(fd, "INSTREAM size limit exceeded. ERROR");
	else if (!strcmp(way, "talk"))
		say(fd, "good day");
	else if (memmem(bytes, (size_t)n, "INFECTED", 8))
		say(fd, "stream: Test.Virus-1 FOUND");
	else
		say(fd, "stream: OK");
	free(bytes);
	close(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc != 3 || strlen(argv[1]) >= sizeof(where.sun_path) || listener < 0)
		return 2;
	file = argv[2];
	snprintf(where.sun_path, sizeof(where.sun_path), "%s", argv[1]);
	unlink(argv[1]);
	if (bind(listener, (struct sockaddr *)&where, sizeof(where)) || listen(listener, 8)) {
		perror(argv[1]);
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			serve(fd);
	}
}
