/* A declaration in which every field of the dictionary says something of its own: lists have as many members as asked
 * for. For tests that must hold for each field, also for those that are added later. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_POPULATE_H
#define CUSTOMHOUSE_TESTS_UNIT_POPULATE_H

#include <stdio.h>

#include "base/date.h"
#include "dict/dict.h"
#include "unit.h"

struct populate {
	struct arena *arena;
	uint32_t members; /* of each list */
	uint32_t n;       /* values so far: each gets another number */
};

static void populate_class(struct populate *p, const struct dict_class *c, void *object);

/* A text of at most `size` characters that no other field has, as far as its size allows. */
static inline struct span populate_text(struct populate *p, uint32_t size)
{
	char *text = arena_print(p->arena, "%u", p->n);
	uint32_t n = (uint32_t)strlen(text), cut = n > size ? n - size : 0;

	return (struct span){text + cut, n - cut, p->n};
}

static inline struct decimal populate_number(const struct populate *p, const struct dict_field *f)
{
	int64_t most = decimal_power10(f->size > 6 ? 6 : f->size);

	return (struct decimal){p->n % most, f->scale ? 1 : 0, true, p->n};
}

static inline void populate_value(struct populate *p, const struct dict_field *f, void *value)
{
	struct datetime *time = value;

	p->n++;
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)value = populate_text(p, f->size);
		return;
	case DICT_NUMBER:
		*(struct decimal *)value = populate_number(p, f);
		return;
	case DICT_AMOUNT:
		*(struct amount *)value = (struct amount){populate_number(p, f), {"EUR", 3, p->n}};
		return;
	case DICT_QUANTITY:
		*(struct quantity *)value =
		    (struct quantity){populate_number(p, f), {"KGM", 3, p->n}};
		return;
	case DICT_DATETIME:
		*time = (struct datetime){.text = SPAN("20261122"), .format = SPAN("102")};
		time->text.line = p->n;
		assert_int_equal(
		    trade_time_parse(time->text, time->format, &time->day, &time->moment), 0);
		return;
	case DICT_CLASS:
		populate_class(p, f->of, value);
		return;
	}
}

static inline void populate_class(struct populate *p, const struct dict_class *c, void *object)
{
	*(struct dict_head *)object = (struct dict_head){p->n, true};
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		struct dict_list *list = dict_at(f, object);

		for (uint32_t j = 0; f->list && j < p->members; j++)
			populate_value(p, f,
				       arena_push(p->arena, &list->v, &list->n, &list->room,
						  dict_value_size(f)));
		if (!f->list)
			populate_value(p, f, list);
	}
}

#endif
