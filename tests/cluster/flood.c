/* flood: clients of a hub that write down exactly what they were told, and when; judge.c judges it.
 *
 *   flood --at URL [--at URL ...] --token TOKEN --file JSONL --history FILE [--ca PEM] [--clients N] [--rate N]
 *         [--seconds N] [--seed N] [--patience N]
 *
 * Each client hands in declarations of its own, one after the other, amends some, sends some again, and reads its own and
 * those of others meanwhile. What was not answered, or with 5xx, may have happened or not: it is sent again, the same bytes, to
 * the next URL, until there is an answer or nobody answered for --patience seconds (60). After --seconds (20), or at SIGTERM,
 * nothing new begins, and at the end each client reads everything that anybody was told of. --rate is of all clients together,
 * 0: as fast as they get answers.
 *
 * One line of history an attempt, fields parted by blanks:
 *
 *   client op key began ended status reference version digest
 *
 * op: submit, amend, repeat (the same bytes after the answer) or read; key: the trader's reference, for a read the movement
 * reference; moments in microseconds of this machine's steady clock; status: HTTP, 0 when there was no answer; reference and
 * version: "-" and 0 when the answer names none; digest of the answer's body.
 *
 * Exit status 1 when something was never answered. */
#include <curl/curl.h>
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 256,
	URLS_MAX = 16,
	BODY_MAX = 1 << 20,
	NAME_BYTES = 72,
	KNOWN_MAX = 1 << 18,
	ANSWER_SECONDS = 15,
	LATER_MS = 100
};

struct options {
	const char *url[URLS_MAX], *token, *file, *history, *ca;
	int urls, clients, seconds, patience;
	double rate;
	uint64_t seed;
};

/* What one attempt brought. */
struct told {
	long status;
	char reference[NAME_BYTES], state[NAME_BYTES];
	int version;
	uint64_t digest;
};

struct client {
	int number;
	CURL *curl;
	struct curl_slist *head;
	char *body;
	size_t got;
	int url; /* the next request goes there */
	uint64_t random;
	size_t given_up;
	int64_t due;
};

static struct options o = {.clients = 16, .seconds = 20, .patience = 60, .rate = 0, .seed = 1};
static FILE *history;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char (*known)[NAME_BYTES]; /* references of all clients */
static size_t known_count;
static char **line;
static size_t lines;
static atomic_size_t next_line;
static atomic_bool over;
static int64_t began;
static pthread_barrier_t all_done;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void wait_micros(int64_t micros)
{
	struct timespec t = {micros / 1000000, micros % 1000000 * 1000};

	nanosleep(&t, NULL);
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static uint64_t draw(struct client *c, uint64_t below)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return c->random % below;
}

/* The text of the first member of this name: in answers and messages of ours it is the outermost one. */
static bool take_text(const char *json, const char *name, char *to, size_t room)
{
	char pattern[NAME_BYTES];
	const char *p, *end;

	snprintf(pattern, sizeof(pattern), "\"%s\":\"", name);
	p = strstr(json, pattern);
	if (!p)
		return false;
	p += strlen(pattern);
	end = strchr(p, '"');
	if (!end || (size_t)(end - p) >= room)
		return false;
	memcpy(to, p, (size_t)(end - p));
	to[end - p] = 0;
	return true;
}

static size_t take_bytes(char *bytes, size_t size, size_t n, void *context)
{
	struct client *c = context;

	n *= size;
	if (n > BODY_MAX - 1 - c->got)
		return 0;
	memcpy(c->body + c->got, bytes, n);
	c->got += n;
	return n;
}

static uint64_t digest(const char *p, size_t n)
{
	uint64_t d = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		d = (d ^ (unsigned char)p[i]) * 1099511628211u;
	return d;
}

static void read_answer(struct client *c, struct told *ret)
{
	const char *version;

	c->body[c->got] = 0;
	ret->digest = digest(c->body, c->got);
	if (ret->status / 100 != 2)
		return;
	version = strstr(c->body, "\"version\":");
	(void)take_text(c->body, "reference", ret->reference, sizeof(ret->reference));
	(void)take_text(c->body, "state", ret->state, sizeof(ret->state));
	if (version)
		ret->version = atoi(version + strlen("\"version\":"));
	/* The version that a request asks for is none yet: an officer decides. What is rejected makes none, but the first. */
	if (!strcmp(ret->state, "requested") ||
	    (!strcmp(ret->state, "rejected") && ret->version > 1))
		ret->version = 0;
}

static void note(const struct client *c, const char *op, const char *key, int64_t from,
		 const struct told *t)
{
	const char *reference = *t->reference ? t->reference : "-";

	pthread_mutex_lock(&lock);
	fprintf(history, "%d %s %s %" PRId64 " %" PRId64 " %ld %s %d %016" PRIx64 "\n", c->number,
		op, key, from, now(), t->status, reference, t->version, t->digest);
	pthread_mutex_unlock(&lock);
}

/* One request to one URL. message NULL: a reading one. */
static void attempt(struct client *c, const char *op, const char *key, const char *message,
		    struct told *ret)
{
	char url[512];
	int64_t from;

	*ret = (struct told){0};
	c->got = 0;
	if (message)
		snprintf(url, sizeof(url), "%s/api/v1/declarations", o.url[c->url]);
	else
		snprintf(url, sizeof(url), "%s/api/v1/declarations/%s/status", o.url[c->url], key);
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	if (message)
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, message);
	else
		curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	from = now();
	if (curl_easy_perform(c->curl) == CURLE_OK) {
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &ret->status);
		read_answer(c, ret);
	}
	note(c, op, key, from, ret);
}

/* 429: the hub asks to come later; it has done nothing. */
static bool is_answer(const struct told *t)
{
	return t->status && t->status / 100 != 5 && t->status != 429;
}

/* Until there is an answer. false: there was none for too long. */
static bool insist(struct client *c, const char *op, const char *key, const char *message,
		   struct told *ret)
{
	int64_t until = now() + (int64_t)o.patience * 1000000;

	for (;;) {
		attempt(c, op, key, message, ret);
		if (is_answer(ret))
			return true;
		if (now() > until) {
			c->given_up++;
			return false;
		}
		c->url = (c->url + 1) % o.urls;
		wait_micros(LATER_MS * 1000);
	}
}

static void learn(const char *reference)
{
	pthread_mutex_lock(&lock);
	if (known_count < KNOWN_MAX)
		snprintf(known[known_count++], NAME_BYTES, "%s", reference);
	pthread_mutex_unlock(&lock);
}

/* Somebody's reference, most likely a recent one. */
static bool pick(struct client *c, char *to)
{
	bool any;

	pthread_mutex_lock(&lock);
	any = known_count > 0;
	if (any) {
		size_t back = (size_t)draw(c, draw(c, 2) || known_count < 50 ? known_count : 50);

		memcpy(to, known[known_count - 1 - back], NAME_BYTES);
	}
	pthread_mutex_unlock(&lock);
	return any;
}

/* Waits for this client's share of the rate. false: the flood is over. */
static bool may_go_on(struct client *c)
{
	if (o.rate > 0) {
		int64_t t = now();

		if (c->due < t)
			c->due = t;
		wait_micros(c->due - t);
		c->due += (int64_t)(1e6 * o.clients / o.rate);
	}
	return !atomic_load(&over) && now() < began + (int64_t)o.seconds * 1000000;
}

static void read_some(struct client *c)
{
	char reference[NAME_BYTES];
	struct told t;

	if (may_go_on(c) && pick(c, reference))
		(void)insist(c, "read", reference, NULL, &t);
}

/* Changes the description of the first item: no duty depends on it, so that any case that is not yet controlled takes it. */
static void amend(struct client *c, const char *trader_reference, const char *reference,
		  const char *declarant)
{
	char key[NAME_BYTES + 16], message[1024];
	struct told t;

	for (int i = 1; draw(c, 2) && may_go_on(c); i++) {
		snprintf(key, sizeof(key), "%s/%d", trader_reference, i);
		snprintf(message, sizeof(message),
			 "{\"function\":\"13\",\"type\":\"COR\",\"trader_reference\":\"%s\","
			 "\"movement_reference\":\"%s\",\"declarant\":{\"id\":\"%s\"},"
			 "\"amendments\":[{\"reason\":\"2\",\"pointers\":[{\"section\":\"42A\"},"
			 "{\"section\":\"67A\"},{\"sequence\":\"1\",\"section\":\"68A\"},"
			 "{\"section\":\"23A\",\"tag\":\"137\"}]}],\"shipment\":{\"items\":[{"
			 "\"sequence\":\"1\",\"commodity\":{\"description\":\"As amended, %d"
			 "\"}}]}}",
			 key, reference, declarant, i);
		if (!insist(c, "amend", key, message, &t) || strcmp(t.state, "assessed") != 0)
			return;
		if (!draw(c, 4))
			(void)insist(c, "repeat", key, message, &t);
	}
}

/* The life of one declaration. */
static void declare(struct client *c, const char *message)
{
	char key[NAME_BYTES], declarant[NAME_BYTES];
	struct told t, again;

	/* Some of a synthetic stream are spoiled on purpose. */
	if (!take_text(message, "trader_reference", key, sizeof(key)))
		return;
	if (!take_text(message, "declarant\":{\"id", declarant, sizeof(declarant)))
		*declarant = 0;
	if (!insist(c, "submit", key, message, &t) || !*t.reference)
		return;
	learn(t.reference);
	read_some(c);
	if (!draw(c, 4) && may_go_on(c))
		(void)insist(c, "repeat", key, message, &again);
	if (*declarant && !strcmp(t.state, "assessed"))
		amend(c, key, t.reference, declarant);
	read_some(c);
}

static void *run_client(void *context)
{
	struct client *c = context;
	size_t i, reads = 0;

	while (may_go_on(c) && (i = atomic_fetch_add(&next_line, 1)) < lines)
		declare(c, line[i]);
	/* Everything that anybody was told of, parted among the clients. */
	pthread_barrier_wait(&all_done);
	for (i = (size_t)c->number; i < known_count; i += (size_t)o.clients) {
		struct told t;

		if (!insist(c, "read", known[i], NULL, &t) && ++reads > 3)
			break;
	}
	return NULL;
}

static void *wait_for_end(void *context)
{
	const sigset_t *set = context;
	int signal;

	sigwait(set, &signal);
	atomic_store(&over, true);
	return NULL;
}

static void open_client(struct client *c, int number)
{
	char bearer[512];

	c->number = number;
	c->url = number % o.urls;
	c->random = (o.seed * 0x9e3779b97f4a7c15u) ^ ((uint64_t)number + 1) * 0xbf58476d1ce4e5b9u;
	c->body = malloc(BODY_MAX);
	c->curl = curl_easy_init();
	snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s", o.token);
	c->head = curl_slist_append(NULL, bearer);
	c->head = curl_slist_append(c->head, "Content-Type: application/json");
	c->head = curl_slist_append(c->head, "Expect:");
	if (!c->body || !c->curl || !c->head)
		die("no memory");
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->head);
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_bytes);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT_MS, 2000L);
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
	if (o.ca)
		curl_easy_setopt(c->curl, CURLOPT_CAINFO, o.ca);
}

static void read_lines(void)
{
	FILE *in = fopen(o.file, "r");
	char *text = NULL;
	size_t room = 0, max = 0;
	ssize_t n;

	if (!in)
		die(o.file);
	while ((n = getline(&text, &room, in)) > 0) {
		if (lines == max) {
			max = max ? 2 * max : 1024;
			line = realloc(line, max * sizeof(*line));
			if (!line)
				die("no memory");
		}
		if (text[n - 1] == '\n')
			text[n - 1] = 0;
		line[lines++] = strdup(text);
	}
	free(text);
	fclose(in);
}

static bool read_options(int argc, char **argv)
{
	static const struct option names[] = {{"at", 1, NULL, 'a'},
					      {"token", 1, NULL, 't'},
					      {"file", 1, NULL, 'f'},
					      {"history", 1, NULL, 'h'},
					      {"ca", 1, NULL, 'c'},
					      {"clients", 1, NULL, 'n'},
					      {"rate", 1, NULL, 'r'},
					      {"seconds", 1, NULL, 's'},
					      {"seed", 1, NULL, 'e'},
					      {"patience", 1, NULL, 'p'},
					      {0}};
	int got;

	while ((got = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (got) {
		case 'a':
			if (o.urls < URLS_MAX)
				o.url[o.urls++] = optarg;
			break;
		case 't':
			o.token = optarg;
			break;
		case 'f':
			o.file = optarg;
			break;
		case 'h':
			o.history = optarg;
			break;
		case 'c':
			o.ca = optarg;
			break;
		case 'n':
			o.clients = atoi(optarg);
			break;
		case 'r':
			o.rate = strtod(optarg, NULL);
			break;
		case 's':
			o.seconds = atoi(optarg);
			break;
		case 'e':
			o.seed = strtoull(optarg, NULL, 10);
			break;
		case 'p':
			o.patience = atoi(optarg);
			break;
		default:
			return false;
		}
	}
	return o.urls && o.token && o.file && o.history && o.clients > 0 &&
	       o.clients <= CLIENTS_MAX;
}

int main(int argc, char **argv)
{
	static struct client client[CLIENTS_MAX];
	static pthread_t thread[CLIENTS_MAX], ender;
	static sigset_t ends;
	size_t given_up = 0;

	if (!read_options(argc, argv)) {
		fputs("usage: flood --at URL --token T --file JSONL --history FILE ...\n", stderr);
		return 2;
	}
	read_lines();
	known = malloc(KNOWN_MAX * sizeof(*known));
	history = fopen(o.history, "w");
	if (!known || !history)
		die(o.history);
	setvbuf(history, NULL, _IOLBF, 0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	pthread_create(&ender, NULL, wait_for_end, &ends);
	pthread_barrier_init(&all_done, NULL, (unsigned)o.clients);
	began = now();
	for (int i = 0; i < o.clients; i++) {
		open_client(&client[i], i);
		if (pthread_create(&thread[i], NULL, run_client, &client[i]))
			die("pthread_create");
	}
	for (int i = 0; i < o.clients; i++) {
		pthread_join(thread[i], NULL);
		given_up += client[i].given_up;
	}
	if (fclose(history))
		die(o.history);
	if (given_up)
		fprintf(stderr, "flood: %zu requests were never answered\n", given_up);
	return given_up > 0;
}
