/* Eight bytes at a time: finding the few bytes that matter inside long runs of text, without vector instructions.
 *
 * A mask has the high bit set of each byte that matches; only its lowest set bit is exact (a borrow may mark bytes above a
 * match), which is the one that readers need. Private to codec/. */
#ifndef CUSTOMHOUSE_CODEC_EIGHT_H
#define CUSTOMHOUSE_CODEC_EIGHT_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))
#define EIGHT_HIGH  EIGHT(0x80)

/* The first byte of memory is the lowest of the number, on every machine. */
static inline uint64_t eight_load(const unsigned char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return le64toh(x);
}

/* A mask of what cannot stand raw in a JSON string: quote, backslash, control characters. */
static inline uint64_t eight_string_stops(uint64_t x)
{
	uint64_t quote = (x ^ EIGHT('"')) - EIGHT(1);
	uint64_t backslash = (x ^ EIGHT('\\')) - EIGHT(1);
	uint64_t control = x - EIGHT(0x20);

	return (quote | backslash | control) & ~x & EIGHT_HIGH;
}

/* Does any quote, backslash or control character stand in p[0..n)? The last eight bytes may be looked at twice. */
static inline bool eight_string_has_stop(const unsigned char *p, size_t n)
{
	uint64_t stops = 0, x = EIGHT(' ');

	if (n >= 8) {
		for (size_t i = 0; i + 8 < n; i += 8)
			stops |= eight_string_stops(eight_load(p + i));
		return stops | eight_string_stops(eight_load(p + n - 8));
	}
	for (size_t i = 0; i < n; i++)
		x = x << 8 | p[i];
	return eight_string_stops(x);
}

/* Index of the first byte that a mask names; mask != 0. */
static inline unsigned eight_first(uint64_t mask)
{
	return (unsigned)__builtin_ctzll(mask) / 8;
}

/* Where the first quote, backslash or control character of p..end stands, or end. The high bits of what lies before it are
 * or-ed into *high: is there anything but ASCII? */
static inline const unsigned char *eight_string_end(const unsigned char *p,
						    const unsigned char *end, uint64_t *high)
{
	for (; end - p >= 8; p += 8) {
		uint64_t x = eight_load(p);
		uint64_t stops = eight_string_stops(x);

		if (stops) {
			*high |= x & ((stops & (0 - stops)) - 1);
			return p + eight_first(stops);
		}
		*high |= x;
	}
	for (; p < end && *p != '"' && *p != '\\' && *p >= 0x20; p++)
		*high |= *p;
	return p;
}

#endif
