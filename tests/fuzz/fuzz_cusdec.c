/* msg_read() of EDIFACT over any bytes; and what was learned of messages before changes nothing of what comes of one. */
#include "fuzz_msg.h"
#include "msg/edi_learned.h"

static void expect_same(const struct findings *a, const struct findings *b)
{
	BUG_ON(a->list.n != b->list.n || a->errors != b->errors);
	for (uint32_t i = 0; i < a->list.n; i++) {
		const struct finding *x = &a->list.v[i], *y = &b->list.v[i];

		BUG_ON(x->rule != y->rule || !span_equal(x->pointer, y->pointer) ||
		       x->line != y->line || x->column != y->column || x->element != y->element ||
		       x->component != y->component || x->values != y->values);
		for (uint32_t k = 0; k < x->values; k++)
			BUG_ON(!span_equal(x->value[k], y->value[k]));
	}
}

/* Twice with what all inputs before taught: the second time this one is among them. */
static void read_learned(struct span bytes)
{
	static struct edi_learned learned;
	const struct msg_format *format = msg_format_by_id(SPAN("cusdec"));
	struct arena *a = fuzz_arena();
	struct fuzz_message plain;
	enum err e = fuzz_read(a, bytes, format, &plain);

	if (!e && !fuzz_write(a, "json", &plain.message, &plain.json))
		return;
	for (unsigned round = 0; round < 2; round++) {
		struct fuzz_message m;
		struct codec_fault fault = {0};

		BUG_ON(msg_read_next(a, bytes, format, NULL, &learned, &m.message, &m.findings,
				     &fault) != e);
		if (e || !fuzz_write(a, "json", &m.message, &m.json))
			return;
		BUG_ON(!span_equal(m.json, plain.json) ||
		       m.message.unmapped.n != plain.message.unmapped.n);
		expect_same(&m.findings, &plain.findings);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_learned(fuzz_span(data, size));
	return fuzz_one_message(data, size, "cusdec");
}
