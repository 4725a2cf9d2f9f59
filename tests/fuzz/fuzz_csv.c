/* A table of any bytes: rows end, fields are bounded UTF-8, places lie in the text. */
#include "codec/csv.h"
#include "fuzz.h"

struct reading {
	struct arena *arena;
	struct span bytes;
	uint32_t lines;
};

static void check_fault(const struct reading *r, const struct codec_fault *f)
{
	BUG_ON(!f->text || f->line < 1 || f->line > r->lines || f->column < 1 ||
	       f->column > r->bytes.n + 1);
}

static void check_row(const struct reading *r, const struct csv *c)
{
	BUG_ON(c->row_line < 1 || c->row_line > r->lines);
	for (uint32_t i = 0; i < c->columns; i++) {
		BUG_ON(c->fields[i].n > LIMIT_CSV_FIELD_BYTES || !span_valid_utf8(c->fields[i]));
		BUG_ON(c->fields[i].line < c->row_line || c->fields[i].line > r->lines ||
		       !c->field_column[i]);
	}
}

static void read_table(void *context)
{
	struct reading *r = context;
	struct codec_fault fault = {0};
	struct csv c;
	enum err e = csv_open(r->arena, r->bytes, &c, &fault);

	if (e) {
		BUG_ON(e != ERR_FORMAT && e != ERR_LIMIT);
		check_fault(r, &fault);
		return;
	}
	BUG_ON(!c.columns || c.columns > LIMIT_CSV_COLUMNS);
	for (uint32_t before = c.rest.n;; before = c.rest.n) {
		fault = (struct codec_fault){0};
		e = csv_next(&c, &fault);
		if (e == ERR_NOT_FOUND)
			break;
		BUG_ON(c.rest.n >= before);
		if (e)
			check_fault(r, &fault);
		else
			check_row(r, &c);
	}
	BUG_ON(c.rest.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r = {.arena = fuzz_arena(), .bytes = fuzz_span(data, size), .lines = 1};
	enum err e;

	for (size_t i = 0; i < size; i++)
		r.lines += data[i] == '\n';
	e = arena_run(r.arena, read_table, &r);
	BUG_ON(e && e != ERR_LIMIT);
	return 0;
}
