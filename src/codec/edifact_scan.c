/* Where service characters stand, 64 bytes at a time: a mask with a bit a byte, made by whatever the machine does best.
 *
 * AVX2: two table look-ups by half-bytes name the whole set at once (the way of G. Langdale and D. Lemire, 2019). SSE2: a compare
 * for each sign. Portable: eight bytes in a register, and arithmetic. */
#include "codec/edifact_scan.h"

#include "codec/eight.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 64 };

void edifact_signal_add(struct edifact_signal *s, char sign)
{
	uint8_t byte = (uint8_t)sign;
	uint8_t bit;

	for (unsigned i = 0; i < s->count; i++)
		if (s->byte[i] == byte)
			return;
	BUG_ON(s->count == ARRAY_LEN(s->byte));
	bit = (uint8_t)(1u << s->count);
	s->byte[s->count++] = byte;
	s->low[byte & 15] |= bit;
	s->high[byte >> 4] |= bit;
}

/* Takes out of a block's stops those that a release sign stands before, and the sign behind a released sign. */
static uint64_t take_released(const struct edifact_signal *s, uint64_t stops, uint64_t releases,
			      const uint8_t *p, unsigned size, bool *carry)
{
	uint64_t released = *carry && !(s->counts_lines && p[0] == '\n');

	releases &= ~(uint64_t)*carry;
	*carry = false;
	while (releases) {
		unsigned at = (unsigned)__builtin_ctzll(releases);

		releases &= ~(UINT64_C(3) << at);
		if (at == size - 1)
			*carry = true;
		else if (!s->counts_lines || p[at + 1] != '\n')
			released |= UINT64_C(2) << at;
	}
	return stops & ~released;
}

static inline __attribute__((always_inline)) uint32_t *put_stops(uint32_t *stop, uint32_t from,
								 uint64_t stops)
{
	while (stops) {
		*stop++ = from + (uint32_t)__builtin_ctzll(stops);
		stops &= stops - 1;
	}
	return stop;
}

typedef void masks_fn(const struct edifact_signal *s, const uint8_t *p, uint64_t *ret_stops,
		      uint64_t *ret_releases);

/* The same walk for every way; masks is inlined. */
static inline __attribute__((always_inline)) uint32_t scan_blocks(const struct edifact_signal *s,
								  const uint8_t *p, size_t n,
								  uint32_t *stop, bool *carry,
								  masks_fn *masks)
{
	uint32_t *to = stop;
	uint64_t stops, releases;
	size_t i = 0;

	for (; i + BLOCK <= n; i += BLOCK) {
		masks(s, p + i, &stops, &releases);
		if (releases | *carry)
			stops = take_released(s, stops, releases, p + i, BLOCK, carry);
		to = put_stops(to, (uint32_t)i, stops);
	}
	if (i < n) {
		uint8_t rest[BLOCK] = {0};
		uint64_t mine = (UINT64_C(1) << (n - i)) - 1;

		memcpy(rest, p + i, n - i);
		masks(s, rest, &stops, &releases);
		stops =
		    take_released(s, stops & mine, releases & mine, rest, (unsigned)(n - i), carry);
		to = put_stops(to, (uint32_t)i, stops);
	}
	return (uint32_t)(to - stop);
}

/* ---- portable ---- */

/* A bit for each byte of x that is `sign`. */
static inline uint64_t eight_equal(uint64_t x, uint8_t sign)
{
	uint64_t y = x ^ EIGHT(sign);
	uint64_t low = EIGHT(0x7f);
	uint64_t zero = ~(((y & low) + low) | y | low);

	return (zero >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline void masks_portable(const struct edifact_signal *s, const uint8_t *p,
				  uint64_t *ret_stops, uint64_t *ret_releases)
{
	uint64_t stops = 0, releases = 0;

	for (unsigned i = 0; i < BLOCK / 8; i++) {
		uint64_t x = eight_load(p + (size_t)8 * i), bits = 0;

		for (unsigned k = 0; k < s->count; k++)
			bits |= eight_equal(x, s->byte[k]);
		stops |= bits << (8 * i);
		if (s->releases)
			releases |= eight_equal(x, s->release) << (8 * i);
	}
	*ret_stops = stops;
	*ret_releases = releases;
}

static uint32_t scan_portable(const struct edifact_signal *s, const uint8_t *p, size_t n,
			      uint32_t *stop, bool *carry)
{
	return scan_blocks(s, p, n, stop, carry, masks_portable);
}

/* ---- x86-64 ---- */

#if defined(__x86_64__)
static inline void masks_sse2(const struct edifact_signal *s, const uint8_t *p, uint64_t *ret_stops,
			      uint64_t *ret_releases)
{
	__m128i release = _mm_set1_epi8((char)s->release);
	uint64_t stops = 0, releases = 0;

	for (unsigned i = 0; i < BLOCK / 16; i++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + (size_t)16 * i));
		__m128i any = _mm_setzero_si128();

		for (unsigned k = 0; k < s->count; k++)
			any = _mm_or_si128(any, _mm_cmpeq_epi8(x, _mm_set1_epi8((char)s->byte[k])));
		stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(any) << (16 * i);
		if (s->releases)
			releases |=
			    (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, release))
			    << (16 * i);
	}
	*ret_stops = stops;
	*ret_releases = releases;
}

static uint32_t scan_sse2(const struct edifact_signal *s, const uint8_t *p, size_t n,
			  uint32_t *stop, bool *carry)
{
	return scan_blocks(s, p, n, stop, carry, masks_sse2);
}

#define AVX2 __attribute__((target("avx2,bmi")))

static inline AVX2 void masks_avx2(const struct edifact_signal *s, const uint8_t *p,
				   uint64_t *ret_stops, uint64_t *ret_releases)
{
	__m256i low =
	    _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)s->low));
	__m256i high =
	    _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)s->high));
	__m256i half = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
	__m256i release = _mm256_set1_epi8((char)s->release);
	uint64_t stops = 0, releases = 0;

	for (unsigned i = 0; i < BLOCK / 32; i++) {
		__m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(p + (size_t)32 * i));
		__m256i by_low = _mm256_shuffle_epi8(low, _mm256_and_si256(x, half));
		__m256i by_high =
		    _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(x, 4), half));
		__m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(by_low, by_high), zero);

		stops |= (uint64_t)(uint32_t)~_mm256_movemask_epi8(none) << (32 * i);
		releases |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, release))
			    << (32 * i);
	}
	*ret_stops = stops;
	*ret_releases = s->releases ? releases : 0;
}

static AVX2 uint32_t scan_avx2(const struct edifact_signal *s, const uint8_t *p, size_t n,
			       uint32_t *stop, bool *carry)
{
	return scan_blocks(s, p, n, stop, carry, masks_avx2);
}
#endif

/* ---- choosing ---- */

/* What this machine can do, the best one last. */
static uint32_t ways_here(edifact_scan_fn *ret_scan[EDIFACT_WAYS],
			  const char *ret_name[EDIFACT_WAYS])
{
	uint32_t n = 0;

	ret_name[n] = "portable";
	ret_scan[n++] = scan_portable;
#if defined(__x86_64__)
	ret_name[n] = "sse2";
	ret_scan[n++] = scan_sse2;
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
		ret_name[n] = "avx2";
		ret_scan[n++] = scan_avx2;
	}
#endif
	return n;
}

edifact_scan_fn *edifact_best_scan(void)
{
	edifact_scan_fn *scan[EDIFACT_WAYS];
	const char *name[EDIFACT_WAYS];
	uint32_t n = ways_here(scan, name);

	return scan[n - 1];
}

const char *edifact_scan_name(uint32_t i)
{
	edifact_scan_fn *scan[EDIFACT_WAYS];
	const char *name[EDIFACT_WAYS];

	return i < ways_here(scan, name) ? name[i] : NULL;
}

void edifact_scan_by(struct edifact *r, uint32_t i)
{
	edifact_scan_fn *scan[EDIFACT_WAYS];
	const char *name[EDIFACT_WAYS];

	BUG_ON(i >= ways_here(scan, name));
	r->scan = scan[i];
}
