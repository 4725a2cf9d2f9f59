/* Rows of measures laid out for whoever chooses among them (duty/choose.c), so that what cannot fit is passed over unread.
 *
 * A struct ref_measure is some 350 bytes long, and those of one code lie wherever the file put them. A declaration looks at all
 * rows of its codes, of every year and for every country, and takes one or two. So each code has a shelf: what most rows fail by
 * (days, area, claims) in 24 bytes a row, side by side. A national tariff then costs few cache lines an item. */
#ifndef CUSTOMHOUSE_REF_REF_SHELF_H
#define CUSTOMHOUSE_REF_REF_SHELF_H

#include "ref/ref.h"

/* What an offer asks for, or needs to be looked at closely for. */
enum {
	OFFER_PREFERENCE = 1, /* the measure has a preference */
	OFFER_QUOTA = 2,      /* an order number */
	OFFER_PROCEDURE = 4,
	OFFER_JUDGED = 8,  /* corrected or withdrawn: only ref_measure_holds() knows */
	OFFER_RELIEF = 16, /* its type is of the series relief on some day */
	OFFER_MORE = 32,   /* additional code, document, conditions, excluded countries */
};

struct ref_offer {
	int32_t from, to; /* days of the measure */
	int32_t known;
	uint16_t area; /* for ref_offer_reaches(); 0: everywhere */
	uint8_t asks;  /* OFFER_ bits */
	uint8_t levy;  /* index of the measure's */
	const struct ref_measure *measure;
};

/* The measures on one code, by id, then known_from, then first day: the order of rows in the file means nothing. */
struct ref_shelf {
	const struct ref_offer *offer;
	const struct ref_shelf *above; /* of the next shorter code that has measures; NULL: none */
	uint32_t n, digits;            /* of the code */
};

/* The shelf of the longest beginning of code that has one; NULL: no measure can be due. Codes of the tariff are digits: what
 * follows them in a stranger's code is not looked at. */
const struct ref_shelf *ref_shelf(const struct refset *r, struct span code);

/* A country as areas know it: two capital letters; -1 for any other text. */
int ref_place(struct span country);
/* May the area of the offer hold the place, on some day? When false, ref_area_has() is false on every day. True for -1, of which
 * nothing is known. */
bool ref_offer_reaches(const struct refset *r, const struct ref_offer *o, int place);

#endif
