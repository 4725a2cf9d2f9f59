/* msg/fmt_csv: tables to declarations, as spreadsheets write them; what is wrong in which cell; how a file of many is cut. */
#include "base/limits.h"
#include "msg/convert.h"
#include "msg/cut.h"
#include "msg_case.h"

static const char coffee[] =
    "{\"function\":\"9\",\"trader_reference\":\"R1\",\"invoice_total\":{\"value\":\"10.50\","
    "\"currency\":\"EUR\"},\"shipment\":{\"items\":[{\"sequence\":\"1\",\"commodity\":{"
    "\"description\":\"Café\"}},{\"sequence\":\"2\",\"commodity\":{\"gross_mass\":{\"value\":"
    "\"2.5\",\"unit\":\"KGM\"}}}]}}";

static void expect(struct arena *a, struct span bytes, const char *json, const char *findings)
{
	struct msg_case *c = msg_case_read(a, bytes);
	struct text t = text_in(a);

	if (c->err)
		fail_msg("%u:%u %s", c->fault.line, c->fault.column, c->fault.text);
	assert_span(c->message.format, "csv");
	assert_same_span(msg_case_json(a, &c->message), span_of(json));
	for (uint32_t i = 0; i < c->findings.list.n; i++) {
		const struct finding *f = &c->findings.list.v[i];

		text_print(&t, "%u:%u %s %.*s", f->line, f->column, finding_id(f->rule),
			   SPAN_ARG(f->pointer));
		for (uint32_t j = 0; j < f->values; j++)
			text_print(&t, " [%.*s]", SPAN_ARG(f->value[j]));
		text_char(&t, '\n');
	}
	assert_same_span(text_as_span(&t), span_of(findings));
}

static void test_delimiters_and_decimal_commas(void **state)
{
	expect(*state,
	       SPAN("reference,invoice_total,invoice_currency,description,gross_mass,gross_mass_"
		    "unit\r\nR1,10.50,EUR,Café,,\r\nR1,,,,2.5,KGM\r\n"),
	       coffee, "");
	expect(*state,
	       SPAN("\xef\xbb\xbfReference;Invoice Total;invoice_currency;description;gross_mass;"
		    "gross_mass_unit\nR1;10,50;EUR;Café\n;;;;2,5;KGM\n"),
	       coffee, "");
	expect(*state,
	       SPAN("reference\tinvoice_total\tinvoice_currency\tdescription\tgross_mass\tgross_"
		    "mass_unit\nR1\t10.50\tEUR\tCafé\nR1\t\t\t\t2.5\tKGM\n"),
	       coffee, "");
	/* Windows-1252: é is one byte */
	expect(*state,
	       SPAN("reference|invoice_total|invoice_currency|description|gross_mass|gross_mass_"
		    "unit\nR1|10.50|EUR|Caf\xe9\nR1||||2.5|KGM\n"),
	       coffee, "");
}

static struct span utf16(struct arena *a, const char *text, bool little, bool mark)
{
	struct text t = text_in(a);

	if (mark)
		text_add(&t, little ? "\xff\xfe" : "\xfe\xff", 2);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		unsigned c = *p;

		if (c >= 0xc0) {
			c = (c & 0x1f) << 6 | (p[1] & 0x3f);
			p++;
		}
		text_char(&t, (char)(little ? c & 0xff : c >> 8));
		text_char(&t, (char)(little ? c >> 8 : c & 0xff));
	}
	return text_as_span(&t);
}

static void test_utf16(void **state)
{
	const char *text = "reference;invoice_total;invoice_currency;description;gross_mass;"
			   "gross_mass_unit\nR1;10,50;EUR;Café\nR1;;;;2,5;KGM\n";

	for (int i = 0; i < 4; i++)
		expect(*state, utf16(*state, text, i & 1, i & 2), coffee, "");
}

static void test_any_value_has_a_column(void **state)
{
	expect(*state,
	       SPAN("reference,type,item.documents.2.id,item.commodity.dangerous.1,"
		    "shipment.freight,shipment.freight.currency,envelope.country,issue_time,"
		    "issue_time.format,exchange_rates.1.currency\n"
		    "R1,IMA,D2,1203,5,EUR,XL,20260105,102,USD\n"),
	       "{\"envelope\":{\"country\":\"XL\"},\"function\":\"9\",\"trader_reference\":\"R1\","
	       "\"issue_time\":{\"text\":\"20260105\",\"format\":\"102\"},\"type\":\"IMA\","
	       "\"exchange_rates\":[{\"currency\":\"USD\"}],"
	       "\"shipment\":{\"freight\":{\"value\":\"5\",\"currency\":\"EUR\"},\"items\":[{"
	       "\"sequence\":\"1\",\"documents\":[{\"id\":\"D2\"}],\"commodity\":{"
	       "\"dangerous\":[\"1203\"]}}]}}",
	       "");
}

static void test_cells_have_findings(void **state)
{
	expect(*state,
	       SPAN("reference,type,shoe,gross_mass,invoice_date.x,item.documents.100.id,currency,"
		    "agent_status\n"
		    "R1,IMA,42,heavy,,,,\n"
		    "R1,EXA,,1.2345678,x,y,EUR,12345\n"
		    "R1,\"IMA\"a,,,,,,\n"),
	       "{\"function\":\"9\",\"trader_reference\":\"R1\",\"type\":\"IMA\",\"agent\":{"
	       "\"status\":\"12345\"},\"shipment\":{\"items\":[{\"sequence\":\"1\",\"commodity\":{"
	       "\"gross_mass\":{\"value\":\"1.2345678\"}}}]}}",
	       "2:3 decode.unmapped  [shoe]\n"
	       "2:4 decode.bad-number /shipment/items/0/commodity/gross_mass [heavy]\n"
	       "3:2 decode.rows-differ  [type] [EXA] [IMA]\n"
	       "3:4 decode.number-range /shipment/items/1/commodity/gross_mass [1.2345678] "
	       "[n16.6]\n"
	       "3:5 decode.unmapped  [invoice_date.x]\n"
	       "3:6 decode.unmapped  [item.documents.100.id]\n"
	       "3:7 decode.unmapped  [currency]\n"
	       "3:8 decode.too-long /agent/status [status] [5] [3]\n"
	       "4:0 decode.row  [text stands behind a closing quote]\n");
}

static void test_what_is_no_table(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} cases[] = {
	    {"name,colour\nx,y\n", ERR_UNSUPPORTED},  {"reference\nx\n", ERR_UNSUPPORTED},
	    {"reference,type\n", ERR_UNSUPPORTED},    {"reference,type,type\nx,y,z\n", ERR_FORMAT},
	    {"reference,type,\nx,y,z\n", ERR_FORMAT},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct msg_case *c = msg_case_read(*state, span_of(cases[i].text));

		if (c->err != cases[i].err || !c->fault.line || !c->fault.text[0])
			fail_msg("%s: %s", cases[i].text, err_name(c->err));
	}
}

/* What a spreadsheet would compute is written so that it does not. */
static void test_formulas_are_texts(void **state)
{
	static const char *const texts[] = {"=1+1", "+x", "-x", "@x", "'=x", "''x", "'x", "#x"};

	for (uint32_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct msg_case *c = msg_case_good(
		    *state, arena_print(*state, "{\"function\":\"9\",\"trader_reference\":\"%s\"}",
					texts[i]));
		struct span csv = msg_case_write(*state, "csv", &c->message), rest = csv;
		struct msg_case *again = msg_case_read(*state, csv);

		span_cut(&rest, '\n');
		assert_false(strchr("=+-@", rest.p[0]));
		assert_int_equal(again->err, 0);
		assert_same_span(again->message.declaration.trader_reference, span_of(texts[i]));
	}
}

static void test_cut(void **state)
{
	struct span file =
	    SPAN("# a comment\nreference,type,description\nA,IMA,\"x\n\"\"y\"\"\"\nA,,z\n\nB,EXA,\n"
		 ",,w\nreference,office\nC,X\nC,\nD,Y");
	const char *want =
	    "1:# a comment\nreference,type,description\nA,IMA,\"x\n\"\"y\"\"\"\nA,,z\n|"
	    "4:# a comment\nreference,type,description\n\nB,EXA,\n,,w\n|"
	    "9:reference,office\nC,X\nC,\n|11:reference,office\nD,Y|";
	struct msg_cutter *c = arena_alloc(*state, sizeof(*c));

	assert_int_equal(msg_cutter_open(c), ERR_NONE);
	for (uint32_t step = 1; step <= file.n; step += step > 20 ? 17 : 1) {
		struct span rest = {file.p, 0, 0}, message;
		struct text t = text_in(*state);
		enum msg_cut got;

		msg_cutter_reset(c);
		/* what a file is must be told from its first bytes */
		rest.n = 40;
		do {
			bool last = rest.p + rest.n == file.p + file.n;

			got = msg_cut(c, &rest, last, &message);
			if (got == MSG_CUT_ONE)
				text_print(&t, "%u:%.*s|", message.line, SPAN_ARG(message));
			if (got == MSG_CUT_MORE) {
				uint32_t left = (uint32_t)(file.p + file.n - rest.p) - rest.n;

				assert_false(last);
				rest.n += left < step ? left : step;
			}
		} while (got != MSG_CUT_END);
		assert_same_span(text_as_span(&t), span_of(want));
	}
	msg_cutter_close(c);
}

static void test_cut_utf16(void **state)
{
	struct span file = utf16(*state, "reference;type\nA;IMA\nB;EXA\n", true, true), message;
	struct msg_cutter *c = arena_alloc(*state, sizeof(*c));
	struct text t = text_in(*state);

	assert_int_equal(msg_cutter_open(c), ERR_NONE);
	assert_int_equal(msg_cut(c, &file, false, &message), MSG_CUT_MORE);
	while (msg_cut(c, &file, true, &message) == MSG_CUT_ONE)
		text_print(&t, "%u:%.*s|", message.line, SPAN_ARG(message));
	assert_span(text_as_span(&t), "1:reference;type\nA;IMA\n|2:reference;type\nB;EXA\n|");
	msg_cutter_close(c);
}

static void test_template_names_every_column(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	msg_write_csv_template(&t);
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, ERR_UNSUPPORTED);
	assert_string_equal(c->fault.text, "no row stands under the names of the columns");
	text_string(&t, "R1\n");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_span(c->message.declaration.trader_reference, "R1");
	/* the column of the function is there, and says nothing */
	assert_same_span(msg_case_findings(*state, c),
			 SPAN("decode.missing /function:3 [function]\n"));
}

static void test_more_items_than_a_declaration_has(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	text_string(&t, "reference,type,description\nR,IMA,x\n");
	for (uint32_t i = 0; i < LIMIT_ITEMS + 5; i++)
		text_string(&t, ",,y\n");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_int_equal(c->message.declaration.shipment.items.n, LIMIT_ITEMS);
	assert_same_span(msg_case_findings(*state, c),
			 SPAN("decode.too-many :1001 [items] [999]\n"));
	assert_int_equal(c->message.unmapped.n, 6);
}

static void test_what_is_lost_is_told(void **state)
{
	struct conversion *c = ARENA_NEW(*state, struct conversion);
	struct codec_fault fault;

	assert_int_equal(msg_convert(*state,
				     SPAN("{\"function\":\"9\",\"agent\":{\"name\":\"a\\u0001b\"},"
					  "\n\"hat\":\"3\"}"),
				     NULL, NULL, msg_format_by_id(SPAN("csv")), c, &fault),
			 0);
	assert_int_equal(c->lost.n, 2);
	assert_span(c->lost.v[0].place, "/agent/name");
	assert_span(c->lost.v[0].now, "a\xef\xbf\xbd"
				      "b");
	assert_span(c->lost.v[1].place, "/hat");
	assert_true(c->lost.v[1].unmapped);
	assert_int_equal(c->lost.v[1].line, 2);
	assert_int_equal(c->values, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_delimiters_and_decimal_commas),
	    arena_test(test_utf16),
	    arena_test(test_any_value_has_a_column),
	    arena_test(test_cells_have_findings),
	    arena_test(test_what_is_no_table),
	    arena_test(test_formulas_are_texts),
	    arena_test(test_cut),
	    arena_test(test_cut_utf16),
	    arena_test(test_template_names_every_column),
	    arena_test(test_more_items_than_a_declaration_has),
	    arena_test(test_what_is_lost_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
