#include "http/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static const struct {
	const char *id;
	unsigned status;
	const char *title, *help;
} problems[PROBLEMS] = {
#define PROBLEM(name, id, status, title, help) [PROBLEM_##name] = {id, status, title, help},
#include "http/problems.def"
#undef PROBLEM
};

/* After how many seconds a client that was told to come back may. */
static unsigned retry_after(enum problem p)
{
	return p == PROBLEM_STORE || p == PROBLEM_UNCERTAIN ? 5 : p == PROBLEM_BUSY ? 1 : 0;
}

void problem_open(struct problem_writer *w, struct request *r, enum problem p, struct span detail)
{
	*w = (struct problem_writer){.problem = p, .text = text_in(r->arena)};
	w->json = json_to(&w->text);
	json_open_object(&w->json);
	json_put_c(&w->json, "type", arena_print(r->arena, "/api#problem-%s", problems[p].id));
	json_put_c(&w->json, "title", problems[p].title);
	json_put_int(&w->json, "status", problems[p].status);
	/* A detail may quote what a stranger sent. */
	if (detail.n && span_valid_utf8(detail))
		json_put(&w->json, "detail", detail);
	json_put_c(&w->json, "instance", r->id);
}

void problem_close(struct problem_writer *w, struct request *r)
{
	const char *allow = r->reply.allow;

	json_close_object(&w->json);
	request_reply(r, problems[w->problem].status, "application/problem+json",
		      text_as_span(&w->text));
	r->reply.retry_after = retry_after(w->problem);
	r->reply.allow = allow;
}

void problem_reply(struct request *r, enum problem p, const char *detail, ...)
{
	struct problem_writer w;
	char text[600];
	va_list args;

	va_start(args, detail);
	vsnprintf(text, sizeof(text), detail, args);
	va_end(args);
	problem_open(&w, r, p, span_of(text));
	problem_close(&w, r);
}

void problem_without_memory(struct request *r, enum err e)
{
	static const struct span
	    limit = SPAN(
		"{\"type\":\"/api#problem-refused\",\"title\":\"The hub does not read this "
		"message\","
		"\"status\":422,\"detail\":\"it needs more memory than one request may take\"}"),
	    busy = SPAN("{\"type\":\"/api#problem-busy\",\"title\":\"The hub has more to do than "
			"it takes on\","
			"\"status\":503,\"detail\":\"no memory\"}");
	bool too_much = e == ERR_LIMIT;

	request_reply(r, too_much ? 422 : 503, "application/problem+json", too_much ? limit : busy);
	r->reply.retry_after = too_much ? 0 : 1;
}

static enum problem problem_for(enum err e)
{
	switch (e) {
	case ERR_RETRY:
	case ERR_BUSY:
	case ERR_NOMEM:
	case ERR_ELSEWHERE:
		return PROBLEM_BUSY;
	case ERR_IO:
	case ERR_DB:
		return PROBLEM_STORE;
	case ERR_UNCERTAIN:
		return PROBLEM_UNCERTAIN;
	case ERR_LIMIT:
		return PROBLEM_REFUSED;
	case ERR_DENIED:
		return PROBLEM_DENIED;
	case ERR_CONFLICT:
		return PROBLEM_CONFLICT;
	case ERR_NOT_FOUND:
		return PROBLEM_NOT_FOUND;
	case ERR_NONE:
	case ERR_FORMAT:
	case ERR_USAGE:
	case ERR_UNSUPPORTED:
		break;
	}
	return PROBLEM_FAILED;
}

void problem_of_cause(struct request *r, const struct cause *why)
{
	enum problem p = problem_for(why->err);

	if (why->err == ERR_ELSEWHERE) {
		r->elsewhere = arena_copy(r->arena, why->text, strcspn(why->text, " "));
		problem_reply(r, p, "%s", problems[p].help);
		return;
	}
	if (problems[p].status >= 500) {
		log_event("http.failed", "request=%s error=%s detail=\"%s\"", r->id,
			  err_name(why->err), why->text);
		problem_reply(r, p, "%s", problems[p].help);
	} else {
		problem_reply(r, p, "%s", why->text);
	}
}

void problem_write_list(struct json_writer *w)
{
	json_open_array(w);
	for (enum problem p = 0; p < PROBLEMS; p++) {
		json_open_object(w);
		json_put_c(w, "id", problems[p].id);
		json_put_int(w, "status", problems[p].status);
		json_put_c(w, "title", problems[p].title);
		json_put_c(w, "help", problems[p].help);
		json_close_object(w);
	}
	json_close_array(w);
}

void problem_or_document(struct request *r, enum err e, const struct cause *why,
			 const struct text *document, const char *missing)
{
	switch (e) {
	case ERR_NONE:
		request_reply_json(r, 200, document);
		return;
	case ERR_NOT_FOUND:
		problem_reply(r, PROBLEM_NOT_FOUND, "%s", missing);
		return;
	case ERR_DENIED:
		problem_reply(r, PROBLEM_DENIED, "%s", why->text);
		return;
	case ERR_FORMAT:
		problem_reply(r, PROBLEM_INVALID, "%s", why->text);
		return;
	default:
		problem_of_cause(r, why);
	}
}

void problem_or_recorded(struct request *r, enum err e, const struct cause *why, bool made,
			 const char *missing)
{
	struct text nothing = text_in(r->arena);

	if (e == ERR_CONFLICT) {
		problem_reply(r, PROBLEM_CONFLICT, "%s", why->text);
		return;
	}
	text_string(&nothing, "{}");
	problem_or_document(r, e, why, &nothing, missing);
	if (!e && made)
		r->reply.status = 201;
}
