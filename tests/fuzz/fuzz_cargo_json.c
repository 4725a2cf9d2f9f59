/* msg_read_cargo() over any bytes: what was read, written and read again, is the same. */
#include "fuzz.h"
#include "msg/cargo.h"

struct writing {
	const struct cargo_message *message;
	struct text text;
};

static void write_it(void *context)
{
	struct writing *w = context;

	msg_format_by_id(SPAN("cargo-json"))->write_cargo(&w->text, w->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct cargo_message m;
	struct findings f;
	struct codec_fault fault = {0};
	struct writing first = {&m, text_in(a)}, again = {&m, text_in(a)};
	enum err e = msg_read_cargo(a, fuzz_span(data, size), NULL, &m, &f, &fault);

	if (e) {
		BUG_ON(!fault.line || !fault.column || !fault.text || !*fault.text);
		return 0;
	}
	if (arena_run(a, write_it, &first) || first.text.n > LIMIT_MESSAGE_BYTES ||
	    msg_read_cargo(a, text_as_span(&first.text), NULL, &m, &f, &fault) == ERR_LIMIT)
		return 0;
	if (!arena_run(a, write_it, &again))
		BUG_ON(!span_equal(text_as_span(&first.text), text_as_span(&again.text)));
	return 0;
}
