/* A piece of text that somebody else owns: an arena, a mapped file, a constant. Not NUL-terminated unless said.
 *
 * line is where it stood in the message or file (1 is the first line; 0 is unknown): every value keeps its place, so that any
 * later finding can name it. */
#ifndef CUSTOMHOUSE_BASE_SPAN_H
#define CUSTOMHOUSE_BASE_SPAN_H

#include <string.h>

#include "base/base.h"

struct span {
	const char *p;
	uint32_t n;
	uint32_t line;
};

#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1, 0})
/* For printf("%.*s", SPAN_ARG(s)). */
#define SPAN_ARG(s)   (int)(s).n, (s).p ? (s).p : ""

static inline struct span span_of(const char *text)
{
	return (struct span){text, text ? (uint32_t)strlen(text) : 0, 0};
}

static inline bool span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool span_is(struct span s, const char *text)
{
	return span_equal(s, span_of(text));
}

static inline bool span_starts(struct span s, struct span prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* Bytewise order, shorter first: the same on every machine and in every locale. */
int span_compare(struct span a, struct span b);
/* The same for qsort(): of struct span. */
int span_order(const void *a, const void *b);
/* Without blanks, tabs and line ends at both ends. */
struct span span_trim(struct span s);
/* Cuts s at the first separator: returns what stands before it and leaves the rest in *s; the rest of a text without
 * the separator is empty with p == NULL. */
struct span span_cut(struct span *s, char separator);
bool span_valid_utf8(struct span s);
/* How many bytes at the start of s are well-formed UTF-8: s.n when all are. Where a fault stands. */
uint32_t span_utf8_prefix(struct span s);
/* Writes the character c (at most U+10FFFF) as one to four bytes of UTF-8, and returns the place behind them. */
char *utf8_put(char *to, uint32_t c);

#endif
