/* Inside http/: what the server shares with the routes. Not for callers. */
#ifndef CUSTOMHOUSE_HTTP_SERVER_H
#define CUSTOMHOUSE_HTTP_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "http/http.h"
#include "http/request.h"

struct MHD_Daemon;
struct exchange;
struct streams;
struct rate;
struct tls;
struct workers;

enum { SERVER_ROUTES = 192, SERVER_CLASSES = 5 };

/* One listening socket and the daemon behind it. */
struct door {
	struct http_server *server;
	struct MHD_Daemon *daemon;
	int fd;
	bool local;
};

struct http_server {
	struct hub *hub;
	struct door tcp, local;
	char socket[108];
	uint16_t port;
	struct tls *tls;   /* of the door on TCP; NULL: none */
	const char *names; /* of the hub, with a comma between; NULL: the certificate's */
	bool log_all;      /* every request, not only slow and failed ones */
	int64_t started_at;
	struct workers *workers, *hashers; /* for what reads the store; for slow hashes */
	struct workers *callers;           /* for what asks another machine; NULL: nothing does */
	struct workers *
	    peers; /* for what other nodes hand over, which waits for none of them; NULL: there are none */
	const char *peer_authorities; /* as of http_options */
	struct oidc *oidc;            /* NULL: there is no identity provider */
	struct forwarder *forwarder;  /* NULL: there are no other nodes */
	struct streams *streams;
	struct rate *rate;
	struct arena *arena; /* of the documents below */
	struct span openapi;

	/* how many answers a route gave, by the first digit of the status; the last row is for what found no route */
	atomic_ullong answers[SERVER_ROUTES + 1][SERVER_CLASSES];
	atomic_ullong microseconds[SERVER_ROUTES + 1];
	atomic_size_t body_bytes; /* held by all requests, in and out */
	atomic_uint connections;  /* that are open */

	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	atomic_bool stopping; /* new requests are refused */
	bool closing;         /* and those that are being received */
	uint32_t active;      /* requests that are being received or answered */
	/* of them, those that were handed over: they are answered, come what may */
	uint32_t waiting;
	struct exchange *idle; /* to be used again */
	uint32_t idle_count;
};

/* openapi.c: the document, with the declaration's schema and the problems put in. Lies in the arena. */
enum err openapi_make(struct arena *a, struct span *ret, struct cause *why) MUST_CHECK;

#endif
