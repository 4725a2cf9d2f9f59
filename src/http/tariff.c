/* The tariff, for everybody: search, a place of the nomenclature, what is due (hub/tariff/ask.h). */
#include "base/clock.h"
#include "hub/tariff/ask.h"

#include "http/language.h"
#include "http/problem.h"

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

/* false: a problem was left. */
static bool read_query(struct request *r, struct tariff_query *q)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!request_query(r, members[i].name,
				   (struct span *)(void *)((char *)q + members[i].at)))
			return false;
	q->language = r->language;
	return true;
}

struct asking {
	struct tariff_ask ask;
	enum err (*what)(struct tariff_ask *a, struct text *to);
	struct text text;
	enum err err;
};

static void ask(void *context)
{
	struct asking *x = context;

	x->err = x->what(&x->ask, &x->text);
}

/* Asks inside a run of its own, so that the pack is let go also where memory ends. */
static void answer(struct request *r, struct tariff_query *q,
		   enum err (*what)(struct tariff_ask *a, struct text *to))
{
	struct cause why = {0};
	struct asking x = {.ask = {.arena = r->arena, .query = q, .now = clock_now(), .why = &why},
			   .what = what,
			   .text = text_in(r->arena)};
	enum err e;

	x.ask.inforce = hub_tariff(r->hub);
	if (!x.ask.inforce) {
		problem_reply(r, PROBLEM_NOT_FOUND, "no tariff is in force");
		return;
	}
	e = arena_run(r->arena, ask, &x);
	inforce_release(x.ask.inforce);
	if (e) {
		problem_without_memory(r, e);
	} else if (x.err == ERR_USAGE) {
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s", why.text);
	} else if (x.err) {
		problem_of_cause(r, &why);
	} else {
		request_reply_json(r, 200, &x.text);
		r->reply.keep = KEEP_ASK;
		r->reply.language = language_of_texts(r->language);
	}
}

void tariff_search_get(struct request *r)
{
	struct tariff_query q = {0};

	if (read_query(r, &q))
		answer(r, &q, tariff_search);
}

void tariff_commodity_get(struct request *r)
{
	struct tariff_query q = {0};

	if (!read_query(r, &q))
		return;
	q.commodity = r->reference;
	answer(r, &q, tariff_commodity);
}

void tariff_duty_get(struct request *r)
{
	struct tariff_query q = {0};

	if (read_query(r, &q))
		answer(r, &q, tariff_duty);
}
