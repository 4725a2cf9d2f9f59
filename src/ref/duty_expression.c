/* Duty expressions (docs/packs.md), by recursive descent over single tokens:
 *
 *   expression = "free" | sum [ "min" term ] [ "max" term ]
 *   sum        = term { ( "+" | "-" ) term }
 *   term       = number "%" | number CURRENCY [ "/" [ number ] unit ]
 */
#include "ref/ref.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN, TOKEN_OTHER };

struct reader {
	struct span all;
	uint32_t next; /* where the token behind the current one begins */
	enum token_kind kind;
	struct span token;
	uint32_t at; /* where the current token begins */
	const char *fault;
};

static bool is_number_char(char c)
{
	return (c >= '0' && c <= '9') || c == '.';
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Words may begin with a digit, as codes of units do ("4L"); a word of digits and points alone is a number. */
static void advance(struct reader *r)
{
	const char *p = r->all.p;
	uint32_t i = r->next, begin;
	bool number = true;

	while (i < r->all.n && (p[i] == ' ' || p[i] == '\t'))
		i++;
	begin = i;
	for (; i < r->all.n && (is_word_char(p[i]) || p[i] == '.'); i++)
		number = number && is_number_char(p[i]);
	if (i > begin)
		r->kind = number ? TOKEN_NUMBER : TOKEN_WORD;
	else if (i == r->all.n)
		r->kind = TOKEN_END;
	else
		r->kind = memchr("%+-/", p[i], 4) ? TOKEN_SIGN : TOKEN_OTHER, i++;
	r->at = begin;
	r->token = (struct span){p ? p + begin : p, i - begin, r->all.line};
	r->next = i;
}

/* Only the first fault counts, at the current token. */
static bool refuse(struct reader *r, const char *text)
{
	if (!r->fault)
		r->fault = text;
	return false;
}

static bool accept(struct reader *r, const char *token)
{
	if (!span_is(r->token, token))
		return false;
	advance(r);
	return true;
}

static bool read_number(struct reader *r, struct decimal *ret)
{
	enum err e;

	if (r->kind != TOKEN_NUMBER)
		return refuse(r, "a number is expected here");
	e = decimal_parse(r->token, ret);
	if (e)
		return refuse(r, e == ERR_LIMIT ? "this number has too many digits"
						: "this is not a number");
	advance(r);
	return true;
}

static bool is_currency(struct span s)
{
	if (s.n != 3)
		return false;
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return true;
}

static bool read_per(struct reader *r, struct duty_term *t)
{
	bool counted = r->kind == TOKEN_NUMBER;

	t->kind = DUTY_PER_UNIT;
	t->per = decimal_of(1, 0);
	if (counted) {
		uint32_t at = r->at;

		if (!read_number(r, &t->per))
			return false;
		if (decimal_is_zero(t->per)) {
			r->at = at;
			return refuse(r, "an amount cannot be for zero units");
		}
	}
	if (r->kind != TOKEN_WORD || memchr(r->token.p, '.', r->token.n))
		return refuse(r, "a unit is expected here");
	if (span_is(r->token, "declaration")) {
		if (counted)
			return refuse(r, "an amount is for one declaration, not for several");
		t->kind = DUTY_PER_DECLARATION;
	}
	t->unit = r->token;
	advance(r);
	return true;
}

static bool read_term(struct reader *r, struct duty_term *ret)
{
	struct duty_term t = {0};

	if (!read_number(r, &t.rate))
		return false;
	if (accept(r, "%")) {
		t.kind = DUTY_PERCENT;
	} else {
		if (r->kind != TOKEN_WORD || !is_currency(r->token))
			return refuse(r,
				      "% or a currency of three capital letters is expected here");
		t.kind = DUTY_FIXED;
		t.currency = r->token;
		advance(r);
		if (accept(r, "/") && !read_per(r, &t))
			return false;
	}
	*ret = t;
	return true;
}

/* A bound is of one item, so that an amount for the whole declaration cannot be one. */
static bool read_bound(struct reader *r, struct duty_term *ret)
{
	uint32_t at = r->at;

	if (!read_term(r, ret))
		return false;
	if (ret->kind == DUTY_PER_DECLARATION) {
		r->at = at;
		return refuse(r, "an amount for a declaration cannot bound the duty of an item");
	}
	return true;
}

static bool read_sum(struct reader *r, struct duty_expression *e)
{
	bool minus = false;

	for (;;) {
		if (e->terms == DUTY_TERMS)
			return refuse(r, "an expression has at most four terms");
		if (!read_term(r, &e->sum[e->terms]))
			return false;
		e->sum[e->terms++].minus = minus;
		minus = span_is(r->token, "-");
		if (!minus && !span_is(r->token, "+"))
			return true;
		advance(r);
	}
}

static bool read_expression(struct reader *r, struct duty_expression *e)
{
	if (!accept(r, "free")) {
		if (!read_sum(r, e))
			return false;
		e->has_min = accept(r, "min");
		if (e->has_min && !read_bound(r, &e->min))
			return false;
		e->has_max = accept(r, "max");
		if (e->has_max && !read_bound(r, &e->max))
			return false;
	}
	return r->kind == TOKEN_END || refuse(r, "nothing more is expected here");
}

enum err duty_expression_parse(struct span s, struct duty_expression *ret, const char **ret_text,
			       uint32_t *ret_at)
{
	struct duty_expression e = {.text = s};
	struct reader r = {.all = s};

	advance(&r);
	if (!read_expression(&r, &e)) {
		*ret_text = r.fault;
		*ret_at = r.at;
		return ERR_FORMAT;
	}
	*ret = e;
	return ERR_NONE;
}
