/* A business finding: something in a message that a rule speaks of. Data, never an error code.
 *
 * dict/findings.def is the one registry: id, severity and the text in each language, with {1} {2} {3} for the values. */
#ifndef CUSTOMHOUSE_MODEL_FINDING_H
#define CUSTOMHOUSE_MODEL_FINDING_H

#include "base/arena.h"
#include "dict/dict.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };
const char *severity_name(enum severity s);

enum finding_rule {
#define FINDING(name, id, severity, en, fr) FINDING_##name,
#include "dict/findings.def"
#undef FINDING
	FINDING_RULES
};

enum { FINDING_VALUES = 3 };

struct finding {
	enum finding_rule rule;
	enum severity severity; /* of the registry, or what the pack makes of it */
	struct span pointer; /* JSON pointer into the declaration; empty: the message as a whole */
	uint32_t line, column; /* in the message; 0: unknown */
	/* of a message of segments: segment in its message, element and component, all from 1, and what is wrong, by the codes of
	 * UN/EDIFACT 0085; 0: none */
	uint32_t segment;
	uint16_t element, component, code;
	struct span value[FINDING_VALUES];
	uint32_t values;
};

/* What one message collects, in order. object is what places are looked up in. */
struct findings {
	struct arena *arena;
	const struct dict_class *class;
	const void *object;
	DICT_LIST(struct finding) list;
	uint32_t errors;
	bool cut;              /* there were more than LIMIT_FINDINGS: the last one says so */
	struct finding beyond; /* what finding_add() gives then: never read */
};

struct findings findings_for(struct arena *a, const struct dict_class *c, const void *object);

/* Adds a finding about the value at `place`, an address inside the object (NULL: the message as a whole); up to three
 * values fill {1} {2} {3} (an empty span ends them). Leaves through the arena when memory ends. */
struct finding *finding_add(struct findings *f, enum finding_rule rule, const void *place,
			    struct span v1, struct span v2, struct span v3);
#define NO_VALUE ((struct span){NULL, 0, 0})

/* The same for readers, whose object is not finished and which may run inside a foreign library's callback: they know
 * the place themselves, as a JSON pointer that outlives the findings, and a line; nothing is looked up, and nothing
 * leaves. false: memory ended. */
bool finding_try(struct findings *f, enum finding_rule rule, struct span pointer, uint32_t line,
		 struct span v1, struct span v2, struct span v3) MUST_CHECK;

const char *finding_id(enum finding_rule rule);
enum severity finding_severity(enum finding_rule rule);
/* The rule with this id; FINDING_RULES when there is none. */
enum finding_rule finding_by_id(struct span id);
/* The text with its values filled in. language: "en", "fr"; another falls back to English, and *ret_fallback (may be
 * NULL) says so. */
void finding_text(struct text *t, const struct finding *f, struct span language,
		  bool *ret_fallback);

#endif
