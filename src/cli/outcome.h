/* What the command line shows of an outcome: one JSON line a declaration. */
#ifndef CUSTOMHOUSE_CLI_OUTCOME_H
#define CUSTOMHOUSE_CLI_OUTCOME_H

#include "cli/cli.h"
#include "hub/hub.h"

/* Where a message stood. */
struct place {
	const char *file;
	uint32_t line;
};

/* Appends the decision record and a line end, or an object with the one member "unreadable", "conflict" or "failed" that has
 * file, line, column (of an unreadable message) and text. Returns the exit status. Inside arena_run(). */
int outcome_write(struct text *to, const struct outcome *o, struct place place,
		  struct span language);
/* The same without a hub's outcome: kind is the one member. */
void outcome_write_trouble(struct text *to, const char *kind, struct place place, uint32_t column,
			   const char *text);
/* Says on standard error what no record says. */
void outcome_say(const struct args *a, const struct outcome *o, struct place place);

#endif
