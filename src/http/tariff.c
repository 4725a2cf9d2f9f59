/* The tariff, for everybody: search, a place of the nomenclature, what is due (hub/tariff/ask.h). */
#include "http/tariff.h"
#include "base/clock.h"
#include "base/date.h"

#include "http/language.h"
#include "http/problem.h"
#include "hub/quota/quota_show.h"

/* Members of the query by name. Sorted. */
static const struct {
	const char *name;
	size_t at;
} members[] = {
#define MEMBER(name, field)                                                                        \
	{                                                                                          \
		name, offsetof(struct tariff_query, field)                                         \
	}
    MEMBER("additional", additional), MEMBER("commodity", commodity),
    MEMBER("currency", currency),     MEMBER("destination", destination),
    MEMBER("document", document),     MEMBER("freight", freight),
    MEMBER("insurance", insurance),   MEMBER("known", known),
    MEMBER("limit", limit),           MEMBER("on", on),
    MEMBER("origin", origin),         MEMBER("previous", previous),
    MEMBER("procedure", procedure),   MEMBER("q", words),
    MEMBER("quantity", quantity),     MEMBER("retail", retail),
    MEMBER("terms", terms),           MEMBER("value", value),
#undef MEMBER
};

bool tariff_read_query(struct request *r, struct tariff_query *q)
{
	*q = (struct tariff_query){0};
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!request_query(r, members[i].name,
				   (struct span *)(void *)((char *)q + members[i].at)))
			return false;
	q->language = r->language;
	return true;
}

struct asking {
	struct tariff_ask ask;
	tariff_question *what;
	struct text *to;
	enum err err;
};

static void ask(void *context)
{
	struct asking *x = context;

	x->err = x->what(&x->ask, x->to);
}

enum err tariff_answer(struct request *r, struct tariff_query *q, tariff_question *what,
		       struct text *to, struct cause *why)
{
	struct asking x = {.ask = {.arena = r->arena, .query = q, .now = clock_now(), .why = why},
			   .what = what,
			   .to = to};
	enum err e;

	x.ask.inforce = hub_tariff(r->hub);
	x.ask.hub = r->hub;
	if (!x.ask.inforce)
		return fail(why, ERR_NOT_FOUND, "no tariff is in force");
	e = arena_run(r->arena, ask, &x);
	inforce_release(x.ask.inforce);
	return e ? fail(why, e, "the answer needs more memory than one request may take") : x.err;
}

static void answer(struct request *r, struct tariff_query *q, tariff_question *what)
{
	struct cause why = {0};
	struct text text = text_in(r->arena);
	enum err e = tariff_answer(r, q, what, &text, &why);

	if (e == ERR_LIMIT || e == ERR_NOMEM) {
		problem_without_memory(r, e);
	} else if (e == ERR_USAGE) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s", why.text);
	} else if (e) {
		problem_of_cause(r, &why);
	} else {
		request_reply_json(r, 200, &text);
		r->reply.keep = KEEP_ASK;
		r->reply.language = language_of_texts(r->language);
	}
}

/* Most questions are their query alone. */
static void answer_query(struct request *r, tariff_question *what)
{
	struct tariff_query q;

	if (tariff_read_query(r, &q))
		answer(r, &q, what);
}

void tariff_chapters_get(struct request *r)
{
	answer_query(r, tariff_chapters);
}

void tariff_countries_get(struct request *r)
{
	answer_query(r, tariff_countries);
}

/* The last part of the path is what is asked for. */
static void answer_named(struct request *r, tariff_question *what)
{
	struct tariff_query q;

	if (!tariff_read_query(r, &q))
		return;
	q.words = r->reference;
	answer(r, &q, what);
}

void tariff_codes_get(struct request *r)
{
	answer_named(r, tariff_codes);
}

void tariff_guide_get(struct request *r)
{
	answer_named(r, tariff_guide);
}

void tariff_procedures_get(struct request *r)
{
	answer_query(r, tariff_procedures);
}

void tariff_rates_get(struct request *r)
{
	answer_query(r, tariff_rates);
}

void tariff_search_get(struct request *r)
{
	answer_query(r, tariff_search);
}

void tariff_duty_get(struct request *r)
{
	answer_query(r, tariff_duty);
}

void tariff_commodity_get(struct request *r)
{
	struct tariff_query q;

	if (!tariff_read_query(r, &q))
		return;
	q.commodity = r->reference;
	answer(r, &q, tariff_commodity);
}

static void answer_quotas(struct request *r, struct span order)
{
	struct cause why = {0};
	struct text text = text_in(r->arena);
	enum err e =
	    hub_write_quotas(r->hub, &text, order, span_of(language_of_texts(r->language)), &why);

	if (e == ERR_LIMIT || e == ERR_NOMEM) {
		problem_without_memory(r, e);
	} else if (e) {
		problem_of_cause(r, &why);
	} else {
		request_reply_json(r, 200, &text);
		r->reply.keep = KEEP_ASK;
		r->reply.language = language_of_texts(r->language);
	}
}

void quotas_get(struct request *r)
{
	answer_quotas(r, SPAN(""));
}

void quota_get(struct request *r)
{
	answer_quotas(r, r->reference);
}

void quota_claims_get(struct request *r)
{
	struct cause why = {0};
	struct text text = text_in(r->arena);
	struct span after;
	enum err e;

	if (!request_query(r, "after", &after))
		return;
	e = hub_write_quota_claims(r->hub, &text, r->who, r->reference, after, QUOTA_CLAIMS_SHOWN,
				   &why);
	if (e == ERR_LIMIT || e == ERR_NOMEM)
		problem_without_memory(r, e);
	else if (e)
		problem_of_cause(r, &why);
	else
		request_reply_json(r, 200, &text);
}
