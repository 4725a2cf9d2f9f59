#include "hub/life/act_ahead.h"

#include <stdlib.h>

#include "hub/life/transfers.h"
#include "hub/people/people.h"
#include "hub/quota/quotas.h"
#include "hub/stock/writeoff.h"

/* A case that some act may be about, once it was found. */
struct found {
	struct store_case_key *key;
	struct span *holder; /* whose it is */
	uint32_t n;
};

static enum err find(struct batch *b, const struct store_case_key *place, uint32_t n,
		     struct found *ret, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_declaration row;
	enum err e = ERR_NONE;

	*ret = (struct found){ARENA_ARRAY(a, struct store_case_key, (size_t)n + 1),
			      ARENA_ARRAY(a, struct span, (size_t)n + 1), 0};
	for (uint32_t i = 0; i < n && !e; i++) {
		e = store_get_declaration(b->h->store, a, place[i].office, place[i].reference, &row,
					  why);
		if (!e) {
			ret->holder[ret->n] = life_party(row.holder);
			ret->key[ret->n++] = place[i];
		} else if (e == ERR_NOT_FOUND) {
			e = ERR_NONE;
		}
	}
	return e;
}

static enum err know_keys(struct batch *b, const struct chore_wants *w, uint32_t n,
			  const struct found *f, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_act_name *name = ARENA_ARRAY(a, struct store_act_name, (size_t)n + 1);
	struct map office = map_in(a); /* of the case with a reference */
	uint32_t k = 0;

	for (uint32_t i = 0; i < f->n; i++)
		map_put(&office, f->key[i].reference, &f->key[i].office);
	for (uint32_t i = 0; i < n; i++) {
		const struct span *at = map_get(&office, w[i].reference);

		if (at && w[i].key.n)
			name[k++] = (struct store_act_name){*at, w[i].who->user, w[i].key};
	}
	return k ? store_ahead_act_keys(b->h->store, a, name, k, why) : ERR_NONE;
}

static int by_bytes(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* The accounts of holders and of those who pay for them, locked in the order in which every node locks. */
static enum err know_accounts(struct batch *b, const struct chore_wants *w, uint32_t n,
			      const struct found *f, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct span *holder = ARENA_ARRAY(a, struct span, (size_t)n + (size_t)f->n + 1);
	struct map paid = map_in(a); /* references */
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!w[i].pays)
			continue;
		map_put(&paid, w[i].reference, b);
		if (w[i].who->parties.n && !who_has_every_party(w[i].who))
			holder[k++] = w[i].who->parties.v[0];
	}
	for (uint32_t i = 0; i < f->n; i++)
		if (f->holder[i].n && map_get(&paid, f->key[i].reference))
			holder[k++] = f->holder[i];
	if (!k)
		return ERR_NONE;
	qsort(holder, k, sizeof(*holder), by_bytes);
	holder[k++] = LEDGER_TREASURY;
	return transfers_know(b, holder, k, why);
}

/* Goods of a case that is paid are released, and what it holds of quotas is used. Locked behind the accounts, as in a batch of
 * declarations, where a quota's name sorts behind those of companies. */
static enum err know_quotas(struct batch *b, const struct chore_wants *w, uint32_t n,
			    const struct found *f, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct store_case_key *key = ARENA_ARRAY(a, struct store_case_key, (size_t)f->n + 1);
	struct map paid = map_in(a); /* references */
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		if (w[i].pays)
			map_put(&paid, w[i].reference, b);
	for (uint32_t i = 0; i < f->n; i++)
		if (map_get(&paid, f->key[i].reference))
			key[k++] = f->key[i];
	return quotas_ahead_locked(b, key, k, why);
}

static enum err know(struct batch *b, const struct chore_wants *w, uint32_t n,
		     const struct found *f, struct cause *why)
{
	struct store *s = b->h->store;
	struct arena *a = b->h->batch_arena;
	struct span *office = ARENA_ARRAY(a, struct span, f->n);
	enum err e;

	for (uint32_t i = 0; i < f->n; i++)
		office[i] = f->key[i].office;
	/* locked first: what is read of their cases after that stays */
	e = house_lock_known(b->h, office, f->n, why);
	if (!e)
		e = store_ahead_lives(s, a, f->key, f->n, why);
	if (!e)
		e = store_ahead_events(s, a, f->key, f->n, TRANSFERS_KIND, why);
	if (!e)
		e = store_ahead_events(s, a, f->key, f->n, WRITEOFF_KIND, why);
	if (!e)
		e = quotas_ahead(b, f->key, f->n, why);
	if (!e)
		e = know_keys(b, w, n, f, why);
	if (!e)
		e = know_accounts(b, w, n, f, why);
	return e ? e : know_quotas(b, w, n, f, why);
}

enum err acts_read_ahead(struct batch *b, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct scope_looking *looking;
	struct store_case_key *place;
	struct chore_wants *w;
	struct found f = {0};
	uint32_t n = 0, places;
	enum err e;

	for (const struct chore *c = b->chores; c && b->h->node; c = c->next)
		n += c->wants != NULL;
	if (n < 2)
		return ERR_NONE;
	w = ARENA_ARRAY(a, struct chore_wants, n);
	looking = ARENA_ARRAY(a, struct scope_looking, n);
	n = 0;
	for (const struct chore *c = b->chores; c; c = c->next)
		if (c->wants) {
			c->wants(c, &w[n]);
			looking[n] = (struct scope_looking){w[n].who, w[n].reference};
			n++;
		}
	e = scope_ahead(b->h->store, a, looking, n, &place, &places, why);
	if (!e)
		e = find(b, place, places, &f, why);
	return e || !f.n ? e : know(b, w, n, &f, why);
}
