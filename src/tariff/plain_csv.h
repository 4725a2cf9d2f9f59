/* A tariff as a plain table (docs/tariff-import.md, "csv"): one row a rate, by columns with names of their own. */
#ifndef CUSTOMHOUSE_TARIFF_PLAIN_CSV_H
#define CUSTOMHOUSE_TARIFF_PLAIN_CSV_H

#include "tariff/tariff.h"

/* Fills t. Every cell that cannot stand is a fault among t->left, with line and column, and sets t->refused. ERR_FORMAT with the
 * place: no table, or a row that cannot be read; ERR_LIMIT. Inside arena_run(). */
enum err plain_csv_read(struct tariff *t, struct span bytes,
			struct codec_fault *ret_fault) MUST_CHECK;

#endif
