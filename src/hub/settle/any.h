/* Messages of whatever kind, as they stand together in an interchange or a file: each goes its own kind's way. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_ANY_H
#define CUSTOMHOUSE_HUB_SETTLE_ANY_H

#include "hub/hub.h"

enum message_kind {
	MESSAGE_DECLARATION,
	MESSAGE_CARGO_REPORT,
	MESSAGE_KEPT, /* checked and kept: it waits for no other, and none for it */
};

/* By its format, or where that is NULL or one of several with the same content type, by its bytes. */
enum message_kind message_kind_of(struct span raw, const struct msg_format *format_or_null);

/* As hub_submit(), hub_submit_cargo(), hub_keep_message(). Once done() was called, hub_follow() (hub/cargo/cargo.h) is the
 * caller's to call.
 *
 * Messages of two kinds that are handed in one after the other, without the first being done, are settled in either order: a
 * batch takes its declarations first. Who means an order waits where the kind changes. */
void hub_submit_any(struct hub *h, struct submission *s);

#endif
