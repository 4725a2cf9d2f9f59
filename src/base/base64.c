#include "base/base64.h"

static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct text *t, const void *p, size_t n)
{
	const uint8_t *b = p;
	char *to = text_room(t, base64_size(n));

	for (; n >= 3; n -= 3, b += 3) {
		*to++ = digit[b[0] >> 2];
		*to++ = digit[(b[0] & 3) << 4 | b[1] >> 4];
		*to++ = digit[(b[1] & 15) << 2 | b[2] >> 6];
		*to++ = digit[b[2] & 63];
	}
	if (n) {
		const uint8_t second = n == 2 ? b[1] : 0;

		*to++ = digit[b[0] >> 2];
		*to++ = digit[(b[0] & 3) << 4 | second >> 4];
		*to++ = n == 2 ? digit[(second & 15) << 2] : '=';
		*to++ = '=';
	}
	t->n = (size_t)(to - t->p);
}

/* What a character stands for; 64 and above: nothing. */
static uint32_t value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : 64;
}

/* The bits of four characters, of which the last `pads` are padding. False when they are not base64. */
static bool read_four(const char *p, uint32_t pads, uint32_t *ret)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < 4 - pads; i++) {
		const uint32_t v = value_of(p[i]);

		if (v > 63)
			return false;
		bits |= v << (18 - 6 * i);
	}
	*ret = bits;
	/* Bits that no byte takes must be zero: each value is written in one way only. */
	return !(pads == 1 && bits & 0xff) && !(pads == 2 && bits & 0xffff);
}

enum err base64_read(struct arena *a, struct span s, struct span *ret)
{
	const uint32_t pads = s.n < 4 ? 0 : s.p[s.n - 2] == '=' ? 2 : s.p[s.n - 1] == '=';
	char *bytes, *to;

	if (s.n % 4)
		return ERR_FORMAT;
	bytes = to = arena_try(a, (size_t)s.n / 4 * 3 + 1);
	if (!bytes)
		return arena_failure(a);
	for (uint32_t i = 0; i < s.n; i += 4) {
		const uint32_t padded = i + 4 == s.n ? pads : 0;
		uint32_t bits;

		if (!read_four(s.p + i, padded, &bits) || (padded == 2 && s.p[s.n - 1] != '='))
			return ERR_FORMAT;
		*to++ = (char)(bits >> 16);
		if (padded < 2)
			*to++ = (char)(bits >> 8);
		if (padded < 1)
			*to++ = (char)bits;
	}
	*ret = (struct span){bytes, (uint32_t)(to - bytes), s.line};
	return ERR_NONE;
}
