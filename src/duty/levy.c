/* What each levy comes to: its base, its duty expression, its one rounding, and whether the procedure suspends or relieves it.
 *
 * Levies are computed in their order, each for all items, because a later one may stand on an earlier one and a fixed amount of
 * the declaration is shared between items. A levy adds to the base of another what is due; what is suspended or relieved adds
 * only to a line that is suspended, or relieved, itself: such a line shows what would have been due. */
#include "duty/assess.h"
#include "duty/quantity.h"

/* One term of an expression with its operands. */
struct operand {
	const struct duty_term *term;
	struct ratio value; /* national minor units */
	struct duty_quantity quantity;
	struct exchange exchange;
	bool foreign;
};

struct evaluation {
	struct assess *s;
	const struct duty_expression *expression;
	const struct ref_levy *levy;
	struct charge_line *line;
	uint32_t item;
	struct operand sum[DUTY_TERMS], min, max;
	bool minus;        /* some term is taken off: never below nothing */
	bool fee;          /* some term is a share of the declaration's */
	struct ratio rest; /* inclusive: 1 - the rates of the sum */
};

/* ---- the procedure's effect ---- */

static bool names_levy(struct span list, struct span levy)
{
	if (span_is(list, "*"))
		return true;
	while (list.n)
		if (span_equal(span_cut(&list, ' '), levy))
			return true;
	return false;
}

/* The first procedure is the main one, the others additional: the strongest effect on a levy counts. */
static void apply_procedures(struct assess *s, uint32_t i)
{
	const struct goods_item *item = &s->items[i];
	struct charge_line *lines = &s->lines[(size_t)i * s->levy_count];

	for (uint32_t k = 0; k < item->procedures.n; k++) {
		const struct procedure *p = &item->procedures.v[k];
		const struct ref_procedure *known =
		    ref_procedure(s->r, p->requested, p->previous, s->day);
		enum tax_state state;

		if (!known || known->effect == EFFECT_DUE || known->direction != s->direction)
			continue;
		state = known->effect == EFFECT_RELIEVED ? TAX_RELIEVED : TAX_SUSPENDED;
		for (uint32_t l = 0; l < s->levy_count; l++)
			if (lines[l].measure && state > lines[l].state &&
			    names_levy(known->relieved, s->levies[l].code))
				lines[l].state = state;
	}
}

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

static bool specific_value(struct evaluation *e, struct operand *o)
{
	struct assess *s = e->s;
	const struct goods_item *item = &s->items[e->item];
	const void *place = duty_quantity_place(item, o->term->unit);
	struct duty_quantity *q = &o->quantity;

	if (!duty_quantity(s, e->item, e->levy->code, o->term->unit, q)) {
		assess_stop(s, FINDING_DUTY_QUANTITY_MISSING, place, e->levy->code, o->term->unit,
			    NO_VALUE);
		return false;
	}
	if (q->number.units < 0 || (q->converted && q->times.units < 0)) {
		assess_stop(s, FINDING_DUTY_NEGATIVE, place, SPAN("-"), NO_VALUE, NO_VALUE);
		return false;
	}
	if (!rate_value(e, o))
		return false;
	o->value = ratio_divide(ratio_multiply(o->value, ratio_decimal(q->number)),
				ratio_decimal(o->term->per));
	if (q->converted)
		o->value = ratio_divide(ratio_multiply(o->value, ratio_decimal(q->times)),
					ratio_decimal(q->per));
	return true;
}

static bool resolve(struct evaluation *e, const struct duty_term *t, struct operand *o)
{
	o->term = t;
	switch (t->kind) {
	case DUTY_PERCENT:
		o->value = ratio_multiply(ratio_of(e->line->base), per_cent(t->rate));
		return true;
	case DUTY_PER_UNIT:
		return specific_value(e, o);
	case DUTY_FIXED:
		return rate_value(e, o);
	case DUTY_PER_DECLARATION:
		o->value = ratio_of(0); /* its share is added apart */
		e->fee = true;
		return true;
	}
	return false;
}

static bool resolve_all(struct evaluation *e)
{
	const struct duty_expression *x = e->expression;

	for (uint32_t i = 0; i < x->terms; i++) {
		e->minus = e->minus || x->sum[i].minus;
		if (!resolve(e, &x->sum[i], &e->sum[i]))
			return false;
	}
	return (!x->has_min || resolve(e, &x->min, &e->min)) &&
	       (!x->has_max || resolve(e, &x->max, &e->max));
}

/* ---- value ---- */

/* A levy that is part of the price it is a rate of: rate / (1 - rate) of the price without it. */
static struct ratio grossed_up(struct ratio value, struct ratio rest)
{
	return rest.over > 0 ? ratio_divide(value, rest) : (struct ratio){0, 0};
}

static struct ratio bound_value(const struct evaluation *e, const struct operand *o)
{
	if (!e->levy->inclusive || o->term->kind != DUTY_PERCENT)
		return o->value;
	return grossed_up(o->value, ratio_subtract(ratio_of(1), per_cent(o->term->rate)));
}

static struct ratio expression_value(struct evaluation *e)
{
	const struct duty_expression *x = e->expression;
	struct ratio value = ratio_of(e->fee ? e->line->fee : 0);

	e->rest = ratio_of(1);
	for (uint32_t i = 0; i < x->terms; i++) {
		bool minus = x->sum[i].minus;

		value = minus ? ratio_subtract(value, e->sum[i].value)
			      : ratio_add(value, e->sum[i].value);
		if (e->levy->inclusive && x->sum[i].kind == DUTY_PERCENT)
			e->rest = minus ? ratio_add(e->rest, per_cent(x->sum[i].rate))
					: ratio_subtract(e->rest, per_cent(x->sum[i].rate));
	}
	if (e->levy->inclusive)
		value = grossed_up(value, e->rest);
	if (e->minus)
		value = ratio_most(value, ratio_of(0));
	if (x->has_min)
		value = ratio_most(value, bound_value(e, &e->min));
	if (x->has_max)
		value = ratio_least(value, bound_value(e, &e->max));
	return value;
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

static void write_specific(struct proof_writer *w, const struct operand *o)
{
	const struct duty_quantity *q = &o->quantity;

	proof_quantity(w, q->number, q->unit);
	if (q->converted) {
		PROOF_PUT(w, " * ");
		proof_quantity(w, q->times, o->term->unit);
		PROOF_PUT(w, " / ");
		proof_quantity(w, q->per, q->unit);
	}
	PROOF_PUT(w, " * ");
	proof_quantity(w, o->term->rate, o->term->currency);
	PROOF_PUT(w, " / ");
	proof_quantity(w, o->term->per, o->term->unit);
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
		proof_money(w, e->line->base);
		PROOF_PUT(w, " * ");
		write_per_cent(w, o->term->rate);
		return;
	case DUTY_PER_UNIT:
		write_specific(w, o);
		return;
	case DUTY_FIXED:
		proof_quantity(w, o->term->rate, o->term->currency);
		write_exchange(w, o);
		return;
	case DUTY_PER_DECLARATION:
		return;
	}
}

static void write_bound(const struct evaluation *e, const struct operand *o)
{
	struct proof_writer *w = &e->s->proof;

	PROOF_PUT(w, ", ");
	write_operand(e, o);
	if (e->levy->inclusive && o->term->kind == DUTY_PERCENT) {
		PROOF_PUT(w, " / (100% - ");
		write_per_cent(w, o->term->rate);
		PROOF_PUT(w, ")");
	}
	PROOF_PUT(w, ")");
}

static void write_sum(const struct evaluation *e)
{
	const struct duty_expression *x = e->expression;
	struct proof_writer *w = &e->s->proof;
	bool first = true;

	for (uint32_t i = 0; i < x->terms; i++) {
		if (x->sum[i].kind == DUTY_PER_DECLARATION)
			continue;
		if (x->sum[i].minus && first)
			proof_money(w, 0);
		if (x->sum[i].minus || !first)
			proof_put(w, x->sum[i].minus ? " - " : " + ", 3);
		write_operand(e, &e->sum[i]);
		first = false;
	}
	if (e->fee) {
		if (!first)
			PROOF_PUT(w, " + ");
		proof_money(w, e->line->fee);
	} else if (x->terms == 0) {
		proof_money(w, 0);
	}
}

static void write_rest(const struct evaluation *e)
{
	const struct duty_expression *x = e->expression;
	struct proof_writer *w = &e->s->proof;

	PROOF_PUT(w, " / (100%");
	for (uint32_t i = 0; i < x->terms; i++) {
		if (x->sum[i].kind != DUTY_PERCENT)
			continue;
		proof_put(w, x->sum[i].minus ? " + " : " - ", 3);
		write_per_cent(w, x->sum[i].rate);
	}
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
	PROOF_PUT(w, ": ");
}

static void write_step(const struct evaluation *e, bool exact)
{
	const struct duty_expression *x = e->expression;
	struct proof_writer *w = &e->s->proof;
	bool grossed = e->levy->inclusive && x->terms;
	size_t begin = proof_begin(w);

	write_label(e);
	if (x->has_max)
		PROOF_PUT(w, "min(");
	if (x->has_min)
		PROOF_PUT(w, "max(");
	if (e->minus)
		PROOF_PUT(w, "max(");
	if (grossed)
		PROOF_PUT(w, "(");
	write_sum(e);
	if (grossed) {
		PROOF_PUT(w, ")");
		write_rest(e);
	}
	if (e->minus) {
		PROOF_PUT(w, ", ");
		proof_money(w, 0);
		PROOF_PUT(w, ")");
	}
	if (x->has_min)
		write_bound(e, &e->min);
	if (x->has_max)
		write_bound(e, &e->max);
	proof_result(w, e->line->amount, e->levy->rounding, e->levy->round_to, exact);
	proof_end(w, begin, &e->line->proof);
}

/* ---- base ---- */

/* Does the levy l add to the base of a line in this state? */
static bool adds(const struct charge_line *l, enum tax_state state)
{
	return l->measure && (l->state == TAX_DUE || l->state == state);
}

static void write_base(struct assess *s, const struct ref_levy *levy,
		       const struct charge_line *lines, struct charge_line *line, int64_t value)
{
	struct proof_writer *w = &s->proof;
	size_t begin = proof_begin(w);
	bool first = !levy->on_value;

	PROOF_PUT(w, "base of ");
	proof_span(w, levy->code);
	PROOF_PUT(w, ": ");
	if (levy->on_value)
		proof_money(w, value);
	for (uint32_t k = 0; k < levy->index; k++) {
		if (!(levy->on_levies >> k & 1) || !adds(&lines[k], line->state) ||
		    !lines[k].amount)
			continue;
		if (!first)
			PROOF_PUT(w, " + ");
		proof_money(w, lines[k].amount);
		first = false;
	}
	proof_result(w, line->base, ROUND_DOWN, 1, true);
	proof_end(w, begin, &line->proof);
}

/* Customs value and earlier levies, as the levy's bases name them. false: one of them could not be assessed. */
static bool find_base(struct assess *s, uint32_t i, const struct ref_levy *levy)
{
	struct charge_line *lines = &s->lines[(size_t)i * s->levy_count];
	struct charge_line *line = &lines[levy->index];
	int64_t value = s->ret->values[i].customs_value.minor;
	bool levies = false;

	line->base = levy->on_value ? value : 0;
	for (uint32_t k = 0; k < levy->index; k++) {
		if (!(levy->on_levies >> k & 1) || !adds(&lines[k], line->state))
			continue;
		if (!lines[k].assessed)
			return false;
		if (__builtin_add_overflow(line->base, lines[k].amount, &line->base)) {
			assess_stop(s, FINDING_DUTY_OVERFLOW, &s->items[i], NO_VALUE, NO_VALUE,
				    NO_VALUE);
			return false;
		}
		levies = levies || lines[k].amount;
	}
	if (levies)
		write_base(s, levy, lines, line, value);
	return true;
}

/* ---- amounts of the declaration as a whole ---- */

static bool asks_declaration(const struct ref_measure *m)
{
	for (uint32_t i = 0; m && i < m->expression.terms; i++)
		if (m->expression.sum[i].kind == DUTY_PER_DECLARATION)
			return true;
	return false;
}

/* What a measure asks of the declaration, in national money; its exchange is proven with the first item. */
static bool fee_total(struct assess *s, const struct ref_measure *m, const void *place,
		      struct proof *proof, int64_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < m->expression.terms; i++) {
		const struct duty_term *t = &m->expression.sum[i];
		struct amount amount = {.value = t->rate, .currency = t->currency};
		int64_t minor;

		if (t->kind != DUTY_PER_DECLARATION)
			continue;
		amount.value.set = true;
		if (!assess_exchange(s, &amount, "amount of the declaration", proof, &minor))
			return false;
		if (t->minus ? __builtin_sub_overflow(*ret, minor, ret)
			     : __builtin_add_overflow(*ret, minor, ret)) {
			assess_stop(s, FINDING_DUTY_OVERFLOW, place, NO_VALUE, NO_VALUE, NO_VALUE);
			return false;
		}
	}
	return true;
}

static void write_share(struct assess *s, struct charge_line *line, int64_t total, int64_t weight,
			int64_t sum, bool even)
{
	struct proof_writer *w = &s->proof;
	size_t begin = proof_begin(w);

	PROOF_PUT(w, "share of the declaration's amount: ");
	proof_money(w, total);
	PROOF_PUT(w, " * ");
	if (even) {
		PROOF_PUT(w, "1 / ");
		proof_number(w, sum, 0);
	} else {
		proof_money(w, weight);
		PROOF_PUT(w, " / ");
		proof_money(w, sum);
	}
	proof_result(w, line->fee, ROUND_DOWN, 1, true);
	PROOF_PUT(w, " (apportioned)");
	proof_end(w, begin, &line->proof);
}

/* The items that a measure's amount is shared by, with their weights: customs values, or one each when all are zero. */
struct sharers {
	uint32_t *item;
	int64_t *weight;
	struct money *share;
	uint32_t n;
	int64_t sum;
	bool even;
};

static bool find_sharers(struct assess *s, uint32_t first, uint32_t l, struct sharers *ret)
{
	const struct ref_measure *m = s->lines[(size_t)first * s->levy_count + l].measure;
	bool fits = true;

	*ret = (struct sharers){.item = ARENA_ARRAY(s->arena, uint32_t, s->n),
				.weight = ARENA_ARRAY(s->arena, int64_t, s->n),
				.share = ARENA_ARRAY(s->arena, struct money, s->n)};
	for (uint32_t i = first; i < s->n; i++) {
		struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

		if (!s->valued[i] || line->measure != m)
			continue;
		line->fee_state = FEE_FAILED; /* until it is shared */
		ret->item[ret->n] = i;
		ret->weight[ret->n] = s->ret->values[i].customs_value.minor;
		fits = !__builtin_add_overflow(ret->sum, ret->weight[ret->n++], &ret->sum) && fits;
	}
	ret->even = ret->sum == 0;
	for (uint32_t k = 0; ret->even && k < ret->n; k++)
		ret->weight[k] = 1;
	if (ret->even)
		ret->sum = ret->n;
	return fits;
}

static void share_fee(struct assess *s, uint32_t first, uint32_t l)
{
	struct charge_line *line = &s->lines[(size_t)first * s->levy_count + l];
	const void *place = &s->items[first];
	struct sharers sharers;
	bool fits = find_sharers(s, first, l, &sharers);
	int64_t total;

	if (!fee_total(s, line->measure, place, &line->proof, &total))
		return;
	if (!fits ||
	    money_apportion((struct money){total}, sharers.weight, sharers.n, sharers.share)) {
		assess_stop(s, FINDING_DUTY_OVERFLOW, place, NO_VALUE, NO_VALUE, NO_VALUE);
		return;
	}
	for (uint32_t k = 0; k < sharers.n; k++) {
		struct charge_line *to = &s->lines[(size_t)sharers.item[k] * s->levy_count + l];

		to->fee = sharers.share[k].minor;
		to->fee_state = FEE_SHARED;
		write_share(s, to, total, sharers.weight[k], sharers.sum, sharers.even);
	}
}

/* ---- a levy ---- */

static void assess_line(struct assess *s, uint32_t i, const struct ref_levy *levy)
{
	struct charge_line *line = &s->lines[(size_t)i * s->levy_count + levy->index];
	struct evaluation
	    e; /* operands are filled as the expression has them: clearing them all would cost more than the rest */
	struct ratio value;

	e.s = s;
	e.expression = &line->measure->expression;
	e.levy = levy;
	e.line = line;
	e.item = i;
	e.minus = e.fee = false;
	if (!find_base(s, i, levy) || !resolve_all(&e) || (e.fee && line->fee_state != FEE_SHARED))
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

void assess_levies(struct assess *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		apply_procedures(s, i);
	for (uint32_t l = 0; l < s->levy_count; l++) {
		for (uint32_t i = 0; i < s->n; i++) {
			struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

			if (!s->valued[i] || !line->measure)
				continue;
			if (line->fee_state == FEE_NONE && asks_declaration(line->measure))
				share_fee(s, i, l);
			assess_line(s, i, &s->levies[l]);
		}
	}
}
