/* The part of ref.h that speaks of what people have to do: the steps of an import, an export, a transit (steps.csv). Nothing is
 * decided by them: they are told. */
#ifndef CUSTOMHOUSE_REF_REF_STEP_H
#define CUSTOMHOUSE_REF_REF_STEP_H

#include "ref/ref.h"

enum ref_step_by { STEP_TRADER, STEP_CUSTOMS, STEP_AGENCY };

struct ref_step {
	enum direction direction;
	int64_t number; /* from 1, in the order of doing */
	enum ref_step_by by;
	int64_t hours;       /* that it takes at most; 0: nothing is promised */
	struct decimal cost; /* in the national currency; not set: nothing */
	struct ref_text name, text;
	struct ref_dates dates;
	struct span source;
	struct ref_step *next;
};

/* All rows, by direction and number, of any dates; NULL: the pack says nothing of steps. */
const struct ref_step *ref_steps(const struct refset *r);

#endif
