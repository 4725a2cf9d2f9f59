/* One condition of an origin rule against what is known. Private to origin/. */
#ifndef CUSTOMHOUSE_ORIGIN_RULE_TEST_H
#define CUSTOMHOUSE_ORIGIN_RULE_TEST_H

#include "origin/origin.h"

struct rule_case {
	const struct refset *ref;
	const struct ref_agreement *agreement;
	const struct origin_facts *facts;
};

/* How a condition came out. Amounts in millionths. */
struct rule_outcome {
	enum origin_truth truth;
	enum origin_question question; /* of an open one */
	struct span process;
	bool counted; /* part and whole are set */
	bool tolerated;
	__int128 part, whole;
	struct decimal percent; /* that part was held against */
	bool weighed;           /* they are weights */
};

/* Does the agreement let materials of that country be counted? The country where the goods are made is one of them. */
bool rule_allows_cumulation(const struct rule_case *c, struct span country);
/* Does a material count as originating, by itself or by cumulation? */
bool rule_counts_as_originating(const struct rule_case *c, const struct origin_material *m);
/* A node that is a condition. */
struct rule_outcome rule_test(const struct rule_case *c, const struct origin_node *n);
/* The same of a whole rule: three values only. */
enum origin_truth rule_truth(const struct rule_case *c, const struct origin_node *n);

#endif
