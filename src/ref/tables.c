/* The tables of a pack: what columns each has, and where a row of it goes in the snapshot. docs/packs.md says what they mean. */
#include <stdlib.h>

#include "base/limits.h"
#include "ref/loader.h"

/* The map of a name inside a map of maps. */
static struct map *map_named(struct loader *l, struct map *outer, struct span name)
{
	struct map *inner = map_get(outer, name);

	if (!inner) {
		inner = ARENA_NEW(l->arena, struct map);
		*inner = map_in(l->arena);
		map_put(outer, name, inner);
	}
	return inner;
}

/* ---- pack.csv ---- */

enum { PACK_KEY, PACK_VALUE };
static const struct column pack_columns[] = {PLAIN("key", FIELD_WORD), PLAIN("value", FIELD_LATER)};

static void take_setting(struct loader *l, const struct row *r)
{
	const struct field *value = &r->field[PACK_VALUE];
	struct setting *new = ARENA_NEW(l->arena, struct setting);

	*new = (struct setting){value->text, value->line, value->column};
	map_put(&l->set->settings, r->field[PACK_KEY].text, new);
}

/* Whether French names are needed must be known before the first table that has them. */
static void finish_settings(struct loader *l)
{
	const struct setting *languages = map_get(&l->set->settings, SPAN("languages"));
	struct span rest = languages ? languages->value : (struct span){0}, word;

	while ((word = next_word(&rest)).n)
		if (span_is(word, "fr"))
			l->french = true;
}

/* ---- code lists: countries, currencies, offices and all others ---- */

static struct code_list *list_named(struct loader *l, struct span name)
{
	struct code_list *list = map_get(&l->set->lists, name);

	if (!list) {
		list = ARENA_NEW(l->arena, struct code_list);
		list->codes = map_in(l->arena);
		map_put(&l->set->lists, name, list);
	}
	return list;
}

static struct ref_code *add_code(struct loader *l, struct span list_name, const struct row *r,
				 uint32_t code, uint32_t english)
{
	struct code_list *list = list_named(l, list_name);
	struct code_row *row = ARENA_NEW(l->arena, struct code_row);
	struct ref_code *new = &row->code;

	new->code = r->field[code].text;
	new->name = text_at(r, english);
	new->dates = r->dates;
	CHAIN(&list->codes, new->code, new);
	if (list->last)
		list->last->following = row;
	else
		list->first = row;
	list->last = row;
	return new;
}

enum { COUNTRY_CODE, COUNTRY_EN, COUNTRY_FR };
static const struct column country_columns[] = {LETTERS("code", 2), NAMES};

static void take_country(struct loader *l, const struct row *r)
{
	add_code(l, SPAN("country"), r, COUNTRY_CODE, COUNTRY_EN);
}

enum { CURRENCY_CODE, CURRENCY_EN, CURRENCY_FR, CURRENCY_DIGITS };
/* ISO 4217 knows minor units of up to four decimals. */
static const struct column currency_columns[] = {LETTERS("code", 3), NAMES, WHOLE("digits", 0, 4)};

static void take_currency(struct loader *l, const struct row *r)
{
	struct ref_code *new = add_code(l, SPAN("currency"), r, CURRENCY_CODE, CURRENCY_EN);

	new->digits = (uint8_t)r->field[CURRENCY_DIGITS].whole;
}

enum { OFFICE_CODE, OFFICE_EN, OFFICE_FR, OFFICE_KIND };
static const struct column office_columns[] = {
    PLAIN("code", FIELD_WORD), NAMES, CHOICE("kind", "border inland airport seaport post")};

static void take_office(struct loader *l, const struct row *r)
{
	struct ref_code *new = add_code(l, SPAN("office"), r, OFFICE_CODE, OFFICE_EN);

	new->kind = r->field[OFFICE_KIND].text;
}

enum { CODE_LIST, CODE_CODE, CODE_EN, CODE_FR };
static const struct column code_columns[] = {PLAIN("list", FIELD_WORD), PLAIN("code", FIELD_WORD),
					     NAMES};

/* A misspelled list would switch its check off without a word. */
static void take_code(struct loader *l, const struct row *r)
{
	const struct field *list = &r->field[CODE_LIST];
	bool own_table = span_is(list->text, "country") || span_is(list->text, "currency") ||
			 span_is(list->text, "office");

	if (own_table)
		FIELD_FAULT(l, list, "list.table", "list \"%.*s\" has a table of its own",
			    QUOTE_ARG(list->text));
	else if (list->text.n && !map_get(&l->set->lists, list->text) &&
		 !list_name_known(list->text))
		FIELD_FAULT(l, list, "list.unknown", "there is no list \"%.*s\"",
			    QUOTE_ARG(list->text));
	add_code(l, list->text, r, CODE_CODE, CODE_EN);
}

/* ---- areas.csv ---- */

enum { AREA_AREA, AREA_COUNTRY, AREA_EN, AREA_FR };
static const struct column area_columns[] = {
    PLAIN("area", FIELD_WORD), WORDS("country", FIELD_ONE, REFERS_COUNTRY),
    PLAIN("name_en", FIELD_ANY), PLAIN("name_fr", FIELD_ANY)};

/* The first row of a group names it; a group may not be taken for a country or for the whole world. */
static struct area *new_area(struct loader *l, const struct row *r)
{
	const struct field *name = &r->field[AREA_AREA], *english = &r->field[AREA_EN],
			   *french = &r->field[AREA_FR];
	struct area *new = ARENA_NEW(l->arena, struct area);

	*new = (struct area){text_at(r, AREA_EN), map_in(l->arena)};
	map_put(&l->set->areas, name->text, new);
	if (span_is(name->text, "*") || map_get(&list_named(l, SPAN("country"))->codes, name->text))
		FIELD_FAULT(l, name, "area.name", "a group may not be called \"%.*s\"",
			    QUOTE_ARG(name->text));
	if (!english->text.n || (l->french && !french->text.n))
		FIELD_FAULT(l, english->text.n ? french : english, "field.empty",
			    "the first row of a group must name it");
	return new;
}

static void take_area(struct loader *l, const struct row *r)
{
	struct area *area = map_get(&l->set->areas, r->field[AREA_AREA].text);
	struct term *new = ARENA_NEW(l->arena, struct term);

	if (!area)
		area = new_area(l, r);
	new->dates = r->dates;
	CHAIN(&area->members, r->field[AREA_COUNTRY].text, new);
}

/* ---- rates.csv ---- */

enum { RATE_CURRENCY, RATE_KNOWN_FROM, RATE_RATE, RATE_PER };
static const struct column rate_columns[] = {WORDS("currency", FIELD_ONE, REFERS_CURRENCY),
					     MAY_PLAIN("known_from", FIELD_DAY),
					     PLAIN("rate", FIELD_RATE), WHOLE("per", 1, 1000000)};

static struct rate_series *series_of(struct loader *l, struct span currency)
{
	struct rate_series *series = map_get(&l->set->rates, currency), **place;

	if (series)
		return series;
	series = ARENA_NEW(l->arena, struct rate_series);
	map_put(&l->set->rates, currency, series);
	place = arena_push(l->arena, (void **)&l->series, &l->series_count, &l->series_room,
			   sizeof(*place));
	*place = series;
	return series;
}

/* Rates follow one another without a gap; what corrects some of their days stands beside them. */
static void note_rate(struct loader *l, const struct row *r, bool corrects)
{
	const struct field *key[] = {&r->field[RATE_CURRENCY], &r->field[RATE_KNOWN_FROM]};

	if (r->dated)
		periods_add(l->scratch, corrects ? &l->corrected_rates : &l->rates,
			    key_of(l->scratch, key, ARRAY_LEN(key)), r);
}

static void take_rate(struct loader *l, const struct row *r)
{
	const struct field *currency = &r->field[RATE_CURRENCY];
	const struct setting *national = map_get(&l->set->settings, SPAN("currency"));
	struct rate_series *series = series_of(l, currency->text);
	int32_t known = (int32_t)r->field[RATE_KNOWN_FROM].whole;
	struct rate *new;

	if (national && currency->text.n && span_equal(currency->text, national->value))
		FIELD_FAULT(l, currency, "rate.national",
			    "the national currency is always 1 for 1");
	note_rate(l, r, known != INT32_MIN);
	if (known == INT32_MIN)
		new = arena_push(l->arena, (void **)&series->v, &series->n, &series->room,
				 sizeof(*new));
	else
		new = arena_push(l->arena, (void **)&series->corrected, &series->corrections,
				 &series->corrected_room, sizeof(*new));
	*new = (struct rate){r->dates, r->field[RATE_RATE].number, r->field[RATE_PER].whole, known};
}

static int by_from(const void *a, const void *b)
{
	const struct rate *x = a, *y = b;

	return (x->dates.from > y->dates.from) - (x->dates.from < y->dates.from);
}

static int by_known(const void *a, const void *b)
{
	const struct rate *x = a, *y = b;

	return (x->known < y->known) - (x->known > y->known);
}

static void finish_rates(struct loader *l)
{
	periods_check(l, &l->rates, NULL, true);
	periods_check(l, &l->corrected_rates, NULL, false);
	for (uint32_t i = 0; i < l->series_count; i++) {
		struct rate_series *s = l->series[i];

		if (s->n)
			qsort(s->v, s->n, sizeof(*s->v), by_from);
		if (s->corrections)
			qsort(s->corrected, s->corrections, sizeof(*s->corrected), by_known);
	}
}

/* ---- nomenclature.csv ---- */

enum { COMMODITY_CODE, COMMODITY_DECLARABLE, COMMODITY_UNIT, COMMODITY_EN, COMMODITY_FR };
static const struct column commodity_columns[] = {
    PLAIN("code", FIELD_WORD), WHOLE("declarable", 0, 1), WORDS("unit", FIELD_MAYBE, REFERS_UNIT),
    PLAIN("text_en", FIELD_TEXT), PLAIN("text_fr", FIELD_FRENCH)};

enum { COMMODITY_DIGITS = 10 };

static bool is_commodity_code(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= 2 && s.n <= COMMODITY_DIGITS && s.n % 2 == 0;
}

static void take_commodity(struct loader *l, const struct row *r)
{
	struct commodity_row *row = ARENA_NEW(l->arena, struct commodity_row);
	const struct field *code = &r->field[COMMODITY_CODE];
	struct ref_commodity *new = &row->commodity;

	*new = (struct ref_commodity){
	    .code = code->text,
	    .declarable = r->field[COMMODITY_DECLARABLE].whole,
	    .unit = r->field[COMMODITY_UNIT].text,
	    .text = text_at(r, COMMODITY_EN),
	    .dates = r->dates,
	};
	CHAIN(&l->set->commodities, code->text, new);
	if (code->text.n && !is_commodity_code(code->text)) {
		FIELD_FAULT(l, code, "commodity.code", "\"%.*s\" must be 2, 4, 6, 8 or 10 digits",
			    QUOTE_ARG(code->text));
	} else if (code->text.n && r->dated) {
		row->line = code->line;
		row->column = code->column;
		row->following = l->commodities;
		l->commodities = row;
	}
}

static bool holds_above(const struct loader *l, const struct ref_commodity *c)
{
	for (struct span above = c->code; above.n > 2;) {
		above.n -= 2;
		for (const struct ref_commodity *p = map_get(&l->set->commodities, above); p;
		     p = p->next)
			if (ref_holds(p->dates, c->dates.from))
				return true;
	}
	return c->code.n == 2;
}

static void finish_nomenclature(struct loader *l)
{
	for (const struct commodity_row *row = l->commodities; row; row = row->following) {
		const struct ref_commodity *c = &row->commodity;

		if (!holds_above(l, c))
			LOAD_FAULT(l, row->line, row->column, "commodity.parent",
				   "on its first day no shorter code stands above \"%.*s\"",
				   QUOTE_ARG(c->code));
	}
}

/* ---- levies.csv ---- */

enum {
	LEVY_CODE,
	LEVY_KIND,
	LEVY_ORDER,
	LEVY_BASES,
	LEVY_INCLUSIVE,
	LEVY_ROUNDING,
	LEVY_ROUND_TO,
	LEVY_DIRECTION,
	LEVY_EN,
	LEVY_FR,
	LEVY_FLOOR,
	LEVY_CEILING
};
static const struct column levy_columns[] = {PLAIN("code", FIELD_WORD),
					     CHOICE("kind", "duty excise vat fee"),
					     WHOLE("order", 0, 1000000),
					     PLAIN("bases", FIELD_LATER),
					     WHOLE("inclusive", 0, 1),
					     CHOICE("rounding", "half-up half-even down up"),
					     WHOLE("round_to", 1, 1000000),
					     CHOICE("direction", "import export both"),
					     NAMES,
					     MAY_PLAIN("floor", FIELD_LATER),
					     MAY_PLAIN("ceiling", FIELD_LATER)};

static void take_levy(struct loader *l, const struct row *r)
{
	int64_t direction = r->field[LEVY_DIRECTION].whole;
	struct levy_row *row;

	if (l->levy_count == LIMIT_LEVIES) {
		LOAD_FAULT(l, r->line, 0, "levy.too-many",
			   "a country has at most %d rows of levies", LIMIT_LEVIES);
		return;
	}
	row = &l->levies[l->levy_count++];
	row->bases = r->field[LEVY_BASES];
	row->floor = r->field[LEVY_FLOOR];
	row->ceiling = r->field[LEVY_CEILING];
	row->levy = (struct ref_levy){
	    .code = r->field[LEVY_CODE].text,
	    .kind = (enum levy_kind)r->field[LEVY_KIND]
			.whole, /* words stand in the order of the enums */
	    .order = r->field[LEVY_ORDER].whole,
	    .inclusive = r->field[LEVY_INCLUSIVE].whole,
	    .rounding = (enum rounding)r->field[LEVY_ROUNDING].whole,
	    .round_to = r->field[LEVY_ROUND_TO].whole,
	    .import = direction != 1,
	    .export = direction != 0,
	    .name = text_at(r, LEVY_EN),
	    .dates = r->dates,
	    .source = r->source,
	};
}

static void read_bound(struct loader *l, const struct field *f, struct decimal *ret)
{
	if (!f->text.n)
		return;
	if (decimal_parse(f->text, ret) || ret->units < 0)
		FIELD_FAULT(l, f, "field.number", "\"%.*s\" must be an amount of national money",
			    QUOTE_ARG(f->text));
	ret->set = true;
}

static int by_order(const void *a, const void *b)
{
	const struct ref_levy *x = &((const struct levy_row *)a)->levy,
			      *y = &((const struct levy_row *)b)->levy;
	int code = span_compare(x->code, y->code);

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (code)
		return code;
	return (x->dates.from > y->dates.from) - (x->dates.from < y->dates.from);
}

static bool overlap(struct ref_dates a, struct ref_dates b)
{
	return a.from <= b.to && b.from <= a.to;
}

/* A levy can only add to its base what is computed before it. Every version of the base counts that holds at some time with this
 * row. */
static void read_base(struct loader *l, struct ref_levy *levy, const struct field *bases,
		      struct span word)
{
	uint32_t column = bases->column + (uint32_t)(word.p - bases->text.p);

	if (span_is(word, "value")) {
		levy->on_value = true;
		return;
	}
	reference_check(l, bases, word, REFERS_LEVY);
	for (uint32_t i = 0; i < l->set->levy_count; i++) {
		const struct ref_levy *base = &l->set->levies[i];

		if (!span_equal(base->code, word) || !overlap(base->dates, levy->dates))
			continue;
		levy->on_levies |= UINT64_C(1) << i;
		if (base->order >= levy->order) {
			LOAD_FAULT(l, bases->line, column, "levy.order",
				   "levy \"%.*s\" is not computed before this one",
				   QUOTE_ARG(word));
			return;
		}
	}
}

static void finish_levies(struct loader *l)
{
	struct refset *s = l->set;
	struct span words, word;

	qsort(l->levies, l->levy_count, sizeof(l->levies[0]), by_order);
	s->levies = ARENA_ARRAY(l->arena, struct ref_levy, l->levy_count);
	s->levy_count = l->levy_count;
	for (uint32_t i = 0; i < s->levy_count; i++) {
		s->levies[i] = l->levies[i].levy;
		s->levies[i].index = i;
		read_bound(l, &l->levies[i].floor, &s->levies[i].floor);
		read_bound(l, &l->levies[i].ceiling, &s->levies[i].ceiling);
	}
	for (uint32_t i = 0; i < s->levy_count; i++) {
		words = l->levies[i].bases.text;
		while ((word = next_word(&words)).n)
			read_base(l, &s->levies[i], &l->levies[i].bases, word);
	}
}

/* ---- procedures.csv ---- */

enum {
	PROCEDURE_REQUESTED,
	PROCEDURE_PREVIOUS,
	PROCEDURE_DIRECTION,
	PROCEDURE_EFFECT,
	PROCEDURE_RELIEVED,
	PROCEDURE_DOCUMENTS,
	PROCEDURE_EN,
	PROCEDURE_FR,
	PROCEDURE_MONTHLY
};
static const struct column procedure_columns[] = {
    PLAIN("requested", FIELD_WORD),
    PLAIN("previous", FIELD_WORD),
    CHOICE("direction", DIRECTIONS),
    CHOICE("effect", "due suspended relieved partial"),
    WORDS("relieved", FIELD_MANY, REFERS_LEVY_OR_ALL),
    WORDS("documents", FIELD_MANY, REFERS_DOCUMENT),
    NAMES,
    MAY_PLAIN("monthly", FIELD_LATER)};

static enum direction direction_of(const struct field *f)
{
	return (enum direction)(DIRECTION_IMPORT + f->whole);
}

static void read_monthly(struct loader *l, const struct field *f, struct decimal *ret)
{
	if (decimal_parse(f->text, ret) || ret->units <= 0)
		FIELD_FAULT(l, f, "field.number",
			    "monthly \"%.*s\" must be a number above zero: per cent for a month",
			    QUOTE_ARG(f->text));
}

static void take_procedure(struct loader *l, const struct row *r)
{
	struct ref_procedure *new = ARENA_NEW(l->arena, struct ref_procedure);

	*new = (struct ref_procedure){
	    .requested = r->field[PROCEDURE_REQUESTED].text,
	    .previous = r->field[PROCEDURE_PREVIOUS].text,
	    .direction = direction_of(&r->field[PROCEDURE_DIRECTION]),
	    .effect = (enum procedure_effect)r->field[PROCEDURE_EFFECT].whole,
	    .relieved = r->field[PROCEDURE_RELIEVED].text,
	    .documents = r->field[PROCEDURE_DOCUMENTS].text,
	    .name = text_at(r, PROCEDURE_EN),
	    .dates = r->dates,
	    .source = r->source,
	};
	if (new->effect == EFFECT_PARTIAL)
		read_monthly(l, &r->field[PROCEDURE_MONTHLY], &new->monthly);
	CHAIN(&l->set->procedures, new->requested, new);
}

/* ---- permits.csv ---- */

enum {
	PERMIT_DOCUMENT,
	PERMIT_COMMODITY,
	PERMIT_DIRECTION,
	PERMIT_AREA,
	PERMIT_AGENCY,
	PERMIT_EN,
	PERMIT_FR
};
static const struct column permit_columns[] = {WORDS("document", FIELD_ONE, REFERS_DOCUMENT),
					       WORDS("commodity", FIELD_MAYBE, REFERS_COMMODITY),
					       CHOICE("direction", DIRECTIONS),
					       WORDS("area", FIELD_ONE, REFERS_AREA_OR_ALL),
					       PLAIN("agency", FIELD_TEXT),
					       NAMES};

static void take_permit(struct loader *l, const struct row *r)
{
	struct span commodity = r->field[PERMIT_COMMODITY].text;
	struct permit_chain *chain = map_get(&l->set->permits, commodity);
	struct ref_permit *new = ARENA_NEW(l->arena, struct ref_permit);

	*new = (struct ref_permit){
	    .document = r->field[PERMIT_DOCUMENT].text,
	    .commodity = commodity,
	    .area = r->field[PERMIT_AREA].text,
	    .agency = r->field[PERMIT_AGENCY].text,
	    .direction = direction_of(&r->field[PERMIT_DIRECTION]),
	    .name = text_at(r, PERMIT_EN),
	    .dates = r->dates,
	    .source = r->source,
	};
	if (l->set->last_permit)
		l->set->last_permit->following = new;
	else
		l->set->first_permit = new;
	l->set->last_permit = new;
	if (!chain) {
		chain = ARENA_NEW(l->arena, struct permit_chain);
		chain->first = chain->last = new;
		map_put(&l->set->permits, commodity, chain);
		return;
	}
	chain->last->next = new;
	chain->last = new;
}

/* ---- lanes.csv ---- */

enum { LANE_LANE, LANE_EXPECTED, LANE_EN, LANE_FR, LANE_MEANING_EN, LANE_MEANING_FR };
static const struct column lane_columns[] = {
    CHOICE("lane", "green blue yellow red"), WHOLE("expected_ppm", 0, 1000000), NAMES,
    PLAIN("meaning_en", FIELD_TEXT), PLAIN("meaning_fr", FIELD_FRENCH)};

static void take_lane(struct loader *l, const struct row *r)
{
	enum lane lane = lane_by_name(r->field[LANE_LANE].text);
	struct lane_row *new = ARENA_NEW(l->arena, struct lane_row);

	new->lane = (struct ref_lane){
	    .defined = true,
	    .expected_ppm = r->field[LANE_EXPECTED].whole,
	    .name = text_at(r, LANE_EN),
	    .meaning = text_at(r, LANE_MEANING_EN),
	    .source = r->source,
	};
	new->dates = r->dates;
	new->next = l->set->lanes[lane];
	l->set->lanes[lane] = new;
}

static void finish_lanes(struct loader *l)
{
	for (enum lane lane = LANE_GREEN; lane <= LANE_RED; lane++)
		if (!l->set->lanes[lane])
			LOAD_FAULT(l, 0, 0, "lane.missing", "lane \"%s\" is missing",
				   lane_name(lane));
}

/* ---- lists.csv ---- */

enum { LIST_LIST, LIST_VALUE };
static const struct column list_columns[] = {PLAIN("list", FIELD_WORD), PLAIN("value", FIELD_TEXT)};

static void take_list_value(struct loader *l, const struct row *r)
{
	struct map *values = map_named(l, &l->set->value_lists, r->field[LIST_LIST].text);
	struct term *new = ARENA_NEW(l->arena, struct term);

	new->dates = r->dates;
	CHAIN(values, r->field[LIST_VALUE].text, new);
}

/* ---- checks.csv ---- */

enum { CHECK_RULE, CHECK_SEVERITY };
static const struct column check_columns[] = {PLAIN("rule", FIELD_WORD),
					      CHOICE("severity", "info warning error off")};

static void take_check(struct loader *l, const struct row *r)
{
	const struct field *id = &r->field[CHECK_RULE];
	enum finding_rule rule = finding_by_id(id->text);
	int64_t word = r->field[CHECK_SEVERITY].whole;
	struct severity_row *new;

	if (rule == FINDING_RULES) {
		if (id->text.n)
			FIELD_FAULT(l, id, "check.unknown", "there is no check \"%.*s\"",
				    QUOTE_ARG(id->text));
		return;
	}
	new = ARENA_NEW(l->arena, struct severity_row);
	new->dates = r->dates;
	new->off = word > SEVERITY_ERROR;
	new->severity = new->off ? SEVERITY_INFO : (enum severity)word;
	new->next = l->set->severities[rule];
	l->set->severities[rule] = new;
}

/* ---- all of them ---- */

#define COLUMNS(c) .count = ARRAY_LEN(c), .columns = (c)

/* clang-format off */
const struct table tables[TABLES] = {
	[TABLE_PACK] = {"pack.csv", .required = true, .undated = true, .keys = 1, COLUMNS(pack_columns),
		.take = take_setting, .finish = finish_settings},
	[TABLE_COUNTRIES] = {"countries.csv", .required = true, .keys = 1, COLUMNS(country_columns),
		.take = take_country},
	[TABLE_CURRENCIES] = {"currencies.csv", .required = true, .keys = 1, COLUMNS(currency_columns),
		.take = take_currency},
	[TABLE_OFFICES] = {"offices.csv", .required = true, .keys = 1, COLUMNS(office_columns),
		.take = take_office},
	[TABLE_CODES] = {"codes.csv", .required = true, .keys = 2, COLUMNS(code_columns),
		.take = take_code},
	[TABLE_AREAS] = {"areas.csv", .keys = 2, COLUMNS(area_columns), .take = take_area},
	[TABLE_RATES] = {"rates.csv", COLUMNS(rate_columns), .take = take_rate, .finish = finish_rates},
	[TABLE_NOMENCLATURE] = {"nomenclature.csv", .required = true, .keys = 1,
		COLUMNS(commodity_columns), .take = take_commodity, .finish = finish_nomenclature},
	[TABLE_LEVIES] = {"levies.csv", .required = true, .keys = 1, COLUMNS(levy_columns),
		.take = take_levy, .finish = finish_levies},
	[TABLE_PROCEDURES] = {"procedures.csv", .required = true, .keys = 2,
		COLUMNS(procedure_columns), .take = take_procedure},
	[TABLE_REGULATIONS] = {"regulations.csv", .keys = 1, COLUMNS(regulation_columns),
		.take = take_regulation},
	[TABLE_FOOTNOTES] = {"footnotes.csv", .keys = 1, COLUMNS(footnote_columns),
		.take = take_footnote},
	[TABLE_MEASURE_TYPES] = {"measure_types.csv", .keys = 1, COLUMNS(measure_type_columns),
		.take = take_measure_type},
	[TABLE_COMPONENTS] = {"components.csv", .keys = 2, COLUMNS(component_columns),
		.take = take_component},
	[TABLE_CONDITIONS] = {"conditions.csv", .keys = 3, COLUMNS(condition_columns),
		.take = take_condition},
	[TABLE_QUOTAS] = {"quotas.csv", .keys = 1, COLUMNS(quota_columns), .take = take_quota,
		.finish = finish_quotas},
	[TABLE_QUOTA_STOPS] = {"quota_stops.csv", .keys = 2, COLUMNS(quota_stop_columns),
		.take = take_quota_stop},
	[TABLE_MEASURES] = {"measures.csv", .required = true, .keys = 2, COLUMNS(measure_columns),
		.take = take_measure, .finish = finish_measures},
	[TABLE_SYNONYMS] = {"synonyms.csv", .keys = 2, COLUMNS(synonym_columns), .take = take_synonym},
	[TABLE_PERMITS] = {"permits.csv", .keys = 4, COLUMNS(permit_columns), .take = take_permit},
	[TABLE_LANES] = {"lanes.csv", .required = true, .keys = 1, COLUMNS(lane_columns),
		.take = take_lane, .finish = finish_lanes},
	[TABLE_CAPACITY] = {"capacity.csv", .keys = 3, COLUMNS(capacity_columns), .take = take_capacity},
	[TABLE_LISTS] = {"lists.csv", .keys = 2, COLUMNS(list_columns), .take = take_list_value},
	[TABLE_CHECKS] = {"checks.csv", .keys = 1, COLUMNS(check_columns), .take = take_check},
	[TABLE_AGREEMENTS] = {"origin_agreements.csv", .keys = 1, COLUMNS(agreement_columns),
		.take = take_agreement},
	[TABLE_ORIGIN_RULES] = {"origin_rules.csv", .keys = 3, COLUMNS(origin_rule_columns),
		.take = take_origin_rule},
	[TABLE_ORIGIN_PROOFS] = {"origin_proofs.csv", .keys = 3, COLUMNS(origin_proof_columns),
		.take = take_origin_proof},
	[TABLE_WRITE_OFF] = {"write_off.csv", .keys = 2, COLUMNS(write_off_columns),
		.take = take_write_off},
	[TABLE_TRAVEL] = {"travel.csv", .keys = 1, COLUMNS(travel_columns), .take = take_travel},
	[TABLE_STEPS] = {"steps.csv", .keys = 2, COLUMNS(step_columns), .take = take_step},
};
/* clang-format on */
