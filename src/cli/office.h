/* What the verbs of a tariff office and of analysts share (pack_office.c, rules_office.c): one question to the hub, as a rule in
 * somebody's name, about a candidate. */
#ifndef CUSTOMHOUSE_CLI_OFFICE_H
#define CUSTOMHOUSE_CLI_OFFICE_H

#include "cli/talk.h"

/* Is the operand the number of a candidate? false: said that it is not. */
bool office_is_candidate(const struct args *a, const char *operand);
/* NAME=VALUE of an option that is there, behind *before, which is then '&'. Inside arena_run(), as the next. */
void office_put_option(struct text *to, const struct args *a, enum option_key key, const char *name,
		       char *before);
/* What talk_ask() sends: the address, and nothing yet of a body. false: it is too long; that was said. */
bool office_set_path(struct talk *t, const char *method, const struct text *path);

/* The name in which it is asked (--token-file; none: the operator's) and memory for it. false: said why; t->status has the exit
 * status. office_close() follows where it was true. */
bool office_open(struct talk *t, char token[TALK_TOKEN_BYTES]);
/* Reaches the hub and calls ask inside arena_run(). The exit status. */
int office_run(struct talk *t, void (*ask)(void *context), void *context);
/* status, unless not everything could be put out. */
int office_close(struct talk *t, int status);

#endif
