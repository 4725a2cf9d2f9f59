/* What a message asks for, its dates, references, parties and securities. */
#include "check/room.h"

/* ---- the message ---- */

void check_function_unknown(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	/* A missing function is the reader's finding, a missing type that of another check. */
	if (d->function.n && d->type.n && declaration_function(d) == FUNCTION_UNKNOWN)
		report(c, &d->function, d->function, d->type, NO_VALUE);
}

void check_type_unknown(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (d->type.n && c->direction == DIRECTION_UNKNOWN)
		report(c, &d->type, d->type, NO_VALUE, NO_VALUE);
}

void check_item_count(struct checking *c, const void *object)
{
	const struct declaration *d = object;
	uint32_t n = d->shipment.items.n;

	if (d->item_count.set && decimal_compare(d->item_count, decimal_of(n, 0)) != 0)
		report(c, &d->item_count, say_decimal(c, d->item_count), say_number(c, n),
		       NO_VALUE);
}

void check_office_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (!d->office.n && !d->presentation_office.n && !d->supervising_office.n)
		report(c, &d->office, NO_VALUE, NO_VALUE, NO_VALUE);
}

/* ---- dates ---- */

void check_acceptance_old(struct checking *c, const void *object)
{
	const struct declaration *d = object;
	int32_t days;

	/* A supplementary declaration speaks of goods that were accepted long ago. */
	if (!day_known(&d->accepted_time) ||
	    setting_has(c, SETTING_supplementary_types, type_letter(d)))
		return;
	days = setting_number(c, SETTING_acceptance_days);
	if (d->accepted_time.day < c->day - days)
		report(c, &d->accepted_time, say_day(c, d->accepted_time.day), say_number(c, days),
		       NO_VALUE);
}

void check_invoice_old(struct checking *c, const void *object)
{
	const struct datetime *t = &((const struct declaration *)object)->shipment.invoice_time;
	int32_t years;

	if (!day_known(t) || t->day > c->day - DAYS_A_YEAR)
		return; /* as most are */
	years = setting_number(c, SETTING_invoice_years);
	if (t->day < day_years_before(c->day, years))
		report(c, t, say_day(c, t->day), say_number(c, years), NO_VALUE);
}

/* ---- totals ---- */

static void report_sum(struct checking *c, const void *place, struct decimal total,
		       const struct sum *sum)
{
	if (sum_differs(sum, total))
		report(c, place, say_decimal(c, total),
		       sum->overflow ? SPAN("> 10^18") : say_decimal(c, sum->total), NO_VALUE);
}

void check_gross_mass_sum(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (d->shipment.items.n)
		report_sum(c, &d->gross_mass, d->gross_mass.value, &c->gross);
}

void check_package_sum(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (d->shipment.items.n)
		report_sum(c, &d->package_count, d->package_count, &c->packages);
}

void check_invoice_sum(struct checking *c, const void *object)
{
	const struct amount *total = &((const struct declaration *)object)->invoice_total;

	if (c->d->shipment.items.n && c->same_currency && span_equal(total->currency, c->currency))
		report_sum(c, total, total->value, &c->price);
}

/* ---- authorisations and guarantees ---- */

static bool authorised(struct checking *c, enum setting kinds)
{
	for (uint32_t i = 0; i < c->d->authorisations.n; i++)
		if (setting_has(c, kinds, c->d->authorisations.v[i].type))
			return true;
	return false;
}

void check_authorisation_incomplete(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	for (uint32_t i = 0; i < d->authorisations.n; i++) {
		const struct authorisation *a = &d->authorisations.v[i];

		if (!a->holder.n || !a->type.n)
			report(c, a, NO_VALUE, NO_VALUE, NO_VALUE);
	}
}

void check_authorisation_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (setting_has(c, SETTING_simplified_types, type_letter(d)) &&
	    !authorised(c, SETTING_simplified_authorisations))
		report(c, &d->authorisations, d->type,
		       setting(c, SETTING_simplified_authorisations), NO_VALUE);
}

void check_guarantee_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (c->suspended && !d->guarantees.n && !authorised(c, SETTING_guarantee_authorisations))
		report(c, &d->guarantees, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_guarantee_reference(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	for (uint32_t i = 0; i < d->guarantees.n; i++)
		if (!d->guarantees.v[i].id.n && !d->guarantees.v[i].reference.n)
			report(c, &d->guarantees.v[i].id, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_warehouse_missing(struct checking *c, const void *object)
{
	const struct warehouse *w = &((const struct declaration *)object)->shipment.warehouse;

	if (c->warehoused && !w->id.n)
		report(c, &w->id, c->warehoused->requested, c->warehoused->previous, NO_VALUE);
}

/* ---- parties ---- */

/* Enough to know who it is: the registration number, or name and address. */
static bool identified(const struct party *p)
{
	return p->id.n ||
	       (p->name.n && p->address.country.n && (p->address.city.n || p->address.line.n));
}

void check_importer_missing(struct checking *c, const void *object)
{
	const struct party *p = &((const struct declaration *)object)->shipment.importer;

	if (!identified(p))
		report(c, p, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_exporter_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;

	if (!identified(&d->exporter) && !identified(&d->shipment.consignor))
		report(c, &d->exporter, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_consignee_missing(struct checking *c, const void *object)
{
	const struct shipment *s = &((const struct declaration *)object)->shipment;

	for (uint32_t i = 0; i < s->items.n; i++)
		if (!identified(&s->consignee) && !identified(&s->items.v[i].consignee)) {
			report(c, &s->consignee, NO_VALUE, NO_VALUE, NO_VALUE);
			return;
		}
}

void check_party_empty(struct checking *c, const void *object)
{
	const struct party *p = object;

	if (!p->id.n && !p->name.n)
		report(c, p, NO_VALUE, NO_VALUE, NO_VALUE);
}

/* The holder of the state's own accounts (ledger/ledger.h), the hub, a gateway's word for everybody, and the names under which
 * agencies and offices find what concerns them. */
void check_party_id_reserved(struct checking *c, const void *object)
{
	static const char *const reserved[] = {"treasury", "hub", "operator", "*"};
	const struct party *p = object;

	bool is = span_starts(p->id, SPAN("agency/")) || span_starts(p->id, SPAN("office/"));

	for (size_t i = 0; i < ARRAY_LEN(reserved) && !is; i++)
		is = span_is(p->id, reserved[i]);
	if (is)
		report(c, &p->id, p->id, NO_VALUE, NO_VALUE);
}

static bool same_party(const struct party *a, const struct party *b)
{
	if (a->id.n && b->id.n)
		return span_equal(a->id, b->id);
	return a->name.n && span_equal(a->name, b->name) &&
	       span_equal(a->address.country, b->address.country) &&
	       span_equal(a->address.city, b->address.city);
}

void check_buyer_is_seller(struct checking *c, const void *object)
{
	const struct shipment *s = &((const struct declaration *)object)->shipment;

	if (same_party(&s->buyer, &s->seller))
		report(c, &s->seller, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_representation_unstated(struct checking *c, const void *object)
{
	const struct declaration *d = object;
	const struct party *trader =
	    c->direction == DIRECTION_EXPORT ? &d->exporter : &d->shipment.importer;

	if (!d->agent.head.present && d->declarant.id.n && trader->id.n &&
	    !span_equal(d->declarant.id, trader->id))
		report(c, &d->agent, d->declarant.id, trader->id, NO_VALUE);
}

/* ---- remarks ---- */

void check_statement_empty(struct checking *c, const void *object)
{
	const struct statement *s = object;

	if (!s->code.n && !s->text.n)
		report(c, s, NO_VALUE, NO_VALUE, NO_VALUE);
}
