/* Permits that declarations write off, and goods that stay under a procedure. What who asks may see and do is the hub's. */
#include "hub/stock/permits.h"

#include "http/body.h"
#include "http/problem.h"

static const char missing[] = "there is no such account here for you";

static void reply_document(struct request *r, enum err e, const struct cause *why,
			   const struct text *text)
{
	problem_or_document(r, e, why, text, missing);
}

static void reply_page(struct request *r, bool permits)
{
	struct stock_page page = {.permits = permits, .patience = &r->patience};
	struct text text = text_in(r->arena);
	struct span overdue = {"", 0, 0};
	struct cause why = {0};
	int64_t limit = 50;
	enum err e;

	if (!request_query(r, "office", &page.office) || !request_query(r, "party", &page.party) ||
	    !request_query(r, "agency", &page.agency) || !request_query(r, "after", &page.after) ||
	    !request_query(r, "overdue", &overdue) ||
	    !query_number(r, "limit", STOCK_PAGE_MAX, &limit))
		return;
	page.limit = (uint32_t)limit;
	page.overdue = span_is(overdue, "yes");
	e = hub_write_stock(r->hub, &text, r->who, &page, span_of(r->id), &why);
	reply_document(r, e, &why, &text);
}

void permits_get(struct request *r)
{
	reply_page(r, true);
}

void stock_get(struct request *r)
{
	reply_page(r, false);
}

static void reply_one(struct request *r, struct span document, struct span number)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e =
	    hub_write_stock_account(r->hub, &text, r->who, document, number, span_of(r->id), &why);

	reply_document(r, e, &why, &text);
}

/* A number of a permit may hold any character, so it stands in the query. */
void permit_get(struct request *r)
{
	struct span number = {"", 0, 0};

	if (!request_query(r, "number", &number))
		return;
	reply_one(r, r->reference, number);
}

void stock_case_get(struct request *r)
{
	reply_one(r, SPAN(""), r->reference);
}

void permit_post(struct request *r)
{
	struct permit_entry p = {.document = r->reference};
	struct {
		const char *name;
		struct span *to;
	} members[] = {
	    {"number", &p.number}, {"holder", &p.holder}, {"goods", &p.goods},
	    {"from", &p.from},     {"until", &p.until},   {"packages", &p.packages},
	    {"mass", &p.mass},     {"value", &p.value},   {"quantity", &p.quantity},
	    {"unit", &p.unit},     {"office", &p.office},
	};
	const char *names[ARRAY_LEN(members) + 1] = {NULL};
	const struct json *body;
	struct cause why = {0};
	bool there;
	enum err e;

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		names[i] = members[i].name;
	body = body_read(r, names);
	if (!body)
		return;
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (!body_text_if(r, body, members[i].name, members[i].to, &there))
			return;
	e = hub_put_permit(r->hub, r->who, &p, &why);
	problem_or_recorded(r, e, &why, true, missing);
}
