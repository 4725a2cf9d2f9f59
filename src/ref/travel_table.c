/* travel.csv: what travellers may bring without paying, and what the rest costs. */
#include "ref/loader.h"

enum { GOODS, CLASS, UNIT, ADULT, CHILD, MOST, EXPRESSION, NAME, NAME_FR, NOTE, NOTE_FR };
enum { ROWS_MAX = 100 };

const struct column travel_columns[11] = {
    PLAIN("goods", FIELD_WORD),       CHOICE("class", "amount value money controlled"),
    PLAIN("unit", FIELD_WORD),        PLAIN("adult", FIELD_LATER),
    PLAIN("child", FIELD_LATER),      PLAIN("most", FIELD_LATER),
    PLAIN("expression", FIELD_LATER), NAMES,
    PLAIN("note_en", FIELD_TEXT),     PLAIN("note_fr", FIELD_FRENCH),
};

static void read_quantity(struct loader *l, const struct field *f, struct decimal *ret)
{
	if (!f->text.n)
		return;
	if (decimal_parse(f->text, ret) || ret->units < 0 || ret->scale > 3 ||
	    decimal_compare(*ret, decimal_of(REF_TRAVEL_MOST, 0)) > 0)
		FIELD_FAULT(l, f, "field.number",
			    "\"%.*s\" is no quantity up to %d with up to three decimals",
			    QUOTE_ARG(f->text), REF_TRAVEL_MOST);
}

/* What travellers are asked to work with is one number: so much a unit, or so many per cent. */
static bool is_plain(const struct loader *l, const struct ref_travel *t,
		     const struct duty_expression *x)
{
	const struct duty_term *term = &x->sum[0];
	const struct setting *national = map_get(&l->set->settings, SPAN("currency"));

	if (x->terms != 1 || x->mins || x->maxes || term->minus || term->by.n)
		return false;
	if (t->kind == TRAVEL_VALUE)
		return term->kind == DUTY_PERCENT;
	return term->kind == DUTY_PER_UNIT && span_equal(term->unit, t->unit) && !term->per.scale &&
	       term->per.units <= 1000000 &&
	       (!national || span_equal(term->currency, national->value));
}

static void read_expression(struct loader *l, const struct field *f, struct ref_travel *t)
{
	const bool wanted = t->kind == TRAVEL_AMOUNT || t->kind == TRAVEL_VALUE;
	struct duty_expression x;
	const char *text;
	uint32_t at;

	if (!wanted) {
		if (f->text.n)
			FIELD_FAULT(l, f, "travel.expression",
				    "nothing is due on money and on what needs a permit");
		return;
	}
	if (duty_expression_parse(f->text, &x, &text, &at))
		LOAD_FAULT(l, f->line, f->column + at, "expression.syntax", "%s", text);
	else if (!is_plain(l, t, &x))
		FIELD_FAULT(l, f, "travel.expression",
			    "one amount in the national currency for a number of the row's unit, "
			    "or of a value one per cent");
	else
		t->rate = x.sum[0];
}

void take_travel(struct loader *l, const struct row *r)
{
	struct ref_travel *new = ARENA_NEW(l->arena, struct ref_travel);

	*new = (struct ref_travel){
	    .goods = r->field[GOODS].text,
	    .kind = (enum ref_travel_class)r->field[CLASS].whole,
	    .unit = r->field[UNIT].text,
	    .rate_text = r->field[EXPRESSION].text,
	    .name = text_at(r, NAME),
	    .note = text_at(r, NOTE),
	    .dates = r->dates,
	    .source = r->source,
	};
	read_quantity(l, &r->field[ADULT], &new->adult);
	read_quantity(l, &r->field[CHILD], &new->child);
	read_quantity(l, &r->field[MOST], &new->most);
	read_expression(l, &r->field[EXPRESSION], new);
	if (l->set->travel_count == ROWS_MAX) {
		if (!l->faulty)
			LOAD_FAULT(l, r->line, 1, "travel.many", "at most %d rows", ROWS_MAX);
		return;
	}
	l->set->travel_count++;
	if (l->set->last_travel)
		l->set->last_travel->next = new;
	else
		l->set->travel = new;
	l->set->last_travel = new;
}
