/* Declarations from files, one after the other, whatever the size of the files: a window moves over each. */
#ifndef CUSTOMHOUSE_CLI_INPUT_H
#define CUSTOMHOUSE_CLI_INPUT_H

#include "cli/cli.h"
#include "msg/cut.h"

struct input {
	const struct args *args; /* the operands are the files; "-" is standard input */
	int next;                /* operand */
	int fd;
	const char *name; /* of the open file, for messages */
	char *window;     /* as large as the largest message so far asked for */
	uint32_t room;
	struct span rest; /* of the window, not yet given out */
	struct msg_cutter *cutter;
	bool open, end;     /* a file is open; all of it is in the window */
	bool unreadable;    /* a file could not be read: said */
	int64_t read, size; /* bytes of all files so far; of all together, 0 when unknown */
};

/* ERR_NOMEM. */
enum err input_open(const struct args *a, struct input *ret, struct cause *why) MUST_CHECK;
void input_close(struct input *in);
/* The next message and the name of its file; line: where it begins. The bytes live until the next call. A message longer than
 * LIMIT_MESSAGE_BYTES comes cut, one byte longer than the limit, for the reader to refuse; the rest of its file is skipped.
 * Files that cannot be read are said and noted in ->unreadable. false at the end of the last file. */
bool input_next(struct input *in, struct span *ret_message, const char **ret_name);

#endif
