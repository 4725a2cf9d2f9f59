/* Answers as messages: of the WCO Data Model (format wco-res), MetaData around one or more Responses; and CUSRES of UN/EDIFACT
 * (format cusres), which edi_write_cusres() writes.
 *
 * Written, it is valid against the schema of urn:wco:datamodel:WCO:RES-DMS:2. What that has no room for is shortened or left out,
 * as docs/wco-res.md lists. Read, elements are known by their local names, as senders disagree about namespaces; what the model
 * has no place for is kept as unmapped. */
#ifndef CUSTOMHOUSE_MSG_RES_H
#define CUSTOMHOUSE_MSG_RES_H

#include "codec/json.h" /* struct codec_fault */
#include "model/response.h"

/* Appends the message. Every kind must be known. Inside arena_run(). */
void msg_write_responses(struct text *to, const struct responses *r);

/* Reads one message; everything lies in a, nothing points into bytes. Runs its own arena_run(). ERR_FORMAT: not well-formed,
 * *ret_fault says where; ERR_UNSUPPORTED: well-formed, but no response; ERR_LIMIT, ERR_NOMEM. */
enum err msg_read_responses(struct arena *a, struct span bytes, struct responses *ret,
			    struct codec_fault *ret_fault) MUST_CHECK;

struct edifact_set;

/* Reads every CUSRES of an interchange, or of several behind one another; other messages are passed over, but some CUSRES there
 * must be. Each indicator (GIS, GEI) is a response; the first has the errors of its message, the last all else. What
 * docs/formats/cusres.md has no row for is kept as unmapped. directories (may be NULL): beside those that are built in.
 * Everything lies in a. Runs its own arena_run().
 * ERR_FORMAT: no segments, or a message that its directory does not allow, codes of lists apart: partners agree on their own;
 * *ret_fault says where. ERR_UNSUPPORTED: no CUSRES. ERR_LIMIT, ERR_NOMEM. */
enum err msg_read_cusres(struct arena *a, struct span bytes, const struct edifact_set *directories,
			 struct responses *ret, struct codec_fault *ret_fault) MUST_CHECK;
/* By their first bytes, whichever of the two it is. */
enum err msg_read_any_responses(struct arena *a, struct span bytes,
				const struct edifact_set *directories, struct responses *ret,
				struct codec_fault *ret_fault) MUST_CHECK;

#endif
