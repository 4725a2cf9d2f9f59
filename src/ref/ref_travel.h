/* The part of ref.h that speaks of travellers: what they may bring without paying (travel.csv). */
#ifndef CUSTOMHOUSE_REF_REF_TRAVEL_H
#define CUSTOMHOUSE_REF_REF_TRAVEL_H

#include "ref/ref.h"

enum { REF_TRAVEL_MOST = 1000000000 };

enum ref_travel_class {
	TRAVEL_AMOUNT,    /* so much of it is free, and the rest costs so much a unit */
	TRAVEL_VALUE,     /* goods up to this value are free, and the rest costs so many per cent */
	TRAVEL_MONEY,     /* is declared above this amount; nothing is due */
	TRAVEL_CONTROLLED /* is declared always: it may need a permit */
};

struct ref_travel {
	struct span goods;
	enum ref_travel_class kind;
	struct span unit;
	struct decimal adult, child; /* free for each; not set: nothing is */
	struct decimal most;   /* beyond it a declaration of goods is wanted; not set: never */
	struct duty_term rate; /* of AMOUNT and VALUE */
	struct span rate_text; /* as written */
	struct ref_text name, note;
	struct ref_dates dates;
	struct span source;
	const struct ref_travel *next;
};

/* All rows, in file order, of any dates; NULL: the pack says nothing of travellers. */
const struct ref_travel *ref_travel(const struct refset *r);
/* NULL: none of that name on that day. */
const struct ref_travel *ref_travel_of(const struct refset *r, struct span goods, int32_t day);

#endif
