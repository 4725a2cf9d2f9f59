/* Any number that decimal_parse() accepts is written and read as the same number, and rounds to its neighbours only. */
#include "base/decimal.h"
#include "fuzz.h"

struct writing {
	struct text text;
	struct decimal d;
};

static void write_number(void *context)
{
	struct writing *w = context;

	decimal_write(&w->text, w->d);
}

static void check_rounding(struct decimal d)
{
	struct decimal low, high, near, even, back;

	for (uint8_t scale = 0; scale < d.scale; scale++) {
		BUG_ON(decimal_rescale(d, scale, ROUND_DOWN, &low) ||
		       decimal_rescale(d, scale, ROUND_UP, &high));
		BUG_ON(decimal_rescale(d, scale, ROUND_HALF_UP, &near) ||
		       decimal_rescale(d, scale, ROUND_HALF_EVEN, &even));
		BUG_ON(near.units != low.units && near.units != high.units);
		BUG_ON(even.units != low.units && even.units != high.units);
		BUG_ON(d.units >= 0 ? high.units - low.units > 1 || low.units > high.units
				    : low.units - high.units > 1 || high.units > low.units);
		BUG_ON((low.units == high.units) != (decimal_compare(low, d) == 0));
	}
	if (!decimal_rescale(d, 18, ROUND_DOWN, &back))
		BUG_ON(decimal_compare(back, d) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writing w = {.text = text_in(fuzz_arena())};
	struct decimal again, sum;
	enum err e = decimal_parse(fuzz_span(data, size), &w.d);

	if (e) {
		BUG_ON(e != ERR_FORMAT && e != ERR_LIMIT);
		return 0;
	}
	BUG_ON(!w.d.set || w.d.scale > LIMIT_NUMBER_SCALE);
	BUG_ON(arena_run(w.text.arena, write_number, &w));
	BUG_ON(decimal_parse(text_as_span(&w.text), &again));
	BUG_ON(again.units != w.d.units || again.scale != w.d.scale);
	BUG_ON(decimal_compare(again, w.d) != 0);
	check_rounding(w.d);
	again.units = -again.units;
	BUG_ON(decimal_add(w.d, again, &sum) || sum.units != 0);
	return 0;
}
