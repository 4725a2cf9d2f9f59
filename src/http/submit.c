#include "http/submit.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "http/problem.h"
#include "msg/cargo.h"

/* ---- what kind of content ---- */

static bool is_type(struct span s, const char *type)
{
	return s.n == strlen(type) && !strncasecmp(s.p, type, s.n);
}

static bool ends_with(struct span s, const char *end)
{
	uint32_t n = (uint32_t)strlen(end);

	return s.n > n && !strncasecmp(s.p + s.n - n, end, n);
}

static bool is_xml(const struct msg_format *f)
{
	return !strcmp(f->suffix, ".xml");
}

/* What one way takes. */
struct intake {
	const struct msg_format *(*recognise)(struct span bytes);
	const struct msg_format *(*by_type)(struct span content_type);
	const char *types; /* for people */
};
static const struct intake declarations = {
    msg_recognise, msg_format_by_type,
    "a declaration is application/json, application/xml, text/csv or application/edifact"};
static const struct intake cargo_reports = {
    msg_recognise_cargo, msg_cargo_format_by_type,
    "a cargo report is application/json or application/edifact"};
static const struct intake messages = {
    msg_recognise_checked, msg_checked_format_by_type,
    "a message that is kept is application/edifact or application/xml"};

/* The format that the bytes are read in. Where they are another kind of content than the header says, the header's: reading then
 * fails at the place where they differ, which tells the sender more than "unknown". Programs that say nothing, and curl, whose
 * --data-binary calls everything a form, have their bytes looked at: NULL, the hub recognises it. false: no such type. */
static bool format_for(const struct intake *in, struct span type, struct span body,
		       const struct msg_format **ret)
{
	const struct msg_format *found = in->recognise(body);
	bool xml = is_type(type, "application/xml") || is_type(type, "text/xml") ||
		   ends_with(type, "+xml");

	*ret = found;
	if (!type.n || is_type(type, "application/octet-stream") ||
	    is_type(type, "application/x-www-form-urlencoded"))
		return true;
	if (xml && found && is_xml(found))
		return true;
	if (xml)
		type = SPAN("application/xml");
	else if (ends_with(type, "+json"))
		type = SPAN("application/json");
	*ret = in->by_type(type);
	/* one type may be that of several formats */
	if (*ret && found && !strcmp((*ret)->content_type, found->content_type))
		*ret = found;
	return *ret != NULL;
}

static bool take_format(struct request *r, const struct intake *in, const struct msg_format **ret)
{
	struct span rest = span_of(r->header(r, "Content-Type"));
	const char *encoding = r->header(r, "Content-Encoding");

	if (encoding && strcasecmp(encoding, "identity")) {
		problem_reply(r, PROBLEM_TYPE, "the body must not be encoded");
		return false;
	}
	if (format_for(in, span_trim(span_cut(&rest, ';')), r->body, ret))
		return true;
	problem_reply(r, PROBLEM_TYPE, "%s", in->types);
	return false;
}

bool submit_take_format(struct request *r, const struct msg_format **ret)
{
	return take_format(r, &declarations, ret);
}

bool submit_take_cargo_format(struct request *r, const struct msg_format **ret)
{
	return take_format(r, &cargo_reports, ret);
}

bool submit_take_message_format(struct request *r, const struct msg_format **ret)
{
	return take_format(r, &messages, ret);
}

/* ---- Idempotency-Key ---- */

/* A key as it is, or as a string of RFC 8941: in quotes. */
bool submit_take_key(struct request *r, struct span *ret)
{
	const char *header = r->header(r, "Idempotency-Key");
	struct span key = span_trim(span_of(header));

	if (!header)
		return true;
	if (key.n >= 2 && key.p[0] == '"' && key.p[key.n - 1] == '"')
		key.p++, key.n -= 2;
	for (uint32_t i = 0; i < key.n; i++)
		if (key.p[i] < 0x20 || key.p[i] > 0x7e)
			key.n = 0;
	if (key.n < 1 || key.n > LIMIT_REFERENCE_BYTES) {
		problem_reply(r, PROBLEM_BAD_KEY, "the header has 1 to %d printable characters",
			      LIMIT_REFERENCE_BYTES);
		return false;
	}
	/* The header's memory is the connection's; the hub keeps this until it is done, and the connection waits as long. */
	*ret = key;
	return true;
}

bool submit_prepare(struct request *r)
{
	r->submission = (struct submission){.raw = r->body, .who = r->who};
	return submit_take_format(r, &r->submission.format) &&
	       submit_take_key(r, &r->submission.key);
}

/* ---- outcomes ---- */

static void reply_unreadable(struct request *r, const struct outcome *o)
{
	struct problem_writer w;

	problem_open(&w, r, PROBLEM_UNREADABLE, span_of(o->cause.text));
	if (o->fault.line) {
		json_put_int(&w.json, "line", o->fault.line);
		json_put_int(&w.json, "column", o->fault.column);
	}
	problem_close(&w, r);
}

static void reply_conflict(struct request *r, const struct outcome *o)
{
	struct problem_writer w;

	problem_open(&w, r, PROBLEM_CONFLICT, span_of(o->cause.text));
	if (o->reference.n)
		json_put(&w.json, "reference", o->reference);
	problem_close(&w, r);
}

bool submit_stored(struct request *r)
{
	const struct outcome *o = &r->submission.outcome;

	switch (o->kind) {
	case OUTCOME_NEW:
	case OUTCOME_REPEATED:
		return true;
	case OUTCOME_UNREADABLE:
		reply_unreadable(r, o);
		break;
	case OUTCOME_CONFLICT:
		reply_conflict(r, o);
		break;
	case OUTCOME_DENIED:
		problem_reply(r, PROBLEM_DENIED, "%s", o->cause.text);
		break;
	case OUTCOME_FAILED:
		/* bytes that once stopped the program: nobody's rights are in question */
		if (o->cause.err == ERR_DENIED)
			problem_reply(r, PROBLEM_REFUSED, "%s", o->cause.text);
		else
			problem_of_cause(r, &o->cause);
		break;
	}
	return false;
}

unsigned submit_status(const struct outcome *o)
{
	return o->kind == OUTCOME_REPEATED ? 200 : 201;
}
