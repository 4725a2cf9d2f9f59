/* Amendments: places named by paths of the WCO Data Model take new values.
 *
 * A path is a row of pointers: class numbers from the declaration (42A) inward, such as 42A 67A 68A 23A 79A, the last
 * one perhaps with the number of a data element, such as 112. A pointer into a list says which member, from 1; elsewhere
 * senders write all kinds of numbers there, which mean nothing.
 *
 * A path is first turned into a route through our own classes (which flatten some of the model's), then followed in the
 * request and in the copy that is being amended. Members that are removed, and gaps before a new one, stay as absent
 * members until the end: so a number means the same place throughout one amendment. */
#include "model/declaration.h"
#include "model/place.h"

enum { ROUTE_STEPS = 16 };

struct step {
	const struct dict_field *field;
	uint32_t member; /* of a list, from 1; 0: the whole list, or no list */
};

struct route {
	struct step step[ROUTE_STEPS];
	uint32_t n;
};

/* How far a path has been understood: a class, reached through a field, and the elements of it that may come next. */
struct cursor {
	const struct dict_class *class;
	const struct dict_field *via;
	const struct dict_element *elements;
	uint32_t count;
	uint32_t wrapper_member; /* of a wrapper that stands once for each member of a list */
};

struct amending {
	struct arena *arena;
	const struct declaration *request;
	struct declaration *result;
	uint32_t bad;
	const char *place;
};

/* ---- copies ---- */

static void own_value(struct arena *a, const struct dict_field *f, void *value);

/* Gives an object that was copied byte by byte lists of its own, at every depth. Texts stay shared: nobody writes into them. */
static void own_lists(struct arena *a, const struct dict_class *c, void *object)
{
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		struct dict_list *list = dict_at(f, object);
		size_t size = dict_value_size(f);

		if (!f->list) {
			own_value(a, f, list);
			continue;
		}
		if (!list->n)
			continue;
		list->room = list->n;
		list->v = memcpy(arena_array(a, size, list->n), list->v, size * list->n);
		for (uint32_t j = 0; j < list->n; j++)
			own_value(a, f, (char *)list->v + j * size);
	}
}

static void own_value(struct arena *a, const struct dict_field *f, void *value)
{
	if (f->kind == DICT_CLASS && dict_says(f, value))
		own_lists(a, f->of, value);
}

/* ---- from a path to a route ---- */

static bool add_step(struct route *r, const struct dict_field *f, uint32_t member)
{
	if (r->n == ROUTE_STEPS || (f->list && member > f->max))
		return false;
	r->step[r->n++] = (struct step){f, f->list ? member : 0};
	return true;
}

/* Which member a pointer means: the first when it does not say. 0 for nonsense. */
static uint32_t pointer_member(const struct pointer *p)
{
	struct decimal d = p->sequence;

	if (!d.set)
		return 1;
	return d.scale == 0 && d.units > 0 && d.units <= UINT16_MAX ? (uint32_t)d.units : 0;
}

/* One class of a path. *ret_group is the wrapper when the cursor comes to stand in one. */
static bool follow_section(struct cursor *c, const struct pointer *p, struct route *r,
			   const struct dict_element **ret_group)
{
	const struct dict_element *e = place_find(c->elements, c->count, c->via, p->section, false);
	uint32_t member = pointer_member(p);

	*ret_group = NULL;
	if (!e)
		return false;
	if (!e->field) {
		*ret_group = e;
		c->elements = e->children;
		c->count = e->count;
		c->wrapper_member = member;
		return true;
	}
	if (!add_step(r, e->field, member) || (e->field->list && member == 0))
		return false;
	*c = (struct cursor){e->field->of, e->field, e->field->of->elements,
			     e->field->of->element_count, 0};
	return true;
}

static bool follow_tag(const struct cursor *c, const struct pointer *p, struct route *r)
{
	const struct dict_element *e = place_find(c->elements, c->count, c->via, p->tag, true);
	uint32_t member = c->wrapper_member ? c->wrapper_member : pointer_member(p);

	return e && (!e->field->list || member) && add_step(r, e->field, member);
}

/* A whole path. *ret_group: all fields of this wrapper are meant, each one step behind the route. */
static bool follow_path(const struct amendment *m, struct route *r,
			const struct dict_element **ret_group)
{
	const struct dict_class *d = &dict_declaration;
	struct cursor c = {d, NULL, d->elements, d->element_count, 0};

	*r = (struct route){0};
	*ret_group = NULL;
	for (uint32_t i = 0; i < m->pointers.n; i++) {
		const struct pointer *p = &m->pointers.v[i];
		bool last = i + 1 == m->pointers.n;

		if (i == 0 && !span_is(p->section, d->wco_id))
			return false;
		if (i > 0 && p->section.n && !follow_section(&c, p, r, ret_group))
			return false;
		if ((i > 0 && !p->section.n && !p->tag.n) || (p->tag.n && !last))
			return false;
		if (p->tag.n && !follow_tag(&c, p, r))
			return false;
		if (p->tag.n)
			*ret_group = NULL;
	}
	return r->n > 0 || *ret_group;
}

/* In a request these speak of the request itself. */
static bool is_of_request(const struct dict_field *f)
{
	static const size_t own[] = {
	    offsetof(struct declaration, function),
	    offsetof(struct declaration, type),
	    offsetof(struct declaration, trader_reference),
	    offsetof(struct declaration, movement_reference),
	    offsetof(struct declaration, amendments),
	};

	for (uint32_t i = 0; i < ARRAY_LEN(own); i++)
		if (f->offset == own[i])
			return true;
	return false;
}

/* ---- along a route ---- */

/* The own number of a member (field `sequence`), where its class has one. */
static struct decimal *own_number(const struct dict_field *f, void *member)
{
	const struct dict_field *number =
	    f->kind == DICT_CLASS ? dict_field(f->of, SPAN("sequence")) : NULL;

	return number ? dict_at(number, member) : NULL;
}

static void *member_at(const struct dict_field *f, const struct dict_list *list, uint32_t i)
{
	return (char *)list->v + i * dict_value_size(f);
}

static void *push_member(struct arena *a, const struct dict_field *f, struct dict_list *list)
{
	if (list->n >= f->max)
		return NULL;
	return arena_push(a, &list->v, &list->n, &list->room, dict_value_size(f));
}

/* The member that a pointer means: the one with that number of its own, or, where members carry none, the one at that
 * place. With an arena it is made when it is not there, behind the others or, where members have no number, at its
 * place; otherwise, or when the list is full, NULL. */
static void *find_member(const struct dict_field *f, struct dict_list *list, uint32_t member,
			 struct arena *a)
{
	bool numbered = false;
	void *new;

	for (uint32_t i = 0; i < list->n; i++) {
		const struct decimal *d = own_number(f, member_at(f, list, i));

		numbered |= d && d->set;
		if (d && d->set && decimal_compare(*d, decimal_of(member, 0)) == 0)
			return member_at(f, list, i);
	}
	if (!numbered && member <= list->n)
		return member_at(f, list, member - 1);
	if (!a)
		return NULL;
	do
		new = push_member(a, f, list);
	while (new && !own_number(f, new) && list->n < member);
	if (new &&own_number(f, new))
		*own_number(f, new) = decimal_of(member, 0);
	return new;
}

/* The value at the end of a route, or the whole list. With an arena, what is missing on the way is made; otherwise NULL
 * for it. */
static void *walk(const struct route *r, uint32_t steps, void *object, struct arena *a)
{
	for (uint32_t i = 0; i < steps; i++) {
		const struct dict_field *f = r->step[i].field;
		void *at = dict_at(f, object);

		if (f->list && r->step[i].member)
			at = find_member(f, at, r->step[i].member, a);
		if (!at || i + 1 == steps)
			return at;
		if (!dict_says(f, at)) {
			if (!a)
				return NULL;
			((struct dict_head *)at)->present = true;
		}
		object = at;
	}
	return object;
}

/* Does the place say anything? value may be NULL. */
static bool says(const struct step *s, const void *value)
{
	if (value && s->field->list && !s->member)
		return ((const struct dict_list *)value)->n > 0;
	return value && dict_says(s->field, value);
}

static bool stop_at_first(void *context, const struct dict_field *f, const void *value,
			  const void *parent)
{
	(void)context, (void)f, (void)value, (void)parent;
	return false;
}

/* Classes on the route that no longer say anything are gone too. */
static void prune(struct amending *m, const struct route *r)
{
	for (uint32_t n = r->n - 1; n > 0; n--) {
		const struct dict_field *f = r->step[n - 1].field;
		void *object = walk(r, n, m->result, NULL);

		if (!object || !dict_visit(f->of, object, stop_at_first, NULL))
			return;
		memset(object, 0, dict_value_size(f));
	}
}

static void set_value(struct amending *m, const struct step *s, void *to, const void *from)
{
	size_t size =
	    s->field->list && !s->member ? sizeof(struct dict_list) : dict_value_size(s->field);
	struct dict_list *list = to;

	memcpy(to, from, size);
	if (!s->field->list || s->member) {
		own_value(m->arena, s->field, to);
		return;
	}
	size = dict_value_size(s->field);
	list->room = list->n;
	list->v = memcpy(arena_array(m->arena, size, list->n), list->v, size * list->n);
	for (uint32_t i = 0; i < list->n; i++)
		own_value(m->arena, s->field, member_at(s->field, list, i));
}

/* One place: takes the request's value, or is removed. false when it is in neither. */
static bool apply_route(struct amending *m, const struct route *r)
{
	const struct step *last = &r->step[r->n - 1];
	struct declaration request = *m->request; /* walk() without an arena writes nothing */
	const void *wish = walk(r, r->n, &request, NULL);
	void *to;

	if (is_of_request(r->step[0].field))
		return false;
	if (says(last, wish)) {
		to = walk(r, r->n, m->result, m->arena);
		if (to)
			set_value(m, last, to, wish);
		return to != NULL;
	}
	to = walk(r, r->n, m->result, NULL);
	if (!says(last, to))
		return false;
	memset(to, 0,
	       last->field->list && !last->member ? sizeof(struct dict_list)
						  : dict_value_size(last->field));
	prune(m, r);
	return true;
}

/* Every field of a wrapper; one that says something anywhere is enough. */
static bool apply_group(struct amending *m, const struct dict_element *group, const struct route *r)
{
	bool any = false;

	for (uint32_t i = 0; i < group->count; i++) {
		const struct dict_element *e = &group->children[i];
		struct route one = *r;

		if (!e->field)
			any |= apply_group(m, e, r);
		else if (add_step(&one, e->field, 0))
			any |= apply_route(m, &one);
	}
	return any;
}

static const char *describe(struct arena *a, const struct amendment *m)
{
	struct text t = text_in(a);

	for (uint32_t i = 0; i < m->pointers.n; i++) {
		const struct pointer *p = &m->pointers.v[i];

		if (i)
			text_char(&t, ' ');
		text_span(&t, p->section);
		if (p->sequence.set) {
			text_char(&t, '[');
			decimal_write(&t, p->sequence);
			text_char(&t, ']');
		}
		if (p->tag.n) {
			text_char(&t, '/');
			text_span(&t, p->tag);
		}
	}
	text_char(&t, 0);
	return t.p;
}

static void apply(struct amending *m, const struct amendment *amendment)
{
	const struct dict_element *group;
	struct route r;

	if (follow_path(amendment, &r, &group) &&
	    (group ? apply_group(m, group, &r) : apply_route(m, &r)))
		return;
	m->bad++;
	if (!m->place)
		m->place = describe(m->arena, amendment);
}

/* ---- at the end ---- */

static void sweep(const struct dict_class *c, void *object);

/* Drops absent members. Those behind them keep the numbers that they have: everybody knows item 3 as item 3. */
static void sweep_list(const struct dict_field *f, struct dict_list *list)
{
	size_t size = dict_value_size(f);
	uint32_t n = 0;

	for (uint32_t i = 0; i < list->n; i++) {
		void *from = member_at(f, list, i), *to = member_at(f, list, n);

		if (!dict_says(f, from))
			continue;
		if (to != from)
			memcpy(to, from, size);
		if (f->kind == DICT_CLASS)
			sweep(f->of, to);
		n++;
	}
	list->n = n;
}

static void sweep(const struct dict_class *c, void *object)
{
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		void *at = dict_at(f, object);

		if (f->list)
			sweep_list(f, at);
		else if (f->kind == DICT_CLASS && dict_says(f, at))
			sweep(f->of, at);
	}
}

void declaration_amend(struct arena *a, const struct declaration *before,
		       const struct declaration *request, struct declaration *ret,
		       uint32_t *ret_bad, const char **ret_place)
{
	struct amending m = {.arena = a, .request = request, .result = ret};

	*ret = *before;
	own_lists(a, &dict_declaration, ret);
	for (uint32_t i = 0; i < request->amendments.n; i++)
		if (request->amendments.v[i].pointers.n)
			apply(&m, &request->amendments.v[i]);
	sweep(&dict_declaration, ret);
	*ret_bad = m.bad;
	*ret_place = m.place;
}
