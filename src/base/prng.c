#include "base/prng.h"

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

struct prng prng_of(uint64_t seed, uint64_t stream)
{
	uint64_t of_stream = stream, state = seed ^ splitmix(&of_stream);
	struct prng r;

	for (int i = 0; i < 4; i++)
		r.s[i] = splitmix(&state);
	return r;
}

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t prng_next(struct prng *r)
{
	uint64_t result = rotate(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rotate(r->s[3], 45);
	return result;
}

uint64_t prng_below(struct prng *r, uint64_t n)
{
	uint64_t over = -n % n, x; /* 2^64 mod n: so many values would make some results likelier */

	BUG_ON(n == 0);
	do
		x = prng_next(r);
	while (x < over);
	return x % n;
}

int64_t prng_between(struct prng *r, int64_t low, int64_t high)
{
	return low + (int64_t)prng_below(r, (uint64_t)(high - low) + 1);
}

bool prng_chance(struct prng *r, uint32_t ppm)
{
	return prng_below(r, 1000000) < ppm;
}
