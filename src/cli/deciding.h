/* Deciding the declarations of the command line without a store: what clear and check share. */
#ifndef CUSTOMHOUSE_CLI_DECIDING_H
#define CUSTOMHOUSE_CLI_DECIDING_H

#include "cli/outcome.h"

/* Appends what the verb shows of one outcome; returns its exit status. Inside arena_run(). */
typedef int deciding_show(struct text *to, const struct args *a, const struct outcome *o,
			  struct place place);

/* The same for a message that carries something else than a declaration, or an answer. NULL: it is refused as no declaration. */
typedef int deciding_other(struct text *to, const struct args *a, const struct msg_format *format,
			   struct span message, struct place place);

/* Opens the pack of --pack, decides every declaration of the operands as of --on, and puts out what show() makes of it. Returns
 * the highest exit status. */
int deciding_run(const struct args *a, deciding_show *show, deciding_other *other);

#endif
