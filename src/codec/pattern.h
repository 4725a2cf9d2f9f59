/* Regular expressions of XML Schema (part 2, appendix F), as far as trade schemas use them: characters, classes with ranges and
 * negation, ., \d, \n, \r, \P{Z}, \p{IsBasicLatin}, groups, alternatives, and the quantifiers ? * + {n} {n,m}. They match whole
 * texts.
 *
 * Why not libxml2's: its compiler of expressions crashes where memory ends. This needs no memory at all. */
#ifndef CUSTOMHOUSE_CODEC_PATTERN_H
#define CUSTOMHOUSE_CODEC_PATTERN_H

#include "base/span.h"

/* The pattern is ours, never a stranger's: what it may not hold is a bug. Text is UTF-8. Backtracking and the stack are bounded:
 * a text that takes more than PATTERN_STEPS, or more than PATTERN_DEPTH turns of groups within and behind one another, does not
 * match. */
enum { PATTERN_STEPS = 1000000, PATTERN_DEPTH = 500 };
bool pattern_matches(const char *pattern, struct span text);

#endif
