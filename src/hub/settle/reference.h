/* Movement reference numbers: year (2), country (2), shard (2), counter (9), check character (1): 26XL01000000127K.
 * The check character is ISO/IEC 7064, MOD 37,36: it finds every single wrong character and every swap of neighbours. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_REFERENCE_H
#define CUSTOMHOUSE_HUB_SETTLE_REFERENCE_H

#include "base/span.h"

enum { REFERENCE_LENGTH = 16 };

/* number: 1..999999999. country and shard: two characters of 0-9 A-Z each. */
enum err reference_write(int year, struct span country, struct span shard, int64_t number,
			 char ret[REFERENCE_LENGTH + 1]) MUST_CHECK;
/* Is it written like one of ours, with the right check character? Says nothing of whether it was issued. */
bool reference_valid(struct span s);

#endif
