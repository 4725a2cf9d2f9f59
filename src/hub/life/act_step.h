/* One act on one case, inside a batch: flow/ decides, the ledger follows, the event and the projections are written. What people
 * ask for (act.c), what a message of the trader does to its case (batch_write.c), and what the clock does all pass here. */
#ifndef CUSTOMHOUSE_HUB_LIFE_ACT_STEP_H
#define CUSTOMHOUSE_HUB_LIFE_ACT_STEP_H

#include "hub/house.h"
#include "hub/life/life.h"
#include "ledger/ledger.h"

struct act_step {
	struct batch *batch;
	const struct inforce *inforce;
	struct office *office;
	struct life life;     /* as it stands; afterwards: as the act leaves it */
	struct flow_do given; /* by, roles, at and what the act needs */
	/* amend, correct, grant: what the new version charges; NULL: as it was */
	const struct levy_sums *levies;
	struct span payer; /* pay, secure: whose prepaid account; empty: a cashier took the money */

	struct posting
	    before; /* its own: what the old debtor is relieved of, where another takes its place */
	enum flow_refusal refusal; /* REFUSED_NOTHING: done */
	struct cause money;        /* the ledger does not allow it (err set): nothing was written */
	struct flow_path path;
	int64_t seq; /* of its event */
};

/* Inside the transaction and arena_run() of the batch's arena. A refusal is no error: nothing was written then. */
enum err act_step(struct act_step *s, struct cause *why) MUST_CHECK;

/* A new case, after its first decision was written: its life begins, its debt is raised. row lies in the transaction. */
enum err act_begin(struct batch *b, struct office *o, const struct inforce *in,
		   const struct store_declaration *row, const struct assessment *assessed,
		   int64_t ease_days, struct cause *why) MUST_CHECK;

#endif
