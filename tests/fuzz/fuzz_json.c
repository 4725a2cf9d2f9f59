/* Whatever json_read() accepts, the writer writes so that it reads the same again. */
#include "codec/json.h"
#include "fuzz.h"

struct writing {
	const struct json *value;
	struct text text;
	bool indent;
};

static void write_value(void *context)
{
	struct writing *c = context;
	struct json_writer w = json_to(&c->text);

	w.indent = c->indent;
	json_value(&w, c->value);
}

/* The place must lie in the text: not behind its last line, nor behind the end of its line. */
static void check_fault(struct span text, enum err e, const struct codec_fault *fault)
{
	uint32_t lines = 1, length = 0;

	BUG_ON(e != ERR_FORMAT && e != ERR_LIMIT);
	BUG_ON(!fault->text || fault->line < 1 || fault->column < 1);
	for (uint32_t i = 0; i < text.n; i++) {
		if (lines == fault->line && text.p[i] != '\n')
			length++;
		lines += text.p[i] == '\n';
	}
	BUG_ON(fault->line > lines || fault->column > length + 1);
}

static void check_same(const struct json *a, const struct json *b)
{
	const struct json *y = b->first;
	uint32_t n = 0;

	BUG_ON(a->kind != b->kind || a->count != b->count);
	BUG_ON(!span_equal(a->name, b->name) || !span_equal(a->text, b->text));
	BUG_ON(!span_valid_utf8(a->name) || !span_valid_utf8(a->text));
	for (const struct json *x = a->first; x; x = x->next, y = y->next, n++) {
		BUG_ON(!y);
		check_same(x, y);
	}
	BUG_ON(y || n != a->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct codec_fault fault = {0};
	struct writing c = {.text = text_in(a)};
	const struct json *again;
	enum err e = json_read(a, fuzz_span(data, size), &c.value, &fault);

	if (e) {
		check_fault(fuzz_span(data, size), e, &fault);
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		c.indent = i;
		c.text = text_in(a);
		e = arena_run(a, write_value, &c);
		if (!e)
			e = json_read(a, text_as_span(&c.text), &again, &fault);
		if (e == ERR_LIMIT)
			return 0; /* three copies of a large value fill the arena */
		BUG_ON(e);
		check_same(c.value, again);
	}
	return 0;
}
