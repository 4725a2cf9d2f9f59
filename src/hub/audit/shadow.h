/* Beside an old system, on a live stream: a hub in shadow decides, stores and explains each declaration, and has no effect.
 *
 * What it keeps to itself: nobody gets a notice (notices_put()), the sender's answer says "shadow" and nothing of what was
 * decided (answer_write_shadow()), cases are seen by auditors alone (scope.c), and no act of people is done (shadow_refuse()).
 * All else is as in a hub that works, so that what it decides is what that hub would decide: histories grow, draws are made,
 * bills are written off.
 *
 * Whether a store is a shadow is the first thing that is put in force in it, with its first pack, by an event of the hub's own
 * chain; nothing changes it. What the old system decided comes in by hub_take_outcomes(), before or after the declaration; as
 * soon as both are there, the differences are stored. A reference is the trader's, and names one declaration. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_SHADOW_H
#define CUSTOMHOUSE_HUB_AUDIT_SHADOW_H

#include "hub/audit/compare.h"
#include "hub/hub.h"

struct batch;
struct store;
struct store_difference;
struct store_outcome;

/* How far the two are with a reference, as stored. */
enum shadow_standing {
	STANDING_DECIDED = 1, /* here; nothing is known of them */
	STANDING_TOLD,        /* they have decided; nothing came here */
	STANDING_SAME,
	STANDING_DIFFERS,
	STANDING_AMBIGUOUS, /* two cases here */
};

/* ---- for the hub's own files ---- */

/* Reads of a store whether it is a shadow. */
enum err shadow_read(struct store *s, bool *ret, struct cause *why) MUST_CHECK;
/* Before the first activation of a store, in its transaction: puts it in force that this is a shadow. */
enum err shadow_begin(struct hub *h, int64_t now, struct cause *why) MUST_CHECK;
/* ERR_CONFLICT in a shadow: what would be done has an effect. */
enum err shadow_refuse(const struct hub *h, struct cause *why) MUST_CHECK;
/* At the end of a batch, with the hub's own chain locked: compares what was decided with what is known. Inside arena_run(). */
enum err shadow_compare(struct batch *b, struct cause *why) MUST_CHECK;

/* Compares the two decisions of a reference: sets row->standing and gives how many kinds of differences there are; ret has room
 * for COMPARE_KINDS. decision: ours, if row names it; other: another case that has the reference, else empty. Everything lies in
 * a; inside its arena_run(). */
uint32_t shadow_judge(struct arena *a, struct store_outcome *row, struct span decision,
		      struct span other, struct store_difference *ret);

/* ---- for http/ and cli/ ---- */

struct outcomes_taken {
	uint32_t references; /* of the table */
	uint32_t met;        /* of them, those that were decided here before */
};
/* Takes what the other system decided: the table of compare.h. What was said of a reference before is replaced. In pieces, each
 * of which is whole or not at all: what was taken before an error may be sent again. For auditors and the operator: ERR_DENIED.
 * ERR_FORMAT with the place; ERR_CONFLICT: this hub is no shadow; ERR_LIMIT. bytes need not outlive the call. */
enum err hub_take_outcomes(struct hub *h, struct arena *a, const struct who *by, struct span bytes,
			   struct outcomes_taken *ret, struct codec_fault *ret_fault,
			   struct cause *why) MUST_CHECK;
/* How the two differ so far, for comparison_write(). patience: house_open_lister()'s. Everything lies in a. ERR_DENIED,
 * ERR_CONFLICT as above. */
enum err hub_get_differences(struct hub *h, struct arena *a, const struct who *by,
			     const struct patience *patience, struct comparison *ret,
			     struct cause *why) MUST_CHECK;

#endif
