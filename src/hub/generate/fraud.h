/* Fraud planted into the synthetic trade stream, with the truth beside it: to measure what control finds where all is known.
 * Pure: the same pack, seed and share give the same declarations on every machine.
 *
 * How much there is goes up and down with a season of FRAUD_SEASON declarations, from half of the share to one and a half, and so
 * does what is done: in the first half goods are undervalued rather, in the second misclassified. */
#ifndef CUSTOMHOUSE_HUB_GENERATE_FRAUD_H
#define CUSTOMHOUSE_HUB_GENERATE_FRAUD_H

#include "hub/generate/generate.h"

enum { FRAUD_SEASON = 1000, FRAUD_PARTS = 4 };

enum fraud_scheme {
	FRAUD_NONE,
	FRAUD_UNDERVALUED,   /* prices of 30 to 65 % */
	FRAUD_MISCLASSIFIED, /* another code, the goods described as they are */
	FRAUD_ORIGIN,        /* another country of origin */
	FRAUD_SPLIT,         /* one consignment as FRAUD_PARTS declarations in a row */
	FRAUD_NEW_TRADER,    /* undervalued by somebody who was never seen before */
	FRAUD_SCHEMES
};
/* "none", "undervalued" ... */
const char *fraud_scheme_name(enum fraud_scheme s);

struct fraud_plan {
	uint64_t seed;      /* of the fraud; the trade has its own */
	uint32_t share_ppm; /* of imports, on average; below 600000 */
};

/* Declaration n as it is handed in, and as it would be if it were so; the same where there is no fraud, and where a consignment
 * was split. Of generator_make(), in a. Inside arena_run(). */
enum fraud_scheme fraud_make(const struct generator *g, const struct fraud_plan *p, uint64_t n,
			     struct arena *a, struct message *ret_declared,
			     struct message *ret_honest);

#endif
