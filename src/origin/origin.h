/* Preferential origin: is a product originating under an agreement, may the preference be claimed, or what does the rule still
 * need? (docs/origin.md)
 *
 * Pure. What is not known stays open: a rule is met, not met, or open, by the logic of three values (an "or" is met as soon as
 * one of its members is). Only a question whose answer can still change the outcome is asked. Per cents are compared as exact
 * whole numbers. Sources: the structure of origin rules that agreements share; what one of them says is the pack's. */
#ifndef CUSTOMHOUSE_ORIGIN_ORIGIN_H
#define CUSTOMHOUSE_ORIGIN_ORIGIN_H

#include "base/arena.h"
#include "dict/dict.h"
#include "ref/ref_origin.h"

enum origin_answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };

/* Materials that the goods were made of. Amounts of one check are of one currency. */
struct origin_material {
	struct span commodity;        /* six to ten digits */
	struct decimal value, weight; /* value is set; weight in kg, or not set */
	struct span country;          /* where it was made; empty: unknown */
	bool originates;              /* in that country, by the rules of the agreement */
	bool wholly_obtained;         /* there */
};

struct origin_process {
	struct span code;
	bool done;
};

/* What is known. Amounts and weights are origin_amount_sound(). */
struct origin_facts {
	struct span commodity; /* six to ten digits */
	struct span country;   /* that the goods were made in */
	int32_t day;           /* of the import */
	struct span part;      /* empty: not told */
	enum origin_answer wholly_obtained;
	bool materials_told; /* also when there are none */
	const struct origin_material *material;
	uint32_t materials;                             /* at most LIMIT_ORIGIN_MATERIALS */
	struct decimal ex_works, fob, net_cost, weight; /* above zero where set */
	/* Countries whose materials are claimed to count as originating. Not told: those count that the agreement allows, which
	 * is what somebody wants to know who asks; a claim counts only as far as it was made. */
	bool cumulation_told;
	const struct span *cumulated;
	uint32_t cumulations; /* at most LIMIT_ORIGIN_CUMULATED */
	const struct origin_process *process;
	uint32_t processes;
	enum origin_answer beyond_simple, direct_transport;
	struct span proof; /* type of document; empty: not told */
	bool proof_dated;
	int32_t proof_day;
	struct decimal consignment; /* in the currency of the proof's limit */
	enum origin_answer exporter;
};

enum origin_question {
	QUESTION_NONE,
#define QUESTION(key, name, kind, en, fr) QUESTION_##key,
#include "origin/questions.def"
#undef QUESTION
	ORIGIN_QUESTIONS
};
struct origin_question_text {
	const char *name, *kind;
	struct ref_text text;
};
const struct origin_question_text *origin_question_text(enum origin_question q);

enum origin_truth { ORIGIN_NO, ORIGIN_OPEN, ORIGIN_YES };

/* One step of the proof. */
struct origin_step {
	const char *about; /* "agreement", "rule", "condition" ... */
	enum origin_truth truth;
	const char *text, *french;
	struct span source; /* the row's; empty: none */
	uint32_t line;      /* of origin_rules.csv; 0: none */
};

struct origin_result {
	const struct ref_agreement *agreement;
	const struct ref_origin_rule
	    *rule; /* NULL: none holds for these goods, or the part is not told */
	const struct ref_origin_rule
	    *parts; /* first of the rows among which `part` chooses; NULL: no choice */
	enum origin_truth originating;
	bool wholly; /* by being wholly obtained, not by the rule */
	struct span
	    not_cumulated; /* a country with which cumulation is claimed and not allowed; empty: none */
	/* may the preference be claimed: also transport and proof */
	enum origin_truth preference;
	enum origin_question question; /* NONE: nothing more is needed */
	struct span process;           /* of QUESTION_PROCESS */
	struct span currency;          /* of QUESTION_CONSIGNMENT */
	DICT_LIST(struct origin_step) steps;
};

/* "no", "open", "yes" */
const char *origin_truth_name(enum origin_truth t);

/* Not negative, at most 10^12, at most six decimals: then no comparison can overflow. */
bool origin_amount_sound(struct decimal d);

/* g: of r, and holds on f->day. Inside arena_run() of a. */
void origin_decide(struct arena *a, const struct refset *r, const struct ref_agreement *g,
		   const struct origin_facts *f, struct origin_result *ret);

#endif
