/* What was selected for control, and why: risk/ fills it, explanations read it. Officers and auditors only: no trader
 * learns any of it. */
#ifndef CUSTOMHOUSE_MODEL_SELECTION_H
#define CUSTOMHOUSE_MODEL_SELECTION_H

#include "model/facts.h"

enum reason_kind {
	REASON_RANDOM,
	REASON_RULE,
	REASON_MISSED, /* many rules hit, and none was drawn */
	REASON_RATE,
	REASON_CAPACITY, /* officers have no time for more: the only one that lowers a lane */
	REASON_BEFORE
};
const char *reason_kind_name(enum reason_kind k);

struct reason {
	enum reason_kind kind;
	struct span id; /* rule id, or the draw's purpose */
	enum lane lane; /* that it asks for */
	int64_t weight; /* of the score, thousandths */
	uint32_t item;  /* index of the item that it is about; UINT32_MAX: the whole declaration */
	/* a percentage applied and the draw was within it; a rule that missed its draw is listed with lane none */
	bool drawn;
	struct span text; /* for officers, English, from the rule */
	struct span note; /* what the examiner should look for, from the rule, or empty */
	/* what histories say of what the rule asks, in words, English; empty: it asks nothing of them */
	struct span past;
};

struct selection {
	enum lane lane;
	int64_t score; /* 0..1000 */
	int64_t
	    ease_days; /* after so many days without a control the lane becomes blue; 0: it stays */
	DICT_LIST(struct reason) reasons;
};

#endif
