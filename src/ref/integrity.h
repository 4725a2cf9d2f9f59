/* The integrity rules of a tariff (integrity.def) over a snapshot: what loading lets pass because decisions stay possible, and
 * what a tariff office must not publish. */
#ifndef CUSTOMHOUSE_REF_INTEGRITY_H
#define CUSTOMHOUSE_REF_INTEGRITY_H

#include "ref/ref.h"

enum integrity_severity { INTEGRITY_ERROR, INTEGRITY_WARNING };
enum integrity_rule {
#define INTEGRITY(id, name, severity, origin, text) RULE_##id,
#include "ref/integrity.def"
#undef INTEGRITY
	INTEGRITY_RULES
};

struct integrity_text {
	const char *name, *origin, *text;
	enum integrity_severity severity;
};
extern const struct integrity_text integrity_texts[INTEGRITY_RULES];

enum { INTEGRITY_SHOWN = 10 }; /* places told of one rule; all are counted */

struct integrity {
	uint32_t broken[INTEGRITY_RULES];
	struct pack_faults faults; /* by rule, then line; column 0 */
};

/* Looks at every row of nomenclature, measures, permits and quotas, in time that grows with their number. Inside arena_run(). */
void ref_integrity(struct arena *a, const struct refset *r, struct integrity *ret);
/* Is a rule of severity error broken? */
bool integrity_refuses(const struct integrity *i);

#endif
