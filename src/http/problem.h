/* Errors as problem documents (RFC 9457): application/problem+json with type, title, status, detail and, as instance, the
 * request's id, by which the operator finds it in the log. */
#ifndef CUSTOMHOUSE_HTTP_PROBLEM_H
#define CUSTOMHOUSE_HTTP_PROBLEM_H

#include "http/request.h"

enum problem {
#define PROBLEM(name, id, status, title, help) PROBLEM_##name,
#include "http/problems.def"
#undef PROBLEM
	PROBLEMS
};

/* Leaves the problem as the reply. Inside arena_run(). */
void problem_reply(struct request *r, enum problem p, const char *detail, ...) PRINTF(3, 4);

/* The same with members of its own: written to what problem_open() gives, until problem_close(). */
struct problem_writer {
	enum problem problem;
	struct text text;
	struct json_writer json;
};
void problem_open(struct problem_writer *w, struct request *r, enum problem p, struct span detail);
void problem_close(struct problem_writer *w, struct request *r);

/* For when the request's memory has ended: a constant document, without the request's id. */
void problem_without_memory(struct request *r, enum err e);

/* What every route answers when the hub says no: busy, failed store, ... The cause goes to the log, not to the client. */
void problem_of_cause(struct request *r, const struct cause *why);
/* 200 with the document, or why there is none. missing: what is said where there is nothing that the caller may see. */
void problem_or_document(struct request *r, enum err e, const struct cause *why,
			 const struct text *document, const char *missing);

/* For what records something and has nothing to show: an empty object, 201 when something was made by it, 200 when it stood
 * already; or why nothing was recorded. */
void problem_or_recorded(struct request *r, enum err e, const struct cause *why, bool made,
			 const char *missing);

/* The list of all problems, as the OpenAPI document shows it. */
void problem_write_list(struct json_writer *w);

#endif
