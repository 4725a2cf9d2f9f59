/* The quantity that a specific rate is charged on. */
#ifndef CUSTOMHOUSE_DUTY_QUANTITY_H
#define CUSTOMHOUSE_DUTY_QUANTITY_H

#include "duty/assess.h"

/* number * times / per, in the unit of the rate. */
struct duty_quantity {
	struct decimal number;
	/* that it was declared in, when it had to be converted; else the unit of the rate */
	struct span unit;
	bool converted;
	struct decimal times, per;
};

/* What item i declares in `unit` for this levy. Sources, in order: the quantity of its own duty line of this levy; net or gross
 * mass; the tariff quantity; a duty line of no levy; litres of pure alcohol (LPA) from litres and strength (ASV). false: none
 * of them. */
bool duty_quantity(const struct assess *s, uint32_t i, struct span levy, struct span unit,
		   struct duty_quantity *ret);
/* Where a missing quantity of that unit should have stood. */
const void *duty_quantity_place(const struct goods_item *item, struct span unit);

#endif
