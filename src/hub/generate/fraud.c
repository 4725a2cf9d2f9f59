#include "hub/generate/fraud.h"

#include "base/prng.h"

enum { MILLION = 1000000, FARAWAY = 100000007 };

const char *fraud_scheme_name(enum fraud_scheme s)
{
	static const char *const names[FRAUD_SCHEMES] = {"none",   "undervalued", "misclassified",
							 "origin", "split",       "new-trader"};

	return names[s];
}

struct planting {
	const struct generator *g;
	struct arena *arena;
	struct prng prng;
	uint64_t n;
	struct declaration *d; /* as it is handed in; its items are its own */
};

/* Items of its own, so that what is changed of them is not changed in what is so. */
static void own_items(struct planting *p)
{
	struct shipment *s = &p->d->shipment;
	struct goods_item *v = ARENA_ARRAY(p->arena, struct goods_item, s->items.n + 1);

	for (uint32_t i = 0; i < s->items.n; i++)
		v[i] = s->items.v[i];
	s->items.v = v;
}

static void scale(struct decimal *d, int64_t per_mille)
{
	d->units = d->units * per_mille / 1000;
	if (d->units < 1)
		d->units = 1;
}

static void total_prices(struct declaration *d)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < d->shipment.items.n; i++)
		sum += d->shipment.items.v[i].commodity.price.value.units;
	d->invoice_total.value.units = sum;
}

static void undervalue(struct planting *p)
{
	const int64_t per_mille = prng_between(&p->prng, 300, 650);

	for (uint32_t i = 0; i < p->d->shipment.items.n; i++)
		scale(&p->d->shipment.items.v[i].commodity.price.value, per_mille);
	total_prices(p->d);
}

static struct span code_of(struct planting *p, const struct goods_item *i)
{
	return goods_item_code(p->arena, i);
}

static struct span origin_of(struct planting *p, const struct goods_item *i)
{
	(void)p;
	return goods_item_origin(i, false);
}

/* Goods of somebody else, far away in the stream, that differ in this; NULL: none was met. */
static const struct goods_item *
other_goods(struct planting *p, struct span (*what)(struct planting *p, const struct goods_item *i))
{
	const struct span own = what(p, &p->d->shipment.items.v[0]);

	for (int tries = 0; tries < 20; tries++) {
		struct message *m = ARENA_NEW(p->arena, struct message);
		const struct goods_item *i;

		generator_make(p->g, FARAWAY + prng_below(&p->prng, MILLION), p->arena, m);
		i = &m->declaration.shipment.items.v[0];
		if (what(p, i).n && !span_equal(what(p, i), own))
			return i;
	}
	return NULL;
}

/* false: there are no other goods. */
static bool misclassify(struct planting *p)
{
	const struct goods_item *other = other_goods(p, code_of);
	struct commodity *c = &p->d->shipment.items.v[0].commodity;

	if (!other)
		return false;
	c->classifications = other->commodity.classifications;
	c->duties = other->commodity.duties;
	return true;
}

static bool change_origin(struct planting *p)
{
	const struct goods_item *other = other_goods(p, origin_of);

	if (!other)
		return false;
	p->d->shipment.items.v[0].origins = other->origins;
	return true;
}

static void rename_trader(struct planting *p)
{
	p->d->shipment.importer.id =
	    span_of(arena_print(p->arena, "XL29%010llu", (unsigned long long)p->n));
	p->d->shipment.importer.name = SPAN("Newcome Trading");
	undervalue(p);
}

static void take_part(struct planting *p)
{
	for (uint32_t i = 0; i < p->d->shipment.items.n; i++) {
		struct commodity *c = &p->d->shipment.items.v[i].commodity;

		scale(&c->price.value, 1000 / FRAUD_PARTS);
		scale(&c->net_mass.value, 1000 / FRAUD_PARTS);
	}
	total_prices(p->d);
}

/* Twice the share in the middle of what it is at the ends. */
static uint32_t share_at(uint32_t share_ppm, uint64_t n)
{
	const uint64_t at = n % FRAUD_SEASON, half = FRAUD_SEASON / 2,
		       up = at < half ? at : FRAUD_SEASON - at;

	return (uint32_t)(share_ppm / 2 + share_ppm * up / half);
}

static enum fraud_scheme choose(struct prng *p, uint64_t n)
{
	const bool first_half = n % FRAUD_SEASON < FRAUD_SEASON / 2;
	const uint64_t roll = prng_below(p, 100);

	if (roll < 50)
		return first_half == (roll < 38) ? FRAUD_UNDERVALUED : FRAUD_MISCLASSIFIED;
	return roll < 75 ? FRAUD_ORIGIN : FRAUD_NEW_TRADER;
}

/* With an eighth of the chance of other fraud, since it makes four declarations at once. */
static bool is_split(const struct fraud_plan *plan, uint64_t first)
{
	struct prng p = prng_of(plan->seed, first);

	return prng_chance(&p, share_at(plan->share_ppm, first) / 8);
}

enum fraud_scheme fraud_make(const struct generator *g, const struct fraud_plan *plan, uint64_t n,
			     struct arena *a, struct message *ret_declared,
			     struct message *ret_honest)
{
	const uint64_t first = n - (n - 1) % FRAUD_PARTS;
	const bool split = is_split(plan, first);
	struct planting p = {g, a, prng_of(plan->seed, n + FARAWAY), n, &ret_declared->declaration};
	enum fraud_scheme scheme = FRAUD_SPLIT;
	struct message own;

	generator_make(g, n, a, &own);
	*ret_declared = own;
	if (split)
		generator_make(g, first, a, ret_declared);
	*ret_honest = *ret_declared;
	if (!span_starts(p.d->type, SPAN("IM")) || !p.d->shipment.items.n)
		return FRAUD_NONE;
	if (!split) {
		if (!prng_chance(&p.prng, share_at(plan->share_ppm, n)))
			return FRAUD_NONE;
		scheme = choose(&p.prng, n);
	}
	own_items(&p);
	switch (scheme) {
	case FRAUD_UNDERVALUED:
		undervalue(&p);
		break;
	case FRAUD_MISCLASSIFIED:
		if (!misclassify(&p))
			return FRAUD_NONE;
		break;
	case FRAUD_ORIGIN:
		if (!change_origin(&p))
			return FRAUD_NONE;
		break;
	case FRAUD_NEW_TRADER:
		rename_trader(&p);
		break;
	case FRAUD_SPLIT:
		take_part(&p);
		p.d->trader_reference = own.declaration.trader_reference;
		p.d->shipment.ucr = own.declaration.shipment.ucr;
		*ret_honest = *ret_declared;
		break;
	case FRAUD_NONE:
	case FRAUD_SCHEMES:
		break;
	}
	return scheme;
}
