/* The simulation of a candidate, asked for while the hub works: one at a time, in a thread and with connections of its own,
 * with progress,
 * until it is done or somebody cancels it. What it finds is kept with the candidate, as its report "revenue". */
#ifndef CUSTOMHOUSE_HUB_EDITION_SIMULATION_H
#define CUSTOMHOUSE_HUB_EDITION_SIMULATION_H

#include "hub/people/people.h"

struct simulations;

enum { SIMULATION_ROWS = 1000 }; /* of each kind in a report that is kept; the rest in one */

struct simulation_order {
	int64_t candidate;
	int32_t since; /* legal days from this one on; INT32_MIN: all */
	int32_t as_of; /* as that of struct revenue */
};

/* ERR_DENIED: not of the tariff office; ERR_NOT_FOUND: no such candidate; ERR_BUSY: one is running. */
enum err hub_start_simulation(struct hub *h, const struct who *by, const struct simulation_order *o,
			      struct cause *why) MUST_CHECK;
/* {"candidate","state":"running|done|failed|cancelled","started_by","started_at","ended_at","done","detail"}: of the newest
 * one, if it is
 * this candidate's. done: cases that were looked at. Inside arena_run(). ERR_NOT_FOUND, ERR_DENIED. */
enum err hub_write_simulation(struct hub *h, struct text *to, const struct who *by,
			      int64_t candidate, struct cause *why) MUST_CHECK;
/* Ends it soon; nothing is kept. One that has ended stays as it is. Errors as above. */
enum err hub_cancel_simulation(struct hub *h, const struct who *by, int64_t candidate,
			       struct cause *why) MUST_CHECK;

/* hub_close(), before the writer stops: stops what runs, and waits for it. NULL is allowed. */
void simulations_stop(struct simulations *s);

#endif
