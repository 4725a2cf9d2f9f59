/* Erasing what a case holds of people when the law says so: the messages as they came, the declarations that amendments made, the
 * answers, and its documents. What must stay for revenue stays: decisions, acts, transfers and the rows of lists, which hold ids,
 * codes and sums. The chain goes on to verify: it covers salted hashes (Regulation (EU) 2016/679, articles 5(1)(e) and 17).
 *
 * Two people do it: a supervisor of the office orders it with a reason, an auditor of another login carries it out. Both steps
 * are events of kind "payload-erasure" in the chain of the office, under the reference:
 *     {"step":"ordered","reason":"..."}    {"step":"done","reason":"...","ordered_by":"sue"} */
#ifndef CUSTOMHOUSE_HUB_LIFE_ERASE_H
#define CUSTOMHOUSE_HUB_LIFE_ERASE_H

#include "hub/people/people.h"

#define ERASURE_KIND SPAN("payload-erasure")

enum erasure_step { ERASURE_ORDERED, ERASURE_DONE };

/* The next step, as far as `by` may take it; the same again is nothing. ERR_NOT_FOUND: no such case for them; ERR_DENIED: not a
 * supervisor of the office, or, behind an order, not an auditor; ERR_CONFLICT: the case is not over, or owes or is owed. */
enum err hub_erase_case(struct hub *h, const struct who *by, struct span reference,
			struct span reason, struct span request, enum erasure_step *ret,
			struct cause *why) MUST_CHECK;
/* The same of a message that is kept (docs/messages.md): its bytes go, what was found of it stays. It is never in the way that
 * something is not over. */
enum err hub_erase_message(struct hub *h, const struct who *by, struct span reference,
			   struct span reason, struct span request, enum erasure_step *ret,
			   struct cause *why) MUST_CHECK;

#endif
