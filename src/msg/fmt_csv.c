/* Declarations as a table: a row for each goods item, for traders who have a spreadsheet and no system. Columns have the names of
 * csv_columns.def, or the path of any value of the dictionary, so that a table can hold whatever a declaration says.
 *
 * The rows of one declaration have the same reference, or none; what is said of the whole declaration stands in the first of
 * them, and may be repeated. A new row of column names may stand between two declarations. Texts that a spreadsheet would compute
 * (they begin with = + - @) are written with an apostrophe before them, which is dropped when read. Runs inside arena_run(), and
 * may leave; cutting does not. */
#include "base/limits.h"
#include "base/map.h"
#include "codec/csv.h"
#include "msg/csv_table.h"
#include "msg/decode.h"
#include "msg/edi_envelope.h"
#include "msg/formats.h"

#define ITEMS "/shipment/items/"

/* ---- reading ---- */

struct reader {
	struct decoder decoder;
	struct csv csv;
	struct csv_column *columns;
	struct span *first; /* of each column of the declaration: what a row said first */
	uint32_t items;     /* that a row was of */
	bool too_many;
	bool decimal_commas; /* a comma parts no columns: it may stand for a point */
};

/* Memory ends by leaving here: no foreign library is on the stack. */
static void must(struct reader *r, bool ok)
{
	if (!ok)
		arena_leave(r->decoder.arena);
}

/* Findings from `from` on are of the column with this number. */
static void mark_column(struct reader *r, uint32_t from, uint32_t column)
{
	for (uint32_t i = from; i < r->decoder.findings->list.n; i++)
		r->decoder.findings->list.v[i].column = column;
}

static bool is_number(const struct dict_field *f)
{
	return f->kind == DICT_NUMBER || f->kind == DICT_AMOUNT || f->kind == DICT_QUANTITY;
}

static bool computes(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@';
}

/* The cell's text as the model takes it: without the apostrophe that keeps it from being computed. */
static struct span text_value(struct span cell)
{
	if (cell.n > 1 && cell.p[0] == '\'' && (computes(cell.p[1]) || cell.p[1] == '\''))
		return (struct span){cell.p + 1, cell.n - 1, cell.line};
	return cell;
}

/* The cell of a value as the model takes it. */
static struct span cell_value(struct reader *r, const struct dict_field *f, struct span cell)
{
	const char *comma = cell.n ? memchr(cell.p, ',', cell.n) : NULL;
	char *copy;

	if (!is_number(f))
		return text_value(cell);
	if (!r->decimal_commas || !comma || memchr(cell.p, '.', cell.n))
		return cell;
	copy = arena_copy(r->decoder.arena, cell.p, cell.n);
	copy[comma - cell.p] = '.';
	return (struct span){copy, cell.n, cell.line};
}

static struct span cell_of(const struct reader *r, uint32_t i)
{
	struct span line = r->csv.fields[i], cell = span_trim(line);

	cell.line = line.line ? line.line : r->csv.row_line;
	return cell;
}

static void keep_unmapped(struct reader *r, uint32_t i, bool quiet)
{
	uint32_t from = r->decoder.findings->list.n;

	r->decoder.depth = 0; /* it is the message's, not that of the value before */
	must(r, decode_unmapped(&r->decoder, r->columns[i].name, cell_of(r, i), r->csv.row_line,
				quiet));
	mark_column(r, from, i + 1);
}

/* What the declaration says once: the first row that says it counts. false: nothing new. */
static bool is_first(struct reader *r, uint32_t i)
{
	struct span cell = cell_of(r, i), *first = &r->first[i];

	if (!first->p) {
		*first = cell;
		return true;
	}
	if (!span_equal(*first, cell)) {
		struct finding *f;

		must(r, finding_try(r->decoder.findings, FINDING_DECODE_ROWS_DIFFER, SPAN(""),
				    cell.line, r->columns[i].name, decode_excerpt(cell),
				    decode_excerpt(*first)));
		f = &r->decoder.findings->list.v[r->decoder.findings->list.n - 1];
		f->column = i + 1;
	}
	return false;
}

static void take_cell(struct reader *r, uint32_t i)
{
	const struct csv_column *c = &r->columns[i];
	struct span cell = cell_of(r, i), qualifier = {0}, pointer = c->pointer;
	uint32_t from = r->decoder.findings->list.n;
	const struct dict_field *f;

	if (!c->field || (c->qualifier && (c->other < 0 || !cell_of(r, (uint32_t)c->other).n))) {
		keep_unmapped(r, i, false);
		return;
	}
	if (!c->item && !is_first(r, i))
		return;
	if (c->qualifier)
		return;
	if (c->other >= 0)
		qualifier = text_value(cell_of(r, (uint32_t)c->other));
	if (c->item)
		pointer = span_of(
		    arena_print(r->decoder.arena, ITEMS "%u%.*s", r->items, SPAN_ARG(c->pointer)));
	f = decode_goto(&r->decoder, pointer, cell.line);
	must(r, f && decode_value(&r->decoder, f, cell_value(r, f, cell), qualifier));
	mark_column(r, from, i + 1);
}

/* Does the row speak of a goods item? Its number alone is no item. */
static bool has_item(const struct reader *r)
{
	for (uint32_t i = 0; i < r->csv.columns; i++)
		if (r->columns[i].item && r->columns[i].field && cell_of(r, i).n)
			return true;
	return false;
}

/* A goods item past the last that fits: kept, said once. */
static void refuse_item(struct reader *r)
{
	r->decoder.depth = 0;
	if (!r->too_many)
		must(r, decode_finding(&r->decoder, FINDING_DECODE_TOO_MANY, NULL, r->csv.row_line,
				       SPAN("items"),
				       span_of(arena_print(r->decoder.arena, "%u", LIMIT_ITEMS))));
	r->too_many = true;
	for (uint32_t i = 0; i < r->csv.columns; i++)
		if (r->columns[i].item && cell_of(r, i).n)
			keep_unmapped(r, i, true);
}

static void take_row(struct reader *r)
{
	bool item = has_item(r), refused = item && r->items == LIMIT_ITEMS;

	if (refused)
		refuse_item(r);
	for (uint32_t i = 0; i < r->csv.columns; i++)
		if (cell_of(r, i).n && !(refused && r->columns[i].item))
			take_cell(r, i);
	r->items += item && !refused;
}

/* A table that does not say what its messages do lodges new declarations. */
static void take_default(struct reader *r)
{
	const struct dict_field *f;

	for (uint32_t i = 0; i < r->csv.columns; i++)
		if (!r->columns[i].item && span_is(r->columns[i].pointer, "/function"))
			return;
	f = decode_goto(&r->decoder, SPAN("/function"), 1);
	must(r, f && decode_value(&r->decoder, f, SPAN("9"), NO_VALUE));
}

static void read_columns(struct reader *r)
{
	struct arena *a = r->decoder.arena;

	r->columns = ARENA_ARRAY(a, struct csv_column, r->csv.columns);
	r->first = ARENA_ARRAY(a, struct span, r->csv.columns);
	for (uint32_t i = 0; i < r->csv.columns; i++)
		r->columns[i] = csv_column_of(a, r->csv.names[i]);
	csv_pair_columns(a, r->columns, r->csv.columns);
}

/* ERR_NOT_FOUND: no row at all. */
static enum err read_rows(struct reader *r, struct codec_fault *ret_fault)
{
	struct codec_fault fault;
	bool any = false;
	enum err e;

	while ((e = csv_next(&r->csv, &fault)) != ERR_NOT_FOUND) {
		any = true;
		if (!e) {
			take_row(r);
			continue;
		}
		must(r, finding_try(r->decoder.findings, FINDING_DECODE_ROW, SPAN(""), fault.line,
				    span_of(fault.text), NO_VALUE, NO_VALUE));
	}
	if (any)
		return ERR_NONE;
	*ret_fault = (struct codec_fault){1, 1, "no row stands under the names of the columns"};
	return ERR_UNSUPPORTED;
}

static enum err csv_dec_read(struct arena *a, struct span bytes, struct message *ret,
			     struct findings *f, struct codec_fault *ret_fault)
{
	struct reader r = {.decoder = decode_into(a, ret, f)};
	struct span utf8 = csv_to_utf8(a, bytes);
	char delimiter;
	enum err e;

	must(&r, utf8.p || !bytes.n);
	delimiter = csv_delimiter(utf8);
	r.decimal_commas = delimiter != ',';
	e = csv_open_as(a, utf8, delimiter, LIMIT_TABLE_COLUMNS, &r.csv, ret_fault);
	if (e)
		return e;
	r.csv.ragged = true;
	read_columns(&r);
	e = read_rows(&r, ret_fault);
	if (e)
		return e;
	take_default(&r);
	must(&r, decode_finish(&r.decoder));
	return ERR_NONE;
}

enum { HEADER_BYTES = 16 << 10 }; /* of what is looked at to recognise a table */

static bool csv_dec_recognises(struct span bytes)
{
	char latin[HEADER_BYTES];
	struct span s = bytes;
	uint32_t n = 0;

	if (s.n > HEADER_BYTES)
		s.n = HEADER_BYTES;
	if (csv_is_utf16(s)) {
		/* The names of columns are ASCII: every other byte. */
		for (uint32_t i = 0; i < s.n; i++)
			if (s.p[i] && s.p[i] != '\xff' && s.p[i] != '\xfe')
				latin[n++] = s.p[i];
		s = (struct span){latin, n, 0};
	} else if (span_starts(s, SPAN("\xef\xbb\xbf"))) {
		s = (struct span){s.p + 3, s.n - 3, 0};
	}
	/* What other formats begin with is not searched for columns. */
	if (!span_trim(s).n || strchr("{<[", span_trim(s).p[0]) || edi_is_interchange(s))
		return false;
	return csv_names_columns(s, csv_delimiter(s));
}

/* ---- cutting ---- */

static enum msg_cut cut_header(struct msg_cutter *c, struct span *rest, bool last)
{
	uint32_t lines, n;

	c->delimiter = csv_delimiter(*rest);
	n = csv_row_extent(*rest, c->delimiter, &lines);
	if (!n && !last)
		return MSG_CUT_MORE;
	if (!n || n > sizeof(c->head))
		return MSG_CUT_END; /* there is nothing but a header, or none that can be one */
	memcpy(c->head, rest->p, n);
	c->head_n = n;
	c->head_lines = lines;
	c->column = UINT32_MAX;
	for (uint32_t i = 0; i < LIMIT_CSV_COLUMNS; i++) {
		struct span name = csv_raw_field((struct span){c->head, n, 0}, c->delimiter, i);

		if (span_is(name, "reference")) {
			c->column = i;
			break;
		}
	}
	msg_advance(rest, n);
	return MSG_CUT_ONE;
}

static bool is_header(const struct msg_cutter *c, struct span row)
{
	struct span head = {c->head, c->head_n, 0};

	return span_equal(csv_raw_field(row, c->delimiter, 0),
			  csv_raw_field(head, c->delimiter, 0)) &&
	       csv_names_columns(row, csv_delimiter(row));
}

/* The rows of one message: up to another reference, or names of columns. 0: more bytes are needed. *ret_header: names follow. */
static uint32_t rows_extent(const struct msg_cutter *c, struct span rest, bool last,
			    bool *ret_header)
{
	struct span reference = {0};
	uint32_t n = 0, lines;

	*ret_header = false;
	while (n < rest.n) {
		struct span row = {rest.p + n, rest.n - n, 0}, own = {0};
		uint32_t extent = csv_row_extent(row, c->delimiter, &lines);

		if (!extent && !last)
			return 0;
		row.n = extent ? extent : row.n;
		*ret_header = is_header(c, row);
		if (*ret_header)
			return n;
		if (c->column != UINT32_MAX)
			own = csv_raw_field(row, c->delimiter, c->column);
		if (own.n && reference.n && !span_equal(own, reference))
			return n;
		if (own.n)
			reference = own;
		n += row.n;
	}
	return last ? n : 0;
}

/* The names of the columns and the rows, in UTF-8. */
static void put_together(struct msg_cutter *c, struct span rows, struct span *ret)
{
	struct span head = {c->head, c->head_n, 0}, both;
	char *p = arena_try(c->arena, (size_t)head.n + rows.n + 1);

	*ret = rows;
	if (!p)
		return;
	memcpy(p, head.p, head.n);
	memcpy(p + head.n, rows.p, rows.n);
	both = csv_to_utf8(c->arena, (struct span){p, head.n + rows.n, 0});
	if (!both.p)
		return;
	*ret = both;
	ret->line = rows.line > c->head_lines ? rows.line - c->head_lines : 1;
}

/* A file in UTF-16 is changed whole, which bounds it as a message is. */
static enum msg_cut convert_whole(struct msg_cutter *c, struct span *rest, bool last)
{
	if (!last)
		return MSG_CUT_MORE;
	c->converted = csv_to_utf8(c->whole, *rest);
	c->converted.line = 1;
	*rest = (struct span){rest->p + rest->n, 0, rest->line};
	return c->converted.p ? MSG_CUT_ONE : MSG_CUT_END;
}

static enum msg_cut cut_rows(struct msg_cutter *c, struct span *rest, bool last,
			     struct span *ret_message)
{
	for (;;) {
		bool header;
		uint32_t n = rows_extent(c, *rest, last, &header);

		if (n && span_trim((struct span){rest->p, n, 0}).n) {
			put_together(c, (struct span){rest->p, n, rest->line}, ret_message);
			msg_advance(rest, n);
			return MSG_CUT_ONE;
		}
		msg_advance(rest, n);
		if (header && cut_header(c, rest, last) == MSG_CUT_ONE)
			continue;
		return last && !header ? MSG_CUT_END : MSG_CUT_MORE;
	}
}

static enum msg_cut csv_cut(struct msg_cutter *c, struct span *rest, bool last,
			    struct span *ret_message)
{
	enum msg_cut got;

	if (!c->converted.p && !c->head_n && csv_is_utf16(*rest)) {
		got = convert_whole(c, rest, last);
		if (got != MSG_CUT_ONE)
			return got;
	}
	if (c->converted.p)
		rest = &c->converted;
	if (!c->head_n) {
		struct span all = *rest;

		got = cut_header(c, rest, last);
		if (got == MSG_CUT_MORE)
			return got;
		if (got == MSG_CUT_END) {
			/* for the reader to say what is missing */
			*ret_message = all;
			*rest = (struct span){all.p + all.n, 0, all.line};
			return all.n ? MSG_CUT_ONE : MSG_CUT_END;
		}
	}
	got = cut_rows(c, rest, last, ret_message);
	if (got != MSG_CUT_END || c->cut)
		return got;
	/* names without a row: likewise */
	*ret_message = (struct span){c->head, c->head_n, 1};
	return MSG_CUT_ONE;
}

/* ---- writing ---- */

/* One column that the declaration needs, and its cells. */
struct written {
	struct span name;
	struct span *cells; /* one a row */
	uint32_t order;     /* of its name in the template */
};

struct writer {
	struct text *to;
	struct arena *arena;
	struct map names;
	struct written *columns;
	uint32_t n, room, rows;
	uint32_t row; /* that is being filled */
	bool item;
	struct text pointer;
};

static uint32_t order_of(struct span name)
{
	for (uint32_t i = 0; i < csv_named_columns(); i++)
		if (span_equal(csv_named_column(i), name))
			return i;
	return csv_named_columns();
}

/* The cell of a value; NULL when there are too many columns. */
static struct span *cell_for(struct writer *w, const struct dict_field *f, bool qualifier)
{
	struct span name =
	    csv_column_name(w->arena, w->item, text_as_span(&w->pointer), f, qualifier);
	uintptr_t at = (uintptr_t)map_get(&w->names, name);
	struct written *c;

	if (!at) {
		if (w->n == LIMIT_TABLE_COLUMNS)
			return NULL;
		c = arena_push(w->arena, (void **)&w->columns, &w->n, &w->room, sizeof(*c));
		*c = (struct written){name, ARENA_ARRAY(w->arena, struct span, w->rows),
				      order_of(name)};
		map_put(&w->names, name, (void *)(uintptr_t)w->n);
		at = w->n;
	}
	return &w->columns[at - 1].cells[w->row];
}

/* A text that no spreadsheet computes, without characters that no table holds. */
static struct span safe_text(struct writer *w, struct span s)
{
	struct text t = text_in(w->arena);

	if (s.n && (computes(s.p[0]) ||
		    (s.p[0] == '\'' && s.n > 1 && (computes(s.p[1]) || s.p[1] == '\''))))
		text_char(&t, '\'');
	for (uint32_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool end = c == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';

		if ((c < 0x20 && c != '\t' && c != '\n' && !end) || c == 0x7f)
			text_string(&t, "\xef\xbf\xbd");
		else
			text_char(&t, s.p[i]);
	}
	return text_as_span(&t);
}

static void put_cell(struct writer *w, const struct dict_field *f, bool qualifier, struct span s)
{
	struct span *cell = s.n ? cell_for(w, f, qualifier) : NULL;

	if (cell)
		*cell = s;
}

static struct span decimal_text(struct writer *w, struct decimal d)
{
	struct text t = text_in(w->arena);

	decimal_write(&t, d);
	return text_as_span(&t);
}

static void put_leaf(struct writer *w, const struct dict_field *f, const void *value)
{
	const struct amount *amount = value;
	const struct quantity *quantity = value;
	const struct datetime *time = value;

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		put_cell(w, f, false, safe_text(w, *(const struct span *)value));
		return;
	case DICT_NUMBER:
		put_cell(w, f, false, decimal_text(w, *(const struct decimal *)value));
		return;
	case DICT_AMOUNT:
		put_cell(w, f, false, decimal_text(w, amount->value));
		put_cell(w, f, true, safe_text(w, amount->currency));
		return;
	case DICT_QUANTITY:
		put_cell(w, f, false, decimal_text(w, quantity->value));
		put_cell(w, f, true, safe_text(w, quantity->unit));
		return;
	case DICT_DATETIME:
		put_cell(w, f, false, safe_text(w, time->text));
		put_cell(w, f, true, safe_text(w, time->format));
		return;
	case DICT_CLASS:
		break;
	}
	BUG_ON(true);
}

static void put_class(struct writer *w, const struct dict_class *c, const void *object);

static void put_value(struct writer *w, const struct dict_field *f, const void *value)
{
	if (!dict_says(f, value))
		return;
	if (f->kind == DICT_CLASS)
		put_class(w, f->of, value);
	else
		put_leaf(w, f, value);
}

/* Each goods item fills a row of its own. */
static void put_items(struct writer *w, const struct dict_field *f, const struct dict_list *list)
{
	struct text outside = w->pointer;

	w->item = true;
	for (uint32_t i = 0; i < list->n; i++) {
		w->pointer = text_in(w->arena);
		w->row = i;
		put_value(w, f, (const char *)list->v + i * dict_value_size(f));
	}
	w->item = false;
	w->row = 0;
	w->pointer = outside;
}

static void put_class(struct writer *w, const struct dict_class *c, const void *object)
{
	size_t before = w->pointer.n;

	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		const struct dict_list *list = dict_at(f, object);

		if (f->of == &dict_goods_item) {
			put_items(w, f, list);
			continue;
		}
		text_print(&w->pointer, "/%s", f->name);
		if (!f->list)
			put_value(w, f, list);
		for (uint32_t j = 0; f->list && j < list->n; j++) {
			size_t here = w->pointer.n;

			text_print(&w->pointer, "/%u", j);
			put_value(w, f, (const char *)list->v + j * dict_value_size(f));
			w->pointer.n = here;
		}
		w->pointer.n = before;
	}
}

/* Columns with a name in its order first, the others as they came. */
static void sort_columns(struct writer *w)
{
	struct written *sorted = ARENA_ARRAY(w->arena, struct written, w->n);
	uint32_t n = 0;

	for (uint32_t order = 0; order <= csv_named_columns(); order++)
		for (uint32_t i = 0; i < w->n; i++)
			if (w->columns[i].order == order)
				sorted[n++] = w->columns[i];
	w->columns = sorted;
}

static void put_rows(struct writer *w, struct span reference)
{
	for (uint32_t i = 0; i < w->n; i++) {
		if (i)
			text_char(w->to, ',');
		csv_put(w->to, w->columns[i].name, ',');
	}
	text_char(w->to, '\n');
	for (uint32_t row = 0; row < w->rows; row++) {
		size_t from = w->to->n;

		/* The first column is the reference, which every row repeats. */
		for (uint32_t i = 0; i < w->n; i++) {
			if (i)
				text_char(w->to, ',');
			csv_put(w->to, i ? w->columns[i].cells[row] : reference, ',');
		}
		if (w->to->n == from)
			text_string(w->to, "\"\"");
		text_char(w->to, '\n');
	}
}

static void csv_dec_write(struct text *to, const struct message *m, struct findings *lost)
{
	const struct declaration *d = &m->declaration;
	struct writer w = {.to = to,
			   .arena = to->arena,
			   .names = map_in(to->arena),
			   .pointer = text_in(to->arena),
			   .rows = d->shipment.items.n ? d->shipment.items.n : 1};
	const struct dict_field *reference =
	    dict_field(&dict_declaration, SPAN("trader_reference"));
	const struct dict_field *function = dict_field(&dict_declaration, SPAN("function"));

	(void)lost;
	/* These two columns always stand there: a table is known by them. */
	text_string(&w.pointer, "/trader_reference");
	cell_for(&w, reference, false);
	w.pointer.n = 0;
	text_string(&w.pointer, "/function");
	cell_for(&w, function, false);
	w.pointer.n = 0;
	put_class(&w, &dict_declaration, d);
	if (m->envelope.head.present) {
		text_string(&w.pointer, "/envelope");
		put_class(&w, &dict_envelope, &m->envelope);
	}
	sort_columns(&w);
	put_rows(&w, safe_text(&w, d->trader_reference));
}

void msg_write_csv_template(struct text *to)
{
	static const char *const titles[] = {
#define CSV_COLUMN(name, pointer, qualifier, title) title,
#include "msg/csv_columns.def"
#undef CSV_COLUMN
	};

	for (uint32_t i = 0; i < ARRAY_LEN(titles); i++) {
		text_string(to, i ? "," : "");
		csv_put(to, csv_named_column(i), ',');
	}
	/* A comment: readers skip what begins with this sign. */
	for (uint32_t i = 0; i < ARRAY_LEN(titles); i++) {
		text_string(to, i ? "," : "\n# ");
		csv_put(to, span_of(titles[i]), ',');
	}
	text_char(to, '\n');
}

const struct msg_format fmt_csv = {
    .id = "csv",
    .title = "Customhouse declaration, table",
    .version = "1",
    .messages = "declaration: a row for each goods item; many declarations in a table",
    .content_type = "text/csv",
    .also = "text/tab-separated-values",
    .suffix = ".csv",
    .reads = true,
    .writes = true,
    .recognises = csv_dec_recognises,
    .cut = csv_cut,
    .read = csv_dec_read,
    .write = csv_dec_write,
};
