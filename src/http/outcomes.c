/* Beside an old system: what it decided comes in, how the two differ goes out. For auditors (hub/audit/shadow.h). */
#include "hub/audit/shadow.h"

#include "http/problem.h"
#include "http/route.h"

static void reply_fault(struct request *r, const struct cause *why, const struct codec_fault *fault)
{
	struct problem_writer w;

	problem_open(&w, r, PROBLEM_UNREADABLE, span_of(why->text));
	if (fault->line) {
		json_put_int(&w.json, "line", fault->line);
		json_put_int(&w.json, "column", fault->column);
	}
	problem_close(&w, r);
}

static void reply_error(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_DENIED)
		problem_reply(r, PROBLEM_DENIED, "%s", why->text);
	else if (e == ERR_CONFLICT)
		problem_reply(r, PROBLEM_STATE, "%s", why->text);
	else
		problem_of_cause(r, why);
}

/* A table (text/csv) or JSON Lines, told by its first character. */
void outcomes_post(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct outcomes_taken taken;
	struct codec_fault fault;
	struct cause why = {0};
	enum err e = hub_take_outcomes(r->hub, r->arena, r->who, r->body, &taken, &fault, &why);

	if (e == ERR_FORMAT || (e == ERR_LIMIT && fault.line)) {
		reply_fault(r, &why, &fault);
		return;
	}
	if (e) {
		reply_error(r, e, &why);
		return;
	}
	json_open_object(&w);
	json_put_int(&w, "references", taken.references);
	json_put_int(&w, "met", taken.met);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

void differences_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct comparison *c = ARENA_NEW(r->arena, struct comparison);
	struct cause why = {0};
	enum err e = hub_get_differences(r->hub, r->arena, r->who, &r->patience, c, &why);

	if (e) {
		reply_error(r, e, &why);
		return;
	}
	comparison_write(&text, c, false);
	request_reply_json(r, 200, &text);
}
