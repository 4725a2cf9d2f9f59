/* An identity provider that says what files say:
 *
 *   fake_provider DIR
 *
 * listens on a free port of this machine and prints "port N". GET /NAME gives DIR/NAME ('/' in NAME becomes '_'), 404 where there
 * is none; POST /token keeps the form in DIR/form and gives DIR/token.json. Each request is a line METHOD PATH in DIR/log. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 128 << 10 };

static const char *directory;

static FILE *open_file(const char *name, const char *how)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, how);
}

static void keep(const char *name, const char *how, const char *text)
{
	FILE *f = open_file(name, how);

	if (!f)
		exit(1);
	fputs(text, f);
	fclose(f);
}

static void answer(int fd, const char *name)
{
	static char body[ROOM];
	char head[200];
	FILE *f = open_file(name, "r");
	size_t n = f ? fread(body, 1, sizeof(body), f) : 0;
	int h = snprintf(head, sizeof(head),
			 "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: "
			 "%zu\r\nConnection: close\r\n\r\n",
			 f ? "200 OK" : "404 Not Found", n);

	if (f)
		fclose(f);
	if (write(fd, head, (size_t)h) < 0 || write(fd, body, n) < 0)
		return;
}

static void serve(int fd)
{
	static char text[ROOM + 1];
	char method[10] = "", path[200] = "", line[300], *body = NULL, *length;
	size_t n = 0, wanted = 0;
	ssize_t got = 1;

	while (got > 0 && n < ROOM && (!body || n < (size_t)(body - text) + wanted)) {
		got = read(fd, text + n, ROOM - n);
		n += got > 0 ? (size_t)got : 0;
		text[n] = 0;
		if (!body && (body = strstr(text, "\r\n\r\n"))) {
			body += 4;
			length = strcasestr(text, "\r\nContent-Length:");
			wanted = length && length < body ? strtoul(length + 17, NULL, 10) : 0;
		}
	}
	if (!body || sscanf(text, "%9s /%199s", method, path) != 2)
		return;
	snprintf(line, sizeof(line), "%s %s\n", method, path);
	keep("log", "a", line);
	if (!strcmp(method, "POST") && !strcmp(path, "token")) {
		keep("form", "w", body);
		answer(fd, "token.json");
		return;
	}
	for (char *c = path; *c; c++)
		*c = *c == '/' ? '_' : *c;
	answer(fd, path);
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0), client;

	if (argc != 2 || fd < 0 || bind(fd, (struct sockaddr *)&a, size) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&a, &size))
		return 2;
	directory = argv[1];
	printf("port %u\n", ntohs(a.sin_port));
	fflush(stdout);
	while ((client = accept(fd, NULL, NULL)) >= 0) {
		serve(client);
		close(client);
	}
	return 1;
}
