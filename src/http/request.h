/* One HTTP request as the routes see it, and the reply that they leave. Nothing here knows the library underneath (server.c). */
#ifndef CUSTOMHOUSE_HTTP_REQUEST_H
#define CUSTOMHOUSE_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/patience.h"
#include "hub/hub.h"
#include "hub/life/act.h"
#include "hub/people/people.h"

struct http_server;
struct route;
struct stream;

enum { REQUEST_ID_BYTES = 64 };

/* How long a client may keep what it was given. */
enum keep {
	KEEP_NOT,      /* answers and problems: no-store */
	KEEP_ASK,      /* public documents: ask again each time */
	KEEP_FOR_GOOD, /* files whose name changes with what they hold */
};

struct reply {
	unsigned status; /* 0: none yet */
	const char *content_type;
	struct span body;                        /* in the arena, or static */
	const char *location, *allow, *language; /* NULL: no such header */
	const char *authenticate, *cookie;       /* WWW-Authenticate, Set-Cookie */
	const char *encoding;                    /* Content-Encoding */
	const char *ticket;                      /* a second Set-Cookie */
	unsigned retry_after;                    /* seconds; 0: no such header */
	enum keep keep;
	bool page;             /* may load our own style sheet and script */
	struct stream *stream; /* instead of a body; the server takes it over */
	/* a file that somebody handed in: the whole Content-Disposition header. No browser may show or run it here */
	const char *attachment;
	const char *document_state; /* of such a file; NULL: no such header */
};

struct request {
	struct http_server *server;
	struct hub *hub;
	struct arena *arena;
	const struct route *route; /* NULL: none was found */
	struct span reference;     /* what stands for {ref} in the path, decoded */
	int64_t number;            /* and for {number} */
	struct span body;
	struct hash body_hash; /* of a LARGE route's body: computed as it came in */
	struct span language;  /* what the answer is to be written in; see language.h */
	char id[REQUEST_ID_BYTES + 1];
	bool local;                 /* came by the unix socket: from the operator */
	bool named;                 /* called the hub by a name of its own, not by an address */
	bool forwarded;             /* another node passed it on: it is settled here, or nowhere */
	struct hash forwarded_body; /* of the bytes that it passed on */
	const char *elsewhere;      /* address of the node that settles it; NULL: this one */
	bool secure;                /* came over TLS, to us or to the proxy before us */
	char address[48];           /* of the other end */
	/* who asks: never NULL, but for a PUBLIC route on TCP */
	const struct who *who;
	const struct signed_in *session; /* NULL: a token, or the operator */
	const char *page_cookie; /* the language that somebody chose for pages; NULL: none now */
	struct reply reply;
	/* A handler that has prepared the submission sets finish, which is called when its outcome is known. Between the two the
	 * arena belongs to the hub. */
	struct submission submission;
	void (*finish)(struct request *r);
	/* the same for an act, which is prepared instead of a submission where acts is set */
	struct action action;
	bool acts;
	/* or for a stream whose beginning has to be found: closed with the request, unless the reply took it */
	struct stream *stream;
	/* a second arena for what does not fit the first; freed with the request */
	struct arena *large;
	const char *(*header)(const struct request *r, const char *name); /* NULL: not sent */
	const char *(*query)(const struct request *r, const char *name);  /* as sent, not decoded */
	/* whether the client is still there; its limit of time is the hub's to say */
	struct patience patience;
};

/* Counts n bytes, which the request is about to take from the machine, among those that all bodies may hold together, until the
 * reply has gone out. false: that is too much at once; nothing was counted. */
bool request_hold(struct request *r, size_t n);

/* Is this the node that has what is long under way (hub_has_long_work())? false: another one, which the request is passed on to.
 * For SLOW routes. Inside arena_run(). */
bool request_is_here(struct request *r);
/* A member of the query, decoded (RFC 3986, 2.1; + is a blank), in the arena. p == NULL: not sent. false: it is no UTF-8, or an
 * escape is none, or it holds a NUL: a problem was left. Inside arena_run(). */
bool request_query(struct request *r, const char *name, struct span *ret);

/* The reason that some routes want in the query, trimmed. false: there is none, or it is too long: a problem was left. */
bool request_reason(struct request *r, struct span *ret);

/* The id that the client sent, if it is one, or a new one. */
void request_set_id(struct request *r);
/* Leaves a reply with a body. */
void request_reply(struct request *r, unsigned status, const char *content_type, struct span body);
void request_reply_json(struct request *r, unsigned status, const struct text *body);
/* Does the Accept header name this type, or its wildcard, and not `before` ahead of it? Without the header: false. */
bool request_prefers(const struct request *r, const char *type, const char *before);

/* ---- the routes (routes.def) ---- */

#define DELETE(path, handler, flags) void handler(struct request *r);
#define GET(path, handler, flags)    void handler(struct request *r);
#define PATCH(path, handler, flags)  void handler(struct request *r);
#define POST(path, handler, flags)   void handler(struct request *r);
#define PUT(path, handler, flags)    void handler(struct request *r);
#include "http/routes.def"
#undef DELETE
#undef GET
#undef PATCH
#undef POST
#undef PUT

#endif
