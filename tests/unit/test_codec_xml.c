/* codec/xml: what handlers see, what is refused and where, and that nothing a stranger sends makes it slow or print. */
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "codec/xml.h"

/* What the handlers saw, as one line of text. */
struct seen {
	char p[1 << 16];
	size_t n;
	uint32_t opens, closes;
	uint64_t text_bytes;
	uint32_t stop_at; /* the open that says stop; 0: none */
	uint32_t last_line;
	bool all_utf8;
};

static void note(struct seen *s, const char *mark, struct span text)
{
	s->all_utf8 &= span_valid_utf8(text);
	if (s->n + text.n + 8 < sizeof(s->p))
		s->n += (size_t)snprintf(s->p + s->n, sizeof(s->p) - s->n, "%s%.*s", mark,
					 SPAN_ARG(text));
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct seen *s = context;

	s->opens++;
	s->last_line = line;
	note(s, "<", name);
	if (space.n)
		note(s, "|", space);
	for (uint32_t i = 0; i < n; i++) {
		note(s, " ", attributes[i].name);
		if (attributes[i].space.n)
			note(s, "|", attributes[i].space);
		note(s, "=", attributes[i].value);
	}
	note(s, ">", (struct span){0});
	return s->opens != s->stop_at;
}

static bool on_close(void *context, struct span name)
{
	struct seen *s = context;

	s->closes++;
	note(s, "</", name);
	return true;
}

static bool on_text(void *context, struct span piece)
{
	struct seen *s = context;

	s->text_bytes += piece.n;
	note(s, "", piece);
	return true;
}

static struct seen seen;

static enum err read_into_seen(struct arena *a, struct span text, struct codec_fault *fault)
{
	const struct xml_handler handler = {
	    .open = on_open, .close = on_close, .text = on_text, .context = &seen};
	uint32_t stop_at = seen.stop_at;

	seen = (struct seen){.all_utf8 = true, .stop_at = stop_at};
	*fault = (struct codec_fault){0};
	return xml_read(a, text, &handler, fault);
}

static void must_see(struct arena *a, struct span text, const char *want)
{
	struct codec_fault fault;

	if (read_into_seen(a, text, &fault))
		fail_msg("%.*s: %u:%u %s", SPAN_ARG(text), fault.line, fault.column, fault.text);
	assert_string_equal(seen.p, want);
	assert_true(seen.all_utf8);
	assert_int_equal(seen.opens, seen.closes);
}

static void must_refuse(struct arena *a, struct span text, enum err e, uint32_t line,
			const char *word)
{
	struct codec_fault fault;
	enum err got = read_into_seen(a, text, &fault);

	if (got != e || fault.line != line || fault.column < 1 || !fault.text ||
	    !strstr(fault.text, word))
		fail_msg("%.60s: %s at %u:%u (%s), not %s at line %u (%s)", text.p, err_name(got),
			 fault.line, fault.column, fault.text ? fault.text : "", err_name(e), line,
			 word);
	assert_true(seen.all_utf8);
	assert_true(span_valid_utf8(span_of(fault.text)));
}

static void test_hands_on_every_token(void **state)
{
	must_see(*state,
		 SPAN("<?xml version=\"1.0\"?>\n<!-- note --><a xmlns=\"urn:x\" xmlns:y=\"urn:y\" "
		      "p='1' y:q='&amp;&#65;&quot;'>"
		      "t&lt;&#x20AC;<![CDATA[<raw>&amp;]]><y:b/><?pi x?></a>"),
		 "<a|urn:x p=1 q|urn:y=&A\">t<\xe2\x82\xac<raw>&amp;<b|urn:y></b</a");
	must_see(*state, SPAN("<a>\n<b\n/></a>"), "<a>\n<b></b</a");
	assert_int_equal(seen.last_line, 3);
}

static void test_every_truncation_is_refused(void **state)
{
	static const char text[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a "
				   "b=\"&amp;\"><c>\xc3\xa9</c><![CDATA[x]]><!--y--></a>";
	struct codec_fault fault;

	for (uint32_t n = 0; n < sizeof(text) - 1; n++) {
		char *cut = test_malloc(n + 1);

		memcpy(cut, text, n);
		assert_int_equal(read_into_seen(*state, (struct span){cut, n, 0}, &fault),
				 ERR_FORMAT);
		assert_true(fault.line == 1 && fault.column >= 1);
		test_free(cut);
	}
	must_see(*state, SPAN(text), "<a b=&><c>\xc3\xa9</cx</a");
}

static void test_not_well_formed(void **state)
{
	must_refuse(*state, SPAN("<a>\n<b></a>"), ERR_FORMAT, 2, "mismatch");
	must_refuse(*state, SPAN("<a/><b/>"), ERR_FORMAT, 1, "Extra content");
	must_refuse(*state, SPAN("<a x='1' x='2'/>"), ERR_FORMAT, 1, "redefined");
	must_refuse(*state, SPAN("<a>\n\n&nbsp;</a>"), ERR_FORMAT, 3, "nbsp");
	must_refuse(*state, SPAN("<y:a/>"), ERR_FORMAT, 1, "y");
	must_refuse(*state, SPAN("<a>&#0;</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>&#xD800;</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>\x01</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>x\0y</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("plain text"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a b='<'/>"), ERR_FORMAT, 1, "");
}

static void test_handlers_see_nothing_behind_an_error(void **state)
{
	must_refuse(*state, SPAN("<?xml version='1.0'?x x'?><y:c>text</y:c>"), ERR_FORMAT, 1, "");
	assert_int_equal(seen.n, 0);
	must_refuse(*state, SPAN("<a x='1' x='2'>text<b/>more</a>"), ERR_FORMAT, 1, "redefined");
	assert_int_equal(seen.n, 0);
}

static void test_document_types_are_refused(void **state)
{
	must_refuse(*state, SPAN("<!DOCTYPE a><a/>"), ERR_FORMAT, 1, "document type");
	must_refuse(*state,
		    SPAN("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x '0123456789'><!ENTITY y "
			 "'&x;&x;&x;&x;&x;&x;&x;&x;'>"
			 "<!ENTITY z '&y;&y;&y;&y;&y;&y;&y;&y;'>]><a>&z;&z;&z;</a>"),
		    ERR_FORMAT, 2, "document type");
	must_refuse(*state,
		    SPAN("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"),
		    ERR_FORMAT, 1, "document type");
	must_refuse(*state, SPAN("<!DOCTYPE a SYSTEM 'http://192.0.2.1/x.dtd'><a/>"), ERR_FORMAT, 1,
		    "document type");
	assert_int_equal(seen.opens, 0);
}

/* The text as UTF-16, behind a byte-order mark or not. */
static struct span utf16(struct arena *a, const char *ascii, bool big, bool mark)
{
	size_t n = strlen(ascii), at = 0;
	char *p = arena_try(a, 2 * n + 2);

	assert_non_null(p);
	if (mark) {
		p[big ? 0 : 1] = '\xfe';
		p[big ? 1 : 0] = '\xff';
		at = 2;
	}
	for (size_t i = 0; i < n; i++, at += 2)
		p[at + big] = ascii[i];
	return (struct span){p, (uint32_t)at, 0};
}

static void test_encodings(void **state)
{
	static const char want[] = "<a>\xc3\xa4</a";

	must_see(*state, SPAN("\xef\xbb\xbf<a>\xc3\xa4</a>"), want);
	must_see(*state, SPAN("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>"), want);
	must_see(*state, SPAN("<?xml version='1.0' encoding='windows-1252'?><a>\xe4\x80</a>"),
		 "<a>\xc3\xa4\xe2\x82\xac</a");
	must_see(*state, utf16(*state, "<a>&#228;</a>", false, true), want);
	must_see(*state, utf16(*state, "<a>&#228;</a>", true, true), want);
	must_see(*state,
		 utf16(*state, "<?xml version='1.0' encoding='UTF-16'?><a>&#228;</a>", true, true),
		 want);
	must_refuse(*state, SPAN("<?xml version='1.0' encoding='UTF-8'?>\n<a>\n\xe4</a>"),
		    ERR_FORMAT, 3, "UTF-8");
	must_refuse(*state, SPAN("<a b='\xe4'/>"), ERR_FORMAT, 1, "UTF-8");
	must_refuse(*state, SPAN("<a>\xc0\xaf</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>\xed\xa0\x80</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>\xf4\x90\x80\x80</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<a>\xe0\x80\xaf</a>"), ERR_FORMAT, 1, "");
	must_refuse(*state, SPAN("<?xml version='1.0' encoding='KLINGON'?><a/>"), ERR_FORMAT, 1,
		    "KLINGON");
	must_refuse(*state, SPAN("<?xml version='1.0' encoding='Shift_JIS'?><a>\x81</a>"),
		    ERR_FORMAT, 1, "");
}

static char *fill(struct arena *a, const char *unit, size_t times, const char *before,
		  const char *after)
{
	size_t n = strlen(unit), m = strlen(before);
	char *p = arena_try(a, m + n * times + strlen(after) + 1);

	assert_non_null(p);
	memcpy(p, before, m);
	for (size_t i = 0; i < times; i++)
		memcpy(p + m + i * n, unit, n);
	memcpy(p + m + n * times, after, strlen(after) + 1);
	return p;
}

static void test_depth_is_bounded(void **state)
{
	char *deep = fill(*state, "<a>", 10000, "", "");
	char *legal =
	    fill(*state, "</a>", LIMIT_DEPTH, fill(*state, "<a>", LIMIT_DEPTH, "", ""), "");

	must_refuse(*state, span_of(deep), ERR_LIMIT, 1, "deep");
	assert_int_equal(seen.opens, LIMIT_DEPTH);
	assert_int_equal(read_into_seen(*state, span_of(legal), &(struct codec_fault){0}),
			 ERR_NONE);
}

static char *attributes(struct arena *a, uint32_t n, const char *prefix)
{
	char *p = arena_try(a, (size_t)n * 32 + 16), *to = p;

	assert_non_null(p);
	to += snprintf(to, 3, "<a");
	for (uint32_t i = 0; i < n; i++)
		to += snprintf(to, 32, " %sa%x='%u'", prefix, i, i);
	snprintf(to, 3, "/>");
	return p;
}

static void test_attributes_are_bounded(void **state)
{
	int64_t begin = clock_steady();
	char *many = attributes(*state, 1000000, "");
	struct codec_fault fault;

	must_refuse(*state, span_of(many), ERR_LIMIT, 1, "attributes");
	arena_reset(*state);
	must_refuse(*state, span_of(fill(*state, " x='>'", 1000000, "<a", "/>")), ERR_LIMIT, 1,
		    "attributes");
	arena_reset(*state);
	must_refuse(*state, span_of(attributes(*state, 500000, "xmlns:")), ERR_LIMIT, 1,
		    "namespaces");
	arena_reset(*state);
	must_refuse(*state, utf16(*state, attributes(*state, 300000, ""), false, true), ERR_LIMIT,
		    1, "attributes");
	arena_reset(*state);
	must_refuse(*state, span_of(attributes(*state, LIMIT_ATTRIBUTES + 1, "")), ERR_LIMIT, 1,
		    "attributes");
	assert_int_equal(
	    read_into_seen(*state, span_of(attributes(*state, LIMIT_ATTRIBUTES, "")), &fault),
	    ERR_NONE);
	/* libxml2 alone compares each attribute with each other: minutes. */
	assert_true(clock_steady() - begin < 10 * 1000000);
}

static void test_texts_are_bounded(void **state)
{
	struct codec_fault fault;

	must_refuse(*state, span_of(fill(*state, "x", (1 << 20) + 1, "<a>", "</a>")), ERR_LIMIT, 1,
		    "text");
	must_refuse(*state, span_of(fill(*state, "x", (1 << 20) + 1, "<a><![CDATA[", "]]></a>")),
		    ERR_LIMIT, 1, "text");
	must_refuse(*state, span_of(fill(*state, "x", (1 << 20) + 1, "<a b='", "'/>")), ERR_LIMIT,
		    1, "value");
	arena_reset(*state);
	assert_int_equal(
	    read_into_seen(*state, span_of(fill(*state, "x", 1 << 20, "<a>", "<b/>y</a>")), &fault),
	    ERR_NONE);
	assert_int_equal(seen.text_bytes, (1 << 20) + 1);
}

static void test_a_handler_can_stop(void **state)
{
	seen.stop_at = 2;
	must_refuse(*state, SPAN("<a>\n<b/>\n<c/></a>"), ERR_LIMIT, 2, "stopped");
	assert_int_equal(seen.opens, 2);
	seen.stop_at = 0;
	must_see(*state, SPAN("<a/>"), "<a></a");
}

/* libxml2 2.9 calls many failed allocations a syntax error, or nothing at all. */
static void test_no_memory_is_said(void **state)
{
	const struct span text = SPAN("<?xml version='1.0' encoding='ISO-8859-1'?><n:a "
				      "xmlns:n='urn:x' b='&amp;1'>\xe4<c>&lt;</c></n:a>");
	struct codec_fault fault;
	uint64_t n = 1;
	enum err e;

	must_refuse(*state, SPAN("<a>"), ERR_FORMAT, 1, ""); /* so that no context is kept */
	for (;; n++) {
		xml_fail_at(n);
		e = read_into_seen(*state, text, &fault);
		xml_fail_at(0);
		if (!e)
			break;
		if (e != ERR_NOMEM)
			fail_msg("allocation %u: %s", (unsigned)n, err_name(e));
		must_refuse(*state, SPAN("<a>"), ERR_FORMAT, 1, "");
	}
	assert_in_range(n, 20, 200);
	must_see(*state, text, "<a|urn:x b=&1>\xc3\xa4<c><</c</a");
}

static void test_the_fault_needs_memory_too(void **state)
{
	struct codec_fault fault;

	arena_fail_at(1);
	assert_int_equal(read_into_seen(*state, SPAN("<a>"), &fault), ERR_NOMEM);
	assert_non_null(fault.text);
}

static void *read_on_a_thread(void *arena)
{
	must_see(arena, SPAN("<a>x</a>"), "<a>x</a");
	must_refuse(arena, SPAN("<?xml version='1.0' encoding='Shift_JIS'?><a>\x81</a>"),
		    ERR_FORMAT, 1, "");
	return arena;
}

/* Each thread has a parser of its own, freed when it ends (the leak checker watches). */
static void test_threads_clean_up(void **state)
{
	for (int i = 0; i < 3; i++) {
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, read_on_a_thread, *state), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
}

struct escaping {
	struct text text;
	struct span from;
	bool attribute;
};

static void escape(void *context)
{
	struct escaping *e = context;

	xml_escape(&e->text, e->from, e->attribute);
}

static enum err write_escaped(struct arena *a, struct span s, bool attribute, struct span *ret)
{
	struct escaping e = {.text = text_in(a), .from = s, .attribute = attribute};
	enum err err = arena_run(a, escape, &e);

	*ret = text_as_span(&e.text);
	return err;
}

static void test_escapes(void **state)
{
	struct span got;

	assert_int_equal(write_escaped(*state, SPAN("a<b>&\"'\n\tz"), false, &got), ERR_NONE);
	assert_span(got, "a&lt;b&gt;&amp;\"'\n\tz");
	assert_int_equal(write_escaped(*state, SPAN("a<b>&\"'\n\t\rz"), true, &got), ERR_NONE);
	assert_span(got, "a&lt;b&gt;&amp;&quot;&apos;&#10;&#9;&#13;z");
	assert_int_equal(write_escaped(*state,
				       SPAN("\0\x1f\xef\xbf\xbf\xef\xbf\xbe\xef\xbf\xbd\x7f"),
				       false, &got),
			 ERR_NONE);
	assert_span(got, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f");
	assert_int_equal(write_escaped(*state, (struct span){0}, false, &got), ERR_NONE);
	assert_int_equal(got.n, 0);
}

/* Runs behind all others: nothing has been printed by libxml2 on the way. */
static int saved_stderr = -1;
static FILE *caught;

static int catch_stderr(void **state)
{
	(void)state;
	xml_start();
	xml_start();
	caught = tmpfile();
	saved_stderr = dup(STDERR_FILENO);
	return caught && saved_stderr >= 0 && dup2(fileno(caught), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int release_stderr(void **state)
{
	char what[4096];
	size_t n;

	(void)state;
	fflush(stderr);
	dup2(saved_stderr, STDERR_FILENO);
	rewind(caught);
	n = fread(what, 1, sizeof(what), caught);
	fclose(caught);
	if (n)
		fwrite(what, 1, n, stderr);
	for (size_t i = 0; i + 7 <= n; i++)
		if (memcmp(what + i, "Entity:", 7) == 0 || memcmp(what + i, "parser ", 7) == 0 ||
		    memcmp(what + i, "encoder", 7) == 0)
			return -1;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_hands_on_every_token),
	    arena_test(test_every_truncation_is_refused),
	    arena_test(test_not_well_formed),
	    arena_test(test_handlers_see_nothing_behind_an_error),
	    arena_test(test_document_types_are_refused),
	    arena_test(test_encodings),
	    arena_test(test_depth_is_bounded),
	    arena_test(test_attributes_are_bounded),
	    arena_test(test_texts_are_bounded),
	    arena_test(test_a_handler_can_stop),
	    arena_test(test_no_memory_is_said),
	    arena_test(test_the_fault_needs_memory_too),
	    arena_test(test_threads_clean_up),
	    arena_test(test_escapes),
	};

	return cmocka_run_group_tests(tests, catch_stderr, release_stderr);
}
