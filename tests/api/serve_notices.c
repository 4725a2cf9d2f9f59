/* A hub with its HTTP server, for the tests of notifications:
 *
 *   serve_notices STORE PACK SOCKET LOCAL FIRST LAST TRIES PATIENCE NOTE
 *
 * LOCAL is yes or no, the rest the numbers of struct push_options, times in milliseconds. Prints "trader TOKEN", of one who
 * belongs to A, and "port N token TOKEN officer TOKEN" (test_users.h). A line "PARTY N" on standard input puts N notices to the
 * party in one transaction, as settling a case does; "office/CODE N" to officers. Prints "put" when they are committed. Stops
 * gracefully on SIGTERM. Of several nodes (serve_nodes) the first one reads. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/xml.h"
#include "http/http.h"
#include "hub/house.h"
#include "test_node.h"
#include "test_users.h"

struct putting {
	struct batch batch;
	char party[80];
	int count;
};

static enum err put(struct store *s, void *context, struct cause *why)
{
	struct putting *p = context;
	const bool officers = !strncmp(p->party, "office/", 7);
	enum err e = ERR_NONE;

	(void)s;
	notices_begin(&p->batch);
	for (int i = 0; i < p->count && !e; i++)
		e = notices_put(
		    &p->batch,
		    &(struct notice){.party = span_of(p->party),
				     .officers = officers,
				     .office = officers ? span_of(p->party + 7) : SPAN("LF001"),
				     .reference = SPAN("26XL010000001234X"),
				     .version = 1,
				     .kind = SPAN("declaration.accepted"),
				     .at = clock_now(),
				     .body = SPAN("{\"next\":[\"present the goods\"]}")},
		    why);
	return e ? e : notices_flush(&p->batch, why);
}

static enum err put_control(struct hub *h, void *context, struct cause *why)
{
	struct putting *p = context;
	enum err e = store_batch(h->store, put, p, why);

	if (!e)
		notices_wake(&p->batch);
	return e;
}

static void *read_lines(void *context)
{
	struct hub *h = context;
	char line[120];

	while (fgets(line, sizeof(line), stdin)) {
		struct putting p = {.batch = {.h = h}};
		struct cause why = {0};
		char *blank = strchr(line, ' ');

		if (!blank || blank - line >= (int)sizeof(p.party))
			continue;
		memcpy(p.party, line, (size_t)(blank - line));
		p.count = atoi(blank);
		if (settle_control(h, put_control, &p, &why))
			fprintf(stderr, "serve_notices: %s\n", why.text);
		puts("put");
		fflush(stdout);
	}
	return NULL;
}

static int64_t milliseconds(const char *text)
{
	return (int64_t)atol(text) * 1000;
}

/* One who belongs to one company. */
static bool say_trader(struct hub *h)
{
	const struct span company = SPAN("A");
	const struct person trader = {
	    .login = SPAN("trader"), .roles = ROLE_TRADER, .parties = {&company, 1}};
	struct arena *a = arena_new(1 << 20);
	const char *token = a ? test_token(h, a, &trader, SCOPE_READ | SCOPE_ACT) : NULL;

	if (token)
		printf("trader %s\n", token);
	arena_free(a);
	return token != NULL;
}

int main(int argc, char **argv)
{
	struct push_options push;
	struct hub_options ho = {.mode = HUB_OWN, .push = &push};
	struct http_options so = {.listen = "127.0.0.1:0"};
	struct http_server *server;
	struct test_node node;
	struct cause why = {0};
	pthread_t reader;
	struct hub *hub;
	sigset_t stop;
	int signal;

	if (argc != 10)
		return 2;
	ho.where = argv[1];
	ho.database = getenv("CUSTOMHOUSE_TEST_DATABASE");
	ho.pack = argv[2];
	ho.socket = so.socket = argv[3];
	push = (struct push_options){.local = !strcmp(argv[4], "yes"),
				     .first_delay = milliseconds(argv[5]),
				     .last_delay = milliseconds(argv[6]),
				     .tries = (uint32_t)atoi(argv[7]),
				     .patience = milliseconds(argv[8]),
				     .note_delay = milliseconds(argv[9])};
	test_be_node(&node, &ho, &so);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	xml_start();
	if (hub_open(&ho, &hub, &why) || http_start(hub, &so, &server, &why)) {
		fprintf(stderr, "serve_notices: %s\n", why.text);
		return 1;
	}
	if (!say_trader(hub) || !test_say_ready(hub, http_port(server)))
		return 1;
	if (pthread_create(&reader, NULL, read_lines, hub))
		return 1;
	sigwait(&stop, &signal);
	pthread_cancel(reader);
	pthread_join(reader, NULL);
	http_stop(server);
	hub_close(hub);
	return 0;
}
