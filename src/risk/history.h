/* The rows that histories are kept in, and what they say as of a day. Pure integer arithmetic: the same log makes the same bytes
 * on every machine.
 *
 * A row sums up the cases of one office that concern one subject, in the order of the office's log. It has two parts: what was
 * known before the day of its newest event, and what that day added. A decision of a day reads the first part alone, so nothing
 * of its own day (least of all what a control found that day) can reach it, whatever the order of events.
 *
 * Counts of controls decay: what is HISTORY_HALF_LIFE days old weighs half. Prices are kept in three digits, the newest
 * HISTORY_PRICES_MAX of them. */
#ifndef CUSTOMHOUSE_RISK_HISTORY_H
#define CUSTOMHOUSE_RISK_HISTORY_H

#include "model/assessment.h"
#include "model/declaration.h"
#include "model/facts.h"

enum { HISTORY_HALF_LIFE = 180 };

struct history_counts {
	int64_t declared, examined, irregular;
};

/* Of declarations of one day. */
struct history_day {
	int32_t day;
	int64_t count, minor;
};

/* Prices in three digits, oldest first: history_price_pack(). */
struct history_prices {
	uint16_t v[HISTORY_PRICES_MAX];
	uint32_t n;
};

struct history_row {
	int32_t day;                         /* of the newest event; INT32_MIN: there is none */
	struct history_counts before, today; /* before that day; on it */
	/* of before: examined and irregular as they weigh on that day, in units of 2^-16 of a case */
	int64_t examined_recent, irregular_recent;
	struct history_day
	    days[HISTORY_DAYS + 1]; /* ascending, the newest event's day among them */
	uint32_t day_count;
	struct history_prices prices_before, prices_today;
};

/* A row that says nothing. */
void history_begin(struct history_row *r);
/* An accepted declaration on that day; minor: customs value of the subject's goods. A day before the row's counts as it. */
void history_declare(struct history_row *r, int32_t day, int64_t minor);
/* A control came to a result, the first of its case that says so much: examined, irregular or both. */
void history_control(struct history_row *r, int32_t day, bool examined, bool irregular);
void history_price(struct history_row *r, int32_t day, struct decimal price);

/* A row's bytes, and back. ERR_FORMAT: not of history_write(). */
void history_write(struct text *to, const struct history_row *r);
enum err history_read(struct span bytes, struct history_row *ret) MUST_CHECK;

/* What weighs that much weighs after so many days, rounded down. */
int64_t history_decay(int64_t weight, int64_t days);
/* Three digits of a price above nought, rounded down, as a number that grows with it; and back, with six decimals. */
uint16_t history_price_pack(struct decimal price);
struct decimal history_price_unpack(uint16_t packed);

/* What n rows of one subject say together when a day begins, as far as it is asked for; kind is the subject's.
 * ret->subject is the caller's to set. Inside arena_run(). */
void history_sum(struct arena *a, const struct history_row *const *rows, uint32_t n, int32_t day,
		 enum history_kind kind, const struct history_asked *asked,
		 struct history_fact *ret);

/* ---- subjects ---- */

/* Goods item i of a declaration, or the declaration itself, as the subject of a kind; empty: it has none. office: of the case.
 * Inside arena_run(). */
struct span history_subject(struct arena *a, enum history_kind k, const struct declaration *d,
			    const struct goods_item *i, struct span office);
/* Customs value for a kilogram of net mass, four decimals, rounded half up; false: there is no mass or no value. */
bool history_unit_price(struct money customs_value, unsigned digits, struct decimal mass,
			struct decimal *ret);

#endif
