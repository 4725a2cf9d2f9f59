/* Finding goods in the nomenclature by words, as people write them: in any language of the pack, by the beginning of a word, by
 * synonyms, with typing mistakes (one in words of four letters and more, two in those of eight and more). */
#ifndef CUSTOMHOUSE_REF_SEARCH_H
#define CUSTOMHOUSE_REF_SEARCH_H

#include "ref/ref.h"

struct search_index;

/* An index of all rows of any dates. Inside arena_run(); it lies in a, and points into r. */
const struct search_index *search_build(struct arena *a, const struct refset *r);

enum { SEARCH_WORDS = 8, SEARCH_RESULTS = 100 };

struct search_result {
	const struct ref_commodity *commodity;
	uint32_t score;
};

/* A word that nothing has, and the one that it was taken for. */
struct search_correction {
	struct span from, to;
};

struct search_results {
	struct search_result v[SEARCH_RESULTS];
	uint32_t n;
	uint32_t found; /* in all */
	struct search_correction corrected[SEARCH_WORDS];
	uint32_t corrections;
};

/* The goods of a day that have every word of the text, in their own texts or in those above them, best first; or, when the text
 * is digits (points and blanks may part them), those whose code begins so. At most `most` of them. Words beyond SEARCH_WORDS do
 * not count. Inside arena_run(). */
void search_find(struct arena *a, const struct search_index *x, struct span text, int32_t day,
		 uint32_t most, struct search_results *ret);
/* The goods directly below a code on a day (the empty code: those that nothing is above), by code: the first (after NULL), the
 * next; NULL: no more. x NULL: none. */
const struct ref_commodity *search_below(const struct search_index *x, struct span code,
					 const struct ref_commodity *after, int32_t day);

#endif
