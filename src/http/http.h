/* The HTTP interface of a hub: the API on a TCP address, the operator's routes on a unix socket. Calls hub/ and nothing below.
 *
 * On TCP nobody gets anything but public documents before signing in (guard.h), and then what people.h lets them see. The
 * unix socket, whose file is the process owner's alone (mode 0600), is the operator's. */
#ifndef CUSTOMHOUSE_HTTP_HTTP_H
#define CUSTOMHOUSE_HTTP_HTTP_H

#include "base/base.h"

struct hub;
struct oidc;
struct http_server;

struct http_options {
	/* ADDR:PORT or [ADDR]:PORT, without a certificate loopback only; port 0: any free one; NULL: no TCP */
	const char *listen;
	/* path of the unix socket; NULL: none. A file left by a dead process is replaced */
	const char *socket;
	/* requests a second of one user, or of one address that nobody is signed in from; ten seconds' worth at once; 0: no
	 * bound */
	unsigned rate;
	/* PEM files, both or none: what comes by TCP is TLS. They outlive the server */
	const char *certificate, *key;
	/* by which names the hub is called, with a comma between; NULL: those of the certificate. Where there is no certificate:
	 * by which a proxy before it is, that speaks TLS. Outlives the server */
	const char *names;
	/* PEM file of the authorities that other nodes' certificates may come from; NULL: the system's. Outlives the server */
	const char *peer_authorities;
	/* through which people sign in besides passwords; NULL: there is none. Outlives the server */
	struct oidc *oidc;
};

/* What can be said of the options before there is a hub: ERR_USAGE and ERR_DENIED of http_start(), but for the sockets' and the
 * key's. */
enum err http_check(const struct http_options *options, struct cause *why) MUST_CHECK;

/* Starts serving h, which stays the caller's and must outlive the server.
 *   ERR_USAGE     listen is not ADDR:PORT in numbers, the socket's path is too long, or a name is none
 *   ERR_DENIED    listen is not an address of this machine alone, without TLS; or others may read the key
 *   ERR_FORMAT    the certificate or its key (http/tls.h)
 *   ERR_BUSY      another process has the address or answers at the socket
 *   ERR_CONFLICT  something that is no socket lies at the socket's path
 *   ERR_IO, ERR_NOMEM
 * Requests that fail or take longer than a second are logged; every one where the environment has
 * CUSTOMHOUSE_ACCESS_LOG=all. */
enum err http_start(struct hub *h, const struct http_options *options, struct http_server **ret,
		    struct cause *why) MUST_CHECK;

/* Reads certificate and key again, for connections to come; after an error those it has stay. ERR_UNSUPPORTED: it has none; else
 * as above. */
enum err http_reload(struct http_server *s, struct cause *why) MUST_CHECK;

/* The TCP port it listens on. */
uint16_t http_port(const struct http_server *s);

/* Stops accepting, answers what was accepted, then closes and frees. NULL is allowed. */
void http_stop(struct http_server *s);

#endif
