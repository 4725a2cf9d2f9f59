/* The same calculations by us and by plain SQLite, and what a peer needs to do them too (bench/calculations.sh). */
#ifndef CUSTOMHOUSE_BENCH_CALCULATIONS_H
#define CUSTOMHOUSE_BENCH_CALCULATIONS_H

#include "ref/ref.h"

/* Ends the program when SQLite's answers are not ours. Writes rows.jsonl, questions.jsonl and answers into folder,
 * prints figures. */
void calculations_run(const struct refset *r, const char *folder);

#endif
