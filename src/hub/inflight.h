/* Which message each thread is working on, so that an input that kills the process is known afterwards and kept apart.
 *
 * A file of the data directory, mapped and shared, has one slot a thread. What is written there survives the death
 * of the process (not of the machine, which is enough: a crash of ours is not a power cut). A fatal signal marks the
 * slot of the thread it came in; a kill -9 marks nothing, so innocent messages are never accused. */
#ifndef CUSTOMHOUSE_HUB_INFLIGHT_H
#define CUSTOMHOUSE_HUB_INFLIGHT_H

#include "base/hash.h"

struct inflight;

/* Opens or makes the file, gives every marked message of the process before to found(), and installs the handlers of
 * fatal signals. */
enum err inflight_open(const char *directory,
		       enum err (*found)(void *context, struct span message, struct cause *why),
		       void *context, struct inflight **ret, struct cause *why) MUST_CHECK;
void inflight_close(struct inflight *f);

/* This thread works on message (copied) until inflight_leave(). Without a free slot, nothing is noted. f may be NULL. */
void inflight_enter(struct inflight *f, struct span message);
void inflight_leave(struct inflight *f);

#endif
