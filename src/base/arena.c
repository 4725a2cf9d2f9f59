#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MIN = 32 << 10, BLOCK_MAX = 1 << 20, ALIGN = 16 };

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(ALIGN) char data[];
};

struct arena {
	struct block *first, *current;
	size_t cap, taken, held;
	jmp_buf *escape;
	enum err failed;
};

static _Thread_local uint64_t fail_countdown;

void arena_fail_at(uint64_t n)
{
	fail_countdown = n;
}

static bool must_fail(void)
{
	return fail_countdown > 0 && --fail_countdown == 0;
}

static struct block *block_new(size_t size)
{
	struct block *b = malloc(sizeof(*b) + size);

	if (b)
		*b = (struct block){.size = size};
	return b;
}

struct arena *arena_new(size_t cap)
{
	struct arena *a = must_fail() ? NULL : calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->cap = cap;
	a->first = a->current = block_new(BLOCK_MIN);
	if (!a->first) {
		free(a);
		return NULL;
	}
	a->held = BLOCK_MIN;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	free_blocks(a->first);
	free(a);
}

void arena_reset(struct arena *a)
{
	free_blocks(a->first->next);
	a->first->next = NULL;
	a->first->used = 0;
	a->current = a->first;
	a->held = a->first->size;
	a->taken = 0;
	a->failed = ERR_NONE;
}

size_t arena_used(const struct arena *a)
{
	return a->taken;
}

/* Takes a new block that holds at least bytes; blocks double until 1 MiB so that large messages need few of them. */
static bool grow(struct arena *a, size_t bytes)
{
	size_t size = a->current->size < BLOCK_MAX / 2 ? a->current->size * 2 : BLOCK_MAX;
	struct block *b;

	if (size < bytes)
		size = bytes;
	if (a->held + size > a->cap)
		size = bytes;
	if (bytes > a->cap || a->held > a->cap - size) {
		a->failed = ERR_LIMIT;
		return false;
	}
	b = block_new(size);
	if (!b) {
		a->failed = ERR_NOMEM;
		return false;
	}
	a->current->next = b;
	a->current = b;
	a->held += size;
	return true;
}

static size_t aligned(size_t bytes)
{
	return (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* Takes bytes without zeroing them; NULL when there are none. */
static void *take(struct arena *a, size_t bytes)
{
	size_t need;
	void *p;

	if (must_fail()) {
		a->failed = ERR_NOMEM;
		return NULL;
	}
	if (bytes > a->cap) {
		a->failed = ERR_LIMIT;
		return NULL;
	}
	need = aligned(bytes);
	if (need > a->current->size - a->current->used && !grow(a, need))
		return NULL;
	p = a->current->data + a->current->used;
	a->current->used += need;
	a->taken += need;
	return p;
}

void *arena_try(struct arena *a, size_t bytes)
{
	void *p = take(a, bytes);

	return p ? memset(p, 0, bytes) : NULL;
}

void *arena_grow(struct arena *a, void *p, size_t from, size_t to)
{
	struct block *b = a->current;
	char *end = b->data + b->used;
	size_t more = aligned(to) - aligned(from);
	void *larger;

	BUG_ON(to < from);
	if (from && (char *)p + aligned(from) == end && more <= b->size - b->used) {
		b->used += more;
		a->taken += more;
		return p;
	}
	larger = take(a, to);
	if (!larger)
		arena_leave(a);
	if (from)
		memcpy(larger, p, from);
	return larger;
}

enum err arena_failure(const struct arena *a)
{
	return a->failed;
}

void arena_leave(struct arena *a)
{
	BUG_ON(!a->escape);
	longjmp(*a->escape, 1);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	void *p = arena_try(a, bytes);

	if (!p)
		arena_leave(a);
	return p;
}

void *arena_array(struct arena *a, size_t size, size_t count)
{
	if (count && size > a->cap / count) {
		a->failed = ERR_LIMIT;
		arena_leave(a);
	}
	return arena_alloc(a, size * count);
}

enum err arena_run(struct arena *a, void (*fn)(void *context), void *context)
{
	jmp_buf *outer = a->escape, here;

	a->failed = ERR_NONE;
	if (setjmp(here)) {
		a->escape = outer;
		return a->failed;
	}
	a->escape = &here;
	fn(context);
	a->escape = outer;
	return ERR_NONE;
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
	char *q = arena_grow(a, NULL, 0, n + 1);

	if (n)
		memcpy(q, p, n);
	q[n] = 0;
	return q;
}

struct span span_copy(struct arena *a, struct span s)
{
	return (struct span){arena_copy(a, s.p ? s.p : "", s.n), s.n, 0};
}

struct span span_try_copy(struct arena *a, struct span s)
{
	char *copy = arena_try(a, s.n + 1u);

	if (copy && s.n)
		memcpy(copy, s.p, s.n);
	return (struct span){copy, copy ? s.n : 0, 0};
}

char *arena_print(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	BUG_ON(!format); /* gcc with sanitizers would warn of the path that they add */
	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	BUG_ON(n < 0);
	text = arena_alloc(a, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

void *arena_try_push(struct arena *a, void **data, uint32_t *count, uint32_t *capacity, size_t size)
{
	if (*count == *capacity) {
		/* Large ones are mostly alone, and what is taken is zeroed. */
		uint32_t more = *capacity ? *capacity * 2 : size > 256 ? 1 : 4;
		void *larger;

		if (more > UINT32_MAX / 2) {
			a->failed = ERR_LIMIT;
			return NULL;
		}
		larger = arena_try(a, (size_t)more * size);
		if (!larger)
			return NULL;
		if (*count)
			memcpy(larger, *data, (size_t)*count * size);
		*data = larger;
		*capacity = more;
	}
	return (char *)*data + (size_t)(*count)++ * size;
}

void *arena_push(struct arena *a, void **data, uint32_t *count, uint32_t *capacity, size_t size)
{
	void *p = arena_try_push(a, data, count, capacity, size);

	if (!p)
		arena_leave(a);
	return p;
}
