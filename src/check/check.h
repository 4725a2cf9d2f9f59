/* Business checks: is this declaration one that can be accepted on this day? Pure: model and reference data in, findings out.
 *
 * checks.def lists them all. Every check runs; nothing stops at the first. Severity comes from the finding registry
 * unless the pack (checks.csv) says otherwise. Which checks look at a message depends on what it asks for: an
 * amendment request or a presentation notice is not a whole declaration. */
#ifndef CUSTOMHOUSE_CHECK_CHECK_H
#define CUSTOMHOUSE_CHECK_CHECK_H

#include "model/declaration.h"
#include "model/facts.h"
#include "model/finding.h"
#include "ref/ref.h"

/* Adds what the checks find to f (which must be for this declaration). Inside arena_run(). */
void check_declaration(const struct declaration *d, const struct refset *r,
		       const struct facts *facts, struct findings *f);

#endif
