/* Acts: what people and the clock do to a case after its declaration was decided (docs/case-life.md). An act is settled by the
 * writer like a declaration: decided by flow/ on the case as it stands, stored as an event of kind "act" in the chain of the
 * office together with its transfers, and answered after COMMIT. */
#ifndef CUSTOMHOUSE_HUB_LIFE_ACT_H
#define CUSTOMHOUSE_HUB_LIFE_ACT_H

#include "flow/flow.h"
#include "hub/hub.h"
#include "hub/people/people.h"

enum action_outcome {
	ACTION_FAILED,     /* not settled: the cause says why; nothing is stored */
	ACTION_UNREADABLE, /* not an act: the cause names the member */
	ACTION_NOT_FOUND,  /* there is no such case, as far as `who` is told */
	ACTION_DENIED,     /* the scopes of the token do not go so far */
	ACTION_BARRED,     /* the hub is a shadow of another system: the cause says so */
	ACTION_REFUSED,    /* `refusal` says why; nothing is stored */
	ACTION_FAULTY,     /* correct, grant: the version has errors, which the answer lists */
	ACTION_CONFLICT,   /* another act was done under this key */
	ACTION_DONE,       /* stored just now */
	ACTION_REPEATED,   /* the same bytes were done before: that answer */
};

/* An act as it was asked for. `raw` is a JSON object:
 *     {"act": "pay", "amount": "12.00"}
 * with the members that the act needs: reason, code, officer, result ("clean", "irregular"), lane, hold, agency, amount (decimal
 * text, in the currency of the country), until (RFC 3339), accepted, declaration (correct: an amendment message). Others are
 * refused. "correct" and "grant" make a new version of the declaration: their answer is that of a submission. */
struct action {
	struct span reference;
	struct span raw;
	struct span key; /* Idempotency-Key; empty: none */
	const struct who *who;
	struct span request; /* id of the request, for the note of who looked */
	struct arena *arena; /* belongs to the hub until done */

	enum action_outcome outcome;
	struct cause cause;
	enum flow_refusal refusal;
	/* For `who`: {"reference","act","at","version","state","next"} and, for officers, holds, lane, path. */
	struct span answer;
	void (*done)(
	    struct action *x); /* once, after COMMIT, on the caller's or the writer's thread */
	void *context;
};

/* Reads on the caller's thread, then hands over to the writer. */
void hub_act(struct hub *h, struct action *x);
/* Roles by which somebody with this view of a case of an office acts on it. */
unsigned act_roles_in(enum view view, const struct who *w, struct span office);
/* The same, and waits. */
void hub_act_wait(struct hub *h, struct action *x);

#endif
