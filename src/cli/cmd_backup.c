/* backup and restore. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "hub/hub.h"

enum { PATH_BYTES = 4096 };

/* The new name is on disk only when its folder is. */
static enum err sync_folder(const char *path, struct cause *why)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_BYTES];
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd)) {
		enum err e = fail(why, ERR_IO, "%s: %s", folder, strerror(errno));

		if (fd >= 0)
			close(fd);
		return e;
	}
	close(fd);
	return ERR_NONE;
}

/* A file is either the old one or a whole backup, whatever happens meanwhile. */
static enum err backup_to(const char *where, const char *path, struct cause *why)
{
	char part[PATH_BYTES];
	enum err e;
	int fd;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return fail(why, ERR_USAGE, "%s: the path is too long", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(why, ERR_IO, "%s: %s", part, strerror(errno));
	e = hub_backup(where, fd, why);
	if (!e && fsync(fd))
		e = fail(why, ERR_IO, "%s: %s", part, strerror(errno));
	close(fd);
	if (!e && rename(part, path))
		e = fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	if (e) {
		unlink(part);
		return e;
	}
	return sync_folder(path, why);
}

/* All that a backup is about: keys and roots are kept apart from it. */
static const char *store_of(const struct args *a)
{
	return args_value(a, OPTION_DATABASE, args_value(a, OPTION_DATA, "customhouse-data"));
}

int cmd_backup(const struct args *a)
{
	const char *where = store_of(a);
	struct cause why = {0};
	enum err e;

	if (!args_count(a, 0, 0))
		return EXIT_UNREADABLE;
	if (args_has(a, OPTION_TO))
		e = backup_to(where, a->value[OPTION_TO], &why);
	else
		e = hub_backup(where, STDOUT_FILENO, &why);
	return e ? say_failed(a, &why) : EXIT_DONE;
}

int cmd_restore(const struct args *a)
{
	const char *where = store_of(a);
	struct cause why = {0};
	int fd = STDIN_FILENO;
	enum err e;

	if (!args_count(a, 0, 1))
		return EXIT_UNREADABLE;
	if (a->operands && strcmp(a->operand[0], "-"))
		fd = open(a->operand[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		say(a, "%s: %s", a->operand[0], strerror(errno));
		return EXIT_UNREADABLE;
	}
	e = hub_restore(where, fd, &why);
	if (fd != STDIN_FILENO)
		close(fd);
	return e ? say_failed(a, &why) : EXIT_DONE;
}
