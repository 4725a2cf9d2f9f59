/* Which papers a case has, and whether a paper is the hub's. The papers themselves: pages/paper.c. */
#include "http/papers.h"

#include "base/clock.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/rate.h"
#include "http/server.h"
#include "hub/papers/papers.h"

void papers_get(struct request *r)
{
	const struct hub_look look = {.who = r->who,
				      .reference = r->reference,
				      .purpose = PURPOSE_DOCUMENT,
				      .request = span_of(r->id)};
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_papers(r->hub, &text, &look, &why);

	if (e == ERR_CONFLICT)
		problem_reply(r, PROBLEM_STATE, "%s", why.text);
	else
		problem_or_document(r, e, &why, &text, "there is no such declaration here for you");
}

enum err papers_check(struct request *r, struct span reference, struct span code,
		      struct span language, struct text *to, unsigned *ret_wait, struct cause *why)
{
	enum err e = hub_check_paper(r->hub, to, reference, code, language, &r->patience, why);

	*ret_wait = 0;
	for (int i = 1; e == ERR_NOT_FOUND && i < CHECK_COST && !*ret_wait; i++)
		*ret_wait = rate_take_address(r->server->rate, r->address, clock_steady());
	return *ret_wait ? ERR_BUSY : e;
}

void check_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct span reference = {0}, code = {0};
	struct cause why = {0};
	unsigned wait;
	enum err e;

	if (!request_query(r, "reference", &reference) || !request_query(r, "code", &code))
		return;
	e = papers_check(r, span_trim(reference), span_trim(code), r->language, &text, &wait, &why);
	if (wait) {
		problem_reply(r, PROBLEM_TOO_MANY, "wait %u seconds", wait);
		r->reply.retry_after = wait;
		return;
	}
	problem_or_document(r, e, &why, &text,
			    "no paper with this reference and code was given out");
}
