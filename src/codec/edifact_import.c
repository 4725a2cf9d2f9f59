/* The directories of the United Nations, from the texts that they publish, to tables.
 *
 * The texts are made for people and printers: columns, names that go on in the next line, marks of change, boxes in the
 * characters of code page 437 (D.96B, D.01B) or in ASCII. What is taken from them: numbers, tags, order, M or C, how often,
 * forms, code values. */
#include "codec/edifact_tables.h"

#include <stdlib.h>

enum { LINE_WORDS = 40, MOST_ELEMENTS = 2000 };

/* A line that names something, cut into words. */
struct words {
	struct span v[LINE_WORDS];
	uint32_t n;
};

/* An element or composite that something consists of. */
struct member {
	struct span name;
	bool mandatory;
	uint32_t repeat;
};

/* A segment or a composite and what it consists of. */
struct thing {
	struct span name;
	struct member *v;
	uint32_t n, room;
	bool wanted;
};

struct things {
	struct thing *v;
	uint32_t n, room;
};

struct element_text {
	struct span number, form;
	struct span *codes;
	uint32_t n, room;
	bool wanted;
};

struct import {
	struct arena *arena;
	struct things segments, composites;
	struct element_text *elements;
	uint32_t element_n, element_room;
	const char *fault;
};

/* The segments of the syntax that stand in messages: no directory defines them. */
static const char *const service_elements[] = {
    "0051 an..3",  "0052 an..3",  "0054 an..3", "0057 an..6", "0062 an..14", "0065 an..6",
    "0068 an..35", "0070 n..2",   "0073 a1",    "0074 n..10", "0081 a1",     "0110 an..6",
    "0113 an..6",  "0115 an..14", "0116 an..3", "0118 an..3", "0121 an..14", "0122 an..3",
    "0124 an..3",  "0127 an..14", "0128 an..3", "0130 an..3",
};
static const char *const service_composites[] = {
    "S009 0065! 0052! 0054! 0051! 0057 0110 0113",
    "S010 0070! 0073",
    "S016 0115! 0116 0118 0051",
    "S017 0121! 0122 0124 0051",
    "S018 0127! 0128 0130 0051",
};
static const char *const service_segments[] = {
    "UGH 0087!", "UGS 0087!",       "UNH 0062! S009! 0068 S010 S016 S017 S018",
    "UNS 0081!", "UNT 0074! 0062!",
};

/* ---- words ---- */

static bool is_digits(struct span s, uint32_t n)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n == n;
}

static bool is_capitals(struct span s, uint32_t n)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= 'A' && s.p[i] <= 'Z') && !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	return s.n == n;
}

/* A composite's number: C002. */
static bool is_composite(struct span s)
{
	return s.n == 4 && (s.p[0] == 'C' || s.p[0] == 'E') &&
	       is_digits((struct span){s.p + 1, 3, 0}, 3);
}

/* One or more characters that mark a change. */
static bool is_mark(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (!memchr("+*#|X-", s.p[i], 6))
			return false;
	return s.n > 0 && s.n < 4;
}

static void cut_words(struct span line, struct words *ret)
{
	for (uint32_t i = 0; i < line.n && ret->n < LINE_WORDS;) {
		uint32_t from = i;

		while (i < line.n && line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			i++;
		if (i > from)
			ret->v[ret->n++] = (struct span){line.p + from, i - from, 0};
		else
			i++;
	}
}

/* an..35, n3, a..17; some texts write "an.. 35" or "an3". */
static bool is_form(struct span s)
{
	uint32_t i = 0;

	if (i < s.n && s.p[i] == 'a')
		i++;
	if (i < s.n && s.p[i] == 'n')
		i++;
	if (i == 0)
		return false;
	while (i < s.n && s.p[i] == '.')
		i++;
	return i < s.n && is_digits((struct span){s.p + i, s.n - i, 0}, s.n - i);
}

/* What stands at the end of a line of the segment or composite directory: M or C, perhaps how often, perhaps the form. */
static bool read_status(const struct words *w, uint32_t from, struct member *ret)
{
	uint32_t n = w->n;

	if (n > from && is_form(w->v[n - 1]))
		n--;
	ret->repeat = 1;
	if (n > from + 1 && w->v[n - 1].n < 5 && is_digits(w->v[n - 1], w->v[n - 1].n)) {
		ret->repeat = 0;
		for (uint32_t i = 0; i < w->v[n - 1].n; i++)
			ret->repeat = 10 * ret->repeat + (uint32_t)(w->v[n - 1].p[i] - '0');
		n--;
	}
	if (n <= from || (!span_is(w->v[n - 1], "M") && !span_is(w->v[n - 1], "C")))
		return false;
	ret->mandatory = w->v[n - 1].p[0] == 'M';
	return ret->repeat > 0;
}

/* ---- segments and composites ---- */

static struct thing *thing_find(const struct things *t, struct span name)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (span_equal(t->v[i].name, name))
			return &t->v[i];
	return NULL;
}

static struct thing *thing_new(struct import *im, struct things *t, struct span name)
{
	struct thing *thing = arena_push(im->arena, (void **)&t->v, &t->n, &t->room, sizeof(*t->v));

	thing->name = name;
	return thing;
}

static void member_new(struct import *im, struct thing *t, struct member m)
{
	*(struct member *)arena_push(im->arena, (void **)&t->v, &t->n, &t->room, sizeof(*t->v)) = m;
}

/* "010    C817 ADDRESS USAGE   C    1": a position, and what stands there. Components of a segment's composites have no position.
 * false: not such a line. */
static bool read_position(const struct words *w, struct member *ret, uint32_t *ret_from)
{
	uint32_t i = 1;

	if (w->n < 2 || (!is_digits(w->v[0], 3) && !is_digits(w->v[0], 4)))
		return false;
	while (i < w->n && is_mark(w->v[i]))
		i++;
	if (i == w->n || (!is_composite(w->v[i]) && !is_digits(w->v[i], 4)))
		return false;
	*ret = (struct member){.name = w->v[i]};
	*ret_from = i + 1;
	return true;
}

/* "ADR  ADDRESS", perhaps behind a mark of change; ret is its tag. A rule stands two lines before it, so that words of a
 * description are not taken for one. */
static bool read_heading(const struct words *w, bool composites, struct span *ret)
{
	uint32_t i = 0;

	while (i < w->n && is_mark(w->v[i]))
		i++;
	if (i + 1 >= w->n || (composites ? !is_composite(w->v[i]) : !is_capitals(w->v[i], 3)))
		return false;
	*ret = w->v[i];
	return true;
}

static bool is_rule(struct span line)
{
	line = span_trim(line);
	return line.n > 40 && ((uint8_t)line.p[0] == 0xc4 || line.p[0] == '-') &&
	       line.p[1] == line.p[0];
}

/* The segment or the composite directory. */
static void read_things(struct import *im, struct span text, bool composites, struct things *to)
{
	struct thing *here = NULL;
	struct member pending = {0};
	bool waits = false, ruled = false;

	while (text.n) {
		struct span line = span_cut(&text, '\n'), name;
		struct words w = {.n = 0};
		uint32_t from = 0;

		cut_words(line, &w);
		if (is_rule(line)) {
			ruled = true;
			here = NULL;
			waits = false;
		} else if (ruled && w.n) {
			ruled = false;
			if (read_heading(&w, composites, &name))
				here = thing_new(im, to, name);
		} else if (here && read_position(&w, &pending, &from)) {
			waits = true;
		} else {
			from = 0;
		}
		if (!here || !waits || !w.n)
			continue;
		/* A name may go on in the next line, and what follows it with it. */
		if (read_status(&w, from, &pending)) {
			member_new(im, here, pending);
			waits = false;
		}
	}
}

/* ---- elements and codes ---- */

static struct element_text *element_find(struct import *im, struct span number)
{
	for (uint32_t i = 0; i < im->element_n; i++)
		if (span_equal(im->elements[i].number, number))
			return &im->elements[i];
	return NULL;
}

static struct element_text *element_new(struct import *im, struct span number)
{
	struct element_text *e = arena_push(im->arena, (void **)&im->elements, &im->element_n,
					    &im->element_room, sizeof(*im->elements));

	e->number = number;
	return e;
}

/* The heading of an element: its number, perhaps behind a mark, and its name. */
static bool element_heading(const struct words *w, struct span *ret)
{
	uint32_t i = 0;

	while (i < w->n && is_mark(w->v[i]))
		i++;
	if (i + 1 >= w->n || !is_digits(w->v[i], 4))
		return false;
	*ret = w->v[i];
	return true;
}

/* "Repr: an..3" */
static bool read_form(const struct words *w, struct span *ret)
{
	if (w->n < 2 || !span_is(w->v[0], "Repr:") || !is_form(w->v[1]))
		return false;
	*ret = w->v[1];
	return true;
}

static void read_elements(struct import *im, struct span text)
{
	struct element_text *here = NULL;
	bool ruled = false;

	while (text.n) {
		struct span line = span_cut(&text, '\n'), number;
		struct words w = {.n = 0};

		cut_words(line, &w);
		if (is_rule(line)) {
			ruled = true;
			here = NULL;
		} else if (ruled && w.n) {
			ruled = false;
			if (element_heading(&w, &number) && !element_find(im, number))
				here = element_new(im, number);
		} else if (here && !here->form.n) {
			read_form(&w, &here->form);
		}
	}
}

/* Where the first word of a line that is no mark of change begins. */
static uint32_t indent_of(struct span line, const struct words *w)
{
	uint32_t i = w->n > 1 && is_mark(w->v[0]) ? 1 : 0;

	return w->n ? (uint32_t)(w->v[i].p - line.p) : 0;
}

static void code_new(struct import *im, struct element_text *e, struct span code)
{
	if (code.n <= EDIFACT_CODE_BYTES)
		*(struct span *)arena_push(im->arena, (void **)&e->codes, &e->n, &e->room,
					   sizeof(*e->codes)) = code;
}

/* A code list. Two layouts: codes at column 6, each behind an empty line; or right-justified before column 10, one below the
 * other, with descriptions from column 14 on. */
static void read_codes(struct import *im, struct span text)
{
	struct element_text *here = NULL;
	bool ruled = false, empty = false, formed = false, justified = false;

	while (text.n) {
		struct span line = span_cut(&text, '\n'), number, form;
		struct words w = {.n = 0};
		uint32_t indent;

		cut_words(line, &w);
		indent = indent_of(line, &w);
		if (is_rule(line)) {
			ruled = true;
			here = NULL;
			formed = false;
		} else if (ruled && w.n) {
			ruled = false;
			here = element_heading(&w, &number) ? element_find(im, number) : NULL;
			justified = indent == 2;
		} else if (here && !formed) {
			formed = read_form(&w, &form);
		} else if (here && w.n > 1) {
			uint32_t i = is_mark(w.v[0]) ? 1 : 0;
			bool code = justified ? indent < 10 : indent == 5 && empty;

			if (code && i + 1 < w.n && w.v[i].p[w.v[i].n - 1] != ':')
				code_new(im, here, w.v[i]);
		}
		empty = !w.n;
	}
}

/* ---- messages ---- */

/* Boxes around groups: how many of them a line of the segment table closes. */
static uint32_t closes(struct span line)
{
	uint32_t n = 0;

	for (uint32_t i = 45; i < line.n; i++)
		n += line.p[i] == '+' || (uint8_t)line.p[i] == 0xd9 || (uint8_t)line.p[i] == 0xc1;
	return n;
}

/* The number of times at the end of a line, before the box. */
static bool read_times(const struct words *w, bool *ret_mandatory, uint32_t *ret_times)
{
	for (uint32_t i = w->n; i-- > 1;) {
		uint32_t value = 0, n = 0;
		struct span s = w->v[i];

		if (!span_is(w->v[i - 1], "M") && !span_is(w->v[i - 1], "C"))
			continue;
		for (; n < s.n && s.p[n] >= '0' && s.p[n] <= '9'; n++)
			value = 10 * value + (uint32_t)(s.p[n] - '0');
		if (!n || n > 6)
			continue;
		*ret_mandatory = w->v[i - 1].p[0] == 'M';
		*ret_times = value;
		return true;
	}
	return false;
}

static void put_marks(struct text *t, bool mandatory, uint32_t times)
{
	if (mandatory)
		text_char(t, '!');
	if (times != 1)
		text_print(t, "*%u", times);
}

static bool want_segment(struct import *im, struct span tag)
{
	struct thing *t = thing_find(&im->segments, tag);

	if (!t) {
		im->fault = arena_print(im->arena, "no segment %.*s in the segment directory",
					SPAN_ARG(tag));
		return false;
	}
	t->wanted = true;
	return true;
}

/* One line of a segment table. *depth: groups that are open. */
static bool read_row(struct import *im, struct span line, uint32_t *depth, struct text *to)
{
	struct words w = {.n = 0};
	uint32_t i = 1, times;
	bool mandatory;

	cut_words(line, &w);
	if (w.n < 4 || (!is_digits(w.v[0], 4) && !is_digits(w.v[0], 5)) ||
	    !read_times(&w, &mandatory, &times))
		return true;
	while (i < w.n && is_mark(w.v[i]))
		i++;
	if (memmem(line.p, line.n, "Segment group", 13) ||
	    memmem(line.p, line.n, "Segment Group", 13)) {
		text_string(to, " (");
		put_marks(to, mandatory, times);
		++*depth;
		return true;
	}
	if (i == w.n || !is_capitals(w.v[i], 3))
		return true;
	text_char(to, ' ');
	text_span(to, w.v[i]);
	put_marks(to, mandatory, times);
	for (uint32_t n = closes(line); n > 0; n--) {
		if (!*depth) {
			im->fault = "a group ends that did not begin";
			return false;
		}
		--*depth;
		text_string(to, " )");
	}
	return want_segment(im, w.v[i]);
}

static bool read_message(struct import *im, struct span name, struct span text, struct text *to)
{
	uint32_t depth = 0;
	bool table = false;

	text_string(to, "message ");
	text_span(to, name);
	while (text.n) {
		struct span line = span_cut(&text, '\n');

		if (!table)
			table = span_starts(line, SPAN("Pos ")) && memmem(line.p, line.n, "Tag", 3);
		else if (!read_row(im, line, &depth, to))
			return false;
	}
	text_char(to, '\n');
	if (depth || !table)
		im->fault = arena_print(im->arena, "%.*s: no whole segment table", SPAN_ARG(name));
	return !im->fault;
}

/* ---- writing ---- */

static struct words words_of(const char *s)
{
	struct words w = {.n = 0};

	cut_words(span_of(s), &w);
	return w;
}

static void add_service(struct import *im)
{
	for (uint32_t i = 0; i < ARRAY_LEN(service_elements); i++) {
		struct words w = words_of(service_elements[i]);

		element_new(im, w.v[0])->form = w.v[1];
	}
	for (uint32_t i = 0; i < ARRAY_LEN(service_composites) + ARRAY_LEN(service_segments); i++) {
		bool composite = i < ARRAY_LEN(service_composites);
		struct words w =
		    words_of(composite ? service_composites[i]
				       : service_segments[i - ARRAY_LEN(service_composites)]);
		struct thing *t =
		    thing_new(im, composite ? &im->composites : &im->segments, w.v[0]);

		for (uint32_t k = 1; k < w.n; k++) {
			bool must = w.v[k].p[w.v[k].n - 1] == '!';

			w.v[k].n -= must;
			member_new(im, t, (struct member){w.v[k], must, 1});
		}
	}
}

static bool want_element(struct import *im, struct span number)
{
	struct element_text *e = element_find(im, number);

	if (!e || !e->form.n) {
		im->fault =
		    arena_print(im->arena, "no element %.*s, or it has no form", SPAN_ARG(number));
		return false;
	}
	e->wanted = true;
	return true;
}

/* What the wanted segments consist of is wanted, too. */
static bool want_members(struct import *im)
{
	for (uint32_t i = 0; i < im->segments.n; i++) {
		const struct thing *t = &im->segments.v[i];

		for (uint32_t k = 0; t->wanted && k < t->n; k++) {
			struct thing *c = thing_find(&im->composites, t->v[k].name);

			if (!c && !want_element(im, t->v[k].name))
				return false;
			for (uint32_t m = 0; c && m < c->n; m++)
				if (!want_element(im, c->v[m].name))
					return false;
			if (c)
				c->wanted = true;
		}
	}
	return true;
}

static int compare_spans(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static int compare_elements(const void *a, const void *b)
{
	return span_compare(((const struct element_text *)a)->number,
			    ((const struct element_text *)b)->number);
}

static int compare_things(const void *a, const void *b)
{
	return span_compare(((const struct thing *)a)->name, ((const struct thing *)b)->name);
}

/* A word of a fact; a fact goes on in the next line before it gets too long. */
static void put_word(struct text *t, size_t *line, struct span word)
{
	if (t->n - *line + word.n + 1 > 99) {
		text_char(t, '\n');
		*line = t->n;
	}
	text_char(t, ' ');
	text_span(t, word);
}

static int compare_keys(struct span a, struct span b)
{
	uint64_t x = edifact_code_key(a), y = edifact_code_key(b);

	return x < y ? -1 : x > y;
}

static void write_elements(struct import *im, struct text *t)
{
	qsort(im->elements, im->element_n, sizeof(*im->elements), compare_elements);
	for (uint32_t i = 0; i < im->element_n; i++) {
		struct element_text *e = &im->elements[i];
		size_t line = t->n;

		if (!e->wanted)
			continue;
		text_string(t, "element ");
		text_span(t, e->number);
		text_char(t, ' ');
		text_span(t, e->form);
		if (e->n)
			qsort(e->codes, e->n, sizeof(*e->codes), compare_spans);
		for (uint32_t k = 0; k < e->n; k++)
			if (k == 0 || compare_keys(e->codes[k - 1], e->codes[k]) != 0)
				put_word(t, &line, e->codes[k]);
		text_char(t, '\n');
	}
}

static void write_things(struct import *im, struct things *things, const char *what, struct text *t)
{
	if (things->n)
		qsort(things->v, things->n, sizeof(*things->v), compare_things);
	for (uint32_t i = 0; i < things->n; i++) {
		const struct thing *c = &things->v[i];
		size_t line = t->n;

		if (!c->wanted || (i > 0 && span_equal(c->name, things->v[i - 1].name)))
			continue;
		text_string(t, what);
		text_span(t, c->name);
		for (uint32_t k = 0; k < c->n; k++) {
			struct text word = text_in(im->arena);

			text_span(&word, c->v[k].name);
			put_marks(&word, c->v[k].mandatory, c->v[k].repeat);
			put_word(t, &line, text_as_span(&word));
		}
		text_char(t, '\n');
	}
}

/* ---- the sources ---- */

static struct span base_name(struct span path)
{
	for (uint32_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/')
			return (struct span){path.p + i, path.n - i, 0};
	return path;
}

/* Reads the sources whose name begins so. */
static bool read_named(struct import *im, const struct edifact_source *s, uint32_t n,
		       const char *name, const char *other,
		       void (*take)(struct import *im, struct span text))
{
	bool found = false;

	for (uint32_t i = 0; i < n; i++) {
		struct span base = base_name(s[i].name);

		if (!span_starts(base, span_of(name)) && !span_starts(base, span_of(other)))
			continue;
		found = true;
		take(im, s[i].bytes);
	}
	if (!found)
		im->fault = arena_print(im->arena, "no file %s or %s", name, other);
	return found;
}

static void read_segments(struct import *im, struct span text)
{
	read_things(im, text, false, &im->segments);
}

static void read_composites(struct import *im, struct span text)
{
	read_things(im, text, true, &im->composites);
}

/* CUSDEC_D.01B: the message and the version. */
static bool is_message(struct span base, struct span *ret_name, struct span *ret_version)
{
	if (base.n < 12 || memcmp(base.p + 6, "_D.", 3) != 0)
		return false;
	*ret_name = (struct span){base.p, 6, 0};
	*ret_version = (struct span){base.p + 9, base.n - 9, 0};
	return is_capitals(*ret_name, 6) && is_capitals(*ret_version, 3);
}

static int compare_sources(const void *a, const void *b)
{
	return span_compare(base_name(((const struct edifact_source *)a)->name),
			    base_name(((const struct edifact_source *)b)->name));
}

/* All messages among the sources, by name. */
static bool read_messages(struct import *im, const struct edifact_source *sources, uint32_t n,
			  struct text *to, struct span *ret_version)
{
	struct edifact_source *s = ARENA_ARRAY(im->arena, struct edifact_source, n ? n : 1);
	struct span name, version;

	memcpy(s, sources, n * sizeof(*s));
	qsort(s, n, sizeof(*s), compare_sources);
	for (uint32_t i = 0; i < n; i++) {
		if (!is_message(base_name(s[i].name), &name, &version))
			continue;
		if (ret_version->n && !span_equal(*ret_version, version)) {
			im->fault = "messages of several directories";
			return false;
		}
		*ret_version = version;
		if (!read_message(im, name, s[i].bytes, to))
			return false;
	}
	if (!ret_version->n)
		im->fault = "no message: a file such as CUSDEC_D.01B";
	return ret_version->n;
}

enum err edifact_import(struct arena *a, const struct edifact_source *sources, uint32_t n,
			struct text *to, const char **ret_fault)
{
	struct import im = {.arena = a};
	struct text messages = text_in(a);
	struct span version = {0};

	add_service(&im);
	if (!read_named(&im, sources, n, "EDSD.", "TRSD.", read_segments) ||
	    !read_named(&im, sources, n, "EDCD.", "TRCD.", read_composites) ||
	    !read_named(&im, sources, n, "EDED.", "TRED.", read_elements) ||
	    !read_named(&im, sources, n, "UNCL.", "UNCL-", read_codes) ||
	    !read_messages(&im, sources, n, &messages, &version) || !want_members(&im)) {
		*ret_fault = im.fault;
		return ERR_FORMAT;
	}
	text_print(to, "directory %.*s\n", SPAN_ARG(version));
	write_elements(&im, to);
	write_things(&im, &im.composites, "composite ", to);
	write_things(&im, &im.segments, "segment ", to);
	text_add(to, messages.p, messages.n);
	return ERR_NONE;
}
