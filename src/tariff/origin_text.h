/* Rules of origin as agreements say them in words, in the language of packs (ref/ref_origin.h). Only what is understood whole
 * becomes a rule: a word more than the sentences known here, and nothing comes of it. */
#ifndef CUSTOMHOUSE_TARIFF_ORIGIN_TEXT_H
#define CUSTOMHOUSE_TARIFF_ORIGIN_TEXT_H

#include "base/arena.h"
#include "base/text.h"

/* What people read of a text with marks: without tags, addresses and stars, in small letters, one blank between words, without a
 * full stop. Inside arena_run(). */
struct span origin_text_plain(struct arena *a, struct span marked);
/* The rule that a plain text says; empty: it is not understood. Inside arena_run(). */
struct span origin_text_rule(struct arena *a, struct span plain);

#endif
