/* EDIFACT's syntax: what the reader finds, beside a second reader, as simple as can be, that looks at one byte at a time; all
 * ways of scanning; streaming in any pieces; charsets; the writer. */
#include "unit.h"

#include "base/prng.h"
#include "codec/edifact.h"

static struct edifact reader;
static char window[EDIFACT_WINDOW];
static uint32_t way; /* of scanning */

/* ---- reading, as text ---- */

/* A segment as text: each value in brackets behind its place. */
static void show(struct text *t, const struct edifact_segment *s)
{
	text_print(t, "%llu@%llu:%u %u", (unsigned long long)s->number,
		   (unsigned long long)s->offset, s->line, s->bytes);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct edifact_value *v = &s->values[i];

		text_print(t, " %u.%u.%u%s[", v->element, v->repeat, v->component,
			   v->released ? "r" : "");
		text_add(t, s->p + v->at, v->n);
		text_char(t, ']');
	}
	text_char(t, '\n');
}

static enum err show_all(struct text *t, enum edifact_fault *ret_fault)
{
	struct edifact_segment s;
	enum err e;

	while ((e = edifact_next(&reader, &s)) == ERR_NONE)
		show(t, &s);
	*ret_fault = reader.fault;
	return e;
}

static struct span read_over(struct arena *a, struct span bytes)
{
	struct text t = text_in(a);
	enum edifact_fault f;
	enum err e;

	edifact_over(&reader, bytes.p, bytes.n);
	edifact_scan_by(&reader, way);
	e = show_all(&t, &f);
	text_print(&t, "end %s %d %llu %u", err_name(e), f,
		   (unsigned long long)edifact_offset(&reader), reader.line);
	return text_as_span(&t);
}

/* The same through a window, filled in pieces of changing size. */
static struct span read_stream(struct arena *a, struct span bytes, struct prng *r)
{
	struct text t = text_in(a);
	uint32_t at = 0;
	enum edifact_fault f;
	enum err e;

	edifact_stream(&reader, window);
	edifact_scan_by(&reader, way);
	while ((e = show_all(&t, &f)) == ERR_RETRY) {
		size_t room, n;
		char *to = edifact_room(&reader, &room);

		n = (size_t)prng_below(r, 4) ? (size_t)prng_below(r, 90) : 5000;
		n = n > room ? room : n;
		n = n > bytes.n - at ? bytes.n - at : n;
		memcpy(to, bytes.p + at, n);
		at += (uint32_t)n;
		edifact_filled(&reader, n, at == bytes.n);
	}
	text_print(&t, "end %s %d %llu %u", err_name(e), f,
		   (unsigned long long)edifact_offset(&reader), reader.line);
	return text_as_span(&t);
}

static void expect(struct arena *a, const char *bytes, const char *text)
{
	struct span got = read_over(a, span_of(bytes));

	if (!span_equal(got, span_of(text)))
		fail_msg("%s\ngives\n%.*s\nnot\n%s", bytes, SPAN_ARG(got), text);
}

/* ---- the second reader ---- */

struct simple {
	const char *p;
	size_t n, at;
	char component, element, release, repetition, terminator;
	char una_repetition;
	bool una, between;
	uint32_t line;
	uint64_t number;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void simple_signs(struct simple *s)
{
	s->component = ':';
	s->element = '+';
	s->release = '?';
	s->repetition = 0;
	s->terminator = '\'';
	s->una = s->n - s->at >= 9 && memcmp(s->p + s->at, "UNA", 3) == 0;
	if (s->una) {
		const char *u = s->p + s->at + 3;

		s->component = u[0];
		s->element = u[1];
		s->release = u[3] == ' ' ? 0 : u[3];
		s->una_repetition = u[4];
		s->terminator = u[5];
		s->at += 9;
	} else if (s->n - s->at > 3 && memcmp(s->p + s->at, "UNB\x1d", 4) == 0) {
		s->component = 0x1f;
		s->element = 0x1d;
		s->release = 0;
		s->terminator = 0x1c;
	}
	s->between = false;
}

static void simple_blanks(struct simple *s)
{
	for (; s->at < s->n && is_blank(s->p[s->at]); s->at++)
		s->line += s->p[s->at] == '\n';
}

/* Writes one segment as show() does. false: no whole one is left. */
static bool simple_segment(struct simple *s, struct text *t)
{
	unsigned element = 0, repeat = 0, component = 0;
	bool released = false, escaped = false, tag = true;
	struct text values = text_in(t->arena);
	size_t begin = s->at, value = s->at;
	uint32_t line = s->line, lines = 0;
	unsigned version = 0;

	for (; s->at < s->n; s->at++) {
		char c = s->p[s->at];

		if (c == '\n')
			lines++;
		if (escaped) {
			escaped = false;
			continue;
		}
		if (s->release && c == s->release) {
			escaped = released = true;
			continue;
		}
		if (c != s->component && c != s->element && c != s->terminator &&
		    !(s->repetition && c == s->repetition))
			continue;
		text_print(&values, " %u.%u.%u%s[", element, repeat, component,
			   released ? "r" : "");
		text_add(&values, s->p + value, s->at - value);
		text_char(&values, ']');
		if (element == 1 && component == 1 && repeat == 0 && s->at - value == 1)
			version = (unsigned)(s->p[value] - '0');
		value = s->at + 1;
		released = tag = false;
		if (c == s->terminator)
			break;
		if (c == s->component)
			component++;
		else if (c == s->element)
			element++, repeat = component = 0;
		else
			repeat++, component = 0;
	}
	(void)tag;
	if (s->at == s->n)
		return false;
	text_print(t, "%llu@%zu:%u %zu", (unsigned long long)++s->number, begin, line,
		   s->at - begin);
	text_add(t, values.p, values.n);
	text_char(t, '\n');
	s->at++;
	s->line += lines;
	if (memcmp(s->p + begin, "UNZ", 3) == 0 && s->p[begin + 3] == s->element)
		s->between = true;
	if (memcmp(s->p + begin, "UNB", 3) == 0 && s->p[begin + 3] == s->element && version >= 4 &&
	    version <= 9)
		s->repetition = s->una ? (s->una_repetition == ' ' ? 0 : s->una_repetition)
				       : (s->component == ':' ? '*' : 0);
	return true;
}

static struct span read_simply(struct arena *a, struct span bytes)
{
	struct simple s = {.p = bytes.p, .n = bytes.n, .between = true, .line = 1};
	struct text t = text_in(a);

	for (;;) {
		simple_blanks(&s);
		if (s.at == s.n)
			break;
		if (s.between) {
			simple_signs(&s);
			simple_blanks(&s);
		}
		if (s.at == s.n || !simple_segment(&s, &t))
			break;
	}
	return text_as_span(&t);
}

/* ---- generated interchanges ---- */

/* Text of any bytes, with what matters much more often. */
static void put_noise(struct text *t, struct prng *r, size_t n, const char *signs, bool clean)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t pick = prng_below(r, 10);

		if (pick == 0)
			text_char(t, signs[prng_below(r, strlen(signs))]);
		else if (pick == 1 && !clean)
			text_char(t, (char)(prng_below(r, 190) + 66));
		else
			text_char(t, (char)('B' + prng_below(r, 25))); /* never UNA */
	}
}

static struct span make_interchanges(struct arena *a, struct prng *r)
{
	static const char *const unas[] = {"", "UNA:+.? '", "UNA:+,?*'", "UNA|;.\\~!",
					   "UNA:+.  '\n"};
	static const char *const signs[] = {":+?'*", ":+?'*\n", ":+?'*", "|;\\~!", ":+?'"};
	struct text t = text_in(a);

	for (uint64_t i = prng_below(r, 3) + 1; i > 0; i--) {
		uint64_t which = prng_below(r, ARRAY_LEN(unas));
		const char *s = signs[which];
		char e = which == 3 ? ';' : '+', c = which == 3 ? '|' : ':',
		     z = which == 3 ? '!' : '\'';

		text_string(&t, unas[which]);
		text_print(&t, "UNB%cUNOC%c%llu%c", e, c, (unsigned long long)prng_below(r, 5), z);
		for (uint64_t n = prng_below(r, 30); n > 0; n--) {
			text_string(&t, prng_below(r, 3) ? "FTX" : "\r\nLOC");
			put_noise(&t, r, prng_below(r, prng_below(r, 20) ? 60 : 6000), s, false);
			text_print(&t, "Q%c", z);
		}
		text_print(&t, "%cUNZ%c1%c", z, e, z);
	}
	if (prng_below(r, 4) == 0)
		put_noise(&t, r, 40, ":+?'\n", false);
	return text_as_span(&t);
}

/* got begins with the lines of want, and then ends. */
static void expect_lines(struct span got, struct span want, const char *name)
{
	while (want.n) {
		struct span g = span_cut(&got, '\n'), w = span_cut(&want, '\n');

		if (!span_equal(g, w))
			fail_msg("%s:\n%.*s\nnot\n%.*s", name, SPAN_ARG(g), SPAN_ARG(w));
	}
	assert_true(span_starts(got, SPAN("end ")));
}

static void test_every_way_gives_the_same_tokens(void **state)
{
	struct prng r = prng_of(5, 1);

	assert_non_null(edifact_scan_name(0));
	assert_null(edifact_scan_name(EDIFACT_CHARSETS));
	for (unsigned round = 0; round < 400; round++) {
		struct span bytes, want;

		arena_reset(*state);
		bytes = make_interchanges(*state, &r);
		want = read_simply(*state, bytes);
		for (way = 0; edifact_scan_name(way); way++) {
			struct span got, streamed;

			got = read_over(*state, bytes);
			streamed = read_stream(*state, bytes, &r);
			expect_lines(got, want, edifact_scan_name(way));
			if (!span_equal(got, streamed))
				fail_msg("round %u, %s: streamed\n%.*s\nnot\n%.*s", round,
					 edifact_scan_name(way), SPAN_ARG(streamed), SPAN_ARG(got));
		}
	}
	way = 0;
}

/* Every length around a block, every place of a release sign in it. */
static void test_blocks_meet_without_a_seam(void **state)
{
	struct prng r = prng_of(5, 2);

	for (unsigned n = 1; n < 200; n++) {
		struct text t = text_in(*state);
		struct span want, bytes;

		put_noise(&t, &r, n, "?\?\?\?\?\?'+:\n", true);
		text_string(&t, "'A'");
		bytes = text_as_span(&t);
		want = read_simply(*state, bytes);
		for (way = 0; edifact_scan_name(way); way++) {
			struct span got;

			got = read_over(*state, bytes);
			assert_true(got.n >= want.n);
			assert_memory_equal(got.p, want.p, want.n);
		}
	}
	way = 0;
}

/* ---- cases ---- */

static void test_segments_and_places(void **state)
{
	expect(*state, "UNB+UNOC:3+A'\r\nX+1:2::4++5'  UNZ'\n",
	       "1@0:1 12 0.0.0[UNB] 1.0.0[UNOC] 1.0.1[3] 2.0.0[A]\n"
	       "2@15:2 11 0.0.0[X] 1.0.0[1] 1.0.1[2] 1.0.2[] 1.0.3[4] 2.0.0[] 3.0.0[5]\n"
	       "3@29:2 3 0.0.0[UNZ]\nend not-found 0 34 3");
	expect(*state, "", "end not-found 0 0 1");
	expect(*state, " \n ", "end not-found 0 3 2");
	expect(*state, "\xef\xbb\xbfUNB'", "1@3:1 3 0.0.0[UNB]\nend not-found 0 7 1");
}

static void test_release(void **state)
{
	expect(*state, "FTX+A?+B??+?''",
	       "1@0:1 13 0.0.0[FTX] 1.0.0r[A?+B??] 2.0.0r[?']\nend not-found 0 14 1");
	expect(*state, "FTX+A?\?'", "1@0:1 7 0.0.0[FTX] 1.0.0r[A??]\nend not-found 0 8 1");
	expect(*state, "A?\nB'C'", "1@0:1 4 0.0.0r[A?\nB]\n2@5:2 1 0.0.0[C]\nend not-found 0 7 2");
	/* No release character in force: it is text. */
	expect(*state, "UNA:+.  'A+?'B'",
	       "1@9:1 3 0.0.0[A] 1.0.0[?]\n2@13:1 1 0.0.0[B]\nend not-found 0 15 1");
}

static void test_signs_of_una_hold_for_one_interchange(void **state)
{
	expect(*state, "UNA|;.\\ !UNB;UNOA|1!A;B+!UNZ!UNB+UNOA:1'A+B;'",
	       "1@9:1 10 0.0.0[UNB] 1.0.0[UNOA] 1.0.1[1]\n2@20:1 4 0.0.0[A] 1.0.0[B+]\n"
	       "3@25:1 3 0.0.0[UNZ]\n4@29:1 10 0.0.0[UNB] 1.0.0[UNOA] 1.0.1[1]\n"
	       "5@40:1 4 0.0.0[A] 1.0.0[B;]\nend not-found 0 45 1");
	expect(*state, "UNA:+.? \nA\nB\n",
	       "1@9:1 1 0.0.0[A]\n2@11:2 1 0.0.0[B]\nend not-found 0 13 3");
	/* An interchange that is cut off, and the next one. */
	expect(*state, "UNB'A'UNA|;.\\ !UNB;A+!",
	       "1@0:1 3 0.0.0[UNB]\n2@4:1 1 0.0.0[A]\n3@15:1 6 0.0.0[UNB] 1.0.0[A+]\n"
	       "end not-found 0 22 1");
	expect(*state, "UNAAB.? 'X'", "end format 1 0 1");
	expect(*state, "UNA++.? 'X'", "end format 1 0 1");
	expect(*state, "UNA:+.+ 'X'", "end format 1 0 1");
}

static void test_level_b_without_una(void **state)
{
	expect(*state,
	       "UNB\x1dUNOB\x1f"
	       "1\x1d"
	       "A+B\x1c"
	       "C\x1c",
	       "1@0:1 14 0.0.0[UNB] 1.0.0[UNOB] 1.0.1[1] 2.0.0[A+B]\n2@15:1 1 0.0.0[C]\n"
	       "end not-found 0 17 1");
}

static void test_repetition_from_version_4(void **state)
{
	expect(*state, "UNB+UNOC:4'A+1:2*3'",
	       "1@0:1 10 0.0.0[UNB] 1.0.0[UNOC] 1.0.1[4]\n"
	       "2@11:1 7 0.0.0[A] 1.0.0[1] 1.0.1[2] 1.1.0[3]\n"
	       "end not-found 0 19 1");
	expect(*state, "UNA:+.?*'UNB+UNOC:3'A+1*3'",
	       "1@9:1 10 0.0.0[UNB] 1.0.0[UNOC] 1.0.1[3]\n"
	       "2@20:1 5 0.0.0[A] 1.0.0[1*3]\n"
	       "end not-found 0 26 1");
	expect(*state, "UNA:+.? 'UNB+UNOC:4'A+1*3'",
	       "1@9:1 10 0.0.0[UNB] 1.0.0[UNOC] 1.0.1[4]\n"
	       "2@20:1 5 0.0.0[A] 1.0.0[1*3]\n"
	       "end not-found 0 26 1");
}

static void test_texts_that_end_too_soon(void **state)
{
	expect(*state, "A'B+C", "1@0:1 1 0.0.0[A]\nend format 2 2 1");
	expect(*state, "A'B+C?", "1@0:1 1 0.0.0[A]\nend format 3 2 1");
	expect(*state, "A'B+C?'", "1@0:1 1 0.0.0[A]\nend format 2 2 1");
	expect(*state, "A'UNA:+.?", "1@0:1 1 0.0.0[A]\nend format 3 2 1");
}

static void test_bounds(void **state)
{
	struct text t = text_in(*state);
	struct prng r = prng_of(5, 3);
	struct edifact_segment s;
	struct span got;

	text_string(&t, "A'B+");
	for (unsigned i = 0; i < LIMIT_SEGMENT_BYTES; i++)
		text_char(&t, 'x');
	text_string(&t, "'");
	edifact_over(&reader, t.p, t.n);
	assert_int_equal(edifact_next(&reader, &s), ERR_NONE);
	assert_int_equal(edifact_next(&reader, &s), ERR_LIMIT);
	assert_int_equal(reader.fault, EDIFACT_FAULT_SEGMENT);
	got = read_stream(*state, text_as_span(&t), &r);
	assert_non_null(memmem(got.p, got.n, "end limit 4", 11));
	t.n = 0;
	for (unsigned i = 0; i < 100000; i++)
		text_char(&t, 'x');
	got = read_stream(*state, text_as_span(&t), &r);
	assert_non_null(memmem(got.p, got.n, "end limit 4", 11));
	t.n = 0;
	for (unsigned i = 0; i < LIMIT_SEGMENT_VALUES; i++)
		text_char(&t, '+');
	text_char(&t, '\'');
	got = read_over(*state, text_as_span(&t));
	assert_span(got, "end limit 5 0 1");
	t.p[10] = 'x';
	got = read_over(*state, text_as_span(&t));
	assert_memory_equal(got.p, "1@0:1 4096", 10);
}

/* ---- characters ---- */

static void test_charsets_there_and_back(void **state)
{
	for (unsigned c = 0; c < EDIFACT_CHARSETS; c++) {
		enum edifact_charset set =
		    edifact_charset_by_id(span_of(edifact_charset_id((enum edifact_charset)c)));

		assert_int_equal(set, c);
		for (unsigned byte = 0x20; byte < 0x100; byte++) {
			char raw = (char)byte;
			struct span one = {&raw, 1, 0}, utf8;
			struct text t = text_in(*state);
			struct edifact_writer w = edifact_to(&t, set, 4);
			bool valid = edifact_encoded(set, one) &&
				     edifact_allows(set, edifact_classes(&raw, 1));

			utf8 = edifact_text(*state, set, '?', one, false);
			assert_true(span_valid_utf8(utf8));
			assert_true(valid == edifact_carries(set, utf8) || byte >= 0x7f);
			if (!valid)
				continue;
			w.elements = 0;
			edifact_component(&w, utf8);
			assert_int_equal(w.lost, 0);
			assert_int_equal(t.p[t.n - 1], raw);
			assert_int_equal(t.n, 1 + (memchr(":+?*'", (int)byte, 5) != NULL));
		}
	}
	assert_int_equal(edifact_charset_by_id(SPAN("UNOZ")), EDIFACT_CHARSETS);
}

static void test_known_letters(void **state)
{
	static const struct {
		enum edifact_charset set;
		const char *raw, *utf8;
	} cases[] = {
	    {EDIFACT_UNOC, "Caf\xe9", "Café"},
	    {EDIFACT_UNOD, "\xb1\xe6", "ąć"},
	    {EDIFACT_UNOE, "\xbc\xd8\xe0", "Мир"},
	    {EDIFACT_UNOF, "\xc1\xe8", "Αθ"},
	    {EDIFACT_UNOI, "\xc7\xe8", "او"},
	    {EDIFACT_UNOJ, "\xe9\xf0", "ינ"},
	    {EDIFACT_UNOK, "\xfd\xf0", "ığ"},
	    {EDIFACT_UNOL, "\xa4", "€"},
	    {EDIFACT_UNOY, "\xe2\x82\xac", "€"},
	    {EDIFACT_UNOA, "A\xe9", "A\xef\xbf\xbd"},
	    {EDIFACT_UNOY, "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
	};

	for (unsigned i = 0; i < ARRAY_LEN(cases); i++)
		assert_span(edifact_text(*state, cases[i].set, '?', span_of(cases[i].raw), false),
			    cases[i].utf8);
	assert_span(edifact_text(*state, EDIFACT_UNOC, '?', SPAN("a?'b??c?"), true), "a'b?c?");
	assert_int_equal(edifact_length(EDIFACT_UNOC, SPAN("a?'b??c?"), true, '?'), 6);
	assert_int_equal(edifact_length(EDIFACT_UNOY, span_of("é?'€"), true, '?'), 3);
	assert_int_equal(edifact_length(EDIFACT_UNOC, span_of("é"), false, '?'), 2);
}

static void test_memory_may_end(void **state)
{
	arena_fail_at(1);
	assert_null(edifact_text(*state, EDIFACT_UNOC, '?', SPAN("a?b"), true).p);
	arena_fail_at(1);
	assert_null(edifact_text(*state, EDIFACT_UNOC, '?', SPAN("\xe9"), false).p);
	arena_fail_at(0);
}

/* ---- writing ---- */

static void test_writer(void **state)
{
	struct text t = text_in(*state);
	struct edifact_writer w = edifact_to(&t, EDIFACT_UNOC, 4);

	edifact_write_una(&w);
	edifact_open_segment(&w, "FTX");
	edifact_element(&w, SPAN("AAI"));
	edifact_element(&w, ((struct span){"", 0, 0}));
	edifact_component(&w, ((struct span){"", 0, 0}));
	edifact_component(&w, span_of("é+?"));
	edifact_component(&w, ((struct span){"", 0, 0}));
	edifact_element_end(&w);
	edifact_element(&w, ((struct span){"", 0, 0}));
	edifact_close_segment(&w);
	w.lines = true;
	edifact_open_segment(&w, "IMD");
	edifact_component(&w, SPAN("1"));
	edifact_component(&w, SPAN("2"));
	edifact_repeat_end(&w);
	edifact_component(&w, SPAN("3*"));
	edifact_element_end(&w);
	edifact_element(&w, span_of("€\t"));
	edifact_close_segment(&w);
	assert_span(text_as_span(&t), "UNA:+.?*'FTX+AAI++:\xe9?+?\?'IMD+1:2*3?*+?\?'\n");
	assert_int_equal(w.segments, 2);
	assert_int_equal(w.lost, 2);
}

/* Whatever is written is read again. */
static void test_written_is_read_again(void **state)
{
	struct prng r = prng_of(5, 4);

	for (unsigned round = 0; round < 300; round++) {
		struct text t, values[8];
		struct edifact_writer w;
		struct edifact_segment s;

		arena_reset(*state);
		t = text_in(*state);
		w = edifact_to(&t, EDIFACT_UNOY, 4);
		edifact_write_una(&w);
		edifact_open_segment(&w, "UNB");
		edifact_component(&w, SPAN("UNOY"));
		edifact_element(&w, SPAN("4"));
		edifact_close_segment(&w);
		edifact_open_segment(&w, "FTX");
		for (unsigned i = 0; i < 8; i++) {
			values[i] = text_in(*state);
			put_noise(&values[i], &r, prng_below(&r, 40), ":+?'*", true);
			edifact_component(&w, text_as_span(&values[i]));
			if (i % 2)
				edifact_element_end(&w);
		}
		edifact_close_segment(&w);
		edifact_over(&reader, t.p, t.n);
		assert_int_equal(edifact_next(&reader, &s), ERR_NONE);
		assert_int_equal(edifact_next(&reader, &s), ERR_NONE);
		for (unsigned i = 0; i < 8; i++) {
			const struct edifact_value *v = edifact_find(&s, i / 2 + 1, i % 2 + 1);
			struct span got = edifact_raw(&s, v);

			got = edifact_text(*state, EDIFACT_UNOY, '?', got, v && v->released);
			assert_true(span_equal(got, text_as_span(&values[i])));
		}
		assert_int_equal(edifact_next(&reader, &s), ERR_NOT_FOUND);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_way_gives_the_same_tokens),
	    arena_test(test_blocks_meet_without_a_seam),
	    arena_test(test_segments_and_places),
	    arena_test(test_release),
	    arena_test(test_signs_of_una_hold_for_one_interchange),
	    arena_test(test_level_b_without_una),
	    arena_test(test_repetition_from_version_4),
	    arena_test(test_texts_that_end_too_soon),
	    arena_test(test_bounds),
	    arena_test(test_charsets_there_and_back),
	    arena_test(test_known_letters),
	    arena_test(test_memory_may_end),
	    arena_test(test_writer),
	    arena_test(test_written_is_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
