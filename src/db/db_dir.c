#include "db/db_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The entry of a new directory is on disk only once its parent is. */
static enum err sync_parent(const char *dir, struct cause *why)
{
	char parent[DB_PATH_BYTES];
	const char *slash;
	size_t n = strlen(dir);
	int fd, code;

	while (n > 1 && dir[n - 1] == '/')
		n--;
	slash = memrchr(dir, '/', n);
	if (!slash)
		snprintf(parent, sizeof(parent), ".");
	else
		snprintf(parent, sizeof(parent), "%.*s", slash == dir ? 1 : (int)(slash - dir),
			 dir);
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(why, ERR_IO, "%s: cannot open it to make a directory durable: %s",
			    parent, strerror(errno));
	code = fsync(fd);
	close(fd);
	/* Some file systems cannot sync a directory and say so: there is nothing to wait for. */
	if (code && errno != EINVAL)
		return fail(why, ERR_IO, "%s: fsync: %s", parent, strerror(errno));
	return ERR_NONE;
}

enum err db_dir_make(const char *dir, struct cause *why)
{
	if (mkdir(dir, 0700) == 0)
		return sync_parent(dir, why);
	if (errno == EEXIST)
		return ERR_NONE;
	return fail(
	    why, ERR_IO,
	    "%s: cannot make this directory: %s. Give this user the right to write beside it", dir,
	    strerror(errno));
}

enum err db_dir_path(const char *dir, const char *name, char ret[DB_PATH_BYTES], struct cause *why)
{
	if (snprintf(ret, DB_PATH_BYTES, "%s/%s", dir, name) >= DB_PATH_BYTES)
		return fail(why, ERR_USAGE, "the name of the directory is longer than %d bytes",
			    DB_PATH_BYTES);
	return ERR_NONE;
}
