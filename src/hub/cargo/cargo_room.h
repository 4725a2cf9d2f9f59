/* What the files behind hub/cargo/cargo.h share. Not for callers. */
#ifndef CUSTOMHOUSE_HUB_CARGO_CARGO_ROOM_H
#define CUSTOMHOUSE_HUB_CARGO_CARGO_ROOM_H

#include "base/limits.h"
#include "hub/house.h"

/* In a batch that has entered the office: the report arrived, and with it every report in force of the same conveyance there. */
enum err cargo_arrive(struct batch *b, struct office *o, struct store_cargo *row, struct span actor,
		      struct cause *why) MUST_CHECK;
/* After COMMIT, on the caller's thread: presents the cases that hold a bill of the report or of its conveyance and wait for their
 * goods. How many were presented, and how many could not be; of several nodes, what others settle. */
enum err cargo_present(struct hub *h, struct arena *a, const struct store_cargo *row,
		       uint32_t *ret_presented, uint32_t *ret_waiting,
		       struct cause *why) MUST_CHECK;
/* The same, and tells the other nodes, where there are any, of what waits on. */
enum err cargo_present_everywhere(struct hub *h, struct arena *a, const struct store_cargo *row,
				  uint32_t *ret_presented, uint32_t *ret_waiting,
				  struct cause *why) MUST_CHECK;

/* landing.c: what was landed, as the payload of an event, from {"bills":[{"type","id","packages":"10","mass":"500.5"}],
 * "instead"}. key: the Idempotency-Key, or empty. ERR_FORMAT. */
enum err landing_read(struct arena *a, const struct json *outturn, struct span key,
		      struct span *ret, struct cause *why) MUST_CHECK;

#endif
