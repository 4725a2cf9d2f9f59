#include "proof_check.h"

#include "base/base.h"

struct reader {
	const char *p, *end;
	const char *fault;
	struct proof_value first;
	bool has_first;
};

static struct proof_value bad(struct reader *r, const char *why)
{
	if (!r->fault)
		r->fault = why;
	return (struct proof_value){.under = 1};
}

static void reduce(struct proof_value *v)
{
	__int128 x = v->over < 0 ? -v->over : v->over, y = v->under;

	while (y) {
		__int128 rest = x % y;

		x = y;
		y = rest;
	}
	if (x > 1) {
		v->over /= x;
		v->under /= x;
	}
}

static void add_unit(struct reader *r, struct proof_value *v, struct span unit, int power)
{
	for (int i = 0; i < v->unit_count; i++) {
		if (!span_equal(v->units[i].unit, unit))
			continue;
		v->units[i].power += power;
		if (v->units[i].power == 0)
			v->units[i] = v->units[--v->unit_count];
		return;
	}
	if (v->unit_count == PROOF_UNITS) {
		bad(r, "too many units");
		return;
	}
	v->units[v->unit_count].unit = unit;
	v->units[v->unit_count++].power = power;
}

static bool same_units(const struct proof_value *a, const struct proof_value *b)
{
	if (a->unit_count != b->unit_count)
		return false;
	for (int i = 0; i < a->unit_count; i++) {
		bool found = false;

		for (int k = 0; k < b->unit_count; k++)
			found = found || (span_equal(a->units[i].unit, b->units[k].unit) &&
					  a->units[i].power == b->units[k].power);
		if (!found)
			return false;
	}
	return true;
}

static struct proof_value multiply(struct reader *r, struct proof_value a, struct proof_value b,
				   bool divide)
{
	struct proof_value v = a;
	__int128 over = divide ? b.under : b.over, under = divide ? b.over : b.under;

	if (under <= 0)
		return bad(r, "divided by nothing");
	if (__builtin_mul_overflow(a.over, over, &v.over) ||
	    __builtin_mul_overflow(a.under, under, &v.under))
		return bad(r, "too large to check");
	reduce(&v);
	for (int i = 0; i < b.unit_count; i++)
		add_unit(r, &v, b.units[i].unit, divide ? -b.units[i].power : b.units[i].power);
	return v;
}

static struct proof_value add(struct reader *r, struct proof_value a, struct proof_value b,
			      bool minus)
{
	struct proof_value v = a;
	__int128 x, y;

	if (!same_units(&a, &b))
		return bad(r, "unlike units are added");
	if (__builtin_mul_overflow(a.over, b.under, &x) ||
	    __builtin_mul_overflow(b.over, a.under, &y) ||
	    __builtin_mul_overflow(a.under, b.under, &v.under))
		return bad(r, "too large to check");
	v.over = minus ? x - y : x + y;
	reduce(&v);
	return v;
}

static void blanks(struct reader *r)
{
	while (r->p < r->end && *r->p == ' ')
		r->p++;
}

static bool at(struct reader *r, const char *text)
{
	size_t n = strlen(text);

	blanks(r);
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0)
		return false;
	r->p += n;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number and what it counts. decimals: digits behind the point. */
static struct proof_value read_number(struct reader *r, int *ret_decimals)
{
	struct proof_value v = {.under = 1};
	bool negative = at(r, "-"), point = false;
	int digits = 0, decimals = 0;
	const char *unit;

	blanks(r);
	for (; r->p < r->end && (is_digit(*r->p) || (*r->p == '.' && !point)); r->p++) {
		if (*r->p == '.') {
			point = true;
			continue;
		}
		if (++digits > 37)
			return bad(r, "a number of too many digits");
		v.over = v.over * 10 + (*r->p - '0');
		v.under *= point ? 10 : 1;
		decimals += point;
	}
	if (!digits)
		return bad(r, "a number was expected");
	if (negative)
		v.over = -v.over;
	reduce(&v);
	if (at(r, "%")) {
		v.under *= 100;
		reduce(&v);
		return v;
	}
	blanks(r);
	unit = r->p;
	if (r->p < r->end && is_letter(*r->p))
		while (r->p < r->end && (is_letter(*r->p) || is_digit(*r->p) || *r->p == '_'))
			r->p++;
	if (r->p > unit)
		add_unit(r, &v, (struct span){unit, (uint32_t)(r->p - unit), 0}, 1);
	if (ret_decimals)
		*ret_decimals = decimals;
	return v;
}

static struct proof_value read_sum(struct reader *r);

static struct proof_value read_choice(struct reader *r, bool most)
{
	struct proof_value a = read_sum(r), b, difference;

	if (!at(r, ","))
		return bad(r, "min and max take two values");
	b = read_sum(r);
	if (!at(r, ")"))
		return bad(r, "a parenthesis was expected");
	difference = add(r, a, b, true);
	return (difference.over > 0) == most ? a : b;
}

static struct proof_value read_factor(struct reader *r)
{
	struct proof_value v;

	if (at(r, "min("))
		return read_choice(r, false);
	if (at(r, "max("))
		return read_choice(r, true);
	if (at(r, "(")) {
		v = read_sum(r);
		return at(r, ")") ? v : bad(r, "a parenthesis was expected");
	}
	v = read_number(r, NULL);
	if (!r->has_first)
		r->first = v, r->has_first = true;
	return v;
}

static struct proof_value read_product(struct reader *r)
{
	struct proof_value v = read_factor(r);

	while (!r->fault) {
		if (at(r, "*"))
			v = multiply(r, v, read_factor(r), false);
		else if (at(r, "/"))
			v = multiply(r, v, read_factor(r), true);
		else
			break;
	}
	return v;
}

static struct proof_value read_sum(struct reader *r)
{
	struct proof_value v = read_product(r);

	while (!r->fault) {
		if (at(r, "+"))
			v = add(r, v, read_product(r), false);
		else if (at(r, "- "))
			v = add(r, v, read_product(r), true);
		else
			break;
	}
	return v;
}

/* exact / step, rounded, times step, must be the result. */
static const char *check_rounding(struct proof_value exact, struct proof_value result,
				  struct span rule, struct proof_value step)
{
	__int128 over, under, whole, rest, twice;
	struct proof_value rounded = result;

	if (__builtin_mul_overflow(exact.over, step.under, &over) ||
	    __builtin_mul_overflow(exact.under, step.over, &under))
		return "too large to check";
	whole = over / under;
	rest = over % under;
	twice = (rest < 0 ? -rest : rest) * 2;
	if (rest == 0)
		return "rounded, though exact";
	if (span_is(rule, "half-up"))
		whole += twice >= under ? (over < 0 ? -1 : 1) : 0;
	else if (span_is(rule, "half-even"))
		whole += twice > under || (twice == under && whole % 2) ? (over < 0 ? -1 : 1) : 0;
	else if (span_is(rule, "up"))
		whole += over < 0 ? -1 : 1;
	else if (!span_is(rule, "down"))
		return "an unknown rule";
	rounded.over = whole * step.over;
	rounded.under = step.under;
	return rounded.over * result.under == result.over * rounded.under ? NULL
									  : "wrongly rounded";
}

static const char *check_apportioned(struct proof_value exact, struct proof_value result,
				     struct proof_value step)
{
	struct reader r = {0};
	struct proof_value off = add(&r, exact, result, true);

	if (off.over < 0)
		off.over = -off.over;
	return off.over * step.under < step.over * off.under ? NULL
							     : "a share more than one unit off";
}

static void read_rule(struct reader *r, struct proof_check *ret, struct proof_value exact,
		      int decimals)
{
	struct proof_value step = {.over = 1, .under = 1};
	const char *begin;

	while (decimals-- > 0)
		step.under *= 10;
	blanks(r);
	if (r->p == r->end) {
		if (exact.over != ret->result.over || exact.under != ret->result.under)
			r->fault = "not equal";
		return;
	}
	if (!at(r, "(")) {
		r->fault = "a rule was expected";
		return;
	}
	for (begin = r->p; r->p < r->end && (is_letter(*r->p) || *r->p == '-');)
		r->p++;
	ret->rule = (struct span){begin, (uint32_t)(r->p - begin), 0};
	if (at(r, "to "))
		step = read_number(r, NULL);
	if (!at(r, ")") || r->p != r->end)
		r->fault = "more than a step";
	else if (span_is(ret->rule, "apportioned"))
		r->fault = check_apportioned(exact, ret->result, step);
	else
		r->fault = check_rounding(exact, ret->result, ret->rule, step);
}

void proof_check(struct span step, struct proof_check *ret)
{
	struct reader r = {.p = step.p, .end = step.p + step.n};
	struct proof_value exact;
	int decimals = 0;

	*ret = (struct proof_check){.fault = "no label"};
	for (; r.p + 1 < r.end && !(r.p[0] == ':' && r.p[1] == ' '); r.p++)
		;
	if (r.p + 1 >= r.end || r.p == step.p)
		return;
	ret->label = (struct span){step.p, (uint32_t)(r.p - step.p), 0};
	r.p += 2;
	exact = read_sum(&r);
	ret->first = r.first;
	if (!r.fault && !at(&r, "="))
		r.fault = "no equation";
	ret->result = read_number(&r, &decimals);
	if (!r.fault && !same_units(&exact, &ret->result))
		r.fault = "the unit of the result does not follow";
	if (!r.fault)
		read_rule(&r, ret, exact, decimals);
	ret->fault = r.fault;
}
