#include "hub/inflight.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"

enum { SLOTS = 16 };

struct slot {
	atomic_uint taken;        /* by a live thread */
	_Atomic uint32_t crashed; /* set by the handler, read by the next process */
	uint32_t bytes;
	uint32_t padding;
	char message[LIMIT_MESSAGE_BYTES];
};

struct inflight {
	struct slot *slot;
};

static _Thread_local struct slot *mine;

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* Async-signal-safe: two stores and a raise. SA_RESETHAND has restored the default action, so the process ends as it
 * would have. */
static void on_fatal(int number)
{
	if (mine)
		atomic_store(&mine->crashed, 1);
	raise(number);
}

static void install(void)
{
	struct sigaction act = {.sa_handler = on_fatal,
				.sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};

	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigaction(fatal[i], &act, NULL);
}

static enum err report(struct slot *slot,
		       enum err (*found)(void *context, struct span message, struct cause *why),
		       void *context, struct cause *why)
{
	for (int i = 0; i < SLOTS; i++) {
		enum err e;

		if (atomic_load(&slot[i].crashed) && slot[i].bytes <= LIMIT_MESSAGE_BYTES) {
			e = found(context, (struct span){slot[i].message, slot[i].bytes, 1}, why);
			if (e)
				return e;
		}
		atomic_store(&slot[i].crashed, 0);
		atomic_store(&slot[i].taken, 0);
	}
	return ERR_NONE;
}

enum err inflight_open(const char *directory,
		       enum err (*found)(void *context, struct span message, struct cause *why),
		       void *context, struct inflight **ret, struct cause *why)
{
	const size_t size = sizeof(struct slot) * SLOTS;
	struct inflight *f;
	char path[4096];
	void *map;
	enum err e;
	int fd;

	if (snprintf(path, sizeof(path), "%s/inflight", directory) >= (int)sizeof(path))
		return fail(why, ERR_LIMIT, "%s: the path is too long", directory);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, (off_t)size)) {
		e = fail(why, ERR_IO, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return e;
	}
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return fail(why, ERR_NOMEM, "%s: cannot be mapped", path);
	e = report(map, found, context, why);
	f = e ? NULL : malloc(sizeof(*f));
	if (!f) {
		munmap(map, size);
		return e ? e : fail(why, ERR_NOMEM, "no memory");
	}
	f->slot = map;
	install();
	*ret = f;
	return ERR_NONE;
}

void inflight_close(struct inflight *f)
{
	if (!f)
		return;
	munmap(f->slot, sizeof(struct slot) * SLOTS);
	free(f);
}

void inflight_enter(struct inflight *f, struct span message)
{
	for (int i = 0; f && i < SLOTS; i++) {
		unsigned nobody = 0;

		if (message.n > LIMIT_MESSAGE_BYTES ||
		    !atomic_compare_exchange_strong(&f->slot[i].taken, &nobody, 1))
			continue;
		f->slot[i].bytes = message.n;
		memcpy(f->slot[i].message, message.p, message.n);
		mine = &f->slot[i];
		return;
	}
}

void inflight_leave(struct inflight *f)
{
	if (f && mine)
		atomic_store(&mine->taken, 0);
	mine = NULL;
}
