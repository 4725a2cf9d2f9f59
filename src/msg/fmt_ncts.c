/* Messages of the EU's New Computerised Transit System, phase 5 (schemas 51.8.6): a declaration (CC015C) and an arrival
 * (CC007C). Checked against the structure and the facets of their schemas, which ncts_gen.h has as tables, so that nobody needs
 * the schemas themselves; nothing is mapped: operating transit comes later. libxml2 with the schemas gives the same verdict on
 * every file (tests/golden/test_ncts_shared.c). */
#include "base/date.h"
#include "base/decimal.h"
#include "base/limits.h"
#include "codec/pattern.h"
#include "codec/xml.h"
#include "msg/decode.h"
#include "msg/formats.h"
#include "msg/ncts.h"
#include "msg/ncts_gen.h"
#include "msg/xml_map.h"

#define SPACE    "http://ncts.dgtaxud.ec"
#define INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

enum { TEXT_BYTES = 4096 }; /* of a value: no type allows a quarter of that */

struct frame {
	const struct ncts_element *element; /* NULL: not expected; what it holds is not looked at */
	const struct ncts_element *child;   /* where the schema's order has come to */
	uint32_t count;                     /* how often that stood here */
	uint32_t index;                     /* of this element among those of its name, from 1 */
	uint32_t line;
	struct span name;
};

struct checking {
	struct arena *arena;
	struct findings *findings;
	const struct ncts_message *message;
	struct frame frame[LIMIT_DEPTH + 1];
	uint32_t depth;
	char text[TEXT_BYTES]; /* of the open element */
	uint32_t text_n;       /* past the room: too long */
	bool too_long;
	struct span root;
	uint32_t root_line;
	struct msg_heading *heading;
};

static struct decoder copier(struct checking *c)
{
	return (struct decoder){.arena = c->arena};
}

static struct span name_of(const struct ncts_element *e)
{
	return span_of(e->name);
}

/* ---- where, and what is wrong there ---- */

/* The path of the open elements. */
static struct span path_here(struct checking *c, struct span last)
{
	struct decode_line path = {0};
	struct decoder copy = copier(c);

	for (uint32_t i = 0; i < c->depth; i++) {
		decode_line_add(&path, SPAN("/"));
		decode_line_add(&path, c->frame[i].name);
		if (!c->frame[i].element || c->frame[i].element->most < 2)
			continue;
		decode_line_add(&path, SPAN("["));
		decode_line_number(&path, c->frame[i].index);
		decode_line_add(&path, SPAN("]"));
	}
	if (last.n) {
		decode_line_add(&path, SPAN("/"));
		decode_line_add(&path, last);
	}
	return decode_line_copy(&copy, &path);
}

static bool say(struct checking *c, enum finding_rule rule, struct span last, uint32_t line,
		struct span v1, struct span v2, struct span v3)
{
	struct span path = path_here(c, last);

	return path.p && finding_try(c->findings, rule, path, line, v1, v2, v3);
}

/* ---- values ---- */

static uint32_t characters(struct span s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* White space as blanks, as xs:normalizedString wants it. In place. */
static struct span replace(char *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i] == '\t' || p[i] == '\n' || p[i] == '\r')
			p[i] = ' ';
	return (struct span){p, n, 0};
}

/* Runs of white space are one blank, as xs:token wants it. In place. */
static struct span collapse(char *p, uint32_t n)
{
	uint32_t to = 0;

	replace(p, n);
	for (uint32_t i = 0; i < n; i++) {
		if (p[i] != ' ' || (to && p[to - 1] != ' '))
			p[to++] = p[i];
	}
	while (to && p[to - 1] == ' ')
		to--;
	return (struct span){p, to, 0};
}

static bool is_one_of(struct span s, const char *values)
{
	struct span rest = span_of(values);

	while (rest.p)
		if (span_equal(span_cut(&rest, '|'), s))
			return true;
	return false;
}

static bool is_within(struct span s, const struct ncts_type *t)
{
	struct decimal value, bound;

	if (!t->least && !t->most)
		return true;
	if (decimal_parse(s, &value))
		return false;
	return (!t->least || decimal_parse(span_of(t->least), &bound) ||
		decimal_compare(value, bound) >= 0) &&
	       (!t->most || decimal_parse(span_of(t->most), &bound) ||
		decimal_compare(value, bound) <= 0);
}

/* Digits in all, and behind the point, without zeros that say nothing. */
static bool has_digits(struct span s, const struct ncts_type *t)
{
	uint32_t whole = 0, behind = 0, zeros = 0;
	bool point = false;

	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			point = true;
		} else if (s.p[i] >= '0' && s.p[i] <= '9' && point) {
			zeros = s.p[i] == '0' ? zeros + 1 : 0;
			behind++;
		} else if (s.p[i] >= '0' && s.p[i] <= '9') {
			whole += whole || s.p[i] != '0';
		} else if (i || (s.p[i] != '-' && s.p[i] != '+')) {
			return false;
		}
	}
	behind -= zeros;
	if (t->decimals && behind + 1 > t->decimals)
		return false;
	return s.n && (!t->digits || whole + behind <= t->digits);
}

static bool is_of_base(struct span s, const struct ncts_type *t)
{
	int32_t day;
	int64_t moment;

	switch (t->base) {
	case NCTS_TOKEN:
	case NCTS_LINE:
		return true;
	case NCTS_DATE:
	case NCTS_MOMENT:
		return trade_time_parse(s, SPAN(""), &day, &moment) == ERR_NONE &&
		       (t->base == NCTS_DATE) == (memchr(s.p, 'T', s.n) == NULL);
	case NCTS_DECIMAL:
		return has_digits(s, t);
	case NCTS_INTEGER:
		return has_digits(s, t) && !memchr(s.p, '.', s.n) && is_within(s, t);
	}
	return true;
}

/* What a type is, in signs that need no language: a pattern, the values, how long. */
static struct span describe(struct checking *c, const struct ncts_type *t, const char *pattern)
{
	struct decode_line l = {0};
	struct decoder copy = copier(c);
	static const char *const bases[] = {"", "", "CCYY-MM-DD", "CCYY-MM-DDThh:mm:ss", "n", "n"};

	if (pattern)
		decode_line_add(&l, span_of(pattern));
	else if (t->values)
		decode_line_add(&l, span_of(t->values));
	else if (t->length_most) {
		decode_line_add(&l, SPAN("an"));
		decode_line_number(&l, t->length_least);
		decode_line_add(&l, SPAN(".."));
		decode_line_number(&l, t->length_most);
	} else if (t->base == NCTS_DATE || t->base == NCTS_MOMENT) {
		decode_line_add(&l, span_of(bases[t->base]));
	} else {
		decode_line_add(&l, span_of(bases[t->base]));
		decode_line_number(&l, t->digits);
		decode_line_add(&l, SPAN("."));
		decode_line_number(&l, t->decimals ? t->decimals - 1 : 0);
		if (t->most) {
			decode_line_add(&l, SPAN(" <= "));
			decode_line_add(&l, span_of(t->most));
		}
	}
	return decode_line_copy(&copy, &l);
}

static bool refuse_value(struct checking *c, const struct ncts_element *e, struct span s,
			 const char *pattern, uint32_t line)
{
	const struct ncts_type *t = &types[e->type - 1];
	struct span is = describe(c, t, pattern), copy;
	struct decoder copier_of = copier(c);

	copy = decode_copy(&copier_of, decode_excerpt(s));
	return is.p && copy.p &&
	       say(c, FINDING_SCHEMA_VALUE, e->name[0] == '@' ? name_of(e) : (struct span){0}, line,
		   copy, name_of(e), is);
}

static bool check_value(struct checking *c, const struct ncts_element *e, struct span s,
			uint32_t line)
{
	const struct ncts_type *t = &types[e->type - 1];
	uint32_t n = characters(s);

	for (uint32_t i = 0; i < NCTS_PATTERNS && t->pattern[i]; i++)
		if (!pattern_matches(t->pattern[i], s))
			return refuse_value(c, e, s, t->pattern[i], line);
	if ((t->values && !is_one_of(s, t->values)) || n < t->length_least ||
	    (t->length_most && n > t->length_most) || !is_of_base(s, t))
		return refuse_value(c, e, s, NULL, line);
	return true;
}

/* ---- structure ---- */

static const struct ncts_element *end_of(const struct checking *c)
{
	return c->message->elements + c->message->n;
}

/* The sibling behind an element, over what it holds; NULL at the end of the parent. */
static const struct ncts_element *sibling(const struct checking *c, const struct ncts_element *e)
{
	const struct ncts_element *next = e + 1, *end = end_of(c);

	while (next < end && next->depth > e->depth)
		next++;
	return next < end && next->depth == e->depth ? next : NULL;
}

/* The first element within another, over attributes; NULL when there is none. */
static const struct ncts_element *first_child(const struct checking *c,
					      const struct ncts_element *e)
{
	const struct ncts_element *child = e + 1;

	while (child < end_of(c) && child->depth == e->depth + 1 && child->name[0] == '@')
		child++;
	return child < end_of(c) && child->depth == e->depth + 1 ? child : NULL;
}

/* What a parent lacks before its child `until` (NULL: before its end). */
static bool say_missing(struct checking *c, struct frame *f, const struct ncts_element *until,
			uint32_t line)
{
	for (; f->child && f->child != until; f->child = sibling(c, f->child), f->count = 0)
		if (f->count < f->child->least && !say(c, FINDING_SCHEMA_MISSING, name_of(f->child),
						       line, name_of(f->child), f->name, NO_VALUE))
			return false;
	return true;
}

/* Finds a child in the order of the schema; *ret NULL when it may not stand here. */
static bool place_child(struct checking *c, struct frame *f, struct span name, uint32_t line,
			const struct ncts_element **ret)
{
	const struct ncts_element *e = f->child;

	*ret = NULL;
	while (e && !span_is(name, e->name))
		e = sibling(c, e);
	if (!e) {
		struct decoder copy = copier(c);
		struct span kept = decode_copy(&copy, decode_excerpt(name));

		return kept.p && say(c, FINDING_SCHEMA_UNEXPECTED, kept, line, kept,
				     f->child ? name_of(f->child) : SPAN("/"), NO_VALUE);
	}
	if (e != f->child && !say_missing(c, f, e, line))
		return false;
	*ret = e;
	if (++f->count == (uint32_t)e->most + 1) {
		struct decoder copy = copier(c);
		struct span most = decode_number_text(&copy, e->most);

		return most.p && say(c, FINDING_SCHEMA_TOO_MANY, name_of(e), line, name_of(e), most,
				     NO_VALUE);
	}
	return true;
}

static bool check_space(struct checking *c, struct span name, struct span space, uint32_t line)
{
	struct span wanted = c->depth == 1 ? SPAN(SPACE) : SPAN("");
	struct decoder copy = copier(c);
	struct span kept;

	if (span_equal(space, wanted))
		return true;
	kept = decode_copy(&copy, decode_excerpt(space));
	name = decode_copy(&copy, decode_excerpt(name));
	return kept.p && name.p &&
	       say(c, FINDING_SCHEMA_NAMESPACE, (struct span){0}, line, name, kept, wanted);
}

static bool check_attributes(struct checking *c, const struct xml_attribute *a, uint32_t n,
			     uint32_t line)
{
	const struct ncts_element *e = c->frame[c->depth - 1].element, *known;
	struct decoder copy = copier(c);

	for (uint32_t i = 0; i < n; i++) {
		struct span value = decode_copy(&copy, span_trim(a[i].value)), name;

		if (span_is(a[i].space, INSTANCE))
			continue;
		for (known = e + 1; known < end_of(c) && known->name[0] == '@'; known++)
			if (known->depth == e->depth + 1 && span_is(a[i].name, known->name + 1))
				break;
		if (!value.p)
			return false;
		if (known < end_of(c) && known->name[0] == '@') {
			if (!check_value(c, known, value, line))
				return false;
			continue;
		}
		name = decode_copy(&copy, decode_excerpt(a[i].name));
		if (!name.p ||
		    !say(c, FINDING_SCHEMA_UNEXPECTED, name, line, name, SPAN("/"), NO_VALUE))
			return false;
	}
	return true;
}

static bool begins_leaf(const struct checking *c)
{
	const struct frame *f = c->depth ? &c->frame[c->depth - 1] : NULL;

	return f && f->element && f->element->type;
}

/* Text in an element that holds elements. */
static bool refuse_text(struct checking *c, uint32_t line)
{
	struct span s = collapse(c->text, c->text_n);
	struct decoder copy = copier(c);

	c->text_n = 0;
	if (!s.n || !c->depth || !c->frame[c->depth - 1].element)
		return true;
	s = decode_copy(&copy, decode_excerpt(s));
	return s.p &&
	       say(c, FINDING_SCHEMA_UNEXPECTED, (struct span){0}, line, s, SPAN("/"), NO_VALUE);
}

static bool open_root(struct checking *c, struct span name, uint32_t line)
{
	struct decoder copy = copier(c);

	c->root = decode_copy(&copy, name);
	c->root_line = line;
	for (uint32_t i = 0; i < ARRAY_LEN(messages); i++)
		if (span_is(name, messages[i].name))
			c->message = &messages[i];
	if (!c->message || !c->root.p)
		return false;
	c->heading->type = span_of(c->message->name);
	c->frame[c->depth++] = (struct frame){.element = c->message->elements,
					      .child = first_child(c, c->message->elements),
					      .index = 1,
					      .line = line,
					      .name = name_of(c->message->elements)};
	return true;
}

static bool open_inner(struct checking *c, struct span name, uint32_t line)
{
	struct frame *around = &c->frame[c->depth - 1], *f = &c->frame[c->depth];
	const struct ncts_element *e = NULL;

	if (!refuse_text(c, line))
		return false;
	if (around->element && !place_child(c, around, name, line, &e))
		return false;
	*f = (struct frame){.element = e,
			    .child = e && !e->type ? first_child(c, e) : NULL,
			    .index = e ? around->count : 0,
			    .line = line,
			    .name = e ? name_of(e) : SPAN("?")};
	c->depth++;
	return true;
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct checking *c = context;

	if (!(c->depth ? open_inner(c, name, line) : open_root(c, name, line)))
		return false;
	c->text_n = 0;
	c->too_long = false;
	if (!c->frame[c->depth - 1].element)
		return true;
	return check_space(c, name, space, line) && check_attributes(c, attributes, n, line);
}

static bool on_text(void *context, struct span piece)
{
	struct checking *c = context;
	uint32_t room = TEXT_BYTES - c->text_n;

	if (piece.n > room) {
		piece.n = room;
		c->too_long = true;
	}
	if (piece.n)
		memcpy(c->text + c->text_n, piece.p, piece.n);
	c->text_n += piece.n;
	return true;
}

/* Those of the first level tell whose message it is. */
static bool note_heading(struct checking *c, const struct ncts_element *e, struct span s)
{
	const struct {
		const char *name;
		struct span *to;
	} names[] = {{"messageSender", &c->heading->sender},
		     {"messageRecipient", &c->heading->recipient},
		     {"messageIdentification", &c->heading->reference}};
	struct decoder copy = copier(c);

	for (unsigned i = 0; i < ARRAY_LEN(names) && c->depth == 2; i++) {
		if (strcmp(e->name, names[i].name) != 0)
			continue;
		*names[i].to = decode_copy(&copy, s);
		return names[i].to->p;
	}
	return true;
}

static bool on_close(void *context, struct span name)
{
	struct checking *c = context;
	struct frame *f = &c->frame[c->depth - 1];
	bool ok = true;

	(void)name;
	if (begins_leaf(c)) {
		bool line = types[f->element->type - 1].base == NCTS_LINE;
		struct span s = line ? replace(c->text, c->text_n) : collapse(c->text, c->text_n);

		s.n = span_utf8_prefix(s);
		if (!note_heading(c, f->element, s))
			return false;
		ok = c->too_long ? refuse_value(c, f->element, s, NULL, f->line)
				 : check_value(c, f->element, s, f->line);
		c->text_n = 0;
	} else if (f->element) {
		ok = refuse_text(c, f->line) && say_missing(c, f, NULL, f->line);
	}
	c->depth--;
	return ok;
}

static enum err ncts_check(struct arena *a, struct span bytes,
			   const struct edifact_set *directories, struct msg_heading *ret,
			   struct findings *f, struct codec_fault *ret_fault)
{
	struct checking *c = ARENA_NEW(a, struct checking);
	struct xml_handler handler = {on_open, on_close, on_text, c};
	enum err e;

	(void)directories;
	c->arena = a;
	c->findings = f;
	c->heading = ret;
	e = xml_read(a, bytes, &handler, ret_fault);
	if (e == ERR_LIMIT && arena_failure(a))
		arena_leave(a);
	if (e == ERR_LIMIT && c->root.p && !c->message) {
		*ret_fault = (struct codec_fault){
		    c->root_line, 1,
		    arena_print(a, "the root element is %.*s, no message that is known here",
				SPAN_ARG(decode_excerpt(c->root)))};
		return ERR_UNSUPPORTED;
	}
	return e;
}

static bool ncts_recognises(struct span bytes)
{
	for (uint32_t i = 0; i < ARRAY_LEN(messages); i++)
		if (xml_map_recognises(bytes, messages[i].name))
			return true;
	return false;
}

const struct msg_format fmt_ncts = {
    .id = "ncts",
    .title = "EU transit, XML",
    .version = "phase 5, 51.8.6",
    .messages = "CC015C declaration, CC007C arrival: valid against the schema, or why not",
    .content_type = "application/xml",
    .suffix = ".xml",
    .carries = MSG_CHECKED,
    .reads = true,
    .recognises = ncts_recognises,
    .check = ncts_check,
};
