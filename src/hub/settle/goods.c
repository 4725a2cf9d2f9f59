/* Which goods: the same goods lodged again are the same movement to the random draw, so that nobody can lodge, look,
 * cancel and lodge again until the draw is kind.
 *
 * Two declarations of one holder speak of the same goods when direction, consignment reference, containers, means of
 * transport on arrival, and code, net and gross mass and quantity of every item agree. What may honestly differ
 * between two tries (prices, documents, packages, remarks, the trader's reference) does not count. */
#include "hub/house.h"

static void put(struct text *t, struct span s)
{
	text_int(t, s.n);
	text_char(t, ':');
	text_span(t, s);
}

static void put_quantity(struct text *t, const struct quantity *q)
{
	struct decimal d = q->value;

	while (d.scale && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	decimal_write(t, d);
	put(t, q->unit);
}

static void put_item(struct text *t, const struct goods_item *i)
{
	put(t, goods_item_code(t->arena, i));
	put_quantity(t, &i->commodity.net_mass);
	put_quantity(t, &i->commodity.gross_mass);
	put_quantity(t, &i->commodity.tariff_quantity);
}

struct span house_goods(struct arena *a, const struct declaration *d)
{
	const struct shipment *s = &d->shipment;
	struct text t = text_in(a);
	struct hash h;
	char *hex = arena_alloc(a, 65);

	text_int(&t, declaration_direction(d));
	put(&t, s->ucr.id);
	put(&t, s->ucr.trader);
	put(&t, s->consignment.arrival.id);
	for (uint32_t i = 0; i < s->consignment.containers.n; i++)
		put(&t, s->consignment.containers.v[i].id);
	for (uint32_t i = 0; i < s->items.n; i++)
		put_item(&t, &s->items.v[i]);
	h = hash_bytes(t.p, t.n);
	hash_hex(&h, hex);
	return (struct span){hex, 64, 0};
}
