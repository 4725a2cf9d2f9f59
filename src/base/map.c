#include "base/map.h"

/* Eight bytes at a time through a multiply and a fold (the mixer of SplitMix64). Keys are codes that an
 * administration chose, or lie in a map of one batch at most: a stranger cannot make a map slow by choosing them. */
static uint32_t hash_of(struct span key)
{
	uint64_t h = key.n * UINT64_C(0x9e3779b97f4a7c15), piece;
	uint32_t i = 0;

	for (; i + 8 <= key.n; i += 8) {
		memcpy(&piece, key.p + i, 8);
		h = (h ^ piece) * UINT64_C(0xbf58476d1ce4e5b9);
		h ^= h >> 29;
	}
	piece = 0;
	if (i < key.n)
		memcpy(&piece, key.p + i, key.n - i);
	h = (h ^ piece) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(h ^ h >> 32);
}

static struct map_slot *slot_of(const struct map *m, struct span key)
{
	uint32_t i = hash_of(key) & (m->size - 1);

	while (m->slots[i].value && !span_equal(m->slots[i].key, key))
		i = (i + 1) & (m->size - 1);
	return &m->slots[i];
}

void *map_get(const struct map *m, struct span key)
{
	return m->count ? slot_of(m, key)->value : NULL;
}

static void grow(struct map *m)
{
	struct map old = *m;

	m->size = old.size ? old.size * 2 : 16;
	m->slots = ARENA_ARRAY(m->arena, struct map_slot, m->size);
	for (uint32_t i = 0; i < old.size; i++)
		if (old.slots[i].value)
			*slot_of(m, old.slots[i].key) = old.slots[i];
}

void *map_put(struct map *m, struct span key, void *value)
{
	struct map_slot *slot;
	void *before;

	BUG_ON(!value);
	if (m->count * 2 >= m->size)
		grow(m);
	slot = slot_of(m, key);
	before = slot->value;
	if (!before)
		m->count++;
	*slot = (struct map_slot){key, value};
	return before;
}
