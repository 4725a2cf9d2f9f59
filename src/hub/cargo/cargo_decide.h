/* What the hub concludes of a cargo report, as decision.h does of a declaration: pure, with every fact in it, written in one form
 * that replay compares byte for byte. */
#ifndef CUSTOMHOUSE_HUB_CARGO_CARGO_DECIDE_H
#define CUSTOMHOUSE_HUB_CARGO_CARGO_DECIDE_H

#include "base/hash.h"
#include "codec/json.h"
#include "hub/inforce.h"
#include "model/cargo.h"
#include "model/finding.h"
#include "stock/stock.h"

enum { CARGO_DECISION_FORMAT = 1 };

/* What stands of a bill: of one that the report has, or of one that the version before had and this one has not. */
struct cargo_bill_fact {
	struct span account, carrier;
	struct span state; /* "free", "own" (of this report), "other" (of another) */
	bool dropped;      /* the version before had it, this one has not */
	int64_t taken[STOCK_MEASURES];
};

struct cargo_facts {
	int64_t received_at;
	int32_t legal_day;
	struct span office, sender, carrier, key;
	struct span reference;
	int64_t version;
	bool standing; /* a report that is replaced or withdrawn: it is there */
	DICT_LIST(struct cargo_bill_fact) bills;
};

struct cargo_bill {
	const struct bill *bill;
	struct span account; /* empty: it cannot be named */
	unsigned measured;
	struct stock_amount granted;
};

struct cargo_decision {
	struct hash input;
	uint64_t input_bytes;
	const struct cargo_message *message;
	enum cargo_function asked;
	const struct cargo_facts *facts;
	const struct inforce *inforce;
	struct findings *findings;
	struct cargo_bill *bills; /* as many as the report has */
	bool accepted;
};

/* Everything below: inside arena_run(); what is made lies in a. */

/* The bills, with what each grants; findings about amounts that cannot be read. to may be NULL. */
struct cargo_bill *cargo_bills(struct arena *a, const struct cargo_report *r, struct findings *to);
/* "means/journey", or empty. */
struct span cargo_conveyance(struct arena *a, const struct cargo_report *r);
/* Who carries; where the report does not say, who reports. */
struct span cargo_carrier(const struct cargo_report *r, struct span sender);

void cargo_decide(struct arena *a, struct span raw, const struct cargo_message *m,
		  const struct cargo_facts *facts, const struct inforce *inforce,
		  struct findings *findings, struct cargo_decision *ret);
/* The decision's bytes. */
void cargo_decision_write(struct text *to, const struct cargo_decision *d);
/* What the sender is told of a stored decision, in the form of answer_write():
 *     {"reference","trader_reference","version","asked","state","received_at","findings":[...],"bills"} */
void cargo_answer_write(struct text *to, const struct json *decision);
/* ERR_FORMAT: not a decision of a known format. */
enum err cargo_read_facts(struct arena *a, const struct json *decision,
			  struct cargo_facts *ret) MUST_CHECK;

/* Decides a stored report again, from the bytes and the facts of then. *ret in a. Outside arena_run(). */
enum err cargo_redecide(struct arena *a, struct span input, const struct json *decision,
			const struct edifact_set *directories, const struct inforce *inforce,
			struct span *ret, struct cause *why) MUST_CHECK;

#endif
