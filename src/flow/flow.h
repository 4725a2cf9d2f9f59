/* The life of a case: its states, what holds the goods, what can be done, by whom, and what follows. docs/case-life.md
 * tells it to people; the tables are states.def, holds.def, acts.def, refusals.def.
 *
 * What a lane does is code, the same in every country:
 *
 *   green   release
 *   blue    release, and audit later
 *   yellow  documents are checked before release
 *   red     documents are checked and the goods are examined before release
 *
 * Goods are released when nothing holds them any more, in the act that lifts the last hold: nobody has to say so. Where
 * a case rests on its way there is one function of its holds. Control that was asked for ends with its result by the
 * examiner, with the consent of a second person, or, of documents alone and where the decision says so, with time; never
 * otherwise.
 *
 * Sources: RKC General Annex, standards 3.27 (amendment), 3.29 (withdrawal), 3.40 to 3.43 (release, also under
 * security), 3.44 (abandonment), 4.18 (repayment), chapters 6 (control) and 10 (appeal). Right of reply before an
 * adverse decision stands, and no amendment once control was announced: Regulation (EU) 952/2013, articles 22(6) and
 * 173(2).
 *
 * Everything here is pure; nothing is allocated. flow_act() answers any act on any case, and changes nothing when it
 * refuses. Texts of the results point to where those of the arguments point. */
#ifndef CUSTOMHOUSE_FLOW_FLOW_H
#define CUSTOMHOUSE_FLOW_FLOW_H

#include "base/money.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/who.h"

enum flow_state {
#define STATE(name, id, end, title) FLOW_##name,
#include "flow/states.def"
#undef STATE
	FLOW_STATES
};
const char *flow_state_name(enum flow_state s);
/* FLOW_STATES when there is no such state. */
enum flow_state flow_state_by_name(struct span s);
/* Is the case over but for its money and an appeal? */
bool flow_state_ends(enum flow_state s);

/* ---- holds ---- */

enum flow_hold_index {
#define HOLD(name, id, act, lifted) HOLD_INDEX_##name,
#include "flow/holds.def"
#undef HOLD
	FLOW_HOLDS
};
/* A set of holds is the sum of their bits. */
enum flow_hold {
#define HOLD(name, id, act, lifted) HOLD_##name = 1 << HOLD_INDEX_##name,
#include "flow/holds.def"
#undef HOLD
};
/* Holds that a lane asks for, which only a result or a second person lifts. */
enum { HOLDS_CONTROL = HOLD_DOCUMENTS | HOLD_INSPECTION };

/* Names of holds; returns how many. */
uint32_t flow_holds(unsigned holds, const char *ret[FLOW_HOLDS]);
/* The bit of a name; 0 when there is no such hold. */
unsigned flow_hold_by_name(struct span s);

/* ---- what stands in a decision: byte for byte the same for as long as decisions are kept ---- */

struct flow_step {
	enum flow_state state;
	unsigned holds;
};

/* The step after a decision. accepted: no finding was an error. */
struct flow_step flow_after_decision(bool accepted, enum message_function asked, enum lane lane,
				     struct money total_due);
/* Names of the next acts, for officers. Returns how many. */
uint32_t flow_next(struct flow_step s, const char *ret[FLOW_HOLDS + 1]);
/* What a trader is told to do: never depends on the lane. */
uint32_t flow_next_for_trader(bool accepted, enum message_function asked, struct money total_due,
			      const char *ret[FLOW_HOLDS]);

/* ---- the case ---- */

enum flow_appeal { APPEAL_NONE, APPEAL_LODGED, APPEAL_UPHELD, APPEAL_DISMISSED };
enum { FLOW_APPEALS = 4 };
/* "none", "lodged", "upheld", "dismissed" */
const char *flow_appeal_name(enum flow_appeal a);
/* FLOW_APPEALS: no such name. */
enum flow_appeal flow_appeal_by_name(struct span s);

/* Amounts are minor units of the national currency, never below zero. Times are microseconds UTC; 0: none. Persons are
 * logins; empty: none yet. A zeroed case is no case: begin with flow_begin(). */
struct flow_case {
	enum flow_state state;
	/* queried, detained, seized: where the case stood before; else the state itself */
	enum flow_state behind;
	unsigned holds;
	enum lane lane;
	int64_t version;
	bool presented; /* the goods are here, or were */
	bool
	    notified; /* control was announced, or the goods were released: changes are requests from here */
	bool provisional; /* security stands in for payment */
	bool irregular;   /* an irregularity is open */
	bool adverse;     /* a correction, refusal or seizure that no appeal was lodged against */
	bool cancels;     /* the request that waits asks for cancellation */
	int64_t due, paid, secured;
	int64_t guaranteed; /* of what is secured: by guarantees, not by money */
	int64_t
	    refund; /* paid beyond what is due, and not approved to be paid back: paid - due, or 0 */
	int64_t reply_by;      /* until when the trader may reply to a correction */
	int64_t secured_until; /* until when the security stands in for payment */
	int64_t eases_at;  /* yellow becomes blue then, if nobody has found anything; 0: it stays */
	int64_t ease_days; /* the same, in days from the presentation that is waited for */
	struct span examiner;
	struct span reassessor; /* who corrected last */
	struct span judge;      /* who decided last on a request, a seizure or an appeal */
	struct span
	    proposer; /* of a lower lane that waits for a second person; with it `proposed` */
	enum lane proposed;
	struct span request; /* number of the trader's request that waits */
	enum flow_appeal appeal;
};

/* States that a case passed in one act, in their order; the last is where it stands now. Empty: it stands where it
 * stood. Each is a step in the case's record and news for officers; a notice to the trader says what flow_public() says, for
 * some of these states tell the lane. */
enum { FLOW_PASSED = 6 };
struct flow_path {
	enum flow_state state[FLOW_PASSED];
	uint32_t n;
};

/* The case after the decision on its first version. presented: see flow_type_is_presented(). due >= 0. path may be NULL. */
struct flow_case flow_begin(bool accepted, bool presented, enum lane lane, int64_t due,
			    struct flow_path *path);
/* A yellow case that nothing but revenue asks for becomes blue after so many days from `at`, or from the presentation of its
 * goods when that comes later (docs/rules.md). 0: it does not. */
void flow_ease_after(struct flow_case *c, int64_t days, int64_t at);
/* Are goods declared with this type here already? The type's third letter says so: A, B and C are made when the goods
 * are here; X, Y and Z complete an earlier declaration or entry in the records; D, E and F are made before arrival. Any
 * other is taken to be made before arrival: goods that nobody presented are not released. Source of the letters:
 * Implementing Regulation (EU) 2015/2447, annex B, data element 1/2. */
bool flow_type_is_presented(struct span type);

/* ---- acts ---- */

enum flow_act {
#define ACT(NAME, name, id, who, where, refused_if, title) ACT_##NAME,
#include "flow/acts.def"
#undef ACT
	FLOW_ACTS
};
/* The public id, such as "check-documents". */
const char *flow_act_name(enum flow_act a);
/* FLOW_ACTS when there is no such act. */
enum flow_act flow_act_by_name(struct span s);
/* What it does, one line for people. */
const char *flow_act_title(enum flow_act a);
/* ROLE_ bits of those who may do it. */
unsigned flow_act_roles(enum flow_act a);

enum flow_result { RESULT_NONE, RESULT_CLEAN, RESULT_IRREGULAR };

/* An act as somebody wants it done. What an act does not read may be zero. */
struct flow_do {
	enum flow_act act;
	struct span by; /* login, or "hub" */
	unsigned roles; /* of who does it */
	int64_t at;
	struct span reason;  /* why; the words of a query, a reply, an appeal */
	struct span code;    /* check-documents and examine when irregular, seize: what was found */
	struct span who;     /* allocate, take-over: the examiner */
	struct span request; /* ask: its number */
	struct span guarantee;   /* secure: its reference; empty: money is set aside */
	bool cancels;            /* ask: for a cancellation */
	enum flow_result result; /* check-documents, examine */
	enum lane lane;          /* reroute; amend, correct, grant, present: of the new version */
	unsigned hold;           /* place-hold, lift-hold: one bit */
	int64_t amount; /* pay, secure, approve-refund; decide-appeal: by how much less is due */
	int64_t until;  /* secure: deadline for payment; correct: for the reply */
	bool accepted;  /* reply-correction: the trader agrees; decide-appeal: upheld */
	/* amend, correct, grant, and present where it is decided again: a version was decided without an error, and `version`,
	 * `due` and `lane` are its */
	bool applied;
	int64_t version, due;
	int64_t ease_days; /* with applied: of that version; 0: time does not end its control */
};

enum flow_refusal {
	REFUSED_NOTHING, /* the act is done */
#define REFUSAL(NAME, name, id, kind, text) REFUSED_##NAME,
#include "flow/refusals.def"
#undef REFUSAL
	FLOW_REFUSALS
};
enum flow_refusal_kind {
	REFUSAL_STATE,   /* the case does not allow it now */
	REFUSAL_ROLE,    /* the person is not one who may */
	REFUSAL_PERSON,  /* the person did something in the case that another must have done */
	REFUSAL_MISSING, /* a value is missing or makes no sense */
	REFUSAL_AMOUNT,  /* an amount is */
};
enum { FLOW_REFUSAL_KINDS = 5 };
/* r is not REFUSED_NOTHING. */
const char *flow_refusal_id(enum flow_refusal r);
const char *flow_refusal_text(enum flow_refusal r);
enum flow_refusal_kind flow_refusal_kind(enum flow_refusal r);

/* Does the act, or says why not. Refused: *after is *before, and the path is empty. */
enum flow_refusal flow_act(const struct flow_case *before, const struct flow_do *given,
			   struct flow_case *after, struct flow_path *path);

/* ---- what may follow ---- */

/* For officers' worklists: acts that somebody with these roles may do now, values given. by empty: anybody with these
 * roles. at: now. Never for a trader: which acts are possible tells the lane. Returns how many, by id. */
uint32_t flow_for_officer(const struct flow_case *c, struct span by, unsigned roles, int64_t at,
			  enum flow_act ret[FLOW_ACTS]);

/* What the trader sees: a word for where the case stands, and what it is asked to do next. Before the goods are
 * presented always "accepted"; afterwards what is required and nothing of why. Green and blue give the same, as do holds
 * placed by a rule or by hand. */
enum { FLOW_PUBLIC_NEXT = 8 };
struct flow_view {
	const char *state;
	const char *next[FLOW_PUBLIC_NEXT];
	uint32_t n;
};
struct flow_view flow_public(const struct flow_case *c, int64_t now);
bool flow_view_equal(const struct flow_view *a, const struct flow_view *b);

#endif
