/* Rules of origin of a country pack (docs/origin.md): agreements, the rule that goods must meet under each, and the proofs
 * that count.
 *
 * Part of the snapshot (ref.h): immutable, asked as of a day. An origin rule is a small expression, read once when the pack is
 * loaded; origin/ decides by it. */
#ifndef CUSTOMHOUSE_REF_REF_ORIGIN_H
#define CUSTOMHOUSE_REF_REF_ORIGIN_H

#include "ref/ref.h"

/* Headings of materials, as a rule names them: one code (to is the same) or a range of codes with the same number of digits,
 * two to six, of the Harmonized System. */
struct origin_codes {
	struct span from, to;
	const struct origin_codes *next;
};

enum origin_test {
	ORIGIN_ANY_OF, /* or: of its children */
	ORIGIN_ALL_OF, /* and */
	ORIGIN_WHOLLY, /* the goods, or the materials of some headings, are wholly obtained */
	ORIGIN_CHANGE, /* of tariff classification */
	ORIGIN_MAX_VALUE,
	ORIGIN_MAX_WEIGHT,
	ORIGIN_CONTENT, /* regional value content */
	ORIGIN_PROCESS,
	ORIGIN_FREELY, /* made from materials of any heading */
};
/* The price that per cents of value are of. */
enum origin_basis { BASIS_EX_WORKS, BASIS_FOB };
enum origin_content {
	CONTENT_BUILD_DOWN, /* price less materials that do not originate */
	CONTENT_BUILD_UP,   /* materials that originate */
	CONTENT_NET_COST,   /* net cost less materials that do not originate, of the net cost */
	CONTENT_FOCUSED,    /* as build-down, counting materials of some headings only */
};

struct origin_node {
	enum origin_test test;
	const struct origin_node *child, *next; /* children of any-of and all-of; the next child */
	struct span text;                       /* as written, for the proof */
	unsigned
	    level; /* ORIGIN_CHANGE: digits that must differ: 2 chapter, 4 heading, 6 subheading */
	const struct origin_codes *codes;
	struct decimal percent; /* ORIGIN_CHANGE: of materials without the change, when set */
	enum origin_basis basis;
	enum origin_content content;
	struct span process; /* code in the list origin_process */
};

/* Reads an origin rule:
 *
 *   rule      = all { "or" all }            all = one { "and" one }            one = "(" rule ")" | condition
 *   condition = "wholly-obtained" [ "of" codes ]
 *             | "change" ( "chapter" | "heading" | "subheading" ) [ "except" codes ] [ "allowing" percent [ "fob" ] ]
 *             | "max" percent [ "fob" ] [ "of" codes ]
 *             | "weight" percent "of" codes
 *             | "content" percent ( "build-down" | "build-up" | "net-cost" | "focused" ) [ "fob" ] [ "of" codes ]
 *             | "process" NAME
 *             | "any"
 *   codes     = CODE [ "-" CODE ] { "," CODE [ "-" CODE ] }                percent = NUMBER "%"
 *
 * ERR_FORMAT with a text and the offset of the fault: not so written, or more than LIMIT_ORIGIN_RULE_BYTES, _TESTS, _CODES,
 * _DEPTH. The result lies in a and points into s. Inside arena_run(). */
enum err origin_rule_parse(struct arena *a, struct span s, const struct origin_node **ret,
			   const char **ret_text, uint32_t *ret_at) MUST_CHECK;
/* Does the code (six digits or more) lie in one of them? */
bool origin_codes_have(const struct origin_codes *c, struct span code);

/* One row of origin_rules.csv. */
struct ref_origin_rule {
	struct origin_codes goods; /* two to ten digits; next is NULL */
	uint64_t width;   /* how many ten-digit codes it covers: the narrowest goes first */
	struct span part; /* of these goods, when the heading has rules of several */
	struct ref_text part_name;
	struct span text; /* as written */
	const struct origin_node *rule;
	struct ref_dates dates;
	struct span source;
	uint32_t line; /* in the table */
	const struct ref_origin_rule *next;
};

enum origin_exporter { EXPORTER_ANY, EXPORTER_APPROVED, EXPORTER_REGISTERED };
/* One row of origin_proofs.csv. */
struct ref_origin_proof {
	struct span document;
	enum origin_exporter exporter;
	struct decimal limit; /* set: for consignments of at most so much ... */
	struct span currency; /* ... of this */
	int64_t months;       /* that it is valid */
	struct ref_dates dates;
	struct span source;
	const struct ref_origin_proof *next;
};

enum origin_cumulation {
	CUMULATION_NONE,
	CUMULATION_BILATERAL,
	CUMULATION_DIAGONAL,
	CUMULATION_FULL
};
const char *origin_cumulation_name(enum origin_cumulation c);

/* One row of origin_agreements.csv. */
struct ref_agreement {
	struct span code, area, preference;
	enum origin_cumulation cumulation;
	struct span with;                            /* area, for diagonal and full; may be empty */
	struct decimal tolerance, textile_tolerance; /* per cent of value; of weight; unset: none */
	bool direct;                                 /* goods must come directly */
	struct ref_text name;
	struct ref_dates dates;
	struct span source;
	const struct ref_origin_book *book; /* of the code, whatever the days */
	const struct ref_agreement *next;   /* the next row of the table */
};

/* What the tables say of one agreement, in file order. */
struct ref_origin_book {
	const struct ref_origin_rule *rules;
	const struct ref_origin_proof *proofs;
};

/* Every agreement, in file order, of any dates. NULL: the pack has none. */
const struct ref_agreement *ref_agreements(const struct refset *r);
/* The agreement on that day, or NULL. */
const struct ref_agreement *ref_agreement(const struct refset *r, struct span code, int32_t day);
/* The agreement that gives a preference to a country on that day, the first in the file; NULL: none does. */
const struct ref_agreement *ref_agreement_of(const struct refset *r, struct span preference,
					     struct span country, int32_t day);
/* The row whose goods are the narrowest that have the commodity on that day, the first in the file of several that are as narrow;
 * NULL: none has. Rows of other parts of the same goods: ref_origin_part(). */
const struct ref_origin_rule *ref_origin_rule(const struct ref_agreement *g, struct span commodity,
					      int32_t day);
/* The next row after `after` (NULL: the first) that has the same goods as rule on that day, rule itself too. */
const struct ref_origin_rule *ref_origin_part(const struct ref_agreement *g,
					      const struct ref_origin_rule *rule,
					      const struct ref_origin_rule *after, int32_t day);

#endif
