/* Any bytes as a plain table of a tariff: no measure without goods, rate and line; a fault has its place. */
#include "fuzz.h"
#include "tariff/plain_csv.h"

struct reading {
	struct tariff tariff;
	struct span bytes;
};

static void read_tariff(void *context)
{
	struct reading *r = context;
	struct tariff *t = &r->tariff;
	struct codec_fault fault = {0};
	enum err e = plain_csv_read(t, r->bytes, &fault);

	BUG_ON(e && e != ERR_NOMEM && !fault.text);
	for (uint32_t i = 0; !e && !t->refused && i < t->measures.n; i++)
		BUG_ON(!t->measures.v[i].expression.n || !t->measures.v[i].commodity.n ||
		       !t->measures.v[i].line);
	for (uint32_t i = 0; i < t->left.n; i++)
		BUG_ON(!t->left.v[i].line || !t->left.v[i].why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading r;
	enum err e;

	r = (struct reading){.tariff = {.arena = fuzz_arena(), .name = "fuzz"},
			     .bytes = fuzz_span(data, size)};
	e = arena_run(r.tariff.arena, read_tariff, &r);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
