#include "hub/documents/documents.h"

#include "hub/documents/document_room.h"

/* ---- states ---- */

static const struct {
	const char *id;
	bool given;
} states[] = {
#define STATE(name, id, given, meaning) [DOCUMENT_##name] = {id, given},
#include "hub/documents/document_states.def"
#undef STATE
};

const char *document_state_name(enum document_state s)
{
	return states[s].id;
}

bool document_state_given(enum document_state s)
{
	return states[s].given;
}

enum err document_state_by_name(struct span name, enum document_state *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (span_is(name, states[i].id)) {
			*ret = (enum document_state)i;
			return ERR_NONE;
		}
	}
	return ERR_NOT_FOUND;
}

/* ---- who sees what ---- */

enum err document_case(struct hub *h, struct store *s, struct arena *a,
		       const struct document_asker *by, enum purpose purpose,
		       struct store_declaration *ret_row, enum view *ret, struct cause *why)
{
	enum err e =
	    scope_case(h, s, a, by->who, by->reference, purpose, by->request, ret_row, ret, why);

	/* A request has a row of its own, and is no case. */
	return !e && span_is(ret_row->state, "request") ? ERR_NOT_FOUND : e;
}

bool document_seen(enum view v, int64_t number)
{
	switch (v) {
	case VIEW_NONE:
	case VIEW_CARRIER:
		return false;
	case VIEW_TRADER:
		return number < DOCUMENT_CUSTOMS_FROM;
	case VIEW_OFFICER:
	case VIEW_AUDITOR:
		return true;
	}
	return false;
}

enum err document_of_row(const struct store_document *row, struct hub_document *ret,
			 struct cause *why)
{
	*ret = (struct hub_document){
	    .reference = row->reference,
	    .number = row->number,
	    .version = row->version,
	    .name = row->name,
	    .type = row->type,
	    .pointer = row->pointer,
	    .sha256 = row->sha256,
	    .bytes = row->bytes,
	    .by = row->actor,
	    .at = row->at,
	};
	if (document_state_by_name(row->state, &ret->state))
		return fail(why, ERR_DB, "a document has the state \"%.*s\", which is none",
			    SPAN_ARG(row->state));
	return ERR_NONE;
}

/* ---- reading ---- */

struct reading {
	struct hub *hub;
	struct arena *arena;
	const struct document_asker *by;
	int64_t number; /* 0: all */
	struct hub_document *list;
	uint32_t n;
	struct span *bytes; /* of one, known already */
};

static enum err read_list(struct store *s, void *context, struct cause *why)
{
	struct reading *r = context;
	struct store_declaration row;
	struct store_document *rows;
	enum view view;
	uint32_t n;
	enum err e = document_case(r->hub, s, r->arena, r->by, PURPOSE_DOCUMENT, &row, &view, why);

	if (!e)
		e = store_list_documents(s, r->arena, row.office, row.reference, &rows, &n, why);
	if (e)
		return e;
	r->list = arena_try(r->arena, (n + 1) * sizeof(*r->list));
	if (!r->list)
		return fail(why, arena_failure(r->arena), "no memory for the list of documents");
	r->n = 0;
	for (uint32_t i = 0; i < n && !e; i++) {
		if (!document_seen(view, rows[i].number) ||
		    (r->number && r->number != rows[i].number))
			continue;
		e = document_of_row(&rows[i], &r->list[r->n++], why);
	}
	return e;
}

static enum err read_by(struct reading *r,
			enum err (*read)(struct store *s, void *context, struct cause *why),
			struct cause *why)
{
	struct store *s;
	enum err e = house_open_reader(r->hub, &s, why);

	if (e)
		return e;
	e = store_snapshot(s, read, r, why);
	house_close_reader(r->hub, s);
	return e;
}

enum err hub_list_documents(struct hub *h, struct arena *a, const struct document_asker *by,
			    struct hub_document **ret, uint32_t *ret_count, struct cause *why)
{
	struct reading r = {.hub = h, .arena = a, .by = by};
	enum err e = read_by(&r, read_list, why);

	if (!e) {
		*ret = r.list;
		*ret_count = r.n;
	}
	return e;
}

enum err hub_get_document(struct hub *h, struct arena *a, const struct document_asker *by,
			  int64_t number, struct hub_document *ret, struct cause *why)
{
	struct reading r = {.hub = h, .arena = a, .by = by, .number = number};
	enum err e = number > 0 ? read_by(&r, read_list, why) : ERR_NOT_FOUND;

	if (e || !r.n)
		return e ? e : ERR_NOT_FOUND;
	*ret = r.list[0];
	return ERR_NONE;
}

static enum err read_bytes(struct store *s, void *context, struct cause *why)
{
	struct reading *r = context;
	const int64_t number = r->list->number;
	struct store_declaration row;
	struct store_document known;
	enum err e = house_find_case(s, r->arena, r->list->reference, &row, why);

	if (!e)
		e = store_get_document(s, r->arena, row.office, row.reference, number, &known, why);
	/* A scanner may have found something since the caller looked. */
	if (!e && !span_is(known.state, document_state_name(r->list->state)))
		return fail(why, ERR_RETRY, "the state of the document changed: ask again");
	return e ? e
		 : store_get_document_body(s, r->arena, row.office, row.reference, number, r->bytes,
					   why);
}

enum err hub_get_document_bytes(struct hub *h, struct arena *a, const struct hub_document *d,
				struct span *ret, struct cause *why)
{
	struct hub_document of = *d;
	struct span bytes = {0};
	struct reading r = {.hub = h, .arena = a, .list = &of, .n = 1, .bytes = &bytes};
	struct hash hash;
	enum err e;

	BUG_ON(!document_state_given(d->state));
	e = read_by(&r, read_bytes, why);
	if (e)
		return e;
	hash = hash_bytes(bytes.p, bytes.n);
	if (!hash_equal(&hash, &d->sha256))
		return fail(why, ERR_DB,
			    "document %lld of %.*s is no longer what was handed in; run verify",
			    (long long)d->number, SPAN_ARG(d->reference));
	*ret = bytes;
	return ERR_NONE;
}
