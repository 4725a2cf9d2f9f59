#include "db/db_owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "db/db_dir.h"

enum { NOTE_BYTES = DB_SOCKET_BYTES + 64, LOCK_TRIES = 5 };

/* The note is two lines, the process id and the socket. An unfinished one reads as pid 0. */
static void read_note(int fd, struct db_owner_note *ret)
{
	char text[NOTE_BYTES];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	char *line, *end;

	*ret = (struct db_owner_note){0};
	text[n > 0 ? n : 0] = 0;
	line = strchr(text, '\n');
	end = line ? strchr(line + 1, '\n') : NULL;
	if (!end)
		return;
	*end = 0;
	ret->pid = strtoll(text, NULL, 10);
	snprintf(ret->socket, sizeof(ret->socket), "%s", line + 1);
}

static enum err write_note(int fd, const char *path, const char *socket, struct cause *why)
{
	char text[NOTE_BYTES];
	int n =
	    snprintf(text, sizeof(text), "%lld\n%s\n", (long long)getpid(), socket ? socket : "");

	if (n < 0 || n >= (int)sizeof(text) ||
	    (socket && (strlen(socket) >= DB_SOCKET_BYTES || strchr(socket, '\n'))))
		return fail(why, ERR_USAGE,
			    "the socket's path must be shorter than %d bytes, on one line",
			    DB_SOCKET_BYTES);
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
		return fail(
		    why, ERR_IO,
		    "%s: cannot write: %s. Free space, or give this user the right to write there",
		    path, strerror(errno));
	return ERR_NONE;
}

static enum err refuse(int fd, const char *dir, struct cause *why)
{
	struct db_owner_note note;

	read_note(fd, &note);
	return fail(why, ERR_BUSY,
		    "%s is owned by process %lld%s%s. Stop it, or send the request to it", dir,
		    (long long)note.pid, note.socket[0] ? ", which listens on " : "", note.socket);
}

/* db_owner_read() of another process may hold its shared lock for a moment: that is no owner. */
static int lock_alone(int fd)
{
	const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
	int code = flock(fd, LOCK_EX | LOCK_NB);

	for (int tries = 0; code && errno == EWOULDBLOCK && tries < LOCK_TRIES; tries++) {
		nanosleep(&moment, NULL);
		code = flock(fd, LOCK_EX | LOCK_NB);
	}
	return code;
}

enum err db_owner_take(const char *dir, const char *socket, struct db_owner *ret, struct cause *why)
{
	char path[DB_PATH_BYTES];
	enum err err = db_dir_path(dir, "owner.lock", path, why);
	int fd;

	if (!err)
		err = db_dir_make(dir, why);
	if (err)
		return err;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(why, ERR_IO,
			    "%s: cannot open: %s. Give this user the right to write there", path,
			    strerror(errno));
	if (lock_alone(fd))
		err = errno == EWOULDBLOCK
			  ? refuse(fd, dir, why)
			  : fail(why, ERR_IO, "%s: cannot lock: %s", path, strerror(errno));
	else
		err = write_note(fd, path, socket, why);
	if (err) {
		close(fd);
		return err;
	}
	*ret = (struct db_owner){fd};
	return ERR_NONE;
}

void db_owner_release(struct db_owner *owner)
{
	/* The file stays: removing it would let two processes lock two files of one name. */
	close(owner->fd);
	owner->fd = -1;
}

enum err db_owner_read(const char *dir, struct db_owner_note *ret, struct cause *why)
{
	char path[DB_PATH_BYTES];
	enum err err = db_dir_path(dir, "owner.lock", path, why);
	int fd;

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT
			   ? ERR_NOT_FOUND
			   : fail(why, ERR_IO, "%s: cannot open: %s", path, strerror(errno));
	/* A shared lock is got only while nobody holds the exclusive one, and is gone with the descriptor. */
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		err = ERR_NOT_FOUND;
	else if (errno != EWOULDBLOCK)
		err = fail(why, ERR_IO, "%s: cannot lock: %s", path, strerror(errno));
	else
		read_note(fd, ret);
	close(fd);
	return err;
}
