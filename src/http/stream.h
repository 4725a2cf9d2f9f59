/* Streams of notices: answers that do not end (server-sent events, WHATWG HTML, section 9.2).
 *
 * A stream that has nothing to say is suspended and costs a few hundred bytes and its connection. One thread, the feeder, reads
 * the outbox for those that were woken, never more for each than a bounded piece, and the next piece only when the one before has
 * left: a slow reader holds up nobody, and is dropped when it takes nothing for a while. It resumes with Last-Event-ID. */
#ifndef CUSTOMHOUSE_HTTP_STREAM_H
#define CUSTOMHOUSE_HTTP_STREAM_H

#include "base/span.h"

struct hub;
struct MHD_Connection;
struct MHD_Response;
struct stream;
struct streams;

enum err streams_start(struct hub *h, struct streams **ret, struct cause *why) MUST_CHECK;
/* Ends every stream, and takes no new ones. The connections must still be served. NULL is allowed. */
void streams_end(struct streams *all);
/* After the last stream is closed. NULL is allowed. */
void streams_stop(struct streams *all);
/* How many are open. */
uint32_t streams_count(struct streams *all);

enum { STREAM_FROM_NOW = -1 };

/* A stream of what the party is told behind the number `after`; STREAM_FROM_NOW: from now on. party is copied. Waits for nothing.
 * ERR_BUSY: LIMIT_STREAMS, or LIMIT_STREAMS_OF_PARTY, are open, or streams end. */
enum err stream_open(struct streams *all, struct span party, int64_t after, struct stream **ret,
		     struct cause *why) MUST_CHECK;
/* For a stream from now on, once, before its response is made: the feeder finds where it begins, and calls ready(context) from
 * its own thread, under its lock. Until then the stream must not be closed. */
void stream_find(struct stream *s, void (*ready)(void *context), void *context);
/* After that: was it found? Otherwise the stream can only be closed. */
enum err stream_found(struct stream *s, struct cause *why) MUST_CHECK;
/* For a stream that was not handed over with stream_response(). NULL is allowed. */
void stream_close(struct stream *s);

/* server.c: the answer that the stream is, which owns it from now on. NULL: no memory; the stream is still the caller's. */
struct MHD_Response *stream_response(struct stream *s, struct MHD_Connection *c);

#endif
