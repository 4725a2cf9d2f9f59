/* A message of EDIFACT, read: every segment is checked against the directory, and what the mapping knows fills the model. */
#include "msg/edi.h"

#include "base/limits.h"
#include "msg/edi_learned.h"

/* Groups that are open: the row that opened each, and how deep the decoder stood then. */
struct level {
	uint16_t group; /* node; EDIFACT_TOP: the message */
	uint16_t row;   /* EDI_NO_ROW: the message, or a group that the mapping does not know */
	bool known;
	uint32_t depth; /* of the decoder */
	uint64_t
	    seen[4]; /* rows that stood here and are no lists, counted from the level's first */
};

/* The first row of a tag in a level, as was found before. */
struct first {
	uint32_t tag;
	uint16_t level; /* its row */
	uint16_t row;   /* EDI_NO_ROW: none */
};
enum { FIRSTS = 64 };

struct reader {
	struct arena *arena;
	struct decoder *d;
	const struct edi_map *map; /* NULL: it is checked only, whatever type it is of */
	const struct edifact_set *directories;
	struct msg_heading heading;
	struct edifact *edifact;
	struct edifact_check check;
	const struct edifact_node *nodes;
	struct level level[EDIFACT_DEPTH + 2];
	uint32_t levels;
	struct first first[FIRSTS];
	struct edi_learned *learned;        /* of messages before; NULL: nothing */
	struct span interchange, reference; /* of UNB and UNH */
	uint32_t segments;                  /* from UNH on */
	bool inside, done, ended;           /* in the message; behind it; UNZ stood */
	bool shifts;                        /* said: a text changes its character set */
	bool printable;                     /* the segment under way, edifact_printable() */
};

static void must(const struct reader *r, bool ok)
{
	if (!ok)
		arena_leave(r->arena);
}

/* ---- what is wrong ---- */

static enum finding_rule rule_of(enum edifact_error_code code)
{
	switch (code) {
	case EDIFACT_INVALID_VALUE:
		return FINDING_EDIFACT_CODE;
	case EDIFACT_MISSING:
		return FINDING_EDIFACT_MISSING;
	case EDIFACT_NOT_HERE:
	case EDIFACT_STRAY:
	case EDIFACT_GROUPS_MIXED:
	case EDIFACT_EMPTY_LEVEL:
		return FINDING_EDIFACT_NOT_HERE;
	case EDIFACT_TOO_MANY_PARTS:
		return FINDING_EDIFACT_ELEMENTS;
	case EDIFACT_BAD_CHARACTER:
	case EDIFACT_BAD_SIGN:
		return FINDING_EDIFACT_CHARACTER;
	case EDIFACT_CHARSET_UNKNOWN:
		return FINDING_EDIFACT_CHARSET;
	case EDIFACT_REFERENCE_DIFFERS:
		return FINDING_EDIFACT_REFERENCE;
	case EDIFACT_COUNT_DIFFERS:
		return FINDING_EDIFACT_COUNT;
	case EDIFACT_TOO_MANY_SEGMENTS:
	case EDIFACT_TOO_MANY_GROUPS:
		return FINDING_EDIFACT_OFTEN;
	case EDIFACT_WRONG_KIND:
	case EDIFACT_NO_DIGIT:
		return FINDING_EDIFACT_KIND;
	case EDIFACT_TOO_LONG:
	case EDIFACT_TOO_SHORT:
		return FINDING_EDIFACT_LENGTH;
	case EDIFACT_VERSION_UNKNOWN:
	case EDIFACT_NO_AGREEMENT:
	case EDIFACT_DUPLICATE:
	case EDIFACT_UNSPECIFIED:
		break;
	}
	return FINDING_EDIFACT_DIRECTORY;
}

/* "NAD 12, 4.2": the segment, its number in the message, element and component. */
static struct span place_text(struct arena *a, const struct edifact_error *e)
{
	struct text t = text_in(a);

	text_print(&t, "%s %u", e->tag, e->segment);
	if (e->element)
		text_print(&t, ", %u", e->element);
	if (e->component)
		text_print(&t, ".%u", e->component);
	return text_as_span(&t);
}

/* Characters of a faulty value, as UTF-8 that can be repeated. */
static struct span excerpt(struct reader *r, struct span raw)
{
	struct span s = edifact_text(r->arena, r->edifact->charset, 0, raw, false);

	must(r, s.p);
	return decode_excerpt(s);
}

static void on_error(void *context, const struct edifact_error *e)
{
	struct reader *r = context;
	uint32_t before = r->d->findings->list.n;
	struct span place = place_text(r->arena, e), value = {"", 0, 0}, limit = {"", 0, 0};
	struct finding *f;

	if (e->value.n)
		value = excerpt(r, e->value);
	else if (e->number)
		value = span_of(arena_print(r->arena, "%04u", e->number));
	if (e->limit)
		limit = span_of(arena_print(r->arena, "%u", e->limit));
	must(r, finding_try(r->d->findings, rule_of(e->code), (struct span){"", 0, 0}, e->line,
			    place, value, limit));
	if (r->d->findings->list.n == before || r->d->findings->cut)
		return;
	f = &r->d->findings->list.v[before];
	f->column = e->column;
	f->segment = e->segment;
	f->element = e->element;
	f->component = e->component;
	f->code = (uint16_t)e->code;
}

static void say(struct reader *r, enum edifact_error_code code, const struct edifact_segment *s,
		unsigned element, struct span value, uint32_t limit)
{
	struct edifact_error e = {.code = code,
				  .segment = r->segments,
				  .element = (uint16_t)element,
				  .line = s->line,
				  .column = 1,
				  .value = value,
				  .limit = limit};

	memcpy(e.tag, s->tag.p, s->tag.n < 3 ? s->tag.n : 3);
	on_error(r, &e);
}

/* ---- texts ---- */

static struct span text_of(struct reader *r, const struct edifact_segment *s,
			   const struct edifact_value *v)
{
	struct span t = {"", 0, s->line};

	if (!v || !v->n)
		return t;
	if (r->printable && !v->released)
		return (struct span){s->p + v->at, v->n, s->line};
	t = edifact_text(r->arena, r->edifact->charset, r->edifact->signs.release,
			 edifact_raw(s, v), v->released);
	must(r, t.p);
	/* Control characters are said to be faults; NUL is what no text of the model may hold. */
	if (memchr(t.p, 0, t.n))
		t = (struct span){"", 0, 0};
	t.line = s->line;
	return t;
}

/* What stands at the components of an item that is spread, one behind the other. */
static struct span spread_of(struct reader *r, const struct edifact_segment *s,
			     const struct edi_item *item, uint32_t from)
{
	struct text t = text_in(r->arena);
	struct span only = {"", 0, s->line};
	uint32_t parts = 0;

	for (uint32_t i = from; i < s->count; i++) {
		const struct edifact_value *v = &s->values[i];
		struct span piece;

		if (v->element != item->element || v->component >= item->to)
			break;
		piece = text_of(r, s, v);
		if (parts == 1)
			text_span(&t, only);
		if (parts++)
			text_span(&t, piece);
		only = piece;
	}
	if (parts < 2)
		return only;
	only = text_as_span(&t);
	only.line = s->line;
	return only;
}

/* ---- what the mapping does not know ---- */

/* "CST[2]/FTX 4.2": the groups around, which one of them, the segment, the place in it. */
static void keep(struct reader *r, const struct edifact_segment *s, const struct edifact_value *v,
		 bool quiet)
{
	struct span value = text_of(r, s, v), path;
	struct decode_line l;

	l.n = 0;
	for (uint32_t i = 1; i < r->levels; i++) {
		const struct edifact_node *g = &r->nodes[r->level[i].group];

		decode_line_add(&l, span_of(r->check.directory->segments[g->segment].tag));
		decode_line_add(&l, SPAN("["));
		decode_line_number(&l, r->check.group_times[i - 1]);
		decode_line_add(&l, SPAN("]/"));
	}
	decode_line_add(&l, s->tag);
	decode_line_add(&l, SPAN(" "));
	decode_line_number(&l, v->element);
	decode_line_add(&l, SPAN("."));
	decode_line_number(&l, v->component + 1u);
	path = decode_line_copy(r->d, &l);
	must(r, path.p && decode_unmapped(r->d, path, value, s->line, quiet));
}

static void keep_all(struct reader *r, const struct edifact_segment *s, bool quiet)
{
	for (uint32_t i = 1; i < s->count; i++)
		if (s->values[i].n)
			keep(r, s, &s->values[i], quiet);
}

/* ---- rows ---- */

static bool matches(const struct reader *r, const struct edi_row *row,
		    const struct edifact_segment *s, bool opens)
{
	const struct edi_item *items = r->map->items + row->item_at;

	if (row->opens && !opens)
		return false;
	for (unsigned i = 0; i < row->items; i++) {
		const struct edifact_value *v;

		if (items[i].kind != EDI_MATCH)
			continue;
		v = edifact_find(s, items[i].element, items[i].component);
		if (!v || v->n != items[i].text_n || memcmp(s->p + v->at, items[i].text, v->n) != 0)
			return false;
	}
	return true;
}

/* The first row of a level that is of the segment's tag; EDI_NO_ROW: none is. */
static uint16_t first_row(struct reader *r, const struct level *l, const struct edifact_segment *s)
{
	const unsigned char *p = (const unsigned char *)s->tag.p;
	uint32_t tag = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;
	struct first *f = &r->first[(tag * 31 + (tag >> 11) + l->row * 7u) % FIRSTS];
	const struct edi_row *rows = r->map->rows;
	uint32_t i = l->row == EDI_NO_ROW ? 0 : l->row + 1u;
	uint32_t end = l->row == EDI_NO_ROW ? r->map->row_n : rows[l->row].end;

	if (f->tag == tag && f->level == l->row)
		return f->row;
	while (i < end && memcmp(rows[i].tag, p, 3) != 0)
		i = rows[i].end;
	*f = (struct first){tag, l->row, i < end ? (uint16_t)i : EDI_NO_ROW};
	return f->row;
}

/* The row of a level that the segment belongs to: the first that fits. EDI_NO_ROW: none. */
static uint16_t find_row(struct reader *r, const struct level *l, const struct edifact_segment *s,
			 bool opens)
{
	const struct edi_row *rows = r->map->rows;
	uint16_t i = first_row(r, l, s);

	while (i != EDI_NO_ROW && !matches(r, &rows[i], s, opens))
		i = rows[i].next;
	return i;
}

/* Has the row, which is no list, stood here before? What goes on in several segments may. */
static bool stands_twice(const struct reader *r, struct level *l, uint16_t row)
{
	const struct edi_row *it = &r->map->rows[row];
	uint32_t at = (row - (l->row == EDI_NO_ROW ? 0u : l->row + 1u)) & 255;
	uint64_t bit = UINT64_C(1) << (at & 63);
	bool before = l->seen[at >> 6] & bit;

	l->seen[at >> 6] |= bit;
	return before && !it->list && !r->map->items[it->item_at + it->items - 1].append;
}

/* One step inward: into a class, or the first member of a list. */
static void step_into(struct reader *r, const struct dict_field *f, uint32_t line)
{
	struct decode_step *here = decode_here(r->d);
	void *at = dict_at(f, here->object);

	if (f->list) {
		struct dict_list *list = at;

		if (!list->n) {
			must(r, decode_enter(r->d, f, line));
			return;
		}
		at = list->v;
	}
	BUG_ON(r->d->depth == DECODE_DEPTH);
	if (!((struct dict_head *)at)->present)
		*(struct dict_head *)at = (struct dict_head){line, true};
	r->d->step[r->d->depth++] = (struct decode_step){.class = f->of, .object = at, .field = f};
}

/* Into the class that a path leads to; its last step is the field that is returned. */
static const struct dict_field *step_to(struct reader *r, const struct edi_path *p, uint32_t line)
{
	const struct dict_field *f = NULL;

	for (uint32_t i = 0; i < p->n; i++) {
		f = &decode_here(r->d)->class->fields[p->step[i]];
		if (i + 1 < p->n)
			step_into(r, f, line);
	}
	return f;
}

/* Decimal commas are as good as points. */
static struct span number_text(struct reader *r, const struct dict_field *f, struct span s)
{
	char *copy;

	if (f->kind != DICT_NUMBER && f->kind != DICT_AMOUNT && f->kind != DICT_QUANTITY)
		return s;
	if (!s.n || !memchr(s.p, ',', s.n))
		return s;
	copy = arena_copy(r->arena, s.p, s.n);
	*strchr(copy, ',') = '.';
	s.p = copy;
	return s;
}

/* One value into the field that a path leads to. list: the row's own list of plain values, for the path "." */
static void put(struct reader *r, const struct edi_item *item, const struct dict_field *list,
		struct span value, struct span qualifier)
{
	uint32_t depth = r->d->depth;
	const struct dict_field *f;
	struct span *before;

	value = span_trim(value);
	if (!value.n)
		return;
	f = item->path.n ? step_to(r, &item->path, value.line) : list;
	BUG_ON(!f); /* mkedimap gives the path "." only to rows of plain values */
	if (item->append && !f->list) {
		before = dict_at(f, decode_here(r->d)->object);
		if (before->n) {
			struct text t = text_in(r->arena);
			uint32_t line = before->line;

			text_span(&t, *before);
			text_span(&t, value);
			value = text_as_span(&t);
			value.line = line;
		}
	}
	if (f->list && decode_full(r->d, f))
		must(r, decode_finding(r->d, FINDING_DECODE_TOO_MANY, f, value.line, decode_name(f),
				       decode_number_text(r->d, f->max)));
	else
		must(r, decode_value(r->d, f, number_text(r, f, value), span_trim(qualifier)));
	r->d->depth = depth;
}

/* The member's number, where it is its position. */
static void put_position(struct reader *r, const struct edi_item *item, uint32_t line)
{
	struct span s = decode_number_text(r->d, decode_here(r->d)->index + 1);

	must(r, s.p);
	s.line = line;
	put(r, item, NULL, s, NO_VALUE);
}

/* The values of a segment into the fields of its row; the others are kept. */
static void fill(struct reader *r, const struct edi_row *row, const struct dict_field *list,
		 const struct edifact_segment *s)
{
	const struct edi_item *items = r->map->items + row->item_at;
	struct span text[EDI_ROW_ITEMS];
	uint32_t v = 1;

	for (unsigned i = 0; i < row->items; i++) {
		const struct edi_item *item = &items[i];
		uint32_t first;

		text[i] = (struct span){"", 0, s->line};
		if (item->kind == EDI_POSITION)
			continue;
		while (v < s->count && (s->values[v].element < item->element ||
					(s->values[v].element == item->element &&
					 s->values[v].component + 1 < item->component))) {
			if (s->values[v].n)
				keep(r, s, &s->values[v], false);
			v++;
		}
		for (first = v; v < s->count && s->values[v].element == item->element &&
				s->values[v].component < item->to && s->values[v].repeat == 0;)
			v++;
		if (v > first && (item->kind == EDI_FIELD || item->kind == EDI_QUALIFIER))
			text[i] = item->to > item->component ? spread_of(r, s, item, first)
							     : text_of(r, s, &s->values[first]);
	}
	for (; v < s->count; v++)
		if (s->values[v].n)
			keep(r, s, &s->values[v], false);
	for (unsigned i = 0; i < row->items; i++) {
		bool paired = items[i].pair != i;

		if (items[i].kind == EDI_FIELD)
			put(r, &items[i], list, text[i], paired ? text[items[i].pair] : NO_VALUE);
		else if (items[i].kind == EDI_POSITION)
			put_position(r, &items[i], s->line);
	}
}

/* The object that a path from the current one leads into, and all on the way present. NULL: a list on the way is empty. */
static void *object_at(const struct reader *r, const struct edi_path *p, uint32_t line)
{
	const struct decode_step *here = &r->d->step[r->d->depth - 1];
	const struct dict_class *c = here->class;
	char *at = here->object;

	for (uint32_t i = 0; i + 1 < p->n; i++) {
		const struct dict_field *f = &c->fields[p->step[i]];
		struct dict_head *head;

		at += f->offset;
		if (f->list) {
			const struct dict_list *list = (const struct dict_list *)(void *)at;

			if (!list->n)
				return NULL;
			at = list->v;
		}
		head = (struct dict_head *)(void *)at;
		if (!head->present)
			*head = (struct dict_head){line, true};
		c = f->of;
	}
	return at;
}

static bool is_trimmed(struct span s)
{
	return s.n && (unsigned char)s.p[0] > ' ' && (unsigned char)s.p[s.n - 1] > ' ';
}

static bool put_plain_number(const struct dict_field *f, struct span value, struct decimal *to)
{
	struct decimal d;

	if (value.n > f->size || decimal_parse(value, &d) || d.scale > f->scale)
		return false;
	*to = d;
	return true;
}

/* A value that is plainly right. false: put() says what is wrong with it, or does what is seldom. */
static bool put_plain(struct reader *r, const struct edi_item *item, const struct dict_field *f,
		      struct span value, struct span qualifier)
{
	void *at;

	if (!f || !is_trimmed(value) || value.n > f->size ||
	    (qualifier.n && !is_trimmed(qualifier)))
		return false;
	at = object_at(r, &item->path, value.line);
	if (!at)
		return false;
	at = dict_at(f, at);
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)at = value;
		return true;
	case DICT_NUMBER:
		return put_plain_number(f, value, at);
	case DICT_AMOUNT:
		if (qualifier.n > 3 || !put_plain_number(f, value, &((struct amount *)at)->value))
			return false;
		((struct amount *)at)->currency = qualifier;
		return true;
	case DICT_QUANTITY:
		if (qualifier.n > 12 ||
		    !put_plain_number(f, value, &((struct quantity *)at)->value))
			return false;
		((struct quantity *)at)->unit = qualifier;
		return true;
	case DICT_DATETIME:
	case DICT_CLASS:
		break;
	}
	return false;
}

/* The same as fill(), of a segment of which is known what goes where. */
static void fill_as(struct reader *r, const struct edi_fill *known, const struct edi_row *row,
		    const struct dict_field *list, const struct edifact_segment *s)
{
	const struct edi_item *items = r->map->items + row->item_at;

	for (uint32_t i = 0; i < known->n; i++) {
		const struct edi_put *p = &known->put[i];
		const struct edi_item *item = &items[p->item];
		struct span value, qualifier = NO_VALUE;

		if (item->kind == EDI_POSITION) {
			put_position(r, item, s->line);
			continue;
		}
		value = p->spread ? spread_of(r, s, item, p->value)
				  : text_of(r, s, &s->values[p->value]);
		if (p->qualifier != EDI_NO_VALUE)
			qualifier = text_of(r, s, &s->values[p->qualifier]);
		if (!put_plain(r, item, p->leaf, value, qualifier))
			put(r, item, list, value, qualifier);
	}
}

/* Enters the class of a row, below the level's. false: a list is full, said. *ret_list: the row's list of plain values. */
static bool enter_row(struct reader *r, const struct edi_row *row, uint32_t line,
		      const struct dict_field **ret_list)
{
	const struct dict_field *f;

	*ret_list = NULL;
	if (!row->path.n)
		return true;
	f = step_to(r, &row->path, line);
	if (!row->list) {
		step_into(r, f, line);
		return true;
	}
	if (decode_full(r->d, f)) {
		must(r, decode_finding(r->d, FINDING_DECODE_TOO_MANY, f, line, decode_name(f),
				       decode_number_text(r->d, f->max)));
		return false;
	}
	if (f->kind != DICT_CLASS) {
		*ret_list = f;
		return true;
	}
	/* The list's first member stands elsewhere: where it does not, this is the second one all the same. */
	must(r, decode_enter(r->d, f, line));
	return true;
}

/* What is known of segments like this one in a level; NULL: nothing. Behind it, row has the one that it belongs to. */
static struct edi_fill *recall(struct reader *r, const struct level *l,
			       const struct edifact_segment *s, bool opens,
			       const struct edi_site **ret_site)
{
	struct edi_where w = {r->map, edifact_tag_key(s->tag), l->row, opens};

	*ret_site = NULL;
	if (!r->learned || !s->shape || !r->printable || !w.tag)
		return NULL;
	*ret_site = edi_site(r->learned, &w, s);
	if (!*ret_site)
		*ret_site = edi_site_learn(r->learned, &w, first_row(r, l, s), s);
	return edi_fill(r->learned, *ret_site, s);
}

/* The values of a segment, in the class of its row. */
static void take_values(struct reader *r, struct edi_fill *known, const struct edi_site *site,
			uint16_t row, const struct dict_field *list,
			const struct edifact_segment *s)
{
	if (known && !known->stamp)
		edi_fill_learn(known, site, row, list ? NULL : decode_here(r->d)->class, s);
	if (known && known->complete)
		fill_as(r, known, &r->map->rows[row], list, s);
	else
		fill(r, &r->map->rows[row], list, s);
}

/* A segment at its node of the message. */
static void take(struct reader *r, uint16_t node, const struct edifact_segment *s)
{
	uint16_t parent = r->nodes[node].parent, row = EDI_NO_ROW;
	bool opens = parent != EDIFACT_TOP && node == parent + 1, twice = false, entered;
	uint16_t around = opens ? r->nodes[parent].parent : parent;
	const struct dict_field *list = NULL;
	const struct edi_site *site = NULL;
	struct edi_fill *known = NULL;
	struct level *l;

	while (r->level[r->levels - 1].group != around)
		r->levels--;
	l = &r->level[r->levels - 1];
	r->d->depth = l->depth;
	if (l->known) {
		known = recall(r, l, s, opens, &site);
		row = known && known->stamp ? known->row : find_row(r, l, s, opens);
		twice = row != EDI_NO_ROW && stands_twice(r, l, row);
	}
	if (opens)
		r->level[r->levels++] = (struct level){.group = parent,
						       .depth = l->depth,
						       .row = row,
						       .known = row != EDI_NO_ROW && !twice};
	if (twice)
		must(r,
		     decode_finding(r->d, FINDING_DECODE_TWICE, NULL, s->line, s->tag, NO_VALUE));
	entered = row != EDI_NO_ROW && !twice && enter_row(r, &r->map->rows[row], s->line, &list);
	if (opens) {
		r->level[r->levels - 1].known &= entered;
		r->level[r->levels - 1].depth = r->d->depth;
	}
	if (entered)
		take_values(r, known, site, row, list, s);
	else
		keep_all(r, s, twice);
}

/* ---- the envelope ---- */

static void check_service(struct reader *r, const struct edifact_segment *s)
{
	const struct edifact_directory *d = edifact_service();
	int t = edifact_segment_find(d, s->tag);
	struct edifact_check c = {.charset = r->edifact->charset,
				  .signs = r->edifact->signs,
				  .version = r->edifact->version,
				  .error = on_error,
				  .context = r};

	if (t >= 0)
		edifact_check_values(&c, d, &d->segments[t], s);
}

const struct edifact_directory *edi_directory_for(const struct edifact_set *more,
						  struct span version, struct span association,
						  bool *ret_near)
{
	uint32_t n;
	const struct edifact_directory *const *all = edifact_builtins(&n);
	const struct edifact_directory *best = edifact_directory_find(more, version, association);
	int best_order = 0, wanted;

	*ret_near = false;
	if (best)
		return best;
	if (version.n != 3 || version.p[0] < '0' || version.p[0] > '9' || version.p[1] < '0' ||
	    version.p[1] > '9')
		return NULL;
	*ret_near = true;
	/* 93A to 99B lie in the last century. */
	wanted = ((version.p[0] - '0') * 10 + version.p[1] - '0' + 10) % 100 * 256 +
		 (uint8_t)version.p[2];
	for (uint32_t i = 0; i < n; i++) {
		const char *v = all[i]->version;
		int order = ((v[0] - '0') * 10 + v[1] - '0' + 10) % 100 * 256 + (uint8_t)v[2];
		bool later = order >= wanted, best_later = best_order >= wanted;

		if (!best || (later && (!best_later || order < best_order)) ||
		    (!later && !best_later && order > best_order)) {
			best = all[i];
			best_order = order;
		}
	}
	return best;
}

static enum err begin_message(struct reader *r, const struct edifact_segment *s,
			      struct codec_fault *ret_fault)
{
	struct span type = text_of(r, s, edifact_find(s, 2, 1));
	struct span version = text_of(r, s, edifact_find(s, 2, 3));
	struct span association = text_of(r, s, edifact_find(s, 2, 5));
	const struct edifact_directory *d;
	const struct edifact_message *m;
	bool near = false;

	ret_fault->line = s->line;
	if (r->done) {
		ret_fault->text = "a second message: an interchange is cut into its messages first";
		return ERR_UNSUPPORTED;
	}
	if (r->map && !span_is(type, r->map->message)) {
		ret_fault->text = arena_print(r->arena, "the message is %.*s, not %s",
					      SPAN_ARG(decode_excerpt(type)), r->map->message);
		return ERR_UNSUPPORTED;
	}
	d = span_is(type, "CONTRL")
		? edifact_service()
		: edi_directory_for(r->directories, version, association, &near);
	m = d ? edifact_message_find(d, type) : NULL;
	if (!m) {
		ret_fault->text = !type.n ? "UNH names no type of message"
				  : d ? arena_print(r->arena, "directory D.%s has no message %.*s",
						    d->version, SPAN_ARG(decode_excerpt(type)))
				      : arena_print(r->arena, "no directory D.%.*s is known",
						    SPAN_ARG(decode_excerpt(version)));
		return ERR_UNSUPPORTED;
	}
	r->heading.type = span_of(m->name);
	r->heading.directory = d;
	if (r->d->directory)
		*r->d->directory = span_of(d->sha256);
	edifact_check_open(&r->check, d, m, r->edifact, on_error, r);
	r->check.shapes = r->learned ? &r->learned->shapes : NULL;
	r->nodes = d->nodes + m->node_at;
	r->inside = true;
	r->segments = 0;
	if (r->map)
		decode_enter_root(r->d, s->line);
	r->level[0] = (struct level){EDIFACT_TOP, EDI_NO_ROW, true, r->d->depth, {0}};
	r->levels = 1;
	r->reference = text_of(r, s, edifact_find(s, 1, 1));
	r->reference = decode_copy(r->d, r->reference);
	must(r, r->reference.p);
	if (near)
		must(r, finding_try(r->d->findings, FINDING_EDIFACT_DIRECTORY_NEAR,
				    (struct span){"", 0, 0}, s->line,
				    decode_excerpt(decode_copy(r->d, version)), span_of(d->version),
				    NO_VALUE));
	return ERR_NONE;
}

/* A count in a trailer against what was counted, and its reference against that of the header. */
static void check_trailer(struct reader *r, const struct edifact_segment *s, uint32_t counted,
			  struct span reference)
{
	struct span count = text_of(r, s, edifact_find(s, 1, 1));
	struct span again = text_of(r, s, edifact_find(s, 2, 1));
	uint64_t value = 0;

	for (uint32_t i = 0; i < count.n; i++)
		value = count.p[i] >= '0' && count.p[i] <= '9' && value < UINT32_MAX
			    ? 10 * value + (uint64_t)(count.p[i] - '0')
			    : UINT32_MAX;
	if (count.n && value != counted)
		say(r, EDIFACT_COUNT_DIFFERS, s, 1, count, counted);
	if (again.n && !span_equal(again, reference))
		say(r, EDIFACT_REFERENCE_DIFFERS, s, 2, again, 0);
}

static void end_message(struct reader *r, const struct edifact_segment *s)
{
	check_trailer(r, s, r->segments, r->reference);
	edifact_check_close(&r->check);
	r->inside = false;
	r->done = true;
}

/* What UNB says of the interchange. */
static void read_names(struct reader *r, const struct edifact_segment *s)
{
	r->interchange = decode_copy(r->d, text_of(r, s, edifact_find(s, 5, 1)));
	must(r, r->interchange.p);
	if (r->map)
		return;
	r->heading.sender = decode_copy(r->d, text_of(r, s, edifact_find(s, 2, 1)));
	r->heading.recipient = decode_copy(r->d, text_of(r, s, edifact_find(s, 3, 1)));
	must(r, r->heading.sender.p && r->heading.recipient.p);
}

static enum err take_segment(struct reader *r, const struct edifact_segment *s,
			     struct codec_fault *ret_fault)
{
	uint16_t node;
	enum err e;

	r->printable = false;
	if (!r->shifts && edifact_shifts(r->edifact, s)) {
		r->shifts = true;
		say(r, EDIFACT_CHARSET_UNKNOWN, s, 0, SPAN("UNOX"), 0);
	}
	if (!r->inside && span_is(s->tag, "UNH")) {
		e = begin_message(r, s, ret_fault);
		if (e)
			return e;
	}
	if (r->inside) {
		r->segments++;
		node = edifact_check_segment(&r->check, s);
		r->printable = r->check.printable;
		if (span_is(s->tag, "UNT"))
			end_message(r, s);
		else if (!r->map)
			return ERR_NONE;
		else if (node == EDIFACT_TOP)
			keep_all(r, s, true);
		else if (!span_is(s->tag, "UNH") && !span_is(s->tag, "UNS"))
			take(r, node, s);
		return ERR_NONE;
	}
	r->segments = 0;
	check_service(r, s);
	if (span_is(s->tag, "UNB")) {
		read_names(r, s);
		if (r->edifact->charset == EDIFACT_CHARSETS)
			say(r, EDIFACT_CHARSET_UNKNOWN, s, 1, text_of(r, s, edifact_find(s, 1, 1)),
			    0);
		else if (!r->edifact->version || r->edifact->version > 4)
			say(r, EDIFACT_VERSION_UNKNOWN, s, 1, text_of(r, s, edifact_find(s, 1, 2)),
			    0);
	} else if (span_is(s->tag, "UNZ")) {
		check_trailer(r, s, 1, r->interchange);
		r->ended = true;
	} else if (!span_is(s->tag, "UNG") && !span_is(s->tag, "UNE")) {
		say(r, EDIFACT_STRAY, s, 0, s->tag, 0);
	}
	return ERR_NONE;
}

static enum err read_all(struct reader *r, struct span bytes, struct codec_fault *ret_fault)
{
	struct edifact *edifact = r->edifact;
	struct edifact_segment s;
	enum err e;

	edifact_over(edifact, bytes.p, bytes.n);
	while ((e = edifact_next(edifact, &s)) == ERR_NONE) {
		e = take_segment(r, &s, ret_fault);
		if (e)
			return e;
	}
	if (e != ERR_NOT_FOUND) {
		*ret_fault =
		    (struct codec_fault){edifact->line, 1, edifact_fault_text(edifact->fault)};
		return e;
	}
	if (!r->inside && !r->done) {
		*ret_fault = (struct codec_fault){edifact->line, 1, "no message: no UNH"};
		return ERR_UNSUPPORTED;
	}
	if (r->inside)
		edifact_check_close(&r->check);
	return ERR_NONE;
}

enum err edi_read(struct decoder *d, const struct edi_map *map, struct span bytes,
		  struct codec_fault *ret_fault)
{
	/* On the stack: its 80 kB are of use only while the message is read, and an arena is kept with what came of it. */
	struct edifact edifact;
	struct reader r = {.arena = d->arena,
			   .d = d,
			   .map = map,
			   .edifact = &edifact,
			   .learned = d->learned,
			   .directories = d->directories};
	enum err e = read_all(&r, bytes, ret_fault);

	if (!e)
		must(&r, decode_finish(d));
	return e;
}

enum err edi_check(struct arena *a, struct span bytes, const struct edifact_set *directories,
		   struct msg_heading *ret, struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = {.arena = a, .findings = f};
	struct edifact edifact; /* as above */
	struct reader r = {.arena = a, .d = &d, .edifact = &edifact, .directories = directories};
	enum err e = read_all(&r, bytes, ret_fault);

	if (e)
		return e;
	*ret = r.heading;
	ret->reference = r.reference;
	ret->interchange = r.interchange;
	return ERR_NONE;
}
