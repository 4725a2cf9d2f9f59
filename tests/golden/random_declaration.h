/* Declarations in which any field of the dictionary may say something, at random and within its bounds: what formats must carry. */
#ifndef CUSTOMHOUSE_TESTS_GOLDEN_RANDOM_DECLARATION_H
#define CUSTOMHOUSE_TESTS_GOLDEN_RANDOM_DECLARATION_H

#include "base/date.h"
#include "base/prng.h"
#include "unit.h"

struct random_fill {
	struct arena *arena;
	struct prng prng;
	uint32_t ppm;    /* how often a field that may be absent says something */
	uint32_t values; /* so far */
};

/* Characters that formats have trouble with, and plain ones: no blanks at the ends, no controls. */
static inline struct span random_text(struct random_fill *r, uint32_t size)
{
	static const char *const odd[] = {
	    "'", "\"", ",", ";",  "+", ":",   "?", "&", "<", ">", "=",  "-",  "@",  "#",  "\\", "/",
	    "|", "é",  "Ω", "中", "😀", "]]>", "%", "{", "}", "0", "10", "__", "~1", "\t", "\n"};
	uint32_t most = size > 40 && !prng_chance(&r->prng, 20000) ? 40 : size;
	uint32_t n = (uint32_t)prng_between(&r->prng, 1, most);
	struct text t = text_in(r->arena);

	for (uint32_t i = 0; i < n; i++) {
		bool end = i == 0 || i + 1 == n;
		uint32_t pick = (uint32_t)prng_below(&r->prng, 4 * ARRAY_LEN(odd));
		const char *p = pick < ARRAY_LEN(odd) ? odd[pick] : "";
		uint32_t length = !strcmp(p, "]]>") ? 3 : strlen(p) == 2 && p[0] > 0 ? 2 : 1;

		if (!*p || (end && (*p == '\t' || *p == '\n')) || i + length > n) {
			text_char(&t, (char)('A' + prng_below(&r->prng, 26)));
			continue;
		}
		text_string(&t, p);
		i += length - 1;
	}
	if (t.p[t.n - 1] == '\t' || t.p[t.n - 1] == '\n')
		t.p[t.n - 1] = 'Z';
	return text_as_span(&t);
}

static inline struct decimal random_decimal(struct random_fill *r, const struct dict_field *f)
{
	uint32_t scale = (uint32_t)prng_below(&r->prng, (uint64_t)f->scale + 1);
	uint32_t digits = (uint32_t)prng_between(&r->prng, scale ? scale : 1, f->size);
	int64_t units = prng_between(&r->prng, 0, decimal_power10(digits) - 1);

	if (f->kind != DICT_NUMBER && prng_chance(&r->prng, 20000))
		units = -units;
	return decimal_of(units, (uint8_t)scale);
}

static inline void random_time(struct random_fill *r, struct datetime *to)
{
	/* M and D stand for the month and the day */
	static const char *const forms[][2] = {{"2026MD", "102"},       {"2026MD2359", "203"},
					       {"2026MD235958", "204"}, {"2026MD235958Z", "304"},
					       {"2026-M-D", ""},        {"2026-M-DT07:15:00Z", ""}};
	uint32_t i = (uint32_t)prng_below(&r->prng, ARRAY_LEN(forms));
	struct text t = text_in(r->arena);

	for (const char *p = forms[i][0]; *p; p++) {
		if (*p == 'M' || *p == 'D')
			text_print(&t, "%02u",
				   (unsigned)prng_between(&r->prng, 1, *p == 'M' ? 12 : 28));
		else
			text_char(&t, *p);
	}
	to->text = text_as_span(&t);
	to->format = forms[i][1][0] ? span_of(forms[i][1]) : (struct span){0};
	assert_int_equal(trade_time_parse(to->text, to->format, &to->day, &to->moment), 0);
}

static void random_class(struct random_fill *r, const struct dict_class *c, void *object);

static inline void random_value(struct random_fill *r, const struct dict_field *f, void *value)
{
	r->values++;
	switch (f->kind) {
	case DICT_TEXT:
	case DICT_CODE:
	case DICT_ID:
		*(struct span *)value = random_text(r, f->size);
		return;
	case DICT_NUMBER:
		*(struct decimal *)value = random_decimal(r, f);
		return;
	case DICT_AMOUNT:
		*(struct amount *)value = (struct amount){random_decimal(r, f), random_text(r, 3)};
		return;
	case DICT_QUANTITY:
		*(struct quantity *)value =
		    (struct quantity){random_decimal(r, f), random_text(r, 12)};
		return;
	case DICT_DATETIME:
		random_time(r, value);
		return;
	case DICT_CLASS:
		random_class(r, f->of, value);
		return;
	}
}

/* Every class says something: one that does not is no class in some formats. */
static void random_class(struct random_fill *r, const struct dict_class *c, void *object)
{
	uint32_t before = r->values;

	*(struct dict_head *)object = (struct dict_head){1, true};
	for (uint32_t i = 0; i < c->field_count; i++) {
		const struct dict_field *f = &c->fields[i];
		struct dict_list *list = dict_at(f, object);
		uint32_t n = f->list ? (uint32_t)prng_between(&r->prng, 1, 3) : 0;
		bool last = i + 1 == c->field_count && r->values == before;

		if (!f->required && !last && !prng_chance(&r->prng, r->ppm))
			continue;
		for (uint32_t j = 0; j < n; j++)
			random_value(r, f,
				     arena_push(r->arena, &list->v, &list->n, &list->room,
						dict_value_size(f)));
		if (!f->list)
			random_value(r, f, list);
	}
}

#endif
