/* Cargo reports, and the bills that they open. What who asks may see and do is the hub's to say. */
#include "hub/cargo/cargo.h"

#include <string.h>

#include "http/body.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/submit.h"
#include "hub/settle/record.h"

/* The answer in the words of the reader's language. */
static void reply_answer(struct request *r, unsigned status, struct span answer,
			 struct span reference)
{
	struct text text = text_in(r->arena);
	const struct json *j;
	struct codec_fault fault;

	if (json_read(r->arena, answer, &j, &fault)) {
		problem_of_cause(r, &(struct cause){ERR_DB, "a stored record cannot be read"});
		return;
	}
	answer_render(&text, j, r->language);
	request_reply_json(r, status, &text);
	r->reply.language = language_of_texts(r->language);
	if (status == 201)
		r->reply.location =
		    arena_print(r->arena, "/api/v1/cargo-reports/%.*s", SPAN_ARG(reference));
}

/* 201 whether the report was accepted or rejected, as for a declaration: state says it. 200: it was decided before. */
void cargo_post(struct request *r)
{
	struct submission s = {.raw = r->body, .who = r->who, .arena = r->arena};

	if (!submit_take_cargo_format(r, &s.format) || !submit_take_key(r, &s.key))
		return;
	hub_submit_cargo_wait(r->hub, &s);
	r->submission.outcome = s.outcome;
	if (submit_stored(r))
		reply_answer(r, submit_status(&s.outcome), s.outcome.answer, s.outcome.reference);
}

static void reply_document(struct request *r, enum err e, const struct cause *why,
			   const struct text *text)
{
	problem_or_document(r, e, why, text, "there is no such report here for you");
}

static struct hub_look look_of(const struct request *r)
{
	return (struct hub_look){.who = r->who,
				 .reference = r->reference,
				 .purpose = PURPOSE_CARGO,
				 .request = span_of(r->id)};
}

void cargo_get(struct request *r)
{
	const struct hub_look look = look_of(r);
	struct text text = text_in(r->arena), rendered = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_cargo(r->hub, &text, &look, &why);
	const struct json *j;
	struct codec_fault fault;

	if (!e && !json_read(r->arena, text_as_span(&text), &j, &fault)) {
		answer_render(&rendered, j, r->language);
		text = rendered;
		r->reply.language = language_of_texts(r->language);
	}
	reply_document(r, e, &why, &text);
}

void cargo_reports_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cargo_page page = {.limit = 50, .patience = &r->patience};
	int64_t limit = 50;
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &page.office) ||
	    !request_query(r, "carrier", &page.carrier) ||
	    !request_query(r, "after", &page.after) ||
	    !query_number(r, "limit", BILLS_PAGE_MAX, &limit))
		return;
	page.limit = (uint32_t)limit;
	e = hub_write_cargo_list(r->hub, &text, r->who, &page, span_of(r->id), &why);
	reply_document(r, e, &why, &text);
}

void bills_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct bill_page page = {.limit = 50, .patience = &r->patience};
	int64_t limit = 50;
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &page.office) ||
	    !request_query(r, "carrier", &page.carrier) ||
	    !request_query(r, "party", &page.party) || !request_query(r, "after", &page.after) ||
	    !query_number(r, "limit", BILLS_PAGE_MAX, &limit))
		return;
	page.limit = (uint32_t)limit;
	e = hub_write_bills(r->hub, &text, r->who, &page, span_of(r->id), &why);
	reply_document(r, e, &why, &text);
}

static void reply_act(struct request *r, enum err e, const struct cause *why,
		      const struct text *text, bool repeated)
{
	if (e == ERR_CONFLICT) {
		problem_reply(r, PROBLEM_STATE, "%s", why->text);
		return;
	}
	reply_document(r, e, why, text);
	if (!e && !repeated)
		r->reply.status = 201;
}

/* 201; 200 when it had arrived before. */
void arrival_post(struct request *r)
{
	const struct hub_look look = look_of(r);
	struct text text = text_in(r->arena);
	struct cause why = {0};
	bool repeated = false;
	enum err e = hub_cargo_arrival(r->hub, &text, &look, &repeated, &why);

	reply_act(r, e, &why, &text, repeated);
}

void outturn_post(struct request *r)
{
	static const char *const members[] = {"bills", "instead", NULL};
	const struct hub_look look = look_of(r);
	const struct json *body = body_read(r, members);
	struct text text = text_in(r->arena);
	struct span key = {"", 0, 0};
	struct cause why = {0};
	bool repeated = false;
	enum err e;

	if (!body || !submit_take_key(r, &key))
		return;
	e = hub_cargo_outturn(r->hub, r->arena, &look, body, key, &repeated, &why);
	if (!e)
		e = hub_write_landing(r->hub, &text, &look, &why);
	reply_act(r, e, &why, &text, repeated);
}

void landing_get(struct request *r)
{
	const struct hub_look look = look_of(r);
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_landing(r->hub, &text, &look, &why);

	reply_document(r, e, &why, &text);
}
