/* What the hub concludes of a message that it only checks: pure, with every fact in it, written in one form that replay compares
 * byte for byte. */
#ifndef CUSTOMHOUSE_HUB_MESSAGES_MESSAGE_CHECK_H
#define CUSTOMHOUSE_HUB_MESSAGES_MESSAGE_CHECK_H

#include "base/hash.h"
#include "codec/json.h"
#include "msg/msg.h"

enum { MESSAGE_CHECK_FORMAT = 1 };

struct message_facts {
	int64_t received_at;
	struct span office, reference;
	struct span sender; /* in whose name; empty: nobody says */
	struct span key;    /* what the sender knows it by */
	struct span login;  /* of whoever handed it in */
};

struct message_check {
	struct hash input;
	uint64_t input_bytes;
	const struct msg_format *format;
	struct msg_heading heading;
	struct findings findings;
	struct message_facts facts;
};

static inline bool message_accepted(const struct message_check *c)
{
	return !c->findings.errors;
}

/* Inside arena_run() of the text's arena: the bytes that are kept. */
void message_check_write(struct text *to, const struct message_check *c);
/* What the sender is told of a stored check, in the form of answer_write():
 *     {"reference","trader_reference","version","asked":"message","type","state","received_at","findings":[...]} */
void message_answer_write(struct text *to, const struct json *check);

/* Checks a stored message again, from its bytes and the facts of then. *ret in a. Outside arena_run(). */
enum err message_recheck(struct arena *a, struct span input, const struct json *check,
			 const struct edifact_set *directories, struct span *ret,
			 struct cause *why) MUST_CHECK;

#endif
