/* Which message each thread is working on, so that an input that kills the process is known afterwards and kept apart.
 *
 * The handler of fatal signals writes the message of the thread that it came in to a file of the data directory, which the next
 * process reads. A kill -9 writes nothing, so innocent messages are never accused. Nothing is written before something is wrong:
 * a map of a file would do that for each message, and a full disk would then kill the process by itself. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_INFLIGHT_H
#define CUSTOMHOUSE_HUB_SETTLE_INFLIGHT_H

#include "base/hash.h"

struct inflight;

/* Opens or makes the file, gives the message of the process before to found(), empties it, and installs the handlers of
 * fatal signals. */
enum err inflight_open(const char *directory,
		       enum err (*found)(void *context, struct span message, struct cause *why),
		       void *context, struct inflight **ret, struct cause *why) MUST_CHECK;
void inflight_close(struct inflight *f);

/* This thread works on message, which lives until inflight_leave(). f may be NULL. */
void inflight_enter(struct inflight *f, struct span message);
void inflight_leave(struct inflight *f);

#endif
