/* How often somebody may ask: a token bucket for each user, and for each address that nobody is signed in from (of IPv6, each
 * network). Bounded: who has not asked for longest is forgotten, which gives them a full bucket. Any thread; time is an
 * argument. */
#ifndef CUSTOMHOUSE_HTTP_RATE_H
#define CUSTOMHOUSE_HTTP_RATE_H

#include "base/span.h"

struct rate;

enum { RATE_BURST_SECONDS = 10 }; /* a bucket that is full holds what comes in so long */

/* a_second requests; 0: as many as they like. */
enum err rate_open(unsigned a_second, struct rate **ret, struct cause *why) MUST_CHECK;
/* NULL is allowed. */
void rate_close(struct rate *r);
/* One more request of kind ("user", "address") and which, now (microseconds of a clock that never jumps). 0: go on; else the
 * seconds to wait. */
unsigned rate_take(struct rate *r, const char *kind, struct span which, int64_t now);
/* The same for the address of the other end, as text. Of IPv6 its network of 64 bits counts. */
unsigned rate_take_address(struct rate *r, const char *address, int64_t now);

#endif
