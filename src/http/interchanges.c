/* Interchanges of EDIFACT: any number of declarations at once; the answer is an interchange, too. */
#include "hub/settle/interchange.h"

#include "http/language.h"
#include "http/problem.h"
#include "http/relay.h"

/* 200 whatever was decided: CONTRL and CUSRES say it. 400: this is no interchange. */
void interchange_post(struct request *r)
{
	struct http_relay relay = {0};
	struct interchange x = {.raw = r->body,
				.who = r->who,
				.relay = r->forwarded ? NULL : &relay.relay,
				.language = r->language,
				.arena = r->arena};
	struct cause why = {0};
	enum err e;

	http_relay_of(r, &relay);
	e = hub_interchange(r->hub, &x, &why);

	if (e == ERR_UNSUPPORTED || (e == ERR_LIMIT && x.messages > 0 && !x.sound)) {
		problem_reply(r, PROBLEM_UNREADABLE, "%s", why.text);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	request_reply(r, 200, "application/edifact", x.answer);
	r->reply.language = language_of_texts(r->language);
}
