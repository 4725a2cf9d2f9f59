/* A text that grows in an arena: what writers of JSON, XML and messages append to. */
#ifndef CUSTOMHOUSE_BASE_TEXT_H
#define CUSTOMHOUSE_BASE_TEXT_H

#include "base/arena.h"
#include "base/span.h"

struct text {
	struct arena *arena;
	char *p;
	size_t n, room;
};

static inline struct text text_in(struct arena *a)
{
	return (struct text){.arena = a};
}

/* For text_room(). */
void text_grow(struct text *t, size_t n);

/* Room for n more bytes; the place of the first. Leaves through the arena when there is none. */
static inline char *text_room(struct text *t, size_t n)
{
	if (t->room - t->n < n)
		text_grow(t, n);
	return t->p + t->n;
}

void text_add(struct text *t, const char *p, size_t n);
void text_print(struct text *t, const char *format, ...) PRINTF(2, 3);

static inline void text_char(struct text *t, char c)
{
	*text_room(t, 1) = c;
	t->n++;
}

static inline void text_string(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

static inline void text_span(struct text *t, struct span s)
{
	text_add(t, s.p, s.n);
}

void text_int(struct text *t, int64_t value);
/* Writes the digits of units * 10^-scale in front of end, with the sign, and returns where they begin. At most 40 characters. */
char *text_number_before(char *end, int64_t units, unsigned scale);
void text_hex(struct text *t, const uint8_t *p, size_t n);

static inline struct span text_as_span(const struct text *t)
{
	return (struct span){t->p, (uint32_t)t->n, 0};
}

#endif
