/* Reading the tables of a pack. Private to ref/: tables.c and measure_tables.c describe them.
 *
 * table.c reads any table by its description: it finds the columns, checks every field by the kind of its column, reads the
 * dates, and hands each row to the table's take(), also when the row has faults: what the row defines is then known, and no
 * other row is blamed for naming it. A snapshot with faults never leaves ref_load(), so take() may store what it gets. */
#ifndef CUSTOMHOUSE_REF_LOADER_H
#define CUSTOMHOUSE_REF_LOADER_H

#include "base/limits.h"
#include "ref/refset.h"

/* In the order of reading: a table comes after those that it refers to. */
enum table_id {
	TABLE_PACK,
	TABLE_COUNTRIES,
	TABLE_CURRENCIES,
	TABLE_OFFICES,
	TABLE_CODES,
	TABLE_AREAS,
	TABLE_RATES,
	TABLE_NOMENCLATURE,
	TABLE_LEVIES,
	TABLE_PROCEDURES,
	TABLE_REGULATIONS,
	TABLE_FOOTNOTES,
	TABLE_MEASURE_TYPES,
	TABLE_COMPONENTS,
	TABLE_CONDITIONS,
	TABLE_QUOTAS,
	TABLE_QUOTA_STOPS,
	TABLE_MEASURES,
	TABLE_SYNONYMS,
	TABLE_PERMITS,
	TABLE_LANES,
	TABLE_CAPACITY,
	TABLE_LISTS,
	TABLE_CHECKS,
	TABLE_AGREEMENTS,
	TABLE_ORIGIN_RULES,
	TABLE_ORIGIN_PROOFS,
	TABLE_WRITE_OFF,
	TABLE_TRAVEL,
	TABLE_STEPS,
	TABLES
};

enum { TABLE_COLUMNS = 16 };

/* What a field may be. */
enum field_kind {
	FIELD_ANY,     /* anything, also nothing */
	FIELD_TEXT,    /* not empty */
	FIELD_FRENCH,  /* not empty when the pack says that it speaks French */
	FIELD_WORD,    /* a code: not empty, no blank in it */
	FIELD_LETTERS, /* max capital letters */
	FIELD_WHOLE,   /* a whole number, min..max */
	FIELD_RATE,    /* a decimal above zero */
	FIELD_CHOICE,  /* one of words */
	FIELD_DAY,     /* a day, or empty */
	FIELD_ONE,     /* one word that refers to another row */
	FIELD_MAYBE,   /* the same, or empty */
	FIELD_MANY,    /* any number of such words, separated by blanks */
	FIELD_LATER,   /* taken as it is; take() or finish() checks it */
};

/* To what a word refers. */
enum reference {
	REFERS_NOTHING,
	REFERS_AREA, /* a country, a group */
	REFERS_AREA_OR_ALL,
	REFERS_COMMODITY,
	REFERS_COMPONENT,
	REFERS_COUNTRY,
	REFERS_CURRENCY,
	REFERS_DOCUMENT,
	REFERS_FOOTNOTE,
	REFERS_LEVY,
	REFERS_LEVY_OR_ALL,
	REFERS_MEASURE_TYPE,
	REFERS_PREFERENCE,
	REFERS_PROCEDURE,
	REFERS_QUOTA,
	REFERS_REGULATION,
	REFERS_UNIT,
	REFERENCES
};

struct column {
	const char *name;
	enum field_kind kind;
	int64_t min, max;
	const char *words; /* separated by blanks */
	enum reference refers;
	bool optional; /* a table may lack the column: its fields are then empty */
};

struct field {
	struct span text;
	uint32_t line, column;
	int64_t
	    whole; /* FIELD_WHOLE: the number; FIELD_CHOICE: index of the word; FIELD_DAY: the day, or INT32_MIN */
	struct decimal number; /* FIELD_RATE */
};

struct row {
	struct field field[TABLE_COLUMNS]; /* as the description lists its columns */
	struct field from;
	struct ref_dates dates;
	bool dated; /* dates could be read */
	struct span source;
	uint32_t line;
};

/* clang-format off */
#define WHOLE(name, min, max)      {name, FIELD_WHOLE, min, max, NULL, REFERS_NOTHING, false}
#define CHOICE(name, words)        {name, FIELD_CHOICE, 0, 0, words, REFERS_NOTHING, false}
#define LETTERS(name, n)           {name, FIELD_LETTERS, n, n, NULL, REFERS_NOTHING, false}
#define PLAIN(name, kind)          {name, kind, 0, 0, NULL, REFERS_NOTHING, false}
#define WORDS(name, kind, to)      {name, kind, 0, 0, NULL, to, false}
/* Columns that came later: a table may lack them. */
#define MAY_PLAIN(name, kind)      {name, kind, 0, 0, NULL, REFERS_NOTHING, true}
#define MAY_WORDS(name, kind, to)  {name, kind, 0, 0, NULL, to, true}
#define NAMES                      PLAIN("name_en", FIELD_TEXT), PLAIN("name_fr", FIELD_FRENCH)
/* clang-format on */

struct loader;

struct table {
	const char *file;
	bool required;
	bool undated; /* without from, to, source */
	uint8_t keys; /* the first so many columns name a row */
	uint8_t count;
	const struct column *columns;
	void (*take)(struct loader *l, const struct row *r);
	void (*finish)(struct loader *l); /* after the last row; may be NULL */
};
extern const struct table tables[TABLES];

/* One row of a key, for the checks over time. */
struct period {
	struct ref_dates dates;
	uint32_t line, column;
	struct period *next;
};

/* Rows by key; those whose key stands on several rows are checked against each other. */
struct periods {
	struct map by_key;
	DICT_LIST(struct period *) several;
};

struct commodity_row {
	struct ref_commodity commodity;
	uint32_t line, column;
	struct commodity_row *following;
};

/* The conditions of one measure. */
struct condition_chain {
	struct ref_condition *first, *last;
	uint32_t line, column;
	bool used; /* a measure has this id */
	struct condition_chain *following;
};

struct levy_row {
	struct ref_levy levy;
	struct field bases, floor, ceiling;
};

struct loader {
	struct arena *arena;   /* of the snapshot */
	struct arena *scratch; /* of what only loading needs */
	struct refset *set;
	struct pack_faults *faults;
	bool faulty;
	struct span file; /* that is being read */
	bool unread
	    [TABLES]; /* missing or unreadable: nobody is blamed for naming what it would hold */
	bool french;
	struct periods keys;     /* of the table that is being read */
	struct periods measures; /* by all that selects them but their dates */
	struct periods rates, corrected_rates;
	struct map expressions; /* text -> struct duty_expression: many measures share one */
	struct map corrections; /* id -> struct ref_measure: rows known later than the others */
	struct condition_chain *conditions; /* all of them; each must belong to a measure */
	struct commodity_row *commodities;  /* whose parents are still to be looked for */
	struct rate_series **series;
	uint32_t series_count, series_room;
	struct levy_row levies[LIMIT_LEVIES];
	uint32_t levy_count;
};

/* A fault at a line and column of the file that is being read. */
#define LOAD_FAULT(l, line, column, rule, ...)                                                     \
	do {                                                                                       \
		(l)->faulty = true;                                                                \
		pack_fault((l)->faults, (l)->file, (line), (column), (rule), __VA_ARGS__);         \
	} while (0)
/* A fault of one field. */
#define FIELD_FAULT(l, f, rule, ...) LOAD_FAULT(l, (f)->line, (f)->column, rule, __VA_ARGS__)

/* For printf("%.*s"): at most 60 bytes of what a file says, cut between characters. */
struct span fault_quote(struct span s);
#define QUOTE_ARG(s) SPAN_ARG(fault_quote(s))

/* table.c */
void table_read(struct loader *l, const struct table *t, struct span bytes);
/* The next word of a text of words and blanks; empty at the end. The word's p lies in the text. */
struct span next_word(struct span *rest);

/* Two texts that stand side by side. */
static inline struct ref_text text_at(const struct row *r, uint32_t english)
{
	return (struct ref_text){r->field[english].text, r->field[english + 1].text};
}

/* Puts a new row behind the head of its chain: quick, and nobody reads these chains in an order. */
#define CHAIN(m, key, new)                                                                         \
	do {                                                                                       \
		__typeof__(new) head_ = map_get((m), (key));                                       \
		if (head_) {                                                                       \
			(new)->next = head_->next;                                                 \
			head_->next = (new);                                                       \
		} else {                                                                           \
			map_put((m), (key), (new));                                                \
		}                                                                                  \
	} while (0)

#define DIRECTIONS "import export transit" /* enum direction from DIRECTION_IMPORT on */

/* measure_tables.c */
extern const struct column regulation_columns[3], footnote_columns[3], measure_type_columns[5],
    component_columns[3], condition_columns[9], measure_columns[16], synonym_columns[2];
void take_regulation(struct loader *l, const struct row *r);
void take_footnote(struct loader *l, const struct row *r);
void take_measure_type(struct loader *l, const struct row *r);
void take_component(struct loader *l, const struct row *r);
void take_condition(struct loader *l, const struct row *r);
void take_measure(struct loader *l, const struct row *r);
void finish_measures(struct loader *l);
void take_synonym(struct loader *l, const struct row *r);

/* quota_tables.c */
extern const struct column quota_columns[10], quota_stop_columns[4];
void take_quota(struct loader *l, const struct row *r);
void finish_quotas(struct loader *l);
void take_quota_stop(struct loader *l, const struct row *r);

/* origin_tables.c */
extern const struct column agreement_columns[10], origin_rule_columns[6], origin_proof_columns[5];
void take_agreement(struct loader *l, const struct row *r);
void take_origin_rule(struct loader *l, const struct row *r);
void take_origin_proof(struct loader *l, const struct row *r);

/* capacity_table.c */
extern const struct column capacity_columns[8];
void take_capacity(struct loader *l, const struct row *r);

/* write_off_table.c */
extern const struct column write_off_columns[7];
void take_write_off(struct loader *l, const struct row *r);

/* travel_table.c */
extern const struct column travel_columns[11];
void take_travel(struct loader *l, const struct row *r);

/* step_table.c */
extern const struct column step_columns[9];
void take_step(struct loader *l, const struct row *r);

/* reference.c */
void reference_check(struct loader *l, const struct field *f, struct span word, enum reference to);
bool reference_known(const struct loader *l, struct span word, enum reference to);
/* Does a list of this name mean anything to the hub? */
bool list_name_known(struct span name);

/* shelf.c: once all measures are read. */
void shelves_build(struct loader *l);

/* periods.c */
void periods_add(struct arena *a, struct periods *p, struct span key, const struct row *r);
/* Overlaps get the rule overlap; NULL: dates.overlap, or row.duplicate for the same first day. */
void periods_check(struct loader *l, const struct periods *p, const char *overlap, bool gapless);
/* The texts of n fields as one key. A single field is its own key. */
struct span key_of(struct arena *a, const struct field *const *fields, uint32_t n);

/* settings.c: what pack.csv must say, once all tables are read. */
void settings_read(struct loader *l);

#endif
