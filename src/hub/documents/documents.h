/* Documents of a case: papers that prove what a declaration says.
 *
 * A document is handed in with the place of the declaration that it proves (a JSON pointer into the newest version, or empty for
 * the whole case). It has two records, made in one transaction: an event of kind "document" in the office's chain with its
 * hash and no bytes, and a row with the bytes. What a scanner found and an order to erase are events too; verify compares all
 * of it. The same bytes for the same place are one document.
 *
 * Two sides: what traders hand in is seen by the case's own parties and by customs; what customs hands in, by customs alone. Each
 * side has its own numbers and limits, so that a trader cannot tell from them whether customs works on the case.
 *
 * Every function asks who may see the case; what may not be seen is not there (ERR_NOT_FOUND). Results lie in the arena. */
#ifndef CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENTS_H
#define CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENTS_H

#include "base/arena.h"
#include "base/hash.h"
#include "hub/documents/document_type.h"
#include "model/who.h"

struct hub;

enum document_state {
#define STATE(name, id, given, meaning) DOCUMENT_##name,
#include "hub/documents/document_states.def"
#undef STATE
};

const char *document_state_name(enum document_state s);
/* ERR_NOT_FOUND. */
enum err document_state_by_name(struct span name, enum document_state *ret) MUST_CHECK;
/* May the bytes be given out? */
bool document_state_given(enum document_state s);

/* The first number of a document of customs' own side. */
enum { DOCUMENT_CUSTOMS_FROM = 1001 };

struct hub_document {
	struct span reference;
	int64_t number, version; /* of the document; of the case when it came */
	struct span name, type, pointer;
	struct hash sha256;
	int64_t bytes;
	enum document_state state;
	struct span by; /* who handed it in */
	int64_t at;
};

static inline bool document_is_customs(const struct hub_document *d)
{
	return d->number >= DOCUMENT_CUSTOMS_FROM;
}

/* Who asks for which case, in which request (for the note of the access). */
struct document_asker {
	const struct who *who;
	struct span reference, request;
};

enum document_outcome {
	DOCUMENT_NEW,      /* stored just now */
	DOCUMENT_REPEATED, /* the same bytes for the same place were there */
	DOCUMENT_BAD_TYPE, /* the bytes are not of the type */
	DOCUMENT_BAD_NAME,
	DOCUMENT_NO_PLACE, /* the pointer leads nowhere in the newest version */
	DOCUMENT_FULL,     /* LIMIT_DOCUMENTS or LIMIT_CASE_DOCUMENT_BYTES is reached */
	DOCUMENT_CLOSED,   /* the case was rejected or cancelled */
};

/* The bytes are copied by nobody: they live until the call returns. */
struct document_upload {
	struct span pointer, name;
	const struct document_type *type;
	struct span bytes; /* 1 to LIMIT_DOCUMENT_BYTES */
	struct hash sha256;
};

/* document_put.c. *ret is filled for DOCUMENT_NEW, after COMMIT, and DOCUMENT_REPEATED. ERR_NOT_FOUND; ERR_DENIED: may see the
 * case, and not hand in; ERR_BUSY; errors of the store. Waits for the writer. */
enum err hub_put_document(struct hub *h, struct arena *a, const struct document_asker *by,
			  const struct document_upload *u, enum document_outcome *ret_outcome,
			  struct hub_document *ret, struct cause *why) MUST_CHECK;
/* Erases the bytes, of whatever state. reason: 1 to LIMIT_REASON_BYTES of UTF-8, for the log. Again is nothing. For a supervisor
 * of the office: ERR_DENIED otherwise. ERR_NOT_FOUND. Waits for the writer. */
enum err hub_erase_document(struct hub *h, struct arena *a, const struct document_asker *by,
			    int64_t number, struct span reason, struct hub_document *ret,
			    struct cause *why) MUST_CHECK;

/* documents.c. By number. */
enum err hub_list_documents(struct hub *h, struct arena *a, const struct document_asker *by,
			    struct hub_document **ret, uint32_t *ret_count,
			    struct cause *why) MUST_CHECK;
enum err hub_get_document(struct hub *h, struct arena *a, const struct document_asker *by,
			  int64_t number, struct hub_document *ret, struct cause *why) MUST_CHECK;
/* The bytes of a document that hub_get_document() gave, whose state lets them out. ERR_NOT_FOUND: erased in between.
 * ERR_RETRY: its state changed in between. ERR_DB: they are no longer what was handed in. */
enum err hub_get_document_bytes(struct hub *h, struct arena *a, const struct hub_document *d,
				struct span *ret, struct cause *why) MUST_CHECK;

#endif
