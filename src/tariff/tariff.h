/* An official tariff, read from the form in which its country publishes it, on its way into a country pack
 * (docs/tariff-import.md).
 *
 * An importer (us_hts.h ...) fills a struct tariff from bytes; tariff_report() and pack_out.h write it. Whatever an importer
 * does not carry over is among ->left, with its place and why. Everything lies in one arena and points into the bytes that were
 * read, which must outlive it. */
#ifndef CUSTOMHOUSE_TARIFF_TARIFF_H
#define CUSTOMHOUSE_TARIFF_TARIFF_H

#include "base/arena.h"
#include "base/map.h"
#include "codec/json.h"
#include "dict/dict.h"
#include "tariff/rate_text.h"

struct tariff_commodity {
	struct span code; /* digits alone; text.line: where it stands */
	struct span text_en, text_fr;
	struct span unit;     /* supplementary, or empty */
	const char *source;   /* NULL: the tariff's name */
	struct span from, to; /* empty: as the import says */
	bool declarable;
};

/* A rate that the source states in words, for one column of its schedule. */
struct tariff_rate {
	struct span text; /* as written; .line */
	struct rate_text rate;
};

/* Rates for who claims one of some programmes. */
struct tariff_special {
	struct tariff_rate rate;
	struct span programmes; /* symbols, as written between the brackets */
	struct tariff_special *next;
};

/* What the report says of one line of the tariff. */
struct tariff_line {
	struct span code; /* eight digits */
	struct tariff_rate general;
	struct tariff_special *special;
	struct tariff_rate column_2; /* text.n 0: none */
	uint32_t line;               /* where the line itself stands; the rate may stand above */
	bool inherited;
};

/* Of which levy a rate is, where the source tells it by a kind of its own. */
enum tariff_levy {
	TARIFF_DUTY,
	TARIFF_DUMPING,
	TARIFF_SUBSIDY, /* countervailing duty */
	TARIFF_SAFEGUARD,
	TARIFF_EXCISE,
	TARIFF_VAT,
	TARIFF_LEVIES
};

struct tariff_measure {
	struct span id;   /* empty: made of what it is for */
	struct span levy; /* empty: the pack's levy of this kind */
	enum tariff_levy kind;
	struct span commodity, area, exclude, preference, document, additional, quota, reference;
	struct span expression;
	const char *source;   /* NULL: the tariff's name */
	struct span from, to; /* empty: as the import says */
	uint32_t line;
};

/* A group of countries that measures name; only what the base pack does not have yet is added. */
struct tariff_area {
	struct span code, members, name_en, name_fr; /* members: countries, parted by blanks */
};

struct tariff_code {
	struct span list, code, name_en, name_fr;
};

struct tariff_left {
	uint32_t line, column; /* column 0: the line as a whole */
	struct span text;
	const char *why;
};

struct tariff {
	struct arena *arena;
	const char *name; /* of the source, as rows of the pack cite it: "us-hts FILE" */
	DICT_LIST(struct tariff_commodity) commodities;
	DICT_LIST(struct tariff_line) lines;
	DICT_LIST(struct tariff_measure) measures;
	DICT_LIST(struct tariff_area) areas;
	DICT_LIST(struct tariff_code) codes;
	DICT_LIST(struct tariff_left) left;
	uint32_t rates[RATE_KINDS]; /* general rates of lines, by kind */
	uint32_t without_rate;      /* lines that state none and inherit none */
	uint32_t rows;              /* of the source */
	bool refused; /* ->left has faults for which nothing may be made of the source */
	struct map
	    seen; /* codes of commodities -> index + 1, for importers that read several files */
	/* Told now and then how far reading is. May be NULL. */
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
};

#define TARIFF_PUSH(t, list)                                                                       \
	((__typeof__((t)->list.v))arena_push((t)->arena, (void **)&(t)->list.v, &(t)->list.n,      \
					     &(t)->list.room, sizeof(*(t)->list.v)))

/* A duty expression of a pack as a rate: its kind and its per cent. Not understood: it is none, and *ret_why says why, *ret_at
 * where. */
struct rate_text tariff_rate_of(struct span expression, const char **ret_why, uint32_t *ret_at);
/* A line of the report, counted. */
void tariff_add_line(struct tariff *t, const struct tariff_line *l);
/* 2, 4, 6, 8 or 10 digits? */
bool tariff_is_code(struct span s);
/* Inside arena_run(). */
void tariff_leave(struct tariff *t, uint32_t line, uint32_t column, struct span text,
		  const char *why);
/* The report, one line of JSON for each line of the tariff. Inside arena_run(). */
void tariff_report(const struct tariff *t, struct text *to);
/* What was not carried over, one line of JSON each: line, column of a cell, text, why. */
void tariff_lost(const struct tariff *t, struct text *to);
/* What was read, in numbers: one JSON object. */
void tariff_summary(const struct tariff *t, struct text *to);

#endif
