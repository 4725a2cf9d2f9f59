/* The texts of the pages in every language, as tools/mkphrases.c makes them from web/phrases/LANGUAGE.json. The first language,
 * English, has all of them. */
#ifndef CUSTOMHOUSE_HTTP_PHRASES_H
#define CUSTOMHOUSE_HTTP_PHRASES_H

#include <stddef.h>

#include "http/phrases_gen.h"

struct wording {
	const char *in[LANGUAGES]; /* UTF-8; NULL: not translated */
};
extern const struct wording phrases[PHRASES];
extern const char *const phrase_tags[LANGUAGES];

#endif
