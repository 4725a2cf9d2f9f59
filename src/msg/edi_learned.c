#include "msg/edi_learned.h"

#include "codec/edifact.h"

/* Sites that hash alike lie side by side, up to so many. */
enum { NEAR = 4 };

static bool is_site(const struct edi_site *t, const struct edi_where *w, uint64_t shape)
{
	return t->shape == shape && t->map == w->map && t->tag == w->tag && t->level == w->level &&
	       t->opens == w->opens;
}

static bool add_telling(struct edi_site *t, const struct edifact_segment *s,
			const struct edifact_value *v)
{
	uint8_t at = (uint8_t)(v - s->values);

	for (uint32_t i = 0; i < t->n; i++)
		if (t->value[i] == at)
			return true;
	if (t->n == EDI_TELLING)
		return false;
	t->value[t->n++] = at;
	return true;
}

/* Which values are looked at to find the row: those that are there of all constants of all rows. */
static bool find_telling(struct edi_site *t, const struct edi_map *map, uint16_t first,
			 const struct edifact_segment *s)
{
	for (uint32_t r = first; r != EDI_NO_ROW; r = map->rows[r].next) {
		const struct edi_item *items = map->items + map->rows[r].item_at;

		for (uint32_t i = 0; i < map->rows[r].items; i++) {
			const struct edifact_value *v;

			if (items[i].kind != EDI_MATCH)
				continue;
			v = edifact_find(s, items[i].element, items[i].component);
			if (v && v->n && !add_telling(t, s, v))
				return false;
		}
	}
	return true;
}

static uint32_t site_place(const struct edi_where *w, uint64_t shape)
{
	uint64_t place = (uint64_t)w->tag << 17 | (uint64_t)w->level << 1 | w->opens;

	return edifact_shapes_place(shape, place, EDI_SITES);
}

const struct edi_site *edi_site(const struct edi_learned *l, const struct edi_where *w,
				const struct edifact_segment *s)
{
	uint32_t at = site_place(w, s->shape);

	for (uint32_t i = 0; i < NEAR; i++) {
		const struct edi_site *t = &l->site[(at + i) % EDI_SITES];

		if (is_site(t, w, s->shape))
			return t;
	}
	return NULL;
}

const struct edi_site *edi_site_learn(struct edi_learned *l, const struct edi_where *w,
				      uint16_t first, const struct edifact_segment *s)
{
	uint32_t at = site_place(w, s->shape), taken = 0;
	struct edi_site *t;

	while (taken < NEAR && l->site[(at + taken) % EDI_SITES].map)
		taken++;
	t = &l->site[(at + taken % NEAR) % EDI_SITES];
	*t = (struct edi_site){.map = w->map,
			       .shape = s->shape,
			       .stamp = ++l->stamps,
			       .tag = w->tag,
			       .level = w->level,
			       .opens = w->opens};
	t->tells = find_telling(t, w->map, first, s);
	return t;
}

struct edi_fill *edi_fill(struct edi_learned *l, const struct edi_site *site,
			  const struct edifact_segment *s)
{
	uint64_t key[EDI_TELLING] = {0}, all = 0;
	struct edi_fill *f;

	if (!site->tells)
		return NULL;
	for (uint32_t i = 0; i < site->n; i++) {
		const struct edifact_value *v = &s->values[site->value[i]];

		if (v->n > sizeof(key[i]))
			return NULL;
		for (uint32_t k = 0; k < v->n; k++)
			key[i] = key[i] << 8 | (unsigned char)s->p[v->at + k];
		all = all * 31 + key[i];
	}
	f = &l->fill[edifact_shapes_place(all, site->stamp << 20, EDI_FILLS)];
	if (f->stamp == site->stamp && memcmp(f->key, key, sizeof(key)) == 0)
		return f;
	f->stamp = 0;
	memcpy(f->key, key, sizeof(key));
	return f;
}

/* Where the values of each item of a row stand. */
struct found {
	uint8_t first, n;
	bool said; /* one of them is not empty */
};

/* false: a value has no place in the row. */
static bool find_values(const struct edi_item *items, uint32_t n, const struct edifact_segment *s,
			struct found *ret)
{
	const struct edifact_value *v = s->values;
	uint32_t at = 1;

	for (uint32_t i = 0; i < n; i++) {
		const struct edi_item *item = &items[i];

		ret[i] = (struct found){0, 0, false};
		if (item->kind == EDI_POSITION)
			continue;
		while (at < s->count &&
		       (v[at].element < item->element ||
			(v[at].element == item->element && v[at].component + 1 < item->component)))
			if (v[at++].n)
				return false;
		ret[i].first = (uint8_t)at;
		for (; at < s->count && v[at].element == item->element &&
		       v[at].component < item->to && v[at].repeat == 0;
		     at++) {
			ret[i].n++;
			ret[i].said |= v[at].n > 0;
		}
	}
	while (at < s->count)
		if (v[at++].n)
			return false;
	return true;
}

static bool is_short(const struct dict_field *f)
{
	return f && !f->list && f->kind != DICT_CLASS && f->kind != DICT_DATETIME;
}

void edi_fill_learn(struct edi_fill *f, const struct edi_site *site, uint16_t row,
		    const struct dict_class *class, const struct edifact_segment *s)
{
	const struct edi_row *r = row == EDI_NO_ROW ? NULL : &site->map->rows[row];
	const struct edi_item *items = r ? site->map->items + r->item_at : NULL;
	struct found found[EDI_ROW_ITEMS];

	f->stamp = site->stamp;
	f->row = row;
	f->n = 0;
	f->complete = r && find_values(items, r->items, s, found);
	for (uint8_t i = 0; f->complete && i < r->items; i++) {
		const struct found *q = &found[items[i].pair];
		struct edi_put p = {.item = i, .value = found[i].first, .qualifier = EDI_NO_VALUE};

		if (items[i].kind != EDI_POSITION && (items[i].kind != EDI_FIELD || !found[i].said))
			continue;
		p.spread = found[i].n > 1;
		if (items[i].kind == EDI_FIELD && items[i].pair != i && q->said) {
			p.qualifier = q->first;
			f->complete &= q->n == 1;
		}
		if (items[i].kind == EDI_FIELD && items[i].path.n && !items[i].append &&
		    !p.spread && class) {
			edi_path_class(class, &items[i].path, &p.leaf);
			p.leaf = is_short(p.leaf) ? p.leaf : NULL;
		}
		f->put[f->n++] = p;
	}
}
