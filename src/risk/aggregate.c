#include "risk/room.h"

/* What is gathered over the items. */
struct gathered {
	struct subject *subject; /* at the item */
	const struct aggregate *of;
	int64_t count;
	__int128 sum; /* of 10^-LIMIT_NUMBER_SCALE; saturates */
	struct decimal best;
	struct text_set seen;
	uint32_t different;
};

/* Different texts are counted up to here; more are as many. */
enum { DIFFERENT_MAX = LIMIT_ITEMS };

static bool is_new(const struct text_set *s, struct span text, uint32_t hash)
{
	for (uint32_t i = hash & (s->size - 1); s->slots[i].value.p; i = (i + 1) & (s->size - 1))
		if (s->slots[i].hash == hash && span_equal(s->slots[i].value, text))
			return false;
	return true;
}

static void gather_text(struct gathered *g, struct span text)
{
	if (!g->seen.size)
		g->seen = text_set_for(g->subject->arena, DIFFERENT_MAX);
	if (g->different == DIFFERENT_MAX || !is_new(&g->seen, text, text_hash(text)))
		return;
	text_set_add(&g->seen, text, (struct ref_dates){INT32_MIN, INT32_MAX});
	g->different++;
}

/* Each is below 10^28, and no message holds 10^10 of them: the sum fits. */
static void add(struct gathered *g, struct decimal d)
{
	g->sum += (__int128)d.units * decimal_power10(LIMIT_NUMBER_SCALE - (unsigned)d.scale);
}

static bool gather(void *context, struct value *v)
{
	struct gathered *g = context;

	switch (g->of->kind) {
	case COUNT_OF:
		break;
	case DIFFERENT_OF:
		gather_text(g, v->text);
		break;
	case SUM_OF:
		add(g, v->number);
		break;
	case LEAST_OF:
		if (!g->count || decimal_compare(v->number, g->best) < 0)
			g->best = v->number;
		break;
	case MOST_OF:
		if (!g->count || decimal_compare(v->number, g->best) > 0)
			g->best = v->number;
		break;
	}
	g->count++;
	return false;
}

static void gather_item(struct gathered *g)
{
	struct value *v;

	if (!condition_holds(g->subject, g->of->at))
		return;
	if (g->of->kind == COUNT_OF) {
		g->count++;
	} else if (g->of->of.kind == OF_PATH) {
		path_visit(g->of->of.of, g->subject, gather, g);
	} else {
		v = subject_value(g->subject, (enum signal)g->of->of.signal);
		if (v)
			gather(g, v);
	}
}

/* As exact as 18 digits are: what does not fit loses digits behind the point, and is at last the largest number there is. */
static struct decimal sum_of(__int128 sum)
{
	unsigned scale = LIMIT_NUMBER_SCALE;

	while (scale && (sum % 10 == 0 || sum > INT64_MAX || sum < INT64_MIN)) {
		sum /= 10;
		scale--;
	}
	if (sum > INT64_MAX)
		sum = INT64_MAX;
	if (sum < INT64_MIN)
		sum = INT64_MIN;
	return decimal_of((int64_t)sum, (uint8_t)scale);
}

/* The least and the most of nothing are missing. */
static void take(const struct gathered *g, struct value *ret)
{
	switch (g->of->kind) {
	case COUNT_OF:
		ret->number = decimal_of(g->count, 0);
		break;
	case DIFFERENT_OF:
		ret->number = decimal_of(g->different, 0);
		break;
	case SUM_OF:
		ret->number = sum_of(g->sum);
		break;
	case LEAST_OF:
	case MOST_OF:
		ret->number = g->best;
		break;
	}
}

enum { GATHERED = 128 }; /* in value.state: it was */

/* The items are looked at by another subject, so that the one that asks stays where it is. */
static struct subject *within(struct subject *s)
{
	if (!s->within) {
		s->within = arena_alloc(s->arena, sizeof(*s->within));
		subject_begin(s->within, s->arena, s->d, s->assessed, s->facts, s->rules);
		s->aggregates = ARENA_ARRAY(s->arena, struct value, s->rules->aggregates);
	}
	return s->within;
}

struct value *aggregate_value(struct subject *s, const struct aggregate *a)
{
	struct gathered g = {.subject = within(s), .of = a};
	struct value *v = &s->aggregates[a->index];

	if (!(v->state & GATHERED)) {
		for (uint32_t i = 0; i < s->d->shipment.items.n; i++) {
			subject_item(g.subject, i);
			gather_item(&g);
		}
		take(&g, v);
		v->state |= GATHERED;
	}
	return v->number.set ? v : NULL;
}

static bool take_first(void *context, struct value *v)
{
	*(struct value *)context = *v;
	return true;
}

bool operand_value(struct subject *s, const struct operand *o, struct value *ret)
{
	const struct value *v = NULL;

	switch ((enum operand_kind)o->kind) {
	case OF_SIGNAL:
		v = subject_value(s, (enum signal)o->signal);
		break;
	case OF_PATH:
		return path_visit(o->of, s, take_first, ret);
	case OF_AGGREGATE:
		v = aggregate_value(s, o->of);
		break;
	case OF_PAST:
		return past_value(s, o->of, ret);
	case OF_DOCUMENTS:
		break;
	}
	if (v)
		*ret = *v;
	return v != NULL;
}
