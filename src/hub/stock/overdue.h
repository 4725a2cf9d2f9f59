/* Goods whose last day under a procedure is over: the holder and the officers of the office are told, once.
 *
 * The day is that of the account, which the pack gave it when the goods were released (`days` of write_off.csv). What follows for
 * the goods is the pack's too: how severe `stock.overdue` is (checks.csv). Sources: Regulation (EU) 952/2013, articles 149
 * (temporary storage), 215 (discharge) and 251 (temporary admission); Revised Kyoto Convention, specific annex G. */
#ifndef CUSTOMHOUSE_HUB_STOCK_OVERDUE_H
#define CUSTOMHOUSE_HUB_STOCK_OVERDUE_H

#include "hub/house.h"

/* The notice's kind; the reference is the declaration that entered the goods, the body
 * {"item","procedure","goods","until"}. */
#define OVERDUE_NOTICE SPAN("stock.overdue")

/* Part of the clock's work: looks at one last day that passed, the oldest first, back to OVERDUE_DAYS before today (a hub that
 * stood still for longer tells of the rest no more; the list has them). *again: set when there are more days. */
enum { OVERDUE_DAYS = 31 };
enum err overdue_tell(struct batch *b, bool *again, struct cause *why) MUST_CHECK;

#endif
