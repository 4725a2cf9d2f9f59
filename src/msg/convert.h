/* From one format to another, and what is lost on the way. */
#ifndef CUSTOMHOUSE_MSG_CONVERT_H
#define CUSTOMHOUSE_MSG_CONVERT_H

#include "msg/msg.h"

/* Something that the message said and what was written does not. */
struct lost {
	/* JSON pointer into the declaration; of what the model has no place for: the path in the words of the first format */
	struct span place;
	struct span value; /* as text, with its qualifier behind it */
	struct span now;   /* what stands there instead; empty: nothing */
	uint32_t line;     /* in the message */
	bool unmapped;
};

struct conversion {
	struct message message;   /* as read */
	struct findings findings; /* of reading */
	struct text written;
	DICT_LIST(struct lost) lost;
	uint32_t values; /* that the message gives: what is lost is some of them */
};

/* Reads a message (from NULL: recognised) and writes it in another format; reads that again and compares value by value, so that
 * what is lost is found, not promised. Everything lies in a. Errors as msg_read(); ERR_UNSUPPORTED also when the format cannot be
 * written, or cannot read its own (a bug, said in the fault). */
enum err msg_convert(struct arena *a, struct span bytes, const struct msg_format *from_or_null,
		     const struct edifact_set *directories, const struct msg_format *to,
		     struct conversion *ret, struct codec_fault *ret_fault) MUST_CHECK;

/* One value as text: number, or text, and its qualifier behind a blank. Inside arena_run(). */
struct span msg_value_text(struct arena *a, const struct dict_field *f, const void *value);

/* What `after` does not say that `before` says, in ret (a struct lost list). Inside arena_run(). */
void msg_compare(struct arena *a, const struct message *before, const struct message *after,
		 struct conversion *ret);

#endif
