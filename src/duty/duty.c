#include "duty/duty.h"

#include "base/date.h"
#include "duty/assess.h"

/* ---- findings ---- */

void assess_find(struct assess *s, enum finding_rule rule, const void *place, struct span v1,
		 struct span v2, struct span v3)
{
	ref_report(s->r, s->legal_day, s->f, rule, place, v1, v2, v3);
}

void assess_stop(struct assess *s, enum finding_rule rule, const void *place, struct span v1,
		 struct span v2, struct span v3)
{
	s->ret->complete = false;
	assess_find(s, rule, place, v1, v2, v3);
}

struct span assess_money_text(struct assess *s, int64_t minor)
{
	struct text t = text_in(s->arena);

	money_write(&t, (struct money){minor}, s->digits);
	text_char(&t, ' ');
	text_span(&t, s->currency);
	return text_as_span(&t);
}

/* ---- money ---- */

static struct span day_text(struct assess *s, int32_t day)
{
	struct text t = text_in(s->arena);

	day_write(&t, day);
	return text_as_span(&t);
}

bool assess_rate(struct assess *s, struct span currency, const void *place, struct exchange *ret)
{
	struct ref_dates dates;

	for (uint32_t i = 0; i < s->exchange_count; i++)
		if (span_equal(s->exchanges[i].currency, currency)) {
			*ret = s->exchanges[i];
			return true;
		}
	ret->currency = currency;
	if (ref_rate(s->r, currency, s->exchange_day, s->known, &ret->rate, &ret->per, &dates)) {
		if (place)
			assess_stop(s, FINDING_DUTY_NO_RATE, place, currency,
				    day_text(s, s->exchange_day), NO_VALUE);
		return false;
	}
	if (s->exchange_count < EXCHANGES)
		s->exchanges[s->exchange_count++] = *ret;
	return true;
}

/* label NULL: no proof is wanted. An amount that stands as it was declared needs no step. */
static void write_exchange(struct assess *s, const struct amount *a, const struct exchange *x,
			   const char *label, struct proof *proof, int64_t minor, bool exact)
{
	struct proof_writer *w = &s->proof;
	size_t begin = proof_begin(w);

	if (!label || (!x && exact))
		return;
	proof_put(w, label, strlen(label));
	PROOF_PUT(w, ": ");
	proof_quantity(w, a->value, a->currency);
	if (x) {
		PROOF_PUT(w, " * ");
		proof_quantity(w, x->rate, s->currency);
		PROOF_PUT(w, " / ");
		proof_quantity(w, decimal_of(x->per, 0), x->currency);
	}
	proof_result(w, minor, ref_rounding(s->r), 1, exact);
	proof_end(w, begin, proof);
}

static bool refuse(struct assess *s, enum finding_rule rule, const void *place, struct span value)
{
	assess_stop(s, rule, place, value, NO_VALUE, NO_VALUE);
	return false;
}

bool assess_exchange(struct assess *s, const struct amount *a, const char *label,
		     struct proof *proof, int64_t *ret)
{
	bool national = span_equal(a->currency, s->currency);
	struct exchange x;
	struct ratio value;

	if (!a->currency.n)
		return refuse(s, FINDING_DUTY_CURRENCY_MISSING, a, NO_VALUE);
	if (a->value.units < 0) {
		struct text t = text_in(s->arena);

		decimal_write(&t, a->value);
		return refuse(s, FINDING_DUTY_NEGATIVE, a, text_as_span(&t));
	}
	if (!national && !assess_rate(s, a->currency, a, &x))
		return false;
	if (national && a->value.scale == s->digits) {
		*ret = a->value.units;
		return true;
	}
	value = ratio_multiply(ratio_decimal(a->value), ratio_of(decimal_power10(s->digits)));
	if (!national)
		value = ratio_divide(ratio_multiply(value, ratio_decimal(x.rate)), ratio_of(x.per));
	if (ratio_round(value, ref_rounding(s->r), 1, ret))
		return refuse(s, FINDING_DUTY_OVERFLOW, a, NO_VALUE);
	write_exchange(s, a, national ? NULL : &x, label, proof, *ret,
		       value.over == (__int128)*ret * value.under);
	return true;
}

/* ---- the whole ---- */

static struct tax_line tax_line_of(const struct assess *s, uint32_t i, uint32_t l,
				   const struct charge_line *line)
{
	return (struct tax_line){.item = i,
				 .levy = s->levies[l].code,
				 .state = line->state,
				 .base = {line->base},
				 .rate = line->expression->text,
				 .amount = {line->amount},
				 .measure = line->measure->id,
				 .source = line->measure->source,
				 .proof = line->proof};
}

static void collect_lines(struct assess *s)
{
	size_t all = (size_t)s->n * s->levy_count;
	struct assessment *ret = s->ret;
	uint32_t count = 0;

	for (size_t k = 0; k < all; k++)
		count += (s->lines[k].assessed ? 1u : 0u) +
			 (s->lines[k].rest && s->lines[k].rest->assessed ? 1u : 0u);
	ret->lines.v = ARENA_ARRAY(s->arena, struct tax_line, count);
	ret->lines.room = count;
	for (uint32_t i = 0; i < s->n; i++)
		for (uint32_t l = 0; l < s->levy_count; l++) {
			const struct charge_line *line = &s->lines[(size_t)i * s->levy_count + l];

			if (line->assessed)
				ret->lines.v[ret->lines.n++] = tax_line_of(s, i, l, line);
			if (line->rest && line->rest->assessed)
				ret->lines.v[ret->lines.n++] = tax_line_of(s, i, l, line->rest);
		}
}

static void add_up(struct assess *s)
{
	struct money total = {0};

	for (uint32_t k = 0; k < s->ret->lines.n; k++) {
		const struct tax_line *line = &s->ret->lines.v[k];

		if (line->state == TAX_DUE && money_add(total, line->amount, &total)) {
			assess_stop(s, FINDING_DUTY_OVERFLOW, NULL, NO_VALUE, NO_VALUE, NO_VALUE);
			return;
		}
	}
	s->ret->total_due = total;
}

static void begin(struct assess *s, const struct facts *facts)
{
	s->facts = facts;
	s->items = s->d->shipment.items.v;
	s->n = s->d->shipment.items.n;
	s->day = facts_day(facts, DATE_TARIFF);
	s->exchange_day = facts_day(facts, DATE_EXCHANGE);
	s->legal_day = facts->legal_day;
	s->direction = ref_direction(s->r, s->d, s->legal_day);
	s->currency = ref_currency(s->r);
	s->digits = ref_digits(s->r);
	s->levies = ref_levies(s->r, &s->levy_count);
	s->lines = ARENA_ARRAY(s->arena, struct charge_line, (size_t)s->n * s->levy_count);
	s->valued = ARENA_ARRAY(s->arena, bool, s->n);
	s->proof = (struct proof_writer){
	    .text = text_in(s->arena), .currency = s->currency, .digits = s->digits};
	if (s->n) /* what the proofs of an item usually take: a buffer that need not grow */
		text_room(&s->proof.text, (size_t)s->n * 768);
	*s->ret = (struct assessment){.items = s->n, .complete = true};
	s->ret->values = ARENA_ARRAY(s->arena, struct item_value, s->n);
}

void duty_assess(struct arena *a, const struct declaration *d, const struct refset *r,
		 const struct facts *facts, struct assessment *ret, struct findings *f)
{
	duty_assess_known(a, d, r, facts, INT32_MAX, ret, f);
}

void duty_assess_known(struct arena *a, const struct declaration *d, const struct refset *r,
		       const struct facts *facts, int32_t known, struct assessment *ret,
		       struct findings *f)
{
	struct assess s = {.arena = a, .d = d, .r = r, .f = f, .ret = ret, .known = known};

	begin(&s, facts);
	if (s.n == 0)
		return;
	assess_values(&s);
	if (s.direction == DIRECTION_UNKNOWN)
		assess_stop(&s, FINDING_DUTY_DIRECTION_UNKNOWN, &d->type,
			    d->type.n ? d->type : SPAN("-"), NO_VALUE, NO_VALUE);
	if (s.direction != DIRECTION_IMPORT && s.direction != DIRECTION_EXPORT)
		return; /* transit is under guarantee: nothing is due while it lasts */
	assess_choose(&s);
	assess_levies(&s);
	collect_lines(&s);
	add_up(&s);
	assess_compare(&s);
}
