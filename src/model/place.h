/* Places in a declaration, in the numbers of the WCO Data Model: a row of classes from the declaration (42A) inward, such as
 * 42A 67A 68A[1] 23A 79A, the last one perhaps with the number of a data element. Amendments name places so, and answers do.
 * Here they become JSON pointers, which is how findings name places, and back. */
#ifndef CUSTOMHOUSE_MODEL_PLACE_H
#define CUSTOMHOUSE_MODEL_PLACE_H

#include "base/arena.h"
#include "dict/dict.h"

struct place_step {
	uint32_t number; /* which one of several, from 1; 0: not said */
	struct span section, tag;
};

struct place_path {
	DICT_LIST(struct place_step) steps;
};

/* From a JSON pointer into a declaration, in a. Members are numbered by their position. What the pointer names beyond
 * the dictionary, and fields without a number in the model, is left out: the place is then the class around it. Inside
 * arena_run(). */
struct place_path place_of_pointer(struct arena *a, struct span pointer);
/* The JSON pointer of a place; where a list's member is not said inside the path, the first. false, with nothing written, when
 * the dictionary has no such place. Inside arena_run(). */
bool place_to_pointer(const struct place_path *p, struct text *to);

/* ---- what place.c and amend.c share ---- */

/* The number of a data element in a class: the class's own, or that of the field `via` through which it was reached
 * (NULL: none). */
struct span place_tag(const struct dict_field *via, const struct dict_field *f);
/* Of `count` elements the one with this number: a data element (leaf), or a class or wrapper. NULL when there is none. */
const struct dict_element *place_find(const struct dict_element *elements, uint32_t count,
				      const struct dict_field *via, struct span id, bool leaf);

#endif
