/* CUSDEC and the declaration: what is written passes the directory's check and says what was said; damage is told where. */
#include "msg_case.h"

#include "base/prng.h"
#include <stdlib.h>

#include "msg/convert.h"
#include "msg/cut.h"
#include "msg/edi.h"
#include "msg/edi_learned.h"

static const char *const versions[] = {"96B", "01B", "05B", "12B", "16B", "21B"};

struct writing {
	struct arena *arena;
	const struct message *message;
	const char *version;
	enum edifact_charset charset;
	struct text text;
};

static void write_it(void *context)
{
	struct writing *w = context;

	w->text = text_in(w->arena);
	edi_write(&w->text, &(struct edi_out){.map = &edi_map_cusdec,
					      .directory = edifact_builtin(span_of(w->version)),
					      .charset = w->charset,
					      .root = &dict_declaration,
					      .object = &w->message->declaration,
					      .reference = SPAN("REF1")});
}

static struct span write_as(struct arena *a, const struct message *m, const char *version)
{
	struct writing w = {a, m, version, EDIFACT_CHARSETS, {0}};

	assert_int_equal(arena_run(a, write_it, &w), ERR_NONE);
	return text_as_span(&w.text);
}

/* ---- what was learned ---- */

/* Of all messages that a test program reads. */
static struct edi_learned learned;

/* Whatever was learned before, and of this very message, changes nothing of what comes of it. */
static void expect_learned_the_same(struct arena *a, struct span bytes,
				    const struct msg_case *plain)
{
	for (unsigned round = 0; round < 2; round++) {
		struct msg_case *c = msg_case_read_next(a, bytes, &learned);

		assert_int_equal(c->err, plain->err);
		if (c->err) {
			assert_string_equal(c->fault.text, plain->fault.text);
			return;
		}
		assert_same_span(msg_case_findings(a, c), msg_case_findings(a, plain));
		assert_same_span(msg_case_unmapped(a, c), msg_case_unmapped(a, plain));
		assert_same_span(msg_case_json(a, &c->message), msg_case_json(a, &plain->message));
	}
}

static struct msg_case *read_both(struct arena *a, struct span bytes)
{
	struct msg_case *c = msg_case_read(a, bytes);

	expect_learned_the_same(a, bytes, c);
	return c;
}

/* ---- declarations of any kind ---- */

static struct span random_text(struct arena *a, struct prng *r, uint32_t most, bool free)
{
	static const char *const pieces[] = {"A", "b", "7", "X", " ", "+", "'", ":",
					     "?", "*", "é", "ß", "€", "м", "-", "/"};
	uint32_t n = 1 + (uint32_t)prng_below(r, prng_below(r, 8) ? (most < 12 ? most : 12) : most);
	struct text t = text_in(a);

	for (uint32_t i = 0; i < n; i++)
		text_string(&t, pieces[prng_below(r, free ? (prng_below(r, 40) ? 12 : 16) : 4)]);
	t.n = span_trim(text_as_span(&t)).n ? t.n : 0;
	if (!t.n)
		text_char(&t, 'T');
	return span_trim(text_as_span(&t));
}

static struct decimal random_number(struct prng *r, const struct dict_field *f)
{
	unsigned digits = 1 + (unsigned)prng_below(r, f->size < 9 ? f->size : 9);
	unsigned scale =
	    f->scale ? (unsigned)prng_below(r, (f->scale < digits ? f->scale : digits) + 1) : 0;

	return decimal_of((int64_t)prng_below(r, (uint64_t)decimal_power10(digits)),
			  (uint8_t)scale);
}

static void fill(struct arena *a, struct prng *r, const struct dict_class *c, void *object,
		 unsigned depth);

static void fill_value(struct arena *a, struct prng *r, const struct dict_field *f, void *at,
		       unsigned depth)
{
	switch (f->kind) {
	case DICT_TEXT:
		*(struct span *)at = random_text(a, r, f->size, true);
		return;
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)at = random_text(a, r, f->size, false);
		return;
	case DICT_NUMBER:
		*(struct decimal *)at = random_number(r, f);
		return;
	case DICT_AMOUNT:
		*(struct amount *)at =
		    (struct amount){random_number(r, f), prng_below(r, 5) ? SPAN("EUR") : NO_VALUE};
		return;
	case DICT_QUANTITY:
		*(struct quantity *)at = (struct quantity){
		    random_number(r, f), prng_below(r, 5) ? SPAN("KGM") : NO_VALUE};
		return;
	case DICT_DATETIME:
		*(struct datetime *)at =
		    (struct datetime){.text = SPAN("20260117"), .format = SPAN("102")};
		return;
	case DICT_CLASS:
		fill(a, r, f->of, at, depth + 1);
		return;
	}
}

static void fill(struct arena *a, struct prng *r, const struct dict_class *c, void *object,
		 unsigned depth)
{
	*(struct dict_head *)object = (struct dict_head){1, true};
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		struct dict_list *list = dict_at(f, object);
		uint64_t n = prng_below(r, 3);

		if (!f->required && prng_below(r, 3) && depth > 1)
			continue;
		if (!f->list) {
			fill_value(a, r, f, dict_at(f, object), depth);
			continue;
		}
		for (; n > 0; n--)
			fill_value(
			    a, r, f,
			    arena_push(a, &list->v, &list->n, &list->room, dict_value_size(f)),
			    depth);
	}
}

static bool is_about_form(const struct finding *f)
{
	return strncmp(finding_id(f->rule), "edifact.", 8) == 0;
}

static struct msg_case *read_good(struct arena *a, struct span bytes, uint64_t seed)
{
	struct msg_case *c = read_both(a, bytes);

	if (c->err)
		fail_msg("seed %llu: %s\n%.*s", (unsigned long long)seed, c->fault.text,
			 SPAN_ARG(bytes));
	for (uint32_t i = 0; i < c->findings.list.n; i++)
		if (is_about_form(&c->findings.list.v[i]))
			fail_msg("seed %llu: %.*s\n%.*s", (unsigned long long)seed,
				 SPAN_ARG(msg_case_findings(a, c)), SPAN_ARG(bytes));
	assert_int_equal(c->message.unmapped.n, 0);
	return c;
}

struct comparing {
	struct arena *arena;
	const struct message *before, *after;
	struct conversion found;
};

static void compare_it(void *context)
{
	struct comparing *c = context;

	msg_compare(c->arena, c->before, c->after, &c->found);
}

static void expect_same(struct arena *a, const struct message *before, const struct message *after,
			uint64_t seed, const char *version)
{
	struct comparing c = {.arena = a, .before = before, .after = after};

	if (span_equal(msg_case_json(a, before), msg_case_json(a, after)))
		return;
	assert_int_equal(arena_run(a, compare_it, &c), ERR_NONE);
	for (uint32_t i = 0; i < c.found.lost.n; i++)
		print_error("%.*s: [%.*s] became [%.*s]\n", SPAN_ARG(c.found.lost.v[i].place),
			    SPAN_ARG(c.found.lost.v[i].value), SPAN_ARG(c.found.lost.v[i].now));
	fail_msg("seed %llu, D.%s\n%.*s", (unsigned long long)seed, version,
		 SPAN_ARG(write_as(a, before, version)));
}

/* Written, read, written and read again: the two that were read are the same, and their directories find no fault. */
static void test_lossless(void **state)
{
	const char *rounds = getenv("CUSTOMHOUSE_SOAK");
	uint64_t n = rounds ? 100000 : 2000;

	(void)state;
	for (uint64_t seed = 0; seed < n; seed++) {
		struct arena *a = *state;
		struct prng r = prng_of(seed, 11);
		struct message *m;
		struct msg_case *once, *twice;
		const char *version = versions[seed % ARRAY_LEN(versions)];

		arena_reset(a);
		m = ARENA_NEW(a, struct message);
		fill(a, &r, &dict_declaration, &m->declaration, 0);
		once = read_good(a, write_as(a, m, version), seed);
		twice = read_good(a, write_as(a, &once->message, version), seed);
		expect_same(a, &once->message, &twice->message, seed, version);
	}
}

/* A few bytes become others, go, or are doubled; signs more often than letters. */
static struct span damaged(struct arena *a, struct prng *r, struct span s)
{
	static const char bytes[] = "+:'?*.,-+:'+:' 0A9\n\xe9\x01";
	char *p = arena_copy(a, s.p, s.n);

	for (uint64_t n = 1 + prng_below(r, 4); n; n--) {
		uint32_t at = (uint32_t)prng_below(r, s.n);

		if (prng_below(r, 3)) {
			p[at] = bytes[prng_below(r, sizeof(bytes) - 1)];
			continue;
		}
		memmove(p + at, p + at + 1, s.n - at - 1);
		s.n--;
	}
	return (struct span){p, s.n, 0};
}

static void test_what_was_learned_changes_nothing_of_damage(void **state)
{
	for (uint64_t seed = 0; seed < 1500; seed++) {
		struct arena *a = *state;
		struct prng r = prng_of(seed, 12);
		struct message *m;

		arena_reset(a);
		m = ARENA_NEW(a, struct message);
		fill(a, &r, &dict_declaration, &m->declaration, 0);
		read_both(a, damaged(a, &r, write_as(a, m, versions[seed % ARRAY_LEN(versions)])));
	}
}

/* ---- what a message says ---- */

#define UNB "UNB+UNOC:3+SENDER+CUSTOMS+260117:1200+7'"
#define UNH "UNH+1+CUSDEC:D:96B:UN'"

static void expect(struct arena *a, const char *segments, const char *json, const char *findings)
{
	struct msg_case *c = msg_case_good(a, segments);

	expect_learned_the_same(a, span_of(segments), c);
	if (json)
		assert_span(msg_case_json(a, &c->message), json);
	if (findings)
		assert_same_span(msg_case_findings(a, c), span_of(findings));
}

static void test_fields(void **state)
{
	expect(
	    *state,
	    UNB UNH
	    "BGM+929:::IMA+REF-1+9'LOC+22+XLHAR001'NAD+DT+XL1++A?+B:CO'CTA+IC+:Ann'COM+12:TE'"
	    "MOA+39:10,5:EUR'UNS+D'CST+1+0901::ZZZ'FTX+AAA+++Coffee, :green'MEA+AAF+AAB+KGM:60'"
	    "UNS+S'CNT+5:1'UNT+14+1'UNZ+1+7'",
	    "{\"function\":\"9\",\"trader_reference\":\"REF-1\",\"type\":\"IMA\",\"item_count\":"
	    "\"1\","
	    "\"office\":\"XLHAR001\",\"invoice_total\":{\"value\":\"10.5\",\"currency\":\"EUR\"},"
	    "\"declarant\":{\"name\":\"A+BCO\",\"id\":\"XL1\",\"contact\":\"Ann\","
	    "\"communication\":{\"id\":\"12\",\"type\":\"TE\"}},\"shipment\":{\"items\":[{"
	    "\"sequence\":\"1\","
	    "\"commodity\":{\"description\":\"Coffee, "
	    "green\",\"classifications\":[{\"id\":\"0901\"}],"
	    "\"gross_mass\":{\"value\":\"60\",\"unit\":\"KGM\"}}}]}}",
	    "");
}

static void test_what_is_not_mapped_is_kept(void **state)
{
	struct msg_case *c = msg_case_good(
	    *state, UNB UNH "BGM+929:::IMA+R+9'TDT+20+V1'TPL+:::X'UNS+D'CST+1'GIS+1:109'UNS+S'"
			    "UNT+9+1'UNZ+1+7'");

	assert_span(msg_case_unmapped(*state, c),
		    "TDT[1]/TDT 1.1=20:1\nTDT[1]/TDT 2.1=V1:1\nTDT[1]/TPL 1.4=X:1\n"
		    "CST[1]/GIS[1]/GIS 1.1=1:1\nCST[1]/GIS[1]/GIS 1.2=109:1\n");
}

static void test_damage(void **state)
{
#define GOOD "BGM+929:::IMA+R+9'UNS+D'UNS+S'"
	expect(*state, UNB UNH GOOD "UNT+5+1'UNZ+1+7'", NULL, "");
	expect(*state, UNB UNH GOOD "UNT+6+1'UNZ+1+7'", NULL,
	       "edifact.count :1 [UNT 5, 1] [6] [5]\n");
	expect(*state, UNB UNH GOOD "UNT+5+2'UNZ+1+7'", NULL,
	       "edifact.reference :1 [UNT 5, 2] [2] []\n");
	expect(*state, UNB UNH GOOD "UNT+5+1'UNZ+2+8'", NULL,
	       "edifact.count :1 [UNZ 0, 1] [2] [1]\nedifact.reference :1 [UNZ 0, 2] [8] []\n");
	expect(*state, UNB UNH GOOD "UNT+99999999999999999999+1'UNZ+1+7'", NULL,
	       "edifact.length :1 [UNT 5, 1.1] [99999999999999999999] [10]\n"
	       "edifact.count :1 [UNT 5, 1] [99999999999999999999] [5]\n");
	expect(*state, UNB UNH GOOD, NULL, "edifact.missing :0 [UNT 4] [] []\n");
	expect(*state, UNB UNH "BGM+929:::IMA+R+9'LOC+22+A'LOC+22+B'UNS+D'UNS+S'UNT+7+1'", NULL,
	       "decode.twice :1 [LOC]\n");
	expect(*state, UNB UNH "BGM+929:::IMA+R+9'FTX+AAI+++\x80'UNS+D'UNS+S'UNT+6+1'", NULL,
	       "edifact.character :1 [FTX 3, 4.1] [\xef\xbf\xbd] [70]\n");
	expect(*state, UNB "UNH+1+CUSDEC:D:99B:UN'" GOOD "UNT+5+1'", NULL,
	       "edifact.directory-near :1 [99B] [01B]\n");
	expect(
	    *state, "UNB+UNOZ:3+S+R+260117:1200+7'" UNH GOOD "UNT+5+1'", NULL,
	    "edifact.code :1 [UNB 0, 1.1] [UNOZ] [4]\nedifact.charset :1 [UNB 0, 1] [UNOZ] []\n");
	expect(*state, UNB "XXX+1'" UNH GOOD "UNT+5+1'", NULL,
	       "edifact.not-here :1 [XXX 0] [XXX] []\n");
}

static void test_places(void **state)
{
	struct msg_case *c = msg_case_good(
	    *state, UNB "\n" UNH "\nBGM+929:::IMA+R+9'\nLOC+QQ+X'\nUNS+D'UNS+S'UNT+6+1'");
	const struct finding *f = &c->findings.list.v[0];

	assert_int_equal(c->findings.list.n, 3); /* and what is not mapped, twice */
	assert_int_equal(f->line, 4);
	assert_int_equal(f->column, 5);
	assert_int_equal(f->segment, 3);
	assert_int_equal(f->element, 1);
	assert_int_equal(f->component, 1);
	assert_int_equal(f->code, EDIFACT_INVALID_VALUE);
}

static void test_what_is_no_message(void **state)
{
	static const struct {
		const char *bytes, *fault;
		enum err err;
	} cases[] = {
	    {UNB UNH "BGM+929", "the text ends inside a segment", ERR_FORMAT},
	    {UNB UNH "BGM+929?", "the text ends behind a release character", ERR_FORMAT},
	    {UNB UNH GOOD "UNT+5+1'UNH+2+CUSDEC:D:96B:UN'",
	     "a second message: an interchange is cut into its messages first", ERR_UNSUPPORTED},
	    {UNB "UNH+1+CUSDEC:D:XXX:UN'", "no directory D.XXX is known", ERR_UNSUPPORTED},
	    {UNB "UNH+1+CUSDEC:X'", "no directory D. is known", ERR_UNSUPPORTED},
	};

	for (unsigned i = 0; i < ARRAY_LEN(cases); i++) {
		struct msg_case *c = read_both(*state, span_of(cases[i].bytes));

		assert_int_equal(c->err, cases[i].err);
		assert_string_equal(c->fault.text, cases[i].fault);
	}
	assert_null(msg_recognise(SPAN("UNB+UNOC:3+A+B'UNH+1+IFTMIN:D:96B:UN'")));
	assert_null(msg_recognise(SPAN("UNB+UNOC:3+A+B'")));
}

/* ---- interchanges ---- */

static struct span cut_all(struct arena *a, struct span rest, uint32_t window)
{
	struct msg_cutter *c = ARENA_NEW(a, struct msg_cutter);
	struct text t = text_in(a);
	struct span piece, message;
	uint32_t given = 0;

	assert_int_equal(msg_cutter_open(c), ERR_NONE);
	piece = (struct span){rest.p, 0, 1};
	for (;;) {
		enum msg_cut got = msg_cut(c, &piece, given == rest.n, &message);

		if (got == MSG_CUT_END)
			break;
		if (got == MSG_CUT_ONE) {
			text_print(&t, "%u:%.*s\n", message.line, SPAN_ARG(message));
			continue;
		}
		/* the window moves on by a few bytes */
		piece.n += rest.n - given < window ? rest.n - given : window;
		given = (uint32_t)(piece.p + piece.n - rest.p);
	}
	msg_cutter_close(c);
	return text_as_span(&t);
}

static void test_interchanges_are_cut(void **state)
{
	static const char bytes[] =
	    "UNA:+.? '\n" UNB "\nUNH+1+CUSDEC:D:96B:UN'\nBGM+1?'A'\nUNT+3+1'\n"
	    "UNG+CUSDEC+A+B+260117:1200+1+UN+D:96B'\nUNH+2+CUSDEC'BGM'UNT+3+2'UNE+1+1'\n"
	    "UNH+3+CUSDEC'BGM'UNH+4+CUSDEC'UNT'UNZ+4+7'\nUNB+UNOA:1+X'UNH+5'UNT'";
	static const char want[] =
	    "3:UNA:+.? '" UNB "UNH+1+CUSDEC:D:96B:UN'\nBGM+1?'A'\nUNT+3+1'\n"
	    "7:UNA:+.? '" UNB "UNG+CUSDEC+A+B+260117:1200+1+UN+D:96B'UNH+2+CUSDEC'BGM'UNT+3+2'\n"
	    "8:UNA:+.? '" UNB "UNH+3+CUSDEC'BGM'\n8:UNA:+.? '" UNB "UNH+4+CUSDEC'UNT'\n"
	    "9:UNB+UNOA:1+X'UNH+5'UNT'\n";

	for (uint32_t window = 1; window < 300; window += 7)
		assert_span(cut_all(*state, SPAN(bytes), window), want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_fields),
	    arena_test(test_what_is_not_mapped_is_kept),
	    arena_test(test_damage),
	    arena_test(test_places),
	    arena_test(test_what_is_no_message),
	    arena_test(test_interchanges_are_cut),
	    arena_test(test_lossless),
	    arena_test(test_what_was_learned_changes_nothing_of_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
