#include "codec/csv.h"

#include "base/limits.h"
#include "base/map.h"

/* A row under way. The first fault wins; what follows it is still read where that can be done, so that the next row is
 * found. */
struct cursor {
	struct arena *arena;
	char delimiter;
	const char *p, *end;
	const char *line_start;
	uint32_t line;
	const char *row_start;
	uint32_t row_line;
	enum err err;
	struct codec_fault *fault;
};

/* Always false, for the caller to return: a fault after which the rest of the row cannot be told. */
static bool refuse(struct cursor *c, enum err e, const char *at, const char *text)
{
	const char *line_start = c->row_start;
	uint32_t line = c->row_line;

	if (c->err)
		return false;
	for (const char *p = c->row_start; p < at; p++)
		if (*p == '\n')
			line++, line_start = p + 1;
	c->err = e;
	*c->fault = (struct codec_fault){line, (uint32_t)(at - line_start) + 1, text};
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static void skip_blanks(struct cursor *c)
{
	while (c->p < c->end && is_blank(*c->p) && *c->p != c->delimiter)
		c->p++;
}

static bool at_line_end(const struct cursor *c)
{
	return c->p == c->end || *c->p == '\n' ||
	       (*c->p == '\r' && c->end - c->p > 1 && c->p[1] == '\n');
}

/* Over a line feed, or up to the end. */
static void next_line(struct cursor *c)
{
	const char *at = c->p < c->end ? memchr(c->p, '\n', (size_t)(c->end - c->p)) : NULL;

	c->p = at ? at + 1 : c->end;
	c->line += at != NULL;
	c->line_start = c->p;
}

/* To the first line that holds a row. False at the end. */
static bool find_row(struct cursor *c)
{
	for (; c->p < c->end; next_line(c)) {
		if (*c->p == '#')
			continue;
		skip_blanks(c);
		if (at_line_end(c))
			continue;
		c->p = c->row_start = c->line_start;
		c->row_line = c->line;
		return true;
	}
	return false;
}

static bool refuse_control(struct cursor *c)
{
	return refuse(c, ERR_FORMAT, c->p,
		      *c->p == '\r' ? "a carriage return without a line feed"
				    : "a control character");
}

/* A field without quotes: up to a delimiter or the line end. */
static bool read_plain(struct cursor *c, struct span *ret)
{
	const char *begin = c->p, *end = c->p;

	for (; !at_line_end(c) && *c->p != c->delimiter; c->p++) {
		if (*c->p == '"')
			return refuse(c, ERR_FORMAT, c->p,
				      "a quote inside a field without quotes around it");
		if (is_control(*c->p))
			return refuse_control(c);
		if (!is_blank(*c->p))
			end = c->p + 1;
	}
	*ret = (struct span){begin, (uint32_t)(end - begin), c->line};
	return true;
}

/* To the closing quote; c->p stands behind the opening one. */
static bool find_closing_quote(struct cursor *c, bool *ret_doubled)
{
	const char *opened = c->p - 1;

	for (; c->p < c->end; c->p++) {
		if (*c->p == '"') {
			if (c->end - c->p < 2 || c->p[1] != '"')
				return true;
			c->p++;
			*ret_doubled = true;
		} else if (*c->p == '\n') {
			c->line++;
			c->line_start = c->p + 1;
		} else if (is_control(*c->p) && !at_line_end(c)) {
			refuse_control(c);
		}
	}
	return refuse(c, ERR_FORMAT, opened, "a quote is not closed");
}

/* The text between quotes, each doubled quote made one. */
static struct span undouble(struct arena *a, struct span raw)
{
	char *to = arena_alloc(a, raw.n);
	struct span text = {to, 0, raw.line};

	for (uint32_t i = 0; i < raw.n; i++) {
		to[text.n++] = raw.p[i];
		i += raw.p[i] == '"';
	}
	return text;
}

static bool read_quoted(struct cursor *c, struct span *ret, bool *ret_doubled)
{
	const char *begin = ++c->p;
	uint32_t line = c->line;

	if (!find_closing_quote(c, ret_doubled))
		return false;
	*ret = (struct span){begin, (uint32_t)(c->p - begin), line};
	c->p++;
	skip_blanks(c);
	if (!at_line_end(c) && *c->p != c->delimiter)
		return refuse(c, ERR_FORMAT, c->p, "text stands behind a closing quote");
	return true;
}

/* False when the rest of the row cannot be told. */
static bool read_field(struct cursor *c, struct span *ret, uint32_t *ret_column)
{
	bool doubled = false;
	uint32_t good;

	*ret = (struct span){NULL, 0, 0};
	skip_blanks(c);
	*ret_column = (uint32_t)(c->p - c->line_start) + 1;
	if (!(c->p < c->end && *c->p == '"' ? read_quoted(c, ret, &doubled) : read_plain(c, ret)))
		return false;
	good = span_utf8_prefix(*ret);
	if (good < ret->n)
		refuse(c, ERR_FORMAT, ret->p + good, "not UTF-8");
	if (ret->n > LIMIT_CSV_FIELD_BYTES)
		refuse(c, ERR_LIMIT, ret->p, "the field is too long");
	if (doubled && !c->err)
		*ret = undouble(c->arena, *ret);
	return true;
}

/* Reads the fields of a row, keeps the first `room` of them and counts all; the cursor comes to stand on the next line. */
static uint32_t read_row(struct cursor *c, struct span *fields, uint32_t *columns, uint32_t room)
{
	struct span field;
	uint32_t n = 0, column;

	while (read_field(c, &field, &column)) {
		if (n < room) {
			fields[n] = field;
			columns[n] = column;
		}
		n++;
		if (at_line_end(c))
			break;
		c->p++; /* the delimiter */
	}
	next_line(c);
	return n;
}

static struct cursor cursor_of(const struct csv *csv, struct codec_fault *fault)
{
	const char *p = csv->rest.n ? csv->rest.p : "";

	return (struct cursor){.arena = csv->arena,
			       .delimiter = csv->delimiter,
			       .p = p,
			       .end = p + csv->rest.n,
			       .line_start = p,
			       .line = csv->line,
			       .row_start = p,
			       .row_line = csv->line,
			       .fault = fault};
}

static void keep_place(struct csv *csv, const struct cursor *c)
{
	csv->rest = (struct span){c->p, (uint32_t)(c->end - c->p), 0};
	csv->line = c->line;
	csv->row_line = c->row_line;
}

static enum err check_names(const struct csv *csv, struct codec_fault *ret_fault)
{
	struct map seen = map_in(csv->arena);

	for (uint32_t i = 0; i < csv->columns; i++) {
		bool empty = !csv->names[i].n;

		if (!empty && !map_put(&seen, csv->names[i], &csv->names[i]))
			continue;
		*ret_fault = (struct codec_fault){csv->names[i].line, csv->field_column[i],
						  empty ? "a column has no name"
							: "two columns have the same name"};
		return ERR_FORMAT;
	}
	return ERR_NONE;
}

enum err csv_open(struct arena *a, struct span bytes, struct csv *ret,
		  struct codec_fault *ret_fault)
{
	return csv_open_as(a, bytes, ',', LIMIT_CSV_COLUMNS, ret, ret_fault);
}

enum err csv_open_as(struct arena *a, struct span bytes, char delimiter, uint32_t most,
		     struct csv *ret, struct codec_fault *ret_fault)
{
	struct csv csv = {.arena = a, .delimiter = delimiter, .rest = bytes, .line = 1};
	struct cursor c;
	enum err e;

	if (span_starts(bytes, SPAN("\xef\xbb\xbf")))
		csv.rest = (struct span){bytes.p + 3, bytes.n - 3, 0};
	csv.names = ARENA_ARRAY(a, struct span, most);
	csv.fields = ARENA_ARRAY(a, struct span, most);
	csv.field_column = ARENA_ARRAY(a, uint32_t, most);
	c = cursor_of(&csv, ret_fault);
	if (!find_row(&c))
		refuse(&c, ERR_FORMAT, c.row_start, "no row names the columns");
	else
		csv.columns = read_row(&c, csv.names, csv.field_column, most);
	if (csv.columns > most)
		refuse(&c, ERR_LIMIT, c.row_start, "too many columns");
	if (c.err)
		return c.err;
	e = check_names(&csv, ret_fault);
	if (e)
		return e;
	keep_place(&csv, &c);
	*ret = csv;
	return ERR_NONE;
}

enum err csv_next(struct csv *csv, struct codec_fault *ret_fault)
{
	struct cursor c = cursor_of(csv, ret_fault);
	uint32_t n;

	if (!find_row(&c)) {
		keep_place(csv, &c);
		return ERR_NOT_FOUND;
	}
	n = read_row(&c, csv->fields, csv->field_column, csv->columns);
	keep_place(csv, &c);
	for (; csv->ragged && n < csv->columns; n++)
		csv->fields[n] = (struct span){NULL, 0, c.row_line};
	if (!c.err && n != csv->columns)
		refuse(&c, ERR_FORMAT, c.row_start,
		       arena_print(csv->arena, "the row has %u fields, the header %u", n,
				   csv->columns));
	return c.err;
}

int csv_column(const struct csv *csv, const char *name)
{
	struct span key = span_of(name);

	for (uint32_t i = 0; i < csv->columns; i++)
		if (span_equal(csv->names[i], key))
			return (int)i;
	return -1;
}

uint32_t csv_row_extent(struct span s, char delimiter, uint32_t *ret_lines)
{
	struct codec_fault fault;
	struct csv csv = {.delimiter = delimiter, .rest = s, .line = 1};
	struct cursor c = cursor_of(&csv, &fault);
	bool quoted = false, begins = true;

	*ret_lines = 0;
	if (!find_row(&c))
		return 0;
	for (; c.p < c.end; c.p++) {
		if (*c.p == '"' && quoted && c.end - c.p > 1 && c.p[1] == '"') {
			c.p++;
			continue;
		}
		if (*c.p == '"' && (quoted || begins))
			quoted = !quoted;
		begins = !quoted && (*c.p == delimiter || (begins && is_blank(*c.p)));
		if (*c.p != '\n')
			continue;
		c.line++;
		if (!quoted) {
			*ret_lines = c.line - 1;
			return (uint32_t)(c.p + 1 - s.p);
		}
	}
	return 0;
}

struct span csv_raw_field(struct span row, char delimiter, uint32_t index)
{
	struct codec_fault fault;
	struct csv csv = {.delimiter = delimiter, .rest = row, .line = 1};
	struct cursor c = cursor_of(&csv, &fault);
	struct span field = {0};
	bool doubled;

	if (!find_row(&c))
		return field;
	for (uint32_t i = 0;; i++, c.p++) {
		skip_blanks(&c);
		if (!(c.p < c.end && *c.p == '"' ? read_quoted(&c, &field, &doubled)
						 : read_plain(&c, &field)))
			return (struct span){0};
		if (i == index)
			return field;
		if (at_line_end(&c))
			return (struct span){0};
	}
}

void csv_put(struct text *t, struct span field, char delimiter)
{
	bool quotes = field.n &&
		      (is_blank(field.p[0]) || field.p[0] == '#' || is_blank(field.p[field.n - 1]));

	for (uint32_t i = 0; i < field.n && !quotes; i++)
		quotes = field.p[i] == delimiter || field.p[i] == '"' || field.p[i] == '\n' ||
			 field.p[i] == '\r';
	if (!quotes) {
		text_span(t, field);
		return;
	}
	text_char(t, '"');
	for (uint32_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			text_char(t, '"');
		text_char(t, field.p[i]);
	}
	text_char(t, '"');
}
