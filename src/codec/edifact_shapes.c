#include "codec/edifact_shapes.h"

#include "codec/edifact_check.h"

/* Collisions do harm where two shapes of one message take turns: a few places are looked at. */
enum { NEAR = 4 };

static uint64_t number_of(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

static bool is_shape(const struct edifact_shape *e, const struct edifact_segment_table *t,
		     uint64_t shape, bool repeats)
{
	return e->shape == shape && e->table == t && e->repeats == repeats;
}

static uint32_t place_of(const struct edifact_segment_table *t, uint64_t shape)
{
	return edifact_shapes_place(number_of(t), shape, EDIFACT_SHAPES);
}

/* ---- values ---- */

/* Only digits, with at most a sign before and a decimal mark between them, as many as may be. */
static bool number_fits(const struct edifact_element *e, const char *p, uint32_t n)
{
	uint32_t digits = 0, at = p[0] == '-';

	for (; at < n && p[at] >= '0' && p[at] <= '9'; at++)
		digits++;
	if (!digits)
		return false;
	if (at < n && (p[at] == '.' || p[at] == ',')) {
		if (++at == n)
			return false;
		for (; at < n && p[at] >= '0' && p[at] <= '9'; at++)
			digits++;
	}
	return at == n && digits <= e->max && digits >= e->min;
}

static bool code_fits(struct edifact_shapes *l, const struct edifact_directory *d,
		      const struct edifact_element *e, struct span code)
{
	uint64_t key = code.n <= EDIFACT_CODE_BYTES ? edifact_code_key(code) : 0;
	struct edifact_shape_code *known =
	    &l->code[edifact_shapes_place(key, number_of(e), EDIFACT_SHAPES_CODES)];

	if (known->key == key && known->element == e)
		return true;
	if (!edifact_code_known(d, e, code))
		return false;
	*known = (struct edifact_shape_code){e, key};
	return true;
}

static bool value_fits(const struct edifact_check *c, const struct edifact_directory *d,
		       const struct edifact_shape_value *w, const struct edifact_segment *s)
{
	const struct edifact_element *e = w->element;
	const struct edifact_value *v = &s->values[w->value];
	struct span raw = edifact_raw(s, v);
	uint32_t n = raw.n;

	if (e->kind == EDIFACT_N)
		return number_fits(e, raw.p, n) && (!w->coded || code_fits(c->shapes, d, e, raw));
	if (v->released)
		n = edifact_length(c->charset, raw, true, c->signs.release);
	if (n > e->max || n < e->min)
		return false;
	if (e->kind == EDIFACT_A && edifact_classes(raw.p, raw.n) & EDIFACT_DIGIT)
		return false;
	return !w->coded || code_fits(c->shapes, d, e, raw);
}

bool edifact_shapes_pass(const struct edifact_check *c, const struct edifact_directory *d,
			 const struct edifact_segment_table *t, const struct edifact_segment *s)
{
	uint32_t at = place_of(t, s->shape);
	const struct edifact_shape *e = NULL;

	for (uint32_t i = 0; i < NEAR; i++) {
		e = &c->shapes->shape[(at + i) % EDIFACT_SHAPES];
		if (is_shape(e, t, s->shape, c->version >= 4))
			break;
		e = NULL;
	}
	if (!e || !s->shape)
		return false;
	for (uint32_t i = 0; i < e->n; i++)
		if (!value_fits(c, d, &e->v[i], s))
			return false;
	return true;
}

void edifact_shapes_learn(const struct edifact_check *c, const struct edifact_directory *d,
			  const struct edifact_segment_table *t, const struct edifact_segment *s)
{
	uint32_t at = place_of(t, s->shape), taken = 0;
	struct edifact_shape e = {.table = t, .shape = s->shape, .repeats = c->version >= 4};

	if (!s->shape)
		return;
	for (uint32_t i = 1; i < s->count; i++) {
		const struct edifact_value *v = &s->values[i];
		const struct edifact_element *element;
		const struct edifact_slot *slot;
		unsigned repeat;

		if (!v->n || !v->element)
			continue;
		slot = edifact_slot_of(d, t, c->version, v->element, &repeat);
		BUG_ON(!slot || v->component >= slot->parts); /* it would have been said */
		element = &d->elements[d->parts[slot->part_at + v->component].element];
		e.v[e.n++] = (struct edifact_shape_value){
		    element, (uint8_t)i, element->codes && !edifact_own_list(d, slot, s, i)};
	}
	while (taken < NEAR && c->shapes->shape[(at + taken) % EDIFACT_SHAPES].table)
		taken++;
	c->shapes->shape[(at + taken % NEAR) % EDIFACT_SHAPES] = e;
}

/* ---- ways ---- */

static struct edifact_way *way_place(const struct edifact_check *c, uint32_t tag)
{
	uint64_t from = number_of(c->message) + c->node;

	return &c->shapes->way[edifact_shapes_place(from, tag, EDIFACT_SHAPES_WAYS)];
}

const struct edifact_way *edifact_shapes_way(const struct edifact_check *c, uint32_t tag)
{
	const struct edifact_way *w = way_place(c, tag);

	return w->message == c->message && w->from == c->node && w->tag == tag ? w : NULL;
}

void edifact_shapes_learn_way(const struct edifact_check *c, const struct edifact_way *w)
{
	*way_place(c, w->tag) = *w;
}
