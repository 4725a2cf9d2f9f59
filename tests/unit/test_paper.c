/* Papers: the same bytes for the same paper, in every language, whatever a stranger puts on it. Skips where the libraries are
 * missing: a hub does without them, too. */
#include "unit.h"

#include "paper/paper.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new(64u << 20);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct paper_column columns[] = {
    {{"Item", 4, 0}, 10, PAPER_CODE, false},
    {{"Goods", 5, 0}, 60, PAPER_TEXT, false},
    {{"Amount", 6, 0}, 30, PAPER_CODE, true},
};

static struct paper plain(void)
{
	static const struct paper_fact fact[] = {
	    {{"Reference", 9, 0}, {"26XL01000000001Y", 16, 0}, PAPER_CODE},
	};

	return (struct paper){
	    .language = SPAN("en"),
	    .authority = SPAN("Landfall"),
	    .title = SPAN("Tax notice"),
	    .office = SPAN("Harbourgate"),
	    .made_at = SPAN("2026-11-22T07:15:00Z"),
	    .fact = fact,
	    .facts = 1,
	    .code_label = SPAN("Code"),
	    .code = SPAN("T1-0000-0000-0000-0000"),
	    .code_help = SPAN("Ask at http://localhost/check"),
	    .address = SPAN("http://localhost/check?reference=26XL01000000001Y"),
	    .page_label = SPAN("Page"),
	};
}

static struct span draw(const struct paper *p)
{
	struct cause why = {0};
	struct span pdf = {0};
	enum err e = paper_draw(arena, p, &pdf, &why);

	if (e == ERR_UNSUPPORTED) {
		print_message("%s\n", why.text);
		skip();
	}
	if (e)
		print_error("%s\n", why.text);
	assert_int_equal(e, ERR_NONE);
	assert_true(pdf.n > 1000);
	assert_memory_equal(pdf.p, "%PDF-1.", 7);
	assert_memory_equal(pdf.p + pdf.n - 6, "%%EOF\n", 6);
	return pdf;
}

static unsigned count(struct span pdf, const char *what)
{
	const char *p = pdf.p;
	unsigned n = 0;

	while ((p = memmem(p, (size_t)(pdf.p + pdf.n - p), what, strlen(what)))) {
		p++;
		n++;
	}
	return n;
}

static void the_same_paper_is_the_same_bytes(void **state)
{
	struct paper p = plain();
	struct span a = draw(&p), b = draw(&p);

	(void)state;
	assert_true(span_equal(a, b));
	assert_int_equal(count(a, "(20261122071500Z)"), 1);
	p.made_at = SPAN("2026-11-23T07:15:00Z");
	assert_false(span_equal(a, draw(&p)));
}

static void languages_that_run_the_other_way(void **state)
{
	struct paper p = plain();
	struct span left = draw(&p);

	(void)state;
	p.language = SPAN("ar");
	p.rtl = true;
	p.title = SPAN("إشعار ضريبي");
	assert_true(span_equal(draw(&p), draw(&p)));
	assert_false(span_equal(left, draw(&p)));
}

static void a_language_without_a_font_is_told(void **state)
{
	struct paper p = plain();
	struct cause why = {0};
	struct span pdf;

	(void)state;
	draw(&p);
	p.language = SPAN("egy");
	p.title = SPAN("\U00013000\U00013001"); /* Egyptian hieroglyphs */
	if (paper_draw(arena, &p, &pdf, &why) == ERR_NONE) {
		print_message("there is a font with hieroglyphs here\n");
		skip();
	}
	assert_int_equal(why.err, ERR_UNSUPPORTED);
	assert_non_null(strstr(why.text, "egy"));
	/* Somebody's name in them is no reason to give out nothing. */
	p = plain();
	p.office = SPAN("\U00013000");
	draw(&p);
}

/* Enough rows for several pages; hostile[i] stands in one cell of each. */
static void write_rows(struct paper *p, struct paper_table *t, uint32_t rows, struct span text)
{
	struct span *cell = arena_array(arena, sizeof(*cell), (size_t)rows * 3);

	for (uint32_t i = 0; i < rows; i++) {
		cell[3 * i] = SPAN("1");
		cell[3 * i + 1] = text;
		cell[3 * i + 2] = SPAN("1,152.00");
	}
	*t = (struct paper_table){SPAN(""), columns, 3, cell, rows};
	p->table = t;
	p->tables = 1;
}

static void rows_go_on_over_pages(void **state)
{
	struct paper p = plain();
	struct paper_table t;

	(void)state;
	assert_int_equal(count(draw(&p), "/Type /Page %"), 1);
	write_rows(&p, &t, 200, SPAN("Green coffee beans"));
	assert_in_range(count(draw(&p), "/Type /Page %"), 3, 8);
}

static void what_strangers_write_is_drawn_or_left_out(void **state)
{
	static char long_word[5000];
	static const char *const hostile[] = {
	    "",
	    "\xff\xfe\xc0\x80",
	    "abc\xf0\x90",
	    "\xe2\x80\xae"
	    "turned\xe2\x81\xa9\xe2\x81\xa9\xe2\x81\xa9 round",
	    "a\nb\tc\x01\x7f",
	    "</Title><script>alert(1)</script>%PDF- endstream endobj",
	    "\xe2\x80\xa8\xe2\x80\xa9 lines",
	    "Z\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88",
	    "\xef\xbf\xbc\xef\xbf\xbf",
	    "\U0001F4A3\u4e2d\u6587\u05d0\u0627",
	    long_word,
	};
	struct paper p;
	struct paper_table t;
	struct paper_fact fact;

	(void)state;
	memset(long_word, 'W', sizeof(long_word) - 1);
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct span text = span_of(hostile[i]);

		p = plain();
		fact = (struct paper_fact){SPAN("Name"), text, i % 2 ? PAPER_CODE : PAPER_TEXT};
		p.fact = &fact;
		p.rtl = i % 3 == 0;
		p.authority = p.office = text;
		write_rows(&p, &t, 3, text);
		draw(&p);
		arena_reset(arena);
	}
}

static void a_paper_has_bounds(void **state)
{
	struct paper p = plain();
	struct paper_table t = {SPAN(""), columns, 3, NULL, PAPER_ROWS + 1};
	struct cause why = {0};
	struct arena *small;
	struct span pdf;

	(void)state;
	draw(&p);
	p.table = &t;
	p.tables = 1;
	assert_int_equal(paper_draw(arena, &p, &pdf, &why), ERR_LIMIT);
	p.tables = 0;
	small = arena_new(4096);
	why = (struct cause){0};
	assert_int_equal(paper_draw(small, &p, &pdf, &why), ERR_LIMIT);
	arena_free(small);
	draw(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_same_paper_is_the_same_bytes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(languages_that_run_the_other_way, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_language_without_a_font_is_told, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(rows_go_on_over_pages, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_strangers_write_is_drawn_or_left_out, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(a_paper_has_bounds, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
