/* Simplified declarations and what completes them (docs/later-declarations.md): which case a supplementary declaration speaks of,
 * and the list of those that wait. */
#ifndef CUSTOMHOUSE_HUB_LIFE_SUPPLEMENTARY_H
#define CUSTOMHOUSE_HUB_LIFE_SUPPLEMENTARY_H

#include "hub/life/act_step.h"
#include "hub/people/people.h"

/* By the third letter of the type (Implementing Regulation (EU) 2015/2447, annex B, data element 1/2): B, C, E and F are
 * simplified; X completes B or E, Y completes C or F; Z, which completes entries in the trader's own records, names no case of
 * the hub. */
bool type_is_simplified(struct span type);
bool type_is_supplementary(struct span type);

struct obligation {
	struct span party, reference, office;
	struct span due_day; /* the last day, ISO */
};
enum { OVERDUE_LISTED = 1000 };
/* Simplified declarations whose last day is over and that nothing completed, the oldest first, in a; OVERDUE_LISTED at most.
 * party empty: of everybody, at the offices of `by`. For the party itself, officers, supervisors and auditors. Noted.
 * ERR_DENIED. */
enum err hub_list_overdue(struct hub *h, struct arena *a, const struct who *by, struct span party,
			  struct span request, struct obligation **ret, uint32_t *ret_n,
			  struct cause *why) MUST_CHECK;

/* ---- in a batch ---- */

/* The facts of an original: until when a simplified declaration has to be completed, and which case a supplementary
 * one completes, or why it does not ("missing", "unknown", "type", "completed"). Outside arena_run(). */
enum err supplementary_enter(struct batch *b, struct job *j, struct cause *why) MUST_CHECK;
/* The last day of a simplified declaration whose goods are here on that day. Nothing where the pack links none. */
void supplementary_fix_day(struct facts *f, const struct refset *r, struct span type, int32_t day);
/* What facts->completion finds. Pure; inside arena_run(). */
void supplementary_find(const struct declaration *d, const struct refset *r, const struct facts *f,
			struct findings *to);
/* After an accepted version was written: its obligation, or the one that it completes. party_before: of the version before. */
enum err supplementary_put(struct batch *b, const struct facts *f,
			   const struct store_declaration *row, struct span party_before,
			   struct cause *why) MUST_CHECK;
/* The case came to nothing (cancelled, abandoned, destroyed, sold): its obligation ends; one that it completed is open again. */
enum err supplementary_end(struct batch *b, const struct life *l, struct cause *why) MUST_CHECK;
/* Does a case in this state need no completion, nor give one? */
bool supplementary_over(enum flow_state s);

#endif
