/* write_off.csv: what declarations write off beside bills. */
#include "ref/loader.h"

static const char *const kinds[WRITE_OFF_KINDS] = {"permit",
						   "exemption",
						   "warehouse",
						   "free-zone",
						   "inward-processing",
						   "outward-processing",
						   "temporary-admission",
						   "temporary-export",
						   "end-use"};

const char *ref_write_off_kind_name(enum ref_write_off_kind k)
{
	return kinds[k];
}

enum { KIND, CODE, DAYS, PACKAGES_PPM, MASS_PPM, VALUE_PPM, QUANTITY_PPM };
enum { DAYS_MAX = 36500, MILLION = 1000000, ROWS_MAX = 1000 };

const struct column write_off_columns[7] = {
    CHOICE("kind", "permit exemption warehouse free-zone inward-processing outward-processing "
		   "temporary-admission temporary-export end-use"),
    PLAIN("code", FIELD_WORD),
    WHOLE("days", 0, DAYS_MAX),
    WHOLE("packages_ppm", 0, MILLION),
    WHOLE("mass_ppm", 0, MILLION),
    WHOLE("value_ppm", 0, MILLION),
    WHOLE("quantity_ppm", 0, MILLION)};

/* A code of two kinds at once would be written off twice. Rows are looked through one by one: they are few. */
static void check_alone(struct loader *l, const struct row *r, const struct ref_write_off *new)
{
	const bool document = ref_write_off_of_document(new->kind);

	for (const struct ref_write_off *w = l->set->write_offs; w; w = w->next)
		if (ref_write_off_of_document(w->kind) == document &&
		    w->kind != new->kind &&span_equal(w->code, new->code)) {
			FIELD_FAULT(l, &r->field[CODE], "write-off.twice",
				    "\"%.*s\" is of the kind %s already", QUOTE_ARG(new->code),
				    kinds[w->kind]);
			return;
		}
}

void take_write_off(struct loader *l, const struct row *r)
{
	struct ref_write_off *new = ARENA_NEW(l->arena, struct ref_write_off);

	*new = (struct ref_write_off){
	    .kind = (enum ref_write_off_kind)r->field[KIND].whole,
	    .code = r->field[CODE].text,
	    .days = r->field[DAYS].whole,
	    .ppm = {r->field[PACKAGES_PPM].whole, r->field[MASS_PPM].whole,
		    r->field[VALUE_PPM].whole, r->field[QUANTITY_PPM].whole},
	    .dates = r->dates,
	    .source = r->source,
	};
	reference_check(l, &r->field[CODE], new->code,
			ref_write_off_of_document(new->kind) ? REFERS_DOCUMENT : REFERS_PROCEDURE);
	if (l->set->write_off_count == ROWS_MAX) {
		if (!l->faulty)
			LOAD_FAULT(l, r->line, 1, "write-off.many", "at most %d rows", ROWS_MAX);
		return;
	}
	check_alone(l, r, new);
	l->set->write_off_count++;
	if (l->set->last_write_off)
		l->set->last_write_off->next = new;
	else
		l->set->write_offs = new;
	l->set->last_write_off = new;
}
