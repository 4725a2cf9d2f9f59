#include "duty/evaluate.h"

#include "duty/quantity.h"

/* One term of an expression with its operands. */
struct operand {
	const struct duty_term *term;
	bool minus;
	struct ratio value; /* national minor units */
	int64_t of;         /* what a per cent is of */
	struct duty_quantity quantity, by;
	struct exchange exchange;
	bool foreign;
};

enum { OPERANDS = DUTY_TERMS * DUTY_TERMS }; /* each term may be a component of as many */
struct side {
	uint32_t n;
	struct operand v[OPERANDS];
};

struct evaluation {
	struct assess *s;
	const struct duty_expression *expression;
	const struct ref_levy *levy;
	struct charge_line *line;
	uint32_t item;
	struct side sum, min, max;
	bool minus;                  /* some term of the sum is taken off: never below nothing */
	bool bound_minus;            /* the same of a bound */
	bool fee;                    /* some term is a share of the declaration's */
	struct ratio rest;           /* inclusive: 1 - the rates of the sum */
	struct duty_quantity months; /* of a line that is relieved in part */
};

/* ---- operands ---- */

static struct ratio per_cent(struct decimal rate)
{
	return ratio_divide(ratio_decimal(rate), ratio_of(100));
}

/* A rate's amount in national minor units. */
static bool rate_value(struct evaluation *e, struct operand *o)
{
	struct assess *s = e->s;

	o->value =
	    ratio_multiply(ratio_decimal(o->term->rate), ratio_of(decimal_power10(s->digits)));
	o->foreign = !span_equal(o->term->currency, s->currency);
	if (!o->foreign)
		return true;
	if (!assess_rate(s, o->term->currency, &s->items[e->item], &o->exchange))
		return false;
	o->value = ratio_divide(ratio_multiply(o->value, ratio_decimal(o->exchange.rate)),
				ratio_of(o->exchange.per));
	return true;
}

static bool find_quantity(struct evaluation *e, struct span unit, struct duty_quantity *q)
{
	struct assess *s = e->s;
	const void *place = duty_quantity_place(&s->items[e->item], unit);

	if (!duty_quantity(s, e->item, e->levy->code, unit, q)) {
		assess_stop(s, FINDING_DUTY_QUANTITY_MISSING, place, e->levy->code, unit, NO_VALUE);
		return false;
	}
	if (q->number.units < 0 || (q->converted && q->times.units < 0)) {
		assess_stop(s, FINDING_DUTY_NEGATIVE, place, SPAN("-"), NO_VALUE, NO_VALUE);
		return false;
	}
	return true;
}

static struct ratio times_quantity(struct ratio value, const struct duty_quantity *q)
{
	value = ratio_multiply(value, ratio_decimal(q->number));
	if (q->converted)
		value = ratio_divide(ratio_multiply(value, ratio_decimal(q->times)),
				     ratio_decimal(q->per));
	return value;
}

static bool specific_value(struct evaluation *e, struct operand *o)
{
	if (!find_quantity(e, o->term->unit, &o->quantity) ||
	    (o->term->by.n && !find_quantity(e, o->term->by, &o->by)) || !rate_value(e, o))
		return false;
	o->value = ratio_divide(ratio_multiply(o->value, ratio_decimal(o->quantity.number)),
				ratio_decimal(o->term->per));
	if (o->quantity.converted)
		o->value = ratio_divide(ratio_multiply(o->value, ratio_decimal(o->quantity.times)),
					ratio_decimal(o->quantity.per));
	if (o->term->by.n)
		o->value = times_quantity(o->value, &o->by);
	return true;
}

/* The base by value that the levy's own duty line declares: for levies on the retail price. */
static bool retail_price(struct evaluation *e, int64_t *ret)
{
	struct assess *s = e->s;
	const struct commodity *goods = &s->items[e->item].commodity;

	for (uint32_t i = 0; i < goods->duties.n; i++)
		if (span_equal(goods->duties.v[i].type, e->levy->code) &&
		    goods->duties.v[i].base.value.set)
			return assess_exchange(s, &goods->duties.v[i].base, "retail price",
					       &e->line->proof, ret);
	assess_stop(s, FINDING_DUTY_RETAIL_MISSING, &goods->duties, e->levy->code, NO_VALUE,
		    NO_VALUE);
	return false;
}

/* A base is divided already; what rests on something else is of the same part of it. */
static struct ratio part_of(const struct evaluation *e, struct ratio value)
{
	if (!e->line->whole)
		return value;
	return ratio_divide(ratio_multiply(value, ratio_of(e->line->part)),
			    ratio_of(e->line->whole));
}

static bool resolve_whole(struct evaluation *e, const struct duty_term *t, struct operand *o)
{
	o->term = t;
	o->of = e->line->base;
	switch (t->kind) {
	case DUTY_PERCENT:
		break;
	case DUTY_PERCENT_CIF:
		o->of = e->s->ret->values[e->item].customs_value.minor;
		break;
	case DUTY_PERCENT_RETAIL:
		if (!retail_price(e, &o->of))
			return false;
		break;
	case DUTY_PER_UNIT:
		return specific_value(e, o);
	case DUTY_FIXED:
		return rate_value(e, o);
	case DUTY_PER_DECLARATION:
		o->value = ratio_of(0); /* its share is added apart */
		e->fee = true;
		return true;
	case DUTY_COMPONENT:
		return false; /* resolve_component() puts its terms in its place */
	}
	o->value = ratio_multiply(ratio_of(o->of), per_cent(t->rate));
	return true;
}

static bool resolve(struct evaluation *e, const struct duty_term *t, struct operand *o)
{
	if (!resolve_whole(e, t, o))
		return false;
	if (t->kind != DUTY_PERCENT)
		o->value = part_of(e, o->value);
	return true;
}

/* The terms of a component, by the first additional code of the item that it is set for. */
static const struct duty_expression *find_component(struct evaluation *e, struct span name)
{
	struct assess *s = e->s;
	const struct commodity *goods = &s->items[e->item].commodity;
	const struct duty_expression *any = ref_component(s->r, name, NO_VALUE, s->day);
	struct span code = SPAN("-");

	for (uint32_t i = 0; i < goods->classifications.n; i++) {
		const struct duty_expression *x;

		if (!duty_is_additional(&goods->classifications.v[i]))
			continue;
		code = goods->classifications.v[i].id;
		x = ref_component(s->r, name, code, s->day);
		if (x && x != any)
			return x;
	}
	if (!any)
		assess_stop(s, FINDING_DUTY_COMPONENT_MISSING, &goods->classifications,
			    e->levy->code, name, code);
	return any;
}

static bool resolve_component(struct evaluation *e, const struct duty_term *t, struct side *side)
{
	const struct duty_expression *x = find_component(e, t->unit);

	for (uint32_t i = 0; x && i < x->terms; i++) {
		struct operand *o = &side->v[side->n++];

		o->minus = t->minus;
		if (!resolve(e, &x->sum[i], o))
			return false;
	}
	return x;
}

/* ret_minus is left alone when nothing is taken off. */
static bool resolve_side(struct evaluation *e, const struct duty_term *terms, uint32_t n,
			 struct side *side, bool *ret_minus)
{
	side->n = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct operand *o;

		*ret_minus = *ret_minus || terms[i].minus;
		if (terms[i].kind == DUTY_COMPONENT) {
			if (!resolve_component(e, &terms[i], side))
				return false;
			continue;
		}
		o = &side->v[side->n++];
		o->minus = terms[i].minus;
		if (!resolve(e, &terms[i], o))
			return false;
	}
	return true;
}

static bool resolve_all(struct evaluation *e)
{
	const struct duty_expression *x = e->expression;

	return resolve_side(e, x->sum, x->terms, &e->sum, &e->minus) &&
	       resolve_side(e, x->min, x->mins, &e->min, &e->bound_minus) &&
	       resolve_side(e, x->max, x->maxes, &e->max, &e->bound_minus);
}

/* ---- value ---- */

/* A levy that is part of the price it is a rate of: rate / (1 - rate) of the price without it. */
static struct ratio grossed_up(struct ratio value, struct ratio rest)
{
	return rest.over > 0 ? ratio_divide(value, rest) : (struct ratio){0, 0};
}

/* rest: what an inclusive levy leaves of the price: 1 - the rates of its base. */
static struct ratio side_value(const struct evaluation *e, const struct side *side,
			       struct ratio value, struct ratio *ret_rest)
{
	*ret_rest = ratio_of(1);
	for (uint32_t i = 0; i < side->n; i++) {
		const struct operand *o = &side->v[i];

		value = o->minus ? ratio_subtract(value, o->value) : ratio_add(value, o->value);
		if (e->levy->inclusive && o->term->kind == DUTY_PERCENT)
			*ret_rest = o->minus ? ratio_add(*ret_rest, per_cent(o->term->rate))
					     : ratio_subtract(*ret_rest, per_cent(o->term->rate));
	}
	return e->levy->inclusive ? grossed_up(value, *ret_rest) : value;
}

static struct ratio part_of_months(const struct evaluation *e, struct ratio value)
{
	struct ratio part =
	    ratio_multiply(per_cent(e->line->monthly), ratio_decimal(e->months.number));

	return ratio_multiply(value, ratio_least(part, ratio_of(1)));
}

static struct ratio expression_value(struct evaluation *e)
{
	struct ratio value = ratio_of(e->fee ? e->line->fee : 0), rest;

	value = side_value(e, &e->sum, value, &e->rest);
	if (e->minus)
		value = ratio_most(value, ratio_of(0));
	if (e->min.n)
		value = ratio_most(value, side_value(e, &e->min, ratio_of(0), &rest));
	if (e->max.n)
		value = ratio_least(value, side_value(e, &e->max, ratio_of(0), &rest));
	if (e->bound_minus)
		value = ratio_most(value, ratio_of(0));
	return e->line->partial ? part_of_months(e, value) : value;
}

/* ---- proof ---- */

static void write_exchange(struct proof_writer *w, const struct operand *o)
{
	if (!o->foreign)
		return;
	PROOF_PUT(w, " * ");
	proof_quantity(w, o->exchange.rate, w->currency);
	PROOF_PUT(w, " / ");
	proof_quantity(w, decimal_of(o->exchange.per, 0), o->exchange.currency);
}

static void write_quantity(struct proof_writer *w, const struct duty_quantity *q, struct span unit)
{
	proof_quantity(w, q->number, q->unit);
	if (q->converted) {
		PROOF_PUT(w, " * ");
		proof_quantity(w, q->times, unit);
		PROOF_PUT(w, " / ");
		proof_quantity(w, q->per, q->unit);
	}
}

static void write_specific(struct proof_writer *w, const struct operand *o)
{
	write_quantity(w, &o->quantity, o->term->unit);
	if (o->term->by.n) {
		PROOF_PUT(w, " * ");
		write_quantity(w, &o->by, o->term->by);
	}
	PROOF_PUT(w, " * ");
	proof_quantity(w, o->term->rate, o->term->currency);
	PROOF_PUT(w, " / ");
	proof_quantity(w, o->term->per, o->term->unit);
	if (o->term->by.n) {
		PROOF_PUT(w, " / ");
		proof_quantity(w, decimal_of(1, 0), o->term->by);
	}
	write_exchange(w, o);
}

static void write_per_cent(struct proof_writer *w, struct decimal rate)
{
	proof_number(w, rate.units, rate.scale);
	PROOF_PUT(w, "%");
}

static void write_operand(const struct evaluation *e, const struct operand *o)
{
	struct proof_writer *w = &e->s->proof;

	switch (o->term->kind) {
	case DUTY_PERCENT:
	case DUTY_PERCENT_CIF:
	case DUTY_PERCENT_RETAIL:
		proof_money(w, o->of);
		PROOF_PUT(w, " * ");
		write_per_cent(w, o->term->rate);
		break;
	case DUTY_PER_UNIT:
		write_specific(w, o);
		break;
	case DUTY_FIXED:
		proof_quantity(w, o->term->rate, o->term->currency);
		write_exchange(w, o);
		break;
	case DUTY_PER_DECLARATION:
	case DUTY_COMPONENT:
		return;
	}
	if (o->term->kind != DUTY_PERCENT)
		proof_part(w, e->line);
}

/* Terms, with the share of an amount of the declaration behind those of the sum. */
static void write_terms(const struct evaluation *e, const struct side *side)
{
	struct proof_writer *w = &e->s->proof;
	bool first = true;

	for (uint32_t i = 0; i < side->n; i++) {
		const struct operand *o = &side->v[i];

		if (o->term->kind == DUTY_PER_DECLARATION)
			continue;
		if (o->minus && first)
			proof_money(w, 0);
		if (o->minus || !first)
			proof_put(w, o->minus ? " - " : " + ", 3);
		write_operand(e, o);
		first = false;
	}
	if (e->fee && side == &e->sum) {
		if (!first)
			PROOF_PUT(w, " + ");
		proof_money(w, e->line->fee);
	} else if (!side->n) {
		proof_money(w, 0);
	}
}

static void write_rest(const struct evaluation *e, const struct side *side)
{
	struct proof_writer *w = &e->s->proof;

	PROOF_PUT(w, " / (100%");
	for (uint32_t i = 0; i < side->n; i++) {
		if (side->v[i].term->kind != DUTY_PERCENT)
			continue;
		proof_put(w, side->v[i].minus ? " + " : " - ", 3);
		write_per_cent(w, side->v[i].term->rate);
	}
	PROOF_PUT(w, ")");
}

/* A bound of a single term is written without parentheses. */
static void write_bound(const struct evaluation *e, const struct side *side)
{
	struct proof_writer *w = &e->s->proof;
	bool per_cent = false;

	for (uint32_t i = 0; i < side->n; i++)
		per_cent = per_cent || side->v[i].term->kind == DUTY_PERCENT;
	per_cent = per_cent && e->levy->inclusive;
	PROOF_PUT(w, ", ");
	if (per_cent && side->n > 1)
		PROOF_PUT(w, "(");
	write_terms(e, side);
	if (per_cent && side->n > 1)
		PROOF_PUT(w, ")");
	if (per_cent)
		write_rest(e, side);
	PROOF_PUT(w, ")");
}

static void write_label(const struct evaluation *e)
{
	struct proof_writer *w = &e->s->proof;

	proof_span(w, e->levy->code);
	if (e->line->state == TAX_SUSPENDED)
		PROOF_PUT(w, " (suspended)");
	else if (e->line->state == TAX_RELIEVED)
		PROOF_PUT(w, " (relieved)");
	if (e->expression->terms == 0)
		PROOF_PUT(w, " (free)");
	if (e->line->partial)
		PROOF_PUT(w, " (in part, by months)");
	PROOF_PUT(w, ": ");
}

static void write_months(const struct evaluation *e)
{
	struct proof_writer *w = &e->s->proof;

	PROOF_PUT(w, ") * min(");
	proof_number(w, e->months.number.units, e->months.number.scale);
	PROOF_PUT(w, " * ");
	write_per_cent(w, e->line->monthly);
	PROOF_PUT(w, ", 100%)");
}

static void write_step(const struct evaluation *e, bool exact)
{
	struct proof_writer *w = &e->s->proof;
	bool grossed = e->levy->inclusive && e->sum.n;
	size_t begin = proof_begin(w);

	write_label(e);
	if (e->line->partial)
		PROOF_PUT(w, "(");
	if (e->bound_minus)
		PROOF_PUT(w, "max(");
	if (e->max.n)
		PROOF_PUT(w, "min(");
	if (e->min.n)
		PROOF_PUT(w, "max(");
	if (e->minus)
		PROOF_PUT(w, "max(");
	if (grossed)
		PROOF_PUT(w, "(");
	write_terms(e, &e->sum);
	if (grossed) {
		PROOF_PUT(w, ")");
		write_rest(e, &e->sum);
	}
	if (e->minus) {
		PROOF_PUT(w, ", ");
		proof_money(w, 0);
		PROOF_PUT(w, ")");
	}
	if (e->min.n)
		write_bound(e, &e->min);
	if (e->max.n)
		write_bound(e, &e->max);
	if (e->bound_minus) {
		PROOF_PUT(w, ", ");
		proof_money(w, 0);
		PROOF_PUT(w, ")");
	}
	if (e->line->partial)
		write_months(e);
	proof_result(w, e->line->amount, e->levy->rounding, e->levy->round_to, exact);
	proof_end(w, begin, &e->line->proof);
}

/* ---- a line ---- */

/* Each month, or part of one, counts whole. */
static bool find_months(struct evaluation *e)
{
	struct decimal *n = &e->months.number;
	int64_t one;

	if (!e->line->partial)
		return true;
	if (!find_quantity(e, SPAN("MON"), &e->months))
		return false;
	one = decimal_power10(n->scale);
	*n = decimal_of(n->units / one + (n->units % one != 0), 0);
	return true;
}

void evaluate_line(struct assess *s, uint32_t i, const struct ref_levy *levy,
		   struct charge_line *line)
{
	struct evaluation
	    e; /* operands are filled as the expression has them: clearing them all would cost more than the rest */
	struct ratio value;

	e.s = s;
	e.expression = line->expression;
	e.levy = levy;
	e.line = line;
	e.item = i;
	e.minus = e.bound_minus = e.fee = false;
	if (!resolve_all(&e) || !find_months(&e) || (e.fee && line->fee_state != FEE_SHARED))
		return;
	value = expression_value(&e);
	if (levy->inclusive && e.rest.over <= 0) {
		assess_stop(s, FINDING_DUTY_RATE_IMPOSSIBLE, &s->items[i], levy->code,
			    e.expression->text, NO_VALUE);
		return;
	}
	if (ratio_round(value, levy->rounding, levy->round_to, &line->amount)) {
		assess_stop(s, FINDING_DUTY_OVERFLOW, &s->items[i], NO_VALUE, NO_VALUE, NO_VALUE);
		return;
	}
	line->assessed = true;
	write_step(&e, value.over == (__int128)line->amount * value.under);
}
