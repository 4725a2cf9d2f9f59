#include "http/body.h"

#include <string.h>
#include <strings.h>

#include "http/problem.h"

static bool type_sound(const struct request *r)
{
	const char *type = r->header(r, "Content-Type");

	return !type || (!strncasecmp(type, "application/json", 16) &&
			 (!type[16] || strchr("; \t", type[16])));
}

static bool named(const char *const *members, struct span name)
{
	for (; *members; members++)
		if (span_is(name, *members))
			return true;
	return false;
}

const struct json *body_read(struct request *r, const char *const *members)
{
	const struct json *o;
	struct codec_fault fault;

	if (!type_sound(r)) {
		problem_reply(r, PROBLEM_TYPE, "the body is application/json");
		return NULL;
	}
	if (json_read(r->arena, r->body, &o, &fault)) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "line %u, column %u: %s", fault.line,
			      fault.column, fault.text);
		return NULL;
	}
	if (o->kind != JSON_OBJECT) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "the body is a JSON object");
		return NULL;
	}
	for (const struct json *c = o->first; c; c = c->next) {
		if (named(members, c->name))
			continue;
		problem_reply(r, PROBLEM_INVALID, "there is no member \"%.*s\" here",
			      SPAN_ARG(c->name));
		return NULL;
	}
	return o;
}

bool body_text_if(struct request *r, const struct json *o, const char *name, struct span *ret,
		  bool *ret_there)
{
	const struct json *v = json_get(o, name);

	*ret_there = v != NULL;
	if (v && (v->kind != JSON_STRING || memchr(v->text.p ? v->text.p : "", 0, v->text.n))) {
		problem_reply(r, PROBLEM_INVALID, "%s is a text", name);
		return false;
	}
	if (v)
		*ret = v->text;
	return true;
}

bool body_text(struct request *r, const struct json *o, const char *name, struct span *ret)
{
	bool there;

	if (!body_text_if(r, o, name, ret, &there))
		return false;
	if (!there)
		problem_reply(r, PROBLEM_INVALID, "%s is missing", name);
	return there;
}

bool body_list_if(struct request *r, const struct json *o, const char *name, struct who_list *ret,
		  bool *ret_there)
{
	const struct json *v = json_get(o, name);
	struct span *list;
	uint32_t n = 0;

	*ret_there = v != NULL;
	if (!v)
		return true;
	list = ARENA_ARRAY(r->arena, struct span, v->count + 1);
	for (const struct json *c = v->kind == JSON_ARRAY ? v->first : NULL;
	     c && c->kind == JSON_STRING; c = c->next)
		list[n++] = c->text;
	if (v->kind != JSON_ARRAY || n != v->count) {
		problem_reply(r, PROBLEM_INVALID, "%s is a list of texts", name);
		return false;
	}
	*ret = (struct who_list){list, n};
	return true;
}

bool body_bool_if(struct request *r, const struct json *o, const char *name, bool *ret,
		  bool *ret_there)
{
	const struct json *v = json_get(o, name);

	*ret_there = v != NULL;
	if (v && v->kind != JSON_TRUE && v->kind != JSON_FALSE) {
		problem_reply(r, PROBLEM_INVALID, "%s is true or false", name);
		return false;
	}
	if (v)
		*ret = v->kind == JSON_TRUE;
	return true;
}

bool query_number(struct request *r, const char *name, int64_t most, int64_t *ret)
{
	const char *text = r->query(r, name);
	int64_t n = 0;

	if (!text)
		return true;
	for (const char *c = text; *c && n <= most; c++)
		n = *c >= '0' && *c <= '9' && n <= most / 10 ? n * 10 + (*c - '0') : INT64_MAX;
	if (!*text || n > most) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s is a number from 0 to %lld", name,
			      (long long)most);
		return false;
	}
	*ret = n;
	return true;
}

void body_problem(struct request *r, enum err e, const struct cause *why, unsigned wait)
{
	enum problem p = PROBLEM_INVALID;

	switch (e) {
	case ERR_DENIED:
		p = PROBLEM_DENIED;
		break;
	case ERR_NOT_FOUND:
		p = PROBLEM_NOT_FOUND;
		break;
	case ERR_CONFLICT:
		p = PROBLEM_TAKEN;
		break;
	case ERR_FORMAT:
	case ERR_LIMIT:
		break;
	default:
		if (e == ERR_BUSY && wait) {
			p = PROBLEM_TOO_MANY;
			break;
		}
		problem_of_cause(r, why->err ? why : &(struct cause){e, ""});
		return;
	}
	problem_reply(r, p, "%s", why->text);
	if (p == PROBLEM_TOO_MANY)
		r->reply.retry_after = wait;
}
