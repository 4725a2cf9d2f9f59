#include "cli/pack_diff.h"

#include "base/map.h"
#include "codec/csv.h"
#include "ref/ref.h"

/* A row of a table, or a rule of a rule file: a row with the one field "text". */
struct row {
	struct span key;
	const struct span *names, *fields; /* columns and their values */
	uint32_t n;
	bool seen; /* it has a counterpart */
};

struct rows {
	DICT_LIST(struct row *) list;
	struct map by_key;
};

/* What names a row. Where a table is not listed, the first column and "from" do. */
static const struct {
	const char *file, *columns;
} keys[] = {
    {"areas.csv", "area country from"},
    {"checks.csv", "rule from"},
    {"codes.csv", "list code from"},
    {"lists.csv", "list value from"},
    {"measures.csv", "id levy commodity area preference procedure from"},
    {"permits.csv", "document commodity direction area from"},
    {"procedures.csv", "requested previous from"},
};

static struct span key_columns(struct span file)
{
	for (uint32_t i = 0; i < ARRAY_LEN(keys); i++)
		if (span_is(file, keys[i].file))
			return span_of(keys[i].columns);
	return SPAN("");
}

static void add_key_field(struct text *key, const struct csv *c, int column)
{
	if (column < 0)
		return;
	if (key->n)
		text_char(key, ' ');
	text_span(key, c->fields[column]);
}

static struct span key_of(struct arena *a, const struct csv *c, struct span file)
{
	struct text key = text_in(a);
	struct span columns = key_columns(file);

	if (!columns.n) {
		add_key_field(&key, c, 0);
		add_key_field(&key, c, csv_column(c, "from"));
	}
	while (columns.n) {
		struct span name = span_cut(&columns, ' ');

		add_key_field(&key, c, csv_column(c, arena_copy(a, name.p, name.n)));
	}
	return text_as_span(&key);
}

static void add_row(struct arena *a, struct rows *rows, struct row row)
{
	struct row *new = ARENA_NEW(a, struct row);

	*new = row;
	/* Rows that differ in nothing that names them stay apart by their order. */
	while (map_get(&rows->by_key, new->key))
		new->key = span_of(arena_print(a, "%.*s (again)", SPAN_ARG(new->key)));
	map_put(&rows->by_key, new->key, new);
	*(struct row **)arena_push(a, (void **)&rows->list.v, &rows->list.n, &rows->list.room,
				   sizeof(struct row *)) = new;
}

static enum err read_table(struct arena *a, const struct pack_file *f, struct rows *ret)
{
	struct codec_fault fault;
	struct csv c;
	enum err e = csv_open(a, f->bytes, &c, &fault);

	while (!e && !(e = csv_next(&c, &fault))) {
		struct span *fields = ARENA_ARRAY(a, struct span, c.columns);

		memcpy(fields, c.fields, c.columns * sizeof(*fields));
		add_row(a, ret,
			(struct row){.key = key_of(a, &c, f->name),
				     .names = c.names,
				     .fields = fields,
				     .n = c.columns});
	}
	return e == ERR_NOT_FOUND ? ERR_NONE : e;
}

/* A rule begins with the word at the beginning of a line; what stands before the first is no rule. */
static void read_rules(struct arena *a, const struct pack_file *f, struct rows *ret)
{
	static const struct span name = {"text", 4, 0};
	struct span rest = f->bytes;

	while (rest.n) {
		const char *next = memmem(rest.p + 1, rest.n - 1, "\nrule ", 6);
		struct span block = {rest.p, next ? (uint32_t)(next - rest.p) + 1 : rest.n, 0};
		struct span trimmed = span_trim(block), id = trimmed;

		rest.p += block.n;
		rest.n -= block.n;
		if (!span_starts(trimmed, SPAN("rule ")))
			continue;
		span_cut(&id, ' ');
		id = span_cut(&id, ' ');
		struct span *field = ARENA_NEW(a, struct span);
		*field = trimmed;
		add_row(a, ret, (struct row){.key = id, .names = &name, .fields = field, .n = 1});
	}
}

static enum err read_rows(struct arena *a, const struct pack_file *f, struct rows *ret)
{
	*ret = (struct rows){.by_key = map_in(a)};
	if (!f)
		return ERR_NONE;
	if (f->name.n > 4 && !memcmp(f->name.p + f->name.n - 4, ".csv", 4))
		return read_table(a, f, ret);
	read_rules(a, f, ret);
	return ERR_NONE;
}

/* ---- comparing ---- */

static const struct span *field_named(const struct row *r, struct span name)
{
	for (uint32_t i = 0; i < r->n; i++)
		if (span_equal(r->names[i], name))
			return &r->fields[i];
	return NULL;
}

static bool same_field(const struct row *other, struct span name, struct span value)
{
	const struct span *there = field_named(other, name);

	return there ? span_equal(*there, value) : value.n == 0;
}

static bool same_row(const struct row *x, const struct row *y)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (!same_field(y, x->names[i], x->fields[i]))
			return false;
	for (uint32_t i = 0; i < y->n; i++)
		if (!same_field(x, y->names[i], y->fields[i]))
			return false;
	return true;
}

static void write_fields(struct json_writer *w, const char *name, const struct row *r)
{
	json_name(w, name);
	json_open_object(w);
	for (uint32_t i = 0; i < r->n; i++) {
		json_name_span(w, r->names[i]);
		json_string(w, r->fields[i]);
	}
	json_close_object(w);
}

static void write_json(struct text *to, struct span file, const char *change,
		       const struct row *before, const struct row *after)
{
	const struct row *any = before ? before : after;
	struct json_writer w = json_to(to);

	BUG_ON(!any);
	json_open_object(&w);
	json_put(&w, "file", file);
	json_put_c(&w, "change", change);
	json_put(&w, "key", any->key);
	if (before)
		write_fields(&w, "before", before);
	if (after)
		write_fields(&w, "after", after);
	json_close_object(&w);
	text_char(to, '\n');
}

static void write_text(struct text *to, struct span file, const char *change,
		       const struct row *before, const struct row *after)
{
	const struct row *row = after ? after : before;

	text_print(to, "%.*s: %s %.*s\n", SPAN_ARG(file), change,
		   SPAN_ARG((before ? before : after)->key));
	for (uint32_t i = 0; i < row->n; i++) {
		const struct span *was = before ? field_named(before, row->names[i]) : NULL;

		if (!after || !before) {
			if (row->fields[i].n)
				text_print(to, "    %.*s: %.*s\n", SPAN_ARG(row->names[i]),
					   SPAN_ARG(row->fields[i]));
		} else if (!was || !span_equal(*was, row->fields[i])) {
			text_print(to, "    %.*s: %.*s -> %.*s\n", SPAN_ARG(row->names[i]),
				   SPAN_ARG(was ? *was : SPAN("")), SPAN_ARG(row->fields[i]));
		}
	}
}

static void write_change(struct text *to, struct span file, bool json, const struct row *before,
			 const struct row *after)
{
	const char *change = !before ? "added" : !after ? "removed" : "changed";

	if (json)
		write_json(to, file, change, before, after);
	else
		write_text(to, file, change, before, after);
}

static enum err diff_file(struct text *to, struct span name, const struct pack_file *before,
			  const struct pack_file *after, bool json, uint32_t *differences)
{
	struct arena *a = to->arena;
	struct rows old, new;
	enum err e = read_rows(a, before, &old);

	if (!e)
		e = read_rows(a, after, &new);
	for (uint32_t i = 0; !e && i < old.list.n; i++) {
		struct row *row = old.list.v[i], *now = map_get(&new.by_key, row->key);

		if (now)
			now->seen = true;
		if (now && same_row(row, now))
			continue;
		write_change(to, name, json, row, now);
		++*differences;
	}
	for (uint32_t i = 0; !e && i < new.list.n; i++) {
		struct row *row = new.list.v[i];

		if (row->seen)
			continue;
		write_change(to, name, json, NULL, row);
		++*differences;
	}
	return e;
}

static const struct pack_file *find_file(const struct pack_file *v, uint32_t n, struct span name)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_equal(v[i].name, name))
			return &v[i];
	return NULL;
}

enum err pack_diff(struct text *to, struct span before, struct span after, bool json,
		   uint32_t *differences)
{
	struct pack_file *old = NULL, *new = NULL;
	uint32_t olds = 0, news = 0;
	enum err e = pack_open(to->arena, before, &old, &olds);

	if (!e)
		e = pack_open(to->arena, after, &new, &news);
	for (uint32_t i = 0; !e && i < olds; i++)
		e = diff_file(to, old[i].name, &old[i], find_file(new, news, old[i].name), json,
			      differences);
	for (uint32_t i = 0; !e && i < news; i++)
		if (!find_file(old, olds, new[i].name))
			e = diff_file(to, new[i].name, NULL, &new[i], json, differences);
	return e;
}
