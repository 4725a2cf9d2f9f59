/* The server: libmicrohttpd behind our own small interface. With exchange.h, respond.c, forward.c
 * and stream.c the only one that knows that library.
 *
 * Two threads serve the connections on TCP, one those on the unix socket (poll mode: the library's internal epoll mode can
 * stall). They never wait: while the settle writer commits, or a worker reads the store, the connection is suspended, and
 * resumed by whoever is done. The suspending comes before the handing over, so that a resume can never come first.
 *
 *   begin     headers are here: route, limits. What is refused is answered at once, or once its body was thrown away
 *   receive   the body, piece by piece
 *   act       the route's handler; or hand over and suspend
 *   resumed   finish() of a submission
 *   respond   headers and body go out; completed() gives the exchange back */
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/exchange.h"
#include "http/forward.h"
#include "http/guard.h"
#include "http/host.h"
#include "http/language.h"
#include "http/listen.h"
#include "http/problem.h"
#include "http/rate.h"
#include "http/route.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/tls.h"
#include "http/worker.h"

enum {
	THREADS = 2,
	CALLERS = 2, /* who wait for an identity provider at once */
	LOCAL_CONNECTIONS = 256,
	IDLE_SECONDS = 30,     /* a connection on which nothing moves is closed */
	RECEIVE_SECONDS = 120, /* a body that takes longer is given up */
	STOP_SECONDS =
	    10, /* how long a stop waits for bodies to arrive; for what was accepted it waits to the end */
	SLOW_MICROSECONDS = 1000000, /* a request that takes longer is logged */
	CONNECTION_BYTES = 32 << 10, /* memory for the headers of one connection */
	DRAIN_BYTES =
	    4 *
	    LIMIT_MESSAGE_BYTES, /* of a refused body that are read, so that the client sees the answer */
	KEEP_BODY_BYTES = 64 << 10, /* room for a body that an idle exchange keeps */
	KEEP_EXCHANGES = 128,
	HASHERS_QUEUE = 16, /* each takes about a tenth of a second: more would wait in vain */
};
/* What all bodies that are being received, and all documents that are being sent, may hold together. */
#define BODIES_BYTES ((size_t)256 << 20)

/* ---- exchanges ---- */

static const char *header_of(const struct request *r, const char *name)
{
	const struct exchange *x = (const struct exchange *)r;

	return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static const char *query_of(const struct request *r, const char *name)
{
	const struct exchange *x = (const struct exchange *)r;

	return MHD_lookup_connection_value(x->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* Has the client of a suspended request closed its end? Also where bytes of it wait unread, as those that end TLS. */
static bool client_is_gone(void *context)
{
	struct pollfd fd = {.fd = ((const struct exchange *)context)->socket, .events = POLLRDHUP};

	return fd.fd >= 0 && poll(&fd, 1, 0) > 0 &&
	       (fd.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static struct exchange *exchange_new(void)
{
	struct exchange *x = calloc(1, sizeof(*x));

	if (x)
		x->request.arena = arena_new(LIMIT_ARENA_BYTES);
	if (x && !x->request.arena) {
		free(x);
		return NULL;
	}
	return x;
}

static void exchange_free(struct exchange *x)
{
	arena_free(x->request.arena);
	free(x->body);
	free(x);
}

/* An exchange for a request that begins. NULL: no memory. */
static struct exchange *exchange_take(struct door *door, struct MHD_Connection *c)
{
	struct http_server *s = door->server;
	struct exchange *x, *was;

	pthread_mutex_lock(&s->lock);
	was = s->idle;
	if (was) {
		s->idle = was->next;
		s->idle_count--;
	}
	pthread_mutex_unlock(&s->lock);
	x = was ? was : exchange_new();
	if (!x)
		return NULL;
	*x = (struct exchange){
	    .request = {.server = s,
			.hub = s->hub,
			.arena = x->request.arena,
			.local = door->local,
			.header = header_of,
			.query = query_of,
			.patience = {.gone = client_is_gone, .context = x}},
	    .server = s,
	    .connection = c,
	    .socket = -1,
	    .limit = LIMIT_MESSAGE_BYTES,
	    .body = x->body,
	    .body_room = x->body_room,
	    .began_at = clock_steady(),
	};
	pthread_mutex_lock(&s->lock);
	x->counted = !s->stopping;
	s->active += x->counted;
	pthread_mutex_unlock(&s->lock);
	return x;
}

static void exchange_give_back(struct exchange *x)
{
	struct http_server *s = x->server;
	bool counted = x->counted, waited = x->waited, keep;

	if (x->body_room > KEEP_BODY_BYTES) {
		atomic_fetch_sub(&s->body_bytes, x->body_room);
		free(x->body);
		x->body = NULL;
		x->body_room = 0;
	}
	stream_close(x->request.reply.stream);
	stream_close(x->request.stream);
	arena_free(x->request.large);
	atomic_fetch_sub(&s->body_bytes, x->held);
	arena_reset(x->request.arena);
	pthread_mutex_lock(&s->lock);
	keep = s->idle_count < KEEP_EXCHANGES;
	if (keep) {
		x->next = s->idle;
		s->idle = x;
		s->idle_count++;
	}
	s->active -= counted;
	s->waiting -= waited;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (!keep)
		exchange_free(x);
}

bool request_hold(struct request *r, size_t n)
{
	struct exchange *x = (struct exchange *)r;

	if (atomic_fetch_add(&x->server->body_bytes, n) + n > BODIES_BYTES) {
		atomic_fetch_sub(&x->server->body_bytes, n);
		return false;
	}
	x->held += n;
	return true;
}

/* ---- running what belongs to a route, which may be left where memory ends ---- */

struct call {
	void (*fn)(struct request *r);
	struct request *request;
};

static void call(void *context)
{
	struct call *c = context;

	c->fn(c->request);
}

static void run(struct exchange *x, void (*fn)(struct request *r))
{
	struct call c = {fn, &x->request};
	enum err e = arena_run(x->request.arena, call, &c);

	if (e) {
		x->request.finish = NULL;
		problem_without_memory(&x->request, e);
	}
}

/* What was stored must be told, also where reading it has used up the arena: then a second one serves. */
static void run_finish(struct exchange *x)
{
	struct request *r = &x->request;
	struct call c = {r->finish, r};
	enum err e = arena_run(r->arena, call, &c);

	if (e && !r->large && (r->large = arena_new(LIMIT_ARENA_BYTES))) {
		struct arena *full = r->arena;

		r->arena = r->large;
		r->large = full;
		e = arena_run(r->arena, call, &c);
	}
	if (e)
		problem_without_memory(r, ERR_NOMEM);
}

/* ---- begin ---- */

struct framing {
	unsigned lengths, encodings;
};

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *name,
				     const char *value)
{
	struct framing *f = context;

	(void)kind;
	(void)value;
	f->lengths += !strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH);
	f->encodings += !strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING);
	return MHD_YES;
}

/* Two statements about where a body ends: a proxy before us might believe the other one. */
static bool framing_sound(struct exchange *x)
{
	const char *length = header_of(&x->request, MHD_HTTP_HEADER_CONTENT_LENGTH);
	struct framing f = {0};

	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_framing, &f);
	for (const char *c = length; c && *c >= '0' && *c <= '9' && x->declared < UINT64_MAX / 10;
	     c++)
		x->declared = x->declared * 10 + (uint64_t)(*c - '0');
	return f.lengths + f.encodings <= 1;
}

/* Whom the request was meant for, and whether anybody on its way could read it: without a certificate of its own a hub is called
 * by a name only where a proxy stands before it that speaks TLS. false: it was not meant for us. */
static bool find_host(struct exchange *x)
{
	struct request *r = &x->request;
	const struct http_server *s = x->server;

	if (r->local || r->forwarded)
		return true;
	if (!host_sound(r->header(r, "Host"), s->names, s->tls, &r->named))
		return false;
	r->secure = s->tls || r->named;
	return true;
}

static void refuse_route(struct exchange *x, enum route_found found, const char *method)
{
	struct request *r = &x->request;

	r->reply.allow = x->match.allow;
	if (found == ROUTE_NO_PATH) {
		r->reply.allow = NULL;
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such path");
	} else if (!strcmp(method, "OPTIONS")) {
		r->reply.status = MHD_HTTP_NO_CONTENT;
	} else {
		problem_reply(r, PROBLEM_METHOD, "this path takes %s", x->match.allow);
	}
}

static void say_too_large(struct request *r)
{
	problem_reply(r, PROBLEM_TOO_LARGE, "it has at most %zu bytes",
		      ((const struct exchange *)r)->limit);
}

struct opening {
	struct exchange *exchange;
	const char *path, *method;
};

/* Everything that can be said from the headers. Leaves a reply when the request goes no further. */
static void screen(void *context)
{
	struct opening *o = context;
	struct exchange *x = o->exchange;
	struct request *r = &x->request;
	struct span path = span_of(o->path);
	enum route_found found;

	if (!framing_sound(x)) {
		x->close = true;
		problem_reply(r, PROBLEM_BAD_REQUEST, "it says more than once where its body ends");
	} else if (!x->counted) {
		problem_reply(r, PROBLEM_BUSY, "the hub is stopping");
	} else if (!route_path_sound(path)) {
		problem_reply(r, PROBLEM_BAD_REQUEST,
			      "the path holds what no path may hold, such as a control character");
	} else if (!forward_known(r, o->method, o->path)) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "no node of this hub passed this on");
	} else if (!find_host(x)) {
		problem_reply(r, PROBLEM_MISDIRECTED,
			      "the Host header must be localhost, an address, or a name that the "
			      "hub was given");
	} else if (!r->local && !r->forwarded && strcmp(o->method, "GET") &&
		   !host_origin_sound(r->header(r, "Origin"), r->header(r, "Host"), r->secure)) {
		problem_reply(r, PROBLEM_FOREIGN, "the Origin header names another site");
	} else {
		found = route_find(span_of(o->method), path, r->local, &x->match);
		if (found == ROUTE_FOUND && x->match.route->flags & PEER && !r->forwarded)
			found = ROUTE_NO_PATH; /* of nodes among themselves */
		if (found == ROUTE_FOUND && (x->match.route->flags & LARGE)) {
			x->limit = LIMIT_DOCUMENT_BYTES;
			hash_start(&x->hash);
		}
		if (found == ROUTE_FOUND && (x->match.route->flags & WHOLE))
			x->limit = LIMIT_PACK_UPLOAD_BYTES;
		r->route = x->match.route;
		r->reference = (struct span){x->match.reference, x->match.reference_bytes, 0};
		r->number = x->match.number;
		if (found != ROUTE_FOUND)
			refuse_route(x, found, o->method);
		else if (x->declared > x->limit)
			say_too_large(r);
		else
			guard_request(r, o->method);
	}
	r->language = language_choose(r->header(r, "Accept-Language"));
}

static void set_address(struct exchange *x)
{
	const union MHD_ConnectionInfo *i =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	listen_address(i ? i->client_addr : NULL, x->request.address, sizeof(x->request.address));
}

static enum MHD_Result begin(struct door *door, struct MHD_Connection *c, const char *path,
			     const char *method, void **ret_context)
{
	struct exchange *x = exchange_take(door, c);
	struct opening o = {x, path, method};
	const char *expect;
	enum err e;

	if (!x)
		return MHD_NO;
	*ret_context = x;
	x->path = path;
	x->method = method;
	request_set_id(&x->request);
	set_address(x);
	e = arena_run(x->request.arena, screen, &o);
	if (e)
		problem_without_memory(&x->request, e);
	if (!x->request.reply.status)
		return MHD_YES;
	expect = header_of(&x->request, "Expect");
	if (x->close || x->declared > DRAIN_BYTES || (expect && x->declared)) {
		x->close = true;
		return exchange_respond(x);
	}
	return MHD_YES; /* the answer goes out once the body was thrown away */
}

/* ---- receive ---- */

/* Room for n bytes of body. false: all bodies together hold too much, or there is no memory. */
static bool make_room(struct exchange *x, size_t n)
{
	size_t room = x->body_room * 2, counted = x->body_room > KEEP_BODY_BYTES ? x->body_room : 0,
	       more;
	char *larger;

	if (n <= x->body_room)
		return true;
	if (room < x->declared && x->declared <= KEEP_BODY_BYTES)
		room = (size_t)x->declared;
	if (room < n)
		room = n;
	if (room > x->limit)
		room = x->limit;
	more = room > KEEP_BODY_BYTES ? room - counted : 0;
	if (more && atomic_fetch_add(&x->server->body_bytes, more) + more > BODIES_BYTES) {
		atomic_fetch_sub(&x->server->body_bytes, more);
		return false;
	}
	larger = realloc(x->body, room);
	if (!larger) {
		atomic_fetch_sub(&x->server->body_bytes, more);
		return false;
	}
	x->body = larger;
	x->body_room = room;
	return true;
}

static void say_too_many(struct request *r)
{
	problem_reply(r, PROBLEM_BUSY, "too many large messages are being received at once");
}

static enum MHD_Result receive(struct exchange *x, const char *p, size_t n)
{
	if (clock_steady() - x->began_at > (int64_t)RECEIVE_SECONDS * 1000000)
		return MHD_NO;
	if (x->request.reply.status) {
		x->drained += n;
		return x->drained > DRAIN_BYTES ? MHD_NO : MHD_YES;
	}
	if (n > x->limit - x->body_bytes) {
		run(x, say_too_large);
	} else if (!make_room(x, x->body_bytes + n)) {
		run(x, say_too_many);
	} else {
		memcpy(x->body + x->body_bytes, p, n);
		if (x->request.route->flags & LARGE)
			hash_add(&x->hash, p, n);
		x->body_bytes += n;
	}
	return MHD_YES;
}

/* ---- act ---- */

static void say_left(struct request *r)
{
	problem_reply(r, PROBLEM_BUSY, "the client left before its turn came");
}

static void work_done(struct work *w)
{
	struct exchange *x = (struct exchange *)((char *)w - offsetof(struct exchange, work));

	if (!strcmp(x->method, "GET") && client_is_gone(x))
		run(x, say_left); /* nothing is read for nobody */
	else
		run(x, x->request.route->handle);
	if (!forward_take(x))
		MHD_resume_connection(x->connection);
}

static void submission_done(struct submission *s)
{
	MHD_resume_connection(((struct exchange *)s->context)->connection);
}

static void say_empty(struct request *r)
{
	problem_reply(r, PROBLEM_EMPTY, "there are no bytes in it");
}

static void say_altered(struct request *r)
{
	problem_reply(r, PROBLEM_BAD_REQUEST, "these are not the bytes that a node passed on");
}

static void say_busy(struct request *r)
{
	problem_reply(r, PROBLEM_BUSY, "too many requests wait for the store");
}

/* From here on a stop waits for this request to the end. false: it waits for nothing more. */
static bool may_wait(struct exchange *x)
{
	struct http_server *s = x->server;

	pthread_mutex_lock(&s->lock);
	x->waited = !s->closing;
	s->waiting += x->waited;
	pthread_mutex_unlock(&s->lock);
	if (x->waited) {
		const union MHD_ConnectionInfo *i =
		    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		x->socket = i ? i->connect_fd : -1;
		x->step = STEP_WAIT;
		MHD_suspend_connection(x->connection);
	}
	return x->waited;
}

static void take_slow(struct exchange *x)
{
	x->work.run = work_done;
	const struct http_server *s = x->server;
	const unsigned flags = x->request.route->flags;

	if (workers_take(flags & PASSWORD ? s->hashers
			 : flags & PEER   ? s->peers
			 : flags & AWAY   ? s->callers
					  : s->workers,
			 &x->work)) {
		run(x, say_busy);
		MHD_resume_connection(x->connection);
	}
}

static void action_done(struct action *a)
{
	MHD_resume_connection(((struct exchange *)a->context)->connection);
}

static void stream_ready(void *context)
{
	MHD_resume_connection(((struct exchange *)context)->connection);
}

static void submit(struct exchange *x)
{
	struct submission *s = &x->request.submission;
	struct action *a = &x->request.action;

	if (x->request.stream) {
		stream_find(x->request.stream, stream_ready, x);
		return;
	}
	if (x->request.acts) {
		a->arena = x->request.arena;
		a->done = action_done;
		a->context = x;
		hub_act(x->request.hub, a);
		return;
	}
	s->arena = x->request.arena;
	s->done = submission_done;
	s->context = x;
	hub_submit(x->request.hub, s);
}

static enum MHD_Result act(struct exchange *x)
{
	struct request *r = &x->request;
	unsigned flags;
	bool slow;

	if (r->reply.status)
		return exchange_respond(x);
	flags = r->route->flags;
	r->body = (struct span){x->body, (uint32_t)x->body_bytes, 1};
	if (flags & LARGE)
		r->body_hash = hash_finish(&x->hash);
	if (r->forwarded && !forward_body_sound(r)) {
		run(x, say_altered);
		return exchange_respond(x);
	}
	if ((flags & BODY) && !r->body.n) {
		run(x, say_empty);
		return exchange_respond(x);
	}
	slow = flags & (SLOW | PASSWORD) || (flags & AWAY && x->server->callers);
	if (!slow)
		run(x, r->route->handle);
	if (!slow && !r->finish)
		return exchange_respond(x);
	if (!may_wait(x)) {
		run(x, say_busy);
		return exchange_respond(x);
	}
	if (slow)
		take_slow(x);
	else
		submit(x);
	return MHD_YES;
}

void exchange_again(struct exchange *x)
{
	struct request *r = &x->request;

	r->reply = (struct reply){.status = 0};
	r->elsewhere = NULL;
	if (r->finish)
		submit(x);
	else
		take_slow(x);
}

static enum MHD_Result resumed(struct exchange *x)
{
	if (forward_is_answered(x))
		return exchange_respond(x);
	if (x->request.finish)
		run_finish(x);
	if (!forward_wanted(x))
		return exchange_respond(x);
	MHD_suspend_connection(x->connection);
	if (!forward_take(x))
		MHD_resume_connection(x->connection);
	return MHD_YES;
}

/* ---- the library's callbacks ---- */

static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *path,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_bytes, void **request_context)
{
	struct exchange *x = *request_context;
	size_t n = *upload_bytes;

	(void)version;
	if (!x)
		return begin(context, c, path, method, request_context);
	if (x->step == STEP_WAIT)
		return resumed(x);
	if (n) {
		*upload_bytes = 0;
		return receive(x, upload, n);
	}
	return x->step == STEP_RECEIVE ? act(x) : MHD_YES;
}

static void count(struct http_server *s, const struct exchange *x, int64_t took)
{
	uint32_t n, row = SERVER_ROUTES, class = x->request.reply.status / 100;

	if (x->request.route)
		row = (uint32_t)(x->request.route - routes(&n));
	if (class < 1 || class > SERVER_CLASSES)
		return; /* the client went before there was an answer */
	s->answers[row][class - 1]++;
	s->microseconds[row] += (unsigned long long)took;
}

static void on_completed(void *context, struct MHD_Connection *c, void **request_context,
			 enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *request_context;
	struct http_server *s = ((struct door *)context)->server;
	const struct route *route;
	int64_t took;

	(void)c;
	if (!x)
		return;
	/* How long a stream was open says nothing. */
	took = x->streams ? 0 : clock_steady() - x->began_at;
	route = x->request.route;
	count(s, x, took);
	if (s->log_all || x->request.reply.status >= 500 || took > SLOW_MICROSECONDS)
		log_event("http.request",
			  "method=%s route=%s status=%u microseconds=%lld request=%s%s",
			  route ? route->method : "-", route ? route->pattern : "-",
			  x->request.reply.status, (long long)took, x->request.id,
			  how == MHD_REQUEST_TERMINATED_COMPLETED_OK ? "" : " cut=yes");
	*request_context = NULL;
	exchange_give_back(x);
}

static void on_connection(void *context, struct MHD_Connection *c, void **connection_context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http_server *s = ((struct door *)context)->server;

	(void)c;
	(void)connection_context;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		s->connections++;
	else
		s->connections--;
}

/* Paths and query values stay as they were sent; route.c decodes what it needs and sees a %00. */
static size_t keep_escapes(void *context, struct MHD_Connection *c, char *text)
{
	(void)context;
	(void)c;
	return strlen(text);
}

/* ---- start and stop ---- */

static enum err open_door(struct door *d, unsigned threads, unsigned connections, struct cause *why)
{
	const bool tls = !d->local && d->server->tls;
	char priorities[] = TLS_PRIORITIES;
	struct MHD_OptionItem pool[] = {
	    {threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL},
	    {MHD_OPTION_END, 0, NULL}};
	struct MHD_OptionItem secure[] = {
	    {tls ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END, 0, priorities},
	    {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *)(uintptr_t)tls_present},
	    {MHD_OPTION_END, 0, NULL}};

	d->daemon = MHD_start_daemon(
	    MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0,
	    NULL, NULL, on_request, d, MHD_OPTION_ARRAY, pool, MHD_OPTION_ARRAY, secure,
	    MHD_OPTION_LISTEN_SOCKET, d->fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, d,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, d, MHD_OPTION_UNESCAPE_CALLBACK,
	    keep_escapes, NULL, MHD_OPTION_CONNECTION_LIMIT, connections,
	    MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	return d->daemon ? ERR_NONE : fail(why, ERR_NOMEM, "no threads for the server");
}

enum err http_check(const struct http_options *o, struct cause *why)
{
	enum err e = o->names ? host_check_names(o->names, why) : ERR_NONE;

	return e || !o->listen ? e : listen_check(o->listen, o->certificate != NULL, why);
}

static enum err start(struct http_server *s, const struct http_options *o, struct cause *why)
{
	const char *log = getenv("CUSTOMHOUSE_ACCESS_LOG");
	enum err e = http_check(o, why);

	s->log_all = log && !strcmp(log, "all");
	s->names = o->names;
	if (!e && o->certificate)
		e = tls_open(o->certificate, o->key, &s->tls, why);
	if (!e && o->listen)
		e = listen_tcp(o->listen, s->tls != NULL, &s->tcp.fd, &s->port, why);
	if (!e && o->socket) {
		e = listen_unix(o->socket, &s->local.fd, why);
		if (!e)
			snprintf(s->socket, sizeof(s->socket), "%s", o->socket);
	}
	if (e)
		return e;
	s->arena = arena_new(LIMIT_ARENA_BYTES);
	e = s->arena ? openapi_make(s->arena, &s->openapi, why) : fail(why, ERR_NOMEM, "no memory");
	if (!e)
		e = workers_start(WORKERS, WORKERS_QUEUE, &s->workers, why);
	if (!e)
		e = workers_start(1, HASHERS_QUEUE, &s->hashers, why);
	s->oidc = o->oidc;
	if (!e && o->oidc)
		e = workers_start(CALLERS, HASHERS_QUEUE, &s->callers, why);
	s->peer_authorities = o->peer_authorities;
	if (!e && hub_is_node(s->hub))
		e = workers_start(WORKERS, WORKERS_QUEUE, &s->peers, why);
	if (!e && hub_is_node(s->hub))
		e = forwarder_start(o->peer_authorities, &s->forwarder, why);
	if (!e)
		e = rate_open(o->rate, &s->rate, why);
	if (!e)
		e = streams_start(s->hub, &s->streams, why);
	if (e)
		return e;
	/* Each connection takes a descriptor, and so does each store that is read. */
	listen_raise(LIMIT_CONNECTIONS + LOCAL_CONNECTIONS + 256);
	if (o->listen)
		e = open_door(&s->tcp, THREADS, LIMIT_CONNECTIONS, why);
	if (!e && o->socket)
		e = open_door(&s->local, 1, LOCAL_CONNECTIONS, why);
	return e;
}

enum err http_start(struct hub *h, const struct http_options *options, struct http_server **ret,
		    struct cause *why)
{
	struct http_server *s = calloc(1, sizeof(*s));
	uint32_t n;
	enum err e;

	if (!s)
		return fail(why, ERR_NOMEM, "no memory");
	routes(&n);
	BUG_ON(n > SERVER_ROUTES);
	s->hub = h;
	s->tcp = (struct door){.server = s, .fd = -1};
	s->local = (struct door){.server = s, .fd = -1, .local = true};
	s->started_at = clock_now();
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	e = start(s, options, why);
	if (e) {
		http_stop(s);
		return e;
	}
	*ret = s;
	return ERR_NONE;
}

enum err http_reload(struct http_server *s, struct cause *why)
{
	return s->tls ? tls_reload(s->tls, why)
		      : fail(why, ERR_UNSUPPORTED, "this server has no certificate");
}

uint16_t http_port(const struct http_server *s)
{
	return s->port;
}

/* Takes no more connections; those that stand go on. */
static void shut_door(struct door *d)
{
	if (!d->daemon)
		return;
	if (MHD_quiesce_daemon(d->daemon) != MHD_INVALID_SOCKET)
		shutdown(d->fd, SHUT_RDWR);
	else
		d->fd = -1; /* still the library's, which closes it */
}

static void close_door(struct door *d)
{
	if (d->daemon)
		MHD_stop_daemon(d->daemon);
	if (d->fd >= 0)
		close(d->fd);
}

/* What was accepted is answered. A body that is still on its way gets STOP_SECONDS. */
static void finish_active(struct http_server *s)
{
	struct timespec until = {.tv_sec = (time_t)(clock_now() / 1000000 + STOP_SECONDS)};
	int timed_out = 0;

	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	while (s->active && !timed_out)
		timed_out = pthread_cond_timedwait(&s->changed, &s->lock, &until);
	s->closing = true;
	while (s->waiting)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

void http_stop(struct http_server *s)
{
	if (!s)
		return;
	shut_door(&s->tcp);
	shut_door(&s->local);
	streams_end(s->streams);
	finish_active(s);
	close_door(&s->tcp);
	close_door(&s->local);
	workers_stop(s->workers);
	streams_stop(s->streams);
	workers_stop(s->hashers);
	workers_stop(s->callers);
	workers_stop(s->peers);
	forwarder_stop(s->forwarder);
	rate_close(s->rate);
	tls_close(s->tls);
	if (s->socket[0])
		unlink(s->socket);
	while (s->idle) {
		struct exchange *x = s->idle;

		s->idle = x->next;
		exchange_free(x);
	}
	arena_free(s->arena);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
