#include "base/date.h"
#include "base/limits.h"
#include "codec/eight.h"
#include "codec/json.h"

_Static_assert(JSON_WRITER_DEPTH >= 2 * LIMIT_DEPTH,
	       "a value that was read must fit into what is written around it");

static bool in_object(const struct json_writer *w)
{
	uint32_t level = w->depth - 1;

	return w->depth && (w->objects[level / 64] >> (level % 64) & 1);
}

static void new_line(struct json_writer *w)
{
	if (!w->indent)
		return;
	text_char(w->text, '\n');
	for (uint32_t i = 0; i < w->depth; i++)
		text_add(w->text, "  ", 2);
}

/* Before each member or element: the comma, and its own line. */
static void separate(struct json_writer *w)
{
	if (w->comma)
		text_char(w->text, ',');
	if (w->depth)
		new_line(w);
}

static void begin_value(struct json_writer *w)
{
	BUG_ON(in_object(w) != w->named);
	if (!w->named)
		separate(w);
	w->named = false;
	w->comma = true;
}

static void open_level(struct json_writer *w, bool object)
{
	uint64_t bit = UINT64_C(1) << (w->depth % 64);

	BUG_ON(w->depth == JSON_WRITER_DEPTH);
	begin_value(w);
	text_char(w->text, object ? '{' : '[');
	if (object)
		w->objects[w->depth / 64] |= bit;
	else
		w->objects[w->depth / 64] &= ~bit;
	w->depth++;
	w->comma = false;
}

static void close_level(struct json_writer *w, bool object)
{
	bool empty = !w->comma;

	BUG_ON(!w->depth || w->named || in_object(w) != object);
	w->depth--;
	if (!empty)
		new_line(w);
	text_char(w->text, object ? '}' : ']');
	w->comma = true;
}

void json_open_object(struct json_writer *w)
{
	open_level(w, true);
}

void json_close_object(struct json_writer *w)
{
	close_level(w, true);
}

void json_open_array(struct json_writer *w)
{
	open_level(w, false);
}

void json_close_array(struct json_writer *w)
{
	close_level(w, false);
}

static void write_escape(struct text *t, unsigned char c)
{
	static const char digit[] = "0123456789abcdef";
	static const char letter[0x20] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	if (c == '"' || c == '\\')
		text_add(t, (char[]){'\\', (char)c}, 2);
	else if (letter[c])
		text_add(t, (char[]){'\\', letter[c]}, 2);
	else
		text_add(t, (char[]){'\\', 'u', '0', '0', digit[c >> 4], digit[c & 15]}, 6);
}

static void write_escaped(struct text *t, const unsigned char *p, const unsigned char *end)
{
	uint64_t high = 0;

	text_char(t, '"');
	while (p < end) {
		const unsigned char *stop = eight_string_end(p, end, &high);

		text_add(t, (const char *)p, (size_t)(stop - p));
		if (stop < end)
			write_escape(t, *stop++);
		p = stop;
	}
	text_char(t, '"');
}

/* Most texts need no escape: those are copied at once. */
static void write_quoted(struct text *t, struct span s)
{
	const unsigned char *p = (const unsigned char *)s.p, *end = s.n ? p + s.n : p;
	char *to;

	if (eight_string_has_stop(p, s.n)) {
		write_escaped(t, p, end);
		return;
	}
	to = text_room(t, (size_t)s.n + 2);
	to[0] = '"';
	if (s.n)
		memcpy(to + 1, s.p, s.n);
	to[s.n + 1] = '"';
	t->n += (size_t)s.n + 2;
}

void json_name_span(struct json_writer *w, struct span name)
{
	BUG_ON(!in_object(w) || w->named);
	separate(w);
	write_quoted(w->text, name);
	text_char(w->text, ':');
	if (w->indent)
		text_char(w->text, ' ');
	w->named = true;
}

void json_name(struct json_writer *w, const char *name)
{
	json_name_span(w, span_of(name));
}

void json_string(struct json_writer *w, struct span s)
{
	begin_value(w);
	write_quoted(w->text, s);
}

void json_cstring(struct json_writer *w, const char *s)
{
	json_string(w, span_of(s));
}

void json_int(struct json_writer *w, int64_t v)
{
	begin_value(w);
	text_int(w->text, v);
}

void json_bool(struct json_writer *w, bool v)
{
	json_raw(w, v ? SPAN("true") : SPAN("false"));
}

void json_null(struct json_writer *w)
{
	json_raw(w, SPAN("null"));
}

void json_decimal(struct json_writer *w, struct decimal d)
{
	if (!d.set) {
		json_null(w);
		return;
	}
	begin_value(w);
	text_char(w->text, '"');
	decimal_write(w->text, d);
	text_char(w->text, '"');
}

void json_raw(struct json_writer *w, struct span json)
{
	begin_value(w);
	text_span(w->text, json);
}

void json_put(struct json_writer *w, const char *name, struct span s)
{
	json_name(w, name);
	json_string(w, s);
}

void json_put_c(struct json_writer *w, const char *name, const char *s)
{
	json_name(w, name);
	json_cstring(w, s);
}

void json_put_int(struct json_writer *w, const char *name, int64_t v)
{
	json_name(w, name);
	json_int(w, v);
}

void json_put_bool(struct json_writer *w, const char *name, bool v)
{
	json_name(w, name);
	json_bool(w, v);
}

void json_put_decimal(struct json_writer *w, const char *name, struct decimal d)
{
	json_name(w, name);
	json_decimal(w, d);
}

void json_put_moment(struct json_writer *w, const char *name, int64_t at)
{
	struct text t = text_in(w->text->arena);

	if (!at)
		return;
	moment_write(&t, at);
	json_put(w, name, text_as_span(&t));
}

static void write_children(struct json_writer *w, const struct json *v)
{
	for (const struct json *child = v->first; child; child = child->next) {
		if (v->kind == JSON_OBJECT)
			json_name_span(w, child->name);
		json_value(w, child);
	}
}

/* Calls itself once a level: what was read is no deeper than LIMIT_DEPTH, and open_level() stops anything else. */
void json_value(struct json_writer *w, const struct json *v)
{
	switch (v->kind) {
	case JSON_NULL:
		json_null(w);
		break;
	case JSON_FALSE:
	case JSON_TRUE:
		json_bool(w, v->kind == JSON_TRUE);
		break;
	case JSON_NUMBER:
		json_raw(w, v->text);
		break;
	case JSON_STRING:
		json_string(w, v->text);
		break;
	case JSON_OBJECT:
	case JSON_ARRAY:
		open_level(w, v->kind == JSON_OBJECT);
		write_children(w, v);
		close_level(w, v->kind == JSON_OBJECT);
		break;
	}
}
