/* Cutting a file, or a stream, into its messages, in whatever format: a window moves over it, and memory does not grow with it.
 *
 * A message that is cut off stands alone: it is what is stored and read again years later. Where a format says something once for
 * all messages of a file (the header of a table, the envelope of an interchange), it is repeated in each of them. */
#ifndef CUSTOMHOUSE_MSG_CUT_H
#define CUSTOMHOUSE_MSG_CUT_H

#include "msg/msg.h"

enum { MSG_CUT_HEAD_BYTES = 256 << 10 };

/* What is remembered from one message of a file to the next. Zeroed at the beginning of a file, but for the arena. */
struct msg_cutter {
	/* of whoever cuts: holds one message that was put together; emptied by each call */
	struct arena *arena;
	const struct msg_format *format; /* NULL: not yet recognised */
	/* the format's own: what stands before every message */
	char head[MSG_CUT_HEAD_BYTES];
	uint32_t head_n;
	uint32_t head_lines;
	char delimiter;
	uint32_t column;       /* that tells messages apart */
	struct span converted; /* a file in another encoding, whole, in UTF-8; in `whole` */
	struct arena *whole;
	struct arena *kept;
	struct edi_learned
	    *learned; /* in kept; for msg_read_next() of its messages, on one thread */
	uint64_t cut; /* messages so far */
};

/* ERR_NOMEM. */
enum err msg_cutter_open(struct msg_cutter *c) MUST_CHECK;
void msg_cutter_close(struct msg_cutter *c);
/* Another file begins. */
void msg_cutter_reset(struct msg_cutter *c);

/* Cuts the next message off *rest, with the line of the file where it begins (a message that was put together: so that its own
 * lines fit those of the file). last: the file ends with *rest. The message lives until the next call. Behind a broken message
 * of JSON reading goes on at the next line that begins with an object. MSG_CUT_MORE only when not last, and *rest still
 * begins where the message does. */
enum msg_cut msg_cut(struct msg_cutter *c, struct span *rest, bool last,
		     struct span *ret_message) MUST_CHECK;

/* Cuts JSON values off: for readers without a cutter. false at the end. */
bool msg_next(struct span *rest, struct span *ret_message);

/* For cut functions: moves over n bytes, and counts lines. */
void msg_advance(struct span *s, uint32_t n);

#endif
