/* What the files of this room share. Nobody outside includes this.
 *
 *   token.c      bytes of a rule file -> tokens
 *   field.c      names -> what they stand for: signals, paths of the dictionary
 *   condition.c  tokens -> conditions as trees
 *   parse.c      tokens -> rules; every fault with its place
 *   compile.c    trees -> tests in a row, the set
 *   index.c      which rules a declaration, or one of its items, can hit at all
 *   signal.c     what tests ask about, read from a declaration once
 *   past.c       histories: rates, counts over days, usual prices, in rules and in words
 *   history.c    the rows that histories are kept in (risk/history.h)
 *   missed.c     what is missed, from the random stratum (risk/missed.h)
 *   aggregate.c  a count, sum, least, most or number of different ones over the items
 *   reads.c      which fields of a declaration a set reads
 *   test.c       does one comparison hold
 *   select.c     the order of selection
 *   format.c     a rule file, laid out */
#ifndef CUSTOMHOUSE_RISK_ROOM_H
#define CUSTOMHOUSE_RISK_ROOM_H

#include "base/limits.h"
#include "base/map.h"
#include "risk/risk.h"

/* ---- what tests ask about ---- */

/* TYPE_DAY: a number, of days since 1970-01-01, that rules write as 2026-11-22. */
/* TYPE_FLAG: a number, 1 or 0, that stands alone in a rule. */
enum signal_type { TYPE_TEXT, TYPE_NUMBER, TYPE_DAY, TYPE_FLAG };
enum signal_scope { SCOPE_DECLARATION, SCOPE_ITEM };

enum signal {
#define SIGNAL(id, name, type, scope, title) SIGNAL_##id,
#include "risk/signals.def"
#undef SIGNAL
	SIGNALS,
	SIGNAL_FIRST_OF_ITEM = SIGNAL_item_chapter_rate, /* all from here on */
};

struct signal_about {
	const char *name;
	enum signal_type type;
	enum signal_scope scope;
};
extern const struct signal_about signals[SIGNALS];

/* The way to a field of the dictionary, from the declaration or from a goods item. Where it leads through lists there are several
 * values, and a comparison holds when it holds for one of them. */
enum { PATH_STEPS = 8 };
struct path {
	uint8_t steps;
	bool extra; /* the currency of the amount, the unit of the quantity */
	bool of_item;
	const struct dict_field *step[PATH_STEPS];
};

/* One value out of the items of a declaration. */
enum aggregate_kind { COUNT_OF, SUM_OF, LEAST_OF, MOST_OF, DIFFERENT_OF };

/* What a comparison asks about. */
enum operand_kind { OF_SIGNAL, OF_PATH, OF_AGGREGATE, OF_DOCUMENTS, OF_PAST };
struct operand {
	uint8_t kind;   /* enum operand_kind */
	uint8_t type;   /* enum signal_type */
	uint8_t signal; /* OF_SIGNAL: enum signal */
	const void *of; /* struct path, struct aggregate, struct past */
};

/* What a history is asked: how many declarations, or goods of which value, in so many days; or the price of which so many in a
 * thousand are no higher. */
enum past_what { PAST_COUNT, PAST_SUM, PAST_QUANTILE };
struct past {
	enum past_what what;
	enum history_kind of;
	int32_t number;
};

struct node;
struct aggregate {
	enum aggregate_kind kind;
	struct operand of;        /* COUNT_OF: none */
	const struct node *where; /* what items must meet; NULL: all count */
	uint32_t at;              /* its first test, or GOES_HIT */
	uint32_t index;           /* among those of the set */
};

/* What a text is made of, for a quick no: see text_trace(). */
struct trace {
	uint64_t bits[2];
};

/* A signal's value, once it was asked for. */
enum { VALUE_READ = 1, VALUE_KNOWN = 2 };
/* What else is known of a value. */
enum { VALUE_HASHED = 1, VALUE_TRACED = 2 };
struct value {
	union {
		struct span text;
		struct decimal number;
	};
	struct trace trace; /* of the text, see text_trace() */
	uint32_t hash;      /* of the text */
	uint8_t state;      /* VALUE_HASHED, VALUE_TRACED */
};

/* Tests that many rules share and that cost something are asked once: what they said. */
struct memo {
	uint64_t *known, *yes; /* bits by slot; NULL while nothing was asked */
	uint32_t slots;
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
	struct memo whole, one;        /* of the declaration; of the item */
	struct subject *within;        /* turns to items for aggregates; NULL before the first */
	struct value *aggregates;      /* by index; NULL before the first */
	uint32_t past_known;           /* bits of the kinds that were looked for */
	const struct history_fact *past[HISTORY_KINDS];
	uint8_t state[SIGNALS];
	struct value value[SIGNALS];
};
/* Turns s, of which nothing is set, to a declaration as a whole. */
void subject_begin(struct subject *s, struct arena *a, const struct declaration *d,
		   const struct assessment *assessed, const struct facts *facts,
		   const struct ruleset *rules);
/* Turns to an item: forgets the values of the one before. */
void subject_item(struct subject *s, uint32_t index);
/* Reads a signal into s->value; false: the declaration does not say. */
bool signal_read(struct subject *s, enum signal what);

/* NULL: missing. */
static inline struct value *subject_value(struct subject *s, enum signal what)
{
	if (!(s->state[what] & VALUE_READ)) {
		s->value[what].state = 0;
		s->state[what] =
		    (uint8_t)(signal_read(s, what) ? VALUE_READ | VALUE_KNOWN : VALUE_READ);
	}
	return s->state[what] & VALUE_KNOWN ? &s->value[what] : NULL;
}

/* Gives every value of a path to visit, which stops it by saying true; true: it did. */
typedef bool path_visitor(void *context, struct value *v);
bool path_visit(const struct path *p, const struct subject *s, path_visitor *visit, void *context);
/* The value of an aggregate, gathered when it is first asked for; NULL: the least or the most of nothing. */
struct value *aggregate_value(struct subject *s, const struct aggregate *a);
/* The one value of an operand that has no lists on its way; false: missing. */
bool operand_value(struct subject *s, const struct operand *o, struct value *ret);

/* ---- past.c ---- */

/* Signals of histories; false: the facts do not say. */
enum past_price { PRICE_COUNT, PRICE_MEDIAN, PRICE_DEVIATION };
bool past_rate(struct subject *s, enum history_kind k, struct value *v);
bool past_first(struct subject *s, enum history_kind k, struct value *v);
bool past_price(struct subject *s, enum past_price what, struct value *v);
bool past_value(struct subject *s, const struct past *p, struct value *v);
/* Does an operand ask about the past? Adds what it asks. */
bool past_is_asked(const struct operand *o);
void past_note(struct history_asked *to, const struct operand *o);
/* What the subject's past says of what a rule asks, in words; empty: nothing. */
struct span past_say(struct subject *s, const struct operand *const *asked, uint32_t n);

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
/* Is the value in it on that day? */
bool text_set_holds(const struct text_set *s, struct value *v, int32_t day);

struct number_set {
	const struct decimal *v;
	uint32_t n;
};

/* Where a test goes on: another test, or the end. */
enum { GOES_MISS = UINT32_MAX - 1, GOES_HIT = UINT32_MAX };

/* The right side of a comparison that names a field: factor times its value. */
struct other {
	struct operand of;
	struct decimal factor; /* not set: 1 */
};

enum { NO_SLOT = UINT32_MAX };

struct test {
	uint8_t operator; /* enum operator */
	bool per_item;    /* the slot lies in subject.one */
	struct operand of;
	uint32_t slot; /* what it said is remembered there, or NO_SLOT */
	uint32_t if_true, if_false;
	const struct other *other; /* against a field instead of the value below */
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

uint32_t text_hash(struct span s);

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
	RULE_OFFICES = 100,    /* that a rule is for */
	RULE_TEXT_BYTES = 500, /* of one text */
	RULE_ID_BYTES = 35,
	SET_AGGREGATES = 1000, /* different ones in a set */
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
	struct map by_id;  /* id -> struct risk_rule */
	struct map fields; /* name -> struct operand, of names that were looked up */
	struct map
	    aggregates; /* as written -> struct aggregate: one for all rules that say the same */
	uint32_t aggregate_count;
	int32_t past_days[HISTORY_WINDOWS],
	    past_permille[HISTORY_WINDOWS]; /* that were asked for */
	uint32_t past_days_count, past_permille_count;
	DICT_LIST(struct parsed_rule) rules;
};
/* What a name stands for; false: nothing. */
struct field {
	struct operand operand;
	bool of_item;
};
bool field_find(struct arena *a, struct span name, struct field *ret);

/* Reads one file: adds its rules and faults. */
void rules_parse(struct parsed *p, struct span file, struct span bytes);

/* ---- tokens ---- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_BAD };

struct token {
	enum token_kind kind;
	struct span text; /* as written; TOKEN_TEXT: what it says; TOKEN_BAD: what is wrong */
	uint32_t line, column;
	bool first;      /* on its line */
	struct span raw; /* as it stands in the file, with its quotes */
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

/* ---- reading rules ---- */

struct parser {
	struct parsed *to;
	struct span file;
	struct scanner scanner;
	struct token now;
	struct span id; /* of the rule that is being read, or empty */
	uint32_t tests; /* in it, so far */
	uint32_t nesting;
	bool in_items; /* inside an aggregate */
	bool said;     /* this text of the file broke the grammar, and a fault says so */
};

#define FAULT(p, token, rule, ...)                                                                 \
	parser_note(p, token, rule, arena_print((p)->to->arena, __VA_ARGS__))
#define QUOTE(s) SPAN_ARG(parser_quote(s))

/* At most 60 bytes of what a file says, cut between characters. */
struct span parser_quote(struct span s);
void parser_note(struct parser *p, const struct token *at, const char *rule, const char *text);
void parser_advance(struct parser *p);
/* Words of the grammar and fields are plain words; texts in quotes are never taken for them. */
bool parser_at_word(const struct parser *p, const char *word);
bool parser_at_sign(const struct parser *p, const char *sign);
bool parser_at_aggregate(const struct parser *p);
bool parser_take_word(struct parser *p, const char *word);
bool parser_take_sign(struct parser *p, const char *sign);
bool parser_want_word(struct parser *p, const char *word);
bool parser_want_text(struct parser *p, struct span *ret, const char *what);
/* The grammar wants something else here. Always false. */
bool parser_expected(struct parser *p, const char *what);
/* A day such as 2026-11-22. */
bool parser_day(struct parser *p, int32_t *ret);

/* past.c: does a question to a history come next? Reads it; false: a fault says why. */
bool past_is_next(const struct parser *p);
bool past_parse(struct parser *p, struct operand *ret, bool *ret_of_item);

/* NULL: a fault says why. */
struct node *condition_parse(struct parser *p);
struct node *condition_join(struct parser *p, enum node_kind kind, struct node *left,
			    struct node *right);
/* A comparison, still of nothing, counted among those of the rule. */
struct node *condition_test(struct parser *p, enum operator operator);

/* ---- the set ---- */

/* What a rule needs while it runs; the rest of it is in struct risk_rule. */
struct rule {
	struct ref_dates dates;
	bool per_item;
	uint32_t gate; /* first test of what is asked about the declaration alone, or GOES_HIT */
	uint32_t body; /* first test of what is asked about an item, or GOES_HIT */
	const struct operand *const *past; /* what it asks of histories */
	uint32_t past_count;
};

/* A set of rules as bits. */
enum { RULE_WORDS = LIMIT_RULES / 64 + 1 };

/* Rules in the order of their ids. */
struct postings {
	const uint32_t *v;
	uint32_t n;
};

/* Which rules a value of one signal makes possible: by what it begins with, by all of it, by a list that it is in. */
struct signal_index {
	uint64_t prefixes; /* bit n: some key asks for the first n bytes, n < 64 */
	bool whole;        /* some key asks for all of it */
	struct key_slot {
		struct span key;
		uint32_t hash;
		bool whole, used;
		struct postings rules;
	} * slots;
	uint32_t size; /* a power of two; 0: none */
	struct list_key {
		struct text_set set;
		struct postings rules;
	} * lists;
	uint32_t list_count;
};

/* Every rule stands under keys of one signal of which one must be there for it to hit, or, when it has none, in always. */
struct rule_index {
	struct signal_index signal[SIGNALS];
	enum signal used[SIGNALS]; /* those with keys, the declaration's first */
	uint32_t used_count, used_of_declaration;
	struct postings whole_always, item_always;
};

struct ruleset {
	const struct refset *ref;
	struct risk_rule *about; /* sorted by id; rules[] likewise */
	struct rule *rules;
	uint32_t count, words; /* of a set of rules as bits */
	const struct test *tests;
	struct rule_index index;
	uint32_t whole_slots, item_slots; /* of memos */
	uint32_t aggregates;
	int64_t history_weight, irregular_ppm; /* how histories are smoothed: docs/rules.md */
	struct history_asked asked;
	/* what its questions read of a declaration */
	bool reads[SIGNALS], reads_documents;
	DICT_LIST(const struct path *) paths;
};

/* capacity.c: the steps of selection that follow the rules, in their order. Inside arena_run(). */
struct reason *select_reason(struct arena *a, struct selection *to, enum reason_kind kind,
			     struct span id, enum lane lane, struct span text);
void select_missed(struct arena *a, const struct refset *ref, const struct ruleset *rules,
		   const struct facts *facts, struct selection *to);
void select_by_capacity(struct arena *a, const struct refset *ref, const struct ruleset *rules,
			const struct facts *facts, const struct assessment *assessed,
			struct selection *to);
/* Last: may time end what was selected? */
void select_ease(const struct refset *ref, const struct ruleset *rules, struct selection *to);

/* reads.c: an operand of the set, for risk_each_read(). */
void reads_note(struct arena *a, struct ruleset *s, const struct operand *o);

/* Builds s->index. when[i] is the condition of rule i; lists gives the set of a list by its name. Inside arena_run(). */
void index_build(struct arena *a, struct ruleset *s, const struct node *const *when,
		 const struct map *lists);
/* Calls visit for each rule that a value makes possible; the same rule may come again. */
void index_visit(struct subject *s, enum signal what, void (*visit)(void *context, uint32_t rule),
		 void *context);

static inline bool bit_is(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void bit_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

#endif
