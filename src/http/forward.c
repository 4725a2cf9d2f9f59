#include "http/forward.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/exchange.h"

enum {
	FLIGHTS = 256, /* at once; more wait */
	CONNECTIONS_KEPT = 64,
	CONNECT_MS = 1000,
	ANSWER_MS = 40000, /* longer than a writer waits for its database */
	TRY_SECONDS = 15,  /* for a request to find its node */
	FIRST_PAUSE_MS = 100,
	LAST_PAUSE_MS = 1000,
	ANSWER_BYTES = 16 << 20,
	WAIT_MS = 500,
	LOOK_MS = 500, /* how often it is asked whether those that do not answer still live */
	MS = 1000,
};

/* A request that another node settles. */
struct forward {
	struct forward *next;
	struct exchange *exchange;
	CURL *flight;
	struct curl_slist *headers;
	int64_t until, again_at; /* again_at 0: it is to fly */
	int64_t pause;
	bool answered, failed_headers;

	/* of the answer */
	char *body;
	size_t n, room;
	char type[128], location[512], language[32], key[48];
	unsigned retry_after;
	bool elsewhere;
};

struct forwarder {
	pthread_t thread;
	CURLM *multi;
	const char *authorities;
	pthread_mutex_t lock; /* guards what follows */
	struct forward *come;
	bool stopping;
	/* the thread's own */
	struct forward *waiting, *flying;
	unsigned flights;
	int64_t looked_at;
};

/* ---- the mark ---- */

static void mark_of(const struct hub *h, const char *method, const char *path, const char *flags,
		    const char *address, const char *id, const char *body, char ret[65])
{
	const struct span pieces[] = {span_of(method),  span_of(path), span_of(flags),
				      span_of(address), span_of(id),   span_of(body)};

	hub_mark_peer(h, pieces, ARRAY_LEN(pieces), ret);
}

void forward_write_mark(const struct hub *h, const struct forward_origin *from, const char *method,
			const char *path, struct span body, char ret[FORWARD_LINE_BYTES])
{
	const struct hash sum = hash_bytes(body.p, body.n);
	const char flags[] = {from->local ? 'l' : '-', from->secure ? 's' : '-', 0};
	char hex[65], mark[65];

	hash_hex(&sum, hex);
	mark_of(h, method, path, flags, from->address, from->id, hex, mark);
	snprintf(ret, FORWARD_LINE_BYTES, "%s %s %s %s", flags, from->address, hex, mark);
}

static bool mark_is(const struct hub *h, const char *method, const char *path, struct span flags,
		    struct span address, struct span id, struct span body, struct span mark)
{
	const struct span pieces[] = {span_of(method), span_of(path), flags, address, id, body};

	return hub_check_peer(h, pieces, ARRAY_LEN(pieces), mark);
}

bool forward_known(struct request *r, const char *method, const char *path)
{
	const char *header = r->header(r, FORWARDED);
	struct span rest = span_of(header), flags, address, body;

	if (!header)
		return true;
	flags = span_cut(&rest, ' ');
	address = span_cut(&rest, ' ');
	body = span_cut(&rest, ' ');
	if (address.n >= sizeof(r->address) || hash_from_hex(body, &r->forwarded_body) ||
	    !mark_is(r->hub, method, path, flags, address, span_of(r->id), body, rest))
		return false;
	r->forwarded = true;
	r->local = flags.n > 0 && flags.p[0] == 'l';
	r->secure = flags.n > 1 && flags.p[1] == 's';
	memcpy(r->address, address.p, address.n);
	r->address[address.n] = 0;
	return true;
}

bool forward_body_sound(const struct request *r)
{
	const struct hash h = hash_bytes(r->body.p, r->body.n);

	return hash_equal(&h, &r->forwarded_body);
}

/* ---- a flight ---- */

static bool put_header(struct forward *f, const char *name, const char *value)
{
	char line[8192];
	struct curl_slist *more;

	/* a header without a value is written with a semicolon here */
	if (snprintf(line, sizeof(line), *value ? "%s: %s" : "%s;", name, value) >=
	    (int)sizeof(line))
		return false;
	more = curl_slist_append(f->headers, line);
	if (more)
		f->headers = more;
	return more != NULL;
}

/* Of one hop only, or said anew below. */
static bool stays_here(const char *name)
{
	static const char *const names[] = {
	    "Connection", "Content-Length", "Customhouse-Forwarded", "Expect",  "Keep-Alive",
	    "TE",         "Trailer",        "Transfer-Encoding",     "Upgrade", "X-Request-Id"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcasecmp(name, names[i]))
			return true;
	return !strncasecmp(name, "Proxy-", 6);
}

static enum MHD_Result pass_header(void *context, enum MHD_ValueKind kind, const char *name,
				   const char *value)
{
	struct forward *f = context;

	(void)kind;
	if (!stays_here(name) && !put_header(f, name, value ? value : ""))
		f->failed_headers = true;
	return MHD_YES;
}

/* The library has made a blank of each plus, and left all else as it was sent. */
static void pass_query(struct text *url, const char *sent)
{
	for (; *sent; sent++)
		text_char(url, *sent == ' ' ? '+' : *sent);
}

static enum MHD_Result pass_argument(void *context, enum MHD_ValueKind kind, const char *name,
				     const char *value)
{
	struct text *url = context;

	(void)kind;
	text_char(url, memchr(url->p, '?', url->n) ? '&' : '?');
	pass_query(url, name);
	if (value) {
		text_char(url, '=');
		pass_query(url, value);
	}
	return MHD_YES;
}

struct writing {
	struct exchange *exchange;
	struct text url;
};

static void write_url(void *context)
{
	struct writing *w = context;

	text_string(&w->url, w->exchange->request.elsewhere);
	text_string(&w->url, w->exchange->path);
	MHD_get_connection_values(w->exchange->connection, MHD_GET_ARGUMENT_KIND, pass_argument,
				  &w->url);
	text_char(&w->url, 0);
}

static bool put_own_headers(struct forward *f)
{
	struct exchange *x = f->exchange;
	struct request *r = &x->request;
	const struct forward_origin from = {r->local, r->secure, r->address, r->id};
	char line[FORWARD_LINE_BYTES];

	forward_write_mark(r->hub, &from, x->method, x->path, r->body, line);
	if (!put_header(f, FORWARDED, line) || !put_header(f, "X-Request-Id", r->id) ||
	    (f->key[0] && !put_header(f, "Idempotency-Key", f->key)))
		return false;
	/* the library would ask first, and call a body a form */
	f->headers = curl_slist_append(f->headers, "Expect:");
	if (!r->header(r, "Content-Type"))
		f->headers = curl_slist_append(f->headers, "Content-Type:");
	return f->headers != NULL;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
	struct forward *f = context;
	char *more;

	n *= size;
	if (n > ANSWER_BYTES - f->n)
		return 0;
	if (f->n + n > f->room) {
		size_t room = 2 * f->room > f->n + n ? 2 * f->room : f->n + n;

		more = realloc(f->body, room);
		if (!more)
			return 0;
		f->body = more;
		f->room = room;
	}
	memcpy(f->body + f->n, bytes, n);
	f->n += n;
	return n;
}

static void keep(char *to, size_t room, struct span value)
{
	if (value.n < room) {
		memcpy(to, value.p, value.n);
		to[value.n] = 0;
	}
}

static size_t take_header(char *bytes, size_t size, size_t n, void *context)
{
	struct forward *f = context;
	struct span value = {bytes, (uint32_t)(size * n), 0}, name = span_cut(&value, ':');

	value = span_trim(value);
	if (name.n == 12 && !strncasecmp(name.p, "Content-Type", 12))
		keep(f->type, sizeof(f->type), value);
	if (name.n == 8 && !strncasecmp(name.p, "Location", 8))
		keep(f->location, sizeof(f->location), value);
	if (name.n == 16 && !strncasecmp(name.p, "Content-Language", 16))
		keep(f->language, sizeof(f->language), value);
	if (name.n == 11 && !strncasecmp(name.p, "Retry-After", 11))
		f->retry_after = (unsigned)strtoul(value.p, NULL, 10);
	if (name.n == 21 && !strncasecmp(name.p, "Customhouse-Elsewhere", 21))
		f->elsewhere = true;
	return size * n;
}

static bool set_up(struct forward *f, const char *url, const char *authorities)
{
	struct exchange *x = f->exchange;
	CURL *c = f->flight;

	if (authorities && (curl_easy_setopt(c, CURLOPT_CAINFO, authorities) ||
			    curl_easy_setopt(c, CURLOPT_CAPATH, NULL)))
		return false;
	return !curl_easy_setopt(c, CURLOPT_URL, url) &&
	       !curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, x->method) &&
	       !curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->request.body.n) &&
	       !curl_easy_setopt(c, CURLOPT_POSTFIELDS,
				 x->request.body.n ? x->request.body.p : "") &&
	       !curl_easy_setopt(c, CURLOPT_HTTPHEADER, f->headers) &&
	       !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       !curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) &&
	       !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) &&
	       !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEDATA, f) &&
	       !curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header) &&
	       !curl_easy_setopt(c, CURLOPT_HEADERDATA, f) &&
	       !curl_easy_setopt(c, CURLOPT_PRIVATE, f);
}

/* false: no memory. */
static bool launch(struct forwarder *all, struct forward *f)
{
	struct exchange *x = f->exchange;
	struct writing w = {x, text_in(x->request.arena)};

	f->n = 0;
	f->elsewhere = f->failed_headers = false;
	f->type[0] = f->location[0] = f->language[0] = 0;
	f->retry_after = 0;
	f->flight = curl_easy_init();
	if (!f->flight || arena_run(x->request.arena, write_url, &w))
		return false;
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, pass_header, f);
	if (f->failed_headers || !put_own_headers(f) || !set_up(f, w.url.p, all->authorities) ||
	    curl_multi_add_handle(all->multi, f->flight))
		return false;
	all->flights++;
	f->next = all->flying;
	all->flying = f;
	return true;
}

static void land(struct forward *f)
{
	curl_easy_cleanup(f->flight);
	curl_slist_free_all(f->headers);
	f->flight = NULL;
	f->headers = NULL;
}

/* ---- what comes of it ---- */

/* The reply that stands, or the one that was put in its place, goes out. */
static void finish(struct forward *f)
{
	f->answered = true;
	MHD_resume_connection(f->exchange->connection);
}

static void take_answer(void *context)
{
	struct forward *f = context;
	struct request *r = &f->exchange->request;
	struct reply *reply = &r->reply;
	long status = 0;

	if (curl_easy_getinfo(f->flight, CURLINFO_RESPONSE_CODE, &status))
		status = 502;
	*reply = (struct reply){.status = (unsigned)status, .retry_after = f->retry_after};
	if (f->n)
		reply->body = (struct span){arena_copy(r->arena, f->body, f->n), (uint32_t)f->n, 0};
	if (f->type[0])
		reply->content_type = arena_copy(r->arena, f->type, strlen(f->type));
	if (f->location[0])
		reply->location = arena_copy(r->arena, f->location, strlen(f->location));
	if (f->language[0])
		reply->language = arena_copy(r->arena, f->language, strlen(f->language));
}

/* The hub is asked again in a while, or the client is told to come back. */
static void try_again(struct forwarder *all, struct forward *f)
{
	const int64_t now = clock_steady();

	if (now + f->pause >= f->until) {
		finish(f);
		return;
	}
	f->again_at = now + f->pause;
	f->pause =
	    2 * f->pause < (int64_t)LAST_PAUSE_MS * MS ? 2 * f->pause : (int64_t)LAST_PAUSE_MS * MS;
	f->next = all->waiting;
	all->waiting = f;
}

static void landed(struct forwarder *all, struct forward *f, CURLcode result)
{
	struct forward **at = &all->flying;
	long status = 0;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	all->flights--;
	if (!result && curl_easy_getinfo(f->flight, CURLINFO_RESPONSE_CODE, &status))
		status = 0;
	if (!result && status != 503 && !f->elsewhere &&
	    !arena_run(f->exchange->request.arena, take_answer, f)) {
		land(f);
		finish(f);
		return;
	}
	if (result)
		log_event("forward.failed", "request=%s to=%s error=\"%s\"",
			  f->exchange->request.id, f->exchange->request.elsewhere,
			  curl_easy_strerror(result));
	land(f);
	try_again(all, f);
}

static void take_landings(struct forwarder *all)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(all->multi, &left))) {
		struct forward *f = NULL;

		if (m->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&f) || !f)
			continue;
		curl_multi_remove_handle(all->multi, f->flight);
		landed(all, f, m->data.result);
	}
}

/* A node that is frozen, or cut off, may never answer; once it is gone, another has its offices. */
static void leave_the_dead(struct forwarder *all, int64_t now)
{
	struct forward *next;

	if (now - all->looked_at < (int64_t)LOOK_MS * MS)
		return;
	all->looked_at = now;
	for (struct forward *f = all->flying; f; f = next) {
		const struct request *r = &f->exchange->request;

		next = f->next;
		if (hub_peer_lives(r->hub, r->elsewhere))
			continue;
		curl_multi_remove_handle(all->multi, f->flight);
		landed(all, f, CURLE_OPERATION_TIMEDOUT);
	}
}

/* Those whose pause is over, and those that wait for a place. Returns when the next one is due. */
static int64_t take_waiting(struct forwarder *all, int64_t now)
{
	struct forward *list = all->waiting, *f;
	int64_t due = now + (int64_t)WAIT_MS * MS;

	all->waiting = NULL;
	while ((f = list)) {
		list = f->next;
		if (f->again_at && f->again_at <= now) {
			f->again_at = 0;
			exchange_again(f->exchange);
		} else if (!f->again_at && all->flights < FLIGHTS) {
			if (!launch(all, f)) {
				if (f->flight)
					land(f);
				finish(f); /* no memory: the client comes back */
			}
		} else {
			if (f->again_at && f->again_at < due)
				due = f->again_at;
			f->next = all->waiting;
			all->waiting = f;
		}
	}
	return due;
}

/* In the order of their coming. */
static bool take_come(struct forwarder *all)
{
	struct forward *list, *next;
	bool stopping;

	pthread_mutex_lock(&all->lock);
	list = all->come;
	all->come = NULL;
	stopping = all->stopping;
	pthread_mutex_unlock(&all->lock);
	for (; list; list = next) {
		next = list->next;
		list->next = all->waiting;
		all->waiting = list;
	}
	return stopping;
}

static void *run(void *context)
{
	struct forwarder *all = context;
	int running;

	while (!take_come(all)) {
		const int64_t now = clock_steady(), due = take_waiting(all, now);

		if (curl_multi_perform(all->multi, &running))
			log_event("forward.failed", "what=perform");
		take_landings(all);
		leave_the_dead(all, now);
		if (curl_multi_poll(all->multi, NULL, 0,
				    due > now ? (int)((due - now) / MS) + 1 : 0, NULL))
			log_event("forward.failed", "what=poll");
	}
	return NULL;
}

/* ---- of an exchange ---- */

bool forward_wanted(const struct exchange *x)
{
	const struct request *r = &x->request;

	return r->elsewhere && !r->forwarded && x->server->forwarder &&
	       !(x->forward && clock_steady() >= x->forward->until);
}

bool forward_is_answered(const struct exchange *x)
{
	return x->forward && x->forward->answered;
}

/* An act that nobody named is named here, so that it is done once however often it is sent. */
static void name_act(struct forward *f)
{
	struct request *r = &f->exchange->request;
	struct hash random;
	char hex[65];

	if (!r->acts || r->action.key.n)
		return;
	random_bytes(random.byte, sizeof(random.byte));
	hash_hex(&random, hex);
	snprintf(f->key, sizeof(f->key), "%.40s", hex);
	r->action.key = span_of(f->key);
}

bool forward_take(struct exchange *x)
{
	struct forwarder *all = x->server->forwarder;
	struct forward *f = x->forward;

	if (!forward_wanted(x))
		return false;
	if (!f) {
		f = calloc(1, sizeof(*f));
		if (!f)
			return false;
		f->exchange = x;
		f->until = clock_steady() + (int64_t)TRY_SECONDS * 1000 * MS;
		f->pause = (int64_t)FIRST_PAUSE_MS * MS;
		x->forward = f;
		name_act(f);
	}
	pthread_mutex_lock(&all->lock);
	f->next = all->come;
	all->come = f;
	pthread_mutex_unlock(&all->lock);
	curl_multi_wakeup(all->multi);
	return true;
}

void forward_drop(struct exchange *x)
{
	struct forward *f = x->forward;

	if (!f)
		return;
	free(f->body);
	free(f);
	x->forward = NULL;
}

/* ---- start and stop ---- */

enum err forwarder_start(const char *authorities, struct forwarder **ret, struct cause *why)
{
	struct forwarder *all;

	if (authorities && access(authorities, R_OK))
		return fail(why, ERR_NOT_FOUND,
			    "%s, which says whose certificates other nodes may have, cannot be "
			    "read: %s",
			    authorities, strerror(errno));
	all = calloc(1, sizeof(*all));

	if (!all || curl_global_init(CURL_GLOBAL_DEFAULT)) {
		free(all);
		return fail(why, ERR_NOMEM, "no memory to pass requests on");
	}
	all->authorities = authorities;
	pthread_mutex_init(&all->lock, NULL);
	all->multi = curl_multi_init();
	if (!all->multi ||
	    curl_multi_setopt(all->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) ||
	    pthread_create(&all->thread, NULL, run, all)) {
		curl_multi_cleanup(all->multi);
		pthread_mutex_destroy(&all->lock);
		free(all);
		return fail(why, ERR_NOMEM, "no thread to pass requests on");
	}
	*ret = all;
	return ERR_NONE;
}

void forwarder_stop(struct forwarder *all)
{
	if (!all)
		return;
	pthread_mutex_lock(&all->lock);
	all->stopping = true;
	pthread_mutex_unlock(&all->lock);
	curl_multi_wakeup(all->multi);
	pthread_join(all->thread, NULL);
	curl_multi_cleanup(all->multi);
	pthread_mutex_destroy(&all->lock);
	free(all);
}
