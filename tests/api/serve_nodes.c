/* Several nodes that a test takes for one server:
 *
 *   serve_nodes N PROGRAM serve ... --data DIR ... --listen ADDR:PORT ... --database URL ...
 *   serve_nodes N SERVER DIR ...
 *
 * starts N nodes of PROGRAM on the database: the first on DIR, the others on DIR.node1, DIR.node2 ..., to which it copies DIR's
 * keys. Listens on ADDR:PORT in their stead and gives connection after connection to the next node, so that a request may reach
 * any of them. Says what the first one says, with its own port; hands SIGTERM and SIGINT on, and ends as they end. Who kills it
 * kills them all. A test's own SERVER is told in its environment which node it is (test_node.h); the first one alone reads
 * standard input. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NODES_MAX = 8, WORDS_MAX = 100, PATH_BYTES = 4096, PIECE = 1 << 16 };

struct node {
	pid_t pid;
	int out; /* what it says comes out there */
	uint16_t port;
	char data[PATH_BYTES], listen[40], name[40];
	char said[2000];
};

static struct node nodes[NODES_MAX];
static int count;
static bool of_test; /* a test's own server, not the program */

/* ---- sockets ---- */

static int listen_on(const char *where, uint16_t *ret_port)
{
	const char *colon = strrchr(where, ':');
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t n = sizeof(a);
	char host[64];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;

	if (!colon || colon - where >= (int)sizeof(host))
		return -1;
	memcpy(host, where, (size_t)(colon - where));
	host[colon - where] = 0;
	a.sin_port = htons((uint16_t)atoi(colon + 1));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (inet_pton(AF_INET, host, &a.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 128) ||
	    getsockname(fd, (struct sockaddr *)&a, &n)) {
		close(fd);
		return -1;
	}
	*ret_port = ntohs(a.sin_port);
	return fd;
}

/* One that nobody listens on: chosen by the machine, and given back. */
static uint16_t free_port(void)
{
	uint16_t port = 0;
	int fd = listen_on("127.0.0.1:0", &port);

	close(fd);
	return port;
}

static int call_node(const struct node *n)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(n->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* ---- one connection ---- */

static bool pass(int from, int to)
{
	char piece[PIECE];
	ssize_t n = recv(from, piece, sizeof(piece), 0);

	if (n <= 0) {
		shutdown(to, SHUT_WR);
		return false;
	}
	for (ssize_t sent = 0; sent < n;) {
		ssize_t k = send(to, piece + sent, (size_t)(n - sent), MSG_NOSIGNAL);

		if (k <= 0)
			return false;
		sent += k;
	}
	return true;
}

static int next_node(void)
{
	static int turn;
	int fd = -1;

	for (int tries = 0; tries < count && fd < 0; tries++)
		fd = call_node(&nodes[turn++ % count]);
	return fd;
}

struct pair {
	int client, node;
};

/* Until the node has said all: what a client that left was asked for is not waited for. */
static void *carry(void *context)
{
	struct pair *p = context;
	struct pollfd fd[2] = {{p->client, POLLIN, 0}, {p->node, POLLIN, 0}};

	while (fd[1].fd >= 0 && poll(fd, 2, -1) >= 0) {
		if (fd[0].revents && !pass(p->client, p->node))
			fd[0].fd = -1;
		if (fd[1].revents && !pass(p->node, p->client))
			fd[1].fd = -1;
	}
	close(p->client);
	close(p->node);
	free(p);
	return NULL;
}

static void *take_connections(void *context)
{
	const int door = *(int *)context;

	for (;;) {
		struct pair *p = malloc(sizeof(*p));
		pthread_t thread;

		if (!p)
			abort();
		p->client = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		if (p->client < 0) {
			free(p);
			continue;
		}
		p->node = next_node();
		if (p->node < 0 || pthread_create(&thread, NULL, carry, p)) {
			close(p->client);
			free(p);
			continue;
		}
		pthread_detach(thread);
	}
	return NULL;
}

/* ---- the nodes ---- */

static void tell_server(const struct node *n)
{
	setenv("CUSTOMHOUSE_TEST_NODE", n->name, 1);
	setenv("CUSTOMHOUSE_TEST_NODE_LISTEN", n->listen, 1);
	setenv("CUSTOMHOUSE_TEST_NODE_DATA", n->data, 1);
	if (n != nodes)
		setenv("CUSTOMHOUSE_TEST_NODE_OTHER", "yes", 1);
}

static void run_node(const struct node *n, char **words, const sigset_t *signals)
{
	const char *own[WORDS_MAX + 5];
	int k = 0, nothing = n == nodes ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (; words[k]; k++) {
		const char *before = k ? words[k - 1] : "";

		own[k] = !strcmp(before, "--data")     ? n->data
			 : !strcmp(before, "--listen") ? n->listen
						       : words[k];
	}
	if (of_test) {
		tell_server(n);
	} else {
		own[k++] = "--node";
		own[k++] = n->name;
		own[k++] = "--advertise";
		own[k++] = n->listen;
	}
	own[k] = NULL;
	if (nothing >= 0)
		dup2(nothing, STDIN_FILENO);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execv(own[0], (char **)(uintptr_t)own);
	perror(own[0]);
	_exit(127);
}

static bool serves(const char *said)
{
	const char *line = strstr(said, "port ");

	return strstr(said, "serves") ||
	       (line && (line == said || line[-1] == '\n') && strchr(line, '\n'));
}

/* Until it serves. false: it ended before. */
static bool start_node(struct node *n, char **words, const sigset_t *signals)
{
	int out[2];
	size_t used = 0;
	ssize_t got;

	if (pipe2(out, O_CLOEXEC))
		return false;
	n->pid = fork();
	if (n->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		run_node(n, words, signals);
	}
	close(out[1]);
	while (used + 1 < sizeof(n->said) && !serves(n->said)) {
		got = read(out[0], n->said + used, sizeof(n->said) - 1 - used);
		if (got <= 0)
			return false;
		used += (size_t)got;
	}
	n->out = out[0]; /* stays open: it may say more */
	return true;
}

static void copy_keys(const struct node *n)
{
	char from[PATH_BYTES + 8], to[PATH_BYTES + 8];
	int status = 1;
	pid_t pid;

	snprintf(from, sizeof(from), "%s/keys", nodes[0].data);
	snprintf(to, sizeof(to), "%s/keys", n->data);
	(void)mkdir(n->data, 0750);
	pid = fork();
	if (pid == 0) {
		execlp("cp", "cp", "-rT", "--remove-destination", from, to, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status)
		fprintf(stderr, "serve_nodes: %s has no keys\n", n->data);
}

/* What it said when it served, with another port. */
static void say(const struct node *n, uint16_t port)
{
	static const struct {
		const char *before, *after;
	} forms[] = {{":", "/"}, {"port ", " "}};
	char theirs[20];
	const char *at;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(theirs, sizeof(theirs), "%s%u%s", forms[i].before, n->port,
			 forms[i].after);
		at = strstr(n->said, theirs);
		if (at)
			printf("%.*s%s%u%s%s", (int)(at - n->said), n->said, forms[i].before, port,
			       forms[i].after, at + strlen(theirs));
	}
	fflush(stdout);
}

static void *say_more(void *context)
{
	const struct node *n = context;
	char piece[PIECE];
	ssize_t got;

	while ((got = read(n->out, piece, sizeof(piece))) > 0)
		if (write(STDOUT_FILENO, piece, (size_t)got) != got)
			break;
	return NULL;
}

static int end_all(int with)
{
	int worst = 0, status;

	for (int i = 0; i < count; i++)
		if (nodes[i].pid > 0)
			kill(nodes[i].pid, with);
	for (int i = 0; i < count; i++) {
		if (nodes[i].pid <= 0 || waitpid(nodes[i].pid, &status, 0) < 0)
			continue;
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		worst = status > worst ? status : worst;
	}
	return worst;
}

int main(int argc, char **argv)
{
	const char *data = NULL, *where = NULL;
	pthread_t thread;
	sigset_t signals;
	uint16_t port = 0;
	int door, with = SIGTERM, status = 0;

	for (int i = 2; i + 1 < argc; i++) {
		data = strcmp(argv[i], "--data") ? data : argv[i + 1];
		where = strcmp(argv[i], "--listen") ? where : argv[i + 1];
	}
	of_test = argc > 3 && !data;
	if (of_test) {
		data = argv[3];
		where = "127.0.0.1:0";
	}
	count = argc > 3 ? atoi(argv[1]) : 0;
	if (count < 1 || count > NODES_MAX || argc > WORDS_MAX || !data || !where)
		return 2;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	door = listen_on(where, &port);
	if (door < 0) /* a place that is none: the program says so */
		execv(argv[2], argv + 2);
	for (int i = 0; i < count; i++) {
		struct node *n = &nodes[i];

		n->port = free_port();
		snprintf(n->listen, sizeof(n->listen), "127.0.0.1:%u", n->port);
		snprintf(n->name, sizeof(n->name), "node%d", i);
		snprintf(n->data, sizeof(n->data), i ? "%s.node%d" : "%s", data, i);
		if (i)
			copy_keys(n);
		if (!start_node(n, argv + 2, &signals)) {
			waitpid(n->pid, &status, 0);
			n->pid = 0;
			count = i;
			end_all(SIGTERM);
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
		}
	}
	say(&nodes[0], port);
	if (pthread_create(&thread, NULL, take_connections, &door) ||
	    pthread_create(&thread, NULL, say_more, &nodes[0]))
		return 1;
	sigwait(&signals, &with);
	close(door);
	return end_all(with);
}
