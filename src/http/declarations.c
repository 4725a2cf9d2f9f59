/* The trader's routes: hand in a declaration, read its answer, have it explained.
 *
 * An answer leaves as JSON, or as a response message where Accept names application/xml first; a state that such
 * messages have no code for leaves as JSON all the same. Of a trader's or broker's own cases only what answer_write()
 * stored leaves here, so that lane, score, draw, rules and holds reach none of them; officers and auditors get the
 * record, as far as hub_get_case() lets them see. */
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/submit.h"
#include "hub/life/erase.h"
#include "hub/settle/record.h"
#include "hub/settle/trial.h"

static const struct json *read_stored(struct request *r, struct span bytes)
{
	const struct json *value;
	struct codec_fault fault;

	if (bytes.p && !json_read(r->arena, bytes, &value, &fault))
		return value;
	problem_of_cause(r, &(struct cause){ERR_DB, "a stored record cannot be read"});
	return NULL;
}

static bool prefers_xml(const struct request *r)
{
	return request_prefers(r, "application/xml", "application/json");
}

static void reply_rendered(struct request *r, unsigned status, const char *type,
			   struct span rendered, struct span reference)
{
	request_reply(r, status, type, rendered);
	r->reply.language = language_of_texts(r->language);
	if (status != 200 || r->finish)
		r->reply.location =
		    arena_print(r->arena, "/api/v1/declarations/%.*s", SPAN_ARG(reference));
}

static void reply_answer(struct request *r, unsigned status, const struct json *answer)
{
	struct text text = text_in(r->arena);
	const char *type = "application/xml";

	if (!prefers_xml(r) || !answer_render_res(&text, answer, r->language)) {
		type = "application/json";
		answer_render(&text, answer, r->language);
	}
	reply_rendered(r, status, type, text_as_span(&text), json_get_text(answer, "reference"));
}

/* 201 whether the declaration was accepted or rejected: it was taken, decided and stored; state says how. 200 when the same bytes
 * were decided before. */
static void declaration_posted(struct request *r)
{
	const struct outcome *o = &r->submission.outcome;
	const struct json *answer;

	if (!submit_stored(r))
		return;
	if (o->kind == OUTCOME_NEW && !prefers_xml(r) && answer_is_plain(o->answer)) {
		reply_rendered(r, submit_status(o), "application/json", o->answer, o->reference);
		return;
	}
	answer = read_stored(r, o->answer);
	if (answer)
		reply_answer(r, submit_status(o), answer);
}

void declaration_post(struct request *r)
{
	if (submit_prepare(r))
		r->finish = declaration_posted;
}

void declaration_check(struct request *r)
{
	struct text text = text_in(r->arena);

	r->submission = (struct submission){.raw = r->body, .arena = r->arena};
	if (!submit_take_format(r, &r->submission.format))
		return;
	hub_try(r->hub, &r->submission, r->language, &text);
	if (!submit_stored(r))
		return;
	request_reply_json(r, 200, &text);
	r->reply.language = language_of_texts(r->language);
}

void declared_get(struct request *r)
{
	const struct hub_look look = {.who = r->who,
				      .reference = r->reference,
				      .purpose = PURPOSE_READ,
				      .request = span_of(r->id)};
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_declaration(r->hub, &text, &look, &why);

	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "no declaration has the reference %.*s",
			      SPAN_ARG(r->reference));
	else if (e == ERR_LIMIT || e == ERR_NOMEM)
		problem_without_memory(r, e);
	else if (e)
		problem_of_cause(r, &why);
	else
		request_reply_json(r, 200, &text);
}

/* The case of the path, as far as who asks may see it; a problem is left when there is none for them, or it was erased. */
static bool find_case(struct request *r, enum purpose purpose, struct hub_case *c)
{
	const struct hub_look look = {.who = r->who,
				      .reference = r->reference,
				      .purpose = purpose,
				      .request = span_of(r->id)};
	struct cause why = {0};
	enum err e = hub_get_case(r->hub, r->arena, &look, c, &why);

	if (e && e != ERR_NOT_FOUND) {
		problem_of_cause(r, &why);
		return false;
	}
	if (!e &&
	    (c->view == VIEW_CARRIER || c->answer.p || (c->erasure.n && c->view > VIEW_TRADER)))
		return true;
	if (!e && c->erasure.n) {
		problem_reply(r, PROBLEM_NOT_FOUND,
			      "what was kept of this declaration beside its accounts was erased, "
			      "as the law asks");
		return false;
	}
	problem_reply(r, PROBLEM_NOT_FOUND, "no declaration has the reference %.*s",
		      SPAN_ARG(r->reference));
	return false;
}

/* What a carrier is told: that there is such a case, and how far it is. */
static void reply_carrier(struct request *r, const struct hub_case *c)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	json_open_object(&w);
	json_put(&w, "reference", c->reference);
	json_put_int(&w, "version", c->version);
	json_put(&w, "state", c->state);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

static void reply_record(struct request *r, const struct hub_case *c)
{
	const struct json *value = read_stored(r, c->decision);
	struct text text = text_in(r->arena);

	if (!value)
		return;
	record_render(&text, value, c->decided_at, r->language);
	request_reply_json(r, 200, &text);
	r->reply.language = language_of_texts(r->language);
}

/* The trader's answer, with where its case stands now. */
static const struct json *answer_of(struct request *r, const struct hub_case *c)
{
	const struct json *answer = read_stored(r, c->answer);
	struct text text = text_in(r->arena);

	if (!answer || !c->lives)
		return answer;
	answer_now(&text, answer, &c->now);
	return read_stored(r, text_as_span(&text));
}

void declaration_get(struct request *r)
{
	const struct json *answer;
	struct hub_case c;

	if (!find_case(r, PURPOSE_READ, &c))
		return;
	if (c.view == VIEW_CARRIER) {
		reply_carrier(r, &c);
	} else if (c.view >= VIEW_OFFICER) {
		reply_record(r, &c);
	} else {
		answer = answer_of(r, &c);
		if (answer)
			reply_answer(r, 200, answer);
	}
}

void declaration_explain(struct request *r)
{
	struct text text = text_in(r->arena), document = text_in(r->arena);
	struct json_writer w = json_to(&document);
	const struct json *value;
	enum reader reader;
	struct hub_case c;

	if (!find_case(r, PURPOSE_EXPLAIN, &c))
		return;
	if (c.view == VIEW_CARRIER) {
		problem_reply(r, PROBLEM_DENIED, "a carrier is told the state of a case alone");
		return;
	}
	reader = c.view == VIEW_AUDITOR   ? READER_AUDITOR
		 : c.view == VIEW_OFFICER ? READER_OFFICER
					  : READER_TRADER;
	value = reader == READER_TRADER ? answer_of(r, &c) : read_stored(r, c.decision);
	if (!value)
		return;
	explain_render(&text, value, reader, r->language);
	if (reader != READER_TRADER)
		explain_erasure(&text, &c);
	if (request_prefers(r, "application/json", "text/plain")) {
		json_open_object(&w);
		json_put(&w, "reference", c.reference);
		json_put_c(&w, "language", language_of_texts(r->language));
		json_put(&w, "text", text_as_span(&text));
		json_close_object(&w);
		request_reply_json(r, 200, &document);
	} else {
		request_reply(r, 200, "text/plain; charset=utf-8", text_as_span(&text));
	}
	r->reply.language = language_of_texts(r->language);
}

typedef enum err eraser(struct hub *h, const struct who *by, struct span reference,
			struct span reason, struct span request, enum erasure_step *ret,
			struct cause *why);

static void erase(struct request *r, eraser *step_of)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	enum erasure_step step;
	struct span reason;
	enum err e;

	if (!request_reason(r, &reason))
		return;
	e = step_of(r->hub, r->who, r->reference, reason, span_of(r->id), &step, &why);
	if (e == ERR_NOT_FOUND) {
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such thing here for you");
	} else if (e == ERR_DENIED) {
		problem_reply(r, PROBLEM_DENIED, "%s", why.text);
	} else if (e == ERR_CONFLICT) {
		problem_reply(r, PROBLEM_STATE, "%s", why.text);
	} else if (e) {
		problem_of_cause(r, &why);
	} else {
		json_open_object(&w);
		json_put(&w, "reference", r->reference);
		json_put_c(&w, "state", step == ERASURE_DONE ? "erased" : "ordered");
		json_close_object(&w);
		request_reply_json(r, 200, &text);
	}
}

void declaration_erase(struct request *r)
{
	erase(r, hub_erase_case);
}

void message_erase(struct request *r)
{
	erase(r, hub_erase_message);
}
