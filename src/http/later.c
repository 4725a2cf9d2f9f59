/* Declarations that come later: numbers for a time without the hub, and what waits for completion. */
#include "http/problem.h"
#include "hub/life/contingency.h"
#include "hub/life/supplementary.h"

/* {"count": 20} */
static bool read_count(struct request *r, uint32_t *ret)
{
	const struct json *body;
	struct codec_fault fault = {0};
	int64_t n;

	if (json_read(r->arena, r->body, &body, &fault) || body->kind != JSON_OBJECT ||
	    body->count != 1 || json_get_int(body, "count", &n) || n < 1 ||
	    n > CONTINGENCY_NUMBERS) {
		problem_reply(r, PROBLEM_INVALID, "count: 1 to %d, and nothing else",
			      CONTINGENCY_NUMBERS);
		return false;
	}
	*ret = (uint32_t)n;
	return true;
}

static void reply_hub_says_no(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_DENIED)
		problem_reply(r, PROBLEM_DENIED, "%s", why->text);
	else if (e == ERR_FORMAT)
		problem_reply(r, PROBLEM_INVALID, "%s", why->text);
	else
		problem_of_cause(r, why);
}

void contingency_post(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	struct span *number = NULL;
	uint32_t n = 0;
	enum err e;

	if (!read_count(r, &n))
		return;
	e = hub_reserve_numbers(r->hub, r->arena, r->who, r->reference, n, &number, &why);
	if (e) {
		reply_hub_says_no(r, e, &why);
		return;
	}
	json_open_object(&w);
	json_put(&w, "office", r->reference);
	json_name(&w, "references");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++)
		json_string(&w, number[i]);
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 201, &text);
}

void obligations_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct obligation *o = NULL;
	struct cause why = {0};
	struct span party = {0};
	uint32_t n = 0;
	enum err e;

	if (!request_query(r, "party", &party))
		return;
	e = hub_list_overdue(r->hub, r->arena, r->who, party, span_of(r->id), &o, &n, &why);
	if (e) {
		reply_hub_says_no(r, e, &why);
		return;
	}
	json_open_object(&w);
	json_name(&w, "overdue");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put(&w, "party", o[i].party);
		json_put(&w, "reference", o[i].reference);
		json_put(&w, "office", o[i].office);
		json_put(&w, "due_day", o[i].due_day);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}
