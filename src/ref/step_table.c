/* steps.csv: what people have to do, one after the other, what it costs and how long it takes. */
#include "ref/loader.h"

enum { DIRECTION, NUMBER, BY, HOURS, COST, NAME, NAME_FR, TEXT, TEXT_FR };
enum { NUMBERS_MAX = 99, HOURS_MAX = 8760, COST_MAX = 1000000000, ROWS_MAX = 300 };

const struct column step_columns[9] = {
    CHOICE("direction", DIRECTIONS),
    WHOLE("number", 1, NUMBERS_MAX),
    CHOICE("by", "trader customs agency"),
    PLAIN("hours", FIELD_LATER),
    PLAIN("cost", FIELD_LATER),
    NAMES,
    PLAIN("text_en", FIELD_TEXT),
    PLAIN("text_fr", FIELD_FRENCH),
};

static void read_hours(struct loader *l, const struct field *f, int64_t *ret)
{
	struct decimal d;

	if (!f->text.n)
		return;
	if (decimal_parse(f->text, &d) || d.scale || d.units < 1 || d.units > HOURS_MAX)
		FIELD_FAULT(l, f, "field.number", "\"%.*s\" is no whole number from 1 to %d",
			    QUOTE_ARG(f->text), HOURS_MAX);
	else
		*ret = d.units;
}

static void read_cost(struct loader *l, const struct field *f, struct decimal *ret)
{
	if (!f->text.n)
		return;
	if (decimal_parse(f->text, ret) || ret->units < 0 || ret->scale > 4 ||
	    decimal_compare(*ret, decimal_of(COST_MAX, 0)) > 0)
		FIELD_FAULT(l, f, "field.number",
			    "\"%.*s\" is no amount up to %d with up to four decimals",
			    QUOTE_ARG(f->text), COST_MAX);
}

static bool comes_before(const struct ref_step *x, const struct ref_step *y)
{
	return x->direction != y->direction ? x->direction < y->direction : x->number < y->number;
}

void take_step(struct loader *l, const struct row *r)
{
	struct ref_step *new = ARENA_NEW(l->arena, struct ref_step);
	struct ref_step **at = &l->set->steps;

	*new = (struct ref_step){
	    .direction = (enum direction)(DIRECTION_IMPORT + r->field[DIRECTION].whole),
	    .number = r->field[NUMBER].whole,
	    .by = (enum ref_step_by)r->field[BY].whole,
	    .name = text_at(r, NAME),
	    .text = text_at(r, TEXT),
	    .dates = r->dates,
	    .source = r->source,
	};
	read_hours(l, &r->field[HOURS], &new->hours);
	read_cost(l, &r->field[COST], &new->cost);
	if (l->set->step_count == ROWS_MAX) {
		if (!l->faulty)
			LOAD_FAULT(l, r->line, 1, "step.many", "at most %d rows", ROWS_MAX);
		return;
	}
	l->set->step_count++;
	/* One by one: they are few. */
	while (*at && !comes_before(new, *at))
		at = &(*at)->next;
	new->next = *at;
	*at = new;
}
