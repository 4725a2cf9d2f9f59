#include "hub/settle/inflight.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* Before a message in the file. */
struct header {
	char magic[8];
	uint64_t bytes;
};
static const char magic[8] = "CHCRASH";

struct inflight {
	int fd;
};

/* What the handler may look at: set before work begins, so that it needs no lock. The file is of the last hub that was opened. */
static _Thread_local struct span mine;
static atomic_int file = -1;
static atomic_flag reported = ATOMIC_FLAG_INIT;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* Async-signal-safe: two writes and a raise. SA_RESETHAND has restored the default action, so the process ends as it would have.
 * On a full disk the write fails, and the message is not known again. */
static void on_fatal(int number)
{
	int fd = atomic_load(&file);
	struct header h = {.bytes = mine.n};

	for (size_t i = 0; i < sizeof(magic); i++)
		h.magic[i] = magic[i];
	if (mine.p && fd >= 0 && !atomic_flag_test_and_set(&reported) &&
	    write(fd, &h, sizeof(h)) == (ssize_t)sizeof(h) && write(fd, mine.p, mine.n) < 0)
		atomic_store(&file, -1);
	raise(number);
}

static void install(void)
{
	struct sigaction act = {.sa_handler = on_fatal,
				.sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};

	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &act, NULL);
}

typedef enum err found_fn(void *context, struct span message, struct cause *why);

/* The message that stopped the process before; a file that holds less than a whole one tells nothing. */
static enum err report(int fd, found_fn *found, void *context, struct cause *why)
{
	struct header h;
	enum err e = ERR_NONE;
	char *message;

	if (read(fd, &h, sizeof(h)) != (ssize_t)sizeof(h) ||
	    memcmp(h.magic, magic, sizeof(magic)) || h.bytes > LIMIT_MESSAGE_BYTES)
		return ERR_NONE;
	message = malloc(h.bytes + 1);
	if (!message)
		return fail(why, ERR_NOMEM, "no memory to read what stopped the program before");
	if (read(fd, message, h.bytes) == (ssize_t)h.bytes)
		e = found(context, (struct span){message, (uint32_t)h.bytes, 1}, why);
	free(message);
	return e;
}

enum err inflight_open(const char *directory, found_fn *found, void *context, struct inflight **ret,
		       struct cause *why)
{
	struct inflight *f;
	char path[4096];
	enum err e;
	int fd;

	if (snprintf(path, sizeof(path), "%s/inflight", directory) >= (int)sizeof(path))
		return fail(why, ERR_LIMIT, "%s: the path is too long", directory);
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	e = report(fd, found, context, why);
	if (!e && ftruncate(fd, 0))
		e = fail(why, ERR_IO, "%s: %s", path, strerror(errno));
	f = e ? NULL : malloc(sizeof(*f));
	if (!f) {
		close(fd);
		return e ? e : fail(why, ERR_NOMEM, "no memory");
	}
	f->fd = fd;
	atomic_store(&file, fd);
	install();
	*ret = f;
	return ERR_NONE;
}

void inflight_close(struct inflight *f)
{
	int mine_still;

	if (!f)
		return;
	mine_still = f->fd;
	atomic_compare_exchange_strong(&file, &mine_still, -1);
	close(f->fd);
	free(f);
}

void inflight_enter(struct inflight *f, struct span message)
{
	if (f)
		mine = message;
}

void inflight_leave(struct inflight *f)
{
	(void)f;
	mine = (struct span){0};
}
