/* What another system decided, as any bytes: an error with its place, or a table that is written and read again as the same. */
#include "codec/xml.h"
#include "fuzz.h"
#include "hub/audit/compare.h"

struct again {
	struct arena *arena;
	const struct comparison *c;
	struct comparison *back;
};

static struct span one(struct arena *a, const struct comparison *c, uint32_t i)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	comparison_write_theirs(&w, c, i);
	return text_as_span(&t);
}

static void read_again(void *context)
{
	struct again *g = context;

	for (uint32_t i = 0; i < comparison_count(g->c); i++) {
		const struct span text = one(g->arena, g->c, i);
		const struct json *j;
		struct codec_fault fault;
		const char *why;
		enum err e = json_read(g->arena, text, &j, &fault);

		/* bytes of a table may be no UTF-8: what it says is then refused before it is kept */
		if (e)
			return;
		BUG_ON(comparison_add(g->back, comparison_reference(g->c, i), j, &why));
		BUG_ON(!span_equal(text, one(g->arena, g->back, comparison_count(g->back) - 1)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct comparison c, back;
	struct codec_fault fault = {0};
	struct again g = {a, &c, &back};
	enum err e;

	xml_start();
	e = comparison_open(a, fuzz_span(data, size), &c, &fault);
	if (e) {
		BUG_ON(!fault.line || !fault.text);
		return 0;
	}
	back = (struct comparison){.arena = a, .theirs = map_in(a)};
	if (arena_run(a, read_again, &g))
		return 0;
	return 0;
}
