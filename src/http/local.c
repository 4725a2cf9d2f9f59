/* The operator's routes, on the unix socket: the whole record of a decision, packs, the state of the server. */
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/server.h"
#include "http/submit.h"
#include "hub/cargo/cargo.h"
#include "hub/messages/messages.h"
#include "hub/settle/record.h"

static const struct json *read_decision(struct request *r, struct span bytes)
{
	const struct json *value;
	struct codec_fault fault;

	if (bytes.p && !json_read(r->arena, bytes, &value, &fault))
		return value;
	problem_of_cause(r, &(struct cause){ERR_DB, "a stored decision cannot be read"});
	return NULL;
}

static void reply_record(struct request *r, unsigned status, struct span decision, int64_t at)
{
	const struct json *value = read_decision(r, decision);
	struct text text = text_in(r->arena);

	if (!value)
		return;
	record_render(&text, value, at, r->language);
	request_reply_json(r, status, &text);
	r->reply.language = language_of_texts(r->language);
}

/* ---- declarations ---- */

static void local_declaration_posted(struct request *r)
{
	const struct outcome *o = &r->submission.outcome;

	if (submit_stored(r))
		reply_record(r, submit_status(o), o->decision, o->decided_at);
}

void local_declaration_post(struct request *r)
{
	if (submit_prepare(r))
		r->finish = local_declaration_posted;
}

void local_cargo_post(struct request *r)
{
	struct submission s = {.raw = r->body, .who = r->who, .arena = r->arena};

	if (!submit_take_cargo_format(r, &s.format))
		return;
	hub_submit_cargo_wait(r->hub, &s);
	r->submission.outcome = s.outcome;
	if (submit_stored(r))
		reply_record(r, submit_status(&s.outcome), s.outcome.decision,
			     s.outcome.decided_at);
}

void local_message_post(struct request *r)
{
	struct submission s = {.raw = r->body, .who = r->who, .arena = r->arena};

	if (!submit_take_message_format(r, &s.format))
		return;
	hub_keep_message_wait(r->hub, &s);
	r->submission.outcome = s.outcome;
	if (submit_stored(r))
		reply_record(r, submit_status(&s.outcome), s.outcome.decision,
			     s.outcome.decided_at);
}

static bool read_version(const char *text, int64_t *ret)
{
	*ret = 0;
	for (const char *c = text; c && *c; c++) {
		if (*c < '0' || *c > '9' || *ret > 100000)
			return false;
		*ret = *ret * 10 + (*c - '0');
	}
	return !text || *ret > 0;
}

static void reply_explanation(struct request *r, const struct hub_case *c, enum reader reader)
{
	struct span bytes = reader == READER_TRADER ? c->answer : c->decision;
	const struct json *value = read_decision(r, bytes);
	struct text text = text_in(r->arena);

	if (!value)
		return;
	explain_render(&text, value, reader, r->language);
	request_reply(r, 200, "text/plain; charset=utf-8", text_as_span(&text));
	r->reply.language = language_of_texts(r->language);
}

static void reply_answer(struct request *r, const struct hub_case *c)
{
	const struct json *value = read_decision(r, c->answer);
	struct text text = text_in(r->arena);

	if (!value)
		return;
	answer_render(&text, value, r->language);
	request_reply_json(r, 200, &text);
	r->reply.language = language_of_texts(r->language);
}

/* ?for=officer|auditor|trader&version=N, as JSON, or as text where the client prefers that. */
void local_declaration_get(struct request *r)
{
	const char *reader_name = r->query(r, "for"), *version_text = r->query(r, "version");
	struct hub_look look = {
	    .who = r->who, .reference = r->reference, .request = span_of(r->id)};
	enum reader reader = READER_OFFICER;
	struct cause why = {0};
	struct hub_case c;
	int64_t version;
	enum err e;

	if (!read_version(version_text, &version) ||
	    (reader_name && reader_by_name(span_of(reader_name), &reader))) {
		problem_reply(r, PROBLEM_BAD_REQUEST,
			      "for is officer, auditor or trader; version is a number from 1 on");
		return;
	}
	look.version = version;
	e = hub_get_case(r->hub, r->arena, &look, &c, &why);
	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND,
			      "no declaration has this reference and version");
	else if (e)
		problem_of_cause(r, &why);
	else if (request_prefers(r, "text/plain", "application/json"))
		reply_explanation(r, &c, reader);
	else if (reader == READER_TRADER)
		reply_answer(r, &c);
	else
		reply_record(r, 200, c.decision, c.decided_at);
}

/* ---- packs ---- */

/* The body: an absolute path as plain text, or {"folder": path, "from": day, "reason": text}. The server's own folder is not
 * the caller's. */
static const char *read_folder(struct request *r, int32_t *ret_from, struct span *ret_reason)
{
	struct span path = span_trim(r->body);
	const struct json *value;
	struct codec_fault fault;

	if (path.n && path.p[0] == '{') {
		if (json_read(r->arena, r->body, &value, &fault)) {
			problem_reply(r, PROBLEM_BAD_REQUEST, "line %u, column %u: %s", fault.line,
				      fault.column, fault.text);
			return NULL;
		}
		path = json_get_text(value, "folder");
		*ret_reason = json_get_text(value, "reason");
		if (json_get(value, "from") && day_parse(json_get_text(value, "from"), ret_from)) {
			problem_reply(r, PROBLEM_BAD_REQUEST, "from is no day of the calendar");
			return NULL;
		}
	}
	if (!path.n || path.p[0] != '/' || memchr(path.p, 0, path.n)) {
		problem_reply(
		    r, PROBLEM_BAD_REQUEST,
		    "the body is the pack's folder: an absolute path, or {\"folder\": path}");
		return NULL;
	}
	return arena_copy(r->arena, path.p, path.n);
}

static void write_faults(struct json_writer *w, const struct pack_faults *f)
{
	json_name(w, "faults");
	json_open_array(w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct pack_fault *fault = &f->list.v[i];

		json_open_object(w);
		json_put(w, "file", fault->file);
		json_put_int(w, "line", fault->line);
		json_put_int(w, "column", fault->column);
		json_put_c(w, "rule", fault->rule);
		/* May quote bytes of the file. */
		json_put(w, "text",
			 span_valid_utf8(span_of(fault->text)) ? span_of(fault->text) : SPAN(""));
		json_close_object(w);
	}
	json_close_array(w);
	json_put_bool(w, "cut", f->cut);
}

static void reply_faults(struct request *r, const struct cause *why, const struct pack_faults *f)
{
	struct problem_writer w;

	problem_open(&w, r, PROBLEM_PACK, span_of(why->text));
	write_faults(&w.json, f);
	problem_close(&w, r);
}

void local_pack_post(struct request *r)
{
	int32_t from = PACK_FROM_TODAY;
	struct span reason = SPAN("");
	const char *folder = read_folder(r, &from, &reason);
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct pack_faults faults;
	struct cause why = {0};
	bool unchanged = false;
	enum err e;

	if (!folder)
		return;
	r->large = arena_new((size_t)LIMIT_PACK_BYTES * 2);
	if (!r->large) {
		problem_of_cause(r, &(struct cause){ERR_NOMEM, "no memory to load a pack"});
		return;
	}
	faults = (struct pack_faults){.arena = r->large};
	e = hub_activate_pack(r->hub, r->large, folder, from, reason, &faults, &unchanged, &why);
	/* What is wrong with the folder is the operator's to mend, also when it is not there. */
	if (faults.list.n || e == ERR_FORMAT || e == ERR_NOT_FOUND || e == ERR_LIMIT ||
	    e == ERR_USAGE) {
		reply_faults(r, &why, &faults);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	json_open_object(&w);
	json_put_c(&w, "folder", folder);
	json_put_bool(&w, "unchanged", unchanged);
	write_faults(&w, &faults);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

/* ---- status ---- */

void local_status_get(struct request *r)
{
	struct text text = text_in(r->arena), at = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct hub_figures f;

	hub_get_figures(r->hub, &f);
	moment_write(&at, r->server->started_at);
	json_open_object(&w);
	json_put_c(&w, "version", CUSTOMHOUSE_VERSION);
	json_put_int(&w, "pid", getpid());
	json_put_int(&w, "port", r->server->port);
	json_put(&w, "started_at", text_as_span(&at));
	json_put_int(&w, "connections", r->server->connections);
	json_put_bool(&w, "writable", f.writable);
	json_put_int(&w, "submitted", f.submitted);
	json_put_int(&w, "accepted", f.accepted);
	json_put_int(&w, "rejected", f.rejected);
	json_put_int(&w, "repeated", f.repeated);
	json_put_int(&w, "conflicts", f.conflicts);
	json_put_int(&w, "denied", f.denied);
	json_put_int(&w, "unreadable", f.unreadable);
	json_put_int(&w, "failed", f.failed);
	json_put_int(&w, "passwords_hashed", f.passwords_hashed);
	json_put_int(&w, "batches", f.batches);
	json_put_int(&w, "batch_microseconds", f.batch_microseconds);
	json_put_int(&w, "queue", f.queue);
	json_put_int(&w, "queue_max", f.queue_max);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}
