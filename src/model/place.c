#include "model/place.h"

struct span place_tag(const struct dict_field *via, const struct dict_field *f)
{
	struct span ids = span_of(via ? via->wco_ids : "");

	while (ids.n) {
		struct span name = span_cut(&ids, ':'), id = span_cut(&ids, ':');

		if (span_is(name, f->name))
			return id;
	}
	return span_of(f->wco_id);
}

const struct dict_element *place_find(const struct dict_element *elements, uint32_t count,
				      const struct dict_field *via, struct span id, bool leaf)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct dict_element *e = &elements[i];
		bool is_leaf = e->field && e->field->kind != DICT_CLASS;
		struct span has = !e->field ? span_of(e->wco_id)
				  : is_leaf ? place_tag(via, e->field)
					    : span_of(e->field->wco_id);

		if (is_leaf == leaf && has.n && span_equal(has, id))
			return e;
	}
	return NULL;
}

/* ---- from a JSON pointer ---- */

static struct place_step *add_step(struct arena *a, struct place_path *p, struct span section,
				   uint32_t number)
{
	struct place_step *s = arena_push(a, (void **)&p->steps.v, &p->steps.n, &p->steps.room,
					  sizeof(struct place_step));

	s->section = section;
	s->number = number;
	return s;
}

/* Adds the wrappers that stand around a field. */
static bool add_wrappers(struct arena *a, struct place_path *p, const struct dict_element *elements,
			 uint32_t count, const struct dict_field *f)
{
	uint32_t before = p->steps.n;

	for (uint32_t i = 0; i < count; i++) {
		const struct dict_element *e = &elements[i];

		if (e->field == f)
			return true;
		if (e->field)
			continue;
		if (*e->wco_id)
			add_step(a, p, span_of(e->wco_id), 0);
		if (add_wrappers(a, p, e->children, e->count, f))
			return true;
		p->steps.n = before;
	}
	return false;
}

/* Which member the next part of a pointer means, from 1; 0: it says none. */
static uint32_t cut_number(struct span *pointer)
{
	struct span rest = *pointer, part = span_cut(&rest, '/');
	uint32_t n = 0;

	if (!part.n || part.n > 4)
		return 0;
	for (uint32_t i = 0; i < part.n; i++) {
		if (part.p[i] < '0' || part.p[i] > '9')
			return 0;
		n = n * 10 + (uint32_t)(part.p[i] - '0');
	}
	*pointer = rest;
	return n + 1;
}

static void add_leaf(struct arena *a, struct place_path *p, const struct dict_class *c,
		     const struct dict_field *via, const struct dict_field *f, uint32_t number)
{
	uint32_t before = p->steps.n;
	struct place_step *last;

	if (!add_wrappers(a, p, c->elements, c->element_count, f))
		p->steps.n = before;
	last = &p->steps.v[p->steps.n - 1];
	last->tag = place_tag(via, f);
	if (!last->number)
		last->number = number;
}

struct place_path place_of_pointer(struct arena *a, struct span pointer)
{
	const struct dict_class *c = &dict_declaration;
	const struct dict_field *via = NULL;
	struct place_path p = {{NULL, 0, 0}};

	add_step(a, &p, span_of(c->wco_id), 0);
	span_cut(&pointer, '/');
	while (pointer.n) {
		const struct dict_field *f = dict_field(c, span_cut(&pointer, '/'));
		uint32_t number = f && f->list ? cut_number(&pointer) : 0, before = p.steps.n;

		if (!f)
			break;
		if (f->kind != DICT_CLASS) {
			add_leaf(a, &p, c, via, f, number);
			break;
		}
		if (!*f->wco_id || !add_wrappers(a, &p, c->elements, c->element_count, f)) {
			p.steps.n = before;
			break;
		}
		add_step(a, &p, span_of(f->wco_id), number);
		c = f->of;
		via = f;
	}
	return p;
}

/* ---- to a JSON pointer ---- */

struct walk {
	const struct dict_element *elements;
	uint32_t count;
	const struct dict_field *via;
	uint32_t wrapper_number; /* of a wrapper that stands once for each member of a list */
};

static void put_field(struct text *to, const struct dict_field *f, uint32_t number, bool whole_list)
{
	text_print(to, "/%s", f->name);
	if (f->list && !whole_list)
		text_print(to, "/%u", number ? number - 1 : 0);
}

static bool walk_section(struct walk *w, const struct place_step *s, bool last, struct text *to)
{
	const struct dict_element *e = place_find(w->elements, w->count, w->via, s->section, false);

	if (!e)
		return false;
	if (!e->field) {
		w->elements = e->children;
		w->count = e->count;
		w->wrapper_number = s->number;
		return true;
	}
	put_field(to, e->field, s->number, last && !s->tag.n && !s->number);
	*w = (struct walk){e->field->of->elements, e->field->of->element_count, e->field, 0};
	return true;
}

static bool walk_tag(const struct walk *w, const struct place_step *s, struct text *to)
{
	const struct dict_element *e = place_find(w->elements, w->count, w->via, s->tag, true);
	uint32_t number = w->wrapper_number ? w->wrapper_number : s->number;

	if (!e)
		return false;
	put_field(to, e->field, number, !number);
	return true;
}

bool place_to_pointer(const struct place_path *p, struct text *to)
{
	const struct dict_class *d = &dict_declaration;
	struct walk w = {d->elements, d->element_count, NULL, 0};
	size_t before = to->n;
	bool ok = p->steps.n > 0 && span_is(p->steps.v[0].section, d->wco_id);

	for (uint32_t i = 0; ok && i < p->steps.n; i++) {
		const struct place_step *s = &p->steps.v[i];
		bool last = i + 1 == p->steps.n;

		if (i > 0)
			ok = walk_section(&w, s, last, to);
		if (ok && s->tag.n)
			ok = last && walk_tag(&w, s, to);
	}
	if (!ok)
		to->n = before;
	return ok;
}
