/* msg under hostile input and failing memory: always an error or findings, never a crash; and what was read never goes
 * beyond its bounds. */
#include "msg_case.h"

#define ITEM(n)                                                                                    \
	"<GovernmentAgencyGoodsItem><SequenceNumeric>" n "</SequenceNumeric>\n"                    \
	"<AdditionalDocument><CategoryCode>N</CategoryCode><ID>INV " n                             \
	"</ID><TypeCode>935</TypeCode></AdditionalDocument>"                                       \
	"<Commodity><Description>Lampes \xc3\xa0 pied &amp; abat-jour</Description>"               \
	"<Classification><ID>94052000</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></"  \
	"Classification>"                                                                          \
	"<GoodsMeasure><GrossMassMeasure unitCode=\"KGM\">12.5</GrossMassMeasure></GoodsMeasure>"  \
	"<InvoiceLine><ItemChargeAmount "                                                          \
	"currencyID=\"EUR\">100.00</ItemChargeAmount></InvoiceLine></Commodity>\n"                 \
	"<Packaging><SequenceNumeric>1</SequenceNumeric><TypeCode>PK</TypeCode></"                 \
	"Packaging><Unknown a=\"b\">kept</Unknown>"                                                \
	"</GovernmentAgencyGoodsItem>\n"

static const char three_items[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<md:MetaData xmlns:md=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\">"
    "<md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>\n"
    "<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\">\n<!-- a remark -->"
    "<FunctionCode>9</FunctionCode><FunctionalReferenceID>T-1</FunctionalReferenceID>"
    "<IssueDateTime><DateTimeString formatCode=\"102\">20261122</DateTimeString></IssueDateTime>"
    "<TypeCode>IMA</TypeCode><GoodsItemQuantity>3</GoodsItemQuantity>\n"
    "<GoodsShipment>" ITEM("1") ITEM("2")
	ITEM("3") "</GoodsShipment></Declaration></md:MetaData>\n";

static struct span json_of_three_items(struct arena *a)
{
	struct msg_case *c = msg_case_good(a, three_items);

	assert_int_equal(c->message.declaration.shipment.items.n, 3);
	assert_int_equal(c->message.unmapped.n, 6);
	return msg_case_json(a, &c->message);
}

static struct msg_case *read_in(struct arena *a, struct msg_case *c, struct span bytes)
{
	c->err = msg_read(a, bytes, NULL, &c->message, &c->findings, &c->fault);
	return c;
}

/* Fails every allocation of a decode in turn, until one needs no more. switch_on counts from now. */
static uint32_t fail_each(struct arena *a, struct span bytes, void (*switch_on)(uint64_t n))
{
	struct msg_case c;

	for (uint32_t n = 1;; n++) {
		arena_reset(a);
		switch_on(n);
		read_in(a, &c, bytes);
		switch_on(0);
		if (c.err == ERR_NONE)
			return n - 1;
		if (c.err != ERR_NOMEM || !c.fault.line || !c.fault.text[0])
			fail_msg("allocation %u: %s %s", n, err_name(c.err), c.fault.text);
		assert_int_equal(c.message.unmapped.n, 0);
		assert_false(c.message.declaration.head.present);
	}
}

static void test_every_allocation_fails_once(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct span xml = span_of(three_items), json = json_of_three_items(*state);

	assert_true(fail_each(a, xml, arena_fail_at) > 15);
	assert_true(fail_each(a, json, arena_fail_at) > 10);
	/* What failed left nothing behind that hurts the next one. */
	arena_reset(a);
	assert_same_span(json_of_three_items(a), json);
	arena_free(a);
}

/* libxml2 keeps its parser from one message to the next, so a first failure also makes it build a new one. */
static void test_every_allocation_of_libxml2_fails_once(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct span json = json_of_three_items(*state);
	uint32_t allocations = fail_each(a, span_of(three_items), xml_fail_at);

	assert_true(allocations > 3);
	arena_reset(a);
	assert_same_span(json_of_three_items(a), json);
	arena_free(a);
}

static void test_memory_runs_out_anywhere(void **state)
{
	struct span xml = span_of(three_items);
	struct msg_case c;

	for (size_t cap = 32 << 10; cap < 512 << 10; cap += 1777) {
		struct arena *a = arena_new(cap);

		read_in(a, &c, xml);
		if (c.err != ERR_NONE && c.err != ERR_LIMIT)
			fail_msg("%zu bytes: %s", cap, err_name(c.err));
		arena_free(a);
	}
	(void)state;
}

/* A copy without anything behind it, so that the sanitizer sees the first byte too many. */
static struct msg_case *read_exactly(struct arena *a, struct msg_case *c, const char *p, size_t n)
{
	char *copy = test_malloc(n ? n : 1);

	memcpy(copy, p, n);
	arena_reset(a);
	read_in(a, c, (struct span){copy, (uint32_t)n, 0});
	test_free(copy);
	return c;
}

static void test_truncated_at_every_byte(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct span json = json_of_three_items(*state);
	size_t complete = sizeof(three_items) - sizeof("\n");
	struct msg_case c;

	for (size_t n = 0; n < complete; n++)
		if (read_exactly(a, &c, three_items, n)->err == ERR_NONE)
			fail_msg("%zu bytes are read as a whole message", n);
	assert_int_equal(read_exactly(a, &c, three_items, complete)->err, ERR_NONE);
	for (size_t n = 0; n < json.n; n++)
		if (read_exactly(a, &c, json.p, n)->err == ERR_NONE)
			fail_msg("%zu bytes are read as a whole message", n);
	arena_free(a);
}

static void test_every_byte_changed(void **state)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct span json = json_of_three_items(*state);
	static const char bytes[] = {0, '<', '"', '\\', '\x80', '9', '{'};
	char *copy = arena_copy(*state, json.p, json.n), xml[sizeof(three_items)];
	struct msg_case c;

	memcpy(xml, three_items, sizeof(xml));
	for (size_t i = 0; i < sizeof(xml) - 1; i++) {
		xml[i] = bytes[i % sizeof(bytes)];
		read_exactly(a, &c, xml, sizeof(xml) - 1);
		xml[i] = three_items[i];
	}
	for (size_t i = 0; i < json.n; i++) {
		copy[i] = bytes[i % sizeof(bytes)];
		read_exactly(a, &c, copy, json.n);
		copy[i] = json.p[i];
	}
	arena_free(a);
}

/* The message in UTF-16, with a byte-order mark. */
static struct span utf16(struct arena *a, const char *text, bool big)
{
	struct text t = text_in(a);

	text_add(&t, big ? "\xfe\xff" : "\xff\xfe", 2);
	for (; *text; text++) {
		char pair[2] = {big ? 0 : *text, big ? *text : 0};

		text_add(&t, pair, 2);
	}
	return text_as_span(&t);
}

static void test_encodings(void **state)
{
	static const char plain[] =
	    "<Declaration><FunctionCode>9</FunctionCode><TypeCode>IMA</TypeCode></Declaration>";
	struct msg_case *c = msg_case_read(*state, utf16(*state, plain, false));

	assert_int_equal(c->err, ERR_NONE);
	assert_span(c->message.declaration.type, "IMA");
	c = msg_case_read(*state, utf16(*state, plain, true));
	assert_int_equal(c->err, ERR_NONE);
	assert_span(c->message.declaration.type, "IMA");
	/* Latin-1 that says so, and Latin-1 that says UTF-8. */
	c = msg_case_read(*state,
			  SPAN("<?xml version='1.0' "
			       "encoding='ISO-8859-1'?><Declaration><FunctionCode>9</FunctionCode>"
			       "<Agent><Name>Br\xe9\xe9</Name></Agent></Declaration>"));
	assert_int_equal(c->err, ERR_NONE);
	assert_span(c->message.declaration.agent.name, "Br\xc3\xa9\xc3\xa9");
	c = msg_case_read(*state,
			  SPAN("<?xml version='1.0' "
			       "encoding='UTF-8'?>\n<Declaration><FunctionCode>9</FunctionCode>"
			       "<Agent><Name>Br\xe9\xe9</Name></Agent></Declaration>"));
	assert_int_equal(c->err, ERR_FORMAT);
	assert_int_equal(c->fault.line, 2);
	c = msg_case_read(*state, SPAN("<?xml version='1.0' encoding='klingon'?><Declaration/>"));
	assert_int_equal(c->err, ERR_FORMAT);
	c = msg_case_read(*state, SPAN("{\"function\":\"\xe9\"}"));
	assert_int_equal(c->err, ERR_FORMAT);
}

static void test_entities_are_refused(void **state)
{
	static const char *const bombs[] = {
	    "<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b "
	    "\"&a;&a;&a;\">]><Declaration><ID>&b;</ID></Declaration>",
	    "<!DOCTYPE d [<!ENTITY a SYSTEM "
	    "\"file:///etc/passwd\">]><Declaration><ID>&a;</ID></Declaration>",
	    "<Declaration><ID>&a;</ID></Declaration>",
	};

	for (uint32_t i = 0; i < ARRAY_LEN(bombs); i++)
		assert_int_equal(msg_case_read(*state, span_of(bombs[i]))->err, ERR_FORMAT);
}

static struct span repeated(struct arena *a, const char *before, const char *what, uint32_t n,
			    const char *behind)
{
	struct text t = text_in(a);

	text_string(&t, before);
	for (uint32_t i = 0; i < n; i++)
		text_string(&t, what);
	text_string(&t, behind);
	return text_as_span(&t);
}

static void test_nesting_and_size(void **state)
{
	struct msg_case *c =
	    msg_case_read(*state, repeated(*state, "<Declaration>", "<Agent>", 10000, ""));

	assert_int_equal(c->err, ERR_LIMIT);
	c = msg_case_read(*state, repeated(*state, "{\"agent\":", "{\"agent\":", 10000, ""));
	assert_int_equal(c->err, ERR_LIMIT);
	/* As deep as XML may be, and all of it unknown. */
	c = msg_case_read(*state, repeated(*state, "<Declaration><FunctionCode>9</FunctionCode>",
					   "<x>", 62, "v"));
	assert_int_equal(c->err, ERR_FORMAT);
	c = msg_case_read(*state, repeated(*state, "{\"function\":\"9\",\"x\":\"", "y",
					   LIMIT_MESSAGE_BYTES, "\"}"));
	assert_int_equal(c->err, ERR_LIMIT);
	assert_true(c->fault.text[0] != 0);
}

/* Long names on long paths: each unmapped value repeats its path, so paths are cut. */
static void test_long_paths_are_cut(void **state)
{
	struct text t = text_in(*state);
	struct span name = repeated(*state, "n", "ame", 5000, "");
	struct msg_case *c;

	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode>");
	for (uint32_t i = 0; i < 20; i++)
		text_print(&t, "<%.*s>", SPAN_ARG(name));
	for (uint32_t i = 0; i < 2000; i++)
		text_string(&t, "<a/>");
	for (uint32_t i = 0; i < 20; i++)
		text_print(&t, "</%.*s>", SPAN_ARG(name));
	text_string(&t, "</Declaration>");
	c = msg_case_read(*state, text_as_span(&t));
	assert_int_equal(c->err, ERR_NONE);
	assert_int_equal(c->message.unmapped.n, LIMIT_UNMAPPED);
	for (uint32_t i = 0; i < c->message.unmapped.n; i++)
		assert_true(c->message.unmapped.v[i].path.n <= 1024);
}

static void test_numbers_of_ten_thousand_digits(void **state)
{
	struct msg_case *c = msg_case_read(
	    *state,
	    repeated(*state, "<Declaration><FunctionCode>9</FunctionCode><GoodsItemQuantity>", "9",
		     10000, "</GoodsItemQuantity></Declaration>"));

	assert_int_equal(c->err, ERR_NONE);
	assert_int_equal(c->findings.list.n, 1);
	assert_string_equal(finding_id(c->findings.list.v[0].rule), "decode.number-range");
	assert_true(c->findings.list.v[0].value[0].n <= 80);
	assert_false(c->message.declaration.item_count.set);
}

/* As many items as there may be, with twenty documents each. */
static void test_a_very_large_message_fits(void **state)
{
	struct text t = text_in(*state);
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct msg_case c;

	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode><GoodsShipment>");
	for (uint32_t i = 1; i <= LIMIT_ITEMS; i++) {
		text_print(&t, "<GovernmentAgencyGoodsItem><SequenceNumeric>%u</SequenceNumeric>",
			   i);
		for (uint32_t j = 0; j < 20; j++)
			text_string(&t, "<AdditionalDocument><ID>INV-2026-1234567</"
					"ID><TypeCode>935</TypeCode></AdditionalDocument>");
		text_string(&t, "</GovernmentAgencyGoodsItem>");
	}
	text_string(&t, "</GoodsShipment></Declaration>");
	assert_true(t.n > 1 << 20);
	read_in(a, &c, text_as_span(&t));
	if (c.err)
		fail_msg("%s: %zu bytes of memory for %zu of message", c.fault.text, arena_used(a),
			 t.n);
	assert_int_equal(c.message.declaration.shipment.items.v[998].documents.n, 20);
	arena_free(a);
}

/* Empty elements take far more memory than room in the message: the bound of the arena is the answer to that. */
static void test_empty_elements_cannot_take_the_machine(void **state)
{
	struct text t = text_in(*state);
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct msg_case c;

	text_string(&t, "<Declaration><FunctionCode>9</FunctionCode><GoodsShipment>");
	for (uint32_t i = 1; i <= LIMIT_ITEMS; i++) {
		text_print(&t, "<GovernmentAgencyGoodsItem><SequenceNumeric>%u</SequenceNumeric>",
			   i);
		for (uint32_t j = 0; j < 99; j++)
			text_string(&t, "<AdditionalDocument/>");
		for (uint32_t j = 0; j < 99; j++)
			text_string(&t, "<PreviousDocument/>");
		text_string(&t, "</GovernmentAgencyGoodsItem>");
	}
	text_string(&t, "</GoodsShipment></Declaration>");
	read_in(a, &c, text_as_span(&t));
	assert_int_equal(c.err, ERR_LIMIT);
	assert_non_null(strstr(c.fault.text, "memory"));
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_every_allocation_fails_once),
	    arena_test(test_every_allocation_of_libxml2_fails_once),
	    arena_test(test_memory_runs_out_anywhere),
	    arena_test(test_truncated_at_every_byte),
	    arena_test(test_every_byte_changed),
	    arena_test(test_encodings),
	    arena_test(test_entities_are_refused),
	    arena_test(test_nesting_and_size),
	    arena_test(test_long_paths_are_cut),
	    arena_test(test_numbers_of_ten_thousand_digits),
	    arena_test(test_a_very_large_message_fits),
	    arena_test(test_empty_elements_cannot_take_the_machine),
	};

	xml_start();
	return cmocka_run_group_tests_name("msg_torture", tests, NULL, NULL);
}
