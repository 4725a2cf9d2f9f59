/* Papers as PDF: the hub's facts (hub/papers/), in the words of the page's language, laid out by paper/. */
#include "paper/paper.h"
#include "base/limits.h"
#include "http/pages/page.h"
#include "http/problem.h"
#include "hub/papers/papers.h"

enum { FACTS_MAX = 20, SUMS_MAX = 8, REMARKS_MAX = 4, LINES_SHOWN = 1000 };

struct writing {
	struct page page;
	struct paper paper;
	const struct json *facts;
	int64_t zone;
	struct paper_fact fact[FACTS_MAX], sum[SUMS_MAX];
	struct span remark[REMARKS_MAX];
	struct paper_table table;
};

static const enum phrase titles[PAPERS_OF] = {
    [PAPER_OF_RELEASE] = PHRASE_paper_release,
    [PAPER_OF_PAYMENT] = PHRASE_paper_receipt,
    [PAPER_OF_TAX] = PHRASE_paper_tax,
    [PAPER_OF_ACCOUNT] = PHRASE_paper_statement,
};

/* ---- values ---- */

static struct span join(struct writing *w, struct span a, const char *between, struct span b)
{
	struct text t = text_in(w->page.request->arena);

	text_span(&t, a);
	if (a.n && b.n)
		text_string(&t, between);
	text_span(&t, b);
	return text_as_span(&t);
}

static struct span grouped(struct writing *w, struct span number, struct span unit)
{
	struct text t = text_in(w->page.request->arena);

	if (number.n)
		page_write_number(&w->page, &t, number);
	return join(w, text_as_span(&t), "\u00a0", number.n ? unit : SPAN(""));
}

static struct span moment(struct writing *w, struct span at)
{
	struct text t = text_in(w->page.request->arena);

	page_write_moment(&w->page, &t, at, w->zone);
	return text_as_span(&t);
}

static struct span whole(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_NUMBER ? v->text : SPAN("");
}

/* ---- facts and sums ---- */

static void add_fact(struct writing *w, enum phrase label, struct span value, enum paper_way way)
{
	if (!value.n)
		return;
	BUG_ON(w->paper.facts == FACTS_MAX);
	w->fact[w->paper.facts++] = (struct paper_fact){phrase_text(&w->page, label), value, way};
}

static void add_sum(struct writing *w, enum phrase label, const char *name)
{
	struct span value = grouped(w, member(w->facts, name), member(w->facts, "currency"));

	BUG_ON(w->paper.sums == SUMS_MAX);
	w->sum[w->paper.sums++] =
	    (struct paper_fact){phrase_text(&w->page, label), value, PAPER_CODE};
}

static void add_remark(struct writing *w, enum phrase m)
{
	BUG_ON(w->paper.remarks == REMARKS_MAX);
	w->remark[w->paper.remarks++] = phrase_text(&w->page, m);
}

static void add_party(struct writing *w, enum phrase label, const char *name)
{
	const struct json *party = json_get(w->facts, name);

	add_fact(w, label, join(w, member(party, "name"), " · ", member(party, "id")), PAPER_TEXT);
}

/* ---- tables ---- */

static struct span *open_table(struct writing *w, const struct paper_column *column,
			       uint32_t columns, uint32_t rows)
{
	struct span *cell =
	    ARENA_ARRAY(w->page.request->arena, struct span, (size_t)columns * rows + 1);

	w->table = (struct paper_table){.column = column, .columns = columns, .cell = cell};
	w->paper.table = &w->table;
	w->paper.tables = 1;
	return cell;
}

static struct paper_column column(struct writing *w, enum phrase head, uint32_t share,
				  enum paper_way way, bool end)
{
	return (struct paper_column){phrase_text(&w->page, head), share, way, end};
}

static uint32_t shown(const struct json *list)
{
	return !list ? 0 : list->count < PAPER_ROWS ? list->count : PAPER_ROWS;
}

static void tell_goods(struct writing *w)
{
	const struct json *goods = json_get(w->facts, "goods");
	const uint32_t rows = shown(goods);
	struct paper_column *c = ARENA_ARRAY(w->page.request->arena, struct paper_column, 5);
	struct span *cell;

	c[0] = column(w, PHRASE_paper_item, 9, PAPER_CODE, false);
	c[1] = column(w, PHRASE_paper_commodity, 14, PAPER_CODE, false);
	c[2] = column(w, PHRASE_paper_goods, 50, PAPER_TEXT, false);
	c[3] = column(w, PHRASE_paper_packages, 12, PAPER_CODE, true);
	c[4] = column(w, PHRASE_paper_net_mass, 18, PAPER_CODE, true);
	cell = open_table(w, c, 5, rows);
	for (const struct json *g = goods ? goods->first : NULL; g && w->table.rows < rows;
	     g = g->next) {
		*cell++ = whole(g, "item");
		*cell++ = member(g, "commodity");
		*cell++ = member(g, "description");
		*cell++ = grouped(w, whole(g, "packages"), SPAN(""));
		*cell++ = grouped(w, member(g, "net_mass"), SPAN(""));
		w->table.rows++;
	}
}

/* Of one levy all lines as one, where there are more than a paper holds. */
struct levy_total {
	struct span type, name, currency;
	struct decimal amount;
};

static uint32_t add_up(struct writing *w, const struct json *taxes, struct levy_total *total)
{
	uint32_t n = 0;

	for (const struct json *l = taxes->first; l; l = l->next) {
		struct decimal amount;
		uint32_t i = 0;

		if (!span_is(member(l, "state"), "due") ||
		    decimal_parse(member(l, "amount"), &amount))
			continue;
		while (i < n && !span_equal(total[i].type, member(l, "type")))
			i++;
		if (i == LIMIT_LEVIES)
			continue;
		if (i == n)
			total[n++] = (struct levy_total){member(l, "type"), member(l, "name"),
							 member(w->facts, "currency"),
							 decimal_of(0, amount.scale)};
		if (decimal_add(total[i].amount, amount, &total[i].amount))
			total[i].amount = (struct decimal){0};
	}
	return n;
}

static struct span amount_of(struct writing *w, const struct json *line)
{
	struct span amount = grouped(w, member(line, "amount"), SPAN("")),
		    state = member(line, "state");

	if (span_is(state, "due"))
		return amount;
	return join(w, amount, " ",
		    phrase_text(&w->page, span_is(state, "suspended")
					      ? PHRASE_paper_state_suspended
					      : PHRASE_paper_state_relieved));
}

static void tell_lines(struct writing *w, const struct json *taxes, struct span *cell)
{
	for (const struct json *l = taxes->first; l; l = l->next) {
		*cell++ = whole(l, "item");
		*cell++ = join(w, member(l, "type"), " ", member(l, "name"));
		*cell++ = grouped(w, member(l, "base"), SPAN(""));
		*cell++ = member(l, "rate");
		*cell++ = member(l, "source");
		*cell++ = amount_of(w, l);
		w->table.rows++;
	}
}

static void tell_levies(struct writing *w, const struct json *taxes, struct span *cell)
{
	struct levy_total total[LIMIT_LEVIES];
	const uint32_t n = add_up(w, taxes, total);

	for (uint32_t i = 0; i < n; i++) {
		struct text amount = text_in(w->page.request->arena);

		decimal_write(&amount, total[i].amount);
		cell[0] = cell[2] = cell[3] = cell[4] = SPAN("");
		cell[1] = join(w, total[i].type, " ", total[i].name);
		cell[5] = grouped(w, text_as_span(&amount), SPAN(""));
		cell += 6;
		w->table.rows++;
	}
	add_remark(w, PHRASE_paper_remark_grouped);
}

static void tell_taxes(struct writing *w)
{
	const struct json *taxes = json_get(w->facts, "taxes");
	struct paper_column *c = ARENA_ARRAY(w->page.request->arena, struct paper_column, 6);
	struct span *cell;

	if (!taxes)
		return;
	c[0] = column(w, PHRASE_paper_item, 9, PAPER_CODE, false);
	c[1] = column(w, PHRASE_measure_levy, 21, PAPER_TEXT, false);
	c[2] = column(w, PHRASE_paper_base, 15, PAPER_CODE, true);
	c[3] = column(w, PHRASE_paper_rate, 19, PAPER_CODE, false);
	c[4] = column(w, PHRASE_measure_law, 22, PAPER_TEXT, false);
	c[5] = column(w, PHRASE_paper_amount, 14, PAPER_CODE, true);
	if (taxes->count <= LINES_SHOWN) {
		cell = open_table(w, c, 6, taxes->count);
		tell_lines(w, taxes, cell);
	} else {
		cell = open_table(w, c, 6, LIMIT_LEVIES);
		tell_levies(w, taxes, cell);
	}
}

static struct span how(struct writing *w, struct span name)
{
	static const struct {
		const char *name;
		enum phrase text;
	} kinds[] = {
	    {"call", PHRASE_how_call},           {"deposit", PHRASE_how_deposit},
	    {"discharge", PHRASE_how_discharge}, {"pay", PHRASE_how_pay},
	    {"raise", PHRASE_how_raise},         {"receive", PHRASE_how_receive},
	    {"refund", PHRASE_how_refund},       {"reraise", PHRASE_how_reraise},
	    {"reverse", PHRASE_how_reverse},     {"secure", PHRASE_how_secure},
	    {"withdraw", PHRASE_how_withdraw},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (span_is(name, kinds[i].name))
			return phrase_text(&w->page, kinds[i].text);
	return name;
}

static void tell_payments(struct writing *w)
{
	const struct json *payments = json_get(w->facts, "payments");
	const uint32_t rows = shown(payments);
	struct paper_column *c = ARENA_ARRAY(w->page.request->arena, struct paper_column, 3);
	struct span *cell;

	c[0] = column(w, PHRASE_paper_moment, 30, PAPER_TEXT, false);
	c[1] = column(w, PHRASE_paper_how, 45, PAPER_TEXT, false);
	c[2] = column(w, PHRASE_paper_amount, 25, PAPER_CODE, true);
	cell = open_table(w, c, 3, rows);
	for (const struct json *x = payments ? payments->first : NULL; x && w->table.rows < rows;
	     x = x->next) {
		*cell++ = moment(w, member(x, "at"));
		*cell++ = how(w, member(x, "how"));
		*cell++ = grouped(w, member(x, "amount"), member(w->facts, "currency"));
		w->table.rows++;
	}
}

static void tell_movements(struct writing *w)
{
	const struct json *moves = json_get(w->facts, "movements"),
			  *earlier = json_get(w->facts, "earlier");
	const uint32_t rows = shown(moves);
	struct paper_column *c = ARENA_ARRAY(w->page.request->arena, struct paper_column, 5);
	struct span *cell;

	c[0] = column(w, PHRASE_paper_moment, 24, PAPER_TEXT, false);
	c[1] = column(w, PHRASE_paper_how, 28, PAPER_TEXT, false);
	c[2] = column(w, PHRASE_paper_reference, 20, PAPER_CODE, false);
	c[3] = column(w, PHRASE_paper_debit, 14, PAPER_CODE, true);
	c[4] = column(w, PHRASE_paper_credit, 14, PAPER_CODE, true);
	cell = open_table(w, c, 5, rows);
	for (const struct json *x = moves ? moves->first : NULL; x && w->table.rows < rows;
	     x = x->next) {
		*cell++ = moment(w, member(x, "at"));
		*cell++ = how(w, member(x, "how"));
		*cell++ = member(x, "reference");
		*cell++ = grouped(w, member(x, "debit"), SPAN(""));
		*cell++ = grouped(w, member(x, "credit"), SPAN(""));
		w->table.rows++;
	}
	if (earlier && earlier->kind == JSON_TRUE)
		add_remark(w, PHRASE_paper_remark_earlier);
}

/* ---- each paper ---- */

static void tell_case(struct writing *w, enum phrase at)
{
	const struct json *f = w->facts;

	add_fact(w, PHRASE_paper_reference, member(f, "reference"), PAPER_CODE);
	add_fact(w, PHRASE_paper_trader_reference, member(f, "trader_reference"), PAPER_CODE);
	add_fact(w, PHRASE_paper_version, whole(f, "version"), PAPER_CODE);
	add_fact(w, at, moment(w, member(f, "at")), PAPER_TEXT);
	add_party(w, PHRASE_paper_importer, "importer");
	add_party(w, PHRASE_paper_exporter, "exporter");
	add_party(w, PHRASE_paper_declarant, "declarant");
	add_fact(w, PHRASE_paper_invoice, member(f, "invoice"), PAPER_CODE);
	add_fact(w, PHRASE_paper_items, whole(f, "items"), PAPER_CODE);
}

static void tell(struct writing *w, enum paper_of of)
{
	const struct json *f = w->facts;

	switch (of) {
	case PAPER_OF_RELEASE:
		tell_case(w, PHRASE_paper_at_release);
		add_fact(w, PHRASE_paper_packages, grouped(w, member(f, "packages"), SPAN("")),
			 PAPER_CODE);
		add_fact(w, PHRASE_paper_gross_mass, grouped(w, member(f, "gross_mass"), SPAN("")),
			 PAPER_CODE);
		tell_goods(w);
		add_remark(w, PHRASE_paper_remark_release);
		return;
	case PAPER_OF_PAYMENT:
		tell_case(w, PHRASE_paper_at_receipt);
		tell_payments(w);
		add_sum(w, PHRASE_receipt_total, "due");
		add_sum(w, PHRASE_paper_open, "open");
		add_sum(w, PHRASE_paper_paid, "amount");
		add_remark(w, PHRASE_paper_remark_receipt);
		return;
	case PAPER_OF_TAX:
		tell_case(w, PHRASE_paper_at_tax);
		tell_taxes(w);
		add_sum(w, PHRASE_receipt_customs_value, "customs_value");
		add_sum(w, PHRASE_receipt_total, "amount");
		add_remark(w, PHRASE_paper_remark_tax);
		return;
	case PAPER_OF_ACCOUNT:
		add_fact(w, PHRASE_paper_account, member(f, "reference"), PAPER_CODE);
		add_fact(w, PHRASE_paper_at_statement, moment(w, member(f, "at")), PAPER_TEXT);
		tell_movements(w);
		add_sum(w, PHRASE_paper_security, "security");
		add_sum(w, PHRASE_paper_prepaid, "prepaid");
		add_sum(w, PHRASE_paper_due, "due");
		return;
	}
}

/* ---- the file ---- */

/* Where anybody may ask: this hub, by the name that it was called. */
static struct span place_of(struct writing *w)
{
	const struct request *r = w->page.request;
	const char *host = r->header(r, "Host");

	return span_of(arena_print(r->arena, "%s://%s/check", r->secure ? "https" : "http",
				   host ? host : "localhost"));
}

static struct span address_of(struct writing *w)
{
	struct page link = {.request = w->page.request, .body = text_in(w->page.request->arena)};

	html_text(&link, place_of(w));
	html(&link, "?reference=");
	html_escaped(&link, member(w->facts, "reference"));
	html(&link, "&code=");
	html_escaped(&link, member(w->facts, "code"));
	return text_as_span(&link.body);
}

/* A phrase with {0} in it. */
static struct span phrase_with(struct writing *w, enum phrase m, struct span value)
{
	struct text t = text_in(w->page.request->arena);
	struct span text = phrase_text(&w->page, m);
	const char *hole = memmem(text.p, text.n, "{0}", 3);

	text_add(&t, text.p, hole ? (size_t)(hole - text.p) : text.n);
	if (hole) {
		text_span(&t, value);
		text_string(&t, hole + 3);
	}
	return text_as_span(&t);
}

static void lay_out(struct writing *w, enum paper_of of)
{
	const struct json *f = w->facts;
	struct page *p = &w->page;

	if (json_get_int(f, "zone_minutes", &w->zone))
		w->zone = 0;
	w->paper = (struct paper){
	    .language = span_of(page_language_tag(p->language)),
	    .rtl = p->language == LANGUAGE_ar,
	    .authority = member(f, "authority"),
	    .title = phrase_text(p, titles[of]),
	    .office = join(w, member(f, "office_name"), " · ", member(f, "office")),
	    .made_at = member(f, "at"),
	    .fact = w->fact,
	    .sum = w->sum,
	    .remark = w->remark,
	    .code_label = phrase_text(p, PHRASE_paper_code),
	    .code = member(f, "code"),
	    .code_help = phrase_with(w, PHRASE_paper_help, place_of(w)),
	    .address = address_of(w),
	    .page_label = phrase_text(p, PHRASE_paper_page),
	};
	tell(w, of);
}

static void reply_pdf(struct writing *w, enum paper_of of, const struct text *facts)
{
	struct request *r = w->page.request;
	struct codec_fault fault;
	struct cause why = {0};
	struct span pdf;
	enum err e;

	if (json_read(r->arena, text_as_span(facts), &w->facts, &fault)) {
		problem_of_cause(r, &(struct cause){ERR_DB, "facts of a paper cannot be read"});
		return;
	}
	lay_out(w, of);
	e = paper_draw(r->arena, &w->paper, &pdf, &why);
	if (e == ERR_UNSUPPORTED) {
		problem_reply(r, PROBLEM_PAPERS, "%s", why.text);
		return;
	}
	if (e) {
		problem_of_cause(r, &why);
		return;
	}
	request_reply(r, 200, "application/pdf", pdf);
	r->reply.language = page_language_tag(w->page.language);
	/* References are letters and digits of the hub's own; an account's is left out, for it is a company's. */
	r->reply.attachment =
	    of == PAPER_OF_ACCOUNT
		? "attachment; filename=\"statement.pdf\""
		: arena_print(r->arena, "attachment; filename=\"%s-%.*s.pdf\"", paper_name(of),
			      SPAN_ARG(member(w->facts, "reference")));
}

static void refuse(struct request *r, enum err e, const struct cause *why)
{
	if (e == ERR_NOT_FOUND)
		problem_reply(r, PROBLEM_NOT_FOUND, "there is no such paper here for you");
	else if (e == ERR_CONFLICT)
		problem_reply(r, PROBLEM_STATE, "%s", why->text);
	else
		problem_of_cause(r, why);
}

static void reply_paper(struct request *r, enum paper_of of)
{
	const struct hub_look look = {.who = r->who,
				      .reference = r->reference,
				      .purpose = PURPOSE_DOCUMENT,
				      .request = span_of(r->id)};
	struct writing *w = ARENA_NEW(r->arena, struct writing);
	struct text facts = text_in(r->arena);
	struct cause why = {0};
	struct span language;
	enum err e;

	if (!page_begin(&w->page, r))
		return;
	language = span_of(page_language_tag(w->page.language));
	e = of == PAPER_OF_ACCOUNT
		? hub_write_statement(r->hub, &facts, r->who, r->reference, span_of(r->id),
				      language, &r->patience, &why)
		: hub_write_paper(r->hub, &facts, &look, of, language, &why);
	if (e)
		refuse(r, e, &why);
	else
		reply_pdf(w, of, &facts);
}

void release_note_pdf(struct request *r)
{
	reply_paper(r, PAPER_OF_RELEASE);
}

void receipt_pdf(struct request *r)
{
	reply_paper(r, PAPER_OF_PAYMENT);
}

void tax_notice_pdf(struct request *r)
{
	reply_paper(r, PAPER_OF_TAX);
}

void statement_pdf(struct request *r)
{
	reply_paper(r, PAPER_OF_ACCOUNT);
}
