#include "hub/cargo/measures.h"

#include <string.h>

enum { MASS_SCALE = 6 };

_Static_assert((int)STORE_MEASURES == (int)STOCK_MEASURES, "a row has a column for each measure");

void writeoff_put_measures(struct json_writer *w, const char *name, const int64_t of[3])
{
	json_name(w, name);
	json_open_object(w);
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		json_put_int(w, stock_measure_name(m), of[m]);
	json_close_object(w);
}

bool writeoff_read_measures(const struct json *j, int64_t ret[3])
{
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (json_get_int(j, stock_measure_name(m), &ret[m]))
			return false;
	return true;
}

void writeoff_put_readable(struct json_writer *w, const char *name, unsigned measured,
			   const int64_t of[3])
{
	json_name(w, name);
	json_open_object(w);
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (measured >> m & 1)
			json_put_decimal(w, stock_measure_name(m),
					 decimal_of(of[m], m == STOCK_MASS ? MASS_SCALE : 0));
	json_close_object(w);
}

/* How many powers of ten a unit of mass lies above the kilogram. */
static bool scale_of_unit(struct span unit, int *ret)
{
	static const struct {
		const char *unit;
		int scale;
	} units[] = {{"", 0}, {"KGM", 0}, {"KG", 0}, {"kg", 0}, {"TNE", 3}, {"GRM", -3}};

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (span_is(unit, units[i].unit)) {
			*ret = units[i].scale;
			return true;
		}
	return false;
}

static bool add(int64_t *to, int64_t v)
{
	return v >= 0 && !__builtin_add_overflow(*to, v, to);
}

bool measures_add_mass(struct stock_amount *to, const struct quantity *q)
{
	struct decimal d;
	int above;

	if (!q->value.set)
		return true;
	if (!scale_of_unit(q->unit, &above) ||
	    decimal_rescale(q->value, (uint8_t)(MASS_SCALE + above), ROUND_HALF_UP, &d))
		return false;
	return add(&to->of[STOCK_MASS], d.units);
}

bool measures_add_packages(struct stock_amount *to, struct decimal count)
{
	struct decimal d;

	return !count.set ||
	       (!decimal_rescale(count, 0, ROUND_UP, &d) && add(&to->of[STOCK_PACKAGES], d.units));
}

struct stock_account measures_account(const struct store_stock *row)
{
	struct stock_account a = {.measured = (unsigned)row->measured};

	memcpy(a.granted.of, row->granted, sizeof(a.granted.of));
	memcpy(a.reserved.of, row->reserved, sizeof(a.reserved.of));
	memcpy(a.used.of, row->used, sizeof(a.used.of));
	return a;
}

void measures_to_row(const struct stock_account *a, struct store_stock *row)
{
	row->measured = a->measured;
	row->open = stock_open(a);
	memcpy(row->granted, a->granted.of, sizeof(row->granted));
	memcpy(row->reserved, a->reserved.of, sizeof(row->reserved));
	memcpy(row->used, a->used.of, sizeof(row->used));
}
