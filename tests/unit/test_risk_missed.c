/* risk/missed: published intervals, the same sums in floating point, and how often the interval holds the truth. */
#include <math.h>

#include "unit.h"

#include "risk/missed.h"

/* Newcombe 1998, Statistics in Medicine 17, table I, method 3: the score interval without continuity correction, 95 %. */
static void test_published(void **state)
{
	static const struct {
		int64_t x, n, low, high; /* ten thousandths */
	} vectors[] = {
	    {81, 263, 2553, 3662}, {15, 148, 624, 1605}, {0, 20, 0, 1611}, {1, 29, 61, 1718}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct missed_interval w = missed_wilson(vectors[i].x, vectors[i].n);

		assert_int_equal((w.low + 50) / 100, vectors[i].low);
		assert_int_equal((w.high + 50) / 100, vectors[i].high);
	}
}

struct span_of_shares {
	double low, high;
};
static struct span_of_shares naive_wilson(double x, double n)
{
	const double z2 = 3.841458820694124, p = x / n;
	const double half = sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n);

	return (struct span_of_shares){(p + z2 / (2 * n) - half) / (1 + z2 / n),
				       (p + z2 / (2 * n) + half) / (1 + z2 / n)};
}

static void check_wilson(int64_t x, int64_t n)
{
	const struct missed_interval w = missed_wilson(x, n);
	const struct span_of_shares naive = naive_wilson((double)x, (double)n);

	/* Rounded outwards, by less than two millionths. */
	assert_true((double)w.low <= naive.low * 1e6 + 1e-6);
	assert_true((double)w.low > naive.low * 1e6 - 2);
	assert_true((double)w.high >= naive.high * 1e6 - 1e-6);
	assert_true((double)w.high < naive.high * 1e6 + 2);
	assert_true(w.low <= w.middle && w.middle <= w.high);
}

static void test_every_small_one(void **state)
{
	(void)state;
	for (int64_t n = 1; n <= 120; n++)
		for (int64_t x = 0; x <= n; x++)
			check_wilson(x, n);
	for (int64_t n = 1000; n <= MISSED_COUNT_MAX; n *= 10)
		for (int64_t x = 0; x <= n; x += n / 8)
			check_wilson(x, n);
	assert_int_equal(missed_wilson(0, 50).low, 0);
	assert_int_equal(missed_wilson(50, 50).high, 1000000);
	assert_int_equal(missed_wilson(MISSED_COUNT_MAX, MISSED_COUNT_MAX).high, 1000000);
}

static void test_nothing_is_known(void **state)
{
	const struct missed_stratum skipped = {.rate_ppm = 20000, .population = 900, .picked = 18};
	struct missed m;

	(void)state;
	missed_estimate(&skipped, 1, &m);
	assert_int_equal(m.method, MISSED_UNKNOWN);
	assert_int_equal(m.bound_low, 0);
	assert_int_equal(m.bound_high, 1000000);
	missed_estimate(NULL, 0, &m);
	assert_int_equal(m.method, MISSED_UNKNOWN);
	assert_int_equal(m.all.population, 0);
}

/* 1000 that nobody would have looked at, 100 drawn, 80 controlled, 8 irregular, and 5 that an officer found. */
static void test_one_rate(void **state)
{
	struct missed_stratum s = {.rate_ppm = 100000,
				   .population = 1000,
				   .picked = 100,
				   .elsewhere = 5,
				   .found_elsewhere = 1000};
	struct missed m;

	(void)state;
	for (int i = 0; i < 80; i++)
		missed_add_answer(&s, i < 8, i < 8 ? 2000 : 0);
	missed_estimate(&s, 1, &m);
	assert_int_equal(m.method, MISSED_WILSON);
	assert_int_equal(m.all.rate_ppm, 100000);
	assert_int_equal(m.share.middle, 100000);
	assert_int_equal(m.share.low, missed_wilson(8, 80).low);
	assert_int_equal(m.share.high, missed_wilson(8, 80).high);
	/* All that were skipped clean; all irregular. */
	assert_int_equal(m.bound_low, missed_wilson(8, 100).low);
	assert_int_equal(m.bound_high, missed_wilson(28, 100).high);
	/* 100 in the population, of which 8 and 5 were found. */
	assert_int_equal(m.cases.middle, 87);
	assert_int_equal(m.cases.low, m.share.low * 1000 / 1000000 - 13);
	/* 200 a declaration, of 1000; 16000 and 1000 of that were found. */
	assert_int_equal(m.money.middle, 200000 - 16000 - 1000);
	assert_int_equal(m.money_method, MISSED_UNKNOWN); /* eight finds say nothing of the tail */
}

static void test_money(void **state)
{
	struct missed_stratum s = {.rate_ppm = 500000, .population = 2000, .picked = 1000};
	double squares = 0, sum = 0, error;
	struct missed m;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		const int64_t found = i < 40 ? 100 * (i + 1) : i < 42 ? -50 : 0;

		missed_add_answer(&s, i < 42, found);
		sum += (double)found;
		squares += (double)found * (double)found;
	}
	missed_estimate(&s, 1, &m);
	assert_int_equal(m.money_method, MISSED_NORMAL);
	assert_int_equal(m.money.middle, 2 * s.found - s.found);
	error = 1.959963985 * 2000 * sqrt((squares - sum * sum / 1000) / 999 / 1000);
	assert_true(fabs((double)(m.money.high - m.money.middle) - error) < error / 1000 + 2);
	assert_true(fabs((double)(m.money.middle - m.money.low) - error) < error / 1000 + 2);
	/* What the arithmetic cannot hold is not said. */
	missed_add_answer(&s, true, INT64_MAX);
	s.picked++;
	missed_add_answer(&s, true, INT64_MAX);
	s.picked++;
	missed_estimate(&s, 1, &m);
	assert_int_equal(m.money_method, MISSED_UNKNOWN);
}

/* A year with two rates: added up without weighing, the half that was drawn from ten times as often would speak for all. */
static void test_two_rates(void **state)
{
	const struct missed_stratum s[] = {
	    {.rate_ppm = 10000,
	     .population = 10000,
	     .picked = 100,
	     .answered = 100,
	     .irregular = 20},
	    {.rate_ppm = 100000,
	     .population = 10000,
	     .picked = 1000,
	     .answered = 1000,
	     .irregular = 20},
	};
	const struct span_of_shares a = naive_wilson(20, 100), b = naive_wilson(20, 1000);
	const double down = sqrt(pow(0.2 - a.low, 2) + pow(0.02 - b.low, 2)) / 2,
		     up = sqrt(pow(a.high - 0.2, 2) + pow(b.high - 0.02, 2)) / 2;
	struct missed m;

	(void)state;
	missed_estimate(s, 2, &m);
	assert_int_equal(m.method, MISSED_MOVER);
	assert_int_equal(m.all.rate_ppm, 0);
	assert_int_equal(m.share.middle, 110000);
	assert_true(fabs((double)m.share.low - (0.11 - down) * 1e6) < 3);
	assert_true(fabs((double)m.share.high - (0.11 + up) * 1e6) < 3);
}

/* Half of the trade came while nothing was drawn: of it anything may be so. */
static void test_a_rate_of_nought(void **state)
{
	const struct missed_stratum s[] = {
	    {.rate_ppm = 0, .population = 5000},
	    {.rate_ppm = 100000,
	     .population = 5000,
	     .picked = 500,
	     .answered = 500,
	     .irregular = 10},
	};
	struct missed m;

	(void)state;
	missed_estimate(s, 2, &m);
	assert_int_equal(m.share.middle, 20000);
	assert_true(m.share.high > 500000);
	assert_true(m.share.low < 20000 - 8000);
}

/* ---- how often it holds the truth: every number of finds by its probability ---- */

static double log_choose(int n, int k)
{
	return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
}

static double probability(int x, int n, double p)
{
	return exp(log_choose(n, x) + x * log(p) + (n - x) * log1p(-p));
}

static double coverage_of(const double *p, const int *n, const int64_t *population)
{
	const double truth = (p[0] * (double)population[0] + p[1] * (double)population[1]) /
			     (double)(population[0] + population[1]);
	double held = 0;

	for (int x = 0; x <= n[0]; x++)
		for (int y = 0; y <= n[1]; y++) {
			const struct missed_stratum s[] = {
			    {1, population[0], n[0], n[0], x, 0, 0, 0, 0},
			    {2, population[1], n[1], n[1], y, 0, 0, 0, 0}};
			struct missed m;

			missed_estimate(s, population[1] ? 2 : 1, &m);
			if ((double)m.share.low <= truth * 1e6 &&
			    truth * 1e6 <= (double)m.share.high)
				held += probability(x, n[0], p[0]) *
					(population[1] ? probability(y, n[1], p[1]) : y == 0);
		}
	return held;
}

static void test_coverage(void **state)
{
	static const double shares[] = {0.01, 0.03, 0.08, 0.2};
	const int64_t one[] = {100000, 0}, two[] = {70000, 30000};
	double sum = 0, sum_two = 0;
	int cases = 0, cases_two = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		for (int n = 100; n <= 400; n += 30) {
			const double c = coverage_of((double[]){shares[i], 0}, (int[]){n, 0}, one);

			assert_true(c > 0.90); /* the dips of a discrete interval */
			sum += c;
			cases++;
		}
	for (size_t i = 0; i < ARRAY_LEN(shares); i++)
		for (size_t j = 0; j < ARRAY_LEN(shares); j++) {
			const double c =
			    coverage_of((double[]){shares[i], shares[j]}, (int[]){60, 150}, two);

			assert_true(c > 0.90);
			sum_two += c;
			cases_two++;
		}
	assert_true(sum / cases > 0.945 && sum / cases < 0.97);
	assert_true(sum_two / cases_two > 0.945 && sum_two / cases_two < 0.98);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_published),
	    cmocka_unit_test(test_every_small_one),
	    cmocka_unit_test(test_nothing_is_known),
	    cmocka_unit_test(test_one_rate),
	    cmocka_unit_test(test_money),
	    cmocka_unit_test(test_two_rates),
	    cmocka_unit_test(test_a_rate_of_nought),
	    cmocka_unit_test(test_coverage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
