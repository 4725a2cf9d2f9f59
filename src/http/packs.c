/* Candidates for the tariff: proposed, looked at, simulated, decided (hub/edition/candidate.h). */
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/limits.h"
#include "http/body.h"
#include "http/problem.h"
#include "http/request.h"
#include "hub/edition/candidate.h"
#include "hub/edition/share.h"
#include "hub/edition/simulation.h"

static void refuse(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such candidate");
	else if (e == ERR_DENIED)
		problem_reply(r, PROBLEM_DENIED, "%s", why->text);
	else if (e == ERR_CONFLICT)
		problem_reply(r, PROBLEM_CANDIDATE, "%s", why->text);
	else if (e == ERR_FORMAT || e == ERR_LIMIT)
		problem_reply(r, PROBLEM_INVALID, "%s", why->text);
	else
		problem_of_cause(r, why);
}

static void reply_candidate(struct request *r, unsigned status, int64_t number)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_candidate(r->hub, &text, r->who, number, &why);

	if (e) {
		refuse(r, e, &why);
		return;
	}
	request_reply_json(r, status, &text);
	if (status == 201)
		r->reply.location = arena_print(r->arena, "/api/v1/packs/%lld", (long long)number);
}

/* ---- proposing ---- */

/* Nothing compressed is taken: what it grows to is not known before it has grown. */
static bool take_type(struct request *r, const char *wanted)
{
	const char *type = r->header(r, "Content-Type"),
		   *encoding = r->header(r, "Content-Encoding");

	if (r->local)
		return true; /* the command line */
	if (encoding && strcasecmp(encoding, "identity"))
		problem_reply(r, PROBLEM_TYPE, "the body must not be encoded");
	else if (!type || strncasecmp(type, wanted, strlen(wanted)))
		problem_reply(r, PROBLEM_TYPE,
			      "a pack is sent as application/x-tar: a tar archive of its files, "
			      "not compressed; rules of others as application/json");
	else
		return true;
	return false;
}

static void write_faults(struct json_writer *w, const struct pack_faults *f)
{
	json_name(w, "faults");
	json_open_array(w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct pack_fault *x = &f->list.v[i];

		json_open_object(w);
		/* Names and texts may quote bytes of the archive. */
		json_put(w, "file", span_valid_utf8(x->file) ? x->file : SPAN(""));
		json_put_int(w, "line", x->line);
		json_put_int(w, "column", x->column);
		json_put_c(w, "rule", x->rule);
		json_put(w, "text",
			 span_valid_utf8(span_of(x->text)) ? span_of(x->text) : SPAN(""));
		json_close_object(w);
	}
	json_close_array(w);
	json_put_bool(w, "cut", f->cut);
}

static void propose(struct request *r, enum candidate_form form)
{
	struct candidate_proposal p = {.form = form, .archive = r->body};
	struct pack_faults faults = {.arena = r->arena};
	struct problem_writer w;
	struct cause why = {0};
	int64_t number;
	enum err e;

	if (!take_type(r, form == CANDIDATE_SHARED ? "application/json" : "application/x-tar") ||
	    !request_query(r, "reason", &p.reason) || !request_query(r, "valid-from", &p.from_day))
		return;
	e = hub_propose_pack(r->hub, r->arena, r->who, &p, &faults, &number, &why);
	if (faults.list.n) {
		problem_open(&w, r, PROBLEM_PACK, span_of(why.text));
		write_faults(&w.json, &faults);
		problem_close(&w, r);
	} else if (e) {
		refuse(r, e, &why);
	} else {
		reply_candidate(r, 201, number);
	}
}

void pack_post(struct request *r)
{
	propose(r, CANDIDATE_PACK);
}

void pack_rules_post(struct request *r)
{
	propose(r, CANDIDATE_TARGETING);
}

void pack_import_post(struct request *r)
{
	propose(r, CANDIDATE_SHARED);
}

/* ---- between administrations ---- */

/* Of a candidate, or, without a number, of what is in force. */
void pack_export(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_export_rules(r->hub, &text, r->who, r->number, &why);

	if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, 200, &text);
}

void trusted_keys_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_trusted(r->hub, &text, r->who, &why);

	if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, 200, &text);
}

void trusted_key_put(struct request *r)
{
	static const char *const members[] = {"name", NULL};
	const struct json *o = body_read(r, members);
	struct cause why = {0};
	struct span name;
	enum err e;

	if (!o || !body_text(r, o, "name", &name))
		return;
	e = hub_trust_key(r->hub, r->arena, r->who, r->reference, name, &why);
	if (e)
		refuse(r, e, &why);
	else
		trusted_keys_get(r);
}

void trusted_key_delete(struct request *r)
{
	struct cause why = {0};
	enum err e = hub_distrust_key(r->hub, r->arena, r->who, r->reference, &why);

	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "that key is not trusted");
	else if (e)
		refuse(r, e, &why);
	else
		trusted_keys_get(r);
}

/* ---- looking ---- */

void packs_get(struct request *r)
{
	struct text text = text_in(r->arena);
	int64_t before = INT64_MAX;
	struct cause why = {0};
	enum err e;

	if (!query_number(r, "before", INT64_MAX - 1, &before))
		return;
	e = hub_write_candidates(r->hub, &text, r->who, before, &why);
	if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, 200, &text);
}

void pack_get(struct request *r)
{
	reply_candidate(r, 200, r->number);
}

/* ---- deciding ---- */

static void decide(struct request *r, enum candidate_step step)
{
	struct span reason = {0};
	struct cause why = {0};
	enum err e;

	if (!request_query(r, "reason", &reason))
		return;
	e = hub_decide_candidate(r->hub, r->arena, r->who, r->number, step, reason, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_candidate(r, 200, r->number);
}

void pack_approve(struct request *r)
{
	decide(r, CANDIDATE_APPROVED);
}

void pack_refuse(struct request *r)
{
	decide(r, CANDIDATE_REFUSED);
}

void pack_withdraw(struct request *r)
{
	decide(r, CANDIDATE_WITHDRAWN);
}

/* ---- simulating ---- */

static void reply_simulation(struct request *r, unsigned status)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	enum err e = hub_write_simulation(r->hub, &text, r->who, r->number, &why);

	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND,
			      "no simulation of it was asked for here, or another one since");
	else if (e)
		refuse(r, e, &why);
	else
		request_reply_json(r, status, &text);
}

static bool take_day(struct request *r, const char *name, int32_t *ret)
{
	struct span text = {0};

	if (!request_query(r, name, &text))
		return false;
	if (!text.p || !day_parse(text, ret))
		return true;
	problem_reply(r, PROBLEM_BAD_REQUEST, "%s is no day of the calendar", name);
	return false;
}

void simulation_post(struct request *r)
{
	struct simulation_order o = {r->number, INT32_MIN, INT32_MIN};
	struct cause why = {0};
	enum err e;

	if (!request_is_here(r) || !take_day(r, "since", &o.since) ||
	    !take_day(r, "as-of", &o.as_of))
		return;
	e = hub_start_simulation(r->hub, r->who, &o, &why);
	if (e == ERR_BUSY)
		problem_reply(r, PROBLEM_CANDIDATE, "%s", why.text);
	else if (e)
		refuse(r, e, &why);
	else
		reply_simulation(r, 202);
}

void simulation_get(struct request *r)
{
	if (request_is_here(r))
		reply_simulation(r, 200);
}

void simulation_delete(struct request *r)
{
	struct cause why = {0};
	enum err e;

	if (!request_is_here(r))
		return;
	e = hub_cancel_simulation(r->hub, r->who, r->number, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_simulation(r, 202);
}
