/* One duty expression on one item: exact until its one rounding, with its step of proof. */
#ifndef CUSTOMHOUSE_DUTY_EVALUATE_H
#define CUSTOMHOUSE_DUTY_EVALUATE_H

#include "duty/assess.h"

/* Fills amount of a line of item i and levy, from line->base, line->fee and line->expression, and adds its step of proof. Adds
 * findings, and leaves line->assessed alone, when something is missing. */
void evaluate_line(struct assess *s, uint32_t i, const struct ref_levy *levy,
		   struct charge_line *line);

#endif
