/* msg_read_cargo() of EDIFACT over any bytes: what was read is written, and what is written can be read. */
#include "fuzz.h"
#include "msg/cargo.h"

struct writing {
	const struct msg_format *format;
	const struct cargo_message *message;
	struct text text;
};

static void write_it(void *context)
{
	struct writing *w = context;

	w->format->write_cargo(&w->text, w->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	const struct span bytes = fuzz_span(data, size);
	const struct msg_format *format = msg_recognise_cargo(bytes);
	struct cargo_message m;
	struct findings f;
	struct codec_fault fault = {0};
	struct writing w = {format, &m, text_in(a)};
	enum err e;

	if (!format)
		return 0;
	e = msg_read_cargo(a, bytes, format, &m, &f, &fault);
	if (e) {
		BUG_ON(!fault.line || !fault.column || !fault.text || !*fault.text);
		return 0;
	}
	if (arena_run(a, write_it, &w) || w.text.n > LIMIT_MESSAGE_BYTES)
		return 0;
	e = msg_read_cargo(a, text_as_span(&w.text), format, &m, &f, &fault);
	BUG_ON(e != ERR_NONE && e != ERR_LIMIT && e != ERR_NOMEM);
	return 0;
}
