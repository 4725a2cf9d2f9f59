/* Selectivity: which control an accepted declaration gets, and why. Pure: model, reference data, facts and rules in, lane and reasons out.
 *
 * Order of selection (docs/rules.md): the random stratum; rules in their order of id, each with its own percentage drawn from the facts;
 * expected lane rates topped up from what would be green. The highest lane wins, and no version lowers the lane of the one before. */
#ifndef CUSTOMHOUSE_RISK_RISK_H
#define CUSTOMHOUSE_RISK_RISK_H

#include "model/assessment.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/selection.h"
#include "ref/ref.h"

struct ruleset;

/* Compiles the rule files of a pack's PACK_RULES archive. Faults carry file, line and column; any fault gives ERR_FORMAT. The snapshot and
 * the archive must outlive the set. Inside arena_run(). */
enum err risk_compile(struct arena *a, struct span rules_archive, const struct refset *r, const struct ruleset **ret,
		      struct pack_faults *faults) MUST_CHECK;
uint32_t risk_rule_count(const struct ruleset *s);

/* The purposes for which a movement needs a draw on this day: "random", "rate:LANE" for lanes with an expected rate, and every rule with a percentage
 * below 100. Written into purposes (room for risk_draw_max()); the number of them is returned. Names live as long as the set. */
uint32_t risk_draw_max(const struct ruleset *s);
uint32_t risk_draw_purposes(const struct ruleset *s, int32_t day, struct span *purposes);

void risk_select(struct arena *a, const struct declaration *d, const struct assessment *assessed, const struct refset *r,
		 const struct ruleset *rules, const struct facts *facts, struct selection *ret);

#endif
