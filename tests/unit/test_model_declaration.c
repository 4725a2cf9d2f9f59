/* model/declaration: what a declaration asks for, and the codes that are put together from several fields. */
#include "model/declaration.h"
#include "unit.h"

static void test_direction(void **state)
{
	static const struct {
		const char *type;
		enum direction direction;
	} cases[] = {
	    {"IMA", DIRECTION_IMPORT},  {"IMZ", DIRECTION_IMPORT},  {"EXD", DIRECTION_EXPORT},
	    {"T1", DIRECTION_TRANSIT},  {"T2F", DIRECTION_TRANSIT}, {"TRA", DIRECTION_TRANSIT},
	    {"COR", DIRECTION_UNKNOWN}, {"I", DIRECTION_UNKNOWN},   {"", DIRECTION_UNKNOWN},
	    {"TSP", DIRECTION_UNKNOWN}, {"ima", DIRECTION_UNKNOWN},
	};
	struct declaration d = {0};

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		d.type = span_of(cases[i].type);
		if (declaration_direction(&d) != cases[i].direction)
			fail_msg("direction of %s", cases[i].type);
	}
}

static void test_function(void **state)
{
	struct pointer pointers[1] = {{.section = SPAN("42A")}};
	struct amendment amendments[1] = {{.reason = SPAN("1")}};
	struct declaration d = {.function = SPAN("9"), .type = SPAN("IMA")};

	(void)state;
	assert_int_equal(declaration_function(&d), FUNCTION_ORIGINAL);
	d.function = SPAN("13");
	assert_int_equal(declaration_function(&d), FUNCTION_UNKNOWN);
	d.type = SPAN("INV");
	assert_int_equal(declaration_function(&d), FUNCTION_CANCELLATION);
	d.type = SPAN("GPN");
	assert_int_equal(declaration_function(&d), FUNCTION_PRESENTATION);
	d.type = SPAN("GPR");
	assert_int_equal(declaration_function(&d), FUNCTION_PRESENTATION);
	d.type = SPAN("COR");
	assert_int_equal(declaration_function(&d), FUNCTION_AMENDMENT);
	d.amendments.v = amendments;
	d.amendments.n = 1;
	assert_int_equal(declaration_function(&d), FUNCTION_CANCELLATION);
	amendments[0].reason = SPAN("32");
	assert_int_equal(declaration_function(&d), FUNCTION_AMENDMENT);
	amendments[0].reason = SPAN("1");
	amendments[0].pointers.v = pointers;
	amendments[0].pointers.n = 1;
	assert_int_equal(declaration_function(&d), FUNCTION_AMENDMENT);
	d.function = SPAN("4");
	assert_int_equal(declaration_function(&d), FUNCTION_UNKNOWN);
}

static void test_commodity_code(void **state)
{
	static const struct {
		struct classification given[3];
		const char *code;
	} cases[] = {
	    {{{.id = SPAN("85102000"), .type = SPAN("TSP")},
	      {.id = SPAN("00"), .type = SPAN("TRC")},
	      {.id = SPAN("VATZ"), .type = SPAN("GN")}},
	     "8510200000"},
	    {{{.id = SPAN("10"), .type = SPAN("TRC")},
	      {.id = SPAN("2402.20.90"), .type = SPAN("TSP")},
	      {.id = SPAN("1234"), .type = SPAN("GN")}},
	     "2402209010"},
	    {{{.id = SPAN("01012100"), .type = SPAN("HS")}}, "01012100"},
	    {{{.id = SPAN("0101 21 00")}}, "01012100"},
	    {{{.id = SPAN("12345678")}, {.id = SPAN("01012100"), .type = SPAN("TSP")}}, "01012100"},
	    {{{.id = SPAN("01012100"), .type = SPAN("TSP")},
	      {.id = SPAN("X1"), .type = SPAN("TRC")}},
	     "01012100"},
	    {{{.id = SPAN("1234"), .type = SPAN("GN")}}, ""},
	    {{{.id = SPAN("10"), .type = SPAN("TRC")}}, ""},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct classification given[3];
		struct goods_item item = {0};

		memcpy(given, cases[i].given, sizeof(given));
		item.commodity.classifications.v = given;
		while (item.commodity.classifications.n < 3 &&
		       given[item.commodity.classifications.n].id.n)
			item.commodity.classifications.n++;
		assert_span(goods_item_code(*state, &item), cases[i].code);
	}
}

static void test_document_code(void **state)
{
	struct document d = {.category = SPAN("C"), .type = SPAN("506")};

	assert_span(document_code(*state, &d), "C506");
	d.category = (struct span){0};
	assert_span(document_code(*state, &d), "506");
	d.type = (struct span){0};
	assert_int_equal(document_code(*state, &d).n, 0);
}

static void test_origin(void **state)
{
	struct origin origins[2] = {{.country = SPAN("CN"), .type = SPAN("1")},
				    {.country = SPAN("KR"), .type = SPAN("2")}};
	struct goods_item item = {.origins = {.v = origins, .n = 2}};

	(void)state;
	assert_span(goods_item_origin(&item, false), "CN");
	assert_span(goods_item_origin(&item, true), "KR");
	item.origins.n = 1;
	assert_span(goods_item_origin(&item, true), "CN");
	origins[0].type = (struct span){0};
	assert_span(goods_item_origin(&item, false), "CN");
	origins[0].type = SPAN("2");
	assert_int_equal(goods_item_origin(&item, false).n, 0);
	item.origins.n = 0;
	assert_int_equal(goods_item_origin(&item, true).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_direction), cmocka_unit_test(test_function),
	    arena_test(test_commodity_code),  arena_test(test_document_code),
	    cmocka_unit_test(test_origin),
	};

	return cmocka_run_group_tests_name("model_declaration", tests, NULL, NULL);
}
