#include "base/map.h"

/* FNV-1a, 64 bits folded: keys are short codes chosen by the administration, not by strangers. */
static uint32_t hash_of(struct span key)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (uint32_t i = 0; i < key.n; i++)
		h = (h ^ (uint8_t)key.p[i]) * UINT64_C(1099511628211);
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
