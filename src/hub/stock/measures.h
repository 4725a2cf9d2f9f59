/* Amounts of a stock (stock/stock.h) as members of events and decisions, as rows of the store, and from what messages say. */
#ifndef CUSTOMHOUSE_HUB_STOCK_MEASURES_H
#define CUSTOMHOUSE_HUB_STOCK_MEASURES_H

#include "codec/json.h"
#include "dict/dict.h"
#include "ref/ref.h"
#include "stock/stock.h"
#include "store/store.h"

/* "name":{"packages":10,"mass":500000000,"value":0}: mass in millionths of a kilogram; "quantity" only where there is one, as
 * there was none at first. */
void writeoff_put_measures(struct json_writer *w, const char *name,
			   const int64_t of[STOCK_MEASURES]);
bool writeoff_read_measures(const struct json *j, int64_t ret[STOCK_MEASURES]);
/* For people: "name":{"packages":"10","mass":"500.000000"}, the measures of a set of bits. */
void writeoff_put_readable(struct json_writer *w, const char *name, unsigned measured,
			   const int64_t of[STOCK_MEASURES]);

/* Adds a mass in kilograms (KGM, KG, kg or no unit), tonnes (TNE) or grams (GRM). false: another unit, or more than fits. */
bool measures_add_mass(struct stock_amount *to, const struct quantity *q);
/* A quantity in any unit. false: more than fits, or below zero. */
bool measures_add_quantity(struct stock_amount *to, const struct quantity *q);
/* Is it a unit of mass? */
bool measures_is_mass(struct span unit);
/* National money, by the rate of exchange of the day. false: there is none, or more than fits. */
bool measures_add_value(struct stock_amount *to, const struct amount *v, const struct refset *r,
			int32_t day);
bool measures_add_packages(struct stock_amount *to, struct decimal count);

struct stock_account measures_account(const struct store_stock *row);
/* The account's amounts, and whether it is open, into the row. */
void measures_to_row(const struct stock_account *a, struct store_stock *row);

#endif
