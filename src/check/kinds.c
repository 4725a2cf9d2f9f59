/* The generic kinds of checks.def, and what the particular checks share. */
#include "base/date.h"
#include "check/room.h"

/* ---- members ---- */

static bool says(const void *object, uint32_t offset, enum member kind)
{
	const void *value = (const char *)object + offset;

	switch (kind) {
	case MEMBER_TEXT:
		return ((const struct span *)value)->n > 0;
	case MEMBER_NUMBER: /* amounts and quantities begin with their number */
		return ((const struct decimal *)value)->set;
	case MEMBER_CLASS:
		return ((const struct dict_head *)value)->present;
	case MEMBER_TIME:
		return ((const struct datetime *)value)->text.n > 0;
	}
	return false;
}
_Static_assert(offsetof(struct amount, value) == 0 && offsetof(struct quantity, value) == 0,
	       "a number stands first in amounts and quantities");

static const void *member(const struct checking *c, const void *object)
{
	return (const char *)object + c->now->offset;
}

/* ---- generic kinds ---- */

void check_required(struct checking *c, const void *object)
{
	if (!says(object, c->now->offset, c->now->kind))
		report(c, member(c, object), NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_required_list(struct checking *c, const void *object)
{
	const struct dict_list *list = member(c, object);

	if (!list->n)
		report(c, list, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_needs(struct checking *c, const void *object)
{
	const struct check *k = c->now;

	if (says(object, k->offset, k->kind) && !says(object, k->other_offset, k->other_kind))
		report(c, (const char *)object + k->other_offset, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_positive(struct checking *c, const void *object)
{
	const struct decimal *d = member(c, object);

	if (d->set && d->units == 0) /* below zero is another check's */
		report(c, d, NO_VALUE, NO_VALUE, NO_VALUE);
}

void check_not_future(struct checking *c, const void *object)
{
	const struct datetime *t = member(c, object);

	/* One day of grace: the sender's calendar may be ahead of the country's. */
	if (day_known(t) && t->day > c->day + 1)
		report(c, t, say_day(c, t->day), say_day(c, c->day), NO_VALUE);
}

void check_form(struct checking *c, const void *object)
{
	const struct span *s = member(c, object);

	if (s->n && !c->now->form(*s))
		report(c, s, *s, NO_VALUE, NO_VALUE);
}

/* ---- settings ---- */

static const struct {
	const char *name;
	struct span value;
} settings[] = {
#define SETTING(name, value, title) [SETTING_##name] = {#name, {value, sizeof(value) - 1, 0}},
#include "check/settings.def"
#undef SETTING
};

struct span setting(struct checking *c, enum setting s)
{
	if (!c->setting[s].p) {
		c->setting[s] = ref_setting(c->r, settings[s].name);
		if (!c->setting[s].p)
			c->setting[s] = settings[s].value;
	}
	return c->setting[s];
}

int32_t setting_number(struct checking *c, enum setting s)
{
	struct decimal d;

	/* A pack that gives no number here keeps the default, as one that gives nothing. */
	if (decimal_parse(setting(c, s), &d) || d.scale || d.units < 0 || d.units > UINT16_MAX)
		BUG_ON(decimal_parse(settings[s].value, &d));
	return (int32_t)d.units;
}

bool setting_has(struct checking *c, enum setting s, struct span word)
{
	return word.n && words_have(setting(c, s), word);
}

bool setting_begins(struct checking *c, enum setting s, struct span word)
{
	struct span words = setting(c, s);
	uint32_t at = 0;

	while (word.n && at < words.n) {
		uint32_t same = 0, n = 0; /* of this beginning: bytes that agree, and all */

		for (; at + n < words.n && words.p[at + n] != ' '; n++)
			same += n < word.n && words.p[at + n] == word.p[n];
		if (n && same == n)
			return true;
		at += n + 1;
	}
	return false;
}

/* Most words are in no list, so the search for the bytes alone settles it, and looks at the ends of the word only when it
 * finds some. */
bool words_have(struct span words, struct span word)
{
	const char *end = words.p + words.n, *at = words.p;

	while (word.n && words.n && (at = memmem(at, (size_t)(end - at), word.p, word.n))) {
		if ((at == words.p || at[-1] == ' ') && (at + word.n == end || at[word.n] == ' '))
			return true;
		at++;
	}
	return false;
}

bool charge_is(struct checking *c, const char *list, enum setting s, struct span type)
{
	if (ref_has_list(c->r, span_of(list)))
		return ref_code(c->r, span_of(list), type, c->day);
	return setting_begins(c, s, type);
}

/* ---- words for findings ---- */

struct span say_decimal(struct checking *c, struct decimal d)
{
	struct text t = text_in(c->f->arena);

	decimal_write(&t, d);
	return text_as_span(&t);
}

struct span say_number(struct checking *c, int64_t n)
{
	struct text t = text_in(c->f->arena);

	text_int(&t, n);
	return text_as_span(&t);
}

struct span say_day(struct checking *c, int32_t day)
{
	struct text t = text_in(c->f->arena);

	day_write(&t, day);
	return text_as_span(&t);
}

/* ---- the type ---- */

struct span type_letter(const struct declaration *d)
{
	return d->type.n == 3 ? (struct span){d->type.p + 2, 1, d->type.line} : NO_VALUE;
}

/* ---- dates and sums ---- */

bool day_known(const struct datetime *t)
{
	return t->text.n &&
	       t->day; /* one that could not be read was reported by the reader, and has no day */
}

int32_t day_years_before(int32_t day, int32_t years)
{
	int year, month, dom;
	int32_t before;

	day_split(day, &year, &month, &dom);
	if (month == 2 && dom == 29) /* which most years lack */
		dom = 28;
	return day_from(year - years, month, dom, &before) ? DAY_MIN : before;
}

void sum_add(struct sum *s, struct decimal d)
{
	struct decimal total;

	if (!d.set)
		s->all = false;
	else if (decimal_add(s->total, d, &total))
		s->overflow = true;
	else
		s->total = total;
}

bool sum_differs(const struct sum *s, struct decimal total)
{
	return total.set && s->all && (s->overflow || decimal_compare(total, s->total) != 0);
}

/* ---- sorted places ---- */

struct places places_for(struct arena *a, uint32_t n)
{
	struct places p = {.n = 0};

	if (n > PLACES_FEW)
		p.many = ARENA_ARRAY(a, const struct span *, 2 * (size_t)n);
	p.room = n;
	return p;
}

void places_add(struct places *p, const struct span *text)
{
	BUG_ON(p->n == p->room);
	if (text->n)
		(p->many ? p->many : p->few)[p->n++] = text;
}

/* Joins two sorted runs; of equals the earlier comes first, so that the order is that of the message. */
static void join_runs(const struct span **to, const struct span *const *v, uint32_t middle,
		      uint32_t n)
{
	uint32_t i = 0, j = middle;

	for (uint32_t k = 0; k < n; k++)
		to[k] = j == n || (i < middle && span_compare(*v[i], *v[j]) <= 0) ? v[i++] : v[j++];
}

/* Sorting by merging: nothing that a stranger writes makes it slower than another's. */
void places_sort(struct places *p)
{
	const struct span *spare[PLACES_FEW] = {NULL};
	const struct span **from = p->many ? p->many : p->few,
			  **to = p->many ? p->many + p->room : spare;

	for (uint32_t run = 1; run < p->n; run *= 2) {
		const struct span **other = from;

		for (uint32_t at = 0; at < p->n; at += 2 * run) {
			uint32_t n = p->n - at < 2 * run ? p->n - at : 2 * run;

			join_runs(to + at, from + at, n < run ? n : run, n);
		}
		from = to;
		to = other;
	}
	if (!p->many && from == spare)
		memcpy(p->few, spare, p->n * sizeof(spare[0]));
	if (p->many)
		p->many = from;
}

bool places_have(const struct places *p, struct span text)
{
	const struct span *const *v = p->many ? p->many : p->few;
	uint32_t low = 0, high = p->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = span_compare(*v[middle], text);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

void places_report_twice(struct checking *c, const struct places *p)
{
	const struct span *const *v = p->many ? p->many : p->few;

	for (uint32_t i = 1; i < p->n && !c->f->cut; i++)
		if (span_equal(*v[i - 1], *v[i]))
			report(c, v[i], *v[i], NO_VALUE, NO_VALUE);
}
