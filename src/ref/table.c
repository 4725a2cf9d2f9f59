#include "base/date.h"
#include "base/limits.h"
#include "codec/csv.h"
#include "ref/loader.h"

enum { DATE_COLUMNS = 3 };
static const char *const date_columns[DATE_COLUMNS] = {"from", "to", "source"};

/* Where each column of a description stands in the file; -1: nowhere. */
struct layout {
	int at[TABLE_COLUMNS];
	int date_at[DATE_COLUMNS];
};

struct span next_word(struct span *rest)
{
	while (rest->n && rest->p[0] == ' ')
		rest->p++, rest->n--;
	if (!rest->n)
		return (struct span){0};
	return span_cut(rest, ' ');
}

/* ---- the header row ---- */

static bool describes(const struct table *t, struct span name)
{
	for (uint32_t i = 0; i < t->count; i++)
		if (span_is(name, t->columns[i].name))
			return true;
	for (uint32_t i = 0; !t->undated && i < DATE_COLUMNS; i++)
		if (span_is(name, date_columns[i]))
			return true;
	return false;
}

/* csv_open() has refused names that stand there twice. */
static void check_names(struct loader *l, const struct table *t, const struct csv *c)
{
	for (uint32_t i = 0; i < c->columns; i++)
		if (!describes(t, c->names[i]))
			LOAD_FAULT(l, c->row_line, c->field_column[i], "column.unknown",
				   "this table has no column \"%.*s\"", QUOTE_ARG(c->names[i]));
}

static int find_column(struct loader *l, const struct csv *c, const char *name, bool *complete)
{
	int at = csv_column(c, name);

	if (at < 0) {
		LOAD_FAULT(l, c->row_line, 0, "column.missing", "column \"%s\" is missing", name);
		*complete = false;
	}
	return at;
}

/* false when a column is missing: then no row could be judged. */
static bool lay_out(struct loader *l, const struct table *t, const struct csv *c,
		    struct layout *ret)
{
	bool complete = true;

	check_names(l, t, c);
	for (uint32_t i = 0; i < t->count; i++)
		ret->at[i] = t->columns[i].optional && csv_column(c, t->columns[i].name) < 0
				 ? -1
				 : find_column(l, c, t->columns[i].name, &complete);
	for (uint32_t i = 0; i < DATE_COLUMNS; i++)
		ret->date_at[i] = t->undated ? -1 : find_column(l, c, date_columns[i], &complete);
	return complete;
}

/* ---- fields ---- */

static bool must_say(struct loader *l, const struct field *f, const struct column *c)
{
	if (f->text.n)
		return true;
	FIELD_FAULT(l, f, "field.empty", "%s must not be empty", c->name);
	return false;
}

static bool is_one_word(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ')
			return false;
	return true;
}

static void check_word(struct loader *l, const struct field *f, const struct column *c)
{
	if (must_say(l, f, c) && !is_one_word(f->text))
		FIELD_FAULT(l, f, "field.word", "%s \"%.*s\" must be one word", c->name,
			    QUOTE_ARG(f->text));
}

static void check_letters(struct loader *l, const struct field *f, const struct column *c)
{
	bool good = f->text.n == (uint32_t)c->max;

	if (!must_say(l, f, c))
		return;
	for (uint32_t i = 0; good && i < f->text.n; i++)
		good = f->text.p[i] >= 'A' && f->text.p[i] <= 'Z';
	if (!good)
		FIELD_FAULT(l, f, "field.letters", "%s \"%.*s\" must be %d capital letters",
			    c->name, QUOTE_ARG(f->text), (int)c->max);
}

static void read_whole(struct loader *l, struct field *f, const struct column *c)
{
	struct decimal d;

	if (!must_say(l, f, c))
		return;
	if (decimal_parse(f->text, &d) || d.scale) {
		FIELD_FAULT(l, f, "field.number", "%s \"%.*s\" must be a whole number", c->name,
			    QUOTE_ARG(f->text));
		return;
	}
	if (d.units < c->min || d.units > c->max) {
		FIELD_FAULT(l, f, "field.range", "%s %.*s must lie in %lld to %lld", c->name,
			    QUOTE_ARG(f->text), (long long)c->min, (long long)c->max);
		return;
	}
	f->whole = d.units;
}

static void read_rate(struct loader *l, struct field *f, const struct column *c)
{
	if (!must_say(l, f, c))
		return;
	if (decimal_parse(f->text, &f->number))
		FIELD_FAULT(l, f, "field.number", "%s \"%.*s\" must be a decimal number", c->name,
			    QUOTE_ARG(f->text));
	else if (f->number.units <= 0)
		FIELD_FAULT(l, f, "field.range", "%s %.*s must be above zero", c->name,
			    QUOTE_ARG(f->text));
}

static void read_choice(struct loader *l, struct field *f, const struct column *c)
{
	struct span words = span_of(c->words), word;

	for (int64_t i = 0; (word = next_word(&words)).n; i++)
		if (span_equal(word, f->text)) {
			f->whole = i;
			return;
		}
	FIELD_FAULT(l, f, "field.choice", "%s \"%.*s\" must be one of: %s", c->name,
		    QUOTE_ARG(f->text), c->words);
}

static void read_maybe_day(struct loader *l, struct field *f, const struct column *c)
{
	int32_t day = INT32_MIN;

	if (f->text.n && day_parse(f->text, &day))
		FIELD_FAULT(l, f, "dates.format",
			    "%s \"%.*s\" must be a day of the calendar, such as 2026-11-22",
			    c->name, QUOTE_ARG(f->text));
	f->whole = day;
}

static void check_references(struct loader *l, const struct field *f, const struct column *c)
{
	struct span words = f->text, word;

	if (c->kind == FIELD_MANY) {
		while ((word = next_word(&words)).n)
			reference_check(l, f, word, c->refers);
		return;
	}
	if (c->kind == FIELD_ONE && !must_say(l, f, c))
		return;
	if (f->text.n)
		reference_check(l, f, f->text, c->refers);
}

static void read_field(struct loader *l, struct field *f, const struct column *c)
{
	switch (c->kind) {
	case FIELD_ANY:
	case FIELD_LATER:
		break;
	case FIELD_FRENCH:
		if (l->french)
			must_say(l, f, c);
		break;
	case FIELD_TEXT:
		must_say(l, f, c);
		break;
	case FIELD_WORD:
		check_word(l, f, c);
		break;
	case FIELD_LETTERS:
		check_letters(l, f, c);
		break;
	case FIELD_WHOLE:
		read_whole(l, f, c);
		break;
	case FIELD_RATE:
		read_rate(l, f, c);
		break;
	case FIELD_CHOICE:
		read_choice(l, f, c);
		break;
	case FIELD_DAY:
		read_maybe_day(l, f, c);
		break;
	case FIELD_ONE:
	case FIELD_MAYBE:
	case FIELD_MANY:
		check_references(l, f, c);
		break;
	}
}

/* ---- rows ---- */

static struct field field_at(const struct csv *c, int at)
{
	struct field f = {0};

	if (at >= 0) {
		f.text = c->fields[at];
		f.column = c->field_column[at];
	}
	f.line = f.text.line ? f.text.line : c->row_line;
	return f;
}

static bool read_day(struct loader *l, const struct field *f, const char *name, int32_t *ret)
{
	if (!day_parse(f->text, ret))
		return true;
	FIELD_FAULT(l, f, "dates.format",
		    "%s \"%.*s\" must be a day of the calendar, such as 2026-11-22", name,
		    QUOTE_ARG(f->text));
	return false;
}

static void read_dates(struct loader *l, const struct csv *c, const struct layout *at,
		       struct row *r)
{
	struct field to = field_at(c, at->date_at[1]), source = field_at(c, at->date_at[2]);

	r->from = field_at(c, at->date_at[0]);
	r->dates.to = INT32_MAX;
	r->dated = read_day(l, &r->from, "from", &r->dates.from);
	if (to.text.n && !read_day(l, &to, "to", &r->dates.to))
		r->dated = false;
	if (r->dated && r->dates.from > r->dates.to) {
		FIELD_FAULT(l, &to, "dates.reversed", "the last day lies before the first");
		r->dated = false;
	}
	if (!source.text.n)
		FIELD_FAULT(l, &source, "source.empty", "a row must say where it comes from");
	r->source = source.text;
}

static void note_key(struct loader *l, const struct table *t, const struct row *r)
{
	const struct field *key[TABLE_COLUMNS];

	if (!r->dated || !t->keys)
		return;
	for (uint32_t i = 0; i < t->keys; i++)
		key[i] = &r->field[i];
	periods_add(l->scratch, &l->keys, key_of(l->scratch, key, t->keys), r);
}

static void read_row(struct loader *l, const struct table *t, const struct csv *c,
		     const struct layout *at)
{
	struct row r;

	r.line = c->row_line;
	for (uint32_t i = 0; i < t->count; i++) {
		r.field[i] = field_at(c, at->at[i]);
		read_field(l, &r.field[i], &t->columns[i]);
	}
	if (t->undated) {
		r.from = r.field[0];
		r.dates = (struct ref_dates){INT32_MIN, INT32_MAX};
		r.dated = true;
		r.source = (struct span){0};
	} else {
		read_dates(l, c, at, &r);
	}
	note_key(l, t, &r);
	t->take(l, &r);
}

static void fault_codec(struct loader *l, enum err e, const struct codec_fault *f)
{
	LOAD_FAULT(l, f->line, f->column, e == ERR_LIMIT ? "csv.limit" : "csv.syntax", "%s",
		   f->text);
}

static void read_rows(struct loader *l, const struct table *t, struct csv *c,
		      const struct layout *at)
{
	struct codec_fault fault = {0};
	enum err e;

	for (uint32_t rows = 0; (e = csv_next(c, &fault)) != ERR_NOT_FOUND; rows++) {
		if (rows == LIMIT_PACK_ROWS) {
			LOAD_FAULT(l, c->row_line, 0, "file.too-long",
				   "a table has at most %d rows", LIMIT_PACK_ROWS);
			return;
		}
		if (e)
			fault_codec(l, e, &fault);
		else
			read_row(l, t, c, at);
	}
}

void table_read(struct loader *l, const struct table *t, struct span bytes)
{
	enum table_id id = (enum table_id)(t - tables);
	struct codec_fault fault = {0};
	struct layout at = {.at = {0}};
	struct csv csv;
	enum err e;

	l->file = span_of(t->file);
	l->keys = (struct periods){.by_key = map_in(l->scratch)};
	l->unread[id] = true;
	if (bytes.n > LIMIT_PACK_FILE_BYTES) {
		LOAD_FAULT(l, 0, 0, "file.too-long", "a file of a pack has at most %d bytes",
			   LIMIT_PACK_FILE_BYTES);
		return;
	}
	e = csv_open(l->arena, bytes, &csv, &fault);
	if (e) {
		fault_codec(l, e, &fault);
		return;
	}
	if (!lay_out(l, t, &csv, &at))
		return;
	l->unread[id] = false;
	read_rows(l, t, &csv, &at);
	periods_check(l, &l->keys, NULL, false);
	if (t->finish)
		t->finish(l);
}
