/* A hub with its HTTP server and nothing else, for the tests of the API:
 *
 *   serve_for_tests STORE PACK [SOCKET [CLAMAV]]
 *
 * listens on a free port, prints "port N", and stops gracefully on SIGTERM or SIGINT. */
#include <signal.h>
#include <stdio.h>

#include "codec/xml.h"
#include "http/http.h"
#include "hub/hub.h"

int main(int argc, char **argv)
{
	struct hub_options ho = {.mode = HUB_OWN};
	struct http_options so = {.listen = "127.0.0.1:0"};
	struct http_server *server;
	struct cause why = {0};
	struct hub *hub;
	sigset_t stop;
	int signal;

	if (argc < 3 || argc > 5)
		return 2;
	ho.where = argv[1];
	ho.pack = argv[2];
	ho.socket = so.socket = argv[3];
	ho.clamav = argc == 5 ? argv[4] : NULL;
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
	printf("port %u\n", http_port(server));
	fflush(stdout);
	sigwait(&stop, &signal);
	http_stop(server);
	hub_close(hub);
	return 0;
}
