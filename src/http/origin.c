/* The check of origin, for everybody: the first question by GET, answers by POST (origin/origin_json.h). */
#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "http/body.h"
#include "http/language.h"
#include "http/problem.h"
#include "hub/tariff/ask.h"
#include "origin/origin_json.h"

struct checking {
	struct request *request;
	struct inforce *inforce;
	struct span agreement, commodity, country, on; /* as sent */
	const struct json *answers;                    /* NULL: none */
	struct text text;
	struct cause why;
	enum err err;
};

static void check(void *context)
{
	struct checking *x = context;
	struct request *r = x->request;
	const struct refset *ref = x->inforce->ref;
	struct origin_ask q;

	origin_ask_open(&q, r->arena);
	q.agreement = x->agreement;
	q.language = span_of(language_of_texts(r->language));
	q.facts.commodity = x->commodity;
	q.facts.country = x->country;
	q.facts.day = day_of(clock_now(), ref_zone_minutes(ref));
	if (x->on.n && day_parse(x->on, &q.facts.day)) {
		x->err = fail(&x->why, ERR_FORMAT, "on is a day, such as 2026-11-22");
		return;
	}
	x->err = x->answers ? origin_answers(&q, x->answers, &x->why) : ERR_NONE;
	if (!x->err)
		x->err = origin_write(&q, ref, &x->text, &x->why);
}

/* Inside a run of its own, so that the pack is let go also where memory ends. */
static void answer(struct checking *x)
{
	struct request *r = x->request;
	enum err e;

	x->inforce = hub_tariff(r->hub);
	if (!x->inforce) {
		problem_reply(r, PROBLEM_NOT_FOUND, "no tariff is in force");
		return;
	}
	x->text = text_in(r->arena);
	e = arena_run(r->arena, check, x);
	inforce_release(x->inforce);
	if (e) {
		problem_without_memory(r, e);
	} else if (x->err) {
		/* also an agreement or a question that is not there: the address is right, what was asked is not */
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s", x->why.text);
	} else {
		request_reply_json(r, 200, &x->text);
		r->reply.language = language_of_texts(r->language);
	}
}

void origin_get(struct request *r)
{
	struct checking x = {.request = r};

	if (request_query(r, "agreement", &x.agreement) &&
	    request_query(r, "commodity", &x.commodity) && request_query(r, "origin", &x.country) &&
	    request_query(r, "on", &x.on))
		answer(&x);
}

void origin_post(struct request *r)
{
	static const char *const members[] = {"agreement", "commodity", "origin",
					      "on",        "answers",   NULL};
	struct checking x = {.request = r};
	const struct json *o;
	bool there;

	if (r->body.n > LIMIT_ORIGIN_BYTES) {
		problem_reply(r, PROBLEM_TOO_LARGE, "a question of origin has at most 64 KiB");
		return;
	}
	o = body_read(r, members);
	if (!o || !body_text_if(r, o, "agreement", &x.agreement, &there) ||
	    !body_text(r, o, "commodity", &x.commodity) || !body_text(r, o, "origin", &x.country) ||
	    !body_text_if(r, o, "on", &x.on, &there))
		return;
	x.answers = json_get(o, "answers");
	answer(&x);
}
