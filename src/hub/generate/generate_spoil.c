#include "hub/generate/generate_spoil.h"

/* One item of the declaration, any of them. */
static struct goods_item *any_item(struct declaration *d, struct prng *p)
{
	return &d->shipment.items.v[prng_below(p, d->shipment.items.n)];
}

static void gross_mass_mistyped(struct declaration *d, struct prng *p)
{
	d->gross_mass.value.units += prng_between(p, 1, 900);
}

static void invoice_mistyped(struct declaration *d, struct prng *p)
{
	d->invoice_total.value.units += prng_between(p, 1, 90) * 100;
}

static void item_forgotten(struct declaration *d, struct prng *p)
{
	(void)p;
	d->item_count.units += 1;
}

static void packages_mistyped(struct declaration *d, struct prng *p)
{
	d->package_count.units += prng_between(p, 1, 40);
}

static void commodity_unknown(struct declaration *d, struct prng *p)
{
	static const char *const codes[] = {"00000000", "98765432", "77000000"};
	uint64_t which = prng_below(p, ARRAY_LEN(codes));

	any_item(d, p)->commodity.classifications.v[0].id = span_of(codes[which]);
}

static void description_vague(struct declaration *d, struct prng *p)
{
	static const char *const texts[] = {"goods", "various parts", "samples", "general cargo"};
	uint64_t which = prng_below(p, ARRAY_LEN(texts));

	any_item(d, p)->commodity.description = span_of(texts[which]);
}

static void net_above_gross(struct declaration *d, struct prng *p)
{
	struct goods_item *i = any_item(d, p);

	i->commodity.net_mass.value.units =
	    i->commodity.gross_mass.value.units + prng_between(p, 1, 50);
}

static void procedure_unknown(struct declaration *d, struct prng *p)
{
	any_item(d, p)->procedures.v[0].previous = SPAN("99");
}

static void currency_mistyped(struct declaration *d, struct prng *p)
{
	any_item(d, p)->commodity.price.currency = SPAN("XQX");
}

static void origin_forgotten(struct declaration *d, struct prng *p)
{
	struct goods_item *i = any_item(d, p);

	i->origins.n = 0;
	/* An export needs no origin: there, the destination is forgotten. */
	i->destination = (struct span){0};
	if (d->exit_office.n)
		d->shipment.destination = (struct span){0};
}

static void declarant_forgotten(struct declaration *d, struct prng *p)
{
	(void)p;
	d->declarant = (struct party){0};
}

static void documents_forgotten(struct declaration *d, struct prng *p)
{
	struct goods_item *i = any_item(d, p);

	/* Invoice and transport document stay; permits and proofs of origin are gone. */
	if (i->documents.n > 2)
		i->documents.n = 2;
	else
		i->packages.n = 0;
}

static void date_mistyped(struct declaration *d, struct prng *p)
{
	(void)p;
	d->shipment.invoice_time.text = SPAN("20261399");
}

static void office_mistyped(struct declaration *d, struct prng *p)
{
	(void)p;
	d->office = SPAN("QQQQQ999");
}

static void container_mistyped(struct declaration *d, struct prng *p)
{
	struct consignment *k = &d->shipment.consignment;

	if (!k->containers.n)
		gross_mass_mistyped(d, p);
	else
		k->containers.v[0].id = SPAN("LFCU000000X");
}

void generator_spoil(struct declaration *d, struct prng *p)
{
	static void (*const mistakes[])(struct declaration *, struct prng *) = {
	    commodity_unknown,   container_mistyped, currency_mistyped,   date_mistyped,
	    declarant_forgotten, description_vague,  documents_forgotten, gross_mass_mistyped,
	    invoice_mistyped,    item_forgotten,     net_above_gross,     office_mistyped,
	    origin_forgotten,    packages_mistyped,  procedure_unknown,
	};
	uint64_t which = prng_below(p, ARRAY_LEN(mistakes));

	mistakes[which](d, p);
}
