#include "risk/room.h"

/* FNV-1a, folded. The sets hold what an administration wrote; a stranger's text is only looked up. */
uint32_t text_hash(struct span s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (uint32_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * UINT64_C(1099511628211);
	return (uint32_t)(h ^ h >> 32);
}

struct text_set text_set_for(struct arena *a, uint32_t n)
{
	uint32_t size = 4;

	while (size <= 2 * n)
		size *= 2;
	return (struct text_set){ARENA_ARRAY(a, struct set_slot, size), size};
}

void text_set_add(struct text_set *s, struct span value, struct ref_dates dates)
{
	uint32_t hash = text_hash(value), i = hash & (s->size - 1);

	BUG_ON(!value.p);
	while (s->slots[i].value.p)
		i = (i + 1) & (s->size - 1);
	s->slots[i] = (struct set_slot){value, hash, dates};
}

bool text_set_holds(const struct text_set *s, struct value *v, int32_t day)
{
	if (!(v->state & VALUE_HASHED)) {
		v->hash = text_hash(v->text);
		v->state |= VALUE_HASHED;
	}
	for (uint32_t i = v->hash & (s->size - 1); s->slots[i].value.p;
	     i = (i + 1) & (s->size - 1)) {
		const struct set_slot *slot = &s->slots[i];

		if (slot->hash == v->hash && ref_holds(slot->dates, day) &&
		    span_equal(slot->value, v->text))
			return true;
	}
	return false;
}

static bool in_numbers(const struct number_set *s, struct decimal number)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (decimal_compare(s->v[i], number) == 0)
			return true;
	return false;
}

struct trace text_trace(struct span s)
{
	struct trace trace = {{0, 0}};

	for (uint32_t i = 1; i < s.n; i++) {
		uint32_t pair =
		    (uint32_t)(uint8_t)ascii_small(s.p[i - 1]) << 8 | (uint8_t)ascii_small(s.p[i]);
		uint32_t bit = pair * UINT32_C(2654435761) >> 25;

		trace.bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
	return trace;
}

static bool begins_with(const char *p, struct span small)
{
	for (uint32_t i = 0; i < small.n; i++)
		if (ascii_small(p[i]) != small.p[i])
			return false;
	return true;
}

static bool found_in(struct span text, struct span small)
{
	char first = small.p[0],
	     capital = first >= 'a' && first <= 'z' ? (char)(first & ~0x20) : first;

	for (uint32_t i = 0; i + small.n <= text.n; i++)
		if ((text.p[i] == first || text.p[i] == capital) && begins_with(text.p + i, small))
			return true;
	return false;
}

static bool contains(const struct test *t, struct value *v)
{
	if (!(v->state & VALUE_TRACED)) {
		v->trace = text_trace(v->text);
		v->state |= VALUE_TRACED;
	}
	if ((t->trace.bits[0] & ~v->trace.bits[0]) || (t->trace.bits[1] & ~v->trace.bits[1]))
		return false;
	return found_in(v->text, t->text);
}

static bool document_is(const struct document *d, struct span code)
{
	return d->category.n + d->type.n == code.n && span_starts(code, d->category) &&
	       (d->type.n == 0 || memcmp(code.p + d->category.n, d->type.p, d->type.n) == 0);
}

static bool item_has_document(const struct goods_item *item, struct span code)
{
	for (uint32_t i = 0; i < item->documents.n; i++)
		if (document_is(&item->documents.v[i], code))
			return true;
	return false;
}

/* For an item: its own documents and those of the header. For the declaration: all. */
static bool has_document(const struct subject *s, struct span code)
{
	for (uint32_t i = 0; i < s->d->documents.n; i++)
		if (document_is(&s->d->documents.v[i], code))
			return true;
	if (s->item)
		return item_has_document(s->item, code);
	for (uint32_t i = 0; i < s->d->shipment.items.n; i++)
		if (item_has_document(&s->d->shipment.items.v[i], code))
			return true;
	return false;
}

static int compare_numbers(struct decimal a, struct decimal b)
{
	if (a.scale != b.scale)
		return decimal_compare(a, b);
	return (a.units > b.units) - (a.units < b.units);
}

/* a against factor times b. A factor and b have 18 digits each, so their product fits; brought to the scale of a it may not,
 * and is then beyond every a. */
static int compare_times(struct decimal a, struct decimal factor, struct decimal b)
{
	__int128 left = a.units, right = (__int128)factor.units * b.units;
	int shift = (int)a.scale - (int)factor.scale - (int)b.scale;

	if (shift >= 0) {
		if (__builtin_mul_overflow(right, (__int128)decimal_power10((unsigned)shift),
					   &right))
			return (factor.units < 0) == (b.units < 0) ? -1 : 1;
	} else {
		left *= decimal_power10((unsigned)-shift);
	}
	return (left > right) - (left < right);
}

/* Order of a value and the right side; false: that is missing. */
static bool compare(struct subject *s, const struct test *t, const struct value *v, int *ret)
{
	struct value other;

	if (!t->other) {
		*ret = t->of.type == TYPE_TEXT ? span_compare(v->text, t->text)
					       : compare_numbers(v->number, t->number);
		return true;
	}
	if (!operand_value(s, &t->other->of, &other))
		return false;
	if (t->of.type == TYPE_TEXT)
		*ret = span_compare(v->text, other.text);
	else if (t->other->factor.set)
		*ret = compare_times(v->number, t->other->factor, other.number);
	else
		*ret = compare_numbers(v->number, other.number);
	return true;
}

static bool is_ordered(enum operator operator, int order)
{
	switch (operator) {
	case IS_EQUAL:
		return order == 0;
	case IS_UNEQUAL:
		return order != 0;
	case IS_LESS:
		return order < 0;
	case IS_AT_MOST:
		return order <= 0;
	case IS_MORE:
		return order > 0;
	case IS_AT_LEAST:
		return order >= 0;
	case STARTS:
	case CONTAINS:
	case IN_TEXTS:
	case IN_NUMBERS:
	case HAS_DOCUMENT:
		break;
	}
	return false;
}

/* Does the test hold for this value? */
static bool value_holds(struct subject *s, const struct test *t, struct value *v)
{
	enum operator operator=(enum operator) t->operator;
	int order;

	switch (operator) {
	case STARTS:
		return span_starts(v->text, t->text);
	case CONTAINS:
		return contains(t, v);
	case IN_TEXTS:
		return text_set_holds(&t->texts, v, s->facts->legal_day);
	case IN_NUMBERS:
		return in_numbers(&t->numbers, v->number);
	case IS_EQUAL:
	case IS_UNEQUAL:
	case IS_LESS:
	case IS_AT_MOST:
	case IS_MORE:
	case IS_AT_LEAST:
		return compare(s, t, v, &order) && is_ordered(operator, order);
	case HAS_DOCUMENT:
		break;
	}
	return false;
}

struct one_of {
	struct subject *subject;
	const struct test *test;
};

static bool one_holds(void *context, struct value *v)
{
	const struct one_of *o = context;

	return value_holds(o->subject, o->test, v);
}

static bool ask(struct subject *s, const struct test *t)
{
	struct value *v, past = {.state = 0};

	switch ((enum operand_kind)t->of.kind) {
	case OF_SIGNAL:
		v = subject_value(s, (enum signal)t->of.signal);
		return v && value_holds(s, t, v);
	case OF_PATH:
		return path_visit(t->of.of, s, one_holds, &(struct one_of){s, t});
	case OF_AGGREGATE:
		v = aggregate_value(s, t->of.of);
		return v && value_holds(s, t, v);
	case OF_PAST:
		return past_value(s, t->of.of, &past) && value_holds(s, t, &past);
	case OF_DOCUMENTS:
		return has_document(s, t->text);
	}
	return false;
}

static bool remember(struct subject *s, const struct test *t)
{
	struct memo *m = t->per_item ? &s->one : &s->whole;
	uint64_t bit = UINT64_C(1) << t->slot % 64;
	bool holds;

	if (!m->known) {
		m->known = ARENA_ARRAY(s->arena, uint64_t, m->slots / 64 + 1);
		m->yes = ARENA_ARRAY(s->arena, uint64_t, m->slots / 64 + 1);
	}
	if (m->known[t->slot / 64] & bit)
		return m->yes[t->slot / 64] & bit;
	holds = ask(s, t);
	m->known[t->slot / 64] |= bit;
	if (holds)
		m->yes[t->slot / 64] |= bit;
	else
		m->yes[t->slot / 64] &= ~bit;
	return holds;
}

bool condition_holds(struct subject *s, uint32_t at)
{
	const struct test *tests = s->rules->tests;

	while (at < GOES_MISS) {
		const struct test *t = &tests[at];
		bool holds = t->slot == NO_SLOT ? ask(s, t) : remember(s, t);

		at = holds ? t->if_true : t->if_false;
	}
	return at == GOES_HIT;
}
