/* An answer to a declaration as data, whatever its format: what the hub says, and what other systems say.
 *
 * Only what its trader may know stands in one: whoever fills it takes the stored answer, never a decision. Texts lie in the
 * arena of whoever filled it. Moments are microseconds UTC; 0: not said. */
#ifndef CUSTOMHOUSE_MODEL_RESPONSE_H
#define CUSTOMHOUSE_MODEL_RESPONSE_H

#include "model/declaration.h" /* struct unmapped */
#include "model/place.h"

enum response_kind {
#define RESPONSE(name, id, function, status) RESPONSE_##name,
#include "model/responses.def"
#undef RESPONSE
	RESPONSE_KINDS
};

/* "accepted" ... */
const char *response_id(enum response_kind k);
/* RESPONSE_KINDS when there is no such kind. */
enum response_kind response_by_id(struct span id);
/* The codes of responses.def. */
unsigned response_function(enum response_kind k);
unsigned response_status(enum response_kind k);
/* By the codes of a message. RESPONSE_KINDS when no row has them. */
enum response_kind response_by_codes(unsigned function, unsigned status);

/* The eight characters that stand for a finding's rule where a format has room for no more: CH and a hash of the id, so that a
 * rule's code never changes. NUL behind them. */
enum { RESPONSE_CODE_BYTES = 8 };
void response_code(struct span rule, char ret[RESPONSE_CODE_BYTES + 1]);

/* Kinds of remark: codes of UN/EDIFACT 4451. */
#define REMARK_DOCUMENTS "ACA" /* documents that are required */
#define REMARK_NEXT      "ACB" /* additional information; here: what the trader does next */
#define REMARK_AMENDMENT "AES" /* why something was amended */
#define REMARK_COMMENT   "AFB" /* a comment; here: a finding that is no error */

/* An error, a remark or an amended place. */
struct response_note {
	struct span code; /* of an error or remark; of an amended place: why it changed */
	struct span name; /* the code in full: a finding's rule, an act; or empty */
	struct span text;
	struct span type;        /* of a remark: see above */
	struct span pointer;     /* JSON pointer into the declaration; empty: all of it */
	struct place_path place; /* the same as steps; where there are some, a writer takes them */
	int64_t limit_at;        /* of a remark: by when */
};

/* What is due on one goods item by one levy. An amount that is not set is not said. */
struct response_tax {
	uint32_t item; /* number of the goods item, from 1 */
	struct span levy;
	struct span regime; /* why this rate: preference, suspension */
	struct amount base;
	struct quantity quantity; /* base of a specific rate */
	struct decimal rate;      /* per cent */
	struct amount deducted, assessed, payable;
};

/* What is to be paid as a whole. */
struct response_payment {
	struct span reference;
	struct amount assessed, payable;
	int64_t due_at;
};

struct response {
	enum response_kind kind; /* RESPONSE_KINDS: its codes are in no row */
	struct span function;    /* as read; a writer takes the codes of kind */
	DICT_LIST(struct span) statuses;
	struct span exchange; /* the answer's own reference */
	int64_t issued_at;
	struct span movement_reference, trader_reference;
	struct span version;
	int64_t accepted_at, rejected_at, cancelled_at, released_at;
	DICT_LIST(struct response_note) errors;
	DICT_LIST(struct response_note) remarks;
	DICT_LIST(struct response_note) amendments;
	DICT_LIST(struct response_tax) taxes;
	DICT_LIST(struct response_payment) payments;
};

/* One message: several answers about one declaration may travel together. */
struct responses {
	struct span country, agency;
	DICT_LIST(struct response) list;
	DICT_LIST(struct unmapped) unmapped; /* read, and no place here for it */
	bool unmapped_cut;                   /* there were more than LIMIT_UNMAPPED */
};

#endif
