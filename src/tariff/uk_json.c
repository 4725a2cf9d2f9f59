#include "tariff/uk_json.h"

#include "base/limits.h"

static const struct {
	const char *id;
	enum tariff_levy kind;
	const char *preference;
} types[] = {
#define TYPE(id, kind, preference) {id, kind, preference},
#include "tariff/uk_measure_types.def"
#undef TYPE
};

/* Areas that stand for every origin: erga omnes, all third countries. */
static const char *const everywhere[] = {"1011", "1008"};

enum { EXCLUDED_MAX = 300 };

struct reading {
	struct tariff *t;
	struct span commodity;
};

/* ---- nomenclature ---- */

/* Ten digits without pairs of zeros at the end: the level that the code stands for, from a chapter to a subheading below. */
static struct span level_of(struct span code, uint32_t least)
{
	while (code.n > least && code.p[code.n - 1] == '0' && code.p[code.n - 2] == '0')
		code.n -= 2;
	return code;
}

static void add_commodity(struct reading *r, struct span code, const struct json *o,
			  bool declarable)
{
	struct tariff *t = r->t;
	struct span text = json_get_text(o, "description_plain");
	struct tariff_commodity *c;

	if (!tariff_is_code(code) || map_get(&t->seen, code))
		return;
	if (!text.n)
		text = json_get_text(o, "description");
	c = TARIFF_PUSH(t, commodities);
	*c = (struct tariff_commodity){.code = code,
				       .text_en = text.n ? text : code,
				       .source = t->name,
				       .declarable = declarable};
	c->code.line = o->line;
	map_put(&t->seen, code, (void *)(uintptr_t)t->commodities.n);
}

static struct span item_id(const struct json *o)
{
	return json_get_text(o, "goods_nomenclature_item_id");
}

static void take_tree(struct reading *r, const struct json *answer)
{
	const struct json *chapter = json_get(answer, "chapter"),
			  *heading = json_get(answer, "heading"),
			  *above = json_get(answer, "ancestors");
	const struct json *declarable = json_get(answer, "declarable");

	if (chapter && item_id(chapter).n >= 2)
		add_commodity(r, (struct span){item_id(chapter).p, 2, chapter->line}, chapter,
			      false);
	if (heading && item_id(heading).n >= 4)
		add_commodity(r, (struct span){item_id(heading).p, 4, heading->line}, heading,
			      false);
	for (const struct json *a = above ? above->first : NULL; a; a = a->next) {
		struct span code = level_of(item_id(a), 4);

		/* lines that only group others have the code of the first of them, and another suffix */
		if (span_is(json_get_text(a, "producline_suffix"), "80") && code.n > 4)
			add_commodity(r, code, a, false);
	}
	add_commodity(r, r->commodity, answer, declarable && declarable->kind == JSON_TRUE);
}

/* ---- expressions ---- */

static void add_unit(struct reading *r, struct span code)
{
	*TARIFF_PUSH(r->t, codes) = (struct tariff_code){SPAN("unit"), code, code, code};
}

/* A unit, and what qualifies it, as a word. */
static struct span unit_of(struct reading *r, const struct json *c)
{
	struct span unit = json_get_text(c, "measurement_unit_code");
	struct span qualifier = json_get_text(c, "measurement_unit_qualifier_code");

	if (!unit.n || (span_is(unit, "KGM") && !qualifier.n))
		return unit.n ? SPAN("kg") : unit;
	if (qualifier.n)
		unit = span_of(
		    arena_print(r->t->arena, "%.*s_%.*s", SPAN_ARG(unit), SPAN_ARG(qualifier)));
	add_unit(r, unit);
	return unit;
}

/* The amount of a component without zeros at its end. False: none, or no number of the hub's. */
static bool amount_of(const struct json *c, struct decimal *ret)
{
	const struct json *amount = json_get(c, "duty_amount");
	bool negative;

	if (!amount || amount->kind != JSON_NUMBER || decimal_parse(amount->text, ret))
		return false;
	negative = ret->units < 0;
	while (ret->scale && ret->units % 10 == 0) {
		ret->units /= 10;
		ret->scale--;
	}
	return !negative;
}

/* " + 3 GBP / TNE": one component behind what stands before. False: no such expression. */
static bool write_component(struct reading *r, struct text *to, const struct json *c)
{
	static const struct {
		const char *id, *sign;
	} signs[] = {{"01", " + "},   {"02", " - "},   {"04", " + "},
		     {"15", " min "}, {"17", " max "}, {"19", " + "},
		     {"20", " + "},   {"35", " max "}, {"36", " - "}};
	struct span id = json_get_text(c, "duty_expression_id");
	struct span currency = json_get_text(c, "monetary_unit_code"), unit = unit_of(r, c);
	struct decimal amount;
	uint32_t i = 0;

	while (i < ARRAY_LEN(signs) && !span_is(id, signs[i].id))
		i++;
	if (i == ARRAY_LEN(signs) || !amount_of(c, &amount))
		return false;
	text_string(to, to->n ? signs[i].sign : "");
	decimal_write(to, amount);
	if (span_is(unit, "RET")) {
		text_string(to, "% retail");
	} else if (!currency.n && !unit.n) {
		text_string(to, span_is(id, "36") ? "% cif" : "%");
	} else if (currency.n && unit.n) {
		text_print(to, " %.*s / %.*s", SPAN_ARG(currency), SPAN_ARG(unit));
	} else if (currency.n) {
		text_print(to, " %.*s", SPAN_ARG(currency));
	} else {
		return false;
	}
	return true;
}

/* Empty: an expression cannot say it. */
static struct span expression_of(struct reading *r, const struct json *components)
{
	struct text to = text_in(r->t->arena);
	struct rate_text rate;
	const char *why;
	uint32_t at;

	for (const struct json *c = components ? components->first : NULL; c; c = c->next)
		if (!write_component(r, &to, c))
			return (struct span){0};
	rate = tariff_rate_of(text_as_span(&to), &why, &at);
	return rate.calculable ? rate.expression : (struct span){0};
}

/* ---- measures ---- */

static bool take_unit(struct reading *r, const struct json *components)
{
	uintptr_t known = (uintptr_t)map_get(&r->t->seen, r->commodity);
	struct span unit =
	    components && components->first ? unit_of(r, components->first) : (struct span){0};

	if (unit.n && known)
		r->t->commodities.v[known - 1].unit = unit;
	return unit.n;
}

static bool is_everywhere(struct span area)
{
	return span_is(area, everywhere[0]) || span_is(area, everywhere[1]);
}

static struct span words_of(struct reading *r, const struct json *list, const char *member)
{
	struct text to = text_in(r->t->arena);
	uint32_t n = 0;

	for (const struct json *x = list ? list->first : NULL; x && n < EXCLUDED_MAX; x = x->next) {
		struct span word = json_get_text(x, member);

		if (word.n)
			text_print(&to, "%s%.*s", n++ ? " " : "", SPAN_ARG(word));
	}
	return text_as_span(&to);
}

static struct span area_of(struct reading *r, const struct json *area)
{
	struct span id = json_get_text(area, "id");
	const struct json *children = json_get(area, "children_geographical_areas");

	if (is_everywhere(id))
		return SPAN("*");
	if (children && children->first) {
		struct tariff_area *a;

		for (uint32_t i = 0; i < r->t->areas.n; i++)
			if (span_equal(r->t->areas.v[i].code, id))
				return id;
		a = TARIFF_PUSH(r->t, areas);
		a->code = id;
		a->members = words_of(r, children, "id");
		a->name_en = json_get_text(area, "description");
	}
	return id;
}

static struct span day_at(const struct json *m, const char *name)
{
	struct span s = json_get_text(m, name);

	if (s.n > 10)
		s.n = 10;
	return s;
}

static struct span reference_of(struct reading *r, const struct json *m, struct span type)
{
	const struct json *acts = json_get(m, "legal_acts");

	return span_of(
	    arena_print(r->t->arena, "%.*s %.*s", SPAN_ARG(type),
			SPAN_ARG(json_get_text(acts ? acts->first : NULL, "regulation_code"))));
}

static void leave(struct reading *r, const struct json *m, struct span type, const char *why)
{
	tariff_leave(r->t, m->line, 0, type, why);
}

static struct tariff_measure *add_measure(struct reading *r, const struct json *m, uint32_t type,
					  struct span expression)
{
	const struct json *id = json_get(m, "id");
	struct span preference = span_of(types[type].preference);
	struct tariff_measure *new = TARIFF_PUSH(r->t, measures);

	*new = (struct tariff_measure){
	    .id = span_of(arena_print(r->t->arena, "UK%.*s", SPAN_ARG(id ? id->text : SPAN("")))),
	    .kind = types[type].kind,
	    .commodity = r->commodity,
	    .area = area_of(r, json_get(m, "geographical_area")),
	    .exclude = words_of(r, json_get(m, "excluded_countries"), "id"),
	    .preference = preference,
	    .additional = json_get_text(json_get(m, "additional_code"), "code"),
	    .quota = json_get_text(json_get(m, "order_number"), "number"),
	    .reference = reference_of(r, m, span_of(types[type].id)),
	    .expression = expression,
	    .from = day_at(m, "effective_start_date"),
	    .to = day_at(m, "effective_end_date"),
	    .source = r->t->name,
	    .line = m->line};
	if (preference.n)
		*TARIFF_PUSH(r->t, codes) =
		    (struct tariff_code){SPAN("preference"), preference, preference, preference};
	return new;
}

/* One measure for each document that makes a rate apply; the rate for who has none is one more. */
static void take_conditions(struct reading *r, const struct json *m, uint32_t type, struct span own)
{
	for (const struct json *c = json_get(m, "measure_conditions")->first; c; c = c->next) {
		struct span document = json_get_text(c, "document_code");
		const struct json *components = json_get(c, "measure_condition_components");
		struct span action = json_get_text(c, "action");
		struct span rate =
		    components && components->first ? expression_of(r, components) : own;
		struct tariff_measure *new;

		if (span_is(action, "Measure not applicable") && !document.n)
			continue;
		if (json_get(c, "condition_duty_amount") &&
		    json_get(c, "condition_duty_amount")->kind == JSON_NUMBER) {
			leave(r, m, span_of(types[type].id),
			      "the rate depends on a price or a quantity");
			continue;
		}
		if (!rate.n || !span_starts(action, SPAN("Apply the "))) {
			leave(r, m, span_of(types[type].id), "a condition that is no rate");
			continue;
		}
		new = add_measure(r, m, type, rate);
		new->document = document;
		if (document.n)
			*TARIFF_PUSH(r->t, codes) = (struct tariff_code){
			    SPAN("document_type"), document, document, document};
	}
}

static void report_third_country(struct reading *r, const struct json *m, struct span expression)
{
	struct tariff_line line = {.code = r->commodity, .line = m->line};
	const char *why;
	uint32_t at;

	line.general = (struct tariff_rate){expression, tariff_rate_of(expression, &why, &at)};
	tariff_add_line(r->t, &line);
}

static void take_measure(struct reading *r, const struct json *m)
{
	struct span id = json_get_text(json_get(m, "measure_type"), "id"), expression;
	struct span series = json_get_text(json_get(m, "measure_type"), "measure_type_series_id");
	const struct json *conditions = json_get(m, "measure_conditions"),
			  *components = json_get(m, "measure_components");
	uint32_t type = 0;

	r->t->rows++;
	while (type < ARRAY_LEN(types) && !span_is(id, types[type].id))
		type++;
	if (span_is(id, "109") && take_unit(r, components))
		return;
	/* Series A and B are prohibitions and controls; some of them have the number of a rate. */
	if (type == ARRAY_LEN(types) || span_is(series, "A") || span_is(series, "B")) {
		leave(r, m, id, "this type of measure is no rate");
		return;
	}
	expression = expression_of(r, components);
	if (components && components->first && !expression.n)
		leave(r, m, id, "an expression cannot say this rate");
	else if (conditions && conditions->first)
		take_conditions(r, m, type, expression);
	else if (!expression.n)
		leave(r, m, id, "the measure has no components");
	else
		add_measure(r, m, type, expression);
	if (span_is(id, "103") && expression.n)
		report_third_country(r, m, expression);
}

enum err uk_json_read(struct tariff *t, struct span bytes, struct codec_fault *ret_fault)
{
	struct reading r = {.t = t};
	const struct json *answer, *list;
	uintptr_t known;
	enum err e = json_read(t->arena, bytes, &answer, ret_fault);

	if (e)
		return e;
	if (!t->seen.arena)
		t->seen = map_in(t->arena);
	r.commodity = item_id(answer);
	list = json_get(answer, "import_measures");
	if (!tariff_is_code(r.commodity) || r.commodity.n != 10 || !list ||
	    list->kind != JSON_ARRAY) {
		*ret_fault = (struct codec_fault){1, 1, "this is no answer for one commodity"};
		return ERR_FORMAT;
	}
	known = (uintptr_t)map_get(&t->seen, r.commodity);
	if (known && t->commodities.v[known - 1].declarable) {
		tariff_leave(t, 1, 0, r.commodity, "another answer is for this commodity");
		return ERR_NONE;
	}
	take_tree(&r, answer);
	for (const struct json *m = list->first; m; m = m->next)
		take_measure(&r, m);
	return ERR_NONE;
}
