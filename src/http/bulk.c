/* Many declarations in one body: JSON Lines, or a table. The answer has the same form, and says of each what became of it. */
#include "hub/settle/bulk.h"

#include "http/language.h"
#include "http/problem.h"
#include "http/relay.h"
#include "http/submit.h"

/* 200 whatever was decided: each line says it. */
void bulk_post(struct request *r)
{
	struct http_relay relay = {0};
	struct bulk x = {.raw = r->body,
			 .who = r->who,
			 .relay = r->forwarded ? NULL : &relay.relay,
			 .language = r->language,
			 .arena = r->arena};
	struct cause why = {0};
	bool table;
	enum err e;

	http_relay_of(r, &relay);
	if (!submit_take_format(r, &x.format))
		return;
	if (!x.format || !x.format->cut || x.format->carries != MSG_DECLARATIONS ||
	    span_is(span_of(x.format->content_type), "application/edifact")) {
		problem_reply(r, PROBLEM_TYPE,
			      "many declarations come as JSON Lines (application/x-ndjson) or as "
			      "a table (text/csv)");
		return;
	}
	table = !strcmp(x.format->content_type, "text/csv");
	e = hub_bulk(r->hub, &x, &why);
	if (e == ERR_LIMIT && !x.declarations) {
		problem_reply(r, PROBLEM_UNREADABLE, "%s", why.text);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	request_reply(r, 200, table ? "text/csv; charset=utf-8" : "application/x-ndjson",
		      text_as_span(&x.answer));
	r->reply.language = language_of_texts(r->language);
}
