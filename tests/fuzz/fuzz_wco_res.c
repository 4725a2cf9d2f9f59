/* msg_read_responses() over any bytes; and what was read, written once and read again, is written the same. */
#include "codec/xml.h"
#include "fuzz.h"
#include "msg/res.h"

struct writing {
	struct text text;
	const struct responses *from;
};

static void write_message(void *context)
{
	struct writing *w = context;

	msg_write_responses(&w->text, w->from);
}

/* Writes r and reads it back. false: memory ended, or nothing in it has a kind. */
static bool again(struct arena *a, struct responses *r, struct text *ret)
{
	struct writing w = {.text = text_in(a), .from = r};
	struct codec_fault fault;
	uint32_t n = 0;
	enum err e;

	for (uint32_t i = 0; i < r->list.n; i++)
		if (r->list.v[i].kind != RESPONSE_KINDS)
			r->list.v[n++] = r->list.v[i];
	r->list.n = n;
	if (!n || arena_run(a, write_message, &w))
		return false;
	*ret = w.text;
	if (w.text.n > LIMIT_MESSAGE_BYTES)
		return false;
	e = msg_read_responses(a, text_as_span(&w.text), r, &fault);
	BUG_ON(e && e != ERR_LIMIT && e != ERR_NOMEM);
	BUG_ON(!e && r->list.n != n);
	return !e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct text first, second, third;
	struct responses r;
	struct codec_fault fault;
	enum err e;

	xml_start();
	e = msg_read_responses(a, fuzz_span(data, size), &r, &fault);
	BUG_ON(e && (!fault.text || !fault.line));
	BUG_ON(!e != (r.list.n > 0));
	/* The first writing cuts what does not fit, and a cut may leave blanks at an end. */
	if (e || !again(a, &r, &first) || !again(a, &r, &second) || !again(a, &r, &third))
		return 0;
	BUG_ON(!span_equal(text_as_span(&second), text_as_span(&third)));
	return 0;
}
