/* Movement references for a time without the hub (docs/later-declarations.md): a supervisor reserves and prints a range; a
 * declaration that was accepted on paper under one of them is lodged later and keeps it, with the day of then. */
#ifndef CUSTOMHOUSE_HUB_LIFE_CONTINGENCY_H
#define CUSTOMHOUSE_HUB_LIFE_CONTINGENCY_H

#include "hub/house.h"
#include "hub/people/people.h"

enum { CONTINGENCY_NUMBERS = 1000 }; /* reserved at once */

/* Reserves n references for an office, noted as an event of kind "contingency-range" in its chain. By a supervisor of the
 * office, or the operator. Texts in a. ERR_DENIED; ERR_FORMAT: how many, or an office that the pack does not know. */
enum err hub_reserve_numbers(struct hub *h, struct arena *a, const struct who *by,
			     struct span office, uint32_t n, struct span **ret,
			     struct cause *why) MUST_CHECK;

/* ---- in a batch ---- */

/* Does an original carry a reserved reference? Then facts->contingency says what comes of it: "held" with the reference and the
 * legal day of then, or why not ("office", "time", "used"). Else the facts stay. Outside arena_run(). */
enum err contingency_enter(struct batch *b, struct job *j, struct cause *why) MUST_CHECK;
bool contingency_held(const struct facts *f);
/* What facts->contingency finds. Pure; inside arena_run(). */
void contingency_find(const struct declaration *d, const struct facts *f, struct findings *to);

#endif
