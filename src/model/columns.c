#include "model/columns.h"

/* ---- the columns of the dictionary ---- */

static uint32_t count_class(const struct dict_class *c)
{
	uint32_t n = c->field_count;

	for (uint32_t i = 0; i < c->field_count; i++)
		if (c->fields[i].kind == DICT_CLASS)
			n += count_class(c->fields[i].of);
	return n;
}

/* The fields of one class stand beside each other, those of its classes behind all of them. */
static void lay_out(struct columns *to, struct column *at, const struct dict_class *c)
{
	at->first = to->n;
	at->count = c->field_count;
	to->n += c->field_count;
	for (uint32_t i = 0; i < c->field_count; i++) {
		struct column *x = &to->v[at->first + i];

		x->field = &c->fields[i];
		if (x->field->kind == DICT_CLASS)
			lay_out(to, x, x->field->of);
	}
}

struct columns columns_of_declaration(struct arena *a)
{
	struct columns c = {.n = 1};

	c.v = ARENA_ARRAY(a, struct column, count_class(&dict_declaration) + 1);
	lay_out(&c, c.v, &dict_declaration);
	return c;
}

bool columns_want(const struct columns *c, struct span path, bool *wanted)
{
	const struct column *at = c->v;

	wanted[0] = true;
	while (path.n) {
		const char *stop = memchr(path.p, '.', path.n);
		uint32_t n = stop ? (uint32_t)(stop - path.p) : path.n, i = 0;

		while (i < at->count &&
		       !span_is((struct span){path.p, n, 0}, c->v[at->first + i].field->name))
			i++;
		if (i == at->count)
			return false;
		at = &c->v[at->first + i];
		wanted[at - c->v] = true;
		n += stop != NULL;
		path = (struct span){path.p + n, path.n - n, 0};
	}
	return true;
}

/* ---- values ---- */

void columns_put_count(struct text *t, uint64_t v)
{
	for (; v >= 128; v >>= 7)
		text_char(t, (char)(uint8_t)(v | 128));
	text_char(t, (char)(uint8_t)v);
}

void columns_put_number(struct text *t, int64_t v)
{
	columns_put_count(t, (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

void columns_put_text(struct text *t, struct span s)
{
	columns_put_count(t, s.p ? (uint64_t)s.n + 1 : 0);
	if (s.p)
		text_span(t, s);
}

uint64_t columns_get_count(struct columns_stream *s, bool *bad)
{
	uint64_t v = 0;

	for (unsigned shift = 0; s->p < s->end && shift < 64; shift += 7) {
		v |= (uint64_t)(*s->p & 127) << shift;
		if (!(*s->p++ & 128))
			return v;
	}
	*bad = true;
	return 0;
}

int64_t columns_get_number(struct columns_stream *s, bool *bad)
{
	uint64_t v = columns_get_count(s, bad);

	return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}

struct span columns_get_text(struct columns_stream *s, bool *bad)
{
	uint64_t n = columns_get_count(s, bad);
	struct span ret = {NULL, 0, 0};

	if (!n)
		return ret;
	if (n - 1 > (uint64_t)(s->end - s->p)) {
		*bad = true;
		return ret;
	}
	ret = (struct span){(const char *)s->p, (uint32_t)(n - 1), 0};
	s->p += n - 1;
	return ret;
}

/* Nought, or one more than the scale and then the units. */
static void put_decimal(struct text *t, struct decimal d)
{
	columns_put_count(t, d.set ? (uint64_t)d.scale + 1 : 0);
	if (d.set)
		columns_put_number(t, d.units);
}

static struct decimal get_decimal(struct columns_stream *s, bool *bad)
{
	uint64_t scale = columns_get_count(s, bad);

	if (!scale || scale > UINT8_MAX)
		return (struct decimal){0};
	return decimal_of(columns_get_number(s, bad), (uint8_t)(scale - 1));
}

/* ---- writing ---- */

void columns_begin(const struct columns *c, struct arena *a, struct columns_out *ret)
{
	ret->stream = ARENA_ARRAY(a, struct text, c->n);
	ret->says = ARENA_ARRAY(a, bool, c->n);
	for (uint32_t i = 0; i < c->n; i++)
		ret->stream[i] = text_in(a);
}

static void put_datetime(struct text *t, const struct datetime *d)
{
	columns_put_text(t, d->text);
	if (!d->text.p)
		return;
	columns_put_text(t, d->format);
	columns_put_number(t, d->day);
	columns_put_number(t, d->moment);
}

static void put_leaf(struct text *t, const struct dict_field *f, const void *value)
{
	const struct amount *amount = value;
	const struct quantity *quantity = value;

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		columns_put_text(t, *(const struct span *)value);
		return;
	case DICT_NUMBER:
		put_decimal(t, *(const struct decimal *)value);
		return;
	case DICT_AMOUNT:
		put_decimal(t, amount->value);
		if (amount->value.set)
			columns_put_text(t, amount->currency);
		return;
	case DICT_QUANTITY:
		put_decimal(t, quantity->value);
		if (quantity->value.set)
			columns_put_text(t, quantity->unit);
		return;
	case DICT_DATETIME:
		put_datetime(t, value);
		return;
	case DICT_CLASS:
		return;
	}
}

static void put_class(const struct columns *c, struct columns_out *to, const struct column *of,
		      const void *object);

static void put_value(const struct columns *c, struct columns_out *to, const struct column *x,
		      const void *value)
{
	const bool says = dict_says(x->field, value);
	struct text *t = &to->stream[x - c->v];

	to->says[x - c->v] |= says;
	if (x->field->kind != DICT_CLASS) {
		put_leaf(t, x->field, value);
		return;
	}
	text_char(t, says);
	if (says)
		put_class(c, to, x, value);
}

/* As deep as the dictionary is. */
static void put_class(const struct columns *c, struct columns_out *to, const struct column *of,
		      const void *object)
{
	for (const struct column *x = &c->v[of->first]; x < &c->v[of->first + of->count]; x++) {
		const struct dict_list *list = dict_at(x->field, object);
		const char *at = list->v;

		if (!x->field->list) {
			put_value(c, to, x, list);
			continue;
		}
		columns_put_count(&to->stream[x - c->v], list->n);
		to->says[x - c->v] |= list->n > 0;
		for (uint32_t i = 0; i < list->n; i++, at += dict_value_size(x->field))
			put_value(c, to, x, at);
	}
}

void columns_add(const struct columns *c, struct columns_out *to, const struct declaration *d)
{
	put_class(c, to, c->v, d);
}

/* ---- reading ---- */

static void get_datetime(struct columns_stream *s, bool *bad, struct datetime *ret)
{
	ret->text = columns_get_text(s, bad);
	if (!ret->text.p)
		return;
	ret->format = columns_get_text(s, bad);
	ret->day = (int32_t)columns_get_number(s, bad);
	ret->moment = columns_get_number(s, bad);
}

static void get_leaf(struct columns_stream *s, bool *bad, const struct dict_field *f, void *value)
{
	struct amount *amount = value;
	struct quantity *quantity = value;

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)value = columns_get_text(s, bad);
		return;
	case DICT_NUMBER:
		*(struct decimal *)value = get_decimal(s, bad);
		return;
	case DICT_AMOUNT:
		amount->value = get_decimal(s, bad);
		if (amount->value.set)
			amount->currency = columns_get_text(s, bad);
		return;
	case DICT_QUANTITY:
		quantity->value = get_decimal(s, bad);
		if (quantity->value.set)
			quantity->unit = columns_get_text(s, bad);
		return;
	case DICT_DATETIME:
		get_datetime(s, bad, value);
		return;
	case DICT_CLASS:
		return;
	}
}

static void get_class(const struct columns *c, struct columns_in *from, struct arena *a,
		      const struct column *of, void *object);

static void get_value(const struct columns *c, struct columns_in *from, struct arena *a,
		      const struct column *x, void *value)
{
	struct columns_stream *s = &from->stream[x - c->v];

	if (x->field->kind != DICT_CLASS) {
		get_leaf(s, &from->bad, x->field, value);
		return;
	}
	if (s->p == s->end) {
		from->bad = true;
		return;
	}
	if (!*s->p++)
		return;
	((struct dict_head *)value)->present = true;
	get_class(c, from, a, x, value);
}

static void get_list(const struct columns *c, struct columns_in *from, struct arena *a,
		     const struct column *x, struct dict_list *list)
{
	struct columns_stream *s = &from->stream[x - c->v];
	size_t size = dict_value_size(x->field);
	uint64_t n = columns_get_count(s, &from->bad);
	char *at;

	/* each takes a byte of its own at least */
	if (n > (uint64_t)(s->end - s->p)) {
		from->bad = true;
		return;
	}
	if (!n)
		return;
	list->v = at = arena_array(a, size, n);
	list->n = list->room = (uint32_t)n;
	for (uint32_t i = 0; i < list->n; i++, at += size)
		get_value(c, from, a, x, at);
}

static void get_class(const struct columns *c, struct columns_in *from, struct arena *a,
		      const struct column *of, void *object)
{
	for (uint32_t i = of->first; i < of->first + of->count; i++) {
		const struct column *x = &c->v[i];

		if (!from->wanted[i] || from->stream[i].p == NULL)
			continue;
		if (x->field->list)
			get_list(c, from, a, x, dict_at(x->field, object));
		else
			get_value(c, from, a, x, dict_at(x->field, object));
	}
}

void columns_next(const struct columns *c, struct columns_in *from, struct arena *a,
		  struct declaration *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->head.present = true;
	get_class(c, from, a, c->v, ret);
}
