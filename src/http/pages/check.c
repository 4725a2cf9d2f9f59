/* The page on which anybody checks a paper that they hold. */
#include "http/pages/page.h"
#include "http/papers.h"
#include "http/problem.h"

static void write_form(struct page *p, struct span reference, struct span code)
{
	html(p, "<form class=\"ask\" method=\"get\" action=\"/check\"><div class=\"row\">");
	page_input(p, &(struct page_field){.name = "reference",
					   .type = "text",
					   .label = PHRASE_paper_reference,
					   .hint = PHRASES,
					   .value = reference});
	page_input(p, &(struct page_field){.name = "code",
					   .type = "text",
					   .label = PHRASE_paper_code,
					   .hint = PHRASE_check_code_hint,
					   .value = code,
					   .wide = true});
	html(p, "</div><button class=\"govuk-button\" type=\"submit\">");
	html_say(p, PHRASE_check_button);
	html(p, "</button></form>");
}

struct verdict {
	const char *standing;
	enum phrase title;
	bool good;
};

static const struct verdict verdicts[] = {
    {"stands", PHRASE_check_stands, true},        {"replaced", PHRASE_check_replaced, false},
    {"withdrawn", PHRASE_check_withdrawn, false}, {"refunded", PHRASE_check_refunded, false},
    {"erased", PHRASE_check_erased, false},
};

static const struct verdict *verdict_of(struct span standing)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
		if (span_is(standing, verdicts[i].standing))
			return &verdicts[i];
	return &verdicts[0];
}

static enum phrase name_of(struct span paper)
{
	return span_is(paper, "release-note") ? PHRASE_paper_release
	       : span_is(paper, "receipt")    ? PHRASE_paper_receipt
	       : span_is(paper, "tax-notice") ? PHRASE_paper_tax
					      : PHRASE_paper_statement;
}

static enum phrase moment_of(struct span paper)
{
	return span_is(paper, "release-note") ? PHRASE_paper_at_release
	       : span_is(paper, "receipt")    ? PHRASE_paper_at_receipt
	       : span_is(paper, "tax-notice") ? PHRASE_paper_at_tax
					      : PHRASE_paper_at_statement;
}

/* ---- the answer ---- */

static void open_row(struct page *p, enum phrase label)
{
	html(p, "<div class=\"govuk-summary-list__row\"><dt class=\"govuk-summary-list__key\">");
	html_say(p, label);
	html(p, "</dt><dd class=\"govuk-summary-list__value\">");
}

static void close_row(struct page *p)
{
	html(p, "</dd></div>");
}

static void code_row(struct page *p, enum phrase label, struct span value)
{
	if (!value.n)
		return;
	open_row(p, label);
	html_code(p, value);
	close_row(p);
}

static void number_row(struct page *p, enum phrase label, const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	if (!v || v->kind != JSON_NUMBER)
		return;
	open_row(p, label);
	html_amount(p, v->text, SPAN(""));
	close_row(p);
}

static void amount_row(struct page *p, enum phrase label, const struct json *o, const char *name)
{
	if (!member(o, name).n)
		return;
	open_row(p, label);
	html_amount(p, member(o, name), member(o, "currency"));
	close_row(p);
}

static void write_facts(struct page *p, const struct json *a)
{
	struct span paper = member(a, "paper");
	int64_t zone;

	if (json_get_int(a, "zone_minutes", &zone))
		zone = 0;
	html(p, "<dl class=\"govuk-summary-list\">");
	open_row(p, PHRASE_paper);
	html_say(p, name_of(paper));
	close_row(p);
	code_row(p, span_is(paper, "statement") ? PHRASE_paper_account : PHRASE_paper_reference,
		 member(a, "reference"));
	number_row(p, PHRASE_paper_version, a, "version");
	if (member(a, "at").n) {
		open_row(p, moment_of(paper));
		html_moment(p, member(a, "at"), zone);
		close_row(p);
	}
	if (member(a, "office").n) {
		open_row(p, PHRASE_paper_office);
		html_pack(p, member(a, "office_name"));
		html(p, " ");
		html_code(p, member(a, "office"));
		close_row(p);
	}
	number_row(p, PHRASE_paper_items, a, "items");
	amount_row(p, PHRASE_paper_amount, a, "amount");
	amount_row(p, PHRASE_paper_due, a, "due");
	amount_row(p, PHRASE_paper_prepaid, a, "prepaid");
	amount_row(p, PHRASE_paper_security, a, "security");
	amount_row(p, PHRASE_check_refunded_sum, a, "refunded");
	amount_row(p, PHRASE_check_due_now, a, "due_now");
	html(p, "</dl>");
}

static void write_reason(struct page *p, const struct json *a)
{
	struct span paper = member(a, "paper"), standing = member(a, "standing");
	const struct json *now = json_get(a, "version_now"), *then = json_get(a, "version");

	if (span_is(standing, "withdrawn")) {
		html_say(p, span_is(paper, "release-note") ? PHRASE_check_withdrawn_release
							   : PHRASE_check_withdrawn_case);
	} else if (span_is(standing, "replaced") && span_is(paper, "statement")) {
		html_say(p, PHRASE_check_replaced_account);
	} else if (span_is(standing, "replaced") && now && then &&
		   !span_equal(now->text, then->text)) {
		html_say_with(p, PHRASE_check_replaced_version, now->text);
	} else if (span_is(standing, "replaced")) {
		html_say(p, PHRASE_check_replaced_due);
	}
}

static void write_answer(struct page *p, const struct json *a)
{
	const struct verdict *v = verdict_of(member(a, "standing"));

	html_print(p,
		   "<section class=\"verdict %s\" aria-labelledby=\"verdict\"><h2 "
		   "class=\"govuk-heading-m\" id=\"verdict\">",
		   v->good ? "good" : "changed");
	html_say(p, v->title);
	html(p, "</h2><p class=\"govuk-body\">");
	write_reason(p, a);
	html(p, " ");
	html_say(p, PHRASE_check_compare);
	html(p, "</p>");
	write_facts(p, a);
	html(p, "</section>");
}

static void write_unknown(struct page *p)
{
	html(p, "<section class=\"verdict bad\" role=\"alert\" aria-labelledby=\"verdict\"><h2 "
		"class=\"govuk-heading-m\" id=\"verdict\">");
	html_say(p, PHRASE_check_unknown);
	html(p, "</h2><p class=\"govuk-body\">");
	html_say(p, PHRASE_check_unknown_what);
	html(p, "</p></section>");
}

void page_check(struct request *r)
{
	struct page p;
	struct text text = text_in(r->arena);
	struct span reference = {0}, code = {0};
	const struct json *answer = NULL;
	struct codec_fault fault;
	struct cause why = {0};
	unsigned wait = 0;
	enum err e = ERR_NONE;
	bool asked;

	if (!request_query(r, "reference", &reference) || !request_query(r, "code", &code) ||
	    !page_begin(&p, r))
		return;
	asked = reference.n || code.n;
	page_keep(&p, "reference", reference);
	page_keep(&p, "code", code);
	if (asked)
		e = papers_check(r, span_trim(reference), span_trim(code),
				 span_of(page_language_tag(p.language)), &text, &wait, &why);
	if (wait) {
		problem_reply(r, PROBLEM_TOO_MANY, "wait %u seconds", wait);
		r->reply.retry_after = wait;
		return;
	}
	if (e && e != ERR_NOT_FOUND) {
		problem_of_cause(r, &why);
		return;
	}
	page_heading(&p, "h1", "xl", PHRASE_nav_check);
	if (asked && !e && !json_read(r->arena, text_as_span(&text), &answer, &fault)) {
		page_data(&p, "/api/v1/check", SPAN(""));
		write_answer(&p, answer);
	} else if (asked) {
		write_unknown(&p);
	}
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, PHRASE_check_what);
	html(&p, "</p>");
	write_form(&p, reference, code);
	page_reply(&p, asked && e ? 404 : 200, phrase_text(&p, PHRASE_nav_check), PLACE_CHECK,
		   NULL);
}
