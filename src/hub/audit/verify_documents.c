/* Documents as the log tells them, against their rows and bytes. */
#include <stdio.h>

#include "hub/audit/verify.h"
#include "hub/documents/document_room.h"

enum { KEY_BYTES = 160 };

static struct span key_of(char room[KEY_BYTES], struct span office, struct span reference,
			  int64_t number)
{
	snprintf(room, KEY_BYTES, "%.*s %.*s %lld", SPAN_ARG(office), SPAN_ARG(reference),
		 (long long)number);
	return span_of(room);
}

/* Remembers what state the log leaves a document in. */
static void note_state(struct verify *v, const struct event *e, int64_t number, const char *state)
{
	char room[KEY_BYTES];
	const struct span key = key_of(room, e->office, e->reference, number);
	struct span *known = map_get(&v->documents, key);

	if (!known) {
		known = ARENA_NEW(v->whole, struct span);
		map_put(&v->documents, span_copy(v->whole, key), known);
	}
	*known = span_of(state);
}

static bool same_document(const struct store_document *row, const struct event *e,
			  const struct json *said)
{
	struct hash h;
	int64_t bytes;

	return !hash_from_hex(json_get_text(said, "sha256"), &h) && hash_equal(&h, &row->sha256) &&
	       !json_get_int(said, "bytes", &bytes) && bytes == row->bytes &&
	       span_equal(json_get_text(said, "name"), row->name) &&
	       span_equal(json_get_text(said, "type"), row->type) &&
	       span_equal(json_get_text(said, "pointer"), row->pointer) &&
	       e->version == row->version && e->at == row->at && span_equal(e->actor, row->actor);
}

/* What never changes of a document is compared at once, its state when all was read. */
static void check_row(struct verify *v, const struct event *e, const struct json *said,
		      int64_t number)
{
	struct store_document row;
	enum err err =
	    store_get_document(v->store, v->once, e->office, e->reference, number, &row, NULL);

	if (err == ERR_NOT_FOUND)
		verify_fault(v, e->office, e->seq, e->reference,
			     "the log has document %lld, the list of documents does not",
			     (long long)number);
	else if (err || !same_document(&row, e, said))
		verify_fault(
		    v, e->office, e->seq, e->reference,
		    "the list of documents does not say of document %lld what the log says",
		    (long long)number);
}

void verify_document_event(struct verify *v, const struct event *e)
{
	const bool document = span_is(e->kind, "document"), erasure = span_is(e->kind, "erasure");
	enum document_state state = DOCUMENT_ERASED;
	struct codec_fault fault;
	const struct json *said;
	int64_t number;

	if (!document && !erasure && !span_is(e->kind, "scan"))
		return;
	v->documents_wanted += document;
	if (!e->payload.p) {
		v->documents_blind = true;
		return;
	}
	if (json_read(v->once, e->payload, &said, &fault) ||
	    json_get_int(said, "number", &number) ||
	    (!erasure && document_state_by_name(json_get_text(said, "state"), &state))) {
		verify_fault(v, e->office, e->seq, e->reference, "this %.*s cannot be read",
			     SPAN_ARG(e->kind));
		return;
	}
	note_state(v, e, number, document_state_name(state));
	if (document)
		check_row(v, e, said, number);
}

struct tally {
	struct verify *v;
	int64_t rows, bodies;
};

static void check_bytes(struct tally *t, const struct store_document *d)
{
	struct hash h;
	const enum err e =
	    store_hash_document_body(t->v->store, d->office, d->reference, d->number, &h, NULL);

	t->bodies++;
	if (e)
		verify_fault(t->v, d->office, 0, d->reference,
			     "the bytes of document %lld are gone", (long long)d->number);
	else if (!hash_equal(&h, &d->sha256))
		verify_fault(t->v, d->office, 0, d->reference,
			     "the bytes of document %lld were changed after they were stored",
			     (long long)d->number);
}

static enum err compare(void *context, const struct store_document *d, struct cause *why)
{
	struct tally *t = context;
	char room[KEY_BYTES];
	const struct span *state =
	    map_get(&t->v->documents, key_of(room, d->office, d->reference, d->number));

	(void)why;
	t->rows++;
	if (!state && !t->v->documents_blind)
		verify_fault(t->v, d->office, 0, d->reference,
			     "the log does not know document %lld", (long long)d->number);
	else if (state && !span_equal(*state, d->state) && !t->v->documents_blind)
		verify_fault(t->v, d->office, 0, d->reference,
			     "document %lld is %.*s in the list of documents and %.*s in the log",
			     (long long)d->number, SPAN_ARG(d->state), SPAN_ARG(*state));
	if (!span_is(d->state, document_state_name(DOCUMENT_ERASED)))
		check_bytes(t, d);
	return ERR_NONE;
}

enum err verify_documents(struct verify *v, struct cause *why)
{
	struct tally t = {.v = v};
	int64_t bodies = 0;
	enum err e = store_scan_documents(v->store, compare, &t, why);

	if (!e)
		e = store_count_document_bodies(v->store, &bodies, why);
	if (e)
		return e;
	if (t.rows != v->documents_wanted)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the list of documents has %lld rows, the log %lld documents",
			     (long long)t.rows, (long long)v->documents_wanted);
	if (bodies != t.bodies)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "the bytes of %lld documents are kept, and %lld documents have some",
			     (long long)bodies, (long long)t.bodies);
	return ERR_NONE;
}
