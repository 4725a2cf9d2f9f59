/* Rules and procedures: what somebody has to do who imports, exports or carries goods through, from the pack in force. */
#include "http/pages/tariff_room.h"

/* What one may do with goods, and how it is called. */
static const struct {
	const char *word, *path;
	enum phrase name, what;
} ways[] = {
    {"import", "/procedures/import", PHRASE_guide_import, PHRASE_guide_import_what},
    {"export", "/procedures/export", PHRASE_guide_export, PHRASE_guide_export_what},
    {"transit", "/procedures/transit", PHRASE_guide_transit, PHRASE_guide_transit_what},
};

void page_procedures(struct request *r)
{
	struct page p;

	if (!page_begin(&p, r))
		return;
	page_heading(&p, "h1", "xl", PHRASE_nav_procedures);
	html(&p, "<p class=\"govuk-body-l\">");
	html_say(&p, PHRASE_guide_what);
	html(&p, "</p><ul class=\"cards\">");
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		page_card(&p, ways[i].path, ways[i].name, ways[i].what);
	page_card(&p, "/travel", PHRASE_nav_travel, PHRASE_home_travel);
	html(&p, "</ul>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_nav_procedures), PLACE_PROCEDURES, NULL);
}

/* ---- steps ---- */

static void write_step(struct page *p, const struct json *step, struct span national)
{
	struct span by = member(step, "by"), cost = member(step, "cost");
	const struct json *hours = json_get(step, "hours");

	html(p, "<li><h3 class=\"govuk-heading-s\">");
	html_pack(p, member(step, "name"));
	html(p, "</h3><p class=\"govuk-body\">");
	html_pack(p, member(step, "text"));
	html(p, "</p><dl class=\"facts\"><div><dt>");
	html_say(p, PHRASE_guide_by);
	html(p, "</dt><dd>");
	html_say(p, span_is(by, "customs")  ? PHRASE_guide_customs
		    : span_is(by, "agency") ? PHRASE_guide_agency
					    : PHRASE_guide_trader);
	html(p, "</dd></div>");
	if (hours) {
		html(p, "<div><dt>");
		html_say(p, PHRASE_guide_time);
		html(p, "</dt><dd>");
		html_say_with(p, span_is(hours->text, "1") ? PHRASE_guide_hour : PHRASE_guide_hours,
			      hours->text);
		html(p, "</dd></div>");
	}
	if (cost.n) {
		html(p, "<div><dt>");
		html_say(p, PHRASE_guide_cost);
		html(p, "</dt><dd>");
		html_amount(p, cost, national);
		html(p, "</dd></div>");
	}
	html(p, "<div><dt>");
	html_say(p, PHRASE_measure_law);
	html(p, "</dt><dd>");
	html_pack(p, member(step, "source"));
	html(p, "</dd></div></dl></li>");
}

static void write_steps(struct page *p, const struct json *guide)
{
	const struct json *steps = json_get(guide, "steps");

	page_heading(p, "h2", "m", PHRASE_guide_steps);
	if (!steps || !steps->count) {
		html(p, "<p class=\"govuk-body\">");
		html_say(p, PHRASE_guide_no_steps);
		html(p, "</p>");
		return;
	}
	html(p, "<ol class=\"steps\">");
	for (const struct json *s = steps->first; s; s = s->next)
		write_step(p, s, member(guide, "national"));
	html(p, "</ol>");
}

/* ---- procedures ---- */

static void write_documents(struct page *p, const struct json *documents)
{
	for (const struct json *d = documents ? documents->first : NULL; d; d = d->next) {
		html_pack(p, member(d, "name"));
		html(p, " ");
		html_code(p, member(d, "code"));
		html(p, d->next ? "<br>" : "");
	}
}

static void write_effect(struct page *p, const struct json *procedure)
{
	struct span effect = member(procedure, "effect"), levies = member(procedure, "relieved");
	const struct json *days = json_get(procedure, "days");

	html_say(p, span_is(effect, "suspended")  ? PHRASE_guide_suspended
		    : span_is(effect, "relieved") ? PHRASE_guide_relieved
		    : span_is(effect, "partial")  ? PHRASE_guide_partial
						  : PHRASE_guide_due);
	if (span_is(levies, "*")) {
		html(p, "<br>");
		html_say(p, PHRASE_guide_all_levies);
	} else if (levies.n) {
		html(p, "<br>");
		html_code(p, levies);
	}
	if (days) {
		html(p, "<br>");
		html_say_with(p, PHRASE_guide_days, days->text);
	}
}

static void write_procedure(struct page *p, const struct json *procedure)
{
	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_code(p, member(procedure, "code"));
	html(p, " ");
	html_code(p, member(procedure, "previous"));
	html(p, "<br>");
	html_pack(p, member(procedure, "name"));
	html(p, "</th><td class=\"govuk-table__cell\">");
	write_effect(p, procedure);
	html(p, "</td><td class=\"govuk-table__cell\">");
	write_documents(p, json_get(procedure, "documents"));
	html(p, "</td><td class=\"govuk-table__cell\">");
	html_pack(p, member(procedure, "source"));
	html(p, "</td></tr>");
}

static void write_procedures(struct page *p, const struct json *list)
{
	static const enum phrase columns[] = {PHRASE_guide_procedure, PHRASE_guide_effect,
					      PHRASE_guide_documents, PHRASE_measure_law};

	if (!list || !list->count)
		return;
	html(p, "<details class=\"govuk-details\"><summary class=\"govuk-details__summary\"><h2 "
		"class=\"govuk-details__summary-text\">");
	html_say(p, PHRASE_guide_procedures);
	html_print(p, " (%u)</h2></summary>", list->count);
	page_open_table(p, PHRASE_guide_procedures, columns, ARRAY_LEN(columns));
	for (const struct json *x = list->first; x; x = x->next)
		write_procedure(p, x);
	page_close_table(p);
	html(p, "</details>");
}

/* ---- papers of some goods ---- */

static void write_permit(struct page *p, const struct json *permit, struct span on)
{
	const struct json *codes = json_get(permit, "commodities"),
			  *more = json_get(permit, "more");

	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_pack(p, member(permit, "name"));
	html(p, " ");
	html_code(p, member(permit, "document"));
	html(p, "</th><td class=\"govuk-table__cell\">");
	html_pack(p, member(permit, "agency"));
	html(p, "</td><td class=\"govuk-table__cell\"><ul class=\"codes\">");
	for (const struct json *c = codes ? codes->first : NULL; c; c = c->next) {
		html(p, "<li>");
		if (c->text.n)
			page_open_commodity(p, c->text, on);
		html_code(p, c->text);
		html(p, c->text.n ? "</a></li>" : "</li>");
	}
	html(p, more && more->kind == JSON_TRUE ? "<li>…</li></ul>" : "</ul>");
	html(p, "</td><td class=\"govuk-table__cell\">");
	html_pack(p, member(permit, "source"));
	html(p, "</td></tr>");
}

static void write_permits(struct page *p, const struct json *list, struct span on)
{
	static const enum phrase columns[] = {PHRASE_guide_paper, PHRASE_guide_agency,
					      PHRASE_guide_goods, PHRASE_measure_law};

	if (!list || !list->count)
		return;
	page_heading(p, "h2", "m", PHRASE_guide_permits);
	page_open_table(p, PHRASE_guide_permits, columns, ARRAY_LEN(columns));
	for (const struct json *x = list->first; x; x = x->next)
		write_permit(p, x, on);
	page_close_table(p);
}

/* ---- the page of one way ---- */

static void write_terms(struct page *p, const struct json *guide)
{
	page_heading(p, "h2", "m", PHRASE_guide_terms);
	html(p, "<ul class=\"govuk-list govuk-list--bullet\"><li>");
	html_say_with(p, PHRASE_guide_contingency, json_get(guide, "contingency_days")->text);
	html(p, "</li><li>");
	html_say_with(p, PHRASE_guide_supplementary, json_get(guide, "supplementary_days")->text);
	html(p, "</li></ul>");
}

static void write_guide(struct page *p, const struct tariff_query *q, const struct json *guide,
			size_t way)
{
	page_heading(p, "h1", "xl", ways[way].name);
	html(p, "<p class=\"govuk-body-l\">");
	html_say(p, ways[way].what);
	html(p, "</p><p class=\"govuk-body-s muted\">");
	html_say(p, PHRASE_as_of);
	html(p, " ");
	html_day(p, member(guide, "on"));
	html(p, "</p><nav class=\"no-print\" aria-label=\"");
	html_say(p, PHRASE_nav_procedures);
	html(p, "\"><ul class=\"tabs\">");
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		html(p, "<li>");
		html_print(p, "<a class=\"govuk-link\" href=\"%s\"%s>", ways[i].path,
			   i == way ? " aria-current=\"page\"" : "");
		html_say(p, ways[i].name);
		html(p, "</a></li>");
	}
	html(p, "</ul></nav>");
	write_steps(p, guide);
	page_measures(p, PHRASE_guide_charges, json_get(guide, "charges"));
	write_permits(p, json_get(guide, "permits"), q->on);
	write_procedures(p, json_get(guide, "procedures"));
	write_terms(p, guide);
}

void page_procedure(struct request *r)
{
	struct page p;
	struct tariff_query q;
	const struct json *guide;
	struct cause why = {0};
	enum err e;

	if (!page_begin(&p, r) || !tariff_read_query(r, &q))
		return;
	q.language = span_of(page_language_tag(p.language));
	q.words = r->reference;
	page_keep(&p, "on", q.on);
	if (!page_ask(&p, &q, tariff_guide, &guide, &why, &e)) {
		page_refuse_cause(&p, e, &why, PLACE_PROCEDURES);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		if (!span_is(q.words, ways[i].word))
			continue;
		page_data(&p, "/api/v1/tariff/procedures/", q.words);
		write_guide(&p, &q, guide, i);
		page_reply(&p, 200, phrase_text(&p, ways[i].name), PLACE_PROCEDURES, NULL);
		return;
	}
}
