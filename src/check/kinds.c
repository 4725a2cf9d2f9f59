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
	struct span rest = setting(c, s);

	while (word.n && rest.p) {
		struct span begin = span_cut(&rest, ' ');

		if (begin.n && span_starts(word, begin))
			return true;
	}
	return false;
}

bool words_have(struct span words, struct span word)
{
	while (words.p)
		if (span_equal(span_cut(&words, ' '), word))
			return true;
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

/* ---- sets ---- */

bool met_has(const struct met *m, struct span text)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (span_equal(m->few[i], text))
			return true;
	return m->many.arena && map_get(&m->many, text);
}

bool met_before(struct met *m, struct arena *a, struct span text)
{
	if (met_has(m, text))
		return true;
	if (m->n < MET_FEW) {
		m->few[m->n++] = text;
		return false;
	}
	if (!m->many.arena)
		m->many = map_in(a);
	map_put(&m->many, text, m); /* any value: only the key counts */
	return false;
}
