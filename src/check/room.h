/* What the files of this room share. Nobody outside includes this. */
#ifndef CUSTOMHOUSE_CHECK_ROOM_H
#define CUSTOMHOUSE_CHECK_ROOM_H

#include "check/check.h"

/* Which messages a check looks at. A direction that is not named does not matter. */
enum when {
	ON_ORIGINAL = 1,
	ON_AMENDMENT = 2,
	ON_CANCELLATION = 4,
	ON_PRESENTATION = 8,
	ON_REQUESTS = ON_AMENDMENT | ON_CANCELLATION | ON_PRESENTATION,
	ON_ANY = ON_ORIGINAL | ON_REQUESTS,
	ON_IMPORT = 16,
	ON_EXPORT = 32,
	IF_FULL = 64, /* only where the type and the procedure ask for all data */
};

/* What a check is called for, one by one. */
enum level {
	LEVEL_DECLARATION,
	LEVEL_ITEM,
	LEVEL_DOCUMENT,
	LEVEL_PREVIOUS,
	LEVEL_PARTY,
	LEVEL_STATEMENT,
	LEVEL_CHARGE,
	LEVEL_AMENDMENT,
	LEVEL_CONTAINER,
	LEVEL_PACKAGE,
	LEVEL_TEXT, /* struct span, of any text, code or identifier that holds a control character */
	LEVEL_CODE, /* struct span: a code that its list, c->list, does not hold on the legal day */
	LEVEL_AMOUNT, /* struct amount: below zero, without a currency, or with more decimals than that has */
	LEVEL_NUMBER, /* struct decimal, of a number or quantity that is below zero */
	LEVELS
};

struct checking;
/* Looks at one object of the check's level; reports through report(). */
typedef void check_function(struct checking *c, const void *object);
/* Is a text written as it must be? */
typedef bool form_function(struct span s);

/* How a generic kind reads a member. */
enum member { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_CLASS, MEMBER_TIME };

/* One row of checks.def. */
struct check {
	enum finding_rule rule;
	enum level level;
	unsigned when; /* enum when */
	check_function *run;
	uint32_t offset,
	    other_offset; /* generic kinds: of the member, and of the one that it needs */
	enum member kind, other_kind;
	form_function *form;
};

/* What is known of one goods item before its checks run. */
struct item_view {
	const struct goods_item *item;
	uint32_t index;
	bool full;                             /* all data are required */
	struct span code;                      /* commodity code, or empty */
	const struct ref_commodity *commodity; /* or NULL */
	const struct procedure *main;          /* the first procedure, or NULL */
	const struct ref_procedure *procedure; /* what the pack knows of it, or NULL */
};

/* A total of what the items say. */
struct sum {
	struct decimal total;
	bool all;      /* every item says it */
	bool overflow; /* it has more digits than a number may have */
};

/* Remembers an answer about a code, since the same few codes stand at every item. */
struct code_memo {
	const char *list;
	uint64_t code;
	bool good;
};
enum { CODE_MEMOS = 64 };

/* What the pack may set, settings.def. */
enum setting {
#define SETTING(name, value, title) SETTING_##name,
#include "check/settings.def"
#undef SETTING
	SETTINGS
};

/* Identifiers and where they stand, sorted, so that doubles lie side by side. Few of them need no memory. */
enum { PLACES_FEW = 16 };
struct places {
	const struct span *few[PLACES_FEW];
	const struct span **many;
	uint32_t n, room;
};

/* The rows of checks.def that apply to this message, by level. */
enum { LEVEL_ROWS = 64 };
struct selected {
	uint8_t row[LEVELS][LEVEL_ROWS];
	uint8_t n[LEVELS];
};

enum { VAGUE_LETTERS = 32 };

/* One run of all checks over one declaration. */
struct checking {
	const struct declaration *d;
	const struct refset *r;
	const struct facts *facts;
	struct findings *f;
	int32_t day; /* legal day */
	enum direction direction;
	unsigned on;  /* ON_... of this message */
	bool reduced; /* its type needs fewer data */
	bool full;    /* the declaration as a whole needs all data */
	const struct selected *selected;
	const struct check *now; /* the check that runs: report() finds its rule here */

	struct item_view item; /* at item level and below; item.item is NULL at the header */
	struct sum gross, packages, price;
	bool same_currency;          /* all prices stand in the currency of the first one */
	struct span currency;        /* of the first price */
	bool suspended, unsuspended; /* some item's procedure suspends duties; some does not */
	/* the first procedure into or out of a warehouse, or NULL */
	const struct procedure *warehoused;

	struct places listed; /* containers of the shipment, once an item names one */
	bool listed_known;
	struct dict_list siblings; /* documents: the list that the object stands in */
	struct span last_currency; /* the last one that was asked, and how many decimals it has */
	uint8_t last_digits;
	uint32_t vague
	    [VAGUE_LETTERS]; /* words that describe nothing: a bit for each length, by their first letter */
	bool vague_known;
	struct span list; /* codes: the list that was asked */
	bool free_text;   /* texts: of several words and lines, not an identifier */
	struct span asked_requested,
	    asked_previous; /* the last pair of procedures that was looked up, and */
	const struct ref_procedure *answered; /* what was found */
	struct code_memo memo[CODE_MEMOS];
	struct span setting[SETTINGS]; /* those that were asked */
};

/* Adds the running check's finding about the value at place, unless the pack switched it off, with the severity that the pack
 * gives it. */
void report(struct checking *c, const void *place, struct span v1, struct span v2, struct span v3);
/* Runs all checks of a level that apply, on one object. */
void run_level(struct checking *c, enum level level, const void *object);
/* Walks every value that the message gives: codes, amounts, numbers, texts. */
void run_values(struct checking *c);

/* The pack's value, or the default. */
struct span setting(struct checking *c, enum setting s);
int32_t setting_number(struct checking *c, enum setting s);
/* Is the word among the setting's words? Does it begin with one of them? An empty word: no. */
bool setting_has(struct checking *c, enum setting s, struct span word);
bool setting_begins(struct checking *c, enum setting s, struct span word);
/* Is the word one of these, which blanks separate? */
bool words_have(struct span words, struct span word);

/* Is the charge one of the pack's list, or, where the pack has none, of those that the setting names? */
bool charge_is(struct checking *c, const char *list, enum setting s, struct span type);

/* ---- words for findings, made only when one is reported ---- */

struct span say_decimal(struct checking *c, struct decimal d);
struct span say_number(struct checking *c, int64_t n);
struct span say_day(struct checking *c, int32_t day);

/* ---- what several checks ask ---- */

/* The third letter of the type, which says how complete the declaration is: A standard, C simplified, Y supplementary ... Or
 * nothing. */
struct span type_letter(const struct declaration *d);
/* A day that the message gives and that could be read. */
bool day_known(const struct datetime *t);
/* The same day of the calendar some years before; a day nearer than a year is not older than any number of them. */
enum { DAYS_A_YEAR = 365 };
int32_t day_years_before(int32_t day, int32_t years);
/* Adds one item's number; a missing one makes the sum incomplete. */
void sum_add(struct sum *s, struct decimal d);
/* Does the declared total differ from the sum? false while the items do not all say it. */
bool sum_differs(const struct sum *s, struct decimal total);
/* The commodity on the legal day; NULL when the tariff has none. */
const struct ref_commodity *commodity_on(const struct refset *r, struct span code, int32_t day);
/* Does the pack's list hold the code on the legal day? Also when the pack has no such list. list: a text that stays, such as a
 * constant. */
bool code_is_good(struct checking *c, const char *list, struct span code);
/* Is the document's code, category and type joined, this word? */
bool document_is(const struct document *d, struct span code);
/* Does the item or the header give a document with this code? */
bool document_given(const struct checking *c, struct span code);
/* Is there a procedure before? "00" and "0000" say that there is none. */
bool procedure_follows(const struct procedure *p);

/* Room for n identifiers; then each is added, an empty one not; then they are sorted. */
struct places places_for(struct arena *a, uint32_t n);
void places_add(struct places *p, const struct span *text);
void places_sort(struct places *p);
bool places_have(const struct places *p, struct span text);
/* The running check's finding at each that stands there again. */
void places_report_twice(struct checking *c, const struct places *p);

/* ---- the checks: functions and forms of checks.def ---- */

check_function check_required, check_required_list, check_needs, check_positive, check_not_future,
    check_form;
form_function form_container, form_indicators, form_movement_reference, form_party_id,
    form_trader_reference, form_ucr;

#define REQUIRED(type, member)
#define REQUIRED_LIST(type, member)
#define NEEDS(type, member, other)
#define POSITIVE(type, member)
#define NOT_FUTURE(type, member)
#define FORM(type, member, form)
#define BY(function)                  extern check_function check_##function;
#define CHECK(rule, level, when, how) how
#include "check/checks.def"
#undef CHECK
#undef BY
#undef FORM
#undef NOT_FUTURE
#undef POSITIVE
#undef NEEDS
#undef REQUIRED_LIST
#undef REQUIRED

#endif
