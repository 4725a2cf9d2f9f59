/* Rules of origin as agreements say them in words, in the language of packs (ref/ref_origin.h). Only what is understood whole
 * becomes a rule: a word more than the sentences known here, and nothing comes of it. */
#ifndef CUSTOMHOUSE_TARIFF_ORIGIN_TEXT_H
#define CUSTOMHOUSE_TARIFF_ORIGIN_TEXT_H

#include "base/arena.h"
#include "base/text.h"

/* What people read of a text with marks: without tags, addresses and stars, in small letters, one blank between words, without a
 * full stop. Inside arena_run(). */
struct span origin_text_plain(struct arena *a, struct span marked);
/* The text with "a good" for "a good of heading 0901" or "a good of subheading 030431 through 030439" where all codes from low to
 * high (of ten digits) are among those: what a rule says of its own goods is then said of all of them. Where they are not, or the
 * text names none, as it stands. Inside arena_run(). */
struct span origin_text_own_goods(struct arena *a, struct span plain, struct span low,
				  struct span high);
/* Is this one of several values that the rule before lists ("- b) 40% under the build-down method")? */
bool origin_text_continues(struct span plain);
/* May what it lists stand alone, each for itself? Only where it asks for nothing beside them. */
bool origin_text_lists(struct span plain);
/* The rule that a plain text says; empty: it is not understood. Inside arena_run(). */
struct span origin_text_rule(struct arena *a, struct span plain);

#endif
