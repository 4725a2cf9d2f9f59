#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* The window grows until the message under way is whole in it, and to no more than holds the largest. */
enum { INPUT_FIRST = 1 << 20, INPUT_MOST = LIMIT_MESSAGE_BYTES + (1 << 16) };

enum err input_open(const struct args *a, struct input *ret, struct cause *why)
{
	*ret = (struct input){.args = a,
			      .fd = -1,
			      .window = malloc(INPUT_FIRST),
			      .room = INPUT_FIRST,
			      .cutter = malloc(sizeof(*ret->cutter))};
	if (!ret->window || !ret->cutter || msg_cutter_open(ret->cutter)) {
		free(ret->cutter);
		ret->cutter = NULL;
		input_close(ret);
		return fail(why, ERR_NOMEM, "no memory to read files");
	}
	for (int i = 0; i < a->operands; i++) {
		struct stat st;

		if (!strcmp(a->operand[i], "-") || stat(a->operand[i], &st) ||
		    !S_ISREG(st.st_mode)) {
			ret->size = 0;
			break;
		}
		ret->size += st.st_size;
	}
	return ERR_NONE;
}

static void close_file(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	in->open = false;
}

void input_close(struct input *in)
{
	close_file(in);
	if (in->cutter)
		msg_cutter_close(in->cutter);
	free(in->cutter);
	in->cutter = NULL;
	free(in->window);
	in->window = NULL;
}

static void refuse(struct input *in)
{
	say(in->args, "%s: %s", in->name, strerror(errno));
	in->unreadable = true;
	in->end = true;
}

static bool open_next(struct input *in)
{
	if (in->next >= in->args->operands)
		return false;
	in->name = in->args->operand[in->next++];
	in->fd = strcmp(in->name, "-") ? open(in->name, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	in->open = true;
	in->end = false;
	in->rest = (struct span){in->window, 0, 1};
	msg_cutter_reset(in->cutter);
	if (in->fd < 0)
		refuse(in);
	return true;
}

/* Reads on behind what is left of the window; makes it larger when that fills it. */
static void fill(struct input *in)
{
	memmove(in->window, in->rest.p, in->rest.n);
	if (in->rest.n == in->room && in->room < INPUT_MOST) {
		uint32_t room = in->room > INPUT_MOST / 2 ? INPUT_MOST : 2 * in->room;
		char *window = realloc(in->window, room);

		if (!window) {
			errno = ENOMEM;
			refuse(in);
			return;
		}
		in->window = window;
		in->room = room;
	}
	in->rest.p = in->window;
	while (!in->end && in->rest.n < in->room) {
		ssize_t n = read(in->fd, in->window + in->rest.n, in->room - in->rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			refuse(in);
		else if (n == 0)
			in->end = true;
		else
			in->rest.n += (uint32_t)n;
		in->read += n > 0 ? n : 0;
	}
}

/* What is longer than a message may be: its beginning, and nothing more of its file. */
static void give_too_long(struct input *in, struct span *ret_message)
{
	*ret_message = in->rest;
	if (ret_message->n > LIMIT_MESSAGE_BYTES)
		ret_message->n = LIMIT_MESSAGE_BYTES + 1;
	close_file(in);
}

bool input_next(struct input *in, struct span *ret_message, const char **ret_name)
{
	for (;;) {
		if (!in->open && !open_next(in))
			return false;
		*ret_name = in->name;
		switch (msg_cut(in->cutter, &in->rest, in->end, ret_message)) {
		case MSG_CUT_ONE:
			if (ret_message->n > LIMIT_MESSAGE_BYTES)
				ret_message->n = LIMIT_MESSAGE_BYTES + 1;
			return true;
		case MSG_CUT_END:
			close_file(in);
			break;
		case MSG_CUT_MORE:
			if (in->rest.n >= INPUT_MOST) {
				give_too_long(in, ret_message);
				return true;
			}
			fill(in);
			break;
		}
	}
}
