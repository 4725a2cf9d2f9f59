/* Whether the conditions of a measure are met (docs/tariff.md, "Conditions"). */
#ifndef CUSTOMHOUSE_DUTY_CONDITION_H
#define CUSTOMHOUSE_DUTY_CONDITION_H

#include "duty/assess.h"

enum condition_outcome {
	OUTCOME_APPLIES,
	OUTCOME_EXEMPT,  /* it does not apply: another measure may */
	OUTCOME_REFUSED, /* the goods are not allowed */
};

/* The measure has conditions. ret_expression: what is due by it, when it applies. ret_met: a condition that asks for
 * something was met, so that the measure fits better than one without. ret_group: that was not met, when refused. Values of the
 * items must be known (s->valued, s->ret). */
enum condition_outcome condition_judge(struct assess *s, uint32_t i, const struct ref_measure *m,
				       const struct duty_expression **ret_expression, bool *ret_met,
				       struct span *ret_group);

/* Does the item, or the declaration, have this document, with a status that does not say that it is missing? */
bool condition_has_document(const struct assess *s, uint32_t i, struct span code);

#endif
