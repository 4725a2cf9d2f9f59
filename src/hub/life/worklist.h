/* Which of an office's cases are wanted, and in which order: what a page asks for, in the store's words. scope_list() says
 * whether somebody may look. */
#ifndef CUSTOMHOUSE_HUB_LIFE_WORKLIST_H
#define CUSTOMHOUSE_HUB_LIFE_WORKLIST_H

#include "flow/flow.h"
#include "hub/life/cases.h"
#include "store/store.h"

enum { WORKLIST_LANES = LANE_RED + 1 };

struct worklist {
	struct store_worklist list;
	bool refunds; /* instead: cases in which money waits to be paid back */
	struct span state[FLOW_STATES], lane[WORKLIST_LANES]; /* that list points to */
};

/* login: of who asks, for `mine`. ret must stay where it is. ERR_FORMAT: a page that is none. */
enum err worklist_read(const struct case_page *p, struct span login, struct worklist *ret,
		       struct cause *why) MUST_CHECK;
/* What the next page is asked for with, behind a page that ended with this case. Inside arena_run(). */
struct span worklist_after(struct arena *a, const struct worklist *w,
			   const struct store_work *last);
/* All that is not over, in every lane: what is counted. */
void worklist_of_open(struct span office, struct worklist *ret);

#endif
