/* Amounts of a stock (stock/stock.h) as members of events and decisions, as rows of the store, and from what messages say. */
#ifndef CUSTOMHOUSE_HUB_CARGO_MEASURES_H
#define CUSTOMHOUSE_HUB_CARGO_MEASURES_H

#include "codec/json.h"
#include "dict/dict.h"
#include "stock/stock.h"
#include "store/store.h"

/* "name":{"packages":10,"mass":500000000,"value":0}: mass in millionths of a kilogram. */
void writeoff_put_measures(struct json_writer *w, const char *name, const int64_t of[3]);
bool writeoff_read_measures(const struct json *j, int64_t ret[3]);
/* For people: "name":{"packages":"10","mass":"500.000000"}, the measures of a set of bits. */
void writeoff_put_readable(struct json_writer *w, const char *name, unsigned measured,
			   const int64_t of[3]);

/* Adds a mass in kilograms (KGM, KG, kg or no unit), tonnes (TNE) or grams (GRM). false: another unit, or more than fits. */
bool measures_add_mass(struct stock_amount *to, const struct quantity *q);
bool measures_add_packages(struct stock_amount *to, struct decimal count);

struct stock_account measures_account(const struct store_stock *row);
/* The account's amounts, and whether it is open, into the row. */
void measures_to_row(const struct stock_account *a, struct store_stock *row);

#endif
