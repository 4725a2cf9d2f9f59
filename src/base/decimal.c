#include "base/decimal.h"

#include "base/limits.h"

static const int64_t power10[19] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

int64_t decimal_power10(unsigned n)
{
	BUG_ON(n >= ARRAY_LEN(power10));
	return power10[n];
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum err decimal_parse(struct span s, struct decimal *ret)
{
	uint32_t i = 0, digits = 0, whole = 0, fraction = 0;
	bool negative = false, point = false;
	int64_t units = 0;
	uint8_t scale = 0;
	uint32_t end = s.n;

	if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
		negative = s.p[i++] == '-';
	for (uint32_t j = i; j < s.n; j++) {
		if (s.p[j] == '.' && !point)
			point = true;
		else if (!is_digit(s.p[j]))
			return ERR_FORMAT;
		else if (point)
			fraction++;
		else
			whole++;
	}
	if (!whole || (point && !fraction))
		return ERR_FORMAT;
	while (fraction > LIMIT_NUMBER_SCALE && s.p[end - 1] == '0')
		end--, fraction--;
	for (; i < end; i++) {
		if (s.p[i] == '.')
			continue;
		if (digits || s.p[i] != '0')
			digits++;
		if (digits > LIMIT_NUMBER_DIGITS)
			return ERR_LIMIT;
		units = units * 10 + (s.p[i] - '0');
	}
	if (fraction > LIMIT_NUMBER_SCALE)
		return ERR_LIMIT;
	scale = (uint8_t)fraction;
	*ret = (struct decimal){negative ? -units : units, scale, true, s.line};
	return ERR_NONE;
}

void decimal_write(struct text *t, struct decimal d)
{
	char buffer[40], *end = buffer + sizeof(buffer);
	char *begin = text_number_before(end, d.units, d.scale);

	text_add(t, begin, (size_t)(end - begin));
}

int decimal_compare(struct decimal a, struct decimal b)
{
	__int128 x = (__int128)a.units * (a.scale < b.scale ? power10[b.scale - a.scale] : 1);
	__int128 y = (__int128)b.units * (b.scale < a.scale ? power10[a.scale - b.scale] : 1);

	return (x > y) - (x < y);
}

enum err decimal_rescale(struct decimal d, uint8_t scale, enum rounding how, struct decimal *ret)
{
	int64_t units, divisor, rest;

	BUG_ON(scale > 18);
	*ret = d;
	ret->scale = scale;
	if (scale >= d.scale) {
		if (__builtin_mul_overflow(d.units, power10[scale - d.scale], &ret->units))
			return ERR_LIMIT;
		return ERR_NONE;
	}
	divisor = power10[d.scale - scale];
	units = d.units / divisor;
	rest = d.units % divisor;
	if (rest) {
		int64_t away = d.units < 0 ? -1 : 1;
		__int128 twice = (__int128)(rest < 0 ? -rest : rest) * 2;

		if (how == ROUND_UP || (how == ROUND_HALF_UP && twice >= divisor) ||
		    (how == ROUND_HALF_EVEN &&
		     (twice > divisor || (twice == divisor && units % 2 != 0))))
			units += away;
	}
	ret->units = units;
	return ERR_NONE;
}

enum err decimal_add(struct decimal a, struct decimal b, struct decimal *ret)
{
	uint8_t scale = a.scale > b.scale ? a.scale : b.scale;
	struct decimal x, y;

	if (decimal_rescale(a, scale, ROUND_DOWN, &x) || decimal_rescale(b, scale, ROUND_DOWN, &y))
		return ERR_LIMIT;
	*ret = (struct decimal){.scale = scale, .set = true};
	return __builtin_add_overflow(x.units, y.units, &ret->units) ? ERR_LIMIT : ERR_NONE;
}
