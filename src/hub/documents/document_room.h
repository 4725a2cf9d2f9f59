/* Inside the documents: what their files share. Not for callers. */
#ifndef CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENT_ROOM_H
#define CUSTOMHOUSE_HUB_DOCUMENTS_DOCUMENT_ROOM_H

#include "hub/documents/documents.h"
#include "hub/house.h"
#include "hub/people/people.h"

/* The case, and how much of it and of its documents the asker sees. s: a connection to read by. ERR_NOT_FOUND. */
enum err document_case(struct hub *h, struct store *s, struct arena *a,
		       const struct document_asker *by, enum purpose purpose,
		       struct store_declaration *ret_row, enum view *ret,
		       struct cause *why) MUST_CHECK;
/* May this view see the document? */
bool document_seen(enum view v, int64_t number);
/* A row as callers see it. ERR_DB: a state that is none. */
enum err document_of_row(const struct store_document *row, struct hub_document *ret,
			 struct cause *why) MUST_CHECK;

/* document_put.c: all of a case, in a batch. */
enum err document_erase_all(struct batch *b, const struct store_declaration *row, struct span login,
			    struct span reason, struct cause *why) MUST_CHECK;

/* document_put.c: what the scanner found, as an event and in the row, in one transaction. Nothing when the document is no longer
 * waiting for it. signature: what it was found to be; empty for DOCUMENT_CLEAN. Waits for the writer. */
enum err document_settle_verdict(struct hub *h, const struct store_document *d,
				 enum document_state verdict, struct span signature,
				 struct cause *why) MUST_CHECK;

#endif
