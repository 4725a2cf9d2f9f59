/* Directories beside those that are built in: one as text again, and one that is another with some of its facts replaced. */
#include <stdlib.h>

#include "codec/edifact_tables.h"

/* ---- as text ---- */

static void put_marks(struct text *to, bool mandatory, uint32_t repeat)
{
	if (mandatory)
		text_char(to, '!');
	if (repeat != 1)
		text_print(to, "*%u", repeat);
}

static void write_elements(struct text *to, const struct edifact_directory *d)
{
	static const char *const kinds[] = {
	    [EDIFACT_A] = "a", [EDIFACT_N] = "n", [EDIFACT_AN] = "an"};

	for (uint32_t i = 0; i < d->element_n; i++) {
		const struct edifact_element *e = &d->elements[i];

		text_print(to, "element %04u %s", e->number, kinds[e->kind]);
		if (e->min == e->max)
			text_print(to, "%u", e->max);
		else if (e->min == 1)
			text_print(to, "..%u", e->max);
		else
			text_print(to, "%u..%u", e->min, e->max);
		for (uint32_t k = 0; k < e->codes; k++) {
			uint64_t key = d->codes[e->code_at + k];

			text_char(to, ' ');
			for (unsigned shift = 64; shift && key << (64 - shift); shift -= 8)
				text_char(to, (char)(key >> (shift - 8)));
		}
		text_char(to, '\n');
	}
}

static void write_composite(struct text *to, const struct edifact_directory *d,
			    const struct edifact_slot *s)
{
	text_print(to, "composite %c%03u", s->class, s->number);
	for (uint32_t k = 0; k < s->parts; k++) {
		const struct edifact_part *p = &d->parts[s->part_at + k];

		text_print(to, " %04u", d->elements[p->element].number);
		put_marks(to, p->mandatory, 1);
	}
	text_char(to, '\n');
}

/* Each composite once: the slots that name it share its parts. */
static void write_composites(struct text *to, const struct edifact_directory *d)
{
	for (uint32_t i = 0; i < d->slot_n; i++) {
		bool first = d->slots[i].class;

		for (uint32_t k = 0; k < i && first; k++)
			first = d->slots[k].class != d->slots[i].class ||
				d->slots[k].number != d->slots[i].number;
		if (first)
			write_composite(to, d, &d->slots[i]);
	}
}

static void write_segments(struct text *to, const struct edifact_directory *d)
{
	for (uint32_t i = 0; i < d->segment_n; i++) {
		const struct edifact_segment_table *t = &d->segments[i];

		text_print(to, "segment %.3s", t->tag);
		for (uint32_t k = 0; k < t->slots; k++) {
			const struct edifact_slot *s = &d->slots[t->slot_at + k];

			if (s->class)
				text_print(to, " %c%03u", s->class, s->number);
			else
				text_print(to, " %04u", s->number);
			put_marks(to, s->mandatory, s->repeat);
		}
		text_char(to, '\n');
	}
}

static void write_message(struct text *to, const struct edifact_directory *d,
			  const struct edifact_message *m)
{
	const struct edifact_node *nodes = d->nodes + m->node_at;

	text_print(to, "message %s", m->name);
	for (uint32_t i = 0; i < m->nodes; i++) {
		const struct edifact_node *n = &nodes[i];
		uint32_t behind = i + 1;

		text_string(to, n->group ? " (" : " ");
		if (!n->group)
			text_print(to, "%.3s", d->segments[n->segment].tag);
		put_marks(to, n->mandatory, n->max);
		/* The groups that end here, innermost first. */
		for (uint16_t g = n->group ? (uint16_t)i : n->parent;
		     g != EDIFACT_TOP && nodes[g].end == behind; g = nodes[g].parent)
			text_string(to, " )");
	}
	text_char(to, '\n');
}

void edifact_directory_write(struct text *to, const struct edifact_directory *d)
{
	text_print(to, "directory %s\n", d->version);
	write_elements(to, d);
	write_composites(to, d);
	write_segments(to, d);
	for (uint32_t i = 0; i < d->message_n; i++)
		write_message(to, d, &d->messages[i]);
}

/* ---- one that rests on another ---- */

/* A fact of a text: its first two words name it. */
struct fact {
	struct span text, kind, name;
	uint32_t line;
};
struct facts {
	struct fact *v;
	uint32_t n, room;
};

static struct span word_of(struct span *s)
{
	struct span word = {s->p, 0, 0};

	while (s->n && s->p[0] == ' ')
		s->p++, s->n--;
	for (word.p = s->p; s->n && s->p[0] != ' '; s->p++, s->n--)
		word.n++;
	return word;
}

static void read_facts(struct arena *a, struct span text, struct facts *ret)
{
	for (uint32_t line = 1; text.n; line++) {
		struct text fact = text_in(a);
		struct fact f = {.line = line};
		struct span rest;

		text_span(&fact, span_cut(&text, '\n'));
		for (; text.n && text.p[0] == ' '; line++)
			text_span(&fact, span_cut(&text, '\n'));
		if (!fact.n || fact.p[0] == '#')
			continue;
		f.text = rest = text_as_span(&fact);
		f.kind = word_of(&rest);
		f.name = word_of(&rest);
		*(struct fact *)arena_push(a, (void **)&ret->v, &ret->n, &ret->room, sizeof(f)) = f;
	}
}

/* In the order that directories have: kinds, and names in each. */
static int rank_of(struct span kind)
{
	static const char *const kinds[] = {"directory", "element", "composite", "segment",
					    "message"};

	for (unsigned i = 0; i < ARRAY_LEN(kinds); i++)
		if (span_is(kind, kinds[i]))
			return (int)i;
	return ARRAY_LEN(kinds);
}

static int compare_names(struct span a, struct span b)
{
	uint32_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int by_place(const void *x, const void *y)
{
	const struct fact *a = x, *b = y;
	int c = rank_of(a->kind) - rank_of(b->kind);

	return c ? c : compare_names(a->name, b->name);
}

/* The same, and of two by one name the earlier first: the reader refuses the later one. */
static int by_order(const void *x, const void *y)
{
	const struct fact *a = x, *b = y;
	int c = by_place(x, y);

	return c ? c : (a->line > b->line) - (a->line < b->line);
}

/* Facts of `more` replace those of the same name; the rest of the base stays. */
static void merge(struct arena *a, const struct facts *base, const struct facts *more,
		  struct facts *ret)
{
	for (uint32_t i = 0; i < base->n; i++) {
		bool replaced = span_is(base->v[i].kind, "directory");

		for (uint32_t k = 0; k < more->n && !replaced; k++)
			replaced = by_place(&base->v[i], &more->v[k]) == 0;
		if (!replaced)
			*(struct fact *)arena_push(a, (void **)&ret->v, &ret->n, &ret->room,
						   sizeof(*ret->v)) = base->v[i];
	}
	for (uint32_t k = 0; k < more->n; k++)
		if (!span_is(more->v[k].kind, "base"))
			*(struct fact *)arena_push(a, (void **)&ret->v, &ret->n, &ret->room,
						   sizeof(*ret->v)) = more->v[k];
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_order);
}

/* One message begins with UNH, which must be there, and ends with UNT. */
static bool framed(const struct edifact_directory *d, const struct edifact_message *m)
{
	const struct edifact_node *first = d->nodes + m->node_at, *last = first + m->nodes - 1;

	return m->nodes >= 2 && !first->group && first->mandatory && !last->group &&
	       last->mandatory && last->parent == EDIFACT_TOP &&
	       !memcmp(d->segments[first->segment].tag, "UNH", 3) &&
	       !memcmp(d->segments[last->segment].tag, "UNT", 3);
}

/* A line of the merged text as a line of the text that was given; 1 for what came from the base. */
static uint32_t line_given(const struct facts *all, uint32_t line)
{
	return line >= 1 && line <= all->n && all->v[line - 1].line ? all->v[line - 1].line : 1;
}

enum err edifact_directory_add(struct arena *a, struct span text, const struct edifact_set *more,
			       struct edifact_directory *ret, uint32_t *ret_line,
			       const char **ret_fault)
{
	struct facts given = {0}, under = {0}, all = {0};
	const struct edifact_directory *base = NULL;
	struct text whole = text_in(a);
	enum err e;

	*ret_line = 1;
	read_facts(a, text, &given);
	for (uint32_t i = 0; i < given.n; i++) {
		if (!span_is(given.v[i].kind, "base"))
			continue;
		*ret_line = given.v[i].line;
		*ret_fault = "a base is one directory that is known, and stands once";
		if (base || !(base = edifact_directory_find(more, given.v[i].name, SPAN(""))))
			return ERR_FORMAT;
	}
	if (base) {
		struct text t = text_in(a);

		edifact_directory_write(&t, base);
		read_facts(a, text_as_span(&t), &under);
		for (uint32_t i = 0; i < under.n; i++)
			under.v[i].line = 0;
	}
	merge(a, &under, &given, &all);
	for (uint32_t i = 0; i < all.n; i++) {
		text_span(&whole, all.v[i].text);
		text_char(&whole, '\n');
	}
	e = edifact_directory_read(a, text_as_span(&whole), ret, ret_line, ret_fault);
	*ret_line = line_given(&all, *ret_line);
	for (uint32_t i = 0; i < ret->message_n && !e; i++) {
		if (framed(ret, &ret->messages[i]))
			continue;
		*ret_fault = arena_print(a, "%s does not begin with UNH! and end with UNT!",
					 ret->messages[i].name);
		e = ERR_FORMAT;
	}
	return e;
}
