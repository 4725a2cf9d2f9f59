/* xml_read() over any bytes: what handlers see is UTF-8 and balanced; and any text, escaped, is read back as it was. */
#include "codec/xml.h"
#include "fuzz.h"

enum { TEXT_MAX = 1 << 14 };

struct seen {
	uint32_t depth, opens;
	char text[TEXT_MAX], value[TEXT_MAX];
	uint32_t text_bytes, value_bytes;
};

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct seen *s = context;

	BUG_ON(!name.n || !line || n > LIMIT_ATTRIBUTES || s->depth == LIMIT_DEPTH);
	BUG_ON(!span_valid_utf8(name) || !span_valid_utf8(space));
	for (uint32_t i = 0; i < n; i++) {
		BUG_ON(!span_valid_utf8(attributes[i].name) ||
		       !span_valid_utf8(attributes[i].space));
		BUG_ON(!span_valid_utf8(attributes[i].value));
	}
	if (n && attributes[0].value.n <= TEXT_MAX) {
		s->value_bytes = attributes[0].value.n;
		memcpy(s->value, attributes[0].value.p, s->value_bytes);
	}
	s->depth++;
	s->opens++;
	return true;
}

static bool on_close(void *context, struct span name)
{
	struct seen *s = context;

	BUG_ON(!s->depth || !name.n);
	s->depth--;
	return true;
}

static bool on_text(void *context, struct span piece)
{
	struct seen *s = context;

	BUG_ON(!s->depth || !span_valid_utf8(piece));
	if (piece.n <= TEXT_MAX - s->text_bytes) {
		memcpy(s->text + s->text_bytes, piece.p, piece.n);
		s->text_bytes += piece.n;
	}
	return true;
}

static struct seen seen;

static enum err read_text(struct arena *a, struct span bytes)
{
	const struct xml_handler handler = {
	    .open = on_open, .close = on_close, .text = on_text, .context = &seen};
	struct codec_fault fault = {0};
	enum err e;

	seen.depth = seen.opens = seen.text_bytes = seen.value_bytes = 0;
	e = xml_read(a, bytes, &handler, &fault);
	BUG_ON(!e && (seen.depth || !seen.opens));
	BUG_ON(e && e != ERR_FORMAT && e != ERR_LIMIT);
	BUG_ON(e && (!fault.text || !fault.line || !fault.column ||
		     !span_valid_utf8(span_of(fault.text))));
	return e;
}

/* Could XML 1.0 carry it as it is? */
static bool is_carried(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
		if (s.n - i >= 3 && c == 0xef && s.p[i + 1] == '\xbf' &&
		    (unsigned char)s.p[i + 2] >= 0xbe)
			return false;
	}
	return true;
}

struct writing {
	struct text text;
	struct span from;
};

static void write_document(void *context)
{
	struct writing *w = context;

	text_string(&w->text, "<a b=\"");
	xml_escape(&w->text, w->from, true);
	text_string(&w->text, "\">");
	xml_escape(&w->text, w->from, false);
	text_string(&w->text, "</a>");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct writing w = {.text = text_in(a), .from = fuzz_span(data, size)};

	xml_start();
	if (read_text(a, w.from) == ERR_NOMEM)
		return 0;
	if (size > TEXT_MAX || !span_valid_utf8(w.from))
		return 0;
	BUG_ON(arena_run(a, write_document, &w));
	BUG_ON(read_text(a, text_as_span(&w.text)));
	if (is_carried(w.from)) {
		BUG_ON(!span_equal(w.from, (struct span){seen.text, seen.text_bytes, 0}));
		BUG_ON(!span_equal(w.from, (struct span){seen.value, seen.value_bytes, 0}));
	}
	return 0;
}
