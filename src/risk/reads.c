/* Which fields of a declaration a set of rules reads: what somebody must have of it to select by the set. */
#include "risk/room.h"

/* Read of every declaration: who has the history, which way the goods go, how many items there are. */
static const char always[] = "type declarant.id exporter.id shipment.importer.id shipment.items";

#define ITEM      "shipment.items."
#define COMMODITY ITEM "commodity."
#define CODE      COMMODITY "classifications.id " COMMODITY "classifications.type"
#define ORIGIN    ITEM "origins.country " ITEM "origins.type"
#define MASS      COMMODITY "net_mass"
#define DOCUMENTS                                                                                  \
	"documents.category documents.type " ITEM "documents.category " ITEM "documents.type"

/* Signals that are not here rest on what is always read, on facts, or on what was assessed. */
static const char *const fields[SIGNALS] = {
    [SIGNAL_declaration_destination] = "shipment.destination " ITEM "destination",
    [SIGNAL_declaration_export_country] = "shipment.export_country " ITEM "export_country",
    [SIGNAL_declaration_gross_mass] = "gross_mass",
    [SIGNAL_declaration_incoterm] = "shipment.terms.code",
    [SIGNAL_declaration_office] = "office",
    [SIGNAL_declaration_packages] = "package_count",
    [SIGNAL_declaration_transport_mode] = "border_transport.mode shipment.consignment.arrival.mode",
    [SIGNAL_exporter_country] = "exporter.address.country shipment.consignor.address.country",
    [SIGNAL_exporter_name] = "exporter.name shipment.consignor.name",
    [SIGNAL_item_commodity] = CODE,
    [SIGNAL_item_description] = COMMODITY "description",
    [SIGNAL_item_gross_mass] = COMMODITY "gross_mass",
    [SIGNAL_item_net_mass] = MASS,
    [SIGNAL_item_origin] = ORIGIN,
    [SIGNAL_item_preference] = COMMODITY "duties.preference",
    [SIGNAL_item_previous] = ITEM "procedures.previous",
    [SIGNAL_item_price] = COMMODITY "price",
    [SIGNAL_item_price_deviation] = MASS,
    [SIGNAL_item_price_median] = MASS,
    [SIGNAL_item_prices] = MASS,
    [SIGNAL_item_procedure] = ITEM "procedures.requested",
    [SIGNAL_item_quantity] = COMMODITY "tariff_quantity",
    [SIGNAL_item_unit_price] = MASS,
};

void reads_note(struct arena *a, struct ruleset *s, const struct operand *o)
{
	switch ((enum operand_kind)o->kind) {
	case OF_SIGNAL:
		s->reads[o->signal] = true;
		return;
	case OF_PATH:
		*(const struct path **)arena_push(a, (void **)&s->paths.v, &s->paths.n,
						  &s->paths.room, sizeof(s->paths.v[0])) = o->of;
		return;
	case OF_DOCUMENTS:
		s->reads_documents = true;
		return;
	case OF_PAST: /* said in words with the price of the item */
		s->reads[SIGNAL_item_unit_price] = true;
		return;
	case OF_AGGREGATE: /* what it is about comes by itself */
		return;
	}
}

struct telling {
	void (*take)(void *context, struct span field);
	void *context;
};

static void tell_all(const struct telling *t, const char *names)
{
	while (names && *names) {
		uint32_t n = (uint32_t)strcspn(names, " ");

		t->take(t->context, (struct span){names, n, 0});
		names += n + strspn(names + n, " ");
	}
}

static void tell_path(const struct telling *t, struct arena *a, const struct path *p)
{
	struct text name = text_in(a);

	if (p->of_item)
		text_string(&name, "shipment.items");
	for (uint32_t i = 0; i < p->steps; i++)
		text_print(&name, "%s%s", name.n ? "." : "", p->step[i]->name);
	t->take(t->context, text_as_span(&name));
}

void risk_each_read(const struct ruleset *s, struct arena *a,
		    void (*take)(void *context, struct span field), void *context)
{
	const struct telling t = {take, context};

	tell_all(&t, always);
	for (uint32_t i = 0; i < SIGNALS; i++)
		if (s->reads[i])
			tell_all(&t, fields[i]);
	if (s->reads_documents)
		tell_all(&t, DOCUMENTS);
	for (uint32_t i = 0; i < s->paths.n; i++)
		tell_path(&t, a, s->paths.v[i]);
}
