/* Messages of many at once, handed over to the node that settles them (hub/node/relay.h): a POST to /peer/v1/declarations, which
 * takes nothing from anybody but a node (forward.h), with the credentials of who sent the many. */
#ifndef CUSTOMHOUSE_HTTP_RELAY_H
#define CUSTOMHOUSE_HTTP_RELAY_H

#include "http/request.h"
#include "hub/node/relay.h"

struct http_relay {
	struct relay relay; /* its first member */
	const struct hub *hub;
	const char *authorities;                   /* as of forwarder_start() */
	const char *authorization, *cookie, *csrf; /* NULL: there is none */
	bool local, secure;
	char address[48], id[REQUEST_ID_BYTES + 1];
};

/* For a request; it outlives the relay. */
void http_relay_of(const struct request *r, struct http_relay *ret);
/* For the operator, without a request. */
void http_relay_of_operator(const struct hub *h, const char *authorities, struct http_relay *ret);

#endif
