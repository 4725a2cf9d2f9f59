#include "tariff/tariff.h"

#include "base/limits.h"
#include "ref/ref.h"

void tariff_leave(struct tariff *t, uint32_t line, uint32_t column, struct span text,
		  const char *why)
{
	struct tariff_left *new =
	    arena_push(t->arena, (void **)&t->left.v, &t->left.n, &t->left.room, sizeof(*new));

	*new = (struct tariff_left){line, column, text, why};
}

bool tariff_is_code(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n >= 2 && s.n <= 10 && s.n % 2 == 0;
}

static enum rate_kind kind_of(const struct duty_expression *e, struct decimal *percent)
{
	uint32_t percents = 0, amounts = 0, others = 0;

	for (uint32_t i = 0; i < e->terms; i++) {
		percents += e->sum[i].kind == DUTY_PERCENT;
		amounts += e->sum[i].kind == DUTY_PER_UNIT || e->sum[i].kind == DUTY_FIXED;
		others += e->sum[i].kind != DUTY_PERCENT && e->sum[i].kind != DUTY_PER_UNIT &&
			  e->sum[i].kind != DUTY_FIXED;
		if (e->sum[i].kind == DUTY_PERCENT)
			*percent = e->sum[i].rate;
	}
	if (percents > 1)
		*percent = (struct decimal){0};
	if (!e->terms) {
		*percent = decimal_of(0, 0);
		return RATE_FREE;
	}
	if (others)
		return RATE_OTHER;
	if (amounts)
		return percents || e->mins || e->maxes ? RATE_COMPOUND : RATE_SPECIFIC;
	if (e->mins || e->maxes)
		return RATE_COMPOUND;
	return decimal_is_zero(*percent) && percent->set ? RATE_FREE : RATE_AD_VALOREM;
}

struct rate_text tariff_rate_of(struct span expression, const char **ret_why, uint32_t *ret_at)
{
	struct rate_text r = {.kind = RATE_NOT_UNDERSTOOD};
	struct duty_expression e;

	if (duty_expression_parse(expression, &e, ret_why, ret_at))
		return r;
	r.kind = kind_of(&e, &r.percent);
	r.expression = expression;
	r.calculable = true;
	return r;
}

void tariff_add_line(struct tariff *t, const struct tariff_line *l)
{
	*TARIFF_PUSH(t, lines) = *l;
	t->rates[l->general.rate.kind]++;
}

static void write_rate(struct json_writer *w, const struct tariff_rate *r)
{
	json_put(w, "rate_text", r->text);
	json_put_c(w, "kind", rate_kind_name(r->rate.kind));
	json_put_decimal(w, "ad_valorem_percent", r->rate.percent);
	json_name(w, "expression");
	if (r->rate.expression.n)
		json_string(w, r->rate.expression);
	else
		json_null(w);
}

static void write_special(struct json_writer *w, const struct tariff_special *s)
{
	json_open_array(w);
	for (; s; s = s->next) {
		struct span rest = s->programmes;

		json_open_object(w);
		write_rate(w, &s->rate);
		json_name(w, "programmes");
		json_open_array(w);
		while (rest.n) {
			struct span symbol = span_trim(span_cut(&rest, ','));

			if (symbol.n)
				json_string(w, symbol);
		}
		json_close_array(w);
		json_close_object(w);
	}
	json_close_array(w);
}

static void write_line(struct json_writer *w, const struct tariff_line *l)
{
	json_open_object(w);
	json_put(w, "code", l->code);
	write_rate(w, &l->general);
	json_put_bool(w, "inherited", l->inherited);
	json_put_int(w, "line", l->line);
	if (l->special) {
		json_name(w, "special");
		write_special(w, l->special);
	}
	if (l->column_2.text.n) {
		json_name(w, "column_2");
		json_open_object(w);
		write_rate(w, &l->column_2);
		json_close_object(w);
	}
	json_close_object(w);
}

void tariff_report(const struct tariff *t, struct text *to)
{
	for (uint32_t i = 0; i < t->lines.n; i++) {
		struct json_writer w = json_to(to);

		write_line(&w, &t->lines.v[i]);
		text_char(to, '\n');
	}
}

void tariff_lost(const struct tariff *t, struct text *to)
{
	for (uint32_t i = 0; i < t->left.n; i++) {
		const struct tariff_left *x = &t->left.v[i];
		struct json_writer w = json_to(to);

		json_open_object(&w);
		json_put_int(&w, "line", x->line);
		if (x->column)
			json_put_int(&w, "column", x->column);
		json_put(&w, "text", x->text);
		json_put_c(&w, "why", x->why);
		json_close_object(&w);
		text_char(to, '\n');
	}
}

void tariff_summary(const struct tariff *t, struct text *to)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put_c(&w, "source", t->name);
	json_put_int(&w, "rows", t->rows);
	json_put_int(&w, "commodities", t->commodities.n);
	json_put_int(&w, "lines", t->lines.n);
	for (enum rate_kind k = 0; k < RATE_KINDS; k++)
		json_put_int(&w, rate_kind_name(k), t->rates[k]);
	json_put_int(&w, "without_rate", t->without_rate);
	json_put_int(&w, "measures", t->measures.n);
	json_put_int(&w, "left_out", t->left.n);
	json_close_object(&w);
	text_char(to, '\n');
}
