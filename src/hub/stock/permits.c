/* Registering permits and certificates that declarations write off. */
#include "hub/stock/permits.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/money.h"
#include "hub/house.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"

enum { GOODS_BYTES_MAX = 1000, QUANTITY_SCALE = 6 };

/* ---- the event ---- */

static struct span write_event(struct arena *a, const struct store_stock *k)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put(&w, "account", k->account);
	json_put(&w, "kind", k->kind);
	json_put(&w, "holder", k->consignee);
	json_put(&w, "issuer", k->source);
	json_put(&w, "goods", k->goods);
	json_put(&w, "unit", k->unit);
	json_put(&w, "from", k->from_day);
	json_put(&w, "until", k->until_day);
	json_put_int(&w, "measured", k->measured);
	writeoff_put_measures(&w, "granted", k->granted);
	json_close_object(&w);
	return text_as_span(&t);
}

enum err permit_read_event(struct arena *a, struct span payload, struct store_stock *ret)
{
	const struct json *j;
	struct codec_fault fault;

	if (json_read(a, payload, &j, &fault))
		return ERR_FORMAT;
	*ret = (struct store_stock){.account = json_get_text(j, "account"),
				    .carrier = SPAN(""),
				    .kind = json_get_text(j, "kind"),
				    .consignee = json_get_text(j, "holder"),
				    .source = json_get_text(j, "issuer"),
				    .goods = json_get_text(j, "goods"),
				    .unit = json_get_text(j, "unit"),
				    .from_day = json_get_text(j, "from"),
				    .until_day = json_get_text(j, "until")};
	return !ret->account.n || json_get_int(j, "measured", &ret->measured) ||
		       !writeoff_read_measures(json_get(j, "granted"), ret->granted)
		   ? ERR_FORMAT
		   : ERR_NONE;
}

/* ---- what is asked ---- */

struct registering {
	const struct who *by;
	const struct permit_entry *p;
	struct cause refused; /* err set: nothing was written */
};

static bool is_name(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ')
			return false;
	return s.n && s.n <= LIMIT_REFERENCE_BYTES;
}

static bool is_day(struct span s)
{
	int32_t day;

	return !s.n || !day_parse(s, &day);
}

/* Codes of digits with blanks between. */
static bool is_goods(struct span s)
{
	enum { FEWEST = 2, MOST = 10 };

	if (s.n > GOODS_BYTES_MAX)
		return false;
	while (s.n) {
		const struct span word = span_cut(&s, ' ');

		for (uint32_t i = 0; i < word.n; i++)
			if (word.p[i] < '0' || word.p[i] > '9')
				return false;
		if (word.n < FEWEST || word.n > MOST)
			return false;
	}
	return true;
}

static enum err read_limit(struct span s, enum stock_measure m, uint8_t scale,
			   struct store_stock *k, struct cause *why)
{
	struct decimal d, exact;

	if (!s.n)
		return ERR_NONE;
	if (decimal_parse(s, &d) || d.units < 0 || decimal_rescale(d, scale, ROUND_DOWN, &exact) ||
	    decimal_compare(d, exact))
		return fail(why, ERR_FORMAT,
			    "%s is zero or above, with at most %u decimals, and fits 64 bits",
			    stock_measure_name(m), scale);
	k->granted[m] = exact.units;
	k->measured |= INT64_C(1) << m;
	return ERR_NONE;
}

static enum err read_limits(const struct permit_entry *p, const struct refset *r,
			    struct store_stock *k, struct cause *why)
{
	enum err e = read_limit(p->packages, STOCK_PACKAGES, 0, k, why);

	if (!e)
		e = read_limit(p->mass, STOCK_MASS, QUANTITY_SCALE, k, why);
	if (!e)
		e = read_limit(p->value, STOCK_VALUE, (uint8_t)ref_digits(r), k, why);
	if (!e)
		e = read_limit(p->quantity, STOCK_QUANTITY, QUANTITY_SCALE, k, why);
	if (!e && !k->measured)
		e = fail(why, ERR_FORMAT, "a limit of packages, mass, value or quantity is wanted");
	return e;
}

static enum err read_entry(struct batch *b, const struct registering *q, struct store_stock *k,
			   struct cause *why)
{
	const struct permit_entry *p = q->p;
	const struct refset *r = b->inforce->ref;
	const int32_t today = day_of(b->now, ref_zone_minutes(r));
	const struct ref_write_off *row = ref_write_off_of(r, true, p->document, today);
	struct arena *a = b->h->batch_arena;

	if (!row)
		return fail(why, ERR_FORMAT, "the pack does not write off the document \"%.*s\"",
			    SPAN_ARG(p->document));
	if (!is_name(p->number) || !is_name(p->holder))
		return fail(why, ERR_FORMAT, "a number and a holder are wanted");
	if (!is_goods(p->goods))
		return fail(why, ERR_FORMAT, "goods are codes of two to ten digits");
	if (!is_day(p->from) || !is_day(p->until) ||
	    (p->from.n && p->until.n && span_compare(p->until, p->from) < 0))
		return fail(why, ERR_FORMAT, "from and until are days, in this order");
	if (!ref_code(r, SPAN("office"), p->office, today))
		return fail(why, ERR_FORMAT, "there is no office \"%.*s\"", SPAN_ARG(p->office));
	if (p->quantity.n && !ref_code(r, SPAN("unit"), p->unit, today))
		return fail(why, ERR_FORMAT, "a quantity is in a unit of the pack");
	*k = (struct store_stock){
	    .account = writeoff_permit(a, p->document, p->number),
	    .carrier = SPAN(""),
	    .kind = span_of(arena_print(a, "%s/%.*s", ref_write_off_kind_name(row->kind),
					SPAN_ARG(p->document))),
	    .office = p->office,
	    .source = who_is(q->by, ROLE_AGENCY) ? q->by->agency : p->office,
	    .consignee = p->holder,
	    .goods = p->goods.n ? p->goods : SPAN(""),
	    .unit = p->quantity.n ? p->unit : SPAN(""),
	    .from_day = p->from.n ? p->from : SPAN(""),
	    .until_day = p->until.n ? p->until : SPAN(""),
	    .opened_at = b->now,
	};
	return read_limits(p, r, k, why);
}

/* ---- keeping ---- */

/* What was taken stays taken, and by whom it was given stays. */
static enum err grant(struct batch *b, struct store_stock *k, struct cause *why)
{
	const struct stock_tolerance t = writeoff_tolerance_of(
	    b->inforce->ref, k->kind, day_of(b->now, ref_zone_minutes(b->inforce->ref)));
	struct stock_account account = {0}, after;
	struct stock_amount granted;
	enum stock_measure m;
	struct store_stock stood;
	enum err e =
	    store_get_stock(b->h->store, b->h->batch_arena, k->account, k->carrier, &stood, why);

	if (e && e != ERR_NOT_FOUND)
		return e;
	memcpy(granted.of, k->granted, sizeof(granted.of));
	if (!e) {
		account = measures_account(&stood);
		k->opened_at = stood.opened_at;
		if (!span_equal(stood.source, k->source))
			return fail(why, ERR_DENIED, "it was given by %.*s",
				    SPAN_ARG(stood.source));
		if (!stock_untouched(&account) && (!span_equal(stood.unit, k->unit) ||
						   !span_equal(stood.consignee, k->consignee)))
			return fail(why, ERR_CONFLICT,
				    "some of it is taken: its holder and unit stay as they are");
	}
	if (stock_grant(&account, &t, (unsigned)k->measured, &granted, &after, &m) != STOCK_DONE)
		return fail(why, ERR_CONFLICT, "more %s than that is taken of it",
			    stock_measure_name(m));
	measures_to_row(&after, k);
	return ERR_NONE;
}

static enum err register_it(struct batch *b, const struct registering *q, struct cause *why)
{
	struct event event = {
	    .kind = SPAN("permit"), .reference = SPAN(""), .at = b->now, .actor = q->by->user};
	struct store_stock row = {0};
	struct office *o = NULL;
	bool fresh;
	enum err e = read_entry(b, q, &row, why);

	if (!e)
		e = house_enter(b->h, row.office, &o, &fresh, why);
	if (!e)
		e = house_lock_holder(b, row.account, why);
	if (!e)
		e = grant(b, &row, why);
	if (e)
		return e;
	event.payload = write_event(b->h->batch_arena, &row);
	e = house_append(b->h, o, &event, NULL, why);
	return e ? e : store_put_stock(b->h->store, &row, why);
}

/* A refusal leaves the batch as it was. */
static enum err errand(struct batch *b, void *context, struct cause *why)
{
	struct registering *q = context;
	enum err e;

	q->refused = (struct cause){0};
	e = register_it(b, q, &q->refused);
	if (!e || e == ERR_CONFLICT || e == ERR_FORMAT || e == ERR_DENIED)
		return ERR_NONE;
	*why = q->refused;
	return e;
}

static bool may(const struct who *by, struct span office)
{
	return (who_is(by, ROLE_AGENCY) && by->agency.n) ||
	       (who_is(by, ROLE_OFFICER | ROLE_SUPERVISOR) && who_has_office(by, office));
}

enum err hub_put_permit(struct hub *h, const struct who *by, const struct permit_entry *p,
			struct cause *why)
{
	struct registering q = {.by = by, .p = p};
	enum err e;

	if (!may(by, p->office))
		return fail(why, ERR_DENIED,
			    "permits are registered by an officer of the office or an agency");
	e = settle_errand(h, errand, &q, why);
	if (!e && q.refused.err && why)
		*why = q.refused;
	return e ? e : q.refused.err;
}
