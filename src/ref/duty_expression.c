/* Duty expressions (docs/packs.md), by recursive descent over single tokens:
 *
 *   expression = "free" | "withdrawn" | sum [ "min" sum ] [ "max" sum ]
 *   sum        = term { ( "+" | "-" ) term }
 *   term       = number "%" [ "cif" | "retail" ] | number CURRENCY [ "/" [ number ] unit [ "/" unit ] ] | "component" NAME
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

/* A second unit multiplies: 0.50 XLD / HLT / ASV is for each hectolitre and each per cent of alcohol in it. */
static bool read_by(struct reader *r, struct duty_term *t)
{
	if (r->kind != TOKEN_WORD || memchr(r->token.p, '.', r->token.n) ||
	    span_is(r->token, "declaration"))
		return refuse(r, "a second unit is expected here");
	t->by = r->token;
	advance(r);
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
	return t->kind == DUTY_PER_DECLARATION || !accept(r, "/") || read_by(r, t);
}

static void read_per_cent(struct reader *r, struct duty_term *t)
{
	t->kind = accept(r, "cif")      ? DUTY_PERCENT_CIF
		  : accept(r, "retail") ? DUTY_PERCENT_RETAIL
					: DUTY_PERCENT;
}

static bool read_component(struct reader *r, struct duty_term *ret)
{
	if (r->kind != TOKEN_WORD)
		return refuse(r, "the name of a component is expected here");
	*ret = (struct duty_term){.kind = DUTY_COMPONENT, .unit = r->token};
	advance(r);
	return true;
}

static bool read_term(struct reader *r, struct duty_term *ret)
{
	struct duty_term t = {0};

	if (accept(r, "component"))
		return read_component(r, ret);
	if (!read_number(r, &t.rate))
		return false;
	if (accept(r, "%")) {
		read_per_cent(r, &t);
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

static bool read_sum(struct reader *r, struct duty_term *terms, uint32_t *ret_n)
{
	bool minus = false;

	for (*ret_n = 0;;) {
		if (*ret_n == DUTY_TERMS)
			return refuse(r, "an expression has at most four terms");
		if (!read_term(r, &terms[*ret_n]))
			return false;
		terms[(*ret_n)++].minus = minus;
		minus = span_is(r->token, "-");
		if (!minus && !span_is(r->token, "+"))
			return true;
		advance(r);
	}
}

/* A bound is of one item, so that an amount for the whole declaration cannot be part of one. */
static bool read_bound(struct reader *r, struct duty_term *terms, uint32_t *ret_n)
{
	uint32_t at = r->at;

	if (!read_sum(r, terms, ret_n))
		return false;
	for (uint32_t i = 0; i < *ret_n; i++)
		if (terms[i].kind == DUTY_PER_DECLARATION) {
			r->at = at;
			return refuse(
			    r, "an amount for a declaration cannot bound the duty of an item");
		}
	return true;
}

static bool read_expression(struct reader *r, struct duty_expression *e)
{
	if (accept(r, "withdrawn")) {
		e->withdrawn = true;
	} else if (!accept(r, "free")) {
		if (!read_sum(r, e->sum, &e->terms) ||
		    (accept(r, "min") && !read_bound(r, e->min, &e->mins)) ||
		    (accept(r, "max") && !read_bound(r, e->max, &e->maxes)))
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
