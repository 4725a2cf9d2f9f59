/* What is done to a case after its declaration was decided, and how it is looked at: acts, status, history, lists, rosters,
 * audits, accounts. What who asks may see and do is the hub's to say (hub/people/scope.c, flow/). */
#include "hub/life/act.h"

#include <string.h>

#include "base/date.h"
#include "http/problem.h"
#include "http/submit.h"
#include "hub/audit/audits.h"
#include "hub/control/control.h"
#include "hub/history/past.h"
#include "hub/life/account.h"
#include "hub/life/cases.h"
#include "hub/life/guarantee.h"
#include "hub/life/roster.h"

/* ---- acts ---- */

static enum problem problem_of_refusal(enum flow_refusal r)
{
	switch (flow_refusal_kind(r)) {
	case REFUSAL_STATE:
		return PROBLEM_STATE;
	case REFUSAL_ROLE:
	case REFUSAL_PERSON:
		return PROBLEM_DENIED;
	case REFUSAL_MISSING:
	case REFUSAL_AMOUNT:
		return PROBLEM_INVALID;
	}
	return PROBLEM_INVALID;
}

static void reply_refused(struct request *r, const struct action *x)
{
	struct problem_writer w;

	if (x->refusal == REFUSED_NOTHING) {
		problem_open(&w, r, PROBLEM_STATE, span_of(x->cause.text));
		json_put_c(&w.json, "refusal", "money");
	} else {
		problem_open(&w, r, problem_of_refusal(x->refusal),
			     span_of(flow_refusal_text(x->refusal)));
		json_put_c(&w.json, "refusal", flow_refusal_id(x->refusal));
	}
	problem_close(&w, r);
}

static void reply_faulty(struct request *r, const struct action *x)
{
	struct problem_writer w;
	const struct json *answer;
	struct codec_fault fault;

	problem_open(&w, r, PROBLEM_INVALID, SPAN("the version has errors"));
	if (!json_read(r->arena, x->answer, &answer, &fault) && json_get(answer, "findings")) {
		json_name(&w.json, "findings");
		json_value(&w.json, json_get(answer, "findings"));
	}
	problem_close(&w, r);
}

static void reply_done(struct request *r, const struct action *x)
{
	struct text text = text_in(r->arena);

	text_span(&text, x->answer);
	request_reply_json(r, x->outcome == ACTION_DONE ? 201 : 200, &text);
}

static void acted(struct request *r)
{
	const struct action *x = &r->action;

	switch (x->outcome) {
	case ACTION_DONE:
	case ACTION_REPEATED:
		reply_done(r, x);
		return;
	case ACTION_NOT_FOUND:
		problem_reply(r, PROBLEM_NOT_FOUND, "no declaration has the reference %.*s",
			      SPAN_ARG(r->reference));
		return;
	case ACTION_DENIED:
		problem_reply(r, PROBLEM_DENIED, "the scopes of this token do not go so far");
		return;
	case ACTION_BARRED:
		problem_reply(r, PROBLEM_STATE, "%s", x->cause.text);
		return;
	case ACTION_REFUSED:
		reply_refused(r, x);
		return;
	case ACTION_FAULTY:
		reply_faulty(r, x);
		return;
	case ACTION_CONFLICT:
		problem_reply(r, PROBLEM_CONFLICT, "another act was done under this key");
		return;
	case ACTION_UNREADABLE:
		problem_reply(r, PROBLEM_INVALID, "%s", x->cause.text);
		return;
	case ACTION_FAILED:
		problem_of_cause(r, &x->cause);
		return;
	}
}

void act_post(struct request *r)
{
	r->action = (struct action){
	    .reference = r->reference, .raw = r->body, .who = r->who, .request = span_of(r->id)};
	if (!submit_take_key(r, &r->action.key))
		return;
	r->acts = true;
	r->finish = acted;
}

/* ---- looking ---- */

static struct hub_look look_of(const struct request *r)
{
	return (struct hub_look){.who = r->who,
				 .reference = r->reference,
				 .purpose = PURPOSE_READ,
				 .request = span_of(r->id)};
}

static const char missing[] = "there is no such thing here for you";

/* Replies with the document, or with why there is none. */
static void reply_document(struct request *r, enum err e, const struct cause *why,
			   const struct text *text)
{
	problem_or_document(r, e, why, text, missing);
}

void status_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct hub_look look = look_of(r);
	struct cause why = {0};
	enum err e = hub_write_status(r->hub, &text, &look, &why);

	reply_document(r, e, &why, &text);
}

void history_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct hub_look look = look_of(r);
	struct cause why = {0};
	enum err e = hub_write_history(r->hub, &text, &look, &why);

	reply_document(r, e, &why, &text);
}

static bool take_day(struct request *r, const char *name, int32_t *ret)
{
	struct span text = {0};

	if (!request_query(r, name, &text))
		return false;
	if (!day_parse(text, ret))
		return true;
	problem_reply(r, PROBLEM_BAD_REQUEST, "%s: a day such as 2026-11-23 is wanted", name);
	return false;
}

void controls_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct control_order order = {.patience = &r->patience};
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &order.office) || !take_day(r, "from", &order.from) ||
	    !take_day(r, "to", &order.to))
		return;
	e = hub_write_control(r->hub, &text, r->who, &order, span_of(r->id), &why);
	reply_document(r, e, &why, &text);
}

void past_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct hub_look look = look_of(r);
	struct cause why = {0};
	enum err e = hub_write_past(r->hub, &text, &look, &why);

	reply_document(r, e, &why, &text);
}

/* 0: it is no number of a few digits. */
static uint32_t number_of(struct span s)
{
	uint32_t v = 0;

	if (s.n > 6)
		return 0;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return 0;
		v = v * 10 + (uint32_t)(s.p[i] - '0');
	}
	return v;
}

void cases_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct span limit = {0};
	struct case_page page = {.patience = &r->patience};
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &page.office) || !request_query(r, "state", &page.state) ||
	    !request_query(r, "lane", &page.lane) || !request_query(r, "mine", &page.mine) ||
	    !request_query(r, "examiner", &page.examiner) ||
	    !request_query(r, "party", &page.party) ||
	    !request_query(r, "commodity", &page.commodity) ||
	    !request_query(r, "since", &page.since) || !request_query(r, "until", &page.until) ||
	    !request_query(r, "order", &page.order) || !request_query(r, "money", &page.money) ||
	    !request_query(r, "waiting", &page.waiting) ||
	    !request_query(r, "after", &page.after) || !request_query(r, "limit", &limit))
		return;
	page.limit = limit.n ? number_of(limit) : 50;
	e = hub_write_cases(r->hub, &text, r->who, &page, span_of(r->id), &why);

	reply_document(r, e, &why, &text);
}

void case_counts_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct span office = {0};
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "office", &office))
		return;
	e = hub_write_case_counts(r->hub, &text, r->who, office, span_of(r->id), &r->patience,
				  &why);
	reply_document(r, e, &why, &text);
}

/* ---- rosters ---- */

void roster_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct roster_entry *entry = NULL;
	struct cause why = {0};
	uint32_t n = 0;
	enum err e = hub_list_roster(r->hub, r->arena, r->who, r->reference, span_of(r->id), &entry,
				     &n, &why);

	json_open_array(&w);
	for (uint32_t i = 0; !e && i < n; i++) {
		struct text until = text_in(r->arena);

		moment_write(&until, entry[i].present_until);
		json_open_object(&w);
		json_put(&w, "login", entry[i].login);
		json_put(&w, "present_until", text_as_span(&until));
		json_put(&w, "skills", entry[i].skills);
		json_put(&w, "conflicts", entry[i].conflicts);
		json_close_object(&w);
	}
	json_close_array(&w);
	reply_document(r, e, &why, &text);
}

/* A small object of texts: each member goes to the place of its name; others are refused. */
struct member {
	const char *name;
	struct span *to;
};

static bool read_texts(struct request *r, const struct member *members, uint32_t n)
{
	const struct json *body;
	struct codec_fault fault = {0};

	if (json_read(r->arena, r->body, &body, &fault) || body->kind != JSON_OBJECT) {
		problem_reply(r, PROBLEM_INVALID, "the body is a JSON object");
		return false;
	}
	for (const struct json *v = body->first; v; v = v->next) {
		uint32_t i = 0;

		while (i < n && !span_is(v->name, members[i].name))
			i++;
		if (i == n || v->kind != JSON_STRING) {
			problem_reply(r, PROBLEM_INVALID,
				      "%.*s: no such member here, or it is no text",
				      SPAN_ARG(v->name));
			return false;
		}
		*members[i].to = v->text;
	}
	return true;
}

void roster_post(struct request *r)
{
	struct roster_entry entry = {.office = r->reference,
				     .login = r->who->user,
				     .skills = SPAN(""),
				     .conflicts = SPAN("")};
	struct span until = {0};
	const struct member members[] = {{"login", &entry.login},
					 {"present_until", &until},
					 {"skills", &entry.skills},
					 {"conflicts", &entry.conflicts}};
	struct cause why = {0};
	enum err e;

	if (!read_texts(r, members, ARRAY_LEN(members)))
		return;
	if (moment_parse(until, &entry.present_until)) {
		problem_reply(r, PROBLEM_INVALID,
			      "present_until: a moment such as 2026-12-31T12:00:00Z is wanted");
		return;
	}
	e = hub_set_roster(r->hub, r->who, &entry, &why);
	problem_or_recorded(r, e, &why, false, missing);
}

/* ---- audits ---- */

void audit_post(struct request *r)
{
	struct span kind = {0};
	const struct member members[] = {{"kind", &kind}};
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	int64_t id = 0;
	enum err e;

	if (!request_is_here(r) || !read_texts(r, members, ARRAY_LEN(members)))
		return;
	if (!span_is(kind, "replay") && !span_is(kind, "verify")) {
		problem_reply(r, PROBLEM_INVALID, "kind: it is replay or verify");
		return;
	}
	e = hub_start_audit(r->hub, r->who, span_is(kind, "replay") ? AUDIT_REPLAY : AUDIT_VERIFY,
			    &id, &why);
	json_open_object(&w);
	json_put_int(&w, "id", id);
	json_close_object(&w);
	if (e == ERR_BUSY) {
		problem_reply(r, PROBLEM_STATE, "%s", why.text);
		return;
	}
	reply_document(r, e, &why, &text);
	if (!e)
		r->reply.status = 202;
}

void audit_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e;

	if (!request_is_here(r))
		return;
	e = hub_write_audit(r->hub, &text, r->who, r->number, &why);
	reply_document(r, e, &why, &text);
}

/* Whoever asked for it, or another auditor, waits no more. */
void audit_delete(struct request *r)
{
	struct cause why = {0};
	enum err e;

	if (!request_is_here(r))
		return;
	e = hub_stop_audit(r->hub, r->who, r->number, &why);
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	r->reply.status = 204;
}

/* ---- nodes ---- */

void nodes_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_nodes(r->hub, r->who, &text, &why);

	reply_document(r, e, &why, &text);
}

/* ---- accounts ---- */

void account_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct span limit = {0};
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "limit", &limit))
		return;
	e = hub_write_account(r->hub, &text, r->who, r->reference, limit.n ? number_of(limit) : 50,
			      span_of(r->id), &r->patience, &why);

	reply_document(r, e, &why, &text);
}

void cash_post(struct request *r)
{
	struct cash cash = {.party = r->reference};
	struct span direction = SPAN("in");
	const struct member members[] = {
	    {"office", &cash.office}, {"amount", &cash.amount}, {"direction", &direction}};
	struct cause why = {0};
	bool repeated = false;
	enum err e;

	if (!submit_take_key(r, &cash.key) || !read_texts(r, members, ARRAY_LEN(members)))
		return;
	cash.out = span_is(direction, "out");
	if (!cash.out && !span_is(direction, "in")) {
		problem_reply(r, PROBLEM_INVALID, "direction: it is in or out");
		return;
	}
	e = hub_move_cash(r->hub, r->who, &cash, &repeated, &why);
	problem_or_recorded(r, e, &why, !repeated, missing);
}

void guarantees_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e =
	    hub_write_guarantees(r->hub, &text, r->who, r->reference, span_of(r->id), &why);

	reply_document(r, e, &why, &text);
}

void guarantee_post(struct request *r)
{
	struct guarantee_entry g = {.party = r->reference};
	const struct member members[] = {{"reference", &g.reference},
					 {"guarantor", &g.guarantor},
					 {"amount", &g.amount},
					 {"until", &g.until},
					 {"office", &g.office}};
	struct cause why = {0};
	enum err e;

	if (!read_texts(r, members, ARRAY_LEN(members)))
		return;
	e = hub_put_guarantee(r->hub, r->who, &g, &why);
	problem_or_recorded(r, e, &why, true, missing);
}
