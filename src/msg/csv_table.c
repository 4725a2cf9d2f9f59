#include "msg/csv_table.h"

#include "base/limits.h"
#include "base/map.h"
#include "codec/csv.h"
#include "msg/decode.h"

/* ---- encodings ---- */

bool csv_is_utf16(struct span bytes)
{
	if (span_starts(bytes, (struct span){"\xff\xfe", 2, 0}) ||
	    span_starts(bytes, (struct span){"\xfe\xff", 2, 0}))
		return true;
	return bytes.n >= 2 && !bytes.p[0] != !bytes.p[1];
}

/* U+0080 to U+009F of Windows-1252; 0: no character there. */
static const uint16_t windows[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static struct span from_windows(struct arena *a, struct span bytes)
{
	char *p = arena_try(a, (size_t)bytes.n * 3 + 1);
	struct span s = {p, 0, bytes.line};

	for (uint32_t i = 0; p && i < bytes.n; i++) {
		uint32_t c = (unsigned char)bytes.p[i];

		if (c >= 0x80 && c < 0xa0)
			c = windows[c - 0x80] ? windows[c - 0x80] : 0xfffd;
		s.n = (uint32_t)(utf8_put(p + s.n, c) - p);
	}
	return s;
}

static uint32_t unit_at(struct span bytes, uint32_t i, bool little)
{
	uint32_t first = (unsigned char)bytes.p[i], second = (unsigned char)bytes.p[i + 1];

	return little ? first | second << 8 : first << 8 | second;
}

static struct span from_utf16(struct arena *a, struct span bytes)
{
	bool little = bytes.p[0] == '\xff' || (bytes.p[0] && bytes.p[0] != '\xfe');
	char *p = arena_try(a, (size_t)bytes.n * 2 + 4);
	struct span s = {p, 0, bytes.line};

	for (uint32_t i = 0; p && i + 1 < bytes.n; i += 2) {
		uint32_t c = unit_at(bytes, i, little), low;

		if (i == 0 && c == 0xfeff)
			continue;
		if (c >= 0xd800 && c < 0xe000) {
			low = i + 3 < bytes.n ? unit_at(bytes, i + 2, little) : 0;
			if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			} else {
				c = 0xfffd;
			}
		}
		s.n = (uint32_t)(utf8_put(p + s.n, c) - p);
	}
	return s;
}

struct span csv_to_utf8(struct arena *a, struct span bytes)
{
	if (csv_is_utf16(bytes))
		return from_utf16(a, bytes);
	if (!span_valid_utf8(bytes))
		return from_windows(a, bytes);
	if (span_starts(bytes, SPAN("\xef\xbb\xbf")))
		return (struct span){bytes.p + 3, bytes.n - 3, bytes.line};
	return bytes;
}

/* ---- the delimiter ---- */

/* Comments and blank lines stand before the first row. */
static struct span first_row(struct span s)
{
	while (s.n) {
		struct span line = span_cut(&s, '\n'), text = span_trim(line);

		if (text.n && text.p[0] != '#')
			return line;
	}
	return s;
}

char csv_delimiter(struct span utf8)
{
	static const char delimiters[] = {',', ';', '\t', '|'};
	uint32_t count[sizeof(delimiters)] = {0}, best = 0;
	struct span row = first_row(utf8);
	bool quoted = false;

	for (uint32_t i = 0; i < row.n; i++) {
		quoted ^= row.p[i] == '"';
		for (uint32_t j = 0; !quoted && j < sizeof(delimiters); j++)
			count[j] += row.p[i] == delimiters[j];
	}
	for (uint32_t j = 1; j < sizeof(delimiters); j++)
		if (count[j] > count[best])
			best = j;
	return delimiters[best];
}

/* ---- columns ---- */

static const struct named {
	const char *name, *pointer;
	bool qualifier;
} named[] = {
#define CSV_COLUMN(name, pointer, qualifier, title) {name, pointer, qualifier},
#include "msg/csv_columns.def"
#undef CSV_COLUMN
};

#define ITEMS "/shipment/items/"

uint32_t csv_named_columns(void)
{
	return ARRAY_LEN(named);
}

struct span csv_named_column(uint32_t i)
{
	return span_of(named[i].name);
}

/* Names are compared without regard to case, with blanks as underscores: people type them. */
static bool same_name(struct span s, const char *name)
{
	if (s.n != strlen(name))
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c + ('a' - 'A'));
		if ((c == ' ' ? '_' : c) != name[i])
			return false;
	}
	return true;
}

static const struct dict_field *field_of(struct arena *a, bool item, struct span pointer)
{
	struct text t = text_in(a);

	text_string(&t, item ? ITEMS "0" : "");
	text_span(&t, pointer);
	return decode_pointer_ok(&dict_declaration, text_as_span(&t));
}

static bool has_qualifier(const struct dict_field *f)
{
	return f->kind == DICT_AMOUNT || f->kind == DICT_QUANTITY || f->kind == DICT_DATETIME;
}

static const char *qualifier_of(const struct dict_field *f)
{
	if (f->kind == DICT_AMOUNT)
		return "currency";
	return f->kind == DICT_QUANTITY ? "unit" : "format";
}

/* "item.documents.2.id" as the pointer "/documents/1/id". Empty: it cannot be one. */
static struct span pointer_of(struct arena *a, struct span path)
{
	struct text t = text_in(a);

	while (path.p) {
		struct span step = span_cut(&path, '.');
		uint32_t number = 0, i = 0;

		for (; i < step.n && i < 4 && step.p[i] >= '0' && step.p[i] <= '9'; i++)
			number = number * 10 + (uint32_t)(step.p[i] - '0');
		text_char(&t, '/');
		if (i < step.n || !i)
			text_span(&t, step);
		else if (number)
			text_int(&t, number - 1);
		else
			return NO_VALUE;
	}
	return text_as_span(&t);
}

static struct csv_column column_by_path(struct arena *a, struct span name)
{
	struct csv_column c = {.name = name, .other = -1};
	struct span path = name, end;

	c.item = span_starts(path, SPAN("item."));
	if (c.item)
		path = (struct span){path.p + 5, path.n - 5, 0};
	c.pointer = pointer_of(a, path);
	c.field = c.pointer.n ? field_of(a, c.item, c.pointer) : NULL;
	for (uint32_t i = path.n; !c.field && i-- > 0;) {
		if (path.p[i] != '.')
			continue;
		end = (struct span){path.p + i + 1, path.n - i - 1, 0};
		c.pointer = pointer_of(a, (struct span){path.p, i, 0});
		c.field = c.pointer.n ? field_of(a, c.item, c.pointer) : NULL;
		c.qualifier = true;
		if (c.field && (!has_qualifier(c.field) || !span_is(end, qualifier_of(c.field))))
			c.field = NULL;
		break;
	}
	return c;
}

struct csv_column csv_column_of(struct arena *a, struct span name)
{
	for (uint32_t i = 0; i < ARRAY_LEN(named); i++) {
		struct csv_column c = {.name = name, .qualifier = named[i].qualifier, .other = -1};

		if (!same_name(name, named[i].name))
			continue;
		c.pointer = span_of(named[i].pointer);
		c.item = c.pointer.p[0] != '/';
		if (c.item)
			c.pointer = (struct span){c.pointer.p + 4, c.pointer.n - 4, 0};
		c.field = field_of(a, c.item, c.pointer);
		BUG_ON(!c.field);
		return c;
	}
	return column_by_path(a, name);
}

/* What pairs a value with its qualifier: the place of both. */
static struct span place_of_column(struct arena *a, const struct csv_column *c)
{
	return span_of(arena_print(a, "%c%.*s", c->item ? 'i' : 'd', SPAN_ARG(c->pointer)));
}

void csv_pair_columns(struct arena *a, struct csv_column *columns, uint32_t n)
{
	struct map values = map_in(a);

	for (uint32_t i = 0; i < n; i++)
		if (columns[i].field && !columns[i].qualifier) {
			struct span place = place_of_column(a, &columns[i]);

			/* A value has one column: another holds nothing that is known. */
			if (map_get(&values, place))
				columns[i].field = NULL;
			else
				map_put(&values, place, &columns[i]);
		}
	for (uint32_t i = 0; i < n; i++) {
		struct csv_column *v;

		if (!columns[i].field || !columns[i].qualifier)
			continue;
		v = map_get(&values, place_of_column(a, &columns[i]));
		if (!v || v->other >= 0)
			continue;
		v->other = (int)i;
		columns[i].other = (int)(v - columns);
	}
}

struct span csv_column_name(struct arena *a, bool item, struct span pointer,
			    const struct dict_field *f, bool qualifier)
{
	struct text t = text_in(a);
	struct span rest = pointer;

	for (uint32_t i = 0; i < ARRAY_LEN(named); i++) {
		struct span p = span_of(named[i].pointer);
		bool of_item = p.p[0] != '/';

		if (of_item)
			p = (struct span){p.p + 4, p.n - 4, 0};
		if (of_item == item && named[i].qualifier == qualifier && span_equal(p, pointer))
			return span_of(named[i].name);
	}
	text_string(&t, item ? "item" : "");
	span_cut(&rest, '/');
	while (rest.p) {
		struct span step = span_cut(&rest, '/');
		uint32_t number = 0;

		if (t.n)
			text_char(&t, '.');
		if (step.n && step.p[0] >= '0' && step.p[0] <= '9') {
			for (uint32_t i = 0; i < step.n; i++)
				number = number * 10 + (uint32_t)(step.p[i] - '0');
			text_int(&t, number + 1);
		} else {
			text_span(&t, step);
		}
	}
	if (qualifier) {
		text_char(&t, '.');
		text_string(&t, qualifier_of(f));
	}
	return text_as_span(&t);
}

/* Two columns of the template's names are enough: few other tables have them. */
bool csv_names_columns(struct span row, char delimiter)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < LIMIT_CSV_COLUMNS && known < 2; i++) {
		struct span field = csv_raw_field(row, delimiter, i);

		for (uint32_t j = 0; j < ARRAY_LEN(named); j++)
			known += same_name(field, named[j].name);
	}
	return known == 2;
}
