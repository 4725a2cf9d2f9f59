#include "msg/xml_map.h"

#include "base/limits.h"
#include "base/map.h"
#include "codec/xml.h"

enum { STARS = 4, NAMES = 16, TEXT_FIRST = 1024, FIRST_LOOK = 256, LOOKED_AT = 4096 };

/* ---- pointers of a table ---- */

/* Where a pattern's next step ends: at a slash outside brackets. */
static struct span cut_step(struct span *s)
{
	struct span step = *s;
	bool inside = false;

	for (uint32_t i = 0; i < s->n; i++) {
		inside = s->p[i] == '[' || (inside && s->p[i] != ']');
		if (s->p[i] != '/' || inside)
			continue;
		step.n = i;
		*s = (struct span){s->p + i + 1, s->n - i - 1, 0};
		return step;
	}
	*s = (struct span){0};
	return step;
}

/* "[type=TSP]" */
static bool is_selector(struct span step, struct span *ret_field, struct span *ret_value)
{
	if (step.n < 4 || step.p[0] != '[')
		return false;
	*ret_value = (struct span){step.p + 1, step.n - 2, 0};
	*ret_field = span_cut(ret_value, '=');
	return true;
}

const struct dict_field *xml_map_field(struct arena *a, const char *pointer)
{
	struct span rest = span_of(pointer), field, value;
	struct text t = text_in(a);

	cut_step(&rest);
	while (rest.p) {
		struct span step = cut_step(&rest);

		text_char(&t, '/');
		if (span_is(step, "*") || is_selector(step, &field, &value))
			text_char(&t, '0');
		else
			text_span(&t, step);
	}
	return decode_pointer_ok(&dict_declaration, text_as_span(&t));
}

/* ---- reading: the leaves of the document ---- */

/* An element that has a text, or an attribute. */
struct leaf {
	struct span path;  /* as a table writes it, from the root's children inward */
	struct span place; /* the same with numbers, for people */
	struct span text;
	uint32_t star[STARS];
	uint32_t line;
};

struct frame {
	struct span name;
	uint32_t index, line;
	uint32_t count[NAMES]; /* of children with the names that repeat */
	int repeats;           /* which of these names this is; -1: none */
	bool children, quiet;
};

struct xml_document {
	struct arena *arena;
	const struct xml_table *table;
	struct span names[NAMES]; /* that repeat */
	uint32_t name_count;
	struct frame frame[LIMIT_DEPTH + 1];
	uint32_t depth;
	char *text; /* of the open element */
	uint32_t text_n, text_room;
	DICT_LIST(struct leaf) leaves;
	struct span root;
	uint32_t root_line;
	bool other_root;
};

/* Names with a star behind them, anywhere in the table. */
static void find_names(struct xml_document *d)
{
	for (uint32_t i = 0; i < d->table->n; i++) {
		struct span path = span_of(d->table->rows[i].path);

		while (path.p) {
			struct span name = span_cut(&path, '/');
			bool known = false;

			if (!name.n || name.p[name.n - 1] != '*')
				continue;
			name.n--;
			for (uint32_t j = 0; j < d->name_count; j++)
				known |= span_equal(d->names[j], name);
			if (known)
				continue;
			BUG_ON(d->name_count == NAMES);
			d->names[d->name_count++] = name;
		}
	}
}

static struct decoder copier(struct xml_document *d)
{
	return (struct decoder){.arena = d->arena};
}

static bool add_leaf(struct xml_document *d, struct span text, const struct span *attribute)
{
	struct leaf *l = arena_try_push(d->arena, (void **)&d->leaves.v, &d->leaves.n,
					&d->leaves.room, sizeof(*l));
	struct decoder copy = copier(d);
	struct decode_line path = {0}, place = {0};
	uint32_t stars = 0;

	if (!l)
		return false;
	for (uint32_t i = 1; i < d->depth; i++) {
		const struct frame *f = &d->frame[i];

		decode_line_add(&path, i > 1 ? SPAN("/") : SPAN(""));
		decode_line_add(&path, f->name);
		decode_line_add(&place, i > 1 ? SPAN("/") : SPAN(""));
		decode_line_add(&place, f->name);
		if (f->repeats < 0)
			continue;
		decode_line_add(&path, SPAN("*"));
		decode_line_add(&place, SPAN("["));
		decode_line_number(&place, f->index + 1);
		decode_line_add(&place, SPAN("]"));
		if (stars < STARS)
			l->star[stars++] = f->index;
	}
	if (attribute) {
		decode_line_add(&path, SPAN("/@"));
		decode_line_add(&path, *attribute);
		decode_line_add(&place, SPAN("/@"));
		decode_line_add(&place, *attribute);
	}
	l->path = decode_line_copy(&copy, &path);
	l->place = decode_line_copy(&copy, &place);
	l->text = decode_copy(&copy, text);
	l->line = d->frame[d->depth - 1].line;
	l->text.line = l->line;
	return l->path.p && l->place.p && l->text.p;
}

/* The text before a child, or of a leaf that closes. */
static bool take_text(struct xml_document *d)
{
	struct span s = span_trim((struct span){d->text, d->text_n, 0});

	d->text_n = 0;
	return !s.n || !d->depth || add_leaf(d, s, NULL);
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct xml_document *d = context;
	struct decoder copy = copier(d);
	struct frame *around = d->depth ? &d->frame[d->depth - 1] : NULL, *f;

	(void)space;
	if (!take_text(d))
		return false;
	f = &d->frame[d->depth];
	*f = (struct frame){.name = decode_copy(&copy, name), .line = line, .repeats = -1};
	if (!f->name.p)
		return false;
	if (!around) {
		d->root = f->name;
		d->root_line = line;
		d->other_root = !span_is(name, d->table->root);
		if (d->other_root)
			return false;
	}
	for (uint32_t i = 0; around && i < d->name_count; i++)
		if (span_equal(name, d->names[i])) {
			f->repeats = (int)i;
			f->index = around->count[i]++;
		}
	d->depth++;
	for (uint32_t i = 0; i < n; i++)
		if (around && attributes[i].value.n &&
		    !add_leaf(d, attributes[i].value, &attributes[i].name))
			return false;
	return true;
}

static bool on_text(void *context, struct span piece)
{
	struct xml_document *d = context;

	if (piece.n > d->text_room - d->text_n) {
		uint32_t room = 2 * (d->text_n + piece.n) + TEXT_FIRST;
		char *text = arena_try(d->arena, room);

		if (!text)
			return false;
		if (d->text_n)
			memcpy(text, d->text, d->text_n);
		d->text = text;
		d->text_room = room;
	}
	if (piece.n)
		memcpy(d->text + d->text_n, piece.p, piece.n);
	d->text_n += piece.n;
	return true;
}

static bool on_close(void *context, struct span name)
{
	struct xml_document *d = context;
	bool ok = take_text(d);

	(void)name;
	d->depth--;
	return ok;
}

/* ---- reading: from leaves to values ---- */

/* A value of the declaration that is being gathered. */
struct target {
	struct span pointer;
	bool has[XML_CODE + 1]; /* parts that are there */
	struct span value, qualifier, first, rest;
	uint32_t line;
};

struct gathering {
	struct arena *arena;
	const struct xml_table *table;
	struct decoder *decoder;
	struct map rows;     /* path: the first row */
	struct map targets;  /* pointer: its target */
	struct map selected; /* list and selector: index as text */
	struct map counts;   /* list: how many members selectors made, as pointer to a number */
	struct target **list;
	uint32_t n, room;
	enum xml_when when;
};

static struct target *target_at(struct gathering *g, struct span pointer, uint32_t line)
{
	struct target *t = map_get(&g->targets, pointer), **slot;

	if (t)
		return t;
	t = ARENA_NEW(g->arena, struct target);
	*t = (struct target){.pointer = pointer, .line = line};
	map_put(&g->targets, pointer, t);
	slot = arena_push(g->arena, (void **)&g->list, &g->n, &g->room, sizeof(struct target *));
	*slot = t;
	return t;
}

/* The member that a selector stands for: the one made before, or a new one, whose field says what it must. */
static uint32_t select_member(struct gathering *g, struct span list, struct span selector,
			      struct span field, struct span value, uint32_t line)
{
	struct span key =
	    span_of(arena_print(g->arena, "%.*s/%.*s", SPAN_ARG(list), SPAN_ARG(selector)));
	uint32_t *known = map_get(&g->selected, key), *count = map_get(&g->counts, list);
	struct target *t;

	if (known)
		return *known;
	if (!count) {
		count = ARENA_NEW(g->arena, uint32_t);
		map_put(&g->counts, list, count);
	}
	known = ARENA_NEW(g->arena, uint32_t);
	*known = (*count)++;
	map_put(&g->selected, key, known);
	t = target_at(
	    g,
	    span_of(arena_print(g->arena, "%.*s/%u/%.*s", SPAN_ARG(list), *known, SPAN_ARG(field))),
	    line);
	t->value = value;
	t->has[XML_VALUE] = true;
	return *known;
}

/* A row's pointer with the indexes of one leaf. */
static struct span resolve(struct gathering *g, const char *pointer, const struct leaf *l)
{
	struct span rest = span_of(pointer), field, value;
	struct text t = text_in(g->arena);
	uint32_t stars = 0;

	cut_step(&rest);
	while (rest.p) {
		struct span step = cut_step(&rest), list;

		if (span_is(step, "*")) {
			text_print(&t, "/%u", l->star[stars++]);
		} else if (is_selector(step, &field, &value)) {
			list = (struct span){arena_copy(g->arena, t.p, t.n), (uint32_t)t.n, 0};
			text_print(&t, "/%u", select_member(g, list, step, field, value, l->line));
		} else {
			text_char(&t, '/');
			text_span(&t, step);
		}
	}
	return text_as_span(&t);
}

static const struct xml_row *row_of(const struct gathering *g, struct span path)
{
	const struct xml_row *r = map_get(&g->rows, path), *end = g->table->rows + g->table->n;

	for (; r && r < end && span_is(path, r->path); r++)
		if (r->when == XML_ALWAYS || r->when == g->when)
			return r;
	return NULL;
}

/* Are the first n bytes characters of their own? */
static bool plain(struct span s, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Splits a text into what the row's pointer and its second hold. */
static void split(enum xml_part part, struct span text, struct span *ret_value,
		  struct span *ret_second)
{
	struct span rest = text;

	*ret_value = text;
	*ret_second = (struct span){0};
	if (part == XML_LINES) {
		*ret_value = span_trim(span_cut(&rest, '\n'));
		*ret_second = span_trim(rest);
	} else if (part == XML_PAIR && text.n > 2 && plain(text, 2)) {
		*ret_value = (struct span){text.p, 2, 0};
		*ret_second = (struct span){text.p + 2, text.n - 2, 0};
	} else if (part == XML_CODE && text.n == 4 && plain(text, 4)) {
		*ret_value = (struct span){text.p + 1, 3, 0};
		*ret_second = (struct span){text.p, 1, 0};
	} else if (part == XML_FLAG && span_is(text, "True")) {
		*ret_value = SPAN("1");
	} else if (part == XML_FLAG && span_is(text, "False")) {
		*ret_value = SPAN("0");
	}
	ret_value->line = ret_second->line = text.line;
}

static void keep(struct gathering *g, const struct leaf *l)
{
	g->decoder->depth = 0;
	if (!decode_unmapped(g->decoder, l->place, l->text, l->line, false))
		arena_leave(g->arena);
}

static void set_part(struct target *t, enum xml_part part, struct span value)
{
	t->has[part] = true;
	switch (part) {
	case XML_QUALIFIER:
		t->qualifier = value;
		return;
	case XML_FIRST:
		t->first = value;
		return;
	case XML_REST:
		t->rest = value;
		return;
	case XML_KILOGRAMS:
		t->qualifier = SPAN("KGM");
		t->value = value;
		return;
	case XML_VALUE:
	case XML_FLAG:
	case XML_LINES:
	case XML_PAIR:
	case XML_CODE:
		t->value = value;
		return;
	}
}

/* May a list take the index? A member past its bound is kept as what it is: too many. */
static bool fits(struct gathering *g, struct span pointer, const struct leaf *l)
{
	if (decode_pointer_ok(&dict_declaration, pointer))
		return true;
	g->decoder->depth = 0;
	if (!decode_finding(g->decoder, FINDING_DECODE_TOO_MANY, NULL, l->line, l->place,
			    SPAN("as many")) ||
	    !decode_unmapped(g->decoder, l->place, l->text, l->line, true))
		arena_leave(g->arena);
	return false;
}

static void take_leaf(struct gathering *g, const struct leaf *l)
{
	const struct xml_row *r = row_of(g, l->path);
	struct span pointer, value, second;
	struct target *t;

	if (!r) {
		keep(g, l);
		return;
	}
	pointer = resolve(g, r->pointer, l);
	if (!fits(g, pointer, l))
		return;
	t = target_at(g, pointer, l->line);
	if (t->has[r->part]) {
		keep(g, l);
		return;
	}
	split(r->part, l->text, &value, &second);
	set_part(t, r->part, value);
	if (!second.n)
		return;
	pointer = resolve(g, r->second, l);
	t = target_at(g, pointer, l->line);
	if (!t->has[XML_VALUE])
		set_part(t, XML_VALUE, second);
}

static void put_target(struct gathering *g, const struct target *t)
{
	const struct dict_field *f;
	struct text both = text_in(g->arena);
	struct span value = t->value;

	if (t->has[XML_FIRST] || t->has[XML_REST]) {
		text_span(&both, t->first);
		text_span(&both, t->rest);
		value = text_as_span(&both);
		value.line = t->line;
	}
	/* A currency without an amount says nothing. */
	if (!value.n)
		return;
	f = decode_goto(g->decoder, t->pointer, t->line);
	if (!f || !decode_value(g->decoder, f, value, t->qualifier))
		arena_leave(g->arena);
}

static void gather(struct xml_document *doc, struct decoder *d)
{
	struct arena *a = doc->arena;
	struct gathering g = {.arena = a,
			      .table = doc->table,
			      .decoder = d,
			      .rows = map_in(a),
			      .targets = map_in(a),
			      .selected = map_in(a),
			      .counts = map_in(a),
			      .when = XML_IMPORT};
	const struct dict_field *function;

	for (uint32_t i = 0; i < doc->table->n; i++) {
		struct span path = span_of(doc->table->rows[i].path);

		if (!map_get(&g.rows, path))
			map_put(&g.rows, path, (void *)(uintptr_t)&doc->table->rows[i]);
	}
	for (uint32_t i = 0; i < doc->leaves.n; i++)
		if (span_is(doc->leaves.v[i].path, doc->table->type_path) &&
		    span_starts(doc->leaves.v[i].text, SPAN("EX")))
			g.when = XML_EXPORT;
	for (uint32_t i = 0; i < doc->leaves.n; i++)
		take_leaf(&g, &doc->leaves.v[i]);
	for (uint32_t i = 0; i < g.n; i++)
		put_target(&g, g.list[i]);
	/* What has no word for it lodges new declarations. */
	function = decode_goto(d, SPAN("/function"), doc->root_line);
	if (!function || !decode_value(d, function, SPAN("9"), NO_VALUE))
		arena_leave(a);
}

enum err xml_map_read(struct arena *a, struct span bytes, const struct xml_table *t,
		      struct decoder *d, struct codec_fault *ret_fault)
{
	struct xml_document *doc = ARENA_NEW(a, struct xml_document);
	struct xml_handler handler = {on_open, on_close, on_text, doc};
	enum err e;

	doc->arena = a;
	doc->table = t;
	find_names(doc);
	e = xml_read(a, bytes, &handler, ret_fault);
	if (doc->other_root) {
		*ret_fault =
		    (struct codec_fault){doc->root_line, 1,
					 arena_print(a, "the root element is %.*s; %s is expected",
						     SPAN_ARG(decode_excerpt(doc->root)), t->root)};
		return ERR_UNSUPPORTED;
	}
	if (e == ERR_LIMIT && arena_failure(a))
		arena_leave(a);
	if (e)
		return e;
	gather(doc, d);
	return decode_finish(d) ? ERR_NONE : arena_failure(a);
}

/* ---- writing ---- */

struct writer {
	struct text *to;
	const struct xml_table *table;
	const struct declaration *declaration;
	enum xml_when when;
	uint32_t star[STARS], stars;
};

/* The member that a selector stands for: the one that says so, or a lone one that does not say. */
static const void *selected(const struct dict_field *list, const struct dict_list *members,
			    struct span field, struct span value)
{
	const struct dict_field *f = dict_field(list->of, field);
	size_t size = dict_value_size(list);

	for (uint32_t i = 0; i < members->n; i++) {
		const char *member = (const char *)members->v + i * size;

		if (span_equal(*(struct span *)dict_at(f, member), value))
			return member;
	}
	if (members->n && !dict_says(f, dict_at(f, members->v)))
		return members->v;
	return NULL;
}

/* The value at a row's pointer, with the indexes of the elements that are open; of a pointer that ends before a star: the list.
 * NULL: the declaration does not say. */
static const void *value_at(const struct writer *w, struct span pointer,
			    const struct dict_field **ret)
{
	const struct dict_class *c = &dict_declaration;
	const void *object = w->declaration;
	uint32_t stars = 0;

	*ret = NULL;
	cut_step(&pointer);
	while (pointer.p) {
		const struct dict_field *f = dict_field(c, cut_step(&pointer));
		struct span step, field, value;
		uint32_t index;

		object = dict_at(f, object);
		*ret = f;
		c = f->of;
		if (f->list && pointer.p) {
			const struct dict_list *list = object;

			step = cut_step(&pointer);
			/* Alone, the second would be read as the first. */
			if (span_is(step, "1") && list->n > 1 &&
			    !dict_says(dict_field(c, pointer),
				       dict_at(dict_field(c, pointer), list->v)))
				return NULL;
			if (is_selector(step, &field, &value)) {
				object = selected(f, list, field, value);
				if (!object)
					return NULL;
				continue;
			}
			index = span_is(step, "*") ? w->star[stars++] : (uint32_t)(step.p[0] - '0');
			if (index >= list->n)
				return NULL;
			object = (const char *)list->v + index * dict_value_size(f);
		}
	}
	return object;
}

static struct span text_of(const struct writer *w, const char *pointer)
{
	const struct dict_field *f;
	const struct span *s = pointer ? value_at(w, span_of(pointer), &f) : NULL;

	return s && dict_says(f, s) ? *s : (struct span){0};
}

static struct span number_text(const struct writer *w, struct decimal d)
{
	struct text t = text_in(w->to->arena);

	decimal_write(&t, d);
	return text_as_span(&t);
}

static struct span joined(const struct writer *w, struct span a, const char *between, struct span b)
{
	struct text t = text_in(w->to->arena);

	text_span(&t, a);
	text_string(&t, between);
	text_span(&t, b);
	return text_as_span(&t);
}

/* A text as the row's part writes it. */
static struct span part_of(const struct writer *w, const struct xml_row *r, struct span s)
{
	struct span second = text_of(w, r->second);

	/* What stands behind nothing would be read as what stands first. */
	if (!s.n)
		return s;
	switch (r->part) {
	case XML_FIRST:
		return (struct span){s.p, span_utf8_prefix((struct span){s.p, s.n ? 1 : 0, 0}), 0};
	case XML_REST: {
		uint32_t first = span_utf8_prefix((struct span){s.p, s.n ? 1 : 0, 0});

		return (struct span){s.p + first, s.n - first, 0};
	}
	case XML_FLAG:
		if (span_is(s, "1"))
			return SPAN("True");
		return span_is(s, "0") ? SPAN("False") : s;
	case XML_LINES:
		return second.n ? joined(w, s, "\n", second) : s;
	case XML_PAIR:
		return joined(w, s, "", second);
	case XML_CODE:
		return joined(w, second, "", s);
	case XML_VALUE:
	case XML_KILOGRAMS:
	case XML_QUALIFIER:
		return s;
	}
	return s;
}

/* What the element of a row holds; empty: nothing. */
static struct span row_text(const struct writer *w, const struct xml_row *r)
{
	const struct dict_field *f;
	const void *value = value_at(w, span_of(r->pointer), &f);
	const struct amount *amount = value;
	const struct quantity *quantity = value;

	if (!value || !dict_says(f, value))
		return part_of(w, r, (struct span){0});
	if (f->kind == DICT_NUMBER)
		return number_text(w, *(const struct decimal *)value);
	if (f->kind == DICT_AMOUNT)
		return r->part == XML_QUALIFIER ? amount->currency : number_text(w, amount->value);
	if (f->kind != DICT_QUANTITY)
		return part_of(w, r, *(const struct span *)value);
	if (r->part == XML_QUALIFIER)
		return quantity->unit;
	/* A mass in another unit would become one in kilograms. */
	if (r->part == XML_KILOGRAMS && quantity->unit.n && !span_is(quantity->unit, "KGM"))
		return (struct span){0};
	return number_text(w, quantity->value);
}

static struct span segment_of(const struct xml_row *r, uint32_t depth)
{
	struct span path = span_of(r->path), s = {0};

	for (uint32_t i = 0; i <= depth; i++)
		s = span_cut(&path, '/');
	return s;
}

static bool is_leaf(const struct xml_row *r, uint32_t depth)
{
	struct span path = span_of(r->path);

	for (uint32_t i = 0; i <= depth; i++)
		span_cut(&path, '/');
	return !path.p;
}

static void new_line(struct writer *w, uint32_t depth)
{
	text_char(w->to, '\n');
	for (uint32_t i = 0; i <= depth; i++)
		text_char(w->to, '\t');
}

/* How many members the list has whose index is the pointer's next star. */
static uint32_t members(const struct writer *w, const struct xml_row *r)
{
	const char *p = r->pointer;
	const struct dict_field *f;
	const struct dict_list *list;

	for (uint32_t i = 0;; i++) {
		p = strchr(p, '*');
		BUG_ON(!p);
		if (i == w->stars)
			break;
		p++;
	}
	list = value_at(w, (struct span){r->pointer, (uint32_t)(p - 1 - r->pointer), 0}, &f);
	return list ? list->n : 0;
}

/* false: it held nothing, and was taken back unless it must stand there always. */
static bool put_element(struct writer *w, uint32_t from, uint32_t to, uint32_t depth,
			struct span name, bool always);

/* One element for each member; those that hold nothing keep the places of those behind them. */
static bool put_repeated(struct writer *w, uint32_t from, uint32_t to, uint32_t depth,
			 struct span name)
{
	uint32_t n = members(w, &w->table->rows[from]);
	size_t end = w->to->n;
	bool any = false;

	w->stars++;
	for (uint32_t i = 0; i < n; i++) {
		w->star[w->stars - 1] = i;
		if (!put_element(w, from, to, depth, name, true))
			continue;
		any = true;
		end = w->to->n;
	}
	w->stars--;
	w->to->n = end;
	return any;
}

/* The elements of some rows below one element. */
static bool put_rows(struct writer *w, uint32_t from, uint32_t to, uint32_t depth)
{
	const struct xml_row *rows = w->table->rows;
	bool any = false;

	for (uint32_t i = from; i < to;) {
		struct span name = segment_of(&rows[i], depth);
		bool repeats = name.p[name.n - 1] == '*';
		uint32_t end = i + 1;

		while (end < to && span_equal(segment_of(&rows[end], depth), name))
			end++;
		if (!repeats) {
			any |= put_element(w, i, end, depth, name, false);
		} else {
			name.n--;
			any |= put_repeated(w, i, end, depth, name);
		}
		i = end;
	}
	return any;
}

static bool put_leaf(struct writer *w, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		const struct xml_row *r = &w->table->rows[i];
		struct span s;

		if (r->when != XML_ALWAYS && r->when != w->when)
			continue;
		s = row_text(w, r);
		xml_escape(w->to, s, false);
		return s.n > 0;
	}
	return false;
}

static bool put_element(struct writer *w, uint32_t from, uint32_t to, uint32_t depth,
			struct span name, bool always)
{
	bool leaf = is_leaf(&w->table->rows[from], depth), any;
	size_t before = w->to->n;

	new_line(w, depth);
	text_print(w->to, "<%.*s>", SPAN_ARG(name));
	any = leaf ? put_leaf(w, from, to) : put_rows(w, from, to, depth + 1);
	if (!any && !always) {
		w->to->n = before;
		return false;
	}
	if (!leaf)
		new_line(w, depth);
	text_print(w->to, "</%.*s>", SPAN_ARG(name));
	return any;
}

void xml_map_write(struct text *to, const struct xml_table *t, const struct declaration *d)
{
	struct writer w = {.to = to,
			   .table = t,
			   .declaration = d,
			   .when = span_starts(d->type, SPAN("EX")) ? XML_EXPORT : XML_IMPORT};

	text_print(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s>", t->root);
	put_rows(&w, 0, t->n, 0);
	text_print(to, "\n</%s>\n", t->root);
}

/* ---- recognising ---- */

/* Over a declaration of XML, a comment, a blank; false: something else stands there. */
static bool skip_prolog(struct span *s)
{
	static const struct {
		struct span begin, end;
	} parts[] = {{{"<?", 2, 0}, {"?>", 2, 0}}, {{"<!--", 4, 0}, {"-->", 3, 0}}};

	*s = span_trim(*s);
	for (uint32_t i = 0; i < ARRAY_LEN(parts); i++) {
		const char *end;

		if (!span_starts(*s, parts[i].begin))
			continue;
		end = memmem(s->p, s->n, parts[i].end.p, parts[i].end.n);
		if (!end)
			return false;
		end += parts[i].end.n;
		*s = (struct span){end, s->n - (uint32_t)(end - s->p), 0};
		return true;
	}
	return false;
}

/* The local name of the first element, from the first n bytes; empty when they do not hold it. Lies in ascii. */
static struct span root_in(struct span bytes, uint32_t n, char *ascii)
{
	struct span s = {ascii, 0, 0}, name;

	/* Without marks, and of UTF-16 every other byte. */
	for (uint32_t i = 0; i < n; i++)
		if (bytes.p[i] && !(i < 3 && (unsigned char)bytes.p[i] >= 0x80))
			ascii[s.n++] = bytes.p[i];
	while (skip_prolog(&s))
		;
	if (!s.n || s.p[0] != '<')
		return NO_VALUE;
	name = (struct span){s.p + 1, 0, 0};
	for (uint32_t i = 1; i < s.n; i++) {
		if (strchr(" \t\r\n/>", s.p[i]))
			return name;
		name.n++;
		if (s.p[i] == ':')
			name = (struct span){s.p + i + 1, 0, 0};
	}
	return NO_VALUE;
}

/* Whether the first character that counts is the one that XML begins with: other formats are told apart at once. */
static bool begins_as_xml(struct span bytes)
{
	for (uint32_t i = 0; i < bytes.n; i++)
		if (bytes.p[i] && !(i < 3 && (unsigned char)bytes.p[i] >= 0x80) &&
		    !strchr(" \t\r\n", bytes.p[i]))
			return bytes.p[i] == '<';
	return false;
}

bool xml_map_recognises(struct span bytes, const char *root)
{
	char ascii[LOOKED_AT];
	struct span name = {0};

	if (!begins_as_xml(bytes))
		return false;
	/* Mostly it stands at once; comments may come first. */
	for (uint32_t n = FIRST_LOOK; !name.n && n <= LOOKED_AT; n *= 16)
		name = root_in(bytes, bytes.n < n ? bytes.n : n, ascii);
	return span_is(name, root);
}
