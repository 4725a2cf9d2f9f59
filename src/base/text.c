#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

void text_grow(struct text *t, size_t n)
{
	size_t room = t->room ? t->room * 2 : 1024;

	while (room - t->n < n)
		room *= 2;
	t->p = arena_grow(t->arena, t->p, t->room, room);
	t->room = room;
}

void text_add(struct text *t, const char *p, size_t n)
{
	if (n) {
		memcpy(text_room(t, n), p, n);
		t->n += n;
	}
}

void text_print(struct text *t, const char *format, ...)
{
	va_list args, again;
	size_t room;
	int n;

	text_room(t, 128);
	room = t->room - t->n;
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(t->p + t->n, room, format, args);
	va_end(args);
	BUG_ON(n < 0);
	if ((size_t)n >= room) {
		text_room(t, (size_t)n + 1);
		vsnprintf(t->p + t->n, (size_t)n + 1, format, again);
	}
	va_end(again);
	t->n += (size_t)n;
}

/* Two digits at a time: numbers are most of what a decision writes. */
static char *pair_before(char *end, unsigned two)
{
	end -= 2;
	end[0] = (char)('0' + two / 10);
	end[1] = (char)('0' + two % 10);
	return end;
}

static char *digits_before(char *end, uint64_t value)
{
	for (; value >= 100; value /= 100)
		end = pair_before(end, (unsigned)(value % 100));
	if (value >= 10)
		return pair_before(end, (unsigned)value);
	*--end = (char)('0' + value);
	return end;
}

char *text_number_before(char *end, int64_t units, unsigned scale)
{
	uint64_t value = units < 0 ? 0 - (uint64_t)units : (uint64_t)units;

	for (unsigned left = scale; left > 0; left--) {
		if (left >= 2) {
			end = pair_before(end, (unsigned)(value % 100));
			value /= 100;
			left--;
		} else {
			*--end = (char)('0' + value % 10);
			value /= 10;
		}
	}
	if (scale)
		*--end = '.';
	end = digits_before(end, value);
	if (units < 0)
		*--end = '-';
	return end;
}

void text_int(struct text *t, int64_t value)
{
	char buffer[40], *end = buffer + sizeof(buffer), *begin = text_number_before(end, value, 0);

	text_add(t, begin, (size_t)(end - begin));
}

void text_hex(struct text *t, const uint8_t *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	char *to = text_room(t, n * 2);

	for (size_t i = 0; i < n; i++) {
		to[i * 2] = digit[p[i] >> 4];
		to[i * 2 + 1] = digit[p[i] & 15];
	}
	t->n += n * 2;
}
