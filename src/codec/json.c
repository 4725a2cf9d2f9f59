#include "codec/json.h"

#include <stdlib.h>

#include "base/limits.h"
#include "codec/eight.h"

/* Objects up to this size have their names compared directly, larger ones are sorted: a stranger cannot make it quadratic, and
 * sorting, unlike hashing, cannot be flooded with collisions. */
enum { DIRECT_NAMES = 32 };

/* Nodes are taken from the arena in batches that grow, so that a small text costs little and a large one few calls. */
enum { BATCH_FIRST = 16, BATCH_MAX = 512 };

struct reader {
	const unsigned char *start, *p, *end;
	struct arena *arena;
	struct json *spare;
	uint32_t spares, batch;
	uint32_t line;
	uint32_t values;
	enum err err;
	struct codec_fault fault;
};

/* An array or object that is not closed yet, and where its next child is linked. */
struct level {
	struct json *node;
	struct json **tail;
};

static bool refuse_at(struct reader *r, enum err e, uint32_t offset, uint32_t line,
		      const char *text)
{
	const unsigned char *before = offset ? memrchr(r->start, '\n', offset) : NULL;
	uint32_t line_start = before ? (uint32_t)(before - r->start) + 1 : 0;

	r->err = e;
	r->fault = (struct codec_fault){line, offset - line_start + 1, text};
	return false;
}

/* Faults stand on the current line: line ends occur only between tokens. */
static bool refuse(struct reader *r, const unsigned char *at, const char *text)
{
	return refuse_at(r, ERR_FORMAT, (uint32_t)(at - r->start), r->line, text);
}

static bool refuse_memory(struct reader *r)
{
	enum err e = arena_failure(r->arena);

	return refuse_at(r, e, (uint32_t)(r->p - r->start), r->line,
			 e == ERR_LIMIT ? "the text needs more memory than one request may take"
					: "no memory");
}

static inline void skip_space(struct reader *r)
{
	const unsigned char *p = r->p, *end = r->end;

	for (; p < end && *p <= ' '; p++) {
		if (*p == '\n') {
			r->line++;
			while (end - p > 8 && eight_load(p + 1) == EIGHT(' '))
				p += 8;
		} else if (*p != ' ' && *p != '\r' && *p != '\t') {
			break;
		}
	}
	r->p = p;
}

static struct json *node_new(struct reader *r)
{
	if (r->values++ == LIMIT_JSON_VALUES) {
		refuse_at(r, ERR_LIMIT, (uint32_t)(r->p - r->start), r->line, "too many values");
		return NULL;
	}
	if (!r->spares) {
		r->spare = arena_try(r->arena, r->batch * sizeof(*r->spare));
		if (!r->spare) {
			refuse_memory(r);
			return NULL;
		}
		r->spares = r->batch;
		if (r->batch < BATCH_MAX)
			r->batch *= 2;
	}
	r->spares--;
	return r->spare++;
}

static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at p, or -1. */
static int32_t read_unit(const unsigned char *p, const unsigned char *end)
{
	int32_t unit = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* The character of the \u at *p (behind the u), a surrogate pair as one; moves *p behind it. Its digits end before end. */
static bool read_code_point(struct reader *r, const unsigned char **p, const unsigned char *end,
			    char **to)
{
	const unsigned char *at = *p - 2;
	int32_t unit = read_unit(*p, end), low;

	if (unit < 0)
		return refuse(r, at, "\\u needs four hexadecimal digits");
	*p += 4;
	if (unit >= 0xd800 && unit < 0xe000) {
		low = end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' ? read_unit(*p + 2, end)
									 : -1;
		if (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
			return refuse(r, at, "a surrogate stands alone");
		*p += 6;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	*to = put_utf8(*to, (uint32_t)unit);
	return true;
}

/* One escape; *p stands on the backslash and is moved behind it. */
static bool read_escape(struct reader *r, const unsigned char **p, const unsigned char *end,
			char **to)
{
	static const char plain[][2] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},  {'b', '\b'},
					{'f', '\f'}, {'n', '\n'},  {'r', '\r'}, {'t', '\t'}};
	unsigned char c = (*p)[1];

	*p += 2;
	if (c == 'u')
		return read_code_point(r, p, end, to);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (plain[i][0] == (char)c) {
			*(*to)++ = plain[i][1];
			return true;
		}
	}
	return refuse(r, *p - 2, "an unknown escape");
}

/* The closing quote of a string that has a backslash at p; NULL when there is none. */
static const unsigned char *string_close(struct reader *r, const unsigned char *p, uint64_t *high)
{
	while (p < r->end && *p == '\\') {
		if (r->end - p < 2)
			break;
		p = eight_string_end(p[1] < 0x20 ? p + 1 : p + 2, r->end, high);
	}
	if (p < r->end && *p == '"')
		return p;
	if (p < r->end && *p < 0x20)
		refuse(r, p, "a control character inside a string");
	else
		refuse(r, r->end, "a string is not closed");
	return NULL;
}

/* Decoding never makes a text longer, so the raw length is room enough. */
static bool decode_string(struct reader *r, const unsigned char *p, const unsigned char *end,
			  struct span *ret)
{
	char *to = arena_try(r->arena, (size_t)(end - p));

	if (!to)
		return refuse_memory(r);
	ret->p = to;
	while (p < end) {
		const unsigned char *run = memchr(p, '\\', (size_t)(end - p));
		size_t n = (size_t)((run ? run : end) - p);

		memcpy(to, p, n);
		to += n;
		p += n;
		if (p < end && !read_escape(r, &p, end, &to))
			return false;
	}
	ret->n = (uint32_t)(to - ret->p);
	return true;
}

/* A string; r->p stands on the opening quote. */
static inline bool read_string(struct reader *r, struct span *ret)
{
	const unsigned char *begin = r->p + 1, *end;
	uint64_t high = 0;
	bool escaped;

	end = eight_string_end(begin, r->end, &high);
	escaped = end == r->end || *end != '"';
	if (escaped) {
		end = string_close(r, end, &high);
		if (!end)
			return false;
	}
	*ret = (struct span){(const char *)begin, (uint32_t)(end - begin), r->line};
	if (high & EIGHT_HIGH) {
		uint32_t good = span_utf8_prefix(*ret);

		if (good < ret->n)
			return refuse(r, begin + good, "not UTF-8");
	}
	r->p = end + 1;
	return !escaped || decode_string(r, begin, end, ret);
}

static inline const unsigned char *skip_digits(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static bool read_number(struct reader *r, struct json *v)
{
	const unsigned char *begin = r->p, *p = begin, *end = r->end, *digits;

	p += *p == '-';
	digits = p;
	p = skip_digits(p, end);
	if (p == digits)
		return refuse(r, p, "a digit must stand here");
	if (*digits == '0' && p - digits > 1)
		return refuse(r, digits, "a number begins with a needless zero");
	if (p < end && *p == '.') {
		digits = ++p;
		p = skip_digits(p, end);
		if (p == digits)
			return refuse(r, p, "a digit must stand behind the point");
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		digits = p;
		p = skip_digits(p, end);
		if (p == digits)
			return refuse(r, p, "a digit must stand in the exponent");
	}
	v->kind = JSON_NUMBER;
	v->text = (struct span){(const char *)begin, (uint32_t)(p - begin), r->line};
	r->p = p;
	return true;
}

static bool read_word(struct reader *r, struct json *v, struct span word, enum json_kind kind)
{
	if ((size_t)(r->end - r->p) < word.n || memcmp(r->p, word.p, word.n) != 0)
		return refuse(r, r->p, "a value must stand here");
	v->kind = kind;
	v->text.line = r->line;
	r->p += word.n;
	return true;
}

static bool read_scalar(struct reader *r, struct json *v)
{
	switch (*r->p) {
	case '"':
		v->kind = JSON_STRING;
		return read_string(r, &v->text);
	case 't':
		return read_word(r, v, SPAN("true"), JSON_TRUE);
	case 'f':
		return read_word(r, v, SPAN("false"), JSON_FALSE);
	case 'n':
		return read_word(r, v, SPAN("null"), JSON_NULL);
	case '-':
	case '0' ... '9':
		return read_number(r, v);
	}
	return refuse(r, r->p, "a value must stand here");
}

/* The next child of an open array or object, with its name; r->p comes to stand where its value begins. NULL: refused. */
static struct json *next_child(struct reader *r, struct level *top)
{
	struct json *child = node_new(r);

	if (!child)
		return NULL;
	child->at = (uint32_t)(r->p - r->start);
	*top->tail = child;
	top->tail = &child->next;
	top->node->count++;
	if (top->node->kind == JSON_ARRAY)
		return child;
	if (r->p == r->end || *r->p != '"') {
		refuse(r, r->p, "a name in quotes must stand here");
		return NULL;
	}
	if (!read_string(r, &child->name))
		return NULL;
	skip_space(r);
	if (r->p == r->end || *r->p != ':') {
		refuse(r, r->p, "a colon must stand behind a name");
		return NULL;
	}
	r->p++;
	skip_space(r);
	return child;
}

static bool refuse_duplicate(struct reader *r, const struct json *member)
{
	return refuse_at(r, ERR_FORMAT, member->at, member->name.line,
			 "the name stands twice in one object");
}

/* One bit of 64 by length and outer bytes: names that differ in it differ. */
static uint64_t name_bit(struct span name)
{
	unsigned h = name.n;

	if (name.n)
		h += (unsigned char)name.p[0] * 5u + (unsigned char)name.p[name.n - 1] * 11u +
		     (unsigned char)name.p[name.n / 2] * 23u;
	return UINT64_C(1) << (h & 63);
}

static bool check_few_names(struct reader *r, const struct json *object)
{
	uint64_t seen = 0;

	for (const struct json *m = object->first; m; m = m->next) {
		uint64_t bit = name_bit(m->name);

		if (seen & bit)
			for (const struct json *o = object->first; o != m; o = o->next)
				if (span_equal(o->name, m->name))
					return refuse_duplicate(r, m);
		seen |= bit;
	}
	return true;
}

/* By name; equal names in the order of the text. */
static int compare_members(const void *a, const void *b)
{
	const struct json *x = *(const struct json *const *)a, *y = *(const struct json *const *)b;
	int c = span_compare(x->name, y->name);

	return c ? c : (x->at > y->at) - (x->at < y->at);
}

static bool check_many_names(struct reader *r, const struct json *object)
{
	const struct json **sorted = arena_try(r->arena, object->count * sizeof(*sorted));
	const struct json *first = NULL;
	uint32_t n = 0;

	if (!sorted)
		return refuse_memory(r);
	for (const struct json *m = object->first; m; m = m->next)
		sorted[n++] = m;
	qsort(sorted, n, sizeof(*sorted), compare_members);
	for (uint32_t i = 1; i < n; i++)
		if (span_equal(sorted[i - 1]->name, sorted[i]->name) &&
		    (!first || sorted[i]->at < first->at))
			first = sorted[i];
	return first ? refuse_duplicate(r, first) : true;
}

static bool check_names(struct reader *r, const struct json *v)
{
	if (v->kind != JSON_OBJECT || v->count < 2)
		return true;
	return v->count <= DIRECT_NAMES ? check_few_names(r, v) : check_many_names(r, v);
}

/* Closes as many levels as end here; *ret is the child that comes next, NULL when the outermost value is complete. */
static bool finish_value(struct reader *r, struct level *stack, uint32_t *depth, struct json **ret)
{
	*ret = NULL;
	while (*depth) {
		struct level *top = &stack[*depth - 1];
		bool object = top->node->kind == JSON_OBJECT;

		skip_space(r);
		if (r->p < r->end && *r->p == ',') {
			r->p++;
			skip_space(r);
			*ret = next_child(r, top);
			return *ret != NULL;
		}
		if (r->p == r->end || *r->p != (object ? '}' : ']'))
			return refuse(r, r->p,
				      object ? "a comma or } must stand here"
					     : "a comma or ] must stand here");
		r->p++;
		if (!check_names(r, top->node))
			return false;
		--*depth;
	}
	return true;
}

/* Opens the array or object that v is; *ret is its first child, NULL when it is empty (it is then closed by finish_value). */
static bool open_value(struct reader *r, struct json *v, struct level *stack, uint32_t *depth,
		       struct json **ret)
{
	char close = *r->p == '{' ? '}' : ']';

	if (*depth == LIMIT_DEPTH)
		return refuse_at(r, ERR_LIMIT, (uint32_t)(r->p - r->start), r->line,
				 "nested too deeply");
	v->kind = *r->p == '{' ? JSON_OBJECT : JSON_ARRAY;
	v->text.line = r->line;
	r->p++;
	stack[(*depth)++] = (struct level){v, &v->first};
	skip_space(r);
	*ret = NULL;
	if (r->p < r->end && *r->p == (unsigned char)close)
		return true;
	*ret = next_child(r, &stack[*depth - 1]);
	return *ret != NULL;
}

static bool read_document(struct reader *r, struct json *root)
{
	struct level stack[LIMIT_DEPTH];
	struct json *v = root;
	uint32_t depth = 0;

	skip_space(r);
	root->at = (uint32_t)(r->p - r->start);
	while (v) {
		struct json *first = NULL;

		if (r->p == r->end)
			return refuse(r, r->p, "a value must stand here");
		v->line = r->line;
		if (*r->p == '{' || *r->p == '[') {
			if (!open_value(r, v, stack, &depth, &first))
				return false;
		} else if (!read_scalar(r, v)) {
			return false;
		}
		v = first;
		if (!v && !finish_value(r, stack, &depth, &v))
			return false;
	}
	skip_space(r);
	return r->p == r->end ? true : refuse(r, r->p, "something stands behind the value");
}

enum err json_read(struct arena *a, struct span bytes, const struct json **ret,
		   struct codec_fault *ret_fault)
{
	const unsigned char *start =
	    bytes.n ? (const unsigned char *)bytes.p : (const unsigned char *)"";
	struct reader r = {
	    .start = start,
	    .p = start,
	    .end = start + bytes.n,
	    .arena = a,
	    .batch = BATCH_FIRST,
	    .line = 1,
	};
	struct json *root = node_new(&r);

	if (!root || !read_document(&r, root)) {
		*ret_fault = r.fault;
		return r.err;
	}
	*ret = root;
	return ERR_NONE;
}

const struct json *json_get(const struct json *o, const char *name)
{
	struct span key = span_of(name);

	if (!o || o->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *m = o->first; m; m = m->next)
		if (span_equal(m->name, key))
			return m;
	return NULL;
}

struct span json_get_text(const struct json *o, const char *name)
{
	const struct json *m = json_get(o, name);

	return m && m->kind == JSON_STRING ? m->text : (struct span){0};
}

/* Gathers below zero, where int64 reaches one further. */
static enum err whole_number(struct span s, int64_t *ret)
{
	bool negative = s.n && s.p[0] == '-';
	int64_t value = 0;

	for (uint32_t i = negative; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, s.p[i] - '0', &value))
			return ERR_FORMAT;
	}
	if (!negative && value == INT64_MIN)
		return ERR_FORMAT;
	*ret = negative ? value : -value;
	return ERR_NONE;
}

enum err json_get_int(const struct json *o, const char *name, int64_t *ret)
{
	const struct json *m = json_get(o, name);

	if (!m)
		return ERR_NOT_FOUND;
	return m->kind == JSON_NUMBER ? whole_number(m->text, ret) : ERR_FORMAT;
}
