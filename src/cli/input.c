#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "msg/edi_envelope.h"

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

/* The reader and its window: too large for a stack. */
struct looking {
	struct edifact reader;
	struct edi_envelope envelope;
	char window[EDIFACT_WINDOW];
};

/* All of a file's segments, in constant memory. ERR_IO: it cannot be read; else as edifact_next() at the end. */
static enum err read_envelope(struct input *in, struct looking *l)
{
	struct edifact_segment s;
	off_t at = 0;
	enum err e;

	edifact_stream(&l->reader, l->window);
	while ((e = edifact_next(&l->reader, &s)) == ERR_NONE || e == ERR_RETRY) {
		size_t room;
		char *to;
		ssize_t n;

		if (e == ERR_NONE) {
			edi_envelope_take(&l->envelope, &l->reader, &s);
			continue;
		}
		to = edifact_room(&l->reader, &room);
		n = pread(in->fd, to, room, at);
		if (n < 0)
			return ERR_IO;
		at += n;
		edifact_filled(&l->reader, (size_t)n, n == 0);
	}
	if (e == ERR_NOT_FOUND)
		edi_envelope_end(&l->envelope, &l->reader);
	else
		edi_envelope_broken(&l->envelope, &l->reader);
	return ERR_NONE;
}

/* An interchange is looked at as a whole before its first message is given out: one whose envelope lies is none. Only of files:
 * what comes through a pipe cannot be read twice. */
static bool envelope_is_sound(struct input *in)
{
	char begin[64];
	struct stat st;
	ssize_t n =
	    fstat(in->fd, &st) || !S_ISREG(st.st_mode) ? 0 : pread(in->fd, begin, sizeof(begin), 0);
	struct looking *l;
	enum err e;

	if (n <= 0 || !edi_is_interchange((struct span){begin, (uint32_t)n, 0}))
		return true;
	l = calloc(1, sizeof(*l));
	e = l ? read_envelope(in, l) : ERR_NOMEM;
	for (uint32_t i = 0; !e && i < l->envelope.faults && i < EDI_ENVELOPE_FAULTS; i++) {
		const struct edi_envelope_fault *f = &l->envelope.fault[i];

		bool broken = f->code == EDIFACT_UNSPECIFIED && l->reader.fault;

		say(in->args, "%s:%u: the interchange is not sound: %s%ssegment %llu: %s", in->name,
		    f->line, f->tag, f->tag[0] ? ", " : "", (unsigned long long)f->segment,
		    broken ? edifact_fault_text(l->reader.fault) : edifact_error_text(f->code));
		e = ERR_FORMAT;
	}
	free(l);
	return !e;
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
	if (in->fd < 0) {
		refuse(in);
	} else if (!envelope_is_sound(in)) {
		in->unreadable = true;
		in->end = true;
		close_file(in);
	}
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
