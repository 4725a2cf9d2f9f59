/* What the files of this room share. Nobody outside includes this.
 *
 *   token.c    bytes of a rule file -> tokens
 *   parse.c    tokens -> rules, their conditions as trees; every fault with its place
 *   compile.c  trees -> tests in a row, an index by chapter of the tariff, the set
 *   signal.c   what tests ask about, read from a declaration once
 *   test.c     does one comparison hold
 *   select.c   the order of selection */
#ifndef CUSTOMHOUSE_RISK_ROOM_H
#define CUSTOMHOUSE_RISK_ROOM_H

#include "base/limits.h"
#include "base/map.h"
#include "risk/risk.h"

/* ---- what tests ask about ---- */

enum signal_type { TYPE_TEXT, TYPE_NUMBER };
enum signal_scope { SCOPE_DECLARATION, SCOPE_ITEM };

enum signal {
#define SIGNAL(id, name, type, scope, title) SIGNAL_##id,
#include "risk/signals.def"
#undef SIGNAL
	SIGNALS,
	SIGNAL_FIRST_OF_ITEM = SIGNAL_item_commodity, /* all from here on */
};

struct signal_about {
	const char *name;
	enum signal_type type;
	enum signal_scope scope;
};
extern const struct signal_about signals[SIGNALS];

/* What a text is made of, for a quick no: see text_trace(). */
struct trace {
	uint64_t bits[2];
};

/* A signal's value, once it was asked for. */
enum { VALUE_READ = 1, VALUE_KNOWN = 2, VALUE_HASHED = 4, VALUE_TRACED = 8 };
struct value {
	union {
		struct span text;
		struct decimal number;
	};
	struct trace trace; /* of the text, see text_trace() */
	uint32_t hash;      /* of the text */
};

/* What rules look at: a declaration, and one of its items while the conditions of items run. Values are read when first asked
 * for; state[] says how far each is. */
struct subject {
	struct arena *arena;
	const struct declaration *d;
	const struct assessment *assessed;
	const struct facts *facts;
	const struct ruleset *rules;
	const struct goods_item *item; /* NULL: the declaration as a whole */
	uint32_t index;                /* of the item */
	uint8_t state[SIGNALS];
	struct value value[SIGNALS];
};
/* Turns to an item: forgets the values of the one before. */
void subject_item(struct subject *s, uint32_t index);
/* Reads a signal into s->value; false: the declaration does not say. */
bool signal_read(struct subject *s, enum signal what);

/* NULL: missing. */
static inline struct value *subject_value(struct subject *s, enum signal what)
{
	if (!(s->state[what] & VALUE_READ))
		s->state[what] =
		    (uint8_t)(signal_read(s, what) ? VALUE_READ | VALUE_KNOWN : VALUE_READ);
	return s->state[what] & VALUE_KNOWN ? &s->value[what] : NULL;
}

/* ---- one comparison ---- */

enum operator{
	IS_EQUAL,
	IS_UNEQUAL,
	IS_LESS,
	IS_AT_MOST,
	IS_MORE,
	IS_AT_LEAST,
	STARTS,
	CONTAINS,
	IN_TEXTS, /* of the rule, or a list of the pack */
	IN_NUMBERS,
	HAS_DOCUMENT,
};

/* Texts with the days on which each belongs, by hash; a text with several periods stands there once for each. */
struct text_set {
	struct set_slot {
		struct span value;
		uint32_t hash;
		struct ref_dates dates;
	} * slots;
	uint32_t size; /* a power of two, more than half of it empty */
};
/* Room for n values. */
struct text_set text_set_for(struct arena *a, uint32_t n);
void text_set_add(struct text_set *s, struct span value, struct ref_dates dates);

struct number_set {
	const struct decimal *v;
	uint32_t n;
};

/* Where a test goes on: another test, or the end. */
enum { GOES_MISS = UINT32_MAX - 1, GOES_HIT = UINT32_MAX };

struct test {
	uint8_t operator; /* enum operator */
	uint8_t signal;   /* enum signal; HAS_DOCUMENT asks about none */
	uint32_t if_true, if_false;
	union {
		struct span text; /* CONTAINS: in small letters */
		struct decimal number;
		struct text_set texts;
		struct number_set numbers;
	};
	struct trace trace; /* CONTAINS: of text */
};
/* Goes through a set's tests from one of them on. A missing value holds in no comparison. */
bool condition_holds(struct subject *s, uint32_t at);

/* Which pairs of neighbouring bytes a text has, small and capital ASCII letters alike, folded into 128 bits: a text can contain
 * another only if it has all the other's bits. */
struct trace text_trace(struct span s);

static inline char ascii_small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* ---- rules as read ---- */

enum {
	RULE_TESTS = 256,      /* comparisons of one rule */
	RULE_NESTING = 32,     /* parentheses and nots within each other */
	RULE_VALUES = 1000,    /* values in one pair of parentheses */
	RULE_TEXT_BYTES = 500, /* of one text */
	RULE_ID_BYTES = 35,
};

enum node_kind { NODE_TEST, NODE_AND, NODE_OR, NODE_NOT };
struct node {
	enum node_kind kind;
	struct node *left, *right; /* NODE_NOT: left */
	struct test test;
	struct span list;          /* of a test: the pack's list, or empty */
	const struct span *values; /* of a test IN_TEXTS: the rule's own values */
	uint32_t value_count;
	uint32_t tests;    /* in it */
	bool of_item;      /* something in it asks about a goods item */
	bool of_documents; /* something in it asks about documents */
};

struct parsed_rule {
	struct risk_rule about;
	struct node *when;
};

struct parsed {
	struct arena *arena;
	const struct refset *ref;
	struct pack_faults *faults;
	bool faulty;
	struct map by_id; /* id -> struct risk_rule */
	DICT_LIST(struct parsed_rule) rules;
};
/* Reads one file: adds its rules and faults. */
void rules_parse(struct parsed *p, struct span file, struct span bytes);

/* ---- tokens ---- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_BAD };

struct token {
	enum token_kind kind;
	struct span text; /* as written; TOKEN_TEXT: what it says; TOKEN_BAD: what is wrong */
	uint32_t line, column;
	bool first; /* on its line */
};

struct scanner {
	struct arena *arena;
	const char *p, *end, *line_start;
	uint32_t line;
	bool line_begun; /* a token of this line was given */
};
struct scanner scanner_for(struct arena *a, struct span bytes);
/* TOKEN_BAD stands for one bad token; scanning goes on behind it. */
struct token scan(struct scanner *s);

/* ---- the set ---- */

enum { CHAPTERS = 101, CHAPTER_OTHER = 100 }; /* 00..99 by the first two digits; anything else */
uint32_t chapter_of(struct span commodity);

/* What a rule needs while it runs; the rest of it is in struct risk_rule. */
struct rule {
	struct ref_dates dates;
	uint32_t gate; /* first test of what is asked about the declaration alone, or GOES_HIT */
	uint32_t body; /* first test of what is asked about an item, or GOES_HIT */
};

/* A set of rules as bits. */
enum { RULE_WORDS = LIMIT_RULES / 64 + 1 };

struct ruleset {
	const struct refset *ref;
	struct risk_rule *about; /* sorted by id; rules[] likewise */
	struct rule *rules;
	uint32_t count, words;
	const struct test *tests;
	uint64_t *whole;             /* rules about the declaration alone */
	uint64_t *chapter[CHAPTERS]; /* rules about items that goods of this chapter can hit */
	int64_t history_weight, irregular_ppm; /* how histories are smoothed: docs/rules.md */
};

static inline bool bit_is(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

#endif
