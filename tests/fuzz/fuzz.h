/* What every fuzz target includes. A target is LLVMFuzzerTestOneInput(): it must hold its promises for any bytes, and
 * BUG_ON() says which one broke. libFuzzer calls it (-Dfuzz=true), and replay.c, over the corpus, in ordinary test runs. */
#ifndef CUSTOMHOUSE_TESTS_FUZZ_FUZZ_H
#define CUSTOMHOUSE_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The arena of one input, empty. */
static inline struct arena *fuzz_arena(void)
{
	static struct arena *a;

	if (!a)
		a = arena_new(LIMIT_ARENA_BYTES);
	BUG_ON(!a);
	arena_reset(a);
	return a;
}

static inline struct span fuzz_span(const uint8_t *data, size_t size)
{
	return (struct span){(const char *)data, (uint32_t)size, 0};
}

#endif
