#include "msg/decode.h"

#include "base/date.h"
#include "base/limits.h"

/* How the envelope is called in pointers: it is a member of the declaration in JSON, though not in the model. */
static const struct dict_field envelope_field = {
    .name = "envelope", .length = 8, .kind = DICT_CLASS, .of = &dict_envelope};

struct decoder decode_into(struct arena *a, struct message *m, struct findings *f)
{
	return (struct decoder){.arena = a,
				.message = m,
				.root = &dict_declaration,
				.object = &m->declaration,
				.unmapped = &m->unmapped,
				.directories = m->directories,
				.directory = &m->directory,
				.findings = f};
}

struct decoder decode_cargo_into(struct arena *a, struct cargo_message *m, struct findings *f)
{
	return (struct decoder){.arena = a,
				.root = &dict_cargo_report,
				.object = &m->report,
				.unmapped = &m->unmapped,
				.directories = m->directories,
				.directory = &m->directory,
				.findings = f};
}

static void push(struct decoder *d, const struct dict_class *c, void *object,
		 const struct dict_field *f, uint32_t line)
{
	BUG_ON(d->depth == DECODE_DEPTH);
	*(struct dict_head *)object = (struct dict_head){line, true};
	d->step[d->depth++] = (struct decode_step){.class = c, .object = object, .field = f};
}

void decode_enter_root(struct decoder *d, uint32_t line)
{
	push(d, d->root, d->object, NULL, line);
}

void decode_enter_envelope(struct decoder *d, uint32_t line)
{
	push(d, &dict_envelope, &d->message->envelope, &envelope_field, line);
}

/* The place of one more value of a field; NULL when memory ends. */
static void *place_for(struct decoder *d, const struct dict_field *f)
{
	void *at = dict_at(f, decode_here(d)->object);
	struct dict_list *list = at;

	if (!f->list)
		return at;
	return arena_try_push(d->arena, &list->v, &list->n, &list->room, dict_value_size(f));
}

bool decode_enter(struct decoder *d, const struct dict_field *f, uint32_t line)
{
	void *object = place_for(d, f);

	if (!object)
		return false;
	if (f->list) {
		const struct dict_list *list = dict_at(f, decode_here(d)->object);

		push(d, f->of, object, f, line);
		decode_here(d)->index = list->n - 1;
	} else {
		push(d, f->of, object, f, line);
	}
	return true;
}

static bool is_missing(const struct dict_field *f, const void *object)
{
	const void *at = dict_at(f, object);

	if (f->list)
		return ((const struct dict_list *)at)->n == 0;
	return !dict_says(f, at);
}

bool decode_leave(struct decoder *d)
{
	const struct decode_step *s = decode_here(d);

	for (uint32_t i = 0; s->class->required_count && i < s->class->field_count; i++) {
		const struct dict_field *f = &s->class->fields[i];

		if (f->required && is_missing(f, s->object) &&
		    !decode_finding(d, FINDING_DECODE_MISSING, f,
				    ((struct dict_head *)s->object)->line, decode_name(f),
				    NO_VALUE))
			return false;
	}
	d->depth--;
	return true;
}

/* ---- by pointer ---- */

/* A step into what may have been entered before. */
static void push_again(struct decoder *d, const struct dict_class *c, void *object,
		       const struct dict_field *f, uint32_t index, uint32_t line)
{
	struct dict_head *head = object;

	BUG_ON(d->depth == DECODE_DEPTH);
	if (!head->present)
		*head = (struct dict_head){line, true};
	d->step[d->depth++] = (struct decode_step){c, object, f, index};
}

/* An index of a pointer: digits, at most four. */
static bool take_index(struct span s, uint32_t *ret)
{
	*ret = 0;
	for (uint32_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*ret = *ret * 10 + (uint32_t)(s.p[i] - '0');
	}
	return s.n >= 1 && s.n <= 4;
}

const struct dict_field *decode_pointer_ok(const struct dict_class *root, struct span pointer)
{
	const struct dict_class *c = root;
	const struct dict_field *f = NULL;
	uint32_t index;

	if (!pointer.n || pointer.p[0] != '/')
		return NULL;
	if (span_starts(pointer, SPAN("/envelope/")) && root == &dict_declaration) {
		pointer = (struct span){pointer.p + 9, pointer.n - 9, 0};
		c = &dict_envelope;
	}
	span_cut(&pointer, '/');
	while (pointer.p) {
		f = c ? dict_field(c, span_cut(&pointer, '/')) : NULL;
		if (!f || (f->list && (!pointer.p || !take_index(span_cut(&pointer, '/'), &index) ||
				       index >= f->max)))
			return NULL;
		c = f->kind == DICT_CLASS ? f->of : NULL;
	}
	return f && f->kind != DICT_CLASS ? f : NULL;
}

/* The member of a class's list, made with those before it where it is not there. NULL when memory ends. */
static void *member(struct decoder *d, const struct dict_field *f, uint32_t index, uint32_t line)
{
	struct dict_list *list = dict_at(f, decode_here(d)->object);

	while (list->n <= index) {
		struct dict_head *head =
		    arena_try_push(d->arena, &list->v, &list->n, &list->room, dict_value_size(f));

		if (!head)
			return NULL;
		*head = (struct dict_head){line, true};
	}
	return (char *)list->v + index * dict_value_size(f);
}

const struct dict_field *decode_goto(struct decoder *d, struct span pointer, uint32_t line)
{
	d->depth = 0;
	if (d->message && span_starts(pointer, SPAN("/envelope/"))) {
		pointer = (struct span){pointer.p + 9, pointer.n - 9, 0};
		push_again(d, &dict_envelope, &d->message->envelope, &envelope_field, 0, line);
	} else {
		push_again(d, d->root, d->object, NULL, 0, line);
	}
	span_cut(&pointer, '/');
	for (;;) {
		struct span name = span_cut(&pointer, '/');
		const struct dict_field *f = dict_field(decode_here(d)->class, name);
		uint32_t index = 0;
		void *object;

		BUG_ON(!f);
		if (f->list)
			BUG_ON(!take_index(span_cut(&pointer, '/'), &index));
		if (f->kind != DICT_CLASS)
			return f;
		object = f->list ? member(d, f, index, line) : dict_at(f, decode_here(d)->object);
		if (!object)
			return NULL;
		push_again(d, f->of, object, f, index, line);
	}
}

/* Members that must have a number, and have none, get that of their position. */
static void number_members(const struct dict_field *f, const struct dict_list *list)
{
	const struct dict_field *sequence = dict_field(f->of, SPAN("sequence"));

	for (uint32_t i = 0; sequence && sequence->required && i < list->n; i++) {
		char *member = (char *)list->v + i * dict_value_size(f);
		struct decimal *number = dict_at(sequence, member);

		if (number->set)
			continue;
		*number = decimal_of(i + 1, 0);
		number->line = ((struct dict_head *)(void *)member)->line;
	}
}

/* Does anything in the object say something? What does not is taken out. */
static bool drop_silent(const struct dict_class *c, void *object)
{
	bool says = false;

	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		void *at = dict_at(f, object);
		struct dict_list *list = at;
		uint32_t kept = 0;

		if (f->kind != DICT_CLASS) {
			says |= f->list ? list->n > 0 : dict_says(f, at);
		} else if (!f->list) {
			((struct dict_head *)at)->present =
			    ((struct dict_head *)at)->present && drop_silent(f->of, at);
			says |= ((struct dict_head *)at)->present;
		} else {
			size_t size = f->of->size;

			for (uint32_t j = 0; j < list->n; j++) {
				char *from = (char *)list->v + j * size;

				if (!drop_silent(f->of, from))
					continue;
				if (kept != j)
					memcpy((char *)list->v + kept * size, from, size);
				kept++;
			}
			list->n = kept;
			says |= kept > 0;
			if (kept)
				number_members(f, list);
		}
	}
	return says;
}

/* Asks each class within the current one for its required fields, and then the current one. */
static bool leave_all(struct decoder *d)
{
	const struct dict_class *c = decode_here(d)->class;
	char *object = decode_here(d)->object;

	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		char *at = dict_at(f, object);
		struct dict_list *list = (struct dict_list *)(void *)at;
		uint32_t n = f->list ? list->n : 1;

		if (f->kind != DICT_CLASS)
			continue;
		if (f->list)
			at = list->v;
		for (uint32_t j = 0; j < n; j++, at += f->of->size) {
			if (!((struct dict_head *)(void *)at)->present)
				continue;
			push_again(d, f->of, at, f, j, 0);
			if (!leave_all(d))
				return false;
		}
	}
	return decode_leave(d);
}

bool decode_finish(struct decoder *d)
{
	struct dict_head *root = d->object;

	d->depth = 0;
	if (d->message)
		d->message->envelope.head.present =
		    d->message->envelope.head.present &&
		    drop_silent(&dict_envelope, &d->message->envelope);
	drop_silent(d->root, d->object);
	push_again(d, d->root, d->object, NULL, 0, root->line);
	return leave_all(d);
}

bool decode_full(struct decoder *d, const struct dict_field *f)
{
	const struct dict_list *list = dict_at(f, decode_here(d)->object);

	return f->list && list->n >= f->max;
}

void decode_line_add(struct decode_line *l, struct span s)
{
	if (s.n > sizeof(l->p) - l->n)
		s.n = (uint32_t)sizeof(l->p) - l->n;
	if (s.n)
		memcpy(l->p + l->n, s.p, s.n);
	l->n += s.n;
}

void decode_line_number(struct decode_line *l, uint32_t value)
{
	char digits[10];
	uint32_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	decode_line_add(l, (struct span){digits + at, (uint32_t)sizeof(digits) - at, 0});
}

struct span decode_line_copy(struct decoder *d, const struct decode_line *l)
{
	struct span s = {l->p, l->n, 0};

	s.n = span_utf8_prefix(s);
	return decode_copy(d, s);
}

struct span decode_number_text(struct decoder *d, uint32_t value)
{
	struct decode_line l;

	l.n = 0;
	decode_line_number(&l, value);
	return decode_line_copy(d, &l);
}

/* One step of a pointer: every path of the dictionary fits into a line. */
static void add_step(struct decode_line *l, const struct dict_field *f, uint32_t index)
{
	decode_line_add(l, SPAN("/"));
	decode_line_add(l, decode_name(f));
	if (!f->list)
		return;
	decode_line_add(l, SPAN("/"));
	decode_line_number(l, index);
}

/* The JSON pointer of a field of the current class; p == NULL when memory ends. */
static struct span pointer_to(struct decoder *d, const struct dict_field *f)
{
	uint32_t first = d->depth;
	struct decode_line l;

	l.n = 0; /* the rest need not be cleared */
	while (first > 0 && d->step[first - 1].field)
		first--;
	for (uint32_t i = first; i < d->depth; i++)
		add_step(&l, d->step[i].field, d->step[i].index);
	if (f) {
		const struct dict_list *list = dict_at(f, decode_here(d)->object);

		add_step(&l, f, f->list && list->n ? list->n - 1 : 0);
	}
	return decode_line_copy(d, &l);
}

bool decode_finding(struct decoder *d, enum finding_rule rule, const struct dict_field *f,
		    uint32_t line, struct span v1, struct span v2)
{
	struct span pointer = pointer_to(d, f);

	return pointer.p && finding_try(d->findings, rule, pointer, line, v1, v2, NO_VALUE);
}

bool decode_unmapped(struct decoder *d, struct span path, struct span value, uint32_t line,
		     bool quiet)
{
	struct kept_unmapped *k = d->unmapped;
	struct unmapped *u;

	if (k->n == LIMIT_UNMAPPED) {
		k->cut = true;
		return true;
	}
	u = arena_try_push(d->arena, (void **)&k->v, &k->n, &k->room, sizeof(*u));
	if (!u)
		return false;
	*u = (struct unmapped){path, value, line};
	if (quiet || d->unmapped_findings == DECODE_UNMAPPED_FINDINGS)
		return true;
	d->unmapped_findings++;
	return decode_finding(d, FINDING_DECODE_UNMAPPED, NULL, line, path, NO_VALUE);
}

struct span decode_excerpt(struct span s)
{
	if (s.n > DECODE_EXCERPT_BYTES) {
		s.n = DECODE_EXCERPT_BYTES;
		s.n = span_utf8_prefix(s);
	}
	return s;
}

struct span decode_copy(struct decoder *d, struct span s)
{
	char *p = arena_try(d->arena, (size_t)s.n + 1);

	if (p && s.n)
		memcpy(p, s.p, s.n);
	return (struct span){p, s.n, s.line};
}

/* Bytes that begin a character of UTF-8. */
static uint32_t characters(struct span s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* A text in its bounds, counted in characters: the schema counts so too. */
static bool check_length(struct decoder *d, const struct dict_field *f, struct span name,
			 struct span value, uint32_t most)
{
	uint32_t n = value.n > most ? characters(value) : 0;
	struct span has, may, pointer;

	if (n <= most)
		return true;
	has = decode_number_text(d, n);
	may = decode_number_text(d, most);
	pointer = pointer_to(d, f);
	return has.p && may.p && pointer.p &&
	       finding_try(d->findings, FINDING_DECODE_TOO_LONG, pointer, value.line, name, has,
			   may);
}

/* Digits of a number, and those behind the point, without zeros that say nothing. */
static void count_digits(struct decimal v, unsigned *ret_digits, unsigned *ret_scale)
{
	uint64_t units = v.units < 0 ? 0 - (uint64_t)v.units : (uint64_t)v.units;
	unsigned scale = v.scale, digits = 0;

	for (; scale && units % 10 == 0; scale--)
		units /= 10;
	for (; units; units /= 10)
		digits++;
	*ret_digits = digits > scale ? digits : scale;
	*ret_scale = scale;
}

static bool too_many_digits(struct decoder *d, const struct dict_field *f, struct span value)
{
	struct decode_line l;
	struct span allowed;

	l.n = 0;
	decode_line_add(&l, SPAN("n"));
	decode_line_number(&l, f->size);
	decode_line_add(&l, SPAN("."));
	decode_line_number(&l, f->scale);
	allowed = decode_line_copy(d, &l);
	return allowed.p && decode_finding(d, FINDING_DECODE_NUMBER_RANGE, f, value.line,
					   decode_excerpt(value), allowed);
}

static bool put_number(struct decoder *d, const struct dict_field *f, struct span value,
		       struct decimal *to)
{
	unsigned digits, scale;

	switch (decimal_parse(value, to)) {
	case ERR_NONE:
		break;
	case ERR_LIMIT:
		return too_many_digits(d, f, value);
	default:
		return decode_finding(d, FINDING_DECODE_BAD_NUMBER, f, value.line,
				      decode_excerpt(value), NO_VALUE);
	}
	count_digits(*to, &digits, &scale);
	return (digits <= f->size && scale <= f->scale) || too_many_digits(d, f, value);
}

/* A time is kept as written; a bad one has no day. */
static bool put_time(struct decoder *d, const struct dict_field *f, struct span value,
		     struct span format, struct datetime *to)
{
	to->text = value;
	to->format = format;
	if (!check_length(d, f, decode_name(f), value, f->size) ||
	    !check_length(d, f, SPAN("format"), format, 3))
		return false;
	if (trade_time_parse(value, format, &to->day, &to->moment) == ERR_NONE)
		return true;
	return decode_finding(d, FINDING_DECODE_BAD_DATE, f, value.line, decode_excerpt(value),
			      NO_VALUE);
}

bool decode_value(struct decoder *d, const struct dict_field *f, struct span value,
		  struct span qualifier)
{
	void *to;

	if (value.n == 0)
		return true;
	to = place_for(d, f);
	if (!to)
		return false;
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)to = value;
		return check_length(d, f, decode_name(f), value, f->size);
	case DICT_NUMBER:
		return put_number(d, f, value, to);
	case DICT_AMOUNT:
		((struct amount *)to)->currency = qualifier;
		return check_length(d, f, SPAN("currency"), qualifier, 3) &&
		       put_number(d, f, value, &((struct amount *)to)->value);
	case DICT_QUANTITY:
		((struct quantity *)to)->unit = qualifier;
		return check_length(d, f, SPAN("unit"), qualifier, 12) &&
		       put_number(d, f, value, &((struct quantity *)to)->value);
	case DICT_DATETIME:
		return put_time(d, f, value, qualifier, to);
	case DICT_CLASS:
		break;
	}
	BUG_ON(true);
	return true;
}
