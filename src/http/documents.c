/* The documents of a case: hand in, list, fetch, erase.
 *
 * A document is a stranger's file. It leaves as an attachment of the type that it was checked to have, under a policy that lets
 * no browser run or show it here, and only when a scanner found nothing or there is none (docs/documents.md). */
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/limits.h"
#include "http/problem.h"
#include "http/request.h"
#include "hub/documents/documents.h"

static struct document_asker asker_of(const struct request *r)
{
	return (struct document_asker){r->who, r->reference, span_of(r->id)};
}

/* What is not there and what may not be seen look the same. */
static void refuse(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such case or document");
	else
		problem_of_cause(r, why);
}

/* ---- what is known of a document ---- */

static void write_document(struct json_writer *w, struct request *r, const struct hub_document *d)
{
	struct text at = text_in(r->arena);
	char hex[65];

	hash_hex(&d->sha256, hex);
	moment_write(&at, d->at);
	json_open_object(w);
	json_put(w, "reference", d->reference);
	json_put_int(w, "number", d->number);
	json_put_int(w, "version", d->version);
	json_put(w, "name", d->name);
	json_put(w, "type", d->type);
	json_put_int(w, "bytes", d->bytes);
	json_put_c(w, "sha256", hex);
	json_put(w, "pointer", d->pointer);
	json_put_c(w, "state", document_state_name(d->state));
	json_put(w, "by", d->by);
	json_put(w, "at", text_as_span(&at));
	json_close_object(w);
}

static void reply_document(struct request *r, unsigned status, const struct hub_document *d)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);

	write_document(&w, r, d);
	request_reply_json(r, status, &text);
	r->reply.location = arena_print(r->arena, "/api/v1/declarations/%.*s/documents/%lld",
					SPAN_ARG(d->reference), (long long)d->number);
}

void documents_get(struct request *r)
{
	const struct document_asker by = asker_of(r);
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct hub_document *list;
	struct cause why = {0};
	uint32_t n;
	enum err e = hub_list_documents(r->hub, r->arena, &by, &list, &n, &why);

	if (e) {
		refuse(r, e, &why);
		return;
	}
	json_open_object(&w);
	json_name(&w, "documents");
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++)
		write_document(&w, r, &list[i]);
	json_close_array(&w);
	json_close_object(&w);
	request_reply_json(r, 200, &text);
}

/* ---- handing in ---- */

static bool take_type(struct request *r, const struct document_type **ret)
{
	const char *type = r->header(r, "Content-Type"),
		   *encoding = r->header(r, "Content-Encoding");

	*ret = document_type_of(span_of(type));
	if (encoding && strcasecmp(encoding, "identity"))
		problem_reply(r, PROBLEM_TYPE, "the body must not be encoded");
	else if (!*ret)
		problem_reply(
		    r, PROBLEM_TYPE,
		    "the Content-Type of a document is one of those that the description of "
		    "this route lists");
	else
		return true;
	return false;
}

/* The name that the query gives, or one of the type. */
static bool take_name(struct request *r, const struct document_type *t, struct span *ret)
{
	if (!request_query(r, "name", ret))
		return false;
	if (!ret->p)
		*ret = span_of(arena_print(r->arena, "document.%.*s",
					   (int)strcspn(t->extensions, " "), t->extensions));
	return true;
}

static void reply_mismatch(struct request *r, const struct document_upload *u)
{
	const struct document_type *seen = document_type_sniff(u->bytes);

	if (seen)
		problem_reply(r, PROBLEM_CONTENT, "it is sent as %s and looks like %s",
			      u->type->media, seen->media);
	else
		problem_reply(r, PROBLEM_CONTENT, "it is sent as %s and does not look like it",
			      u->type->media);
}

static void reply_outcome(struct request *r, const struct document_upload *u,
			  enum document_outcome outcome, const struct hub_document *d)
{
	switch (outcome) {
	case DOCUMENT_NEW:
		reply_document(r, 201, d);
		break;
	case DOCUMENT_REPEATED:
		reply_document(r, 200, d);
		break;
	case DOCUMENT_BAD_TYPE:
		reply_mismatch(r, u);
		break;
	case DOCUMENT_BAD_NAME:
		problem_reply(
		    r, PROBLEM_BAD_REQUEST,
		    "name is a file name of 1 to %d bytes without a path or signs that cannot be "
		    "seen, and ends in .%s",
		    LIMIT_DOCUMENT_NAME_BYTES, u->type->extensions);
		break;
	case DOCUMENT_NO_PLACE:
		problem_reply(r, PROBLEM_PLACE, "the newest version has nothing there");
		break;
	case DOCUMENT_FULL:
		problem_reply(r, PROBLEM_CASE_FULL, "at most %d documents, and %d bytes in all",
			      LIMIT_DOCUMENTS, LIMIT_CASE_DOCUMENT_BYTES);
		break;
	case DOCUMENT_CLOSED:
		problem_reply(r, PROBLEM_CLOSED, "nothing more is decided about it");
		break;
	}
}

void document_post(struct request *r)
{
	const struct document_asker by = asker_of(r);
	struct document_upload u = {.bytes = r->body, .sha256 = r->body_hash};
	enum document_outcome outcome;
	struct hub_document d;
	struct cause why = {0};
	enum err e;

	if (!take_type(r, &u.type) || !take_name(r, u.type, &u.name) ||
	    !request_query(r, "pointer", &u.pointer))
		return;
	e = hub_put_document(r->hub, r->arena, &by, &u, &outcome, &d, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_outcome(r, &u, outcome, &d);
}

/* ---- fetching ---- */

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       strchr("-._", c) != NULL;
}

/* The name twice (RFC 6266, 4.3): in ASCII for old programs, and whole, percent-encoded. Names hold no quotes. */
static const char *write_disposition(struct request *r, struct span name)
{
	struct text t = text_in(r->arena);

	text_string(&t, "attachment; filename=\"");
	for (uint32_t i = 0; i < name.n; i++)
		text_char(&t, name.p[i] && is_plain(name.p[i]) ? name.p[i] : '_');
	text_string(&t, "\"; filename*=UTF-8''");
	for (uint32_t i = 0; i < name.n; i++) {
		if (name.p[i] && is_plain(name.p[i]))
			text_char(&t, name.p[i]);
		else
			text_print(&t, "%%%02X", (unsigned)(unsigned char)name.p[i]);
	}
	text_char(&t, 0);
	return t.p;
}

static void reply_bytes(struct request *r, const struct hub_document *d, struct span bytes)
{
	const bool text = span_starts(d->type, SPAN("text/"));

	request_reply(
	    r, 200,
	    arena_print(r->arena, "%.*s%s", SPAN_ARG(d->type), text ? "; charset=utf-8" : ""),
	    bytes);
	r->reply.attachment = write_disposition(r, d->name);
	r->reply.document_state = document_state_name(d->state);
}

/* The bytes lie in an arena of their own, and count among those that the server may hold at once: a client that takes them slowly
 * keeps them for as long. */
static void give(struct request *r, const struct hub_document *d)
{
	const size_t room = (size_t)d->bytes + (1 << 20);
	struct cause why = {0};
	struct span bytes;
	enum err e;

	if (!request_hold(r, room)) {
		problem_reply(r, PROBLEM_BUSY, "too many documents are on their way at once");
		return;
	}
	r->large = arena_new(room);
	if (!r->large) {
		problem_of_cause(r, &(struct cause){ERR_NOMEM, "no memory for a document"});
		return;
	}
	e = hub_get_document_bytes(r->hub, r->large, d, &bytes, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_bytes(r, d, bytes);
}

void document_get(struct request *r)
{
	const struct document_asker by = asker_of(r);
	struct hub_document d;
	struct cause why = {0};
	enum err e = hub_get_document(r->hub, r->arena, &by, r->number, &d, &why);

	if (e)
		refuse(r, e, &why);
	else if (document_state_given(d.state))
		give(r, &d);
	else
		problem_reply(r, PROBLEM_SEALED, "it is %s", document_state_name(d.state));
}

/* ---- erasing ---- */

void document_erase(struct request *r)
{
	const struct document_asker by = asker_of(r);
	struct hub_document d;
	struct cause why = {0};
	struct span reason;
	enum err e;

	if (!request_reason(r, &reason))
		return;
	e = hub_erase_document(r->hub, r->arena, &by, r->number, reason, &d, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_document(r, 200, &d);
}
