#include "risk/room.h"

/* FNV-1a, folded. The sets hold what an administration wrote; a stranger's text is only looked up. */
static uint32_t text_hash(struct span s)
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

static bool text_set_has(const struct text_set *s, struct span value, uint32_t hash, int32_t day)
{
	for (uint32_t i = hash & (s->size - 1); s->slots[i].value.p; i = (i + 1) & (s->size - 1)) {
		const struct set_slot *slot = &s->slots[i];

		if (slot->hash == hash && ref_holds(slot->dates, day) &&
		    span_equal(slot->value, value))
			return true;
	}
	return false;
}

static bool in_texts(struct subject *s, const struct test *t, struct value *v)
{
	if (!(s->state[t->signal] & VALUE_HASHED)) {
		v->hash = text_hash(v->text);
		s->state[t->signal] |= VALUE_HASHED;
	}
	return text_set_has(&t->texts, v->text, v->hash, s->facts->legal_day);
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

static bool contains(struct subject *s, const struct test *t, struct value *v)
{
	if (!(s->state[t->signal] & VALUE_TRACED)) {
		v->trace = text_trace(v->text);
		s->state[t->signal] |= VALUE_TRACED;
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

static int compare(const struct test *t, const struct value *v)
{
	if (signals[t->signal].type == TYPE_TEXT)
		return span_compare(v->text, t->text);
	if (v->number.scale != t->number.scale)
		return decimal_compare(v->number, t->number);
	return (v->number.units > t->number.units) - (v->number.units < t->number.units);
}

static bool test_holds(struct subject *s, const struct test *t)
{
	enum operator operator=(enum operator) t->operator;
	struct value *v;

	if (operator== HAS_DOCUMENT)
		return has_document(s, t->text);
	v = subject_value(s, (enum signal)t->signal);
	if (!v)
		return false;
	switch (operator) {
	case IS_EQUAL:
		return compare(t, v) == 0;
	case IS_UNEQUAL:
		return compare(t, v) != 0;
	case IS_LESS:
		return compare(t, v) < 0;
	case IS_AT_MOST:
		return compare(t, v) <= 0;
	case IS_MORE:
		return compare(t, v) > 0;
	case IS_AT_LEAST:
		return compare(t, v) >= 0;
	case STARTS:
		return span_starts(v->text, t->text);
	case CONTAINS:
		return contains(s, t, v);
	case IN_TEXTS:
		return in_texts(s, t, v);
	case IN_NUMBERS:
		return in_numbers(&t->numbers, v->number);
	case HAS_DOCUMENT:
		break;
	}
	return false;
}

bool condition_holds(struct subject *s, uint32_t at)
{
	const struct test *tests = s->rules->tests;

	while (at < GOES_MISS)
		at = test_holds(s, &tests[at]) ? tests[at].if_true : tests[at].if_false;
	return at == GOES_HIT;
}
