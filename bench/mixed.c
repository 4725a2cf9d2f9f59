/* load-mixed: what a hub is used for, all at once: traders hand in, look and pay, officers list and inspect.
 *
 *   load-mixed PORT FOLDER NAME
 *
 * FOLDER, which mixed.sh makes, holds: gateway, cashier, supervisor (a token each); officers (lines of a login, a token); offices
 * and parties (a code or id a line); declarations (one JSON message a line). Settings come from the environment:
 *   BENCH_RATE      requests a second, all clients together (2000)
 *   BENCH_SECONDS   for so long (30)
 *   BENCH_PRIMED    declarations handed in before the clock starts, as fast as answers come (40000)
 *   BENCH_STREAMS   open event streams (800); with them comes a hook whose receiver never answers. 0: neither
 *   BENCH_SEED      of the mix (1)
 * Nothing is known beforehand of any case: references come from the answers to submissions, who inspects what from the offices'
 * lists. A request is due at its own moment, whether or not earlier ones were answered, and its latency counts from then: a
 * stalled hub is not spared by a load generator that waits for it. Prints JSON lines {"name","value","unit"}, names begin with
 * NAME; exit 1 when any answer was not what it should be. */
#include "mixed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

enum {
	CLIENTS = 64,
	ANSWER_ROOM = 1 << 20,
	HEAD_ROOM = 1024,
	BODY_ROOM = 256,
	REFERENCE_ROOM = 24,
	CASES_MAX = 1 << 20, /* a power of two: of the table by reference, too */
	WORDS_MAX = 4096,
	PAGE = 50,
	COMPLAINTS_MAX = 3, /* of each kind */
};

enum kind { SUBMIT, READ, PAY, INSPECT, LIST, KINDS };
static const char *const kind_names[] = {"submit", "read", "pay", "inspect", "list"};
static const unsigned share[] = {35, 35, 10, 10, 10}; /* of a hundred */

enum turn { TURN_CHECK, TURN_EXAMINE }; /* what an examiner has to do next */

struct known {
	char reference[REFERENCE_ROOM];
	bool rejected; /* perhaps for naming an office that there is not: then no officer sees it */
	bool listed;   /* an examiner has it, and it was queued */
	bool red;      /* examined too */
	uint8_t turn;
	uint16_t officer;
};

struct client {
	int fd;
	bool busy;
	enum kind kind;
	uint32_t about; /* INSPECT: which case */
	uint32_t
	    page;   /* LIST: which cursor; UINT32_MAX: a party's, from which nothing is learned */
	double due; /* when the request should have gone out */
	char head[HEAD_ROOM], own_body[BODY_ROOM];
	const char *body;
	size_t head_bytes, body_bytes, sent;
	char *answer;
	size_t got;
};

struct fifo {
	uint32_t *v;
	size_t first, n;
};

static struct client client[CLIENTS];
static struct known *cases;
static uint32_t *slot; /* by hash of the reference: index + 1 */
static uint32_t case_count;
static struct fifo unpaid, waiting;

static char *gateway, *supervisor, *cashier;
static char *login[WORDS_MAX], *officer_token[WORDS_MAX], *office[WORDS_MAX], *party[WORDS_MAX];
static unsigned officers, offices, parties;
/* Where the reading of an office's list stands; each office has one for cases in documents and one for those in inspection. */
static char cursor[2 * WORDS_MAX][REFERENCE_ROOM];
static const char *text, *text_end;
static uint64_t seed;

static double rate, began;
static double *latency[KINDS];
static size_t done[KINDS], failed[KINDS], room, substitutes, primed_out;
static bool timed; /* what is done now counts */

/* ---- little things ---- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static uint32_t draw(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(((seed >> 32) * below) >> 32);
}

static void put(struct fifo *f, uint32_t v)
{
	if (f->n < CASES_MAX)
		f->v[(f->first + f->n++) % CASES_MAX] = v;
}

static bool get(struct fifo *f, uint32_t *ret)
{
	if (!f->n)
		return false;
	*ret = f->v[f->first];
	f->first = (f->first + 1) % CASES_MAX;
	f->n--;
	return true;
}

/* The value of the first member of this name behind `from`, if it stands before `end`: what is copied is cut to fit. */
static bool member(const char *from, const char *end, const char *name, char *ret, size_t size)
{
	char key[48];
	const char *p, *q;
	size_t n;

	snprintf(key, sizeof(key), "\"%s\":\"", name);
	p = memmem(from, (size_t)(end - from), key, strlen(key));
	q = p ? memchr(p + strlen(key), '"', (size_t)(end - p) - strlen(key)) : NULL;
	if (!q)
		return false;
	p += strlen(key);
	n = (size_t)(q - p) < size - 1 ? (size_t)(q - p) : size - 1;
	memcpy(ret, p, n);
	ret[n] = 0;
	return true;
}

/* ---- what is known ---- */

/* UINT32_MAX: there is no room for more. */
static uint32_t case_of(const char *reference)
{
	uint32_t at = 2166136261u;

	for (const char *p = reference; *p; p++)
		at = (at ^ (uint8_t)*p) * 16777619u;
	for (at %= 2 * CASES_MAX; slot[at]; at = (at + 1) % (2 * CASES_MAX))
		if (!strcmp(cases[slot[at] - 1].reference, reference))
			return slot[at] - 1;
	if (case_count == CASES_MAX)
		return UINT32_MAX;
	snprintf(cases[case_count].reference, REFERENCE_ROOM, "%s", reference);
	slot[at] = ++case_count;
	return case_count - 1;
}

static void learn_submitted(const char *body, const char *end)
{
	char reference[REFERENCE_ROOM], state[32], amount[32];
	const char *total = memmem(body, (size_t)(end - body), "\"total\":", 8);
	uint32_t at;

	if (!member(body, end, "reference", reference, sizeof(reference)) ||
	    !member(body, end, "state", state, sizeof(state)))
		return;
	at = case_of(reference);
	if (at == UINT32_MAX)
		return;
	cases[at].rejected = !strcmp(state, "rejected");
	if (cases[at].rejected || !total || !member(total, end, "amount", amount, sizeof(amount)))
		return;
	if (strspn(amount, "0.") < strlen(amount))
		put(&unpaid, at);
}

/* One case of an office's list: an examiner who is ours gets it, once. */
static void learn_waiting(const char *from, const char *end, const char *reference)
{
	char examiner[64];
	uint32_t at = case_of(reference);

	if (at == UINT32_MAX || cases[at].listed ||
	    !member(from, end, "examiner", examiner, sizeof(examiner)))
		return;
	for (unsigned i = 0; i < officers; i++)
		if (!strcmp(login[i], examiner)) {
			cases[at].listed = true;
			cases[at].officer = (uint16_t)i;
			cases[at].red =
			    memmem(from, (size_t)(end - from), "\"inspection\"", 12) != NULL;
			cases[at].turn = memmem(from, (size_t)(end - from), "\"documents\"", 11)
					     ? TURN_CHECK
					     : TURN_EXAMINE;
			put(&waiting, at);
			return;
		}
}

/* The next page of the list goes on where this one ends, and begins anew at the list's end. */
static void learn_listed(const struct client *c, const char *body, const char *end)
{
	static const char begins[] = "{\"reference\":\"";
	char reference[REFERENCE_ROOM];
	const char *p = memmem(body, (size_t)(end - body), begins, sizeof(begins) - 1), *next;

	while (p) {
		next = memmem(p + 1, (size_t)(end - p - 1), begins, sizeof(begins) - 1);
		if (member(p, next ? next : end, "reference", reference, sizeof(reference)))
			learn_waiting(p, next ? next : end, reference);
		p = next;
	}
	if (!member(body, end, "after", cursor[c->page], REFERENCE_ROOM))
		cursor[c->page][0] = 0;
}

/* ---- what is sent ---- */

/* key: an Idempotency-Key; empty: none. */
static void request(struct client *c, const char *method, const char *token, const char *path,
		    const char *key)
{
	c->head_bytes = (size_t)snprintf(c->head, HEAD_ROOM,
					 "%s /api/v1/%s HTTP/1.1\r\nHost: localhost\r\n"
					 "Content-Type: application/json\r\n"
					 "Authorization: Bearer %.200s\r\n"
					 "Content-Length: %zu\r\n%s%s%s\r\n",
					 method, path, token, c->body_bytes,
					 *key ? "Idempotency-Key: " : "", key, *key ? "\r\n" : "");
}

static bool send_submit(struct client *c)
{
	const char *end = memchr(text, '\n', (size_t)(text_end - text));

	if (!end)
		return false;
	c->body = text;
	c->body_bytes = (size_t)(end - text);
	text = end + 1;
	request(c, "POST", gateway, "declarations", "");
	return true;
}

static bool send_read(struct client *c)
{
	char path[128];
	const struct known *k;

	if (!case_count)
		return false;
	k = &cases[draw(case_count)];
	snprintf(path, sizeof(path), "declarations/%s%s", k->reference, draw(2) ? "/status" : "");
	request(c, "GET", draw(4) || k->rejected ? gateway : supervisor, path, "");
	return true;
}

static void send_act(struct client *c, uint32_t about, const char *token, const char *body)
{
	char path[128];

	c->about = about;
	c->body_bytes = (size_t)snprintf(c->own_body, BODY_ROOM, "%s", body);
	c->body = c->own_body;
	snprintf(path, sizeof(path), "declarations/%s/acts", cases[about].reference);
	request(c, "POST", token, path, "");
}

static bool send_pay(struct client *c)
{
	uint32_t about;

	if (!get(&unpaid, &about))
		return false;
	send_act(c, about, gateway, "{\"act\":\"pay\"}");
	return true;
}

/* A quarter of the checks closes all that an examiner has to do at once. */
static bool send_inspect(struct client *c)
{
	uint32_t about;
	struct known *k;

	if (!get(&waiting, &about))
		return false;
	k = &cases[about];
	if (k->turn == TURN_EXAMINE) {
		send_act(c, about, officer_token[k->officer],
			 "{\"act\":\"examine\",\"result\":\"clean\",\"code\":\"A1\"}");
	} else if (!draw(4)) {
		k->red = false;
		send_act(c, about, officer_token[k->officer], "{\"act\":\"release\"}");
	} else {
		send_act(c, about, officer_token[k->officer],
			 "{\"act\":\"check-documents\",\"result\":\"clean\",\"code\":\"A1\"}");
	}
	return true;
}

static void list_office(struct client *c, uint32_t page)
{
	char path[160];
	const char *after = cursor[page];

	c->page = page;
	snprintf(path, sizeof(path), "cases?office=%s&state=%s&limit=%d%s%s", office[page / 2],
		 page % 2 ? "inspection" : "documents", PAGE, *after ? "&after=" : "", after);
	request(c, "GET", supervisor, path, "");
}

static void send_list(struct client *c)
{
	char path[160];

	if (draw(2)) {
		list_office(c, draw(2 * offices));
		return;
	}
	c->page = UINT32_MAX;
	snprintf(path, sizeof(path), "cases?party=%s&limit=%d", party[draw(parties)], PAGE);
	request(c, "GET", gateway, path, "");
}

static enum kind draw_kind(void)
{
	uint32_t at = draw(100);
	unsigned k = 0;

	while (at >= share[k])
		at -= share[k++];
	return (enum kind)k;
}

/* A request of this kind; where nothing is left to pay or inspect, a look instead, which is counted. */
static void prepare(struct client *c, enum kind kind)
{
	bool able = true;

	c->kind = kind;
	c->sent = c->got = c->body_bytes = 0;
	switch (kind) {
	case SUBMIT:
		able = send_submit(c);
		break;
	case READ:
		able = send_read(c);
		break;
	case PAY:
		able = send_pay(c);
		break;
	case INSPECT:
		able = send_inspect(c);
		break;
	case LIST:
	case KINDS:
		send_list(c);
		break;
	}
	if (!able) {
		c->kind = LIST;
		send_list(c);
		substitutes += timed;
	}
	c->busy = true;
}

/* ---- what comes back ---- */

static int wanted_status(enum kind kind)
{
	return kind == READ || kind == LIST ? 200 : 201;
}

static void complain(const struct client *c, const char *body, size_t total)
{
	static size_t said[KINDS];

	if (said[c->kind]++ < COMPLAINTS_MAX)
		fprintf(stderr, "%s: %.*s => %.12s %.*s\n", kind_names[c->kind],
			(int)strcspn(c->head, "\r"), c->head, c->answer,
			(int)(total < 400 ? total : 400), body);
}

static void learn(const struct client *c, const char *body, const char *end)
{
	struct known *k = &cases[c->about];

	if (c->kind == SUBMIT)
		learn_submitted(body, end);
	if (c->kind == LIST && c->page != UINT32_MAX)
		learn_listed(c, body, end);
	if (c->kind == INSPECT && k->turn == TURN_CHECK && k->red) {
		k->turn = TURN_EXAMINE;
		put(&waiting, c->about);
	}
}

/* Is the answer whole? Content-Length is what our server always sends here. */
static size_t whole(struct client *c, const char **ret_body)
{
	char *body, *length;
	size_t total;

	c->answer[c->got] = 0;
	body = strstr(c->answer, "\r\n\r\n");
	length = body ? strcasestr(c->answer, "\r\ncontent-length:") : NULL;
	if (!length || length > body)
		return 0;
	total = (size_t)(body + 4 - c->answer) + strtoul(length + 17, NULL, 10);
	*ret_body = body + 4;
	return c->got >= total ? total : 0;
}

static void push(struct client *c)
{
	while (c->sent < c->head_bytes + c->body_bytes) {
		bool head = c->sent < c->head_bytes;
		const char *p = head ? c->head + c->sent : c->body + (c->sent - c->head_bytes);
		size_t left =
		    head ? c->head_bytes - c->sent : c->head_bytes + c->body_bytes - c->sent;
		int more = head && c->body_bytes ? MSG_MORE : 0;
		ssize_t n = send(c->fd, p, left, more | MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			die("send");
		c->sent += (size_t)n;
	}
}

static void pull(struct client *c)
{
	ssize_t n = recv(c->fd, c->answer + c->got, ANSWER_ROOM - 1 - c->got, MSG_DONTWAIT);
	const char *body = NULL;
	size_t total;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		die("recv");
	c->got += (size_t)n;
	total = whole(c, &body);
	if (!total)
		return;
	if (timed && done[c->kind] < room)
		latency[c->kind][done[c->kind]] = now() - c->due;
	done[c->kind]++;
	c->busy = false;
	if (c->got < 12 || atoi(c->answer + 9) != wanted_status(c->kind)) {
		failed[c->kind]++;
		complain(c, body, (size_t)(c->answer + total - body));
		return;
	}
	learn(c, body, c->answer + total);
}

/* ---- turns ---- */

/* Waits for answers, at most until the next request is due. */
static void wait_turn(double until)
{
	struct pollfd p[CLIENTS];
	double left = until - now();
	struct timespec t = {.tv_nsec = left > 0.01 ? 10000000 : left > 0 ? (long)(left * 1e9) : 0};

	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &client[i];
		bool sending = c->busy && c->sent < c->head_bytes + c->body_bytes;

		p[i] = (struct pollfd){c->fd, (short)(POLLIN | (sending ? POLLOUT : 0)), 0};
	}
	if (ppoll(p, CLIENTS, &t, NULL) < 0 && errno != EINTR)
		die("poll");
	for (int i = 0; i < CLIENTS; i++) {
		if (p[i].revents & POLLOUT)
			push(&client[i]);
		if (p[i].revents & (POLLIN | POLLHUP | POLLERR))
			pull(&client[i]);
	}
}

static size_t sum(const size_t *v)
{
	size_t n = 0;

	for (int i = 0; i < KINDS; i++)
		n += v[i];
	return n;
}

/* `n` requests, each begun by `begin`, which is told its number, as fast as answers come. */
static void flood(size_t n, void (*begin)(struct client *c, size_t number))
{
	size_t started = 0, before = sum(done);

	while (sum(done) - before < n) {
		for (int i = 0; i < CLIENTS && started < n; i++) {
			struct client *c = &client[i];

			if (c->busy)
				continue;
			begin(c, started++);
			push(c);
		}
		wait_turn(now() + 1);
	}
}

static void begin_submit(struct client *c, size_t number)
{
	(void)number;
	prepare(c, SUBMIT);
}

/* Prepaid money for whoever will owe something. */
static void begin_cash(struct client *c, size_t number)
{
	char path[128];

	c->kind = PAY;
	c->sent = c->got = 0;
	c->body_bytes = (size_t)snprintf(
	    c->own_body, BODY_ROOM, "{\"office\":\"%s\",\"amount\":\"10000000000.00\"}", office[0]);
	c->body = c->own_body;
	snprintf(path, sizeof(path), "accounts/%s/cash", party[number]);
	request(c, "POST", cashier, path, party[number]);
	c->busy = true;
}

static void begin_list(struct client *c, size_t number)
{
	c->kind = LIST;
	c->sent = c->got = c->body_bytes = 0;
	list_office(c, (uint32_t)number);
	c->busy = true;
}

static void begin_hook(struct client *c, size_t number)
{
	char path[128];

	(void)number;
	c->kind = SUBMIT; /* nothing is learned: its answer has no reference */
	c->sent = c->got = 0;
	c->body_bytes = (size_t)snprintf(c->own_body, BODY_ROOM,
					 "{\"url\":\"http://127.0.0.1:%d/\"}", beside_receive());
	c->body = c->own_body;
	snprintf(path, sizeof(path), "hooks?party=%s", party[0]);
	request(c, "POST", gateway, path, "");
	c->busy = true;
}

/* Reads every list to its end, as an office does in the morning. */
static void learn_backlog(void)
{
	bool more = true;

	while (more) {
		more = false;
		flood((size_t)2 * offices, begin_list);
		for (unsigned i = 0; i < 2 * offices; i++)
			more |= cursor[i][0] != 0;
	}
}

static void run_mix(size_t wanted)
{
	size_t started = 0;

	while (sum(done) < wanted) {
		double due = began + (double)started / rate;

		for (int i = 0; i < CLIENTS && started < wanted && now() >= due; i++) {
			struct client *c = &client[i];

			if (c->busy)
				continue;
			prepare(c, draw_kind());
			c->due = due;
			push(c);
			due = began + (double)++started / rate;
		}
		/* All busy, or all sent: answers come before anything else. */
		wait_turn(started < wanted && now() < due ? due : now() + 1);
	}
}

/* ---- figures ---- */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void figure(const char *name, const char *of, double value, int digits, const char *unit,
		   const char *aim)
{
	printf("{\"name\":\"%s.%s\",\"value\":%.*f,\"unit\":\"%s\"", name, of, digits, value, unit);
	printf(aim ? ",\"aim\":\"%s\"}\n" : "}\n", aim);
}

static void percentiles(const char *name, const char *of, double *v, size_t n, const char *aim)
{
	char what[48];

	if (!n)
		return;
	qsort(v, n, sizeof(*v), ascending);
	snprintf(what, sizeof(what), "p50%s%s", *of ? "." : "", of);
	figure(name, what, v[n / 2] * 1e3, 2, "ms", NULL);
	snprintf(what, sizeof(what), "p99%s%s", *of ? "." : "", of);
	figure(name, what, v[n * 99 / 100] * 1e3, 2, "ms", aim);
	snprintf(what, sizeof(what), "max%s%s", *of ? "." : "", of);
	figure(name, what, v[n - 1] * 1e3, 2, "ms", NULL);
}

static void report(const char *name, double seconds, unsigned streams)
{
	struct beside_figures b = beside_read();
	size_t total = sum(done), n = 0;
	double *all = malloc((total + 1) * sizeof(*all));
	char aim[32];

	if (!all)
		die("malloc");
	for (int i = 0; i < KINDS; i++) {
		memcpy(all + n, latency[i], done[i] * sizeof(*all));
		n += done[i];
	}
	snprintf(aim, sizeof(aim), ">= %.0f", rate * 0.99);
	figure(name, "rate", (double)total / seconds, 0, "requests/s", aim);
	percentiles(name, "", all, n, "<= 50");
	for (int i = 0; i < KINDS; i++)
		percentiles(name, kind_names[i], latency[i], done[i], NULL);
	for (int i = 0; i < KINDS; i++) {
		char what[48];

		snprintf(what, sizeof(what), "requests.%s", kind_names[i]);
		figure(name, what, (double)done[i], 0, "requests", NULL);
	}
	figure(name, "failed", (double)(sum(failed) + primed_out), 0, "answers", "<= 0");
	figure(name, "looks-instead", (double)substitutes, 0, "requests", NULL);
	free(all);
	if (!streams)
		return;
	snprintf(aim, sizeof(aim), ">= %u", streams);
	figure(name, "streams", b.open, 0, "open", aim);
	figure(name, "notices", (double)b.notices, 0, "events", NULL);
	figure(name, "hook-calls", b.calls, 0, "unanswered", ">= 1");
}

/* ---- reading the folder ---- */

static const char *path_in(const char *folder, const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* Lines of one word, or of two where there is a second list. */
static unsigned read_words(const char *path, char **first, char **second, unsigned most)
{
	FILE *f = fopen(path, "r");
	unsigned n = 0;

	if (!f)
		die(path);
	while (n < most) {
		char *line = NULL, *rest;
		size_t size = 0;

		if (getline(&line, &size, f) < 0)
			break;
		line[strcspn(line, "\n")] = 0;
		rest = line;
		first[n] = strsep(&rest, " ");
		if (second)
			second[n] = rest ? rest : line;
		n++;
	}
	fclose(f);
	if (!n)
		die(path);
	return n;
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
}

static void read_folder(const char *folder)
{
	read_words(path_in(folder, "gateway"), &gateway, NULL, 1);
	read_words(path_in(folder, "supervisor"), &supervisor, NULL, 1);
	read_words(path_in(folder, "cashier"), &cashier, NULL, 1);
	officers = read_words(path_in(folder, "officers"), login, officer_token, WORDS_MAX);
	offices = read_words(path_in(folder, "offices"), office, NULL, WORDS_MAX);
	parties = read_words(path_in(folder, "parties"), party, NULL, WORDS_MAX);
	map_file(path_in(folder, "declarations"));
}

static double setting(const char *name, double otherwise)
{
	const char *v = getenv(name);

	return v && *v ? strtod(v, NULL) : otherwise;
}

static void make_room(size_t requests)
{
	room = requests;
	cases = calloc(CASES_MAX, sizeof(*cases));
	slot = calloc((size_t)2 * CASES_MAX, sizeof(*slot));
	unpaid.v = calloc(CASES_MAX, sizeof(*unpaid.v));
	waiting.v = calloc(CASES_MAX, sizeof(*waiting.v));
	if (!cases || !slot || !unpaid.v || !waiting.v)
		die("memory");
	for (int i = 0; i < KINDS; i++) {
		latency[i] = calloc(requests + 1, sizeof(**latency));
		if (!latency[i])
			die("memory");
	}
}

/* As many files as may be: the streams are one each. */
static void raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("files");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("files");
}

int main(int argc, char **argv)
{
	unsigned streams = (unsigned)setting("BENCH_STREAMS", 800);
	size_t wanted;

	if (argc != 4) {
		fputs("usage: load-mixed PORT FOLDER NAME\n", stderr);
		return 2;
	}
	rate = setting("BENCH_RATE", 2000);
	seed = (uint64_t)setting("BENCH_SEED", 1);
	wanted = (size_t)(rate * setting("BENCH_SECONDS", 30));
	make_room(wanted);
	raise_files();
	read_folder(argv[2]);
	for (int i = 0; i < CLIENTS; i++) {
		client[i].fd = hub_socket(atoi(argv[1]));
		client[i].answer = malloc(ANSWER_ROOM);
		if (!client[i].answer)
			die("malloc");
	}
	flood(parties, begin_cash);
	flood((size_t)setting("BENCH_PRIMED", 40000), begin_submit);
	learn_backlog();
	if (streams) {
		flood(1, begin_hook);
		beside_start(atoi(argv[1]), gateway, party, parties, streams);
	}
	primed_out = sum(failed);
	memset(done, 0, sizeof(done));
	memset(failed, 0, sizeof(failed));
	timed = true;
	began = now();
	run_mix(wanted);
	report(argv[3], now() - began, streams);
	return sum(failed) + primed_out ? 1 : 0;
}
