/* Looking at cargo reports and at the bills that are open. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "hub/cargo/cargo.h"
#include "hub/cargo/cargo_decide.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "hub/settle/record.h"
#include "hub/stock/measures.h"

/* ---- a report ---- */

struct looking {
	struct arena *arena;
	const struct store_cargo *row;
	enum view view;
	struct span decision;
	struct text text;
	enum err err;
};

static void put_moment(struct json_writer *w, const char *name, int64_t at)
{
	struct text t = text_in(w->text->arena);

	json_name(w, name);
	if (!at) {
		json_null(w);
		return;
	}
	moment_write(&t, at);
	json_string(w, text_as_span(&t));
}

static void write_report(void *context)
{
	struct looking *q = context;
	struct json_writer w = json_to(&q->text);
	struct text answer = text_in(q->arena);
	const struct json *j;
	struct codec_fault fault;

	if (json_read(q->arena, q->decision, &j, &fault)) {
		q->err = ERR_DB;
		return;
	}
	if (q->view == VIEW_TRADER) {
		cargo_answer_write(&answer, j);
		q->err = json_read(q->arena, text_as_span(&answer), &j, &fault);
		if (q->err)
			return;
	}
	json_open_object(&w);
	for (const struct json *m = j->first; m; m = m->next) {
		json_name_span(&w, m->name);
		json_value(&w, m);
	}
	put_moment(&w, "arrived_at", q->row->arrived_at);
	json_close_object(&w);
}

enum err hub_write_cargo(struct hub *h, struct text *to, const struct hub_look *look,
			 struct cause *why)
{
	struct looking q = {.arena = to->arena, .text = text_in(to->arena)};
	struct store_cargo row;
	struct event event;
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = scope_cargo(h, s, to->arena, look->who, look->reference, look->purpose, look->request,
			&row, &q.view, why);
	if (!e)
		e = store_get_event(s, to->arena, row.office, row.decision_seq, &event, why);
	house_close_reader(h, s);
	if (e)
		return e;
	q.row = &row;
	q.decision = event.payload;
	e = arena_run(to->arena, write_report, &q);
	if (e || q.err)
		return fail(why, e ? e : q.err, "the report cannot be read");
	*to = q.text;
	return ERR_NONE;
}

/* ---- reports ---- */

struct reporting {
	struct arena *arena;
	const struct cargo_page *page;
	struct store_cargo *row;
	uint32_t n;
	struct text text;
};

static enum err read_reports(struct store *s, void *context, struct cause *why)
{
	struct reporting *q = context;
	const struct cargo_page *p = q->page;

	if (p->office.n)
		return store_list_cargo(s, q->arena, p->office, p->after, p->limit, &q->row, &q->n,
					why);
	return store_list_cargo_by(s, q->arena, p->carrier, p->after, p->limit, &q->row, &q->n,
				   why);
}

static void write_reports(void *context)
{
	struct reporting *q = context;
	struct json_writer w = json_to(&q->text);

	json_open_object(&w);
	json_name(&w, "reports");
	json_open_array(&w);
	for (uint32_t i = 0; i < q->n; i++) {
		const struct store_cargo *c = &q->row[i];

		json_open_object(&w);
		json_put(&w, "reference", c->reference);
		json_put(&w, "trader_reference", c->trader_reference);
		json_put_int(&w, "version", c->version);
		json_put(&w, "state", c->state);
		json_put(&w, "sender", c->sender);
		json_put(&w, "carrier", c->carrier);
		json_put(&w, "office", c->office);
		json_put(&w, "conveyance", c->conveyance);
		put_moment(&w, "decided_at", c->decided_at);
		put_moment(&w, "arrived_at", c->arrived_at);
		json_close_object(&w);
	}
	json_close_array(&w);
	if (q->n && q->n == q->page->limit)
		json_put(&w, "after", q->row[q->n - 1].reference);
	json_close_object(&w);
}

enum err hub_write_cargo_list(struct hub *h, struct text *to, const struct who *who,
			      const struct cargo_page *page, struct span request, struct cause *why)
{
	struct reporting q = {.arena = to->arena, .page = page, .text = text_in(to->arena)};
	enum view view;
	enum err e;

	if ((page->office.n > 0) + (page->carrier.n > 0) != 1 || page->limit < 1 ||
	    page->limit > BILLS_PAGE_MAX)
		return fail(why, ERR_FORMAT,
			    "one of office and carrier is wanted, and a limit from 1 to %d",
			    BILLS_PAGE_MAX);
	e = scope_list(h, who, page->office, page->carrier, PURPOSE_CARGO, request, &view, why);
	if (e || view == VIEW_NONE)
		return e ? e : fail(why, ERR_DENIED, "they are shown to their office and carrier");
	e = house_list(h, page->patience,
		       &(struct house_listing){read_reports, write_reports, &q, q.arena}, why);
	if (!e)
		*to = q.text;
	return e;
}

/* ---- open bills ---- */

struct listing {
	struct arena *arena;
	const struct bill_page *page;
	struct store_stock after;
	bool has_after;
	struct store_stock *row;
	uint32_t n;
	int32_t zone;
	int64_t now;
	struct text text;
};

/* "OPENED.LENGTH.CARRIERACCOUNT" */
static bool read_after(struct listing *l, struct span s)
{
	struct span opened = span_cut(&s, '.'), length = span_cut(&s, '.');
	struct decimal at, n;

	if (decimal_parse(opened, &at) || at.scale || decimal_parse(length, &n) || n.scale ||
	    n.units < 0 || n.units >= s.n)
		return false;
	l->after = (struct store_stock){.opened_at = at.units,
					.carrier = {s.p, (uint32_t)n.units, 0},
					.account = {s.p + n.units, s.n - (uint32_t)n.units, 0}};
	l->has_after = true;
	return true;
}

static enum err read_page(struct store *s, void *context, struct cause *why)
{
	struct listing *l = context;
	const struct store_stock_page page = {.office = l->page->office,
					      .carrier = l->page->carrier,
					      .consignee = l->page->party,
					      .names = SPAN("bill/"),
					      .after = l->has_after ? &l->after : NULL,
					      .limit = l->page->limit};

	return store_page_stock(s, l->arena, &page, &l->row, &l->n, why);
}

static void put_left(struct json_writer *w, const struct store_stock *k)
{
	int64_t left[STOCK_MEASURES];

	for (int m = 0; m < STOCK_MEASURES; m++) {
		left[m] = k->granted[m] - k->reserved[m] - k->used[m];
		left[m] = left[m] < 0 ? 0 : left[m];
	}
	writeoff_put_readable(w, "left", (unsigned)k->measured, left);
}

static void put_bill(struct json_writer *w, const struct listing *l, const struct store_stock *k)
{
	struct span id = k->account;
	struct span type;

	span_cut(&id, '/');
	type = span_cut(&id, '/');
	json_open_object(w);
	json_put(w, "type", type);
	json_put(w, "id", id);
	json_put(w, "carrier", k->carrier);
	json_put(w, "office", k->office);
	/* Who else has goods in the conveyance is the carrier's and the officers' to know. */
	if (!l->page->party.n) {
		json_put(w, "report", k->source);
		json_put(w, "consignee", k->consignee);
	}
	put_moment(w, "opened_at", k->opened_at);
	json_put_int(w, "age_days", day_of(l->now, l->zone) - day_of(k->opened_at, l->zone));
	writeoff_put_readable(w, "granted", (unsigned)k->measured, k->granted);
	if (!l->page->party.n) {
		writeoff_put_readable(w, "reserved", (unsigned)k->measured, k->reserved);
		writeoff_put_readable(w, "used", (unsigned)k->measured, k->used);
	}
	put_left(w, k);
	json_close_object(w);
}

static void write_page(void *context)
{
	struct listing *l = context;
	struct json_writer w = json_to(&l->text);

	json_open_object(&w);
	json_name(&w, "bills");
	json_open_array(&w);
	for (uint32_t i = 0; i < l->n; i++)
		put_bill(&w, l, &l->row[i]);
	json_close_array(&w);
	if (l->n && l->n == l->page->limit) {
		const struct store_stock *last = &l->row[l->n - 1];

		json_put_c(&w, "after",
			   arena_print(l->arena, "%lld.%u.%.*s%.*s", (long long)last->opened_at,
				       last->carrier.n, SPAN_ARG(last->carrier),
				       SPAN_ARG(last->account)));
	}
	json_close_object(&w);
}

enum err hub_write_bills(struct hub *h, struct text *to, const struct who *who,
			 const struct bill_page *page, struct span request, struct cause *why)
{
	struct listing l = {
	    .arena = to->arena, .page = page, .now = clock_now(), .text = text_in(to->arena)};
	const int asked = (page->office.n > 0) + (page->carrier.n > 0) + (page->party.n > 0);
	struct inforce *in;
	enum view view;
	enum err e;

	if (asked != 1 || page->limit < 1 || page->limit > BILLS_PAGE_MAX ||
	    (page->after.n && !read_after(&l, page->after)))
		return fail(why, ERR_FORMAT,
			    "one of office, carrier and party is wanted, a limit from 1 to %d, and "
			    "after as the page before says it",
			    BILLS_PAGE_MAX);
	e = scope_list(h, who, page->office, page->carrier.n ? page->carrier : page->party,
		       PURPOSE_CARGO, request, &view, why);
	if (e || view == VIEW_NONE)
		return e ? e
			 : fail(why, ERR_DENIED,
				"they are shown to their office, carrier and consignee");
	in = house_inforce(h);
	l.zone = in ? ref_zone_minutes(in->ref) : 0;
	inforce_release(in);
	e = house_list(h, page->patience,
		       &(struct house_listing){read_page, write_page, &l, l.arena}, why);
	if (!e)
		*to = l.text;
	return e;
}
