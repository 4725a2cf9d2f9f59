/* What a price already holds, by its terms of delivery. */
#ifndef CUSTOMHOUSE_DUTY_INCOTERM_H
#define CUSTOMHOUSE_DUTY_INCOTERM_H

#include "base/span.h"

struct incoterm {
	const char *code;
	int year; /* first of the edition that brought it */
	bool carriage, insurance;
};

/* NULL: no such term, or not yet on that day. */
const struct incoterm *incoterm(struct span code, int32_t day);

#endif
