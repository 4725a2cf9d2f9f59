/* What each levy comes to: its base, its duty expression, its one rounding, and whether the procedure suspends or relieves it.
 *
 * Levies are computed in their order, each for all items, because a later one may stand on an earlier one and a fixed amount of
 * the declaration is shared between items. A levy adds to the base of another what is due; what is suspended or relieved adds
 * only to a line that is suspended, or relieved, itself: such a line shows what would have been due. */
#include "duty/assess.h"
#include "duty/evaluate.h"

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

/* Temporary admission with partial relief: a part of what would be due for each month (Istanbul Convention, annex E). */
static void relieve_in_part(struct assess *s, struct charge_line *lines,
			    const struct ref_procedure *p)
{
	for (uint32_t l = 0; l < s->levy_count; l++)
		if (lines[l].measure && names_levy(p->relieved, s->levies[l].code)) {
			lines[l].partial = true;
			lines[l].monthly = p->monthly;
		}
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
		if (known->effect == EFFECT_PARTIAL) {
			relieve_in_part(s, lines, known);
			continue;
		}
		state = known->effect == EFFECT_RELIEVED ? TAX_RELIEVED : TAX_SUSPENDED;
		for (uint32_t l = 0; l < s->levy_count; l++)
			if (lines[l].measure && state > lines[l].state &&
			    names_levy(known->relieved, s->levies[l].code))
				lines[l].state = state;
	}
}

/* ---- base ---- */

/* Are some of the goods charged by a measure beside the quota's? */
static bool is_parted(const struct charge_line *l)
{
	return l->whole && l->rest && l->rest->measure;
}

int64_t assess_amount(const struct charge_line *l)
{
	return is_parted(l) ? l->amount + l->rest->amount : l->amount;
}

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
		    !assess_amount(&lines[k]))
			continue;
		if (!first)
			PROOF_PUT(w, " + ");
		proof_money(w, assess_amount(&lines[k]));
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
		if (!lines[k].assessed || (is_parted(&lines[k]) && !lines[k].rest->assessed))
			return false;
		if (__builtin_add_overflow(line->base, assess_amount(&lines[k]), &line->base)) {
			assess_stop(s, FINDING_DUTY_OVERFLOW, &s->items[i], NO_VALUE, NO_VALUE,
				    NO_VALUE);
			return false;
		}
		levies = levies || assess_amount(&lines[k]);
	}
	if (levies)
		write_base(s, levy, lines, line, value);
	return true;
}

static void write_part(struct assess *s, struct charge_line *line, int64_t base, bool beyond,
		       bool exact)
{
	struct proof_writer *w = &s->proof;
	size_t begin = proof_begin(w);

	if (beyond)
		PROOF_PUT(w, "base beyond the quota: ");
	else
		PROOF_PUT(w, "base within the quota: ");
	proof_money(w, base);
	if (beyond) {
		PROOF_PUT(w, " - ");
		proof_money(w, base - line->base);
	} else {
		proof_part(w, line);
	}
	proof_result(w, line->base, ROUND_HALF_UP, 1, beyond || exact);
	proof_end(w, begin, &line->proof);
}

/* Both parts of the base add up to it. */
static void part_base(struct assess *s, struct charge_line *line)
{
	struct charge_line *rest = line->rest;
	const int64_t base = line->base;
	__int128 product = (__int128)base * line->part;

	rest->proof = (struct proof){{0}};
	for (uint32_t i = 0; i < line->proof.steps.n; i++)
		*(struct span *)arena_push(s->arena, (void **)&rest->proof.steps.v,
					   &rest->proof.steps.n, &rest->proof.steps.room,
					   sizeof(struct span)) = line->proof.steps.v[i];
	/* part < whole: the share of a base that fits does */
	BUG_ON(mul_div(base, line->part, line->whole, ROUND_HALF_UP, &line->base));
	rest->base = base - line->base;
	write_part(s, line, base, false, product % line->whole == 0);
	write_part(s, rest, base, true, true);
}

/* ---- amounts of the declaration as a whole ---- */

static bool asks_declaration(const struct duty_expression *e)
{
	for (uint32_t i = 0; i < e->terms; i++)
		if (e->sum[i].kind == DUTY_PER_DECLARATION)
			return true;
	return false;
}

/* What a measure asks of the declaration, in national money; its exchange is proven with the first item. */
static bool fee_total(struct assess *s, const struct duty_expression *e, const void *place,
		      struct proof *proof, int64_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < e->terms; i++) {
		const struct duty_term *t = &e->sum[i];
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
	const struct charge_line *of = &s->lines[(size_t)first * s->levy_count + l];
	bool fits = true;

	*ret = (struct sharers){.item = ARENA_ARRAY(s->arena, uint32_t, s->n),
				.weight = ARENA_ARRAY(s->arena, int64_t, s->n),
				.share = ARENA_ARRAY(s->arena, struct money, s->n)};
	for (uint32_t i = first; i < s->n; i++) {
		struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

		if (!s->valued[i] || line->measure != of->measure ||
		    line->expression != of->expression)
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

	if (!fee_total(s, line->expression, place, &line->proof, &total))
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

/* ---- least and most of a levy on one declaration ---- */

static void write_bounded(struct assess *s, const struct ref_levy *levy, struct charge_line *line,
			  int64_t bound, int64_t weight, int64_t sum, bool most)
{
	struct proof_writer *w = &s->proof;
	size_t begin = proof_begin(w);

	proof_span(w, levy->code);
	if (most)
		PROOF_PUT(w, ", share of the most on a declaration: ");
	else
		PROOF_PUT(w, ", share of the least on a declaration: ");
	proof_money(w, bound);
	PROOF_PUT(w, " * ");
	proof_money(w, weight);
	PROOF_PUT(w, " / ");
	proof_money(w, sum);
	proof_result(w, line->amount, ROUND_DOWN, 1, true);
	PROOF_PUT(w, " (apportioned)");
	proof_end(w, begin, &line->proof);
}

/* The lines of a levy that are due, those beyond a quota among them. */
static struct charge_line **due_lines(struct assess *s, const struct ref_levy *levy, uint32_t *ret)
{
	struct charge_line **v = ARENA_ARRAY(s->arena, struct charge_line *, 2 * (size_t)s->n);

	*ret = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		struct charge_line *line = &s->lines[(size_t)i * s->levy_count + levy->index];

		if (line->assessed && line->state == TAX_DUE)
			v[(*ret)++] = line;
		if (line->assessed && line->state == TAX_DUE && is_parted(line))
			v[(*ret)++] = line->rest;
	}
	return v;
}

/* Gives each line that is due its share of the bound, in proportion to what it came to without. */
static bool share_bound(struct assess *s, const struct ref_levy *levy, int64_t bound, int64_t sum,
			bool most)
{
	uint32_t n;
	struct charge_line **line = due_lines(s, levy, &n);
	int64_t *weight = ARENA_ARRAY(s->arena, int64_t, n);
	struct money *share = ARENA_ARRAY(s->arena, struct money, n);

	for (uint32_t i = 0; i < n; i++)
		weight[i] = line[i]->amount;
	if (money_apportion((struct money){bound}, weight, n, share))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		line[i]->amount = share[i].minor;
		write_bounded(s, levy, line[i], bound, weight[i], sum, most);
	}
	return true;
}

static bool bound_of(const struct assess *s, struct decimal amount, int64_t *ret)
{
	return amount.set && !ratio_round(ratio_multiply(ratio_decimal(amount),
							 ratio_of(decimal_power10(s->digits))),
					  ref_rounding(s->r), 1, ret);
}

/* A declaration of which nothing of the levy is due at all pays no least amount. */
static void bound_levy(struct assess *s, const struct ref_levy *levy)
{
	int64_t sum = 0, bound;
	bool fits = true;

	if (!levy->floor.set && !levy->ceiling.set)
		return;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct charge_line *line = &s->lines[(size_t)i * s->levy_count + levy->index];

		if (line->assessed && line->state == TAX_DUE)
			fits = fits && !__builtin_add_overflow(sum, assess_amount(line), &sum);
	}
	if (fits && sum > 0 && bound_of(s, levy->floor, &bound) && sum < bound)
		fits = share_bound(s, levy, bound, sum, false);
	else if (fits && bound_of(s, levy->ceiling, &bound) && sum > bound)
		fits = share_bound(s, levy, bound, sum, true);
	if (!fits)
		assess_stop(s, FINDING_DUTY_OVERFLOW, NULL, NO_VALUE, NO_VALUE, NO_VALUE);
}

void assess_levies(struct assess *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		apply_procedures(s, i);
	if (s->facts->quotas.n)
		assess_quotas(s);
	for (uint32_t l = 0; l < s->levy_count; l++) {
		for (uint32_t i = 0; i < s->n; i++) {
			struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

			if (!s->valued[i] || !line->measure)
				continue;
			if (line->fee_state == FEE_NONE && asks_declaration(line->expression))
				share_fee(s, i, l);
			if (!find_base(s, i, &s->levies[l]))
				continue;
			if (is_parted(line))
				part_base(s, line);
			evaluate_line(s, i, &s->levies[l], line);
			if (is_parted(line))
				evaluate_line(s, i, &s->levies[l], line->rest);
		}
		bound_levy(s, &s->levies[l]);
	}
}
