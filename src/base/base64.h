/* Base64 (RFC 4648, section 4: with padding, without line ends). glib and libcrypto have one; the first is a large dependency
 * for a small thing, the second adds line ends and cannot refuse what is not canonical. */
#ifndef CUSTOMHOUSE_BASE_BASE64_H
#define CUSTOMHOUSE_BASE_BASE64_H

#include "base/span.h"
#include "base/text.h"

/* How many characters n bytes become. */
static inline size_t base64_size(size_t n)
{
	return (n + 2) / 3 * 4;
}

void base64_write(struct text *t, const void *p, size_t n);
/* The bytes in the arena (p is never NULL). ERR_FORMAT: not base64, or not the one way to write these bytes. ERR_NOMEM,
 * ERR_LIMIT: the arena has no room; it is not left. */
enum err base64_read(struct arena *a, struct span s, struct span *ret) MUST_CHECK;

#endif
