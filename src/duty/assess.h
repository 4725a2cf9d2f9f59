/* What the files of duty/ share: one assessment while it is being made. */
#ifndef CUSTOMHOUSE_DUTY_ASSESS_H
#define CUSTOMHOUSE_DUTY_ASSESS_H

#include "base/limits.h"
#include "duty/duty.h"
#include "duty/proof.h"
#include "duty/ratio.h"

/* A rate of exchange that was looked up. */
struct exchange {
	struct span currency;
	struct decimal rate;
	int64_t per;
};
enum { EXCHANGES = 8 }; /* kept; a declaration with more currencies only looks some up again */

/* One levy on one item. measure NULL: not due. */
struct charge_line {
	const struct ref_measure *measure;
	const struct duty_expression *expression; /* the measure's, or that of a condition of it */
	int64_t base, amount;                     /* minor units */
	int64_t fee; /* share of what the expression asks of the declaration as a whole */
	enum tax_state state;
	uint32_t rank; /* how well the measure fits; only choose.c reads it */
	enum fee_state { FEE_NONE, FEE_SHARED, FEE_FAILED } fee_state;
	/* of a measure with a quota: what the goods beyond the quota are charged by; measure NULL: nothing */
	struct charge_line *rest;
	int64_t part, whole;    /* of the goods, in the quota's unit; whole 0: all of them */
	bool assessed;          /* amount stands */
	bool partial;           /* relieved but for a part of each month */
	struct decimal monthly; /* that part, in per cent */
	struct proof proof;
};

struct assess {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *r;
	struct findings *f;
	struct assessment *ret;
	const struct goods_item *items;
	uint32_t n;
	int32_t day;   /* tariff day */
	int32_t known; /* rows that became known later do not count */
	int32_t exchange_day;
	int32_t legal_day; /* of severities, as in the checks */
	enum direction direction;
	bool *valued;                  /* of each item: its customs value is known */
	unsigned digits;               /* of the national currency */
	struct span currency;          /* national */
	const struct ref_levy *levies; /* in order of computation */
	uint32_t levy_count;
	struct charge_line *lines; /* n * levy_count, by item */
	const struct facts *facts;
	struct proof_writer proof;
	struct exchange exchanges[EXCHANGES];
	uint32_t exchange_count;
};

/* Is it an additional code: one that stands beside the code of the goods, not part of it? */
bool duty_is_additional(const struct classification *c);

/* Adds a finding, with the severity that the pack gives it. */
void assess_find(struct assess *s, enum finding_rule rule, const void *place, struct span v1,
		 struct span v2, struct span v3);
/* The same for what makes the assessment incomplete. */
void assess_stop(struct assess *s, enum finding_rule rule, const void *place, struct span v1,
		 struct span v2, struct span v3);
/* National money as text, for findings. */
struct span assess_money_text(struct assess *s, int64_t minor);

/* " * 60 kg / 100 kg" of a line that is a part of its goods; else nothing. */
void proof_part(struct proof_writer *w, const struct charge_line *line);

/* The pack's rate of the exchange day. place: what to point at when there is none, which stops the assessment. false: there is
 * none. */
bool assess_rate(struct assess *s, struct span currency, const void *place, struct exchange *ret);
/* A declared amount in national minor units, with its step of proof when anything had to be done to it. false, with a finding:
 * no currency, no rate, negative (unless signs are allowed), too large. */
bool assess_exchange(struct assess *s, const struct amount *a, const char *label,
		     struct proof *proof, int64_t *ret);

/* Fills ret->values (value.c). */
void assess_values(struct assess *s);
/* Fills measure of every line (choose.c). */
void assess_choose(struct assess *s);
/* Which part of the goods has the rate of a quota (quota.c). After the procedures, before the amounts. */
void assess_quotas(struct assess *s);
/* The quota that limits a measure; NULL: none does. */
const struct quota_fact *assess_quota_of(const struct assess *s, const struct ref_measure *m);
/* What a line comes to, with what lies beyond its quota. */
int64_t assess_amount(const struct charge_line *line);
/* Fills amounts, states and proofs of every line (levy.c). */
void assess_levies(struct assess *s);
/* Finds what the declarant computed differently (compare.c). */
void assess_compare(struct assess *s);

#endif
