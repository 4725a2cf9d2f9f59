/* What the pages of the tariff share. Not for others. */
#ifndef CUSTOMHOUSE_HTTP_PAGES_TARIFF_ROOM_H
#define CUSTOMHOUSE_HTTP_PAGES_TARIFF_ROOM_H

#include "http/pages/page.h"
#include "http/tariff.h"

/* The answer of one question, read. false: *ret_err and *why say what came instead. */
bool page_ask(struct page *p, struct tariff_query *q, tariff_question *what,
	      const struct json **ret, struct cause *why, enum err *ret_err) MUST_CHECK;
/* goods.c. live: a script asks while somebody types */
void page_search_form(struct page *p, const struct tariff_query *q, bool live);
/* receipt.c: the form, and what is due by every option. */
void page_duty(struct page *p, const struct tariff_query *q);
/* receipt.c: what is left of a quota, from a "quota_balance"; NULL: nothing is said. */
void page_quota(struct page *p, const struct json *balance);
/* goods.c: a table of measures; nothing where there are none. The beginning of a link to goods, as of a day or, empty, today. */
void page_measures(struct page *p, enum phrase title, const struct json *measures);
void page_open_commodity(struct page *p, struct span code, struct span on);
/* What a series of measures is called. */
enum phrase page_series(struct span series);

#endif
