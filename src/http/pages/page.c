#include "http/pages/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "http/language.h"
#include "http/problem.h"
#include "http/web.h"

/* ---- the language ---- */

const char *page_language_tag(enum page_language l)
{
	return phrase_tags[l];
}

static bool find_language(struct span tag, enum page_language *ret)
{
	for (unsigned i = 0; i < LANGUAGES; i++) {
		if (span_is(tag, phrase_tags[i])) {
			*ret = (enum page_language)i;
			return true;
		}
	}
	return false;
}

/* The value of a cookie; empty: none. */
static struct span cookie(const struct request *r, const char *name)
{
	const char *header = r->header(r, "Cookie");
	struct span rest = span_of(header ? header : "");

	while (rest.n) {
		struct span value = span_trim(span_cut(&rest, ';')), key = span_cut(&value, '=');

		if (span_is(key, name))
			return value;
	}
	return (struct span){0};
}

bool page_begin(struct page *p, struct request *r)
{
	struct span asked;
	const char *accept = r->header(r, "Accept-Language");

	*p = (struct page){.request = r,
			   .body = text_in(r->arena),
			   .kept = text_in(r->arena),
			   .data = text_in(r->arena)};
	if (!request_query(r, "lang", &asked))
		return false;
	if (find_language(asked, &p->language))
		r->page_cookie =
		    arena_print(r->arena, "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax%s",
				phrase_tags[p->language], r->secure ? "; Secure" : "");
	else if (!find_language(cookie(r, "lang"), &p->language))
		p->language = (enum page_language)language_among(accept, phrase_tags, LANGUAGES);
	return true;
}

/* ---- writing ---- */

void html(struct page *p, const char *markup)
{
	text_string(&p->body, markup);
}

void html_print(struct page *p, const char *format, ...)
{
	char text[600];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args); /* our own markup and short names */
	va_end(args);
	text_string(&p->body, text);
}

static void escape(struct text *to, struct span s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			text_string(to, "&amp;");
			break;
		case '<':
			text_string(to, "&lt;");
			break;
		case '>':
			text_string(to, "&gt;");
			break;
		case '"':
			text_string(to, "&quot;");
			break;
		case '\'':
			text_string(to, "&#39;");
			break;
		default:
			text_char(to, s.p[i]);
		}
	}
}

static void percent(struct text *to, struct span value)
{
	static const char digits[] = "0123456789ABCDEF";

	for (uint32_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    c == '-' || c == '.' || c == '_' || c == '~') {
			text_char(to, (char)c);
		} else {
			text_char(to, '%');
			text_char(to, digits[c >> 4]);
			text_char(to, digits[c & 15]);
		}
	}
}

void html_escaped(struct page *p, struct span value)
{
	percent(&p->body, value);
}

void page_keep(struct page *p, const char *name, struct span value)
{
	if (!value.n)
		return;
	text_print(&p->kept, "&amp;%s=", name);
	percent(&p->kept, value);
}

void page_data(struct page *p, const char *path, struct span end)
{
	text_string(&p->data, path);
	percent(&p->data, end);
}

void html_text(struct page *p, struct span s)
{
	escape(&p->body, s);
}

struct span phrase_text(struct page *p, enum phrase m)
{
	const char *text = phrases[m].in[p->language];

	if (!text) {
		p->missing++;
		text = phrases[m].in[0];
	}
	return span_of(text);
}

void html_say(struct page *p, enum phrase m)
{
	html_text(p, phrase_text(p, m));
}

void html_say_with(struct page *p, enum phrase m, struct span text)
{
	struct span rest = phrase_text(p, m);

	while (rest.n) {
		if (span_starts(rest, SPAN("{0}"))) {
			html(p, "<bdi>");
			html_text(p, text);
			html(p, "</bdi>");
			rest = (struct span){rest.p + 3, rest.n - 3, 0};
		} else {
			html_text(p, (struct span){rest.p, 1, 0});
			rest = (struct span){rest.p + 1, rest.n - 1, 0};
		}
	}
}

/* Packs have their texts in English and French. */
void html_pack(struct page *p, struct span s)
{
	bool foreign = p->language != LANGUAGE_en && p->language != LANGUAGE_fr;

	if (!s.n)
		return;
	p->foreign |= foreign;
	html(p, foreign ? "<bdi lang=\"en\">" : "");
	html_text(p, s);
	html(p, foreign ? "</bdi>" : "");
}

void html_code(struct page *p, struct span s)
{
	html(p, "<bdi class=\"code\" dir=\"ltr\">");
	html_text(p, s);
	html(p, "</bdi>");
}

/* Groups of three digits before the point. Whatever is no number stands as it is. */
void page_write_number(const struct page *p, struct text *to, struct span number)
{
	bool french = p->language == LANGUAGE_fr;
	uint32_t whole = 0, i = 0;

	if (number.n && number.p[0] == '-') {
		text_string(to, "\u2212");
		i = 1;
	}
	while (i + whole < number.n && number.p[i + whole] >= '0' && number.p[i + whole] <= '9')
		whole++;
	for (; whole; whole--, i++) {
		text_char(to, number.p[i]);
		if (whole > 1 && whole % 3 == 1)
			text_string(to, french ? "\u202f" : ",");
	}
	if (i < number.n && number.p[i] == '.' && french) {
		text_char(to, ',');
		i++;
	}
	text_add(to, number.p + i, number.n - i);
}

void html_amount(struct page *p, struct span number, struct span unit)
{
	struct text text = text_in(p->request->arena);

	page_write_number(p, &text, number);
	html(p, "<bdi class=\"num\" dir=\"ltr\">");
	html_text(p, text_as_span(&text));
	if (unit.n) {
		html(p, "\u00a0");
		html_text(p, unit);
	}
	html(p, "</bdi>");
}

/* Days of the calendar only: whatever else comes stands as it is. */
void page_write_day(struct page *p, struct text *to, struct span day)
{
	static const enum phrase months[] = {PHRASE_month_1,  PHRASE_month_2,  PHRASE_month_3,
					     PHRASE_month_4,  PHRASE_month_5,  PHRASE_month_6,
					     PHRASE_month_7,  PHRASE_month_8,  PHRASE_month_9,
					     PHRASE_month_10, PHRASE_month_11, PHRASE_month_12};
	int year, month, dom;
	int32_t number;

	if (day_parse(day, &number)) {
		text_span(to, day);
		return;
	}
	day_split(number, &year, &month, &dom);
	text_print(to, "%d\u00a0", dom);
	text_span(to, phrase_text(p, months[month - 1]));
	text_print(to, "\u00a0%04d", year);
}

void page_write_moment(struct page *p, struct text *to, struct span moment, int64_t zone_minutes)
{
	struct text day = text_in(p->request->arena);
	int64_t at, minute;

	if (moment_parse(moment, &at)) {
		text_span(to, moment);
		return;
	}
	at += zone_minutes * 60000000;
	day_write(&day, day_of(at, 0));
	page_write_day(p, to, text_as_span(&day));
	minute = (at / 60000000 % 1440 + 1440) % 1440;
	text_print(to, ", %02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

void html_moment(struct page *p, struct span moment, int64_t zone_minutes)
{
	struct text text = text_in(p->request->arena);

	page_write_moment(p, &text, moment, zone_minutes);
	html(p, "<time datetime=\"");
	html_text(p, moment);
	html(p, "\">");
	html_text(p, text_as_span(&text));
	html(p, "</time>");
}

void html_day(struct page *p, struct span day)
{
	struct text text = text_in(p->request->arena);
	int32_t number;

	page_write_day(p, &text, day);
	if (day_parse(day, &number)) {
		html_text(p, day);
		return;
	}
	html(p, "<time datetime=\"");
	html_text(p, day);
	html(p, "\">");
	html_text(p, text_as_span(&text));
	html(p, "</time>");
}

/* ---- parts ---- */

struct span member(const struct json *o, const char *name)
{
	return json_get_text(o, name);
}

void page_heading(struct page *p, const char *tag, const char *size, enum phrase m)
{
	html_print(p, "<%s class=\"govuk-heading-%s\">", tag, size);
	html_say(p, m);
	html_print(p, "</%s>", tag);
}

void page_card(struct page *p, const char *path, enum phrase name, enum phrase what)
{
	html_print(p, "<li><h2><a class=\"govuk-link\" href=\"%s\">", path);
	html_say(p, name);
	html(p, "</a></h2><p class=\"govuk-body-s\">");
	html_say(p, what);
	html(p, "</p></li>");
}

void page_open_table(struct page *p, enum phrase caption, const enum phrase *columns, size_t n)
{
	html(p, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	html_say(p, caption);
	html(p, "\"><table class=\"govuk-table\"><thead><tr class=\"govuk-table__row\">");
	for (size_t i = 0; i < n; i++) {
		html(p, "<th class=\"govuk-table__header\" scope=\"col\">");
		html_say(p, columns[i]);
		html(p, "</th>");
	}
	html(p, "</tr></thead><tbody>");
}

void page_close_table(struct page *p)
{
	html(p, "</tbody></table></div>");
}

static void open_field(struct page *p, const struct page_field *f)
{
	html_print(p,
		   "<div class=\"govuk-form-group%s\"><label class=\"govuk-label\" for=\"f-%s\">",
		   f->wide ? " wide" : "", f->name);
	html_say(p, f->label);
	html(p, "</label>");
	if (f->hint != PHRASES) {
		html_print(p, "<div class=\"govuk-hint\" id=\"h-%s\">", f->name);
		html_say(p, f->hint);
		html(p, "</div>");
	}
}

static void describe(struct page *p, const struct page_field *f)
{
	if (f->hint != PHRASES)
		html_print(p, " aria-describedby=\"h-%s\"", f->name);
}

void page_input(struct page *p, const struct page_field *f)
{
	open_field(p, f);
	html_print(p,
		   "<input class=\"govuk-input\" id=\"f-%s\" name=\"%s\" type=\"%s\" "
		   "maxlength=\"250\" autocomplete=\"off\" dir=\"auto\"",
		   f->name, f->name, f->type);
	describe(p, f);
	html(p, " value=\"");
	html_text(p, f->value);
	html(p, "\"></div>");
}

void page_select(struct page *p, const struct page_field *f, const struct json *choices,
		 enum phrase none)
{
	open_field(p, f);
	html_print(p, "<select class=\"govuk-select\" id=\"f-%s\" name=\"%s\"", f->name, f->name);
	describe(p, f);
	html(p, "><option value=\"\">");
	html_say(p, none);
	html(p, "</option>");
	for (const struct json *c = choices ? choices->first : NULL; c; c = c->next) {
		struct span code = member(c, "code");

		html(p, "<option value=\"");
		html_text(p, code);
		html(p, span_equal(code, f->value) ? "\" selected>" : "\">");
		html_text(p, member(c, "name"));
		html(p, " (");
		html_text(p, code);
		html(p, ")</option>");
	}
	html(p, "</select></div>");
}

/* ---- the whole page ---- */

static const struct {
	enum page_place place;
	const char *path;
	enum phrase name;
} places[] = {
    {PLACE_TARIFF, "/tariff", PHRASE_nav_tariff},
    {PLACE_PROCEDURES, "/procedures", PHRASE_nav_procedures},
    {PLACE_TRAVEL, "/travel", PHRASE_nav_travel},
    {PLACE_NOTICES, "/notices", PHRASE_nav_notices},
    {PLACE_RATES, "/exchange-rates", PHRASE_nav_rates},
    {PLACE_CHECK, "/check", PHRASE_nav_check},
    {PLACE_DRAWS, "/draws", PHRASE_nav_draws},
    {PLACE_API, "/api", PHRASE_nav_api},
};

/* The same page in another language: its path and query, with another lang. */
static void language_link(struct page *p, enum page_language l)
{
	static const char *const names[LANGUAGES] = {
	    [LANGUAGE_en] = "English",
	    [LANGUAGE_fr] = "Français",
	    [LANGUAGE_ar] = "العربية",
	};

	if (l == p->language) {
		html_print(p, "<li><span aria-current=\"true\" lang=\"%s\">%s</span></li>",
			   phrase_tags[l], names[l]);
		return;
	}
	html_print(p, "<li><a href=\"?lang=%s", phrase_tags[l]);
	text_span(&p->body, text_as_span(&p->kept));
	html_print(p, "\" hreflang=\"%s\" lang=\"%s\" rel=\"nofollow\">%s</a></li>", phrase_tags[l],
		   phrase_tags[l], names[l]);
}

void page_head(struct page *p, struct span title, const char *style_name, const char *script)
{
	const char *style = web_path(style_name), *source = script ? web_path(script) : NULL;

	html_print(
	    p, "<!DOCTYPE html>\n<html lang=\"%s\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	    phrase_tags[p->language], p->language == LANGUAGE_ar ? "rtl" : "ltr");
	html(p,
	     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	html_text(p, title);
	html(p, " · Customhouse</title>\n");
	if (style)
		html_print(p, "<link rel=\"stylesheet\" href=\"%s\">\n", style);
	if (source)
		html_print(p, "<script src=\"%s\" type=\"module\"></script>\n", source);
}

static void write_skip_link(struct page *p)
{
	html(p, "</head>\n<body class=\"govuk-template__body\">\n"
		"<a class=\"govuk-skip-link\" href=\"#main\" data-govuk-skip-link>");
	html_say(p, PHRASE_skip);
	html(p, "</a>\n");
}

static void write_masthead(struct page *p, enum page_place place)
{
	html(p, "<header class=\"masthead\"><div class=\"govuk-width-container\">"
		"<a class=\"name\" href=\"/\">Customhouse</a><nav aria-label=\"");
	html_say(p, PHRASE_languages);
	html(p, "\"><ul class=\"languages\">");
	for (unsigned l = 0; l < LANGUAGES; l++)
		language_link(p, (enum page_language)l);
	html(p,
	     "</ul></nav></div></header>\n<nav class=\"govuk-service-navigation\" aria-label=\"");
	html_say(p, PHRASE_pages);
	html(p, "\"><div class=\"govuk-width-container\"><div "
		"class=\"govuk-service-navigation__container\">"
		"<ul class=\"govuk-service-navigation__list\">");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		bool here = places[i].place == place;

		html_print(p,
			   "<li class=\"govuk-service-navigation__item%s\"><a "
			   "class=\"govuk-service-navigation__link\" href=\"%s\"%s>",
			   here ? " govuk-service-navigation__item--active" : "", places[i].path,
			   here ? " aria-current=\"true\"" : "");
		html_say(p, places[i].name);
		html(p, "</a></li>");
	}
	html(p, "</ul></div></div></nav>\n");
}

/* What the reader's language lacks is said before anything else. */
static void write_gaps(struct page *p, uint32_t missing)
{
	char count[12];

	if (missing) {
		snprintf(count, sizeof(count), "%u", missing);
		html(p, "<div class=\"govuk-inset-text\" role=\"note\">");
		html_say_with(p, PHRASE_gap_page, span_of(count));
		html(p, "</div>");
	}
	if (p->foreign) {
		html(p, "<div class=\"govuk-inset-text\" role=\"note\">");
		html_say(p, PHRASE_gap_pack);
		html(p, "</div>");
	}
}

/* What the page keeps of its question begins with "&amp;". */
static void write_data_link(struct page *p)
{
	struct span path = text_as_span(&p->data), kept = text_as_span(&p->kept);
	const uint32_t lead = sizeof("&amp;") - 1;

	if (!path.n)
		return;
	html(p, "</p><p><a class=\"govuk-link\" type=\"application/json\" href=\"");
	text_span(&p->body, path);
	if (kept.n) {
		text_char(&p->body, '?');
		text_add(&p->body, kept.p + lead, kept.n - lead);
	}
	html(p, "\">");
	html_say(p, PHRASE_footer_data);
	html(p, "</a>");
}

void page_reply(struct page *p, unsigned status, struct span title, enum page_place place,
		const char *script)
{
	struct text content = p->body;
	uint32_t missing = p->missing;

	p->body = text_in(p->request->arena);
	page_head(p, title, "service.css", script);
	write_skip_link(p);
	write_masthead(p, place);
	html(p, "<div class=\"govuk-width-container\"><main class=\"govuk-main-wrapper\" "
		"id=\"main\">\n");
	write_gaps(p, missing);
	text_span(&p->body, text_as_span(&content));
	html(p,
	     "\n</main></div>\n<footer class=\"footer\"><div class=\"govuk-width-container\"><p>");
	html_say(p, PHRASE_footer_what);
	html(p, "</p><p class=\"muted\">");
	html_say(p, PHRASE_footer_law);
	write_data_link(p);
	html(p, "</p></div></footer>\n</body>\n</html>\n");
	page_send(p, status);
}

void page_send(struct page *p, unsigned status)
{
	struct request *r = p->request;

	request_reply(r, status, "text/html; charset=utf-8", text_as_span(&p->body));
	r->reply.keep = KEEP_ASK;
	r->reply.page = true;
	r->reply.language = phrase_tags[p->language];
	r->reply.cookie = r->page_cookie;
}

void page_refuse(struct page *p, unsigned status, struct span why, enum page_place place)
{
	page_heading(p, "h1", "l", status == 404 ? PHRASE_refused_missing : PHRASE_refused);
	html(p, "<p class=\"govuk-body\">");
	html_text(p, why);
	html(p, "</p><p class=\"govuk-body\"><a class=\"govuk-link\" href=\"/tariff\">");
	html_say(p, PHRASE_refused_back);
	html(p, "</a></p>");
	page_reply(p, status,
		   phrase_text(p, status == 404 ? PHRASE_refused_missing : PHRASE_refused), place,
		   NULL);
}

void page_refuse_cause(struct page *p, enum err e, const struct cause *why, enum page_place place)
{
	page_refuse(p,
		    e == ERR_NOT_FOUND ? 404
		    : e == ERR_USAGE   ? 400
				       : 503,
		    span_of(why->text), place);
}
