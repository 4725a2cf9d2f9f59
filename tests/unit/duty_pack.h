/* A country pack of the duty tests: a folder, and optionally one whose files replace those of the first. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_DUTY_PACK_H
#define CUSTOMHOUSE_TESTS_UNIT_DUTY_PACK_H

#include "base/arena.h"
#include "model/assessment.h"
#include "ref/ref.h"

/* Folders are named from the top of the tree (CUSTOMHOUSE_ROOT). over may be NULL. Prints the faults and returns NULL when it
 * does not load. The snapshot lies in a. */
const struct refset *duty_pack_load(struct arena *a, const char *folder, const char *over);
/* The same with the rows of its tables in another order for each seed but 0. */
const struct refset *duty_pack_shuffled(struct arena *a, const char *folder, const char *over,
					uint64_t seed);

/* A whole file, or p == NULL. */
struct span duty_file(struct arena *a, const char *path);
/* The same, by its name from the top of the tree. */
struct span duty_tree_file(struct arena *a, const char *folder, const char *name);

/* Re-computes every step of an assessment's proofs, and what must hold between them: sums of lines, shares of a whole. Returns
 * the number of steps, or -1 after printing what does not hold. digits: of the national currency. */
int duty_proofs_check(const struct assessment *a, const char *name);

#endif
