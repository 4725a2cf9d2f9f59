/* msg_read_cusres() over any bytes; and what was read, written and read again, is written the same. */
#include "fuzz.h"
#include "msg/edi_answer.h"
#include "msg/res.h"

struct writing {
	struct text text;
	const struct responses *from;
};

static void write_message(void *context)
{
	struct writing *w = context;
	const struct edi_envelope e = {.version = 4};
	const struct edi_reply r = {.type = {SPAN("CUSDEC"), SPAN("D"), SPAN("21B"), SPAN("UN")}};
	const struct edi_answer a = {.envelope = &e, .now = 1};

	text_string(&w->text, "UNB+UNOY:4+A+B+20260101:1200+7'\n");
	edi_write_cusres(&w->text, &a, &r, w->from, 1);
	text_string(&w->text, "UNZ+1+7'\n");
}

/* Writes r and reads it back. false: memory ended, or the writer's message cannot hold what stood there. */
static bool again(struct arena *a, struct responses *r, struct text *ret)
{
	struct writing w = {.text = text_in(a), .from = r};
	struct codec_fault fault;

	if (arena_run(a, write_message, &w) || w.text.n > LIMIT_MESSAGE_BYTES)
		return false;
	*ret = w.text;
	return !msg_read_cusres(a, text_as_span(&w.text), NULL, r, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct text first, second, third;
	struct responses r;
	struct codec_fault fault = {0};
	enum err e = msg_read_cusres(a, fuzz_span(data, size), NULL, &r, &fault);

	BUG_ON(e && (!fault.text || !fault.line));
	BUG_ON(!e != (r.list.n > 0 && !e));
	/* The first writing cuts what does not fit. */
	if (e || !again(a, &r, &first) || !again(a, &r, &second) || !again(a, &r, &third))
		return 0;
	BUG_ON(!span_equal(text_as_span(&second), text_as_span(&third)));
	return 0;
}
