#include "risk/missed.h"

/* Shares inside: units of 10^-9. z of 95 % is 1.959963984540054. */
static const int64_t ONE = 1000000000, NORMAL_95 = 1959963985, Z_SQUARED = 3841458821;
enum { TO_MILLIONTHS = 1000 };
static const __int128 SQUARES_MAX = (__int128)(~(unsigned __int128)0 >> 1);

static __int128 larger(__int128 a, __int128 b)
{
	return a > b ? a : b;
}

/* The root, rounded down. */
static __int128 root(__int128 v)
{
	__int128 ret = 0, bit = (__int128)1 << 126;

	while (bit > v)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (v >= ret + bit) {
			v -= ret + bit;
			ret = (ret >> 1) + bit;
		} else {
			ret >>= 1;
		}
	}
	return ret;
}

static __int128 root_up(__int128 v)
{
	const __int128 r = root(v);

	return r * r == v ? r : r + 1;
}

static int64_t rounded(__int128 v, __int128 by)
{
	return (int64_t)((v + by / 2) / by);
}

/* In units of 10^-9:
 *
 *     (2 x + z^2 -+ sqrt(z^4 + 4 z^2 x (n - x) / n)) / (2 (n + z^2))
 *
 * with numerator and denominator times 10^9. The greatest value, 4 z^2 x (n - x) times 10^18, is below 2^127. */
static struct missed_interval wilson(int64_t x, int64_t n)
{
	const __int128 z = (__int128)Z_SQUARED, below = 2 * ((__int128)n * ONE + z);
	const __int128 middle = 2 * (__int128)x * ONE + z;
	const __int128 all = 4 * ONE * z * (__int128)x * (n - x);
	const __int128 half = root_up(z * z + all / n + 1);
	struct missed_interval ret = {0, rounded((__int128)x * ONE, n), ONE};

	BUG_ON(x < 0 || n <= 0 || x > n || n > MISSED_COUNT_MAX);
	if (x && middle > half)
		ret.low = (int64_t)((middle - half) * ONE / below);
	if (x < n)
		ret.high = (int64_t)(((middle + half) * ONE + below - 1) / below);
	if (ret.high > ONE)
		ret.high = ONE;
	return ret;
}

static struct missed_interval outside(struct missed_interval i)
{
	return (struct missed_interval){i.low / TO_MILLIONTHS, rounded(i.middle, TO_MILLIONTHS),
					(i.high + TO_MILLIONTHS - 1) / TO_MILLIONTHS};
}

struct missed_interval missed_wilson(int64_t x, int64_t n)
{
	return outside(wilson(x, n));
}

const char *missed_method_name(enum missed_method m)
{
	static const char *const names[MISSED_METHODS] = {"unknown", "wilson", "mover", "normal"};

	return names[m];
}

void missed_add_answer(struct missed_stratum *s, bool irregular, int64_t found)
{
	const __int128 size = found < 0 ? -(__int128)found : found;

	s->answered++;
	s->irregular += irregular;
	if (__builtin_add_overflow(s->found, found, &s->found))
		s->found = found < 0 ? INT64_MIN : INT64_MAX;
	if (__builtin_add_overflow(s->found_squares, size * size, &s->found_squares))
		s->found_squares = SQUARES_MAX;
}

/* ---- the share ---- */

/* What a stratum says of the share; known: somebody looked. */
struct part {
	struct missed_interval share;
	bool known;
};

static struct part part_of(int64_t irregular, int64_t n)
{
	if (n)
		return (struct part){wilson(irregular, n), true};
	return (struct part){{0, 0, ONE}, false};
}

/* Each stratum weighs as its population does. One that nobody looked at has the share of the others, and may have any. */
static struct missed_interval together(const struct missed_stratum *s, struct part *p, uint32_t n)
{
	__int128 population = 0, known = 0, share = 0, down = 0, up = 0;
	struct missed_interval ret;

	for (uint32_t i = 0; i < n; i++) {
		population += s[i].population;
		if (p[i].known) {
			known += s[i].population;
			share += (__int128)s[i].population * p[i].share.middle;
		}
	}
	ret.middle = known ? rounded(share, known) : 0;
	for (uint32_t i = 0; i < n; i++) {
		const int64_t middle = p[i].known ? p[i].share.middle : ret.middle;
		const __int128 weight = s[i].population, below = middle - p[i].share.low,
			       above = p[i].share.high - middle;

		/* a population is below 2^30, and a share too: squares of both are below 2^120 */
		down += weight * weight * below * below;
		up += weight * weight * above * above;
	}
	down = root_up(down);
	up = root_up(up);
	population = larger(population, 1);
	ret.low = ret.middle - (int64_t)((down + population - 1) / population);
	ret.high = ret.middle + (int64_t)((up + population - 1) / population);
	ret.low = ret.low < 0 ? 0 : ret.low;
	ret.high = ret.high > ONE ? ONE : ret.high;
	return ret;
}

enum skipped { SKIPPED_OUT, SKIPPED_CLEAN, SKIPPED_IRREGULAR };

/* What the strata say together, as skipped picks are taken. */
static struct missed_interval share_of(const struct missed_stratum *s, uint32_t n, enum skipped how)
{
	struct part part[MISSED_STRATA_MAX];

	for (uint32_t i = 0; i < n; i++) {
		const int64_t skipped = s[i].picked - s[i].answered;

		part[i] = part_of(s[i].irregular + (how == SKIPPED_IRREGULAR ? skipped : 0),
				  how == SKIPPED_OUT ? s[i].answered : s[i].picked);
	}
	return n == 1 ? part[0].share : together(s, part, n);
}

/* ---- cases and money ---- */

static int64_t cases_of(int64_t share, const struct missed_stratum *all, bool up)
{
	const __int128 irregular = ((__int128)share * all->population + (up ? ONE - 1 : 0)) / ONE;
	const int64_t missed = (int64_t)irregular - all->irregular - all->elsewhere;

	return missed > 0 ? missed : 0;
}

/* The variance of a stratum's total, N^2 s^2 / n; false: of fewer than two, or too much for the arithmetic. */
static bool variance_of(const struct missed_stratum *s, __int128 *ret)
{
	const __int128 n = s->answered, sum = s->found;
	__int128 squares, of_sum, v;

	if (s->answered < 2)
		return false;
	if (__builtin_mul_overflow(s->found_squares, n, &squares) ||
	    __builtin_mul_overflow(sum, sum, &of_sum) || squares < of_sum)
		return false;
	/* (n sum(x^2) - sum(x)^2) / (n (n - 1)) is s^2 */
	v = (squares - of_sum) / (n - 1) / n;
	return !__builtin_mul_overflow(v, s->population, &v) &&
	       !__builtin_mul_overflow(v / n, s->population, ret);
}

static int64_t money_bound(__int128 v)
{
	return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

/* A stratum that nobody looked at is taken to bring what the others do; then there is no interval. */
static void estimate_money(const struct missed_stratum *s, uint32_t n, struct missed *m)
{
	__int128 total = 0, variance = 0, known = 0, half, v;
	bool measured = m->all.irregular >= MISSED_MONEY_FINDS;

	for (uint32_t i = 0; i < n; i++) {
		if (s[i].answered) {
			total += (__int128)s[i].found * s[i].population / s[i].answered;
			known += s[i].population;
		}
		if (s[i].population)
			measured = measured && variance_of(&s[i], &v) &&
				   !__builtin_add_overflow(variance, v, &variance);
	}
	if (known && known != m->all.population)
		total = total / known * m->all.population;
	total -= (__int128)m->all.found + m->all.found_elsewhere;
	m->money = (struct missed_interval){0, money_bound(total), 0};
	if (!measured)
		return;
	v = root_up(variance);
	half = v / ONE * NORMAL_95 + (v % ONE * NORMAL_95 + ONE - 1) / ONE;
	m->money_method = MISSED_NORMAL;
	m->money.low = money_bound(total - half);
	m->money.high = money_bound(total + half);
}

static void add(struct missed_stratum *to, const struct missed_stratum *s)
{
	BUG_ON(s->population < 0 || s->population > MISSED_COUNT_MAX || s->picked > s->population ||
	       s->answered > s->picked || s->irregular > s->answered || s->irregular < 0);
	to->population += s->population;
	to->picked += s->picked;
	to->answered += s->answered;
	to->irregular += s->irregular;
	to->elsewhere += s->elsewhere;
	to->found = money_bound((__int128)to->found + s->found);
	to->found_elsewhere = money_bound((__int128)to->found_elsewhere + s->found_elsewhere);
	if (__builtin_add_overflow(to->found_squares, s->found_squares, &to->found_squares))
		to->found_squares = SQUARES_MAX;
}

void missed_estimate(const struct missed_stratum *s, uint32_t n, struct missed *ret)
{
	struct missed m = {.all = {.rate_ppm = n == 1 ? s[0].rate_ppm : 0}};
	struct missed_interval share;

	BUG_ON(n > MISSED_STRATA_MAX);
	for (uint32_t i = 0; i < n; i++)
		add(&m.all, &s[i]);
	m.bound_high = (int64_t)ONE / TO_MILLIONTHS;
	if (m.all.answered) {
		m.method = n == 1 ? MISSED_WILSON : MISSED_MOVER;
		share = share_of(s, n, SKIPPED_OUT);
		m.share = outside(share);
		m.bound_low = outside(share_of(s, n, SKIPPED_CLEAN)).low;
		m.bound_high = outside(share_of(s, n, SKIPPED_IRREGULAR)).high;
		m.cases = (struct missed_interval){cases_of(share.low, &m.all, false),
						   cases_of(share.middle, &m.all, false),
						   cases_of(share.high, &m.all, true)};
		estimate_money(s, n, &m);
	}
	*ret = m;
}
