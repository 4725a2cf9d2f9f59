/* How the goods travel: means of transport, containers, seals, places, countries. */
#include "check/room.h"

/* ---- means of transport ---- */

void check_transport_nationality_missing(struct checking *c, const void *object)
{
	const struct transport_means *t = &((const struct declaration *)object)->border_transport;

	if (t->mode.n && !t->nationality.n &&
	    !setting_has(c, SETTING_modes_without_nationality, t->mode))
		report(c, &t->nationality, t->mode, NO_VALUE, NO_VALUE);
}

void check_transport_id_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;
	const struct consignment *k = &d->shipment.consignment;
	const struct transport_means *t =
	    c->direction == DIRECTION_EXPORT ? &k->departure : &k->arrival;

	if (!t->id.n && !d->border_transport.id.n &&
	    !setting_has(c, SETTING_modes_without_identity, d->border_transport.mode))
		report(c, &t->id, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_transport_id_type_missing(struct checking *c, const void *object)
{
	const struct declaration *d = object;
	const struct transport_means *const means[] = {
	    &d->border_transport,
	    &d->shipment.consignment.arrival,
	    &d->shipment.consignment.departure,
	};

	for (uint32_t i = 0; i < ARRAY_LEN(means); i++)
		if (means[i]->id.n && !means[i]->id_type.n)
			report(c, &means[i]->id_type, means[i]->id, NO_VALUE, NO_VALUE);
}

void check_location_missing(struct checking *c, const void *object)
{
	const struct location *l =
	    &((const struct declaration *)object)->shipment.consignment.location;

	if (!l->id.n && !l->name.n)
		report(c, l, NO_VALUE, NO_VALUE, NO_VALUE);
}

/* ---- containers and seals ---- */

/* ISO 6346: letters count from 10 upwards without the multiples of 11 (A 10, B 12, L 23, V 34), each place weighs twice the
 * one before; the sum modulo 11, and a 10 is written 0. */
static unsigned container_digit(struct span s)
{
	unsigned sum = 0;

	for (uint32_t i = 0; i < 10; i++) {
		unsigned letter = (unsigned)s.p[i] - 'A';

		sum += (i < 4 ? 10 + letter + (letter + 9) / 10 : (unsigned)s.p[i] - '0') << i;
	}
	return sum % 11 % 10;
}

void check_container_check_digit(struct checking *c, const void *object)
{
	const struct container *k = object;
	unsigned digit;

	if (!form_container(k->id))
		return;
	digit = container_digit(k->id);
	if ((unsigned)k->id.p[10] - '0' != digit)
		report(c, &k->id, k->id, say_number(c, digit), NO_VALUE);
}

void check_container_flagged_none(struct checking *c, const void *object)
{
	const struct consignment *k = &((const struct declaration *)object)->shipment.consignment;

	if (span_is(k->containerised, "1") && !k->containers.n)
		report(c, &k->containers, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_container_not_flagged(struct checking *c, const void *object)
{
	const struct consignment *k = &((const struct declaration *)object)->shipment.consignment;

	if (span_is(k->containerised, "0") && k->containers.n)
		report(c, &k->containerised, say_number(c, k->containers.n), NO_VALUE, NO_VALUE);
}

/* The shipment's containers, sorted, once somebody asks. */
static const struct places *containers(struct checking *c)
{
	const struct consignment *k = &c->d->shipment.consignment;

	if (!c->listed_known) {
		c->listed = places_for(c->f->arena, k->containers.n);
		for (uint32_t i = 0; i < k->containers.n; i++)
			places_add(&c->listed, &k->containers.v[i].id);
		places_sort(&c->listed);
		c->listed_known = true;
	}
	return &c->listed;
}

void check_container_twice(struct checking *c, const void *object)
{
	(void)object;
	places_report_twice(c, containers(c));
}

void check_container_not_listed(struct checking *c, const void *object)
{
	const struct goods_item *i = object;

	for (uint32_t j = 0; j < i->commodity.containers.n; j++) {
		const struct span *id = &i->commodity.containers.v[j].id;

		if (id->n && !places_have(containers(c), *id))
			report(c, id, *id, NO_VALUE, NO_VALUE);
	}
}

void check_seal_twice(struct checking *c, const void *object)
{
	const struct consignment *k = &((const struct declaration *)object)->shipment.consignment;
	struct places seals;
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->containers.n; i++)
		n += k->containers.v[i].seals.n;
	seals = places_for(c->f->arena, n);
	for (uint32_t i = 0; i < k->containers.n; i++)
		for (uint32_t j = 0; j < k->containers.v[i].seals.n; j++)
			places_add(&seals, &k->containers.v[i].seals.v[j].id);
	places_sort(&seals);
	places_report_twice(c, &seals);
}

/* ---- countries ---- */

/* The item's own, or else the shipment's. */
static const struct span *of_item(const struct span *own, const struct span *shipments)
{
	return own->n ? own : shipments;
}

static const struct span *export_country(const struct checking *c)
{
	return of_item(&c->item.item->export_country, &c->d->shipment.export_country);
}

static const struct span *destination(const struct checking *c)
{
	return of_item(&c->item.item->destination, &c->d->shipment.destination);
}

void check_export_country_missing(struct checking *c, const void *object)
{
	(void)object;
	if (!export_country(c)->n)
		report(c, export_country(c), NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_export_country_own(struct checking *c, const void *object)
{
	const struct span *country = export_country(c);

	(void)object;
	if (!country->n || !span_equal(*country, ref_country(c->r)))
		return;
	if (!c->item.main ||
	    !setting_begins(c, SETTING_reimport_procedures, c->item.main->requested))
		report(c, country, *country, NO_VALUE, NO_VALUE);
}

void check_destination_missing(struct checking *c, const void *object)
{
	(void)object;
	if (!destination(c)->n)
		report(c, destination(c), NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_destination_own(struct checking *c, const void *object)
{
	const struct span *country = destination(c);

	(void)object;
	if (country->n && span_equal(*country, ref_country(c->r)))
		report(c, country, *country, NO_VALUE, NO_VALUE);
}

/* ---- terms of delivery and the cost of transport ---- */

void check_terms_place_missing(struct checking *c, const void *object)
{
	const struct trade_terms *t = &((const struct declaration *)object)->shipment.terms;

	if (t->code.n && !t->place.n && !t->place_name.n)
		report(c, &t->place, t->code, NO_VALUE, NO_VALUE);
}

/* Is the cost of transport declared apart from the price? */
static bool has_freight(struct checking *c, const struct charge *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (v[i].amount.value.units > 0 &&
		    charge_is(c, "charge_freight", SETTING_freight_charges, v[i].type))
			return true;
	return false;
}

static bool freight_declared(struct checking *c)
{
	const struct shipment *s = &c->d->shipment;
	bool found = s->freight.value.units > 0 || has_freight(c, s->charges.v, s->charges.n);

	for (uint32_t i = 0; !found && i < s->items.n; i++)
		found = has_freight(c, s->items.v[i].charges.v, s->items.v[i].charges.n);
	return found;
}

void check_freight_missing(struct checking *c, const void *object)
{
	const struct shipment *s = &((const struct declaration *)object)->shipment;

	if (ref_values_cif(c->r) && setting_has(c, SETTING_terms_without_freight, s->terms.code) &&
	    !freight_declared(c))
		report(c, &s->freight, s->terms.code, NO_VALUE, NO_VALUE);
}
