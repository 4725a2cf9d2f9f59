/* What was assessed: customs values and tax lines, each with its proof. duty/ fills it; rules, answers and the ledger read it.
 * All amounts are minor units of the national currency. */
#ifndef CUSTOMHOUSE_MODEL_ASSESSMENT_H
#define CUSTOMHOUSE_MODEL_ASSESSMENT_H

#include "base/money.h"
#include "dict/dict.h"

/* One step of a proof: an equation that a reader can check by hand, such as "exchange: 1000.00 USD * 1.25 / 1 =
 * 1250.00 XLD (half-up)". */
struct proof {
	DICT_LIST(struct span) steps;
};

enum tax_state { TAX_DUE, TAX_SUSPENDED, TAX_RELIEVED };
const char *tax_state_name(enum tax_state s);

struct tax_line {
	uint32_t item; /* index of the goods item */
	struct span levy;
	enum tax_state state;
	struct money base;   /* by value */
	struct span rate;    /* the expression that was applied, as the tariff writes it */
	struct money amount; /* due, or, when suspended or relieved, what would have been */
	struct span measure; /* id of the measure */
	struct span source;  /* its legal base */
	struct proof proof;
};

/* What an item takes of a quota, in millionths of the quota's unit. */
struct quota_use {
	uint32_t item;
	struct span order;
	int64_t asked;
	int64_t granted; /* <= asked */
	int64_t applied; /* <= granted: charged at the quota's rate */
};

struct item_value {
	struct money customs_value;
	struct money statistical_value;
	struct proof proof;
};

struct assessment {
	struct item_value *values; /* one an item */
	uint32_t items;
	DICT_LIST(struct tax_line) lines;   /* by item, then levy order */
	DICT_LIST(struct quota_use) quotas; /* by item */
	struct money total_due;             /* of lines that are due */
	struct money total_value;
	bool complete; /* false: findings say what stopped it (no rate of exchange, overflow ...) */
};

#endif
