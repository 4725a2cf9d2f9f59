/* Declarations in the XML of the WCO Data Model 3.6 (urn:wco:datamodel:WCO:DEC-DMS:2), driven by the dictionary's tables
 * of elements.
 *
 * Read: MetaData around a Declaration, a bare Declaration, or one below other wrappers (a gateway's request). Elements
 * are known by their local names: senders disagree about namespaces. An element of the dictionary fills the model;
 * everything else is kept as unmapped.
 *
 * One frame for each open element. A child is looked for where the one before it was found: in the order of the schema
 * that is one or a few comparisons. The callbacks run inside libxml2, so they never leave: false stops the parse, and
 * r->err says why. */
#include "base/limits.h"
#include "codec/xml.h"
#include "msg/decode.h"
#include "msg/formats.h"

enum { POOL_FIRST = 4096, POOL_NEXT = 16384 };

#define DECLARATION_SPACE "urn:wco:datamodel:WCO:DEC-DMS:2"
#define TYPES_SPACE       "urn:wco:datamodel:WCO:Declaration_DS:DMS:2"
#define METADATA_SPACE    "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
#define INSTANCE_SPACE    "http://www.w3.org/2001/XMLSchema-instance"

enum frame_kind {
	FRAME_UNKNOWN, /* around the declaration, or not in the dictionary */
	FRAME_CLASS,   /* the declaration, the envelope or a class within */
	FRAME_WRAPPER, /* an element that the dictionary flattens: its children are fields of the class around it */
	FRAME_LEAF, /* a value */
	FRAME_TIME, /* DateTimeString inside a time */
};

struct frame {
	enum frame_kind kind;
	uint32_t line;
	struct span name;
	uint32_t index; /* of a member of a list, from 1; 0: no list */
	/* class and wrapper: */
	const struct dict_element *elements;
	uint16_t count, next; /* next: where the child before was found */
	uint64_t seen, over;  /* a bit an element: it stood here; it stood here too often */
	/* leaf and time: */
	const struct dict_field *field;
	struct span qualifier;
	/* unknown, leaf: */
	bool holds;  /* children or text have been seen */
	bool sealed; /* no declaration is looked for in here */
	bool quiet;  /* a finding has spoken of it: what it holds is kept without another */
};

struct reader {
	struct decoder decoder;
	struct frame frame[LIMIT_DEPTH + 1];
	uint32_t depth;
	uint32_t line; /* of the token before */
	/* Text: a block of the arena, in which kept values lie one behind the other and the current one at the end. */
	char *pool;
	uint32_t pool_room, pool_used, text_from;
	bool inside, done; /* the declaration is open; it was read */
	struct span root,
	    reply; /* names of the outermost element, and of one that is an answer to a declaration */
	uint32_t root_line;
};

static struct frame *top(struct reader *r)
{
	return r->depth ? &r->frame[r->depth - 1] : NULL;
}

/* ---- text ---- */

static bool pool_add(struct reader *r, struct span piece)
{
	uint32_t pending = r->pool_used - r->text_from;

	if (piece.n > r->pool_room - r->pool_used) {
		uint32_t need = 2 * (pending + piece.n);
		uint32_t room = r->pool ? POOL_NEXT : POOL_FIRST;
		char *block;

		if (room < need)
			room = need;
		block = arena_try(r->decoder.arena, room);
		if (!block)
			return false;
		if (r->pool && pending)
			memcpy(block, r->pool + r->text_from, pending);
		r->pool = block;
		r->pool_room = room;
		r->pool_used = pending;
		r->text_from = 0;
	}
	if (piece.n)
		memcpy(r->pool + r->pool_used, piece.p, piece.n);
	r->pool_used += piece.n;
	return true;
}

/* The current text, trimmed, with its line. Kept in the pool unless it is empty. */
static struct span pool_take(struct reader *r, uint32_t line)
{
	struct span s = {"", 0, line};

	if (r->pool)
		s = (struct span){r->pool + r->text_from, r->pool_used - r->text_from, line};
	s = span_trim(s);
	s.line = line;
	if (s.n == 0)
		r->pool_used = r->text_from;
	r->text_from = r->pool_used;
	return s;
}

static bool is_blank(struct span s)
{
	return span_trim(s).n == 0;
}

/* ---- what the model has no place for ---- */

/* The names of the open elements, from the declaration inward; around it, from the root. attribute may be NULL. */
static struct span path_here(struct reader *r, const struct span *attribute)
{
	struct decode_line path;
	uint32_t first = 0;

	path.n = 0;
	for (uint32_t i = 0; r->inside && i < r->depth; i++)
		if (r->frame[i].elements == dict_declaration.elements)
			first = i;
	for (uint32_t i = first; i < r->depth; i++) {
		if (i > first)
			decode_line_add(&path, SPAN("/"));
		decode_line_add(&path, r->frame[i].name);
		if (!r->frame[i].index)
			continue;
		decode_line_add(&path, SPAN("["));
		decode_line_number(&path, r->frame[i].index);
		decode_line_add(&path, SPAN("]"));
	}
	if (attribute) {
		decode_line_add(&path, SPAN("/@"));
		decode_line_add(&path, *attribute);
	}
	return decode_line_copy(&r->decoder, &path);
}

static bool keep_unmapped(struct reader *r, const struct span *attribute, struct span value,
			  bool quiet)
{
	struct span path = path_here(r, attribute);
	uint32_t line = attribute ? top(r)->line : value.line;

	return path.p && decode_unmapped(&r->decoder, path, value, line, quiet);
}

static bool is_schema_location(const struct xml_attribute *a)
{
	return span_is(a->space, INSTANCE_SPACE) && (span_is(a->name, "schemaLocation") ||
						     span_is(a->name, "noNamespaceSchemaLocation"));
}

/* The attribute that belongs to a kind of value. */
static const char *qualifier_name(const struct frame *f)
{
	if (f->kind == FRAME_TIME)
		return "formatCode";
	if (f->kind != FRAME_LEAF)
		return "";
	if (f->field->kind == DICT_AMOUNT)
		return "currencyID";
	return f->field->kind == DICT_QUANTITY ? "unitCode" : "";
}

/* The attributes of the element that was just opened. */
static bool read_attributes(struct reader *r, const struct xml_attribute *a, uint32_t n)
{
	struct frame *f = top(r);
	const char *wanted = qualifier_name(f);

	for (uint32_t i = 0; i < n; i++) {
		struct span value;

		if (is_schema_location(&a[i]))
			continue;
		value = decode_copy(&r->decoder, span_trim(a[i].value));
		if (!value.p)
			return false;
		value.line = f->line;
		if (*wanted && span_is(a[i].name, wanted))
			f->qualifier = value;
		else if (!keep_unmapped(r, &a[i].name, value, f->quiet))
			return false;
	}
	return true;
}

/* ---- elements that open ---- */

static struct frame *push_frame(struct reader *r, enum frame_kind kind, struct span name,
				uint32_t line)
{
	struct frame *f = &r->frame[r->depth++];

	*f = (struct frame){.kind = kind, .name = name, .line = line};
	return f;
}

static bool ends_with(struct span s, struct span end)
{
	return s.n >= end.n && memcmp(s.p + s.n - end.n, end.p, end.n) == 0;
}

static bool open_unknown(struct reader *r, struct span name, uint32_t line, bool quiet)
{
	const struct frame *around = top(r);
	struct span kept = decode_copy(&r->decoder, name);
	struct frame *f;

	if (!kept.p)
		return false;
	quiet |= around && around->quiet;
	f = push_frame(r, FRAME_UNKNOWN, kept, line);
	f->quiet = quiet;
	f->sealed = r->inside || (around && around->sealed);
	if (!f->sealed && ends_with(name, SPAN("Response"))) {
		/* An answer repeats parts of the declaration that it is about: that is not lodging it. */
		f->sealed = true;
		r->reply = kept;
	}
	return true;
}

static void open_class(struct reader *r, const struct dict_class *c, struct span name,
		       uint32_t line)
{
	struct frame *f = push_frame(r, FRAME_CLASS, name, line);

	f->elements = c->elements;
	f->count = c->element_count;
}

/* An element outside the declaration. */
static bool open_outside(struct reader *r, struct span name, uint32_t line)
{
	const struct frame *around = top(r);
	bool sealed = around && around->sealed;

	if (!sealed && span_is(name, "Declaration")) {
		if (r->done)
			return decode_finding(&r->decoder, FINDING_DECODE_TWICE, NULL, line,
					      SPAN("Declaration"), NO_VALUE) &&
			       open_unknown(r, name, line, true);
		r->inside = true;
		decode_enter_root(&r->decoder, line);
		open_class(r, &dict_declaration, SPAN("Declaration"), line);
		return true;
	}
	if (!sealed && span_is(name, "MetaData") && !r->decoder.message->envelope.head.present) {
		decode_enter_envelope(&r->decoder, line);
		open_class(r, &dict_envelope, SPAN("MetaData"), line);
		return true;
	}
	return open_unknown(r, name, line, false);
}

/* The index of the child with this name, or -1. */
static int find_child(struct frame *f, struct span name)
{
	uint32_t i = f->next;

	for (uint32_t left = f->count; left > 0; left--) {
		const struct dict_element *e = &f->elements[i];

		if (e->length == name.n && memcmp(e->name, name.p, name.n) == 0) {
			f->next = (uint16_t)i;
			return (int)i;
		}
		if (++i == f->count)
			i = 0;
	}
	return -1;
}

/* A wrapper around nothing but a list of plain values stands once for each of them. */
static bool may_repeat(const struct dict_element *e)
{
	if (e->field)
		return e->field->list;
	return e->count == 1 && e->children[0].field && e->children[0].field->list &&
	       e->children[0].field->kind != DICT_CLASS;
}

static struct span element_name(const struct dict_element *e)
{
	return (struct span){e->name, e->length, 0};
}

/* An element that stands where it may, but once too often: says so, the first time, and keeps what it holds. */
static bool open_surplus(struct reader *r, const struct dict_element *e, uint64_t bit,
			 uint32_t line)
{
	struct frame *around = top(r);
	bool said = around->over & bit;
	struct decoder *d = &r->decoder;
	bool ok = true;

	around->over |= bit;
	if (!may_repeat(e)) {
		ok = decode_finding(d, FINDING_DECODE_TWICE, e->field, line, element_name(e),
				    NO_VALUE);
	} else if (!said) {
		struct span most = decode_number_text(d, e->field->max);

		ok = most.p && decode_finding(d, FINDING_DECODE_TOO_MANY, e->field, line,
					      element_name(e), most);
	}
	return ok && open_unknown(r, element_name(e), line, true);
}

/* A child of a class or of a wrapper in it. */
static bool open_child(struct reader *r, struct span name, uint32_t line)
{
	struct frame *around = top(r), *f;
	int i = find_child(around, name);
	const struct dict_element *e = i < 0 ? NULL : &around->elements[i];
	uint64_t bit = i < 0 ? 0 : UINT64_C(1) << i;

	if (!e)
		return r->inside ? open_unknown(r, name, line, false) : open_outside(r, name, line);
	if ((around->seen & bit && !may_repeat(e)) ||
	    (e->field && decode_full(&r->decoder, e->field)))
		return open_surplus(r, e, bit, line);
	around->seen |= bit;
	if (!e->field) {
		f = push_frame(r, FRAME_WRAPPER, element_name(e), line);
		f->elements = e->children;
		f->count = e->count;
		return true;
	}
	if (e->field->kind == DICT_CLASS) {
		if (!decode_enter(&r->decoder, e->field, line))
			return false;
		open_class(r, e->field->of, element_name(e), line);
		top(r)->index = e->field->list ? decode_here(&r->decoder)->index + 1 : 0;
		return true;
	}
	push_frame(r, FRAME_LEAF, element_name(e), line)->field = e->field;
	return true;
}

/* A child of a value: only times have one. */
static bool open_in_leaf(struct reader *r, struct span name, uint32_t line)
{
	struct frame *leaf = top(r);
	bool first = !leaf->holds;

	leaf->holds = true;
	if (leaf->kind == FRAME_LEAF && leaf->field->kind == DICT_DATETIME &&
	    span_is(name, "DateTimeString") && first) {
		push_frame(r, FRAME_TIME, SPAN("DateTimeString"), line)->field = leaf->field;
		return true;
	}
	return decode_finding(&r->decoder, FINDING_DECODE_WRONG_KIND, leaf->field, line, leaf->name,
			      SPAN("text")) &&
	       open_unknown(r, name, line, true);
}

static bool open_element(struct reader *r, struct span name, uint32_t line)
{
	struct frame *around = top(r);

	if (!around) {
		r->root = decode_copy(&r->decoder, name);
		r->root_line = line;
		return r->root.p && open_outside(r, name, line);
	}
	switch (around->kind) {
	case FRAME_CLASS:
	case FRAME_WRAPPER:
		return open_child(r, name, line);
	case FRAME_LEAF:
	case FRAME_TIME:
		return open_in_leaf(r, name, line);
	case FRAME_UNKNOWN:
		around->holds = true;
		return around->sealed || r->inside ? open_unknown(r, name, line, around->quiet)
						   : open_outside(r, name, line);
	}
	return false;
}

/* Text that stood before a child. A value that has children gets a finding for them, and none for its text. */
static bool leave_text(struct reader *r)
{
	struct frame *f = top(r);
	struct span text = pool_take(r, r->line);

	if (!f || !text.n)
		return true;
	f->holds = true;
	return keep_unmapped(r, NULL, text, f->quiet || f->kind == FRAME_LEAF);
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	struct reader *r = context;

	(void)space;
	if (r->pool_used > r->text_from && !leave_text(r))
		return false;
	r->line = line;
	return open_element(r, name, line) && (n == 0 || read_attributes(r, attributes, n));
}

/* ---- text, elements that close ---- */

static bool on_text(void *context, struct span piece)
{
	struct reader *r = context;
	struct frame *f = top(r);

	if ((f->kind == FRAME_CLASS || f->kind == FRAME_WRAPPER) && is_blank(piece))
		return true;
	return pool_add(r, piece);
}

/* A value with a qualifier and no text: the qualifier is all that it says, and nothing holds it. */
static bool keep_qualifier(struct reader *r, const struct frame *f)
{
	struct span name = span_of(qualifier_name(f));

	return !f->qualifier.n || keep_unmapped(r, &name, f->qualifier, false);
}

static bool close_value(struct reader *r)
{
	struct frame *f = top(r);
	struct span text = pool_take(r, f->line);

	if (f->kind == FRAME_LEAF && f->holds)
		return !text.n || keep_unmapped(r, NULL, text, true);
	if (!text.n)
		return keep_qualifier(r, f);
	return decode_value(&r->decoder, f->field, text, f->qualifier);
}

static bool close_unknown(struct reader *r)
{
	struct frame *f = top(r);
	struct span text = pool_take(r, f->line);

	return (f->holds && !text.n) || keep_unmapped(r, NULL, text, f->quiet);
}

static bool close_class(struct reader *r)
{
	struct frame *f = top(r);

	if (!leave_text(r) || !decode_leave(&r->decoder))
		return false;
	if (f->elements == dict_declaration.elements) {
		r->inside = false;
		r->done = true;
	}
	return true;
}

static bool on_close(void *context, struct span name)
{
	struct reader *r = context;
	bool ok = true;

	(void)name;
	switch (top(r)->kind) {
	case FRAME_CLASS:
		ok = close_class(r);
		break;
	case FRAME_WRAPPER:
		ok = leave_text(r);
		break;
	case FRAME_LEAF:
	case FRAME_TIME:
		ok = close_value(r);
		break;
	case FRAME_UNKNOWN:
		ok = close_unknown(r);
		break;
	}
	r->depth--;
	return ok;
}

/* ---- the format ---- */

static enum err no_declaration(struct reader *r, struct codec_fault *ret_fault)
{
	struct span answer = r->reply.p && !span_equal(r->root, r->reply) ? r->reply : NO_VALUE;

	r->root = decode_excerpt(r->root);
	answer = decode_excerpt(answer);
	*ret_fault = (struct codec_fault){
	    r->root_line, 1,
	    arena_print(r->decoder.arena,
			"the root element is %.*s%s%.*s; a Declaration is expected, bare, in "
			"MetaData or in a request",
			SPAN_ARG(r->root), answer.p ? " with " : "", SPAN_ARG(answer))};
	return ERR_UNSUPPORTED;
}

static enum err wco_dec_read(struct arena *a, struct span bytes, struct message *ret,
			     struct findings *f, struct codec_fault *ret_fault)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	struct xml_handler handler = {on_open, on_close, on_text, r};
	enum err e;

	r->decoder = decode_into(a, ret, f);
	e = xml_read(a, bytes, &handler, ret_fault);
	if (e == ERR_LIMIT && arena_failure(a)) {
		ret_fault->text = arena_failure(a) == ERR_NOMEM
				      ? "no memory"
				      : "the message needs more memory than one request may take";
		return arena_failure(a);
	}
	if (e)
		return e;
	return r->done ? ERR_NONE : no_declaration(r, ret_fault);
}

/* Anything that looks like XML, in any encoding that libxml2 tells by its first bytes: this is the only XML format. */
static bool wco_dec_recognises(struct span bytes)
{
	static const struct span marks[] = {{"\xff\xfe", 2, 0},
					    {"\xfe\xff", 2, 0},
					    {"<\0", 2, 0},
					    {"\0<", 2, 0},
					    {"\xef\xbb\xbf<", 4, 0}};

	for (uint32_t i = 0; i < ARRAY_LEN(marks); i++)
		if (span_starts(bytes, marks[i]))
			return true;
	bytes = span_trim(bytes);
	return bytes.n && bytes.p[0] == '<';
}

/* ---- writing ---- */

struct writer {
	struct text *to;
	uint32_t depth;
	struct findings *lost;
	const struct dict_field *field; /* what is being written, and where it lies */
	const void *value;
};

static void new_line(struct writer *w)
{
	text_char(w->to, '\n');
	for (uint32_t i = 0; i < w->depth; i++)
		text_char(w->to, '\t');
}

/* Text, and a finding where XML has no way to write a character of it. */
static void put_text(struct writer *w, struct span s, bool attribute)
{
	size_t from = w->to->n;

	xml_escape(w->to, s, attribute);
	if (w->lost && w->to->n - from != s.n &&
	    memmem(w->to->p + from, w->to->n - from, "\xef\xbf\xbd", 3) &&
	    !memmem(s.p, s.n, "\xef\xbf\xbd", 3))
		finding_add(w->lost, FINDING_ENCODE_LOST, w->value, decode_name(w->field),
			    SPAN("XML 1.0"), NO_VALUE);
}

static void put_attribute(struct writer *w, const char *name, struct span value)
{
	if (!value.n)
		return;
	text_print(w->to, " %s=\"", name);
	put_text(w, value, true);
	text_char(w->to, '"');
}

static void put_time(struct writer *w, const struct datetime *t)
{
	text_string(w->to, "><ds:DateTimeString");
	put_attribute(w, "formatCode", t->format);
	text_char(w->to, '>');
	put_text(w, t->text, false);
	text_string(w->to, "</ds:DateTimeString>");
}

/* What follows the name in the start tag, up to the end tag. */
static void put_value(struct writer *w, const struct dict_field *f, const void *value)
{
	const struct amount *amount = value;
	const struct quantity *quantity = value;

	w->field = f;
	w->value = value;
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		text_char(w->to, '>');
		put_text(w, *(const struct span *)value, false);
		return;
	case DICT_NUMBER:
		text_char(w->to, '>');
		decimal_write(w->to, *(const struct decimal *)value);
		return;
	case DICT_AMOUNT:
		put_attribute(w, "currencyID", amount->currency);
		text_char(w->to, '>');
		decimal_write(w->to, amount->value);
		return;
	case DICT_QUANTITY:
		put_attribute(w, "unitCode", quantity->unit);
		text_char(w->to, '>');
		decimal_write(w->to, quantity->value);
		return;
	case DICT_DATETIME:
		put_time(w, value);
		return;
	case DICT_CLASS:
		break;
	}
	BUG_ON(true);
}

static void put_elements(struct writer *w, const struct dict_element *elements, uint32_t n,
			 const void *object, const char *prefix);

/* One value with its tags. */
static void put_field(struct writer *w, const struct dict_element *e, const void *value,
		      const char *prefix)
{
	new_line(w);
	text_print(w->to, "<%s%s", prefix, e->name);
	if (e->field->kind == DICT_CLASS) {
		text_char(w->to, '>');
		w->depth++;
		put_elements(w, e->field->of->elements, e->field->of->element_count, value, prefix);
		w->depth--;
		new_line(w);
	} else {
		put_value(w, e->field, value);
	}
	text_print(w->to, "</%s%s>", prefix, e->name);
}

static bool says_any(const struct dict_element *e, const void *object)
{
	if (e->field && e->field->list)
		return ((const struct dict_list *)dict_at(e->field, object))->n > 0;
	if (e->field)
		return dict_says(e->field, dict_at(e->field, object));
	for (uint32_t i = 0; i < e->count; i++)
		if (says_any(&e->children[i], object))
			return true;
	return false;
}

static void put_wrapper_tag(struct writer *w, const char *open, const char *prefix,
			    const char *name)
{
	new_line(w);
	text_print(w->to, "%s%s%s>", open, prefix, name);
}

/* A wrapper once for each member of the list that it holds. */
static void put_repeated(struct writer *w, const struct dict_element *e, const void *object,
			 const char *prefix)
{
	const struct dict_element *child = &e->children[0];
	const struct dict_list *list = dict_at(child->field, object);

	for (uint32_t i = 0; i < list->n; i++) {
		put_wrapper_tag(w, "<", prefix, e->name);
		w->depth++;
		put_field(w, child, (char *)list->v + i * dict_value_size(child->field), prefix);
		w->depth--;
		put_wrapper_tag(w, "</", prefix, e->name);
	}
}

static void put_element(struct writer *w, const struct dict_element *e, const void *object,
			const char *prefix)
{
	const struct dict_list *list;

	if (!e->field && may_repeat(e)) {
		put_repeated(w, e, object, prefix);
	} else if (!e->field) {
		put_wrapper_tag(w, "<", prefix, e->name);
		w->depth++;
		put_elements(w, e->children, e->count, object, prefix);
		w->depth--;
		put_wrapper_tag(w, "</", prefix, e->name);
	} else if (e->field->list) {
		list = dict_at(e->field, object);
		for (uint32_t i = 0; i < list->n; i++)
			put_field(w, e, (char *)list->v + i * dict_value_size(e->field), prefix);
	} else {
		put_field(w, e, dict_at(e->field, object), prefix);
	}
}

static void put_elements(struct writer *w, const struct dict_element *elements, uint32_t n,
			 const void *object, const char *prefix)
{
	for (uint32_t i = 0; i < n; i++)
		if (says_any(&elements[i], object))
			put_element(w, &elements[i], object, prefix);
}

static void wco_dec_write(struct text *to, const struct message *m, struct findings *lost)
{
	struct writer w = {.to = to, .lost = lost};
	bool wrapped = m->envelope.head.present;
	const struct dict_class *c = &dict_declaration, *e = &dict_envelope;

	text_string(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
	if (wrapped) {
		text_string(to, "\n<md:MetaData xmlns:md=\"" METADATA_SPACE "\">");
		w.depth++;
		put_elements(&w, e->elements, e->element_count, &m->envelope, "md:");
	}
	new_line(&w);
	text_string(to,
		    "<Declaration xmlns=\"" DECLARATION_SPACE "\" xmlns:ds=\"" TYPES_SPACE "\">");
	w.depth++;
	put_elements(&w, c->elements, c->element_count, &m->declaration, "");
	w.depth--;
	new_line(&w);
	text_string(to, "</Declaration>");
	if (wrapped)
		text_string(to, "\n</md:MetaData>");
	text_char(to, '\n');
}

const struct msg_format fmt_wco_dec = {
    .id = "wco-dec",
    .title = "WCO Data Model declaration, XML",
    .version = "3.6",
    .messages = "DEC: declaration (function 9) and request about one (13)",
    .content_type = "application/xml",
    .also = "text/xml",
    .suffix = ".xml",
    .reads = true,
    .writes = true,
    .recognises = wco_dec_recognises,
    .read = wco_dec_read,
    .write = wco_dec_write,
};
