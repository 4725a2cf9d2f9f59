/* /travel: what somebody who comes with luggage has to do. Four questions, their answer, and a code to show at the exit. */
#include "http/travel.h"
#include "http/pages/tariff_room.h"
#include "http/problem.h"
#include "paper/paper.h"

struct asking {
	struct page page;
	const struct json *rules;
	struct travel_ask ask;
	struct span currency, adults, children;
	bool asked; /* something was filled in */
};

static struct span language_of(const struct page *p)
{
	return span_of(page_language_tag(p->language));
}

/* ---- the question ---- */

static struct span goods_field(struct asking *a, const struct json *g)
{
	return span_of(arena_print(a->page.request->arena, "g-%.*s", SPAN_ARG(member(g, "goods"))));
}

static bool is_of_value(const struct json *g)
{
	return span_is(member(g, "class"), "value") || span_is(member(g, "class"), "money");
}

static bool read_goods(struct asking *a)
{
	const struct json *list = json_get(a->rules, "goods");

	for (const struct json *g = list ? list->first : NULL; g; g = g->next) {
		struct travel_party *p = &a->ask.party;
		struct span name = goods_field(a, g), value;

		if (!request_query(a->page.request, name.p, &value))
			return false;
		value = span_trim(value);
		if (!value.n || p->n == TRAVEL_GOODS)
			continue;
		page_keep(&a->page, name.p, value);
		p->goods[p->n++] = (struct travel_goods){member(g, "goods"), value,
							 is_of_value(g) ? a->currency : SPAN("")};
		a->asked = true;
	}
	return true;
}

/* "2"; empty is otherwise. -1: neither, which no party has. */
static int64_t count_of(struct span s, int64_t otherwise)
{
	struct decimal d;

	if (!s.n)
		return otherwise;
	return decimal_parse(s, &d) || d.scale || d.units < 0 ? -1 : d.units;
}

static bool read_question(struct asking *a)
{
	struct request *r = a->page.request;
	const struct {
		const char *name;
		struct span *to;
	} fields[] = {{"from", &a->ask.from},
		      {"office", &a->ask.office},
		      {"adults", &a->adults},
		      {"children", &a->children},
		      {"currency", &a->currency}};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (!request_query(r, fields[i].name, fields[i].to))
			return false;
		*fields[i].to = span_trim(*fields[i].to);
		page_keep(&a->page, fields[i].name, *fields[i].to);
		a->asked = a->asked || fields[i].to->n;
	}
	a->ask.party.adults = count_of(a->adults, 1);
	a->ask.party.children = count_of(a->children, 0);
	return read_goods(a);
}

static bool begin(struct asking *a, struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	struct codec_fault fault;

	if (!page_begin(&a->page, r))
		return false;
	if (hub_write_travel_rules(r->hub, &text, language_of(&a->page), &why) ||
	    json_read(r->arena, text_as_span(&text), &a->rules, &fault)) {
		problem_of_cause(r, &why);
		return false;
	}
	return read_question(a);
}

/* ---- the form ---- */

static void open_group(struct page *p, enum phrase legend)
{
	html(p, "<fieldset class=\"govuk-fieldset\"><legend class=\"govuk-fieldset__legend "
		"govuk-fieldset__legend--m\"><h2 class=\"govuk-fieldset__heading\">");
	html_say(p, legend);
	html(p, "</h2></legend>");
}

static void close_group(struct page *p)
{
	html(p, "</fieldset>");
}

static struct span quantity_of(const struct asking *a, struct span goods)
{
	for (uint32_t i = 0; i < a->ask.party.n; i++)
		if (span_equal(a->ask.party.goods[i].goods, goods))
			return a->ask.party.goods[i].quantity;
	return SPAN("");
}

static void say_allowance(struct page *p, const struct json *g, struct span unit)
{
	struct text free = text_in(p->request->arena);

	if (!member(g, "adult").n)
		return;
	page_write_number(p, &free, member(g, "adult"));
	text_print(&free, "\u00a0%.*s", SPAN_ARG(unit));
	html(p, "<br>");
	html_say_with(p, PHRASE_travel_free, text_as_span(&free));
}

static void write_goods_field(struct asking *a, const struct json *g)
{
	struct page *p = &a->page;
	struct span name = member(g, "goods"),
		    unit = is_of_value(g) ? member(a->rules, "currency") : member(g, "unit");

	html(p, "<div class=\"govuk-form-group\"><label class=\"govuk-label\" for=\"f-g-");
	html_text(p, name);
	html(p, "\">");
	html_pack(p, member(g, "name"));
	html(p, "</label><div class=\"govuk-hint\" id=\"h-g-");
	html_text(p, name);
	html(p, "\">");
	html_pack(p, member(g, "note"));
	say_allowance(p, g, unit);
	html(p,
	     "</div><input class=\"govuk-input govuk-input--width-10\" type=\"text\" "
	     "inputmode=\"decimal\" maxlength=\"20\" autocomplete=\"off\" dir=\"ltr\" id=\"f-g-");
	html_text(p, name);
	html(p, "\" name=\"g-");
	html_text(p, name);
	html(p, "\" aria-describedby=\"h-g-");
	html_text(p, name);
	html(p, "\" value=\"");
	html_text(p, quantity_of(a, name));
	html(p, "\"></div>");
}

static void write_all_goods(struct asking *a, bool of_value)
{
	const struct json *list = json_get(a->rules, "goods");

	for (const struct json *g = list ? list->first : NULL; g; g = g->next)
		if (is_of_value(g) == of_value)
			write_goods_field(a, g);
}

static void write_places(struct asking *a, const struct json *countries)
{
	struct page *p = &a->page;

	open_group(p, PHRASE_travel_way);
	page_select(
	    p,
	    &(struct page_field){
		.name = "from", .label = PHRASE_travel_from, .hint = PHRASES, .value = a->ask.from},
	    json_get(countries, "countries"), PHRASE_travel_choose);
	page_select(p,
		    &(struct page_field){.name = "office",
					 .label = PHRASE_travel_office,
					 .hint = PHRASES,
					 .value = a->ask.office},
		    json_get(a->rules, "offices"), PHRASE_travel_choose);
	close_group(p);
	open_group(p, PHRASE_travel_who);
	page_input(p, &(struct page_field){.name = "adults",
					   .type = "text",
					   .label = PHRASE_travel_adults,
					   .hint = PHRASES,
					   .value = a->adults.n ? a->adults : SPAN("1")});
	page_input(p, &(struct page_field){.name = "children",
					   .type = "text",
					   .label = PHRASE_travel_children,
					   .hint = PHRASES,
					   .value = a->children.n ? a->children : SPAN("0")});
	close_group(p);
}

static void write_form(struct asking *a)
{
	struct page *p = &a->page;
	struct tariff_query lists = {.language = language_of(p)};
	const struct json *countries, *rates;
	struct cause why = {0};
	enum err e;

	if (!page_ask(p, &lists, tariff_countries, &countries, &why, &e) ||
	    !page_ask(p, &lists, tariff_rates, &rates, &why, &e))
		return;
	html(p, "<form class=\"ask travel\" method=\"get\" action=\"/travel\">");
	write_places(a, countries);
	open_group(p, PHRASE_travel_goods);
	html(p, "<p class=\"govuk-hint\">");
	html_say(p, PHRASE_travel_goods_hint);
	html(p, "</p>");
	write_all_goods(a, false);
	close_group(p);
	open_group(p, PHRASE_travel_cost);
	write_all_goods(a, true);
	page_select(p,
		    &(struct page_field){.name = "currency",
					 .label = PHRASE_travel_currency,
					 .hint = PHRASES,
					 .value = a->currency},
		    json_get(rates, "rates"), PHRASE_duty_national);
	close_group(p);
	html(p, "<button class=\"govuk-button\" type=\"submit\">");
	html_say(p, PHRASE_travel_button);
	html(p, "</button></form>");
}

/* ---- the answer ---- */

static bool is_true(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_TRUE;
}

static void write_line(struct page *p, const struct json *l, struct span currency)
{
	struct span unit = span_is(member(l, "unit"), "value") ? currency : member(l, "unit");

	html(p, "<tr class=\"govuk-table__row\"><th class=\"govuk-table__header\" scope=\"row\">");
	html_pack(p, member(l, "name"));
	if (is_true(l, "declare")) {
		html(p, " <strong class=\"govuk-tag govuk-tag--red\">");
		html_say(p, PHRASE_travel_declare);
		html(p, "</strong>");
	}
	html(p, "<span class=\"law\">");
	html_say(p, PHRASE_travel_brought);
	html(p, " ");
	html_amount(p, member(l, "brought"), unit);
	html(p, " · ");
	html_say(p, PHRASE_travel_allowed);
	html(p, " ");
	html_amount(p, member(l, "free"), unit);
	html(p, "</span><span class=\"law\">");
	if (is_true(l, "formal"))
		html_say(p, PHRASE_travel_formal);
	else
		html_pack(p, member(l, "source"));
	html(p, "</span></th><td class=\"govuk-table__cell num\">");
	html_amount(p, member(l, "amount"), currency);
	if (member(l, "rate").n) {
		html(p, "<span class=\"law\">");
		html_code(p, member(l, "rate"));
		html(p, "</span>");
	}
	html(p, "</td></tr>");
}

static void write_answer(struct page *p, const struct json *a)
{
	const struct json *lines = json_get(a, "lines");
	const bool red = span_is(member(a, "exit"), "red");

	html_print(p,
		   "<section class=\"exit %s receipt\" aria-labelledby=\"exit\"><h2 "
		   "class=\"govuk-heading-m\" id=\"exit\">",
		   red ? "red" : "green");
	html_say(p, red ? PHRASE_travel_red : PHRASE_travel_green);
	html(p, "</h2><p class=\"govuk-body\">");
	html_say(p, red ? PHRASE_travel_red_what : PHRASE_travel_green_what);
	html(p, "</p><table class=\"govuk-table\"><caption class=\"govuk-visually-hidden\">");
	html_say(p, PHRASE_travel_title);
	html(p, "</caption><tbody>");
	for (const struct json *l = lines ? lines->first : NULL; l; l = l->next)
		write_line(p, l, member(a, "currency"));
	html(p, "</tbody><tfoot><tr><th scope=\"row\">");
	html_say(p, PHRASE_travel_total);
	html(p, "</th><td class=\"num\">");
	html_amount(p, member(a, "total"), member(a, "currency"));
	html(p, "</td></tr></tfoot></table></section>");
}

/* What was asked, sent again: a button that keeps it. The question stands in the address, as that of every page does. */
static void write_keep(struct asking *a)
{
	struct page *p = &a->page;

	if (!a->ask.from.n || !a->ask.office.n)
		return;
	html(p, "<form method=\"post\" action=\"/travel?keep=yes");
	text_span(&p->body, text_as_span(&p->kept));
	html(p, "\"><p class=\"govuk-body\">");
	html_say(p, PHRASE_travel_get_code_what);
	html(p, "</p><button class=\"govuk-button\" type=\"submit\">");
	html_say(p, PHRASE_travel_get_code);
	html(p, "</button></form>");
}

static void write_fault(struct page *p, struct span why)
{
	html(p, "<div class=\"govuk-error-summary\" role=\"alert\"><h2 "
		"class=\"govuk-error-summary__title\">");
	html_say(p, PHRASE_refused);
	html(p, "</h2><div class=\"govuk-error-summary__body\"><bdi lang=\"en\">");
	html_text(p, why);
	html(p, "</bdi></div></div>");
}

static void answer(struct asking *a)
{
	struct page *p = &a->page;
	struct text text = text_in(p->request->arena);
	const struct json *said;
	struct codec_fault fault;
	struct cause why = {0};
	enum err e = hub_assess_travel(p->request->hub, &text, &a->ask.party, language_of(p), &why);

	if (!e)
		e = json_read(p->request->arena, text_as_span(&text), &said, &fault);
	if (e) {
		write_fault(p, span_of(why.text));
		return;
	}
	write_answer(p, said);
	write_keep(a);
}

void page_travel(struct request *r)
{
	struct asking *a = ARENA_NEW(r->arena, struct asking);
	struct page *p = &a->page;

	if (!begin(a, r))
		return;
	page_heading(p, "h1", "xl", PHRASE_travel_title);
	html(p, "<p class=\"govuk-body\">");
	html_say(p, PHRASE_travel_what);
	html(p, "</p>");
	if (a->asked)
		answer(a);
	write_form(a);
	page_reply(p, 200, phrase_text(p, PHRASE_travel_title), PLACE_TRAVEL, NULL);
}

/* ---- the code ---- */

void page_travel_keep(struct request *r)
{
	struct asking *a = ARENA_NEW(r->arena, struct asking);
	char code[TRAVEL_CODE_BYTES];

	if (!begin(a, r) || !travel_declare(r, &a->ask, code))
		return;
	request_reply(r, 303, "text/plain; charset=utf-8",
		      span_of(arena_print(r->arena, "%s", code)));
	r->reply.location = arena_print(r->arena, "/travel/%s", code);
}

static void write_square(struct page *p, struct span code)
{
	struct text path = text_in(p->request->arena);
	int width = 0;

	/* Where nothing can be drawn the letters say it all. */
	if (paper_square(&path, code, &width, NULL))
		return;
	html_print(p,
		   "<svg class=\"square\" viewBox=\"-2 -2 %d %d\" aria-hidden=\"true\" "
		   "focusable=\"false\"><path d=\"",
		   width + 4, width + 4);
	text_span(&p->body, text_as_span(&path));
	html(p, "\"/></svg>");
}

void page_travel_code(struct request *r)
{
	struct page p;
	struct text text = text_in(r->arena);
	const struct json *a;
	struct codec_fault fault;
	struct cause why = {0};
	enum err e;
	int64_t zone;

	if (!page_begin(&p, r))
		return;
	e = hub_write_travel(r->hub, &text, NULL, r->reference, language_of(&p), span_of(r->id),
			     &why);
	if (e == ERR_NOT_FOUND) {
		page_refuse(&p, 404, SPAN(""), PLACE_TRAVEL);
		return;
	}
	if (e || json_read(r->arena, text_as_span(&text), &a, &fault)) {
		problem_of_cause(r, &why);
		return;
	}
	if (json_get_int(a, "zone_minutes", &zone))
		zone = 0;
	page_heading(&p, "h1", "xl", PHRASE_travel_code_title);
	html(&p, "<div class=\"ticket\">");
	write_square(&p, member(a, "code"));
	html(&p, "<p class=\"big\">");
	html_code(&p, member(a, "code"));
	html(&p, "</p><p class=\"govuk-body\">");
	html_pack(&p, member(a, "office_name"));
	html(&p, "<br>");
	html_moment(&p, member(a, "at"), zone);
	html(&p, "</p></div>");
	if (member(a, "passed_at").n) {
		html(&p, "<p class=\"govuk-inset-text\">");
		html_say(&p, PHRASE_travel_passed);
		html(&p, "</p>");
	}
	write_answer(&p, a);
	html(&p, "<p class=\"govuk-body no-print\"><a class=\"govuk-link\" href=\"/travel\">");
	html_say(&p, PHRASE_travel_again);
	html(&p, "</a></p>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_travel_code_title), PLACE_TRAVEL, NULL);
	r->reply.keep = KEEP_NOT; /* it is one traveller's */
}
