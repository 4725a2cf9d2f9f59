/* Looking at permits, and at goods that stay under a procedure. */
#include "base/clock.h"
#include "base/date.h"
#include "base/money.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "hub/stock/measures.h"
#include "hub/stock/permits.h"
#include "hub/stock/writeoff.h"

enum { HOLDS_SHOWN = 200, ONE_ACCOUNT = 1 };

struct showing {
	struct arena *arena;
	const struct stock_page *page;
	struct span document, number;
	struct store_stock after;
	bool has_after;
	struct store_stock *row;
	uint32_t n;
	bool with_holds; /* who sees who took the rest */
	struct store_stock_hold **hold;
	uint32_t *holds;
	int32_t zone, today;
	unsigned digits;
	int64_t now;
	struct text text;
};

static void put_measures(struct json_writer *w, const struct showing *q, const char *name,
			 int64_t measured, const int64_t of[STOCK_MEASURES])
{
	json_name(w, name);
	json_open_object(w);
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (measured >> m & 1)
			json_put_decimal(w, stock_measure_name(m),
					 m == STOCK_VALUE
					     ? money_to_decimal((struct money){of[m]}, q->digits)
					     : decimal_of(of[m], m == STOCK_PACKAGES ? 0 : 6));
	json_close_object(w);
}

static void put_left(struct json_writer *w, const struct showing *q, const struct store_stock *k)
{
	int64_t left[STOCK_MEASURES];

	for (int m = 0; m < STOCK_MEASURES; m++) {
		left[m] = k->granted[m] - k->reserved[m] - k->used[m];
		left[m] = left[m] < 0 ? 0 : left[m];
	}
	put_measures(w, q, "left", k->measured, left);
}

static void put_day(struct json_writer *w, const char *name, struct span day)
{
	json_name(w, name);
	if (day.n)
		json_string(w, day);
	else
		json_null(w);
}

/* "permit/C400/W-1": document and number; "stock/26XL010000000014/2": reference and item. */
static void put_name(struct json_writer *w, const struct store_stock *k)
{
	struct span last = k->account, kind = k->kind;
	const bool permit = span_starts(k->account, SPAN("permit/"));
	struct span first;

	span_cut(&last, '/');
	first = span_cut(&last, '/');
	json_put(w, permit ? "document" : "reference", first);
	json_put(w, permit ? "number" : "item", last);
	json_put(w, "kind", span_cut(&kind, '/'));
	if (!permit)
		json_put(w, "procedure", kind);
	json_put(w, permit ? "issuer" : "source", k->source);
}

static void put_account(struct json_writer *w, const struct showing *q, uint32_t at)
{
	const struct store_stock *k = &q->row[at];
	int32_t last;

	json_open_object(w);
	put_name(w, k);
	json_put(w, "office", k->office);
	json_put(w, "holder", k->consignee);
	json_put(w, "goods", k->goods);
	if (k->unit.n)
		json_put(w, "unit", k->unit);
	put_day(w, "from", k->from_day);
	put_day(w, "until", k->until_day);
	json_put_int(w, "age_days", q->today - day_of(k->opened_at, q->zone));
	if (k->until_day.n && !day_parse(k->until_day, &last))
		json_put_bool(w, "overdue", k->open && last < q->today);
	json_put_bool(w, "open", k->open);
	put_measures(w, q, "granted", k->measured, k->granted);
	put_measures(w, q, "reserved", k->measured, k->reserved);
	put_measures(w, q, "used", k->measured, k->used);
	put_left(w, q, k);
	if (q->with_holds) {
		json_name(w, "cases");
		json_open_array(w);
		for (uint32_t i = 0; i < q->holds[at]; i++) {
			const struct store_stock_hold *x = &q->hold[at][i];

			json_open_object(w);
			json_put(w, "reference", x->reference);
			json_put(w, "office", x->office);
			json_put(w, "stage", x->stage);
			put_measures(w, q, "amount", k->measured, x->amount);
			json_close_object(w);
		}
		json_close_array(w);
	}
	json_close_object(w);
}

static void write_page(void *context)
{
	struct showing *q = context;
	struct json_writer w = json_to(&q->text);

	json_open_object(&w);
	json_name(&w, "accounts");
	json_open_array(&w);
	for (uint32_t i = 0; i < q->n; i++)
		put_account(&w, q, i);
	json_close_array(&w);
	if (q->page && q->n && q->n == q->page->limit)
		json_put_c(&w, "after",
			   arena_print(q->arena, "%lld.%.*s", (long long)q->row[q->n - 1].opened_at,
				       SPAN_ARG(q->row[q->n - 1].account)));
	json_close_object(&w);
}

static enum err know_country(struct hub *h, struct showing *q, struct cause *why)
{
	struct inforce *in = house_inforce(h);

	if (!in)
		return fail(why, ERR_NOT_FOUND, "no pack is in force");
	q->zone = ref_zone_minutes(in->ref);
	q->digits = ref_digits(in->ref);
	q->now = clock_now();
	q->today = day_of(q->now, q->zone);
	inforce_release(in);
	return ERR_NONE;
}

/* ---- a page ---- */

/* "OPENED.ACCOUNT" */
static bool read_after(struct showing *q, struct span s)
{
	struct decimal at;

	if (decimal_parse(span_cut(&s, '.'), &at) || at.scale || !s.n)
		return false;
	q->after = (struct store_stock){.opened_at = at.units, .carrier = SPAN(""), .account = s};
	q->has_after = true;
	return true;
}

static enum err read_page(struct store *s, void *context, struct cause *why)
{
	struct showing *q = context;
	char today[11];
	const struct store_stock_page page = {
	    .office = q->page->office,
	    .consignee = q->page->party,
	    .source = q->page->agency,
	    .names = q->page->permits ? SPAN("permit/") : SPAN("stock/"),
	    .ended = q->page->overdue ? (people_day(q->today, today), span_of(today)) : SPAN(""),
	    .after = q->has_after ? &q->after : NULL,
	    .limit = q->page->limit};

	return store_page_stock(s, q->arena, &page, &q->row, &q->n, why);
}

enum err hub_write_stock(struct hub *h, struct text *to, const struct who *who,
			 const struct stock_page *page, struct span request, struct cause *why)
{
	struct showing q = {.arena = to->arena, .page = page, .text = text_in(to->arena)};
	const int asked = (page->office.n > 0) + (page->party.n > 0) + (page->agency.n > 0);
	enum view view;
	enum err e;

	if (asked != 1 || page->limit < 1 || page->limit > STOCK_PAGE_MAX ||
	    (page->after.n && !read_after(&q, page->after)))
		return fail(why, ERR_FORMAT,
			    "one of office, party and agency is wanted, a limit from 1 to %d, and "
			    "after as the page before says it",
			    STOCK_PAGE_MAX);
	e = scope_list(h, who, page->office, page->party.n ? page->party : page->agency,
		       PURPOSE_STOCK, request, &view, why);
	if (e || view == VIEW_NONE)
		return e ? e
			 : fail(why, ERR_DENIED,
				"they are shown to their office, their holder and who gave them");
	e = know_country(h, &q, why);
	if (!e)
		e = house_list(h, page->patience,
			       &(struct house_listing){read_page, write_page, &q, q.arena}, why);
	if (!e)
		*to = q.text;
	return e;
}

/* ---- one ---- */

static void name_account(void *context)
{
	struct showing *q = context;

	q->after.account = writeoff_permit(q->arena, q->document, q->number);
}

static enum err read_rows(struct store *s, void *context, struct cause *why)
{
	struct showing *q = context;
	enum err e =
	    q->document.n
		? store_list_stock(s, q->arena, q->after.account, ONE_ACCOUNT, &q->row, &q->n, why)
		: store_list_stock_of(s, q->arena, q->number, &q->row, &q->n, why);

	if (e)
		return e;
	q->hold = arena_try(q->arena, sizeof(struct store_stock_hold *) * (q->n + 1));
	q->holds = arena_try(q->arena, sizeof(*q->holds) * (q->n + 1));
	if (!q->hold || !q->holds)
		return fail(why, ERR_NOMEM, "no memory for the accounts");
	for (uint32_t i = 0; i < q->n && !e; i++)
		e = store_list_stock_holds(s, q->arena, q->row[i].account, q->row[i].carrier,
					   HOLDS_SHOWN, &q->hold[i], &q->holds[i], why);
	return e;
}

/* A permit: for the officers of its office, auditors, its holder and whoever gave it. */
static enum err scope_permit(struct hub *h, const struct who *who, const struct store_stock *k,
			     struct span request, enum view *ret, struct cause *why)
{
	const struct span office[] = {k->office, SPAN(""), SPAN("")};
	const struct span party[] = {SPAN(""), k->source, k->consignee};
	enum err e = ERR_NONE;

	*ret = VIEW_NONE;
	for (size_t i = 0; i < ARRAY_LEN(office) && !e && *ret == VIEW_NONE; i++)
		e = scope_list(h, who, office[i], party[i], PURPOSE_STOCK, request, ret, why);
	return e;
}

enum err hub_write_stock_account(struct hub *h, struct text *to, const struct who *who,
				 struct span document, struct span number, struct span request,
				 struct cause *why)
{
	struct showing q = {
	    .arena = to->arena, .document = document, .number = number, .text = text_in(to->arena)};
	struct store_declaration row;
	enum view view = VIEW_NONE;
	struct store *s;
	enum err e = know_country(h, &q, why);

	if (!e && arena_run(q.arena, name_account, &q))
		e = fail(why, ERR_NOMEM, "no memory for the account");
	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	if (!document.n)
		e = scope_case(h, s, q.arena, who, number, PURPOSE_STOCK, request, &row, &view,
			       why);
	if (!e)
		e = store_snapshot(s, read_rows, &q, why);
	house_close_reader(h, s);
	if (!e && !q.n)
		e = ERR_NOT_FOUND;
	if (!e && document.n)
		e = scope_permit(h, who, &q.row[0], request, &view, why);
	if (!e && (view == VIEW_NONE || view == VIEW_CARRIER))
		e = ERR_NOT_FOUND;
	q.with_holds = view >= VIEW_OFFICER;
	if (!e && arena_run(q.arena, write_page, &q))
		e = fail(why, ERR_NOMEM, "no memory for the accounts");
	if (!e)
		*to = q.text;
	return e;
}
