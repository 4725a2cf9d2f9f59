/* What travellers may bring, what it costs, their declarations, and the officer at the exit. */
#include "http/travel.h"

#include "base/clock.h"
#include "http/body.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/rate.h"
#include "http/server.h"

enum { DECLARING_COSTS = 20 };

static struct span language_of(const struct request *r)
{
	return span_of(language_of_texts(r->language));
}

void travel_rules_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_travel_rules(r->hub, &text, language_of(r), &why);

	problem_or_document(r, e, &why, &text, "no pack is in force");
}

/* ---- the body ---- */

static bool bad(struct request *r, const char *what)
{
	problem_reply(r, PROBLEM_INVALID, "%s", what);
	return false;
}

static bool read_count(struct request *r, const struct json *body, const char *name, int64_t *ret)
{
	if (!json_get(body, name) || !json_get_int(body, name, ret))
		return true;
	return bad(r, "adults and children are whole numbers");
}

/* {"goods": "wine", "quantity": "6", "currency": "USD"} */
static bool read_goods(struct request *r, const struct json *list, struct travel_party *p)
{
	if (!list)
		return true;
	if (list->kind != JSON_ARRAY || list->count > TRAVEL_GOODS)
		return bad(r, "goods is a list of at most 30");
	for (const struct json *g = list->first; g; g = g->next) {
		struct travel_goods *to = &p->goods[p->n++];
		uint32_t known = 0;

		for (const struct json *m = g->kind == JSON_OBJECT ? g->first : NULL; m;
		     m = m->next)
			known += m->kind == JSON_STRING &&
				 (span_is(m->name, "goods") || span_is(m->name, "quantity") ||
				  span_is(m->name, "currency"));
		*to = (struct travel_goods){json_get_text(g, "goods"), json_get_text(g, "quantity"),
					    json_get_text(g, "currency")};
		if (known != g->count || !to->goods.n)
			return bad(r, "each of the goods has goods, quantity and, of a value, "
				      "currency, as texts");
	}
	return true;
}

static bool read_ask(struct request *r, struct travel_ask *ask)
{
	static const char *const members[] = {"adults", "children", "from",
					      "goods",  "office",   NULL};
	const struct json *body = body_read(r, members);
	bool there;

	*ask = (struct travel_ask){.party = {.adults = 1}};
	return body && body_text_if(r, body, "office", &ask->office, &there) &&
	       body_text_if(r, body, "from", &ask->from, &there) &&
	       read_count(r, body, "adults", &ask->party.adults) &&
	       read_count(r, body, "children", &ask->party.children) &&
	       read_goods(r, json_get(body, "goods"), &ask->party);
}

static void refuse(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_USAGE || e == ERR_LIMIT)
		problem_reply(r, PROBLEM_INVALID, "%s", why->text);
	else if (e == ERR_CONFLICT)
		problem_reply(r, PROBLEM_STATE, "%s", why->text);
	else if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such declaration here for you");
	else
		problem_of_cause(r, why);
}

void travel_assess_post(struct request *r)
{
	struct travel_ask *ask = ARENA_NEW(r->arena, struct travel_ask);
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e;

	if (!read_ask(r, ask))
		return;
	e = hub_assess_travel(r->hub, &text, &ask->party, language_of(r), &why);
	if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, 200, &text);
}

/* ---- declaring ---- */

bool travel_declare(struct request *r, const struct travel_ask *ask,
		    char ret_code[TRAVEL_CODE_BYTES])
{
	struct cause why = {0};
	unsigned wait = 0;
	enum err e;

	for (int i = 1; i < DECLARING_COSTS && !wait && !r->forwarded; i++)
		wait = rate_take_address(r->server->rate, r->address, clock_steady());
	if (wait) {
		problem_reply(r, PROBLEM_TOO_MANY, "wait %u seconds", wait);
		r->reply.retry_after = wait;
		return false;
	}
	e = hub_declare_travel(r->hub, ask, ret_code, &why);
	if (e)
		refuse(r, e, &why);
	return !e;
}

void travel_post(struct request *r)
{
	struct travel_ask *ask = ARENA_NEW(r->arena, struct travel_ask);
	char code[TRAVEL_CODE_BYTES];
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e;

	if (!read_ask(r, ask) || !travel_declare(r, ask, code))
		return;
	e = hub_write_travel(r->hub, &text, NULL, span_of(code), language_of(r), span_of(r->id),
			     &why);
	if (e) {
		refuse(r, e, &why);
		return;
	}
	request_reply_json(r, 201, &text);
	r->reply.location = arena_print(r->arena, "/travel/%s", code);
}

/* ---- at the exit ---- */

void travel_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_travel(r->hub, &text, r->who, r->reference, language_of(r),
				      span_of(r->id), &why);

	if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, 200, &text);
}

void travel_pass(struct request *r)
{
	static const char *const members[] = {"note", "result", NULL};
	const struct json *body = body_read(r, members);
	struct span result, note = {"", 0, 0};
	struct cause why = {0};
	bool there;
	enum err e;

	if (!body || !body_text(r, body, "result", &result) ||
	    !body_text_if(r, body, "note", &note, &there))
		return;
	e = hub_pass_travel(r->hub, r->who, r->reference, result, span_trim(note), &why);
	if (e)
		refuse(r, e, &why);
	else
		travel_get(r);
}
