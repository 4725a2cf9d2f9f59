#include "duty/quantity.h"

/* Codes of UN/ECE Recommendation 20, and the short names that packs may use: how many of the base unit one is (times / per). */
static const struct unit {
	const char *code, *base;
	int64_t times, per;
} units[] = {
    {"kg", "kg", 1, 1},     {"KGM", "kg", 1, 1},    {"gross_kg", "kg", 1, 1}, {"DTN", "kg", 100, 1},
    {"TNE", "kg", 1000, 1}, {"GRM", "kg", 1, 1000}, {"l", "l", 1, 1},         {"LTR", "l", 1, 1},
    {"HLT", "l", 100, 1},   {"MLT", "l", 1, 1000},  {"m", "m", 1, 1},         {"MTR", "m", 1, 1},
    {"CMT", "m", 1, 100},   {"m2", "m2", 1, 1},     {"MTK", "m2", 1, 1},      {"m3", "m3", 1, 1},
    {"MTQ", "m3", 1, 1},
};

static const struct unit *find_unit(struct span code)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (span_is(code, units[i].code))
			return &units[i];
	return NULL;
}

static bool is_mass(struct span unit)
{
	const struct unit *u = find_unit(unit);

	return u && strcmp(u->base, "kg") == 0;
}

/* A declared quantity, brought into `unit`. otherwise: the unit of a quantity that names none. */
static bool take(struct quantity q, struct span otherwise, struct span unit,
		 struct duty_quantity *ret)
{
	struct span from = q.unit.n ? q.unit : otherwise;
	const struct unit *a, *b;

	if (!q.value.set || from.n == 0)
		return false;
	*ret = (struct duty_quantity){.number = q.value, .unit = unit};
	if (span_equal(from, unit))
		return true;
	a = find_unit(from);
	b = find_unit(unit);
	if (!a || !b || strcmp(a->base, b->base) != 0)
		return false;
	ret->times = decimal_of(a->times * b->per, 0);
	ret->per = decimal_of(a->per * b->times, 0);
	ret->converted = ret->times.units != ret->per.units;
	if (ret->converted)
		ret->unit = from;
	return true;
}

/* The quantity of a duty line of this levy ("" for lines of none). One that names no unit is in the unit of its levy's rate. */
static bool from_duty_line(const struct commodity *goods, struct span levy, struct span unit,
			   struct duty_quantity *ret)
{
	for (uint32_t i = 0; i < goods->duties.n; i++) {
		const struct duty_line *line = &goods->duties.v[i];

		if (span_equal(line->type, levy) &&
		    take(line->quantity, levy.n ? unit : NO_VALUE, unit, ret))
			return true;
	}
	return false;
}

static bool from_mass(const struct commodity *goods, struct span unit, struct duty_quantity *ret)
{
	bool gross = span_is(unit, "gross_kg");

	return is_mass(unit) &&
	       take(gross ? goods->gross_mass : goods->net_mass, SPAN("kg"), unit, ret);
}

/* A tariff quantity that names no unit is in the supplementary unit of its commodity. */
static bool from_tariff(const struct assess *s, const struct goods_item *item, struct span unit,
			struct duty_quantity *ret)
{
	const struct quantity *q = &item->commodity.tariff_quantity;
	struct span otherwise = NO_VALUE;

	if (!q->value.set)
		return false;
	if (q->unit.n == 0) {
		struct span code = goods_item_code(s->arena, item);
		const struct ref_commodity *c = NULL;

		for (; code.n && !c; code.n--)
			c = ref_commodity(s->r, code, s->day);
		if (c)
			otherwise = c->unit;
	}
	return take(*q, otherwise, unit, ret);
}

/* Litres of pure alcohol: litres times per cent of alcohol by volume. */
static bool from_strength(const struct assess *s, const struct goods_item *item, struct span levy,
			  struct duty_quantity *ret)
{
	struct duty_quantity litres, strength;
	const struct commodity *goods = &item->commodity;

	if (!from_tariff(s, item, SPAN("l"), &litres) || litres.converted ||
	    (!from_duty_line(goods, levy, SPAN("ASV"), &strength) &&
	     !from_duty_line(goods, NO_VALUE, SPAN("ASV"), &strength)))
		return false;
	*ret = (struct duty_quantity){.number = litres.number,
				      .unit = SPAN("l"),
				      .converted = true,
				      .times = strength.number,
				      .per = decimal_of(100, 0)};
	return true;
}

bool duty_quantity(const struct assess *s, uint32_t i, struct span levy, struct span unit,
		   struct duty_quantity *ret)
{
	const struct goods_item *item = &s->items[i];
	const struct commodity *goods = &item->commodity;

	return from_duty_line(goods, levy, unit, ret) || from_mass(goods, unit, ret) ||
	       from_tariff(s, item, unit, ret) || from_duty_line(goods, NO_VALUE, unit, ret) ||
	       (span_is(unit, "LPA") && from_strength(s, item, levy, ret));
}

const void *duty_quantity_place(const struct goods_item *item, struct span unit)
{
	if (span_is(unit, "gross_kg"))
		return &item->commodity.gross_mass;
	return is_mass(unit) ? (const void *)&item->commodity.net_mass
			     : &item->commodity.tariff_quantity;
}
