#include "msg/convert.h"

#include "msg/decode.h"

struct span msg_value_text(struct arena *a, const struct dict_field *f, const void *value)
{
	struct text t = text_in(a);
	struct span qualifier = {0};

	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		return *(const struct span *)value;
	case DICT_NUMBER:
		decimal_write(&t, *(const struct decimal *)value);
		break;
	case DICT_AMOUNT:
		decimal_write(&t, ((const struct amount *)value)->value);
		qualifier = ((const struct amount *)value)->currency;
		break;
	case DICT_QUANTITY:
		decimal_write(&t, ((const struct quantity *)value)->value);
		qualifier = ((const struct quantity *)value)->unit;
		break;
	case DICT_DATETIME:
		text_span(&t, ((const struct datetime *)value)->text);
		qualifier = ((const struct datetime *)value)->format;
		break;
	case DICT_CLASS:
		break;
	}
	if (qualifier.n) {
		text_char(&t, ' ');
		text_span(&t, qualifier);
	}
	return text_as_span(&t);
}

/* Walks one message and looks each value up in the other. */
struct comparing {
	struct arena *arena;
	struct conversion *to;
	struct text pointer;
};

static void compare_class(struct comparing *c, const struct dict_class *class, const void *before,
			  const void *after);

/* after: NULL where the other has none. */
static void compare_value(struct comparing *c, const struct dict_field *f, const void *before,
			  const void *after)
{
	struct span was, is = {0};
	struct lost *lost;

	if (!dict_says(f, before))
		return;
	if (after && !dict_says(f, after))
		after = NULL;
	if (f->kind == DICT_CLASS) {
		compare_class(c, f->of, before, after);
		return;
	}
	c->to->values++;
	was = msg_value_text(c->arena, f, before);
	if (after)
		is = msg_value_text(c->arena, f, after);
	if (after && span_equal(was, is))
		return;
	lost = arena_push(c->arena, (void **)&c->to->lost.v, &c->to->lost.n, &c->to->lost.room,
			  sizeof(*lost));
	*lost = (struct lost){
	    .place = {arena_copy(c->arena, c->pointer.p, c->pointer.n), (uint32_t)c->pointer.n, 0},
	    .value = was,
	    .now = is,
	    .line = dict_line(f, before)};
}

static void compare_list(struct comparing *c, const struct dict_field *f,
			 const struct dict_list *before, const struct dict_list *after)
{
	size_t size = dict_value_size(f), here = c->pointer.n;

	for (uint32_t i = 0; i < before->n; i++) {
		bool there = after && i < after->n;

		text_print(&c->pointer, "/%u", i);
		compare_value(c, f, (const char *)before->v + i * size,
			      there ? (const char *)after->v + i * size : NULL);
		c->pointer.n = here;
	}
}

static void compare_class(struct comparing *c, const struct dict_class *class, const void *before,
			  const void *after)
{
	size_t here = c->pointer.n;

	for (uint32_t i = 0; i < class->field_count; i++) {
		const struct dict_field *f = &class->fields[i];
		const void *was = dict_at(f, before), *is = after ? dict_at(f, after) : NULL;

		text_print(&c->pointer, "/%s", f->name);
		if (f->list)
			compare_list(c, f, was, is);
		else
			compare_value(c, f, was, is);
		c->pointer.n = here;
	}
}

void msg_compare(struct arena *a, const struct message *before, const struct message *after,
		 struct conversion *ret)
{
	struct comparing c = {a, ret, text_in(a)};

	text_string(&c.pointer, "/envelope");
	if (before->envelope.head.present)
		compare_class(&c, &dict_envelope, &before->envelope,
			      after->envelope.head.present ? &after->envelope : NULL);
	c.pointer.n = 0;
	compare_class(&c, &dict_declaration, &before->declaration, &after->declaration);
	for (uint32_t i = 0; i < before->unmapped.n; i++) {
		const struct unmapped *u = &before->unmapped.v[i];
		struct lost *lost = arena_push(a, (void **)&ret->lost.v, &ret->lost.n,
					       &ret->lost.room, sizeof(*lost));

		*lost = (struct lost){
		    .place = u->path, .value = u->value, .line = u->line, .unmapped = true};
	}
}

struct converting {
	struct arena *arena;
	const struct msg_format *to;
	struct conversion *ret;
	struct message after;
};

static void write_it(void *context)
{
	struct converting *c = context;

	c->ret->written = text_in(c->arena);
	c->to->write(&c->ret->written, &c->ret->message, NULL);
}

static void compare_it(void *context)
{
	struct converting *c = context;

	msg_compare(c->arena, &c->ret->message, &c->after, c->ret);
}

static enum err no_memory(enum err e, struct codec_fault *ret_fault)
{
	*ret_fault = (struct codec_fault){
	    1, 1,
	    e == ERR_LIMIT ? "the message needs more memory than one request may take"
			   : "no memory"};
	return e;
}

enum err msg_convert(struct arena *a, struct span bytes, const struct msg_format *from_or_null,
		     const struct edifact_set *directories, const struct msg_format *to,
		     struct conversion *ret, struct codec_fault *ret_fault)
{
	struct converting c = {.arena = a, .to = to, .ret = ret};
	struct findings again;
	enum err e;

	memset(ret, 0, sizeof(*ret));
	if (!to->writes || !to->write) {
		*ret_fault = (struct codec_fault){1, 1, "declarations cannot be written so"};
		return ERR_UNSUPPORTED;
	}
	e = msg_read_with(a, bytes, from_or_null, directories, &ret->message, &ret->findings,
			  ret_fault);
	if (e)
		return e;
	e = arena_run(a, write_it, &c);
	if (e)
		return no_memory(e, ret_fault);
	/* A format that is only written loses whatever cannot be read back. */
	if (to->reads) {
		e = msg_read(a, text_as_span(&ret->written), to, &c.after, &again, ret_fault);
		if (e == ERR_FORMAT || e == ERR_UNSUPPORTED)
			ret_fault->text = "what was written cannot be read again: a bug";
		if (e)
			return e;
	}
	e = arena_run(a, compare_it, &c);
	return e ? no_memory(e, ret_fault) : ERR_NONE;
}
