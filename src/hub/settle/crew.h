/* A few threads that help one owner: it goes on with its work while they do tasks that it added, and does some of them
 * itself when it has to wait. Without threads (one processor, or none to be had) the owner does all of them, in the same way.
 *
 * Only the owner's thread calls these functions; a task's run() is called by any thread of the crew. What run() touches
 * belongs to it from crew_add() until crew_finish() has returned. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_CREW_H
#define CUSTOMHOUSE_HUB_SETTLE_CREW_H

#include "base/base.h"

struct crew;

/* Lies in the owner's memory, until crew_finish(). */
struct crew_task {
	void (*run)(void *context);
	void *context;
	struct crew_task *next;
	bool done;
};

/* With as many threads as the machine gives, and no more than wanted. NULL: no memory. */
struct crew *crew_start(unsigned wanted);
/* How many threads help where the owner is one of them: one less than there are processors, within reason. */
unsigned crew_size(void);
/* Every task is finished by then. NULL is allowed. */
void crew_stop(struct crew *c);

/* Tasks begin in the order in which they were added. */
void crew_add(struct crew *c, struct crew_task *t);
/* Returns when t is done; the owner does tasks until then. */
void crew_finish(struct crew *c, struct crew_task *t);
/* The same for all that were added. */
void crew_finish_all(struct crew *c);

#endif
