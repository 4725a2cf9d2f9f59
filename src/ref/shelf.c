/* Shelves of measures: built once when a pack is loaded, read by any number of threads. */
#include <stdlib.h>

#include "ref/loader.h"
#include "ref/ref_shelf.h"

enum { EVERYWHERE, ANYWHERE, NAMED_AREAS }; /* numbers of areas: "*", not known, the others */
enum { CODE_DIGITS = 10 };                  /* most of a code */

/* ---- codes ---- */

/* The digits behind a one, which keeps "01" and "001" apart. */
static uint64_t key_of_code(struct span code)
{
	uint64_t key = 1;

	for (uint32_t i = 0; i < code.n; i++)
		key = key * 10 + (uint64_t)(code.p[i] - '0');
	return key;
}

static struct shelf_slot *slot_of(const struct shelves *s, uint64_t key)
{
	uint32_t i = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (s->size - 1);

	while (s->slot[i].key && s->slot[i].key != key)
		i = (i + 1) & (s->size - 1);
	return &s->slot[i];
}

/* How many leading digits of a code can be on a shelf. */
static uint32_t digits_of(struct span code)
{
	uint32_t n = 0;

	while (n < code.n && n < CODE_DIGITS && code.p[n] >= '0' && code.p[n] <= '9')
		n++;
	return n & ~1u;
}

/* The shelf of code, or of the longest shorter one: that itself, where it has measures. */
static const struct ref_shelf *nearest(const struct shelves *s, struct span code)
{
	for (code.n = digits_of(code);; code.n -= 2) {
		const struct shelf_slot *slot = slot_of(s, key_of_code(code));

		if (slot->key)
			return slot->shelf.n ? &slot->shelf : slot->shelf.above;
		if (!code.n)
			return NULL;
	}
}

const struct ref_shelf *ref_shelf(const struct refset *r, struct span code)
{
	return r->shelves.size ? nearest(&r->shelves, code) : NULL;
}

/* ---- areas ---- */

int ref_place(struct span country)
{
	if (country.n != 2 || country.p[0] < 'A' || country.p[0] > 'Z' || country.p[1] < 'A' ||
	    country.p[1] > 'Z')
		return -1;
	return (country.p[0] - 'A') * 26 + country.p[1] - 'A';
}

bool ref_offer_reaches(const struct refset *r, const struct ref_offer *o, int place)
{
	if (o->area < NAMED_AREAS || place < 0)
		return true;
	return r->shelves.area[o->area - NAMED_AREAS].word[place / 64] >> (place % 64) & 1;
}

static void add_place(struct area_places *to, struct span country)
{
	int place = ref_place(country);

	if (place >= 0)
		to->word[place / 64] |= UINT64_C(1) << (place % 64);
}

/* Every country that is a member on some day; an area may be a country itself. */
static struct area_places places_of(const struct refset *r, struct span name)
{
	const struct area *group = map_get(&r->areas, name);
	struct area_places places = {{0}};

	add_place(&places, name);
	for (uint32_t i = 0; group && i < group->members.size; i++)
		if (group->members.slots[i].value)
			add_place(&places, group->members.slots[i].key);
	return places;
}

/* ---- building ---- */

struct building {
	struct loader *l;
	struct refset *set;
	struct map numbers; /* area -> place in set->shelves.area, as a pointer to it */
	DICT_LIST(struct area_places *) areas; /* copied into one run at the end */
	struct map reliefs;                    /* types of the series relief */
};

static uint16_t area_number(struct building *b, struct span name)
{
	struct area_places **place;
	uint16_t *number;

	if (span_is(name, "*"))
		return EVERYWHERE;
	number = map_get(&b->numbers, name);
	if (number)
		return *number;
	if (b->areas.n == UINT16_MAX - NAMED_AREAS)
		return ANYWHERE;
	place = arena_push(b->l->scratch, (void **)&b->areas.v, &b->areas.n, &b->areas.room,
			   sizeof(*place));
	*place = ARENA_NEW(b->l->scratch, struct area_places);
	**place = places_of(b->set, name);
	number = ARENA_NEW(b->l->scratch, uint16_t);
	*number = (uint16_t)(b->areas.n - 1 + NAMED_AREAS);
	map_put(&b->numbers, name, number);
	return *number;
}

static bool is_relief(const struct refset *r, struct span type)
{
	const struct ref_measure_type *t = type.n ? map_get(&r->measure_types, type) : NULL;

	while (t && t->series != SERIES_RELIEF)
		t = t->next;
	return t;
}

static uint8_t asks_of(const struct refset *r, const struct ref_measure *m)
{
	bool judged = m->corrections || (m->expression && m->expression->withdrawn);
	bool more = m->additional.n || m->document.n || m->conditions || m->exclude.n;

	return (uint8_t)((m->preference.n ? OFFER_PREFERENCE : 0) | (m->quota.n ? OFFER_QUOTA : 0) |
			 (m->procedure.n ? OFFER_PROCEDURE : 0) | (judged ? OFFER_JUDGED : 0) |
			 (is_relief(r, m->type) ? OFFER_RELIEF : 0) | (more ? OFFER_MORE : 0));
}

static struct ref_offer offer_of(struct building *b, const struct ref_measure *m)
{
	return (struct ref_offer){
	    .from = m->dates.from,
	    .to = m->dates.to,
	    .known = m->known,
	    .area = area_number(b, m->area),
	    .levy = (uint8_t)m->levy->index,
	    .asks = asks_of(b->set, m),
	    .measure = m,
	};
}

static int by_id(const void *a, const void *b)
{
	const struct ref_offer *x = a, *y = b;
	int id = span_compare(x->measure->id, y->measure->id);

	if (id)
		return id;
	if (x->known != y->known)
		return x->known < y->known ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

/* Files have them in order, as a rule. */
static void sort(struct ref_offer *v, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (by_id(&v[i - 1], &v[i]) > 0) {
			qsort(v, n, sizeof(*v), by_id);
			return;
		}
}

static struct shelf_slot *new_shelf(struct refset *r, struct span code)
{
	uint64_t key = key_of_code(code);
	struct shelf_slot *slot = slot_of(&r->shelves, key);

	slot->key = key;
	slot->shelf.digits = code.n;
	return slot;
}

static void fill(struct building *b, struct span code, const struct ref_measure *first)
{
	struct ref_shelf *shelf = &new_shelf(b->set, code)->shelf;
	struct ref_offer *v;
	uint32_t n = 0;

	for (const struct ref_measure *m = first; m; m = m->next)
		n++;
	v = ARENA_ARRAY(b->l->arena, struct ref_offer, n);
	shelf->offer = v;
	for (const struct ref_measure *m = first; m; m = m->next)
		v[shelf->n++] = offer_of(b, m);
	sort(v, n);
}

static void link_above(struct refset *r, struct span code)
{
	struct ref_shelf *shelf = &slot_of(&r->shelves, key_of_code(code))->shelf;

	if (code.n)
		shelf->above = nearest(&r->shelves, (struct span){code.p, code.n - 2, 0});
}

/* Shorter codes first: nearest() of a longer one then finds what stands above them. */
static void link_shelves(struct refset *r)
{
	for (uint32_t digits = 2; digits <= CODE_DIGITS; digits += 2) {
		for (uint32_t i = 0; i < r->commodities.size; i++)
			if (r->commodities.slots[i].value &&
			    r->commodities.slots[i].key.n == digits)
				link_above(r, r->commodities.slots[i].key);
	}
}

void shelves_build(struct loader *l)
{
	struct refset *r = l->set;
	struct building b = {.l = l, .set = r, .numbers = map_in(l->scratch)};
	uint32_t wanted = r->commodities.count + 1;

	for (r->shelves.size = 16; r->shelves.size < wanted * 2;)
		r->shelves.size *= 2;
	r->shelves.slot = ARENA_ARRAY(l->arena, struct shelf_slot, r->shelves.size);
	/* also goods that have no measure of their own, which most are in some tariffs: one look finds what they inherit */
	for (uint32_t i = 0; i < r->commodities.size; i++)
		if (r->commodities.slots[i].value)
			new_shelf(r, r->commodities.slots[i].key);
	for (uint32_t i = 0; i < r->measures.size; i++) {
		const struct measure_chain *chain = r->measures.slots[i].value;

		if (chain)
			fill(&b, r->measures.slots[i].key, chain->first);
	}
	link_shelves(r);
	r->shelves.area = ARENA_ARRAY(l->arena, struct area_places, b.areas.n);
	for (uint32_t i = 0; i < b.areas.n; i++)
		r->shelves.area[i] = *b.areas.v[i];
}
