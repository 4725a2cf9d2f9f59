/* Words that acts.def is written in, for those who read its columns as numbers. */
#ifndef CUSTOMHOUSE_FLOW_ACTS_H
#define CUSTOMHOUSE_FLOW_ACTS_H

#include "flow/flow.h"

#define BY(role)    ((unsigned)ROLE_##role)
#define IN(state)   (1u << FLOW_##state)
#define IF(refusal) (UINT64_C(1) << REFUSED_##refusal)

/* The case and the act fit the column "refused if" of what is asked: the first refusal that applies. given->by may be
 * empty: then no question about persons is asked. only: which kinds are asked, a set of 1 << kind. */
enum flow_refusal flow_refuse(const struct flow_case *c, const struct flow_do *given,
			      unsigned only);

#endif
