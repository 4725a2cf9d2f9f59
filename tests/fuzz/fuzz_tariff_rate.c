/* Any text as a rate: what is called calculable is an expression of a pack, and nothing else has a kind and no expression. */
#include "fuzz.h"
#include "ref/ref.h"
#include "tariff/rate_text.h"

struct reading {
	struct arena *arena;
	struct span text;
};

static void read_rate(void *context)
{
	struct reading *r = context;
	struct rate_text rate = rate_text_read(r->arena, r->text, "USD");
	struct duty_expression e;
	const char *why;
	uint32_t at;

	BUG_ON(rate.kind >= RATE_KINDS);
	BUG_ON(rate.calculable && duty_expression_parse(rate.expression, &e, &why, &at));
	BUG_ON(rate.kind < RATE_OTHER && !rate.expression.n);
	BUG_ON(rate.kind == RATE_NOT_UNDERSTOOD && (rate.expression.n || rate.percent.set));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r = {.arena = fuzz_arena(), .text = fuzz_span(data, size)};

	BUG_ON(arena_run(r.arena, read_rate, &r));
	return 0;
}
