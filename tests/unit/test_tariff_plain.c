/* tariff: plain tables with their faults by cell, and answers of the British interface, of our own making. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "tariff/plain_csv.h"
#include "tariff/uk_json.h"

struct reading {
	struct tariff tariff;
	struct span bytes;
	enum err (*read)(struct tariff *t, struct span bytes, struct codec_fault *fault);
	struct codec_fault fault;
	enum err err;
};

static void read_all(void *context)
{
	struct reading *r = context;

	r->err = r->read(&r->tariff, r->bytes, &r->fault);
}

static struct reading *read_with(struct arena *a, const char *text,
				 enum err (*read)(struct tariff *t, struct span bytes,
						  struct codec_fault *fault))
{
	struct reading *r = arena_try(a, sizeof(*r));

	assert_non_null(r);
	r->tariff.arena = a;
	r->tariff.name = "test";
	r->bytes = span_of(text);
	r->read = read;
	assert_int_equal(arena_run(a, read_all, r), ERR_NONE);
	return r;
}

/* ---- csv ---- */

#define HEAD "code,text_en,unit,rate,area,preference,from,to\n"

static void test_table(void **state)
{
	struct reading *r = read_with(*state,
				      HEAD "01,Animals,,,,,,\n"
					   "0101,Horses,NAR,5%,,,,\n"
					   "0101,,,free,XM,300,2026-01-01,2026-12-31\n"
					   "010110,Small ones,NAR,3 XLD / NAR + 2%,,,,\n",
				      plain_csv_read);
	const struct tariff *t = &r->tariff;

	assert_int_equal(r->err, ERR_NONE);
	assert_false(t->refused);
	assert_int_equal(t->commodities.n, 3);
	assert_false(t->commodities.v[0].declarable || t->commodities.v[1].declarable);
	assert_true(t->commodities.v[2].declarable);
	assert_int_equal(t->measures.n, 3);
	assert_span(t->measures.v[0].area, "*");
	assert_span(t->measures.v[1].preference, "300");
	assert_int_equal(t->measures.v[1].line, 4);
	assert_int_equal(t->lines.n, 2);
	assert_int_equal(t->rates[RATE_AD_VALOREM], 1);
	assert_int_equal(t->rates[RATE_COMPOUND], 1);
}

static void test_faults_by_cell(void **state)
{
	static const struct {
		const char *row;
		uint32_t column;
		const char *why;
	} faults[] = {
	    {"0,x,,,,,,\n", 1, "a commodity code has 2, 4, 6, 8 or 10 digits"},
	    {"01o1,x,,,,,,\n", 1, "a commodity code has 2, 4, 6, 8 or 10 digits"},
	    {"0101,,,,,,,\n", 6, "the first row of a code says what it is"},
	    {"0101,x,,5 bananas,,,,\n", 11,
	     "% or a currency of three capital letters is expected here"},
	    {"0101,x,two words,,,,,\n", 8, "a code has no blanks in it"},
	    {"0101,x,,,,,2026-02-30,\n", 12, "not a day of the calendar, written as 2026-11-22"},
	    {"0101,x,,,,,2026-02-02,2026-02-01\n", 23, "the last day lies before the first"},
	};

	for (uint32_t i = 0; i < ARRAY_LEN(faults); i++) {
		char text[200];
		struct reading *r;

		snprintf(text, sizeof(text), HEAD "%s", faults[i].row);
		r = read_with(*state, text, plain_csv_read);
		assert_true(r->tariff.refused);
		assert_int_equal(r->tariff.left.n, 1);
		assert_int_equal(r->tariff.left.v[0].line, 2);
		assert_int_equal(r->tariff.left.v[0].column, faults[i].column);
		assert_string_equal(r->tariff.left.v[0].why, faults[i].why);
	}
	assert_int_equal(read_with(*state, "code,colour\n", plain_csv_read)->err, ERR_FORMAT);
	assert_int_equal(read_with(*state, "text_en\nx\n", plain_csv_read)->err, ERR_FORMAT);
}

/* However many cells are wrong, what is said of them is bounded. */
static void test_many_faults(void **state)
{
	struct text text = text_in(*state);
	struct reading *r;

	text_string(&text, HEAD);
	for (uint32_t i = 0; i < 3 * LIMIT_PACK_FAULTS; i++)
		text_string(&text, "x,,,,,,,\n");
	text_char(&text, 0);
	r = read_with(*state, text.p, plain_csv_read);
	assert_int_equal(r->tariff.left.n, LIMIT_PACK_FAULTS);
}

/* ---- uk-json ---- */

#define AREA(id) "\"geographical_area\":{\"id\":\"" id "\"}"
#define TYPE(id, series)                                                                           \
	"\"measure_type\":{\"id\":\"" id "\",\"measure_type_series_id\":\"" series "\"}"
#define PART(id, amount, money, unit)                                                              \
	"{\"duty_expression_id\":\"" id "\",\"duty_amount\":" amount                               \
	",\"monetary_unit_code\":" money ",\"measurement_unit_code\":" unit                        \
	",\"measurement_unit_qualifier_code\":null}"
#define MEASURE(id, type, series, area, parts)                                                     \
	"{\"id\":" id                                                                              \
	"," TYPE(type, series) "," AREA(area) ",\"measure_components\":[" parts                    \
					      "],\"measure_conditions\":[],\"effective_start_"     \
					      "date\":\"2021-01-01T00:00:00.000Z\"}"

// clang-format off
static const char answer[] =
    "{\"goods_nomenclature_item_id\":\"9801203000\",\"declarable\":true,"
    "\"description\":\"Red kites\",\"chapter\":{\"goods_nomenclature_item_id\":\"9800000000\","
    "\"description\":\"Toys\"},\"heading\":{\"goods_nomenclature_item_id\":\"9801000000\","
    "\"description\":\"Kites\"},\"ancestors\":[{\"goods_nomenclature_item_id\":"
    "\"9801200000\",\"producline_suffix\":\"10\",\"description\":\"group\"},"
    "{\"goods_nomenclature_item_id\":\"9801200000\",\"producline_suffix\":\"80\","
    "\"description\":\"Of silk\"}],\"import_measures\":[\n"
    MEASURE("11", "103", "C", "1011", PART("01", "4.50", "null", "null")) ",\n"
    MEASURE("12", "142", "C", "NP", PART("01", "0.0", "null", "null")) ",\n"
    MEASURE("13", "306", "Q", "1011",
	    PART("01", "10.0", "null", "\"RET\"") "," PART("04", "2.25", "\"GBP\"", "\"MIL\"")) ",\n"
    MEASURE("14", "552", "D", "1008",
	    PART("01", "5.0", "null", "null") "," PART("15", "1.5", "\"GBP\"", "\"KGM\"") ","
	    PART("17", "9.0", "\"GBP\"", "\"TNE\"")) ",\n"
    MEASURE("15", "109", "O", "1011", PART("99", "null", "null", "\"NAR\"")) ",\n"
    MEASURE("16", "277", "A", "XS", "") ",\n"
    MEASURE("17", "103", "C", "1011", PART("12", "null", "null", "null"))
    "]}";
// clang-format on

static void test_answer(void **state)
{
	struct reading *r = read_with(*state, answer, uk_json_read);
	const struct tariff *t = &r->tariff;

	assert_int_equal(r->err, ERR_NONE);
	assert_int_equal(t->commodities.n, 4);
	assert_span(t->commodities.v[0].code, "98");
	assert_span(t->commodities.v[2].code, "980120");
	assert_span(t->commodities.v[2].text_en, "Of silk");
	assert_span(t->commodities.v[3].unit, "NAR");
	assert_true(t->commodities.v[3].declarable);
	assert_int_equal(t->measures.n, 4);
	assert_span(t->measures.v[0].expression, "4.5%");
	assert_span(t->measures.v[0].area, "*");
	assert_span(t->measures.v[0].from, "2021-01-01");
	assert_span(t->measures.v[0].id, "UK11");
	assert_int_equal(t->measures.v[0].line, 2);
	assert_span(t->measures.v[1].preference, "300");
	assert_span(t->measures.v[2].expression, "10% retail + 2.25 GBP / MIL");
	assert_int_equal(t->measures.v[2].kind, TARIFF_EXCISE);
	assert_span(t->measures.v[3].expression, "5% min 1.5 GBP / kg max 9 GBP / TNE");
	assert_int_equal(t->measures.v[3].kind, TARIFF_DUMPING);
	assert_int_equal(t->left.n, 2);
	assert_span(t->left.v[0].text, "277");
	assert_int_equal(t->lines.n, 1);
}

/* The same commodity again adds nothing. */
static void test_answer_twice(void **state)
{
	struct reading *r = read_with(*state, answer, uk_json_read);

	assert_int_equal(arena_run(*state, read_all, r), ERR_NONE);
	assert_int_equal(r->err, ERR_NONE);
	assert_int_equal(r->tariff.measures.n, 4);
	assert_int_equal(r->tariff.left.n, 3);
}

static void test_no_answer(void **state)
{
	static const char *const texts[] = {
	    "", "[]", "{}", "{\"goods_nomenclature_item_id\":\"01\"}",
	    "{\"goods_nomenclature_item_id\":\"0101000000\",\"import_measures\":{}}"};

	for (uint32_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct reading *r = read_with(*state, texts[i], uk_json_read);

		assert_int_equal(r->err, ERR_FORMAT);
		assert_non_null(r->fault.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_table),  arena_test(test_faults_by_cell), arena_test(test_many_faults),
	    arena_test(test_answer), arena_test(test_answer_twice),   arena_test(test_no_answer),
	};

	return cmocka_run_group_tests_name("tariff/plain", tests, NULL, NULL);
}
