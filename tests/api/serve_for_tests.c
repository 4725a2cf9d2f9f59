/* A hub with its HTTP server and nothing else, for the tests of the API:
 *
 *   serve_for_tests STORE PACK [SOCKET [CLAMAV [RATE]]]
 *
 * listens on a free port, prints "port N token TOKEN officer TOKEN" (test_users.h), and stops gracefully on SIGTERM or SIGINT.
 * The store lies in STORE, or in the database that CUSTOMHOUSE_TEST_DATABASE names; then serve_nodes makes several of it.
 * CLAMAV "-" is none; RATE is serve's --rate, none unless given. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codec/xml.h"
#include "http/http.h"
#include "hub/hub.h"
#include "test_node.h"
#include "test_users.h"

int main(int argc, char **argv)
{
	struct hub_options ho = {.mode = HUB_OWN};
	struct http_options so = {.listen = "127.0.0.1:0"};
	struct http_server *server;
	struct test_node node;
	struct cause why = {0};
	struct hub *hub;
	sigset_t stop;
	int signal;

	if (argc < 3 || argc > 6)
		return 2;
	if (argc > 5)
		so.rate = (unsigned)strtoul(argv[5], NULL, 10);
	ho.where = argv[1];
	ho.database = getenv("CUSTOMHOUSE_TEST_DATABASE");
	ho.pack = argv[2];
	ho.socket = so.socket = argc > 3 ? argv[3] : NULL;
	ho.clamav = argc > 4 && strcmp(argv[4], "-") ? argv[4] : NULL;
	test_be_node(&node, &ho, &so);
	/* Before any thread starts, so that all of them leave these signals to this one. */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	xml_start();
	if (hub_open(&ho, &hub, &why)) {
		fprintf(stderr, "serve_for_tests: %s\n", why.text);
		return 1;
	}
	if (http_start(hub, &so, &server, &why)) {
		fprintf(stderr, "serve_for_tests: %s\n", why.text);
		hub_close(hub);
		return 1;
	}
	if (!test_say_ready(hub, http_port(server)))
		kill(getpid(), SIGTERM);
	sigwait(&stop, &signal);
	http_stop(server);
	hub_close(hub);
	return 0;
}
