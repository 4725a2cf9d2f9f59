/* msg/fmt_json and msg.c: canonical JSON to the model, and which format a message has. */
#include "msg/cut.h"
#include "msg_case.h"
#include "populate.h"

static void expect(struct arena *a, const char *text, const char *json, const char *findings,
		   const char *unmapped)
{
	struct msg_case *c = msg_case_good(a, text);

	assert_same_span(msg_case_json(a, &c->message), span_of(json));
	assert_same_span(msg_case_findings(a, c), span_of(findings));
	assert_same_span(msg_case_unmapped(a, c), span_of(unmapped));
}

static void test_canonical_form(void **state)
{
	expect(*state,
	       "{\"type\":\" IMA "
	       "\",\n\"function\":\"9\",\"envelope\":{\"country\":\"LF\"},\"item_count\":12,\"id\":"
	       "null,"
	       "\"invoice_total\":{\"currency\":\"EUR\",\"value\":10.50},\"agent\":null,"
	       "\"guarantees\":[]}",
	       "{\"envelope\":{\"country\":\"LF\"},\"function\":\"9\",\"type\":\"IMA\",\"item_"
	       "count\":\"12\","
	       "\"invoice_total\":{\"value\":\"10.50\",\"currency\":\"EUR\"}}",
	       "decode.unmapped :2 [/id]\n", "/id=null:2\n");
}

static void test_unmapped_is_kept_and_listed(void **state)
{
	expect(*state,
	       "{\"function\":\"9\",\n\"foo\":{\"a\":[1,\"x\"]},\"agent\":{\"a/"
	       "b~c\":true,\n\"id\":\"I\"},"
	       "\"gross_mass\":{\"value\":1,\"scale\":\"2\"},\"shipment\":{\"envelope\":\"no\"}}",
	       "{\"function\":\"9\",\"gross_mass\":{\"value\":\"1\"},\"agent\":{\"id\":\"I\"},"
	       "\"shipment\":{}}",
	       "decode.unmapped :2 [/foo]\ndecode.unmapped /agent:2 [/agent/a~1b~0c]\n"
	       "decode.unmapped :3 [/gross_mass/scale]\ndecode.unmapped /shipment:3 "
	       "[/shipment/envelope]\n",
	       "/foo={\"a\":[1,\"x\"]}:2\n/agent/a~1b~0c=true:2\n/gross_mass/scale=2:3\n/shipment/"
	       "envelope=no:3\n");
}

static void test_wrong_kinds(void **state)
{
	expect(
	    *state,
	    "{\"function\":9,\n\"item_count\":true,\"invoice_total\":\"10\",\"gross_mass\":{"
	    "\"value\":[]},"
	    "\"issue_time\":{\"text\":20260101},\"agent\":[],\"amendments\":{},\"envelope\":\"x\"}",
	    "{}",
	    "decode.wrong-kind /function:1 [function] [text]\n"
	    "decode.wrong-kind /item_count:2 [item_count] [decimal text]\n"
	    "decode.wrong-kind /invoice_total:2 [invoice_total] [an object with value and "
	    "currency]\n"
	    "decode.wrong-kind /gross_mass:2 [gross_mass] [decimal text]\n"
	    "decode.wrong-kind /issue_time:2 [issue_time] [text]\n"
	    "decode.wrong-kind /agent:2 [agent] [an object]\n"
	    "decode.wrong-kind /amendments/0:2 [amendments] [an array]\n"
	    "decode.wrong-kind :2 [envelope] [an object]\n"
	    "decode.missing /function:1 [function]\n",
	    "/function=9:1\n/item_count=true:2\n/invoice_total=10:2\n/gross_mass=[]:2\n/"
	    "issue_time=20260101:2\n"
	    "/agent=[]:2\n/amendments={}:2\n/envelope=x:2\n");
}

static void test_numbers(void **state)
{
	expect(*state,
	       "{\"function\":\"9\",\"item_count\":1e3,\"package_count\":123456789,\"gross_mass\":{"
	       "\"value\":\"x\"},"
	       "\"invoice_total\":{\"currency\":\"EUR\"},\"exchange_rates\":[{\"rate\":\"0."
	       "1234567890123456789\"}]}",
	       "{\"function\":\"9\",\"package_count\":\"123456789\",\"exchange_rates\":[{}]}",
	       "decode.bad-number /item_count:1 [1e3]\ndecode.number-range /package_count:1 "
	       "[123456789] [n8.0]\n"
	       "decode.bad-number /gross_mass:1 [x]\ndecode.missing /invoice_total:1 [value]\n"
	       "decode.number-range /exchange_rates/0/rate:1 [0.1234567890123456789] [n12.5]\n",
	       "");
}

static void test_nul_is_refused(void **state)
{
	expect(*state, "{\"function\":\"9\",\"agent\":{\"name\":\"a\\u0000b\"}}",
	       "{\"function\":\"9\",\"agent\":{}}", "decode.nul /agent/name:1\n", "");
}

static void test_lists(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	text_string(
	    &t, "{\"function\":\"9\",\"shipment\":{\"items\":[{\"sequence\":1,\"origins\":[null");
	for (uint32_t i = 0; i < 11; i++)
		text_print(&t, ",\n{\"country\":\"C%u\"}", i);
	text_string(&t, "]}]}}");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_int_equal(c->message.declaration.shipment.items.v[0].origins.n, 9);
	assert_span(msg_case_findings(*state, c),
		    "decode.too-many /shipment/items/0/origins/8:11 [origins] [9]\n");
	assert_span(msg_case_unmapped(*state, c),
		    "/shipment/items/0/origins/10={\"country\":\"C9\"}:11\n/shipment/items/0/"
		    "origins/11={\"country\":\"C10\"}:12\n");
}

static void test_what_is_no_declaration(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} cases[] = {
	    {"{}", ERR_UNSUPPORTED},           {"{\"foo\":1}", ERR_UNSUPPORTED},
	    {"[]", ERR_UNSUPPORTED},           {"", ERR_UNSUPPORTED},
	    {"UNA:+.? '", ERR_UNSUPPORTED},    {"{\"function\":\"9\"", ERR_FORMAT},
	    {"{\"a\":1,\"a\":2}", ERR_FORMAT},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct msg_case *c = msg_case_read(*state, span_of(cases[i].text));

		if (c->err != cases[i].err || !c->fault.line || !c->fault.text[0])
			fail_msg("%s: %s %u %s", cases[i].text, err_name(c->err), c->fault.line,
				 c->fault.text);
	}
}

static void test_round_trip_of_every_field(void **state)
{
	struct arena *a = *state;
	struct populate p = {.arena = a, .members = 3};
	struct message *m = ARENA_NEW(a, struct message);
	struct span json;
	struct msg_case *c;

	populate_class(&p, &dict_declaration, &m->declaration);
	populate_class(&p, &dict_envelope, &m->envelope);
	json = msg_case_json(a, m);
	c = msg_case_read(a, json);
	assert_int_equal(c->err, 0);
	assert_span(msg_case_findings(a, c), "");
	assert_span(msg_case_unmapped(a, c), "");
	assert_same_span(msg_case_json(a, &c->message), json);
}

static void test_formats_are_recognised(void **state)
{
	uint32_t n;
	const struct msg_format *const *all = msg_formats(&n);

	(void)state;
	assert_true(n >= 2);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(i == 0 || strcmp(all[i - 1]->id, all[i]->id) < 0);
		assert_ptr_equal(msg_format_by_id(span_of(all[i]->id)), all[i]);
		if (all[i]->carries == MSG_ANSWERS) {
			assert_true(!all[i]->read && !all[i]->write);
			continue;
		}
		if (all[i]->carries == MSG_CHECKED) {
			assert_true(all[i]->check && all[i]->recognises && !all[i]->writes);
			continue;
		}
		if (all[i]->carries == MSG_CARGO_REPORTS) {
			assert_true(all[i]->reads == (all[i]->read_cargo != NULL));
			assert_true(all[i]->writes == (all[i]->write_cargo != NULL));
			assert_true(!all[i]->read && !all[i]->write && all[i]->recognises);
			continue;
		}
		assert_ptr_equal(msg_format_by_type(span_of(all[i]->content_type)), all[i]);
		assert_true(all[i]->reads ? all[i]->read && all[i]->recognises : true);
		assert_true(all[i]->writes ? all[i]->write != NULL : true);
	}
	assert_string_equal(msg_recognise(SPAN(" \n{"))->id, "json");
	assert_string_equal(msg_recognise(SPAN(" \n<"))->id, "wco-dec");
	assert_string_equal(msg_recognise(SPAN("\xef\xbb\xbf<a/>"))->id, "wco-dec");
	assert_string_equal(msg_recognise((struct span){"\xff\xfe<\0", 4, 0})->id, "wco-dec");
	assert_string_equal(msg_recognise((struct span){"\0<", 2, 0})->id, "wco-dec");
	assert_null(msg_recognise(SPAN("")));
	assert_null(msg_recognise(SPAN("UNB+")));
	assert_string_equal(msg_format_by_type(SPAN("Application/XML; charset=utf-8"))->id,
			    "wco-dec");
	assert_string_equal(msg_format_by_type(SPAN("application/json"))->id, "json");
	assert_null(msg_format_by_type(SPAN("application/jso")));
	assert_null(msg_format_by_type(SPAN("")));
	assert_null(msg_format_by_id(SPAN("wco")));
}

static void test_messages_of_a_file(void **state)
{
	static const struct {
		const char *file;
		const char *cut; /* line:message| each */
	} cases[] = {
	    {"", ""},
	    {" \n\n", ""},
	    {"{\"a\":1}\n{\"b\":2}\n", "1:{\"a\":1}|2:{\"b\":2}|"},
	    {"\n\n{\n \"a\": {\n}}\n\n {} {}", "3:{\n \"a\": {\n}}|7:{}|7:{}|"},
	    {"{\"a\":\"}\\\"{\"}{}", "1:{\"a\":\"}\\\"{\"}|1:{}|"},
	    {"{\"a\":{\"b\":1}\n{\"c\":2}\n", "1:{\"a\":{\"b\":1}\n|2:{\"c\":2}|"},
	    {"{\"a\":\"open}\n{\"c\":2}\n", "1:{\"a\":\"open}\n|2:{\"c\":2}|"},
	    {"{\"a\":\n 1", "1:{\"a\":\n 1|"},
	    {"<a>\n</a>\n<b/>", "1:<a>\n</a>\n<b/>|"},
	    {"{}\nnonsense\n{}", "1:{}|1:\nnonsense\n{}|"},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct span rest = span_of(cases[i].file), message;
		struct text t = text_in(*state);

		while (msg_next(&rest, &message))
			text_print(&t, "%u:%.*s|", message.line, SPAN_ARG(message));
		assert_same_span(text_as_span(&t), span_of(cases[i].cut));
	}
}

static void test_many_broken_messages_are_cut_in_linear_time(void **state)
{
	struct text t = text_in(*state);
	struct span rest, message;
	uint32_t n = 0;

	for (uint32_t i = 0; i < 200000; i++)
		text_string(&t, "{\"a\":\n");
	rest = text_as_span(&t);
	while (msg_next(&rest, &message))
		n++;
	assert_int_equal(n, 200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_canonical_form),
	    arena_test(test_unmapped_is_kept_and_listed),
	    arena_test(test_wrong_kinds),
	    arena_test(test_numbers),
	    arena_test(test_nul_is_refused),
	    arena_test(test_lists),
	    arena_test(test_what_is_no_declaration),
	    arena_test(test_round_trip_of_every_field),
	    cmocka_unit_test(test_formats_are_recognised),
	    arena_test(test_messages_of_a_file),
	    arena_test(test_many_broken_messages_are_cut_in_linear_time),
	};

	return cmocka_run_group_tests_name("msg_json", tests, NULL, NULL);
}
