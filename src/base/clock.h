/* The only place that reads the clock and the machine's random source. Engines may not include it (tidy). */
#ifndef CUSTOMHOUSE_BASE_CLOCK_H
#define CUSTOMHOUSE_BASE_CLOCK_H

#include "base/base.h"

/* Microseconds UTC since 1970. */
int64_t clock_now(void);
/* Microseconds of a clock that never jumps, for durations. */
int64_t clock_steady(void);
/* n bytes from the kernel; aborts when it has none, which a running system never does. */
void random_bytes(void *p, size_t n);

#endif
