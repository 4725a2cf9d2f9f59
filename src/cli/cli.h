/* The command line: one file a verb (cmds.def), and what verbs share. */
#ifndef CUSTOMHOUSE_CLI_CLI_H
#define CUSTOMHOUSE_CLI_CLI_H

#include "base/arena.h"
#include "base/text.h"
#include "ref/ref.h"

/* What every verb exits with; the highest that applies. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_NO = 1,         /* done, and the answer is no: rejected, faults, differences */
	EXIT_UNREADABLE = 2, /* input cannot be read, or the command line makes no sense */
	EXIT_FAILED =
	    3, /* the store or the machine refused; nothing was done, or what was done is printed */
};

enum option_key {
#define OPTION(key, name, argument, help, verbs) OPTION_##key,
#include "cli/options.def"
#undef OPTION
	OPTION_KEYS
};

struct args;

struct verb {
	const char *name;
	int (*run)(const struct args *a);
	const char *synopsis, *line, *text;
};

struct option {
	const char *name, *argument, *help, *verbs;
};

extern const struct verb cli_verbs[]; /* sorted, ends with a zeroed one */
extern const struct option cli_options[OPTION_KEYS];
const struct verb *cli_verb(const char *name);
/* Does the verb take the option? */
bool cli_takes(const struct verb *v, enum option_key key);

/* ---- args.c: one command line ---- */

struct args {
	const struct verb *verb;
	const char *value[OPTION_KEYS]; /* NULL: not given; "" for a switch that was */
	char **operand;                 /* what is no option, in order */
	int operands;
};

/* Reads what stands behind the verb: --name VALUE, --name=VALUE, --switch, --; `-` is an operand. Moves operands to the front
 * of argv. ERR_USAGE with a text that says what to do. */
enum err args_read(const struct verb *verb, int argc, char **argv, struct args *ret,
		   struct cause *why) MUST_CHECK;
const char *args_value(const struct args *a, enum option_key key, const char *otherwise);
bool args_has(const struct args *a, enum option_key key);
/* A whole number from 0. Leaves *ret alone when the option is not given. ERR_USAGE. */
enum err args_number(const struct args *a, enum option_key key, uint64_t *ret,
		     struct cause *why) MUST_CHECK;
/* A day, likewise. */
enum err args_day(const struct args *a, enum option_key key, int32_t *ret,
		  struct cause *why) MUST_CHECK;
/* Prints why this command line makes no sense; returns EXIT_UNREADABLE. */
int args_refuse(const struct args *a, const struct cause *why);
/* Refuses unless there are from `least` to `most` operands. True: it is fine. */
bool args_count(const struct args *a, int least, int most);

/* ---- output.c: what verbs say ---- */

/* "customhouse VERB: text" on standard error. */
void say(const struct args *a, const char *format, ...) PRINTF(2, 3);
/* Says why an operation failed; the exit status that fits the error. */
int say_failed(const struct args *a, const struct cause *why);
/* Writes to standard output; false when that fails (once said). */
bool put(const struct args *a, const char *p, size_t n);
/* Puts everything out, and says when that fails. Returns status, or EXIT_FAILED. */
int put_all(const struct args *a, int status);
/* Standard output is a terminal and --json was not given: show text for people. */
bool for_people(const struct args *a);
/* Prints the faults of a pack, FILE:LINE:COLUMN: rule: text, in front of each the folder. */
void put_pack_faults(const struct args *a, const char *folder, const struct pack_faults *f);

/* A bar on standard error while that is a terminal; else nothing. total 0: unknown. */
struct progress {
	const char *what;
	int64_t shown_at; /* microseconds of the steady clock */
	bool shown;
};
void progress_show(struct progress *p, int64_t done, int64_t total);
void progress_clear(struct progress *p);

/* ---- the verbs ---- */

#define CMD(verb, synopsis, line, text) int cmd_##verb(const struct args *a);
#include "cli/cmds.def"
#undef CMD

#endif
