/* What strangers send, through a whole hub: cut messages, wrong encodings, bombs, depth, duplicates, numbers and
 * dates that are none, SQL in every field, more items and more findings than there may be. Every message has a clear
 * outcome, every stored one replays, and the store verifies after each group. */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "codec/xml.h"
#include "fixture.h"

#define PACK     "tests/golden/packs/minimal"
#define TEMPLATE "tests/golden/checks/import.json"
#define XML_FILE "tests/golden/wco-dec/import-three-items.xml"
#define DECLARATION_BEGIN                                                                          \
	"<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><FunctionCode>9</FunctionCode>"

/* A run: a hub, an arena for what is sent, and how many messages were stored. */
static struct run {
	struct fixture c;
	struct arena *a, *out;
	int64_t stored;
} run;

static int begin(void **state)
{
	*state = &run;
	run.a = arena_new((size_t)LIMIT_ARENA_BYTES * 16);
	run.out = arena_new(LIMIT_ARENA_BYTES);
	run.stored = 0;
	fixture_new(&run.c, PACK);
	return 0;
}

static int end(void **state)
{
	(void)state;
	fixture_close(&run.c);
	fixture_remove(&run.c);
	arena_free(run.a);
	arena_free(run.out);
	return 0;
}

static void assert_sound(void)
{
	fixture_close(&run.c);
	assert_int_equal(fixture_sound(&run.c).replayed, run.stored);
}

/* Sends and judges: a clear outcome, whatever it is. The outcome lies in run.out until the next is sent. */
static struct outcome send_as(struct span raw, const char *sender, const char *key)
{
	struct outcome o;

	arena_reset(run.out);
	o = fixture_submit(&run.c, run.out, raw, sender, key);
	switch (o.kind) {
	case OUTCOME_NEW:
		run.stored++;
		assert_int_equal(o.reference.n, 16);
		assert_true(o.decision.n > 0 && o.answer.n > 0);
		break;
	case OUTCOME_UNREADABLE:
	case OUTCOME_FAILED:
	case OUTCOME_CONFLICT:
	case OUTCOME_DENIED:
		assert_true(o.cause.err != ERR_NONE);
		if (strlen(o.cause.text) < 8)
			fail_msg("unclear: \"%s\"", o.cause.text);
		break;
	case OUTCOME_REPEATED:
		assert_true(o.answer.n > 0);
		break;
	}
	return o;
}

static struct outcome send(struct span raw)
{
	return send_as(raw, "", "");
}

/* It is no declaration, and the answer says where that shows. */
static void assert_unreadable(struct span raw, enum err err)
{
	struct outcome o = send(raw);

	if (o.kind != OUTCOME_UNREADABLE || o.cause.err != err)
		fail_msg("kind %d, %s: %s", (int)o.kind, err_name(o.cause.err), o.cause.text);
	if (err == ERR_FORMAT)
		assert_true(o.fault.line > 0);
}

/* It is read, and refused. */
static void assert_refused(struct span raw, const char *rule)
{
	struct outcome o = send(raw);

	if (o.kind != OUTCOME_NEW || o.accepted)
		fail_msg("kind %d, accepted %d: %s", (int)o.kind, (int)o.accepted, o.cause.text);
	if (rule && !fixture_found(run.out, o.decision, rule))
		fail_msg("%s is missing: %.*s", rule, SPAN_ARG(o.decision));
}

static struct span edited(const char *from, const char *to)
{
	return fixture_replaced(run.a, fixture_template(run.a, TEMPLATE), span_of(from),
				span_of(to));
}

static struct span bytes(const char *p, size_t n)
{
	return (struct span){p, (uint32_t)n, 1};
}

/* head, n times middle, tail */
static struct span many(const char *head, const char *middle, size_t n, const char *tail)
{
	struct text t = text_in(run.a);

	text_string(&t, head);
	while (n--)
		text_string(&t, middle);
	text_string(&t, tail);
	return bytes(t.p, t.n);
}

/* ---- cut ---- */

static void cut_everywhere(struct span whole)
{
	for (uint32_t n = 0; n < whole.n; n++) {
		struct span cut = bytes(arena_copy(run.a, whole.p, n), n);
		struct outcome o = send(cut);

		/* the last bytes may be blanks behind the message */
		if (o.kind != OUTCOME_UNREADABLE && span_trim(cut).n < span_trim(whole).n)
			fail_msg("cut at %u: kind %d", n, (int)o.kind);
		arena_reset(run.a);
	}
}

static void test_cut_json(void **state)
{
	struct arena *own = arena_new(LIMIT_ARENA_BYTES);

	(void)state;
	cut_everywhere(fixture_template(own, TEMPLATE));
	arena_free(own);
	assert_sound();
}

static void test_cut_xml(void **state)
{
	struct arena *own = arena_new(LIMIT_ARENA_BYTES);

	(void)state;
	cut_everywhere(fixture_read(own, fixture_path(own, XML_FILE)));
	arena_free(own);
	assert_sound();
}

/* ---- encodings ---- */

static struct span as_utf16(struct span s, bool big, bool mark)
{
	struct text t = text_in(run.a);

	if (mark)
		text_add(&t, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (uint32_t i = 0; i < s.n; i++) {
		char two[2] = {big ? 0 : s.p[i], big ? s.p[i] : 0};

		text_add(&t, two, 2);
	}
	return bytes(t.p, t.n);
}

static void test_encodings(void **state)
{
	struct span json = fixture_template(run.a, TEMPLATE),
		    xml = fixture_read(run.a, fixture_path(run.a, XML_FILE));

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(send(as_utf16(json, i & 1, i & 2)).kind, OUTCOME_UNREADABLE);
		/* libxml2 knows the one with a mark: then it is read like any other */
		send(as_utf16(xml, i & 1, i & 2));
	}
	assert_unreadable(edited("Corner Shop", "Caf\xe9"), ERR_FORMAT);
	assert_unreadable(edited("Corner Shop", "\xed\xa0\x80"), ERR_FORMAT);
	assert_unreadable(edited("Corner Shop", "\xc0\xaf"), ERR_FORMAT);
	assert_unreadable(edited("Corner Shop", "\xf5\x80\x80\x80"), ERR_FORMAT);
	assert_unreadable(fixture_replaced(run.a, xml, SPAN("Malm\xc3\xb6"), SPAN("Malm\xf6")),
			  ERR_FORMAT);
	assert_int_equal(send(fixture_replaced(run.a, xml, SPAN("encoding=\"UTF-8\""),
					       SPAN("encoding=\"UTF-7\"")))
			     .kind,
			 OUTCOME_UNREADABLE);
	assert_sound();
}

static void test_nul_and_controls(void **state)
{
	static const char nul[] = "Corner\0Shop";
	struct span json = fixture_template(run.a, TEMPLATE);

	(void)state;
	assert_unreadable(
	    fixture_replaced(run.a, json, SPAN("Corner Shop"), bytes(nul, sizeof(nul) - 1)),
	    ERR_FORMAT);
	assert_unreadable(bytes("\0\0\0\0", 4), ERR_UNSUPPORTED);
	assert_unreadable(bytes("", 0), ERR_UNSUPPORTED);
	assert_refused(edited("Corner Shop", "Corner\\u0000Shop"), NULL);
	assert_refused(edited("Corner Shop", "Corner\\u0007Shop"), "text.control");
	assert_unreadable(edited("Corner Shop", "\\ud800"), ERR_FORMAT);
	assert_sound();
}

/* ---- bombs ---- */

static void test_bombs(void **state)
{
	(void)state;
	assert_unreadable(
	    span_of("<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
		    "\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>\n"
		    "<Declaration "
		    "xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><ID>&c;</ID></Declaration>"),
	    ERR_FORMAT);
	assert_unreadable(
	    span_of("<!DOCTYPE d [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n"
		    "<Declaration "
		    "xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><ID>&a;</ID></Declaration>"),
	    ERR_FORMAT);
	assert_unreadable(
	    span_of("<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/d.dtd\">\n"
		    "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"></Declaration>"),
	    ERR_FORMAT);
	assert_int_equal(send(many(DECLARATION_BEGIN, "<A>", 10000, "")).kind, OUTCOME_UNREADABLE);
	assert_int_equal(send(many("", "{\"shipment\":", 10000, "")).kind, OUTCOME_UNREADABLE);
	assert_int_equal(send(many("", "[", 1000000, "")).kind, OUTCOME_UNREADABLE);
	assert_sound();
}

static void test_a_million_attributes(void **state)
{
	struct text t = text_in(run.a);

	(void)state;
	text_string(&t, "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"");
	for (int i = 0; i < 1000000; i++)
		text_print(&t, " a%d=\"\"", i);
	text_string(&t, "></Declaration>");
	assert_int_equal(send(bytes(t.p, t.n)).kind, OUTCOME_UNREADABLE);
	assert_int_equal(send(many("{\"type\":\"", "A", LIMIT_MESSAGE_BYTES + 1, "\"}")).kind,
			 OUTCOME_UNREADABLE);
	assert_sound();
}

/* ---- names, numbers, dates ---- */

static void test_duplicates(void **state)
{
	(void)state;
	assert_unreadable(edited("\"office\":", "\"type\":"), ERR_FORMAT);
	assert_refused(edited("\"sequence\": \"2\",\n        \"commodity\"",
			      "\"sequence\": \"1\",\n        \"commodity\""),
		       "item.sequence");
	assert_sound();
}

static void test_numbers(void **state)
{
	static const char *const bad[] = {"-1000.00",
					  "1e9",
					  "NaN",
					  "0x10",
					  "1,000.00",
					  "9999999999999999999",
					  "999999999999999999",
					  "1000.000000000000000001",
					  "- 5",
					  ""};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char *to = arena_print(run.a, "\"value\": \"%s\", \"currency\": \"USD\"}", bad[i]);

		assert_refused(edited("\"value\": \"1000.00\", \"currency\": \"USD\"}", to), NULL);
	}
	assert_refused(
	    many("{\"type\":\"IMA\",\"invoice_total\":{\"value\":\"", "9", 10000, "\"}}"), NULL);
	assert_refused(many("{\"type\":\"IMA\",\"gross_mass\":{\"value\":\"0.", "9", 10000, "\"}}"),
		       NULL);
	assert_refused(many("{\"type\":\"IMA\",\"gross_mass\":{\"value\":", "9", 10000, "}}"),
		       NULL);
	assert_sound();
}

/* Many items whose values add up to more than 64 bits hold. */
static void test_sums_overflow(void **state)
{
	struct text t = text_in(run.a);

	(void)state;
	text_string(&t, "{\"function\":\"9\",\"type\":\"IMA\",\"shipment\":{\"items\":[");
	for (int i = 1; i <= 20; i++)
		text_print(&t,
			   "%s{\"sequence\":\"%d\",\"commodity\":{\"classifications\":[{\"id\":"
			   "\"85101000\",\"type\":\"TSP\"}],"
			   "\"gross_mass\":{\"value\":\"999999999999999999\"},\"net_mass\":{"
			   "\"value\":\"999999999999999999\"},"
			   "\"price\":{\"value\":\"9999999999999999.99\",\"currency\":\"USD\"}}}",
			   i > 1 ? "," : "", i);
	text_string(&t, "]}}");
	assert_refused(bytes(t.p, t.n), NULL);
	assert_sound();
}

static void test_dates(void **state)
{
	static const char *const bad[] = {
	    "2026-02-29", "2026-13-01",  "0000-00-00",          "9999-12-32", "2026-1-1",
	    "20261122",   "-2026-01-01", "2026-11-22T25:00:00", "yesterday"};
	struct span raw = fixture_read(run.a, fixture_path(run.a, TEMPLATE));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_refused(fixture_replaced(run.a,
						fixture_replaced(run.a, raw, SPAN("@day-10@"),
								 SPAN("2026-01-01")),
						SPAN("@day@"), span_of(bad[i])),
			       "decode.bad-date");
	assert_sound();
}

/* ---- SQL in every field ---- */

static const char *const injections[] = {"'); DROP TABLE event;--", "\\\" OR 1=1;--",
					 "x'; UPDATE declaration SET state='released'--",
					 "$1 %s %n {0}", "Robert\\\\'); DELETE FROM event"};

/* Writes an object with every field given, one member a list; the leaf number `target` holds the text. */
struct populating {
	struct text *to;
	uint32_t leaf, target;
	const char *text;
};

static void put_leaf(struct populating *p, const char *good)
{
	text_print(p->to, "\"%s\"", p->leaf++ == p->target ? p->text : good);
}

static void put_object(struct populating *p, const struct dict_class *c, unsigned depth);

static void put_value(struct populating *p, const struct dict_field *f, unsigned depth)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		put_leaf(p, "1");
		break;
	case DICT_NUMBER:
		put_leaf(p, "1");
		break;
	case DICT_AMOUNT:
		text_string(p->to, "{\"value\":");
		put_leaf(p, "1");
		text_string(p->to, ",\"currency\":");
		put_leaf(p, "USD");
		text_char(p->to, '}');
		break;
	case DICT_QUANTITY:
		text_string(p->to, "{\"value\":");
		put_leaf(p, "1");
		text_string(p->to, ",\"unit\":");
		put_leaf(p, "KGM");
		text_char(p->to, '}');
		break;
	case DICT_DATETIME:
		text_string(p->to, "{\"text\":");
		put_leaf(p, "2026-01-01");
		text_char(p->to, '}');
		break;
	case DICT_CLASS:
		put_object(p, f->of, depth + 1);
		break;
	}
}

static void put_object(struct populating *p, const struct dict_class *c, unsigned depth)
{
	text_char(p->to, '{');
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];

		text_print(p->to, "%s\"%s\":%s", i ? "," : "", f->name, f->list ? "[" : "");
		put_value(p, f, depth);
		if (f->list)
			text_char(p->to, ']');
	}
	text_char(p->to, '}');
}

static void test_sql_in_every_field(void **state)
{
	uint32_t leaves = 1;

	(void)state;
	for (uint32_t target = 0; target < leaves; target++) {
		struct text t = text_in(run.a);
		struct populating p = {
		    .to = &t, .target = target, .text = injections[target % ARRAY_LEN(injections)]};

		put_object(&p, &dict_declaration, 0);
		leaves = p.leaf;
		if (send(bytes(t.p, t.n)).kind == OUTCOME_UNREADABLE)
			fail_msg("leaf %u: %.*s", target, SPAN_ARG(text_as_span(&t)));
		arena_reset(run.a);
	}
	print_message("# %u fields\n", leaves);
	assert_true(leaves > 200);
	assert_sound();
}

static void test_sql_beside_the_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(injections); i++)
		for (size_t k = 0; k < ARRAY_LEN(injections); k++) {
			assert_int_equal(
			    send_as(edited("TEST-0001", "T"), injections[i], injections[k]).kind,
			    OUTCOME_NEW);
			assert_int_equal(
			    send_as(edited("TEST-0001", "T"), injections[i], injections[k]).kind,
			    OUTCOME_REPEATED);
		}
	assert_sound();
}

/* ---- many ---- */

static struct span with_items(uint32_t n, const char *item)
{
	struct text t = text_in(run.a);

	text_print(&t,
		   "{\"function\":\"9\",\"type\":\"IMA\",\"trader_reference\":\"MANY-%u\",\"item_"
		   "count\":\"%u\",\"shipment\":{\"items\":[",
		   n, n);
	for (uint32_t i = 1; i <= n; i++)
		text_print(&t, "%s{\"sequence\":\"%u\"%s}", i > 1 ? "," : "", i, item);
	text_string(&t, "]}}");
	return bytes(t.p, t.n);
}

static void test_items_to_the_limit(void **state)
{
	static const char item[] = ",\"commodity\":{\"classifications\":[{\"id\":\"85101000\","
				   "\"type\":\"TSP\"}],\"tariff_quantity\":{\"value\":\"1\"},"
				   "\"price\":{\"value\":\"10\",\"currency\":\"USD\"}},"
				   "\"procedures\":[{\"requested\":\"40\",\"previous\":\"00\"}]";
	struct outcome o;
	int64_t count = 0;

	(void)state;
	o = send(with_items(LIMIT_ITEMS, item));
	assert_int_equal(o.kind, OUTCOME_NEW);
	assert_int_equal(
	    json_get_int(fixture_member(run.out, o.decision, "declaration"), "items", &count),
	    ERR_NONE);
	assert_int_equal(count, LIMIT_ITEMS);
	o = send(with_items(LIMIT_ITEMS + 1, item));
	assert_true(o.kind == OUTCOME_UNREADABLE || (o.kind == OUTCOME_NEW && !o.accepted));
	assert_sound();
}

static void test_more_findings_than_an_answer_holds(void **state)
{
	const struct json *list;
	struct outcome o;

	(void)state;
	o = send(with_items(
	    LIMIT_ITEMS,
	    ",\"origins\":[{\"country\":\"QQ\"}],\"commodity\":{\"price\":{\"value\":\"-1\"}}"));
	assert_int_equal(o.kind, OUTCOME_NEW);
	assert_false(o.accepted);
	list = fixture_member(run.out, o.decision, "findings");
	assert_in_range(list->count, LIMIT_FINDINGS / 2, LIMIT_FINDINGS + 1);
	assert_true(fixture_found(run.out, o.decision, "more"));
	assert_sound();
}

#define HOSTILE(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    HOSTILE(test_cut_json),
	    HOSTILE(test_cut_xml),
	    HOSTILE(test_encodings),
	    HOSTILE(test_nul_and_controls),
	    HOSTILE(test_bombs),
	    HOSTILE(test_a_million_attributes),
	    HOSTILE(test_duplicates),
	    HOSTILE(test_numbers),
	    HOSTILE(test_sums_overflow),
	    HOSTILE(test_dates),
	    HOSTILE(test_sql_in_every_field),
	    HOSTILE(test_sql_beside_the_message),
	    HOSTILE(test_items_to_the_limit),
	    HOSTILE(test_more_findings_than_an_answer_holds),
	};

	xml_start();
	log_quiet(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
