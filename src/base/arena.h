/* Memory of one request, job or test: taken piece by piece, given back at once.
 *
 * Engines hold nothing else, so nothing is freed one by one. An arena has a hard cap (limits.h): a stranger's message cannot
 * take more. Where the cap, or the machine, says no:
 *   arena_alloc() leaves the function that arena_run() was given, which then returns ERR_LIMIT or ERR_NOMEM;
 *   arena_try()   returns NULL, for callers inside a foreign library's callback.
 * Calling arena_alloc() outside arena_run() when memory ends is a bug and aborts.
 * An arena belongs to one thread at a time.
 */
#ifndef CUSTOMHOUSE_BASE_ARENA_H
#define CUSTOMHOUSE_BASE_ARENA_H

#include "base/base.h"
#include "base/span.h"

struct arena;

/* A new arena that never holds more than cap bytes. NULL when the machine gives none. */
struct arena *arena_new(size_t cap);
/* Returns all memory. NULL is allowed. */
void arena_free(struct arena *a);
/* Forgets everything that was taken; keeps the first block for the next request. */
void arena_reset(struct arena *a);
/* Bytes taken since the last reset. */
size_t arena_used(const struct arena *a);

/* Runs fn(context). fn must own nothing but arena memory: it may be left in the middle. */
enum err arena_run(struct arena *a, void (*fn)(void *context), void *context) MUST_CHECK;

/* Leaves the function that arena_run() was given, for the reason that the last call which failed had: for a caller
 * that got NULL from arena_try() and stands in no callback. */
_Noreturn void arena_leave(struct arena *a);

/* Zeroed memory, aligned for anything. */
void *arena_alloc(struct arena *a, size_t bytes) __attribute__((returns_nonnull, malloc));
void *arena_try(struct arena *a, size_t bytes) MUST_CHECK;
/* Why the last call that failed did: ERR_LIMIT or ERR_NOMEM. For whoever got NULL from arena_try() and must say it. */
enum err arena_failure(const struct arena *a);
#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), sizeof(type), (count)))
void *arena_array(struct arena *a, size_t size, size_t count) __attribute__((returns_nonnull));

/* Makes the piece p of `from` bytes (NULL and 0: a new one) `to` bytes long, in place where it was the last one taken.
 * What is new is not zeroed: for a writer that fills it. */
void *arena_grow(struct arena *a, void *p, size_t from, size_t to) __attribute__((returns_nonnull));

/* A copy of n bytes with a NUL behind them. */
char *arena_copy(struct arena *a, const char *p, size_t n);
/* The same of a span; a NULL one becomes empty. */
struct span span_copy(struct arena *a, struct span s);
/* The same outside arena_run(); p NULL: no memory. */
struct span span_try_copy(struct arena *a, struct span s);
/* A formatted text. */
char *arena_print(struct arena *a, const char *format, ...) PRINTF(2, 3);

/* Makes room for one more element in a growing array {data, count, capacity} and returns its place, zeroed.
 * Doubles; the old array is left to the arena. */
void *arena_push(struct arena *a, void **data, uint32_t *count, uint32_t *capacity, size_t size)
    __attribute__((returns_nonnull));
/* The same, but NULL when memory ends. */
void *arena_try_push(struct arena *a, void **data, uint32_t *count, uint32_t *capacity,
		     size_t size) MUST_CHECK;

/* For the torture tests: the allocation number n from now fails as if the machine had no memory; 0 switches it off.
 * Counts every arena of the calling thread. */
void arena_fail_at(uint64_t n);

#endif
