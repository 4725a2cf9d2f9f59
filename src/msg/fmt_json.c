/* Declarations in canonical JSON: the names of the dictionary, fields in its order, absent ones left out, the envelope
 * as a member of its own. docs/declaration.md describes it field by field, docs/declaration.schema.json for machines.
 *
 * Written: numbers, amounts and quantities as decimal text. Read: JSON numbers too, since a JSON number is decimal text
 * as well; one with an exponent is refused. null says nothing. Runs inside arena_run(), and may leave. */
#include "codec/json.h"
#include "msg/decode.h"
#include "msg/formats.h"
#include "msg/json_dict.h"

/* ---- reading ---- */

struct reader {
	struct decoder decoder;
	bool enveloped;   /* an envelope may stand in it */
	struct text path; /* JSON pointer of what is being read, in the words of the message */
	bool known;       /* a member was one of a declaration's */
};

/* Memory ends by leaving here: no foreign library is on the stack. */
static void must(struct reader *r, bool ok)
{
	if (!ok)
		arena_leave(r->decoder.arena);
}

/* A step on the path, with the two characters escaped that a JSON pointer escapes. Returns the length before. */
static size_t path_push(struct reader *r, struct span name)
{
	size_t before = r->path.n;
	char *to = text_room(&r->path, (size_t)name.n + 1);
	uint32_t i = 0;

	*to++ = '/';
	for (; i < name.n && name.p[i] != '~' && name.p[i] != '/'; i++)
		*to++ = name.p[i];
	r->path.n += (size_t)i + 1;
	for (; i < name.n; i++) {
		if (name.p[i] == '~')
			text_string(&r->path, "~0");
		else if (name.p[i] == '/')
			text_string(&r->path, "~1");
		else
			text_char(&r->path, name.p[i]);
	}
	return before;
}

static size_t path_push_index(struct reader *r, uint32_t i)
{
	size_t before = r->path.n;

	text_char(&r->path, '/');
	text_int(&r->path, i);
	return before;
}

static struct span path_here(struct reader *r)
{
	struct span s = {
	    r->path.p, r->path.n > DECODE_PATH_BYTES ? DECODE_PATH_BYTES : (uint32_t)r->path.n, 0};

	s.n = span_utf8_prefix(s);
	s = decode_copy(&r->decoder, s);
	must(r, s.p);
	return s;
}

/* Keeps what the model has no place for: scalars as their text, the rest as JSON. r->path names it. */
static void keep_unmapped(struct reader *r, const struct json *v, bool quiet)
{
	struct text t = text_in(r->decoder.arena);
	struct json_writer w = json_to(&t);
	struct span value = v->text;

	if (v->kind != JSON_STRING && v->kind != JSON_NUMBER) {
		json_value(&w, v);
		value = text_as_span(&t);
	}
	must(r, decode_unmapped(&r->decoder, path_here(r), value, v->line, quiet));
}

static void keep_member(struct reader *r, const struct json *v)
{
	size_t before = path_push(r, v->name);

	keep_unmapped(r, v, false);
	r->path.n = before;
}

static void wrong_kind(struct reader *r, const struct dict_field *f, const struct json *v,
		       const char *expected)
{
	must(r, decode_finding(&r->decoder, FINDING_DECODE_WRONG_KIND, f, v->line, decode_name(f),
			       span_of(expected)));
	keep_unmapped(r, v, true);
}

/* The text of a scalar, trimmed as every format trims. false, with a finding, when it is none or holds what the model cannot. */
static bool take_text(struct reader *r, const struct dict_field *f, const struct json *v,
		      bool number, struct span *ret)
{
	struct span s = v->text;

	if (v->kind != JSON_STRING && !(number && v->kind == JSON_NUMBER)) {
		wrong_kind(r, f, v, number ? "decimal text" : "text");
		return false;
	}
	if (s.n && memchr(s.p, 0, s.n)) {
		must(r, decode_finding(&r->decoder, FINDING_DECODE_NUL, f, v->line, NO_VALUE,
				       NO_VALUE));
		return false;
	}
	*ret = span_trim(s);
	ret->line = v->line;
	return true;
}

/* The two members of an amount, a quantity or a time. */
static const struct pair {
	const char *value, *qualifier;
	const char *expected;
	bool number;
} pairs[] = {
    [DICT_AMOUNT] = {"value", "currency", "an object with value and currency", true},
    [DICT_QUANTITY] = {"value", "unit", "an object with value and unit", true},
    [DICT_DATETIME] = {"text", "format", "an object with text and format", false},
};

static void read_pair(struct reader *r, const struct dict_field *f, const struct json *v)
{
	const struct pair *names = &pairs[f->kind];
	struct span value = {0}, qualifier = {0};
	bool ok = true;

	if (v->kind != JSON_OBJECT) {
		wrong_kind(r, f, v, names->expected);
		return;
	}
	for (const struct json *m = v->first; m; m = m->next) {
		if (m->kind == JSON_NULL)
			continue;
		if (span_is(m->name, names->value))
			ok &= take_text(r, f, m, names->number, &value);
		else if (span_is(m->name, names->qualifier))
			ok &= take_text(r, f, m, false, &qualifier);
		else
			keep_member(r, m);
	}
	if (ok && !value.n)
		must(r, decode_finding(&r->decoder, FINDING_DECODE_MISSING, f, v->line,
				       span_of(names->value), NO_VALUE));
	else if (ok)
		must(r, decode_value(&r->decoder, f, value, qualifier));
}

static void read_class(struct reader *r, const struct json *v);

static void read_value(struct reader *r, const struct dict_field *f, const struct json *v)
{
	struct span text;

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
	case DICT_NUMBER:
		if (take_text(r, f, v, f->kind == DICT_NUMBER, &text))
			must(r, decode_value(&r->decoder, f, text, NO_VALUE));
		return;
	case DICT_AMOUNT:
	case DICT_QUANTITY:
	case DICT_DATETIME:
		read_pair(r, f, v);
		return;
	case DICT_CLASS:
		if (v->kind != JSON_OBJECT) {
			wrong_kind(r, f, v, "an object");
			return;
		}
		must(r, decode_enter(&r->decoder, f, v->line));
		read_class(r, v);
		must(r, decode_leave(&r->decoder));
		return;
	}
}

static void read_list(struct reader *r, const struct dict_field *f, const struct json *v)
{
	bool said = false;
	uint32_t i = 0;

	if (v->kind != JSON_ARRAY) {
		wrong_kind(r, f, v, "an array");
		return;
	}
	for (const struct json *m = v->first; m; m = m->next, i++) {
		size_t before = path_push_index(r, i);
		bool full = decode_full(&r->decoder, f);

		if (full && !said)
			must(r,
			     decode_finding(&r->decoder, FINDING_DECODE_TOO_MANY, f, m->line,
					    decode_name(f),
					    span_of(arena_print(r->decoder.arena, "%u", f->max))));
		said |= full;
		if (full)
			keep_unmapped(r, m, true);
		else if (m->kind != JSON_NULL)
			read_value(r, f, m);
		r->path.n = before;
	}
}

/* The field that a member names: looked for from where the one before was found, since writers keep to an order. */
static const struct dict_field *find_field(const struct dict_class *c, struct span name,
					   uint32_t *from)
{
	uint32_t i = *from;

	for (uint32_t left = c->field_count; left > 0; left--) {
		const struct dict_field *f = &c->fields[i];

		if (++i == c->field_count)
			i = 0;
		if (f->length == name.n && memcmp(f->name, name.p, name.n) == 0) {
			*from = i;
			return f;
		}
	}
	return NULL;
}

static void read_envelope(struct reader *r, const struct json *v)
{
	if (v->kind != JSON_OBJECT) {
		must(r, decode_finding(&r->decoder, FINDING_DECODE_WRONG_KIND, NULL, v->line,
				       SPAN("envelope"), SPAN("an object")));
		keep_unmapped(r, v, true);
		return;
	}
	decode_enter_envelope(&r->decoder, v->line);
	read_class(r, v);
	must(r, decode_leave(&r->decoder));
}

/* Members of an object into the current class. As deep as the dictionary nests. */
static void read_class(struct reader *r, const struct json *v)
{
	const struct dict_class *c = decode_here(&r->decoder)->class;
	uint32_t next = 0;

	for (const struct json *m = v->first; m; m = m->next) {
		const struct dict_field *f = find_field(c, m->name, &next);
		bool envelope =
		    r->enveloped && r->decoder.depth == 1 && span_is(m->name, "envelope");
		size_t before;

		if (f || envelope)
			r->known = true;
		if (m->kind == JSON_NULL && (f || envelope))
			continue;
		before = path_push(r, m->name);
		if (envelope)
			read_envelope(r, m);
		else if (!f)
			keep_unmapped(r, m, false);
		else if (f->list)
			read_list(r, f, m);
		else
			read_value(r, f, m);
		r->path.n = before;
	}
}

bool msg_json_fill(struct decoder *d, const struct json *object, const char *path)
{
	struct reader r = {
	    .decoder = *d, .enveloped = d->message != NULL, .path = text_in(d->arena)};

	text_string(&r.path, path);
	decode_enter_root(&r.decoder, object->line);
	read_class(&r, object);
	must(&r, decode_leave(&r.decoder));
	return r.known;
}

static enum err json_dec_read(struct arena *a, struct span bytes, struct message *ret,
			      struct findings *f, struct codec_fault *ret_fault)
{
	struct decoder d = decode_into(a, ret, f);
	const struct json *root;
	enum err e = json_read(a, bytes, &root, ret_fault);

	if (e)
		return e;
	if (root->kind == JSON_OBJECT && msg_json_fill(&d, root, ""))
		return ERR_NONE;
	*ret_fault = (struct codec_fault){
	    root->line, 1,
	    root->kind == JSON_OBJECT ? "no member of the object is a field of a declaration"
				      : "a declaration is a JSON object"};
	return ERR_UNSUPPORTED;
}

static bool json_dec_recognises(struct span bytes)
{
	bytes = span_trim(bytes);
	return bytes.n && bytes.p[0] == '{';
}

/* ---- writing ---- */

static void put_optional(struct json_writer *w, const char *name, struct span s)
{
	if (s.n)
		json_put(w, name, s);
}

static void put_value(struct json_writer *w, const struct dict_field *f, const void *value)
{
	const struct amount *amount = value;
	const struct quantity *quantity = value;
	const struct datetime *time = value;

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		json_string(w, *(const struct span *)value);
		return;
	case DICT_NUMBER:
		json_decimal(w, *(const struct decimal *)value);
		return;
	case DICT_AMOUNT:
		json_open_object(w);
		json_put_decimal(w, "value", amount->value);
		put_optional(w, "currency", amount->currency);
		break;
	case DICT_QUANTITY:
		json_open_object(w);
		json_put_decimal(w, "value", quantity->value);
		put_optional(w, "unit", quantity->unit);
		break;
	case DICT_DATETIME:
		json_open_object(w);
		json_put(w, "text", time->text);
		put_optional(w, "format", time->format);
		break;
	case DICT_CLASS:
		json_open_object(w);
		msg_json_class(w, f->of, value);
		break;
	}
	json_close_object(w);
}

static void put_list(struct json_writer *w, const struct dict_field *f,
		     const struct dict_list *list)
{
	json_open_array(w);
	for (uint32_t i = 0; i < list->n; i++)
		put_value(w, f, (const char *)list->v + i * dict_value_size(f));
	json_close_array(w);
}

/* The members of an object. */
void msg_json_class(struct json_writer *w, const struct dict_class *c, const void *object)
{
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		const void *at = dict_at(f, object);

		if (f->list ? ((const struct dict_list *)at)->n == 0 : !dict_says(f, at))
			continue;
		json_name_span(w, decode_name(f));
		if (f->list)
			put_list(w, f, at);
		else
			put_value(w, f, at);
	}
}

void msg_write_json(struct text *to, const struct message *m)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	if (m->envelope.head.present) {
		json_name(&w, "envelope");
		json_open_object(&w);
		msg_json_class(&w, &dict_envelope, &m->envelope);
		json_close_object(&w);
	}
	msg_json_class(&w, &dict_declaration, &m->declaration);
	json_close_object(&w);
}

/* JSON carries whatever the model holds: nothing is lost. */
static void json_dec_write(struct text *to, const struct message *m, struct findings *lost)
{
	(void)lost;
	msg_write_json(to, m);
}

const struct msg_format fmt_json = {
    .id = "json",
    .title = "Customhouse declaration, JSON",
    .version = "1",
    .messages = "declaration (function 9) and request about one (13); JSON Lines for many",
    .content_type = "application/json",
    .also = "application/x-ndjson application/jsonl",
    .suffix = ".json",
    .cut = msg_cut_json,
    .reads = true,
    .writes = true,
    .recognises = json_dec_recognises,
    .read = json_dec_read,
    .write = json_dec_write,
};
