/* Messages that are checked and kept. What who asks may see is the hub's to say. */
#include "hub/messages/messages.h"

#include "http/body.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/submit.h"
#include "hub/settle/record.h"

/* What is stored, with texts in the words of the reader's language. */
static bool render(struct request *r, struct span stored, struct text *to)
{
	const struct json *j;
	struct codec_fault fault;

	if (json_read(r->arena, stored, &j, &fault)) {
		problem_of_cause(r, &(struct cause){ERR_DB, "a stored check cannot be read"});
		return false;
	}
	answer_render(to, j, r->language);
	return true;
}

/* 201 whether its definition accepts it or not, as for a declaration: state says it. 200: it was kept before. */
void message_post(struct request *r)
{
	struct submission s = {.raw = r->body, .who = r->who, .arena = r->arena};
	struct text text = text_in(r->arena);

	if (!submit_take_message_format(r, &s.format) || !submit_take_key(r, &s.key))
		return;
	hub_keep_message_wait(r->hub, &s);
	r->submission.outcome = s.outcome;
	if (!submit_stored(r) || !render(r, s.outcome.answer, &text))
		return;
	request_reply_json(r, submit_status(&s.outcome), &text);
	r->reply.language = language_of_texts(r->language);
	if (r->reply.status == 201)
		r->reply.location =
		    arena_print(r->arena, "/api/v1/messages/%.*s", SPAN_ARG(s.outcome.reference));
}

static struct hub_look look_of(const struct request *r)
{
	return (struct hub_look){.who = r->who,
				 .reference = r->reference,
				 .purpose = PURPOSE_MESSAGE,
				 .request = span_of(r->id)};
}

static const char missing[] = "there is no such message here for you";

void message_get(struct request *r)
{
	const struct hub_look look = look_of(r);
	struct text text = text_in(r->arena), rendered = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_message(r->hub, &text, &look, &why);

	if (!e && !render(r, text_as_span(&text), &rendered))
		return;
	problem_or_document(r, e, &why, &rendered, missing);
	if (!e)
		r->reply.language = language_of_texts(r->language);
}

/* A stranger's bytes: as an attachment, which no browser may run or show here. */
void message_original_get(struct request *r)
{
	const struct hub_look look = look_of(r);
	struct kept_bytes kept;
	struct cause why = {0};
	enum err e = hub_get_message_bytes(r->hub, r->arena, &look, &kept, &why);

	if (e) {
		problem_or_document(r, e, &why, NULL, missing);
		return;
	}
	request_reply(r, 200, kept.format ? kept.format->content_type : "application/octet-stream",
		      kept.bytes);
	r->reply.attachment =
	    arena_print(r->arena, "attachment; filename=\"%.*s%s\"", SPAN_ARG(r->reference),
			kept.format ? kept.format->suffix : "");
}

void messages_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct message_page page = {.patience = &r->patience};
	int64_t limit = 50;
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &page.office) || !request_query(r, "party", &page.party) ||
	    !request_query(r, "type", &page.type) || !request_query(r, "after", &page.after) ||
	    !query_number(r, "limit", MESSAGES_PAGE_MAX, &limit))
		return;
	page.limit = (uint32_t)limit;
	e = hub_write_message_list(r->hub, &text, r->who, &page, span_of(r->id), &why);
	problem_or_document(r, e, &why, &text, missing);
}
