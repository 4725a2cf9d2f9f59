/* msg/fmt_wco_dec: what of the WCO's XML becomes model, what is kept, what is found, and that it is written back as it was. */
#include "msg_case.h"
#include "populate.h"

#define DEC(inside) "<Declaration>\n<FunctionCode>9</FunctionCode>" inside "</Declaration>"
#define ITEM(inside)                                                                               \
	DEC("<GoodsShipment><GovernmentAgencyGoodsItem><SequenceNumeric>1</"                       \
	    "SequenceNumeric>" inside "</GovernmentAgencyGoodsItem></GoodsShipment>")

static void expect(struct arena *a, const char *xml, const char *json, const char *findings,
		   const char *unmapped)
{
	struct msg_case *c = msg_case_good(a, xml);

	assert_same_span(msg_case_json(a, &c->message), span_of(json));
	assert_same_span(msg_case_findings(a, c), span_of(findings));
	assert_same_span(msg_case_unmapped(a, c), span_of(unmapped));
}

static void test_values_of_every_kind(void **state)
{
	expect(*state,
	       ITEM("<StatisticalValueAmount currencyID=\"EUR\"> 10.50 </StatisticalValueAmount>"
		    "<Commodity><Description>\n\ta &amp; b<![CDATA[ <c>]]>\t</Description>"
		    "<GoodsMeasure><NetNetWeightMeasure "
		    "unitCode='KGM'>-0.5</NetNetWeightMeasure></GoodsMeasure></Commodity>"),
	       "{\"function\":\"9\",\"shipment\":{\"items\":[{\"sequence\":\"1\","
	       "\"statistical_value\":{\"value\":\"10.50\",\"currency\":\"EUR\"},"
	       "\"commodity\":{\"description\":\"a & b "
	       "<c>\",\"net_mass\":{\"value\":\"-0.5\",\"unit\":\"KGM\"}}}]}}",
	       "", "");
	expect(*state,
	       DEC("<AcceptanceDateTime><p:DateTimeString xmlns:p='x' "
		   "formatCode='304'>20220323092417Z</p:DateTimeString></AcceptanceDateTime>"
		   "<IssueDateTime>2026-11-22</IssueDateTime>"),
	       "{\"accepted_time\":{\"text\":\"20220323092417Z\",\"format\":\"304\"},\"function\":"
	       "\"9\","
	       "\"issue_time\":{\"text\":\"2026-11-22\"}}",
	       "", "");
}

static void test_order_of_elements_does_not_matter(void **state)
{
	expect(*state,
	       "<Declaration><TypeCode>IMA</TypeCode><GoodsShipment/><FunctionCode>9</"
	       "FunctionCode><ID>X</ID></Declaration>",
	       "{\"function\":\"9\",\"movement_reference\":\"X\",\"type\":\"IMA\",\"shipment\":{}}",
	       "", "");
}

static void test_envelopes(void **state)
{
	static const char json[] = "{\"envelope\":{\"country\":\"LF\"},\"function\":\"9\"}";

	expect(*state,
	       "<m:MetaData xmlns:m='x' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
	       "xsi:schemaLocation='a b'>"
	       "<m:ResponsibleCountryCode>LF</m:ResponsibleCountryCode>" DEC("") "</m:MetaData>",
	       json, "", "");
	expect(*state,
	       "<submitDeclarationRequest><common><regime>R</regime></common><detail><MetaData>"
	       "<ResponsibleCountryCode>LF</ResponsibleCountryCode>" DEC(
		   "") "</MetaData></detail></submitDeclarationRequest>",
	       json, "decode.unmapped :1 [submitDeclarationRequest/common/regime]\n",
	       "submitDeclarationRequest/common/regime=R:1\n");
	expect(*state, DEC(""), "{\"function\":\"9\"}", "", "");
}

static void test_unmapped_is_kept_and_listed(void **state)
{
	expect(
	    *state,
	    ITEM("\n<Foo><Bar>1</Bar>loose<Baz kind='k'/></Foo>\n<ValuationAdjustment lang='en'>"
		 "<AdditionCode listID='L'>0101</AdditionCode></ValuationAdjustment>stray"),
	    "{\"function\":\"9\",\"shipment\":{\"items\":[{\"sequence\":\"1\",\"valuation_"
	    "indicators\":\"0101\"}]}}",
	    "decode.unmapped /shipment/items/0:3 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Bar]\n"
	    "decode.unmapped /shipment/items/0:3 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo]\n"
	    "decode.unmapped /shipment/items/0:3 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Baz/@kind]\n"
	    "decode.unmapped /shipment/items/0:3 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Baz]\n"
	    "decode.unmapped /shipment/items/0:4 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/ValuationAdjustment/@lang]\n"
	    "decode.unmapped /shipment/items/0:4 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/ValuationAdjustment/"
	    "AdditionCode/@listID]\n"
	    "decode.unmapped /shipment/items/0:4 "
	    "[Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]]\n",
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Bar=1:3\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo=loose:3\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Baz/@kind=k:3\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Foo/Baz=:3\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/ValuationAdjustment/"
	    "@lang=en:4\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/ValuationAdjustment/"
	    "AdditionCode/@listID=L:4\n"
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]=stray:4\n");
}

static void test_twice(void **state)
{
	expect(*state,
	       DEC("<TypeCode>IMA</TypeCode>\n<TypeCode>EXD</TypeCode><Agent><ID>A</ID></"
		   "Agent><Agent><ID>B</ID></Agent>"),
	       "{\"function\":\"9\",\"type\":\"IMA\",\"agent\":{\"id\":\"A\"}}",
	       "decode.twice /type:3 [TypeCode]\ndecode.twice /agent:3 [Agent]\n",
	       "Declaration/TypeCode=EXD:3\nDeclaration/Agent/ID=B:3\n");
	expect(
	    *state,
	    ITEM("<Commodity><GoodsMeasure/><GoodsMeasure><GrossMassMeasure>1</GrossMassMeasure></"
		 "GoodsMeasure></Commodity>"),
	    "{\"function\":\"9\",\"shipment\":{\"items\":[{\"sequence\":\"1\",\"commodity\":{}}]}}",
	    "decode.twice /shipment/items/0/commodity:2 [GoodsMeasure]\n",
	    "Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/GoodsMeasure/"
	    "GrossMassMeasure=1:2\n");
	expect(*state, "<x>" DEC("") "<Declaration><ID>2</ID></Declaration></x>",
	       "{\"function\":\"9\"}", "decode.twice :2 [Declaration]\n", "x/Declaration/ID=2:2\n");
}

static void test_a_wrapper_around_a_list_repeats(void **state)
{
	expect(
	    *state,
	    ITEM("<Commodity><DangerousGoods><UNDGID>1</UNDGID></"
		 "DangerousGoods><DangerousGoods><UNDGID>2</UNDGID></DangerousGoods></Commodity>"),
	    "{\"function\":\"9\",\"shipment\":{\"items\":[{\"sequence\":\"1\",\"commodity\":{"
	    "\"dangerous\":[\"1\",\"2\"]}}]}}",
	    "", "");
}

static void test_too_many(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode><GoodsShipment>");
	for (uint32_t i = 1; i <= 1002; i++)
		text_print(&t,
			   "<GovernmentAgencyGoodsItem><SequenceNumeric>%u</SequenceNumeric></"
			   "GovernmentAgencyGoodsItem>\n",
			   i);
	text_string(&t, "</GoodsShipment></Declaration>");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_int_equal(c->message.declaration.shipment.items.n, 999);
	assert_span(msg_case_findings(*state, c),
		    "decode.too-many /shipment/items/998:1000 [GovernmentAgencyGoodsItem] [999]\n");
	assert_int_equal(c->message.unmapped.n, 3);
}

static void test_too_long_counts_characters(void **state)
{
	/* 17 letters of two bytes each fit an id of 17 characters. */
	expect(*state, DEC("<Agent><ID>ééééééééééééééééé</ID></Agent>"),
	       "{\"function\":\"9\",\"agent\":{\"id\":\"ééééééééééééééééé\"}}", "", "");
	expect(*state,
	       DEC("<Agent><ID>éééééééééééééééééé</ID></Agent><InvoiceAmount "
		   "currencyID='EURO'>1</InvoiceAmount>"),
	       "{\"function\":\"9\",\"invoice_total\":{\"value\":\"1\",\"currency\":\"EURO\"},"
	       "\"agent\":{\"id\":\"éééééééééééééééééé\"}}",
	       "decode.too-long /agent/id:2 [id] [18] [17]\ndecode.too-long /invoice_total:2 "
	       "[currency] [4] [3]\n",
	       "");
}

static void test_numbers_and_dates_that_are_none(void **state)
{
	expect(*state,
	       DEC("<GoodsItemQuantity>1e3</GoodsItemQuantity><InvoiceAmount>1,5</InvoiceAmount>"
		   "<LoadingListQuantity>123456</"
		   "LoadingListQuantity><TotalGrossMassMeasure>1.0000000</TotalGrossMassMeasure>"
		   "<TotalPackageQuantity>1.5</TotalPackageQuantity>"),
	       "{\"function\":\"9\",\"loading_lists\":\"123456\",\"gross_mass\":{\"value\":\"1."
	       "0000000\"},\"package_count\":\"1.5\"}",
	       "decode.bad-number /item_count:2 [1e3]\ndecode.bad-number /invoice_total:2 [1,5]\n"
	       "decode.number-range /loading_lists:2 [123456] [n5.0]\ndecode.number-range "
	       "/package_count:2 [1.5] [n8.0]\n",
	       "");
	expect(*state,
	       DEC("<AcceptanceDateTime><DateTimeString "
		   "formatCode='102'>20260230</DateTimeString></AcceptanceDateTime>"
		   "<IssueDateTime><DateTimeString "
		   "formatCode='999'>20260101</DateTimeString></IssueDateTime>"),
	       "{\"accepted_time\":{\"text\":\"20260230\",\"format\":\"102\"},\"function\":\"9\","
	       "\"issue_time\":{\"text\":\"20260101\",\"format\":\"999\"}}",
	       "decode.bad-date /accepted_time:2 [20260230]\ndecode.bad-date /issue_time:2 "
	       "[20260101]\n",
	       "");
}

static void test_missing(void **state)
{
	expect(*state,
	       "<Declaration>\n<FunctionCode> "
	       "</FunctionCode><GoodsShipment>\n<GovernmentAgencyGoodsItem/></GoodsShipment></"
	       "Declaration>",
	       "{\"shipment\":{\"items\":[{}]}}",
	       "decode.missing /shipment/items/0/sequence:3 [sequence]\ndecode.missing /function:1 "
	       "[function]\n",
	       "");
}

static void test_elements_inside_a_value(void **state)
{
	expect(*state,
	       DEC("<ID>a<b>c</b></ID><IssueDateTime><DateTimeString/><DateTimeString>2026-01-01</"
		   "DateTimeString></IssueDateTime>"),
	       "{\"function\":\"9\"}",
	       "decode.wrong-kind /movement_reference:2 [ID] "
	       "[text]\n"
	       "decode.wrong-kind /issue_time:2 [IssueDateTime] [text]\n",
	       "Declaration/ID=a:2\nDeclaration/ID/b=c:2\nDeclaration/IssueDateTime/"
	       "DateTimeString=2026-01-01:2\n");
}

static void test_a_unit_without_a_quantity_is_kept(void **state)
{
	expect(*state, DEC("<TotalGrossMassMeasure unitCode='KGM'/>"), "{\"function\":\"9\"}",
	       "decode.unmapped :2 [Declaration/TotalGrossMassMeasure/@unitCode]\n",
	       "Declaration/TotalGrossMassMeasure/@unitCode=KGM:2\n");
}

static void test_lists_of_findings_and_unmapped_end(void **state)
{
	struct text t = text_in(*state);
	struct msg_case *c;

	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode>");
	for (uint32_t i = 0; i < 1500; i++)
		text_string(&t, "<Foo>1</Foo>");
	text_string(&t, "</Declaration>");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, 0);
	assert_int_equal(c->message.unmapped.n, LIMIT_UNMAPPED);
	assert_true(c->message.unmapped.cut);
	assert_int_equal(c->findings.list.n, 100);
	assert_int_equal(c->findings.errors, 0);
	t.n = 0;
	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode><GoodsShipment>");
	for (uint32_t i = 0; i < 900; i++)
		text_string(&t, "<GovernmentAgencyGoodsItem/>");
	text_string(&t, "</GoodsShipment></Declaration>");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->findings.list.n, LIMIT_FINDINGS + 1);
	assert_true(c->findings.cut);
	assert_string_equal(finding_id(c->findings.list.v[LIMIT_FINDINGS].rule), "more");
}

static void test_what_is_no_declaration(void **state)
{
	static const struct {
		const char *xml;
		const char *names;
		uint32_t line;
	} cases[] = {
	    {"<MetaData><WCOTypeName>RES</WCOTypeName><Response><Declaration><ID>1</ID></"
	     "Declaration></Response></MetaData>",
	     "MetaData with Response", 1},
	    {"\n<DeclarationStatusResponse><Declaration/></DeclarationStatusResponse>",
	     "DeclarationStatusResponse", 2},
	    {"<inventory/>", "inventory", 1},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct msg_case *c = msg_case_read(*state, span_of(cases[i].xml));

		assert_int_equal(c->err, ERR_UNSUPPORTED);
		assert_int_equal(c->fault.line, cases[i].line);
		assert_non_null(strstr(c->fault.text, cases[i].names));
		assert_non_null(strstr(c->fault.text, "Declaration is expected"));
		assert_int_equal(c->findings.list.n, 0);
		assert_int_equal(c->message.unmapped.n, 0);
	}
}

static void test_not_well_formed_has_a_place(void **state)
{
	struct msg_case *c =
	    msg_case_read(*state, SPAN("<Declaration>\n<ID>1</IX>\n</Declaration>"));

	assert_int_equal(c->err, ERR_FORMAT);
	assert_int_equal(c->fault.line, 2);
	assert_true(c->fault.text[0] != 0);
	assert_false(c->message.declaration.head.present);
}

/* Every field of the dictionary: written, read, and the same. */
static void test_round_trip_of_every_field(void **state)
{
	struct arena *a = *state;
	struct populate p = {.arena = a, .members = 2};
	struct message *m = ARENA_NEW(a, struct message);
	struct span xml, json;
	struct msg_case *c;

	populate_class(&p, &dict_declaration, &m->declaration);
	populate_class(&p, &dict_envelope, &m->envelope);
	xml = msg_case_write(a, "wco-dec", m);
	json = msg_case_json(a, m);
	c = msg_case_read(a, xml);
	assert_int_equal(c->err, 0);
	assert_span(msg_case_findings(a, c), "");
	assert_span(msg_case_unmapped(a, c), "");
	assert_same_span(msg_case_json(a, &c->message), json);
	assert_same_span(msg_case_write(a, "wco-dec", &c->message), xml);
	c = msg_case_read(a, json);
	assert_int_equal(c->err, 0);
	assert_span(msg_case_findings(a, c), "");
	assert_same_span(msg_case_write(a, "wco-dec", &c->message), xml);
}

static void test_what_xml_cannot_carry_is_told(void **state)
{
	struct arena *a = *state;
	struct msg_case *c =
	    msg_case_good(a, "{\"function\":\"9\",\"agent\":{\"name\":\"a\\u0001b\\r\\n<\\\"&\"}}");
	struct findings lost = findings_for(a, &dict_declaration, &c->message.declaration);
	struct text t = text_in(a);

	msg_format_by_id(SPAN("wco-dec"))->write(&t, &c->message, &lost);
	assert_int_equal(lost.list.n, 1);
	assert_span(lost.list.v[0].pointer, "/agent/name");
	c = msg_case_read(a, text_as_span(&t));
	assert_span(c->message.declaration.agent.name, "a\xef\xbf\xbd"
						       "b\r\n<\"&");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_values_of_every_kind),
	    arena_test(test_order_of_elements_does_not_matter),
	    arena_test(test_envelopes),
	    arena_test(test_unmapped_is_kept_and_listed),
	    arena_test(test_twice),
	    arena_test(test_a_wrapper_around_a_list_repeats),
	    arena_test(test_too_many),
	    arena_test(test_too_long_counts_characters),
	    arena_test(test_numbers_and_dates_that_are_none),
	    arena_test(test_missing),
	    arena_test(test_elements_inside_a_value),
	    arena_test(test_a_unit_without_a_quantity_is_kept),
	    arena_test(test_lists_of_findings_and_unmapped_end),
	    arena_test(test_what_is_no_declaration),
	    arena_test(test_not_well_formed_has_a_place),
	    arena_test(test_round_trip_of_every_field),
	    arena_test(test_what_xml_cannot_carry_is_told),
	};

	return cmocka_run_group_tests_name("msg_wco_dec", tests, NULL, NULL);
}
