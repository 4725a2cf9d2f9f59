#include "hub/settle/draw.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/limits.h"

void draw_rate(const struct inforce *i, char ret[200])
{
	snprintf(ret, 200, "random=%lld pack=%s rules=%s", (long long)ref_random_ppm(i->ref),
		 i->hash[PACK_TABLES], i->hash[PACK_RULES]);
}

struct hash draw_commitment(struct span day, struct span rate, const uint8_t key[DRAW_KEY_BYTES])
{
	return hash_pieces((struct span[]){SPAN("customhouse draw 1\n"),
					   day,
					   SPAN("\n"),
					   rate,
					   SPAN("\n"),
					   {(const char *)key, DRAW_KEY_BYTES, 0}},
			   6);
}

uint64_t draw_value(const struct hmac_key *key, struct span reference, struct span purpose)
{
	struct hash h = hmac_with(key, (struct span[]){reference, {"", 1, 0}, purpose}, 3);
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | h.byte[i];
	return v;
}

static void make_key(int64_t now, struct draw_key *k)
{
	struct hash h;

	random_bytes(k->key, sizeof(k->key));
	h = draw_commitment(span_of(k->day), span_of(k->rate), k->key);
	hash_hex(&h, k->commitment);
	hmac_key_set(&k->hmac, k->key, sizeof(k->key));
	k->fresh = true;
	k->made_at = now;
}

enum err draw_key_row(struct arena *a, const struct keys *keys, const struct draw_key *k,
		      struct store_day_key *ret, struct cause *why)
{
	struct span day = span_of(k->day), rate = span_of(k->rate),
		    sealed = keys_seal(a, keys, k->key);

	if (!sealed.p)
		return fail(why, ERR_NOMEM, "no memory to seal the day's draw key");
	*ret = (struct store_day_key){day, draw_commitment(day, rate, k->key), rate, sealed,
				      k->made_at};
	return ERR_NONE;
}

static enum err open_key(const struct keys *keys, const struct store_day_key *row,
			 struct draw_key *k, struct cause *why)
{
	struct hash h;

	if (keys_unseal(keys, row->sealed, k->key))
		return fail(why, ERR_DENIED,
			    "the draw key of %s was sealed with another seal.key: put the right "
			    "keys folder back",
			    k->day);
	h = draw_commitment(row->day, row->rate, k->key);
	if (!hash_equal(&h, &row->commitment))
		return fail(why, ERR_DB, "the draw key of %s is not the one that was committed to",
			    k->day);
	hash_hex(&h, k->commitment);
	hmac_key_set(&k->hmac, k->key, sizeof(k->key));
	k->fresh = false;
	return ERR_NONE;
}

enum { GENERATIONS_MAX = 1000 };

enum err draw_key_for(struct store *s, struct arena *a, const struct keys *keys, struct span day,
		      const struct inforce *i, int64_t now, struct draw_key *ret, struct cause *why)
{
	struct draw_key k = {.fresh = false};
	struct store_day_key row;
	enum err e = ERR_NONE;

	draw_rate(i, k.rate);
	for (int generation = 1; generation < GENERATIONS_MAX; generation++) {
		if (generation == 1)
			snprintf(k.day, sizeof(k.day), "%.*s", SPAN_ARG(day));
		else
			snprintf(k.day, sizeof(k.day), "%.*s.%d", SPAN_ARG(day), generation);
		e = store_get_day_key(s, a, span_of(k.day), &row, why);
		if (e || span_is(row.rate, k.rate))
			break;
	}
	if (e == ERR_NOT_FOUND)
		make_key(now, &k);
	else if (!e && !span_is(row.rate, k.rate))
		return fail(why, ERR_LIMIT, "the rates changed too often on %.*s", SPAN_ARG(day));
	else if (!e)
		e = open_key(keys, &row, &k, why);
	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret = k;
	return ERR_NONE;
}

void draw_all(struct arena *a, const struct draw_key *k, const struct inforce *i, int32_t legal_day,
	      struct facts *facts)
{
	uint32_t max = risk_draw_max(i->rules);
	struct span *purpose = ARENA_ARRAY(a, struct span, max + 1);
	uint32_t n = risk_draw_purposes(i->rules, legal_day, purpose);

	BUG_ON(n > max);
	facts->draw_day = span_of(k->day);
	facts->draw_commitment = span_of(k->commitment);
	facts->draw_reference = facts->reference;
	facts->draws.v = ARENA_ARRAY(a, struct draw, n + 1);
	facts->draws.n = facts->draws.room = n;
	for (uint32_t j = 0; j < n; j++)
		facts->draws.v[j] =
		    (struct draw){purpose[j], draw_value(&k->hmac, facts->reference, purpose[j])};
}
