/* codec/json: what is read, what is refused and where, what is written. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "codec/json.h"

static const struct json *must_read(struct arena *a, const char *text)
{
	struct codec_fault fault = {0};
	const struct json *v = NULL;

	if (json_read(a, span_of(text), &v, &fault))
		fail_msg("%s: %u:%u %s", text, fault.line, fault.column, fault.text);
	return v;
}

static void must_refuse(struct arena *a, struct span text, enum err e, uint32_t line,
			uint32_t column)
{
	const struct json *untouched = NULL, *v = NULL;
	struct codec_fault fault = {0};
	enum err got = json_read(a, text, &v, &fault);

	if (got != e || fault.line != line || fault.column != column || v != untouched ||
	    !fault.text)
		fail_msg("%.*s: %s at %u:%u (%s), not %s at %u:%u", SPAN_ARG(text), err_name(got),
			 fault.line, fault.column, fault.text ? fault.text : "", err_name(e), line,
			 column);
}

static void test_reads_every_kind(void **state)
{
	const struct json *v =
	    must_read(*state, " {\"a\":[1,-2.50,3e+7,\"x\"],\n\"b\":true,\"c\":false,"
			      "\"d\":null,\"e\":{},\"f\":[]}\r\n");
	const struct json *a = json_get(v, "a");

	assert_int_equal(v->kind, JSON_OBJECT);
	assert_int_equal(v->count, 6);
	assert_int_equal(a->count, 4);
	assert_span(a->first->text, "1");
	assert_span(a->first->next->text, "-2.50");
	assert_span(a->first->next->next->text, "3e+7");
	assert_int_equal(json_get(v, "b")->kind, JSON_TRUE);
	assert_int_equal(json_get(v, "b")->line, 2);
	assert_int_equal(json_get(v, "c")->kind, JSON_FALSE);
	assert_int_equal(json_get(v, "d")->kind, JSON_NULL);
	assert_int_equal(json_get(v, "e")->count, 0);
	assert_int_equal(json_get(v, "f")->kind, JSON_ARRAY);
	assert_null(json_get(v, "g"));
	assert_null(json_get(NULL, "g"));
	assert_null(json_get(a, "g"));
}

static void test_plain_strings_stay_in_the_input(void **state)
{
	static const char text[] = "{\"name\":\"long enough for eight bytes\"}";
	struct span s = json_get_text(must_read(*state, text), "name");

	assert_ptr_equal(s.p, text + 9);
	assert_span(s, "long enough for eight bytes");
}

static void test_decodes_escapes(void **state)
{
	const struct json *v = must_read(
	    *state, "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00z\","
		    "\"\\u0000\"]");

	assert_span(v->first->text, "\"\\/\b\f\n\r\t");
	assert_span(v->first->next->text, "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
	assert_int_equal(v->first->next->next->text.n, 1);
	assert_int_equal(v->first->next->next->text.p[0], 0);
}

/* Each text, and where it is wrong. */
static const struct {
	const char *text;
	uint32_t line, column;
} refused[] = {
    {"", 1, 1},
    {"  \n ", 2, 2},
    {"\xef\xbb\xbf{}", 1, 1},
    {"{\"a\":1,}", 1, 8},
    {"[1,]", 1, 4},
    {"[1 2]", 1, 4},
    {"[1}", 1, 3},
    {"{\"a\" 1}", 1, 6},
    {"{a:1}", 1, 2},
    {"{1:1}", 1, 2},
    {"[", 1, 2},
    {"{\"a\":", 1, 6},
    {"{} {}", 1, 4},
    {"[1]\n\n x", 3, 2},
    {"01", 1, 1},
    {"-", 1, 2},
    {"1.", 1, 3},
    {".5", 1, 1},
    {"1e", 1, 3},
    {"+1", 1, 1},
    {"tru", 1, 1},
    {"nulL", 1, 1},
    {"NaN", 1, 1},
    {"'a'", 1, 1},
    {"\"a", 1, 3},
    {"\"a\\", 1, 4},
    {"\"a\\\"", 1, 5},
    {"\"a\nb\"", 1, 3},
    {"\"a\\\nb\"", 1, 4},
    {"\"12345678\x01\"", 1, 10},
    {"\"\\x41\"", 1, 2},
    {"\"\\u12g4\"", 1, 2},
    {"\"\\u12\"", 1, 2},
    {"\"ab\\ud800\"", 1, 4},
    {"\"\\ud800\\u0041\"", 1, 2},
    {"\"\\udc00\"", 1, 2},
    {"\"\xff\"", 1, 2},
    {"\"12345678\xc3\"", 1, 10},
    {"\"\xc0\xaf\"", 1, 2},
    {"\"\xed\xa0\x80\"", 1, 2},
    {"\"\xf4\x90\x80\x80\"", 1, 2},
    {"{\"\xe4\":1}", 1, 3},
    {"{\"a\":1,\n \"b\":2,\n \"a\":3}", 3, 2},
    {"{\"a\":1,\"\\u0061\":2}", 1, 8},
    {"{\"\":1,\"\":2}", 1, 7},
};

static void test_refuses_with_the_place(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		must_refuse(*state, span_of(refused[i].text), ERR_FORMAT, refused[i].line,
			    refused[i].column);
	must_refuse(*state, (struct span){"[1\0]", 4, 0}, ERR_FORMAT, 1, 3);
	must_refuse(*state, (struct span){"\"a\0b\"", 5, 0}, ERR_FORMAT, 1, 3);
}

/* No text cut short is read as something, and none is read past its end (sanitizers watch the copy). */
static void test_every_truncation_is_refused(void **state)
{
	static const char text[] = "{\"n\":-1.5e+3,\"s\":\"a\\u00e9\xc3\xa9 \\ud83d\\ude00 "
				   "12345678\",\"t\":[true,false,null,{}]}";

	for (uint32_t n = 0; n < sizeof(text) - 1; n++) {
		char *cut = test_malloc(n + 1);
		struct codec_fault fault;
		const struct json *v;

		memcpy(cut, text, n);
		assert_int_equal(json_read(*state, (struct span){cut, n, 0}, &v, &fault),
				 ERR_FORMAT);
		test_free(cut);
	}
	must_read(*state, text);
}

static void test_depth_is_bounded(void **state)
{
	char text[20001];

	memset(text, '[', 10000);
	memset(text + 10000, ']', 10000);
	must_refuse(*state, (struct span){text, 20000, 0}, ERR_LIMIT, 1, LIMIT_DEPTH + 1);
	text[10000 + LIMIT_DEPTH] = 0;
	must_read(*state, text + 10000 - LIMIT_DEPTH);
}

static void test_values_are_bounded(void **state)
{
	uint32_t n = 2 * (LIMIT_JSON_VALUES + 1);
	char *text = arena_try(*state, n);
	struct codec_fault fault;
	struct arena *wide = arena_new((size_t)256 << 20);
	const struct json *v;

	assert_non_null(text);
	assert_non_null(wide);
	memset(text, '0', n);
	for (uint32_t i = 2; i < n; i += 2)
		text[i] = ',';
	text[0] = '[', text[1] = '0', text[n - 1] = '0';
	assert_int_equal(json_read(wide, (struct span){text, n, 0}, &v, &fault), ERR_LIMIT);
	arena_reset(wide);
	/* The array and one element less are just as many as are allowed. */
	text[n - 4] = ']';
	memset(text + n - 3, ' ', 3);
	assert_int_equal(json_read(wide, (struct span){text, n, 0}, &v, &fault), ERR_NONE);
	assert_int_equal(v->count, LIMIT_JSON_VALUES - 1);
	arena_free(wide);
}

static struct text many_members(struct arena *a, int n, int twice)
{
	struct text t = text_in(a);

	text_char(&t, '{');
	for (int i = 0; i < n; i++)
		text_print(&t, "%s\"n%06d\":%d", i ? ",\n" : "",
			   i == n - 1 && twice >= 0 ? twice : i * 7919 % n, i);
	text_char(&t, '}');
	return t;
}

static struct text hostile;

static void make_hostile(void *a)
{
	hostile = many_members(a, 100000, -1);
}

static void make_hostile_twice(void *a)
{
	hostile = many_members(a, 100000, 7919);
}

static void make_edge(void *a)
{
	hostile = many_members(a, 33, 0);
}

static void test_large_objects_stay_fast(void **state)
{
	int64_t begin = clock_steady();
	struct codec_fault fault;
	const struct json *v;

	assert_int_equal(arena_run(*state, make_hostile, *state), ERR_NONE);
	assert_int_equal(json_read(*state, text_as_span(&hostile), &v, &fault), ERR_NONE);
	assert_int_equal(v->count, 100000);
	arena_reset(*state);
	assert_int_equal(arena_run(*state, make_hostile_twice, *state), ERR_NONE);
	must_refuse(*state, text_as_span(&hostile), ERR_FORMAT, 100000, 1);
	arena_reset(*state);
	assert_int_equal(arena_run(*state, make_edge, *state), ERR_NONE);
	must_refuse(*state, text_as_span(&hostile), ERR_FORMAT, 33, 1);
	/* Comparing each with each takes minutes. */
	assert_true(clock_steady() - begin < 10 * 1000000);
}

static void test_long_numbers_stay_text(void **state)
{
	char text[10002];
	struct codec_fault fault;
	const struct json *v;

	memset(text, '7', sizeof(text));
	assert_int_equal(json_read(*state, (struct span){text, 10000, 0}, &v, &fault), ERR_NONE);
	assert_int_equal(v->kind, JSON_NUMBER);
	assert_int_equal(v->text.n, 10000);
}

static void test_whole_numbers(void **state)
{
	const struct json *v =
	    must_read(*state, "{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"over\":"
			      "9223372036854775808,\"under\":-9223372036854775809,\"point\":1.0,"
			      "\"exponent\":1e3,\"text\":\"1\",\"zero\":-0}");
	int64_t n = 7;

	assert_int_equal(json_get_int(v, "over", &n), ERR_FORMAT);
	assert_int_equal(json_get_int(v, "under", &n), ERR_FORMAT);
	assert_int_equal(json_get_int(v, "point", &n), ERR_FORMAT);
	assert_int_equal(json_get_int(v, "exponent", &n), ERR_FORMAT);
	assert_int_equal(json_get_int(v, "text", &n), ERR_FORMAT);
	assert_int_equal(json_get_int(v, "absent", &n), ERR_NOT_FOUND);
	assert_int_equal(n, 7);
	assert_int_equal(json_get_int(v, "max", &n), ERR_NONE);
	assert_true(n == INT64_MAX);
	assert_int_equal(json_get_int(v, "min", &n), ERR_NONE);
	assert_true(n == INT64_MIN);
	assert_int_equal(json_get_int(v, "zero", &n), ERR_NONE);
	assert_true(n == 0);
}

/* Every allocation may fail: the error is said, and nothing is read past it. */
static void test_no_memory_is_said(void **state)
{
	static const char text[] =
	    "{\"a\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20],\"b\\n\":\"c\\td\"}";
	struct codec_fault fault;
	const struct json *v = NULL;
	uint64_t n = 1;

	for (;; n++) {
		enum err e;

		arena_reset(*state);
		arena_fail_at(n);
		e = json_read(*state, SPAN(text), &v, &fault);
		arena_fail_at(0);
		if (!e)
			break;
		assert_int_equal(e, ERR_NOMEM);
		assert_null(v);
	}
	assert_in_range(n, 4, 20);
}

static void test_the_cap_is_a_limit(void **state)
{
	struct arena *small = arena_new(48 << 10);
	struct codec_fault fault;
	const struct json *v;

	assert_non_null(small);
	assert_int_equal(arena_run(*state, make_hostile, *state), ERR_NONE);
	assert_int_equal(json_read(small, text_as_span(&hostile), &v, &fault), ERR_LIMIT);
	arena_free(small);
}

struct writing {
	struct arena *arena;
	bool indent;
	struct span got;
};

static void write_all(void *context)
{
	struct writing *c = context;
	struct text *t = ARENA_NEW(c->arena, struct text);
	struct json_writer w;

	*t = text_in(c->arena);
	w = json_to(t);
	w.indent = c->indent;
	json_open_object(&w);
	json_put_c(&w, "a\"\n", "\x01\x1f\\ \xc3\xa9/\x7f");
	json_name(&w, "list");
	json_open_array(&w);
	json_int(&w, INT64_MIN);
	json_null(&w);
	json_open_array(&w);
	json_close_array(&w);
	json_open_object(&w);
	json_put_bool(&w, "t", true);
	json_close_object(&w);
	json_close_array(&w);
	json_put_decimal(&w, "d", decimal_of(-1050, 2));
	json_put_decimal(&w, "unset", (struct decimal){0});
	json_put(&w, "e", (struct span){0});
	json_name(&w, "raw");
	json_raw(&w, SPAN("[1]"));
	json_put_int(&w, "n", -1);
	json_close_object(&w);
	c->got = text_as_span(t);
}

static void test_writes_compact(void **state)
{
	struct writing c = {.arena = *state};

	assert_int_equal(arena_run(*state, write_all, &c), ERR_NONE);
	assert_span(c.got, "{\"a\\\"\\n\":\"\\u0001\\u001f\\\\ "
			   "\xc3\xa9/\x7f\",\"list\":[-9223372036854775808,null,[],{\"t\":true}],"
			   "\"d\":\"-10.50\",\"unset\":null,\"e\":\"\",\"raw\":[1],\"n\":-1}");
}

static void test_writes_indented(void **state)
{
	struct writing c = {.arena = *state, .indent = true};

	assert_int_equal(arena_run(*state, write_all, &c), ERR_NONE);
	assert_span(
	    c.got,
	    "{\n  \"a\\\"\\n\": \"\\u0001\\u001f\\\\ \xc3\xa9/\x7f\",\n  \"list\": [\n    "
	    "-9223372036854775808,\n"
	    "    null,\n    [],\n    {\n      \"t\": true\n    }\n  ],\n  \"d\": \"-10.50\",\n"
	    "  \"unset\": null,\n  \"e\": \"\",\n  \"raw\": [1],\n  \"n\": -1\n}");
}

struct again {
	struct arena *arena;
	const struct json *value;
	struct span got;
};

static void write_again(void *context)
{
	struct again *c = context;
	struct text *t = ARENA_NEW(c->arena, struct text);
	struct json_writer w;

	*t = text_in(c->arena);
	w = json_to(t);
	for (int i = 0; i < LIMIT_DEPTH; i++)
		json_open_array(&w);
	json_value(&w, c->value);
	for (int i = 0; i < LIMIT_DEPTH; i++)
		json_close_array(&w);
	c->got = (struct span){t->p + LIMIT_DEPTH, (uint32_t)t->n - 2 * LIMIT_DEPTH, 0};
}

/* What was read is written as it came, even as deep as anything may be inside as much again. */
static void test_writes_what_was_read(void **state)
{
	static const char flat[] = "{\"z\":1.50,\"a\":[true,false,null,-0,1E5,\"\\\\\"],\"\":{}}";
	struct again c = {.arena = *state, .value = must_read(*state, flat)};
	char deep[2 * LIMIT_DEPTH + 1] = {0};

	assert_int_equal(arena_run(*state, write_again, &c), ERR_NONE);
	assert_span(c.got, flat);
	memset(deep, '[', LIMIT_DEPTH);
	memset(deep + LIMIT_DEPTH, ']', LIMIT_DEPTH);
	c.value = must_read(*state, deep);
	assert_int_equal(arena_run(*state, write_again, &c), ERR_NONE);
	assert_span(c.got, deep);
}

/* A text of every length, with what must be escaped, or nearly must, at each place. */
static void test_writes_an_escape_wherever_it_stands(void **state)
{
	static const char special[] = {'"', '\\', '\n', 0x1f, ' ', '!', '#', '[', ']', 0x7f};

	for (uint32_t n = 1; n <= 26; n++) {
		for (uint32_t at = 0; at < n * ARRAY_LEN(special); at++) {
			char plain[26], c = special[at % ARRAY_LEN(special)];
			struct again got = {.arena = *state};
			struct json value = {.kind = JSON_STRING, .text = {plain, n, 0}};
			bool escape = c == '"' || c == '\\' || (unsigned char)c < 0x20;

			memset(plain, 'x', sizeof(plain));
			plain[at / ARRAY_LEN(special)] = c;
			got.value = &value;
			assert_int_equal(arena_run(*state, write_again, &got), ERR_NONE);
			assert_int_equal(got.got.n > n + 2, escape);
			assert_true(span_equal(
			    must_read(*state, arena_copy(*state, got.got.p, got.got.n))->text,
			    value.text));
			arena_reset(*state);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_reads_every_kind),
	    arena_test(test_plain_strings_stay_in_the_input),
	    arena_test(test_decodes_escapes),
	    arena_test(test_refuses_with_the_place),
	    arena_test(test_every_truncation_is_refused),
	    arena_test(test_depth_is_bounded),
	    arena_test(test_values_are_bounded),
	    arena_test(test_large_objects_stay_fast),
	    arena_test(test_long_numbers_stay_text),
	    arena_test(test_whole_numbers),
	    arena_test(test_no_memory_is_said),
	    arena_test(test_the_cap_is_a_limit),
	    arena_test(test_writes_compact),
	    arena_test(test_writes_indented),
	    arena_test(test_writes_what_was_read),
	    arena_test(test_writes_an_escape_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
