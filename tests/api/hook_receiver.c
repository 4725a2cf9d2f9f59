/* A receiver of notifications that behaves as its path says:
 *
 *   hook_receiver DIR
 *
 * listens on a free port of this machine, prints "port N", and adds a line to DIR/log for each delivery before it answers:
 *   PATH DELIVERY SIGNATURE BODY
 *   /take      200
 *   /refuse    500
 *   /mode      what DIR/mode says: take or refuse
 *   /third     500 for the first two tries of each delivery, then 200
 *   /redirect  302 to /take
 *   /long      200 with a body that does not end
 *   /hang      no answer */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 64 << 10 };

static const char *directory;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static FILE *open_file(const char *name, const char *how)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, how);
}

static bool mode_is_take(void)
{
	char mode[20] = "";
	FILE *f = open_file("mode", "r");

	if (f && !fgets(mode, sizeof(mode), f))
		mode[0] = 0;
	if (f)
		fclose(f);
	return !strncmp(mode, "take", 4);
}

static void header(const char *head, const char *name, char *to, size_t room)
{
	const char *at = head;

	to[0] = 0;
	while ((at = strstr(at, "\r\n")) && strncasecmp(at += 2, name, strlen(name)) != 0)
		;
	if (at)
		snprintf(to, room, "%.*s", (int)strcspn(at + strlen(name), "\r"),
			 at + strlen(name));
}

/* Notes the delivery; how often it was noted before. */
static int note(const char *path, const char *head, const char *body)
{
	char delivery[100], signature[200], line[ROOM], begin[400];
	int before = 0;
	FILE *f;

	header(head, "Customhouse-Delivery: ", delivery, sizeof(delivery));
	header(head, "Customhouse-Signature: ", signature, sizeof(signature));
	snprintf(begin, sizeof(begin), "%s %s ", path, delivery);
	pthread_mutex_lock(&lock);
	f = open_file("log", "a+");
	if (!f)
		exit(1);
	rewind(f);
	while (fgets(line, sizeof(line), f))
		before += !strncmp(line, begin, strlen(begin));
	fprintf(f, "%s%s %s\n", begin, signature, body);
	fclose(f);
	pthread_mutex_unlock(&lock);
	return before;
}

static bool say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* false: the connection is done with. */
static bool answer(int fd, const char *path, int before)
{
	if (!strcmp(path, "/hang"))
		for (;;)
			pause();
	if (!strcmp(path, "/long")) {
		if (!say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"))
			return false;
		while (say(fd, "0123456789012345678901234567890123456789"))
			;
		return false;
	}
	if (!strcmp(path, "/redirect"))
		return say(fd,
			   "HTTP/1.1 302 Found\r\nLocation: /take\r\nContent-Length: 0\r\n\r\n");
	if (!strcmp(path, "/take") || (!strcmp(path, "/third") && before >= 2) ||
	    (!strcmp(path, "/mode") && mode_is_take()))
		return say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	return say(fd, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
}

/* Reads one request into room; where its body begins. NULL: the connection ended. */
static char *read_request(int fd, char *room)
{
	size_t n = 0, wanted = 0;
	char *body = NULL, length[20];

	while (!body || n < wanted) {
		ssize_t got = read(fd, room + n, ROOM - 1 - n);

		if (got <= 0)
			return NULL;
		n += (size_t)got;
		room[n] = 0;
		if (!body && (body = strstr(room, "\r\n\r\n"))) {
			body += 4;
			header(room, "Content-Length: ", length, sizeof(length));
			wanted = (size_t)(body - room) + (size_t)atol(length);
		}
	}
	return body;
}

static void *serve(void *context)
{
	int fd = (int)(intptr_t)context;
	char *room = malloc(ROOM), path[40], *body;

	while (room && (body = read_request(fd, room))) {
		snprintf(path, sizeof(path), "%.*s", (int)strcspn(room + 5, " "), room + 5);
		if (!answer(fd, path, note(path, room, body)))
			break;
	}
	free(room);
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), one;
	pthread_t thread;

	if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 64) ||
	    getsockname(fd, (struct sockaddr *)&a, &size))
		return 1;
	directory = argv[1];
	signal(SIGPIPE, SIG_IGN);
	printf("port %u\n", ntohs(a.sin_port));
	fflush(stdout);
	while ((one = accept(fd, NULL, NULL)) >= 0)
		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)one) ||
		    pthread_detach(thread))
			return 1;
	return 0;
}
