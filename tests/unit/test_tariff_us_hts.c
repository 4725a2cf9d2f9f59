/* tariff: the schedule of the United States, in a table of our own; and, when it is there, the real one (CUSTOMHOUSE_SHARED). */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tariff/us_hts.h"

#define HEAD                                                                                       \
	"HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of "     \
	"Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"

struct reading {
	struct tariff tariff;
	struct span bytes;
	struct codec_fault fault;
	enum err err;
	struct text report;
};

static void read_all(void *context)
{
	struct reading *r = context;

	r->err = us_hts_read(&r->tariff, r->bytes, &r->fault);
	r->report = text_in(r->tariff.arena);
	if (!r->err)
		tariff_report(&r->tariff, &r->report);
}

static struct reading *read_bytes(struct arena *a, struct span bytes)
{
	struct reading *r = arena_try(a, sizeof(*r));

	assert_non_null(r);
	r->tariff.arena = a;
	r->tariff.name = "us-hts test";
	r->bytes = bytes;
	assert_int_equal(arena_run(a, read_all, r), ERR_NONE);
	return r;
}

static struct reading *read_rows(struct arena *a, const char *rows)
{
	return read_bytes(a, span_of(rows));
}

static const struct tariff_measure *measure(const struct reading *r, const char *commodity,
					    const char *preference, const char *area)
{
	for (uint32_t i = 0; i < r->tariff.measures.n; i++) {
		const struct tariff_measure *m = &r->tariff.measures.v[i];

		if (span_is(m->commodity, commodity) && span_is(m->preference, preference) &&
		    span_is(m->area, area))
			return m;
	}
	return NULL;
}

static const struct tariff_commodity *commodity(const struct reading *r, const char *code)
{
	for (uint32_t i = 0; i < r->tariff.commodities.n; i++)
		if (span_is(r->tariff.commodities.v[i].code, code))
			return &r->tariff.commodities.v[i];
	return NULL;
}

static const char small[] =
    HEAD "9801,0,Kites:,,,,,,\n"
	 ",1,Of paper:,,4.5%,Free (AU),20%,,\n"
	 "9801.10.00,2,Small,,,,,,\n"
	 "9801.10.00.10,3,Red,\"[\"\"No.\"\",\"\"kg\"\"]\",,,,,\n"
	 "9801.20.00,1,Of silk,\"[\"\"kg\"\"]\",3\xc2\xa2/kg,\"Free (AU,S) 1\xc2\xa2/kg (KR) See "
	 "9999.01.02 (PE) 2% (QQ)\",10\xc2\xa2/kg,,\n"
	 "9801.30.00.00,1,Of straw,\"[\"\"doz.\"\",\"\"kg\"\"]\",2% of the moon,,,,\n"
	 "9801.90.00.00,1,Other,,,,,,\n";

static void test_lines(void **state)
{
	struct reading *r = read_rows(*state, small);
	struct tariff *t = &r->tariff;

	assert_int_equal(r->err, ERR_NONE);
	assert_int_equal(t->lines.n, 4);
	assert_span(t->lines.v[0].code, "98011000");
	assert_span(t->lines.v[0].general.text, "4.5%");
	assert_true(t->lines.v[0].inherited);
	assert_int_equal(t->lines.v[0].line, 4);
	assert_int_equal(t->lines.v[0].general.text.line, 3);
	assert_false(t->lines.v[1].inherited);
	assert_span(t->lines.v[2].code, "98013000");
	assert_int_equal(t->lines.v[2].general.rate.kind, RATE_NOT_UNDERSTOOD);
	assert_int_equal(t->rates[RATE_AD_VALOREM], 1);
	assert_int_equal(t->rates[RATE_SPECIFIC], 1);
	assert_int_equal(t->rates[RATE_NOT_UNDERSTOOD], 1);
	assert_int_equal(t->without_rate, 1);
}

static void test_nomenclature(void **state)
{
	struct reading *r = read_rows(*state, small);

	assert_int_equal(r->tariff.commodities.n, 7); /* one is the chapter */
	assert_false(commodity(r, "98")->declarable || commodity(r, "9801")->declarable);
	assert_false(commodity(r, "98011000")->declarable);
	assert_true(commodity(r, "9801100010")->declarable);
	assert_true(commodity(r, "98012000")->declarable);
	assert_true(commodity(r, "9801900000")->declarable);
	assert_span(commodity(r, "9801")->text_en, "Kites");
	assert_span(commodity(r, "9801100010")->unit, "NAR");
	assert_span(commodity(r, "98012000")->unit, "");
	assert_span(commodity(r, "9801300000")->unit, "DZN");
}

static void test_measures(void **state)
{
	struct reading *r = read_rows(*state, small);

	/* a row without number hands its rates to the first that has one, and to nobody else */
	assert_span(measure(r, "98011000", "", "*")->expression, "4.5%");
	assert_null(measure(r, "9801100010", "", "*"));
	assert_int_equal(measure(r, "98011000", "", "*")->line, 3);
	assert_span(measure(r, "98011000", "AU", "AU")->expression, "free");
	assert_span(measure(r, "98012000", "", "US_COLUMN_2")->expression, "0.1 USD / kg");
	assert_span(measure(r, "98012000", "S", "US_USMCA")->expression, "free");
	assert_span(measure(r, "98012000", "KR", "KR")->expression, "0.01 USD / kg");
	assert_null(measure(r, "9801300000", "", "*"));
	/* 9801.20: the reference to another line, the unknown symbol; 9801.30: the moon */
	assert_int_equal(r->tariff.left.n, 3);
	assert_span(r->tariff.left.v[1].text, "QQ");
	assert_int_equal(r->tariff.left.v[1].line, 6);
	assert_span(r->tariff.left.v[2].text, "2% of the moon");
}

static void test_report(void **state)
{
	struct reading *r =
	    read_rows(*state, HEAD
		      "9801.10.00,0,Kites,,5\xc2\xa2/kg + 2%,Free (A),,,\n9801.20.00,0,x,,,,,,\n");

	assert_span(
	    text_as_span(&r->report),
	    "{\"code\":\"98011000\",\"rate_text\":\"5\xc2\xa2/kg + 2%\",\"kind\":\"compound\","
	    "\"ad_valorem_percent\":\"2\",\"expression\":\"0.05 USD / kg + 2%\","
	    "\"inherited\":false,\"line\":2,\"special\":[{\"rate_text\":\"Free\",\"kind\":"
	    "\"free\",\"ad_valorem_percent\":\"0\",\"expression\":\"free\",\"programmes\":"
	    "[\"A\"]}]}\n"
	    "{\"code\":\"98012000\",\"rate_text\":\"\",\"kind\":\"other\","
	    "\"ad_valorem_percent\":null,\"expression\":null,\"inherited\":false,\"line\":3}\n");
}

static void test_hostile(void **state)
{
	struct reading *r = read_rows(*state, "HTS Number,Indent\n1,2\n");

	assert_int_equal(r->err, ERR_FORMAT);
	assert_span(span_of(r->fault.text), "there is no column \"Description\"");
	r = read_rows(*state, HEAD "9801.10.00,99,deep,,,,,,\n"
				   "9801.10.00,-1,x,,,,,,\n"
				   "98o1.10.00,1,x,,,,,,\n"
				   "98,1,x,,,,,,\n"
				   "9801.10.00,32,once,,2%,((),,,\n"
				   "9801.10.00,1,twice,,3%,,,,\n");
	assert_int_equal(r->err, ERR_NONE);
	assert_int_equal(r->tariff.lines.n, 1);
	assert_int_equal(r->tariff.measures.n, 1);
	assert_int_equal(r->tariff.left.n, 6);
	r = read_rows(*state, HEAD "9801.10.00,0,x,,\"2%\n");
	assert_int_equal(r->err, ERR_FORMAT);
	assert_int_equal(r->fault.line, 2);
	assert_int_equal(read_rows(*state, HEAD)->tariff.lines.n, 0);
}

/* The edition of 2025: every general rate is understood but two, which are conditions in words. */
static void test_real_schedule(void **state)
{
	const char *shared = getenv("CUSTOMHOUSE_SHARED");
	struct arena *a = arena_new((size_t)1 << 30);
	char path[4096];
	char *bytes = malloc(8 << 20);
	FILE *f = NULL;
	size_t n = 0;
	struct reading *r;

	(void)state;
	assert_true(a && bytes);
	snprintf(path, sizeof(path), "%s/tariff/us-hts/hts_2025_basic_edition.csv",
		 shared ? shared : "../shared/data");
	f = fopen(path, "rbe");
	if (f) {
		n = fread(bytes, 1, 8 << 20, f);
		fclose(f);
		r = read_bytes(a, (struct span){bytes, (uint32_t)n, 1});
		assert_int_equal(r->err, ERR_NONE);
		assert_int_equal(r->tariff.rows, 35859);
		assert_int_equal(r->tariff.lines.n, 15230);
		assert_int_equal(r->tariff.without_rate, 1619);
		assert_int_equal(r->tariff.rates[RATE_FREE], 5978);
		assert_int_equal(r->tariff.rates[RATE_AD_VALOREM], 6213);
		assert_int_equal(r->tariff.rates[RATE_SPECIFIC], 777);
		assert_int_equal(r->tariff.rates[RATE_COMPOUND], 412);
		assert_int_equal(r->tariff.rates[RATE_OTHER], 229);
		assert_int_equal(r->tariff.rates[RATE_NOT_UNDERSTOOD], 2);
	}
	free(bytes);
	arena_free(a);
	if (!f)
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_lines),    arena_test(test_nomenclature),
	    arena_test(test_measures), arena_test(test_report),
	    arena_test(test_hostile),  cmocka_unit_test(test_real_schedule),
	};

	return cmocka_run_group_tests_name("tariff/us_hts", tests, NULL, NULL);
}
