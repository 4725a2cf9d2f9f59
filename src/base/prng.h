/* A pseudo-random sequence that is the same on every machine: for synthetic data and tests, never for keys or draws
 * (base/clock.h has the machine's random source, hub/settle/draw.h the lottery).
 *
 * xoshiro256** of D. Blackman and S. Vigna (2018), seeded by SplitMix64 (Steele, Lea, Flood, 2014). C's own rand() differs
 * between libraries and keeps hidden state. */
#ifndef CUSTOMHOUSE_BASE_PRNG_H
#define CUSTOMHOUSE_BASE_PRNG_H

#include "base/base.h"

struct prng {
	uint64_t s[4];
};

/* Sequence number `stream` of a seed: sequences of one seed do not depend on each other's length. */
struct prng prng_of(uint64_t seed, uint64_t stream);
uint64_t prng_next(struct prng *r);
/* 0 .. n - 1, each as likely; n > 0. */
uint64_t prng_below(struct prng *r, uint64_t n);
/* low .. high, both included. */
int64_t prng_between(struct prng *r, int64_t low, int64_t high);
/* True so many times in a million. */
bool prng_chance(struct prng *r, uint32_t ppm);

#endif
