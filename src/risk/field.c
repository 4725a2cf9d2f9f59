#include "risk/room.h"

static const struct dict_class *class_of(bool of_item)
{
	return of_item ? &dict_goods_item : &dict_declaration;
}

static enum signal_type type_of(const struct dict_field *f, bool extra)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
	case DICT_CLASS:
		break;
	case DICT_NUMBER:
		return TYPE_NUMBER;
	case DICT_AMOUNT:
	case DICT_QUANTITY:
		return extra ? TYPE_TEXT : TYPE_NUMBER;
	case DICT_DATETIME:
		return TYPE_DAY;
	}
	return TYPE_TEXT;
}

/* The part of a name before its next full stop; name goes on behind it. */
static struct span next_part(struct span *name)
{
	struct span part = {name->p, 0, 0};

	while (part.n < name->n && name->p[part.n] != '.')
		part.n++;
	*name = part.n < name->n ? (struct span){name->p + part.n + 1, name->n - part.n - 1, 0}
				 : (struct span){name->p + part.n, 0, 0};
	return part;
}

/* Behind an amount stands its currency, behind a quantity its unit. */
static bool is_extra(const struct dict_field *f, struct span rest)
{
	return (f->kind == DICT_AMOUNT && span_is(rest, "currency")) ||
	       (f->kind == DICT_QUANTITY && span_is(rest, "unit"));
}

/* The items have fields of their own, under "item". */
static bool is_items(const struct dict_field *f)
{
	return f->of == &dict_goods_item;
}

/* Follows a name from a class down to a value; ret->of_item says from which. */
static bool follow(struct span name, struct path *ret)
{
	const struct dict_class *c = class_of(ret->of_item);

	while (name.n) {
		const struct dict_field *f = dict_field(c, next_part(&name));

		if (!f || is_items(f) || ret->steps == PATH_STEPS)
			return false;
		ret->step[ret->steps++] = f;
		if (f->kind != DICT_CLASS) {
			ret->extra = is_extra(f, name);
			return !name.n || ret->extra;
		}
		c = f->of;
	}
	return false;
}

static bool find_signal(struct span name, enum signal *ret)
{
	for (uint32_t i = 0; i < SIGNALS; i++) {
		if (span_is(name, signals[i].name)) {
			*ret = (enum signal)i;
			return true;
		}
	}
	return false;
}

static bool find_path(struct span name, struct path *ret)
{
	struct span first;

	if (!name.n || name.p[name.n - 1] == '.')
		return false;
	first = next_part(&name);
	*ret = (struct path){.of_item = span_is(first, "item")};
	return (ret->of_item || span_is(first, "declaration")) && follow(name, ret);
}

bool field_find(struct arena *a, struct span name, struct field *ret)
{
	enum signal signal;
	struct path path, *kept;

	if (find_signal(name, &signal)) {
		*ret = (struct field){
		    .operand = {OF_SIGNAL, (uint8_t)signals[signal].type, (uint8_t)signal, NULL},
		    .of_item = signals[signal].scope == SCOPE_ITEM};
		return true;
	}
	if (!find_path(name, &path))
		return false;
	kept = ARENA_NEW(a, struct path);
	*kept = path;
	*ret = (struct field){
	    .operand = {OF_PATH, (uint8_t)type_of(path.step[path.steps - 1], path.extra), 0, kept},
	    .of_item = path.of_item};
	return true;
}

/* ---- reading ---- */

struct path_walk {
	const struct path *path;
	path_visitor *visit;
	void *context;
};

static bool leaf_text(struct span s, struct value *v)
{
	v->text = s;
	return s.n > 0;
}

static bool leaf_number(struct decimal d, struct value *v)
{
	v->number = d;
	return d.set;
}

static bool leaf(const struct path *p, const struct dict_field *f, const void *at, struct value *v)
{
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return leaf_text(*(const struct span *)at, v);
	case DICT_NUMBER:
		return leaf_number(*(const struct decimal *)at, v);
	case DICT_AMOUNT:
		return p->extra ? leaf_text(((const struct amount *)at)->currency, v)
				: leaf_number(((const struct amount *)at)->value, v);
	case DICT_QUANTITY:
		return p->extra ? leaf_text(((const struct quantity *)at)->unit, v)
				: leaf_number(((const struct quantity *)at)->value, v);
	case DICT_DATETIME:
		v->number = decimal_of(((const struct datetime *)at)->day, 0);
		return ((const struct datetime *)at)->day != 0;
	case DICT_CLASS:
		break;
	}
	return false;
}

/* As deep as the path has steps. */
static bool walk(const struct path_walk *w, uint32_t step, const void *object)
{
	const struct dict_field *f = w->path->step[step];
	const struct dict_list *list = dict_at(f, object);
	const char *at = f->list ? list->v : (const char *)list;
	uint32_t n = f->list ? list->n : 1;
	size_t size = dict_value_size(f);

	for (uint32_t i = 0; i < n; i++, at += size) {
		struct value v;

		if (f->kind == DICT_CLASS) {
			if (walk(w, step + 1, at))
				return true;
			continue;
		}
		v.state = 0;
		if (leaf(w->path, f, at, &v) && w->visit(w->context, &v))
			return true;
	}
	return false;
}

bool path_visit(const struct path *p, const struct subject *s, path_visitor *visit, void *context)
{
	return walk(&(struct path_walk){p, visit, context}, 0,
		    p->of_item ? (const void *)s->item : s->d);
}

/* ---- for editors ---- */

struct listing {
	struct arena *arena;
	void (*take)(void *context, const struct risk_field *f);
	void *context;
	bool of_item;
};

static const char *type_word(enum signal_type t)
{
	static const char *const words[] = {[TYPE_TEXT] = "text",
					    [TYPE_NUMBER] = "number",
					    [TYPE_DAY] = "day",
					    [TYPE_FLAG] = "flag"};

	return words[t];
}

static void list_one(const struct listing *l, const char *name, const struct dict_field *f,
		     bool extra, bool several)
{
	enum signal signal;

	if (find_signal(span_of(name), &signal))
		return; /* which stands before */
	l->take(l->context, &(struct risk_field){.name = span_of(name),
						 .type = type_word(type_of(f, extra)),
						 .about = l->of_item ? "item" : "declaration",
						 .title = f->title,
						 .several = several});
}

/* As deep as the dictionary is. */
static void list_class(const struct listing *l, const struct dict_class *c, const char *before,
		       bool several, uint32_t depth)
{
	for (uint32_t i = 0; i < c->field_count && depth < PATH_STEPS; i++) {
		const struct dict_field *f = &c->fields[i];
		const char *name;

		if (is_items(f))
			continue;
		name = arena_print(l->arena, "%s.%s", before, f->name);
		if (f->kind == DICT_CLASS) {
			list_class(l, f->of, name, several || f->list, depth + 1);
			continue;
		}
		list_one(l, name, f, false, several || f->list);
		if (f->kind == DICT_AMOUNT || f->kind == DICT_QUANTITY)
			list_one(l,
				 arena_print(l->arena, "%s.%s", name,
					     f->kind == DICT_AMOUNT ? "currency" : "unit"),
				 f, true, several || f->list);
	}
}

void risk_each_field(struct arena *a, void (*take)(void *context, const struct risk_field *f),
		     void *context)
{
	static const char *const titles[SIGNALS] = {
#define SIGNAL(id, name, type, scope, title) [SIGNAL_##id] = title,
#include "risk/signals.def"
#undef SIGNAL
	};
	struct listing l = {a, take, context, false};

	for (uint32_t i = 0; i < SIGNALS; i++)
		take(context, &(struct risk_field){
				  .name = span_of(signals[i].name),
				  .type = type_word(signals[i].type),
				  .about = signals[i].scope == SCOPE_ITEM ? "item" : "declaration",
				  .title = titles[i]});
	list_class(&l, class_of(false), "declaration", false, 0);
	l.of_item = true;
	list_class(&l, class_of(true), "item", false, 0);
}
