/* Customs value by the six methods of the WTO valuation agreement, in their order: which one applies to what is known of the
 * goods, what it comes to, and what those before it lack. Pure: for an officer or a trader who works a value out; what a
 * declaration then says is its method and its value.
 *
 * Law: Agreement on Implementation of Article VII of GATT 1994, Articles 1 to 8; the general introductory commentary orders
 * them, Article 4 lets the importer have 4 and 5 swapped. */
#ifndef CUSTOMHOUSE_DUTY_METHODS_H
#define CUSTOMHOUSE_DUTY_METHODS_H

#include "base/arena.h"
#include "base/money.h"
#include "dict/dict.h"

enum value_method {
	METHOD_TRANSACTION = 1, /* Article 1 */
	METHOD_IDENTICAL,       /* Article 2 */
	METHOD_SIMILAR,         /* Article 3 */
	METHOD_DEDUCTIVE,       /* Article 5 */
	METHOD_COMPUTED,        /* Article 6 */
	METHOD_FALL_BACK,       /* Article 7 */
	METHODS = METHOD_FALL_BACK
};

/* Why a method does not apply. */
enum value_obstacle {
	OBSTACLE_NONE,
	OBSTACLE_NO_SALE,    /* Article 1.1: no sale for export to the country */
	OBSTACLE_RESTRICTED, /* 1.1 (a): restrictions that affect the value */
	OBSTACLE_CONDITION,  /* 1.1 (b): a condition whose value cannot be told */
	OBSTACLE_PROCEEDS,   /* 1.1 (c): proceeds accrue to the seller, of unknown value */
	OBSTACLE_RELATED, /* 1.2: related parties, and nothing shows that the price is not influenced */
	OBSTACLE_NO_PRICE, /* nobody says the price */
	OBSTACLE_NO_GOODS, /* 2, 3: no value that was accepted for such goods at about the same time */
	OBSTACLE_NO_RESALE,    /* 5: not sold in the country within 90 days of import */
	OBSTACLE_NO_COSTS,     /* 6: the maker does not open its books */
	OBSTACLE_NO_AGREEMENT, /* 7: no value was found on reasonable means */
	OBSTACLE_NEGATIVE,     /* what is taken off is more than the price */
	OBSTACLE_LIMIT         /* too large to compute */
};
const char *value_obstacle_text(enum value_obstacle o);

/* A value that customs accepted before, for goods of the same country of production. */
struct accepted_value {
	struct span reference; /* of its case */
	bool identical;        /* else similar */
	bool same_producer;    /* Articles 2.1 (c), 3.1 (c): others count only when there is none */
	bool same_level;       /* commercial level and quantity: 2.1 (b) */
	int32_t exported;      /* day of export */
	struct money unit_value; /* customs value of one unit, in millionths of a minor unit */
	int64_t adjustment_ppm;  /* for level, quantity, transport: added, in parts of a million */
};

enum { VALUE_PARTS = 16, ACCEPTED_MAX = 64 };

struct value_part {
	struct span code, document; /* of the charge; what proves it */
	struct money amount;        /* national minor units */
};

struct value_case {
	struct money price; /* paid or payable, national minor units */
	bool has_price, sale_for_export, restricted, condition_unknown, proceeds_unknown;
	bool related;
	/* 1.2 (a): the circumstances of the sale show it; (b): a test value lies close. 0: none is offered */
	bool circumstances_examined;
	struct money test_value;
	int64_t
	    test_close_ppm; /* how far below the test value a price may lie and still be close: national */
	struct value_part addition[VALUE_PARTS], deduction[VALUE_PARTS];
	uint32_t additions, deductions;

	int64_t quantity; /* units, in thousandths; methods 2 to 4 */
	int32_t exported;
	int32_t near_days; /* what "at or about the same time" means in the country */
	struct accepted_value accepted[ACCEPTED_MAX];
	uint32_t accepted_count;

	/* Article 5: the unit price at which the greatest aggregate quantity is sold to unrelated people */
	bool has_resale;
	int32_t resale_after_days; /* since import */
	struct money resale_unit;  /* in millionths of a minor unit */
	struct value_part
	    resale_deduction[VALUE_PARTS]; /* commissions or profit, transport, duties, in all */
	uint32_t resale_deductions;

	/* Article 6 */
	bool has_costs;
	struct money materials, processing, profit, other;

	/* Article 7: a value by reasonable means, and how it was found */
	bool has_fall_back;
	struct money fall_back;
	bool
	    swap; /* Article 4: the importer asks for 5 and 6 of the agreement in the other order */
};

struct value_attempt {
	enum value_method method;
	enum value_obstacle obstacle; /* NONE: it applies */
};

struct value_outcome {
	enum value_method method; /* 0: none applies */
	struct money value;
	struct value_attempt
	    attempt[METHODS]; /* in the order that was tried, up to the one that applies */
	uint32_t attempts;
	struct span basis; /* reference of the accepted value, for methods 2 and 3 */
	struct money added, deducted;
};

/* Totals equal their parts; one rounding, as `how` says, where a unit value meets a quantity. */
void value_by_methods(const struct value_case *c, enum rounding how, struct value_outcome *ret);

#endif
