#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "msg/msg.h"

/* Moving what is left to the front happens once in so many bytes; a message that begins in the window is whole in it when a
 * message's largest size is. */
enum { INPUT_WINDOW = 3 * LIMIT_MESSAGE_BYTES };

enum err input_open(const struct args *a, struct input *ret, struct cause *why)
{
	*ret = (struct input){.args = a, .fd = -1, .window = malloc(INPUT_WINDOW)};
	if (!ret->window)
		return fail(why, ERR_NOMEM, "no memory to read files");
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
	if (in->fd < 0)
		refuse(in);
	return true;
}

/* Fills the window until it holds a largest message, or the file ends. */
static void fill(struct input *in)
{
	char *at;

	if (in->end || in->rest.n > LIMIT_MESSAGE_BYTES)
		return;
	memmove(in->window, in->rest.p, in->rest.n);
	in->rest.p = in->window;
	while (!in->end && in->rest.n < INPUT_WINDOW) {
		at = in->window + in->rest.n;
		ssize_t n = read(in->fd, at, INPUT_WINDOW - in->rest.n);

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

bool input_next(struct input *in, struct span *ret_message, const char **ret_name)
{
	for (;;) {
		if (!in->open && !open_next(in))
			return false;
		fill(in);
		if (!msg_next(&in->rest, ret_message)) {
			if (in->end)
				close_file(in);
			else
				in->rest.n = 0; /* a window of blanks */
			continue;
		}
		*ret_name = in->name;
		if (!in->rest.n && ret_message->n > LIMIT_MESSAGE_BYTES) {
			ret_message->n = LIMIT_MESSAGE_BYTES + 1;
			close_file(in);
		}
		return true;
	}
}
