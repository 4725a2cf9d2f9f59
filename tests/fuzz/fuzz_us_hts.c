/* Any bytes as the schedule of the United States: what is read hangs together, and what is left out says where it stood. */
#include "fuzz.h"
#include "tariff/us_hts.h"

struct reading {
	struct tariff tariff;
	struct span bytes;
};

static void read_schedule(void *context)
{
	struct reading *r = context;
	struct tariff *t = &r->tariff;
	struct codec_fault fault = {0};
	enum err e = us_hts_read(t, r->bytes, &fault);
	uint32_t rates = t->without_rate;
	struct text report = text_in(t->arena);

	BUG_ON(e && (!fault.text || !fault.line));
	if (e)
		return;
	for (enum rate_kind k = 0; k < RATE_KINDS; k++)
		rates += t->rates[k];
	BUG_ON(rates != t->lines.n);
	for (uint32_t i = 0; i < t->measures.n; i++)
		BUG_ON(!t->measures.v[i].expression.n || !t->measures.v[i].commodity.n ||
		       !t->measures.v[i].line);
	for (uint32_t i = 0; i < t->left.n; i++)
		BUG_ON(!t->left.v[i].line || !t->left.v[i].why);
	tariff_report(t, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading r;
	enum err e;

	r = (struct reading){.tariff = {.arena = fuzz_arena(), .name = "fuzz"},
			     .bytes = fuzz_span(data, size)};
	e = arena_run(r.tariff.arena, read_schedule, &r);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
