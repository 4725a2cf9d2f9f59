/* tariff: rates in words. Each shape that the phrases know, in texts of our own, and what is refused. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "ref/ref.h"
#include "tariff/rate_text.h"

struct reading {
	struct arena *arena;
	struct span text;
	struct rate_text rate;
};

static void read_one(void *context)
{
	struct reading *r = context;

	r->rate = rate_text_read(r->arena, r->text, "USD");
}

static struct rate_text rate_of(struct arena *a, const char *text)
{
	struct reading r = {.arena = a, .text = span_of(text)};

	assert_int_equal(arena_run(a, read_one, &r), ERR_NONE);
	return r.rate;
}

static const struct {
	const char *text, *kind, *percent, *expression;
} shapes[] = {
    {"Free", "free", "0", "free"},
    {" free ", "free", "0", "free"},
    {"Free, under bond, as note 3 says", "free", "0", "free"},
    {"7.3%", "ad_valorem", "7.3", "7.3%"},
    {"7.3% on the entire set", "ad_valorem", "7.3", "7.3%"},
    {"5\xc2\xa2/kg", "specific", "", "0.05 USD / kg"},
    {"0.45\xc2\xa2/kg", "specific", "", "0.0045 USD / kg"},
    {"50\xc2\xa2/kg", "specific", "", "0.5 USD / kg"},
    {"$1.25/kg", "specific", "", "1.25 USD / kg"},
    {"$2/t", "specific", "", "2 USD / TNE"},
    {"3\xc2\xa2 each", "specific", "", "0.03 USD / NAR"},
    {"$3 each", "specific", "", "3 USD / NAR"},
    {"3\xc2\xa2/head", "specific", "", "0.03 USD / NAR"},
    {"3\xc2\xa2/doz.", "specific", "", "0.03 USD / DZN"},
    {"3\xc2\xa2/pr.", "specific", "", "0.03 USD / NPR"},
    {"3\xc2\xa2/bbl", "specific", "", "0.03 USD / BLL"},
    {"3\xc2\xa2/ liter", "specific", "", "0.03 USD / LTR"},
    {"3\xc2\xa2/pf.liter", "specific", "", "0.03 USD / PFL"},
    {"3\xc2\xa2/m\xc2\xb2", "specific", "", "0.03 USD / MTK"},
    {"$3/m3", "specific", "", "3 USD / MTQ"},
    {"3\xc2\xa2/gross", "specific", "", "0.03 USD / GRO"},
    {"3\xc2\xa2/1000", "specific", "", "0.03 USD / 1000 NAR"},
    {"3\xc2\xa2/1,000 pins + 2%", "compound", "2", "0.03 USD / 1000 NAR + 2%"},
    {"3\xc2\xa2/thousand + 2%", "compound", "2", "0.03 USD / MIL + 2%"},
    {"3\xc2\xa2/line/ gross + 2%", "compound", "2", "0.03 USD / GRL + 2%"},
    {"3\xc2\xa2/clean kg", "specific", "", "0.03 USD / KGM_CLEAN"},
    {"3\xc2\xa2/kg on drained weight", "specific", "", "0.03 USD / KGM_DRAINED"},
    {"3\xc2\xa2/kg of total sugars + 2%", "compound", "2", "0.03 USD / KGM_SUGARS + 2%"},
    {"3\xc2\xa2/kg on lead content", "specific", "", "0.03 USD / KGM_LEAD"},
    {"3\xc2\xa2/kg on copper content + 1\xc2\xa2/kg on lead content", "specific", "",
     "0.03 USD / KGM_COPPER + 0.01 USD / KGM_LEAD"},
    {"3\xc2\xa2/kg on contents and container", "specific", "", "0.03 USD / KGM_WITH_CONTAINER"},
    {"3\xc2\xa2/kg, including weight of container", "specific", "",
     "0.03 USD / KGM_WITH_CONTAINER"},
    {"9\xc2\xa2/liter + 8\xc2\xa2/pf. liter on ethyl alcohol content", "specific", "",
     "0.09 USD / LTR + 0.08 USD / PFL"},
    {"3\xc2\xa2/kg +2%", "compound", "2", "0.03 USD / kg + 2%"},
    {"$1.035/kg + 17.5%", "compound", "17.5", "1.035 USD / kg + 17.5%"},
    {"9\xc2\xa2/kg less 0.0123\xc2\xa2/kg for each degree under 100 degrees (and fractions of a "
     "degree in proportion) but not less than 4\xc2\xa2/kg",
     "specific", "", "0.09 USD / kg - 0.000123 USD / KGM_DEGREES_UNDER_100 min 0.04 USD / kg"},
    {"9\xc2\xa2 each + 2% + 3\xc2\xa2/jewel", "compound", "2",
     "0.09 USD / NAR + 2% + 0.03 USD / JWL"},
    {"9\xc2\xa2 each + 3\xc2\xa2/jewel over 7 + 5% on the case", "compound", "",
     "0.09 USD / NAR + 0.03 USD / JWL_OVER_7 + 5% of CASE"},
    {"9\xc2\xa2 each + 5% on the case + 6% on the strap, band or bracelet + 4% on the battery",
     "compound", "", "0.09 USD / NAR + 5% of CASE + 6% of STRAP + 4% of BATTERY"},
    {"5% on the movement and case+ 4% on the battery", "compound", "",
     "5% of MOVEMENT_AND_CASE + 4% of BATTERY"},
    {"5% on the value of the lead content", "other", "", "5% of LEAD"},
    {"3 percent of the fair retail value", "other", "", "3% retail"},
    {"The duty provided in the applicable subheading", "other", "", ""},
    {"The duty provided in the applicable subheading + 12%", "other", "12", ""},
    {"The duty rate provided in such subheading minus 5%", "other", "-5", ""},
    {"The rate applicable to the whole watch", "other", "", ""},
    {"No change", "other", "", ""},
    {"See 9999.01.02", "other", "", ""},
    /* what is not there must not be guessed */
    {"", "not_understood", "", ""},
    {"10", "not_understood", "", ""},
    {"10% or more", "not_understood", "", ""},
    {"10% +", "not_understood", "", ""},
    {"33 1/3%", "not_understood", "", ""},
    {"$5", "not_understood", "", ""},
    {"$5%", "not_understood", "", ""},
    {"5\xc2\xa2/0", "not_understood", "", ""},
    {"5\xc2\xa2/furlong", "not_understood", "", ""},
    {"5\xc2\xa2/kgs", "not_understood", "", ""},
    {"1%+1%+1%+1%+1%+1%", "not_understood", "", ""},
    {"12345678901234567890%", "not_understood", "", ""},
    {"0.1234567891%", "not_understood", "", ""},
    {"0.12345678\xc2\xa2/kg", "not_understood", "", ""},
    {"The duty provided in the applicable subheading + some", "not_understood", "", ""},
    {"freely", "not_understood", "", ""},
    {"1%+1%+1%+1%+1%", "ad_valorem", "", "1% + 1% + 1% + 1% + 1%"},
};

static void test_shapes(void **state)
{
	for (uint32_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct rate_text r = rate_of(*state, shapes[i].text);
		struct text percent = text_in(*state);
		char got[200];

		if (r.percent.set)
			decimal_write(&percent, r.percent);
		snprintf(got, sizeof(got), "%.*s", SPAN_ARG(r.expression));
		if (strcmp(rate_kind_name(r.kind), shapes[i].kind) ||
		    strcmp(got, shapes[i].expression) ||
		    !span_is(text_as_span(&percent), shapes[i].percent))
			fail_msg("\"%s\": %s, \"%.*s\", \"%s\"", shapes[i].text,
				 rate_kind_name(r.kind), SPAN_ARG(text_as_span(&percent)), got);
	}
}

/* What is said to be calculable is an expression of a pack, whose units are named. */
static void test_expressions_are_those_of_packs(void **state)
{
	uint32_t calculable = 0;

	for (uint32_t i = 0; i < ARRAY_LEN(shapes); i++) {
		struct rate_text r = rate_of(*state, shapes[i].text);
		struct duty_expression e;
		const char *why;
		uint32_t at;

		if (!r.calculable)
			continue;
		calculable++;
		if (duty_expression_parse(r.expression, &e, &why, &at))
			fail_msg("\"%s\": %s", shapes[i].text, why);
		for (uint32_t t = 0; t < e.terms; t++) {
			bool named = e.sum[t].kind != DUTY_PER_UNIT || span_is(e.sum[t].unit, "kg");

			for (uint32_t u = 0; !named && rate_unit(u); u++)
				named = span_is(e.sum[t].unit, rate_unit(u)->code);
			assert_true(named);
		}
	}
	assert_in_range(calculable, 35, ARRAY_LEN(shapes));
}

static void test_long_texts(void **state)
{
	char text[RATE_TEXT_BYTES + 2];

	memset(text, ' ', sizeof(text));
	text[sizeof(text) - 1] = 0;
	memcpy(text, "5%", 2);
	assert_int_equal(rate_of(*state, text).kind, RATE_NOT_UNDERSTOOD);
	text[RATE_TEXT_BYTES] = 0;
	assert_int_equal(rate_of(*state, text).kind, RATE_AD_VALOREM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_shapes),
	    arena_test(test_expressions_are_those_of_packs),
	    arena_test(test_long_texts),
	};

	return cmocka_run_group_tests_name("tariff/rate_text", tests, NULL, NULL);
}
