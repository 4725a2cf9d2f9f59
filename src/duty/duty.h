/* What is due: customs value, duties, taxes and fees, each with its proof. Pure: model and reference data in, tax lines out.
 *
 * Valuation follows the WTO Agreement on the valuation of goods (method 1, Articles 1 and 8). All amounts are minor
 * units of the national currency; every rounding is named in the proof. */
#ifndef CUSTOMHOUSE_DUTY_DUTY_H
#define CUSTOMHOUSE_DUTY_DUTY_H

#include "model/assessment.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/finding.h"
#include "ref/ref.h"

/* Inside arena_run(). Adds findings for what the declaration lacks. Direction and day come from the declaration and the facts. */
void duty_assess(struct arena *a, const struct declaration *d, const struct refset *r,
		 const struct facts *facts, struct assessment *ret, struct findings *f);
/* The same with what was known of the pack's rows on a day (ref_measure_holds). A decision knows all that its pack says. */
void duty_assess_known(struct arena *a, const struct declaration *d, const struct refset *r,
		       const struct facts *facts, int32_t known, struct assessment *ret,
		       struct findings *f);

#endif
