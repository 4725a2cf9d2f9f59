/* Directories and messages against them: the tables are those of the United Nations; every message that they allow passes; every
 * kind of damage is said, where it is. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/prng.h"
#include "codec/edifact_check.h"

static struct edifact reader;

/* ---- the tables ---- */

static const char *const versions[] = {"96B", "01B", "05B", "12B", "16B", "21B"};

static struct span read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *p = arena_alloc(a, 4 << 20);
	size_t n = f ? fread(p, 1, 4 << 20, f) : 0;

	if (f)
		fclose(f);
	return (struct span){f ? p : NULL, (uint32_t)n, 0};
}

/* Every file of a folder. */
static void read_folder(struct arena *a, const char *folder, struct edifact_source *s, uint32_t *n)
{
	DIR *d = opendir(folder);
	const struct dirent *e;

	while (d && (e = readdir(d)) != NULL) {
		const char *path = arena_print(a, "%s/%s", folder, e->d_name);
		struct span bytes = strchr(e->d_name, '.') ? read_file(a, path) : (struct span){0};

		if (bytes.n)
			s[(*n)++] = (struct edifact_source){span_of(path), bytes};
	}
	if (d)
		closedir(d);
}

struct importing {
	struct arena *arena;
	struct edifact_source source[64];
	uint32_t n;
	struct text text;
	enum err err;
	const char *fault;
};

static void import(void *context)
{
	struct importing *i = context;

	i->err = edifact_import(i->arena, i->source, i->n, &i->text, &i->fault);
}

/* The tables that are built in are what the import makes of the texts of the United Nations. */
static void test_tables_are_those_of_the_directories(void **state)
{
	const char *shared = getenv("CUSTOMHOUSE_SHARED");

	(void)state;
	for (unsigned v = 0; v < ARRAY_LEN(versions); v++) {
		struct arena *a = arena_new(256 << 20);
		struct importing i = {.arena = a, .text = text_in(a)};
		struct span want;
		char name[8];

		snprintf(name, sizeof(name), "d%s", versions[v]);
		name[3] = 'b';
		want = read_file(a, arena_print(a, SOURCE_ROOT "/src/codec/tables/%s.edt", name));
		assert_non_null(want.p);
		if (shared) {
			const char *unece =
			    arena_print(a, "%s/edifact/unece/D%s", shared, versions[v]);

			read_folder(a, unece, i.source, &i.n);
			read_folder(a, arena_print(a, "%s/messages", unece), i.source, &i.n);
		}
		if (!i.n) {
			print_message("CUSTOMHOUSE_SHARED has no directories: not compared\n");
			arena_free(a);
			skip();
		}
		assert_int_equal(arena_run(a, import, &i), ERR_NONE);
		if (i.err)
			fail_msg("D.%s: %s", versions[v], i.fault);
		assert_true(span_equal(text_as_span(&i.text), want));
		arena_free(a);
	}
}

static void test_every_directory_has_its_messages(void **state)
{
	static const char *const names[] = {"BAPLIE", "CODECO", "COARRI", "COPARN", "COPRAR",
					    "CUSCAR", "CUSDEC", "CUSREP", "CUSRES", "IFCSUM",
					    "IFTMIN", "IFTSTA", "PAXLST", "SANCRT"};
	uint32_t n;

	(void)state;
	edifact_builtins(&n);
	assert_int_equal(n, ARRAY_LEN(versions));
	for (unsigned v = 0; v < ARRAY_LEN(versions); v++) {
		const struct edifact_directory *d = edifact_builtin(span_of(versions[v]));
		bool govcbr = versions[v][0] == '1' || versions[v][0] == '2';

		assert_non_null(d);
		for (unsigned i = 0; i < ARRAY_LEN(names); i++)
			assert_non_null(edifact_message_find(d, span_of(names[i])));
		assert_int_equal(edifact_message_find(d, SPAN("GOVCBR")) != NULL, govcbr);
		for (uint32_t i = 1; i < d->segment_n; i++)
			assert_true(strcmp(d->segments[i - 1].tag, d->segments[i].tag) < 0);
		for (uint32_t i = 0; i < d->element_n; i++)
			for (uint32_t k = 1; k < d->elements[i].codes; k++)
				assert_true(d->codes[d->elements[i].code_at + k - 1] <
					    d->codes[d->elements[i].code_at + k]);
	}
	assert_null(edifact_builtin(SPAN("99Z")));
	assert_non_null(edifact_message_find(edifact_service(), SPAN("CONTRL")));
}

/* Facts that were read in the directories, by hand. */
static void test_facts(void **state)
{
	const struct edifact_directory *d = edifact_builtin(SPAN("96B"));
	const struct edifact_message *m = edifact_message_find(d, SPAN("CUSDEC"));
	const struct edifact_node *n = d->nodes + m->node_at;
	const struct edifact_element *e = NULL;

	(void)state;
	assert_string_equal(d->segments[n[0].segment].tag, "UNH");
	assert_string_equal(d->segments[n[3].segment].tag, "LOC");
	assert_int_equal(n[3].max, 99);
	assert_false(n[3].mandatory);
	assert_int_equal(n[11].group, 1);
	assert_int_equal(n[11].max, 99);
	assert_string_equal(d->segments[n[11].segment].tag, "RFF");
	for (uint32_t i = 0; i < d->element_n; i++)
		if (d->elements[i].number == 5004)
			e = &d->elements[i];
	assert_non_null(e);
	assert_int_equal(e->kind, EDIFACT_N);
	assert_int_equal(e->max, 18);
	for (uint32_t i = 0; i < d->element_n; i++)
		if (d->elements[i].number == 3035)
			e = &d->elements[i];
	assert_true(edifact_code_known(d, e, SPAN("CN")));
	assert_true(edifact_code_known(d, e, SPAN("ZZZ")));
	assert_false(edifact_code_known(d, e, SPAN("C")));
	assert_false(edifact_code_known(d, e, SPAN("CNCNCNCNC")));
}

/* ---- checking ---- */

struct errors {
	struct text text;
	uint32_t n;
};

static void note(void *context, const struct edifact_error *e)
{
	struct errors *all = context;

	text_print(&all->text, "%d %s %u/%u/%u %.*s\n", e->code, e->tag, e->segment, e->element,
		   e->component, SPAN_ARG(e->value));
	all->n++;
}

/* Checks one message, UNH to UNT, of a version of the syntax; gives what is wrong as text. */
static struct span check_text(struct arena *a, struct span bytes, const struct edifact_directory *d,
			      const char *name)
{
	struct errors all = {.text = text_in(a)};
	struct edifact_segment s;
	struct edifact_check c;
	enum err e;

	edifact_over(&reader, bytes.p, bytes.n);
	reader.charset = EDIFACT_UNOC;
	reader.version = 3;
	edifact_check_open(&c, d, edifact_message_find(d, span_of(name)), &reader, note, &all);
	c.charset = EDIFACT_UNOC;
	c.version = 3;
	while ((e = edifact_next(&reader, &s)) == ERR_NONE)
		edifact_check_segment(&c, &s);
	assert_true(e == ERR_NOT_FOUND || e == ERR_FORMAT);
	edifact_check_close(&c);
	return text_as_span(&all.text);
}

/* ---- messages made from the tables ---- */

struct making {
	struct prng prng;
	const struct edifact_directory *d;
	struct edifact_writer w;
	uint32_t segments;
};

static void make_value(struct making *m, const struct edifact_element *e, bool own_list)
{
	char p[600];
	uint32_t n = e->min + (uint32_t)prng_below(&m->prng, 12);

	if (n > e->max)
		n = e->max;
	if (e->codes && !own_list) {
		uint64_t key = m->d->codes[e->code_at + prng_below(&m->prng, e->codes)];

		for (n = 0; n < 8 && (key >> (56 - 8 * n) & 0xff); n++)
			p[n] = (char)(key >> (56 - 8 * n));
	} else {
		for (uint32_t i = 0; i < n; i++)
			p[i] = e->kind == EDIFACT_N ? (char)('1' + prng_below(&m->prng, 9))
						    : (char)('A' + prng_below(&m->prng, 26));
		if (e->kind == EDIFACT_AN && n > 2)
			p[1] = "?'+: a1"[prng_below(&m->prng, 7)];
	}
	edifact_component(&m->w, (struct span){p, n, 0});
}

static void make_slot(struct making *m, const struct edifact_slot *s)
{
	for (unsigned k = 0; k < s->parts; k++) {
		const struct edifact_part *p = &m->d->parts[s->part_at + k];
		const struct edifact_element *e = &m->d->elements[p->element];
		bool listed = e->number == 1131 || e->number == 3055;

		if ((p->mandatory || (s->mandatory && k == 0) || prng_below(&m->prng, 2)) &&
		    !listed)
			make_value(m, e, false);
		else
			edifact_component(&m->w, (struct span){"", 0, 0});
	}
	edifact_element_end(&m->w);
}

static void make_segment(struct making *m, uint16_t segment)
{
	const struct edifact_segment_table *t = &m->d->segments[segment];

	edifact_open_segment(&m->w, t->tag);
	for (unsigned i = 0; i < t->slots; i++) {
		const struct edifact_slot *s = &m->d->slots[t->slot_at + i];

		if (s->mandatory || prng_below(&m->prng, 3))
			make_slot(m, s);
		else
			edifact_element_end(&m->w);
		for (unsigned k = 1; k < s->repeat; k++)
			edifact_element_end(&m->w);
	}
	edifact_close_segment(&m->w);
	m->segments++;
}

/* The nodes from..to of a message, each as often as it may be, but seldom. */
static void make_nodes(struct making *m, const struct edifact_node *nodes, uint32_t from,
		       uint32_t to)
{
	for (uint32_t i = from; i < to; i = nodes[i].end) {
		uint32_t most = nodes[i].max < 3 ? nodes[i].max : 3, n;

		n = nodes[i].mandatory ? 1 : (uint32_t)(prng_below(&m->prng, 4) == 0);
		n += n && most > n ? (uint32_t)prng_below(&m->prng, most - n + 1) : 0;
		if (m->segments > 300 && !nodes[i].mandatory)
			n = 0;
		for (; n > 0; n--) {
			if (nodes[i].group)
				make_nodes(m, nodes, i + 1, nodes[i].end);
			else
				make_segment(m, nodes[i].segment);
		}
	}
}

static void test_what_the_tables_allow_passes(void **state)
{
	uint32_t n;
	const struct edifact_directory *const *all = edifact_builtins(&n);

	for (uint32_t v = 0; v < n; v++) {
		for (uint32_t i = 0; i < all[v]->message_n; i++) {
			const struct edifact_message *message = &all[v]->messages[i];

			for (unsigned round = 0; round < 12; round++) {
				struct text t;
				struct making m = {.prng = prng_of(7 + round, i), .d = all[v]};
				struct span errors;

				arena_reset(*state);
				t = text_in(*state);
				m.w = edifact_to(&t, EDIFACT_UNOC, 3);
				m.w.lines = true;
				make_nodes(&m, all[v]->nodes + message->node_at, 0, message->nodes);
				errors =
				    check_text(*state, text_as_span(&t), all[v], message->name);
				if (errors.n)
					fail_msg("D.%s %s\n%.*s\n%.*s", all[v]->version,
						 message->name, (int)t.n, t.p, SPAN_ARG(errors));
			}
		}
	}
}

/* ---- damage ---- */

#define HEAD "UNH+1+CUSDEC:D:96B:UN'BGM+929+A1+9'"
#define TAIL "UNS+D'UNS+S'UNT+5+1'"

static void expect(struct arena *a, const char *bytes, const char *errors)
{
	struct span got = check_text(a, span_of(bytes), edifact_builtin(SPAN("96B")), "CUSDEC");

	if (!span_equal(got, span_of(errors)))
		fail_msg("%s\ngives\n%.*s\nnot\n%s", bytes, SPAN_ARG(got), errors);
}

static void test_each_kind_of_damage(void **state)
{
	struct text t = text_in(*state);

	expect(*state, HEAD TAIL, "");
	/* segments */
	expect(*state, "UNH+1+CUSDEC:D:96B:UN'" TAIL, "13 BGM 2/0/0 \n");
	expect(*state, HEAD "XXX+1'" TAIL, "15 XXX 3/0/0 XXX\n");
	expect(*state, HEAD "FTX+AAI'LOC+9+DEHAM'" TAIL, "15 LOC 4/0/0 LOC\n");
	expect(*state, HEAD "BGM+929'" TAIL, "35 BGM 3/0/0 \n");
	expect(*state, HEAD "TPL+A:B'" TAIL, "15 TPL 3/0/0 TPL\n12 TPL 3/1/2 B\n");
	expect(*state, "",
	       "13 UNH 0/0/0 \n13 BGM 0/0/0 \n13 UNS 0/0/0 \n13 UNS 0/0/0 \n13 UNT 0/0/0 \n");
	expect(*state, HEAD "UNS+D'UNS+S'", "13 UNT 4/0/0 \n");
	expect(*state, HEAD "NAD+CN'NAD+CZ'RFF+ABO:1'CTA'CTA'" TAIL, "35 CTA 7/0/0 \n");
	for (unsigned i = 0; i < 27; i++)
		text_string(&t, "MOA+39:1'");
	text_char(&t, 0);
	expect(*state, arena_print(*state, "%s%s%s", HEAD, t.p, TAIL), "36 MOA 28/0/0 \n");
	/* elements */
	expect(*state, HEAD "LOC'" TAIL, "13 LOC 3/1/0 \n");
	expect(*state, HEAD "LOC++DEHAM'" TAIL, "13 LOC 3/1/0 \n");
	expect(*state, HEAD "LOC+QQQ+DEHAM'" TAIL, "12 LOC 3/1/1 QQQ\n");
	expect(*state, HEAD "LOC+9999+DEHAM'" TAIL, "39 LOC 3/1/1 9999\n");
	expect(*state, HEAD "LOC+9+DEHAM:::A:B'" TAIL, "16 LOC 3/2/5 B\n");
	expect(*state, HEAD "LOC+9+1+2+3+4+A+7'" TAIL, "16 LOC 3/6/1 A\n16 LOC 3/7/1 7\n");
	expect(*state, HEAD "DTM+137:20260101:102'" TAIL, "");
	expect(*state, HEAD "DTM+:20260101:102'" TAIL, "13 DTM 3/1/1 \n");
	expect(*state, HEAD "MOA+39:12,50:EUR'" TAIL, "");
	expect(*state, HEAD "MOA+39:.50:EUR'" TAIL, "38 MOA 3/1/2 .50\n");
	expect(*state, HEAD "MOA+39:1.:EUR'MOA+39:1.2.3'MOA+39:--1'MOA+39:1E3'" TAIL,
	       "37 MOA 3/1/2 1.\n37 MOA 4/1/2 1.2.3\n37 MOA 5/1/2 --1\n37 MOA 6/1/2 1E3\n");
	expect(*state, HEAD "MOA+39:-1234567890.12345678'" TAIL, "");
	expect(*state, HEAD "MOA+39:-1234567890.123456789'" TAIL,
	       "39 MOA 3/1/2 -1234567890.123456789\n");
	expect(*state,
	       HEAD "FTX+AAI+++A\x01"
		    "B'" TAIL,
	       "21 FTX 3/4/1 A\x01"
	       "B\n");
	/* a list of somebody else's */
	expect(*state, HEAD "CST+1+12:122'CST'" TAIL, "35 CST 4/0/0 \n");
	expect(*state, HEAD "NAD+CN+A:160:5:7'" TAIL, "16 NAD 3/2/4 7\n");
	expect(*state, HEAD "GIS+QQ'GIS+QQ:109:148'" TAIL, "12 GIS 3/1/1 QQ\n");
}

/* A damaged message is said to be damaged, whatever message it is: one byte more or less, a segment twice or missing never
 * brings the check down. */
static void test_hostile(void **state)
{
	uint32_t n;
	const struct edifact_directory *const *all = edifact_builtins(&n);
	struct prng r = prng_of(7, 7);

	for (unsigned round = 0; round < 600; round++) {
		const struct edifact_directory *d = all[prng_below(&r, n)];
		const struct edifact_message *message = &d->messages[prng_below(&r, d->message_n)];
		struct making m = {.prng = prng_of(round, 3), .d = d};
		struct text t;

		arena_reset(*state);
		t = text_in(*state);
		m.w = edifact_to(&t, EDIFACT_UNOC, 3);
		make_nodes(&m, d->nodes + message->node_at, 0, message->nodes);
		for (unsigned k = 0; k < 5; k++)
			t.p[prng_below(&r, t.n - 1)] = "+:'A1?"[prng_below(&r, 5)];
		check_text(*state, text_as_span(&t), d, message->name);
	}
}

struct rewriting {
	struct arena *arena;
	const struct edifact_directory *d;
	struct text first, again;
	enum err err;
};

static void rewrite(void *context)
{
	struct rewriting *w = context;
	struct edifact_directory read;
	const char *fault;
	uint32_t line;

	w->first = text_in(w->arena);
	edifact_directory_write(&w->first, w->d);
	w->err = edifact_directory_read(w->arena, text_as_span(&w->first), &read, &line, &fault);
	if (w->err)
		return;
	w->again = text_in(w->arena);
	edifact_directory_write(&w->again, &read);
}

/* A directory as text is the same directory again, whole. */
static void test_directories_are_written(void **state)
{
	struct arena *a = arena_new(64u << 20);
	uint32_t n;
	const struct edifact_directory *const *all = edifact_builtins(&n);

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		struct rewriting w = {.arena = a, .d = all[i]};

		assert_int_equal(arena_run(a, rewrite, &w), ERR_NONE);
		assert_int_equal(w.err, ERR_NONE);
		assert_true(w.first.n > 30000);
		assert_true(span_equal(text_as_span(&w.first), text_as_span(&w.again)));
		arena_reset(a);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables_are_those_of_the_directories),
	    cmocka_unit_test(test_directories_are_written),
	    cmocka_unit_test(test_every_directory_has_its_messages),
	    cmocka_unit_test(test_facts),
	    arena_test(test_what_the_tables_allow_passes),
	    arena_test(test_each_kind_of_damage),
	    arena_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
