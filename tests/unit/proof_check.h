/* Re-computes a step of a proof from its own text, with none of the engine's code: exact fractions, units as powers. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_PROOF_CHECK_H
#define CUSTOMHOUSE_TESTS_UNIT_PROOF_CHECK_H

#include "base/span.h"

enum { PROOF_UNITS = 6 };

struct proof_value {
	__int128 over, under;
	struct {
		struct span unit;
		int power;
	} units[PROOF_UNITS];
	int unit_count;
};

struct proof_check {
	struct span label;
	struct proof_value result;
	struct span rule;         /* "half-up", "apportioned", "" ... */
	struct proof_value first; /* the first number of the expression: the whole of a share */
	const char *fault;        /* NULL: the step holds */
};

/* Sets fault when the text is no step, when units do not fit, or when the result is not what the expression and the rule give. */
void proof_check(struct span step, struct proof_check *ret);

#endif
