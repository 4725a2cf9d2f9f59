/* What a declaration takes of which bill, and what the facts find against it. Pure. */
#include "hub/cargo/measures.h"
#include "hub/cargo/writeoff.h"

struct span writeoff_account(struct arena *a, struct span type, struct span id)
{
	return span_of(arena_print(a, "bill/%.*s/%.*s", SPAN_ARG(type), SPAN_ARG(id)));
}

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

static struct writeoff_want *want_of(struct arena *a, struct writeoff_wants *w,
				     const struct previous_document *p)
{
	struct writeoff_want *one;

	for (uint32_t i = 0; i < w->list.n; i++)
		if (span_equal(w->list.v[i].type, p->type) && span_equal(w->list.v[i].id, p->id))
			return &w->list.v[i];
	one = arena_push(a, (void **)&w->list.v, &w->list.n, &w->list.room, sizeof(*one));
	*one = (struct writeoff_want){
	    .account = writeoff_account(a, p->type, p->id), .type = p->type, .id = p->id, .at = p};
	return one;
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

/* A mass in a unit that no bill has is the business of the checks: it is not counted. */
static void count_item(struct stock_amount *to, const struct goods_item *i)
{
	for (uint32_t k = 0; k < i->packages.n; k++)
		(void)measures_add_packages(to, i->packages.v[k].count);
	(void)measures_add_mass(to, &i->commodity.gross_mass);
}

static bool completes(const struct declaration *d)
{
	return d->type.n >= 3 && memchr("XYZ", d->type.p[2], 3);
}

void writeoff_wants(struct arena *a, const struct declaration *d, const struct refset *r,
		    struct writeoff_wants *ret)
{
	const struct shipment *s = &d->shipment;
	const struct previous_document *all;
	bool several;

	*ret = (struct writeoff_wants){0};
	if (!ref_write_off(r).n || completes(d))
		return;
	all = bill_of(s->previous.v, s->previous.n, r, &several);
	for (uint32_t i = 0; i < s->items.n; i++) {
		const struct goods_item *item = &s->items.v[i];
		bool many;
		const struct previous_document *own =
		    bill_of(item->previous.v, item->previous.n, r, &many);

		if (many || (!own && several)) {
			ret->shared = ret->shared ? ret->shared : own ? own : all;
			continue;
		}
		if (own || all)
			count_item(&want_of(a, ret, own ? own : all)->amount, item);
	}
	/* Bills that no item is left for are looked at all the same: they must be there. */
	if (all && !several && !ret->list.n && !ret->shared)
		(void)want_of(a, ret, all);
}

struct stock_tolerance writeoff_tolerance(const struct refset *r)
{
	return (struct stock_tolerance){
	    {ref_write_off_packages_ppm(r), ref_write_off_mass_ppm(r), 0}};
}

/* Without words: it stands in texts of every language. */
static struct span readable(struct arena *a, enum stock_measure m, int64_t v)
{
	struct text t = text_in(a);
	struct decimal d = decimal_of(v, m == STOCK_MASS ? 6 : 0);

	while (d.scale && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	decimal_write(&t, d);
	if (m == STOCK_MASS)
		text_string(&t, " kg");
	return text_as_span(&t);
}

static void find_over(struct arena *a, const struct writeoff_want *w, const struct stock_fact *f,
		      const struct stock_tolerance *t, struct findings *to)
{
	static const struct stock_hold nothing;
	struct stock_account account = {.measured = (unsigned)f->measured};

	memcpy(account.granted.of, f->granted, sizeof(account.granted.of));
	memcpy(account.reserved.of, f->taken, sizeof(account.reserved.of));
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++) {
		int64_t left = stock_left(&account, t, &nothing, m);

		left = left < 0 ? 0 : left;
		if (w->amount.of[m] > left)
			finding_add(to, FINDING_WRITE_OFF_OVER, &w->at->id, w->id,
				    readable(a, m, w->amount.of[m]), readable(a, m, left));
	}
}

static const struct stock_fact *fact_of(const struct facts *f, struct span account)
{
	for (uint32_t i = 0; i < f->stock.n; i++)
		if (span_equal(f->stock.v[i].account, account))
			return &f->stock.v[i];
	return NULL;
}

void writeoff_find(struct arena *a, const struct declaration *d, const struct refset *r,
		   const struct facts *f, struct findings *to)
{
	const struct stock_tolerance t = writeoff_tolerance(r);
	struct writeoff_wants wants;

	if (!f->stock.n)
		return;
	writeoff_wants(a, d, r, &wants);
	if (wants.shared)
		finding_add(to, FINDING_WRITE_OFF_SHARED, &wants.shared->id, NO_VALUE, NO_VALUE,
			    NO_VALUE);
	for (uint32_t i = 0; i < wants.list.n; i++) {
		const struct writeoff_want *w = &wants.list.v[i];
		const struct stock_fact *k = fact_of(f, w->account);

		if (!k)
			continue;
		if (span_is(k->state, "known"))
			find_over(a, w, k, &t, to);
		else if (span_is(k->state, "ambiguous"))
			finding_add(to, FINDING_WRITE_OFF_AMBIGUOUS, &w->at->id, w->type, w->id,
				    NO_VALUE);
		else
			finding_add(
			    to, f->awaited ? FINDING_WRITE_OFF_AWAITED : FINDING_WRITE_OFF_UNKNOWN,
			    &w->at->id, w->type, w->id, NO_VALUE);
	}
}
