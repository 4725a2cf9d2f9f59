/* A request on its way through the server: what server.c, respond.c and forward.c share. Not for callers. */
#ifndef CUSTOMHOUSE_HTTP_EXCHANGE_H
#define CUSTOMHOUSE_HTTP_EXCHANGE_H

#include <microhttpd.h>

#include "http/request.h"
#include "http/route.h"
#include "http/server.h"
#include "http/worker.h"

struct forward;

enum step { STEP_RECEIVE, STEP_WAIT, STEP_SENT };

/* A request on its way through the server. */
struct exchange {
	struct request request;
	struct exchange *next;
	struct http_server *server;
	struct MHD_Connection *connection;
	struct work work;
	enum step step;
	bool counted; /* among the server's active ones */
	bool waited;  /* and among those that a stop waits for to the end */
	bool streams; /* the answer is a stream */
	bool close;   /* the connection cannot go on behind this */
	int socket;   /* of the connection, while it is suspended; -1: not known */
	char *body;
	size_t body_bytes, body_room, drained;
	size_t limit;            /* of the body */
	size_t held;             /* by request_hold() */
	struct hash_stream hash; /* of what came in, for a LARGE route */
	uint64_t declared;       /* Content-Length; 0: none */
	int64_t began_at;        /* clock_steady() */
	struct route_match match;
	const char *path, *method; /* as sent; the library's, while the request lasts */
	struct forward *forward;   /* forward.c; NULL: it was not passed on */
};

/* respond.c: sends the reply that was left. */
enum MHD_Result exchange_respond(struct exchange *x);
/* server.c: asks the hub again, of a request that is suspended. */
void exchange_again(struct exchange *x);

#endif
