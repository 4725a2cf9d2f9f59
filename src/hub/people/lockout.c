#include "hub/people/lockout.h"

#include "base/hash.h"

enum { SECOND = 1000000 };

uint64_t lockout_key(const char *kind, struct span which)
{
	struct span piece[] = {span_of(kind), SPAN("\n"), which};
	struct hash h = hash_pieces(piece, ARRAY_LEN(piece));
	uint64_t key;

	memcpy(&key, h.byte, sizeof(key));
	return key ? key : 1;
}

static bool forgotten(const struct lockout_entry *e, int64_t now)
{
	return now - e->last > (int64_t)LOCKOUT_FORGET_SECONDS * SECOND;
}

static const struct lockout_entry *find(const struct lockout *l, uint64_t key)
{
	const struct lockout_entry *set = l->entry[key % LOCKOUT_SETS];

	for (int i = 0; i < LOCKOUT_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

int64_t lockout_wait(const struct lockout *l, uint64_t key, int64_t now)
{
	const struct lockout_entry *e = find(l, key);

	return e && !forgotten(e, now) && e->until > now ? e->until - now : 0;
}

/* Its own place, or that of whoever needs it least: who may try again soonest. */
static struct lockout_entry *place(struct lockout *l, uint64_t key)
{
	struct lockout_entry *set = l->entry[key % LOCKOUT_SETS], *least = &set[0];

	for (int i = 0; i < LOCKOUT_WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (!set[i].key || (least->key && set[i].until < least->until))
			least = &set[i];
	}
	*least = (struct lockout_entry){.key = key};
	return least;
}

void lockout_failed(struct lockout *l, uint64_t key, uint32_t free_tries, int64_t now)
{
	struct lockout_entry *e = place(l, key);
	int64_t seconds = 0;

	if (forgotten(e, now))
		e->failures = 0;
	e->failures++;
	e->last = now;
	if (e->failures >= free_tries) {
		uint32_t doubled = e->failures - free_tries;

		seconds = doubled < 10 ? INT64_C(1) << doubled : LOCKOUT_SECONDS_MAX;
		if (seconds > LOCKOUT_SECONDS_MAX)
			seconds = LOCKOUT_SECONDS_MAX;
	}
	e->until = now + seconds * SECOND;
}

void lockout_passed(struct lockout *l, uint64_t key)
{
	struct lockout_entry *e = (struct lockout_entry *)(uintptr_t)find(l, key);

	if (e)
		*e = (struct lockout_entry){0};
}
