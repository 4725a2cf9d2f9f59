/* A conveyance arrives at one office, and cases of others waited for its goods. The node that takes the arrival presents those of
 * its own offices; of the rest it tells the others (follow.h), and each presents its own, on this thread, which may wait for the
 * writer. What cannot be presented yet, as the disk has no room or the office's node is just giving way to another, is tried for
 * half a minute; after that the arrival has to be said again (cargo.h). */
#ifndef CUSTOMHOUSE_HUB_CARGO_PRESENTER_H
#define CUSTOMHOUSE_HUB_CARGO_PRESENTER_H

#include "base/span.h"

struct hub;
struct presenter;

/* Becomes h->presenter. After the settle writer. */
enum err presenter_start(struct hub *h, struct cause *why) MUST_CHECK;
/* The settle writer must still run. NULL is allowed. */
void presenter_stop(struct presenter *p);
/* After presenter_stop(), and after the node's thread, which may still call presenter_note(). NULL is allowed. */
void presenter_free(struct presenter *p);
/* From any thread, without waiting: cases wait for what this report of the office has said, or another of its conveyance. Past
 * some dozens at once it is logged and dropped. NULL is allowed. */
void presenter_note(struct presenter *p, struct span office, struct span report);

#endif
