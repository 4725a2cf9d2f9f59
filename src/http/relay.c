/* Both ways messages are framed alike: a line that says what follows and how long it is, then the bytes.
 *
 *   there   FORMAT KEY BYTES                    "-" stands for none
 *   back    {"outcome", "reference", ...}       as write_outcome() has it, then the decision and the answer */
#include "http/relay.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "http/forward.h"
#include "http/problem.h"
#include "http/server.h"

#define PATH "/peer/v1/declarations"

enum {
	CONNECT_MS = 1000,
	ANSWER_MS = 40000,      /* longer than a writer waits for its database */
	BODY_BYTES = 16 << 20,  /* of one request: less than its route takes */
	REPLY_BYTES = 64 << 20, /* of one */
	LINE_BYTES = 200,
	HEAD_BYTES = 4096,
};

/* Numbers of enum outcome_kind are this program's own; nodes of another version know the words. */
static const char *const kinds[] = {
    [OUTCOME_FAILED] = "failed",     [OUTCOME_UNREADABLE] = "unreadable",
    [OUTCOME_NEW] = "decided",       [OUTCOME_REPEATED] = "repeated",
    [OUTCOME_CONFLICT] = "conflict", [OUTCOME_DENIED] = "denied"};

/* ---- the node that hands over ---- */

struct buffer {
	char *p;
	size_t n, room;
};

static bool put(struct buffer *b, const char *p, size_t n)
{
	if (b->n + n > b->room) {
		const size_t room = 2 * (b->n + n);
		char *more = realloc(b->p, room);

		if (!more)
			return false;
		b->p = more;
		b->room = room;
	}
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	return true;
}

static size_t take_reply(char *bytes, size_t size, size_t n, void *context)
{
	struct buffer *b = context;

	return b->n + size * n <= REPLY_BYTES && put(b, bytes, size * n) ? size * n : 0;
}

static bool put_message(struct buffer *to, const struct submission *s)
{
	char line[LINE_BYTES];
	const int n = snprintf(line, sizeof(line), "%s %.*s %u\n", s->format ? s->format->id : "-",
			       s->key.n ? (int)s->key.n : 1, s->key.n ? s->key.p : "-", s->raw.n);

	return n > 0 && n < LINE_BYTES && put(to, line, (size_t)n) && put(to, s->raw.p, s->raw.n);
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
	struct curl_slist *more;
	char line[8192];

	if (!value)
		return true;
	if (snprintf(line, sizeof(line), "%s: %s", name, value) >= (int)sizeof(line))
		return false;
	more = curl_slist_append(*list, line);
	if (more)
		*list = more;
	return more != NULL;
}

static bool add_headers(const struct http_relay *r, struct span body, struct curl_slist **list)
{
	char mark[FORWARD_LINE_BYTES];

	forward_write_mark(r->hub, &(struct forward_origin){r->local, r->secure, r->address, r->id},
			   "POST", PATH, body, mark);
	return add_header(list, "Authorization", r->authorization) &&
	       add_header(list, "Cookie", r->cookie) && add_header(list, "X-CSRF-Token", r->csrf) &&
	       add_header(list, FORWARDED, mark) && add_header(list, "X-Request-Id", r->id) &&
	       add_header(list, "Content-Type", "application/octet-stream") &&
	       add_header(list, "Expect", "");
}

/* The status; 0: there was no answer. */
static long post(const struct http_relay *r, const char *address, const struct buffer *body,
		 struct buffer *reply)
{
	CURL *c = curl_easy_init();
	struct curl_slist *headers = NULL;
	char url[LINE_BYTES];
	long status = 0;
	CURLcode result = CURLE_OUT_OF_MEMORY;

	snprintf(url, sizeof(url), "%.150s" PATH, address);
	if (c && add_headers(r, (struct span){body->p, (uint32_t)body->n, 0}, &headers) &&
	    (!r->authorities || (!curl_easy_setopt(c, CURLOPT_CAINFO, r->authorities) &&
				 !curl_easy_setopt(c, CURLOPT_CAPATH, NULL))) &&
	    !curl_easy_setopt(c, CURLOPT_URL, url) &&
	    !curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->n) &&
	    !curl_easy_setopt(c, CURLOPT_POSTFIELDS, body->p) &&
	    !curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) &&
	    !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https") &&
	    !curl_easy_setopt(c, CURLOPT_PROXY, "") && !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	    !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) &&
	    !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS) &&
	    !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_reply) &&
	    !curl_easy_setopt(c, CURLOPT_WRITEDATA, reply))
		result = curl_easy_perform(c);
	if (result || curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status))
		status = 0;
	if (status != 200)
		log_event("relay.failed", "request=%s to=%s status=%ld error=\"%s\"", r->id,
			  address, status, curl_easy_strerror(result));
	curl_slist_free_all(headers);
	curl_easy_cleanup(c);
	return status;
}

/* ---- what it is told ---- */

struct reading {
	struct submission *s;
	struct span *rest;
	bool sound;
};

/* n bytes, copied into the arena of their submission. */
static bool cut(struct reading *r, int64_t n, struct span *ret)
{
	if (n < 0 || n > r->rest->n)
		return false;
	*ret = (struct span){arena_copy(r->s->arena, r->rest->p, (size_t)n), (uint32_t)n, 0};
	r->rest->p += n;
	r->rest->n -= (uint32_t)n;
	return true;
}

static enum err error_named(struct span name)
{
	for (enum err e = ERR_NONE; e <= ERR_ELSEWHERE; e++)
		if (span_is(name, err_name(e)))
			return e;
	return ERR_DB;
}

static void read_outcome(void *context)
{
	struct reading *r = context;
	struct submission *s = r->s;
	const struct json *head;
	struct codec_fault fault;
	struct outcome o = {0};
	struct span reference, text, line = span_cut(r->rest, '\n');
	int64_t decision = 0, answer = 0, accepted = 0;
	uint32_t kind = 0;

	if (json_read(s->arena, line, &head, &fault) || json_get_int(head, "decision", &decision) ||
	    json_get_int(head, "answer", &answer) || json_get_int(head, "accepted", &accepted) ||
	    json_get_int(head, "decided_at", &o.decided_at))
		return;
	while (kind < ARRAY_LEN(kinds) && !span_is(json_get_text(head, "outcome"), kinds[kind]))
		kind++;
	if (kind == ARRAY_LEN(kinds) || !cut(r, decision, &o.decision) ||
	    !cut(r, answer, &o.answer))
		return;
	r->sound = true;
	reference = json_get_text(head, "reference");
	text = json_get_text(head, "text");
	o.kind = (enum outcome_kind)kind;
	o.accepted = accepted != 0;
	o.reference = (struct span){
	    arena_copy(s->arena, reference.p ? reference.p : "", reference.n), reference.n, 0};
	if (text.n || o.kind == OUTCOME_FAILED)
		fail(&o.cause, error_named(json_get_text(head, "error")), "%.*s", SPAN_ARG(text));
	/* Come back later, or it has given the office away: this one is asked for again. */
	if (o.cause.err != ERR_ELSEWHERE && o.cause.err != ERR_BUSY)
		s->outcome = o;
}

static void read_outcomes(struct submission *const *s, uint32_t n, const struct buffer *reply)
{
	struct span rest = {reply->p, (uint32_t)reply->n, 0};

	for (uint32_t i = 0; i < n; i++) {
		struct reading r = {s[i], &rest, false};

		if (arena_run(s[i]->arena, read_outcome, &r) || !r.sound)
			return; /* what was settled there is known again when it is asked for again */
	}
}

static void hand_over(const struct relay *relay, const char *address, struct submission *const *s,
		      uint32_t n)
{
	const struct http_relay *r = (const struct http_relay *)relay;
	struct buffer body = {0}, reply = {0};
	bool whole = true;
	uint32_t some = 0;
	long status;

	while (some < n && whole && (!some || body.n + s[some]->raw.n < BODY_BYTES))
		whole = put_message(&body, s[some++]);
	status = whole ? post(r, address, &body, &reply) : 0;
	if (status == 200)
		read_outcomes(s, some, &reply);
	free(body.p);
	free(reply.p);
	/* All answers together may be more than one request there may hold: half of them are not. */
	if (status >= 500 && status != 503 && some > 1) {
		hand_over(relay, address, s, some / 2);
		hand_over(relay, address, s + some / 2, some - some / 2);
	}
	if (status && some < n)
		hand_over(relay, address, s + some, n - some);
}

void http_relay_of(const struct request *r, struct http_relay *ret)
{
	*ret = (struct http_relay){.relay = {hand_over},
				   .hub = r->hub,
				   .authorities = r->server->peer_authorities,
				   .authorization = r->header(r, "Authorization"),
				   .cookie = r->header(r, "Cookie"),
				   .csrf = r->header(r, "X-CSRF-Token"),
				   .local = r->local,
				   .secure = r->secure};
	snprintf(ret->address, sizeof(ret->address), "%s", r->address);
	snprintf(ret->id, sizeof(ret->id), "%s", r->id);
}

void http_relay_of_operator(const struct hub *h, const char *authorities, struct http_relay *ret)
{
	*ret = (struct http_relay){.relay = {hand_over},
				   .hub = h,
				   .authorities = authorities,
				   .local = true,
				   .address = "local",
				   .id = "submit"};
}

/* ---- the node that settles ---- */

struct taking {
	struct request *r;
	struct arena *arena; /* of the answer */
	struct submission s[RELAY_MANY];
	uint32_t n;
	bool sound;
};

static bool number_of(struct span s, uint32_t *ret)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || n > UINT32_MAX)
			return false;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*ret = (uint32_t)n;
	return s.n > 0 && n <= LIMIT_MESSAGE_BYTES;
}

static bool take_message(struct taking *t, struct span *rest)
{
	struct span line = span_cut(rest, '\n'), format = span_cut(&line, ' '),
		    key = span_cut(&line, ' ');
	struct submission *s = &t->s[t->n];
	uint32_t n;

	if (!number_of(line, &n) || n > rest->n)
		return false;
	*s = (struct submission){.raw = {rest->p, n, 1},
				 .format = msg_format_by_id(format),
				 .who = t->r->who,
				 .key = span_is(key, "-") ? SPAN("") : key};
	rest->p += n;
	rest->n -= n;
	if (!s->format && !span_is(format, "-"))
		return false;
	s->arena = arena_new(LIMIT_ARENA_BYTES);
	t->n++;
	return s->arena != NULL;
}

static void write_outcome(struct text *to, const struct outcome *o)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put_c(&w, "outcome", kinds[o->kind]);
	json_put(&w, "reference", o->reference);
	json_put_int(&w, "accepted", o->accepted);
	json_put_int(&w, "decided_at", o->decided_at);
	json_put_c(&w, "error", err_name(o->cause.err));
	json_put_c(&w, "text", o->cause.text);
	json_put_int(&w, "decision", o->decision.n);
	json_put_int(&w, "answer", o->answer.n);
	json_close_object(&w);
	text_char(to, '\n');
	text_span(to, o->decision);
	text_span(to, o->answer);
}

static void write_outcomes(void *context)
{
	struct taking *t = context;
	struct text to = text_in(t->arena);

	for (uint32_t i = 0; i < t->n; i++)
		write_outcome(&to, &t->s[i].outcome);
	request_reply(t->r, 200, "application/octet-stream", text_as_span(&to));
}

/* Does not leave through the request's arena: others are to be freed. */
static void answer(struct taking *t)
{
	enum err e = ERR_NOMEM;

	t->arena = t->r->large = arena_new(LIMIT_ARENA_BYTES);
	if (t->arena)
		e = arena_run(t->arena, write_outcomes, t);
	if (e)
		problem_without_memory(t->r, e);
}

void peer_declarations_post(struct request *r)
{
	struct taking *t = ARENA_NEW(r->arena, struct taking);
	struct span rest = r->body;

	*t = (struct taking){.r = r, .sound = true};
	while (rest.n && t->sound && t->n < RELAY_MANY)
		t->sound = take_message(t, &rest);
	if (!t->sound || rest.n) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "this is not what nodes hand over");
	} else {
		relay_take(r->hub, t->s, t->n);
		answer(t);
	}
	for (uint32_t i = 0; i < t->n; i++)
		arena_free(t->s[i].arena);
}
