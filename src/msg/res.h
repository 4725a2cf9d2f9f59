/* Answers as the response message of the WCO Data Model (format wco-res): MetaData around one or more Responses.
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

#endif
