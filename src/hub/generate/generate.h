/* A synthetic trade stream: declarations of invented traders over a pack's tariff. Pure: the same pack, seed and day give the
 * same declarations on every machine, and declaration n does not depend on how many are made.
 *
 * Most would be accepted: masses, packages, prices and totals agree, permits and proofs of origin that the pack asks for are
 * there. About one in twenty-five has one mistake of a kind that traders make. */
#ifndef CUSTOMHOUSE_HUB_GENERATE_GENERATE_H
#define CUSTOMHOUSE_HUB_GENERATE_GENERATE_H

#include "model/declaration.h"
#include "ref/ref.h"

struct generator;

/* day: on which the declarations are made. Everything lies in a; r must outlive it. NULL: the tariff has nothing to declare on
 * that day, or the country no office. Inside arena_run(). */
struct generator *generator_new(struct arena *a, const struct refset *r, int32_t day,
				uint64_t seed);
/* At most so many goods items a declaration, instead of twelve; at least 1. */
void generator_limit_items(struct generator *g, uint32_t most);
/* Declaration n, from 1, in a; texts may lie in the generator's arena. Its trader reference is unique for the seed. Inside
 * arena_run(). */
void generator_make(const struct generator *g, uint64_t n, struct arena *a, struct message *ret);

#endif
