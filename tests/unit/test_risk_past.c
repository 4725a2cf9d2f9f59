/* risk: what rules ask of the past, their faults, the words for officers; the rows that histories are kept in, and bytes that are
 * none. Whole histories beside a naive reckoning are in test_hub_history.c. */
#include <math.h>

#include "base/prng.h"
#include "risk/history.h"
#include "risk_case.h"

#define HEAD "rule A \"a\" from 2026-01-01 owner \"us\" when "
#define TAIL " then red because \"y\""

/* ---- the language ---- */

static void add(struct risk_case *c, struct history_fact fact, const char *subject)
{
	fact.subject = span_of(subject);
	facts_add_history(c->arena, &c->facts, &fact);
}

/* A telephone of 100 kg for 500, where such goods cost 20 a kilogram. */
static struct history_window windows[] = {{30, 11, 1234567}, {7, 2, 100}};
static struct history_quantile quantiles[] = {{250, {.units = 150000, .scale = 4, .set = true}},
					      {500, {.units = 200000, .scale = 4, .set = true}}};

static void fill(void *context)
{
	struct risk_case *c = context;

	add(c,
	    (struct history_fact){.declared = 50,
				  .examined = 24,
				  .irregular = 3,
				  .examined_recent = 20000,
				  .irregular_recent = 3000,
				  .windows = {windows, 2, 2}},
	    "importer/P1");
	add(c, (struct history_fact){.declared = 0}, "pair/P1/85171300");
	add(c, (struct history_fact){.declared = 7, .examined = 1, .examined_recent = 400},
	    "heading/8517");
	add(c,
	    (struct history_fact){.prices = 148,
				  .median = decimal_of(20000000, 6),
				  .deviation = decimal_of(1000000, 6),
				  .quantiles = {quantiles, 2, 2}},
	    "prices/85171300/XM");
}

static struct risk_case *past_case(void **state)
{
	struct risk_case *c = risk_case(state);

	risk_case_code(c, 0, "85171300");
	c->items[0].origins.v = arena_try(c->arena, sizeof(struct origin));
	assert_non_null(c->items[0].origins.v);
	c->items[0].origins.n = 1;
	c->items[0].origins.v[0] = (struct origin){.country = SPAN("XM"), .type = SPAN("1")};
	c->items[0].commodity.net_mass.value = number("100");
	c->values[0].customs_value.minor = 500000;
	c->facts.importer = (struct party_history){50, 30, 3, 4, 1000};
	assert_int_equal(arena_run(c->arena, fill, c), ERR_NONE);
	return c;
}

#define HIT(when)  assert_true(risk_case_hits(c, when))
#define MISS(when) assert_false(risk_case_hits(c, when))

static void test_what_rules_ask(void **state)
{
	struct risk_case *c = past_case(state);

	/* (3000 * 10^6 + 10 * 1000 * 20000) / (20000 + 10 * 1000), in a million */
	HIT("importer.rate = 0.106666");
	HIT("importer.rate > 10%");
	MISS("importer.rate > 10.7%");
	HIT("item.heading_rate < 2%");
	MISS("item.chapter_rate >= 0"); /* not known */
	HIT("item.first_time and not importer.first_time");
	MISS("declarant.first_time");         /* there is none */
	HIT("count(importer, 30 days) = 15"); /* today's four among them */
	HIT("count(importer, 7 days) > 5");
	HIT("sum(importer, 30 days) = 1235.567");
	MISS("count(importer, 8 days) >= 0"); /* the facts do not say */
	HIT("item.unit_price < 0.4 * band(0.25)");
	HIT("item.unit_price < band(0.5)");
	HIT("item.price_median = 20");
	HIT("item.prices >= 100 and item.price_deviation = 1");
	HIT("item.unit_price < 0.5 * item.price_median");
	HIT("count(where item.unit_price < band(0.25)) = 1");
	c->facts.history.v[3].prices = 9; /* of so few nothing is usual */
	MISS("item.unit_price < band(0.25)");
	MISS("item.price_median > 0");
	HIT("item.prices = 9");
}

static void assert_faults(struct risk_case *c, const char *rules, const char *want)
{
	assert_int_equal(risk_case_compile(c, rules), ERR_FORMAT);
	assert_string_equal(risk_case_faults(c), want);
}

static void test_faults(void **state)
{
	struct risk_case *c = past_case(state);
	char many[4000];
	size_t n = 0;

	assert_faults(c, HEAD "importer.first_time = 1" TAIL,
		      "a.rules:1:64: rule.type: A: \"importer.first_time\" is yes or no: it stands "
		      "alone, or behind not\n"
		      "a.rules:1:64: rule.syntax: A: the word then should stand before \"=\"\n");
	assert_faults(c, HEAD "importer.rate = \"x\"" TAIL,
		      "a.rules:1:60: rule.type: A: the field is a number, and \"x\" is a text\n");
	assert_faults(c, HEAD "importer.rate > 0.00000001%" TAIL,
		      "a.rules:1:60: rule.number: A: \"0.00000001\" per cent has too many "
		      "decimals\n");
	assert_faults(
	    c, HEAD "count(importer, 93 days) > 1" TAIL,
	    "a.rules:1:60: rule.number: A: \"93\" is not a whole number of days from 1 to "
	    "92\n");
	assert_faults(
	    c, HEAD "count(importer, 1.5 days) > 1" TAIL,
	    "a.rules:1:60: rule.number: A: \"1.5\" is not a whole number of days from 1 to "
	    "92\n");
	assert_faults(c, HEAD "count(exporter and item.commodity, 3 days) > 1" TAIL,
		      "a.rules:1:63: rule.syntax: A: importer and item.commodity should stand "
		      "before \"item.commodity\"\n");
	assert_faults(
	    c, HEAD "count(importer, 3 weeks) > 1" TAIL,
	    "a.rules:1:62: rule.syntax: A: the word days should stand before \"weeks\"\n");
	assert_faults(c, HEAD "item.unit_price < band(1.001)" TAIL,
		      "a.rules:1:67: rule.number: A: \"1.001\" is not a number from 0 to 1 with at "
		      "most three decimals\n");
	assert_faults(
	    c, HEAD "item.origin < band(0.5)" TAIL,
	    "a.rules:1:58: rule.type: A: the field is a text, and \"band\" is a number\n");
	for (int i = 1; i <= HISTORY_WINDOWS + 1; i++)
		n += (size_t)snprintf(many + n, sizeof(many) - n,
				      "rule A%02d \"a\" from 2026-01-01 owner \"us\" when "
				      "count(importer, %d days) > 1 then red because \"y\"\n",
				      i, i);
	assert_faults(
	    c, many,
	    "a.rules:17:46: rule.limit: A17: a pack may ask for no more than 16 different "
	    "numbers of days\n");
}

static const char *said(struct risk_case *c, const char *when)
{
	const struct selection *s;

	risk_case_when(c, when, "red");
	s = risk_case_select(c);
	assert_int_equal(s->reasons.n, 1);
	return arena_print(c->arena, "%.*s", SPAN_ARG(s->reasons.v[0].past));
}

static void test_words(void **state)
{
	struct risk_case *c = past_case(state);

	assert_string_equal(said(c, "item.unit_price < band(0.25) and item.prices > 30"),
			    "unit price 75 % below the usual one for this code and origin (median "
			    "20.00, n = 148)");
	assert_string_equal(
	    said(c, "importer.rate > 5% and item.first_time"),
	    "3 of 24 controlled cases of the importer irregular, rate 10.6 %; first declaration of "
	    "the importer with this code");
	assert_string_equal(said(c, "count(importer, 30 days) > 10"),
			    "15 declarations of the importer in 30 days");
	assert_string_equal(said(c, "sum(importer, 30 days) > 10"),
			    "goods of the importer worth 1235.567 in 30 days");
	assert_string_equal(said(c, "declaration.items >= 1"), "");
}

/* ---- rows ---- */

static void test_decay(void **state)
{
	(void)state;
	assert_int_equal(history_decay(1 << 16, 0), 1 << 16);
	assert_int_equal(history_decay(1 << 16, HISTORY_HALF_LIFE), 1 << 15);
	assert_int_equal(history_decay(1 << 16, 4 * HISTORY_HALF_LIFE), 1 << 12);
	assert_int_equal(history_decay(INT64_MAX, 100 * HISTORY_HALF_LIFE), 0);
	assert_int_equal(history_decay(-1, 5), -1);
	for (int day = 0; day < 1000; day++) {
		double want = ldexp(1, 30) * pow(0.5, day / 180.0);

		assert_true(fabs((double)history_decay(1 << 30, day) - want) <= 2);
	}
}

static void test_prices_in_three_digits(void **state)
{
	static const int64_t units[] = {1, 99, 100, 12345, 999999, 1000000, INT64_MAX};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		double price = (double)units[i] / 10000,
		       kept =
			   (double)history_price_unpack(history_price_pack(decimal_of(units[i], 4)))
			       .units /
			   1000000;

		if (units[i] == INT64_MAX)
			assert_true(kept > 9e12);
		else
			assert_true(kept <= price && kept >= price * 0.99);
	}
	for (int64_t i = 1; i < 100000; i += 7)
		assert_true(history_price_pack(decimal_of(i, 2)) <=
			    history_price_pack(decimal_of(i + 1, 2)));
}

static uint32_t below(struct prng *p, uint32_t n)
{
	return (uint32_t)prng_below(p, n);
}

static void live(struct history_row *r, uint64_t *seed, int days)
{
	struct prng p = prng_of((*seed)++, 0);

	for (int i = 0; i < days; i++) {
		int32_t day = 20000 + 3 * i;

		for (uint32_t n = below(&p, 4); n-- > 0;) {
			history_declare(r, day, (int64_t)below(&p, 100000));
			history_price(r, day, decimal_of(1 + (int64_t)below(&p, 5000), 2));
		}
		if (below(&p, 3) == 0)
			history_control(r, day, true, below(&p, 2));
	}
}

static void test_rows_come_back(void **state)
{
	struct history_row *r = arena_try(*state, sizeof(*r)),
			   *back = arena_try(*state, sizeof(*r));
	struct text bytes = text_in(*state), again = text_in(*state);
	uint64_t seed = 1;

	assert_non_null(r);
	assert_non_null(back);
	history_begin(r);
	live(r, &seed, 400);
	assert_int_equal(r->prices_before.n, HISTORY_PRICES_MAX);
	assert_true(r->day_count <= HISTORY_DAYS);
	history_write(&bytes, r);
	assert_int_equal(history_read(text_as_span(&bytes), back), ERR_NONE);
	history_write(&again, back);
	assert_true(span_equal(text_as_span(&bytes), text_as_span(&again)));
}

/* Bytes of a damaged store: refused, or a row that can be used. */
static void test_damaged_rows(void **state)
{
	struct history_row *r = arena_try(*state, sizeof(*r));
	const struct history_row *rows[] = {r};
	const struct history_asked asked = {.days = {30},
					    .days_count = 1,
					    .permille = {500},
					    .permille_count = 1,
					    .window_kind = {true}};
	struct text bytes = text_in(*state);
	struct prng p = prng_of(5, 0);
	uint64_t seed = 2;
	char *copy;

	assert_non_null(r);
	history_begin(r);
	live(r, &seed, 60);
	history_write(&bytes, r);
	copy = arena_copy(*state, bytes.p, bytes.n);
	for (int i = 0; i < 20000; i++) {
		uint32_t n = below(&p, 2) ? (uint32_t)bytes.n : below(&p, (uint32_t)bytes.n + 1);
		struct history_fact f = {.subject = SPAN("x")};
		struct arena *once;

		memcpy(copy, bytes.p, bytes.n);
		for (uint32_t k = below(&p, 4); k-- > 0;)
			copy[below(&p, (uint32_t)bytes.n)] = (char)below(&p, 256);
		if (history_read((struct span){copy, n, 0}, r))
			continue;
		once = arena_new(1 << 20);
		history_sum(once, rows, 1, r->day + 1, HISTORY_PRICES, &asked, &f);
		history_sum(once, rows, 1, r->day + 1, HISTORY_IMPORTER, &asked, &f);
		history_declare(r, r->day < INT32_MAX ? r->day + 1 : r->day, 5);
		arena_free(once);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_what_rules_ask),
	    arena_test(test_faults),
	    arena_test(test_words),
	    arena_test(test_decay),
	    arena_test(test_prices_in_three_digits),
	    arena_test(test_rows_come_back),
	    arena_test(test_damaged_rows),
	};

	return cmocka_run_group_tests_name("risk_past", tests, NULL, NULL);
}
