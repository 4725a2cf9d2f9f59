/* The tables of measures: what is due, on what conditions, and the texts beside it (docs/tariff.md says what each row means). */
#include "ref/loader.h"

/* ---- regulations.csv, footnotes.csv, synonyms.csv ---- */

enum { TEXT_CODE, TEXT_EN, TEXT_FR };
const struct column regulation_columns[3] = {PLAIN("regulation", FIELD_WORD), NAMES};
const struct column footnote_columns[3] = {
    PLAIN("footnote", FIELD_WORD), PLAIN("text_en", FIELD_TEXT), PLAIN("text_fr", FIELD_FRENCH)};

static void take_text(struct loader *l, struct map *m, const struct row *r)
{
	struct ref_code *new = ARENA_NEW(l->arena, struct ref_code);

	*new = (struct ref_code){
	    .code = r->field[TEXT_CODE].text, .name = text_at(r, TEXT_EN), .dates = r->dates};
	CHAIN(m, new->code, new);
}

void take_regulation(struct loader *l, const struct row *r)
{
	take_text(l, &l->set->regulations, r);
}

void take_footnote(struct loader *l, const struct row *r)
{
	take_text(l, &l->set->footnotes, r);
}

enum { SYNONYM_WORD, SYNONYM_COMMODITY };
const struct column synonym_columns[2] = {PLAIN("word", FIELD_TEXT),
					  WORDS("commodity", FIELD_ONE, REFERS_COMMODITY)};

void take_synonym(struct loader *l, const struct row *r)
{
	struct ref_synonym *new = ARENA_NEW(l->arena, struct ref_synonym);

	*new = (struct ref_synonym){.word = r->field[SYNONYM_WORD].text,
				    .commodity = r->field[SYNONYM_COMMODITY].text,
				    .dates = r->dates,
				    .next = l->set->synonyms};
	l->set->synonyms = new;
}

/* ---- measure_types.csv ---- */

enum { TYPE_CODE, TYPE_SERIES, TYPE_EXPLOSION, TYPE_EN, TYPE_FR };
const struct column measure_type_columns[5] = {
    PLAIN("type", FIELD_WORD),
    CHOICE("series", "duty preference quota suspension relief remedy excise vat fee restriction "
		     "unit"),
    WHOLE("explosion", 0, 10), NAMES};

void take_measure_type(struct loader *l, const struct row *r)
{
	struct ref_measure_type *new = ARENA_NEW(l->arena, struct ref_measure_type);

	*new = (struct ref_measure_type){
	    .code = r->field[TYPE_CODE].text,
	    .series = (enum measure_series)r->field[TYPE_SERIES]
			  .whole, /* words stand in the order of the enums */
	    .explosion = r->field[TYPE_EXPLOSION].whole,
	    .name = text_at(r, TYPE_EN),
	    .dates = r->dates,
	    .source = r->source,
	};
	CHAIN(&l->set->measure_types, new->code, new);
}

/* ---- duty expressions ---- */

static bool values_cif(const struct loader *l)
{
	const struct setting *s = map_get(&l->set->settings, SPAN("valuation"));

	return s && span_is(s->value, "CIF");
}

static void check_terms(struct loader *l, const struct field *f, const struct duty_term *t,
			uint32_t n)
{
	for (; n--; t++) {
		if (t->kind == DUTY_PERCENT_CIF && !values_cif(l))
			FIELD_FAULT(l, f, "expression.cif",
				    "the country values goods FOB: nothing knows their CIF value");
		if (t->kind == DUTY_COMPONENT)
			reference_check(l, f, t->unit, REFERS_COMPONENT);
		else if (t->currency.n)
			reference_check(l, f, t->currency, REFERS_CURRENCY);
		if (t->kind == DUTY_PER_UNIT)
			reference_check(l, f, t->unit, REFERS_UNIT);
		if (t->by.n)
			reference_check(l, f, t->by, REFERS_UNIT);
	}
}

/* Measures share expressions: a tariff of 150,000 measures has a few thousand of them. */
static const struct duty_expression *read_expression(struct loader *l, const struct field *f)
{
	struct duty_expression *e = map_get(&l->expressions, f->text);
	struct duty_expression read = {.text = f->text};
	bool before = l->faulty;
	const char *text;
	uint32_t at;

	if (e)
		return e;
	if (duty_expression_parse(f->text, &read, &text, &at)) {
		LOAD_FAULT(l, f->line, f->column + at, "expression.syntax", "%s", text);
		return NULL;
	}
	l->faulty = false;
	check_terms(l, f, read.sum, read.terms);
	check_terms(l, f, read.min, read.mins);
	check_terms(l, f, read.max, read.maxes);
	e = ARENA_NEW(l->arena, struct duty_expression);
	*e = read;
	/* One with a fault is told again wherever it stands. */
	if (!l->faulty)
		map_put(&l->expressions, e->text, e);
	l->faulty = l->faulty || before;
	return e;
}

/* ---- components.csv ---- */

enum { COMPONENT_NAME, COMPONENT_ADDITIONAL, COMPONENT_EXPRESSION };
const struct column component_columns[3] = {PLAIN("component", FIELD_WORD),
					    PLAIN("additional", FIELD_ANY),
					    PLAIN("expression", FIELD_LATER)};

static bool is_plain(const struct duty_expression *e)
{
	for (uint32_t i = 0; i < e->terms; i++)
		if (e->sum[i].kind == DUTY_COMPONENT || e->sum[i].kind == DUTY_PER_DECLARATION ||
		    e->sum[i].minus)
			return false;
	return !e->mins && !e->maxes && !e->withdrawn;
}

void take_component(struct loader *l, const struct row *r)
{
	const struct field *f = &r->field[COMPONENT_EXPRESSION];
	struct component *new = ARENA_NEW(l->arena, struct component);

	*new = (struct component){.additional = r->field[COMPONENT_ADDITIONAL].text,
				  .dates = r->dates};
	new->expression = read_expression(l, f);
	if (new->expression && !is_plain(new->expression))
		FIELD_FAULT(l, f, "expression.component",
			    "a component is a sum of per cents and amounts, without bounds");
	CHAIN(&l->set->components, r->field[COMPONENT_NAME].text, new);
}

/* ---- conditions.csv ---- */

enum {
	CONDITION_MEASURE,
	CONDITION_GROUP,
	CONDITION_SEQUENCE,
	CONDITION_TEST,
	CONDITION_OPERAND,
	CONDITION_RELATION,
	CONDITION_LIMIT,
	CONDITION_DOES,
	CONDITION_EXPRESSION
};
const struct column condition_columns[9] = {
    PLAIN("measure", FIELD_WORD),
    PLAIN("group", FIELD_WORD),
    WHOLE("sequence", 0, 1000000),
    CHOICE("test", "always document procedure value consignment price quantity"),
    PLAIN("operand", FIELD_LATER),
    PLAIN("relation", FIELD_LATER),
    PLAIN("limit", FIELD_LATER),
    CHOICE("action", "apply exempt refused allowed"),
    PLAIN("expression", FIELD_LATER)};

static bool read_relation(struct span word, enum condition_relation *ret)
{
	static const char *const words[] = {"at-least", "at-most", "above", "below"};

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_is(word, words[i])) {
			*ret = (enum condition_relation)i;
			return true;
		}
	return false;
}

/* A quantity is "NUMBER UNIT". */
static bool read_quantity(struct span text, struct duty_term *ret)
{
	struct span number = next_word(&text), unit = next_word(&text);

	*ret = (struct duty_term){.kind = DUTY_PER_UNIT, .per = decimal_of(1, 0), .unit = unit};
	return unit.n && !next_word(&text).n && !decimal_parse(number, &ret->rate);
}

static bool read_limit(struct span text, enum condition_test test, struct duty_term *ret)
{
	struct duty_expression e;
	const char *why;
	uint32_t at;

	if (test == TEST_QUANTITY)
		return read_quantity(text, ret);
	if (duty_expression_parse(text, &e, &why, &at) || e.terms != 1 || e.mins || e.maxes)
		return false;
	*ret = e.sum[0];
	return ret->kind == (test == TEST_PRICE ? DUTY_PER_UNIT : DUTY_FIXED) && !ret->by.n;
}

static void read_test(struct loader *l, const struct row *r, struct ref_condition *c)
{
	const struct field *operand = &r->field[CONDITION_OPERAND],
			   *limit = &r->field[CONDITION_LIMIT],
			   *relation = &r->field[CONDITION_RELATION];

	switch (c->test) {
	case TEST_ALWAYS:
		return;
	case TEST_DOCUMENT:
		reference_check(l, operand, operand->text, REFERS_DOCUMENT);
		return;
	case TEST_PROCEDURE:
		reference_check(l, operand, operand->text, REFERS_PROCEDURE);
		return;
	case TEST_VALUE:
	case TEST_CONSIGNMENT:
	case TEST_PRICE:
	case TEST_QUANTITY:
		break;
	}
	if (!read_relation(relation->text, &c->relation))
		FIELD_FAULT(l, relation, "field.choice",
			    "relation \"%.*s\" must be one of: at-least at-most above below",
			    QUOTE_ARG(relation->text));
	if (!read_limit(limit->text, c->test, &c->limit)) {
		FIELD_FAULT(l, limit, "condition.limit",
			    "limit \"%.*s\" must be an amount (150.00 EUR), a price (92.60 EUR / "
			    "100 kg) or a quantity (20 kg), as the test asks",
			    QUOTE_ARG(limit->text));
		return;
	}
	if (c->limit.currency.n)
		reference_check(l, limit, c->limit.currency, REFERS_CURRENCY);
	if (c->limit.unit.n)
		reference_check(l, limit, c->limit.unit, REFERS_UNIT);
}

static bool comes_after(const struct ref_condition *a, const struct ref_condition *b)
{
	int group = span_compare(a->group, b->group);

	return group ? group > 0 : a->sequence > b->sequence;
}

/* Keeps a chain in order; files have it so, and then this looks at the last row only. */
static void add_condition(struct condition_chain *chain, struct ref_condition *new)
{
	struct ref_condition **place = &chain->first;

	if (chain->last && comes_after(new, chain->last)) {
		chain->last->next = new;
		chain->last = new;
		return;
	}
	while (*place && comes_after(new, *place))
		place = (struct ref_condition **)&(*place)->next;
	new->next = *place;
	*place = new;
	if (!new->next)
		chain->last = new;
}

void take_condition(struct loader *l, const struct row *r)
{
	const struct field *measure = &r->field[CONDITION_MEASURE],
			   *expression = &r->field[CONDITION_EXPRESSION];
	struct condition_chain *chain = map_get(&l->set->conditions, measure->text);
	struct ref_condition *new = ARENA_NEW(l->arena, struct ref_condition);

	*new = (struct ref_condition){
	    .group = r->field[CONDITION_GROUP].text,
	    .sequence = r->field[CONDITION_SEQUENCE].whole,
	    .test = (enum condition_test)r->field[CONDITION_TEST]
			.whole, /* words stand in the order of the enums */
	    .operand = r->field[CONDITION_OPERAND].text,
	    .action = (enum condition_action)r->field[CONDITION_DOES].whole,
	    .dates = r->dates,
	    .source = r->source,
	};
	read_test(l, r, new);
	if (expression->text.n && new->action != CONDITION_APPLY)
		FIELD_FAULT(l, expression, "condition.expression",
			    "only a condition whose action is apply has an expression");
	else if (expression->text.n)
		new->expression = read_expression(l, expression);
	if (!chain) {
		chain = ARENA_NEW(l->arena, struct condition_chain);
		chain->line = measure->line;
		chain->column = measure->column;
		chain->following = l->conditions;
		l->conditions = chain;
		map_put(&l->set->conditions, measure->text, chain);
	}
	add_condition(chain, new);
}

/* ---- measures.csv ---- */

enum {
	MEASURE_ID,
	MEASURE_KNOWN_FROM,
	MEASURE_LEVY,
	MEASURE_COMMODITY,
	MEASURE_AREA,
	MEASURE_EXCLUDE,
	MEASURE_PREFERENCE,
	MEASURE_PROCEDURE,
	MEASURE_EXPRESSION,
	MEASURE_DOCUMENT,
	MEASURE_REFERENCE,
	MEASURE_ADDITIONAL,
	MEASURE_QUOTA,
	MEASURE_REGULATION,
	MEASURE_FOOTNOTES,
	MEASURE_TYPE
};
const struct column measure_columns[16] = {PLAIN("id", FIELD_WORD),
					   MAY_PLAIN("known_from", FIELD_DAY),
					   WORDS("levy", FIELD_ONE, REFERS_LEVY),
					   WORDS("commodity", FIELD_MAYBE, REFERS_COMMODITY),
					   WORDS("area", FIELD_ONE, REFERS_AREA_OR_ALL),
					   WORDS("exclude", FIELD_MANY, REFERS_AREA),
					   WORDS("preference", FIELD_MAYBE, REFERS_PREFERENCE),
					   WORDS("procedure", FIELD_MAYBE, REFERS_PROCEDURE),
					   PLAIN("expression", FIELD_LATER),
					   WORDS("document", FIELD_MAYBE, REFERS_DOCUMENT),
					   PLAIN("reference", FIELD_ANY),
					   MAY_PLAIN("additional", FIELD_ANY),
					   MAY_WORDS("quota", FIELD_MAYBE, REFERS_QUOTA),
					   MAY_WORDS("regulation", FIELD_MAYBE, REFERS_REGULATION),
					   MAY_WORDS("footnotes", FIELD_MANY, REFERS_FOOTNOTE),
					   MAY_WORDS("type", FIELD_MAYBE, REFERS_MEASURE_TYPE)};

/* The version of a levy on a day, else any version of it. */
static const struct ref_levy *levy_on(const struct refset *s, struct span code, int32_t day)
{
	const struct ref_levy *any = NULL;

	for (uint32_t i = 0; i < s->levy_count; i++) {
		if (!span_equal(s->levies[i].code, code))
			continue;
		if (ref_holds(s->levies[i].dates, day))
			return &s->levies[i];
		any = &s->levies[i];
	}
	return any;
}

/* Two measures that nothing but their number tells apart: which one is due would be chance. Those with conditions may stand
 * side by side: the first that applies, by id, is due. */
static void note_selection(struct loader *l, const struct row *r)
{
	const struct field *key[] = {
	    &r->field[MEASURE_LEVY],       &r->field[MEASURE_COMMODITY],
	    &r->field[MEASURE_AREA],       &r->field[MEASURE_PREFERENCE],
	    &r->field[MEASURE_PROCEDURE],  &r->field[MEASURE_DOCUMENT],
	    &r->field[MEASURE_KNOWN_FROM], &r->field[MEASURE_ADDITIONAL],
	    &r->field[MEASURE_QUOTA],
	};

	if (r->dated)
		periods_add(l->scratch, &l->measures, key_of(l->scratch, key, ARRAY_LEN(key)), r);
}

static const struct ref_condition *conditions_of(struct loader *l, struct span id)
{
	struct condition_chain *chain = map_get(&l->set->conditions, id);

	if (chain)
		chain->used = true;
	return chain ? chain->first : NULL;
}

static void note_correction(struct loader *l, struct ref_measure *m)
{
	if (m->known == INT32_MIN)
		return;
	m->next_correction = map_get(&l->corrections, m->id);
	map_put(&l->corrections, m->id, m);
}

void take_measure(struct loader *l, const struct row *r)
{
	struct span commodity = r->field[MEASURE_COMMODITY].text;
	struct measure_chain *chain = map_get(&l->set->measures, commodity);
	struct ref_measure *new = ARENA_NEW(l->arena, struct ref_measure);

	*new = (struct ref_measure){
	    .id = r->field[MEASURE_ID].text,
	    .levy = levy_on(l->set, r->field[MEASURE_LEVY].text, r->dates.from),
	    .commodity = commodity,
	    .area = r->field[MEASURE_AREA].text,
	    .exclude = r->field[MEASURE_EXCLUDE].text,
	    .preference = r->field[MEASURE_PREFERENCE].text,
	    .procedure = r->field[MEASURE_PROCEDURE].text,
	    .document = r->field[MEASURE_DOCUMENT].text,
	    .reference = r->field[MEASURE_REFERENCE].text,
	    .additional = r->field[MEASURE_ADDITIONAL].text,
	    .quota = r->field[MEASURE_QUOTA].text,
	    .regulation = r->field[MEASURE_REGULATION].text,
	    .footnotes = r->field[MEASURE_FOOTNOTES].text,
	    .type = r->field[MEASURE_TYPE].text,
	    .conditions = conditions_of(l, r->field[MEASURE_ID].text),
	    .dates = r->dates,
	    .known = (int32_t)r->field[MEASURE_KNOWN_FROM].whole,
	    .source = r->source,
	};
	if (r->field[MEASURE_EXPRESSION].text.n || !new->conditions)
		new->expression = read_expression(l, &r->field[MEASURE_EXPRESSION]);
	l->set->quotas = l->set->quotas || new->quota.n;
	if (!new->conditions)
		note_selection(l, r);
	note_correction(l, new);
	if (!chain) {
		chain = ARENA_NEW(l->arena, struct measure_chain);
		chain->first = chain->last = new;
		map_put(&l->set->measures, commodity, chain);
		return;
	}
	chain->last->next = new;
	chain->last = new;
}

static void link_corrections(struct loader *l)
{
	struct map *all = &l->set->measures;

	for (uint32_t i = 0; l->corrections.count && i < all->size; i++) {
		const struct measure_chain *chain = all->slots[i].value;

		for (struct ref_measure *m = chain ? chain->first : NULL; m;
		     m = (struct ref_measure *)m->next)
			m->corrections = map_get(&l->corrections, m->id);
	}
}

void finish_measures(struct loader *l)
{
	struct span file = l->file;

	periods_check(l, &l->measures, "measure.ambiguous", false);
	link_corrections(l);
	if (!l->faulty) /* codes may be none */
		shelves_build(l);
	l->file = span_of(tables[TABLE_CONDITIONS].file);
	for (const struct condition_chain *c = l->conditions; c; c = c->following)
		if (!c->used)
			LOAD_FAULT(l, c->line, c->column, "measure.unknown",
				   "no measure has this id");
	l->file = file;
}
