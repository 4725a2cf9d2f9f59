/* Talking to the hub that owns a store, over the unix socket in its data directory: HTTP/1.1, one request at a time on a
 * connection that is kept. The one reader of HTTP status codes outside http/: it is the other end of the line. */
#ifndef CUSTOMHOUSE_CLI_LOCAL_CLIENT_H
#define CUSTOMHOUSE_CLI_LOCAL_CLIENT_H

#include "base/arena.h"
#include "base/span.h"

struct local_client;

/* Connects to DIR/hub.sock. ERR_NOT_FOUND: nobody listens there; ERR_LIMIT: the path is too long; ERR_IO, ERR_NOMEM. */
enum err local_open(const char *dir, struct local_client **ret, struct cause *why) MUST_CHECK;
void local_close(struct local_client *c);
/* What is asked from now on is asked in the name of whose token this is, not in the operator's. It is copied. */
void local_identify(struct local_client *c, const char *token);

/* What the hub makes of a request. */
enum local_kind {
	LOCAL_DONE,       /* body: what the route answers */
	LOCAL_UNREADABLE, /* the rest: a problem document (RFC 9457) */
	LOCAL_CONFLICT,
	LOCAL_REFUSED,
	LOCAL_FAILED,
};
struct local_reply {
	enum local_kind kind;
	struct span body; /* in the caller's arena */
};

/* Posts body, and reads the whole reply into a. A connection that the hub closed while idle is made anew, once. language may be
 * NULL. ERR_IO; ERR_FORMAT: no HTTP; ERR_LIMIT: a reply larger than LIMIT_ARENA_BYTES; ERR_NOMEM. */
enum err local_post(struct local_client *c, const char *path, struct span body,
		    const char *language, struct arena *a, struct local_reply *ret,
		    struct cause *why) MUST_CHECK;

/* The same with any method and a JSON body, which may be empty. Sent once: what is made may be made only once. */
enum err local_request(struct local_client *c, const char *method, const char *path,
		       struct span body, const char *language, struct arena *a,
		       struct local_reply *ret, struct cause *why) MUST_CHECK;

#endif
