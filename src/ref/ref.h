/* Reference data: an immutable snapshot of a country pack (docs/packs.md), asked as of a day.
 *
 * Built once from the pack's archives by ref_load(); then read by any number of threads without locks. Every lookup takes the
 * day: there is no current date in here. Rows point into the archives' bytes or the snapshot's arena; both live as long as the
 * snapshot. Lookups allocate nothing. */
#ifndef CUSTOMHOUSE_REF_REF_H
#define CUSTOMHOUSE_REF_REF_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/money.h"
#include "dict/dict.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/finding.h"

/* ---- archives: how a pack travels and is stored ---- */

/* The files of one part of a pack as one run of bytes: "customhouse-pack 1\n", then for each file, sorted by name,
 * "NAME LENGTH\n" and its bytes. The same files always give the same bytes, and so the same hash. Names: at most 64 letters,
 * digits, '.', '-' and '_', not beginning with '.' or '-'. */
struct pack_file {
	struct span name, bytes;
};
enum pack_part { PACK_TABLES, PACK_RULES, PACK_LISTS, PACK_PARTS };
/* "pack", "rules", "lists": the kinds of the version table. */
const char *pack_part_name(enum pack_part part);
/* To which part a file belongs, by its name: lists.csv to the lists, any other *.csv to the tables (so that ref_load() can
 * refuse a misspelled one), *.rules to the rules; PACK_PARTS for a file that is none of a pack. */
enum pack_part pack_part_of(struct span file_name);
/* Sorts files. Inside arena_run(). The caller has seen to it that names differ, that pack_part_of() knows each, and that all
 * together are smaller than LIMIT_PACK_BYTES. */
struct span pack_archive(struct arena *a, struct pack_file *files, uint32_t n);
/* Names and bytes point into the archive. ERR_FORMAT when the bytes are no archive; ERR_LIMIT (LIMIT_PACK_BYTES,
 * LIMIT_PACK_FILES). Inside arena_run(). */
enum err pack_open(struct arena *a, struct span archive, struct pack_file **ret_files,
		   uint32_t *ret_n) MUST_CHECK;

/* One fault of a pack, for people: file, line and column in bytes (1-based, 0: the file as a whole), rule (such as
 * "dates.overlap"; docs/packs.md has all), text. */
struct pack_fault {
	struct span file;
	uint32_t line, column;
	const char *rule;
	const char *text;
};
struct pack_faults {
	struct arena *arena;
	DICT_LIST(struct pack_fault) list;
	bool cut; /* more than LIMIT_PACK_FAULTS */
};
/* Copies the text, not the file name. Inside arena_run() of the faults' arena. */
void pack_fault(struct pack_faults *f, struct span file, uint32_t line, uint32_t column,
		const char *rule, const char *format, ...) PRINTF(6, 7);

/* ---- rows ---- */

struct ref_dates {
	int32_t from, to; /* days, both included; to is INT32_MAX when open */
};
static inline bool ref_holds(struct ref_dates d, int32_t day)
{
	return d.from <= day && day <= d.to;
}

struct ref_text {
	struct span en, fr;
};

struct ref_code {
	struct span code;
	struct ref_text name;
	struct ref_dates dates;
	uint8_t digits;        /* currencies: decimals of the minor unit */
	struct span kind;      /* offices: border, seaport ... */
	struct ref_code *next; /* same code, other dates */
};

struct ref_commodity {
	struct span code;
	bool declarable;
	struct span unit;
	struct ref_text text;
	struct ref_dates dates;
	const struct ref_commodity *next; /* same code, other dates */
};

enum levy_kind { LEVY_DUTY, LEVY_EXCISE, LEVY_VAT, LEVY_FEE };
struct ref_levy {
	uint32_t index; /* 0.. in ref_levies() */
	struct span code;
	enum levy_kind kind;
	int64_t order;
	bool on_value;      /* bases name the customs value */
	uint64_t on_levies; /* bit i: base adds levy with index i */
	bool inclusive;
	enum rounding rounding;
	int64_t round_to; /* minor units */
	/* what is due of it on one declaration is at least and at most so much, when set */
	struct decimal floor, ceiling;
	bool import, export;
	struct ref_text name;
	struct ref_dates dates;
	struct span source;
};

/* One term of a duty expression. */
enum duty_unit {
	DUTY_PERCENT,
	DUTY_PER_UNIT,
	DUTY_FIXED,
	DUTY_PER_DECLARATION,
	DUTY_PERCENT_CIF, /* of the customs value on a CIF basis, whatever the levy's bases are */
	DUTY_PERCENT_RETAIL, /* of the retail price that is declared for the levy */
	DUTY_COMPONENT       /* of components.csv, by the additional code that is declared */
};
struct duty_term {
	enum duty_unit kind;
	bool minus;
	struct decimal rate;  /* per cent, or amount */
	struct span currency; /* of an amount */
	struct decimal per;   /* number of units the amount is for */
	struct span unit;     /* kg, gross_kg, or a unit code; of a component: its name */
	struct span by;       /* a second unit that multiplies: per cent of alcohol, of sucrose */
};
enum { DUTY_TERMS = 4 };
struct duty_expression {
	struct span text;                 /* as written */
	struct duty_term sum[DUTY_TERMS]; /* 0 terms: free */
	uint32_t terms;
	struct duty_term min[DUTY_TERMS], max[DUTY_TERMS];
	uint32_t mins, maxes; /* terms of the bounds, which are sums too; 0: no bound */
	bool withdrawn;       /* a correction: the measure never held */
};

/* What must be so for a measure to apply, or for goods to be let in (docs/packs.md, "Conditions"). */
enum condition_test {
	TEST_ALWAYS,
	TEST_DOCUMENT,    /* operand: a document of the item or the declaration */
	TEST_PROCEDURE,   /* operand: any procedure of the item requests it */
	TEST_VALUE,       /* customs value of the item */
	TEST_CONSIGNMENT, /* customs value of the whole declaration */
	TEST_PRICE,       /* customs value for a number of units */
	TEST_QUANTITY
};
enum condition_relation { AT_LEAST, AT_MOST, ABOVE, BELOW };
enum condition_action {
	CONDITION_APPLY,   /* the expression of the condition, or else the measure's own */
	CONDITION_EXEMPT,  /* the measure does not apply: the next that fits does */
	CONDITION_REFUSED, /* the goods are not allowed */
	CONDITION_ALLOWED  /* the goods are allowed */
};
struct ref_condition {
	struct span
	    group; /* conditions of one group are tried in order, and the first that is met acts */
	int64_t sequence;
	enum condition_test test;
	struct span operand;
	enum condition_relation relation;
	struct duty_term limit; /* FIXED: an amount; PER_UNIT: a price; a quantity: rate and unit */
	enum condition_action action;
	const struct duty_expression *expression; /* NULL: none of its own */
	struct ref_dates dates;
	struct span source;
	const struct ref_condition *next; /* same measure: by group, then sequence */
};

/* What kind of measure it is: how it is shown among others. */
enum measure_series {
	SERIES_DUTY,
	SERIES_PREFERENCE,
	SERIES_QUOTA,
	SERIES_SUSPENSION,
	SERIES_RELIEF,
	SERIES_REMEDY,
	SERIES_EXCISE,
	SERIES_VAT,
	SERIES_FEE,
	SERIES_RESTRICTION,
	SERIES_UNIT
};
struct ref_measure_type {
	struct span code;
	enum measure_series series;
	int64_t explosion; /* most digits of the commodities it may stand on; 0: any */
	struct ref_text name;
	struct ref_dates dates;
	struct span source;
	struct ref_measure_type *next;
};

struct ref_measure {
	struct span id;
	/* as on the measure's first day; for another day compare codes */
	const struct ref_levy *levy;
	struct span commodity, area, exclude, preference, procedure, document, reference;
	struct span additional, quota, regulation, footnotes, type; /* may be empty */
	const struct ref_condition *conditions;
	const struct duty_expression *expression; /* shared; NULL: its conditions have it */
	struct ref_dates dates;
	int32_t known; /* first day on which one could know the row; INT32_MIN: always */
	struct span source;
	const struct ref_measure *next; /* same commodity */
	/* rows of the same id that became known later, in no order; NULL: there are none */
	const struct ref_measure *corrections, *next_correction;
};

enum procedure_effect { EFFECT_DUE, EFFECT_SUSPENDED, EFFECT_RELIEVED, EFFECT_PARTIAL };
struct ref_procedure {
	struct span requested, previous; /* previous "*": any */
	enum direction direction;
	enum procedure_effect effect;
	struct span relieved;   /* levy codes, or "*" */
	struct decimal monthly; /* EFFECT_PARTIAL: per cent of it that is due for each month */
	struct span documents;  /* codes needed, separated by blanks */
	struct ref_text name;
	struct ref_dates dates;
	struct span source;
	const struct ref_procedure *next; /* same requested */
};

struct ref_permit {
	struct span document, commodity, area, agency;
	enum direction direction;
	struct ref_text name;
	struct ref_dates dates;
	struct span source;
	const struct ref_permit *next;      /* same commodity */
	const struct ref_permit *following; /* of any, in file order */
};

struct ref_lane {
	bool defined;
	int64_t expected_ppm; /* 0: none */
	struct ref_text name, meaning;
	struct span source;
};

/* What the officers of an office can do in an hour (capacity.csv). */
struct ref_capacity {
	struct span office;            /* "*": of any that has no row of its own */
	unsigned weekdays;             /* a bit for each, 1 << 1 for Monday */
	int first_hour, last_hour;     /* of the day in the country, both included */
	int64_t minutes;               /* of officers, in each of these hours */
	int64_t control[LANE_RED + 1]; /* minutes that the control of a lane takes */
	int64_t
	    worth; /* units of national money: what each of the hour's last minutes must be worth */
	struct ref_dates dates;
	struct span source;
	const struct ref_capacity *next;
};

/* ---- the snapshot ---- */

struct refset;

/* Reads the tables (and lists, may be empty) of a pack. Every fault is collected, those of one call in order of file, line and
 * column; any fault gives ERR_FORMAT and no snapshot. The archives must outlive the snapshot. Rule files are compiled by risk/,
 * not here. Inside arena_run(); the snapshot lies in a. */
enum err ref_load(struct arena *a, struct span tables, struct span lists, const struct refset **ret,
		  struct pack_faults *faults) MUST_CHECK;

/* pack.csv */
struct span ref_country(const struct refset *r);
struct span ref_currency(const struct refset *r); /* national */
unsigned ref_digits(const struct refset *r);      /* decimals of the national currency */
int32_t ref_zone_minutes(const struct refset *r);
bool ref_values_cif(const struct refset *r);
struct span ref_shard(const struct refset *r);
int64_t ref_random_ppm(const struct refset *r);
/* From so many rules on that hit and miss their draws, the declaration is selected all the same; 0: never. */
int64_t ref_missed_hits(const struct refset *r);
/* After so many days a yellow one that nothing forbids to is released and audited later; 0: never. */
int64_t ref_yellow_days(const struct refset *r);
enum rounding ref_rounding(const struct refset *r);
/* The event that fixes a legal date (docs/legal-dates.md). A pack that says nothing: the lodging of the declaration. */
enum ref_moment { MOMENT_LODGEMENT, MOMENT_ACCEPTANCE, MOMENT_PRESENTATION };
enum ref_moment ref_date(const struct refset *r, enum legal_date which);
/* Does some legal date of a declaration made before arrival wait for the goods? */
bool ref_dates_wait(const struct refset *r);
/* How many days back a reserved number may have been used on paper. */
int32_t ref_contingency_days(const struct refset *r);
/* Within how many days a simplified declaration has to be completed, and the code of the previous document by which its
 * supplementary declaration names it; empty: the pack does not join the two. */
int32_t ref_supplementary_days(const struct refset *r);
struct span ref_supplementary_document(const struct refset *r);
/* Codes of previous documents (bills of lading, air waybills) that declarations write off, with blanks between; empty: none is.
 * How much more than was reported may be taken of one: millionths. */
struct span ref_write_off(const struct refset *r);
int64_t ref_write_off_mass_ppm(const struct refset *r);
int64_t ref_write_off_packages_ppm(const struct refset *r);
/* One row of write_off.csv: what else is written off, beside bills. Of a document: a permit or certificate that was registered;
 * of a procedure: goods that stay under it, and leave it with declarations that name the one by which they came. */
enum ref_write_off_kind {
	WRITE_OFF_PERMIT,
	WRITE_OFF_EXEMPTION,
	WRITE_OFF_WAREHOUSE,
	WRITE_OFF_FREE_ZONE,
	WRITE_OFF_INWARD,
	WRITE_OFF_OUTWARD,
	WRITE_OFF_TEMPORARY_ADMISSION,
	WRITE_OFF_TEMPORARY_EXPORT,
	WRITE_OFF_END_USE,
	WRITE_OFF_KINDS
};
const char *ref_write_off_kind_name(enum ref_write_off_kind k);
static inline bool ref_write_off_of_document(enum ref_write_off_kind k)
{
	return k <= WRITE_OFF_EXEMPTION;
}
struct ref_write_off {
	enum ref_write_off_kind kind;
	struct span code; /* of the document, or the procedure that is entered */
	int64_t days;     /* that goods may stay; 0: no limit */
	/* how much more than was granted may be taken, in millionths: packages, mass, value, quantity */
	int64_t ppm[4];
	struct ref_dates dates;
	struct span source;
	struct ref_write_off *next;
};
/* All rows, in file order, of any dates; NULL: there are none. */
const struct ref_write_off *ref_write_offs(const struct refset *r);
/* The row of a document's or a procedure's code on a day, or NULL. */
const struct ref_write_off *ref_write_off_of(const struct refset *r, bool document,
					     struct span code, int32_t day);
/* Any other key; empty when missing. */
struct span ref_setting(const struct refset *r, const char *key);

/* Does the pack name this list at all (on any day)? "country", "currency", "office" are lists like the others. */
bool ref_has_list(const struct refset *r, struct span list);
/* The code on that day, or NULL. */
const struct ref_code *ref_code(const struct refset *r, struct span list, struct span code,
				int32_t day);
/* Every code of a list, in file order, until visit returns false (any dates). */
void ref_each_code(const struct refset *r, struct span list,
		   bool (*visit)(void *context, const struct ref_code *c), void *context);

/* National currency for one unit of another, as rate / per, on one day as it was known on another (INT32_MAX: all that the pack
 * says): of the rows that hold, the one known last counts. The national currency itself is 1 / 1. ERR_NOT_FOUND when there is no
 * rate on that day. */
enum err ref_rate(const struct refset *r, struct span currency, int32_t day, int32_t known,
		  struct decimal *ret_rate, int64_t *ret_per,
		  struct ref_dates *ret_dates) MUST_CHECK;

const struct ref_commodity *ref_commodity(const struct refset *r, struct span code, int32_t day);
/* Every row of the nomenclature, of any dates, in no order that means anything, until visit returns false. */
void ref_each_commodity(const struct refset *r,
			bool (*visit)(void *context, const struct ref_commodity *c), void *context);
/* area: "*", a country, a group. */
bool ref_area_has(const struct refset *r, struct span area, struct span country, int32_t day);
/* What a group is called; empty for anything else. */
struct ref_text ref_area_name(const struct refset *r, struct span area);

/* All levies ever, in order of computation (dates differ; ask ref_holds). */
const struct ref_levy *ref_levies(const struct refset *r, uint32_t *ret_n);
/* Measures hung on exactly this commodity code ("" for all goods): a chain through ->next in file order, or NULL. Any dates. */
const struct ref_measure *ref_measures(const struct refset *r, struct span commodity);
/* Does the row hold on a day, as it was known on another? Of the rows of one id that hold, the one known last counts; a measure
 * that was withdrawn in hindsight holds nowhere. */
bool ref_measure_holds(const struct ref_measure *m, int32_t day, int32_t known);
/* Does any measure have a quota? */
bool ref_has_quotas(const struct refset *r);
/* NULL: the pack does not name it on that day. */
const struct ref_measure_type *ref_measure_type(const struct refset *r, struct span type,
						int32_t day);
/* Texts of codes.csv's kind; NULL when the pack has none on that day. */
const struct ref_code *ref_footnote(const struct refset *r, struct span footnote, int32_t day);
const struct ref_code *ref_regulation(const struct refset *r, struct span regulation, int32_t day);
/* What a component of duty expressions stands for with an additional code; a row without one serves all. NULL: nothing. */
const struct duty_expression *ref_component(const struct refset *r, struct span component,
					    struct span additional, int32_t day);
/* Every synonym, until visit returns false (any dates). */
struct ref_synonym {
	struct span word, commodity;
	struct ref_dates dates;
	const struct ref_synonym *next;
};
const struct ref_synonym *ref_synonyms(const struct refset *r);
/* An exact pair goes before one with any previous procedure. NULL when the pair is not allowed on that day. */
const struct ref_procedure *ref_procedure(const struct refset *r, struct span requested,
					  struct span previous, int32_t day);
/* Every row, of any dates, in no order that means anything, until visit returns false. */
void ref_each_procedure(const struct refset *r,
			bool (*visit)(void *context, const struct ref_procedure *p), void *context);
/* As the declaration's type says; where that does not tell (trade between parts of one customs territory), as the pack has the
 * first item's main procedure on that day. */
enum direction ref_direction(const struct refset *r, const struct declaration *d, int32_t day);
/* Like ref_measures(). */
const struct ref_permit *ref_permits(const struct refset *r, struct span commodity);
/* The first of all of them, of any dates; the others are the following ones. */
const struct ref_permit *ref_first_permit(const struct refset *r);
/* Never NULL: a lane that the pack does not define on that day is not ->defined. */
const struct ref_lane *ref_lane(const struct refset *r, enum lane lane, int32_t day);
/* The row of an office for an hour (0 to 23) of a weekday (1 for Monday to 7): its own before that of all. NULL: no limit. */
const struct ref_capacity *ref_capacity(const struct refset *r, struct span office, int weekday,
					int hour, int32_t day);
/* Is value in a list of lists.csv on that day? */
bool ref_list_has(const struct refset *r, struct span list, struct span value, int32_t day);
bool ref_knows_list(const struct refset *r, struct span list);
/* Every value of a list of lists.csv, once for each of its periods, in no order that means anything, until visit returns
 * false. For who makes a set of them once. */
void ref_each_listed(const struct refset *r, struct span list,
		     bool (*visit)(void *context, struct span value, struct ref_dates dates),
		     void *context);
/* Severity that the pack gives a finding rule on that day. false: the pack says nothing. *ret_off: switched off. */
bool ref_severity(const struct refset *r, enum finding_rule rule, int32_t day, enum severity *ret,
		  bool *ret_off);
/* finding_add() with the severity that the pack gives the rule on that day; nothing where the pack switched it off. */
void ref_report(const struct refset *r, int32_t day, struct findings *f, enum finding_rule rule,
		const void *place, struct span v1, struct span v2, struct span v3);

/* Reads one duty expression (docs/packs.md). ERR_FORMAT with a text and the offset of the fault. */
enum err duty_expression_parse(struct span s, struct duty_expression *ret, const char **ret_text,
			       uint32_t *ret_at) MUST_CHECK;

#endif
