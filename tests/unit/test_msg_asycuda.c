/* msg/fmt_asycuda and msg/xml_map: a single administrative document to the model and back. */
#include "msg/convert.h"
#include "msg/xml_map.h"
#include "msg_case.h"

static const char document[] =
    "<?xml version=\"1.0\"?>\n<!-- exported -->\n<ASYCUDA>\n"
    "<Export_release><Comments><null/></Comments></Export_release>\n"
    "<Property><Sad_flow>I</Sad_flow><Nbers><Total_number_of_items>2</Total_number_of_items>"
    "<Total_number_of_packages/></Nbers></Property>\n"
    "<Identification><Office_segment><Customs_clearance_office_code>XLHAR001"
    "</Customs_clearance_office_code></Office_segment>"
    "<Type><Type_of_declaration>IM</Type_of_declaration></Type></Identification>\n"
    "<Traders><Consignee><Consignee_code>77</Consignee_code><Consignee_name>Blue Water\n  1 Quay "
    "Road\nHarbourgate</Consignee_name></Consignee></Traders>\n"
    "<Declarant><Reference><Number>R1</Number></Reference></Declarant>\n"
    "<Transport><Container_flag>True</Container_flag></Transport>\n"
    "<Financial><Financial_transaction><code1>1</code1><code2>1</code2></Financial_transaction>"
    "</Financial>\n"
    "<Valuation><Gs_Invoice><Amount_foreign_currency>10.50</Amount_foreign_currency>"
    "<Currency_code>USD</Currency_code></Gs_Invoice></Valuation>\n"
    "<Container><Container_identity>CSQU3054383</Container_identity></Container>\n"
    "<Item><Tarification><HScode><Commodity_code>09011100</Commodity_code><Precision_1>10"
    "</Precision_1></HScode><Extended_customs_procedure>4000</Extended_customs_procedure>"
    "<Supplementary_unit><Suppplementary_unit_code>NMB</Suppplementary_unit_code>"
    "<Suppplementary_unit_quantity>3</Suppplementary_unit_quantity></Supplementary_unit>"
    "<Supplementary_unit><Suppplementary_unit_code>LTR</Suppplementary_unit_code>"
    "</Supplementary_unit></Tarification>"
    "<Taxation><Taxation_line><Duty_tax_code>CUD</Duty_tax_code></Taxation_line><Taxation_line>"
    "<Duty_tax_code>VAT</Duty_tax_code></Taxation_line></Taxation></Item>\n"
    "<Item><Valuation_item><Weight_itm><Gross_weight_itm>heavy</Gross_weight_itm>"
    "<Net_weight_itm>2.5</Net_weight_itm></Weight_itm></Valuation_item>"
    "<Previous_doc><Summary_declaration>BL7</Summary_declaration></Previous_doc>"
    "<Attached_documents><Attached_document_code>N380</Attached_document_code>"
    "</Attached_documents></Item>\n</ASYCUDA>\n";

static void test_document(void **state)
{
	struct msg_case *c = msg_case_good(*state, document);

	assert_span(c->message.format, "asycuda");
	assert_same_span(
	    msg_case_json(*state, &c->message),
	    SPAN("{\"function\":\"9\",\"trader_reference\":\"R1\",\"type\":\"IM\",\"item_count\":"
		 "\"2\",\"office\":\"XLHAR001\",\"invoice_total\":{\"value\":\"10.50\","
		 "\"currency\":\"USD\"},\"shipment\":{\"transaction\":\"11\",\"consignment\":{"
		 "\"containerised\":\"1\",\"containers\":[{\"sequence\":\"1\",\"id\":"
		 "\"CSQU3054383\"}]},\"items\":[{\"sequence\":\"1\",\"commodity\":{"
		 "\"classifications\":[{\"id\":\"09011100\",\"type\":\"TSP\"},{\"id\":\"10\","
		 "\"type\":\"TRC\"}],\"duties\":[{\"type\":\"CUD\"},{\"type\":\"VAT\"}],"
		 "\"tariff_quantity\":{\"value\":\"3\",\"unit\":\"NMB\"}},\"procedures\":[{"
		 "\"requested\":\"40\",\"previous\":\"00\"}]},{\"sequence\":\"2\",\"documents\":[{"
		 "\"category\":\"N\",\"type\":\"380\"}],\"commodity\":{\"net_mass\":{\"value\":"
		 "\"2.5\",\"unit\":\"KGM\"}},\"previous\":[{\"id\":\"BL7\",\"type\":\"705\"}]}],"
		 "\"importer\":{\"name\":\"Blue Water\",\"id\":\"77\",\"address\":{\"line\":\"1 "
		 "Quay "
		 "Road\\nHarbourgate\"}}}}"));
	assert_same_span(msg_case_findings(*state, c),
			 SPAN("decode.unmapped :5 [Property/Sad_flow]\n"
			      "decode.unmapped :15 "
			      "[Item[1]/Tarification/Supplementary_unit/Suppplementary_unit_code]\n"
			      "decode.bad-number /shipment/items/1/commodity/gross_mass:16 "
			      "[heavy]\n"));
}

static void test_export(void **state)
{
	struct msg_case *c = msg_case_good(
	    *state, "<ASYCUDA><Traders><Consignee><Consignee_code>9</Consignee_code></Consignee>"
		    "</Traders><Identification><Type><Type_of_declaration>EX</Type_of_declaration>"
		    "</Type></Identification></ASYCUDA>");

	assert_span(c->message.declaration.shipment.consignee.id, "9");
	assert_false(c->message.declaration.shipment.importer.head.present);
}

static void test_what_is_no_document(void **state)
{
	struct msg_case *c = msg_case_read(*state, SPAN("<ASYCUDA><a></ASYCUDA>"));
	const struct msg_format *f = msg_format_by_id(SPAN("asycuda"));
	struct codec_fault fault;
	struct findings findings;
	struct message m;

	assert_int_equal(c->err, ERR_FORMAT);
	assert_int_equal(msg_read(*state, SPAN("\n<Declaration/>"), f, &m, &findings, &fault),
			 ERR_UNSUPPORTED);
	assert_int_equal(fault.line, 2);
	assert_string_equal(msg_recognise(SPAN("<!-- <ASYCUDA> --><Declaration/>"))->id, "wco-dec");
	assert_string_equal(
	    msg_recognise(SPAN("\xef\xbb\xbf<?xml version='1.0'?> <ASYCUDA a='1'/>"))->id,
	    "asycuda");
	assert_string_equal(
	    msg_recognise((struct span){"\xff\xfe<\0A\0S\0Y\0C\0U\0D\0A\0>\0", 20, 0})->id,
	    "asycuda");
}

/* Members past the end of a list are kept and said. */
static void test_too_many(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	text_string(&t, "<ASYCUDA>");
	for (uint32_t i = 0; i < 1001; i++)
		text_string(&t, "<Item><Free_text_1>x</Free_text_1></Item>");
	text_string(&t, "</ASYCUDA>");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_int_equal(c->message.declaration.shipment.items.n, 999);
	assert_int_equal(c->message.unmapped.n, 2);
	assert_int_equal(c->findings.errors, 2);
}

static const struct {
	const char *path, *pointer, *second;
} rows[] = {
#define ASYCUDA(path, pointer, second, part, when, sure, title) {path, pointer, second},
#include "msg/asycuda.def"
#undef ASYCUDA
};

static uint32_t stars(const char *s)
{
	uint32_t n = 0;

	for (; s && *s; s++)
		n += *s == '*';
	return n;
}

/* Every row names a value of the dictionary, inside as many lists as elements repeat around it. */
static void test_table(void **state)
{
	for (uint32_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!xml_map_field(*state, rows[i].pointer) ||
		    (rows[i].second && !xml_map_field(*state, rows[i].second)))
			fail_msg("%s: %s is no value", rows[i].path, rows[i].pointer);
		assert_int_equal(stars(rows[i].path), stars(rows[i].pointer));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_document),
	    arena_test(test_export),
	    arena_test(test_what_is_no_document),
	    arena_test(test_too_many),
	    arena_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
