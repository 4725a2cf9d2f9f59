/* Mistakes that traders make, for the synthetic trade stream. */
#ifndef CUSTOMHOUSE_HUB_GENERATE_GENERATE_SPOIL_H
#define CUSTOMHOUSE_HUB_GENERATE_GENERATE_SPOIL_H

#include "base/prng.h"
#include "model/declaration.h"

/* Puts one mistake into a sound declaration. */
void generator_spoil(struct declaration *d, struct prng *p);

#endif
