/* Which language a client is answered in. */
#ifndef CUSTOMHOUSE_HTTP_LANGUAGE_H
#define CUSTOMHOUSE_HTTP_LANGUAGE_H

#include "base/span.h"

/* Reads an Accept-Language header (RFC 9110, 12.5.4; NULL: not sent): the language that the program has texts in and the
 * client likes best. When it likes none of them, what it likes best, so that the answer can say that it fell back; "en" when
 * it says nothing. The result is a primary subtag: static, or a span into the header, as it was written. */
struct span language_choose(const char *accept);
/* The same among n languages of the caller's, by their index; the first when the client likes none of them. */
unsigned language_among(const char *accept, const char *const *tags, unsigned n);
/* What the texts then are in: the language itself, or "en". */
const char *language_of_texts(struct span language);

#endif
