/* What a declaration takes of which account, and what the facts find against it. Pure. */
#include "base/date.h"
#include "hub/settle/reference.h"
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"

struct span writeoff_account(struct arena *a, struct span type, struct span id)
{
	return span_of(arena_print(a, "bill/%.*s/%.*s", SPAN_ARG(type), SPAN_ARG(id)));
}

struct span writeoff_permit(struct arena *a, struct span document, struct span number)
{
	return span_of(arena_print(a, "permit/%.*s/%.*s", SPAN_ARG(document), SPAN_ARG(number)));
}

struct wanting {
	struct arena *arena;
	const struct declaration *d;
	const struct refset *r;
	int32_t day;
	struct writeoff_wants *ret;
};

static bool is_word(struct span words, struct span wanted)
{
	while (words.n) {
		const struct span word = span_cut(&words, ' ');

		if (word.n && span_equal(word, wanted))
			return true;
	}
	return false;
}

static bool is_bill(const struct previous_document *p, const struct refset *r)
{
	return p->id.n && p->type.n && is_word(ref_write_off(r), p->type);
}

static struct writeoff_want *want_of(struct wanting *q, struct span account, struct span type,
				     const struct span *at)
{
	struct writeoff_wants *w = q->ret;
	struct writeoff_want *one;

	for (uint32_t i = 0; i < w->list.n; i++)
		if (span_equal(w->list.v[i].account, account))
			return &w->list.v[i];
	one = arena_push(q->arena, (void **)&w->list.v, &w->list.n, &w->list.room, sizeof(*one));
	*one = (struct writeoff_want){.account = account, .type = type, .id = *at, .at = at};
	return one;
}

static struct writeoff_want *want_bill(struct wanting *q, const struct previous_document *p)
{
	return want_of(q, writeoff_account(q->arena, p->type, p->id), p->type, &p->id);
}

/* The bill of a list; *ret_several: it names more than one. */
static const struct previous_document *bill_of(const struct previous_document *v, uint32_t n,
					       const struct refset *r, bool *ret_several)
{
	const struct previous_document *found = NULL;

	*ret_several = false;
	for (uint32_t i = 0; i < n; i++) {
		if (!is_bill(&v[i], r))
			continue;
		if (found &&
		    (!span_equal(found->type, v[i].type) || !span_equal(found->id, v[i].id)))
			*ret_several = true;
		if (!found)
			found = &v[i];
	}
	return found;
}

/* ---- how much ---- */

/* A mass in a unit that no account has is the business of the checks: it is not counted. */
static void count_gross(struct stock_amount *to, const struct goods_item *i)
{
	for (uint32_t k = 0; k < i->packages.n; k++)
		(void)measures_add_packages(to, i->packages.v[k].count);
	(void)measures_add_mass(to, &i->commodity.gross_mass);
}

static void note_unit(struct writeoff_want *w, struct span unit)
{
	w->units = w->units || (w->unit.n && !span_equal(w->unit, unit));
	if (!w->unit.n)
		w->unit = unit;
}

/* Goods out of their packing: packages change while they stay, what they weigh by themselves does not. */
static void count_net(struct wanting *q, struct writeoff_want *w, const struct goods_item *i)
{
	const struct commodity *c = &i->commodity;

	for (uint32_t k = 0; k < i->packages.n; k++)
		(void)measures_add_packages(&w->amount, i->packages.v[k].count);
	(void)measures_add_mass(&w->amount, c->net_mass.value.set ? &c->net_mass : &c->gross_mass);
	if (c->tariff_quantity.value.set && measures_add_quantity(&w->amount, &c->tariff_quantity))
		note_unit(w, c->tariff_quantity.unit);
	*(struct span *)arena_push(q->arena, (void **)&w->goods.v, &w->goods.n, &w->goods.room,
				   sizeof(struct span)) = goods_item_code(q->arena, i);
}

static void count_value(struct wanting *q, struct writeoff_want *w, const struct goods_item *i)
{
	const struct amount *v = i->statistical_value.value.set ? &i->statistical_value
				 : i->customs_value.value.set   ? &i->customs_value
								: &i->commodity.price;

	(void)measures_add_value(&w->amount, v, q->r, q->day);
}

/* ---- goods under a procedure ---- */

/* The declaration by which the goods came: a reference of ours goes before anything else that is no bill. */
static const struct previous_document *entry_of(const struct previous_document *v, uint32_t n,
						const struct refset *r, bool *ret_several)
{
	const struct previous_document *found = NULL;

	*ret_several = false;
	for (uint32_t i = 0; i < n; i++) {
		const struct previous_document *p = &v[i];
		const bool ours = reference_valid(p->id);

		if (!p->id.n || is_bill(p, r))
			continue;
		if (found && ours && reference_valid(found->id) &&
		    (!span_equal(found->id, p->id) || decimal_compare(found->line, p->line)))
			*ret_several = true;
		if (!found || (ours && !reference_valid(found->id)))
			found = p;
	}
	return found;
}

static const struct ref_write_off *row_of_item(const struct wanting *q, const struct goods_item *i)
{
	const struct procedure *main = i->procedures.n ? i->procedures.v : NULL;

	return main && main->previous.n ? ref_write_off_of(q->r, false, main->previous, q->day)
					: NULL;
}

static void want_goods(struct wanting *q, const struct goods_item *i,
		       const struct ref_write_off *row)
{
	const struct shipment *s = &q->d->shipment;
	bool several;
	const struct previous_document *p = entry_of(i->previous.v, i->previous.n, q->r, &several);
	struct writeoff_want *w;
	struct text line = text_in(q->arena);

	if (!p)
		p = entry_of(s->previous.v, s->previous.n, q->r, &several);
	if (!p)
		return; /* that it names none is a check's to find */
	if (several) {
		q->ret->shared = q->ret->shared ? q->ret->shared : &p->id;
		return;
	}
	if (p->line.set)
		decimal_write(&line, p->line);
	else
		text_string(&line, "1");
	w = want_of(q,
		    span_of(arena_print(q->arena, "stock/%.*s/%.*s", SPAN_ARG(p->id),
					SPAN_ARG(text_as_span(&line)))),
		    text_as_span(&line), &p->id);
	w->row = row;
	count_net(q, w, i);
}

/* ---- permits and certificates ---- */

/* By what the declaration says that it uses, or else by the goods. */
static void count_permit(struct wanting *q, struct writeoff_want *w, const struct document *x,
			 const struct goods_item *const *items, uint32_t n)
{
	const struct quantity *said = &x->write_off.quantity;
	const struct stock_amount before = w->amount;

	for (uint32_t i = 0; i < n; i++) {
		count_net(q, w, items[i]);
		if (!x->write_off.amount.value.set)
			count_value(q, w, items[i]);
	}
	if (x->write_off.amount.value.set)
		(void)measures_add_value(&w->amount, &x->write_off.amount, q->r, q->day);
	if (!said->value.set)
		return;
	if (measures_is_mass(said->unit)) {
		w->amount.of[STOCK_MASS] = before.of[STOCK_MASS];
		(void)measures_add_mass(&w->amount, said);
		return;
	}
	w->amount.of[STOCK_QUANTITY] = before.of[STOCK_QUANTITY];
	if (!before.of[STOCK_QUANTITY]) {
		w->unit = SPAN("");
		w->units = false;
	}
	(void)measures_add_quantity(&w->amount, said);
	note_unit(w, said->unit);
}

static void want_permits(struct wanting *q, const struct document *v, uint32_t n,
			 const struct goods_item *const *items, uint32_t item_count)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct span code = document_code(q->arena, &v[i]);
		const struct ref_write_off *row =
		    v[i].id.n ? ref_write_off_of(q->r, true, code, q->day) : NULL;
		struct writeoff_want *w;

		if (!row)
			continue;
		w = want_of(q, writeoff_permit(q->arena, code, v[i].id), code, &v[i].id);
		w->row = row;
		count_permit(q, w, &v[i], items, item_count);
	}
}

static void want_all_permits(struct wanting *q)
{
	const struct shipment *s = &q->d->shipment;
	const struct goods_item **all =
	    ARENA_ARRAY(q->arena, const struct goods_item *, s->items.n + 1);

	for (uint32_t i = 0; i < s->items.n; i++) {
		all[i] = &s->items.v[i];
		want_permits(q, all[i]->documents.v, all[i]->documents.n, &all[i], 1);
	}
	want_permits(q, q->d->documents.v, q->d->documents.n, all, s->items.n);
}

/* ---- all of them ---- */

static bool completes(const struct declaration *d)
{
	return d->type.n >= 3 && memchr("XYZ", d->type.p[2], 3);
}

static void want_bills(struct wanting *q)
{
	const struct shipment *s = &q->d->shipment;
	bool several, leaves = false;
	const struct previous_document *all = bill_of(s->previous.v, s->previous.n, q->r, &several);
	const uint32_t before = q->ret->list.n;

	for (uint32_t i = 0; i < s->items.n; i++) {
		const struct goods_item *item = &s->items.v[i];
		bool many;
		const struct previous_document *own =
		    bill_of(item->previous.v, item->previous.n, q->r, &many);

		/* its bill was written off when it came */
		if (row_of_item(q, item)) {
			leaves = true;
			continue;
		}
		if (many || (!own && several)) {
			q->ret->shared = q->ret->shared ? q->ret->shared
					 : own          ? &own->id
							: &all->id;
			continue;
		}
		if (own || all)
			count_gross(&want_bill(q, own ? own : all)->amount, item);
	}
	/* Bills that no item is left for are looked at all the same: they must be there. */
	if (all && !several && q->ret->list.n == before && !q->ret->shared && !leaves)
		(void)want_bill(q, all);
}

void writeoff_wants(struct arena *a, const struct declaration *d, const struct refset *r,
		    int32_t day, struct writeoff_wants *ret)
{
	struct wanting q = {a, d, r, day, ret};

	*ret = (struct writeoff_wants){0};
	if (completes(d))
		return;
	if (ref_write_off(r).n)
		want_bills(&q);
	if (!ref_write_offs(r))
		return;
	for (uint32_t i = 0; i < d->shipment.items.n; i++) {
		const struct ref_write_off *row = row_of_item(&q, &d->shipment.items.v[i]);

		if (row)
			want_goods(&q, &d->shipment.items.v[i], row);
	}
	want_all_permits(&q);
}

struct stock_tolerance writeoff_tolerance(const struct refset *r)
{
	return (struct stock_tolerance){
	    {ref_write_off_packages_ppm(r), ref_write_off_mass_ppm(r), 0, 0}};
}

static struct stock_tolerance tolerance_of_row(const struct ref_write_off *row)
{
	struct stock_tolerance t = {{0}};

	if (row)
		memcpy(t.ppm, row->ppm, sizeof(t.ppm));
	return t;
}

static const struct ref_write_off *row_of_kind(const struct refset *r, struct span kind,
					       int32_t day)
{
	const struct span name = span_cut(&kind, '/');

	return ref_write_off_of(r, span_is(name, "permit") || span_is(name, "exemption"), kind,
				day);
}

struct stock_tolerance writeoff_tolerance_of(const struct refset *r, struct span kind, int32_t day)
{
	return span_is(kind, "bill") ? writeoff_tolerance(r)
				     : tolerance_of_row(row_of_kind(r, kind, day));
}

int64_t writeoff_days(const struct refset *r, struct span kind, int32_t day)
{
	const struct ref_write_off *row = row_of_kind(r, kind, day);

	return row ? row->days : 0;
}

/* ---- findings ---- */

struct finding_of {
	struct arena *arena;
	const struct refset *r;
	const struct facts *f;
	struct findings *to;
};

static void find(const struct finding_of *q, enum finding_rule rule, const void *place,
		 struct span v1, struct span v2, struct span v3)
{
	ref_report(q->r, q->f->legal_day, q->to, rule, place, v1, v2, v3);
}

/* Without words: it stands in texts of every language. */
static struct span readable(const struct finding_of *q, enum stock_measure m, int64_t v,
			    struct span unit)
{
	struct text t = text_in(q->arena);
	const uint8_t scale = m == STOCK_MASS || m == STOCK_QUANTITY ? 6
			      : m == STOCK_VALUE                     ? (uint8_t)ref_digits(q->r)
								     : 0;
	struct decimal d = decimal_of(v, scale);

	while (m != STOCK_VALUE && d.scale && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	decimal_write(&t, d);
	if (m == STOCK_MASS)
		text_string(&t, " kg");
	if (m == STOCK_QUANTITY || m == STOCK_VALUE) {
		text_char(&t, ' ');
		text_span(&t, m == STOCK_VALUE ? ref_currency(q->r) : unit);
	}
	return text_as_span(&t);
}

static void find_over(const struct finding_of *q, const struct writeoff_want *w,
		      const struct stock_fact *f)
{
	static const struct stock_hold nothing;
	const struct stock_tolerance t =
	    w->row ? tolerance_of_row(w->row) : writeoff_tolerance(q->r);
	const enum finding_rule rule = !w->row ? FINDING_WRITE_OFF_OVER
				       : ref_write_off_of_document(w->row->kind)
					   ? FINDING_PERMIT_OVER
					   : FINDING_STOCK_OVER;
	struct stock_account account = {.measured = (unsigned)f->measured};

	memcpy(account.granted.of, f->granted, sizeof(account.granted.of));
	memcpy(account.reserved.of, f->taken, sizeof(account.reserved.of));
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++) {
		int64_t left = stock_left(&account, &t, &nothing, m);

		left = left < 0 ? 0 : left;
		if (w->amount.of[m] > left)
			find(q, rule, w->at, w->id, readable(q, m, w->amount.of[m], w->unit),
			     readable(q, m, left, f->unit));
	}
}

static bool covers(struct span goods, struct span code)
{
	if (!goods.n)
		return true;
	while (goods.n) {
		const struct span word = span_cut(&goods, ' ');

		if (word.n && span_starts(code, word))
			return true;
	}
	return false;
}

/* A quantity that the account is limited in must be given in its unit. */
static void find_unit(const struct finding_of *q, const struct writeoff_want *w,
		      const struct stock_fact *f)
{
	const bool limited = (f->measured >> STOCK_QUANTITY & 1) != 0;

	if (limited && (w->units || !w->amount.of[STOCK_QUANTITY] || !span_equal(w->unit, f->unit)))
		find(q, FINDING_WRITE_OFF_UNIT_WANTED, w->at, w->id, f->unit, NO_VALUE);
}

/* "importer/XL1": XL1 */
static struct span party_of(struct span holder)
{
	struct span id = holder;

	span_cut(&id, '/');
	return id;
}

static void find_permit(const struct finding_of *q, const struct writeoff_want *w,
			const struct stock_fact *f)
{
	struct text today = text_in(q->arena);

	day_write(&today, q->f->legal_day);
	if ((f->from_day.n && span_compare(text_as_span(&today), f->from_day) < 0) ||
	    (f->until_day.n && span_compare(text_as_span(&today), f->until_day) > 0))
		find(q, FINDING_PERMIT_DAY, w->at, w->id, f->from_day.n ? f->from_day : SPAN("-"),
		     f->until_day.n ? f->until_day : SPAN("-"));
	if (f->holder.n && !span_equal(f->holder, party_of(q->f->holder)) &&
	    !span_equal(f->holder, party_of(q->f->declarant_holder)))
		find(q, FINDING_PERMIT_HOLDER, w->at, w->id, NO_VALUE, NO_VALUE);
	for (uint32_t i = 0; i < w->goods.n; i++)
		if (!covers(f->goods, w->goods.v[i]))
			find(q, FINDING_PERMIT_GOODS, w->at, w->id, w->goods.v[i], f->goods);
	find_unit(q, w, f);
	find_over(q, w, f);
}

/* Goods that are worked on leave as others. */
static bool stays_same(enum ref_write_off_kind k)
{
	return k != WRITE_OFF_INWARD && k != WRITE_OFF_OUTWARD && k != WRITE_OFF_END_USE;
}

static void find_goods(const struct finding_of *q, const struct writeoff_want *w,
		       const struct stock_fact *f)
{
	enum { HEADING = 6 };
	struct text today = text_in(q->arena);
	const struct span heading = {f->goods.p, f->goods.n < HEADING ? f->goods.n : HEADING, 0};

	day_write(&today, q->f->legal_day);
	if (f->until_day.n && span_compare(text_as_span(&today), f->until_day) > 0)
		find(q, FINDING_STOCK_OVERDUE, w->at, w->id, f->until_day, NO_VALUE);
	for (uint32_t i = 0; stays_same(w->row->kind) && i < w->goods.n; i++)
		if (!covers(heading, w->goods.v[i]))
			find(q, FINDING_STOCK_GOODS, w->at, w->id, w->goods.v[i], f->goods);
	if (stays_same(w->row->kind))
		find_unit(q, w, f);
	find_over(q, w, f);
}

static void find_other(const struct finding_of *q, const struct writeoff_want *w,
		       const struct stock_fact *f)
{
	const bool permit = ref_write_off_of_document(w->row->kind);

	if (span_is(f->state, "waiting"))
		find(q, FINDING_STOCK_WAITING, w->at, w->id, w->type, NO_VALUE);
	else if (!span_is(f->state, "known"))
		find(q, permit ? FINDING_PERMIT_UNKNOWN : FINDING_STOCK_UNKNOWN, w->at,
		     permit ? w->type : w->id, permit ? w->id : w->type, NO_VALUE);
	else if (permit)
		find_permit(q, w, f);
	else
		find_goods(q, w, f);
}

static void find_bill(const struct finding_of *q, const struct writeoff_want *w,
		      const struct stock_fact *f)
{
	if (span_is(f->state, "known"))
		find_over(q, w, f);
	else if (span_is(f->state, "ambiguous"))
		find(q, FINDING_WRITE_OFF_AMBIGUOUS, w->at, w->type, w->id, NO_VALUE);
	else
		find(q, q->f->awaited ? FINDING_WRITE_OFF_AWAITED : FINDING_WRITE_OFF_UNKNOWN,
		     w->at, w->type, w->id, NO_VALUE);
}

static const struct stock_fact *fact_of(const struct facts *f, struct span account)
{
	for (uint32_t i = 0; i < f->stock.n; i++)
		if (span_equal(f->stock.v[i].account, account) &&
		    !span_is(f->stock.v[i].state, "own"))
			return &f->stock.v[i];
	return NULL;
}

/* What others took of the goods that this case entered stays entered. */
static void find_in_use(const struct finding_of *q, const struct declaration *d)
{
	struct store_stock *opens;
	uint32_t n;

	writeoff_opens(q->arena, d, q->r, q->f, &opens, &n);
	for (uint32_t i = 0; i < q->f->stock.n; i++) {
		const struct stock_fact *own = &q->f->stock.v[i];
		const struct store_stock *now = NULL;
		bool less = false;

		if (!span_is(own->state, "own"))
			continue;
		for (uint32_t k = 0; k < n; k++)
			if (span_equal(opens[k].account, own->account))
				now = &opens[k];
		for (int m = 0; m < STOCK_MEASURES; m++)
			less = less || ((own->measured >> m & 1) &&
					(now ? now->granted[m] : 0) < own->taken[m]);
		if (less)
			find(q, FINDING_STOCK_IN_USE, NULL, own->account, NO_VALUE, NO_VALUE);
	}
}

void writeoff_find(struct arena *a, const struct declaration *d, const struct refset *r,
		   const struct facts *f, struct findings *to)
{
	const struct finding_of q = {a, r, f, to};
	struct writeoff_wants wants;

	if (!f->stock.n)
		return;
	writeoff_wants(a, d, r, f->legal_day, &wants);
	if (wants.shared)
		find(&q, FINDING_WRITE_OFF_SHARED, wants.shared, NO_VALUE, NO_VALUE, NO_VALUE);
	for (uint32_t i = 0; i < wants.list.n; i++) {
		const struct writeoff_want *w = &wants.list.v[i];
		const struct stock_fact *k = fact_of(f, w->account);

		if (!k)
			continue;
		if (w->row)
			find_other(&q, w, k);
		else
			find_bill(&q, w, k);
	}
	find_in_use(&q, d);
}
