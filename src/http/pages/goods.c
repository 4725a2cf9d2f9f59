/* Finding goods: the search, chapters, a place of the nomenclature. What is due on it: receipt.c. */
#include <string.h>

#include "http/pages/tariff_room.h"

/* ---- asking ---- */

bool page_ask(struct page *p, struct tariff_query *q, tariff_question *what,
	      const struct json **ret, struct cause *why, enum err *ret_err)
{
	struct request *r = p->request;
	struct text text = text_in(r->arena);
	struct codec_fault fault;

	*ret = NULL;
	*ret_err = tariff_answer(r, q, what, &text, why);
	if (!*ret_err)
		*ret_err = json_read(r->arena, text_as_span(&text), ret, &fault);
	return !*ret_err;
}

static bool begin(struct page *p, struct request *r, struct tariff_query *q)
{
	if (!page_begin(p, r) || !tariff_read_query(r, q))
		return false;
	q->language = span_of(page_language_tag(p->language));
	page_keep(p, "on", q->on);
	page_keep(p, "known", q->known);
	return true;
}

/* "as of 22 November 2026": what the whole page speaks of. */
static void write_as_of(struct page *p, const struct json *answer)
{
	html(p, "<p class=\"govuk-body-s muted\">");
	html_say(p, PHRASE_as_of);
	html(p, " ");
	html_day(p, member(answer, "on"));
	html(p, "</p>");
}

void page_open_commodity(struct page *p, struct span code, struct span on)
{
	html(p, "<a class=\"govuk-link\" href=\"/tariff/");
	html_escaped(p, code);
	if (on.n) {
		html(p, "?on=");
		html_escaped(p, on);
	}
	html(p, "\">");
}

/* ---- the search ---- */

void page_search_form(struct page *p, const struct tariff_query *q, bool live)
{
	html(p, "<form class=\"ask\" action=\"/tariff\" method=\"get\" role=\"search\"");
	html(p, live ? " data-live>" : ">");
	html(p, "<label class=\"govuk-label govuk-label--m\" for=\"f-q\">");
	html_say(p, PHRASE_search_label);
	html(p, "</label><div class=\"govuk-hint\" id=\"h-q\">");
	html_say(p, PHRASE_search_hint);
	html(p, "</div><div class=\"search\"><input class=\"govuk-input\" id=\"f-q\" name=\"q\" "
		"type=\"search\" "
		"maxlength=\"250\" aria-describedby=\"h-q\" value=\"");
	html_text(p, q->words);
	html(p, "\"><button class=\"govuk-button\" type=\"submit\">");
	html_say(p, PHRASE_search_button);
	html(p, "</button></div></form>");
}

static void write_goods(struct page *p, const struct json *goods, const struct tariff_query *q)
{
	html(p, "<ul class=\"goods\">");
	for (const struct json *c = goods ? goods->first : NULL; c; c = c->next) {
		const struct json *above = json_get(c, "above");

		html(p, "<li>");
		html_code(p, member(c, "code"));
		html(p, "<span>");
		page_open_commodity(p, member(c, "code"), q->on);
		html_pack(p, member(c, "text"));
		html(p, "</a></span>");
		if (above && above->count) {
			html(p, "<span class=\"above\">");
			for (const struct json *u = above->first; u; u = u->next) {
				html_pack(p, member(u, "text"));
				html(p, u->next ? " › " : "");
			}
			html(p, "</span>");
		}
		html(p, "</li>");
	}
	html(p, "</ul>");
}

static void write_corrections(struct page *p, const struct json *found)
{
	const struct json *corrected = json_get(found, "corrected");

	for (const struct json *c = corrected ? corrected->first : NULL; c; c = c->next) {
		html(p, "<p class=\"govuk-body\">");
		html_say_with(p, PHRASE_search_corrected, member(c, "to"));
		html(p, "</p>");
	}
}

static void write_found(struct page *p, const struct json *found, const struct tariff_query *q)
{
	const struct json *n = json_get(found, "found"), *goods = json_get(found, "commodities");

	html(p, "<h2 class=\"govuk-heading-m\">");
	html_say_with(p, PHRASE_search_found, n ? n->text : SPAN("0"));
	html(p, "</h2>");
	write_corrections(p, found);
	if (goods && goods->count) {
		write_goods(p, goods, q);
	} else {
		html(p, "<p class=\"govuk-body\">");
		html_say(p, PHRASE_search_nothing);
		html(p, "</p>");
	}
	write_as_of(p, found);
}

void page_tariff(struct request *r)
{
	struct page p;
	struct tariff_query q;
	const struct json *answer;
	struct cause why = {0};
	enum err e;
	bool asked;

	if (!begin(&p, r, &q))
		return;
	page_keep(&p, "q", q.words);
	asked = span_trim(q.words).n > 0;
	if (!page_ask(&p, &q, asked ? tariff_search : tariff_chapters, &answer, &why, &e)) {
		page_refuse_cause(&p, e, &why, PLACE_TARIFF);
		return;
	}
	page_heading(&p, "h1", "xl", PHRASE_tariff_title);
	page_search_form(&p, &q, true);
	page_data(&p, asked ? "/api/v1/tariff/commodities" : "/api/v1/tariff/chapters", SPAN(""));
	html(&p, "<div id=\"result\" aria-live=\"polite\">");
	if (asked) {
		write_found(&p, answer, &q);
	} else {
		page_heading(&p, "h2", "m", PHRASE_tariff_chapters);
		write_goods(&p, json_get(answer, "chapters"), &q);
		write_as_of(&p, answer);
	}
	html(&p, "</div>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_tariff_title), PLACE_TARIFF, "public.js");
}

/* ---- a place of the nomenclature ---- */

static void write_above(struct page *p, const struct json *place, const struct tariff_query *q)
{
	const struct json *above = json_get(place, "above");

	html(p, "<nav class=\"govuk-breadcrumbs\" aria-label=\"");
	html_say(p, PHRASE_breadcrumbs);
	html(p,
	     "\"><ol class=\"govuk-breadcrumbs__list\"><li class=\"govuk-breadcrumbs__list-item\">"
	     "<a class=\"govuk-breadcrumbs__link\" href=\"/tariff\">");
	html_say(p, PHRASE_nav_tariff);
	html(p, "</a></li>");
	for (const struct json *u = above ? above->first : NULL; u; u = u->next) {
		html(p, "<li class=\"govuk-breadcrumbs__list-item\">");
		page_open_commodity(p, member(u, "code"), q->on);
		html_pack(p, member(u, "text"));
		html(p, "</a></li>");
	}
	html(p, "</ol></nav>");
}

static void write_coded(struct page *p, const struct json *coded)
{
	if (!coded)
		return;
	html(p, "<br>");
	html_pack(p, member(coded, "name"));
	html(p, " ");
	html_code(p, member(coded, "code"));
}

static void write_area(struct page *p, const struct json *m)
{
	struct span name = member(m, "area_name"), area = member(m, "area");

	if (span_is(area, "*"))
		html_say(p, PHRASE_area_all);
	else if (name.n)
		html_pack(p, name);
	else
		html_code(p, area);
	if (member(m, "exclude").n) {
		html(p, "<br>");
		html_say_with(p, PHRASE_area_except, member(m, "exclude"));
	}
}

/* "≤ 150.00 EUR" */
static struct span limit_of(struct page *p, const struct json *c)
{
	static const struct {
		const char *relation, *sign;
	} signs[] = {{"above", ">"}, {"at-least", "≥"}, {"at-most", "≤"}, {"below", "<"}};
	struct text t = text_in(p->request->arena);
	struct span relation = member(c, "relation");

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (span_is(relation, signs[i].relation))
			text_string(&t, signs[i].sign);
	text_char(&t, ' ');
	text_span(&t, member(c, "limit"));
	return text_as_span(&t);
}

static void write_test(struct page *p, const struct json *c)
{
	static const struct {
		const char *test;
		enum phrase phrase;
	} limits[] = {{"value", PHRASE_condition_value},
		      {"consignment", PHRASE_condition_consignment},
		      {"price", PHRASE_condition_price},
		      {"quantity", PHRASE_condition_quantity}};
	const struct json *document = json_get(c, "document");
	struct span test = member(c, "test");

	if (document)
		html_say_with(p, PHRASE_condition_document,
			      member(document, "name").n ? member(document, "name")
							 : member(document, "code"));
	else if (span_is(test, "procedure"))
		html_say_with(p, PHRASE_condition_procedure, member(c, "procedure"));
	else if (span_is(test, "always"))
		html_say(p, PHRASE_condition_always);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (span_is(test, limits[i].test))
			html_say_with(p, limits[i].phrase, limit_of(p, c));
}

static void write_condition(struct page *p, const struct json *c)
{
	struct span action = member(c, "action"), rate = member(c, "expression");

	html(p, "<br>");
	html_code(p, member(c, "group"));
	html(p, " ");
	write_test(p, c);
	html(p, ": ");
	if (rate.n) {
		html(p, "<bdi dir=\"ltr\">");
		html_text(p, rate);
		html(p, "</bdi>");
	} else {
		html_say(p, span_is(action, "apply")     ? PHRASE_action_apply
			    : span_is(action, "exempt")  ? PHRASE_action_exempt
			    : span_is(action, "refused") ? PHRASE_action_refused
							 : PHRASE_action_allowed);
	}
}

static void write_conditions(struct page *p, const struct json *m)
{
	const struct json *conditions = json_get(m, "conditions"),
			  *notes = json_get(m, "footnotes");

	write_coded(p, json_get(m, "preference"));
	write_coded(p, json_get(m, "document"));
	if (member(m, "quota").n) {
		html(p, "<br>");
		html_say_with(p, PHRASE_measure_quota, member(m, "quota"));
		page_quota(p, json_get(m, "quota_balance"));
	}
	if (member(m, "additional").n) {
		html(p, "<br>");
		html_say_with(p, PHRASE_measure_additional, member(m, "additional"));
	}
	if (member(m, "procedure").n) {
		html(p, "<br>");
		html_say_with(p, PHRASE_measure_procedure, member(m, "procedure"));
	}
	for (const struct json *c = conditions ? conditions->first : NULL; c; c = c->next)
		write_condition(p, c);
	for (const struct json *n = notes ? notes->first : NULL; n; n = n->next) {
		html(p, "<br>");
		html_pack(p, member(n, "text"));
	}
}

static void write_measure(struct page *p, const struct json *m)
{
	const struct json *regulation = json_get(m, "regulation");

	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_pack(p, member(m, "levy_name"));
	html(p, "<br><span class=\"muted\">");
	html_say(p, page_series(member(m, "series")));
	html(p, "</span></th><td class=\"govuk-table__cell\">");
	write_area(p, m);
	html(p, "</td><td class=\"govuk-table__cell\"><bdi dir=\"ltr\">");
	html_text(p, member(m, "expression"));
	html(p, "</bdi>");
	write_conditions(p, m);
	html(p, "</td><td class=\"govuk-table__cell\">");
	html_pack(p, member(m, "source"));
	write_coded(p, regulation);
	html(p, "<br><span class=\"muted\">");
	html_say(p, PHRASE_measure_from);
	html(p, " ");
	html_day(p, member(m, "from"));
	if (member(m, "to").n) {
		html(p, " ");
		html_say(p, PHRASE_measure_to);
		html(p, " ");
		html_day(p, member(m, "to"));
	}
	html(p, "</span></td></tr>");
}

void page_measures(struct page *p, enum phrase title, const struct json *measures)
{
	static const enum phrase columns[] = {PHRASE_measure_levy, PHRASE_measure_area,
					      PHRASE_measure_rate, PHRASE_measure_law};

	if (!measures || !measures->count)
		return;
	page_heading(p, "h2", "m", title);
	page_open_table(p, title, columns, ARRAY_LEN(columns));
	for (const struct json *m = measures->first; m; m = m->next)
		write_measure(p, m);
	page_close_table(p);
}

/* Forbidden without a paper: said before anything that costs. */
static void write_permits(struct page *p, const struct json *permits)
{
	if (!permits || !permits->count)
		return;
	html(p, "<div class=\"govuk-warning-text\"><span class=\"govuk-warning-text__icon\" "
		"aria-hidden=\"true\">!</span>"
		"<div class=\"govuk-warning-text__text\">");
	html_say(p, PHRASE_permits_title);
	html(p, "<ul class=\"govuk-list govuk-list--bullet\">");
	for (const struct json *m = permits->first; m; m = m->next) {
		html(p, "<li>");
		html_pack(p, member(m, "name"));
		html(p, " ");
		html_code(p, member(m, "document"));
		html(p, ", ");
		html_pack(p, member(m, "agency"));
		html(p, ": ");
		html_say(p, span_is(member(m, "direction"), "export") ? PHRASE_permit_export
								      : PHRASE_permit_import);
		html(p, " <span class=\"muted\">(");
		html_pack(p, member(m, "source"));
		html(p, ")</span></li>");
	}
	html(p, "</ul></div></div>");
}

static void write_place(struct page *p, const struct json *place, const struct tariff_query *q)
{
	const struct json *below = json_get(place, "below"),
			  *declarable = json_get(place, "declarable");

	write_above(p, place, q);
	html(p, "<h1 class=\"govuk-heading-l\"><span class=\"govuk-caption-l\">");
	html_code(p, member(place, "code"));
	html(p, "</span>");
	html_pack(p, member(place, "text"));
	html(p, "</h1>");
	write_as_of(p, place);
	write_permits(p, json_get(place, "permits"));
	if (declarable && declarable->kind == JSON_TRUE)
		page_duty(p, q);
	if (below && below->count) {
		page_heading(p, "h2", "m", PHRASE_below_title);
		write_goods(p, below, q);
	}
	page_measures(p, PHRASE_measures_title, json_get(place, "measures"));
	html(p, "<p class=\"govuk-body no-print\"><a class=\"govuk-link\" href=\"/procedures\">");
	html_say(p, PHRASE_guide_link);
	html(p, "</a></p>");
}

void page_commodity(struct request *r)
{
	struct page p;
	struct tariff_query q, of_place;
	const struct json *place;
	struct cause why = {0};
	enum err e;

	if (!begin(&p, r, &q))
		return;
	q.commodity = r->reference;
	of_place = (struct tariff_query){
	    .commodity = q.commodity, .on = q.on, .known = q.known, .language = q.language};
	if (!page_ask(&p, &of_place, tariff_commodity, &place, &why, &e)) {
		page_refuse_cause(&p, e, &why, PLACE_TARIFF);
		return;
	}
	page_data(&p, "/api/v1/tariff/commodities/", q.commodity);
	write_place(&p, place, &q);
	page_reply(&p, 200, member(place, "text"), PLACE_TARIFF, "public.js");
}
