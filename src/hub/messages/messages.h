/* Messages that are checked and kept: what a directory or a schema defines and the hub does not act on (passenger lists, loading
 * and discharge of containers, transport orders, transit). docs/messages.md tells it to people.
 *
 * A message is kept in the chain of its office: "message-input" (the bytes received) and "message-check" (message_check.h)
 * behind it. The table message is a projection. */
#ifndef CUSTOMHOUSE_HUB_MESSAGES_MESSAGES_H
#define CUSTOMHOUSE_HUB_MESSAGES_MESSAGES_H

#include "hub/hub.h"
#include "hub/people/people.h"

/* As hub_submit() of a declaration: decision is message_check_write()'s bytes, answer message_answer_write()'s. What its
 * definition refuses is kept as well, rejected. The key is what it is known by; empty: its bytes. */
void hub_keep_message(struct hub *h, struct submission *s);
/* The same, and waits. */
void hub_keep_message_wait(struct hub *h, struct submission *s);

/* ---- looking ---- */

/* The message of this reference, as one JSON document: for officers of its office and auditors the check, as stored, for its
 * sender the answer. ERR_NOT_FOUND: none, for them. */
enum err hub_write_message(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why) MUST_CHECK;

struct kept_bytes {
	struct span bytes; /* as received, in a */
	const struct msg_format *format;
};
/* Its bytes, for the same people. ERR_NOT_FOUND also when they were erased. */
enum err hub_get_message_bytes(struct hub *h, struct arena *a, const struct hub_look *look,
			       struct kept_bytes *ret, struct cause *why) MUST_CHECK;

enum { MESSAGES_PAGE_MAX = 200 };
struct message_page {
	struct span office;              /* officers: one of theirs; or */
	struct span party;               /* a sender: one of their parties */
	struct span type;                /* "PAXLST"; empty: of every type */
	struct span after;               /* "after" of the page before; empty: the first */
	uint32_t limit;                  /* 1 to MESSAGES_PAGE_MAX */
	const struct patience *patience; /* of whoever asks; NULL: not to be known */
};
/* {"messages":[{"reference","type","format","state","sender","login","office","sha256","bytes","received_at"}],"after"}, by
 * reference. ERR_DENIED; ERR_FORMAT: a page that is none. */
enum err hub_write_message_list(struct hub *h, struct text *to, const struct who *who,
				const struct message_page *page, struct span request,
				struct cause *why) MUST_CHECK;

#endif
