/* Goods that stay under a procedure: the accounts that a declaration opens for them. Pure. */
#include "hub/stock/measures.h"
#include "hub/stock/writeoff.h"

static struct span number_of(struct arena *a, const struct goods_item *i, uint32_t at)
{
	struct text t = text_in(a);

	if (i->sequence.set && !i->sequence.scale)
		text_int(&t, i->sequence.units);
	else
		text_int(&t, (int64_t)at + 1);
	return text_as_span(&t);
}

/* What is there to be taken: what the item says of itself. */
static void grant(struct store_stock *k, const struct goods_item *i)
{
	const struct commodity *c = &i->commodity;
	struct stock_amount granted = {{0}};

	for (uint32_t n = 0; n < i->packages.n; n++)
		(void)measures_add_packages(&granted, i->packages.v[n].count);
	(void)measures_add_mass(&granted, c->net_mass.value.set ? &c->net_mass : &c->gross_mass);
	if (c->tariff_quantity.value.set && measures_add_quantity(&granted, &c->tariff_quantity))
		k->unit = c->tariff_quantity.unit.p ? c->tariff_quantity.unit : SPAN("");
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (granted.of[m])
			k->measured |= INT64_C(1) << m;
	memcpy(k->granted, granted.of, sizeof(k->granted));
}

void writeoff_opens(struct arena *a, const struct declaration *d, const struct refset *r,
		    const struct facts *f, struct store_stock **ret, uint32_t *ret_n)
{
	const struct shipment *s = &d->shipment;
	struct span holder = f->holder;

	span_cut(&holder, '/');
	*ret = ARENA_ARRAY(a, struct store_stock, s->items.n + 1);
	*ret_n = 0;
	if (!ref_write_offs(r) || (d->type.n >= 3 && memchr("XYZ", d->type.p[2], 3)))
		return;
	for (uint32_t i = 0; i < s->items.n; i++) {
		const struct goods_item *item = &s->items.v[i];
		const struct ref_write_off *row =
		    item->procedures.n
			? ref_write_off_of(r, false, item->procedures.v[0].requested, f->legal_day)
			: NULL;
		struct store_stock *k = &(*ret)[*ret_n];

		if (!row)
			continue;
		*k = (struct store_stock){
		    .account = span_of(arena_print(a, "stock/%.*s/%.*s", SPAN_ARG(f->reference),
						   SPAN_ARG(number_of(a, item, i)))),
		    .carrier = SPAN(""),
		    .kind = span_of(arena_print(a, "%s/%.*s", ref_write_off_kind_name(row->kind),
						SPAN_ARG(row->code))),
		    .source = f->reference,
		    .consignee = holder.p ? holder : SPAN(""),
		    .goods = goods_item_code(a, item),
		    .unit = SPAN(""),
		    .from_day = SPAN(""),
		    .until_day = SPAN(""),
		};
		grant(k, item);
		*ret_n += k->measured != 0;
	}
}
