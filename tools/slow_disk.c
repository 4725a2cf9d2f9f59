/* slow_disk: loaded before a database (LD_PRELOAD), it makes each flush to disk slow, as script/cluster slow NODE TIME says.
 *
 * The file that the environment names in SLOW_DISK holds how slow: "250" for 250 milliseconds more, "100x" for 100 times what
 * the flush took; without the file, or with 0, nothing changes. It is read at each flush, so that a running database becomes
 * slow and quick again. Flushes are what a commit waits for; reads come from memory in a database as small as a test's. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WORD = 32, SLOWEST = 100000 };

struct slowness {
	bool times;
	long value;
};

static struct slowness read_slowness(void)
{
	const char *path = getenv("SLOW_DISK");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct slowness s = {0};
	char text[WORD], *end;
	ssize_t n;

	if (fd < 0)
		return s;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return s;
	text[n] = 0;
	s.value = strtol(text, &end, 10);
	s.times = *end == 'x';
	if (s.value < 0 || s.value > SLOWEST)
		s.value = 0;
	return s;
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int slowly(const char *name, int fd)
{
	int (*flush)(int) = (int (*)(int))(intptr_t)dlsym(RTLD_NEXT, name);
	int64_t began = now(), more, took;
	int result = flush(fd), why = errno;
	struct slowness s = read_slowness();

	took = now() - began;
	more = s.times ? took * (s.value > 0 ? s.value - 1 : 0) : s.value * 1000000;
	if (more > 0) {
		struct timespec rest = {more / 1000000000, more % 1000000000};

		while (nanosleep(&rest, &rest) && errno == EINTR)
			;
	}
	errno = why;
	return result;
}

int fsync(int fd)
{
	return slowly("fsync", fd);
}

int fdatasync(int fd)
{
	return slowly("fdatasync", fd);
}
