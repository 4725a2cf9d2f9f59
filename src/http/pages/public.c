/* Pages for everybody beside the tariff: the start, rates of exchange, draws, the API. */
#include "http/pages/tariff_room.h"
#include "http/problem.h"

/* ---- the start ---- */

void page_home(struct request *r)
{
	struct page p;
	const struct tariff_query nothing = {0};

	if (!page_begin(&p, r))
		return;
	page_heading(&p, "h1", "xl", PHRASE_home_title);
	html(&p, "<p class=\"govuk-body-l\">");
	html_say(&p, PHRASE_home_what);
	html(&p, "</p>");
	page_search_form(&p, &nothing, false);
	html(&p, "<ul class=\"cards\">");
	page_card(&p, "/tariff", PHRASE_nav_tariff, PHRASE_home_tariff);
	page_card(&p, "/procedures", PHRASE_nav_procedures, PHRASE_home_procedures);
	page_card(&p, "/travel", PHRASE_nav_travel, PHRASE_home_travel);
	page_card(&p, "/notices", PHRASE_nav_notices, PHRASE_home_notices);
	page_card(&p, "/exchange-rates", PHRASE_nav_rates, PHRASE_home_rates);
	page_card(&p, "/check", PHRASE_nav_check, PHRASE_home_check);
	page_card(&p, "/draws", PHRASE_nav_draws, PHRASE_home_draws);
	page_card(&p, "/api", PHRASE_nav_api, PHRASE_home_api);
	page_card(&p, "/api/v1/formats", PHRASE_home_formats_name, PHRASE_home_formats);
	page_card(&p, "/healthz", PHRASE_home_health_name, PHRASE_home_health);
	html(&p, "</ul>");
	page_heading(&p, "h2", "m", PHRASE_home_try);
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, PHRASE_home_try_token);
	html(&p,
	     "</p><pre tabindex=\"0\" dir=\"ltr\"><code>build/customhouse user add gateway --roles "
	     "broker --parties '*' --data DIR\n"
	     "token=$(build/customhouse user token gateway --scopes read,submit --data DIR)\n"
	     "curl -H \"Authorization: Bearer $token\" --data-binary "
	     "@examples/import-preference.xml \\\n"
	     "  http://localhost:8080/api/v1/declarations</code></pre><p class=\"govuk-body\">");
	html_say(&p, PHRASE_home_try_explain);
	html(&p,
	     "</p><pre tabindex=\"0\" dir=\"ltr\"><code>curl -H \"Authorization: Bearer $token\" "
	     "http://localhost:8080/api/v1/declarations/REFERENCE/explanation</code></pre>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_home_title), PLACE_HOME, NULL);
}

/* ---- rates of exchange ---- */

static void write_rate(struct page *p, const struct json *rate, struct span national)
{
	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_code(p, member(rate, "code"));
	html(p, " ");
	html_pack(p, member(rate, "name"));
	html(p, "</th><td class=\"govuk-table__cell\">");
	html_amount(p, member(rate, "per"), member(rate, "code"));
	html(p, " = ");
	html_amount(p, member(rate, "rate"), national);
	html(p, "</td><td class=\"govuk-table__cell\">");
	html_day(p, member(rate, "from"));
	html(p, "</td><td class=\"govuk-table__cell\">");
	html_day(p, member(rate, "to"));
	html(p, "</td></tr>");
}

void page_rates(struct request *r)
{
	static const enum phrase columns[] = {PHRASE_rates_currency, PHRASE_rates_rate,
					      PHRASE_measure_from, PHRASE_measure_to};
	struct page p;
	struct tariff_query q;
	const struct json *answer, *rates;
	struct cause why = {0};
	enum err e;

	if (!page_begin(&p, r) || !tariff_read_query(r, &q))
		return;
	q.language = span_of(page_language_tag(p.language));
	page_keep(&p, "on", q.on);
	if (!page_ask(&p, &q, tariff_rates, &answer, &why, &e)) {
		page_refuse_cause(&p, e, &why, PLACE_RATES);
		return;
	}
	page_heading(&p, "h1", "xl", PHRASE_nav_rates);
	html(&p, "<form class=\"ask\" method=\"get\" action=\"/exchange-rates\" data-live><div "
		 "class=\"row\">");
	page_input(&p, &(struct page_field){.name = "on",
					    .type = "date",
					    .label = PHRASE_duty_on,
					    .hint = PHRASES,
					    .value = member(answer, "on")});
	html(&p, "</div><button class=\"govuk-button\" type=\"submit\">");
	html_say(&p, PHRASE_show);
	html(&p, "</button></form><div id=\"result\" aria-live=\"polite\">");
	page_open_table(&p, PHRASE_nav_rates, columns, ARRAY_LEN(columns));
	rates = json_get(answer, "rates");
	for (const struct json *rate = rates ? rates->first : NULL; rate; rate = rate->next)
		write_rate(&p, rate, member(answer, "national"));
	page_close_table(&p);
	html(&p, "</div>");
	page_data(&p, "/api/v1/tariff/exchange-rates", SPAN(""));
	page_reply(&p, 200, phrase_text(&p, PHRASE_nav_rates), PLACE_RATES, "public.js");
}

/* ---- draws ---- */

static void write_draw(struct page *p, const struct json *day)
{
	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_day(p, member(day, "day"));
	html(p, "</th><td class=\"govuk-table__cell\"><bdi dir=\"ltr\"><code>");
	html_text(p, member(day, "commitment"));
	html(p, "</code></bdi></td><td class=\"govuk-table__cell\"><bdi dir=\"ltr\"><code>");
	html_text(p, member(day, "rate"));
	html(p, "</code></bdi></td></tr>");
}

void page_draws(struct request *r)
{
	static const enum phrase columns[] = {PHRASE_draws_day, PHRASE_draws_commitment,
					      PHRASE_draws_rates};
	struct page p;
	struct text text = text_in(r->arena);
	struct cause why = {0};
	struct codec_fault fault;
	const struct json *draws, *days;

	if (!page_begin(&p, r))
		return;
	if (hub_write_draws(r->hub, &text, &r->patience, &why)) {
		problem_of_cause(r, &why);
		return;
	}
	page_heading(&p, "h1", "xl", PHRASE_nav_draws);
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, PHRASE_draws_what);
	html(&p, "</p>");
	page_open_table(&p, PHRASE_nav_draws, columns, ARRAY_LEN(columns));
	if (!json_read(r->arena, text_as_span(&text), &draws, &fault)) {
		days = json_get(draws, "days");
		for (const struct json *d = days ? days->first : NULL; d; d = d->next)
			write_draw(&p, d);
	}
	html(&p, "</tbody></table></div><p class=\"govuk-body\"><a class=\"govuk-link\" "
		 "href=\"/api/v1/draws\">");
	html_say(&p, PHRASE_draws_signed);
	html(&p, "</a></p>");
	page_data(&p, "/api/v1/draws", SPAN(""));
	page_reply(&p, 200, phrase_text(&p, PHRASE_nav_draws), PLACE_DRAWS, NULL);
}

/* ---- the API ---- */

void page_api(struct request *r)
{
	struct page p;

	if (!page_begin(&p, r))
		return;
	page_heading(&p, "h1", "xl", PHRASE_nav_api);
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, PHRASE_api_what);
	html(&p, " <a class=\"govuk-link\" href=\"/api/v1/openapi.json\">openapi.json</a></p>"
		 "<p class=\"govuk-body\" id=\"state\" role=\"status\">");
	html_say(&p, PHRASE_api_script);
	html(&p, "</p>");
	page_heading(&p, "h2", "m", PHRASE_api_routes);
	html(&p, "<div id=\"operations\" lang=\"en\"></div>");
	page_heading(&p, "h2", "m", PHRASE_api_problems);
	html(&p, "<dl id=\"problem-list\" lang=\"en\"></dl>");
	page_heading(&p, "h2", "m", PHRASE_api_schemas);
	html(&p, "<div id=\"schema-list\" lang=\"en\"></div>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_nav_api), PLACE_API, "api.js");
}
