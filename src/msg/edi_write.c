/* A message of EDIFACT, written: the directory's table of the message is walked, and at each segment the rows of the mapping say
 * what stands there. */
#include "msg/edi.h"

struct writer {
	struct arena *arena;
	const struct edi_out *out;
	struct edifact_writer w;
	const struct edifact_node *nodes;
	uint32_t sections; /* UNS written */
};

/* What a row stands for. */
struct subject {
	const struct dict_class *class; /* NULL: a plain value */
	const void *object;
	const struct dict_field *plain;
	uint32_t index;
};

/* Along a path from a class: the value there, or NULL when a class on the way is not given. */
static const void *follow(struct subject s, const struct edi_path *p,
			  const struct dict_field **ret_field)
{
	const void *at = s.object;
	const struct dict_class *c = s.class;

	*ret_field = s.plain;
	for (uint32_t i = 0; i < p->n; i++) {
		const struct dict_field *f = &c->fields[p->step[i]];

		at = dict_at(f, at);
		*ret_field = f;
		if (i + 1 == p->n)
			break;
		if (f->list) {
			const struct dict_list *list = at;

			if (!list->n)
				return NULL;
			at = list->v;
		}
		if (!((const struct dict_head *)at)->present)
			return NULL;
		c = f->of;
	}
	return at;
}

static struct span number_text(struct arena *a, struct decimal d)
{
	struct text t = text_in(a);

	if (d.set)
		decimal_write(&t, d);
	return text_as_span(&t);
}

/* A value as a message holds it: without its qualifier, or the qualifier alone. */
static struct span value_text(struct arena *a, const struct dict_field *f, const void *value,
			      bool qualifier)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return *(const struct span *)value;
	case DICT_NUMBER:
		return number_text(a, *(const struct decimal *)value);
	case DICT_AMOUNT:
		return qualifier ? ((const struct amount *)value)->currency
				 : number_text(a, ((const struct amount *)value)->value);
	case DICT_QUANTITY:
		return qualifier ? ((const struct quantity *)value)->unit
				 : number_text(a, ((const struct quantity *)value)->value);
	case DICT_DATETIME:
		return qualifier ? ((const struct datetime *)value)->format
				 : ((const struct datetime *)value)->text;
	case DICT_CLASS:
		break;
	}
	return (struct span){"", 0, 0};
}

/* ---- what a directory allows ---- */

static const struct edifact_element *element_of(const struct writer *w,
						const struct edifact_slot *s, unsigned component)
{
	const struct edifact_directory *d = w->out->directory;

	if (!s || component == 0 || component > s->parts)
		return NULL;
	return &d->elements[d->parts[s->part_at + component - 1].element];
}

static uint32_t characters(struct span s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++)
		n += ((uint8_t)s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool number_fits(struct span s, const struct edifact_element *e)
{
	uint32_t digits = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';

		if (!digit && s.p[i] != '.' && !(s.p[i] == '-' && i == 0))
			return false;
		digits += digit;
	}
	return digits >= e->min && digits <= e->max;
}

/* May the text stand in the element? own_list: a list of the sender's own stands beside it. */
static bool fits(const struct writer *w, struct span s, const struct edifact_element *e,
		 bool own_list)
{
	uint32_t n;

	if (!e)
		return false;
	if (e->kind == EDIFACT_N)
		return number_fits(s, e);
	n = s.n > e->max || e->min > 1 ? characters(s) : s.n;
	if (n > e->max || n < e->min)
		return false;
	for (uint32_t i = 0; i < s.n && e->kind == EDIFACT_A; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return false;
	return own_list || edifact_code_known(w->out->directory, e, s);
}

/* The beginning of a text that has at most so many characters. */
static uint32_t first_bytes(struct span s, uint32_t most)
{
	uint32_t i = 0, n = 0;

	for (; i < s.n; i++) {
		if (((uint8_t)s.p[i] & 0xc0) != 0x80 && n++ == most)
			break;
	}
	return i;
}

/* ---- segments ---- */

/* A segment under way: the text of each item of its row, and what is left of a text that goes on in the next segment. */
struct line {
	const struct edi_row *row;
	const struct edi_item *items;
	const struct edifact_segment_table *table;
	struct span text[EDI_ROW_ITEMS];
	uint32_t given; /* fields that say something */
};

static const struct edifact_slot *slot_of(const struct writer *w, const struct line *l,
					  unsigned element)
{
	unsigned repeat;

	return edifact_slot_of(w->out->directory, l->table, w->out->charset == EDIFACT_UNOY ? 4 : 3,
			       element, &repeat);
}

/* Does the row write a list of its own beside this element? */
static bool names_list(const struct line *l, unsigned element)
{
	for (unsigned i = 0; i < l->row->items; i++)
		if (l->items[i].kind == EDI_CONSTANT && l->items[i].element == element)
			return true;
	return false;
}

static void collect(struct writer *w, struct line *l, struct subject s)
{
	for (unsigned i = 0; i < l->row->items; i++) {
		const struct edi_item *item = &l->items[i];
		const struct edifact_element *e;
		const struct dict_field *f;
		const void *value;

		l->text[i] = (struct span){"", 0, 0};
		if (item->kind != EDI_FIELD && item->kind != EDI_QUALIFIER)
			continue;
		value = follow(s, &item->path, &f);
		if (value && f->list) /* a list of plain values, in part: rows of its own have it */
			continue;
		if (!value || !dict_says(f, value))
			continue;
		l->text[i] = value_text(w->arena, f, value, item->kind == EDI_QUALIFIER);
		if (!l->text[i].n && item->text)
			l->text[i] = span_of(item->text);
		e = element_of(w, slot_of(w, l, item->element), item->component);
		if (item->to == item->component && l->text[i].n &&
		    !fits(w, l->text[i], e, names_list(l, item->element)))
			l->text[i].n = 0;
	}
}

/* What a spread text has room for: all of it, or what its segments hold one after the other. */
static uint32_t room_of(const struct writer *w, const struct line *l, const struct edi_item *item)
{
	const struct edifact_slot *slot = slot_of(w, l, item->element);
	uint32_t n = 0;

	for (unsigned c = item->component; c <= item->to; c++) {
		const struct edifact_element *e = element_of(w, slot, c);

		n += e ? e->max : 0;
	}
	return n;
}

/* Takes out what cannot stand: a field whose qualifier does not fit, a composite without a mandatory component, a text too
 * long. */
static void settle(const struct writer *w, struct line *l)
{
	for (unsigned i = 0; i < l->row->items; i++) {
		const struct edi_item *item = &l->items[i];

		if (item->kind == EDI_QUALIFIER && !l->text[item->pair].n)
			l->text[i].n = 0;
		if (item->to > item->component && !item->append &&
		    characters(l->text[i]) > room_of(w, l, item))
			l->text[i].n = 0;
	}
	for (unsigned e = 1; e <= EDIFACT_SLOTS; e++) {
		const struct edifact_slot *slot = slot_of(w, l, e);
		uint64_t has = 0;

		if (!slot)
			break;
		for (unsigned i = 0; i < l->row->items; i++)
			if (l->items[i].element == e &&
			    (l->text[i].n || l->items[i].kind == EDI_MATCH))
				has |= UINT64_C(1) << (l->items[i].component - 1);
		for (unsigned c = 0; has && c < slot->parts; c++) {
			if (!w->out->directory->parts[slot->part_at + c].mandatory || has >> c & 1)
				continue;
			for (unsigned i = 0; i < l->row->items; i++)
				if (l->items[i].element == e)
					l->text[i].n = 0;
		}
	}
	l->given = 0;
	for (unsigned i = 0; i < l->row->items; i++)
		l->given += l->items[i].kind == EDI_FIELD && l->text[i].n;
}

/* Is a mandatory element of the segment missing? */
static bool lacks(const struct writer *w, const struct line *l)
{
	for (unsigned e = 1; e <= l->table->slots; e++) {
		const struct edifact_slot *slot = slot_of(w, l, e);
		bool has = !slot || !slot->mandatory;

		for (unsigned i = 0; i < l->row->items && !has; i++)
			has = l->items[i].element == e &&
			      (l->text[i].n || l->items[i].kind == EDI_MATCH ||
			       (l->items[i].kind == EDI_CONSTANT && l->items[i].component == 1));
		if (!has)
			return true;
	}
	return false;
}

/* Does any field of the element say something? */
static bool says(const struct line *l, unsigned element)
{
	for (unsigned i = 0; i < l->row->items; i++)
		if (l->items[i].element == element && l->text[i].n)
			return true;
	return false;
}

/* Components up to this one, empty ones between. */
static void reach(struct writer *w, unsigned *element, unsigned *component, unsigned to_element,
		  unsigned to_component)
{
	for (; *element < to_element; ++*element) {
		edifact_element_end(&w->w);
		*component = 1;
	}
	for (; *component < to_component; ++*component)
		edifact_component(&w->w, (struct span){"", 0, 0});
}

/* Takes the next component's worth off a text that is spread. */
static struct span take_part(const struct writer *w, const struct line *l,
			     const struct edi_item *item, unsigned component, struct span *rest)
{
	const struct edifact_element *e = element_of(w, slot_of(w, l, item->element), component);
	struct span part = *rest;

	part.n = e ? first_bytes(part, e->max) : 0;
	rest->p += part.n;
	rest->n -= part.n;
	return part;
}

/* Writes the segment. false: a text that goes on has more for another one. */
static bool put_line(struct writer *w, struct line *l)
{
	unsigned element = 1, component = 1;
	bool done = true;

	edifact_open_segment(&w->w, l->row->tag);
	for (unsigned i = 0; i < l->row->items; i++) {
		const struct edi_item *item = &l->items[i];

		if (item->kind == EDI_POSITION)
			continue;
		reach(w, &element, &component, item->element, item->component);
		if (item->kind == EDI_MATCH ||
		    (item->kind == EDI_CONSTANT &&
		     (says(l, item->element) || (item->component == 1 && item->element == 1)))) {
			edifact_component(&w->w, span_of(item->text));
			component++;
			continue;
		}
		if (item->kind == EDI_CONSTANT)
			continue;
		if (item->to == item->component) {
			edifact_component(&w->w, l->text[i]);
			component++;
			continue;
		}
		for (unsigned c = item->component; c <= item->to; c++, component++)
			edifact_component(&w->w, take_part(w, l, item, c, &l->text[i]));
		done &= !l->text[i].n;
	}
	edifact_close_segment(&w->w);
	return done;
}

/* ---- rows ---- */

static uint32_t write_level(struct writer *w, uint32_t from, uint32_t to, uint32_t row_from,
			    uint32_t row_to, struct subject s);

/* The segments of one row for its subject, and what stands in the group that it opens. *times: how often the node was used. Gives
 * how many values were written. */
static uint32_t write_row(struct writer *w, uint16_t node, const struct edi_row *row,
			  struct subject s, uint32_t *times)
{
	const struct edifact_node *n = &w->nodes[node];
	struct line l = {.row = row,
			 .items = w->out->map->items + row->item_at,
			 .table = &w->out->directory->segments[n->segment]};
	size_t before = w->w.to->n;
	uint32_t segments = w->w.segments, lost = w->w.lost, first = *times, written;
	uint16_t own = (uint16_t)(row - w->out->map->rows);
	bool must = n->mandatory && n->parent == EDIFACT_TOP && !n->group;

	if (*times >= n->max)
		return 0;
	collect(w, &l, s);
	settle(w, &l);
	written = l.given;
	if (lacks(w, &l) || (!written && !must && !n->group))
		return 0;
	for (++*times; !put_line(w, &l) && *times < n->max; ++*times)
		;
	if (n->group)
		written += write_level(w, node + 2u, n->end, own + 1u, row->end, s);
	if (!written && !must) {
		w->w.to->n = before;
		w->w.segments = segments;
		w->w.lost = lost;
		*times = first;
	}
	return written;
}

/* A row for each of its subjects. */
static uint32_t write_rows(struct writer *w, uint16_t node, const struct edi_row *row,
			   struct subject s, uint32_t *times)
{
	const struct dict_field *f;
	const void *at = follow(s, &row->path, &f);
	const struct dict_list *list = at;
	uint32_t written = 0;

	if (!at)
		return 0;
	if (!row->path.n)
		return write_row(w, node, row, s, times);
	if (!row->list) {
		if (!((const struct dict_head *)at)->present)
			return 0;
		return write_row(w, node, row, (struct subject){f->of, at, NULL, 0}, times);
	}
	for (uint32_t i = row->first; i < list->n; i++) {
		struct dict_field plain = *f;
		struct subject member = {f->of, (const char *)list->v + i * dict_value_size(f),
					 NULL, i};

		plain.list = false;
		if (!f->of)
			member.plain = &plain;
		written += write_row(w, node, row, member, times);
	}
	return written;
}

static void write_section(struct writer *w)
{
	edifact_open_segment(&w->w, "UNS");
	edifact_element(&w->w, w->sections++ ? SPAN("S") : SPAN("D"));
	edifact_close_segment(&w->w);
}

/* The nodes from..to with the rows row_from..row_to for one subject. */
static uint32_t write_level(struct writer *w, uint32_t from, uint32_t to, uint32_t row_from,
			    uint32_t row_to, struct subject s)
{
	const struct edi_row *rows = w->out->map->rows;
	uint32_t written = 0;

	for (uint32_t i = from; i < to; i = w->nodes[i].end) {
		const char *tag = w->out->directory->segments[w->nodes[i].segment].tag;
		uint32_t times = 0;

		if (strcmp(tag, "UNS") == 0 && w->nodes[i].mandatory)
			write_section(w);
		for (uint32_t k = row_from; k < row_to; k = rows[k].end)
			if (!rows[k].read_only && memcmp(rows[k].tag, tag, 3) == 0 &&
			    (!rows[k].opens || w->nodes[i].group))
				written += write_rows(w, (uint16_t)i, &rows[k], s, &times);
	}
	return written;
}

/* ---- the envelope ---- */

/* The smallest charset that carries every text: ISO 8859-1, or all. */
struct looking {
	bool latin;
};

static bool look(void *context, const struct dict_field *f, const void *value, const void *parent)
{
	struct looking *l = context;

	(void)parent;
	if (f->kind == DICT_TEXT || f->kind == DICT_CODE || f->kind == DICT_ID)
		l->latin &= edifact_carries(EDIFACT_UNOC, *(const struct span *)value);
	return l->latin;
}

static enum edifact_charset charset_for(const struct edi_out *o)
{
	struct looking l = {true};

	if (o->charset != EDIFACT_CHARSETS)
		return o->charset;
	dict_visit(o->root, o->object, look, &l);
	return l.latin ? EDIFACT_UNOC : EDIFACT_UNOY;
}

static struct span number(struct arena *a, uint32_t n)
{
	return span_of(arena_print(a, "%u", n));
}

static void open_interchange(struct edifact_writer *e, struct span reference)
{
	bool four = e->charset == EDIFACT_UNOY;

	if (four)
		edifact_write_una(e);
	edifact_open_segment(e, "UNB");
	edifact_component(e, span_of(edifact_charset_id(e->charset)));
	edifact_element(e, four ? SPAN("4") : SPAN("3"));
	edifact_element(e, SPAN("CUSTOMHOUSE"));
	edifact_element(e, SPAN("CUSTOMHOUSE"));
	/* No clock is read here: the message's own dates say when. */
	edifact_component(e, four ? SPAN("19700101") : SPAN("700101"));
	edifact_element(e, SPAN("0000"));
	edifact_element(e, reference);
	edifact_close_segment(e);
}

static void close_interchange(struct edifact_writer *e, struct span reference, uint32_t messages)
{
	edifact_open_segment(e, "UNZ");
	edifact_element(e, number(e->to->arena, messages));
	edifact_element(e, reference);
	edifact_close_segment(e);
}

static void open_message(struct writer *w, uint32_t place)
{
	struct edifact_writer *e = &w->w;
	const struct edi_out *o = w->out;

	e->segments = 0;
	edifact_open_segment(e, "UNH");
	edifact_element(e, number(w->arena, place));
	edifact_component(e, span_of(o->map->message));
	edifact_component(e, SPAN("D"));
	edifact_component(e, span_of(o->directory->version));
	edifact_component(e, SPAN("UN"));
	edifact_element_end(e);
	edifact_close_segment(e);
}

static void close_message(struct writer *w, uint32_t place)
{
	struct edifact_writer *e = &w->w;

	edifact_open_segment(e, "UNT");
	edifact_element(e, number(w->arena, e->segments + 1));
	edifact_element(e, number(w->arena, place));
	edifact_close_segment(e);
}

static struct edifact_writer writer_to(struct text *to, enum edifact_charset c)
{
	struct edifact_writer e = edifact_to(to, c, c == EDIFACT_UNOY ? 4 : 3);

	e.lines = true;
	return e;
}

/* A reference of at most 14 characters, none of which a charset or a sign could touch. */
static struct span plain_reference(struct arena *a, struct span s)
{
	char p[14];
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n && n < sizeof(p); i++)
		if ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
			p[n++] = s.p[i];
	return n ? (struct span){arena_copy(a, p, n), n, 0} : SPAN("1");
}

/* From UNH to UNT. */
static void write_message(struct text *to, const struct edi_out *o, uint32_t place)
{
	const struct edifact_message *m =
	    edifact_message_find(o->directory, span_of(o->map->message));
	struct writer w = {.arena = to->arena, .out = o, .nodes = o->directory->nodes + m->node_at};

	w.w = writer_to(to, o->charset);
	open_message(&w, place);
	/* UNH is written, and UNT comes behind. */
	write_level(&w, 1, m->nodes - 1u, 0, o->map->row_n,
		    (struct subject){o->root, o->object, NULL, 0});
	close_message(&w, place);
}

void edi_write(struct text *to, const struct edi_out *o)
{
	struct edi_out out = *o;
	struct span reference = plain_reference(to->arena, o->reference);
	struct edifact_writer e;

	out.charset = charset_for(o);
	e = writer_to(to, out.charset);
	open_interchange(&e, reference);
	write_message(to, &out, 1);
	close_interchange(&e, reference, 1);
}

static void end_interchange(struct text *to, struct msg_bulk *b)
{
	struct edifact_writer e = writer_to(to, (enum edifact_charset)b->charset);

	if (b->messages)
		close_interchange(&e, span_of(b->reference), b->messages);
	b->messages = 0;
}

void edi_write_cargo(struct text *to, const struct edi_map *map, const struct cargo_message *m)
{
	const struct edi_out out = {.map = map,
				    .directory = edifact_builtin(SPAN("21B")),
				    .charset = EDIFACT_CHARSETS,
				    .root = &dict_cargo_report,
				    .object = &m->report,
				    .reference = m->report.reference};

	edi_write(to, &out);
}

void edi_write_bulk(struct text *to, struct msg_bulk *b, const struct edi_out *o)
{
	struct edi_out out;

	if (!o) {
		end_interchange(to, b);
		return;
	}
	out = *o;
	out.charset = b->charset_id.n ? edifact_charset_by_id(b->charset_id) : charset_for(o);
	/* What is in all of UTF-8 could not stand among messages of ISO 8859-1. */
	if (b->messages == b->most || (b->messages && out.charset != b->charset))
		end_interchange(to, b);
	if (!b->messages) {
		struct span reference = plain_reference(to->arena, o->reference);
		struct edifact_writer e = writer_to(to, out.charset);

		b->charset = out.charset;
		memset(b->reference, 0, sizeof(b->reference));
		memcpy(b->reference, reference.p, reference.n);
		open_interchange(&e, reference);
	}
	write_message(to, &out, ++b->messages);
}
