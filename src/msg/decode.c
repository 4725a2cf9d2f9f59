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
				.learned = m->learned,
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

	for (uint64_t rest = s->class->required; rest; rest &= rest - 1) {
		const struct dict_field *f = &s->class->fields[__builtin_ctzll(rest)];

		if (is_missing(f, s->object) &&
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

/* A member that must have a number, and has none, gets that of its position. */
static void number_member(const struct dict_class *c, void *member, uint32_t position)
{
	const struct dict_field *sequence;
	struct decimal *number;

	if (!c->required)
		return;
	sequence = dict_field(c, SPAN("sequence"));
	if (!sequence || !sequence->required)
		return;
	number = dict_at(sequence, member);
	if (number->set)
		return;
	*number = decimal_of(position, 0);
	number->line = ((struct dict_head *)member)->line;
}

/* Is one of the values of a class said, that are no classes themselves? */
static bool says_itself(const struct dict_class *c, const void *object)
{
	uint64_t all = c->field_count == 64 ? UINT64_MAX : (UINT64_C(1) << c->field_count) - 1;

	for (uint64_t rest = all & ~c->classes; rest; rest &= rest - 1)
		if (!is_missing(&c->fields[__builtin_ctzll(rest)], object))
			return true;
	return false;
}

static bool finish(struct decoder *d, const struct dict_class *c, void *object,
		   const struct dict_field *f, uint32_t index, bool *ret_says);

/* The members of a list that say something move up. */
static bool finish_list(struct decoder *d, const struct dict_field *f, struct dict_list *list)
{
	size_t size = f->of->size;
	uint32_t kept = 0;

	for (uint32_t j = 0; j < list->n; j++) {
		char *from = (char *)list->v + j * size;
		bool says = true;

		if (!finish(d, f->of, from, f, kept, &says))
			return false;
		if (says && kept != j)
			memcpy((char *)list->v + kept * size, from, size);
		kept += says;
	}
	list->n = kept;
	return true;
}

/* An object and what lies within: what says nothing is taken out, and of the rest is said what is missing. */
static bool finish(struct decoder *d, const struct dict_class *c, void *object,
		   const struct dict_field *f, uint32_t index, bool *ret_says)
{
	bool says = says_itself(c, object);

	push_again(d, c, object, f, index, ((struct dict_head *)object)->line);
	for (uint64_t rest = c->classes; rest; rest &= rest - 1) {
		const struct dict_field *in = &c->fields[__builtin_ctzll(rest)];
		struct dict_head *head = dict_at(in, object);
		struct dict_list *list = dict_at(in, object);

		if (in->list) {
			if (list->n && !finish_list(d, in, list))
				return false;
			says |= list->n > 0;
		} else if (head->present) {
			bool within = true;

			if (!finish(d, in->of, head, in, 0, &within))
				return false;
			head->present = within;
			says |= within;
		}
	}
	*ret_says = says;
	if (!says && f) {
		d->depth--;
		return true;
	}
	if (f && f->list)
		number_member(c, object, index + 1);
	return decode_leave(d);
}

bool decode_finish(struct decoder *d)
{
	bool says = true;

	d->depth = 0;
	if (d->message && d->message->envelope.head.present) {
		says = says_itself(&dict_envelope, &d->message->envelope);
		d->message->envelope.head.present = says;
	}
	return finish(d, d->root, d->object, NULL, 0, &says);
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
