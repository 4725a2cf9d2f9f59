/* Requests that another node settles are passed on to it, and its answer is the client's: whoever asks does not see which node
 * has which office. One thread serves all that are on their way.
 *
 * A node that does not answer, or says that the office is not its own any more, may just be giving way to another: then the hub
 * is asked again, which by then may settle the request itself, for some seconds. A request can so be sent twice where the first
 * answer was lost; it is the same one to whoever gets it: by its trader's reference, or by the Idempotency-Key that it gets here
 * if it has none.
 *
 * The header Customhouse-Forwarded says who the client is, and has a mark that only nodes can make. What comes with it is not
 * passed on again. The client's own credentials go along, and are looked at there once more. */
#ifndef CUSTOMHOUSE_HTTP_FORWARD_H
#define CUSTOMHOUSE_HTTP_FORWARD_H

#include "http/request.h"

struct exchange;
struct forwarder;

/* authorities: PEM file of those that other nodes' certificates may come from; NULL: the system's. It outlives the forwarder.
 * ERR_NOT_FOUND: it cannot be read. */
enum err forwarder_start(const char *authorities, struct forwarder **ret,
			 struct cause *why) MUST_CHECK;
/* After the last request. NULL is allowed. */
void forwarder_stop(struct forwarder *f);

/* Takes over a suspended request whose handler found that another node settles it, and resumes it when there is an answer.
 * false: there is nothing to pass on, or it was tried long enough: the reply stands. */
bool forward_take(struct exchange *x);
bool forward_wanted(const struct exchange *x);
bool forward_is_answered(const struct exchange *x);
void forward_drop(struct exchange *x);

#define FORWARDED "Customhouse-Forwarded"
enum { FORWARD_LINE_BYTES = 256 };

/* Who a request that is passed on came from. */
struct forward_origin {
	bool local, secure;
	const char *address, *id;
};
/* The value of that header for these bytes. */
void forward_write_mark(const struct hub *h, const struct forward_origin *from, const char *method,
			const char *path, struct span body, char ret[FORWARD_LINE_BYTES]);
/* Reads Customhouse-Forwarded, before anything else of the request is believed. false: there is one that no node made. */
bool forward_known(struct request *r, const char *method, const char *path);
/* The body is the one that was passed on. */
bool forward_body_sound(const struct request *r);

#endif
