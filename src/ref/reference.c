/* Words that refer to rows of other tables. A row counts as known when it stands in its table at all, on any day: what does not
 * hold on the day of a case is that case's finding. */
#include "ref/loader.h"

static bool in_list(const struct loader *l, const char *list, struct span code)
{
	const struct code_list *codes = map_get(&l->set->lists, span_of(list));

	return codes && map_get(&codes->codes, code);
}

static bool known_country(const struct loader *l, struct span word)
{
	return in_list(l, "country", word);
}

static bool known_currency(const struct loader *l, struct span word)
{
	return in_list(l, "currency", word);
}

static bool known_document(const struct loader *l, struct span word)
{
	return in_list(l, "document_type", word);
}

static bool known_preference(const struct loader *l, struct span word)
{
	return in_list(l, "preference", word);
}

/* Net and gross mass are always declared, in kilograms; every other unit is a code of the country. */
static bool known_unit(const struct loader *l, struct span word)
{
	return span_is(word, "kg") || span_is(word, "gross_kg") || in_list(l, "unit", word);
}

static bool known_area(const struct loader *l, struct span word)
{
	return known_country(l, word) || map_get(&l->set->areas, word);
}

static bool known_area_or_all(const struct loader *l, struct span word)
{
	return span_is(word, "*") || known_area(l, word);
}

static bool known_commodity(const struct loader *l, struct span word)
{
	return map_get(&l->set->commodities, word);
}

static bool known_levy(const struct loader *l, struct span word)
{
	for (uint32_t i = 0; i < l->set->levy_count; i++)
		if (span_equal(l->set->levies[i].code, word))
			return true;
	return false;
}

static bool known_levy_or_all(const struct loader *l, struct span word)
{
	return span_is(word, "*") || known_levy(l, word);
}

static bool known_procedure(const struct loader *l, struct span word)
{
	return map_get(&l->set->procedures, word);
}

/* A pack that has no such table leaves the words to people, or to who keeps its quotas. */
static bool known_quota(const struct loader *l, struct span word)
{
	return !l->set->quota_periods.count || map_get(&l->set->quota_periods, word);
}

/* A pack that has no such table leaves the words to people. */
static bool known_regulation(const struct loader *l, struct span word)
{
	return !l->set->regulations.count || map_get(&l->set->regulations, word);
}

static bool known_footnote(const struct loader *l, struct span word)
{
	return !l->set->footnotes.count || map_get(&l->set->footnotes, word);
}

static bool known_measure_type(const struct loader *l, struct span word)
{
	return map_get(&l->set->measure_types, word);
}

static bool known_component(const struct loader *l, struct span word)
{
	return map_get(&l->set->components, word);
}

#define NAMED(noun) noun, noun ".unknown"
/* clang-format off */
static const struct {
	const char *noun, *rule;
	bool (*known)(const struct loader *l, struct span word);
	enum table_id table, other; /* when one could not be read, nothing can be said */
} kinds[REFERENCES] = {
	[REFERS_AREA]        = {NAMED("area"), known_area,        TABLE_AREAS,        TABLE_COUNTRIES},
	[REFERS_AREA_OR_ALL] = {NAMED("area"), known_area_or_all, TABLE_AREAS,        TABLE_COUNTRIES},
	[REFERS_COMMODITY]   = {NAMED("commodity"), known_commodity,   TABLE_NOMENCLATURE, TABLE_NOMENCLATURE},
	[REFERS_COMPONENT]   = {NAMED("component"), known_component, TABLE_COMPONENTS, TABLE_COMPONENTS},
	[REFERS_COUNTRY]     = {NAMED("country"), known_country,     TABLE_COUNTRIES,    TABLE_COUNTRIES},
	[REFERS_CURRENCY]    = {NAMED("currency"), known_currency,    TABLE_CURRENCIES,   TABLE_CURRENCIES},
	[REFERS_DOCUMENT]    = {NAMED("document"), known_document,    TABLE_CODES,        TABLE_CODES},
	[REFERS_FOOTNOTE]    = {NAMED("footnote"), known_footnote, TABLE_FOOTNOTES, TABLE_FOOTNOTES},
	[REFERS_LEVY]        = {NAMED("levy"), known_levy,        TABLE_LEVIES,       TABLE_LEVIES},
	[REFERS_LEVY_OR_ALL] = {NAMED("levy"), known_levy_or_all, TABLE_LEVIES,       TABLE_LEVIES},
	[REFERS_MEASURE_TYPE] = {"type of measure", "type.unknown", known_measure_type, TABLE_MEASURE_TYPES,
		TABLE_MEASURE_TYPES},
	[REFERS_PREFERENCE]  = {NAMED("preference"), known_preference,  TABLE_CODES,        TABLE_CODES},
	[REFERS_PROCEDURE]   = {NAMED("procedure"), known_procedure,   TABLE_PROCEDURES,   TABLE_PROCEDURES},
	[REFERS_QUOTA]       = {NAMED("quota"), known_quota, TABLE_QUOTAS, TABLE_QUOTAS},
	[REFERS_REGULATION]  = {NAMED("regulation"), known_regulation, TABLE_REGULATIONS, TABLE_REGULATIONS},
	[REFERS_UNIT]        = {NAMED("unit"), known_unit,        TABLE_CODES,        TABLE_CODES},
};
/* clang-format on */

bool reference_known(const struct loader *l, struct span word, enum reference to)
{
	return l->unread[kinds[to].table] || l->unread[kinds[to].other] || kinds[to].known(l, word);
}

void reference_check(struct loader *l, const struct field *f, struct span word, enum reference to)
{
	uint32_t into = f->text.n ? (uint32_t)(word.p - f->text.p) : 0;

	if (!reference_known(l, word, to))
		LOAD_FAULT(l, f->line, f->column + into, kinds[to].rule, "there is no %s \"%.*s\"",
			   kinds[to].noun, QUOTE_ARG(word));
}

/* ---- names of code lists ---- */

/* Lists that no single field of the dictionary has: engines ask for them by name. */
static const char *const other_lists[] = {
    "additional_procedure", "charge_addition", "charge_deduction", "charge_freight",
    "charge_insurance",     "document_absent", "document_type",    "origin_process",
    "preference_none",      "seal_party",
};

static bool class_uses(const struct dict_class *c, struct span list, uint32_t depth)
{
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];

		if (span_is(list, f->code_list))
			return true;
		if (f->kind == DICT_CLASS && depth && class_uses(f->of, list, depth - 1))
			return true;
	}
	return false;
}

bool list_name_known(struct span name)
{
	enum { DEEPEST = 16 };

	for (uint32_t i = 0; i < ARRAY_LEN(other_lists); i++)
		if (span_is(name, other_lists[i]))
			return true;
	return name.n && class_uses(&dict_declaration, name, DEEPEST);
}
