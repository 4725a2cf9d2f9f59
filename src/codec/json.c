#include "codec/json.h"

#include <stdlib.h>

#include "base/limits.h"
#include "codec/eight.h"

/* Objects up to this size have their names compared directly, larger ones are sorted: a stranger cannot make it quadratic,
 * and sorting, unlike hashing, cannot be flooded with collisions. */
enum { DIRECT_NAMES = 32 };

/* Nodes are taken from the arena in batches that grow, so that a small text costs little and a large one few calls. */
enum { BATCH_FIRST = 16, BATCH_MAX = 512 };

/* Functions that read take the place where they begin and return the place behind what they read, or NULL when they refused:
 * the place stays in a register. */
struct reader {
	const unsigned char *start, *end;
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

static const unsigned char *refuse_on(struct reader *r, enum err e, const unsigned char *at,
				      uint32_t line, const char *text)
{
	const unsigned char *before =
	    at > r->start ? memrchr(r->start, '\n', (size_t)(at - r->start)) : NULL;
	const unsigned char *line_start = before ? before + 1 : r->start;

	r->err = e;
	r->fault = (struct codec_fault){line, (uint32_t)(at - line_start) + 1, text};
	return NULL;
}

/* Faults stand on the current line: line ends occur only between tokens. */
static const unsigned char *refuse(struct reader *r, const unsigned char *at, const char *text)
{
	return refuse_on(r, ERR_FORMAT, at, r->line, text);
}

static const unsigned char *refuse_memory(struct reader *r, const unsigned char *at)
{
	enum err e = arena_failure(r->arena);

	return refuse_on(r, e, at, r->line,
			 e == ERR_LIMIT ? "the text needs more memory than one request may take"
					: "no memory");
}

static inline const unsigned char *skip_space(struct reader *r, const unsigned char *p)
{
	const unsigned char *end = r->end;

	for (; p < end && *p <= ' '; p++) {
		if (*p == '\n') {
			r->line++;
			while (end - p > 8 && eight_load(p + 1) == EIGHT(' '))
				p += 8;
		} else if (*p != ' ' && *p != '\r' && *p != '\t') {
			break;
		}
	}
	return p;
}

/* NULL: refused. */
static inline struct json *node_new(struct reader *r, const unsigned char *at)
{
	struct json *node;

	if (!r->spares) {
		r->spare = arena_try(r->arena, r->batch * sizeof(*r->spare));
		if (!r->spare) {
			refuse_memory(r, at);
			return NULL;
		}
		r->spares = r->batch;
		if (r->batch < BATCH_MAX)
			r->batch *= 2;
	}
	if (r->values == LIMIT_JSON_VALUES) {
		refuse_on(r, ERR_LIMIT, at, r->line, "too many values");
		return NULL;
	}
	r->values++;
	r->spares--;
	node = r->spare++;
	node->at = (uint32_t)(at - r->start);
	return node;
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

/* The character of the \u at p, a surrogate pair as one. Its string ends before end. */
static const unsigned char *read_code_point(struct reader *r, const unsigned char *p,
					    const unsigned char *end, char **to)
{
	int32_t unit = read_unit(p + 2, end), low;
	const unsigned char *next = p + 6;

	if (unit < 0)
		return refuse(r, p, "\\u needs four hexadecimal digits");
	if (unit >= 0xd800 && unit < 0xe000) {
		low = end - next >= 6 && next[0] == '\\' && next[1] == 'u'
			  ? read_unit(next + 2, end)
			  : -1;
		if (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
			return refuse(r, p, "a surrogate stands alone");
		next += 6;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	}
	*to = utf8_put(*to, (uint32_t)unit);
	return next;
}

/* The escape at p. */
static const unsigned char *read_escape(struct reader *r, const unsigned char *p,
					const unsigned char *end, char **to)
{
	static const char plain[][2] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},  {'b', '\b'},
					{'f', '\f'}, {'n', '\n'},  {'r', '\r'}, {'t', '\t'}};

	if (p[1] == 'u')
		return read_code_point(r, p, end, to);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (plain[i][0] == (char)p[1]) {
			*(*to)++ = plain[i][1];
			return p + 2;
		}
	}
	return refuse(r, p, "an unknown escape");
}

/* Decoding never makes a text longer, so the raw length is room enough. */
static bool decode_string(struct reader *r, const unsigned char *p, const unsigned char *end,
			  struct span *ret)
{
	char *to = arena_try(r->arena, (size_t)(end - p));

	if (!to)
		return refuse_memory(r, p);
	ret->p = to;
	while (p && p < end) {
		const unsigned char *run = memchr(p, '\\', (size_t)(end - p));
		size_t n = (size_t)((run ? run : end) - p);

		memcpy(to, p, n);
		to += n;
		p += n;
		if (p < end)
			p = read_escape(r, p, end, &to);
	}
	ret->n = (uint32_t)(to - ret->p);
	return p != NULL;
}

/* The closing quote of a string whose first backslash, control character or end is p; NULL when it has none. */
static const unsigned char *find_close(struct reader *r, const unsigned char *p, uint64_t *high)
{
	while (r->end - p >= 2 && *p == '\\')
		p = eight_string_end(p[1] < 0x20 ? p + 1 : p + 2, r->end, high);
	if (p < r->end && *p == '"')
		return p;
	if (p < r->end && *p < 0x20)
		return refuse(r, p, "a control character stands inside a string");
	return refuse(r, r->end, "a string is not closed");
}

/* What is not plain ASCII without escapes. begin stands behind the opening quote, p where plain text ends. */
static const unsigned char *finish_string(struct reader *r, const unsigned char *begin,
					  const unsigned char *p, uint64_t high, struct span *ret)
{
	const unsigned char *end = find_close(r, p, &high);
	uint32_t good;

	if (!end)
		return NULL;
	*ret = (struct span){(const char *)begin, (uint32_t)(end - begin), r->line};
	if (high & EIGHT_HIGH) {
		good = span_utf8_prefix(*ret);
		if (good < ret->n)
			return refuse(r, begin + good, "not UTF-8");
	}
	if (end != p && !decode_string(r, begin, end, ret))
		return NULL;
	return end + 1;
}

/* A string; p stands on the opening quote. */
static inline const unsigned char *read_string(struct reader *r, const unsigned char *p,
					       struct span *ret)
{
	const unsigned char *begin = p + 1;
	uint64_t high = 0;

	p = eight_string_end(begin, r->end, &high);
	if (p == r->end || *p != '"' || (high & EIGHT_HIGH))
		return finish_string(r, begin, p, high, ret);
	*ret = (struct span){(const char *)begin, (uint32_t)(p - begin), r->line};
	return p + 1;
}

static inline const unsigned char *skip_digits(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static const unsigned char *read_number(struct reader *r, const unsigned char *begin,
					struct json *v)
{
	const unsigned char *p = begin, *end = r->end, *digits;

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
	return p;
}

static const unsigned char *read_word(struct reader *r, const unsigned char *p, struct json *v,
				      struct span word, enum json_kind kind)
{
	if ((size_t)(r->end - p) < word.n || memcmp(p, word.p, word.n) != 0)
		return refuse(r, p, "a value must stand here");
	v->kind = kind;
	v->text.line = r->line;
	return p + word.n;
}

static inline const unsigned char *read_scalar(struct reader *r, const unsigned char *p,
					       struct json *v)
{
	switch (*p) {
	case '"':
		v->kind = JSON_STRING;
		return read_string(r, p, &v->text);
	case 't':
		return read_word(r, p, v, SPAN("true"), JSON_TRUE);
	case 'f':
		return read_word(r, p, v, SPAN("false"), JSON_FALSE);
	case 'n':
		return read_word(r, p, v, SPAN("null"), JSON_NULL);
	case '-':
	case '0' ... '9':
		return read_number(r, p, v);
	}
	return refuse(r, p, "a value must stand here");
}

/* A member's name and colon, to where its value begins. */
static inline const unsigned char *read_name(struct reader *r, const unsigned char *p,
					     struct json *member)
{
	if (p == r->end || *p != '"')
		return refuse(r, p, "a name in quotes must stand here");
	p = read_string(r, p, &member->name);
	if (!p)
		return NULL;
	p = skip_space(r, p);
	if (p == r->end || *p != ':')
		return refuse(r, p, "a colon must stand behind a name");
	return skip_space(r, p + 1);
}

static bool refuse_duplicate(struct reader *r, const struct json *member)
{
	return refuse_on(r, ERR_FORMAT, r->start + member->at, member->name.line,
			 "the name stands twice in one object");
}

/* One bit of 64 by length and some bytes: names that differ in it differ. */
static inline uint64_t name_bit(struct span name)
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
		return refuse_memory(r, r->start + object->at);
	for (const struct json *m = object->first; m; m = m->next)
		sorted[n++] = m;
	qsort(sorted, n, sizeof(*sorted), compare_members);
	for (uint32_t i = 1; i < n; i++)
		if (span_equal(sorted[i - 1]->name, sorted[i]->name) &&
		    (!first || sorted[i]->at < first->at))
			first = sorted[i];
	return !first || refuse_duplicate(r, first);
}

static bool check_names(struct reader *r, const struct json *v)
{
	if (v->kind != JSON_OBJECT || v->count < 2)
		return true;
	return v->count <= DIRECT_NAMES ? check_few_names(r, v) : check_many_names(r, v);
}

/* Behind a value, or where an array or object has just been opened (*first): closes every level that ends here. Then *ret is
 * the child that comes next, with its name read, and the place that of its value; or NULL when the outermost value is
 * complete. */
static inline const unsigned char *next_value(struct reader *r, const unsigned char *p,
					      struct level *stack, uint32_t *depth, bool first,
					      struct json **ret)
{
	for (; *depth; --*depth, first = false) {
		struct level *top = &stack[*depth - 1];
		bool object = top->node->kind == JSON_OBJECT;

		p = skip_space(r, p);
		if (p < r->end && *p == (object ? '}' : ']')) {
			if (!check_names(r, top->node))
				return NULL;
			p++;
			continue;
		}
		if (!first) {
			if (p == r->end || *p != ',')
				return refuse(r, p,
					      object ? "a comma or } must stand here"
						     : "a comma or ] must stand here");
			p = skip_space(r, p + 1);
		}
		*ret = node_new(r, p);
		if (!*ret)
			return NULL;
		*top->tail = *ret;
		top->tail = &(*ret)->next;
		top->node->count++;
		return object ? read_name(r, p, *ret) : p;
	}
	*ret = NULL;
	return p;
}

static const unsigned char *read_value(struct reader *r, const unsigned char *p, struct json *root)
{
	struct level stack[LIMIT_DEPTH];
	struct json *v = root;
	uint32_t depth = 0;

	while (p && v) {
		bool opened = p < r->end && (*p == '{' || *p == '[');

		if (p == r->end)
			return refuse(r, p, "a value must stand here");
		v->line = r->line;
		if (opened) {
			if (depth == LIMIT_DEPTH)
				return refuse_on(r, ERR_LIMIT, p, r->line, "nested too deeply");
			v->kind = *p++ == '{' ? JSON_OBJECT : JSON_ARRAY;
			v->text.line = r->line;
			stack[depth++] = (struct level){v, &v->first};
		} else {
			p = read_scalar(r, p, v);
		}
		if (p)
			p = next_value(r, p, stack, &depth, opened, &v);
	}
	return p;
}

enum err json_read(struct arena *a, struct span bytes, const struct json **ret,
		   struct codec_fault *ret_fault)
{
	const unsigned char *p =
	    bytes.n ? (const unsigned char *)bytes.p : (const unsigned char *)"";
	struct reader r = {
	    .start = p, .end = p + bytes.n, .arena = a, .batch = BATCH_FIRST, .line = 1};
	struct json *root;

	p = skip_space(&r, p);
	root = node_new(&r, p);
	p = root ? read_value(&r, p, root) : NULL;
	if (p) {
		p = skip_space(&r, p);
		if (p < r.end)
			p = refuse(&r, p, "something stands behind the value");
	}
	if (!p) {
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
