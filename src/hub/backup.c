/* Backup and restore: the whole store as JSON lines, from one snapshot, while the hub runs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "hub/hub.h"
#include "store/store.h"

static enum err put_line(void *context, struct span line, struct cause *why)
{
	FILE *out = context;

	if (fwrite(line.p, 1, line.n, out) != line.n)
		return fail(why, ERR_IO, "the backup cannot be written: %s", strerror(errno));
	return ERR_NONE;
}

enum err hub_backup(const char *where, int fd, struct cause *why)
{
	struct store *s = NULL;
	FILE *out = fdopen(dup(fd), "w");
	enum err e = out ? store_open(where, &(struct store_options){.mode = STORE_READ}, &s, why)
			 : fail(why, ERR_IO, "%s", strerror(errno));

	if (e) {
		if (out)
			fclose(out);
		return e;
	}
	e = store_dump(s, put_line, out, why);
	store_close(s);
	if (fclose(out) && !e)
		e = fail(why, ERR_IO, "the backup cannot be written: %s", strerror(errno));
	return e;
}

struct source {
	FILE *in;
	char *line;
	size_t room;
};

static enum err get_line(void *context, struct span *ret_line, struct cause *why)
{
	struct source *s = context;
	ssize_t n = getline(&s->line, &s->room, s->in);

	if (n > UINT32_MAX)
		return fail(why, ERR_LIMIT, "a line of the backup is too long");
	if (n < 0)
		return ferror(s->in)
			   ? fail(why, ERR_IO, "the backup cannot be read: %s", strerror(errno))
			   : ERR_NOT_FOUND;
	*ret_line = (struct span){s->line, (uint32_t)n, 0};
	return ERR_NONE;
}

enum err hub_restore(const char *where, int fd, struct cause *why)
{
	struct source source = {.in = fdopen(dup(fd), "r")};
	struct store *s = NULL;
	enum err e =
	    source.in
		? store_open(where, &(struct store_options){.mode = STORE_OWN, .now = clock_now()},
			     &s, why)
		: fail(why, ERR_IO, "%s", strerror(errno));

	if (!e) {
		e = store_load(s, get_line, &source, why);
		store_close(s);
	}
	if (source.in)
		fclose(source.in);
	free(source.line);
	return e;
}
