/* codec/csv: rows, their places, and going on behind a bad one. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "codec/csv.h"

static struct csv table;
static struct codec_fault fault;

struct opening {
	struct arena *arena;
	struct span text;
	enum err err;
};

static void open_table(void *context)
{
	struct opening *o = context;

	o->err = csv_open(o->arena, o->text, &table, &fault);
}

static enum err open_text(struct arena *a, struct span text)
{
	struct opening o = {.arena = a, .text = text};
	enum err e;

	fault = (struct codec_fault){0};
	e = arena_run(a, open_table, &o);
	return e ? e : o.err;
}

static void next_row(void *context)
{
	struct opening *o = context;

	o->err = csv_next(&table, &fault);
}

static enum err next(struct arena *a)
{
	struct opening o = {.arena = a};
	enum err e;

	fault = (struct codec_fault){0};
	e = arena_run(a, next_row, &o);
	return e ? e : o.err;
}

static void must_fault(enum err got, enum err e, uint32_t line, uint32_t column, const char *word)
{
	if (got != e || fault.line != line || fault.column != column || !fault.text ||
	    !strstr(fault.text, word))
		fail_msg("%s at %u:%u (%s), not %s at %u:%u (%s)", err_name(got), fault.line,
			 fault.column, fault.text ? fault.text : "", err_name(e), line, column,
			 word);
}

static void test_reads_rows_with_places(void **state)
{
	assert_int_equal(
	    open_text(
		*state,
		SPAN("# a pack file\r\n\r\ncode, name ,from\r\n 01 ,  a b\t,\n"
		     "\"x,\"\"y\"\"\",\"two\nlines\" , 2026-01-01\n \t\n#end,\n\"#1\",\"\",z")),
	    ERR_NONE);
	assert_int_equal(table.columns, 3);
	assert_span(table.names[1], "name");
	assert_int_equal(csv_column(&table, "from"), 2);
	assert_int_equal(csv_column(&table, "to"), -1);
	assert_int_equal(next(*state), ERR_NONE);
	assert_int_equal(table.row_line, 4);
	assert_span(table.fields[0], "01");
	assert_span(table.fields[1], "a b");
	assert_int_equal(table.fields[2].n, 0);
	assert_int_equal(table.field_column[0], 2);
	assert_int_equal(table.field_column[1], 8);
	assert_int_equal(next(*state), ERR_NONE);
	assert_int_equal(table.row_line, 5);
	assert_span(table.fields[0], "x,\"y\"");
	assert_span(table.fields[1], "two\nlines");
	assert_int_equal(table.fields[1].line, 5);
	assert_span(table.fields[2], "2026-01-01");
	assert_int_equal(table.fields[2].line, 6);
	assert_int_equal(table.field_column[2], 10);
	assert_int_equal(next(*state), ERR_NONE);
	assert_int_equal(table.row_line, 9);
	assert_span(table.fields[0], "#1");
	assert_int_equal(table.fields[1].n, 0);
	assert_int_equal(next(*state), ERR_NOT_FOUND);
	assert_int_equal(next(*state), ERR_NOT_FOUND);
}

static void test_plain_fields_stay_in_the_input(void **state)
{
	static const char text[] = "a,b\nplain,\"quoted\"\n";

	assert_int_equal(open_text(*state, SPAN(text)), ERR_NONE);
	assert_int_equal(next(*state), ERR_NONE);
	assert_ptr_equal(table.fields[0].p, text + 4);
	assert_ptr_equal(table.fields[1].p, text + 11);
}

static void test_headers_that_are_none(void **state)
{
	must_fault(open_text(*state, (struct span){0}), ERR_FORMAT, 1, 1, "no row");
	must_fault(open_text(*state, SPAN("# only\n\n")), ERR_FORMAT, 1, 1, "no row");
	must_fault(open_text(*state, SPAN("a,,b\n")), ERR_FORMAT, 1, 3, "no name");
	must_fault(open_text(*state, SPAN("\na,b, a\n")), ERR_FORMAT, 2, 6, "same name");
	assert_int_equal(open_text(*state, SPAN("\xef\xbb\xbf"
						"a,b\n")),
			 ERR_NONE);
	assert_span(table.names[0], "a");
}

static void test_goes_on_behind_a_bad_row(void **state)
{
	assert_int_equal(
	    open_text(
		*state,
		SPAN("a,b\n1\n1,2,3\nx\"y,2\n\"x\"y,2\nx,\xff\n\"\n\xe4\",2\nx\x01,2\nx\ry,2\n"
		     "\"a\x02\nb\",2\nok,2\n\"open,\nnever,closed\n")),
	    ERR_NONE);
	must_fault(next(*state), ERR_FORMAT, 2, 1, "1 fields, the header 2");
	must_fault(next(*state), ERR_FORMAT, 3, 1, "3 fields, the header 2");
	must_fault(next(*state), ERR_FORMAT, 4, 2, "quote inside");
	must_fault(next(*state), ERR_FORMAT, 5, 4, "behind a closing quote");
	must_fault(next(*state), ERR_FORMAT, 6, 3, "UTF-8");
	must_fault(next(*state), ERR_FORMAT, 8, 1, "UTF-8");
	must_fault(next(*state), ERR_FORMAT, 9, 2, "control");
	must_fault(next(*state), ERR_FORMAT, 10, 2, "carriage return");
	must_fault(next(*state), ERR_FORMAT, 11, 3, "control");
	assert_int_equal(next(*state), ERR_NONE);
	assert_span(table.fields[0], "ok");
	assert_int_equal(table.row_line, 13);
	must_fault(next(*state), ERR_FORMAT, 14, 1, "not closed");
	assert_int_equal(next(*state), ERR_NOT_FOUND);
}

static void test_bounds(void **state)
{
	char text[4 + LIMIT_CSV_FIELD_BYTES + 8], *to = text;

	for (int i = 0; i <= LIMIT_CSV_COLUMNS; i++)
		to += snprintf(to, 16, "%sc%d", i ? "," : "", i);
	must_fault(open_text(*state, span_of(text)), ERR_LIMIT, 1, 1, "columns");
	*strrchr(text, ',') = 0;
	assert_int_equal(open_text(*state, span_of(text)), ERR_NONE);
	assert_int_equal(table.columns, LIMIT_CSV_COLUMNS);
	memcpy(text, "a\n", 2);
	memset(text + 2, 'x', LIMIT_CSV_FIELD_BYTES + 1);
	memcpy(text + 3 + LIMIT_CSV_FIELD_BYTES, "\ny\n", 4);
	assert_int_equal(open_text(*state, span_of(text)), ERR_NONE);
	must_fault(next(*state), ERR_LIMIT, 2, 1, "too long");
	assert_int_equal(next(*state), ERR_NONE);
	assert_span(table.fields[0], "y");
	text[2] = ' ';
	assert_int_equal(open_text(*state, span_of(text)), ERR_NONE);
	assert_int_equal(next(*state), ERR_NONE);
	assert_int_equal(table.fields[0].n, LIMIT_CSV_FIELD_BYTES);
}

/* Rows end sooner or later, and nothing is read past the end (sanitizers watch the copy). */
static void test_every_truncation_ends(void **state)
{
	static const char text[] = "a,b\r\n\"x\"\"\r\n\xc3\xa9\",2\r\n#z\r\n 3 , 4";

	for (uint32_t n = 0; n < sizeof(text) - 1; n++) {
		char *cut = test_malloc(n + 1);
		int rows = 0;

		memcpy(cut, text, n);
		if (!open_text(*state, (struct span){cut, n, 0}))
			while (next(*state) != ERR_NOT_FOUND)
				assert_true(++rows < 10);
		test_free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_reads_rows_with_places),
	    arena_test(test_plain_fields_stay_in_the_input),
	    arena_test(test_headers_that_are_none),
	    arena_test(test_goes_on_behind_a_bad_row),
	    arena_test(test_bounds),
	    arena_test(test_every_truncation_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
