#include "dict/dict.h"

size_t dict_value_size(const struct dict_field *f)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return sizeof(struct span);
	case DICT_NUMBER:
		return sizeof(struct decimal);
	case DICT_AMOUNT:
		return sizeof(struct amount);
	case DICT_QUANTITY:
		return sizeof(struct quantity);
	case DICT_DATETIME:
		return sizeof(struct datetime);
	case DICT_CLASS:
		return f->of->size;
	}
	return 0;
}

const struct dict_field *dict_field(const struct dict_class *c, struct span name)
{
	for (uint32_t i = 0; i < c->field_count; i++)
		if (span_is(name, c->fields[i].name))
			return &c->fields[i];
	return NULL;
}

bool dict_says(const struct dict_field *f, const void *value)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return ((const struct span *)value)->p != NULL;
	case DICT_NUMBER:
		return ((const struct decimal *)value)->set;
	case DICT_AMOUNT:
		return ((const struct amount *)value)->value.set;
	case DICT_QUANTITY:
		return ((const struct quantity *)value)->value.set;
	case DICT_DATETIME:
		return ((const struct datetime *)value)->text.p != NULL;
	case DICT_CLASS:
		return ((const struct dict_head *)value)->present;
	}
	return false;
}

uint32_t dict_line(const struct dict_field *f, const void *value)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return ((const struct span *)value)->line;
	case DICT_NUMBER:
		return ((const struct decimal *)value)->line;
	case DICT_AMOUNT:
		return ((const struct amount *)value)->value.line;
	case DICT_QUANTITY:
		return ((const struct quantity *)value)->value.line;
	case DICT_DATETIME:
		return ((const struct datetime *)value)->text.line;
	case DICT_CLASS:
		return ((const struct dict_head *)value)->line;
	}
	return 0;
}

typedef bool visitor(void *context, const struct dict_field *f, const void *value,
		     const void *parent);

static bool visit_value(const struct dict_field *f, const void *value, const void *parent,
			visitor *visit, void *context)
{
	if (!dict_says(f, value))
		return true;
	if (f->kind == DICT_CLASS)
		return dict_visit(f->of, value, visit, context);
	return visit(context, f, value, parent);
}

bool dict_visit(const struct dict_class *c, const void *object, visitor *visit, void *context)
{
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		const struct dict_list *list = dict_at(f, object);
		size_t size = dict_value_size(f);

		if (!f->list) {
			if (!visit_value(f, list, object, visit, context))
				return false;
			continue;
		}
		for (uint32_t j = 0; j < list->n; j++)
			if (!visit_value(f, (const char *)list->v + j * size, object, visit,
					 context))
				return false;
	}
	return true;
}

/* What dict_locate() looks for, and the place so far. */
struct search {
	const char *at;
	struct text *pointer;
	uint32_t line;
};

static bool locate_in(const struct dict_class *c, const char *object, struct search *s);

/* Is the address in this one value? The deepest line known on the way wins. */
static bool locate_value(const struct dict_field *f, const char *value, struct search *s)
{
	if (s->at < value || s->at >= value + dict_value_size(f))
		return f->kind == DICT_CLASS && locate_in(f->of, value, s);
	if (dict_line(f, value))
		s->line = dict_line(f, value);
	if (f->kind == DICT_CLASS && s->at != value)
		return locate_in(f->of, value, s);
	return true;
}

static bool locate_in(const struct dict_class *c, const char *object, struct search *s)
{
	size_t before = s->pointer->n;
	uint32_t line = s->line;

	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		const struct dict_list *list = dict_at(f, object);
		uint32_t n = f->list ? list->n : 1;

		if (f->list && s->at >= (const char *)list && s->at < (const char *)(list + 1)) {
			text_print(s->pointer, "/%s", f->name);
			return true;
		}
		if (!f->list && f->kind != DICT_CLASS &&
		    (s->at < (const char *)list ||
		     s->at >= (const char *)list + dict_value_size(f)))
			continue;
		for (uint32_t j = 0; j < n; j++) {
			const char *value = f->list ? (const char *)list->v + j * dict_value_size(f)
						    : (const char *)list;

			if (f->list)
				text_print(s->pointer, "/%s/%u", f->name, j);
			else
				text_print(s->pointer, "/%s", f->name);
			if (locate_value(f, value, s))
				return true;
			s->pointer->n = before;
			s->line = line;
		}
	}
	return false;
}

bool dict_locate(const struct dict_class *c, const void *object, const void *value,
		 struct text *pointer, uint32_t *ret_line)
{
	struct search s = {value, pointer, ((const struct dict_head *)object)->line};

	if (value != object && !locate_in(c, object, &s))
		return false;
	*ret_line = s.line;
	return true;
}

/* Without zeros before it (RFC 6901, 4): a place has one pointer. */
static bool parse_index(struct span s, uint32_t n, uint32_t *ret)
{
	uint32_t value = 0;

	if (!s.n || s.n > 4 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(s.p[i] - '0');
	}
	*ret = value;
	return value < n;
}

const void *dict_find(const struct dict_class *c, const void *object, struct span pointer,
		      const struct dict_field **ret_field)
{
	const void *value = object;

	*ret_field = NULL;
	if (pointer.n == 0)
		return value;
	if (pointer.p[0] != '/')
		return NULL;
	span_cut(&pointer, '/');
	while (pointer.p) {
		const struct dict_field *f = c ? dict_field(c, span_cut(&pointer, '/')) : NULL;

		if (!f)
			return NULL;
		value = dict_at(f, value);
		if (f->list && pointer.p) {
			const struct dict_list *list = value;
			uint32_t i;

			if (!parse_index(span_cut(&pointer, '/'), list->n, &i))
				return NULL;
			value = (const char *)list->v + i * dict_value_size(f);
		}
		c = f->kind == DICT_CLASS ? f->of : NULL;
		*ret_field = f;
	}
	return value;
}
