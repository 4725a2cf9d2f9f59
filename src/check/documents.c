/* Supporting documents, permits and their write-off, documents of the operation before. */
#include "check/room.h"

/* ---- codes ---- */

bool document_is(const struct document *d, struct span code)
{
	return code.n == d->category.n + d->type.n && span_starts(code, d->category) &&
	       (d->type.n == 0 || memcmp(code.p + d->category.n, d->type.p, d->type.n) == 0);
}

static bool given_in(const struct document *v, uint32_t n, struct span code)
{
	for (uint32_t i = 0; i < n; i++)
		if (document_is(&v[i], code))
			return true;
	return false;
}

bool document_given(const struct checking *c, struct span code)
{
	const struct goods_item *i = c->item.item;

	return (i && given_in(i->documents.v, i->documents.n, code)) ||
	       given_in(c->d->documents.v, c->d->documents.n, code);
}

/* The code as it will be read by people. */
static struct span say_code(struct checking *c, const struct document *d)
{
	return document_code(c->f->arena, d);
}

/* ---- each document ---- */

void check_document_code_missing(struct checking *c, const void *object)
{
	const struct document *d = object;

	if (!d->type.n)
		report(c, &d->type, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_document_number_missing(struct checking *c, const void *object)
{
	const struct document *d = object;

	/* A status or a reason may say why there is none. */
	if (d->type.n && !d->id.n && !d->status.n && !d->name.n)
		report(c, &d->id, say_code(c, d), NO_VALUE, NO_VALUE);
}

void check_document_old(struct checking *c, const void *object)
{
	const struct document *d = object;
	int32_t years;

	if (!day_known(&d->effective) || d->effective.day > c->day - DAYS_A_YEAR)
		return; /* as most are */
	years = setting_number(c, SETTING_document_years);
	if (d->effective.day < day_years_before(c->day, years))
		report(c, &d->effective, say_day(c, d->effective.day), say_number(c, years),
		       NO_VALUE);
}

void check_document_upcoming(struct checking *c, const void *object)
{
	const struct document *d = object;

	if (day_known(&d->effective) && d->effective.day > c->day)
		report(c, &d->effective, say_day(c, d->effective.day), say_day(c, c->day),
		       NO_VALUE);
}

static bool same_document(const struct document *a, const struct document *b)
{
	return span_equal(a->type, b->type) && span_equal(a->category, b->category) &&
	       span_equal(a->id, b->id) && span_equal(a->name, b->name);
}

void check_document_twice(struct checking *c, const void *object)
{
	const struct document *d = object;

	for (const struct document *before = c->siblings.v; before < d; before++)
		if (same_document(before, d)) {
			report(c, d, say_code(c, d), d->id.p ? d->id : SPAN("-"), NO_VALUE);
			return;
		}
}

/* Category and type as one word, in room. Nothing when it does not fit: then no pack holds it either. */
enum { DOCUMENT_CODE_ROOM = 24 };
static struct span joined(char room[DOCUMENT_CODE_ROOM], const struct document *d)
{
	if (d->category.n + d->type.n > DOCUMENT_CODE_ROOM)
		return NO_VALUE;
	if (d->category.n)
		memcpy(room, d->category.p, d->category.n);
	if (d->type.n)
		memcpy(room + d->category.n, d->type.p, d->type.n);
	return (struct span){room, d->category.n + d->type.n, d->type.line};
}

void check_document_type_unknown(struct checking *c, const void *object)
{
	const struct document *d = object;
	char room[DOCUMENT_CODE_ROOM];

	if (!d->type.n)
		return;
	if (!code_is_good(c, "document_type", joined(room, d)))
		report(c, &d->type, say_code(c, d), NO_VALUE, NO_VALUE);
}

/* ---- documents that others call for ---- */

void check_procedure_document_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;
	struct span rest = c->item.procedure ? c->item.procedure->documents : NO_VALUE;

	while (rest.p) {
		struct span code = span_cut(&rest, ' ');

		if (code.n && !document_given(c, code))
			report(c, &i->documents, code, c->item.main->requested, NO_VALUE);
	}
}

/* Does this permit concern the item? */
static bool permit_applies(const struct checking *c, const struct ref_permit *p)
{
	const struct goods_item *i = c->item.item;
	struct span country;

	if (!ref_holds(p->dates, c->day) ||
	    (p->direction != DIRECTION_UNKNOWN && p->direction != c->direction))
		return false;
	if (c->direction == DIRECTION_EXPORT)
		country = i->destination.n ? i->destination : c->d->shipment.destination;
	else
		country = goods_item_origin(i, false);
	return ref_area_has(c->r, p->area, country, c->day);
}

static void check_permits(struct checking *c, const struct ref_permit *p)
{
	for (; p; p = p->next)
		if (permit_applies(c, p) && !document_given(c, p->document))
			report(c, &c->item.item->documents, p->document, p->agency, c->item.code);
}

void check_permit_missing(struct checking *c, const void *object)
{
	struct span code = c->item.code;

	(void)object;
	/* The tariff's tree has levels of two digits each; "" is a permit for all goods. */
	for (uint32_t n = 0; code.n && n <= code.n; n += 2)
		check_permits(c, ref_permits(c->r, (struct span){code.p, n, 0}));
}

/* ---- write-off ---- */

/* What the item has of a unit: its net mass, or its tariff quantity. NULL when it does not say. */
static const struct quantity *item_quantity(struct checking *c, struct span unit)
{
	const struct commodity *k = &c->item.item->commodity;

	if (unit.n && setting_has(c, SETTING_mass_units, unit))
		return k->net_mass.value.set ? &k->net_mass : NULL;
	if (!k->tariff_quantity.value.set)
		return NULL;
	if (!unit.n || span_equal(unit, k->tariff_quantity.unit))
		return &k->tariff_quantity;
	if (!k->tariff_quantity.unit.n && c->item.commodity &&
	    span_equal(unit, c->item.commodity->unit))
		return &k->tariff_quantity;
	return NULL;
}

void check_write_off_quantity(struct checking *c, const void *object)
{
	const struct quantity *q = &((const struct document *)object)->write_off.quantity;
	const struct quantity *has =
	    c->item.item && q->value.set ? item_quantity(c, q->unit) : NULL;

	if (has && decimal_compare(q->value, has->value) > 0)
		report(c, q, say_decimal(c, q->value), say_decimal(c, has->value), NO_VALUE);
}

void check_write_off_unit(struct checking *c, const void *object)
{
	const struct quantity *q = &((const struct document *)object)->write_off.quantity;

	if (c->item.item && q->value.set && q->unit.n && !item_quantity(c, q->unit))
		report(c, q, q->unit, NO_VALUE, NO_VALUE);
}

/* ---- the operation before ---- */

void check_previous_document_missing(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	if (c->item.main && procedure_follows(c->item.main) && !i->previous.n &&
	    !c->d->shipment.previous.n)
		report(c, &i->previous, c->item.main->previous, NO_VALUE, NO_VALUE);
}

void check_previous_document_twice(struct checking *c, const void *object)
{
	const struct previous_document *d = object;

	for (const struct previous_document *b = c->siblings.v; b < d; b++)
		if (d->id.n && span_equal(b->id, d->id) && span_equal(b->type, d->type) &&
		    span_equal(b->category, d->category) &&
		    decimal_compare(b->line, d->line) == 0) {
			report(c, d, d->id, NO_VALUE, NO_VALUE);
			return;
		}
}
