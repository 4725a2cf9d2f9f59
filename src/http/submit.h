/* What the trader's and the operator's way of handing in a declaration share. */
#ifndef CUSTOMHOUSE_HTTP_SUBMIT_H
#define CUSTOMHOUSE_HTTP_SUBMIT_H

#include "http/request.h"

/* The Idempotency-Key header; empty: none. Lives as long as the request. false: a problem was left. */
bool submit_take_key(struct request *r, struct span *ret);
/* The format of the body, by its content type; *ret NULL: the hub recognises it. false: a problem was left. */
bool submit_take_format(struct request *r, const struct msg_format **ret);
/* The same of a cargo report. */
bool submit_take_cargo_format(struct request *r, const struct msg_format **ret);
/* The same of a message that is kept. */
bool submit_take_message_format(struct request *r, const struct msg_format **ret);
/* Fills r->submission from headers and body. false: a problem was left. */
bool submit_prepare(struct request *r);
/* Is the outcome one that is stored? If not, a problem was left. */
bool submit_stored(struct request *r);
/* 201 or 200. */
unsigned submit_status(const struct outcome *o);

#endif
