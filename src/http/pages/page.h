/* Pages that the program writes whole, so that they work without a script: a header and a footer in three languages, and
 * between them what one question of the API answers (docs/pages.md). A page is a function of the answer's JSON; what it shows
 * is asked for by the same function that answers the API.
 *
 * All of this inside arena_run() of the request's arena. */
#ifndef CUSTOMHOUSE_HTTP_PAGES_PAGE_H
#define CUSTOMHOUSE_HTTP_PAGES_PAGE_H

#include "base/text.h"
#include "codec/json.h"
#include "http/phrases.h"
#include "http/request.h"

struct page {
	struct request *request;
	struct text body, kept; /* kept: the question of the page, as "&name=value" in HTML */
	struct text data;       /* the path of the same for programs; empty: there is none */
	enum page_language language;
	uint32_t missing; /* texts that the language has not, and English stands for */
	bool foreign;     /* texts of the country's pack are in English */
};

/* Which language: the query's lang (remembered in a cookie), the cookie's, or Accept-Language's. false: the query is not sound, a
 * problem was left. */
bool page_begin(struct page *p, struct request *r);
/* "en", "fr", "ar" */
const char *page_language_tag(enum page_language l);

/* A part of the question that the page answers: its links to other languages keep it. Empty: nothing. */
void page_keep(struct page *p, const char *name, struct span value);
/* A value within a path or a query (RFC 3986, 2.1). */
void html_escaped(struct page *p, struct span value);

/* Which of the pages in the navigation this one belongs to. */
enum page_place {
	PLACE_HOME,
	PLACE_TARIFF,
	PLACE_PROCEDURES,
	PLACE_TRAVEL,
	PLACE_NOTICES,
	PLACE_RATES,
	PLACE_CHECK,
	PLACE_DRAWS,
	PLACE_API
};

/* The body becomes the page: title, header, what is not translated, footer. script: a name for web_path(), or NULL. */
void page_reply(struct page *p, unsigned status, struct span title, enum page_place place,
		const char *script);
/* Where programs find what this page says: path, and the end of it, escaped. With what the page keeps of its question it is a
 * link at the foot of the page. */
void page_data(struct page *p, const char *path, struct span end);
/* A page that says that something could not be done, and why. */
void page_refuse(struct page *p, unsigned status, struct span why, enum page_place place);

/* The same of what a question of the tariff came to. */
void page_refuse_cause(struct page *p, enum err e, const struct cause *why, enum page_place place);

/* The two ends of a page that writes all between them itself: up to what else its <head> holds; and the body leaves as it is.
 * style, script: names for web_path(); script may be NULL. */
void page_head(struct page *p, struct span title, const char *style, const char *script);
void page_send(struct page *p, unsigned status);

/* ---- writing ---- */

/* Markup of ours, as it is. */
void html(struct page *p, const char *markup);
/* Anybody's text: what means something in HTML is escaped, in attributes too. */
void html_text(struct page *p, struct span s);
/* Printed as markup of ours: no strange text in it. */
void html_print(struct page *p, const char *format, ...) PRINTF(2, 3);
/* A phrase, escaped; {0} in it stands for text. */
void html_say(struct page *p, enum phrase m);
void html_say_with(struct page *p, enum phrase m, struct span text);
/* A text of the pack, marked with its language where that is not the page's. */
void html_pack(struct page *p, struct span s);
/* Codes and formulas, which read from left to right in every language. */
void html_code(struct page *p, struct span s);
/* An amount or a number, "1234.50", as the language groups it. With its currency or unit, which may be empty. */
void html_amount(struct page *p, struct span number, struct span unit);
/* "2026-11-22" in words. */
void html_day(struct page *p, struct span day);
/* A moment ("2026-11-22T07:15:00Z") as the country's clocks show it, so many minutes east of Greenwich. */
void html_moment(struct page *p, struct span moment, int64_t zone_minutes);
/* The same as plain text: for papers (http/pages/paper.c). */
void page_write_number(const struct page *p, struct text *to, struct span number);
void page_write_day(struct page *p, struct text *to, struct span day);
void page_write_moment(struct page *p, struct text *to, struct span moment, int64_t zone_minutes);
/* A phrase in the page's language, or else in English. */
struct span phrase_text(struct page *p, enum phrase m);

/* ---- parts ---- */

/* A field with its label: <input>. value: what it says now. hint may be PHRASES: none. */
struct page_field {
	const char *name, *type; /* of the input */
	enum phrase label, hint;
	struct span value;
	bool wide;
};
void page_input(struct page *p, const struct page_field *f);
/* A <select>: codes and names from an array of {"code","name"}. none: what the empty choice is called. */
void page_select(struct page *p, const struct page_field *f, const struct json *choices,
		 enum phrase none);
/* A table that scrolls by itself where it is wider than the page. Its rows come between the two. */
void page_open_table(struct page *p, enum phrase caption, const enum phrase *columns, size_t n);
void page_close_table(struct page *p);
/* One of <ul class="cards">: a page, and what it is for. */
void page_card(struct page *p, const char *path, enum phrase name, enum phrase what);
void page_heading(struct page *p, const char *tag, const char *size, enum phrase m);

/* A member's text; empty when it has none. */
struct span member(const struct json *o, const char *name);

#endif
