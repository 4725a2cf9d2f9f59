#include "hub/tariff/value_sheet.h"

#include "base/date.h"
#include "codec/json.h"
#include "duty/incoterm.h"
#include "duty/methods.h"
#include "duty/ratio.h"

struct sheet {
	struct arena *arena;
	const struct refset *r;
	struct cause *why;
	int32_t day, known; /* of the rates of exchange */
	struct value_case c;
	const char *missing[VALUE_PARTS];
	uint32_t missing_count;
};

enum { MILLION = 1000000, NEAR_DAYS = 30 };

/* ---- reading ---- */

static enum err refuse(struct sheet *s, const char *member, const char *expected)
{
	return fail(s->why, ERR_USAGE, "%s must be %s", member, expected);
}

static bool is_true(const struct json *o, const char *member)
{
	const struct json *v = json_get(o, member);

	return v && v->kind == JSON_TRUE;
}

/* "1000.00 USD", or without a currency in national money, in `parts` of a national minor unit; rounded once. */
static enum err amount_in(struct sheet *s, const struct json *o, const char *member, int64_t parts,
			  bool *ret_said, struct money *ret)
{
	struct span text = span_trim(json_get_text(o, member)), currency = text, number;
	struct ref_dates dates;
	struct decimal value, rate;
	struct ratio v;
	int64_t per;

	if (ret_said)
		*ret_said = text.n > 0;
	if (!text.n)
		return json_get(o, member) ? refuse(s, member, "an amount, such as \"1000.00 USD\"")
					   : ERR_NONE;
	number = span_cut(&currency, ' ');
	currency = span_trim(currency);
	if (!currency.n)
		currency = ref_currency(s->r);
	if (decimal_parse(number, &value) || value.units < 0)
		return refuse(s, member, "an amount, such as \"1000.00 USD\"");
	if (ref_rate(s->r, currency, s->day, s->known, &rate, &per, &dates))
		return refuse(s, member, "in a currency that has a rate on that day");
	v = ratio_multiply(ratio_decimal(value), ratio_of(decimal_power10(ref_digits(s->r))));
	v = ratio_divide(ratio_multiply(v, ratio_decimal(rate)), ratio_of(per));
	v = ratio_multiply(v, ratio_of(parts));
	if (ratio_round(v, ref_rounding(s->r), 1, &ret->minor))
		return refuse(s, member, "smaller");
	return ERR_NONE;
}

static enum err money_in(struct sheet *s, const struct json *o, const char *member, bool *ret_said,
			 struct money *ret)
{
	return amount_in(s, o, member, 1, ret_said, ret);
}

static enum err day_in(struct sheet *s, const struct json *o, const char *member, int32_t *ret)
{
	struct span text = json_get_text(o, member);

	if (text.n && day_parse(text, ret))
		return refuse(s, member, "a day, such as 2026-11-22");
	return ERR_NONE;
}

/* A decimal, in units of 10^-digits. */
static enum err number_in(struct sheet *s, const struct json *o, const char *member,
			  unsigned digits, int64_t *ret)
{
	struct span text = json_get_text(o, member);
	struct decimal d;

	if (!text.n)
		return ERR_NONE;
	if (decimal_parse(text, &d) ||
	    ratio_round(ratio_multiply(ratio_decimal(d), ratio_of(decimal_power10(digits))),
			ROUND_HALF_UP, 1, ret))
		return refuse(s, member, "a number, as text");
	return ERR_NONE;
}

static enum err parts_in(struct sheet *s, const struct json *o, const char *member,
			 struct value_part *to, uint32_t *ret_n)
{
	const struct json *list = json_get(o, member);
	enum err e = ERR_NONE;

	for (const struct json *x = list ? list->first : NULL; x && !e; x = x->next) {
		if (*ret_n == VALUE_PARTS)
			return refuse(s, member, "at most 16 amounts");
		to[*ret_n].code = json_get_text(x, "code");
		to[*ret_n].document = json_get_text(x, "document");
		e = money_in(s, x, "amount", NULL, &to[(*ret_n)++].amount);
	}
	return e;
}

static void miss(struct sheet *s, const char *what)
{
	if (s->missing_count < VALUE_PARTS)
		s->missing[s->missing_count++] = what;
}

/* Article 8.2: freight and insurance to the border belong to a CIF value and not to a FOB one; the terms say whether the price
 * holds them. What would have to be known, and is not, is missing. */
static enum err complete_terms(struct sheet *s, const struct json *o)
{
	const struct incoterm *t = incoterm(json_get_text(o, "terms"), s->day);
	const struct {
		const char *member;
		bool in_price;
	} costs[] = {{"freight", t && t->carriage}, {"insurance", t && t->insurance}};
	bool cif = ref_values_cif(s->r);

	if (!t)
		miss(s, "terms");
	for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
		struct value_case *c = &s->c;
		struct money m = {0};
		bool said;
		enum err e = money_in(s, o, costs[i].member, &said, &m);

		if (e)
			return e;
		if (cif == costs[i].in_price)
			continue;
		if (!said)
			miss(s, costs[i].member);
		else if (cif && c->additions < VALUE_PARTS)
			c->addition[c->additions++] =
			    (struct value_part){.code = span_of(costs[i].member), .amount = m};
		else if (!cif && c->deductions < VALUE_PARTS)
			c->deduction[c->deductions++] =
			    (struct value_part){.code = span_of(costs[i].member), .amount = m};
		else
			return refuse(s, costs[i].member, "among at most 16 amounts");
	}
	return ERR_NONE;
}

static enum err transaction_in(struct sheet *s, const struct json *o)
{
	struct value_case *c = &s->c;
	enum err e = money_in(s, o, "price", &c->has_price, &c->price);

	c->sale_for_export = is_true(o, "sale_for_export");
	c->restricted = is_true(o, "restricted");
	c->condition_unknown = is_true(o, "condition_unknown");
	c->proceeds_unknown = is_true(o, "proceeds_unknown");
	c->related = is_true(o, "related");
	c->circumstances_examined = is_true(o, "circumstances_examined");
	c->swap = is_true(o, "swap");
	if (!e)
		e = money_in(s, o, "test_value", NULL, &c->test_value);
	if (!e)
		e = number_in(s, o, "test_close", 4, &c->test_close_ppm); /* per cent */
	if (!e && (c->test_close_ppm < 0 || c->test_close_ppm > MILLION))
		e = refuse(s, "test_close", "a per cent");
	if (!e)
		e = parts_in(s, o, "additions", c->addition, &c->additions);
	if (!e)
		e = parts_in(s, o, "deductions", c->deduction, &c->deductions);
	return e ? e : complete_terms(s, o);
}

static enum err accepted_in(struct sheet *s, const struct json *o)
{
	const struct json *list = json_get(o, "accepted");
	struct value_case *c = &s->c;
	enum err e = ERR_NONE;

	for (const struct json *x = list ? list->first : NULL; x && !e; x = x->next) {
		struct accepted_value *v = &c->accepted[c->accepted_count];

		if (c->accepted_count++ == ACCEPTED_MAX)
			return refuse(s, "accepted", "at most 64 values");
		*v = (struct accepted_value){.reference = json_get_text(x, "reference"),
					     .identical = is_true(x, "identical"),
					     .same_producer = is_true(x, "same_producer"),
					     .same_level = is_true(x, "same_level"),
					     .exported = c->exported};
		e = day_in(s, x, "exported", &v->exported);
		if (!e)
			e = amount_in(s, x, "unit_value", MILLION, NULL, &v->unit_value);
		if (!e)
			e = number_in(s, x, "adjustment", 4, &v->adjustment_ppm); /* per cent */
		if (!e && (v->adjustment_ppm < -MILLION || v->adjustment_ppm > 100 * MILLION))
			e = refuse(s, "adjustment", "a per cent from -100 to 10000");
	}
	return e;
}

static enum err other_methods_in(struct sheet *s, const struct json *o)
{
	const struct json *resale = json_get(o, "resale"), *costs = json_get(o, "costs");
	struct value_case *c = &s->c;
	int64_t days = 0;
	enum err e = amount_in(s, resale, "unit_price", MILLION, &c->has_resale, &c->resale_unit);

	if (!e)
		e = number_in(s, resale, "after_days", 0, &days);
	c->resale_after_days = (int32_t)(days < 0 || days > INT32_MAX ? INT32_MAX : days);
	if (!e)
		e = parts_in(s, resale, "deductions", c->resale_deduction, &c->resale_deductions);
	if (!e)
		e = money_in(s, costs, "materials", &c->has_costs, &c->materials);
	if (!e)
		e = money_in(s, costs, "processing", NULL, &c->processing);
	if (!e)
		e = money_in(s, costs, "profit", NULL, &c->profit);
	if (!e)
		e = money_in(s, costs, "other", NULL, &c->other);
	return e ? e : money_in(s, o, "fall_back", &c->has_fall_back, &c->fall_back);
}

static enum err read_sheet(struct sheet *s, const struct json *o)
{
	int64_t near = NEAR_DAYS;
	enum err e = day_in(s, o, "on", &s->day);

	if (!e)
		e = day_in(s, o, "known", &s->known);
	s->c.exported = s->day;
	if (!e)
		e = day_in(s, o, "exported", &s->c.exported);
	if (!e)
		e = number_in(s, o, "quantity", 3, &s->c.quantity);
	if (!e)
		e = number_in(s, o, "near_days", 0, &near);
	if (!e && (near < 0 || near > 366))
		e = refuse(s, "near_days", "from 0 to 366");
	s->c.near_days = (int32_t)near;
	if (!e)
		e = transaction_in(s, o);
	if (!e)
		e = accepted_in(s, o);
	return e ? e : other_methods_in(s, o);
}

/* ---- writing ---- */

static void put_minor(struct sheet *s, struct json_writer *w, const char *name, struct money m)
{
	struct text t = text_in(s->arena);

	money_write(&t, m, ref_digits(s->r));
	json_put(w, name, text_as_span(&t));
}

static void put_parts(struct sheet *s, struct json_writer *w, const char *name,
		      const struct value_part *parts, uint32_t n)
{
	json_name(w, name);
	json_open_array(w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(w);
		json_put(w, "code", parts[i].code);
		put_minor(s, w, "amount", parts[i].amount);
		if (parts[i].document.n)
			json_put(w, "document", parts[i].document);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_attempts(struct json_writer *w, const struct value_outcome *v)
{
	json_name(w, "attempts");
	json_open_array(w);
	for (uint32_t i = 0; i < v->attempts; i++) {
		json_open_object(w);
		json_put_int(w, "method", v->attempt[i].method);
		json_put_c(w, "text", value_obstacle_text(v->attempt[i].obstacle));
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_outcome(struct sheet *s, struct text *to, const struct value_outcome *v)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put_int(&w, "method", v->method);
	if (v->method) {
		put_minor(s, &w, "value", v->value);
		json_put(&w, "currency", ref_currency(s->r));
	}
	if (v->method == METHOD_TRANSACTION) {
		put_minor(s, &w, "price", s->c.price);
		put_parts(s, &w, "additions", s->c.addition, s->c.additions);
		put_parts(s, &w, "deductions", s->c.deduction, s->c.deductions);
	}
	if (v->basis.n)
		json_put(&w, "basis", v->basis);
	put_attempts(&w, v);
	json_name(&w, "missing");
	json_open_array(&w);
	for (uint32_t i = 0; v->method == METHOD_TRANSACTION && i < s->missing_count; i++)
		json_cstring(&w, s->missing[i]);
	json_close_array(&w);
	json_close_object(&w);
}

enum err value_sheet(struct arena *a, const struct inforce *with, struct span sheet, int64_t now,
		     struct text *to, struct cause *why)
{
	struct sheet *s = ARENA_NEW(a, struct sheet);
	struct value_outcome outcome;
	struct codec_fault fault;
	const struct json *o;
	enum err e;

	*s = (struct sheet){.arena = a, .r = with->ref, .why = why};
	s->day = day_of(now, ref_zone_minutes(s->r));
	s->known = INT32_MAX;
	if (json_read(a, sheet, &o, &fault))
		return fail(why, ERR_USAGE, "line %u: %s", fault.line, fault.text);
	if (o->kind != JSON_OBJECT)
		return fail(why, ERR_USAGE, "a sheet is a JSON object");
	e = read_sheet(s, o);
	if (e)
		return e;
	value_by_methods(&s->c, ref_rounding(s->r), &outcome);
	put_outcome(s, to, &outcome);
	return ERR_NONE;
}
