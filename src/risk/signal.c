#include "risk/history.h"
#include "risk/room.h"

const struct signal_about signals[SIGNALS] = {
#define SIGNAL(id, name, type, scope, title) [SIGNAL_##id] = {name, TYPE_##type, SCOPE_##scope},
#include "risk/signals.def"
#undef SIGNAL
};

#define SIGNAL(id, name, type, scope, title)                                                       \
	_Static_assert((SCOPE_##scope == SCOPE_ITEM) == (SIGNAL_##id >= SIGNAL_FIRST_OF_ITEM),     \
		       name " stands out of order");
#include "risk/signals.def"
#undef SIGNAL

/* Not zeroed whole: values are written before they are read, and most are never asked for. */
void subject_begin(struct subject *s, struct arena *a, const struct declaration *d,
		   const struct assessment *assessed, const struct facts *facts,
		   const struct ruleset *rules)
{
	s->arena = a;
	s->d = d;
	s->assessed = assessed;
	s->facts = facts;
	s->rules = rules;
	s->item = NULL;
	s->index = UINT32_MAX;
	s->whole = (struct memo){.slots = rules->whole_slots};
	s->one = (struct memo){.slots = rules->item_slots};
	s->within = NULL;
	s->aggregates = NULL;
	s->past_known = 0;
	memset(s->state, 0, sizeof(s->state));
}

void subject_item(struct subject *s, uint32_t index)
{
	if (s->one.known)
		memset(s->one.known, 0, (s->one.slots / 64 + 1) * sizeof(*s->one.known));
	s->item = &s->d->shipment.items.v[index];
	s->index = index;
	s->past_known &= (1u << HISTORY_FIRST_OF_ITEM) - 1;
	memset(s->state + SIGNAL_FIRST_OF_ITEM, 0, SIGNALS - SIGNAL_FIRST_OF_ITEM);
}

static bool is_text(struct value *v, struct span text)
{
	v->text = text;
	return text.n > 0;
}

static bool is_number(struct value *v, struct decimal number)
{
	v->number = number;
	return number.set;
}

static bool is_count(struct value *v, int64_t count)
{
	v->number = decimal_of(count, 0);
	return true;
}

static bool is_money(struct value *v, const struct subject *s, struct money m)
{
	v->number = money_to_decimal(m, ref_digits(s->rules->ref));
	return true;
}

static struct span first_of(struct span a, struct span b)
{
	return a.n ? a : b;
}

/* ---- who ---- */

/* The same party whose history the facts hold as the importer's: on export it is the exporter. */
static struct span holder(const struct subject *s)
{
	return declaration_direction(s->d) == DIRECTION_EXPORT ? s->d->exporter.id
							       : s->d->shipment.importer.id;
}

/* Nobody has the history of a party without a number: what the facts count is then nobody's, and missing. */
static bool is_history(struct value *v, struct span of, int64_t count)
{
	return of.n && is_count(v, count);
}

/* (irregular * 10^6 + weight * base) / (selected + weight), rounded down: a few cases say little, so the share starts at the
 * country's base rate and moves as cases are examined. Counts that cannot be are missing. */
static bool is_share(const struct subject *s, struct value *v, struct span of,
		     const struct party_history *h)
{
	int64_t weight = s->rules->history_weight;
	__int128 share;

	if (!of.n || h->irregular < 0 || h->selected < h->irregular)
		return false;
	share = (__int128)h->irregular * 1000000 + (__int128)weight * s->rules->irregular_ppm;
	return is_count(v, (int64_t)(share / ((__int128)h->selected + weight)));
}

static bool read_declarant_declared(struct subject *s, struct value *v)
{
	return is_history(v, s->d->declarant.id, s->facts->declarant.declared);
}

static bool read_declarant_id(struct subject *s, struct value *v)
{
	return is_text(v, s->d->declarant.id);
}

static bool read_declarant_irregular(struct subject *s, struct value *v)
{
	return is_history(v, s->d->declarant.id, s->facts->declarant.irregular);
}

static bool read_declarant_irregular_ppm(struct subject *s, struct value *v)
{
	return is_share(s, v, s->d->declarant.id, &s->facts->declarant);
}

static bool read_declarant_selected(struct subject *s, struct value *v)
{
	return is_history(v, s->d->declarant.id, s->facts->declarant.selected);
}

static bool read_exporter_country(struct subject *s, struct value *v)
{
	return is_text(
	    v, first_of(s->d->exporter.address.country, s->d->shipment.consignor.address.country));
}

static bool read_exporter_name(struct subject *s, struct value *v)
{
	return is_text(v, first_of(s->d->exporter.name, s->d->shipment.consignor.name));
}

static bool read_importer_declared(struct subject *s, struct value *v)
{
	return is_history(v, holder(s), s->facts->importer.declared);
}

static bool read_importer_id(struct subject *s, struct value *v)
{
	return is_text(v, holder(s));
}

static bool read_importer_irregular(struct subject *s, struct value *v)
{
	return is_history(v, holder(s), s->facts->importer.irregular);
}

static bool read_importer_irregular_ppm(struct subject *s, struct value *v)
{
	return is_share(s, v, holder(s), &s->facts->importer);
}

static bool read_importer_selected(struct subject *s, struct value *v)
{
	return is_history(v, holder(s), s->facts->importer.selected);
}

/* ---- the declaration ---- */

static bool read_declaration_day(struct subject *s, struct value *v)
{
	return is_count(v, s->facts->legal_day);
}

static bool read_declaration_direction(struct subject *s, struct value *v)
{
	return is_text(v, span_of(direction_name(declaration_direction(s->d))));
}

static bool read_declaration_destination(struct subject *s, struct value *v)
{
	struct span country = s->d->shipment.destination;

	for (uint32_t i = 0; i < s->d->shipment.items.n && !country.n; i++)
		country = s->d->shipment.items.v[i].destination;
	return is_text(v, country);
}

static bool read_declaration_export_country(struct subject *s, struct value *v)
{
	struct span country = s->d->shipment.export_country;

	for (uint32_t i = 0; i < s->d->shipment.items.n && !country.n; i++)
		country = s->d->shipment.items.v[i].export_country;
	return is_text(v, country);
}

static bool read_declaration_gross_mass(struct subject *s, struct value *v)
{
	return is_number(v, s->d->gross_mass.value);
}

static bool read_declaration_incoterm(struct subject *s, struct value *v)
{
	return is_text(v, s->d->shipment.terms.code);
}

static bool read_declaration_items(struct subject *s, struct value *v)
{
	return is_count(v, s->d->shipment.items.n);
}

static bool read_declaration_office(struct subject *s, struct value *v)
{
	return is_text(v, first_of(s->facts->office, s->d->office));
}

static bool read_declaration_packages(struct subject *s, struct value *v)
{
	return is_number(v, s->d->package_count);
}

static bool read_declaration_total_due(struct subject *s, struct value *v)
{
	return s->assessed->complete && is_money(v, s, s->assessed->total_due);
}

static bool read_declaration_total_value(struct subject *s, struct value *v)
{
	return s->assessed->complete && is_money(v, s, s->assessed->total_value);
}

static bool read_declaration_transport_mode(struct subject *s, struct value *v)
{
	return is_text(
	    v, first_of(s->d->border_transport.mode, s->d->shipment.consignment.arrival.mode));
}

static bool read_declaration_type(struct subject *s, struct value *v)
{
	return is_text(v, s->d->type);
}

/* 1970-01-01, day 0, was a Thursday. */
static bool read_declaration_weekday(struct subject *s, struct value *v)
{
	int32_t since_monday = (s->facts->legal_day + 3) % 7;

	return is_count(v, (since_monday < 0 ? since_monday + 7 : since_monday) + 1);
}

/* ---- one goods item ---- */

static bool read_item_commodity(struct subject *s, struct value *v)
{
	return is_text(v, goods_item_code(s->arena, s->item));
}

static bool has_value(const struct subject *s)
{
	return s->assessed->complete && s->index < s->assessed->items;
}

static bool read_item_customs_value(struct subject *s, struct value *v)
{
	return has_value(s) && is_money(v, s, s->assessed->values[s->index].customs_value);
}

static bool read_item_description(struct subject *s, struct value *v)
{
	return is_text(v, s->item->commodity.description);
}

static bool read_item_gross_mass(struct subject *s, struct value *v)
{
	return is_number(v, s->item->commodity.gross_mass.value);
}

static bool read_item_net_mass(struct subject *s, struct value *v)
{
	return is_number(v, s->item->commodity.net_mass.value);
}

static bool read_item_origin(struct subject *s, struct value *v)
{
	return is_text(
	    v, first_of(goods_item_origin(s->item, false), goods_item_origin(s->item, true)));
}

static bool read_item_preference(struct subject *s, struct value *v)
{
	struct span claimed = {0};

	for (uint32_t i = 0; i < s->item->commodity.duties.n && !claimed.n; i++)
		claimed = s->item->commodity.duties.v[i].preference;
	return is_text(v, claimed);
}

static bool read_item_previous(struct subject *s, struct value *v)
{
	return s->item->procedures.n && is_text(v, s->item->procedures.v[0].previous);
}

static bool read_item_price(struct subject *s, struct value *v)
{
	return is_number(v, s->item->commodity.price.value);
}

static bool read_item_procedure(struct subject *s, struct value *v)
{
	return s->item->procedures.n && is_text(v, s->item->procedures.v[0].requested);
}

static bool read_item_quantity(struct subject *s, struct value *v)
{
	return is_number(v, s->item->commodity.tariff_quantity.value);
}

/* Goods without mass have no price for a kilogram. */
static bool read_item_unit_price(struct subject *s, struct value *v)
{
	return has_value(s) && history_unit_price(s->assessed->values[s->index].customs_value,
						  ref_digits(s->rules->ref),
						  s->item->commodity.net_mass.value, &v->number);
}

/* ---- the past ---- */

#define RATE(signal, kind)                                                                         \
	static bool read_##signal(struct subject *s, struct value *v)                              \
	{                                                                                          \
		return past_rate(s, kind, v);                                                      \
	}
RATE(declarant_rate, HISTORY_DECLARANT)
RATE(declaration_office_rate, HISTORY_OFFICE)
RATE(exporter_rate, HISTORY_EXPORTER)
RATE(importer_rate, HISTORY_IMPORTER)
RATE(item_chapter_rate, HISTORY_CHAPTER)
RATE(item_commodity_rate, HISTORY_COMMODITY)
RATE(item_heading_rate, HISTORY_HEADING)
RATE(item_importer_rate, HISTORY_PAIR)
RATE(item_origin_rate, HISTORY_ORIGIN)
#undef RATE

static bool read_declarant_first_time(struct subject *s, struct value *v)
{
	return is_history(v, s->d->declarant.id, s->facts->declarant.declared == 0);
}

static bool read_exporter_first_time(struct subject *s, struct value *v)
{
	return past_first(s, HISTORY_EXPORTER, v);
}

static bool read_importer_first_time(struct subject *s, struct value *v)
{
	return is_history(v, holder(s), s->facts->importer.declared == 0);
}

static bool read_item_first_time(struct subject *s, struct value *v)
{
	return past_first(s, HISTORY_PAIR, v);
}

static bool read_item_price_deviation(struct subject *s, struct value *v)
{
	return past_price(s, PRICE_DEVIATION, v);
}

static bool read_item_price_median(struct subject *s, struct value *v)
{
	return past_price(s, PRICE_MEDIAN, v);
}

static bool read_item_prices(struct subject *s, struct value *v)
{
	return past_price(s, PRICE_COUNT, v);
}

bool signal_read(struct subject *s, enum signal what)
{
	static bool (*const read[SIGNALS])(struct subject *, struct value *) = {
#define SIGNAL(id, name, type, scope, title) [SIGNAL_##id] = read_##id,
#include "risk/signals.def"
#undef SIGNAL
	};

	return read[what](s, &s->value[what]);
}
