/* One case as control met it, read from its own events; and every such case of some days. Not for callers of the hub. */
#ifndef CUSTOMHOUSE_HUB_CONTROL_CASE_H
#define CUSTOMHOUSE_HUB_CONTROL_CASE_H

#include "flow/flow.h"
#include "hub/audit/redecide.h"
#include "model/facts.h"
#include "store/store.h"

struct control_case {
	struct arena *arena; /* everything lies in it */
	struct span office, reference, day;
	bool waits; /* a control that was asked for stands, or nothing was done yet */
	/* of its first version that was accepted */
	const struct json *first;
	struct facts facts;
	struct span input; /* of that version; p NULL: erased */
	/* the decision on a version of the trader's that asked for control, the first of them; NULL: none did */
	const struct json *selecting;
	enum lane lane; /* that it asked for, or an officer; LANE_GREEN: nobody did */
	bool manual;    /* an officer gave a higher lane */
	/* what control came to */
	bool checked, examined; /* results of documents, of goods */
	bool
	    irregular; /* a result said so, customs put a version of its own in force, or the goods were seized */
	struct span code; /* what was found, of the first irregular result; may be empty */
	int64_t
	    found; /* minor units: by how much more is due through versions of customs; appeals taken off */
};

/* Cases of an office that somebody looked at, or may have (store_page_controlled()). */
struct control_walk {
	/* set by the caller */
	struct store *store;
	struct store_declaration_days of;
	enum err (*take)(void *context, const struct control_case *c, struct cause *why);
	void *context;
	struct arena *once; /* emptied again and again */
	/* what was found: cases whose decision cannot be read */
	int64_t unreadable;
};
/* Outside arena_run() of once; take() is called inside it. In a snapshot. */
enum err control_walk(struct control_walk *w, struct cause *why) MUST_CHECK;

/* The minutes of officers that the pack gives for the control that was made; 0: it says none, or there was none. */
int64_t control_minutes(const struct control_case *c, const struct inforce *in);

/* A case that the random draw picked, as everything but that draw would have selected it. known false: its message was erased
 * or cannot be read. */
struct control_pick {
	enum lane otherwise;
	const struct declaration *declaration;
	bool known;
};
enum err control_pick(const struct control_case *c, struct store *s, const struct inforce *in,
		      struct control_pick *ret, struct cause *why) MUST_CHECK;

#endif
