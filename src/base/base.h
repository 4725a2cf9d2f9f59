/* The words that every room uses: status codes, assertions, the cause of a failure.
 *
 * Three kinds of failure, never mixed (PRINCIPLES.md):
 *   a bug              -> BUG_ON(), always on: prints the place and aborts; the open transaction protects the data
 *   an operating error -> enum err, returned and checked, its detail in a struct cause
 *   a business finding -> data (model/finding.h)
 */
#ifndef CUSTOMHOUSE_BASE_BASE_H
#define CUSTOMHOUSE_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK   __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum err {
	ERR_NONE,
	ERR_RETRY,       /* lost a race; the same call may succeed */
	ERR_BUSY,        /* somebody else owns it, or the queue is full: come back later */
	ERR_LIMIT,       /* a bound of base/limits.h was reached */
	ERR_NOMEM,       /* the machine gave no memory */
	ERR_IO,          /* a file or socket refused */
	ERR_DB,          /* the database refused */
	ERR_DENIED,      /* not allowed */
	ERR_CONFLICT,    /* contradicts what is stored */
	ERR_FORMAT,      /* the bytes are not what they should be */
	ERR_NOT_FOUND,   /* there is no such thing */
	ERR_USAGE,       /* the caller asked for nonsense */
	ERR_UNSUPPORTED, /* understood, and not offered */
	ERR_UNCERTAIN,   /* perhaps stored: look it up before anything is decided again */
	ERR_ELSEWHERE,   /* another node settles it; the text begins with its address and a blank */
};

/* A constant English name, such as "not-found"; never NULL. */
const char *err_name(enum err e);

/* Where an operating error leaves its detail for whoever logs it, once, at the edge. Callers zero it; the first text wins. */
struct cause {
	enum err err;
	char text[480];
};

/* Records e with a formatted text and returns e, so that a failing line reads `return fail(why, ERR_IO, "...")`.
 * why may be NULL (the detail is not wanted). */
enum err fail(struct cause *why, enum err e, const char *format, ...) PRINTF(3, 4);

/* A broken invariant is a bug, not an error: say where, and stop before anything is written. */
_Noreturn void bug(const char *file, int line, const char *what);
#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (__builtin_expect(!!(condition), 0))                                            \
			bug(__FILE__, __LINE__, #condition);                                       \
	} while (0)

#endif
