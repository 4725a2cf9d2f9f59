/* The text of a mapping, read: edi_map.h says how it is written. Used at build time, by tools/mkedimap.c. */
#include "msg/edi_map.h"

#define LIST(type)                                                                                 \
	struct {                                                                                   \
		type *v;                                                                           \
		uint32_t n, room;                                                                  \
	}

enum { DEPTH = 4 };

struct reading {
	struct arena *arena;
	const struct dict_class *root;
	const char *message;
	LIST(struct edi_row) rows;
	LIST(struct edi_item) items;
	const struct dict_class *class[DEPTH + 1]; /* of the rows that are open */
	uint16_t open[DEPTH + 1];
	uint32_t depth;
	const char *fault;
};

#define PUSH(r, list)                                                                              \
	arena_push((r)->arena, (void **)&(r)->list.v, &(r)->list.n, &(r)->list.room,               \
		   sizeof(*(r)->list.v))

static bool refuse(struct reading *r, const char *fault, struct span word)
{
	r->fault = arena_print(r->arena, "%s: %.*s", fault, SPAN_ARG(word));
	return false;
}

const struct dict_class *edi_path_class(const struct dict_class *c, const struct edi_path *p,
					const struct dict_field **ret_field)
{
	*ret_field = NULL;
	for (uint32_t i = 0; i < p->n; i++) {
		if (!c || p->step[i] >= c->field_count)
			return NULL;
		*ret_field = &c->fields[p->step[i]];
		c = (*ret_field)->of;
	}
	return c;
}

/* Where a path leads: *ret_class is the class there (NULL: a value), *ret_field the last field. */
static bool read_path(struct reading *r, struct span s, const struct dict_class *c,
		      struct edi_path *ret, const struct dict_field **ret_field)
{
	struct span whole = s;

	*ret = (struct edi_path){.n = 0};
	*ret_field = NULL;
	if (span_is(s, "."))
		return true;
	while (s.p) {
		struct span name = span_cut(&s, '/');
		const struct dict_field *f = c ? dict_field(c, name) : NULL;

		if (!f || ret->n == EDI_PATH)
			return refuse(r, "no such field", whole);
		ret->step[ret->n++] = (uint8_t)(f - c->fields);
		*ret_field = f;
		c = f->kind == DICT_CLASS ? f->of : NULL;
		if (f->list && s.p) {
			if (!span_is(span_cut(&s, '/'), "0"))
				return refuse(r, "a list's member is 0 here", whole);
		}
	}
	return true;
}

static bool read_number(struct span *s, uint8_t *ret)
{
	uint32_t value = 0, n = 0;

	for (; n < s->n && n < 2 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		value = 10 * value + (uint32_t)(s->p[n] - '0');
	s->p += n;
	s->n -= n;
	*ret = (uint8_t)value;
	return n && value;
}

/* 4.1-5 */
static bool read_place(struct reading *r, struct span *s, struct edi_item *i)
{
	struct span whole = *s;

	i->component = 1;
	if (!read_number(s, &i->element))
		return refuse(r, "not an element's position", whole);
	if (s->n && s->p[0] == '.') {
		s->p++, s->n--;
		if (!read_number(s, &i->component))
			return refuse(r, "not a component's position", whole);
	}
	i->to = i->component;
	if (s->n && s->p[0] == '-') {
		s->p++, s->n--;
		if (!read_number(s, &i->to) || i->to <= i->component)
			return refuse(r, "not a row of components", whole);
	}
	return true;
}

static bool same_path(const struct edi_path *a, const struct edi_path *b)
{
	return a->n == b->n && memcmp(a->step, b->step, a->n) == 0;
}

static void set_text(struct reading *r, struct edi_item *i, struct span s)
{
	i->text = arena_copy(r->arena, s.p, s.n);
	i->text_n = (uint8_t)s.n;
}

/* A field behind its place and sign. class NULL: the row's members are plain values. */
static bool read_field(struct reading *r, struct span s, const struct dict_class *c,
		       struct edi_item *i)
{
	struct span path = span_cut(&s, '|');
	const struct dict_field *f;

	if (s.p)
		set_text(r, i, s);
	if (path.n && path.p[path.n - 1] == '+') {
		path.n--;
		i->append = true;
	}
	if (!read_path(r, path, c, &i->path, &f))
		return false;
	if (f && f->kind == DICT_CLASS)
		return refuse(r, "a class, no value", path);
	return true;
}

static bool read_item(struct reading *r, struct span s, const struct dict_class *c)
{
	struct edi_item i = {.kind = EDI_POSITION};
	struct span whole = s;

	if (s.p[0] == '#') {
		s.p++, s.n--;
	} else if (!read_place(r, &s, &i)) {
		return false;
	}
	if (s.n < 2)
		return refuse(r, "not an element's use", whole);
	switch (s.p[0]) {
	case '=':
	case '~':
		i.kind = s.p[0] == '=' ? EDI_MATCH : EDI_CONSTANT;
		if (s.n > UINT8_MAX)
			return refuse(r, "too long a constant", whole);
		set_text(r, &i, (struct span){s.p + 1, s.n - 1, 0});
		break;
	case ':':
	case '@':
		if (i.element)
			i.kind = s.p[0] == ':' ? EDI_FIELD : EDI_QUALIFIER;
		if (!read_field(r, (struct span){s.p + 1, s.n - 1, 0}, c, &i))
			return false;
		break;
	default:
		return refuse(r, "not an element's use", whole);
	}
	*(struct edi_item *)PUSH(r, items) = i;
	return true;
}

/* Items are in the order of the segment; qualifiers and fields know one another. */
static bool join_items(struct reading *r, const struct edi_row *row)
{
	struct edi_item *v = r->items.v + row->item_at;

	if (row->items > EDI_ROW_ITEMS)
		return refuse(r, "too many elements", span_of(row->tag));
	for (uint8_t k = 0; k < row->items; k++) {
		v[k].pair = k;
		if (k && v[k].kind != EDI_POSITION &&
		    v[k].element * 100 + v[k].component <= v[k - 1].element * 100 + v[k - 1].to)
			return refuse(r, "elements are not in order", span_of(row->tag));
	}
	for (uint8_t k = 0; k < row->items; k++) {
		bool found = v[k].kind != EDI_QUALIFIER;

		for (uint8_t m = 0; !found && m < row->items; m++) {
			if (v[m].kind != EDI_FIELD || !same_path(&v[m].path, &v[k].path))
				continue;
			v[k].pair = m;
			v[m].pair = k;
			found = true;
		}
		if (!found)
			return refuse(r, "a qualifier without its field", span_of(row->tag));
	}
	return true;
}

/* @shipment/items[] */
static bool read_class(struct reading *r, struct span s, const struct dict_class *c,
		       struct edi_row *row, const struct dict_class **ret)
{
	const struct dict_field *f;

	if (s.n > 2 && s.p[s.n - 1] == ']') {
		row->list = true;
		row->first = (uint8_t)(s.p[s.n - 2] == '1');
		s.n -= row->first ? 3 : 2;
	}
	if (!read_path(r, s, c, &row->path, &f) || !f)
		return refuse(r, r->fault ? r->fault : "no class", s);
	if (f->list != row->list || (!f->list && f->kind != DICT_CLASS))
		return refuse(r, "neither a class nor a list", s);
	*ret = f->kind == DICT_CLASS ? f->of : NULL;
	return true;
}

static struct span next_word(struct span *s)
{
	struct span word = {NULL, 0, 0};

	while (s->n && !word.n)
		word = span_cut(s, ' ');
	return word;
}

static bool read_row(struct reading *r, struct span s)
{
	uint32_t depth = 0;
	struct edi_row row = {.parent = EDI_NO_ROW, .item_at = (uint16_t)r->items.n};
	const struct dict_class *c;
	struct span word;

	for (; s.n && s.p[0] == '\t'; s.p++, s.n--)
		depth++;
	if (depth > r->depth || depth > DEPTH)
		return refuse(r, "indented too far", s);
	c = depth ? r->class[depth - 1] : r->root;
	row.parent = depth ? r->open[depth - 1] : EDI_NO_ROW;
	word = next_word(&s);
	row.read_only = word.n && word.p[0] == '<';
	word.p += row.read_only;
	word.n -= row.read_only;
	row.opens = word.n == 4 && word.p[3] == '(';
	word.n -= row.opens;
	if (word.n != 3)
		return refuse(r, "not a segment's tag", word);
	memcpy(row.tag, word.p, 3);
	while ((word = next_word(&s)).n) {
		if (word.p[0] == '@') {
			if (!read_class(r, (struct span){word.p + 1, word.n - 1, 0}, c, &row, &c))
				return false;
			continue;
		}
		if (!read_item(r, word, c))
			return false;
		row.items++;
	}
	if (!join_items(r, &row))
		return false;
	r->class[depth] = c;
	r->open[depth] = (uint16_t)r->rows.n;
	r->depth = depth + 1;
	*(struct edi_row *)PUSH(r, rows) = row;
	return true;
}

/* Where the rows of each row's group end, and which row of its tag follows. */
static void close_rows(struct reading *r)
{
	for (uint32_t i = 0; i < r->rows.n; i++) {
		uint32_t end = i + 1;

		while (end < r->rows.n && r->rows.v[end].parent != EDI_NO_ROW &&
		       r->rows.v[end].parent >= i)
			end++;
		r->rows.v[i].end = (uint16_t)end;
	}
	for (uint32_t i = 0; i < r->rows.n; i++) {
		struct edi_row *row = &r->rows.v[i];
		uint32_t next = row->end;

		while (next < r->rows.n && r->rows.v[next].parent == row->parent &&
		       memcmp(r->rows.v[next].tag, row->tag, 3) != 0)
			next = r->rows.v[next].end;
		row->next = next < r->rows.n && r->rows.v[next].parent == row->parent
				? (uint16_t)next
				: EDI_NO_ROW;
	}
}

enum err edi_map_read(struct arena *a, struct span text, const struct dict_class *root,
		      struct edi_map *ret, uint32_t *ret_line, const char **ret_fault)
{
	struct reading r = {.arena = a, .root = root};
	bool ok = true;

	for (*ret_line = 0; text.n && ok;) {
		struct span line = span_cut(&text, '\n');

		++*ret_line;
		if (span_starts(line, SPAN("map "))) {
			r.message = arena_copy(a, line.p + 4, line.n - 4);
			continue;
		}
		if (span_trim(line).n && span_trim(line).p[0] != '#')
			ok = read_row(&r, line);
	}
	*ret_fault = r.fault ? r.fault : "no line map MESSAGE";
	if (!ok || !r.message)
		return ERR_FORMAT;
	close_rows(&r);
	*ret = (struct edi_map){r.message, r.rows.v, r.items.v, r.rows.n, r.items.n};
	return ERR_NONE;
}
