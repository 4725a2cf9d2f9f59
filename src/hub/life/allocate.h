/* Examiners are drawn by lot among those who are present, able and without a conflict of interest, so that neither a trader nor
 * an officer chooses who examines whom. The lot is the draw of the day (draw.h) for the purpose "examiner", and the event
 * names all who were in it: an auditor with the key draws again. */
#ifndef CUSTOMHOUSE_HUB_LIFE_ALLOCATE_H
#define CUSTOMHOUSE_HUB_LIFE_ALLOCATE_H

#include "hub/house.h"

struct act_step;

/* Draws an examiner for a case that waits for one; nobody on the roster may: it goes on waiting. Inside the transaction. */
enum err allocate(struct batch *b, const struct inforce *in, struct office *o, const struct life *l,
		  struct cause *why) MUST_CHECK;
/* The same for cases of the office that wait, the oldest first. */
enum err allocate_waiting(struct batch *b, struct span office, struct cause *why) MUST_CHECK;

/* Reads the rosters of n offices at once; others are read when they are needed. Inside arena_run(). */
enum err allocate_know(struct batch *b, const struct span *office, uint32_t n,
		       struct cause *why) MUST_CHECK;
/* A roster was written: what the batch has read of them is not true any more. */
void allocate_forget(struct batch *b);

/* Whether this member of the roster may examine this case now. */
bool allocate_may(const struct store_roster *r, const struct life *l, int64_t now);

#endif
