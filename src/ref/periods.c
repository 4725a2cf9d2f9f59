/* Rows of one key may not overlap in time: found per key, over its rows in order of their first day. */
#include <stdlib.h>

#include "base/date.h"
#include "ref/loader.h"

struct span key_of(struct arena *a, const struct field *const *fields, uint32_t n)
{
	uint32_t bytes = 0;
	char *key, *p;

	if (n == 1)
		return fields[0]->text;
	for (uint32_t i = 0; i < n; i++)
		bytes += fields[i]->text.n + 1;
	key = p = arena_alloc(a, bytes);
	for (uint32_t i = 0; i < n; i++) {
		struct span s = fields[i]->text;

		if (s.n)
			memcpy(p, s.p, s.n);
		p += s.n;
		*p++ = '\n'; /* in no code: fields with codes are single words */
	}
	return (struct span){key, bytes, 0};
}

void periods_add(struct arena *a, struct periods *p, struct span key, const struct row *r)
{
	struct period *new = ARENA_NEW(a, struct period), *head = map_get(&p->by_key, key);
	struct period **place;

	*new = (struct period){r->dates, r->line, r->from.column, NULL};
	if (!head) {
		map_put(&p->by_key, key, new);
		return;
	}
	if (!head->next) {
		place = arena_push(a, (void **)&p->several.v, &p->several.n, &p->several.room,
				   sizeof(*place));
		*place = head;
	}
	new->next = head->next;
	head->next = new;
}

static int by_first_day(const void *a, const void *b)
{
	const struct period *x = *(const struct period *const *)a,
			    *y = *(const struct period *const *)b;

	if (x->dates.from != y->dates.from)
		return x->dates.from < y->dates.from ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static const char *day_text(struct loader *l, int32_t day)
{
	struct text t = text_in(l->arena);

	day_write(&t, day);
	text_char(&t, '\0');
	return t.p;
}

static void fault_overlap(struct loader *l, const struct period *x, const struct period *y,
			  const char *rule)
{
	const struct period *later = x->line > y->line ? x : y, *earlier = later == x ? y : x;

	if (!rule)
		rule = x->dates.from == y->dates.from ? "row.duplicate" : "dates.overlap";
	LOAD_FAULT(l, later->line, later->column, rule,
		   "line %u already says this for some of these days", earlier->line);
}

/* Between the row that reaches furthest so far and the one that begins next. */
static void fault_gap(struct loader *l, const struct period *before, const struct period *next)
{
	/* Writing the days costs memory: not for faults that nobody will see. */
	if (l->faults->cut) {
		l->faulty = true;
		return;
	}
	LOAD_FAULT(l, next->line, next->column, "dates.gap", "nothing holds from %s to %s",
		   day_text(l, before->dates.to + 1), day_text(l, next->dates.from - 1));
}

static void check_key(struct loader *l, const struct period *head, const char *rule, bool gapless)
{
	const struct period **v, *furthest;
	uint32_t n = 0;

	for (const struct period *p = head; p; p = p->next)
		n++;
	v = ARENA_ARRAY(l->scratch, const struct period *, n);
	n = 0;
	for (const struct period *p = head; p; p = p->next)
		v[n++] = p;
	qsort(v, n, sizeof(*v), by_first_day);
	furthest = v[0];
	for (uint32_t i = 1; i < n; i++) {
		if (v[i]->dates.from <= furthest->dates.to)
			fault_overlap(l, furthest, v[i], rule);
		else if (gapless && v[i]->dates.from - 1 > furthest->dates.to)
			fault_gap(l, furthest, v[i]);
		if (v[i]->dates.to > furthest->dates.to)
			furthest = v[i];
	}
}

void periods_check(struct loader *l, const struct periods *p, const char *overlap, bool gapless)
{
	for (uint32_t i = 0; i < p->several.n; i++)
		check_key(l, p->several.v[i], overlap, gapless);
}
