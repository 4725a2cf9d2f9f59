/* Questions about the tariff, as they come over HTTP: for the API and for the pages. Inside arena_run() of the request. */
#ifndef CUSTOMHOUSE_HTTP_TARIFF_H
#define CUSTOMHOUSE_HTTP_TARIFF_H

#include "http/request.h"
#include "hub/tariff/ask.h"

/* One of ask.h's. */
typedef enum err tariff_question(struct tariff_ask *a, struct text *to);

/* The query's members. false: one is not sound, and a problem was left. */
bool tariff_read_query(struct request *r, struct tariff_query *q) MUST_CHECK;

/* The answer's JSON, in the request's arena. Inside a run of its own, so that the pack is let go also where memory ends.
 * ERR_USAGE, ERR_NOT_FOUND: as of the question, or nothing is in force; ERR_LIMIT, ERR_NOMEM. */
enum err tariff_answer(struct request *r, struct tariff_query *q, tariff_question *what,
		       struct text *to, struct cause *why) MUST_CHECK;

#endif
