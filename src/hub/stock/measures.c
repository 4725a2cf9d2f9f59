#include "hub/stock/measures.h"

#include <string.h>

#include "base/money.h"

enum { MASS_SCALE = 6, SCALE_MAX = 18 };

_Static_assert((int)STORE_MEASURES == (int)STOCK_MEASURES, "a row has a column for each measure");

void writeoff_put_measures(struct json_writer *w, const char *name,
			   const int64_t of[STOCK_MEASURES])
{
	json_name(w, name);
	json_open_object(w);
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (m != STOCK_QUANTITY || of[m])
			json_put_int(w, stock_measure_name(m), of[m]);
	json_close_object(w);
}

bool writeoff_read_measures(const struct json *j, int64_t ret[STOCK_MEASURES])
{
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++) {
		ret[m] = 0;
		if (m == STOCK_QUANTITY && (!j || !json_get(j, stock_measure_name(m))))
			continue;
		if (json_get_int(j, stock_measure_name(m), &ret[m]))
			return false;
	}
	return true;
}

/* Value is told in minor units: whoever shows it to people knows the currency's digits. */
static uint8_t scale_of(enum stock_measure m)
{
	return m == STOCK_MASS || m == STOCK_QUANTITY ? MASS_SCALE : 0;
}

void writeoff_put_readable(struct json_writer *w, const char *name, unsigned measured,
			   const int64_t of[STOCK_MEASURES])
{
	json_name(w, name);
	json_open_object(w);
	for (enum stock_measure m = 0; m < STOCK_MEASURES; m++)
		if (measured >> m & 1)
			json_put_decimal(w, stock_measure_name(m), decimal_of(of[m], scale_of(m)));
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

bool measures_is_mass(struct span unit)
{
	int above;

	return unit.n && scale_of_unit(unit, &above);
}

bool measures_add_quantity(struct stock_amount *to, const struct quantity *q)
{
	struct decimal d;

	return !q->value.set || (!decimal_rescale(q->value, MASS_SCALE, ROUND_HALF_UP, &d) &&
				 add(&to->of[STOCK_QUANTITY], d.units));
}

bool measures_add_value(struct stock_amount *to, const struct amount *v, const struct refset *r,
			int32_t day)
{
	struct ref_dates dates;
	struct decimal rate;
	int64_t per, divisor, minor;
	int scale;

	if (!v->value.set)
		return true;
	if (ref_rate(r, v->currency, day, INT32_MAX, &rate, &per, &dates))
		return false;
	scale = v->value.scale + rate.scale - (int)ref_digits(r);
	if (scale < 0 && decimal_rescale(rate, (uint8_t)(rate.scale - scale), ROUND_DOWN, &rate))
		return false;
	scale = scale < 0 ? 0 : scale;
	if (scale > SCALE_MAX ||
	    __builtin_mul_overflow(decimal_power10((unsigned)scale), per, &divisor) ||
	    mul_div(v->value.units, rate.units, divisor, ref_rounding(r), &minor))
		return false;
	return add(&to->of[STOCK_VALUE], minor);
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
