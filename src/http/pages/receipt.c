/* What is due on goods, as a receipt for every option. */
#include "http/pages/tariff_room.h"

enum phrase page_series(struct span series)
{
	static const struct {
		const char *series;
		enum phrase name;
	} names[] = {
	    {"duty", PHRASE_series_duty},
	    {"excise", PHRASE_series_excise},
	    {"fee", PHRASE_series_fee},
	    {"preference", PHRASE_series_preference},
	    {"quota", PHRASE_series_quota},
	    {"relief", PHRASE_series_relief},
	    {"remedy", PHRASE_series_remedy},
	    {"restriction", PHRASE_series_restriction},
	    {"suspension", PHRASE_series_suspension},
	    {"unit", PHRASE_series_unit},
	    {"vat", PHRASE_series_vat},
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_is(series, names[i].series))
			return names[i].name;
	return PHRASE_series_other;
}

/* ---- the form ---- */

static void write_fields(struct page *p, const struct tariff_query *q, const struct json *countries,
			 const struct json *rates)
{
	page_input(p, &(struct page_field){.name = "value",
					   .type = "text",
					   .label = PHRASE_duty_value,
					   .hint = PHRASES,
					   .value = q->value});
	page_select(p,
		    &(struct page_field){.name = "currency",
					 .label = PHRASE_duty_currency,
					 .hint = PHRASES,
					 .value = q->currency},
		    json_get(rates, "rates"), PHRASE_duty_national);
	page_select(
	    p,
	    &(struct page_field){
		.name = "origin", .label = PHRASE_duty_origin, .hint = PHRASES, .value = q->origin},
	    json_get(countries, "countries"), PHRASE_duty_any);
	page_input(p, &(struct page_field){.name = "quantity",
					   .type = "text",
					   .label = PHRASE_duty_quantity,
					   .hint = PHRASE_duty_quantity_hint,
					   .value = q->quantity,
					   .wide = true});
	page_input(p, &(struct page_field){.name = "freight",
					   .type = "text",
					   .label = PHRASE_duty_freight,
					   .hint = PHRASES,
					   .value = q->freight});
	page_input(p, &(struct page_field){.name = "insurance",
					   .type = "text",
					   .label = PHRASE_duty_insurance,
					   .hint = PHRASES,
					   .value = q->insurance});
	page_input(p, &(struct page_field){.name = "on",
					   .type = "date",
					   .label = PHRASE_duty_on,
					   .hint = PHRASES,
					   .value = q->on});
}

static void write_form(struct page *p, const struct tariff_query *q)
{
	struct tariff_query lists = {.on = q->on, .language = q->language};
	const struct json *countries, *rates;
	struct cause why = {0};
	enum err e;

	/* A form without its lists would be of no use, and an answer that is too large says so by itself. */
	if (!page_ask(p, &lists, tariff_countries, &countries, &why, &e) ||
	    !page_ask(p, &lists, tariff_rates, &rates, &why, &e))
		return;
	html(p, "<form class=\"ask\" method=\"get\" action=\"/tariff/");
	html_escaped(p, q->commodity);
	html(p, "\" data-live><div class=\"row\">");
	write_fields(p, q, countries, rates);
	html(p, "</div><button class=\"govuk-button\" type=\"submit\">");
	html_say(p, PHRASE_duty_button);
	html(p, "</button></form>");
}

/* ---- quotas ---- */

static enum phrase state_phrase(struct span state)
{
	static const struct {
		const char *state;
		enum phrase name;
	} names[] = {{"blocked", PHRASE_quota_state_blocked},
		     {"closed", PHRASE_quota_state_closed},
		     {"critical", PHRASE_quota_state_critical},
		     {"exhausted", PHRASE_quota_state_exhausted},
		     {"suspended", PHRASE_quota_state_suspended}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_is(state, names[i].state))
			return names[i].name;
	return PHRASE_quota_state_open;
}

/* What becomes of a claim. */
static enum phrase way_phrase(const struct json *balance)
{
	const struct span way = member(balance, "way"), unknown = member(balance, "unknown");

	if (unknown.n)
		return span_is(unknown, "past") ? PHRASE_quota_past : PHRASE_quota_unknown;
	return span_is(way, "now")       ? PHRASE_quota_way_now
	       : span_is(way, "secured") ? PHRASE_quota_way_secured
	       : span_is(way, "later")   ? PHRASE_quota_way_later
					 : PHRASE_quota_way_not;
}

/* "23 November 2026, 00:15 UTC" */
static void write_moment(struct page *p, struct span moment)
{
	if (moment.n < 16)
		return;
	html_day(p, (struct span){moment.p, 10, 0});
	html(p, ", <bdi dir=\"ltr\">");
	html_text(p, (struct span){moment.p + 11, 5, 0});
	html(p, " UTC</bdi>");
}

static void write_left(struct page *p, const struct json *balance)
{
	const struct span unit = member(balance, "unit"), asked = member(balance, "requested");

	if (member(balance, "volume").n) {
		html_say(p, PHRASE_quota_left);
		html(p, " ");
		html_amount(p, member(balance, "balance"), unit);
		html(p, " ");
		html_say(p, PHRASE_quota_of);
		html(p, " ");
		html_amount(p, member(balance, "volume"), unit);
		html(p, ", ");
	}
	html_say(p, state_phrase(member(balance, "state")));
	html(p, ", ");
	html_say(p, PHRASE_quota_as_of);
	html(p, " ");
	write_moment(p, member(balance, "as_of"));
	html(p, ". ");
	if (asked.n && !span_is(asked, "0")) {
		html_say(p, PHRASE_quota_requested);
		html(p, " ");
		html_amount(p, asked, unit);
		html(p, ". ");
	}
}

void page_quota(struct page *p, const struct json *balance)
{
	const struct json *ahead = json_get(balance, "ahead");

	if (!balance)
		return;
	html(p, "<span class=\"law\">");
	if (!member(balance, "unknown").n)
		write_left(p, balance);
	html_say(p, way_phrase(balance));
	if (ahead && ahead->kind == JSON_TRUE) {
		html(p, " ");
		html_say(p, PHRASE_quota_ahead);
	}
	html(p, "</span>");
}

/* ---- a receipt ---- */

static void write_line(struct page *p, const struct json *line, struct span currency)
{
	bool due = span_is(member(line, "state"), "due");

	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_pack(p, member(line, "name"));
	html(p, " <bdi class=\"rate\" dir=\"ltr\">");
	html_text(p, member(line, "rate"));
	html(p, "</bdi><span class=\"law\">");
	html_pack(p, member(line, "source"));
	html(p, "</span></th><td class=\"govuk-table__cell num\">");
	html_amount(p, member(line, "amount"), currency);
	if (!due) {
		html(p, "<span class=\"law\">");
		html_say(p, PHRASE_receipt_not_due);
		html(p, "</span>");
	}
	html(p, "</td></tr>");
}

static void write_step(struct page *p, const struct json *step)
{
	html(p, "<li dir=\"ltr\" lang=\"en\">");
	html_text(p, step->text);
	html(p, "</li>");
}

static void write_proofs(struct page *p, const struct json *option)
{
	const struct json *value = json_get(option, "customs_value"),
			  *lines = json_get(option, "lines"), *of;

	html(p, "<details class=\"govuk-details\"><summary class=\"govuk-details__summary\">"
		"<span class=\"govuk-details__summary-text\">");
	html_say(p, PHRASE_receipt_how);
	html(p, "</span></summary><div class=\"govuk-details__text\"><ol class=\"proof\">");
	of = json_get(value, "proof");
	for (const struct json *s = of ? of->first : NULL; s; s = s->next)
		write_step(p, s);
	for (const struct json *l = lines ? lines->first : NULL; l; l = l->next) {
		of = json_get(l, "proof");
		for (const struct json *s = of ? of->first : NULL; s; s = s->next)
			write_step(p, s);
	}
	html(p, "</ol></div></details>");
}

static void write_option_name(struct page *p, const struct json *option)
{
	const struct json *preference = json_get(option, "preference"),
			  *document = json_get(option, "document"),
			  *quota = json_get(option, "quota_balance");

	html(p, "<h3 class=\"govuk-heading-s\">");
	html_say(p, page_series(member(option, "series")));
	if (preference) {
		html(p, ": ");
		html_pack(p, member(preference, "name"));
	}
	if (member(option, "quota").n) {
		html(p, " ");
		html_code(p, member(option, "quota"));
	}
	html(p, "</h3>");
	if (quota) {
		html(p, "<p class=\"govuk-body-s\">");
		page_quota(p, quota);
		html(p, "</p>");
	}
	if (document) {
		html(p, "<p class=\"govuk-body-s\">");
		html_say_with(p, PHRASE_receipt_with,
			      member(document, "name").n ? member(document, "name")
							 : member(document, "code"));
		html(p, "</p>");
	}
}

static void write_findings(struct page *p, const struct json *findings)
{
	if (!findings || !findings->count)
		return;
	html(p, "<ul class=\"govuk-list govuk-list--bullet\">");
	for (const struct json *f = findings->first; f; f = f->next) {
		html(p, "<li>");
		html_pack(p, member(f, "text"));
		html(p, "</li>");
	}
	html(p, "</ul>");
}

static void write_total(struct page *p, const struct json *answer, const struct json *option)
{
	html(p, "</tbody><tfoot><tr><th scope=\"row\">");
	html_say(p, PHRASE_receipt_total);
	html(p, "</th><td class=\"num\">");
	html_amount(p, member(option, "total"), member(answer, "currency"));
	if (member(option, "total_invoice").n) {
		html(p, "<span class=\"law\">");
		html_amount(p, member(option, "total_invoice"), member(answer, "invoice_currency"));
		html(p, "</span>");
	}
	if (member(option, "total_granted").n) {
		html(p, "<span class=\"law\">");
		html_say(p, PHRASE_quota_granted);
		html(p, " ");
		html_amount(p, member(option, "total_granted"), member(answer, "currency"));
		html(p, "</span>");
	}
	html(p, "</td></tr></tfoot></table>");
}

static void write_receipt(struct page *p, const struct json *answer, const struct json *option,
			  bool best)
{
	const struct json *lines = json_get(option, "lines"),
			  *value = json_get(option, "customs_value"),
			  *complete = json_get(option, "complete");
	struct span currency = member(answer, "currency");

	html(p, best ? "<section class=\"receipt best\">" : "<section class=\"receipt\">");
	write_option_name(p, option);
	if (best) {
		html(p, "<p><strong class=\"govuk-tag govuk-tag--green\">");
		html_say(p, PHRASE_receipt_least);
		html(p, "</strong></p>");
	}
	write_findings(p, json_get(option, "findings"));
	html(p, "<table class=\"govuk-table\"><caption class=\"govuk-visually-hidden\">");
	html_say(p, page_series(member(option, "series")));
	html(p, "</caption><tbody>");
	if (value) {
		html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" "
			"scope=\"row\">");
		html_say(p, PHRASE_receipt_customs_value);
		html(p, "</th><td class=\"govuk-table__cell num\">");
		html_amount(p, member(value, "amount"), currency);
		html(p, "</td></tr>");
	}
	for (const struct json *l = lines ? lines->first : NULL; l; l = l->next)
		write_line(p, l, currency);
	write_total(p, answer, option);
	if (!complete || complete->kind != JSON_TRUE) {
		html(p, "<p class=\"govuk-body-s\">");
		html_say(p, PHRASE_receipt_incomplete);
		html(p, "</p>");
	}
	write_proofs(p, option);
	html(p, "</section>");
}

/* The complete option with the least total, where there is more than one. */
static const struct json *best_of(const struct json *options)
{
	const struct json *best = NULL;
	struct decimal least = {0};

	for (const struct json *o = options->first; options->count > 1 && o; o = o->next) {
		const struct json *complete = json_get(o, "complete");
		struct decimal total;

		if (!complete || complete->kind != JSON_TRUE ||
		    decimal_parse(member(o, "total"), &total))
			continue;
		if (!best || decimal_compare(total, least) < 0) {
			best = o;
			least = total;
		}
	}
	return best;
}

static bool names_quota(const struct json *options)
{
	for (const struct json *o = options->first; o; o = o->next)
		if (json_get(o, "quota_balance"))
			return true;
	return false;
}

static void write_receipts(struct page *p, const struct json *answer)
{
	const struct json *options = json_get(answer, "options"), *best;

	if (!options || !options->count)
		return;
	best = best_of(options);
	html(p, "<div class=\"receipts\">");
	for (const struct json *o = options->first; o; o = o->next)
		write_receipt(p, answer, o, o == best);
	html(p, "</div><p class=\"govuk-body-s muted\">");
	html_say(p, names_quota(options) ? PHRASE_quota_changes : PHRASE_receipt_same);
	html(p, " ");
	html_say(p, PHRASE_receipt_tariff);
	html(p, " ");
	html_code(
	    p, (struct span){member(answer, "pack").p, member(answer, "pack").n > 12 ? 12 : 0, 0});
	html(p, "</p><button class=\"govuk-button govuk-button--secondary no-print\" "
		"type=\"button\" hidden data-print>");
	html_say(p, PHRASE_receipt_print);
	html(p, "</button>");
}

static void write_fault(struct page *p, struct span why)
{
	html(p, "<div class=\"govuk-error-summary\" role=\"alert\"><h3 "
		"class=\"govuk-error-summary__title\">");
	html_say(p, PHRASE_refused);
	html(p, "</h3><div class=\"govuk-error-summary__body\"><bdi lang=\"en\">");
	html_text(p, why);
	html(p, "</bdi></div></div>");
}

static void keep_question(struct page *p, const struct tariff_query *q)
{
	page_keep(p, "value", q->value);
	page_keep(p, "currency", q->currency);
	page_keep(p, "origin", q->origin);
	page_keep(p, "quantity", q->quantity);
	page_keep(p, "freight", q->freight);
	page_keep(p, "insurance", q->insurance);
}

void page_duty(struct page *p, const struct tariff_query *asked)
{
	struct tariff_query q = *asked;
	const struct json *answer;
	struct cause why = {0};
	enum err e;

	keep_question(p, &q);
	/* A number from the first moment on, which then becomes better. */
	if (!q.value.n)
		q.value = SPAN("1000");
	page_heading(p, "h2", "m", PHRASE_duty_title);
	write_form(p, &q);
	html(p, "<div id=\"result\" aria-live=\"polite\">");
	if (page_ask(p, &q, tariff_duty, &answer, &why, &e))
		write_receipts(p, answer);
	else
		write_fault(p, span_of(why.text));
	html(p, "</div>");
}
