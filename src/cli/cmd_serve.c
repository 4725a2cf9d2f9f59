/* serve: run the hub until a signal. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "cli/cli.h"
#include "http/http.h"
#include "hub/hub.h"
#include "hub/people/oidc.h"
#include "hub/people/people.h"

enum {
	SOCKET_BYTES = 108,
	NAME_BYTES = 256,
	ADDRESS_BYTES = 256,
	KEEP_DAYS_MAX = 3650,
	RATE_MAX = 1000000,
	LIST_SECONDS_MAX = 86400,
};

/* Blocked before the first thread is made, so that all threads leave them to sigwait() below. Without a certificate to read again
 * SIGHUP does what it always does when a terminal goes. */
static void block_signals(sigset_t *ret, bool tls)
{
	sigemptyset(ret);
	if (tls)
		sigaddset(ret, SIGHUP);
	sigaddset(ret, SIGTERM);
	sigaddset(ret, SIGINT);
	sigprocmask(SIG_BLOCK, ret, NULL);
}

static int wait_for_signal(const sigset_t *set)
{
	int got = 0;

	while (sigwait(set, &got))
		;
	return got;
}

/* Reads the certificate again as often as it is told to; the signal that ends it. */
static int wait_for_end(struct http_server *server, const sigset_t *set)
{
	int got;

	while ((got = wait_for_signal(set)) == SIGHUP) {
		struct cause why = {0};

		if (http_reload(server, &why))
			log_event("tls.reload", "error=%s detail=\"%s\"", err_name(why.err),
				  why.text);
		else
			log_event("tls.reload", "certificate=in-use");
	}
	return got;
}

/* Whoever reads the terminal of a hub that has no people is its operator. */
static void offer_claim(struct hub *h)
{
	char secret[CLAIM_BYTES];

	if (!hub_open_claim(h, secret))
		return;
	fprintf(stderr,
		"customhouse serve: nobody may sign in yet. Make the first administrator, once, "
		"with this secret:\n  %s\n(POST /api/v1/sign-in/claim with secret, login and "
		"password; or `customhouse user add LOGIN --roles administrator`)\n",
		secret);
}

/* Serves until a signal. What comes after the first one stays blocked: nothing cuts off the orderly end. */
static int serve(const struct args *a, struct hub *h, struct http_options o,
		 const sigset_t *signals)
{
	const char *listen = o.listen, *provider = args_value(a, OPTION_OIDC, NULL);
	struct http_server *server;
	struct cause why = {0};

	if (provider && oidc_open(provider, &o.oidc, &why))
		return say_failed(a, &why);
	if (http_start(h, &o, &server, &why)) {
		oidc_close(o.oidc);
		return say_failed(a, &why);
	}
	/* The port may be one that the machine chose. */
	printf("customhouse %s serves %s://%.*s:%u/ (stop it with Ctrl-C or SIGTERM)\n",
	       CUSTOMHOUSE_VERSION, o.certificate ? "https" : "http",
	       (int)(strrchr(listen, ':') - listen), listen, (unsigned)http_port(server));
	fflush(stdout);
	offer_claim(h);
	log_event("serve.stopping", "signal=%d", wait_for_end(server, signals));
	http_stop(server);
	oidc_close(o.oidc);
	return EXIT_DONE;
}

/* This process among those that share a database. false: said why not. */
static bool set_node(const struct args *a, struct node_options *n, char name[NAME_BYTES],
		     char address[ADDRESS_BYTES])
{
	const bool tls = args_has(a, OPTION_TLS_CERT);
	const char *listen = args_value(a, OPTION_LISTEN, "127.0.0.1:8080"),
		   *given = args_value(a, OPTION_ADVERTISE, listen);
	const bool whole = strstr(given, "://") != NULL;
	struct cause why = {0};

	if (gethostname(name, NAME_BYTES - 1))
		name[0] = 0;
	name[NAME_BYTES - 1] = 0;
	n->name = args_value(a, OPTION_NODE, name);
	if (snprintf(address, ADDRESS_BYTES, "%s%s",
		     whole ? ""
		     : tls ? "https://"
			   : "http://",
		     given) >= ADDRESS_BYTES ||
	    (strlen(given) > 2 && !strcmp(given + strlen(given) - 2, ":0"))) {
		fail(&why, ERR_USAGE,
		     "--advertise %s: other nodes need an address with a port of its own", given);
		(void)args_refuse(a, &why);
		return false;
	}
	n->address = address;
	return true;
}

int cmd_serve(const struct args *a)
{
	const char *where = args_value(a, OPTION_DATA, "customhouse-data");
	char socket[SOCKET_BYTES];
	char name[NAME_BYTES], address[ADDRESS_BYTES];
	struct node_options node;
	struct hub_options o = {.where = where,
				.database = args_value(a, OPTION_DATABASE, NULL),
				.read_database = args_value(a, OPTION_READ_DATABASE, NULL),
				.mode = HUB_OWN,
				.effect = args_has(a, OPTION_SHADOW) ? EFFECT_NONE : EFFECT_LIVE,
				.pack = args_value(a, OPTION_PACK, "packs/landfall"),
				.socket = socket,
				.roots = args_value(a, OPTION_ROOTS, NULL),
				.clamav = args_value(a, OPTION_CLAMAV, NULL)};
	struct http_options http = {.listen = args_value(a, OPTION_LISTEN, "127.0.0.1:8080"),
				    .socket = socket,
				    .certificate = args_value(a, OPTION_TLS_CERT, NULL),
				    .key = args_value(a, OPTION_TLS_KEY, NULL),
				    .names = args_value(a, OPTION_NAME, NULL),
				    .peer_authorities = args_value(a, OPTION_PEER_CA, NULL)};
	struct push_options push = {.local = args_has(a, OPTION_HOOKS_LOCAL)};
	struct cause why = {0};
	uint64_t days = 30, rate = 50, seconds = 0;
	sigset_t signals;
	struct hub *h;
	int status;

	if (!args_count(a, 0, 0))
		return EXIT_UNREADABLE;
	if (args_number(a, OPTION_NOTICES_KEEP, &days, &why))
		return args_refuse(a, &why);
	if (days < 1 || days > KEEP_DAYS_MAX) {
		fail(&why, ERR_USAGE, "--notices-keep: from 1 to %d days", KEEP_DAYS_MAX);
		return args_refuse(a, &why);
	}
	push.keep = (int64_t)days * MICROS_A_DAY;
	o.push = &push;
	if (snprintf(socket, sizeof(socket), "%s/hub.sock", where) >= (int)sizeof(socket)) {
		fail(&why, ERR_USAGE, "--data %s: the path is too long for a socket in it", where);
		return args_refuse(a, &why);
	}
	if (args_number(a, OPTION_RATE, &rate, &why) ||
	    (rate > RATE_MAX && fail(&why, ERR_USAGE, "--rate is at most %d", RATE_MAX)))
		return args_refuse(a, &why);
	if (args_number(a, OPTION_LIST_SECONDS, &seconds, &why) ||
	    (seconds > LIST_SECONDS_MAX &&
	     fail(&why, ERR_USAGE, "--list-seconds is at most %d", LIST_SECONDS_MAX)))
		return args_refuse(a, &why);
	o.list_seconds = (uint32_t)seconds;
	http.rate = (unsigned)rate;
	if (!args_value(a, OPTION_TLS_CERT, NULL) != !args_value(a, OPTION_TLS_KEY, NULL)) {
		fail(&why, ERR_USAGE, "--tls-cert and --tls-key go together");
		return args_refuse(a, &why);
	}
	if (o.database && !set_node(a, &node, name, address))
		return EXIT_UNREADABLE;
	o.node = o.database ? &node : NULL;
	/* nothing is begun for an address that is refused: a node would take its duties, and give them back */
	if (http_check(&http, &why))
		return say_failed(a, &why);
	block_signals(&signals, args_has(a, OPTION_TLS_CERT));
	if (hub_open(&o, &h, &why))
		return say_failed(a, &why);
	status = serve(a, h, http, &signals);
	hub_close(h);
	log_event("serve.stopped", "data=%s", where);
	return status;
}
