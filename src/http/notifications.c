/* What a party is told: asked for, as a stream, and by hooks. */
#include <string.h>

#include "base/limits.h"
#include "http/problem.h"
#include "http/server.h"
#include "http/stream.h"
#include "hub/notices/hooks.h"
#include "hub/notices/notices.h"

enum { PAGE = 100 };

/* ---- whose ---- */

/* The key of the notices that the request is about: of the party, or of the officers of the office, that its query names. false:
 * a problem was left. The one company of somebody who belongs to one alone need not be named. */
static bool take_key(struct request *r, struct span *ret)
{
	struct span party, office;

	if (!request_query(r, "party", &party) || !request_query(r, "office", &office))
		return false;
	if (!party.n && !office.n && r->who->parties.n == 1 && !who_has_every_party(r->who))
		party = r->who->parties.v[0];
	if ((party.n > 0) == (office.n > 0)) {
		problem_reply(r, PROBLEM_BAD_REQUEST,
			      "the query must name one party, or one office");
		return false;
	}
	if (span_starts(party, SPAN("office/")) || !scope_notices(r->who, party, office)) {
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such party or office");
		return false;
	}
	*ret = party.n ? party : notices_of_office(r->arena, office);
	return ret->p != NULL;
}

/* A number from 0, as it is sent. -1: it is none. */
static int64_t number_of(const char *text)
{
	int64_t n = 0;

	if (!*text || strlen(text) > 18)
		return -1;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9')
			return -1;
		n = n * 10 + (*c - '0');
	}
	return n;
}

/* A number of the query; ret stays as it is without. false: a problem was left. */
static bool take_number(struct request *r, const char *name, int64_t most, int64_t *ret)
{
	const char *text = r->query(r, name);
	int64_t n = text ? number_of(text) : *ret;

	if (text && (n < 0 || n > most)) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s must be a number from 0 to %lld", name,
			      (long long)most);
		return false;
	}
	*ret = n;
	return true;
}

static bool take_page(struct request *r, int64_t *after, int64_t *limit)
{
	*after = 0;
	*limit = PAGE;
	if (!take_number(r, "after", INT64_MAX, after) ||
	    !take_number(r, "limit", NOTICES_PAGE_MAX, limit))
		return false;
	if (!*limit)
		problem_reply(r, PROBLEM_BAD_REQUEST, "limit must be at least 1");
	return *limit > 0;
}

/* ---- asking ---- */

void notifications_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct notice *notice;
	int64_t after, limit;
	struct span key;
	uint32_t n;

	if (!take_key(r, &key) || !take_page(r, &after, &limit))
		return;
	if (hub_list_notices(r->hub, r->arena, key, after, (uint32_t)limit, &notice, &n, &why)) {
		problem_of_cause(r, &why);
		return;
	}
	json_open_object(&w);
	json_name(&w, "notifications");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		struct text one = text_in(r->arena);

		notice_write(&one, &notice[i]);
		json_raw(&w, text_as_span(&one));
		after = notice[i].id;
	}
	json_close_array(&w);
	json_put_int(&w, "after", after);
	json_put_bool(&w, "more", n == limit);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

static void begin_stream(struct request *r)
{
	request_reply(r, 200, "text/event-stream", SPAN(""));
	r->reply.stream = r->stream;
	r->stream = NULL;
}

static void stream_was_found(struct request *r)
{
	struct cause why = {0};

	if (stream_found(r->stream, &why))
		problem_of_cause(r, &why);
	else
		begin_stream(r);
}

void notifications_stream(struct request *r)
{
	const char *last = r->header(r, "Last-Event-ID");
	int64_t after = STREAM_FROM_NOW;
	struct cause why = {0};
	struct span key;

	if (!take_key(r, &key) || !take_number(r, "after", INT64_MAX, &after))
		return;
	/* What was received last says more than the address that the client began with. */
	if (last && number_of(last) >= 0)
		after = number_of(last);
	if (stream_open(r->server->streams, key, after, &r->stream, &why))
		problem_of_cause(r, &why);
	else if (after == STREAM_FROM_NOW)
		r->finish = stream_was_found;
	else
		begin_stream(r);
}

/* ---- hooks ---- */

/* The secret is there only in the answer to whoever registers. */
static void write_hook(struct json_writer *w, const struct hook *h, const char *secret)
{
	json_open_object(w);
	json_put_int(w, "id", h->id);
	json_put(w, "url", h->url);
	if (secret)
		json_put_c(w, "secret", secret);
	json_put_c(w, "state", h->active ? "active" : "stopped");
	json_put_int(w, "taken", h->taken);
	if (h->attempts) {
		json_put_int(w, "attempts", h->attempts);
		json_put_moment(w, "next_at", h->next_at);
	}
	if (h->last_error.n)
		json_put(w, "last_error", h->last_error);
	json_put_moment(w, "registered_at", h->made_at);
	json_close_object(w);
}

static void reply_no_hook(struct request *r)
{
	problem_reply(r, PROBLEM_NOT_FOUND, "there is no hook %lld", (long long)r->number);
}

void hooks_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct hook *hook;
	struct span key;
	uint32_t n;

	if (!take_key(r, &key))
		return;
	if (hub_list_hooks(r->hub, r->arena, key, &hook, &n, &why)) {
		problem_of_cause(r, &why);
		return;
	}
	json_open_object(&w);
	json_name(&w, "hooks");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++)
		write_hook(&w, &hook[i], NULL);
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

/* {"url": "https://...", "after": 0} */
static bool read_hook(struct request *r, struct span *url, int64_t *after)
{
	const struct json *v;
	struct codec_fault fault;

	if (json_read(r->arena, r->body, &v, &fault) || v->kind != JSON_OBJECT) {
		problem_reply(r, PROBLEM_BAD_REQUEST,
			      "the body must be a JSON object such as {\"url\": "
			      "\"https://example.com/hook\"}");
		return false;
	}
	*url = json_get_text(v, "url");
	*after = HOOK_FROM_NOW;
	if (json_get(v, "after") && (json_get_int(v, "after", after) || *after < 0)) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "after must be a number from 0");
		return false;
	}
	return true;
}

void hook_post(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	char secret[HOOK_SECRET_BYTES + 1];
	struct cause why = {0};
	struct span key, url;
	struct hook hook;
	int64_t after;
	enum err e;

	if (!take_key(r, &key) || !read_hook(r, &url, &after))
		return;
	e = hub_add_hook(r->hub, r->arena, key, url, after, &hook, secret, &why);
	if (e == ERR_FORMAT || e == ERR_DENIED || e == ERR_LIMIT) {
		problem_reply(r, PROBLEM_HOOK, "%s", why.text);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	write_hook(&w, &hook, secret);
	request_reply_json(r, 201, &text);
	memset(secret, 0, sizeof(secret));
}

void hook_delete(struct request *r)
{
	struct cause why = {0};
	struct span key;
	enum err e;

	if (!take_key(r, &key))
		return;
	e = hub_remove_hook(r->hub, key, r->number, &why);
	if (e == ERR_NOT_FOUND)
		reply_no_hook(r);
	else if (e)
		problem_of_cause(r, &why);
	else
		r->reply.status = 204;
}

void hook_replay(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	int64_t letters;
	struct span key;
	enum err e;

	if (!take_key(r, &key))
		return;
	e = hub_replay_hook(r->hub, key, r->number, &letters, &why);
	if (e == ERR_NOT_FOUND) {
		reply_no_hook(r);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	json_open_object(&w);
	json_put_int(&w, "replayed", letters);
	json_close_object(&w);
	request_reply_json(r, 202, &text);
}

void dead_letters_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct dead_letter *letter;
	struct cause why = {0};
	int64_t after, limit;
	struct span key;
	uint32_t n;
	enum err e;

	if (!take_key(r, &key) || !take_page(r, &after, &limit))
		return;
	e = hub_list_dead_letters(r->hub, r->arena, key, r->number, after, (uint32_t)limit, &letter,
				  &n, &why);
	if (e == ERR_NOT_FOUND) {
		reply_no_hook(r);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	json_open_object(&w);
	json_name(&w, "dead_letters");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put_int(&w, "notification", letter[i].notice);
		json_put(&w, "reason", letter[i].reason);
		json_put_moment(&w, "at", letter[i].at);
		json_put_bool(&w, "replaying", letter[i].again);
		json_close_object(&w);
		after = letter[i].notice;
	}
	json_close_array(&w);
	json_put_int(&w, "after", after);
	json_put_bool(&w, "more", n == limit);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}
